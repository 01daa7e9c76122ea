"""The small trend on a tile. It has no axis, so it shows shape only and is hidden from screen readers.

A scorecard draws hundreds, so the markup is put together as text in one pass; only numbers go
into it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from measures.charts.axis import PERCENT
from measures.charts.description import LONGEST, NEIGHBOURS, merged
from measures.charts.parts import Break, Step

WIDTH, HEIGHT = 150, 46
EDGE_X, EDGE_Y = 5.0, 6.0
# The least height in points of a percentage, and share of the greatest value otherwise: a
# change within rounding must not look like a collapse.
LEAST_POINTS, LEAST_SHARE = 10.0, 0.1
OPENING = (
    f'<svg xmlns="http://www.w3.org/2000/svg" class="spark" viewBox="0 0 {WIDTH} {HEIGHT}" '
    f'width="{WIDTH}" height="{HEIGHT}" aria-hidden="true">'
)
# Places are counted in tenths of a pixel, each written once and for all.
TENTHS = tuple(f"{tenth / 10:g}" for tenth in range(10 * WIDTH + 1))
# A point that holds a value, its day, and where it stands: "75.4,23".
_Place = tuple["Dot", int, str]


def sparkline(
    points: Iterable[Dot],
    steps: Iterable[Step] = (),
    *,
    unit: str,
    frequency: str = "quarter",
    breaks: Sequence[Break] = (),
) -> str:
    """Markup of the trend; an empty text where no point holds a value."""
    shown = list(points)[-LONGEST[frequency] :]
    values = [float(point.value) for point in shown if point.value is not None]
    if not values:
        return ""
    first, last = shown[0].at, shown[-1].at
    kept = merged(step for step in steps if step.start <= last and step.end >= first)
    scale = _Scale(shown, kept, values, unit)
    parts = [OPENING, *(_step(step, scale) for step in kept if step.target is not None)]
    held = scale.places(shown)
    lines, reached = _lines(held, frequency, breaks)
    return "".join([*parts, *lines, *_dots(held, reached, scale.last), "</svg>"])


class Dot(NamedTuple):
    """What a picture without words needs of a point."""

    at: date
    value: Decimal | None
    illustrative: bool
    provisional: bool


class _Scale:
    """The edges of the picture stand for the first and last day shown, the points for a little less."""

    def __init__(self, points: Sequence[Dot], steps: Sequence[Step], values: list[float], unit: str) -> None:
        self.first, self.last = points[0].at.toordinal(), points[-1].at.toordinal()
        aims = [float(v) for s in steps for v in (s.target, s.tolerance) if v is not None]
        low, high = min(values + aims), max(values + aims)
        least = LEAST_POINTS if unit == PERCENT else LEAST_SHARE * max(abs(high), abs(low), 1.0)
        spare = max(0.0, least - (high - low)) / 2
        self.low = low - spare
        self.per_day = 10 * (WIDTH - 2 * EDGE_X) / (self.last - self.first) if self.last > self.first else 0.0
        self.per_one = 10 * (HEIGHT - 2 * EDGE_Y) / (high - low + 2 * spare)

    def x(self, day: int) -> int:
        if day < self.first:
            return 0
        if day > self.last:
            return 10 * WIDTH
        return round(10 * EDGE_X + (day - self.first) * self.per_day) if self.per_day else round(10 * (WIDTH - EDGE_X))

    def y(self, value: float) -> int:
        return round(10 * (HEIGHT - EDGE_Y) - (value - self.low) * self.per_one)

    def places(self, points: Iterable[Dot]) -> list[_Place]:
        found = []
        for point in points:
            if point.value is not None:
                day = point.at.toordinal()
                found.append((point, day, f"{TENTHS[self.x(day)]},{TENTHS[self.y(float(point.value))]}"))
        return found


def _step(step: Step, scale: _Scale) -> str:
    x1, x2 = scale.x(step.start.toordinal()), scale.x(step.end.toordinal() + 1)
    y, band, left = scale.y(float(step.target or 0)), "", TENTHS[x1]
    if step.tolerance is not None:
        top, foot = sorted((y, scale.y(float(step.tolerance))))
        size = f'width="{TENTHS[x2 - x1]}" height="{TENTHS[foot - top]}"'
        band = f'<rect class="band" x="{left}" y="{TENTHS[top]}" {size}/>'
    return f'{band}<line class="tgt" x1="{left}" x2="{TENTHS[x2]}" y1="{TENTHS[y]}" y2="{TENTHS[y]}"/>'


def _lines(held: Sequence[_Place], frequency: str, breaks: Sequence[Break]) -> tuple[list[str], set[int]]:
    """The line, stretch by stretch, and the days that it reaches; by the rules of `description.runs`."""
    longest, cuts = NEIGHBOURS[frequency], [one.at.toordinal() for one in breaks]
    stretches: list[tuple[bool, list[str]]] = []
    reached: set[int] = set()
    for (before, day1, place1), (after, day2, place2) in zip(held, held[1:], strict=False):
        if day2 - day1 > longest or (cuts and any(day1 < cut <= day2 for cut in cuts)):
            continue
        lighter = before.illustrative or after.illustrative
        if day1 in reached and stretches[-1][0] == lighter:
            stretches[-1][1].append(place2)
        else:
            stretches.append((lighter, [place1, place2]))
        reached.add(day1)
        reached.add(day2)
    lines = [f'<polyline class="ln{" soft" if soft else ""}" points="{" ".join(on)}"/>' for soft, on in stretches]
    return lines, reached


def _dots(held: Sequence[_Place], reached: set[int], last: int) -> list[str]:
    """The latest value, and any value that no line reaches."""
    found = []
    for point, day, place in held:
        latest = day == last
        if latest or day not in reached:
            hollow = point.illustrative or point.provisional
            names = "dot s ill" if point.illustrative and latest else "dot s" if hollow else "dot"
            x, _, y = place.partition(",")
            found.append(f'<circle class="{names}" cx="{x}" cy="{y}" r="{3.2 if latest else 1.6}"/>')
    return found
