"""Direction of travel: how a value compares with one earlier value."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import NamedTuple

from .numbers import (
    Number,
    Unit,
    difference_text,
    exact,
    fraction_half_up,
    number_text,
    round_half_up,
)
from .rating import Polarity


class Direction(StrEnum):
    IMPROVED = "improved"
    WORSENED = "worsened"
    NO_CHANGE = "no_change"
    HIGHER = "higher"
    LOWER = "lower"


WORDS = {
    Direction.IMPROVED: "better",
    Direction.WORSENED: "worse",
    Direction.HIGHER: "higher",
    Direction.LOWER: "lower",
}


@dataclass(frozen=True)
class Travel:
    """`difference` is now minus reference, unrounded, in the unit of the series.

    `text` ("8 points worse") names no reference: the caller adds "than Q1 2018/19".
    """

    direction: Direction
    difference: Decimal
    text: str


class Run(NamedTuple):
    """Consecutive moves in one direction; `direction` is None when there is no move."""

    moves: int
    direction: Direction | None


def travel(
    now: Number | None,
    reference: Number | None,
    *,
    polarity: Polarity,
    unit: Unit,
    decimals: int,
) -> Travel | None:
    """None where either value is not held; no change where both print the same.

    Percentages differ in points. Other units differ in percent of the reference,
    or in the unit itself where the reference prints as zero.
    """
    if now is None or reference is None:
        return None
    new, old = exact(now), exact(reference)
    difference = new - old
    printed_old = round_half_up(old, decimals)
    printed_difference = round_half_up(new, decimals) - printed_old
    if not printed_difference:
        return Travel(Direction.NO_CHANGE, difference, "no change")
    if Unit(unit) is Unit.PERCENT or not printed_old:
        size = _difference_size(difference, printed_difference, unit, decimals)
    else:
        size = _percent_size(new, old)
    direction = _direction(difference > 0, polarity)
    return Travel(direction, difference, f"{size} {WORDS[direction]}")


def successive(values: Sequence[Number | None], polarity: Polarity, decimals: int | None = None) -> Run:
    """Counts strict moves in one direction up to the last value, oldest first.

    None is a gap, which ends the run, and so does an equal value. With `decimals`
    the values are compared as printed.
    """
    held = [_comparable(value, decimals) for value in values]
    moves = 0
    rising: bool | None = None
    for new, old in zip(reversed(held), reversed(held[:-1]), strict=False):
        if new is None or old is None or new == old:
            break
        if rising is not None and (new > old) != rising:
            break
        rising = new > old
        moves += 1
    return Run(moves, None if rising is None else _direction(rising, polarity))


def _comparable(value: Number | None, decimals: int | None) -> Decimal | None:
    if value is None:
        return None
    return exact(value) if decimals is None else round_half_up(value, decimals)


def _direction(rising: bool, polarity: Polarity) -> Direction:
    if Polarity(polarity) is Polarity.NEUTRAL:
        return Direction.HIGHER if rising else Direction.LOWER
    improved = rising is (Polarity(polarity) is Polarity.HIGHER)
    return Direction.IMPROVED if improved else Direction.WORSENED


def _difference_size(difference: Decimal, printed: Decimal, unit: Unit, decimals: int) -> str:
    # One more decimal where a reader who subtracts the two printed values
    # would get another answer.
    if round_half_up(difference, decimals) != printed:
        decimals += 1
    if not round_half_up(difference, decimals):
        least = Decimal(1).scaleb(-decimals)
        return f"less than {difference_text(least, unit, decimals)}"
    return difference_text(difference, unit, decimals)


def _percent_size(new: Decimal, old: Decimal) -> str:
    change = abs(Fraction(new) - Fraction(old)) / abs(Fraction(old)) * 100
    rounded = fraction_half_up(change, 1)
    return f"{number_text(rounded, 1)}%" if rounded else "less than 0.1%"
