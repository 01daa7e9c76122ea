"""The four signs, one by one and together."""

from decimal import Decimal
from statistics import mean

import pytest

from measures.stats.spc import Variation, xmr
from tests.measures.stats.samples import EVEN, HIGHER, LOWER, NEUTRAL, WIDE, causes, variations


class TestOutside:
    def test_on_a_limit_is_inside(self):
        # 2.66 is one limit of these: mean 0, mean moving range 1 ... and the last value stands exactly on it.
        base = [0.5, -0.5] * 8
        limit = xmr(base, polarity=HIGHER).upper
        assert causes(xmr([*base, None, limit, None, -limit], polarity=HIGHER)) == {}

    @pytest.mark.parametrize(
        ("polarity", "high", "low"),
        [
            (HIGHER, "improvement_high", "concern_low"),
            (LOWER, "concern_high", "improvement_low"),
            (NEUTRAL, "neutral_high", "neutral_low"),
        ],
    )
    def test_what_it_says(self, polarity, high, low):
        above, below = xmr([*EVEN, 30], polarity=polarity), xmr([*EVEN, -10], polarity=polarity)
        assert (causes(above), above.variation) == ({20: ["outside"]}, high)
        assert (causes(below), below.variation) == ({20: ["outside"]}, low)

    def test_the_latest_value_speaks(self):
        result = xmr([*EVEN, 30, 9], polarity=HIGHER)
        assert (result.variation, result.points[20].variation) == ("common", "improvement_high")

    def test_the_latest_value_held_speaks_where_periods_are_missing(self):
        result = xmr([*EVEN, 30, None, None], polarity=HIGHER)
        assert (result.latest, result.variation) == (20, Variation.IMPROVEMENT_HIGH)


class TestTrend:
    # tests/testthat/test-ptd_calculate_point_type.R, ptd_seven_point_trend: 1:6, then c(1:3, 3:6), then 1:7
    def test_six_are_none(self):
        assert "trend" not in sum(causes(xmr([4, 1, 2, 3, 4, 5, 6, 3, 5, 3], polarity=HIGHER)).values(), [])

    def test_an_equal_value_ends_it(self):
        assert causes(xmr([5, 1, 2, 3, 3, 4, 5, 6, 3, 5, 1], polarity=HIGHER)) == {}

    def test_seven_are_all_marked(self):
        result = xmr([6, 1, 2, 3, 4, 5, 6, 7, 3, 5, 2, 4, 3], polarity=HIGHER)
        assert causes(result) == {index: ["trend"] for index in range(1, 8)}
        assert set(variations(result).values()) == {"improvement_high"}

    def test_falling(self):
        result = xmr([2, 7, 6, 5, 4, 3, 2, 1, 5, 3, 6, 4, 5], polarity=HIGHER)
        assert causes(result) == {index: ["trend"] for index in range(1, 8)}
        assert set(variations(result).values()) == {"concern_low"}

    @pytest.mark.parametrize(("gap", "found"), [(3, False), (9, True)])
    def test_a_gap_ends_it(self, gap, found):
        values = [6, 1, 2, 3, 4, 5, 6, 7, 3, 5, 2, 4, 3]
        values.insert(gap, None)
        assert bool(causes(xmr(values, polarity=HIGHER))) is found

    @pytest.mark.parametrize(
        ("polarity", "first", "last"),
        [
            (HIGHER, "improvement_high", "concern_low"),
            (LOWER, "concern_high", "improvement_low"),
            (NEUTRAL, "neutral_high", "neutral_low"),
        ],
    )
    def test_its_way_counts_whichever_side_of_the_mean(self, polarity, first, last):
        """NHSRplotthedots#180: a falling trend is coloured as falling above the mean as well as below it."""
        values = [*WIDE, 2, 3, 4, 5.5, 6, 7, 8, 0, 10, 8, 7, 6, 5.5, 4, 3, 2]
        result = xmr(values, polarity=polarity)
        assert 4 < result.mean < 5.5
        assert causes(result) == {index: ["trend"] for index in (*range(16, 23), *range(24, 32))}
        assert [point.variation for point in result.points[16:23]] == [first] * 7
        assert [point.variation for point in result.points[24:]] == [last] * 8

    @pytest.mark.parametrize(
        ("polarity", "peak"), [(HIGHER, "improvement_high"), (LOWER, "improvement_low"), (NEUTRAL, "neutral_low")]
    )
    def test_where_two_meet(self, polarity, peak):
        """Improvement before concern (#194); without either, the later trend."""
        result = xmr([*WIDE, 0.5, 1, 2, 3, 4, 5.5, 7, 5.5, 4, 3, 2, 1, 0.5], polarity=polarity)
        assert causes(result) == {index: ["trend"] for index in range(16, 29)}
        assert result.points[22].variation == peak


