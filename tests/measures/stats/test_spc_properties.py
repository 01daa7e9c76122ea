"""What holds of every series."""

from itertools import pairwise
from statistics import mean

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from measures.rating import Polarity
from measures.stats.limits import Refused
from measures.stats.spc import xmr
from tests.measures.stats.samples import HIGHER, LOWER, NEUTRAL, causes


def oracle(values, limits):
    """The four rules told window by window, as the reference tests put them."""
    found = {index: set() for index in range(len(values))}

    def windows(size):
        for first in range(len(values) - size + 1):
            window = values[first : first + size]
            if None not in window:
                yield range(first, first + size), window

    def beyond(value, upper, lower):
        return value > upper + 1e-9 or value < lower - 1e-9

    for index, value in enumerate(values):
        if value is not None and beyond(value, limits.upper, limits.lower):
            found[index].add("outside")
    for places, window in windows(7):
        if all(a < b for a, b in pairwise(window)) or all(a > b for a, b in pairwise(window)):
            [found[place].add("trend") for place in places]
        if all(v > limits.mean + 1e-9 for v in window) or all(v < limits.mean - 1e-9 for v in window):
            [found[place].add("shift") for place in places]
    for places, window in windows(3):
        far = [
            place for place, v in zip(places, window, strict=True) if beyond(v, limits.near_upper, limits.near_lower)
        ]
        same = all(v > limits.mean + 1e-9 for v in window) or all(v < limits.mean - 1e-9 for v in window)
        if same and len(far) >= 2:
            [found[place].add("two_of_three") for place in far]
    return {index: causes for index, causes in found.items() if causes}


SERIES = st.lists(st.none() | st.integers(0, 12), min_size=8, max_size=40)
CALM = st.lists(st.integers(0, 6), min_size=13, max_size=30)


def or_none(values, **arguments):
    try:
        return xmr(values, polarity=HIGHER, **arguments)
    except Refused:
        return None


@given(SERIES)
@example([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 5, 4, 3, 2, 1, 0, 3])
@example([4, 5] * 8 + [8, 8, 5, 9, 9, 9, 5, 6, 7, 6, 6, 7, 8])
def test_the_signs_are_those_of_the_rules(values):
    result = or_none(values)
    if result:
        assert {index: set(each) for index, each in causes(result).items()} == oracle(values, result.limits)


@given(SERIES, st.integers(-1000, 1000), st.sampled_from([1, 2, 7, 100]))
def test_shift_and_scale_move_the_limits_with_the_series(values, shift, scale):
    result = or_none(values)
    moved = or_none([None if value is None else value * scale + shift for value in values])
    assert (result is None) == (moved is None)
    if result:
        for was, now in zip(result.limits[:5], moved.limits[:5], strict=True):
            assert now == pytest.approx(was * scale + shift, abs=1e-8)
        assert causes(result) == causes(moved)
        assert result.variation == moved.variation


@given(SERIES)
def test_upside_down_improvement_is_concern_turned_over(values):
    """Higher is better on the series is the same as lower is better on its mirror image."""
    result = or_none(values)
    if result:
        mirrored = xmr([None if value is None else -value for value in values], polarity=LOWER)
        turn = {"improvement_high": "improvement_low", "concern_low": "concern_high"}
        assert [turn.get(point.variation, point.variation) for point in result.points] == [
            point.variation for point in mirrored.points
        ]


@given(SERIES, SERIES)
def test_no_run_and_no_moving_range_crosses_a_gap(before, after):
    """Split at a gap, each half has the signs that it has beside the other half, whatever stands there."""
    joined = or_none([*before, None, *after])
    if joined:
        cut = len(before) + 1
        signs = causes(joined)
        assert {i: set(c) for i, c in signs.items() if i < cut} == oracle(before, joined.limits)
        assert {i - cut: set(c) for i, c in signs.items() if i >= cut} == oracle(after, joined.limits)
        moves = [abs(b - a) for half in (before, after) for a, b in pairwise(half) if a is not None and b is not None]
        assert joined.upper - joined.mean == pytest.approx(2.66 * mean(moves))


@given(SERIES)
def test_a_gap_at_either_end_changes_nothing(values):
    result = or_none(values)
    padded = or_none([None, *values, None])
    assert (result is None) == (padded is None)
    if result:
        assert (padded.limits, padded.variation) == (result.limits, result.variation)
        assert padded.points[1:-1] == result.points


@given(CALM, CALM)
def test_a_start_divides_the_series_into_two(first, second):
    left, right = or_none(first), or_none(second)
    both = or_none([*first, *second], starts=[len(first)])
    assert (both is None) == (left is None and right is None)
    if left and right:
        assert both.points == left.points + right.points
        assert (both.limits, both.variation) == (right.limits, right.variation)


@given(SERIES)
def test_screening_never_widens(values):
    plain, screened = or_none(values), or_none(values, screen=True)
    if plain and screened:
        assert screened.upper - screened.mean <= plain.upper - plain.mean + 1e-9
        assert screened.mean == plain.mean


@given(SERIES, st.sampled_from(Polarity))
def test_precedence_orders_the_causes_and_improvement_wins(values, polarity):
    if or_none(values) is None:
        return
    order = ["outside", "trend", "two_of_three", "shift"]
    for point in xmr(values, polarity=polarity).points:
        assert list(point.causes) == sorted(point.causes, key=order.index)
        if point.value is None:
            assert point.variation is None
        elif not point.causes:
            assert point.variation == "common"
        elif polarity is NEUTRAL:
            assert point.variation.startswith("neutral_")
        else:
            assert point.variation.startswith(("improvement_", "concern_"))


@given(CALM, st.integers(-5, 12), st.integers(-5, 12))
def test_assurance_is_no_better_for_a_harder_target(values, one, other):
    if or_none(values) is None:
        return
    easy, hard = sorted((one, other))
    rank = ["fail", "hit_or_miss", "pass"]
    of = {target: xmr(values, polarity=HIGHER, target=target).assurance for target in (easy, hard)}
    assert rank.index(of[easy]) >= rank.index(of[hard])
