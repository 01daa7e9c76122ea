"""The one place that writes observations, one or thousands at once, and derives their quarters.

Forms, imports and the demonstration's loader come here. Cycles and audit entries are their callers' business.
"""

from __future__ import annotations

import datetime
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from django.db import transaction

from accounts.denial import Invalid, NotKnown
from accounts.viewer import Viewer

from .entries import Entry, held_value, problems
from .holding import bounds_of, check_period, columns_of, figures_of, is_same, quarter_of
from .models import Cycle, Series
from .policies import check_may, editing_act, reason_asked
from .quarters import Month, Quarter
from .rights import Act
from .states import State
from .storing import Change, Ground, Moved, rows_of, store
from .terms import Origin

LONGEST_REASON = 500
STALE = "Somebody else saved this value after you opened it. Compare the two and save again."
REASON_NEEDED = "Say why a value changes that others may have read: the reason stays on record beside it."


@dataclass(frozen=True)
class Write:
    """One value to hold. `version` is the one that was seen, 0 for nothing held."""

    series: Series
    period: Quarter | Month
    entry: Entry
    version: int
    origin: Origin = Origin.ENTERED
    illustrative: bool = False
    counts_illustrative: bool = False

    @property
    def columns(self) -> dict:
        return {
            "value": held_value(self.entry, bounds_of(self.series)),
            "numerator": self.entry.numerator,
            "denominator": self.entry.denominator,
            "status": self.entry.status,
            "note": self.entry.note,
            "origin": self.origin,
            "illustrative": self.illustrative,
            "counts_illustrative": self.counts_illustrative,
        }


@dataclass(frozen=True)
class Written:
    """One value that changed; `old` and `new` as `holding.figures_of` gives them, `old` None for a first value."""

    series: Series
    period: Quarter | Month
    old: dict | None
    new: dict
    version: int


@dataclass(frozen=True)
class SetBack:
    """A value as it was before: `old` None where nothing was held. `version` is the one that is to be undone."""

    series: Series
    period: Quarter | Month
    version: int
    old: dict | None


@transaction.atomic
def write(
    *,
    by: Viewer,
    writes: Sequence[Write],
    now: datetime.datetime,
    reason: str = "",
    printed: Collection[tuple[int, Quarter]] = (),
) -> list[Written]:
    """Hold these values, at most one for a series and period, and derive the quarters of monthly series from them.
    All or nothing; what is held already is left out of the answer. In an open quarter that was never submitted a row
    changes in place; elsewhere the old row stays as a revision. `policies.reason_asked` says where a reason is needed.

    `printed` names derived quarters, as (series id, quarter), whose value stands in the council's own paper although
    its months are illustrative. Raises NotKnown for a series of another contract or a quarter without cycle, Denied
    and its kin by the quarter's state, Invalid naming the value, Moved where another version is held than was seen.
    """
    reason = checked_reason(reason)
    ground, series = _ground(by, [(each.series, each.period) for each in writes])
    writes = [replace(each, series=series[each.series.pk]) for each in writes]
    _check_rights(by, ground, {(quarter, False) for quarter in ground.cycles})
    for each in writes:
        check_period(each.series, quarter_of(each.period), each.period)
        if errors := problems(each.entry, bounds_of(each.series)):
            where = f"{each.series.code}, {each.period.label}"
            raise Invalid({name: f"{where}: {message}" for name, message in errors.items()})
    changes = _changes(ground, writes)
    _check_rights(by, ground, {(quarter_of(each.period), each.row is not None) for each in changes})
    if not reason and any(_asks_reason(ground, each) for each in changes):
        raise Invalid({"reason": REASON_NEEDED})
    # Before the rows are changed in place.
    old = [figures_of(each.row) if each.row else None for each in changes]
    store(by=by, ground=ground, changes=changes, now=now, reason=reason, printed=printed)
    rows = [ground.held[each.key] for each in changes]
    return [
        Written(each.series, each.period, before, figures_of(row), row.version)
        for each, before, row in zip(changes, old, rows, strict=True)
    ]


