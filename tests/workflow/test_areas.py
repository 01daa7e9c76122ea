"""Areas for improvement: an officer's choice before agreement, each way with a reason that is recorded."""

import datetime

import pytest

from accounts.denial import Denied, Published, WrongState
from accounts.models import AuditEntry
from accounts.roles import Who
from measures.models import AreaForImprovement
from measures.recording import Invalid
from measures.states import State
from tests import factories
from tests.factories import NOW
from workflow.areas import LONGEST_REASON, add_area, remove_area

LATER = NOW + datetime.timedelta(hours=1)
BEFORE_AGREEMENT = {State.OPEN, State.SUBMITTED, State.COMMENTARY}


@pytest.fixture
def cycle(desk):
    return desk.open()


def change(desk, cycle, write=add_area, who=Who.OFFICER, reason="Below tolerance twice.", measure=None):
    return write(by=desk.people[who], cycle=cycle, measure=measure or desk.measure, reason=reason, now=LATER)


def held(cycle):
    return list(AreaForImprovement.objects.filter(cycle=cycle).values_list("measure__code", "reason"))


def test_an_area_is_added_and_recorded(desk, cycle):
    area = change(desk, cycle, reason="  Below tolerance twice.  ")
    assert (area.measure, area.reason, area.by, area.at) == (
        *(desk.measure, "Below tolerance twice."),
        *(desk.officer.user, LATER),
    )
    entry = AuditEntry.objects.last()
    assert (entry.act, entry.object, entry.reason, entry.by, entry.at, entry.old, entry.new) == (
        *("add area for improvement", "2018-Q2 B8", "Below tolerance twice."),
        *(desk.officer.user, LATER, None, None),
    )


def test_an_area_is_removed_and_recorded(desk, cycle):
    change(desk, cycle)
    change(desk, cycle, measure=desk.volumetric)
    change(desk, cycle, remove_area, reason="On target for a year.")
    assert held(cycle) == [("E1", "Below tolerance twice.")]
    entry = AuditEntry.objects.last()
    assert (entry.act, entry.object, entry.reason) == (
        *("remove area for improvement", "2018-Q2 B8"),
        "On target for a year.",
    )


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("who", Who)
def test_who_chooses_and_when(desk, cycle, who, state):
    factories.in_state(cycle, state)
    for write in (add_area, remove_area):
        if who is Who.OFFICER and state in BEFORE_AGREEMENT:
            change(desk, cycle, write, who)
            continue
        before = AuditEntry.objects.count()
        with pytest.raises(Denied) as raised:
            change(desk, cycle, write, who)
        wrong_moment = Published if state is State.PUBLISHED else WrongState
        assert type(raised.value) is (wrong_moment if who is Who.OFFICER else Denied)
        assert AuditEntry.objects.count() == before
    assert held(cycle) == []


@pytest.mark.parametrize("write", [add_area, remove_area])
@pytest.mark.parametrize(("reason", "message"), [
    ("", "Say why: both parties read it."),
    (" \n ", "Say why: both parties read it."),
    ("x" * (LONGEST_REASON + 1), "Use 500 characters or fewer; this has 501."),
])  # fmt: skip
def test_a_reason_is_needed(desk, cycle, write, reason, message):
    change(desk, cycle, measure=desk.volumetric)
    before = AuditEntry.objects.count()
    measure = desk.measure if write is add_area else desk.volumetric
    with pytest.raises(Invalid) as raised:
        change(desk, cycle, write, reason=reason, measure=measure)
    assert raised.value.errors == {"reason": message}
    assert (held(cycle), AuditEntry.objects.count()) == ([("E1", "Below tolerance twice.")], before)


def test_the_longest_reason_is_stored_whole(desk, cycle):
    change(desk, cycle, reason="x" * LONGEST_REASON)
    assert held(cycle) == [("B8", "x" * LONGEST_REASON)]


def test_twice_is_refused(desk, cycle):
    change(desk, cycle)
    with pytest.raises(WrongState, match="^B8 is an area for improvement already.$"):
        change(desk, cycle, reason="Again")
    assert held(cycle) == [("B8", "Below tolerance twice.")]


def test_removing_what_is_none_is_refused(desk, cycle):
    with pytest.raises(WrongState, match="^B8 is not an area for improvement.$"):
        change(desk, cycle, remove_area)


def test_one_quarter_at_a_time(desk, cycle):
    change(desk, cycle)
    following = desk.open(cycle.quarter.next)
    change(desk, following, remove_area, reason="Done")
    assert (held(cycle), held(following)) == ([("B8", "Below tolerance twice.")], [])


def test_a_measure_of_another_contract_is_refused(desk, cycle, elsewhere):
    with pytest.raises(Denied):
        change(desk, cycle, measure=elsewhere.measure)
    assert held(cycle) == []


def test_an_officer_of_another_contract_is_refused(desk, cycle, elsewhere):
    with pytest.raises(Denied):
        add_area(by=elsewhere.officer, cycle=cycle, measure=desk.measure, reason="Why", now=LATER)
    assert held(cycle) == []
