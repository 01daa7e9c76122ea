"""Intervals against published figures."""

from decimal import Decimal
from math import exp, factorial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from measures.stats.intervals import byar, exact_poisson, newcombe, rate, wilson
from measures.stats.quantiles import gamma_quantile, gamma_share, z_of

COUNTS = st.integers(0, 400).flatmap(lambda n: st.tuples(st.integers(0, n + 1), st.just(n + 1)))
CONFIDENCES = st.sampled_from([0.5, 0.9, 0.95, 0.99, 0.998])


class TestWilson:
    @pytest.mark.parametrize(
        ("x", "n", "low", "high"),
        [
            # Newcombe, Statistics in Medicine 17 (1998) 857-872, table I, method 3
            (81, 263, 0.2553, 0.3662),
            (15, 148, 0.0624, 0.1605),
            (0, 20, 0.0000, 0.1611),
            (1, 29, 0.0061, 0.1718),
            # The figures of the paper that the demonstration holds
            (16, 19, 0.6243, 0.9448),
            (147, 210, 0.6349, 0.7579),
        ],
    )
    def test_published(self, x, n, low, high):
        assert wilson(x, n) == (pytest.approx(low, abs=5e-5), pytest.approx(high, abs=5e-5))

    @pytest.mark.parametrize(
        ("confidence", "z"), [(0.8, 1.281552), (0.9, 1.644854), (0.95, 1.959964), (0.99, 2.575829), (0.998, 3.090232)]
    )
    def test_the_normal_table(self, confidence, z):
        assert z_of(confidence) == pytest.approx(z, abs=5e-7)

    def test_decimals_and_fractions_of_a_case(self):
        assert wilson(Decimal(16), Decimal(19)) == wilson(16, 19)
        low, high = wilson(0.445, 1)
        assert 0 < low < 0.445 < high < 1

    def test_nothing_and_all_are_held(self):
        assert wilson(0, 7)[0] == 0.0
        assert wilson(7, 7)[1] == 1.0

    @pytest.mark.parametrize(
        ("x", "n", "reason"),
        [
            (1, 0, "The denominator must be above 0."),
            (0, 0, "The denominator must be above 0."),
            (1, -3, "The denominator must be above 0."),
            (-1, 3, "The numerator cannot be below 0."),
            (4, 3, "The numerator cannot be above the denominator."),
            (float("nan"), 3, "The numerator is no number that can be counted with."),
            (3, float("inf"), "The denominator is no number that can be counted with."),
            (3, 10**400, "The denominator is no number that can be counted with."),
            (Decimal("sNaN"), 3, "The numerator is no number that can be counted with."),
        ],
    )
    def test_refused_with_a_reason(self, x, n, reason):
        with pytest.raises(ValueError, match=f"^{reason}$"):
            wilson(x, n)

    @pytest.mark.parametrize("x", ["16", None, True])
    def test_what_is_no_number(self, x):
        with pytest.raises(TypeError, match="^The numerator is a Decimal, int or float, not "):
            wilson(x, 19)

    @pytest.mark.parametrize("confidence", [0, 1, 95, -0.5])
    def test_confidence_is_a_share(self, confidence):
        with pytest.raises(ValueError, match="^The confidence is a share between 0 and 1, such as 0.95, not "):
            wilson(16, 19, confidence)

    @given(COUNTS, CONFIDENCES)
    def test_holds_the_share_and_stays_between_0_and_1(self, counts, confidence):
        x, n = counts
        low, high = wilson(x, n, confidence)
        assert 0 <= low <= x / n <= high <= 1
        assert low < high

    @given(COUNTS, CONFIDENCES)
    def test_the_rest_mirrors_the_part(self, counts, confidence):
        x, n = counts
        low, high = wilson(x, n, confidence)
        assert wilson(n - x, n, confidence) == (pytest.approx(1 - high, abs=1e-12), pytest.approx(1 - low, abs=1e-12))

    @given(COUNTS)
    def test_ten_times_the_cohort_is_narrower(self, counts):
        x, n = counts
        low, high = wilson(x, n)
        wide = high - low
        low, high = wilson(10 * x, 10 * n)
        assert high - low < wide

    @given(COUNTS, CONFIDENCES)
    def test_its_ends_are_where_the_score_test_ends(self, counts, confidence):
        """Oracle: at each end the count lies z standard errors off, the standard error being that of the end."""
        x, n = counts
        for end in wilson(x, n, confidence):
            if 0 < end < 1:
                assert abs(x / n - end) == pytest.approx(z_of(confidence) * (end * (1 - end) / n) ** 0.5, rel=1e-9)


