"""One measure as its definition sheet tells it: what is measured, why and how, and how all of that changed.

No quarter's figure stands on it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from accounts.denial import NotKnown
from accounts.viewer import Viewer

from .benchmark_list import BenchmarkLine, line_of
from .catalogue_list import definition_at, headline_of, within
from .event_entries import Event
from .events import events_of
from .models import Benchmark, Cycle, Definition, Measure, Series, Target
from .quarters import Quarter
from .rights import Act, may
from .rule_words import counted, rounding, rule
from .set_up_words import DERIVATION_NAMES, KIND_WORDS, POLARITY_NAMES, ROLE_WORDS, UNIT_NAMES, WINDOW_NAMES, short
from .states import State
from .target_list import TargetList, came_to_nothing
from .target_list import build as build_targets
from .target_rows import PEOPLE, ground_of
from .terms import EventKind, Frequency, Kind, SeriesRole
from .trend import in_order

# In these a quarter's figures may still be missing: they are not what a link should show first.
UNSETTLED = frozenset({State.OPEN, State.SUBMITTED})


@dataclass(frozen=True)
class SeriesSheet:
    """One series. `definitions` and `events` the latest first; each definition but the first is a break."""

    series: Series
    targets: TargetList
    definitions: tuple[Definition, ...]
    definition: Definition | None
    events: tuple[tuple[Event, str], ...]
    benchmarks: tuple[BenchmarkLine, ...]
    earlier_benchmarks: int
    is_ended: bool

    @property
    def role(self) -> str:
        return ROLE_WORDS[SeriesRole(self.series.role)]

    @property
    def unit(self) -> str:
        return UNIT_NAMES[self.series.unit]

    @property
    def polarity(self) -> str:
        return f"{POLARITY_NAMES[self.series.polarity]}."

    @property
    def derivation(self) -> str:
        return f"{DERIVATION_NAMES[self.series.derivation]}."

    @property
    def window(self) -> str:
        return f"{WINDOW_NAMES[self.series.window]}."

    @property
    def counted(self) -> str:
        return counted(self.targets.scale)

    @property
    def rounding(self) -> str:
        return rounding(self.targets.now, self.targets.scale)

    @property
    def rule(self) -> list[str]:
        return rule(self.targets.now, self.targets.scale)

    @property
    def first_definition(self) -> Definition | None:
        return self.definitions[-1] if self.definitions else None


@dataclass(frozen=True)
class Sheet:
    """`quarter` is that of the link to the measure page, None where the viewer may open none."""

    measure: Measure
    kind: str
    headline: SeriesSheet | None
    others: tuple[SeriesSheet, ...]
    quarter: Quarter | None

    @property
    def every(self) -> tuple[SeriesSheet, ...]:
        return (*((self.headline,) if self.headline else ()), *self.others)

    @property
    def waiting(self) -> list[SeriesSheet]:
        return [one for one in self.every if one.targets.waiting]

    @property
    def has_marks(self) -> bool:
        return any(line.target.marks or line.tolerance.marks for one in self.every for line in one.targets.lines)


def build(viewer: Viewer, slug: str, now: Quarter) -> Sheet:
    """8 queries, however many series the measure has. NotKnown for a measure of another contract."""
    measure = Measure.objects.filter(contract=viewer.contract, slug=slug).first()
    if measure is None:
        raise NotKnown("This contract has no such measure.")
    cycles = list(Cycle.objects.filter(contract=viewer.contract).order_by("-quarter"))
    seen = [c for c in cycles if may(Act.SEE_CYCLE, viewer.who, State(c.state))]
    series = list(Series.objects.filter(measure=measure).order_by("position", "code", "-first_quarter"))
    for one in series:
        one.measure = measure
    sheets = _sheets(viewer, series, {c.quarter: State(c.state) for c in cycles}, seen, now)
    first = headline_of(series, within(measure, now))
    roles = list(SeriesRole)
    others = [one for one in sheets if first is None or one.series.pk != first.pk]
    return Sheet(
        measure=measure,
        kind=short(KIND_WORDS[Kind(measure.kind)]),
        headline=next((one for one in sheets if first is not None and one.series.pk == first.pk), None),
        others=tuple(sorted(others, key=lambda one: (one.is_ended, roles.index(SeriesRole(one.series.role))))),
        quarter=_to_open(measure, seen),
    )


def _to_open(measure: Measure, seen: Sequence[Cycle]) -> Quarter | None:
    """The latest quarter that has reached commentary, else the latest there is; as the scorecard's menu item has it."""
    covered = [cycle for cycle in seen if measure.covers(cycle.quarter)]
    settled = [cycle for cycle in covered if cycle.state not in UNSETTLED]
    return next((cycle.quarter for cycle in settled or covered), None)


def _sheets(
    viewer: Viewer, series: Sequence[Series], states: dict[Quarter, State], seen: Sequence[Cycle], now: Quarter
) -> list[SeriesSheet]:
    rows = list(
        Target.objects.filter(series__in=series)
        .select_related(*PEOPLE, "series")
        .order_by("from_quarter", "proposed_at", "pk")
    )
    gone = came_to_nothing(viewer.contract, rows)
    definitions = list(Definition.objects.filter(series__in=series).order_by("-from_quarter"))
    benchmarks = list(Benchmark.objects.filter(series__in=series))
    # What was recorded on a chart stands on the page of a quarter, and who may not open that one does not read it.
    events = events_of([one.pk for one in series], seen[0].quarter.end) if seen else {}
    found = []
    for one in series:
        own = [row for row in rows if row.series_id == one.pk]
        targets = build_targets(viewer, one, own, ground_of(one, states, own), now, gone)
        texts = tuple(text for text in definitions if text.series_id == one.pk)
        lines, earlier = _latest([row for row in benchmarks if row.series_id == one.pk], one)
        found.append(
            SeriesSheet(
                series=one,
                targets=targets,
                definitions=texts,
                definition=definition_at(texts[::-1], targets.quarter),
                events=_turning(events.get(one.pk, []), one),
                benchmarks=lines,
                earlier_benchmarks=earlier,
                is_ended=one.last_quarter is not None and one.last_quarter < now,
            )
        )
    return found


def _turning(events: Iterable[Event], series: Series) -> tuple[tuple[Event, str], ...]:
    """Those that change how the figures are read, with when; notes only say what happened."""
    frequency = Frequency(series.frequency)
    return tuple((event, event.when(frequency)) for event in reversed(list(events)) if event.kind != EventKind.NOTE)


def _latest(rows: Iterable[Benchmark], series: Series) -> tuple[tuple[BenchmarkLine, ...], int]:
    """The figures of the latest period, and how many earlier ones there are."""
    periods = [list(some) for _, some in groupby(in_order(rows), key=lambda row: row.period)]
    if not periods:
        return (), 0
    return tuple(line_of(row, series) for row in periods[0]), sum(map(len, periods[1:]))
