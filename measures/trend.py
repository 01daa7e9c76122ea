"""One series over time: its chart, its table, what it is compared with and how it is defined."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from .charts.description import Break, Chart, Line, build
from .models import Benchmark, Definition, Observation
from .plotting import point_of, steps_of
from .quarters import Month, Quarter, Year, date_words
from .readings import Reading, Scale
from .rows import MeasureRow, SeriesRow
from .scorecard import HISTORY, reading_of
from .terms import Comparability, Frequency, PeriodKind

COMPARABILITY_WORDS = {
    Comparability.SAME: "Same definition",
    Comparability.CLOSE: "Close, not the same",
    Comparability.NOT_COMPARABLE: "Not comparable, so not drawn",
}


@dataclass(frozen=True)
class Comparison:
    """A benchmark ready to print."""

    comparator: str
    period: Year | Quarter | Month
    text: str
    source: str
    edition: str
    method: str
    comparability: str
    note: str


@dataclass(frozen=True)
class DefinitionRow:
    from_quarter: Quarter
    text: str
    reason: str


@dataclass(frozen=True)
class Trend:
    """`chart` is None while the viewer sees no period of this series at all."""

    row: SeriesRow
    frequency: Frequency
    readings: tuple[Reading, ...]
    chart: Chart | None
    comparisons: tuple[Comparison, ...]
    definitions: tuple[DefinitionRow, ...]

    @property
    def definition(self) -> DefinitionRow | None:
        return self.definitions[-1] if self.definitions else None

    @property
    def illustrative(self) -> int:
        """How many of the values shown are illustrative."""
        return sum(reading.illustrative for reading in self.readings)


def trend(measure: MeasureRow, row: SeriesRow, frequency: Frequency, visible: frozenset[Quarter]) -> Trend:
    """The series up to its row's own quarter; 3 queries, 2 for quarters, which the row holds already."""
    quarter = row.now.period
    readings = _quarters(row) if frequency is Frequency.QUARTER else _months(row, visible)
    definitions = tuple(
        DefinitionRow(d.from_quarter, d.text, d.reason)
        for d in Definition.objects.filter(series=row.id, from_quarter__lte=quarter).order_by("from_quarter")
    )
    known = Benchmark.objects.filter(series=row.id, start__lte=quarter.end)
    # A year's figure belongs to no quarter before the year was over.
    benchmarks = [benchmark for benchmark in known if benchmark.period.end <= quarter.end]
    return Trend(
        row=row,
        frequency=frequency,
        readings=readings,
        chart=_chart(measure, row, frequency, readings, benchmarks, definitions),
        comparisons=tuple(_comparison(b, row.scale) for b in benchmarks),
        definitions=definitions,
    )


def _quarters(row: SeriesRow) -> tuple[Reading, ...]:
    return tuple(reading for reading in row.history if row.first_quarter <= reading.period)


def _months(row: SeriesRow, visible: frozenset[Quarter]) -> tuple[Reading, ...]:
    quarter = row.now.period
    first = max(quarter.shift(1 - HISTORY), row.first_quarter)
    held = Observation.objects.filter(
        series=row.id, period_kind=PeriodKind.MONTH, start__range=(first.start, quarter.end), is_current=True
    )
    by_month = {r.period: r for r in map(reading_of, held) if r.period.quarter in visible}
    months = [month for back in range(1 - HISTORY, 1) for month in quarter.shift(back).months]
    return tuple(by_month.get(month) or Reading(month) for month in months if month.quarter >= first)


def _chart(
    measure: MeasureRow,
    row: SeriesRow,
    frequency: Frequency,
    readings: Sequence[Reading],
    benchmarks: Sequence[Benchmark],
    definitions: Sequence[DefinitionRow],
) -> Chart | None:
    known = _without_empty_ends(readings)
    if not known:
        return None
    return build(
        title=f"{measure.code} {measure.title}" + ("" if row.name == measure.title else f": {row.name}"),
        subject=measure.code if row.code == measure.code else row.name,
        unit=row.scale.unit,
        frequency=frequency,
        points=[point_of(reading, row) for reading in known],
        steps=steps_of(row),
        benchmarks=[
            Line(
                b.comparator,
                b.period.start,
                b.period.end,
                b.value,
                _benchmark_text(b, row.scale),
                f"{b.source}, {b.edition}",
            )
            for b in benchmarks
            if b.comparability != Comparability.NOT_COMPARABLE
        ],
        breaks=[Break(d.from_quarter.start, d.reason or "New definition") for d in definitions[1:]],
    )


def _without_empty_ends(readings: Sequence[Reading]) -> list[Reading]:
    """From the first to the last period that holds anything; periods in between stay, as gaps."""
    held = [index for index, reading in enumerate(readings) if reading.status is not None]
    return list(readings[held[0] : held[-1] + 1]) if held else []


def _benchmark_text(benchmark: Benchmark, scale: Scale) -> str:
    """With one decimal at least, as the sources print theirs."""
    return replace(scale, decimals=max(scale.decimals, 1)).text(benchmark.value)


def _comparison(benchmark: Benchmark, scale: Scale) -> Comparison:
    return Comparison(
        comparator=benchmark.comparator,
        period=benchmark.period,
        text=_benchmark_text(benchmark, scale),
        source=benchmark.source,
        edition=benchmark.edition,
        method=benchmark.method,
        comparability=COMPARABILITY_WORDS[Comparability(benchmark.comparability)],
        note=benchmark.note,
    )


def period_words(period: Year | Quarter | Month) -> str:
    """The year of a benchmark as people say it: "year to 31 March 2018"."""
    return f"year to {date_words(period.end)}" if isinstance(period, Year) else period.label
