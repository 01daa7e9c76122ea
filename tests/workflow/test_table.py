"""The moves as data, the quarter that may be opened, and whose turn it is."""

import datetime

import pytest

from accounts.roles import Party
from measures.quarters import Quarter
from measures.rights import RIGHTS, Act
from measures.states import State
from workflow.table import ACCEPT, MOVES, OPEN, SEND_BACK, SUBMIT, TURN, Move, openable, turn

BOTH = frozenset(Party)
NOBODY = frozenset()


def quarter(text):
    return Quarter.parse(text)


def test_the_moves_are_those_of_the_design():
    assert MOVES == (OPEN, SUBMIT, SEND_BACK, ACCEPT)
    assert [(move.verb, sorted(move.sources), move.target, move.needs_reason) for move in MOVES] == [
        ("open", [], State.OPEN, False),
        ("submit", [State.OPEN], State.SUBMITTED, False),
        ("send back", [State.COMMENTARY, State.SUBMITTED], State.OPEN, True),
        ("accept", [State.SUBMITTED], State.COMMENTARY, False),
    ]


@pytest.mark.parametrize("move", [SUBMIT, SEND_BACK, ACCEPT], ids=lambda move: move.verb)
def test_the_rights_allow_a_move_in_its_own_states_alone(move):
    [states] = RIGHTS[move.act].values()
    assert states == move.sources


def test_a_cycle_is_opened_in_any_state_of_the_others():
    [states] = RIGHTS[OPEN.act].values()
    assert (OPEN.act, states) == (Act.OPEN_CYCLE, frozenset(State))


def test_each_act_has_one_move():
    assert len({move.act for move in MOVES}) == len({move.verb for move in MOVES}) == len(MOVES)


def test_a_move_does_not_change():
    with pytest.raises(AttributeError):
        OPEN.target = State.PUBLISHED
    assert Move(Act.OPEN_CYCLE, "open", frozenset(), State.OPEN) == OPEN


class TestOpenable:
    """A pure rule: no database."""

    @staticmethod
    def of(today, *held):
        found = openable([(quarter(label), state) for label, state in held], datetime.date.fromisoformat(today))
        return [each.label for each in found.quarters], found.offered and found.offered.label

    @pytest.mark.parametrize(("latest", "today", "expected"), [
        # The next one, however far behind.
        ("Q1 2018/19", "2018-11-11", "Q2 2018/19"),
        ("Q2 2015/16", "2018-11-11", "Q3 2015/16"),
        ("Q2 2018/19", "2018-11-11", "Q3 2018/19"),
        # At most one ahead of today.
        ("Q3 2018/19", "2018-11-11", "Q4 2018/19"),
        ("Q4 2018/19", "2018-11-11", None),
        ("Q4 2018/19", "2018-12-31", None),
        ("Q4 2018/19", "2019-01-01", "Q1 2019/20"),
        ("Q2 2020/21", "2018-11-11", None),
    ])  # fmt: skip
    @pytest.mark.parametrize("state", [State.OPEN, State.PUBLISHED])
    def test_after_one_that_was_opened(self, latest, today, expected, state):
        found = self.of(today, ("Q4 2014/15", State.PAST), (latest, state), ("Q1 2015/16", State.PUBLISHED))
        assert found == ([expected] if expected else [], expected)

    @pytest.mark.parametrize(("today", "running"), [
        ("2018-11-11", "Q3 2018/19"), ("2018-12-31", "Q3 2018/19"), ("2019-01-01", "Q4 2018/19"),
    ])  # fmt: skip
    def test_the_first_is_chosen_and_today_s_is_offered(self, today, running):
        choice = [quarter(running).shift(back).label for back in range(-4, 2)]
        assert self.of(today) == (choice, running)

    def test_long_past_quarters_do_not_hold_a_contract_back(self):
        quarters, offered = self.of("2026-11-11", ("Q2 2018/19", State.PAST))
        assert (quarters[0], offered) == ("Q3 2025/26", "Q3 2026/27")

    def test_the_first_comes_after_every_past_quarter(self):
        held = [("Q1 2018/19", State.PAST), ("Q4 2017/18", State.PAST)]
        assert self.of("2018-11-11", *held) == (["Q2 2018/19", "Q3 2018/19", "Q4 2018/19"], "Q3 2018/19")

    def test_past_quarters_up_to_today(self):
        assert self.of("2018-11-11", ("Q3 2018/19", State.PAST)) == (["Q4 2018/19"], "Q4 2018/19")
        assert self.of("2018-11-11", ("Q4 2018/19", State.PAST)) == ([], None)


@pytest.mark.parametrize("waiting", [NOBODY, frozenset({Party.COMMISSIONER}), frozenset({Party.PROVIDER}), BOTH])
def test_in_commentary_it_is_the_turn_of_those_who_have_not_released(waiting):
    assert turn(State.COMMENTARY, waiting=waiting) == waiting


@pytest.mark.parametrize(("state", "expected"), [
    (State.PAST, NOBODY),
    (State.OPEN, frozenset({Party.PROVIDER})),
    (State.SUBMITTED, frozenset({Party.COMMISSIONER})),
    (State.AGREED, NOBODY),
    (State.PUBLISHED, NOBODY),
])  # fmt: skip
@pytest.mark.parametrize("waiting", [NOBODY, BOTH])
def test_elsewhere_the_state_alone_decides(state, expected, waiting):
    assert turn(state, waiting=waiting) == expected


def test_every_state_has_a_turn():
    assert set(TURN) | {State.COMMENTARY} == set(State)