class TestTwoOfThree:
    """Values of EVEN with some at the end, whose own moves widen the limits a little."""

    def test_two_beyond_and_one_on_the_same_side(self):
        result = xmr([*EVEN, 14.8, 11, 14.8, 9], polarity=HIGHER)
        assert result.limits.near_upper < 14.8 < result.upper
        assert causes(result) == {20: ["two_of_three"], 22: ["two_of_three"]}
        assert set(variations(result).values()) == {"improvement_high"}

    def test_two_side_by_side_below(self):
        result = xmr([*EVEN, 9, 4.9, 4.9, 11], polarity=HIGHER)
        assert result.lower < 4.9 < result.limits.near_lower
        assert causes(result) == {21: ["two_of_three"], 22: ["two_of_three"]}
        assert set(variations(result).values()) == {"concern_low"}

    def test_the_third_may_come_first_or_last(self):
        assert causes(xmr([*EVEN, 9, 14.8, 14.8, 11, 9], polarity=HIGHER)) == {
            21: ["two_of_three"],
            22: ["two_of_three"],
        }
        assert causes(xmr([*EVEN, 11, 5, 5, 9, 11], polarity=HIGHER)) == {
            21: ["two_of_three"],
            22: ["two_of_three"],
        }
        assert causes(xmr([*EVEN[:-1], 11, 14.8, 14.8, 9], polarity=HIGHER)) == {
            20: ["two_of_three"],
            21: ["two_of_three"],
        }

    def test_not_with_the_third_on_the_other_side(self):
        assert causes(xmr([*EVEN, 14.8, 9, 14.8, 9], polarity=HIGHER)) == {}

    def test_not_on_two_sides(self):
        """tests/testthat/test-ptd_spc_standard.R: two in a row, one near each limit."""
        assert causes(xmr([1, -1] * 7 + [5.5, -5.5], polarity=HIGHER)) == {}

    def test_one_beyond_the_limit_counts_with_one_beyond_the_near_limit(self):
        """NHSRplotthedots#194, November 2023."""
        result = xmr([*EVEN, 16, 11, 19, 9], polarity=HIGHER)
        assert result.limits.near_upper < 16 < result.upper < 19
        assert causes(result) == {20: ["two_of_three"], 22: ["outside", "two_of_three"]}

    def test_two_beyond_the_limit(self):
        result = xmr([*EVEN, *EVEN, 20, 20, 11, 9], polarity=HIGHER)
        assert causes(result) == {40: ["outside", "two_of_three"], 41: ["outside", "two_of_three"]}

    def test_no_three_across_a_gap(self):
        assert causes(xmr([*EVEN, 14.8, None, 11, 14.8, 9], polarity=HIGHER)) == {}

    def test_two_alone_are_not_three(self):
        assert causes(xmr([*EVEN, None, 14.8, 14.8], polarity=HIGHER)) == {}


class TestShift:
    # tests/testthat/test-ptd_calculate_point_type.R, ptd_seven_point_one_side_mean
    @pytest.mark.parametrize(("count", "marked"), [(6, 0), (7, 7), (8, 8)])
    def test_seven_on_a_side(self, count, marked):
        high = [11.5, 12.5] * 4
        result = xmr([*EVEN, 9, *high[:count]], polarity=HIGHER)
        assert causes(result) == {index: ["shift"] for index in range(21, 21 + marked)}
        assert result.variation == ("improvement_high" if marked else "common")

    def test_below(self):
        result = xmr([*EVEN, 11, *[8.5, 7.5] * 4], polarity=LOWER)
        assert result.variation == "improvement_low"
        assert causes(result) == {index: ["shift"] for index in range(21, 29)}

    def test_a_value_on_the_mean_ends_it(self):
        values = [0, 2, 0, 2, 0, 2, 0, 2, 1.5, 1.2, 1.5, 1, 1.5, 1.2, 1.5, 0, 0, 0.6]
        assert mean(values) == 1
        assert causes(xmr(values, polarity=HIGHER)) == {}

    def test_on_the_mean_although_floats_add_up_to_less(self):
        values = [Decimal("0.1"), Decimal("0.3")] * 5 + [Decimal("0.2")] * 7
        result = xmr(values, polarity=HIGHER)
        assert result.mean < 0.2
        assert causes(result) == {}

    def test_a_gap_ends_it(self):
        assert causes(xmr([*EVEN, 9, 11.5, 12.5, 11.5, None, 12.5, 11.5, 12.5, 11.5], polarity=HIGHER)) == {}


class TestTogether:
    def test_causes_stand_in_order_of_precedence(self):
        values = [*EVEN, *EVEN, 11.1, 11.2, 11.3, 12, 13, 14, 20, 26]
        assert list(xmr(values, polarity=HIGHER).points[-1].causes) == ["outside", "trend", "two_of_three", "shift"]

    def test_without_better_and_worse_the_first_cause_speaks(self):
        """A falling trend, all of it above the mean."""
        values = [0, 1] * 8 + [9, 8, 7, 6, 5, 4, 3]
        result = xmr(values, polarity=NEUTRAL)
        assert result.points[-1].causes == ("trend", "shift")
        assert result.variation == "neutral_low"

    @pytest.mark.parametrize(("polarity", "variation"), [(HIGHER, "improvement_high"), (LOWER, "improvement_low")])
    def test_improvement_is_shown_where_concern_fires_too(self, polarity, variation):
        """NHSRplotthedots#194: so does the Making Data Count tool."""
        values = [0, 1] * 8 + [9, 8, 7, 6, 5, 4, 3]
        assert xmr(values, polarity=polarity).variation == variation
