"""The rights table against the design's, written out here once more by hand."""

import itertools

import pytest

from accounts.denial import Denied, Published, WrongState
from accounts.roles import Party, Who
from measures.quarters import Quarter
from measures.rights import (
    ANSWER_TARGET,
    RELEASE_PANE,
    RETRACT_TARGET,
    RIGHTS,
    WHO_WORDS,
    WRITE_PANE,
    Act,
    Names,
    check,
    check_standing,
    may,
)
from measures.states import State

Q2 = Quarter(2018, 2)
NAMES = Names("DMBC", "DCST")
# States by their letters: Past, Open, Submitted, Commentary, Agreed, publisheD.
LETTERS = dict(zip("POSCAD", State, strict=True))
OFFICER, ANALYST, COUNCIL, TRUST, ADMIN = Who
WRITTEN = {
    Act.SEE_CYCLE: {OFFICER: "POSCAD", ANALYST: "POSCAD", COUNCIL: "POSCAD", TRUST: "POSCAD", ADMIN: "P"},
    Act.SEE_FIGURES: {OFFICER: "PSCAD", ANALYST: "POSCAD", COUNCIL: "PSCAD", TRUST: "POSCAD", ADMIN: "P"},
    Act.SEE_ENTRY: {ANALYST: "POSCAD", TRUST: "POSCAD"},
    Act.ENTER_VALUES: {ANALYST: "O"},
    Act.CORRECT_VALUES: {ANALYST: "PD"},
    Act.IMPORT_FILES: {OFFICER: "POSCAD", ANALYST: "POSCAD", ADMIN: "POSCAD"},
    Act.LOOK_AFTER_PEOPLE: {ADMIN: "POSCAD"},
    Act.SET_UP: {ADMIN: "POSCAD"},
    Act.ADD_BENCHMARK: {OFFICER: "POSCAD", ANALYST: "POSCAD", ADMIN: "POSCAD"},
    Act.RECORD_EVENT: {OFFICER: "POSCAD", ANALYST: "POSCAD", COUNCIL: "POSCAD", TRUST: "POSCAD"},
    Act.PROPOSE_TARGET: {OFFICER: "POSCAD", COUNCIL: "POSCAD", TRUST: "POSCAD"},
    Act.ANSWER_COMMISSIONER: {TRUST: "POSCAD"},
    Act.ANSWER_PROVIDER: {COUNCIL: "POSCAD"},
    Act.RETRACT_COMMISSIONER: {OFFICER: "POSCAD", COUNCIL: "POSCAD"},
    Act.RETRACT_PROVIDER: {TRUST: "POSCAD"},
    Act.LOAD_HISTORY: {ANALYST: "P", ADMIN: "P"},
    Act.OPEN_CYCLE: {OFFICER: "POSCAD"},
    Act.SUBMIT_VALUES: {ANALYST: "O"},
    Act.SEND_BACK: {OFFICER: "SC"},
    Act.ACCEPT_VALUES: {OFFICER: "S"},
    Act.CHOOSE_AREAS: {OFFICER: "OSC"},
    Act.WRITE_RESPONSE: {OFFICER: "SC"},
    Act.WRITE_COMMENT: {ANALYST: "OSC"},
    Act.RELEASE_RESPONSE: {OFFICER: "C"},
    Act.RELEASE_COMMENT: {ANALYST: "C"},
}
EVERY = list(itertools.product(Act, Who, State))


def is_written(act, who, state):
    return state in [LETTERS[letter] for letter in WRITTEN[act].get(who, "")]


def refused(act, who, state):
    with pytest.raises(Denied) as caught:
        check(act, who, state, quarter=Q2, names=NAMES)
    return caught.value


def test_the_whole_table():
    assert set(WRITTEN) == set(Act)
    assert {case for case in EVERY if may(*case)} == {case for case in EVERY if is_written(*case)}


def test_a_row_names_nobody_without_a_state():
    assert all(states for row in RIGHTS.values() for states in row.values())


def test_every_principal_has_words():
    assert set(WHO_WORDS) == set(Who)


def test_panes_have_an_act_for_each_party():
    assert WRITE_PANE == {Party.COMMISSIONER: Act.WRITE_RESPONSE, Party.PROVIDER: Act.WRITE_COMMENT}
    assert RELEASE_PANE == {Party.COMMISSIONER: Act.RELEASE_RESPONSE, Party.PROVIDER: Act.RELEASE_COMMENT}


