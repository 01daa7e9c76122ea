"""Every benchmark of a contract, by series and period, ready to print."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from accounts.models import Contract

from .benchmark_entries import COMPARABILITY_WORDS, Period, comparator_words, period_words, source_words, value_words
from .models import Benchmark, Series
from .numbers import Unit
from .terms import Comparability
from .trend import in_order


@dataclass(frozen=True)
class BenchmarkLine:
    id: int
    comparator: str
    period: Period
    text: str
    source: str
    method: str
    comparability: str
    note: str


@dataclass(frozen=True)
class PeriodGroup:
    """All figures of one period: the country, the region, neighbours, others."""

    period: Period
    words: str
    lines: tuple[BenchmarkLine, ...]


@dataclass(frozen=True)
class SeriesGroup:
    """One series and its periods, latest first."""

    series: Series
    periods: tuple[PeriodGroup, ...]

    @property
    def anchor(self) -> str:
        return f"series-{self.series.pk}"

    @property
    def labels_of_earlier(self) -> str:
        """The ids of what names the table of earlier periods."""
        return f"{self.anchor}-title {self.anchor}-earlier"

    @property
    def latest(self) -> tuple[PeriodGroup, ...]:
        return self.periods[:1]

    @property
    def earlier(self) -> tuple[PeriodGroup, ...]:
        return self.periods[1:]

    @property
    def count(self) -> int:
        return sum(len(group.lines) for group in self.periods)

    @property
    def count_earlier(self) -> int:
        return sum(len(group.lines) for group in self.earlier)

    @property
    def name(self) -> str:
        """The series' own name where it is not its measure's, with its code where that is another."""
        series = self.series
        if series.name == series.measure.title:
            return ""
        return series.name if series.code == series.measure.code else f"{series.code} {series.name}"


@dataclass(frozen=True)
class BenchmarkList:
    groups: tuple[SeriesGroup, ...]

    @property
    def held(self) -> list[SeriesGroup]:
        return [group for group in self.groups if group.periods]

    @property
    def bare(self) -> list[SeriesGroup]:
        """Series that nothing is held to compare with."""
        return [group for group in self.groups if not group.periods]

    @property
    def count(self) -> int:
        return sum(group.count for group in self.groups)

    @property
    def answer(self) -> str:
        """ "12 benchmarks for 3 of 15 series. The latest are for the year to 31 March 2018."; empty without any."""
        if not self.count:
            return ""
        latest = max((group.periods[0].period for group in self.held), key=lambda period: period.end)
        many = "1 benchmark" if self.count == 1 else f"{self.count:,} benchmarks"
        start = f"{many} for {len(self.held)} of {len(self.groups)} series."
        verb = "It is" if self.count == 1 else "The latest are"
        article = "" if latest.label.startswith("Q") else "the "
        return f"{start} {verb} for {article}{period_words(latest)}."


def build(contract: Contract) -> BenchmarkList:
    """Two queries, however many there are."""
    order = ("measure__position", "measure__code", "position", "code", "first_quarter")
    series = Series.objects.filter(measure__contract=contract).select_related("measure").order_by(*order)
    held: dict[int, list[Benchmark]] = {}
    for row in Benchmark.objects.filter(series__measure__contract=contract):
        held.setdefault(row.series_id, []).append(row)
    return BenchmarkList(tuple(SeriesGroup(one, _periods(one, held.get(one.pk, ()))) for one in series))


def _periods(series: Series, rows: Iterable[Benchmark]) -> tuple[PeriodGroup, ...]:
    by_period = groupby(in_order(rows), key=lambda row: row.period)
    return tuple(
        PeriodGroup(period, period_words(period), tuple(line_of(row, series) for row in some))
        for period, some in by_period
    )


def line_of(row: Benchmark, series: Series) -> BenchmarkLine:
    return BenchmarkLine(
        id=row.pk,
        comparator=comparator_words(row.comparator, row.statistic),
        period=row.period,
        text=value_words(row.value, Unit(series.unit), series.decimals),
        source=source_words(row.source, row.edition, row.published_on),
        method=row.method,
        comparability=COMPARABILITY_WORDS[Comparability(row.comparability)],
        note=row.note,
    )
