"""The drawings of the measure page with everything that stands around them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from measures.basis import basis_of
from measures.charts.legend import ILLUSTRATIVE, Key, keys, mark_keys
from measures.charts.multiples import Multiple, multiples
from measures.charts.panels import panels
from measures.charts.parts import Chart
from measures.charts.phrases import mark_text
from measures.charts.plotly import figure
from measures.charts.svg import NARROW, WIDE, svg
from measures.numbers import Unit
from measures.rows import MeasureRow, SeriesRow
from measures.terms import Frequency, SeriesRole
from measures.trend import Trend

from .choices import Option
from .measure_choice import Choice, frequency_url, series_url

WAY_WORDS = {Frequency.MONTH: "Show months", Frequency.QUARTER: "Show quarters"}


@dataclass(frozen=True)
class Frame:
    """One drawing; `id` names its data for Plotly on the page, `css` its proportions where they are not the usual."""

    id: str
    wide: str
    narrow: str
    figure: dict[str, Any]
    css: str = ""


@dataclass(frozen=True)
class MarkLine:
    """`svg` is the mark's badge with its number, hidden from screen readers."""

    svg: str
    number: int
    words: str


@dataclass(frozen=True)
class Marks:
    """The marks of one drawing; `of` is the code of its series where there are several."""

    of: str
    lines: tuple[MarkLine, ...]


@dataclass(frozen=True)
class Picture:
    """`download` is the chosen series alone where it is drawn as one of two panels: a picture leaves the page.
    `illustrative`: values shown are, but no point of the chart that its key would explain."""

    frames: tuple[Frame, ...] = ()
    keys: tuple[Key, ...] = ()
    marks: tuple[Marks, ...] = ()
    download: dict[str, Any] | None = None
    illustrative: bool = False
    has_interval: bool = False


@dataclass(frozen=True)
class Group:
    """`period` names the latest one drawn where it is not the page's quarter, else it is empty."""

    code: str
    url: str
    current: bool
    multiple: Multiple
    period: str = ""


@dataclass(frozen=True)
class Groups:
    """`keys` are those that the chart above does not show."""

    rows: tuple[Group, ...] = ()
    keys: tuple[Key, ...] = ()


def together(measure: MeasureRow, choice: Choice) -> list[SeriesRow]:
    """The series drawn in full: the chosen one, or the number above the rate where it is one of such a pair and both
    are held by the periods shown."""
    chosen = choice.row
    beside = [row for row in measure.series if row.role is not SeriesRole.SUBGROUP]
    numbers = [row for row in beside if row.scale.unit is Unit.COUNT]
    rates = [row for row in beside if row.scale.unit is Unit.RATE]
    if len(numbers) != 1 or not rates or chosen not in (*numbers, *rates):
        return [chosen]
    pair = [numbers[0], chosen if chosen in rates else rates[0]]
    by_quarter = choice.frequency is Frequency.QUARTER
    return pair if by_quarter or all(row.frequency is choice.frequency for row in pair) else [chosen]


def picture(drawn: Sequence[Trend], chosen: Trend) -> Picture:
    """Nothing while the chosen series has no figure to draw; a panel without one is left out."""
    if chosen.chart is None:
        return Picture()
    charts = [(each.row, each.chart) for each in drawn if each.chart]
    is_pair = len(charts) > 1
    found = _keys([chart for _, chart in charts])
    return Picture(
        frames=_panels(charts) if is_pair else (_alone(chosen.chart),),
        keys=found,
        marks=tuple(Marks(row.code if is_pair else "", _mark_lines(chart)) for row, chart in charts if chart.marks),
        download=figure(chosen.chart) if is_pair else None,
        illustrative=chosen.illustrative > 0 and ILLUSTRATIVE not in {key.words for key in found},
        has_interval=any(_has_interval(chart) for _, chart in charts),
    )


def _alone(chart: Chart) -> Frame:
    return Frame("trend-figure", svg(chart, WIDE, "trend"), svg(chart, NARROW, "trend"), figure(chart))


def _panels(charts: Sequence[tuple[SeriesRow, Chart]]) -> tuple[Frame, ...]:
    captioned = [replace(chart, caption=f"{row.code} {row.name}") for row, chart in charts]
    return tuple(
        Frame(f"trend-figure-{number}", panel.wide, panel.narrow, panel.figure, panel.css)
        for number, panel in enumerate(panels(captioned, "trend"), 1)
    )


def _keys(charts: Sequence[Chart]) -> tuple[Key, ...]:
    """Each once."""
    return tuple({key.words: key for chart in charts for key in keys(chart)}.values())


def _mark_lines(chart: Chart) -> tuple[MarkLine, ...]:
    found = []
    for key, mark in mark_keys(chart):
        words = mark_text(mark).removeprefix(f"{mark.number}, ")
        found.append(MarkLine(key.svg, mark.number, f"{words[0].upper()}{words[1:]}."))
    return tuple(found)


def _has_interval(chart: Chart) -> bool:
    return any(point.low is not None for point in chart.points)


def groups(measure: MeasureRow, choice: Choice, charts: Sequence[tuple[SeriesRow, Chart]], shown: Picture) -> Groups:
    """The subgroups side by side, those of one unit on one scale."""
    found = []
    for number, unit in enumerate(dict.fromkeys(chart.unit for _, chart in charts), 1):
        alike = [(row, chart) for row, chart in charts if chart.unit == unit]
        small = multiples([chart for _, chart in alike], f"group-{number}")
        found += [
            Group(
                row.code,
                series_url(measure, row, choice),
                row is choice.row,
                multiple,
                "" if multiple.period == row.now.period.label else multiple.period,
            )
            for (row, _), multiple in zip(alike, small, strict=True)
        ]
    told = {key.words for key in shown.keys}
    plain = [replace(chart, limits=()) for _, chart in charts]
    return Groups(tuple(found), tuple(key for key in _keys(plain) if key.words not in told))


@dataclass(frozen=True)
class Basis:
    """What the limits of one series stand on; `of` is its code where two are drawn, `way` leads to the periods."""

    of: str
    sentences: tuple[str, ...]
    way: Option | None


def bases(measure: MeasureRow, drawn: Sequence[Trend], choice: Choice) -> list[Basis]:
    found = []
    for each in drawn:
        told = basis_of(each.row, each.frequency, choice.view.switches)
        if told.sentences:
            way = None
            if told.elsewhere:
                way = Option(WAY_WORDS[told.elsewhere], frequency_url(measure, each.row, told.elsewhere, choice))
            found.append(Basis(each.row.code if len(drawn) > 1 else "", told.sentences, way))
    return found
