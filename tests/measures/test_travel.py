from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from measures.derivation import value_of
from measures.numbers import Unit, number_text
from measures.rating import Polarity
from measures.travel import Direction, Travel, successive, travel

HIGHER, LOWER, NEUTRAL = Polarity.HIGHER, Polarity.LOWER, Polarity.NEUTRAL
IMPROVED, WORSENED = Direction.IMPROVED, Direction.WORSENED

FIGURES = st.decimals(0, 1000, places=3)
OPPOSITE = {
    IMPROVED: WORSENED,
    WORSENED: IMPROVED,
    Direction.HIGHER: Direction.LOWER,
    Direction.LOWER: Direction.HIGHER,
    Direction.NO_CHANGE: Direction.NO_CHANGE,
}


def test_travel_with_a_small_cohort_prints_one_more_decimal():
    result = travel(
        value_of(16, 19, Unit.PERCENT),
        value_of(14, 19, Unit.PERCENT),
        polarity=HIGHER,
        unit=Unit.PERCENT,
        decimals=0,
    )
    assert result == Travel(IMPROVED, Decimal("10.526315"), "10.5 points better")


@pytest.mark.parametrize(
    ("now", "reference", "polarity", "decimals", "direction", "text"),
    [
        ("70", "78", HIGHER, 0, WORSENED, "8 points worse"),
        ("74", "70", HIGHER, 0, IMPROVED, "4 points better"),
        ("27", "26", LOWER, 0, WORSENED, "1 point worse"),
        ("26", "27", LOWER, 0, IMPROVED, "1 point better"),
        ("27", "26", LOWER, 1, WORSENED, "1.0 points worse"),
        ("23.5", "22", NEUTRAL, 1, Direction.HIGHER, "1.5 points higher"),
        ("22", "23.5", NEUTRAL, 1, Direction.LOWER, "1.5 points lower"),
        ("70", "70", HIGHER, 0, Direction.NO_CHANGE, "no change"),
        ("70.4", "69.5", HIGHER, 0, Direction.NO_CHANGE, "no change"),
        ("70.4", "69.5", HIGHER, 1, IMPROVED, "0.9 points better"),
        ("70.5", "70.4", HIGHER, 0, IMPROVED, "0.1 points better"),
        ("70.5", "70.49", HIGHER, 0, IMPROVED, "less than 0.1 points better"),
        ("70.44", "69.5", NEUTRAL, 0, Direction.NO_CHANGE, "no change"),
        ("5", "0", HIGHER, 0, IMPROVED, "5 points better"),
    ],
)
def test_percentages_differ_in_points(now, reference, polarity, decimals, direction, text):
    result = travel(now, reference, polarity=polarity, unit=Unit.PERCENT, decimals=decimals)
    assert result == Travel(direction, Decimal(now) - Decimal(reference), text)


@pytest.mark.parametrize(
    ("now", "reference", "polarity", "unit", "direction", "text"),
    [
        ("1898", "1861", NEUTRAL, Unit.COUNT, Direction.HIGHER, "2.0% higher"),
        ("1861", "1898", NEUTRAL, Unit.COUNT, Direction.LOWER, "1.9% lower"),
        ("210", "163", NEUTRAL, Unit.COUNT, Direction.HIGHER, "28.8% higher"),
        ("102", "100", HIGHER, Unit.COUNT, IMPROVED, "2.0% better"),
        ("102", "100", LOWER, Unit.RATE, WORSENED, "2.0% worse"),
        ("20", "22", LOWER, Unit.DAYS, IMPROVED, "9.1% better"),
        ("2001", "2000", HIGHER, Unit.COUNT, IMPROVED, "0.1% better"),
        ("10001", "10000", HIGHER, Unit.COUNT, IMPROVED, "less than 0.1% better"),
        ("2000", "100", HIGHER, Unit.COUNT, IMPROVED, "1,900.0% better"),
        ("0", "5", LOWER, Unit.COUNT, IMPROVED, "100.0% better"),
        ("-1", "-2", HIGHER, Unit.COUNT, IMPROVED, "50.0% better"),
        ("5", "0", NEUTRAL, Unit.COUNT, Direction.HIGHER, "5 higher"),
        ("1200", "0", LOWER, Unit.COUNT, WORSENED, "1,200 worse"),
        ("1", "0", NEUTRAL, Unit.DAYS, Direction.HIGHER, "1 day higher"),
        ("5", "0", NEUTRAL, Unit.RATE, Direction.HIGHER, "5 per 10,000 higher"),
        ("5", "0.3", NEUTRAL, Unit.COUNT, Direction.HIGHER, "5 higher"),
        ("0", "0", NEUTRAL, Unit.COUNT, Direction.NO_CHANGE, "no change"),
        ("1898.4", "1898", NEUTRAL, Unit.COUNT, Direction.NO_CHANGE, "no change"),
    ],
)
def test_other_units_differ_in_percent(now, reference, polarity, unit, direction, text):
    result = travel(now, reference, polarity=polarity, unit=unit, decimals=0)
    assert result == Travel(direction, Decimal(now) - Decimal(reference), text)


