"""Clear, could be chance, too few to say."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from measures.numbers import Unit
from measures.rating import Polarity, rate
from measures.stats.chance import Tell, against, change, is_attainable, is_small, points_a_case
from measures.stats.intervals import newcombe, wilson
from measures.terms import Window

HIGHER, LOWER, NEUTRAL = Polarity.HIGHER, Polarity.LOWER, Polarity.NEUTRAL
CLEAR, CHANCE, FEW = Tell.CLEAR, Tell.CHANCE, Tell.FEW
COUNTS = st.integers(1, 300).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


def of(x, n, target, tolerance=None, polarity=HIGHER, unit=Unit.PERCENT):
    return against(x, n, target, tolerance, polarity=polarity, unit=unit)


class TestAgainstTheTarget:
    def test_the_demonstration(self):
        """The same rule colours both; 16 of 19 could be chance, 147 of 210 could not."""
        fo1, b8 = of(16, 19, 90, 80), of(147, 210, 90, 85)
        assert (fo1.tell, fo1.tolerance, fo1.met) == (CHANCE, None, False)
        assert (fo1.low, fo1.high) == (pytest.approx(62.43, abs=5e-3), pytest.approx(94.48, abs=5e-3))
        assert (b8.tell, b8.tolerance, b8.met) == (CLEAR, CLEAR, False)
        assert (b8.low, b8.high) == (pytest.approx(63.49, abs=5e-3), pytest.approx(75.79, abs=5e-3))
        assert (fo1.numerator, fo1.denominator) == (16, 19)

    @pytest.mark.parametrize(
        ("x", "n", "target", "tolerance", "polarity", "tells"),
        [
            # below the target for certain, perhaps not below the tolerance
            (79, 100, 90, 80, HIGHER, (CLEAR, CHANCE, False)),
            # within the tolerance: nothing is said of it
            (850, 1000, 90, 80, HIGHER, (CLEAR, None, False)),
            (99, 100, 90, 85, HIGHER, (CLEAR, None, True)),
            (92, 100, 90, 85, HIGHER, (CHANCE, None, True)),
            # exactly on target
            (90, 100, 90, 85, HIGHER, (CHANCE, None, True)),
            (60, 100, 22, 28, LOWER, (CLEAR, CLEAR, False)),
            (27, 100, 22, 28, LOWER, (CHANCE, None, False)),
            (10, 100, 22, 28, LOWER, (CLEAR, None, True)),
            (30, 100, 22, 28, LOWER, (CHANCE, CHANCE, False)),
            # nothing and all
            (0, 40, 10, None, HIGHER, (CLEAR, None, False)),
            (40, 40, 100, None, HIGHER, (CHANCE, None, True)),
            (0, 40, 0, None, LOWER, (CHANCE, None, True)),
        ],
    )
    def test_percentages(self, x, n, target, tolerance, polarity, tells):
        found = of(x, n, target, tolerance, polarity)
        assert (found.tell, found.tolerance, found.met) == tells

    @pytest.mark.parametrize(
        ("x", "n", "tell"),
        [
            # The interval of 0 of 1 ends at 79%: below 90%, and yet one person is too few.
            (0, 1, FEW),
            (0, 2, FEW),
            (0, 3, CLEAR),
            (1, 3, FEW),
            (3, 9, CLEAR),
            (8, 9, FEW),
            (9, 10, CHANCE),
        ],
    )
    def test_under_ten_one_case_the_other_way_must_not_matter(self, x, n, tell):
        assert of(x, n, 90).tell is tell

    def test_under_ten_on_the_far_side(self):
        assert of(4, 4, 5).tell is CLEAR
        assert of(1, 1, 22, polarity=LOWER).tell is FEW
        assert of(Decimal("0.5"), 9, 90).tell is CLEAR

    def test_rates(self):
        found = of(589, 66180, 80, 85, LOWER, Unit.RATE)
        assert (found.tell, found.tolerance) == (CLEAR, CHANCE)
        assert (found.low, found.high) == (pytest.approx(81.96, abs=5e-3), pytest.approx(96.49, abs=5e-3))

    def test_few_events_in_a_large_population(self):
        assert of(3, 66180, 1, None, LOWER, Unit.RATE).tell is FEW
        assert of(9, 10_000, 1, None, LOWER, Unit.RATE).tell is CLEAR
        assert of(0, 66180, 1, None, LOWER, Unit.RATE).tell is CLEAR
        assert of(0, 40_000, 1, None, LOWER, Unit.RATE).tell is FEW
        assert of(30, 20, 80, None, LOWER, Unit.RATE).tell is CLEAR

    @pytest.mark.parametrize(
        "arguments",
        [
            (None, 19, 90),
            (16, None, 90),
            (16, 19, None),
            (0, 0, 90),
            (16, -19, 90),
            (-1, 19, 90),
            (20, 19, 90),
            (16, 19, 90, None, NEUTRAL),
            (16, 19, 90, None, HIGHER, Unit.COUNT),
            (16, 19, 90, None, HIGHER, Unit.DAYS),
        ],
    )
    def test_nothing_can_be_said(self, arguments):
        assert of(*arguments) is None

    @given(COUNTS, st.integers(0, 100), st.sampled_from([HIGHER, LOWER]))
    def test_the_side_is_that_of_the_unrounded_rating(self, counts, target, polarity):
        x, n = counts
        found = of(x, n, target, None, polarity)
        assert found.met == (rate(Decimal(100 * x) / n, target, None, polarity).status == "green")

    @given(st.integers(10, 300), st.integers(1, 99), st.data())
    def test_from_ten_on_clear_is_the_whole_interval_on_one_side(self, n, target, data):
        x = data.draw(st.integers(0, n))
        low, high = wilson(x, n)
        clear = low * 100 > target or high * 100 < target
        assert of(x, n, target).tell is (CLEAR if clear else CHANCE)

    @given(st.integers(1, 60), st.integers(1, 99))
    def test_further_below_the_target_is_no_less_clear(self, n, target):
        tells = [of(x, n, target).tell for x in range(n + 1) if x * 100 < target * n]
        assert tells == sorted(tells, key=lambda tell: tell is not CLEAR)


class TestChange:
    def test_two_young_people(self):
        found = change((16, 19), (14, 19), unit=Unit.PERCENT)
        assert (found.tell, found.low, found.high) == (
            CHANCE,
            pytest.approx(-15.64, abs=5e-3),
            pytest.approx(35.24, abs=5e-3),
        )

    @pytest.mark.parametrize(
        ("now", "before", "tell"),
        [
            ((147, 210), (170, 200), CLEAR),
            ((170, 200), (147, 210), CLEAR),
            ((9, 9), (1, 9), CLEAR),
            ((1, 9), (9, 9), CLEAR),
            ((3, 3), (0, 3), FEW),
            ((0, 3), (3, 3), FEW),
            ((2, 3), (1, 3), FEW),
            ((7, 12), (3, 9), FEW),
            ((10, 20), (12, 20), CHANCE),
        ],
    )
    def test_against_none(self, now, before, tell):
        assert change(now, before, unit=Unit.PERCENT).tell is tell

    @pytest.mark.parametrize(
        ("now", "before"),
        [
            ((None, 19), (14, 19)),
            ((16, None), (14, 19)),
            ((16, 19), (None, 19)),
            ((16, 19), (14, None)),
            ((16, 0), (14, 19)),
            ((16, 19), (20, 19)),
        ],
    )
    def test_without_four_counts(self, now, before):
        assert change(now, before, unit=Unit.PERCENT) is None

    @pytest.mark.parametrize("unit", [Unit.COUNT, Unit.RATE, Unit.DAYS])
    def test_percentages_only(self, unit):
        assert change((16, 19), (14, 19), unit=unit) is None

    @pytest.mark.parametrize("window", [Window.ROLLING_12M, Window.YEAR_TO_DATE])
    def test_windows_that_overlap_hold_partly_the_same_people(self, window):
        assert change((16, 19), (14, 19), unit=Unit.PERCENT, window=window) is None

    @given(COUNTS, COUNTS)
    def test_in_points(self, now, before):
        found = change(now, before, unit=Unit.PERCENT)
        low, high = newcombe(*now, *before)
        assert (found.low, found.high) == (low * 100, high * 100)
        if min(now[1], before[1]) >= 10:
            assert found.tell is (CLEAR if low > 0 or high < 0 else CHANCE)
        elif low <= 0 <= high:
            assert found.tell is FEW


class TestCohort:
    @pytest.mark.parametrize(
        ("x", "n", "small"),
        [(16, 19, True), (147, 210, False), (25, 30, False), (24, 29, True), (9, 200, True), (196, 200, True)],
    )
    def test_small(self, x, n, small):
        assert is_small(x, n) is small

    @pytest.mark.parametrize(("at", "small"), [(60, False), (61, True), (30, False)])
    def test_small_as_a_contract_has_it(self, at, small):
        assert is_small(30, 60, at) is small

    def test_points_a_case(self):
        assert round(float(points_a_case(19)), 1) == 5.3
        assert points_a_case(20) == 5

    @pytest.mark.parametrize(
        ("target", "n", "attainable"),
        [(90, 19, False), (90, 20, True), (Decimal("92.5"), 40, True), (Decimal("92.5"), 20, False), (100, 19, True)],
    )
    def test_attainable(self, target, n, attainable):
        assert is_attainable(target, n) is attainable
