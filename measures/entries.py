"""What an analyst may type for one series and period, checked field by field. Pure: no Django.

Form, import and API all ask `problems`, so that they cannot disagree; the write function asks it again.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from .derivation import value_of
from .numbers import Unit

LARGEST = Decimal(10) ** 9 - 1
PLACES = 6
SMALLEST_STEP = Decimal(1).scaleb(-PLACES)
LONGEST_NOTE = 500
TAKE_COUNTS = frozenset({Unit.PERCENT, Unit.RATE})
# Control characters other than tab and the ends of lines.
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
NO_CONTROL = "Take out the control character: no file could carry it."
COUNTS_NEEDED = "Enter numerator and denominator: the quarter is pooled from them."


class Status(StrEnum):
    FINAL = "final"
    PROVISIONAL = "provisional"
    NOT_AVAILABLE = "not_available"
    NOT_APPLICABLE = "not_applicable"
    SUPPRESSED = "suppressed"


WITH_VALUE = frozenset({Status.FINAL, Status.PROVISIONAL})
SYMBOLS: Mapping[Status, str] = {
    Status.FINAL: "",
    Status.PROVISIONAL: "[p]",
    Status.NOT_AVAILABLE: "[x]",
    Status.NOT_APPLICABLE: "[z]",
    Status.SUPPRESSED: "[c]",
}
STATUS_WORDS: Mapping[Status, str] = {
    Status.FINAL: "Final",
    Status.PROVISIONAL: "Provisional [p]",
    Status.NOT_AVAILABLE: "Not available [x]",
    Status.NOT_APPLICABLE: "Not applicable [z]",
    Status.SUPPRESSED: "Suppressed at source [c]",
}


@dataclass(frozen=True)
class Entry:
    """One typed observation. With numerator and denominator, `value` is computed and may be left out."""

    value: Decimal | None = None
    numerator: Decimal | None = None
    denominator: Decimal | None = None
    status: Status = Status.FINAL
    note: str = ""


@dataclass(frozen=True)
class Bounds:
    """What the series allows. `decimals` are those it is published with; `needs_counts` where the quarter is pooled
    from numerators and denominators, so that a value alone would be lost to it."""

    unit: Unit
    maximum: Decimal | None = None
    decimals: int = 0
    needs_counts: bool = False

    @property
    def highest(self) -> Decimal:
        """The largest value that can be meant: the series' own maximum, 100 for a percentage."""
        if self.maximum is not None:
            return self.maximum
        return Decimal(100) if self.unit is Unit.PERCENT else LARGEST

    @property
    def takes_counts(self) -> bool:
        """Whether a numerator and a denominator make sense."""
        return self.unit in TAKE_COUNTS

    @property
    def whole(self) -> frozenset[str]:
        """The fields that take whole numbers alone: what is counted one by one."""
        counts = frozenset({"numerator", "denominator"})
        return counts | {"value"} if self.unit is Unit.COUNT and not self.decimals else counts


def tidied(text: str, *, several_lines: bool = False) -> str:
    """With one kind of end of line; on one line with single spaces, unless it may have several. ValueError for a
    control character."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    # Before spaces are made single: some of these count as such.
    if CONTROL.search(text):
        raise ValueError(NO_CONTROL)
    return text if several_lines else " ".join(text.split())


def held_value(entry: Entry, bounds: Bounds) -> Decimal | None:
    """The value to store: computed from the counts where both are given, else as typed."""
    if entry.numerator is not None and entry.denominator is not None:
        return value_of(entry.numerator, entry.denominator, bounds.unit)
    return entry.value


def problems(entry: Entry, bounds: Bounds) -> dict[str, str]:
    """Field name to message; empty when the entry may be stored."""
    found = _number_problems(entry, bounds)
    if len(entry.note) > LONGEST_NOTE:
        found["note"] = f"Use {LONGEST_NOTE} characters or fewer; this has {len(entry.note):,}."
    elif CONTROL.search(entry.note):
        found["note"] = NO_CONTROL
    if entry.status not in WITH_VALUE:
        given = [name for name in ("value", "numerator", "denominator") if getattr(entry, name) is not None]
        for name in given:
            found.setdefault(name, f"Leave this empty: the status says “{STATUS_WORDS[entry.status].lower()}”.")
        return found
    if not found.keys() & {"numerator", "denominator"}:
        found |= _count_problems(entry, bounds)
    if not found and held_value(entry, bounds) is None:
        found["value"] = (
            "Enter a value, or numerator and denominator, or choose a status that says why there is none."
            if bounds.takes_counts
            else "Enter a value, or choose a status that says why there is none."
        )
    return found


def _plain(number: Decimal) -> str:
    """With every digit that it has: a limit that is rounded would be a lie."""
    return f"{number.normalize():,f}"


def _number_problems(entry: Entry, bounds: Bounds) -> dict[str, str]:
    found = {}
    limits = {"value": bounds.highest, "numerator": LARGEST, "denominator": LARGEST}
    for name, highest in limits.items():
        number = getattr(entry, name)
        if number is None:
            continue
        if not number.is_finite():
            found[name] = "Enter a number."
        elif number < 0:
            found[name] = "Enter 0 or more: this cannot be negative."
        elif number > highest:
            found[name] = f"Enter {_plain(highest)} or less."
        elif name in bounds.whole and number != number.to_integral_value():
            found[name] = "Enter a whole number."
        elif number != number.quantize(SMALLEST_STEP):
            found[name] = f"Enter at most {PLACES} decimal places."
    return found


def _count_problems(entry: Entry, bounds: Bounds) -> dict[str, str]:
    numerator, denominator = entry.numerator, entry.denominator
    if numerator is None and denominator is None:
        return {"numerator": COUNTS_NEEDED} if bounds.needs_counts else {}
    if not bounds.takes_counts:
        name = "numerator" if numerator is not None else "denominator"
        return {name: "This series takes a value alone."}
    if numerator is None or denominator is None:
        name = "numerator" if numerator is None else "denominator"
        other_way = "" if bounds.needs_counts else ", or leave both empty"
        return {name: f"Enter the {name} as well{other_way}."}
    if denominator == 0:
        return {"denominator": "Enter more than 0: nothing can be divided by 0."}
    if numerator > denominator:
        return {"numerator": f"Enter {_plain(denominator)} or less: the numerator is part of the denominator."}
    computed = value_of(numerator, denominator, bounds.unit)
    if computed is not None and computed > bounds.highest:
        return {"numerator": f"These give more than {_plain(bounds.highest)}."}
    return {}
