"""The range that a series' own past leads one to expect."""

from decimal import Decimal
from statistics import median

import pytest
from hypothesis import given
from hypothesis import strategies as st

from measures.expectation import Expected, expected
from measures.numbers import Unit


def decimals(*numbers):
    return [None if number is None else Decimal(str(number)) for number in numbers]


def of(*numbers, unit=Unit.COUNT, places=0, highest=None):
    return expected(decimals(*numbers), unit=unit, decimals=places, highest=highest)


@pytest.mark.parametrize(
    ("past", "low", "high"),
    [
        # median 12, moving ranges 2 1 2 1, their median 1.5
        ((10, 12, 11, 13, 12), "7.2825", "16.7175"),
        # an even number of values: median 72.5; moving ranges 2 2 2 2 2
        ((70, 72, 74, 72, 74, 76), "66.71", "79.29"),
        # one odd value does not widen it: median 11, moving ranges 1 89 89 1 1 1, their median 1
        ((10, 11, 100, 11, 12, 11, 10), "7.855", "14.145"),
        # no moving range crosses the gap: 2 and 2, and 2; not 20
        ((10, 12, 14, None, 34, 36), "7.71", "20.29"),
    ],
)
def test_median_and_median_moving_range(past, low, high):
    found = of(*past)
    assert (found.low, found.high) == (Decimal(low), Decimal(high))


def test_clipped_to_nothing_and_to_the_highest_that_can_be_meant():
    found = of(1, 5, 2, 6, 1, unit=Unit.PERCENT, highest=Decimal(100))
    assert (found.low, found.high) == (0, Decimal(2) + Decimal("3.145") * 4)
    found = of(95, 99, 96, 100, 95, unit=Unit.PERCENT, highest=Decimal(100))
    assert (found.low, found.high) == (Decimal(96) - Decimal("3.145") * 4, 100)


@pytest.mark.parametrize(
    "past",
    [
        (),
        (1, 2, 3, 4),
        (1, 2, None, 3, 4),
        # nothing varies, or mostly nothing
        (5, 5, 5, 5, 5),
        (5, 5, 5, 5, 9),
        # no two neighbours
        (1, None, 2, None, 3, None, 4, None, 5),
    ],
)
def test_no_range_where_none_can_be_known(past):
    assert of(*past) is None


@pytest.mark.parametrize(
    ("low", "high", "unit", "places", "text"),
    [
        ("61.7", "80.6", Unit.PERCENT, 0, "62 to 81%"),
        ("61.74", "80.6", Unit.PERCENT, 1, "61.7 to 80.6%"),
        ("1655.2", "1898.5", Unit.COUNT, 0, "1,655 to 1,899"),
        ("380", "411.6", Unit.RATE, 0, "380 to 412 per 10,000"),
        ("20.1", "22.4", Unit.DAYS, 0, "20 to 22 days"),
        ("79.8", "80.3", Unit.PERCENT, 0, "80%"),
    ],
)
def test_in_words(low, high, unit, places, text):
    assert Expected(Decimal(low), Decimal(high), unit, places).text == text


@pytest.mark.parametrize(
    ("value", "holds"), [("61.4", False), ("61.5", True), ("62", True), ("81.4", True), ("81.5", False)]
)
def test_both_ends_belong_to_it_as_printed(value, holds):
    assert Expected(Decimal("61.7"), Decimal("80.6"), Unit.PERCENT, 0).holds(Decimal(value)) is holds


values = st.decimals(0, 10_000, places=2)


@given(st.lists(st.none() | values, max_size=20))
def test_the_range_holds_its_median_and_lies_within_bounds(past):
    found = expected(past, unit=Unit.COUNT, decimals=2, highest=Decimal(10_000))
    if found is None:
        return
    assert 0 <= found.low < found.high <= 10_000
    assert found.holds(median([value for value in past if value is not None]))


@given(st.lists(values, min_size=5, max_size=20), values)
def test_it_moves_with_its_values(past, by):
    one = expected(past, unit=Unit.COUNT, decimals=2)
    other = expected([value + by for value in past], unit=Unit.COUNT, decimals=2)
    assert (one is None) == (other is None)
    if one and other:
        assert other.high - one.high == by
        assert other.low == 0 or one.low == 0 or other.low - one.low == by
