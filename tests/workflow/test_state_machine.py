"""Every write function called by anybody at any moment, against a model in plain Python (tests/cyclemodel.py).

After each step the rows are what the model says: no more, no less, and nobody reads what they may not.
"""

import datetime
import os
from collections import Counter
from decimal import Decimal

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from accounts import audit
from accounts.denial import Denied
from accounts.models import AuditEntry, Membership
from accounts.roles import Party, Who
from accounts.viewer import Viewer
from commentary import drafting, panes
from commentary.models import Pane, PaneVersion
from commentary.sanitising import TooLarge
from measures import recording, scorecard
from measures.entries import Entry, Status
from measures.models import AreaForImprovement, Cycle, Observation
from measures.quarters import Quarter
from measures.recording import Invalid
from measures.states import State
from tests import factories
from tests.cyclemodel import MAY, MONTHLY, QUARTERLY, Model, Person, Revision
from workflow import transitions
from workflow.areas import add_area, remove_area
from workflow.models import Transition

FULL = bool(os.environ.get("PERFMON_TEST_FULL"))
EXAMPLES, STEPS = (250 if FULL else 50), 40

FIRST = Quarter.parse("Q2 2018/19")
LAST = FIRST.next
TODAY = FIRST.start
MEASURES = [QUARTERLY, MONTHLY]
SETTLED = (State.AGREED, State.PUBLISHED)

RIGHT = "the right person"
OUTSIDERS = ["officer elsewhere", "analyst elsewhere"]
READERS = ["officer", "analyst", "commissioner's director", "provider's director", "administrator"]
PEOPLE = [*READERS, "second officer"]


def mostly(usual: list, odd: list) -> st.SearchStrategy:
    """Four in five of the first: what is refused leads nowhere."""
    return st.one_of(*[st.sampled_from(usual)] * 4, st.sampled_from(odd))


somebody = mostly([RIGHT], PEOPLE + OUTSIDERS)
which = st.integers(0, 1)
party = st.sampled_from(list(Party))
measure = st.sampled_from(MEASURES)
words = st.sampled_from(["<p>One</p>", "<p>One two</p>", "<p>Three</p>"])
text = st.one_of(words, words, st.sampled_from(["<p></p>", "a" * 50_001]))
# How far the version seen is from the one held.
behind = mostly([0], [1, -1])
minutes = st.sampled_from([1, 1, 11])
reason = mostly(["Because", "Another reason"], [" "])
figure = mostly(
    [(Decimal(7), "final"), (Decimal(70), "final"), (Decimal(0), "final"), (None, "not_available")],
    [*((Decimal(number), "final") for number in ("101", "-1", "0.5")), (None, "final"), (Decimal(7), "suppressed")],
)


class World:
    """The rows that every example starts from."""

    def __init__(self) -> None:
        self.contract = factories.make_contract()
        members = factories.make_members(self.contract)
        second = factories.make_user("Second Officer")
        Membership.objects.create(user=second, contract=self.contract, party="commissioner", role="officer")
        members_elsewhere = factories.make_members(
            factories.make_contract("leisure", commissioner="Borough", provider="Leisure Trust")
        )
        self.viewers = {str(who): viewer for who, viewer in members.items()}
        self.viewers["second officer"] = Viewer(second, self.contract, Who.OFFICER)
        self.viewers |= {f"{who} elsewhere": members_elsewhere[who] for who in (Who.OFFICER, Who.ANALYST)}
        self.people = {name: Person(name, viewer.who) for name, viewer in self.viewers.items()}
        self.names = {viewer.user.pk: name for name, viewer in self.viewers.items()}
        self.measures = {code: factories.make_measure(self.contract, code) for code in MEASURES}
        monthly = {"unit": "count", "polarity": "neutral", "derivation": "sum", "frequency": "month"}
        self.series = {
            QUARTERLY: factories.make_series(self.measures[QUARTERLY], maximum=Decimal(100)),
            MONTHLY: factories.make_series(self.measures[MONTHLY], **monthly),
        }
        self.codes = {series.pk: code for code, series in self.series.items()}


