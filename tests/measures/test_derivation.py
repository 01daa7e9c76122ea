from decimal import ROUND_HALF_UP, Decimal, localcontext
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from measures.derivation import Derivation, Derived, Part, cases_to_target, derive, value_of
from measures.numbers import Unit
from measures.rating import Polarity

SUM, MEAN = Derivation.SUM, Derivation.MEAN_OF_MONTHS
SNAPSHOT, POOLED = Derivation.SNAPSHOT_END, Derivation.POOLED_RATIO
HIGHER, LOWER, NEUTRAL = Polarity.HIGHER, Polarity.LOWER, Polarity.NEUTRAL

EMPTY = Part()
COHORTS = st.integers(1, 400).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


def value(figure):
    return Part(value=Decimal(figure))


def ratio(numerator, denominator):
    return Part(value_of(numerator, denominator, Unit.PERCENT), Decimal(numerator), Decimal(denominator))


def derived(figure, numerator=None, denominator=None, *, present, provisional):
    return Derived(
        Decimal(figure),
        None if numerator is None else Decimal(numerator),
        None if denominator is None else Decimal(denominator),
        present,
        provisional,
    )


@pytest.mark.parametrize(
    ("months", "expected"),
    [
        ([value(1), value(2), value("3.5")], derived("6.5", present=3, provisional=False)),
        ([value(1), None, value(3)], derived("4", present=2, provisional=True)),
        ([value(1), EMPTY, None], derived("1", present=1, provisional=True)),
        ([value(0), value(0), value(0)], derived("0", present=3, provisional=False)),
        ([ratio(1, 2), ratio(1, 2), ratio(1, 2)], derived("150", present=3, provisional=False)),
        ([None, None, None], None),
        ([EMPTY, EMPTY, EMPTY], None),
    ],
)
def test_sum(months, expected):
    assert derive(SUM, months, Unit.COUNT) == expected


@pytest.mark.parametrize(
    ("months", "expected"),
    [
        ([value(1861), value(1898), value(1935)], derived("1898", present=3, provisional=False)),
        ([value(1), value(1), value(0)], derived("0.666667", present=3, provisional=False)),
        ([value(-1), value(-1), value(0)], derived("-0.666667", present=3, provisional=False)),
        ([value(1), None, value(2)], derived("1.5", present=2, provisional=True)),
        ([value("0.000001"), value(0), None], derived("0.000001", present=2, provisional=True)),
        ([ratio(1, 2), None, None], derived("50", present=1, provisional=True)),
        ([None, EMPTY, None], None),
    ],
)
def test_mean_of_months(months, expected):
    assert derive(MEAN, months, Unit.COUNT) == expected


@pytest.mark.parametrize(
    ("months", "expected"),
    [
        (
            [ratio(1, 19), ratio(2, 19), ratio(16, 19)],
            derived("84.210526", 16, 19, present=3, provisional=False),
        ),
        ([None, EMPTY, ratio(16, 19)], derived("84.210526", 16, 19, present=1, provisional=False)),
        ([None, None, value(589)], derived("589", present=1, provisional=False)),
        ([value(1), value(2), None], None),
        ([value(1), value(2), EMPTY], None),
    ],
)
def test_snapshot_needs_the_last_month_alone(months, expected):
    assert derive(SNAPSHOT, months, Unit.PERCENT) == expected


@pytest.mark.parametrize(
    ("months", "expected"),
    [
        (
            [ratio(40, 60), ratio(50, 70), ratio(57, 80)],
            derived("70", 147, 210, present=3, provisional=False),
        ),
        ([ratio(16, 19), None, None], derived("84.210526", 16, 19, present=1, provisional=True)),
        ([ratio(1, 2), value(90), ratio(1, 4)], derived("33.333333", 2, 6, present=2, provisional=True)),
        (
            [ratio(1, 2), Part(numerator=Decimal(1)), ratio(1, 4)],
            derived("33.333333", 2, 6, present=2, provisional=True),
        ),
        ([ratio(0, 5), ratio(0, 0), ratio(0, 5)], derived("0", 0, 10, present=3, provisional=False)),
        ([ratio(0, 0), ratio(0, 0), ratio(0, 0)], None),
        ([value(70), value(71), value(72)], None),
        ([None, EMPTY, None], None),
    ],
)
def test_pooled_ratio(months, expected):
    assert derive(POOLED, months, Unit.PERCENT) == expected


def test_pooled_ratio_is_in_the_unit():
    months = [Part(None, Decimal(589), Decimal(66180)), None, None]
    assert derive(POOLED, months, Unit.RATE).value == Decimal("88.999698")
    assert derive(POOLED, months, Unit.COUNT).value == Decimal("0.008900")


