"""The stage strip, whose turn it is in words, and the lines of the landing page."""

import datetime

import pytest

from accounts.roles import Party, Who
from accounts.viewer import Viewer
from commentary import panes
from commentary.models import Pane
from measures import scorecard
from measures.models import Cycle
from measures.pages import Place
from measures.states import State
from tests import factories
from tests.factories import NOW, Q2, TODAY
from workflow import board, transitions

NOBODY = frozenset()
BOTH = frozenset(Party)
LATER = NOW + datetime.timedelta(hours=1)


def day(text):
    return datetime.date.fromisoformat(text)


@pytest.fixture
def cycle(desk):
    return desk.open()


@pytest.mark.parametrize(("days", "words"), [
    (None, ""),
    (0, "today"),
    (1, "1 day left"),
    (5, "5 days left"),
    (-1, "1 day late"),
    (-12, "12 days late"),
])  # fmt: skip
def test_days_in_words(days, words):
    assert board.left(days) == words


@pytest.mark.parametrize(("state", "today", "waiting", "words"), [
    (State.OPEN, "2018-10-26", NOBODY, "DCST’s turn, due 31 October 2018, 5 days left"),
    (State.OPEN, "2018-10-31", NOBODY, "DCST’s turn, due 31 October 2018, today"),
    (State.OPEN, "2018-11-11", NOBODY, "DCST’s turn, due 31 October 2018, 11 days late"),
    (State.SUBMITTED, "2018-11-11", BOTH, "DMBC’s turn, due 16 November 2018, 5 days left"),
    (State.COMMENTARY, "2018-11-11", BOTH, "DMBC’s and DCST’s turn, due 16 November 2018, 5 days left"),
    (State.COMMENTARY, "2018-11-15", {Party.COMMISSIONER}, "DMBC’s turn, due 16 November 2018, 1 day left"),
    (State.COMMENTARY, "2018-11-17", {Party.PROVIDER}, "DCST’s turn, due 16 November 2018, 1 day late"),
    (State.COMMENTARY, "2018-11-17", NOBODY, ""),
    (State.AGREED, "2018-11-17", BOTH, ""),
    (State.PUBLISHED, "2018-11-17", BOTH, ""),
    (State.PAST, "2018-11-17", BOTH, ""),
])  # fmt: skip
def test_whose_turn_until_when(desk, cycle, state, today, waiting, words):
    factories.in_state(cycle, state)
    assert board.turn_of(cycle, desk.contract, frozenset(waiting), day(today)).words == words


def test_a_turn_counts_days_from_today(desk, cycle):
    found = board.turn_of(cycle, desk.contract, NOBODY, day("2018-11-03"))
    assert (found.parties, found.due, found.days_left) == ({Party.PROVIDER}, day("2018-10-31"), -3)


@pytest.mark.parametrize(("state", "places"), [
    (State.OPEN, ["now", "", "", "", ""]),
    (State.SUBMITTED, ["done", "now", "", "", ""]),
    (State.COMMENTARY, ["done", "done", "now", "", ""]),
    (State.AGREED, ["done", "done", "done", "now", ""]),
    (State.PUBLISHED, ["done", "done", "done", "done", "now"]),
])  # fmt: skip
def test_the_strip(desk, cycle, state, places):
    factories.in_state(cycle, state)
    now = board.turn_of(cycle, desk.contract, BOTH, TODAY)
    strip = board.stages(cycle, now)
    assert [stage.label for stage in strip] == ["Open", "Values submitted", "Commentary", "Agreed", "Published"]
    assert [stage.place for stage in strip] == places
    assert [stage.note for stage in strip] == [now.words if place == "now" else "" for place in places]


def test_the_committee_takes_the_quarter_at_the_end_of_the_strip(desk, cycle):
    now = board.turn_of(cycle, desk.contract, BOTH, TODAY)
    strip = board.stages(cycle, now, day("2018-12-12"))
    assert strip == (*board.stages(cycle, now), board.Stage("Committee 12 December 2018", ""))
    factories.in_state(cycle, State.PAST)
    assert board.stages(cycle, now, day("2018-12-12")) == ()


def test_a_past_quarter_has_no_strip(desk, cycle):
    factories.in_state(cycle, State.PAST)
    assert board.stages(cycle, board.turn_of(cycle, desk.contract, NOBODY, TODAY)) == ()


# Who is waited for, from the panes


def waited_for(desk, cycle):
    """By the scorecard's way, which must agree with that of the landing page."""
    card = scorecard.build(cycle, desk.officer)
    found = board.waiting_on(card, panes.marks(cycle))
    assert found == panes.waiting_by_cycle([cycle.pk]).get(cycle.pk, NOBODY)
    return found


def test_both_are_waited_for_until_they_have_released(desk, cycle):
    factories.in_state(cycle, State.COMMENTARY)
    assert waited_for(desk, cycle) == BOTH
    desk.release(cycle, Party.COMMISSIONER, desk.measure)
    assert waited_for(desk, cycle) == BOTH
    desk.release(cycle, Party.COMMISSIONER)
    assert waited_for(desk, cycle) == {Party.PROVIDER}
    # The provider's comment on a volumetric measure is optional, the commissioner's response is not.
    desk.release(cycle, Party.PROVIDER, desk.measure)
    assert waited_for(desk, cycle) == NOBODY


def test_a_draft_does_not_count(desk, cycle):
    factories.in_state(cycle, State.COMMENTARY)
    Pane.objects.filter(cycle=cycle).update(draft="<p>A draft.</p>", version=3, saved_at=NOW)
    assert waited_for(desk, cycle) == BOTH


# What a person may do


