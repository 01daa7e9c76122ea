from decimal import Decimal

import pytest

from measures.entries import STATUS_WORDS, SYMBOLS, WITH_VALUE, Bounds, Entry, Status, held_value, problems
from measures.numbers import Unit

PERCENT = Bounds(Unit.PERCENT)
COUNT = Bounds(Unit.COUNT)
RATE = Bounds(Unit.RATE, decimals=1)
DAYS = Bounds(Unit.DAYS)
POOLED = Bounds(Unit.PERCENT, needs_counts=True)


def entry(value=None, numerator=None, denominator=None, **rest):
    figures = [None if each is None else Decimal(each) for each in (value, numerator, denominator)]
    return Entry(*figures, **rest)


@pytest.mark.parametrize(
    ("typed", "bounds"),
    [
        (entry("70"), PERCENT),
        (entry("100"), PERCENT),
        (entry("0"), PERCENT),
        (entry("70.123456"), PERCENT),
        (entry(None, "147", "210"), PERCENT),
        (entry("70", "147", "210"), PERCENT),
        (entry(None, "0", "1"), PERCENT),
        (entry(None, "1", "1"), PERCENT),
        (entry("1898"), COUNT),
        (entry("999999999"), COUNT),
        (entry("14.2"), Bounds(Unit.COUNT, decimals=1)),
        (entry("396.5"), RATE),
        (entry("22.5"), DAYS),
        (entry(status=Status.NOT_AVAILABLE, note="The system was down."), PERCENT),
        (entry(status=Status.NOT_APPLICABLE), COUNT),
        (entry(status=Status.SUPPRESSED), RATE),
        (entry("70", status=Status.PROVISIONAL, note="x" * 500), PERCENT),
        (entry(None, "147", "210"), POOLED),
        (entry("70", "147", "210"), POOLED),
        (entry(status=Status.NOT_AVAILABLE), POOLED),
    ],
)
def test_what_may_stand(typed, bounds):
    assert problems(typed, bounds) == {}


COUNTS_NEEDED = "Enter numerator and denominator: the quarter is pooled from them."
NOTHING = "Enter a value, or choose a status that says why there is none."
NOTHING_WITH_COUNTS = "Enter a value, or numerator and denominator, or choose a status that says why there is none."


