from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from measures.rating import Polarity, Rating, Status, check_target, rate

HIGHER, LOWER, NEUTRAL = Polarity.HIGHER, Polarity.LOWER, Polarity.NEUTRAL
GREEN, AMBER, RED, MISSED, NONE = Status.GREEN, Status.AMBER, Status.RED, Status.MISSED, Status.NONE

# Small whole tenths, so that boundaries are met often.
FIGURES = st.integers(-60, 60).map(lambda tenths: Decimal(tenths) / 10)
GOODNESS = [RED, AMBER, GREEN]


@pytest.mark.parametrize(
    ("value", "target", "tolerance", "polarity", "status"),
    [
        (27, 22, 28, LOWER, AMBER),
        (74, 80, 75, HIGHER, RED),
        ("39.3", 45, 40, HIGHER, RED),
        (22, 22, 28, LOWER, GREEN),
        (28, 22, 28, LOWER, AMBER),
        ("28.1", 22, 28, LOWER, RED),
        (21, 22, 28, LOWER, GREEN),
        (70, 90, 85, HIGHER, RED),
        (84, 90, 75, HIGHER, AMBER),
        (80, 80, 75, HIGHER, GREEN),
        (75, 80, 75, HIGHER, AMBER),
        (81, 80, 75, HIGHER, GREEN),
        (79, 80, 80, HIGHER, RED),
        (79, 80, None, HIGHER, MISSED),
        (80, 80, None, HIGHER, GREEN),
        (23, 22, None, LOWER, MISSED),
        (22, 22, None, LOWER, GREEN),
        (0, 0, 5, LOWER, GREEN),
        (Decimal("-0"), 0, 0, HIGHER, GREEN),
        (10**30, 90, 85, HIGHER, GREEN),
        (10**30, 22, 28, LOWER, RED),
    ],
)
def test_status(value, target, tolerance, polarity, status):
    assert rate(value, target, tolerance, polarity).status is status


@pytest.mark.parametrize(
    ("value", "polarity", "reason"),
    [
        (90, HIGHER, "The value is at or above the target"),
        (80, HIGHER, "The value is below the target but at or above the tolerance"),
        (70, HIGHER, "The value is below the tolerance"),
        (70, LOWER, "The value is at or below the target"),
        (80, LOWER, "The value is above the target but at or below the tolerance"),
        (90, LOWER, "The value is above the tolerance"),
    ],
)
def test_reason(value, polarity, reason):
    target, tolerance = (85, 75) if polarity is HIGHER else (75, 85)
    assert rate(value, target, tolerance, polarity).reason == reason


@pytest.mark.parametrize(
    ("value", "target", "tolerance", "polarity", "rating"),
    [
        (79, 80, None, HIGHER, Rating(MISSED, "Not on target, tolerance not set")),
        (23, 22, None, LOWER, Rating(MISSED, "Not on target, tolerance not set")),
        (1898, None, None, NEUTRAL, Rating(NONE, "Volumetric, no target")),
        (1898, 1900, 1800, NEUTRAL, Rating(NONE, "Volumetric, no target")),
        (27, None, None, LOWER, Rating(NONE, "No target set")),
        (27, None, 28, HIGHER, Rating(NONE, "No target set")),
        (None, 80, 75, HIGHER, Rating(NONE, "No value held")),
        (None, None, None, NEUTRAL, Rating(NONE, "No value held")),
    ],
)
def test_not_rated_says_why(value, target, tolerance, polarity, rating):
    assert rate(value, target, tolerance, polarity) == rating


@pytest.mark.parametrize(
    ("value", "decimals", "status", "rounding_decides"),
    [
        ("79.5", 0, GREEN, True),
        ("79.5", None, AMBER, False),
        ("79.5", 1, AMBER, False),
        ("79.49", 0, AMBER, False),
        ("74.5", 0, AMBER, True),
        ("74.96", 1, AMBER, True),
        ("74.94", 1, RED, False),
        ("80", 0, GREEN, False),
    ],
)
def test_the_published_value_is_compared(value, decimals, status, rounding_decides):
    rating = rate(value, 80, 75, HIGHER, decimals)
    assert (rating.status, rating.rounding_decides) == (status, rounding_decides)