def test_a_proposal_of_a_target_is_answered_by_the_other_party_and_taken_back_by_its_own():
    for party in Party:
        assert {who.party for who in RIGHTS[ANSWER_TARGET[party]]} == {party.other}
        assert {who.party for who in RIGHTS[RETRACT_TARGET[party]]} == {party}


@pytest.mark.parametrize(("act", "who", "state"), EVERY)
def test_check_raises_exactly_where_may_says_no(act, who, state):
    if is_written(act, who, state):
        check(act, who, state, quarter=Q2, names=NAMES)
        return
    denied = refused(act, who, state)
    if who not in WRITTEN[act] or who is ADMIN:
        assert (type(denied), denied.status) == (Denied, 403)
    elif state is State.PUBLISHED:
        assert (type(denied), denied.status) == (Published, 423)
    else:
        assert (type(denied), denied.status) == (WrongState, 409)
    assert denied.sentence.endswith(".")
    assert "{" not in denied.sentence
    assert str(denied) == denied.sentence


class TestSentences:
    def test_not_this_person(self):
        assert refused(Act.ENTER_VALUES, OFFICER, State.OPEN).sentence == "Only an analyst of DCST may enter values."
        assert (
            refused(Act.ACCEPT_VALUES, TRUST, State.SUBMITTED).sentence == "Only an officer of DMBC may accept values."
        )
        assert refused(Act.SEE_ENTRY, COUNCIL, State.OPEN).sentence == (
            "Only an analyst of DCST or a director of DCST may see the entry page."
        )
        assert refused(Act.ADD_BENCHMARK, COUNCIL, State.OPEN).sentence == (
            "Only an administrator, an analyst of DCST or an officer of DMBC may add benchmarks."
        )

    def test_not_in_this_state(self):
        assert refused(Act.ENTER_VALUES, ANALYST, State.COMMENTARY).sentence == (
            "You can enter values while a quarter is open. Q2 2018/19 is in commentary."
        )
        assert refused(Act.SEND_BACK, OFFICER, State.PAST).sentence == (
            "You can send values back while a quarter is submitted or in commentary. Q2 2018/19 is a past quarter."
        )
        assert refused(Act.CORRECT_VALUES, ANALYST, State.SUBMITTED).sentence == (
            "You can correct values while a quarter is a past quarter or published. Q2 2018/19 is submitted."
        )
        assert refused(Act.CHOOSE_AREAS, OFFICER, State.AGREED).sentence == (
            "You can choose areas for improvement while a quarter is open, submitted or in commentary. "
            "Q2 2018/19 is agreed."
        )

    def test_never_again(self):
        assert refused(Act.RELEASE_COMMENT, ANALYST, State.PUBLISHED).sentence == (
            "Q2 2018/19 is published, and what is published does not change."
        )

    def test_the_wrong_person_hears_so_before_the_state(self):
        assert (
            refused(Act.ENTER_VALUES, OFFICER, State.PUBLISHED).sentence == "Only an analyst of DCST may enter values."
        )

    @pytest.mark.parametrize("act", [Act.SEE_FIGURES, Act.ENTER_VALUES, Act.WRITE_RESPONSE])
    @pytest.mark.parametrize("state", [State.OPEN, State.PUBLISHED])
    def test_administrators_hear_their_limit_and_nothing_of_the_quarter(self, act, state):
        assert refused(act, ADMIN, state).sentence == (
            "Administrators look after people and set-up and see no unpublished figures or drafts."
        )


class TestStanding:
    @pytest.mark.parametrize(("act", "who"), list(itertools.product(Act, Who)))
    def test_whoever_has_a_right_in_some_state(self, act, who):
        if who in WRITTEN[act]:
            check_standing(act, who, names=NAMES)
        else:
            with pytest.raises(Denied):
                check_standing(act, who, names=NAMES)

    def test_its_sentence(self):
        with pytest.raises(Denied, match=r"^Only an officer of DMBC may open a quarter\.$"):
            check_standing(Act.OPEN_CYCLE, ANALYST, names=NAMES)
        with pytest.raises(Denied, match="^Administrators look after people"):
            check_standing(Act.OPEN_CYCLE, ADMIN, names=NAMES)
