"""What a trend chart says, apart from how it is drawn.

What a reader switched off is simply not given.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from measures.charts import wording
from measures.charts.axis import axis_for
from measures.charts.parts import BREAK, NOTE, Break, Chart, Limits, Line, Mark, Point, Step, drawn_limits

__all__ = ["Break", "Chart", "Limits", "Line", "Mark", "Point", "Step", "build", "merged", "runs"]

# The longest history drawn, and the longest step in days between two neighbours, by frequency.
LONGEST = {"quarter": 13, "month": 36}
NEIGHBOURS = {"quarter": 93, "month": 32}


def build(
    *,
    title: str,
    subject: str,
    unit: str,
    frequency: str,
    points: Iterable[Point],
    steps: Iterable[Step] = (),
    benchmarks: Iterable[Line] = (),
    breaks: Iterable[Break] = (),
    limits: Iterable[Limits] = (),
    marks: Iterable[Mark] = (),
    polarity: str = "",
    caption: str = "",
) -> Chart:
    """The chart of the last 13 quarters or 36 months; `subject` opens the summary ("B8").

    What lies outside the dates shown is left out. Marks are numbered in order of time, a break
    among them. `polarity` ("higher", "lower") says which side of a target meets it; without
    one, the tolerance tells. ValueError without a point, and for a frequency other than
    "quarter" and "month".
    """
    shown = _shown(points, frequency)
    first, last = shown[0].at, shown[-1].at
    inside = [mark for mark in marks if _is_inside(mark, first, last, frequency)]
    kept_breaks = _breaks(breaks, inside, first, last)
    chart = Chart(
        title=title,
        unit=unit,
        frequency=frequency,
        points=shown,
        steps=merged(step for step in steps if step.start <= last and step.end >= first),
        benchmarks=tuple(line for line in benchmarks if line.start <= last and line.end >= first),
        breaks=kept_breaks,
        axis=axis_for((), unit),
        limits=tuple(part for part in limits if part.start <= last and part.end >= first),
        marks=_numbered(inside, kept_breaks),
        polarity=polarity,
        since=first,
        until=last,
        caption=caption,
    )
    chart = replace(chart, axis=axis_for(seen_values(chart), unit))
    return replace(chart, summary=wording.summary(subject, chart))


def _shown(points: Iterable[Point], frequency: str) -> tuple[Point, ...]:
    if frequency not in LONGEST:
        raise ValueError(f"A chart shows quarters or months, not {frequency!r}")
    shown = tuple(points)[-LONGEST[frequency] :]
    if not shown:
        raise ValueError("A chart needs at least one point")
    return shown


def _is_inside(mark: Mark, first: date, last: date, frequency: str) -> bool:
    """A note may fall within the first period; nothing can begin before the first point and part it from another."""
    if mark.kind == NOTE:
        return first - timedelta(days=NEIGHBOURS[frequency]) < mark.at <= last
    return first < mark.at <= last


def _breaks(breaks: Iterable[Break], marks: Iterable[Mark], first: date, last: date) -> tuple[Break, ...]:
    """Of the definitions and of the marks; a mark's words stand for both where they share a day."""
    by_day = {one.at: one for one in breaks if first < one.at <= last}
    by_day |= {mark.at: Break(mark.at, mark.text) for mark in marks if mark.kind == BREAK}
    return tuple(by_day[day] for day in sorted(by_day))


def _numbered(marks: Iterable[Mark], breaks: Iterable[Break]) -> tuple[Mark, ...]:
    found = [mark for mark in marks if mark.kind != BREAK]
    found += [Mark(one.at, BREAK, one.text) for one in breaks]
    ordered = sorted(found, key=lambda mark: mark.at)
    return tuple(replace(mark, number=number) for number, mark in enumerate(ordered, 1))


def seen_values(chart: Chart) -> list[Decimal | None]:
    """Every value that the axis has to show."""
    values: list[Decimal | None] = []
    for point in chart.points:
        values += (point.value, point.low, point.high)
    for step in chart.steps:
        values += (step.target, step.tolerance)
    for part in drawn_limits(chart):
        values += (part.lower, part.upper)
    return values + [line.value for line in chart.benchmarks]


def merged(steps: Iterable[Step]) -> tuple[Step, ...]:
    """Neighbouring steps that say the same become one, so that it is labelled once."""
    result: list[Step] = []
    for step in steps:
        if result and _says(result[-1]) == _says(step) and _touch(result[-1], step):
            step = Step(result.pop().start, step.end, *_says(step))
        result.append(step)
    return tuple(result)


def _says(step: Step) -> tuple[Decimal | None, Decimal | None, str, str]:
    return step.target, step.tolerance, step.target_text, step.tolerance_text


def _touch(before: Step, after: Step) -> bool:
    return (after.start - before.end).days <= 1


def runs(points: Sequence[Point], breaks: Sequence[Break], frequency: str) -> list[tuple[bool, list[Point]]]:
    """Stretches of line as (lighter, points): lighter where either end is illustrative.

    A missing value, a period left out and a new definition each interrupt the line.
    """
    result: list[tuple[bool, list[Point]]] = []
    for before, after in zip(points, points[1:], strict=False):
        if not _joined(before, after, breaks, frequency):
            continue
        lighter = before.illustrative or after.illustrative
        if result and result[-1][0] == lighter and result[-1][1][-1] is before:
            result[-1][1].append(after)
        else:
            result.append((lighter, [before, after]))
    return result


def _joined(before: Point, after: Point, breaks: Sequence[Break], frequency: str) -> bool:
    if before.value is None or after.value is None:
        return False
    if (after.at - before.at).days > NEIGHBOURS[frequency]:
        return False
    return not any(before.at < b.at <= after.at for b in breaks)
