"""The rating rule of one series in words, with its own numbers. Pure: no Django."""

from __future__ import annotations

from decimal import Decimal

from .numbers import Unit, number_text, value_text
from .rating import Polarity
from .readings import Aim, Scale

NEUTRAL = "Not rated: neither way is better."
NO_TARGET = "Not rated: no target is set."
DECIMALS = {0: "a whole number", 1: "1 decimal"}


def rule(aim: Aim | None, scale: Scale) -> list[str]:
    """Sentences: what is on target, within tolerance and off target; what a value on the boundary is."""
    if scale.polarity is Polarity.NEUTRAL:
        return [NEUTRAL]
    if aim is None or aim.target is None:
        return [NO_TARGET]
    higher = scale.polarity is Polarity.HIGHER
    beyond, side = ("or more", "below") if higher else ("or less", "above")
    target = scale.text(aim.target)
    said = [f"On target at {target} {beyond}."]
    if aim.tolerance is None:
        said.append(f"{side.capitalize()} {target} it is not on target, and not rated: no tolerance is set.")
        return said
    tolerance = scale.text(aim.tolerance)
    if aim.tolerance == aim.target:
        said.append(f"Off target {side} {target}: the tolerance is the target itself.")
        said.append(f"A value on the boundary belongs to the better side: {target} is on target.")
        return said
    way = "down" if higher else "up"
    said.append(f"Within tolerance {side} {target}, {way} to and including {tolerance}.")
    said.append(f"Off target {side} {tolerance}.")
    said.append(
        f"A value on the boundary belongs to the better side: {target} is on target, {tolerance} is within tolerance."
    )
    return said


def rounding(aim: Aim | None, scale: Scale) -> str:
    """How a value is rounded before it is printed and rated, with the nearest example to the target."""
    form = DECIMALS.get(scale.decimals, f"{scale.decimals} decimals")
    said = f"Rounded once, half up, to {form}, and rated as printed"
    if scale.polarity is Polarity.NEUTRAL:
        return f"Rounded once, half up, to {form}."
    if aim is None or aim.target is None:
        return f"{said}."
    half = Decimal(5).scaleb(-scale.decimals - 1)
    if scale.polarity is Polarity.HIGHER and aim.target >= half:
        example, read = aim.target - half, aim.target
    else:
        example, read = aim.target + half, aim.target + half * 2
    return f"{said}: {_finer(example, scale)} counts as {scale.text(read)}."


def _finer(value: Decimal, scale: Scale) -> str:
    return value_text(value, scale.unit, scale.decimals + 1)


def counted(scale: Scale) -> str:
    """What numerator and denominator are: "cases"; empty for what is no share."""
    if not scale.counted:
        return ""
    if scale.unit is Unit.PERCENT:
        return f"A share of {scale.counted}: the numerator counts some of them, the denominator all."
    if scale.unit is Unit.RATE:
        return f"{scale.counted[:1].upper()}{scale.counted[1:]} for each {number_text(Decimal(10_000), 0)} people."
    return f"{scale.counted[:1].upper()}{scale.counted[1:]}."
