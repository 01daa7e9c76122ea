"""Process limits, segments and the two verdicts."""

from decimal import Decimal

import pytest

from measures.stats.limits import Refused
from measures.stats.spc import Assurance, Variation, xmr
from tests.measures.stats.samples import DEVIATIONS, DRAWS, EVEN, HIGHER, LOWER, NEUTRAL, causes


class TestLimits:
    def test_published_unscreened(self):
        result = xmr(DEVIATIONS, polarity=HIGHER)
        assert (round(result.mean, 2), round(result.upper, 2), round(result.lower, 2)) == (1.94, 6.95, -3.06)
        assert causes(result) == {4: ["outside"]}

    def test_published_screened(self):
        result = xmr(DEVIATIONS, polarity=HIGHER, screen=True)
        assert (round(result.mean, 2), round(result.upper, 2), round(result.lower, 2)) == (1.94, 4.60, -0.72)

    def test_published_snapshot(self):
        result = xmr(DRAWS, polarity=HIGHER, screen=True)
        assert (round(result.mean, 3), round(result.upper, 2), round(result.lower, 2)) == (0.142, 3.29, -3.01)

    def test_near_limits_are_two_thirds_of_the_way(self):
        limits = xmr(EVEN, polarity=HIGHER).limits
        assert (limits.mean, limits.upper, limits.lower) == (10, pytest.approx(15.32), pytest.approx(4.68))
        assert (limits.near_upper, limits.near_lower) == (
            pytest.approx(13.5467, abs=1e-4),
            pytest.approx(6.4533, abs=1e-4),
        )

    def test_no_moving_range_crosses_a_gap(self):
        with_gap = xmr([10, 12, 10, 12, None, 30, 32, 30, 32], polarity=HIGHER)
        assert (with_gap.mean, with_gap.upper) == (21, pytest.approx(21 + 2.66 * 2))
        assert [point.value for point in with_gap.points][3:6] == [12, None, 30]
        assert with_gap.points[4].variation is None

    def test_decimals_and_floats_alike(self):
        held = [Decimal("73.684211"), Decimal("84.210526")] * 7
        assert xmr(held, polarity=HIGHER) == xmr([float(value) for value in held], polarity=HIGHER)

    @pytest.mark.parametrize(("count", "trial"), [(8, True), (12, True), (13, False)])
    def test_on_trial_below_13(self, count, trial):
        result = xmr(EVEN[:count], polarity=HIGHER, target=10)
        assert result.trial is trial
        assert (result.variation is None, result.assurance is None) == (trial, trial)
        assert result.upper > result.mean > result.lower

    def test_gaps_are_no_values(self):
        held = [*EVEN[:12], None, None]
        assert xmr(held, polarity=HIGHER).trial is True
        assert xmr([*held, 9], polarity=HIGHER).trial is False


class TestRefusal:
    @pytest.mark.parametrize(
        ("values", "reason"),
        [
            ([], "No value is held; limits need 8."),
            ([None, None], "No value is held; limits need 8."),
            ([1], "Only 1 value is held; limits need 8."),
            ([1, 2] * 3 + [1, None, None], "Only 7 values are held; limits need 8."),
            ([70] * 20, "All 20 values are the same, so nothing can be told apart."),
            ([0] * 9, "All 9 values are the same, so nothing can be told apart."),
            ([Decimal("0.1")] * 8 + [Decimal("0.10")], "All 9 values are the same, so nothing can be told apart."),
            (
                [1, None, 2, None, 3, None, 4, None, 5, None, 6, None, 7, None, 8],
                "No two values stand side by side, so the usual change from one to the next is not known.",
            ),
            (
                [5, 5, 5, 5, None, 7, 7, 7, 7],
                "The values do not change from one period to the next, so no limits can be drawn.",
            ),
        ],
    )
    def test_with_a_sentence(self, values, reason):
        with pytest.raises(Refused) as refused:
            xmr(values, polarity=HIGHER)
        assert str(refused.value) == reason
        assert isinstance(refused.value, ValueError)

    def test_nothing_varies_but_what_is_screened(self):
        values = [5] * 10 + [9] * 10
        assert xmr(values, polarity=HIGHER).mean == 7
        with pytest.raises(Refused, match="^Without the unusual changes the values do not change, so no limits can be"):
            xmr(values, polarity=HIGHER, screen=True)

    @pytest.mark.parametrize("value", [float("nan"), float("inf"), Decimal("NaN"), -float("inf")])
    def test_a_number_that_is_none(self, value):
        for arguments in ({"values": [*EVEN, value]}, {"values": EVEN, "target": value}):
            with pytest.raises(ValueError, match="finite") as refused:
                xmr(**arguments, polarity=HIGHER)
            assert not isinstance(refused.value, Refused)

    @pytest.mark.parametrize("value", ["70", True, [1]])
    def test_what_is_no_number(self, value):
        with pytest.raises(TypeError, match="^A value is a Decimal, int or float, not a "):
            xmr([*EVEN, value], polarity=HIGHER)

    def test_a_polarity_that_is_none(self):
        with pytest.raises(ValueError, match="up"):
            xmr(EVEN, polarity="up")


