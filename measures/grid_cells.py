"""What stands in the boxes of one cell of the entry grid, and what is meant by it. Pure: no Django.

A reason for a missing value and the mark of a provisional one are typed where the figure stands: "x", "[z]", "74 p".
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from .entries import LONGEST_NOTE, Bounds, Entry, Status, problems
from .figures import STATUS_INSTEAD, parse_figure
from .numbers import Unit

FIGURES = ("numerator", "denominator", "value")
FIELDS = (*FIGURES, "note")
REASONS: Mapping[str, Status] = {
    "x": Status.NOT_AVAILABLE,
    "z": Status.NOT_APPLICABLE,
    "c": Status.SUPPRESSED,
}
REASON = re.compile(r"\[([xzc])\]|([xzc])", re.IGNORECASE)
PROVISIONAL = ("[p]", "p")

SYMBOL_INSTEAD = "Where there is no value, type x (not available), z (not applicable) or c (suppressed)."
LONE_MARK = "Enter the figure before the p: it marks a provisional one."
TWO_REASONS = "Type one of x, z and c, not two."
NOTE_ALONE = "Enter a value, or x, z or c: a note stands beside one."
EMPTIED = "What was saved cannot be emptied. Enter the right figure, or x, z or c."


@dataclass(frozen=True)
class Texts:
    """As typed, or as what is held would be typed."""

    value: str = ""
    numerator: str = ""
    denominator: str = ""
    note: str = ""

    @property
    def has_figure(self) -> bool:
        return any(getattr(self, name).strip() for name in FIGURES)


@dataclass(frozen=True)
class Read:
    """`entry` None and no `messages`: nothing was typed. `messages` are by field; where there are any, no entry."""

    entry: Entry | None = None
    messages: Mapping[str, str] = field(default_factory=dict)


def fields_of(bounds: Bounds) -> tuple[str, ...]:
    """The boxes of figures that a cell of the series has, in reading order."""
    if not bounds.takes_counts:
        return ("value",)
    return ("numerator", "denominator") if bounds.needs_counts else FIGURES


def read_cell(texts: Texts, bounds: Bounds, *, is_held: bool = False) -> Read:
    """What is meant by the texts; `is_held` says that a value of the period is held already."""
    first = fields_of(bounds)[0]
    if not texts.has_figure:
        if is_held:
            return Read(messages={first: EMPTIED})
        return Read(messages={first: NOTE_ALONE}) if texts.note.strip() else Read()
    figures: dict[str, Decimal | None] = {}
    statuses: dict[str, Status] = {}
    messages: dict[str, str] = {}
    for name in fields_of(bounds):
        try:
            figures[name], status = _figure(getattr(texts, name), percent=name == "value" and _is_percent(bounds))
        except ValueError as error:
            messages[name] = str(error)
        else:
            if status:
                statuses[name] = status
    reasons = {name: status for name, status in statuses.items() if status is not Status.PROVISIONAL}
    if len(set(reasons.values())) > 1:
        messages |= dict.fromkeys(reasons, TWO_REASONS)
    if len(texts.note) > LONGEST_NOTE:
        messages["note"] = f"Use {LONGEST_NOTE} characters or fewer; this has {len(texts.note):,}."
    if messages:
        return Read(messages=messages)
    status = next(iter((reasons or statuses).values()), Status.FINAL)
    entry = Entry(**figures, status=status, note=texts.note.strip())
    found = problems(entry, bounds)
    return Read(messages=found) if found else Read(entry)


def _is_percent(bounds: Bounds) -> bool:
    return bounds.unit is Unit.PERCENT


def _figure(text: str, *, percent: bool) -> tuple[Decimal | None, Status | None]:
    """The number and the mark of one box. ValueError with a message for the person at it."""
    text = text.strip()
    if reason := REASON.fullmatch(text):
        return None, REASONS[(reason[1] or reason[2]).lower()]
    number_text = _without_mark(text)
    status = None if number_text == text else Status.PROVISIONAL
    try:
        number = parse_figure(number_text, percent=percent)
    except ValueError as error:
        # There is no list of statuses in a cell.
        raise ValueError(SYMBOL_INSTEAD if str(error) == STATUS_INSTEAD else str(error)) from error
    if status and number is None:
        raise ValueError(LONE_MARK)
    return number, status


def _without_mark(text: str) -> str:
    mark = next((mark for mark in PROVISIONAL if text.lower().endswith(mark)), "")
    rest = text[: len(text) - len(mark)]
    # The p of a word is no mark.
    return text if mark == "p" and rest[-1:].isalpha() else rest


def texts_of(entry: Entry, bounds: Bounds) -> Texts:
    """What one would type for it: the counts, or the value alone; the mark after the last figure."""
    names = fields_of(bounds)
    found = {name: typed_text(getattr(entry, name)) for name in names}
    if entry.numerator is not None and "numerator" in names:
        found["value"] = ""
    letter = next((letter for letter, status in REASONS.items() if status is entry.status), "")
    if letter:
        found["value" if "value" in names else "numerator"] = letter
    if entry.status is Status.PROVISIONAL:
        last = next((name for name in ("value", "denominator") if found.get(name)), None)
        if last:
            found[last] += " p"
    return Texts(**found, note=entry.note)


def typed_text(number: Decimal | None) -> str:
    """As one would type it: no needless zeros, no separators."""
    return "" if number is None else f"{number.normalize():f}"
