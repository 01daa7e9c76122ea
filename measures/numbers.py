"""Exact rounding, and figures as the reader sees them.

Rounding is half up (away from zero), once, at display: Python's own rounding
goes to the even neighbour, which is not what readers and spreadsheets expect.
"""

from decimal import ROUND_HALF_UP, Context, Decimal, InvalidOperation
from enum import StrEnum
from fractions import Fraction
from functools import cache

Number = Decimal | int | str

MINUS = "\N{MINUS SIGN}"

# Beyond this power of ten no figure is meant, and exact arithmetic on one
# (1E+999999999) would exhaust the machine.
LARGEST_POWER = 100

# Room for the digits of nearly every figure rounded: decimal arithmetic is many times faster than fractions, and a
# scorecard rounds thousands.
ROOM = Context(prec=LARGEST_POWER + 60, rounding=ROUND_HALF_UP)


class Unit(StrEnum):
    PERCENT = "percent"
    COUNT = "count"
    RATE = "rate_per_10000"
    DAYS = "days"


def exact(value: Number) -> Decimal:
    """The value as a finite Decimal, negative zero as zero.

    TypeError for a float or bool, ValueError for what is no finite number.
    """
    number = value if type(value) is Decimal else _decimal(value)
    if not number.is_finite():
        raise ValueError(f"{number} is not a finite number.")
    if number.is_zero():
        return Decimal(0)
    if abs(number.adjusted()) > LARGEST_POWER:
        raise ValueError("The number is too large or too small to be a figure.")
    return number


def _decimal(value: Number) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, (Decimal, int, str)):
        raise TypeError(f"A figure is a Decimal, int or str, not {value!r}.")
    try:
        return Decimal(value)
    except InvalidOperation:
        raise ValueError(f'"{value}" is not a number.') from None


def fraction_half_up(value: Fraction, decimals: int) -> Decimal:
    """Rounds an exact fraction; ValueError for negative decimals."""
    return ratio_half_up(value.numerator, value.denominator, decimals)


def ratio_half_up(top: int, bottom: int, decimals: int) -> Decimal:
    """The same of two whole numbers, `bottom` above 0: whole numbers alone are many times faster than fractions."""
    if decimals < 0:
        raise ValueError("Decimals cannot be negative.")
    scaled = (2 * abs(top) * 10**decimals + bottom) // (2 * bottom)
    sign = "-" if top < 0 and scaled else ""
    # Built from text, because arithmetic would round to the context's precision.
    return Decimal(f"{sign}{scaled}E-{decimals}")


def round_half_up(value: Number, decimals: int) -> Decimal:
    number = exact(value)
    try:
        rounded = number.quantize(_last_place(decimals), context=ROOM)
    except InvalidOperation:
        return fraction_half_up(Fraction(number), decimals)
    return rounded if rounded else rounded.copy_abs()


@cache
def _last_place(decimals: int) -> Decimal:
    """0.01 for 2; ValueError for negative decimals."""
    if decimals < 0:
        raise ValueError("Decimals cannot be negative.")
    return Decimal((0, (1,), -decimals))


def number_text(value: Number, decimals: int) -> str:
    """Rounded, with thousands separated and a true minus: "1,898", "−5"."""
    return f"{round_half_up(value, decimals):,f}".replace("-", MINUS)


def _with_noun(number: str, noun: str) -> str:
    plural = "" if number.lstrip(MINUS) == "1" else "s"
    return f"{number} {noun}{plural}"


def value_text(value: Number, unit: Unit, decimals: int) -> str:
    """The value with its unit: "70%", "1,898", "396 per 10,000", "22 days"."""
    number = number_text(value, decimals)
    match Unit(unit):
        case Unit.PERCENT:
            return f"{number}%"
        case Unit.RATE:
            return f"{number} per 10,000"
        case Unit.DAYS:
            return _with_noun(number, "day")
        case _:
            return number


def difference_text(difference: Number, unit: Unit, decimals: int) -> str:
    """The size of a difference, unsigned: "8 points" (percentage points), "1 day"."""
    size = exact(difference).copy_abs()
    if Unit(unit) is Unit.PERCENT:
        return _with_noun(number_text(size, decimals), "point")
    return value_text(size, unit, decimals)
