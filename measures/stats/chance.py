"""What chance could have done: a value against its target, a change against none. Pure: no Django.

The contract's rating stands whatever is said here. Both parties read the same.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from ..derivation import SCALES
from ..numbers import Unit
from ..rating import Polarity
from ..terms import Window
from .intervals import newcombe, rate, wilson

# Under this many cases one of them moves a percentage by more than ten points.
FEWEST = 10
# Smaller cohorts are said to be small: an interval of theirs is wide, and a target may lie between two cases.
SMALL = 30
SMALL_PART, SMALL_REST = 10, 5
HUNDRED = 100

Number = Decimal | int


class Tell(StrEnum):
    CLEAR = "clear"
    CHANCE = "could_be_chance"
    FEW = "too_few"


@dataclass(frozen=True)
class Against:
    """How a value stands to its target. `low` and `high` are the 95% interval, in the unit of the series.

    `met`: the target is reached, unrounded. `tell`: whether chance could have put the value on its side of the target.
    `tolerance` says the same of a tolerance that is missed too; None where it is kept, or none is set.
    """

    tell: Tell
    tolerance: Tell | None
    met: bool
    low: float
    high: float
    numerator: Number
    denominator: Number


@dataclass(frozen=True)
class Change:
    """The 95% interval of now minus before, in points; `tell`: whether chance could have made the change."""

    tell: Tell
    low: float
    high: float


def against(
    numerator: Number | None,
    denominator: Number | None,
    target: Number | None,
    tolerance: Number | None = None,
    *,
    polarity: Polarity,
    unit: Unit,
) -> Against | None:
    """None without both counts, a target, or a unit whose chance is known: percentages and rates.

    Clear where the whole interval lies on one side of the target. In a cohort under 10 it must stay so with one case
    the other way; else the cases are too few to say.
    """
    polarity, unit = Polarity(polarity), Unit(unit)
    if numerator is None or denominator is None or target is None or polarity is Polarity.NEUTRAL:
        return None
    if not _known(numerator, denominator, unit):
        return None
    value = Fraction(numerator) / Fraction(denominator) * SCALES[unit]
    met = _reaches(value, target, polarity)
    low, high = _interval(numerator, denominator, unit)
    missed = tolerance is not None and not _reaches(value, tolerance, polarity)
    return Against(
        tell=_tell(numerator, denominator, target, unit, value > target),
        tolerance=_tell(numerator, denominator, tolerance, unit, value > tolerance)
        if tolerance is not None and missed
        else None,
        met=met,
        low=low,
        high=high,
        numerator=numerator,
        denominator=denominator,
    )


def change(
    now: tuple[Number | None, Number | None],
    before: tuple[Number | None, Number | None],
    *,
    unit: Unit,
    window: Window = Window.PERIOD,
) -> Change | None:
    """`now` and `before` are numerator and denominator. None for other than percentages, without all four counts, and
    for windows that overlap, whose cohorts are partly the same people."""
    if Unit(unit) is not Unit.PERCENT or Window(window) is not Window.PERIOD:
        return None
    new, n_new = now
    old, n_old = before
    if new is None or n_new is None or old is None or n_old is None:
        return None
    if not (_known(new, n_new, Unit.PERCENT) and _known(old, n_old, Unit.PERCENT)):
        return None
    low, high = newcombe(new, n_new, old, n_old)

    def with_one_the_other_way() -> bool:
        moved = max(new - 1, 0) if low > 0 else min(new + 1, n_new)
        return _apart(newcombe(moved, n_new, old, n_old), 0, above=low > 0)

    is_apart = low > 0 or high < 0
    tell = _said(min(n_new, n_old), is_apart, with_one_the_other_way)
    return Change(tell, low * HUNDRED, high * HUNDRED)


def is_small(numerator: Number, denominator: Number, small: int = SMALL) -> bool:
    """A small cohort: under `small`, or so few in or out of it that one case shows."""
    return denominator < small or numerator < SMALL_PART or denominator - numerator < SMALL_REST


def interval(numerator: Number, denominator: Number, unit: Unit) -> tuple[float, float] | None:
    """The 95% interval in the unit of the series; None where chance is not known."""
    return _interval(numerator, denominator, unit) if _known(numerator, denominator, unit) else None


def points_a_case(denominator: Number) -> Fraction:
    """How many points one case moves a percentage by."""
    return HUNDRED / Fraction(denominator)


def is_attainable(target: Number, denominator: Number) -> bool:
    """Whether some whole number of cases gives the target exactly."""
    return (Fraction(target) * Fraction(denominator) / HUNDRED).denominator == 1


def _known(numerator: Number, denominator: Number, unit: Unit) -> bool:
    if denominator <= 0 or numerator < 0:
        return False
    return unit is Unit.RATE or (unit is Unit.PERCENT and numerator <= denominator)


def _reaches(value: Fraction, level: Number, polarity: Polarity) -> bool:
    return value >= level if polarity is Polarity.HIGHER else value <= level


def _interval(numerator: Number, denominator: Number, unit: Unit) -> tuple[float, float]:
    if unit is Unit.RATE:
        return rate(numerator, denominator)
    low, high = wilson(numerator, denominator)
    return low * HUNDRED, high * HUNDRED


def _tell(numerator: Number, denominator: Number, level: Number, unit: Unit, above: bool) -> Tell:
    """`above`: whether the value lies above the level."""

    def with_one_the_other_way() -> bool:
        # Never below 0 nor above the cohort: such a value is not clear of a level that no value could pass.
        moved = numerator - 1 if above else numerator + 1
        return _known(moved, denominator, unit) and _apart(_interval(moved, denominator, unit), level, above=above)

    few = numerator if unit is Unit.RATE else denominator
    return _said(few, _apart(_interval(numerator, denominator, unit), level, above=above), with_one_the_other_way)


def _apart(interval: tuple[float, float], level: Number, *, above: bool) -> bool:
    low, high = interval
    return low > level if above else high < level


def _said(cases: Number, is_clear: bool, with_one_the_other_way: Callable[[], bool]) -> Tell:
    if cases >= FEWEST:
        return Tell.CLEAR if is_clear else Tell.CHANCE
    return Tell.CLEAR if is_clear and with_one_the_other_way() else Tell.FEW
