"""Who can do what in words: everything that the rights table holds, and nothing else."""

import re

from accounts.roles import Who
from measures import rights_words
from measures.rights import RIGHTS, Act, Names
from measures.rights_words import AT_ANY_TIME, TITLES, who_can_do_what
from measures.states import State

NAMES = Names("DMBC", "DCST")
STATES = {"past" if state is State.PAST else state.during: state for state in State}


def read_back(when):
    """The states that a heading names."""
    if when == AT_ANY_TIME:
        return set(State)
    kind, _, words = when.partition(" a quarter is ")
    named = {STATES[word] for word in re.split(", | or ", words)}
    return {"While": named, "Unless": set(State) - named}[kind]


def test_the_words_say_what_the_table_holds():
    told = {
        (act, one.who): read_back(allowed.when)
        for one in who_can_do_what(NAMES)
        for allowed in one.allowed
        for act in allowed.acts
    }
    assert told == {(act, who): set(states) for act, row in RIGHTS.items() for who, states in row.items()}
    assert {act for act, _ in told} == set(Act)


def test_each_act_is_told_once_to_each():
    for one in who_can_do_what(NAMES):
        acts = [act for allowed in one.allowed for act in allowed.acts]
        assert len(acts) == len(set(acts))
        assert len({allowed.when for allowed in one.allowed}) == len(one.allowed)


def test_everybody_by_party():
    assert [(one.who, one.title) for one in who_can_do_what(NAMES)] == [
        (Who.OFFICER, "An officer of DMBC"),
        (Who.COMMISSIONER_DIRECTOR, "A director of DMBC"),
        (Who.ANALYST, "An analyst of DCST"),
        (Who.PROVIDER_DIRECTOR, "A director of DCST"),
        (Who.ADMINISTRATOR, "An administrator"),
    ]
    assert set(TITLES) == set(Who)


def test_the_headings_of_a_table_of_examples(monkeypatch):
    table = {act: {} for act in Act} | {
        Act.SEE_CYCLE: {Who.ANALYST: frozenset(State)},
        Act.SEE_FIGURES: {Who.ANALYST: frozenset(State) - {State.OPEN}},
        Act.SEND_BACK: {Who.ANALYST: frozenset({State.COMMENTARY, State.SUBMITTED})},
        Act.LOAD_HISTORY: {Who.ANALYST: frozenset({State.PAST})},
        Act.CHOOSE_AREAS: {Who.ANALYST: frozenset({State.PAST, State.OPEN, State.PUBLISHED})},
    }
    monkeypatch.setattr(rights_words, "RIGHTS", table)
    [analyst] = [one for one in who_can_do_what(NAMES) if one.allowed]
    assert [(allowed.when, allowed.acts) for allowed in analyst.allowed] == [
        ("At any time", (Act.SEE_CYCLE,)),
        ("While a quarter is past", (Act.LOAD_HISTORY,)),
        ("While a quarter is past, open or published", (Act.CHOOSE_AREAS,)),
        ("Unless a quarter is open", (Act.SEE_FIGURES,)),
        ("While a quarter is submitted or in commentary", (Act.SEND_BACK,)),
    ]
