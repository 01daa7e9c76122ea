"""The value of a quarter from its three months, and arithmetic on its parts."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from functools import lru_cache
from math import ceil

from .numbers import Number, Unit, exact, fraction_half_up, ratio_half_up
from .rating import Polarity

MONTHS = 3
HELD_DECIMALS = 6

# What a numerator over a denominator is multiplied by to give the unit.
SCALES = {Unit.PERCENT: 100, Unit.RATE: 10_000, Unit.COUNT: 1, Unit.DAYS: 1}


class Derivation(StrEnum):
    SUM = "sum"
    MEAN_OF_MONTHS = "mean_of_months"
    SNAPSHOT_END = "snapshot_end"
    POOLED_RATIO = "pooled_ratio"
    ENTERED = "entered"


@dataclass(frozen=True)
class Part:
    """What one month holds; anything may be missing."""

    value: Decimal | None = None
    numerator: Decimal | None = None
    denominator: Decimal | None = None


@dataclass(frozen=True)
class Derived:
    """The quarter; `months_present` counts the months that the derivation can use.

    Provisional where it needs all three months and lacks one.
    """

    value: Decimal
    numerator: Decimal | None
    denominator: Decimal | None
    months_present: int
    provisional: bool


def derive(derivation: Derivation, months: Sequence[Part | None], unit: Unit) -> Derived | None:
    """`months` are the quarter's three in order, None where nothing is held.

    None where nothing can be derived, and always for a value that people enter.
    ValueError unless there are exactly three months.
    """
    if len(months) != MONTHS:
        raise ValueError(f"A quarter has three months, not {len(months)}.")
    match Derivation(derivation):
        case Derivation.SUM:
            return _sum(months)
        case Derivation.MEAN_OF_MONTHS:
            return _mean(months)
        case Derivation.SNAPSHOT_END:
            return _snapshot(months)
        case Derivation.POOLED_RATIO:
            return _pooled(months, unit)
        case _:
            return None


# An import asks for each of its thousands of values several times over.
@lru_cache(maxsize=20_000, typed=True)
def value_of(numerator: Number | None, denominator: Number | None, unit: Unit) -> Decimal | None:
    """Numerator over denominator in the unit, to six decimals half up.

    Percent is per 100, a rate per 10,000, the rest a plain quotient. None where
    either is missing or the denominator is 0.
    """
    if numerator is None or denominator is None or not exact(denominator):
        return None
    top, under = exact(numerator).as_integer_ratio()
    bottom, over = exact(denominator).as_integer_ratio()
    sign = -1 if bottom < 0 else 1
    return ratio_half_up(sign * SCALES[Unit(unit)] * top * over, abs(bottom) * under, HELD_DECIMALS)


def cases_to_target(
    numerator: Number | None,
    denominator: Number | None,
    target: Number | None,
    polarity: Polarity,
) -> int | None:
    """The fewest cases that would have had to go the other way to meet the target.

    `target` is in percent. 0 when it is met; None without a polarity, a target
    between 0 and 100, or a cohort.
    """
    if numerator is None or denominator is None or target is None:
        return None
    goal, cohort = exact(target), Fraction(exact(denominator))
    if Polarity(polarity) is Polarity.NEUTRAL or not 0 <= goal <= 100 or cohort <= 0:
        return None
    missing = Fraction(goal) * cohort / 100 - Fraction(exact(numerator))
    return max(0, ceil(missing if polarity == Polarity.HIGHER else -missing))


def _values(months: Sequence[Part | None]) -> list[Decimal]:
    return [part.value for part in months if part and part.value is not None]


def _sum(months: Sequence[Part | None]) -> Derived | None:
    values = _values(months)
    if not values:
        return None
    return _derived(sum(values, Decimal(0)), None, None, len(values))


def _mean(months: Sequence[Part | None]) -> Derived | None:
    values = _values(months)
    if not values:
        return None
    mean = Fraction(sum(values, Decimal(0))) / len(values)
    return _derived(fraction_half_up(mean, HELD_DECIMALS), None, None, len(values))


def _snapshot(months: Sequence[Part | None]) -> Derived | None:
    last = months[-1]
    if last is None or last.value is None:
        return None
    return Derived(
        last.value,
        last.numerator,
        last.denominator,
        months_present=len(_values(months)),
        provisional=False,
    )


def _pooled(months: Sequence[Part | None], unit: Unit) -> Derived | None:
    pairs = [
        (part.numerator, part.denominator)
        for part in months
        if part and part.numerator is not None and part.denominator is not None
    ]
    numerator = sum((pair[0] for pair in pairs), Decimal(0))
    denominator = sum((pair[1] for pair in pairs), Decimal(0))
    value = value_of(numerator, denominator, unit)
    if value is None:
        return None
    return _derived(value, numerator, denominator, len(pairs))


def _derived(value: Decimal, numerator: Decimal | None, denominator: Decimal | None, present: int) -> Derived:
    return Derived(value, numerator, denominator, present, provisional=present < MONTHS)
