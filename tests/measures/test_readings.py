from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from measures.entries import Status
from measures.numbers import Unit
from measures.quarters import Month, Quarter
from measures.readings import MISSING_WORDS, UNIT_WORDS, in_force
from measures.terms import Basis
from tests.rows import Q1, Q2, aim, reading, scale

MISSING = (Status.NOT_AVAILABLE, Status.NOT_APPLICABLE, Status.SUPPRESSED)


@pytest.mark.parametrize(
    ("unit", "decimals", "value", "text"),
    [
        ("percent", 0, "69.5", "70%"),
        ("percent", 1, "25.55", "25.6%"),
        ("count", 0, "1898", "1,898"),
        ("rate_per_10000", 0, "396", "396 per 10,000"),
        ("days", 0, "22", "22 days"),
        ("days", 0, "1", "1 day"),
    ],
)
def test_a_value_is_printed_with_its_unit(unit, decimals, value, text):
    assert scale(unit, decimals).text(Decimal(value)) == text
    assert reading(value).text(scale(unit, decimals)) == text


def test_every_unit_has_the_words_that_follow_a_large_number():
    assert UNIT_WORDS == {Unit.PERCENT: "%", Unit.COUNT: "", Unit.RATE: " per 10,000", Unit.DAYS: " days"}


@pytest.mark.parametrize(
    ("status", "text", "symbol"),
    [
        (Status.NOT_AVAILABLE, "Not available [x]", "[x]"),
        (Status.NOT_APPLICABLE, "Not applicable [z]", "[z]"),
        (Status.SUPPRESSED, "Suppressed [c]", "[c]"),
    ],
)
def test_a_missing_value_says_why(status, text, symbol):
    held = reading(status=status)
    assert (held.text(scale()), held.symbol, held.marks) == (text, symbol, ())


def test_words_for_every_status_without_a_value():
    assert set(MISSING_WORDS) == set(MISSING)


def test_nothing_held_is_not_a_reason():
    nothing = reading()
    assert (nothing.status, nothing.text(scale()), nothing.symbol, nothing.marks) == (None, "No value yet", "", ())


@pytest.mark.parametrize(
    ("fields", "marks"),
    [
        ({}, ()),
        ({"illustrative": True}, ("i",)),
        ({"status": Status.PROVISIONAL}, ("p",)),
        ({"revised": True}, ("r",)),
        ({"revised": True, "status": Status.PROVISIONAL, "illustrative": True}, ("i", "p", "r")),
        ({"counts_illustrative": True}, ()),
    ],
)
def test_marks_beside_a_value(fields, marks):
    held = reading(70, **fields)
    assert held.marks == marks
    assert held.symbol == ""


@pytest.mark.parametrize(
    ("counts", "counted", "text"),
    [
        ((147, 210), "cases", "147 of 210 cases"),
        ((1470, 12100), "", "1,470 of 12,100"),
        ((0, 1), "", "0 of 1"),
        ((None, 210), "cases", ""),
        ((147, None), "cases", ""),
        ((None, None), "", ""),
    ],
)
def test_the_cohort_needs_both_counts(counts, counted, text):
    assert reading(70, counts=counts).cohort(counted=counted) == text


@pytest.mark.parametrize(("basis", "mark"), [(Basis.CONTRACT, ""), (Basis.ASSUMED, ""), (Basis.ILLUSTRATIVE, "i")])
def test_what_is_illustrative_of_a_target_is_marked(basis, mark):
    assert (aim(90, 85, target_basis=basis).target_mark, aim(90, 85, target_basis=basis).tolerance_mark) == (mark, "")
    assert (aim(90, 85, tolerance_basis=basis).target_mark, aim(90, 85, tolerance_basis=basis).tolerance_mark) == (
        "",
        mark,
    )


class TestInForce:
    OLD, NEW = aim(90, 85, Quarter(2016, 1)), aim(95, 90, Q2)

    @pytest.mark.parametrize(
        ("quarter", "expected"),
        [
            (Quarter(2015, 4), None),
            (Quarter(2016, 1), OLD),
            (Q1, OLD),
            (Q2, NEW),
            (Q2.next, NEW),
        ],
    )
    def test_the_latest_that_has_begun(self, quarter, expected):
        assert in_force([self.OLD, self.NEW], quarter) is expected

    def test_none_without_targets(self):
        assert in_force([], Q2) is None

    @given(st.lists(st.integers(0, 40), unique=True).map(sorted), st.integers(-5, 45))
    def test_nothing_later_than_it_has_begun(self, starts, at):
        first = Quarter(2010, 1)
        aims, quarter = [aim(50, from_quarter=first.shift(start)) for start in starts], first.shift(at)
        found = in_force(aims, quarter)
        begun = [one for one in aims if one.from_quarter <= quarter]
        assert found is (begun[-1] if begun else None)


def test_a_month_is_read_like_a_quarter():
    held = reading(70, Month(2018, 9), counts=(147, 210), illustrative=True)
    assert (held.quarter, reading(70).quarter) == (Q2, Q2)
    assert (held.text(scale()), held.cohort(counted="cases"), held.marks) == ("70%", "147 of 210 cases", ("i",))
