"""A contract grown to `count` of every nested thing, for counting queries."""

import datetime
from decimal import Decimal
from functools import cached_property

from accounts.models import Contract, Membership
from accounts.roles import Party, Who
from accounts.viewer import Viewer
from commentary.models import Pane
from measures.models import AreaForImprovement, Benchmark, Cycle, Definition, ImportBatch, Measure, Observation, Series
from measures.quarters import Quarter
from measures.states import State
from tests import factories
from tests.factories import NOW, Q2
from workflow.models import Transition


class Crowd:
    """Q2 2018/19 and `count` quarters before it; `count` contracts, people of each role, measures, series of each
    role, targets, definitions, benchmarks, events, areas, panes written and released, transitions, values."""

    def __init__(self, count: int) -> None:
        self.count = count
        self.contract = factories.make_contract()
        self.people = factories.make_members(self.contract)
        self.by = self.people[Who.OFFICER].user
        self.quarters = [Q2.shift(-back) for back in range(count, 0, -1)]
        self._measures(self.contract)
        Cycle.objects.bulk_create(
            Cycle(contract=self.contract, quarter=quarter, state=State.PAST) for quarter in self.quarters
        )
        self.cycle = factories.open_cycle(self.contract, self.people[Who.OFFICER])
        self._words(self.cycle)
        for number in range(1, count):
            self._another_contract(number)
        self._more_people()

    def _measures(self, contract: Contract) -> None:
        for number in range(1, self.count + 1):
            measure = factories.make_measure(contract, f"M{number}")
            self._series(measure, f"M{number}", role="headline")
            for each in range(1, self.count + 1):
                monthly = {"frequency": "month", "derivation": "mean_of_months"}
                self._series(measure, f"M{number}P{each}", role="pair", unit="count", **monthly)
                self._series(measure, f"M{number}S{each}", role="subgroup")

    def _series(self, measure: Measure, code: str, **fields) -> None:
        series = factories.make_series(measure, code=code, **fields)
        stamp = {"by": self.by, "at": NOW}
        periods = [("quarter", quarter.start) for quarter in [*self.quarters, Q2]]
        if series.is_derived:
            periods += [("month", month.start) for quarter in [*self.quarters, Q2] for month in quarter.months]
        Observation.objects.bulk_create(
            Observation(series=series, period_kind=kind, start=start, value=70, status="final", note="A note",
                        origin="entered", **stamp)
            for kind, start in periods
        )  # fmt: skip
        for number in range(self.count):
            first = Quarter(2016, 1).shift(number)
            factories.make_target(series, self.by, 90 + number, 85 + number, first)
            Definition.objects.create(series=series, from_quarter=first, text=f"Counted so since {number}")
            Benchmark.objects.create(
                series=series, comparator=f"Neighbour {number}", period_kind="year", position=number,
                start=datetime.date(2017, 4, 1), value=Decimal(20), source="DfE", edition="2018", comparability="same",
            )  # fmt: skip
            factories.make_event(series, Q2.start, self.by, text=f"Event {number}")

    def _words(self, cycle: Cycle) -> None:
        for measure in Measure.objects.filter(contract=cycle.contract):
            AreaForImprovement.objects.create(cycle=cycle, measure=measure, reason="Low", by=self.by, at=NOW)
        Pane.objects.filter(cycle=cycle).update(
            draft="<p>Now.</p>",
            version=2,
            saved_by=self.by,
            saved_at=NOW,
            released="<p>Before.</p>",
            released_version=1,
            released_by=self.by,
            released_at=NOW,
        )
        for _ in range(self.count):
            for states in ((State.OPEN, State.SUBMITTED), (State.SUBMITTED, State.OPEN)):
                Transition.objects.create(
                    cycle=cycle, from_state=states[0], to_state=states[1], by=self.by, at=NOW, reason="Once more"
                )

    def _another_contract(self, number: int) -> None:
        """Everybody works in it as well, and its quarter is in commentary."""
        other = factories.make_contract(f"other-{number}", f"C{number}", f"P{number}")
        for who, viewer in self.people.items():
            if who.party:
                role = Membership.objects.get(user=viewer.user, contract=self.contract).role
                Membership.objects.create(user=viewer.user, contract=other, party=who.party, role=role)
        self._measures(other)
        cycle = factories.open_cycle(other, Viewer(self.by, other, Who.OFFICER))
        self._words(cycle)
        factories.in_state(cycle, State.COMMENTARY)
        for quarter in self.quarters:
            Cycle.objects.create(contract=other, quarter=quarter, state=State.PAST)

    def _more_people(self) -> None:
        for number in range(1, self.count):
            user = factories.make_user(f"Director {number}")
            Membership.objects.create(user=user, contract=self.contract, party=Party.PROVIDER, role="director")

    def revise(self) -> Series:
        """The first measure's headline of Q2, revised `count` times; an import of it was undone as often."""
        series = Series.objects.get(measure__contract=self.contract, code="M1")
        first = Observation.objects.get(series=series, start=Q2.start)
        Observation.objects.filter(pk=first.pk).update(is_current=False)
        stamp = {"by": self.by, "at": NOW, "origin": "imported", "status": "final", "reason": "Once more"}
        for number in range(2, self.count + 2):
            latest = number == self.count + 1
            Observation.objects.create(series=series, period_kind="quarter", start=Q2.start, value=70 + number,
                                       revision=number, version=number, is_current=latest, **stamp)  # fmt: skip
            done = {"confirmed_by": self.by, "confirmed_at": NOW, "undone_by": self.by, "undone_at": NOW}
            batch = ImportBatch.objects.create(contract=self.contract, state="undone", by=self.by, uploaded_at=NOW,
                                               filename="a.csv", sha256="0" * 64, size=1, **done)  # fmt: skip
            batch.changes.create(series=series, period_kind="quarter", start=Q2.start, new={}, version=number - 1)
        return series

    def move(self, state: State, *, submitted_once: bool = False) -> None:
        self.cycle.submitted_once = submitted_once
        factories.in_state(self.cycle, state)

    @cached_property
    def some_series_id(self) -> int:
        """A monthly one in the middle of the list."""
        return Series.objects.get(measure__contract=self.contract, code="M1P1").pk
