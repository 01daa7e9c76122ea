"""The parts of a chart, apart from how they are drawn.

Dates are the last day of the period that a point stands for. Every text arrives ready to
print, so nothing here knows about ratings, statistics or rounding.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from measures.charts.axis import PERCENT, Axis
from measures.quarters import Quarter, Year, date_words

# The kinds of special-cause point, and of mark on the time axis.
IMPROVEMENT, CONCERN, NEUTRAL = "improvement", "concern", "neutral"
NOTE, BREAK, REBASE = "note", "break", "rebase"
# What follows the text of an illustrative target or tolerance.
MARK = " [i]"


@dataclass(frozen=True)
class Point:
    """One period. Without a `value`, `symbol` says why: [x], [c] or [z]; it is empty where nothing is held yet.

    `label` names the period in full, `short` on the axis; `text` is the value as printed;
    `rating` is its words, shown on hover only. `low` and `high` are the ends of its interval.
    `signal` is the kind of special cause or empty, `signal_text` why: "below the lower limit".
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
    revised: bool = False
    rating: str | None = None
    low: Decimal | None = None
    high: Decimal | None = None
    signal: str = ""
    signal_text: str = ""


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
    """A benchmark: a comparator's value over the period that it was measured.

    `comparability` is one word, such as "close".
    """

    label: str
    start: date
    end: date
    value: Decimal
    text: str
    source: str = ""
    comparability: str = ""

    def when(self, short: bool = False) -> str:
        """The year or quarter measured, and the comparability: "2017/18 (close)", short "17/18 (close)"."""
        year, quarter = Year.containing(self.start), Quarter.containing(self.start)
        if (self.start, self.end) == (year.start, year.end):
            name = year.label[2:] if short else year.label
        elif (self.start, self.end) == (quarter.start, quarter.end):
            name = quarter.short if short else quarter.label
        else:
            name = f"to {date_words(self.end)}"
        return f"{name} ({self.comparability})" if self.comparability else name

    @property
    def name(self) -> str:
        """In full: "England 2017/18 (close)"."""
        return f"{self.label} {self.when()}"


@dataclass(frozen=True)
class Break:
    """The first day of a new definition."""

    at: date
    text: str


@dataclass(frozen=True)
class Limits:
    """Process limits of one segment: of the points from `start` to `end`, both days included.

    The texts are the three figures as printed, "80%", without a word for which they are.
    """

    start: date
    end: date
    mean: Decimal
    lower: Decimal
    upper: Decimal
    trial: bool = False
    mean_text: str = ""
    lower_text: str = ""
    upper_text: str = ""


@dataclass(frozen=True)
class Mark:
    """Something that happened, `number`ed in the list under the chart.

    A "note" stands at its day; a "break" and a "rebase" name the first day of what is new.
    """

    at: date
    kind: str
    text: str
    number: int = 0


@dataclass(frozen=True)
class Chart:
    """A whole trend, oldest point first; `summary` is its text alternative.

    `marks` holds the breaks too. `since` and `until` are the days that the time axis spans, which
    charts drawn side by side share. `caption` is written above a panel.
    """

    title: str
    unit: str
    frequency: str
    points: tuple[Point, ...]
    steps: tuple[Step, ...]
    benchmarks: tuple[Line, ...]
    breaks: tuple[Break, ...]
    axis: Axis
    limits: tuple[Limits, ...]
    marks: tuple[Mark, ...]
    polarity: str
    since: date
    until: date
    summary: str = ""
    caption: str = ""


def drawn_limits(chart: Chart) -> tuple[Limits, ...]:
    """Limits cut for drawing only to what can be: a percentage to 0 to 100, anything else to 0 and more."""
    held = [point.value for point in chart.points if point.value is not None]
    floor = Decimal(0) if min(held, default=Decimal(0)) >= 0 else None
    ceiling = Decimal(100) if chart.unit == PERCENT and max(held, default=Decimal(0)) <= 100 else None
    return tuple(
        replace(
            part,
            lower=part.lower if floor is None else max(part.lower, floor),
            upper=part.upper if ceiling is None else min(part.upper, ceiling),
        )
        for part in chart.limits
    )
