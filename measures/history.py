"""Bringing in many values at once: quarters before the contract's first opened one, and a first open quarter."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from accounts import audit
from accounts.denial import Denied, NotKnown
from accounts.models import Contract
from accounts.viewer import Viewer

from .entries import Entry, held_value, problems
from .models import Cycle, Observation, Series, kind_of
from .policies import check_may, check_standing
from .quarters import Month, Quarter
from .recording import Invalid, bounds_of, check_period, quarter_fields
from .rights import Act
from .states import State
from .terms import Origin, PeriodKind


@dataclass(frozen=True)
class Line:
    """One value to bring in."""

    series: Series
    period: Quarter | Month
    entry: Entry
    illustrative: bool = False
    counts_illustrative: bool = False

    @property
    def quarter(self) -> Quarter:
        return self.period if isinstance(self.period, Quarter) else self.period.quarter


@transaction.atomic
def add_past_quarters(*, by: Viewer, quarters: Collection[Quarter], now: datetime.datetime) -> list[Cycle]:
    """Make the cycles of quarters before the contract's first opened one, or before the present one where none was
    opened yet. Denied for a quarter from then on; quarters that are past already stay as they are."""
    check_standing(Act.LOAD_HISTORY, by)
    # Nobody opens a quarter meanwhile: who does so waits for the contract's row.
    Contract.objects.select_for_update(no_key=True).get(pk=by.contract.pk)
    held = dict(Cycle.objects.filter(contract=by.contract).values_list("quarter", "state"))
    opened = [quarter for quarter, state in held.items() if state != State.PAST]
    limit = min(opened, default=Quarter.containing(timezone.localdate(now)))
    late = [quarter.label for quarter in sorted(quarters) if quarter >= limit]
    if late:
        which = "the first opened quarter" if opened else "the present quarter"
        raise Denied(f"{late[0]} is not before {which}, {limit.label}.")
    new = sorted(set(quarters) - set(held))
    cycles = Cycle.objects.bulk_create(Cycle(contract=by.contract, quarter=q, state=State.PAST) for q in new)
    if new:
        audit.append(
            contract_id=by.contract.pk,
            by=by.user,
            now=now,
            act="add past quarters",
            object=f"{new[0].code} to {new[-1].code}",
        )
    return cycles


@transaction.atomic
def load(
    *,
    by: Viewer,
    lines: Iterable[Line],
    now: datetime.datetime,
    printed: Collection[tuple[int, Quarter]] = (),
) -> int:
    """Insert the lines and derive the quarters of monthly series; nothing may be held for them yet. Returns how many.

    `printed` names derived quarters, as (series id, quarter), whose value stands in the council's own paper although
    its months are illustrative. Raises NotKnown for a series of another contract, Denied where a quarter is neither
    past nor open to the viewer or the series has no such period, Invalid naming the line, KeyError where a quarter has
    no cycle.
    """
    lines = list(lines)
    cycles = {cycle.quarter: cycle for cycle in Cycle.objects.select_for_update().filter(contract=by.contract)}
    for line in lines:
        if line.series.measure.contract_id != by.contract.pk:
            raise NotKnown()
    for quarter in {line.quarter for line in lines}:
        cycle = cycles[quarter]
        check_may(Act.LOAD_HISTORY if cycle.state == State.PAST else Act.ENTER_VALUES, by, cycle)
    for line in lines:
        check_period(line.series, line.quarter, line.period)
    rows = [_row(line, by=by, now=now) for line in lines]
    Observation.objects.bulk_create(rows)
    derived = _derived_rows(lines, rows, printed=frozenset(printed), by=by, now=now)
    Observation.objects.bulk_create(derived)
    return len(rows) + len(derived)


def _row(line: Line, *, by: Viewer, now: datetime.datetime) -> Observation:
    bounds = bounds_of(line.series)
    if errors := problems(line.entry, bounds):
        where = f"{line.series.code}, {line.period.label}"
        raise Invalid({field: f"{where}: {message}" for field, message in errors.items()})
    return Observation(
        series=line.series,
        period_kind=kind_of(line.period),
        start=line.period.start,
        value=held_value(line.entry, bounds),
        numerator=line.entry.numerator,
        denominator=line.entry.denominator,
        status=line.entry.status,
        note=line.entry.note,
        origin=Origin.IMPORTED,
        illustrative=line.illustrative,
        counts_illustrative=line.counts_illustrative,
        by=by.user,
        at=now,
    )


def _derived_rows(lines, rows, *, printed, by: Viewer, now: datetime.datetime) -> list[Observation]:
    months: dict[tuple[Series, Quarter], dict] = defaultdict(dict)
    for line, row in zip(lines, rows, strict=True):
        if line.series.is_derived:
            months[line.series, line.quarter][row.start] = row
    found = []
    for (series, quarter), held in months.items():
        fields = quarter_fields(series, quarter, held)
        if fields is None:
            continue
        if fields["illustrative"] and (series.pk, quarter) in printed:
            fields |= {"illustrative": False, "counts_illustrative": fields["numerator"] is not None}
        kind = PeriodKind.QUARTER
        found.append(Observation(series=series, period_kind=kind, start=quarter.start, by=by.user, at=now, **fields))
    return found
