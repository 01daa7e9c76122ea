"""A figure held for one series and period, and the target it is read against, ready for any page. Pure: no Django."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from .entries import SYMBOLS, Status
from .numbers import Unit, number_text, value_text
from .quarters import Month, Quarter
from .rating import Polarity
from .terms import Basis

# What follows a large number; words keep their space.
UNIT_WORDS = {Unit.PERCENT: "%", Unit.COUNT: "", Unit.RATE: " per 10,000", Unit.DAYS: " days"}
NOT_HELD = "No value yet"
MISSING_WORDS = {
    Status.NOT_AVAILABLE: "Not available",
    Status.NOT_APPLICABLE: "Not applicable",
    Status.SUPPRESSED: "Suppressed",
}


@dataclass(frozen=True)
class Scale:
    """How a series is printed and read."""

    unit: Unit
    decimals: int
    polarity: Polarity
    counted: str
    counted_one: str

    def text(self, value: Decimal) -> str:
        return value_text(value, self.unit, self.decimals)


# Not a dataclass: a scorecard makes thousands, and a frozen one takes five times as long to make.
class Reading(NamedTuple):
    """`status` None: nothing is held for the period, not even a reason."""

    period: Quarter | Month
    value: Decimal | None = None
    numerator: Decimal | None = None
    denominator: Decimal | None = None
    status: Status | None = None
    illustrative: bool = False
    counts_illustrative: bool = False
    revised: bool = False
    months_present: int | None = None
    note: str = ""

    @property
    def quarter(self) -> Quarter:
        """The quarter that the period is, or lies in."""
        return self.period if isinstance(self.period, Quarter) else self.period.quarter

    @property
    def marks(self) -> tuple[str, ...]:
        """Letters of the bracketed symbols beside the figure, without that of a missing value."""
        found = [
            ("i", self.illustrative),
            ("p", self.status is Status.PROVISIONAL),
            ("r", self.revised),
        ]
        return tuple(letter for letter, holds in found if holds)

    @property
    def symbol(self) -> str:
        """ "[x]", "[z]" or "[c]" where the status says why there is no value."""
        return SYMBOLS[self.status] if self.status and self.value is None else ""

    def text(self, scale: Scale) -> str:
        """The value as printed, or why there is none."""
        if self.value is not None:
            return scale.text(self.value)
        return f"{MISSING_WORDS[self.status]} {self.symbol}" if self.status else NOT_HELD

    def cohort(self, *, counted: str = "") -> str:
        """ "147 of 210 cases"; empty without counts."""
        if self.numerator is None or self.denominator is None:
            return ""
        return f"{number_text(self.numerator, 0)} of {number_text(self.denominator, 0)} {counted}".rstrip()


@dataclass(frozen=True)
class Aim:
    """The target and tolerance in force in a quarter."""

    from_quarter: Quarter
    target: Decimal | None
    tolerance: Decimal | None
    target_basis: Basis
    tolerance_basis: Basis
    reason: str = ""

    @property
    def target_mark(self) -> str:
        return _mark(self.target_basis)

    @property
    def tolerance_mark(self) -> str:
        return _mark(self.tolerance_basis)


def _mark(basis: Basis) -> str:
    return "i" if basis is Basis.ILLUSTRATIVE else ""


def in_force(aims: Sequence[Aim], quarter: Quarter) -> Aim | None:
    """The latest of the agreed rows, oldest first, that starts no later than the quarter."""
    for aim in reversed(aims):
        if aim.from_quarter <= quarter:
            return aim
    return None