def refusal_of(act) -> str:
    """The name of the refusal, empty when the act was done."""
    try:
        act()
    except (Denied, Invalid, TooLarge) as refusal:
        return type(refusal).__name__
    except Exception as refusal:
        # The model has classes of its own for what the program refuses with the same name.
        if type(refusal).__module__ == Model.__module__:
            return type(refusal).__name__
        raise
    return ""


def quarter_of(row: Observation) -> Quarter:
    return Quarter.containing(row.start)


def as_submitted(row: Observation) -> tuple:
    return row.value, row.status, row.revision, row.at, row.by_id


class Workflow(RuleBasedStateMachine):
    world: World
    seen: Counter

    def __init__(self) -> None:
        super().__init__()
        self.atomic = transaction.atomic()
        self.atomic.__enter__()
        self.model = Model(MEASURES, FIRST, LAST)
        self.now = factories.NOW
        self.cycles: dict[Quarter, Cycle] = {}
        self.submitted: dict[int, tuple] = {}
        self.before_settling: dict[Quarter, State] = {}
        # The panes that the last step was about; None when it was about something else.
        self.touched: tuple[Quarter, str] | None = None

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.atomic.__exit__(None, None, None)

    # What the rules share.

    def quarter(self, which: int) -> Quarter:
        return sorted(self.cycles)[which % len(self.cycles)]

    def person(self, name: str, act: str) -> Person:
        """RIGHT stands for whoever the model lets do it."""
        if name == RIGHT:
            name = {Who.OFFICER: "officer", Who.ANALYST: "analyst"}[MAY[act][0]]
        return self.world.people[name]

    def viewer(self, person: Person) -> Viewer:
        return self.world.viewers[person.name]

    def compare(self, name: str, person: Person, expected, actual, touched=None) -> None:
        """Both must do it, or refuse for the same reason. Somebody of another contract is refused whatever the
        reason."""
        self.touched = touched
        if person.name in OUTSIDERS:
            with pytest.raises(Denied):
                actual()
            self.seen[name, "outsider"] += 1
            return
        wanted, got = refusal_of(expected), refusal_of(actual)
        assert got == wanted, f"{name} by {person.name}: {got or 'done'} instead of {wanted or 'done'}"
        self.seen[name, got] += 1
        if (name, got) == ("submit", ""):
            frozen = [quarter for quarter, cycle in self.model.cycles.items() if cycle.state is not State.OPEN]
            rows = [row for row in Observation.objects.filter(is_current=True) if quarter_of(row) in frozen]
            self.submitted |= {row.pk: as_submitted(row) for row in rows}

    # The acts.

    @initialize(moves=st.sampled_from([[], ["submit"], ["submit", "accept"]]))
    def first_quarter(self, moves) -> None:
        self.open(name="officer", quarter=FIRST)
        for verb in moves:
            self.move(RIGHT, 0, verb, "")

    @rule(name=st.sampled_from(PEOPLE + ["officer"] * 3), quarter=st.sampled_from([FIRST, LAST, LAST, LAST.next]))
    def open(self, name, quarter) -> None:
        person = self.world.people[name]

        def act() -> None:
            cycle = transitions.open_cycle(by=self.viewer(person), quarter=quarter, today=TODAY, now=self.now)
            self.cycles[quarter] = cycle

        self.compare("open", person, lambda: self.model.open(person, quarter), act)

    @rule(name=somebody, which=which, verb=st.sampled_from(["submit", "accept", "send back"]), reason=reason)
    def move(self, name, which, verb, reason) -> None:
        quarter, person = self.quarter(which), self.person(name, verb)
        calls = {"submit": transitions.submit, "accept": transitions.accept, "send back": transitions.send_back}
        more = {"reason": reason} if verb == "send back" else {}
        self.compare(
            verb,
            person,
            lambda: self.model.move(person, quarter, verb, reason if more else ""),
            lambda: calls[verb](by=self.viewer(person), cycle=self.cycles[quarter], now=self.now, **more),
        )

    def lead(self, which: int, to: State) -> bool:
        """Move a quarter there by the right people; False where it cannot be."""
        cycle = self.model.cycles[self.quarter(which)]
        while cycle.state is not to:
            verbs = {State.OPEN: "submit", State.SUBMITTED: "accept", State.COMMENTARY: "send back"}
            if cycle.state not in verbs:
                return False
            self.move(RIGHT, which, verbs[cycle.state], "Because")
        return True

    @rule(which=which, series=measure, month=st.integers(0, 2), figure=figure, behind=behind, reason=reason)
    def revise(self, which, series, month, figure, behind, reason) -> None:
        """A change after the values were submitted and sent back."""
        if self.lead(which, State.SUBMITTED):
            self.move(RIGHT, which, "send back", reason)
            self.record(RIGHT, which, series, month, figure, behind, reason)

    @rule(name=somebody, which=which, series=measure, month=st.sampled_from([0, 1, 2, 3]), figure=figure,
          behind=behind, reason=reason)  # fmt: skip
    def record(self, name, which, series, month, figure, behind, reason) -> None:
        quarter, person = self.quarter(which), self.person(name, "enter")
        periods = {QUARTERLY: [quarter, quarter, quarter, LAST], MONTHLY: [*quarter.months, quarter]}
        period, (value, status) = periods[series][month], figure
        version = max(0, self.model.held_version(series, period) + behind)
        typed = Revision(value, status, reason, person.name, version)
        self.compare(
            "record",
            person,
            lambda: self.model.record(person, quarter, series, period, typed),
            lambda: recording.record(
                by=self.viewer(person),
                cycle=self.cycles[quarter],
                series=self.world.series[series],
                period=period,
                entry=Entry(value, status=Status(status)),
                version=version,
                now=self.now,
                reason=reason,
            ),
        )

    def pane(self, quarter: Quarter, measure: str, party: Party) -> Pane:
        return Pane.objects.get(cycle=self.cycles[quarter], measure=self.world.measures[measure], party=party)

    @rule(name=somebody, which=which, measure=measure, party=party, text=text, behind=behind, minutes=minutes)
    def save(self, name, which, measure, party, text, behind, minutes) -> None:
        quarter, person = self.quarter(which), self.person(name, f"write {party}")
        pane = self.pane(quarter, measure, party)
        self.now += datetime.timedelta(minutes=minutes)
        version = max(0, pane.version + behind)
        self.compare(
            "save",
            person,
            lambda: self.model.save(person, quarter, measure, party, text, version, self.now),
            lambda: drafting.save(by=self.viewer(person), pane=pane, text=text, version=version, now=self.now),
            touched=(quarter, measure),
        )

    @rule(name=somebody, which=which, measure=measure, party=party, behind=behind)
    def release(self, name, which, measure, party, behind) -> None:
        quarter, person = self.quarter(which), self.person(name, f"release {party}")
        pane = self.pane(quarter, measure, party)
        version = max(0, pane.version + behind)
        self.compare(
            "release",
            person,
            lambda: self.model.release(person, quarter, measure, party, version, self.now),
            lambda: drafting.release(by=self.viewer(person), pane=pane, version=version, now=self.now),
            touched=(quarter, measure),
        )

    @rule(which=which, measure=measure, party=party, words=words, more=words, and_withdraw=st.booleans())
    def write_release_and_write_on(self, which, measure, party, words, more, and_withdraw) -> None:
        if self.lead(which, State.COMMENTARY):
            self.save(RIGHT, which, measure, party, words, behind=0, minutes=1)
            self.release(RIGHT, which, measure, party, behind=0)
            self.save(RIGHT, which, measure, party, more, behind=0, minutes=1)
            if and_withdraw:
                self.withdraw(RIGHT, which, measure, party, behind=0)

    @rule(name=somebody, which=which, measure=measure, party=party, behind=behind)
    def withdraw(self, name, which, measure, party, behind) -> None:
        quarter, person = self.quarter(which), self.person(name, f"release {party}")
        pane = self.pane(quarter, measure, party)
        version = max(0, (pane.released_version or 0) + behind)
        self.compare(
            "withdraw",
            person,
            lambda: self.model.withdraw(person, quarter, measure, party, version, self.now),
            lambda: drafting.withdraw(by=self.viewer(person), pane=pane, released_version=version, now=self.now),
            touched=(quarter, measure),
        )

    @rule(name=somebody, which=which, measure=measure, is_fitting=st.sampled_from([True, True, False]), reason=reason)
    def change_area(self, name, which, measure, is_fitting, reason) -> None:
        quarter, person = self.quarter(which), self.person(name, "choose")
        verb = "remove" if (measure in self.model.cycles[quarter].areas) == is_fitting else "add"
        call = {"add": add_area, "remove": remove_area}[verb]
        self.compare(
            f"{verb} area",
            person,
            lambda: self.model.change_area(person, quarter, verb, measure, reason),
            lambda: call(
                by=self.viewer(person),
                cycle=self.cycles[quarter],
                measure=self.world.measures[measure],
                reason=reason,
                now=self.now,
            ),
        )

    @rule(which=which, measure=measure, reason=reason)
    def change_area_and_back(self, which, measure, reason) -> None:
        for _ in range(2):
            self.change_area(RIGHT, which, measure, True, reason)

    @precondition(lambda self: any(cycle.state is State.COMMENTARY for cycle in self.model.cycles.values()))
    @rule(state=st.sampled_from(SETTLED))
    def settle(self, state) -> None:
        """Put a quarter past commentary by hand: the functions that lead there come later."""
        quarter = next(q for q, cycle in self.model.cycles.items() if cycle.state is State.COMMENTARY)
        self.before_settling[quarter] = State.COMMENTARY
        self._place(quarter, state)

    @precondition(lambda self: self.before_settling)
    @rule()
    def unsettle(self) -> None:
        self._place(*self.before_settling.popitem())

    def _place(self, quarter: Quarter, state: State) -> None:
        Cycle.objects.filter(pk=self.cycles[quarter].pk).update(state=state)
        self.model.cycles[quarter].state = state

    @rule(name=st.sampled_from(PEOPLE), which=which)
    def read_the_scorecard(self, name, which) -> None:
        quarter, person = self.quarter(which), self.world.people[name]
        cycle = Cycle.objects.get(pk=self.cycles[quarter].pk)
        card = scorecard.build(cycle, self.viewer(person))
        visible = self.model.may_see_figures(person, quarter)
        assert card.figures_visible is visible
        for row in card.rows:
            held = self.model.figures.get((row.code, quarter))
            assert row.headline.now.value == (held[-1].value if held and visible else None)
            others = {reading.quarter for reading in row.headline.history if reading.value is not None}
            assert all(self.model.may_see_figures(person, other) for other in others)
            assert row.area_reason == self.model.cycles[quarter].areas.get(row.code)
        self.seen["read", "figures" if visible else "no figures"] += 1

    # What holds after each step.

    @invariant()
    def cycles_and_their_paths_are_the_models(self) -> None:
        rows = {cycle.pk: cycle for cycle in Cycle.objects.filter(contract=self.world.contract)}
        assert {cycle.quarter: (cycle.state, cycle.submitted_once) for cycle in rows.values()} == {
            quarter: (cycle.state, cycle.was_submitted) for quarter, cycle in self.model.cycles.items()
        }
        paths: dict[Quarter, list] = {quarter: [] for quarter in self.model.cycles}
        steps = Transition.objects.order_by("id").values_list("cycle", "from_state", "to_state", "by", "reason")
        for key, start, end, by, reason in steps:
            paths[rows[key].quarter].append((start, end, self.world.names[by], reason))
        assert paths == {quarter: cycle.path for quarter, cycle in self.model.cycles.items()}
        for path in paths.values():
            arrivals = ["", *(step[1] for step in path)]
            assert [step[0] for step in path] == arrivals[:-1]

    @invariant()
    def audit_chain_holds_the_public_acts_and_no_other(self) -> None:
        entries = list(AuditEntry.objects.order_by("contract", "number"))
        acts = [(entry.act, entry.object, self.world.names[entry.by_id]) for entry in entries]
        assert acts == self.model.acts
        previous = audit.START
        for number, entry in enumerate(entries, start=1):
            assert (entry.number, entry.previous_hash) == (number, previous)
            names = ("contract_id", "number", "by_id", "at", "act", "object", "old", "new", "reason")
            previous = audit.entry_hash(previous_hash=previous, **{name: getattr(entry, name) for name in names})
            assert entry.hash == previous

    @invariant()
    def figures_are_the_models_and_what_was_submitted_stays(self) -> None:
        rows = list(Observation.objects.all())
        assert Counter(self._as_told(row) for row in rows) == Counter(self.model.rows())
        told = {row.pk: as_submitted(row) for row in rows}
        assert {key: told.get(key) for key in self.submitted} == self.submitted
        cycles = self.model.cycles.items()
        frozen = [q for q, cycle in cycles if cycle.state is not State.OPEN and not cycle.was_corrected]
        current = {row.pk for row in rows if row.is_current and quarter_of(row) in frozen}
        assert current <= set(self.submitted), "a frozen quarter has a figure that was never submitted"

    def _as_told(self, row: Observation) -> tuple:
        return (
            self.world.codes[row.series_id], row.period, row.revision, row.is_current, row.value, row.status,
            row.reason, self.world.names[row.by_id], row.version, row.origin, row.months_present,
        )  # fmt: skip

    @invariant()
    def areas_and_panes_are_the_models(self) -> None:
        areas = AreaForImprovement.objects.filter(cycle__contract=self.world.contract)
        assert {row[:2]: row[2] for row in areas.values_list("cycle__quarter", "measure__code", "reason")} == {
            (quarter, code): reason
            for quarter, cycle in self.model.cycles.items()
            for code, reason in cycle.areas.items()
        }
        names = ("draft", "version", "released", "released_version")
        rows = Pane.objects.order_by().values_list("cycle__quarter", "measure__code", "party", *names)
        assert {row[:3]: row[3:] for row in rows} == {
            (quarter, code, party): tuple(getattr(pane, name) for name in names)
            for quarter, cycle in self.model.cycles.items()
            for (code, party), pane in cycle.panes.items()
        }

    @invariant()
    def record_of_saves_is_the_models(self) -> None:
        if self.touched is None:
            return
        quarter, code = self.touched
        for party in Party:
            rows = PaneVersion.objects.filter(
                pane__cycle=self.cycles[quarter], pane__measure=self.world.measures[code], pane__party=party
            ).order_by("id")
            assert [
                (row.version, row.kind, row.text, self.world.names[row.by_id], row.at, row.is_open, row.begun_at)
                for row in rows
            ] == [tuple(vars(row).values()) for row in self.model.cycles[quarter].panes[code, party].record]

    @invariant()
    def each_reads_what_the_model_lets_them(self) -> None:
        if self.touched is None:
            return
        quarter, code = self.touched
        cycle = Cycle.objects.get(pk=self.cycles[quarter].pk)
        for name in READERS:
            person = self.world.people[name]
            for view in panes.pair(cycle, self.world.measures[code], self.viewer(person)):
                assert view.html == self.model.text_for(person, quarter, code, view.party)
                if person.party is not view.party:
                    own = (view.version, view.saved_at, view.saved_by_name, view.has_unreleased_changes)
                    assert own == (0, None, "", False)
                    assert (view.can_write, view.can_release, view.can_withdraw) == (False, False, False)


DONE = {"open", "submit", "accept", "send back", "record", "save", "release", "withdraw", "add area", "remove area"}
REFUSED = {"Denied", "WrongState", "Invalid", "outsider"}
READ = {"figures", "no figures"}


def test_the_program_does_what_the_model_says(db):
    class Here(Workflow):
        world = World()
        seen: Counter = Counter()

    run_state_machine_as_test(
        Here,
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=STEPS,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
    # Or the steps would say nothing.
    assert {act for act, outcome in Here.seen if not outcome} >= DONE
    assert {outcome for _, outcome in Here.seen} >= REFUSED | READ
