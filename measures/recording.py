"""What an analyst types, one value or one row of the grid: stored by `measures.writing`, with messages by field."""

from __future__ import annotations

import datetime
from collections.abc import Sequence

from django.db import transaction

from accounts import audit
from accounts.denial import Denied, NotKnown, Stale
from accounts.viewer import Viewer

from .entries import Entry, problems
from .holding import bounds_of, check_period, current_of, is_same, quarter_fields
from .models import Cycle, Observation, Series, kind_of
from .policies import check_may, check_standing, editing_act, reason_asked
from .quarters import Month, Quarter
from .rights import Act
from .states import State
from .writing import LONGEST_REASON, STALE, Invalid, Moved, Write, Written, checked_reason, write

__all__ = [
    "LONGEST_REASON",
    "STALE",
    "Invalid",
    "Moved",
    "RowInvalid",
    "bounds_of",
    "check_period",
    "current_of",
    "quarter_fields",
    "record",
    "record_row",
]

TypedCell = tuple[Quarter | Month, Entry, int]


class RowInvalid(Exception):
    """Some cells of the row may not be stored; `.errors` maps period codes to field names to messages."""

    def __init__(self, errors: dict[str, dict[str, str]]) -> None:
        super().__init__("; ".join(message for found in errors.values() for message in found.values()))
        self.errors = errors


@transaction.atomic
def record(
    *,
    by: Viewer,
    cycle: Cycle,
    series: Series,
    period: Quarter | Month,
    entry: Entry,
    version: int,
    now: datetime.datetime,
    reason: str = "",
) -> Observation:
    """Store what an analyst typed for one period: a value of an open quarter, or a correction of a past or published
    one. The quarter is derived from its months.

    `version` is the one the analyst saw, 0 for nothing held. What is held already stays as it is, without a new
    version or revision. Raises Denied and its kin, Stale when somebody else saved in between, Invalid with messages by
    field. An audit entry is made where both parties read the value at once; figures of an open quarter are the
    provider's own until they are submitted.
    """
    cycle, series = _locked(by, cycle, series)
    check_period(series, cycle.quarter, period)
    errors = problems(entry, bounds_of(series))
    held = current_of(series, period)
    if asked := _reason_problem(cycle, reason, held, version):
        errors["reason"] = asked
    if errors:
        raise Invalid(errors)
    try:
        written = write(by=by, writes=[Write(series, period, entry, version)], now=now, reason=reason)
    except Moved as moved:
        raise Stale(STALE) from moved
    _audit(by, cycle, series, written, now, reason)
    return current_of(series, period)


@transaction.atomic
def record_row(
    *,
    by: Viewer,
    cycle: Cycle,
    series: Series,
    cells: Sequence[TypedCell],
    now: datetime.datetime,
    reason: str = "",
) -> list[Observation]:
    """Store several periods of one series, each as (period, entry, version seen): all that changed, or none. Returns
    what is then held for them, in their order.

    A cell left empty where nothing is held is passed over. So is one that holds just this already, whatever version
    was seen: a save whose answer was lost can be sent again. Raises Denied and its kin, Moved (a Stale) with the
    `.codes` of the periods that somebody else changed, RowInvalid with messages by period and field.
    """
    cycle, series = _locked(by, cycle, series)
    held = _held(series, [period for period, _, _ in cells])
    errors: dict[str, dict[str, str]] = {}
    changed = []
    for period, entry, version in cells:
        check_period(series, cycle.quarter, period)
        row, found = held.get(period), Write(series, period, entry, version)
        if row is None and version == 0 and entry == Entry():
            continue
        wrong = problems(entry, bounds_of(series))
        if not wrong and row and is_same(row, found.columns):
            continue
        if asked := _reason_problem(cycle, reason, row, version):
            wrong["reason"] = asked
        if wrong:
            errors[period.code] = wrong
        changed.append(found)
    if errors:
        raise RowInvalid(errors)
    written = write(by=by, writes=changed, now=now, reason=reason)
    _audit(by, cycle, series, written, now, reason)
    held = _held(series, [period for period, _, _ in cells])
    return [held[period] for period, _, _ in cells if period in held]


def _locked(by: Viewer, cycle: Cycle, series: Series) -> tuple[Cycle, Series]:
    """The cycle, its state read again under a lock, and the series, which set-up changes under the same; Denied and its
    kin unless an analyst may type into it, NotKnown for a series that is gone."""
    cycle = Cycle.objects.select_for_update().get(pk=cycle.pk)
    check_standing(Act.ENTER_VALUES, by)
    check_may(editing_act(cycle), by, cycle)
    row = Series.objects.select_related("measure").filter(pk=series.pk).first()
    if row is None:
        raise NotKnown()
    if cycle.contract_id != by.contract.pk or row.measure.contract_id != cycle.contract_id:
        raise Denied("This series belongs to another contract.")
    return cycle, row


def _held(series: Series, periods: Sequence[Quarter | Month]) -> dict[Quarter | Month, Observation]:
    rows = Observation.objects.filter(
        series=series,
        period_kind__in={kind_of(period) for period in periods},
        start__in=[period.start for period in periods],
        is_current=True,
    )
    return {row.period: row for row in rows}


def _reason_problem(cycle: Cycle, reason: str, held: Observation | None, version: int) -> str:
    """The message; empty where the value is not the one that was seen, which is the thing to say first."""
    try:
        if checked_reason(reason) or (held.version if held else 0) != version:
            return ""
    except Invalid as invalid:
        return invalid.errors["reason"]
    return reason_asked(cycle, is_held=held is not None)


def _audit(by: Viewer, cycle: Cycle, series: Series, written: Sequence[Written], now, reason: str) -> None:
    """One entry for the call, where nothing has to be submitted before both parties read it."""
    if not written or cycle.state not in (State.PAST, State.PUBLISHED):
        return
    old = {each.period.code: _told(each.old) for each in written if each.old}
    audit.append(
        contract_id=by.contract.pk,
        by=by.user,
        now=now,
        act="correct value" if old else "add past value",
        object=f"{cycle.quarter.code} {series.measure.code} {series.code}",
        old=old or None,
        new={each.period.code: _told(each.new) for each in written},
        reason=reason.strip(),
    )


def _told(figures: dict) -> dict:
    """Without what is empty."""
    return {name: value for name, value in figures.items() if value}
