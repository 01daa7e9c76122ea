from decimal import ROUND_HALF_UP, Decimal, localcontext
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from measures.numbers import (
    Unit,
    difference_text,
    exact,
    fraction_half_up,
    number_text,
    round_half_up,
    value_text,
)

FIGURES = st.decimals(-(10**9), 10**9, places=6)


@pytest.mark.parametrize(
    ("value", "decimals", "rounded"),
    [
        ("0.5", 0, "1"),
        ("1.5", 0, "2"),
        ("2.5", 0, "3"),
        ("-2.5", 0, "-3"),
        ("2.4999999", 0, "2"),
        ("28.83", 0, "29"),
        ("84.210526", 1, "84.2"),
        ("0.05", 1, "0.1"),
        ("70", 1, "70.0"),
        ("-0.4", 0, "0"),
        ("-0", 1, "0.0"),
    ],
)
def test_round_half_up(value, decimals, rounded):
    assert str(round_half_up(Decimal(value), decimals)) == rounded


@given(FIGURES, st.integers(0, 6))
def test_round_half_up_agrees_with_decimal(value, decimals):
    assert round_half_up(value, decimals) == value.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)


@given(FIGURES, st.integers(0, 5))
def test_round_half_up_is_symmetric_and_settles(value, decimals):
    rounded = round_half_up(value, decimals)
    assert round_half_up(-value, decimals) == -rounded
    assert round_half_up(rounded, decimals) == rounded


def test_rounding_does_not_depend_on_the_precision_of_the_context():
    with localcontext(prec=3):
        assert round_half_up("123456789.123456", 5) == Decimal("123456789.12346")


def test_huge_value_keeps_every_digit():
    assert number_text("123456789012345678901234567890.5", 0) == "123,456,789,012,345,678,901,234,567,891"


def test_fraction_half_up_is_exact_beside_a_tie():
    just_under = Fraction(1, 2) - Fraction(1, 10**40)
    assert fraction_half_up(just_under, 0) == 0
    assert fraction_half_up(Fraction(1, 2), 0) == 1


def test_negative_decimals_are_refused():
    with pytest.raises(ValueError, match="negative"):
        round_half_up(Decimal(5), -1)


@pytest.mark.parametrize("value", ["NaN", "sNaN", "Infinity", "-Infinity", "27%", "", "1E+101", "1E-101"])
def test_exact_refuses_what_is_no_figure(value):
    with pytest.raises(ValueError, match="number"):
        exact(value)


@pytest.mark.parametrize("value", [Decimal("NaN"), Decimal("Infinity"), Decimal("1E+999999")])
def test_exact_refuses_decimals_that_are_no_figure(value):
    with pytest.raises(ValueError, match="number"):
        exact(value)


@pytest.mark.parametrize("value", [27.0, True, None, (0, (1,), 0)])
def test_exact_refuses_other_types(value):
    with pytest.raises(TypeError, match="Decimal, int or str"):
        exact(value)


@pytest.mark.parametrize("value", ["-0", "0E+999999999", "-0E-999999999"])
def test_exact_makes_every_zero_plain(value):
    assert str(exact(value)) == "0"


@pytest.mark.parametrize(
    ("value", "decimals", "text"),
    [("1898", 0, "1,898"), ("-5", 0, "−5"), ("-0.2", 0, "0"), ("1234567.25", 1, "1,234,567.3"), ("999", 0, "999")],
)
def test_number_text(value, decimals, text):
    assert number_text(Decimal(value), decimals) == text


@pytest.mark.parametrize(
    ("value", "unit", "decimals", "text"),
    [
        ("70", Unit.PERCENT, 0, "70%"),
        ("84.210526", Unit.PERCENT, 1, "84.2%"),
        ("84.210526", Unit.PERCENT, 0, "84%"),
        ("1898", Unit.COUNT, 0, "1,898"),
        ("396", Unit.RATE, 0, "396 per 10,000"),
        ("89.04", Unit.RATE, 1, "89.0 per 10,000"),
        ("22", Unit.DAYS, 0, "22 days"),
        ("1", Unit.DAYS, 0, "1 day"),
        ("-1", Unit.DAYS, 0, "−1 day"),
        ("1", Unit.DAYS, 1, "1.0 days"),
        ("0", Unit.DAYS, 0, "0 days"),
    ],
)
def test_value_text(value, unit, decimals, text):
    assert value_text(Decimal(value), unit, decimals) == text


@pytest.mark.parametrize(
    ("difference", "unit", "decimals", "text"),
    [
        ("-8", Unit.PERCENT, 0, "8 points"),
        ("1", Unit.PERCENT, 0, "1 point"),
        ("5.789", Unit.PERCENT, 1, "5.8 points"),
        ("1", Unit.PERCENT, 1, "1.0 points"),
        ("-1500", Unit.COUNT, 0, "1,500"),
        ("-1", Unit.DAYS, 0, "1 day"),
        ("5", Unit.RATE, 0, "5 per 10,000"),
    ],
)
def test_difference_text(difference, unit, decimals, text):
    assert difference_text(Decimal(difference), unit, decimals) == text


@pytest.mark.parametrize("value", ["1E+100", "1E-100"])
def test_exact_accepts_the_largest_and_smallest_figure(value):
    assert exact(value) == Decimal(value)
