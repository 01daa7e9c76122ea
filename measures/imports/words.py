"""Figures and counts of an import as the reader sees them. Pure: no Django."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Protocol

from ..entries import STATUS_WORDS, SYMBOLS, Bounds, Status
from ..numbers import number_text, value_text


class Figured(Protocol):
    """What has counts and a status: an entry, what is held, what a batch kept."""

    @property
    def numerator(self) -> Decimal | None: ...
    @property
    def denominator(self) -> Decimal | None: ...
    @property
    def status(self) -> Status: ...


@dataclass(frozen=True)
class Figures:
    """What a batch keeps of one figure, read back from its JSON."""

    value: Decimal | None
    numerator: Decimal | None
    denominator: Decimal | None
    status: Status
    note: str

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> Figures:
        value, numerator, denominator = (
            None if kept[name] is None else Decimal(kept[name]) for name in ("value", "numerator", "denominator")
        )
        return cls(value, numerator, denominator, Status(kept["status"]), kept["note"])


def figure_text(value: Decimal | None, figure: Figured, bounds: Bounds) -> str:
    """ "70% (147 of 210) [p]": a typed value with every decimal that it has, so that a difference shows; one that
    follows from its counts at the series' decimals."""
    if value is None:
        text = STATUS_WORDS[figure.status]
    elif figure.numerator is None or figure.denominator is None:
        text = value_text(value, bounds.unit, max(bounds.decimals, _places(value)))
    else:
        text = value_text(value, bounds.unit, bounds.decimals)
        text += f" ({_number(figure.numerator)} of {_number(figure.denominator)})"
    return f"{text} {SYMBOLS[figure.status]}" if value is not None and SYMBOLS[figure.status] else text


def with_note(figure: str, note: str) -> str:
    return f"{figure}, note: {note}" if note else figure


def _places(value: Decimal) -> int:
    return max(0, -int(value.normalize().as_tuple().exponent))


def _number(value: Decimal) -> str:
    return number_text(value, _places(value))


def counted(count: int, one: str, many: str = "") -> str:
    """ "1 value", "5,000 values"."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def answer(counts: Mapping[str, int]) -> str:
    """ "36 new values, 2 changed, 4 unchanged, 3 rows refused": what the page says first."""
    new, changed, unchanged, refused = (counts.get(name, 0) for name in ("new", "changed", "unchanged", "refused"))
    parts = [f"{number:,} {word}" for number, word in ((changed, "changed"), (unchanged, "unchanged")) if number]
    first = counted(new, "new value") if new else ("No new values" if parts or refused else "No values")
    if refused:
        parts.append(f"{counted(refused, 'row')} refused")
    return ", ".join([first, *parts])


def kept_counts(counts: Mapping[str, int]) -> str:
    """ "36 new, 2 changed, 3 refused": the same in a list of batches, without what changed nothing."""
    if "texts" in counts:
        return paper_counts(counts)
    parts = [f"{counts[name]:,} {name}" for name in ("new", "changed", "refused") if counts.get(name)]
    return ", ".join(parts) or "nothing"


def paper_counts(counts: Mapping[str, int]) -> str:
    """ "7 new measures, 9 values, 4 targets, 12 texts": what an old paper brings."""
    names = {"measures": "new measure", "new": "value", "targets": "target", "texts": "text"}
    return ", ".join(counted(counts[key], name) for key, name in names.items() if counts[key]) or "nothing new"
