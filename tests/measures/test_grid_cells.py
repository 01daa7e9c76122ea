"""What is typed into the boxes of a cell, and what is meant."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from measures.entries import Bounds, Entry, Status, problems
from measures.grid_cells import (
    EMPTIED,
    LONE_MARK,
    NOTE_ALONE,
    SYMBOL_INSTEAD,
    TWO_REASONS,
    Read,
    Texts,
    fields_of,
    read_cell,
    texts_of,
    typed_text,
)
from measures.numbers import Unit

PERCENT = Bounds(Unit.PERCENT)
POOLED = Bounds(Unit.PERCENT, needs_counts=True)
COUNT = Bounds(Unit.COUNT)
NUMBER = "Enter a number in digits, such as 1,898."
NO_SIGN = "Take out the % sign: this is not a percentage."
NOT_EMPTY = "Leave this empty: the status says “not available [x]”."
NBSP = "\N{NO-BREAK SPACE}"


def entry(value=None, numerator=None, denominator=None, status=Status.FINAL, note=""):
    numbers = [None if each is None else Decimal(str(each)) for each in (value, numerator, denominator)]
    return Entry(*numbers, status, note)


def test_the_boxes_of_a_cell():
    assert fields_of(PERCENT) == ("numerator", "denominator", "value")
    assert fields_of(POOLED) == ("numerator", "denominator")
    assert fields_of(COUNT) == ("value",)


@pytest.mark.parametrize(
    ("texts", "bounds", "meant"),
    [
        (Texts(value="74"), PERCENT, entry(74)),
        (Texts(value=f" 74{NBSP}% "), PERCENT, entry(74)),
        (Texts(value="1,898"), COUNT, entry(1898)),
        (Texts(value="0"), COUNT, entry(0)),
        (Texts(numerator="147", denominator="210"), PERCENT, entry(None, 147, 210)),
        (Texts(numerator="1,470", denominator="2,100"), POOLED, entry(None, 1470, 2100)),
        (Texts(numerator="147", denominator="210", value="71"), PERCENT, entry(71, 147, 210)),
        (Texts(value="74 p"), PERCENT, entry(74, status=Status.PROVISIONAL)),
        (Texts(value="74p"), PERCENT, entry(74, status=Status.PROVISIONAL)),
        (Texts(value="74% [p]"), PERCENT, entry(74, status=Status.PROVISIONAL)),
        (Texts(value="1,898 [P]"), COUNT, entry(1898, status=Status.PROVISIONAL)),
        (Texts(numerator="147 p", denominator="210"), POOLED, entry(None, 147, 210, Status.PROVISIONAL)),
        (Texts(numerator="147", denominator="210 p"), POOLED, entry(None, 147, 210, Status.PROVISIONAL)),
        (Texts(value="x"), PERCENT, entry(status=Status.NOT_AVAILABLE)),
        (Texts(value=" [X] "), COUNT, entry(status=Status.NOT_AVAILABLE)),
        (Texts(value="z"), COUNT, entry(status=Status.NOT_APPLICABLE)),
        (Texts(numerator="[c]"), POOLED, entry(status=Status.SUPPRESSED)),
        (Texts(denominator="c"), PERCENT, entry(status=Status.SUPPRESSED)),
        (Texts(numerator="x", denominator="x"), POOLED, entry(status=Status.NOT_AVAILABLE)),
        (Texts(value="74", note=" A late one. "), PERCENT, entry(74, note="A late one.")),
        (Texts(value="x", note="It was down."), COUNT, entry(None, None, None, Status.NOT_AVAILABLE, "It was down.")),
    ],
)  # fmt: skip
def test_what_is_meant(texts, bounds, meant):
    assert read_cell(texts, bounds) == Read(meant)


@pytest.mark.parametrize(
    ("texts", "bounds", "messages"),
    [
        (Texts(value="seventy"), PERCENT, {"value": NUMBER}),
        (Texts(value="help"), PERCENT, {"value": NUMBER}),
        (Texts(value="-"), COUNT, {"value": SYMBOL_INSTEAD}),
        (Texts(value="n/a"), COUNT, {"value": SYMBOL_INSTEAD}),
        (Texts(value="p"), COUNT, {"value": LONE_MARK}),
        (Texts(value="[p]"), COUNT, {"value": LONE_MARK}),
        (Texts(value="x p"), COUNT, {"value": SYMBOL_INSTEAD}),
        (Texts(value="74%"), COUNT, {"value": NO_SIGN}),
        (Texts(numerator="70%", denominator="100"), PERCENT, {"numerator": NO_SIGN}),
        (Texts(value="101"), PERCENT, {"value": "Enter 100 or less."}),
        (Texts(value="-1"), COUNT, {"value": "Enter 0 or more: this cannot be negative."}),
        (Texts(value="9" * 50), COUNT, {"value": "Enter a number: this is 50 characters long."}),
        (Texts(numerator="147"), PERCENT, {"denominator": "Enter the denominator as well, or leave both empty."}),
        (Texts(numerator="147"), POOLED, {"denominator": "Enter the denominator as well."}),
        (Texts(value="147", numerator="", denominator="210"), POOLED, {"numerator": "Enter the numerator as well."}),
        (Texts(numerator="x", denominator="210"), POOLED, {"denominator": NOT_EMPTY}),
        (Texts(numerator="x", denominator="z"), POOLED, {"numerator": TWO_REASONS, "denominator": TWO_REASONS}),
        (Texts(numerator="a", denominator="b"), POOLED, dict.fromkeys(("numerator", "denominator"), NUMBER)),
        (Texts(note="Later."), PERCENT, {"numerator": NOTE_ALONE}),
        (Texts(note="Later."), COUNT, {"value": NOTE_ALONE}),
        (Texts(value="5", note="x" * 501), COUNT, {"note": "Use 500 characters or fewer; this has 501."}),
        (Texts(value="7" + " " * 20_000 + "p8"), COUNT, {"value": "Enter a number: this is 20,003 characters long."}),
    ],
)  # fmt: skip
def test_what_is_wrong(texts, bounds, messages):
    assert read_cell(texts, bounds) == Read(messages=messages)


def test_nothing_typed():
    assert read_cell(Texts(value="  ", note=" "), PERCENT) == Read()
    assert read_cell(Texts(), PERCENT, is_held=True) == Read(messages={"numerator": EMPTIED})
    assert read_cell(Texts(note="A"), COUNT, is_held=True) == Read(messages={"value": EMPTIED})


@pytest.mark.parametrize(
    ("held", "bounds", "texts"),
    [
        (entry("74.500000"), PERCENT, Texts(value="74.5")),
        (entry(1898), COUNT, Texts(value="1898")),
        (entry(70, 147, 210), PERCENT, Texts(numerator="147", denominator="210")),
        (entry(70, 147, 210, Status.PROVISIONAL), PERCENT, Texts(numerator="147", denominator="210 p")),
        (entry(74, status=Status.PROVISIONAL, note="A"), PERCENT, Texts(value="74 p", note="A")),
        (entry(status=Status.NOT_AVAILABLE), PERCENT, Texts(value="x")),
        (entry(status=Status.SUPPRESSED), POOLED, Texts(numerator="c")),
        # Held from before counts were asked for: there is no box for it.
        (entry(70), POOLED, Texts()),
        (entry(70, status=Status.PROVISIONAL), POOLED, Texts()),
    ],
)
def test_what_is_held_as_one_would_type_it(held, bounds, texts):
    assert texts_of(held, bounds) == texts


@pytest.mark.parametrize(
    ("number", "text"), [(None, ""), ("0.000000", "0"), ("100.000000", "100"), ("22.50", "22.5"), ("1898", "1898")]
)
def test_a_number_as_typed(number, text):
    assert typed_text(number and Decimal(number)) == text


counts = st.integers(0, 10**6)
statuses = st.sampled_from(list(Status))


@given(
    st.sampled_from([PERCENT, POOLED, COUNT]), counts, counts, st.booleans(), statuses, st.text("ab \n", max_size=20)
)
def test_what_is_held_and_typed_again_is_the_same(bounds, one, other, with_counts, status, note):
    numerator, denominator = sorted((one, other + 1)) if one <= other else (other, one)
    value = None
    if status not in (Status.FINAL, Status.PROVISIONAL) or bounds is COUNT or not (with_counts or bounds is POOLED):
        numerator = denominator = None
    if status in (Status.FINAL, Status.PROVISIONAL) and numerator is None:
        value = one if bounds is COUNT else one % 101
    held = entry(value, numerator, denominator, status, note.strip())
    if problems(held, bounds):
        return
    assert read_cell(texts_of(held, bounds), bounds, is_held=True) == Read(held)


@given(st.text(max_size=50), st.text(max_size=50), st.text(max_size=50), st.sampled_from([PERCENT, POOLED, COUNT]))
def test_any_text_is_read_or_answered(one, two, three, bounds):
    read = read_cell(Texts(one, two, three), bounds)
    assert not (read.entry and read.messages)
    if read.entry:
        assert problems(read.entry, bounds) == {}