def moves(desk, cycle, who):
    place = Place(desk.people[who], cycle, (cycle,))
    return [(link.label, link.url.removeprefix("/c/childrens-services/2018-Q2/")) for link in board.moves(place)]


SUBMIT, ACCEPT, SEND_BACK = (
    ("Submit values", "submit/"),
    ("Accept values", "accept/"),
    ("Send values back", "send-back/"),
)
OFFERED = {
    (Who.ANALYST, State.OPEN): [SUBMIT],
    (Who.OFFICER, State.SUBMITTED): [ACCEPT, SEND_BACK],
    (Who.OFFICER, State.COMMENTARY): [SEND_BACK],
}


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("who", Who)
def test_the_moves_that_are_offered(desk, cycle, who, state):
    factories.in_state(cycle, state)
    assert moves(desk, cycle, who) == OFFERED.get((who, state), [])


@pytest.mark.parametrize("who", [Who.OFFICER, Who.COMMISSIONER_DIRECTOR])
def test_the_commissioner_is_told_why_there_are_no_figures(desk, cycle, who):
    place = Place(desk.people[who], cycle, (cycle,))
    assert board.waiting_for_figures(scorecard.build(cycle, place.viewer), place) == (
        "DCST has not submitted its values for Q2 2018/19 yet. They are due on 31 October 2018; "
        "earlier quarters are shown."
    )
    factories.in_state(cycle, State.SUBMITTED)
    assert board.waiting_for_figures(scorecard.build(cycle, place.viewer), place) == ""


def test_the_provider_sees_its_figures_always(desk, cycle):
    place = Place(desk.analyst, cycle, (cycle,))
    assert board.waiting_for_figures(scorecard.build(cycle, place.viewer), place) == ""


def test_why_a_quarter_came_back(desk, cycle):
    assert board.sent_back(cycle) is None
    cycle = transitions.submit(by=desk.analyst, cycle=cycle, now=NOW)
    assert board.sent_back(cycle) is None
    cycle = transitions.send_back(by=desk.officer, cycle=cycle, reason="September is missing.", now=NOW)
    cycle = transitions.submit(by=desk.analyst, cycle=cycle, now=NOW)
    cycle = transitions.send_back(by=desk.officer, cycle=cycle, reason="Check the cohort.", now=LATER)
    assert board.sent_back(cycle) == board.SentBack(desk.officer.user.name, LATER, "Check the cohort.")
    cycle = transitions.submit(by=desk.analyst, cycle=cycle, now=LATER)
    assert board.sent_back(cycle) is None


# The landing page


def lines_of(viewer, today=TODAY):
    [found] = board.contract_lines([viewer], today)
    return found


def line(found):
    return [(each.quarter.label, each.state, each.turn.words, each.is_mine, each.may_open) for each in found.cycles]


@pytest.mark.parametrize(("who", "is_mine", "may_open"), [
    (Who.OFFICER, False, True),
    (Who.COMMISSIONER_DIRECTOR, False, True),
    (Who.ANALYST, True, True),
    (Who.PROVIDER_DIRECTOR, True, True),
    (Who.ADMINISTRATOR, False, False),
])  # fmt: skip
def test_a_line_says_whose_turn_it_is(desk, cycle, who, is_mine, may_open):
    turn = "DCST’s turn, due 31 October 2018, 11 days late"
    assert line(lines_of(desk.people[who])) == [("Q2 2018/19", State.OPEN, turn, is_mine, may_open)]


def test_lines_are_latest_first_and_past_quarters_apart(desk):
    for back in (3, 2, 1):
        Cycle.objects.create(contract=desk.contract, quarter=Q2.shift(-back), state=State.PAST)
    desk.open()
    transitions.open_cycle(by=desk.officer, quarter=Q2.next, today=TODAY, now=NOW)
    found = lines_of(desk.officer)
    assert [each.quarter.code for each in found.cycles] == ["2018-Q3", "2018-Q2"]
    assert [quarter.code for quarter in found.past] == ["2018-Q1", "2017-Q4", "2017-Q3"]
    assert found.viewer == desk.officer


def test_in_commentary_the_line_follows_the_panes(desk, cycle):
    factories.in_state(cycle, State.COMMENTARY)
    desk.release(cycle, Party.COMMISSIONER)
    assert line(lines_of(desk.officer)) == [
        ("Q2 2018/19", State.COMMENTARY, "DCST’s turn, due 16 November 2018, 5 days left", False, True)
    ]
    assert [each.is_mine for each in lines_of(desk.analyst).cycles] == [True]


@pytest.mark.parametrize("who", Who)
def test_the_officer_alone_is_offered_the_next_quarter(desk, cycle, who):
    expected = Q2.next if who is Who.OFFICER else None
    assert lines_of(desk.people[who]).to_open == expected


def test_no_quarter_is_offered_while_the_next_is_ahead(desk, cycle):
    transitions.open_cycle(by=desk.officer, quarter=Q2.next, today=TODAY, now=NOW)
    assert lines_of(desk.officer, today=Q2.end).to_open is None
    assert lines_of(desk.officer, today=Q2.next.start).to_open == Q2.shift(2)


def test_a_contract_without_quarters(desk):
    found = lines_of(desk.officer)
    assert (found.cycles, found.past, found.to_open) == ((), (), Q2.next)


def test_each_contract_has_its_own_lines(desk, elsewhere):
    desk.open()
    theirs = factories.in_state(elsewhere.open(), State.SUBMITTED)
    both = Viewer(desk.officer.user, elsewhere.contract, Who.OFFICER)
    found = board.contract_lines([desk.officer, both], TODAY)
    assert [[each.state for each in one.cycles] for one in found] == [[State.OPEN], [theirs.state]]
    assert [one.cycles[0].turn.names for one in found] == ["DCST’s", "Borough’s"]
