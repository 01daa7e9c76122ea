"""What hangs on the series of a contract, and the lock under which set-up changes them."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field

from django.db.models import Count, Q

from accounts.denial import NotKnown
from accounts.models import Contract
from accounts.roles import Who
from accounts.viewer import Viewer

from .models import Benchmark, Cycle, Definition, ImportChange, Measure, Observation, Series, SeriesEvent, Target
from .policies import check_standing
from .quarters import Quarter
from .rights import Act, may
from .set_up_words import counted, span_words
from .states import LASTING, State
from .terms import PeriodKind

STALE = "Somebody else changed this after you opened it. Compare the two and save again."
DECIDED = (State.AGREED, State.PUBLISHED)
# Of every other quarter who sets up knows no more than that something was begun.
SEEN = frozenset(state for state in State if may(Act.SEE_FIGURES, Who.ADMINISTRATOR, state))


@dataclass(frozen=True)
class Ground:
    """The quarters of a contract whose set-up is being changed."""

    cycles: tuple[Cycle, ...]

    def covered(self, first: Quarter, last: Quarter | None, *states: State) -> list[Cycle]:
        """Those of the stretch in one of these states, oldest first."""
        return [
            cycle
            for cycle in self.cycles
            if cycle.state in states and first <= cycle.quarter and (last is None or cycle.quarter <= last)
        ]

    def taken(self, first: Quarter, last: Quarter | None) -> str:
        """Why nothing new may begin in the stretch: what was agreed or published does not change. Empty where it
        may."""
        return self._standing(first, last, *DECIDED)

    def settled(self, first: Quarter, last: Quarter | None) -> str:
        """Why nothing may begin in the stretch that gives a quarter another colour or cuts its chart, be it a past one.
        Empty where it may, as everywhere while no quarter was opened: the contract is only being written down then."""
        if all(cycle.state == State.PAST for cycle in self.cycles):
            return ""
        return self._standing(first, last, *LASTING)

    def unsettled(self, first: Quarter) -> Quarter:
        """The earliest quarter, this one or a later, in which such a thing may begin."""
        return self.covered(first, None, *LASTING)[-1].quarter.next if self.settled(first, None) else first

    def _standing(self, first: Quarter, last: Quarter | None, *states: State) -> str:
        if not (standing := self.covered(first, last, *states)):
            return ""
        latest = standing[-1]
        return (
            f"{latest.quarter.label} is {State(latest.state).during}, and what stands in it does not change. "
            f"Begin with {latest.quarter.next.label} or later."
        )


def hold(by: Viewer) -> Ground:
    """Denied unless an administrator asks. Then `still`."""
    check_standing(Act.SET_UP, by)
    return still(by.contract)


def still(contract: Contract) -> Ground:
    """Everybody else who sets this contract up or changes a target waits until the transaction is over, and so does who
    opens or moves a quarter, or writes a value: cycles, then the contract, then what hangs on it, as they all lock."""
    rows = Cycle.objects.filter(contract=contract).order_by("quarter")
    list(rows.select_for_update())
    Contract.objects.select_for_update(no_key=True).get(pk=contract.pk)
    # Again: somebody may have opened a quarter while this waited for the contract.
    return Ground(tuple(rows))


def measure_of(by: Viewer, measure: Measure) -> Measure:
    """As it is held now. NotKnown for one that is gone, or of another contract."""
    row = Measure.objects.filter(pk=measure.pk, contract=by.contract).first()
    if row is None:
        raise NotKnown()
    return row


def series_of(by: Viewer, series: Series) -> Series:
    row = Series.objects.select_related("measure").filter(pk=series.pk, measure__contract=by.contract).first()
    if row is None:
        raise NotKnown()
    return row


def wait_for_contract(by: Viewer) -> None:
    """Who writes what hangs on a series asks this first: who changes or deletes the series holds the contract, and
    whoever held something else meanwhile would wait for it while it waits for them."""
    Contract.objects.select_for_update(no_key=True).get(pk=by.contract.pk)


def wait_for(by: Viewer, series: Series) -> Series:
    """As it is held once nobody changes it any more. NotKnown for one that is gone, or of another contract."""
    wait_for_contract(by)
    return series_of(by, series)


@dataclass(frozen=True)
class Held:
    """What one series holds. `figures` are the quarters, of those that who sets up may see, with figures, withdrawn
    ones and old revisions among them; `begun` those of the others with figures or with the record of an import."""

    figures: frozenset[Quarter] = field(default_factory=frozenset)
    begun: frozenset[Quarter] = field(default_factory=frozenset)
    benchmarks: int = 0
    events: int = 0
    changes: int = 0
    imports: int = 0

    @property
    def quarters(self) -> frozenset[Quarter]:
        return self.figures | self.begun

    def said_of(self, code: str, quarter: Quarter) -> str:
        """Of one of `quarters`, as the start of a sentence."""
        is_seen = quarter in self.figures
        return f"{code} has figures in {quarter.label}" if is_seen else f"{quarter.label} was begun with {code}"

    @property
    def words(self) -> list[str]:
        """ "figures from Q1 2018/19 to Q2 2018/19", "2 benchmarks"; empty where it may go."""
        found = [f"figures {span_words(min(self.figures), max(self.figures))}"] if self.figures else []
        if self.imports and not self.figures:
            found.append("the record of an import")
        numbers = [
            (self.benchmarks, "benchmark", ""),
            (self.events, "event", ""),
            (self.changes, "change of target between the parties", "changes of target between the parties"),
        ]
        found += [counted(*each) for each in numbers if each[0]]
        return [*found, begun_words(self.begun)] if self.begun else found


def begun_words(quarters: Collection[Quarter]) -> str:
    return f"what the parties have begun {span_words(min(quarters), max(quarters))}"


def agreed_words(first: Quarter, last: Quarter | None, cycles: Collection[Cycle]) -> list[str]:
    """What runs in the stretch has its place in the quarters that were agreed; empty where none was."""
    decided = [each.quarter for each in Ground(tuple(cycles)).covered(first, last, *DECIDED)]
    return [f"its place in what was agreed {span_words(min(decided), max(decided))}"] if decided else []


def held_by(series_ids: Collection[int]) -> dict[int, Held]:
    """7 queries, however many series of one contract."""
    ids = list(series_ids)
    cycles = Cycle.objects.filter(contract__measures__series__in=ids, state__in=SEEN)
    seen = set(cycles.order_by().values_list("quarter", flat=True))
    figures = _quarters(Observation.objects.filter(series__in=ids))
    events = _numbers(SeriesEvent.objects.filter(series__in=ids))
    benchmarks = _numbers(Benchmark.objects.filter(series__in=ids))
    changes = Target.objects.filter(Q(proposed_at__isnull=False) | Q(withdrawal_at__isnull=False), series__in=ids)
    numbers = _numbers(changes)
    imports = _quarters(ImportChange.objects.filter(series__in=ids, comparator=""))
    # Of benchmarks, which have a comparator and are read by all at once.
    files = _numbers(ImportChange.objects.filter(series__in=ids).exclude(comparator=""))
    return {
        each: Held(
            figures=frozenset(figures[each] & seen),
            begun=frozenset((figures[each] | imports[each]) - seen),
            benchmarks=benchmarks.get(each, 0),
            events=events.get(each, 0),
            changes=numbers.get(each, 0),
            imports=len(imports[each] & seen) + files.get(each, 0),
        )
        for each in ids
    }


@dataclass(frozen=True)
class Parts:
    """What goes with series that are deleted: keys and versions. Who deletes sends back the `digest` of what the page
    listed: the versions of a measure and of a series stay when somebody adds something to it."""

    series: tuple[tuple[int, int], ...]
    definitions: tuple[tuple[int, int], ...]
    targets: tuple[int, ...]

    @property
    def digest(self) -> str:
        return hashlib.sha256(repr((self.series, self.definitions, self.targets)).encode()).hexdigest()[:16]

    @property
    def words(self) -> list[str]:
        """ "2 definitions", "1 target"; what goes with one series, so that series are not among it."""
        numbers = [(len(self.definitions), "definition"), (len(self.targets), "target")]
        return [counted(*each) for each in numbers if each[0]]


def parts_of(rows: Collection[Series]) -> Parts:
    """2 queries."""
    definitions = Definition.objects.filter(series__in=rows).order_by("pk").values_list("pk", "version")
    targets = Target.objects.filter(series__in=rows).order_by("pk").values_list("pk", flat=True)
    return Parts(tuple(sorted((each.pk, each.version) for each in rows)), tuple(definitions), tuple(targets))


def _quarters(rows) -> dict[int, set[Quarter]]:
    """By series; a year counts as its four quarters."""
    found: dict[int, set[Quarter]] = defaultdict(set)
    for series, kind, start in rows.order_by().values_list("series_id", "period_kind", "start").distinct():
        first = Quarter.containing(start)
        found[series] |= {first.shift(n) for n in range(4 if kind == PeriodKind.YEAR else 1)}
    return found


def _numbers(rows) -> dict[int, int]:
    return dict(rows.order_by().values_list("series_id").annotate(Count("pk")))
