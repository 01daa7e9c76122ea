from measures.states import State


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
