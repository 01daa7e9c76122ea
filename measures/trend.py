"""One series over time: its chart, its table, what it is compared with and how it is defined."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from .benchmark_entries import COMPARABILITY_WORDS, comparator_words, scope_rank, value_words
from .charts.description import Break, Chart, Line, Mark, Point, build
from .event_entries import Event
from .events import events_of
from .models import Benchmark, Definition, Observation
from .overlays import EVERYTHING, Switches, limits_of, process_of, with_interval, with_signals
from .plotting import point_of, steps_of
from .quarters import Quarter, Year
from .readings import Reading, Scale
from .rows import MeasureRow, SeriesRow
from .scorecard import HISTORY, reading_of
from .stats.spc import Xmr
from .terms import Comparability, Frequency, PeriodKind
from .track import Track
from .tracks import track_of_readings
from .turns import DEFINITION, Turns, turns_from

# More names than these find no room beside the line.
MOST_DRAWN = 5


@dataclass(frozen=True)
class Comparison:
    """A benchmark ready to print; `comparator` says whether it is a mean or a median."""

    comparator: str
    period: Year | Quarter
    text: str
    source: str
    edition: str
    method: str
    comparability: str
    note: str
    published_on: datetime.date | None = None
    id: int = 0


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
    events: tuple[Event, ...] = ()
    # Benchmarks that could be drawn but for want of room.
    undrawn: int = 0

    @property
    def definition(self) -> DefinitionRow | None:
        return self.definitions[-1] if self.definitions else None

    @property
    def illustrative(self) -> int:
        """How many of the values shown are illustrative."""
        return sum(reading.illustrative for reading in self.readings)


@dataclass(frozen=True)
class Held:
    """What is held of some series up to a quarter, by their ids; `readings` by month where they are held so."""

    readings: dict[int, list[Reading]]
    definitions: dict[int, tuple[DefinitionRow, ...]]
    events: dict[int, list[Event]]
    benchmarks: dict[int, list[Benchmark]]
    turns: Mapping[int, Turns]
    visible: frozenset[Quarter]


def held_of(measure: MeasureRow, drawn: Sequence[SeriesRow], visible: frozenset[Quarter]) -> Held:
    """4 queries: values and benchmarks of the series drawn in full, definitions and events of every one."""
    quarter = drawn[0].now.period
    ids = [row.id for row in measure.series]
    readings = _every_reading(drawn, visible)
    definitions: dict[int, tuple[DefinitionRow, ...]] = defaultdict(tuple)
    for d in Definition.objects.filter(series__in=ids, from_quarter__lte=quarter).order_by("from_quarter"):
        definitions[d.series_id] += (DefinitionRow(d.from_quarter, d.text, d.reason),)
    events = events_of(ids, quarter.end)
    turns = turns_from(
        [(series, d.from_quarter.start, DEFINITION) for series, rows in definitions.items() for d in rows]
        + [(series, event.at, event.kind) for series, each in events.items() for event in each]
    )
    benchmarks = defaultdict(list)
    for benchmark in Benchmark.objects.filter(series__in=[row.id for row in drawn], start__lte=quarter.end):
        # A year's figure belongs to no quarter before the year was over.
        if benchmark.period.end <= quarter.end:
            benchmarks[benchmark.series_id].append(benchmark)
    return Held(readings, definitions, events, benchmarks, turns, visible)


def trend(
    measure: MeasureRow,
    row: SeriesRow,
    frequency: Frequency,
    visible: frozenset[Quarter],
    switches: Switches = EVERYTHING,
) -> Trend:
    """The one series up to its row's own quarter; 4 queries."""
    return trend_of(measure, row, frequency, held_of(measure, [row], visible), switches)


def trend_of(
    measure: MeasureRow, row: SeriesRow, frequency: Frequency, held: Held, switches: Switches = EVERYTHING
) -> Trend:
    """A series of those that `held` was read for in full; its row now with track, breaks and restarts."""
    turns = held.turns[row.id]
    definitions, events, every = held.definitions[row.id], held.events[row.id], held.readings[row.id]
    track = track_of_readings(every)
    row = replace(row, track=track, breaks=tuple(turns.breaks), restarts=tuple(turns.restarts))
    readings = _quarters(row) if frequency is Frequency.QUARTER else _months(row, every)
    benchmarks = in_order(held.benchmarks[row.id])
    comparable = [b for b in benchmarks if b.comparability != Comparability.NOT_COMPARABLE]
    drawn = _drawn(comparable)
    return Trend(
        row=row,
        frequency=frequency,
        readings=readings,
        chart=_chart(measure, row, frequency, _known(readings, held.visible), switches, drawn, definitions, events),
        comparisons=tuple(_comparison(b, row.scale) for b in benchmarks),
        definitions=definitions,
        events=tuple(events),
        undrawn=len(comparable) - len(drawn),
    )


