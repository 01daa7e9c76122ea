"""What a trend chart says, apart from how it is drawn.

Dates are the last day of the period that a point stands for. Every text arrives ready to
print, so nothing here knows about quarters, ratings or rounding.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from measures.charts.axis import Axis, axis_for

# The longest history drawn, and the longest step in days between two neighbours, by frequency.
LONGEST = {"quarter": 13, "month": 36}
NEIGHBOURS = {"quarter": 93, "month": 32}


@dataclass(frozen=True)
class Point:
    """One period. `value` is None exactly where `symbol` says why: [x], [c] or [z].

    `label` names the period in full, `short` on the axis; `text` is the value as printed;
    `rating` is its words, shown on hover only.
    """

    at: date
    label: str
    short: str
    value: Decimal | None
    text: str = ""
    numerator: Decimal | int | None = None
    denominator: Decimal | int | None = None
    symbol: str = ""
    illustrative: bool = False
    provisional: bool = False
    rating: str | None = None


@dataclass(frozen=True)
class Step:
    """Target and tolerance in force from `start` to `end`, both days included."""

    start: date
    end: date
    target: Decimal | None
    tolerance: Decimal | None
    target_text: str = ""
    tolerance_text: str = ""


@dataclass(frozen=True)
class Line:
    """A benchmark: a comparator's value over the period that it was measured."""

    label: str
    start: date
    end: date
    value: Decimal
    text: str
    source: str = ""


@dataclass(frozen=True)
class Break:
    """The first day of a new definition."""

    at: date
    text: str


@dataclass(frozen=True)
class Chart:
    """A whole trend, oldest point first; `summary` is its text alternative."""

    title: str
    unit: str
    frequency: str
    points: tuple[Point, ...]
    steps: tuple[Step, ...]
    benchmarks: tuple[Line, ...]
    breaks: tuple[Break, ...]
    axis: Axis
    summary: str


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
) -> Chart:
    """The chart of the last 13 quarters or 36 months; `subject` opens the summary ("B8").

    Steps, benchmarks and breaks outside the dates shown are left out. ValueError without
    a point, and for a frequency other than "quarter" and "month".
    """
    if frequency not in LONGEST:
        raise ValueError(f"A chart shows quarters or months, not {frequency!r}")
    shown = tuple(points)[-LONGEST[frequency] :]
    if not shown:
        raise ValueError("A chart needs at least one point")
    first, last = shown[0].at, shown[-1].at
    kept_steps = merged(step for step in steps if step.start <= last and step.end >= first)
    kept_lines = tuple(line for line in benchmarks if line.start <= last and line.end >= first)
    kept_breaks = tuple(b for b in breaks if first < b.at <= last)
    axis = axis_for(
        [point.value for point in shown]
        + [value for step in kept_steps for value in (step.target, step.tolerance)]
        + [line.value for line in kept_lines],
        unit,
    )
    return Chart(
        title=title,
        unit=unit,
        frequency=frequency,
        points=shown,
        steps=kept_steps,
        benchmarks=kept_lines,
        breaks=kept_breaks,
        axis=axis,
        summary=summary(subject, shown, kept_steps, axis, frequency),
    )


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


def summary(subject: str, points: Sequence[Point], steps: Sequence[Step], axis: Axis, frequency: str) -> str:
    """The chart in words: first and last value held, target, what is missing or not real."""
    sentence = _movement(subject, points)
    limits = [text for text in (steps[-1].target_text, steps[-1].tolerance_text) if text] if steps else []
    parts = [f"{sentence}; {', '.join(limits)}." if limits else f"{sentence}."]
    missing = sum(point.value is None for point in points)
    if missing:
        parts.append(f"{missing} of {len(points)} {frequency}s {_have(missing)} no value.")
    illustrative = sum(point.illustrative for point in points)
    if illustrative:
        parts.append(f"{illustrative} of {len(points)} points {_are(illustrative)} illustrative.")
    if axis.note:
        parts.append(f"The {axis.note}.")
    return " ".join(parts)


def _movement(subject: str, points: Sequence[Point]) -> str:
    held = [point for point in points if point.value is not None]
    if not held:
        return f"{subject} has no values from {points[0].label} to {points[-1].label}"
    first, last = held[0], held[-1]
    if first is last:
        return f"{subject} was {last.text} in {last.label}"
    if first.text == last.text:
        return f"{subject} was {last.text} in both {first.label} and {last.label}"
    verb = "rose" if (first.value or 0) < (last.value or 0) else "fell"
    return f"{subject} {verb} from {first.text} in {first.label} to {last.text} in {last.label}"


def _have(number: int) -> str:
    return "has" if number == 1 else "have"


def _are(number: int) -> str:
    return "is" if number == 1 else "are"


def cohort_text(point: Point) -> str:
    """ "147 of 210", or nothing where the two counts are not both held."""
    if point.numerator is None or point.denominator is None:
        return ""
    return f"{_count(point.numerator)} of {_count(point.denominator)}"


def _count(number: Decimal | int) -> str:
    plain = f"{Decimal(number):,f}"
    return plain.rstrip("0").rstrip(".") if "." in plain else plain