def test_rounding_can_decide_for_the_worse():
    assert rate("22.5", "22.5", 28, LOWER, 0) == Rating(
        AMBER, "The value is above the target but at or below the tolerance", rounding_decides=True
    )


@pytest.mark.parametrize(
    ("value", "target", "tolerance", "polarity"),
    [(74, 75, 80, HIGHER), (27, 28, 22, LOWER), (None, 75, 80, HIGHER)],
)
def test_tolerance_on_the_wrong_side_is_refused(value, target, tolerance, polarity):
    with pytest.raises(ValueError, match="tolerance cannot be"):
        rate(value, target, tolerance, polarity)


def test_check_target_accepts_what_is_in_order():
    check_target("80", "75", HIGHER)
    check_target("22", "28", LOWER)
    check_target(80, 80, HIGHER)
    check_target(1, 2, NEUTRAL)
    check_target(None, 75, HIGHER)
    check_target(80, None, HIGHER)


@pytest.mark.parametrize("figure", [Decimal("NaN"), Decimal("Infinity"), Decimal("-Infinity"), "n/a"])
@pytest.mark.parametrize("place", [0, 1, 2])
@pytest.mark.parametrize("polarity", Polarity)
def test_what_is_no_number_is_refused(figure, place, polarity):
    figures = [80, 80, 80]
    figures[place] = figure
    with pytest.raises(ValueError, match="number"):
        rate(*figures, polarity)


@pytest.mark.parametrize("place", [0, 1, 2])
def test_float_is_refused(place):
    figures = [80, 80, 80]
    figures[place] = 80.0
    with pytest.raises(TypeError, match="Decimal, int or str"):
        rate(*figures, HIGHER)


def test_polarity_may_come_as_stored_text():
    assert rate(27, 22, 28, "lower").status is AMBER
    with pytest.raises(ValueError, match="sideways"):
        rate(27, 22, 28, "sideways")


@given(FIGURES, FIGURES, FIGURES, st.booleans())
def test_status_agrees_with_the_place_on_the_line(value, a, b, higher):
    """Oracle: count the levels reached on a line turned so that up is better."""
    sign = 1 if higher else -1
    target, tolerance = (max(a, b), min(a, b)) if higher else (min(a, b), max(a, b))
    reached = [level for level in (sign * target, sign * tolerance) if sign * value >= level]
    status = rate(value, target, tolerance, HIGHER if higher else LOWER).status
    assert status is GOODNESS[len(reached)]


@given(FIGURES, FIGURES, FIGURES, FIGURES, st.booleans(), st.sampled_from([None, 0, 1]))
def test_a_better_value_is_never_rated_worse(v, w, a, b, higher, decimals):
    worse, better = (min(v, w), max(v, w)) if higher else (max(v, w), min(v, w))
    target, tolerance = (max(a, b), min(a, b)) if higher else (min(a, b), max(a, b))
    polarity = HIGHER if higher else LOWER
    first, second = (rate(value, target, tolerance, polarity, decimals).status for value in (worse, better))
    assert GOODNESS.index(first) <= GOODNESS.index(second)


@given(FIGURES, FIGURES, FIGURES, st.booleans(), st.sampled_from([None, 0, 1]))
def test_turning_the_line_round_keeps_the_status(value, a, b, rated, decimals):
    target, tolerance = max(a, b), min(a, b) if rated else None
    turned = None if tolerance is None else -tolerance
    assert (
        rate(value, target, tolerance, HIGHER, decimals).status is rate(-value, -target, turned, LOWER, decimals).status
    )


@given(st.decimals(-100, 100, places=3), FIGURES, FIGURES)
def test_rounding_decides_exactly_where_the_ratings_differ(value, a, b):
    target, tolerance = max(a, b), min(a, b)
    published = value.quantize(Decimal(1), ROUND_HALF_UP)
    rating = rate(value, target, tolerance, HIGHER, 0)
    plain = rate(value, target, tolerance, HIGHER).status
    assert rating.status is rate(published, target, tolerance, HIGHER).status
    assert rating.rounding_decides == (rating.status is not plain)


def test_status_words():
    assert {status.value: status.words for status in Status} == {
        "green": "On target",
        "amber": "Within tolerance",
        "red": "Off target",
        "missed": "Not on target, tolerance not set",
        "none": "Not rated",
    }