@pytest.mark.parametrize(
    ("typed", "bounds", "found"),
    [
        (entry(), PERCENT, {"value": NOTHING_WITH_COUNTS}),
        (entry(), COUNT, {"value": NOTHING}),
        (entry("NaN"), PERCENT, {"value": "Enter a number."}),
        (entry("sNaN"), PERCENT, {"value": "Enter a number."}),
        (entry("Infinity"), COUNT, {"value": "Enter a number."}),
        (entry("-1"), COUNT, {"value": "Enter 0 or more: this cannot be negative."}),
        (entry("100.000001"), PERCENT, {"value": "Enter 100 or less."}),
        (entry("51"), Bounds(Unit.DAYS, Decimal("50.5")), {"value": "Enter 50.5 or less."}),
        (entry("1000000000"), COUNT, {"value": "Enter 999,999,999 or less."}),
        (entry("1E+15"), RATE, {"value": "Enter 999,999,999 or less."}),
        (entry("70.1234567"), PERCENT, {"value": "Enter at most 6 decimal places."}),
        (entry("14.2"), COUNT, {"value": "Enter a whole number."}),
        (entry(None, "14.5", "19"), PERCENT, {"numerator": "Enter a whole number."}),
        (entry(None, "14", "19.5"), RATE, {"denominator": "Enter a whole number."}),
        (
            entry(None, "-1", "1E+15"),
            PERCENT,
            {
                "numerator": "Enter 0 or more: this cannot be negative.",
                "denominator": "Enter 999,999,999 or less.",
            },
        ),
        (entry(None, "3", "-10"), PERCENT, {"denominator": "Enter 0 or more: this cannot be negative."}),
        (
            entry("-5", "147"),
            PERCENT,
            {
                "value": "Enter 0 or more: this cannot be negative.",
                "denominator": "Enter the denominator as well, or leave both empty.",
            },
        ),
        (entry(None, "147"), PERCENT, {"denominator": "Enter the denominator as well, or leave both empty."}),
        (entry(None, None, "210"), PERCENT, {"numerator": "Enter the numerator as well, or leave both empty."}),
        (entry("27"), POOLED, {"numerator": COUNTS_NEEDED}),
        (entry(), POOLED, {"numerator": COUNTS_NEEDED}),
        (entry(None, "147"), POOLED, {"denominator": "Enter the denominator as well."}),
        (entry(None, None, "210"), POOLED, {"numerator": "Enter the numerator as well."}),
        (entry(None, "0", "0"), PERCENT, {"denominator": "Enter more than 0: nothing can be divided by 0."}),
        (
            entry(None, "1211", "1210"),
            PERCENT,
            {"numerator": "Enter 1,210 or less: the numerator is part of the denominator."},
        ),
        (entry(None, "3", "4"), Bounds(Unit.PERCENT, Decimal("50.5")), {"numerator": "These give more than 50.5."}),
        (entry("5", "5"), COUNT, {"numerator": "This series takes a value alone."}),
        (entry("5", None, "5"), DAYS, {"denominator": "This series takes a value alone."}),
        (
            entry("70", status=Status.NOT_AVAILABLE),
            PERCENT,
            {"value": "Leave this empty: the status says “not available [x]”."},
        ),
        (
            entry(None, "-1", "210", status=Status.SUPPRESSED),
            PERCENT,
            {
                "numerator": "Enter 0 or more: this cannot be negative.",
                "denominator": "Leave this empty: the status says “suppressed at source [c]”.",
            },
        ),
        (entry("70", note="x" * 501), PERCENT, {"note": "Use 500 characters or fewer; this has 501."}),
        (entry("70", note="a\0b"), PERCENT, {"note": "Take out the control character: no file could carry it."}),
        (entry("70", note="a\x1bb"), PERCENT, {"note": "Take out the control character: no file could carry it."}),
        (entry("70", note="a\tb\r\nc"), PERCENT, {}),
        (
            entry(status=Status.SUPPRESSED, note="x" * 501),
            PERCENT,
            {"note": "Use 500 characters or fewer; this has 501."},
        ),
    ],
)
def test_what_may_not(typed, bounds, found):
    assert problems(typed, bounds) == found


@pytest.mark.parametrize(
    ("typed", "bounds", "value"),
    [
        (entry("71", "147", "210"), PERCENT, "70"),
        (entry(None, "16", "19"), PERCENT, "84.210526"),
        (entry(None, "589", "66180"), RATE, "88.999698"),
        (entry("71"), PERCENT, "71"),
        (entry("71", "147"), PERCENT, "71"),
    ],
)
def test_counts_decide_the_value(typed, bounds, value):
    assert held_value(typed, bounds) == Decimal(value)


def test_without_figures_no_value_is_held():
    assert held_value(entry(status=Status.NOT_AVAILABLE), PERCENT) is None


@pytest.mark.parametrize(
    ("bounds", "whole"),
    [
        (PERCENT, {"numerator", "denominator"}),
        (COUNT, {"numerator", "denominator", "value"}),
        (Bounds(Unit.COUNT, decimals=1), {"numerator", "denominator"}),
    ],
)
def test_what_is_counted_one_by_one_is_whole(bounds, whole):
    assert bounds.whole == whole


def test_every_status_has_its_symbol_and_words():
    assert {status: (SYMBOLS[status], STATUS_WORDS[status]) for status in Status} == {
        Status.FINAL: ("", "Final"),
        Status.PROVISIONAL: ("[p]", "Provisional [p]"),
        Status.NOT_AVAILABLE: ("[x]", "Not available [x]"),
        Status.NOT_APPLICABLE: ("[z]", "Not applicable [z]"),
        Status.SUPPRESSED: ("[c]", "Suppressed at source [c]"),
    }
    assert {Status.FINAL, Status.PROVISIONAL} == WITH_VALUE