@pytest.mark.parametrize(("now", "reference"), [(None, 5), (5, None), (None, None)])
def test_no_travel_without_both_values(now, reference):
    assert travel(now, reference, polarity=HIGHER, unit=Unit.COUNT, decimals=0) is None


def test_float_is_refused():
    with pytest.raises(TypeError, match="Decimal, int or str"):
        travel(1.5, 2, polarity=HIGHER, unit=Unit.COUNT, decimals=0)


@given(FIGURES, FIGURES, st.sampled_from(Polarity), st.sampled_from(Unit), st.integers(0, 2))
def test_the_way_back_is_the_opposite(now, reference, polarity, unit, decimals):
    there = travel(now, reference, polarity=polarity, unit=unit, decimals=decimals)
    back = travel(reference, now, polarity=polarity, unit=unit, decimals=decimals)
    assert back.direction is OPPOSITE[there.direction]
    assert back.difference == -there.difference


@given(FIGURES, FIGURES, st.sampled_from(Unit), st.integers(0, 2))
def test_no_change_exactly_where_both_print_the_same(now, reference, unit, decimals):
    result = travel(now, reference, polarity=HIGHER, unit=unit, decimals=decimals)
    same = number_text(now, decimals) == number_text(reference, decimals)
    assert (result.direction is Direction.NO_CHANGE) == same
    if not same:
        assert result.direction is (IMPROVED if now > reference else WORSENED)


@given(FIGURES, FIGURES, st.integers(0, 2))
def test_points_printed_at_the_series_decimals_are_the_difference_of_the_printed_values(now, reference, decimals):
    result = travel(now, reference, polarity=HIGHER, unit=Unit.PERCENT, decimals=decimals)
    if result.direction is Direction.NO_CHANGE or result.text.startswith("less"):
        return
    shown = Decimal(result.text.split()[0].replace(",", ""))
    if -shown.as_tuple().exponent == decimals:
        plain = [Decimal(number_text(value, decimals).replace(",", "")) for value in (now, reference)]
        assert shown == abs(plain[0] - plain[1])
    else:
        assert -shown.as_tuple().exponent == decimals + 1
        assert abs(shown - abs(now - reference)) <= Decimal(5).scaleb(-decimals - 2)


@pytest.mark.parametrize(
    ("values", "polarity", "moves", "direction"),
    [
        ([90, 88, 86, 84], HIGHER, 3, WORSENED),
        ([90, 88, 86, 84], LOWER, 3, IMPROVED),
        ([90, 88, 86, 84], NEUTRAL, 3, Direction.LOWER),
        ([84, 86], NEUTRAL, 1, Direction.HIGHER),
        ([73, 74, 84], HIGHER, 2, IMPROVED),
        ([90, 74, 84], HIGHER, 1, IMPROVED),
        ([90, None, 86, 84], HIGHER, 1, WORSENED),
        ([90, 88, None, 84], HIGHER, 0, None),
        ([90, 88, 84, None], HIGHER, 0, None),
        ([90, 88, 88], HIGHER, 0, None),
        ([90, 90, 88], HIGHER, 1, WORSENED),
        ([90], HIGHER, 0, None),
        ([], HIGHER, 0, None),
    ],
)
def test_successive(values, polarity, moves, direction):
    assert successive(values, polarity) == (moves, direction)


def test_successive_as_printed():
    values = ["90", "88", "87.9"]
    assert successive(values, HIGHER) == (2, WORSENED)
    assert successive(values, HIGHER, decimals=0) == (0, None)


@given(st.lists(st.none() | st.integers(0, 4), max_size=8), st.sampled_from(Polarity))
def test_successive_counts_the_longest_strict_tail(values, polarity):
    """Oracle: the longest tail that, as a whole, is strictly sorted one way."""

    def strict(tail):
        if None in tail:
            return False
        return tail in (sorted(set(tail)), sorted(set(tail), reverse=True))

    longest = max(size for size in range(len(values) + 1) if strict(values[len(values) - size :]))
    run = successive(values, polarity)
    assert run.moves == max(0, longest - 1)
    assert (run.direction is None) == (run.moves == 0)
    if run.direction is not None:
        step = travel(values[-1], values[-2], polarity=polarity, unit=Unit.COUNT, decimals=0)
        assert run.direction is step.direction
