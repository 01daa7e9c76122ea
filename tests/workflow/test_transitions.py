"""Opening a quarter and moving it: who, from which state, with what reason, and what is written."""

import datetime
import re
from decimal import Decimal

import pytest
from django.db import transaction

from accounts.denial import Denied, Published, WrongState
from accounts.models import AuditEntry
from accounts.roles import Party, Who
from commentary.models import Pane
from measures.entries import Entry, Status
from measures.models import AreaForImprovement, Cycle, Observation
from measures.quarters import Quarter
from measures.recording import Invalid, record
from measures.states import State
from tests import factories
from tests.factories import NOW, Q2
from workflow import areas, transitions
from workflow.models import Transition

LATER = NOW + datetime.timedelta(hours=1)
Q3 = Q2.next
# Verb -> the function, who may, from which states, to which state.
MOVES = {
    "submit": (transitions.submit, Who.ANALYST, {State.OPEN}, State.SUBMITTED),
    "send back": (transitions.send_back, Who.OFFICER, {State.SUBMITTED, State.COMMENTARY}, State.OPEN),
    "accept": (transitions.accept, Who.OFFICER, {State.SUBMITTED}, State.COMMENTARY),
}
WHO_MAY = {
    "submit": "Only an analyst of DCST may submit values.",
    "send back": "Only an officer of DMBC may send values back.",
    "accept": "Only an officer of DMBC may accept values.",
}
LIMIT = "Administrators look after people and set-up and see no unpublished figures or drafts."


def make_move(verb, by, cycle, reason="September is missing."):
    more = {"reason": reason} if verb == "send back" else {}
    return MOVES[verb][0](by=by, cycle=cycle, now=LATER, **more)


def written():
    return Transition.objects.count(), AuditEntry.objects.count()


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("verb", MOVES)
def test_who_moves_a_cycle_and_when(desk, verb, state):
    cycle = factories.in_state(desk.open(), state)
    _, mover, sources, target = MOVES[verb]
    before = written()
    for who in Who:
        if who is mover and state in sources:
            continue
        refused = {State.PUBLISHED: Published}.get(state, WrongState) if who is mover else Denied
        with pytest.raises(Denied) as raised:
            make_move(verb, desk.people[who], cycle)
        assert type(raised.value) is refused
        if who is not mover:
            assert raised.value.sentence == (LIMIT if who is Who.ADMINISTRATOR else WHO_MAY[verb])
        assert (Cycle.objects.get().state, written()) == (state, before)
    if state in sources:
        moved = make_move(verb, desk.people[mover], cycle)
        assert (moved.state, Cycle.objects.get().state) == (target, target)
        assert written() == (before[0] + 1, before[1] + 1)


def test_the_sentences_of_a_wrong_state(desk):
    cycle = desk.open()
    with pytest.raises(WrongState) as raised:
        transitions.accept(by=desk.officer, cycle=cycle, now=LATER)
    assert raised.value.sentence == "You can accept values while a quarter is submitted. Q2 2018/19 is open."
    with pytest.raises(WrongState) as raised:
        transitions.send_back(by=desk.officer, cycle=cycle, reason="Why", now=LATER)
    assert raised.value.sentence == (
        "You can send values back while a quarter is submitted or in commentary. Q2 2018/19 is open."
    )
    factories.in_state(cycle, State.PUBLISHED)
    with pytest.raises(Published) as raised:
        transitions.submit(by=desk.analyst, cycle=cycle, now=LATER)
    assert raised.value.sentence == "Q2 2018/19 is published, and what is published does not change."


def test_the_state_is_read_afresh(desk):
    """Two people with the same page open: the second is told, and moves nothing."""
    first, second = desk.open(), Cycle.objects.get()
    transitions.submit(by=desk.analyst, cycle=first, now=LATER)
    before = written()
    with pytest.raises(WrongState):
        transitions.submit(by=desk.analyst, cycle=second, now=LATER)
    assert written() == before


@pytest.mark.parametrize("reason", ["", "   ", "\n\t"])
def test_sending_back_needs_a_reason(desk, reason):
    cycle = factories.in_state(desk.open(), State.SUBMITTED)
    before = written()
    with pytest.raises(Invalid) as raised:
        transitions.send_back(by=desk.officer, cycle=cycle, reason=reason, now=LATER)
    assert list(raised.value.errors) == ["reason"]
    assert (Cycle.objects.get().state, written()) == (State.SUBMITTED, before)


def test_a_move_is_recorded_twice(desk):
    """In the cycle's own record and in the contract's chain, with the same facts."""
    cycle = factories.in_state(desk.open(), State.SUBMITTED)
    transitions.send_back(by=desk.officer, cycle=cycle, reason=" September is missing. ", now=LATER)
    moved = Transition.objects.order_by("id").last()
    assert (moved.cycle, moved.from_state, moved.to_state, moved.by, moved.at, moved.reason) == (
        *(cycle, State.SUBMITTED, State.OPEN, desk.officer.user, LATER),
        "September is missing.",
    )
    entry = AuditEntry.objects.order_by("number").last()
    assert (entry.act, entry.object, entry.old, entry.new, entry.by, entry.at, entry.reason) == (
        *("send back", "2018-Q2", {"state": "submitted"}, {"state": "open"}, desk.officer.user, LATER),
        "September is missing.",
    )


