"""Sizes, scales and the pieces that a chart is drawn from, all in pixels."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from measures.charts.marking import Look
from measures.charts.parts import Chart, Line, Mark, Point, Step
from measures.charts.placing import Rect


@dataclass(frozen=True)
class Shape:
    """Size and margins in pixels; `font` is the size of all small text.

    `named` is whether the periods are written under the axis, `stacked` whether a limit's name
    stands over its figure at the right edge rather than before it, `comparators` how many benchmarks
    can be named.
    """

    name: str
    width: int
    height: int
    left: int
    right: int
    top: int
    bottom: int
    font: float
    named: bool = True
    stacked: bool = False
    comparators: int = 5

    @property
    def big(self) -> float:
        return round(self.font * 1.4, 1)


WIDE = Shape("wide", 520, 290, left=46, right=48, top=28, bottom=38, font=13.0)
NARROW = Shape("narrow", 300, 260, left=50, right=46, top=30, bottom=40, font=13.5, stacked=True, comparators=3)


@dataclass(frozen=True)
class Text:
    """`y` is the middle of the letters; `kind` is axis, label, gap, note, caption, flag or value."""

    x: float
    y: float
    text: str
    anchor: str
    kind: str


@dataclass(frozen=True)
class Stroke:
    """A straight line.

    `kind` is grid, tick, foot, target, benchmark, leader, whisker, a kind of mark (note, break,
    rebase), or of limits: limit and mean, and the same of a trial as trial and trial-mean.
    """

    x1: float
    y1: float
    x2: float
    y2: float
    kind: str


@dataclass(frozen=True)
class Dot:
    point: Point
    x: float
    y: float
    look: Look
    last: bool


@dataclass(frozen=True)
class Flag:
    """The numbered badge of a mark; `x` and `y` are its middle."""

    mark: Mark
    x: float
    y: float


@dataclass(frozen=True)
class Run:
    lighter: bool
    points: tuple[Point, ...]
    places: tuple[tuple[float, float], ...]


class Scale:
    """Dates and values to pixels. A little time is added at both ends so that dots stand free."""

    def __init__(self, chart: Chart, shape: Shape) -> None:
        first, last = chart.since, chart.until
        spare = timedelta(days=max(round((last - first).days * 0.045), 5) if first < last else 45)
        self.first, self.last = first - spare, last + spare
        self.axis = chart.axis
        self.plot = Rect(
            shape.left,
            shape.top,
            shape.width - shape.left - shape.right,
            shape.height - shape.top - shape.bottom,
        )

    @property
    def bottom(self) -> float:
        return self.plot.y + self.plot.height

    @property
    def right(self) -> float:
        return self.plot.x + self.plot.width

    def x(self, day: date) -> float:
        inside = min(max(day, self.first), self.last)
        share = (inside - self.first).days / (self.last - self.first).days
        return round(self.plot.x + share * self.plot.width, 1)

    def y(self, value: Decimal) -> float:
        low, high = float(self.axis.low), float(self.axis.high)
        share = (float(value) - low) / (high - low)
        return round(self.bottom - share * self.plot.height, 1)


def span(step: Step | Line, scale: Scale) -> tuple[float, float]:
    """Where a step begins and ends: the day after its last is where the next one begins."""
    return scale.x(step.start), scale.x(step.end + timedelta(days=1))