def subgroup_charts(measure: MeasureRow, held: Held, switches: Switches = EVERYTHING) -> list[tuple[SeriesRow, Chart]]:
    """Each subgroup with its chart by quarters, named as its series is; those without any figure are left out."""
    found = []
    for row in measure.subgroups:
        chart = _chart(
            measure,
            replace(row, track=Track()),
            Frequency.QUARTER,
            _known(_quarters(row), held.visible),
            switches,
            (),
            held.definitions[row.id],
            held.events[row.id],
        )
        if chart:
            found.append((row, replace(chart, title=row.name)))
    return found


def in_order(benchmarks: Iterable[Benchmark]) -> list[Benchmark]:
    """The latest period first, a year before its last quarter; in each the country, the region, neighbours, others."""
    return sorted(
        benchmarks,
        key=lambda b: (-b.period.end.toordinal(), b.start, scope_rank(b.scope), b.position, b.comparator),
    )


def _drawn(comparable: Sequence[Benchmark]) -> list[Benchmark]:
    """The latest figure of each comparator, as many as can be named: the country, the region and neighbours first."""
    latest: dict[str, Benchmark] = {}
    for benchmark in comparable:
        latest.setdefault(benchmark.comparator, benchmark)
    return sorted(latest.values(), key=lambda b: (scope_rank(b.scope), b.position, b.comparator))[:MOST_DRAWN]


def _quarters(row: SeriesRow) -> tuple[Reading, ...]:
    return tuple(reading for reading in row.history if row.first_quarter <= reading.period)


def _every_reading(rows: Sequence[SeriesRow], visible: frozenset[Quarter]) -> dict[int, list[Reading]]:
    """All that is held of each series, months and quarters."""
    found: dict[int, list[Reading]] = {row.id: [] for row in rows}
    held = Observation.objects.filter(
        series__in=found,
        period_kind__in=[PeriodKind.MONTH, PeriodKind.QUARTER],
        start__lte=rows[0].now.quarter.end,
        is_current=True,
    )
    for one in held:
        reading = reading_of(one)
        if reading.quarter in visible:
            found[one.series_id].append(reading)
    return found


def _months(row: SeriesRow, every: Sequence[Reading]) -> tuple[Reading, ...]:
    quarter = row.now.period
    first = max(quarter.shift(1 - HISTORY), row.first_quarter)
    by_month = {reading.period: reading for reading in every}
    months = [month for back in range(1 - HISTORY, 1) for month in quarter.shift(back).months]
    return tuple(by_month.get(month) or Reading(month) for month in months if month.quarter >= first)


def _chart(
    measure: MeasureRow,
    row: SeriesRow,
    frequency: Frequency,
    known: Sequence[Reading],
    switches: Switches,
    benchmarks: Sequence[Benchmark],
    definitions: Sequence[DefinitionRow],
    events: Sequence[Event],
) -> Chart | None:
    if not known:
        return None
    process = process_of(row, frequency, switches)
    found = process.xmr if process else None
    return build(
        title=f"{measure.code} {measure.title}" + ("" if row.name == measure.title else f": {row.name}"),
        subject=measure.code if row.code == measure.code else row.name,
        unit=row.scale.unit,
        frequency=frequency,
        points=_points(known, row, found, switches),
        steps=steps_of(row) if switches.target and row.targets_hold_for(frequency) else (),
        benchmarks=[
            Line(
                comparator_words(b.comparator, b.statistic),
                b.period.start,
                b.period.end,
                b.value,
                value_words(b.value, row.scale.unit, row.scale.decimals),
                f"{b.source}, {b.edition}",
                b.comparability,
            )
            for b in (benchmarks if switches.benchmarks else ())
        ],
        breaks=[Break(d.from_quarter.start, d.reason or "New definition") for d in definitions[1:]],
        limits=limits_of(row.track, found, row.scale) if found else (),
        marks=[Mark(event.at, event.kind, event.text) for event in events],
        polarity=row.scale.polarity,
    )


def _points(known: Sequence[Reading], row: SeriesRow, found: Xmr | None, switches: Switches) -> list[Point]:
    points = {reading.period: point_of(reading, row) for reading in known}
    if switches.interval:
        points = {reading.period: with_interval(points[reading.period], reading, row) for reading in known}
    if found:
        points = with_signals(points, row.track, found)
    return list(points.values())


def _known(readings: Sequence[Reading], visible: frozenset[Quarter]) -> list[Reading]:
    """From the first period that holds anything to the last that may be seen; later ones without anything stay, as
    gaps: an old value must not pass for the latest."""
    seen = [index for index, reading in enumerate(readings) if reading.quarter in visible]
    held = [index for index, reading in enumerate(readings) if reading.status is not None]
    return list(readings[held[0] : max([held[-1], *seen]) + 1]) if held else []


def _comparison(benchmark: Benchmark, scale: Scale) -> Comparison:
    return Comparison(
        comparator=comparator_words(benchmark.comparator, benchmark.statistic),
        period=benchmark.period,
        text=value_words(benchmark.value, scale.unit, scale.decimals),
        source=benchmark.source,
        edition=benchmark.edition,
        method=benchmark.method,
        comparability=COMPARABILITY_WORDS[Comparability(benchmark.comparability)],
        note=benchmark.note,
        published_on=benchmark.published_on,
        id=benchmark.pk,
    )