# Opening


def test_opening_makes_the_cycle_and_its_panes(desk):
    factories.make_measure(desk.contract, "Z1", last_quarter=Q2.previous)
    factories.make_measure(desk.contract, "Z2", first_quarter=Q3)
    cycle = desk.open()
    assert (cycle.state, cycle.quarter, cycle.submitted_once) == (State.OPEN, Q2, False)
    assert (cycle.values_due, cycle.commentary_due) == (datetime.date(2018, 10, 31), datetime.date(2018, 11, 16))
    panes = Pane.objects.filter(cycle=cycle).values_list("measure__code", "party", "draft", "version", "released")
    assert sorted(panes) == [
        ("B8", "commissioner", "", 0, None),
        ("B8", "provider", "", 0, None),
        ("E1", "commissioner", "", 0, None),
        ("E1", "provider", "", 0, None),
    ]
    moved = Transition.objects.get()
    assert (moved.from_state, moved.to_state, moved.reason) == ("", State.OPEN, "")
    entry = AuditEntry.objects.get()
    assert (entry.act, entry.object, entry.old, entry.new) == ("open", "2018-Q2", {"state": ""}, {"state": "open"})


def test_due_dates_follow_the_contract(desk):
    desk.contract.values_due_days, desk.contract.commentary_due_days = 10, 20
    assert transitions.due_dates(desk.contract, Q2) == (datetime.date(2018, 10, 10), datetime.date(2018, 10, 20))


@pytest.mark.parametrize("who", [who for who in Who if who is not Who.OFFICER])
def test_an_officer_alone_opens(desk, who):
    with pytest.raises(Denied) as raised:
        transitions.open_cycle(by=desk.people[who], quarter=Q2, today=Q2.start, now=NOW)
    expected = LIMIT if who is Who.ADMINISTRATOR else "Only an officer of DMBC may open a quarter."
    assert (type(raised.value), raised.value.sentence) == (Denied, expected)
    assert (Cycle.objects.count(), written()) == (0, (0, 0))


def test_areas_are_carried_over(desk):
    first = desk.open()
    gone = factories.make_measure(desk.contract, "Z1", last_quarter=Q2)
    for measure, reason in ((desk.measure, "Below tolerance twice."), (gone, "Ends now.")):
        areas.add_area(by=desk.officer, cycle=first, measure=measure, reason=reason, now=NOW)
    second = transitions.open_cycle(by=desk.officer, quarter=Q3, today=Q3.start, now=LATER)
    carried = AreaForImprovement.objects.filter(cycle=second)
    assert [(area.measure, area.reason, area.by, area.at) for area in carried] == [
        (desk.measure, "Below tolerance twice.", desk.officer.user, LATER)
    ]
    assert AreaForImprovement.objects.filter(cycle=first).count() == 2


@pytest.mark.parametrize("quarter", [Q2, Q2.previous, Q3.next, Quarter(2030, 1)], ids=lambda quarter: quarter.code)
def test_the_next_quarter_alone_is_opened(desk, quarter):
    desk.open()
    before = written()
    with pytest.raises(WrongState, match=re.escape(f"{quarter.label} cannot be opened now")):
        transitions.open_cycle(by=desk.officer, quarter=quarter, today=quarter.start, now=NOW)
    assert (Cycle.objects.count(), written()) == (1, before)


def test_at_most_one_quarter_ahead(desk):
    today = Q2.end
    for quarter in (Q2, Q3):
        transitions.open_cycle(by=desk.officer, quarter=quarter, today=today, now=NOW)
    with pytest.raises(WrongState):
        transitions.open_cycle(by=desk.officer, quarter=Q3.next, today=today, now=NOW)
    opened = transitions.open_cycle(by=desk.officer, quarter=Q3.next, today=Q3.start, now=NOW)
    assert opened.quarter == Q3.next


def test_the_first_quarter_lies_in_the_last_year_and_after_the_past_ones(desk):
    factories.make_cycle(desk.contract, Q2.previous)
    for quarter, today in [(Q2.previous, Q2.start), (Q2, Q2.shift(5).start), (Q2.shift(2), Q2.start)]:
        with pytest.raises(WrongState):
            transitions.open_cycle(by=desk.officer, quarter=quarter, today=today, now=NOW)
    opened = transitions.open_cycle(by=desk.officer, quarter=Q2, today=Q2.shift(4).start, now=NOW)
    assert opened.quarter == Q2


def test_contracts_do_not_stand_in_each_others_way(desk, elsewhere):
    desk.open()
    assert elsewhere.open().quarter == Q2
    assert {(cycle.contract, cycle.quarter) for cycle in Cycle.objects.all()} == {
        (desk.contract, Q2),
        (elsewhere.contract, Q2),
    }
    assert set(Pane.objects.values_list("cycle__contract", "measure__contract")) == {
        (desk.contract.pk, desk.contract.pk),
        (elsewhere.contract.pk, elsewhere.contract.pk),
    }


