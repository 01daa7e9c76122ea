"""The small trend on a tile. It has no axis, so it shows shape only and is hidden from screen readers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from xml.etree import ElementTree as ET

from measures.charts.axis import PERCENT
from measures.charts.description import LONGEST, Break, Point, Step, merged, runs

WIDTH, HEIGHT = 150, 46
EDGE_X, EDGE_Y = 5.0, 6.0
# The least height in points of a percentage, and share of the greatest value otherwise: a
# change within rounding must not look like a collapse.
LEAST_POINTS, LEAST_SHARE = 10.0, 0.1


def sparkline(
    points: Iterable[Point],
    steps: Iterable[Step] = (),
    *,
    unit: str,
    frequency: str = "quarter",
    breaks: Sequence[Break] = (),
) -> str:
    """Markup of the trend; an empty text where no point holds a value."""
    shown = list(points)[-LONGEST[frequency] :]
    if all(point.value is None for point in shown):
        return ""
    kept = merged(s for s in steps if s.start <= shown[-1].at and s.end >= shown[0].at)
    scale = _Scale(shown, kept, unit)
    root = ET.Element(
        "svg",
        {
            "xmlns": "http://www.w3.org/2000/svg",
            "class": "spark",
            "viewBox": f"0 0 {WIDTH} {HEIGHT}",
            "width": str(WIDTH),
            "height": str(HEIGHT),
            "aria-hidden": "true",
        },
    )
    for step in kept:
        _step(root, step, scale)
    for lighter, run in runs(shown, breaks, frequency):
        path = " ".join(f"{scale.x(p.at):g},{scale.y(p.value):g}" for p in run)
        ET.SubElement(root, "polyline", {"class": "ln soft" if lighter else "ln", "points": path})
    _dots(root, shown, breaks, frequency, scale)
    return ET.tostring(root, encoding="unicode")


class _Scale:
    def __init__(self, points: Sequence[Point], steps: Sequence[Step], unit: str) -> None:
        self.first, self.last = points[0].at, points[-1].at
        values = [float(p.value) for p in points if p.value is not None]
        values += [float(v) for s in steps for v in (s.target, s.tolerance) if v is not None]
        low, high = min(values), max(values)
        least = LEAST_POINTS if unit == PERCENT else LEAST_SHARE * max(abs(high), abs(low), 1.0)
        spare = max(0.0, least - (high - low)) / 2
        self.low, self.high = low - spare, high + spare

    def x(self, day: date) -> float:
        """The edges of the picture stand for the first and last day shown; the points for a little less."""
        if day < self.first:
            return 0.0
        if day > self.last:
            return float(WIDTH)
        days = (self.last - self.first).days
        share = (day - self.first).days / days if days else 1.0
        return round(EDGE_X + share * (WIDTH - 2 * EDGE_X), 1)

    def y(self, value: object) -> float:
        share = (float(str(value)) - self.low) / (self.high - self.low)
        return round(HEIGHT - EDGE_Y - share * (HEIGHT - 2 * EDGE_Y), 1)


def _step(root: ET.Element, step: Step, scale: _Scale) -> None:
    if step.target is None:
        return
    x1, x2 = scale.x(step.start), scale.x(step.end + timedelta(days=1))
    y = scale.y(step.target)
    if step.tolerance is not None:
        top, foot = sorted((y, scale.y(step.tolerance)))
        place = {"x": x1, "y": top, "width": x2 - x1, "height": foot - top}
        ET.SubElement(root, "rect", {"class": "band", **{k: f"{v:g}" for k, v in place.items()}})
    place = {"x1": x1, "x2": x2, "y1": y, "y2": y}
    ET.SubElement(root, "line", {"class": "tgt", **{k: f"{v:g}" for k, v in place.items()}})


def _dots(root: ET.Element, points: Sequence[Point], breaks: Sequence[Break], frequency: str, scale: _Scale) -> None:
    """The latest value, and any value that no line reaches."""
    reached = {id(point) for _, run in runs(points, breaks, frequency) for point in run}
    for point in points:
        latest = point is points[-1]
        if point.value is None or (id(point) in reached and not latest):
            continue
        hollow = point.illustrative or point.provisional
        names = "dot s ill" if point.illustrative and latest else "dot s" if hollow else "dot"
        place = {"cx": scale.x(point.at), "cy": scale.y(point.value), "r": 3.2 if latest else 1.6}
        ET.SubElement(root, "circle", {"class": names, **{k: f"{v:g}" for k, v in place.items()}})