def test_what_is_entered_is_never_derived():
    assert derive(Derivation.ENTERED, [value(1), value(2), value(3)], Unit.COUNT) is None


@pytest.mark.parametrize("derivation", Derivation)
@pytest.mark.parametrize("count", [0, 2, 4])
def test_a_quarter_has_three_months(derivation, count):
    with pytest.raises(ValueError, match=f"three months, not {count}"):
        derive(derivation, [None] * count, Unit.COUNT)


@given(COHORTS, COHORTS, COHORTS)
def test_pooled_ratio_lies_between_the_months(first, second, third):
    months = [ratio(*pair) for pair in (first, second, third)]
    pooled = derive(POOLED, months, Unit.PERCENT).value
    assert min(month.value for month in months) <= pooled <= max(month.value for month in months)


@given(st.lists(st.none() | st.decimals(-1000, 1000, places=6).map(Part), min_size=3, max_size=3))
def test_sum_and_mean_belong_together(months):
    total, mean = derive(SUM, months, Unit.COUNT), derive(MEAN, months, Unit.COUNT)
    held = [month for month in months if month]
    if not held:
        assert total is mean is None
        return
    assert total.months_present == mean.months_present == len(held)
    assert total.provisional is mean.provisional is (len(held) < 3)
    assert abs(mean.value * len(held) - total.value) <= Decimal("0.0000005") * len(held)


@pytest.mark.parametrize(
    ("numerator", "denominator", "unit", "expected"),
    [
        (147, 210, Unit.PERCENT, "70.000000"),
        (16, 19, Unit.PERCENT, "84.210526"),
        (14, 19, Unit.PERCENT, "73.684211"),
        (131, 1898, Unit.PERCENT, "6.902002"),
        (589, 66180, Unit.RATE, "88.999698"),
        (2621, 66180, Unit.RATE, "396.041100"),
        (44, 2, Unit.DAYS, "22.000000"),
        (7, 2, Unit.COUNT, "3.500000"),
        (0, 5, Unit.PERCENT, "0.000000"),
    ],
)
def test_value_of(numerator, denominator, unit, expected):
    assert str(value_of(numerator, denominator, unit)) == expected


@pytest.mark.parametrize(("numerator", "denominator"), [(None, 5), (5, None), (5, 0), (0, Decimal("-0"))])
def test_value_of_nothing(numerator, denominator):
    assert value_of(numerator, denominator, Unit.PERCENT) is None


@given(st.integers(0, 10**15), st.integers(1, 10**15))
def test_value_of_rounds_once(numerator, denominator):
    with localcontext(prec=100):
        expected = (Decimal(100) * numerator / denominator).quantize(Decimal("0.000001"), ROUND_HALF_UP)
    assert value_of(numerator, denominator, Unit.PERCENT) == expected


@pytest.mark.parametrize(
    ("numerator", "denominator", "target", "polarity", "cases"),
    [
        (16, 19, 90, HIGHER, 2),
        (147, 210, 90, HIGHER, 42),
        (18, 20, 90, HIGHER, 0),
        (20, 20, 90, HIGHER, 0),
        (29, 100, 22, LOWER, 7),
        (22, 100, 22, LOWER, 0),
        (5, 19, 22, LOWER, 1),
        (0, 19, 100, HIGHER, 19),
        (3, 19, 0, LOWER, 3),
        ("16", Decimal(19), "90.0", HIGHER, 2),
        (57, 100, 57, HIGHER, 0),
        (16, 19, 90, NEUTRAL, None),
        (16, 19, 101, HIGHER, None),
        (16, 19, -1, LOWER, None),
        (0, 0, 90, HIGHER, None),
        (None, 19, 90, HIGHER, None),
        (16, None, 90, HIGHER, None),
        (16, 19, None, HIGHER, None),
    ],
)
def test_cases_to_target(numerator, denominator, target, polarity, cases):
    assert cases_to_target(numerator, denominator, target, polarity) == cases


@given(COHORTS, st.decimals(0, 100, places=2), st.booleans())
def test_cases_to_target_is_the_fewest(cohort, target, higher):
    numerator, denominator = cohort
    cases = cases_to_target(numerator, denominator, target, HIGHER if higher else LOWER)
    sign = 1 if higher else -1

    def is_met(moved):
        return sign * (Fraction(100 * (numerator + sign * moved), denominator) - Fraction(target)) >= 0

    assert is_met(cases)
    assert cases == 0 or not is_met(cases - 1)
