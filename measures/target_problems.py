"""What a target and a tolerance may be, told by field. Pure: no Django."""

from __future__ import annotations

from decimal import Decimal

from .entries import Bounds
from .numbers import round_half_up
from .rating import Polarity, check_target

NO_TARGET = "Enter the target first: a tolerance bounds amber below or above it."
NOT_RATED = (
    "Neither way is better here, so nothing is held against a target. Leave it empty, or say which way is better."
)


def target_problems(polarity: str, bounds: Bounds, target: Decimal | None, tolerance: Decimal | None) -> dict[str, str]:
    """Field name to message; empty where they may be held."""
    given = {name: each for name, each in (("target", target), ("tolerance", tolerance)) if each is not None}
    if polarity == Polarity.NEUTRAL:
        return dict.fromkeys(given, NOT_RATED)
    # First: what is far out of range could not be rounded.
    if found := {name: message for name, each in given.items() if (message := range_problem(each, bounds.highest))}:
        return found
    found = {
        name: f"{_form(bounds.decimals)}: the series prints no more, and what is compared must be what is printed."
        for name, each in given.items()
        if each != round_half_up(each, bounds.decimals)
    }
    if target is None and tolerance is not None:
        found["target"] = NO_TARGET
    try:
        check_target(target, tolerance, Polarity(polarity))
    except ValueError:
        side, other = ("at or below", "above") if polarity == Polarity.HIGHER else ("at or above", "below")
        found["tolerance"] = (
            f"{'Higher' if polarity == Polarity.HIGHER else 'Lower'} is better, so the tolerance cannot be {other} the "
            f"target. Enter a tolerance {side} the target, or mend the target."
        )
    return found


def range_problem(number: Decimal, highest: Decimal) -> str:
    if not number.is_finite():
        return "Enter a number."
    if number < 0:
        return "Enter 0 or more: this cannot be negative."
    return f"Enter {highest.normalize():,f} or less." if number > highest else ""


def _form(decimals: int) -> str:
    if not decimals:
        return "Enter a whole number"
    return "Use at most 1 decimal" if decimals == 1 else f"Use at most {decimals} decimals"