class TestCounts:
    @pytest.mark.parametrize(
        ("x", "low", "high"),
        [
            # Garwood, Biometrika 28 (1936) 437-442; six decimals as R's poisson.test gives them
            (0, 0.0, 3.688879),
            (1, 0.025318, 5.571643),
            (2, 0.242209, 7.224688),
            (3, 0.618672, 8.767273),
            (5, 1.623486, 11.668332),
            (10, 4.795389, 18.390356),
            # GraphPad's worked example
            (25, 16.178682, 36.904932),
            (100, 81.363991, 121.626793),
        ],
    )
    def test_exact(self, x, low, high):
        assert exact_poisson(x) == (pytest.approx(low, abs=1e-6), pytest.approx(high, abs=1e-6))

    def test_exact_at_another_confidence(self):
        assert exact_poisson(25, 0.9) == (pytest.approx(17.38, abs=5e-3), pytest.approx(34.92, abs=5e-3))

    @pytest.mark.parametrize(
        ("freedom", "share", "chi_square"),
        [
            # Abramowitz and Stegun, table 26.8
            (1, 0.95, 3.84146),
            (2, 0.975, 7.37776),
            (10, 0.025, 3.24697),
            (10, 0.975, 20.4832),
            (30, 0.5, 29.3360),
            (100, 0.995, 140.169),
        ],
    )
    def test_chi_square_table(self, freedom, share, chi_square):
        assert 2 * gamma_quantile(share, freedom / 2) == pytest.approx(chi_square, rel=5e-6)

    @given(st.floats(0.05, 5000), st.floats(1e-9, 1 - 1e-9))
    def test_a_quantile_has_its_share_below_it(self, shape, share):
        assert gamma_share(gamma_quantile(share, shape), shape) == pytest.approx(share, abs=1e-10)

    def test_a_quantile_next_to_nought(self):
        assert gamma_quantile(0.025, 0.001) == pytest.approx(0, abs=1e-200)

    @given(st.integers(0, 60), CONFIDENCES)
    def test_exact_ends_are_poisson_tails(self, x, confidence):
        """Oracle: the sum of the Poisson probabilities themselves."""

        def at_most(count, mean):
            return sum(exp(-mean) * mean**k / factorial(k) for k in range(count + 1))

        low, high = exact_poisson(x, confidence)
        beyond = (1 - confidence) / 2
        assert at_most(x, high) == pytest.approx(beyond, rel=1e-8)
        assert (1 - at_most(x - 1, low) if x else beyond) == pytest.approx(beyond, rel=1e-8)

    @pytest.mark.parametrize("x", [10, 25, 100, 589, 1000])
    def test_byar_is_close_from_ten_on(self, x):
        for near, exact in zip(byar(x), exact_poisson(x), strict=True):
            assert near == pytest.approx(exact, rel=2e-3)

    def test_byar_near_nought(self):
        assert byar(0) == (0.0, pytest.approx(3.668, abs=1e-3))
        assert byar(0.1)[0] == 0.0
        assert byar(1)[0] == pytest.approx(0.01307, abs=1e-5)

    @given(st.integers(0, 3000), CONFIDENCES)
    def test_both_hold_the_count(self, x, confidence):
        for low, high in (byar(x, confidence), exact_poisson(x, confidence)):
            assert 0 <= low <= x < high


class TestRate:
    def test_children_in_care_of_the_paper(self):
        assert rate(589, 66180) == (pytest.approx(82.0, abs=0.05), pytest.approx(96.5, abs=0.05))

    def test_exact_below_ten_and_byar_from_ten(self):
        assert rate(9, 10_000) == exact_poisson(9)
        assert rate(10, 10_000) == byar(10)
        assert rate(Decimal("9.5"), 10_000) == exact_poisson(9.5)

    def test_per_thousand(self):
        assert rate(20, 1000, per=1000) == pytest.approx(byar(20))

    def test_more_events_than_people(self):
        assert rate(30, 20)[0] > 10_000

    @pytest.mark.parametrize("population", [0, -1])
    def test_refused(self, population):
        with pytest.raises(ValueError, match="^The population must be above 0.$"):
            rate(5, population)


class TestNewcombe:
    @pytest.mark.parametrize(
        ("counts", "low", "high"),
        [
            # Newcombe, Statistics in Medicine 17 (1998) 873-890, table II, method 10
            ((56, 70, 48, 80), 0.0524, 0.3339),
            ((9, 10, 3, 10), 0.1705, 0.8090),
            ((6, 7, 2, 7), 0.0582, 0.8062),
            ((5, 56, 0, 29), -0.0381, 0.1926),
            ((0, 10, 0, 20), -0.1611, 0.2775),
            ((0, 10, 0, 10), -0.2775, 0.2775),
            ((10, 10, 0, 20), 0.6791, 1.0000),
            ((10, 10, 0, 10), 0.6075, 1.0000),
            # Two young people of 19
            ((16, 19, 14, 19), -0.1564, 0.3524),
        ],
    )
    def test_published(self, counts, low, high):
        assert newcombe(*counts) == (pytest.approx(low, abs=5e-5), pytest.approx(high, abs=5e-5))

    def test_refused(self):
        with pytest.raises(ValueError, match="^The denominator must be above 0.$"):
            newcombe(1, 2, 0, 0)

    @given(COUNTS, COUNTS)
    def test_holds_the_difference_and_the_way_back_is_the_opposite(self, new, old):
        low, high = newcombe(*new, *old)
        assert -1 <= low <= new[0] / new[1] - old[0] / old[1] <= high <= 1
        assert newcombe(*old, *new) == (pytest.approx(-high, abs=1e-12), pytest.approx(-low, abs=1e-12))

    @given(COUNTS)
    def test_no_difference_from_itself(self, counts):
        low, high = newcombe(*counts, *counts)
        assert low < 0 < high
