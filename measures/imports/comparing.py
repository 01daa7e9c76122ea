"""A line of a file against what is held: whether it changes anything, and what it would leave. Pure: no Django.

An empty cell says nothing: beside the value that is held already it changes neither counts nor status nor note.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

from ..derivation import Derivation, Part, derive, value_of
from ..entries import WITH_VALUE, Entry, Status
from ..numbers import round_half_up
from ..quarters import Month
from .line import Line, decimals_of
from .plan import Held, HeldValues


def is_same(line: Line, held: Held) -> bool:
    """Whether the file says nothing that is not held."""
    entry = line.entry
    if entry.value not in (held.value, _exported(line, held)):
        return False
    if entry.value is None and entry.status is not held.status:
        return False
    says = {
        "numerator": entry.numerator == held.numerator,
        "denominator": entry.denominator == held.denominator,
        "status": entry.status is held.status,
        "note": entry.note.strip() == held.note.strip(),
    }
    return all(says[part] for part in line.stated)


def _exported(line: Line, held: Held) -> Decimal | None:
    """What our own export writes: no digits that follow from illustrative counts."""
    if held.value is None or not held.counts_illustrative:
        return held.value
    return round_half_up(held.value, line.series.bounds.decimals)


def completed(line: Line, held: Held | None) -> Entry:
    """The entry to store: where the value is the one held, with whatever the file leaves unsaid beside it."""
    entry = line.entry
    if held is None or entry.value is None or entry.value != held.value:
        return entry
    kept = {part: getattr(held, part) for part in ("status", "note") if part not in line.stated}
    unit = line.series.bounds.unit
    # Counts that do not give the value, such as illustrative ones, would change it.
    if "numerator" not in line.stated and value_of(held.numerator, held.denominator, unit) == held.value:
        kept |= {"numerator": held.numerator, "denominator": held.denominator}
    return replace(entry, **kept)


def agrees(line: Line, given: Decimal | None, reasons: frozenset[Status]) -> bool:
    """Whether a quarter in the file is what its months give, to the decimals that the file prints. `reasons` are
    those for which it may have no value."""
    value = line.entry.value
    if value is None:
        return given is None and line.entry.status in reasons
    return given is not None and round_half_up(given, decimals_of(value)) == value


def quarter_given(
    line: Line, months: Mapping[Month, Entry], held: HeldValues
) -> tuple[Decimal | None, frozenset[Status]]:
    """The value of the line's quarter once `months` are written beside those held, and why it may have none."""
    series = line.series
    if series.derivation is Derivation.ENTERED or not months:
        one = held.get((series.id, line.quarter))
        return (one.value, frozenset({one.status}) - WITH_VALUE) if one else (None, frozenset())
    after = [months.get(month) or held.get((series.id, month)) for month in line.quarter.months]
    parts = [None if one is None else Part(one.value, one.numerator, one.denominator) for one in after]
    derived = derive(series.derivation, parts, series.bounds.unit)
    return derived.value if derived else None, frozenset(one.status for one in after if one) - WITH_VALUE