class TestAssurance:
    # tests/testthat/test-ptd_calculate_assurance_type.R: a target above, below and between the limits
    @pytest.mark.parametrize(
        ("polarity", "target", "assurance"),
        [
            (HIGHER, 16, "fail"),
            (HIGHER, 4, "pass"),
            (HIGHER, 10, "hit_or_miss"),
            (LOWER, 16, "pass"),
            (LOWER, 4, "fail"),
            (LOWER, 10, "hit_or_miss"),
            (NEUTRAL, 16, None),
            (HIGHER, None, None),
            (HIGHER, Decimal("15.33"), "fail"),
            (HIGHER, 10 + 2.66 * 2, "hit_or_miss"),
            (HIGHER, 10 - 2.66 * 2, "hit_or_miss"),
        ],
    )
    def test_the_target_and_the_limits(self, polarity, target, assurance):
        assert xmr(EVEN, polarity=polarity, target=target).assurance == assurance

    def test_words_of_the_contract(self):
        assert {*Assurance} == {"pass", "fail", "hit_or_miss"}
        assert {*Variation} == {
            *("common", "improvement_high", "improvement_low", "concern_high", "concern_low"),
            *("neutral_high", "neutral_low"),
        }


class TestReasons:
    """Causes that contradict each other: those of the verdict's way are its reasons."""

    FALLEN_AND_RISING = (*[80, 81] * 10, *range(50, 58))

    @pytest.mark.parametrize(
        ("polarity", "variation", "reasons"),
        [
            (HIGHER, "improvement_high", ("trend",)),
            (LOWER, "improvement_low", ("outside", "two_of_three", "shift")),
            (NEUTRAL, "neutral_low", ("outside", "trend", "two_of_three", "shift")),
        ],
    )
    def test_point_the_way_of_the_verdict(self, polarity, variation, reasons):
        last = xmr(self.FALLEN_AND_RISING, polarity=polarity).points[-1]
        assert (last.variation, last.reasons) == (variation, reasons)
        assert last.causes == ("outside", "trend", "two_of_three", "shift")

    def test_none_of_an_everyday_value(self):
        assert {point.reasons for point in xmr(EVEN, polarity=HIGHER).points} == {()}


class TestSegments:
    def test_each_has_its_own_limits(self):
        result = xmr([*EVEN[:14], *(value + 50 for value in EVEN[:14])], polarity=HIGHER, starts=[14], target=30)
        assert [(one.start, one.stop, one.count, one.limits.mean) for one in result.segments] == [
            (0, 14, 14, 10),
            (14, 28, 14, 60),
        ]
        assert (result.mean, result.trial, result.variation, result.assurance) == (60, False, "common", "pass")
        assert causes(result) == {}

    def test_no_run_and_no_moving_range_crosses_a_start(self):
        values = [5, 3, 5, 3, 1, 2, 3, 4, 5, 6, 7, 8, 4, 5, 4, 5, 4, 5]
        assert causes(xmr(values, polarity=HIGHER)) != {}
        assert causes(xmr(values, polarity=HIGHER, starts=[8])) == {}
        result = xmr([*EVEN[:8], *(value + 50 for value in EVEN[:8])], polarity=HIGHER, starts=[8])
        assert result.upper - result.mean == pytest.approx(2.66 * 2)

    def test_signals_before_a_start_stay(self):
        result = xmr([*EVEN, 30, *EVEN], polarity=HIGHER, starts=[21])
        assert causes(result) == {20: ["outside"]}

    def test_after_a_recent_start_there_are_no_limits_yet(self):
        result = xmr([*EVEN, 40, 41, 40], polarity=HIGHER, starts=[20], target=10)
        assert (result.mean, result.upper, result.lower, result.limits) == (None, None, None, None)
        assert (result.trial, result.variation, result.assurance) == (False, None, None)
        assert result.segments[0].limits.mean == 10
        assert result.segments[1].refusal == "Only 3 values are held; limits need 8."
        assert [point.variation for point in result.points[-4:]] == ["common", None, None, None]

    def test_a_segment_of_gaps(self):
        result = xmr([*EVEN, None, None], polarity=HIGHER, starts=[20])
        assert (result.latest, result.variation, result.segments[1].count) == (19, None, 0)

    def test_on_trial_after_a_start(self):
        result = xmr([*EVEN, *EVEN[:8]], polarity=HIGHER, starts=[20])
        assert (result.trial, result.variation) == (True, None)

    def test_none_has_enough(self):
        with pytest.raises(Refused, match="^No part of the series has 8 values, so no limits can be drawn.$"):
            xmr(EVEN[:14], polarity=HIGHER, starts=[7])

    def test_none_varies(self):
        """Enough values are held, so that what is said of them is why the last part has no limits."""
        with pytest.raises(Refused, match="^All 9 values are the same, so nothing can be told apart.$"):
            xmr([5] * 8 + [7] * 9, polarity=HIGHER, starts=[8])

    @pytest.mark.parametrize("starts", [[0], [20], [25], [9, 9], [9, 3], [-1]])
    def test_starts_in_order_and_inside(self, starts):
        with pytest.raises(
            ValueError, match="^Segments start one after the other, each inside the series and after its"
        ):
            xmr(EVEN, polarity=HIGHER, starts=starts)
