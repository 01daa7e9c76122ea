"""The red, amber and green rule.

A value on a boundary belongs to the better class. The value is compared as
published, rounded to its decimals, because that is the figure people argue about.
"""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from .numbers import Number, exact, round_half_up


class Polarity(StrEnum):
    HIGHER = "higher"
    LOWER = "lower"
    NEUTRAL = "neutral"


class Status(StrEnum):
    GREEN = "green"
    AMBER = "amber"
    RED = "red"
    MISSED = "missed"
    NONE = "none"

    @property
    def words(self) -> str:
        return STATUS_WORDS[self]


STATUS_WORDS = {
    Status.GREEN: "On target",
    Status.AMBER: "Within tolerance",
    Status.RED: "Off target",
    Status.MISSED: "Not on target, tolerance not set",
    Status.NONE: "Not rated",
}

NO_VALUE = "No value held"
VOLUMETRIC = "Volumetric, no target"
NO_TARGET = "No target set"
NO_TOLERANCE = "Not on target, tolerance not set"

REASONS = {
    Polarity.HIGHER: {
        Status.GREEN: "The value is at or above the target",
        Status.AMBER: "The value is below the target but at or above the tolerance",
        Status.RED: "The value is below the tolerance",
        Status.MISSED: NO_TOLERANCE,
    },
    Polarity.LOWER: {
        Status.GREEN: "The value is at or below the target",
        Status.AMBER: "The value is above the target but at or below the tolerance",
        Status.RED: "The value is above the tolerance",
        Status.MISSED: NO_TOLERANCE,
    },
}


@dataclass(frozen=True)
class Rating:
    """`rounding_decides`: the unrounded value would be rated differently."""

    status: Status
    reason: str
    rounding_decides: bool = False


def check_target(target: Number | None, tolerance: Number | None, polarity: Polarity) -> None:
    """ValueError where the tolerance lies on the wrong side of the target."""
    if target is not None and tolerance is not None:
        _check_sides(exact(target), exact(tolerance), polarity)


def _check_sides(goal: Decimal, bound: Decimal, polarity: Polarity) -> None:
    if polarity == Polarity.HIGHER and bound > goal:
        raise ValueError("Where higher is better, the tolerance cannot be above the target.")
    if polarity == Polarity.LOWER and bound < goal:
        raise ValueError("Where lower is better, the tolerance cannot be below the target.")


def rate(
    value: Number | None,
    target: Number | None,
    tolerance: Number | None,
    polarity: Polarity,
    decimals: int | None = None,
) -> Rating:
    """Rates a value against the target and the tolerance, an absolute value.

    `decimals` are those the value is published with; None compares it unrounded.
    ValueError for a tolerance on the wrong side or a number that is not finite,
    TypeError for a float.
    """
    polarity = polarity if type(polarity) is Polarity else Polarity(polarity)
    held = None if value is None else exact(value)
    goal = None if target is None else exact(target)
    bound = None if tolerance is None else exact(tolerance)
    if goal is not None and bound is not None:
        _check_sides(goal, bound, polarity)
    if held is None:
        return Rating(Status.NONE, NO_VALUE)
    if polarity is Polarity.NEUTRAL:
        return Rating(Status.NONE, VOLUMETRIC)
    if goal is None:
        return Rating(Status.NONE, NO_TARGET)
    published = held if decimals is None else round_half_up(held, decimals)
    status = _status(published, goal, bound, polarity)
    rounding_decides = published != held and status is not _status(held, goal, bound, polarity)
    return RATINGS[polarity, status, rounding_decides]


# All that there are: a scorecard rates thousands of values.
RATINGS = {
    (polarity, status, decides): Rating(status, reason, decides)
    for polarity, reasons in REASONS.items()
    for status, reason in reasons.items()
    for decides in (False, True)
}


def _status(value: Decimal, target: Decimal, tolerance: Decimal | None, polarity: Polarity) -> Status:
    is_higher = polarity is Polarity.HIGHER
    if value >= target if is_higher else value <= target:
        return Status.GREEN
    if tolerance is None:
        return Status.MISSED
    reaches = value >= tolerance if is_higher else value <= tolerance
    return Status.AMBER if reaches else Status.RED
