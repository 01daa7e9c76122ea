"""Which series of a measure is shown, how, and the links to every other choice. No Django."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from accounts.denial import NotKnown
from measures.rows import MeasureRow, SeriesRow
from measures.terms import Frequency

from .chart_view import SWITCHES, ChartView
from .choices import Option

# A page opened by such a link begins at the chart, not at its top.
CHART = "#chart"
SWITCH_WORDS = {
    "limits": "Limits",
    "screen": "Screened limits",
    "interval": "Intervals",
    "benchmarks": "Benchmarks",
    "target": "Target",
}


@dataclass(frozen=True)
class Choice:
    row: SeriesRow
    view: ChartView

    @property
    def frequency(self) -> Frequency:
        return self.view.frequency

    @property
    def url(self) -> str:
        return self.view.url()


def choice_of(measure: MeasureRow, query: Mapping[str, str]) -> Choice | None:
    """What the address asks for, the headline by quarters where it says nothing; None for a measure without series.

    NotKnown for a series that the measure does not have. Months of a quarterly series are its quarters.
    """
    if not measure.series:
        return None
    view = ChartView.of(query)
    if view.series is None:
        return _chosen(measure, measure.series[0], view)
    row = next((row for row in measure.series if row.code == view.series), None)
    if row is None:
        raise NotKnown(f"{measure.code} has no series of that name in this quarter.")
    return _chosen(measure, row, view)


def _chosen(measure: MeasureRow, row: SeriesRow, view: ChartView) -> Choice:
    has_months = row.frequency is Frequency.MONTH
    return Choice(
        row,
        view.but(
            series=None if row is measure.series[0] else row.code,
            frequency=view.frequency if has_months else Frequency.QUARTER,
        ),
    )


def series_options(measure: MeasureRow, choice: Choice) -> list[Option]:
    """One option for each series, everything else as it is; empty where there is no choice."""
    if len(measure.series) < 2:
        return []
    # Many names do not fit beside each other; their codes do, and the page names the chosen one. The two of a pair are
    # named above their drawings.
    many = len(measure.series) > 2 or bool(measure.pairs)
    return [
        Option(row.code if many else row.name, series_url(measure, row, choice), row is choice.row)
        for row in measure.series
    ]


def series_url(measure: MeasureRow, row: SeriesRow, choice: Choice) -> str:
    """To the same page with another series, everything else as it is."""
    return _chosen(measure, row, choice.view).url + CHART


def frequency_url(measure: MeasureRow, row: SeriesRow, frequency: Frequency, choice: Choice) -> str:
    """To a series by months or quarters, everything else as it is."""
    code = None if row.code == measure.series[0].code else row.code
    return choice.view.url(series=code, frequency=frequency) + CHART


def frequency_options(choice: Choice) -> list[Option]:
    if choice.row.frequency is not Frequency.MONTH:
        return []
    return [
        Option(word, choice.view.url(frequency=frequency) + CHART, choice.frequency is frequency)
        for word, frequency in (("Quarters", Frequency.QUARTER), ("Months", Frequency.MONTH))
    ]


def switch_options(view: ChartView, offered: Collection[str]) -> list[Option]:
    """A link for each switch of `offered`, names of SWITCHES: it turns off what is shown, and on what is not.

    `offered` is what the series has something to show of; screening only while there are limits to screen.
    """
    return [
        Option(SWITCH_WORDS[name], view.url(**{name: not shown}) + CHART, shown)
        for name in SWITCHES
        for shown in [getattr(view, name)]
        if name in offered and (name != "screen" or view.limits)
    ]