# Submitting, and correcting after a submission


def hold(desk, cycle, value, version=0, **rest):
    entry = Entry(value=Decimal(value))
    return record(
        by=desk.analyst, cycle=cycle, series=desk.series, period=Q2, entry=entry, version=version, now=NOW, **rest
    )


def submitted(value, status="final"):
    """What the chain says of a value held without counts."""
    return {"value": value, "numerator": None, "denominator": None, "status": status, "illustrative": False}


def test_a_submission_keeps_every_value_in_the_chain(desk, elsewhere):
    monthly = factories.make_series(
        desk.volumetric, unit="count", polarity="neutral", frequency="month", derivation="mean_of_months"
    )
    cycle = desk.open()
    hold(desk, cycle, "84.210526")
    entries = [Entry(value=Decimal(1900)), Entry(value=Decimal("1896")), Entry(status=Status.NOT_AVAILABLE)]
    for month, entry in zip(Q2.months, entries, strict=True):
        record(by=desk.analyst, cycle=cycle, series=monthly, period=month, entry=entry, version=0, now=NOW)
    foreign = elsewhere.open()
    hold(elsewhere, foreign, 12)
    transitions.submit(by=desk.analyst, cycle=cycle, now=LATER)
    assert AuditEntry.objects.filter(contract=desk.contract).last().new == {
        "state": "submitted",
        "values": {
            "B8 B8 2018-Q2": submitted("84.210526"),
            "E1 E1 2018-07": submitted("1900"),
            "E1 E1 2018-08": submitted("1896"),
            "E1 E1 2018-09": submitted(None, status="not_available"),
            "E1 E1 2018-Q2": submitted("1898", status="provisional"),
        },
    }
    assert Cycle.objects.get(pk=cycle.pk).submitted_once


def test_a_value_sent_back_changes_with_a_reason_and_as_a_revision(desk):
    cycle = desk.open()
    first = hold(desk, cycle, 70)
    transitions.submit(by=desk.analyst, cycle=cycle, now=LATER)
    transitions.send_back(by=desk.officer, cycle=cycle, reason="Check the cohort.", now=LATER)
    with pytest.raises(Invalid) as raised:
        hold(desk, cycle, 71, version=1)
    assert raised.value.errors == {"reason": "Say why the value changes: it was submitted before."}
    hold(desk, cycle, 71, version=1, reason="Two cases counted twice.")
    rows = Observation.objects.order_by("revision").values_list("revision", "value", "is_current", "reason")
    assert list(rows) == [(1, 70, False, ""), (2, 71, True, "Two cases counted twice.")]
    first.refresh_from_db()
    assert first.value == 70
    transitions.submit(by=desk.analyst, cycle=cycle, now=LATER)
    entries = AuditEntry.objects.filter(act="submit").order_by("number")
    assert [entry.new["values"] for entry in entries] == [
        {"B8 B8 2018-Q2": submitted("70")},
        {"B8 B8 2018-Q2": submitted("71")},
    ]


def test_a_value_corrected_before_the_first_submission_is_no_revision(desk):
    cycle = desk.open()
    hold(desk, cycle, 70)
    hold(desk, cycle, 71, version=1)
    assert list(Observation.objects.values_list("revision", "value")) == [(1, 71)]


def test_once_submitted_stays_so(desk):
    cycle = desk.open()
    transitions.submit(by=desk.analyst, cycle=cycle, now=LATER)
    transitions.accept(by=desk.officer, cycle=cycle, now=LATER)
    transitions.send_back(by=desk.officer, cycle=cycle, reason="Why", now=LATER)
    held = Cycle.objects.get()
    assert (held.state, held.submitted_once) == (State.OPEN, True)


def test_texts_stay_when_values_go_back(desk):
    cycle = desk.open()
    transitions.submit(by=desk.analyst, cycle=cycle, now=LATER)
    transitions.accept(by=desk.officer, cycle=cycle, now=LATER)
    desk.release(cycle, Party.PROVIDER)
    transitions.send_back(by=desk.officer, cycle=cycle, reason="Why", now=LATER)
    panes = Pane.objects.filter(cycle=cycle, party=Party.PROVIDER).values_list("released", flat=True)
    assert list(panes) == ["<p>A text.</p>"] * 2


def test_a_failing_move_leaves_nothing(desk):
    cycle = desk.open()
    before = written()
    with pytest.raises(RuntimeError), transaction.atomic():
        transitions.submit(by=desk.analyst, cycle=cycle, now=LATER)
        raise RuntimeError
    held = Cycle.objects.get()
    assert (held.state, held.submitted_once, written()) == (State.OPEN, False, before)


def test_a_member_of_another_contract_cannot_move_this_one(desk, elsewhere):
    cycle = desk.open()
    elsewhere.open()
    with pytest.raises(Denied):
        transitions.submit(by=elsewhere.analyst, cycle=cycle, now=LATER)
    assert Cycle.objects.get(pk=cycle.pk).state == State.OPEN
