from datetime import date

import pytest

from measures.quarters import Quarter
from measures.states import State, first_not_past


def test_state_words():
    assert {state.value: state.words for state in State} == {
        "past": "Past",
        "open": "Open",
        "submitted": "Values submitted",
        "commentary": "Commentary",
        "agreed": "Agreed",
        "published": "Published",
    }


def test_state_words_within_a_sentence():
    assert {state.value: state.during for state in State} == {
        "past": "a past quarter",
        "open": "open",
        "submitted": "submitted",
        "commentary": "in commentary",
        "agreed": "agreed",
        "published": "published",
    }


TODAY = date(2018, 11, 2)
Q2, Q3 = Quarter(2018, 2), Quarter(2018, 3)


@pytest.mark.parametrize(("states", "first"), [
    ({}, Q3),
    ({Q2: State.PAST}, Q3),
    ({Q2.previous: State.PAST, Q2: "published", Q3: "open"}, Q2),
    ({Q3.next: State.OPEN}, Q3.next),
])  # fmt: skip
def test_the_first_quarter_that_is_not_past(states, first):
    assert first_not_past(states, TODAY) == first