@transaction.atomic
def set_back(*, by: Viewer, changes: Sequence[SetBack], now: datetime.datetime, reason: str = "") -> list[SetBack]:
    """Undo what `write` did, cell by cell, and derive the quarters again; returns those left alone because their
    version moved on. A draft changes in place, or goes; elsewhere the old figures become a new revision, or nothing
    is current any more. Raises as `write` does, Invalid without a reason outside a draft."""
    reason = checked_reason(reason)
    ground, series = _ground(by, [(each.series, each.period) for each in changes])
    changes = [replace(each, series=series[each.series.pk]) for each in changes]
    undone, left = [], []
    for each in changes:
        row = ground.held.get((each.series.pk, each.period))
        if row is None or row.version != each.version:
            left.append(each)
            continue
        undone.append(Change(each.series, each.period, row, None if each.old is None else columns_of(each.old)))
    # Who may add a first value may take it back.
    _check_rights(by, ground, {(quarter_of(each.period), each.columns is not None) for each in undone})
    if not reason and not all(ground.is_draft(each.period) for each in undone):
        raise Invalid({"reason": REASON_NEEDED})
    store(by=by, ground=ground, changes=undone, now=now, reason=reason)
    return left


def checked_reason(reason: str) -> str:
    """Without spaces around it; Invalid where it is too long."""
    reason = reason.strip()
    if len(reason) > LONGEST_REASON:
        raise Invalid({"reason": f"Use {LONGEST_REASON} characters or fewer; this has {len(reason):,}."})
    return reason


def _ground(by: Viewer, cells: Sequence[tuple[Series, Quarter | Month]]) -> tuple[Ground, dict[int, Series]]:
    """Locks the cycles, the earliest first, so that two writers cannot wait for each other. With the series by id as
    they are held then: set-up, which locks the cycles too, may have changed what may be written since they were read.
    """
    if len({(series.pk, period) for series, period in cells}) < len(cells):
        raise ValueError("A series and period can be written once at a time.")
    quarters = {quarter_of(period) for _, period in cells}
    cycles = Cycle.objects.select_for_update().filter(contract=by.contract, quarter__in=quarters).order_by("quarter")
    ground = Ground({cycle.quarter: cycle for cycle in cycles})
    if missing := sorted(quarters - ground.cycles.keys()):
        raise NotKnown(f"{by.contract.title} has no quarter {missing[0].label}.")
    numbers = {each.pk for each, _ in cells}
    held = Series.objects.select_related("measure").filter(measure__contract=by.contract, pk__in=numbers)
    series = {row.pk: row for row in held}
    if numbers - series.keys():
        raise NotKnown()
    for row in rows_of(numbers, quarters).filter(is_current=True):
        ground.held[row.series_id, row.period] = row
    return ground, series


def _check_rights(by: Viewer, ground: Ground, touched: set[tuple[Quarter, bool]]) -> None:
    """`touched` are quarters, and whether something that is held there changes."""
    for quarter, is_change in sorted(touched):
        cycle = ground.cycles[quarter]
        is_first = cycle.state == State.PAST and not is_change
        check_may(Act.LOAD_HISTORY if is_first else editing_act(cycle), by, cycle)


def _changes(ground: Ground, writes: Sequence[Write]) -> list[Change]:
    found, moved = [], []
    for each in writes:
        row = ground.held.get((each.series.pk, each.period))
        columns = each.columns
        if (row.version if row else 0) != each.version:
            moved.append((each.series, each.period))
        elif row is None or not is_same(row, columns):
            found.append(Change(each.series, each.period, row, columns))
    if moved:
        raise Moved(moved)
    return found


def _asks_reason(ground: Ground, change: Change) -> bool:
    return bool(reason_asked(ground.cycles[quarter_of(change.period)], is_held=change.row is not None))
