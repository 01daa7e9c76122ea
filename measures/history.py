"""Bringing in many values at once: quarters before the contract's first opened one, and a first open quarter."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from accounts import audit
from accounts.denial import Denied
from accounts.models import Contract
from accounts.viewer import Viewer

from .entries import Entry
from .models import Cycle, Series
from .policies import check_standing
from .quarters import Month, Quarter
from .rights import Act
from .states import State, first_not_past
from .terms import Origin
from .writing import Write, write


@dataclass(frozen=True)
class Line:
    """One value to bring in."""

    series: Series
    period: Quarter | Month
    entry: Entry
    illustrative: bool = False
    counts_illustrative: bool = False


@transaction.atomic
def add_past_quarters(*, by: Viewer, quarters: Collection[Quarter], now: datetime.datetime) -> list[Cycle]:
    """Make the cycles of quarters before the contract's first opened one, or before the present one where none was
    opened yet. Denied for a quarter from then on; quarters that are past already stay as they are."""
    check_standing(Act.LOAD_HISTORY, by)
    # Nobody opens a quarter meanwhile: who does so waits for the contract's row.
    Contract.objects.select_for_update(no_key=True).get(pk=by.contract.pk)
    held = dict(Cycle.objects.filter(contract=by.contract).values_list("quarter", "state"))
    limit = first_not_past(held, timezone.localdate(now))
    late = [quarter.label for quarter in sorted(quarters) if quarter >= limit]
    if late:
        which = "the first opened quarter" if limit in held else "the present quarter"
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


def load(
    *,
    by: Viewer,
    lines: Iterable[Line],
    now: datetime.datetime,
    printed: Collection[tuple[int, Quarter]] = (),
) -> int:
    """Hold the lines, where nothing may be held yet, and derive the quarters of monthly series. Returns how many.

    `printed` names derived quarters, as (series id, quarter), whose value stands in the council's own paper although
    its months are illustrative. Raises what `writing.write` raises.
    """
    writes = [
        Write(
            line.series,
            line.period,
            line.entry,
            version=0,
            origin=Origin.IMPORTED,
            illustrative=line.illustrative,
            counts_illustrative=line.counts_illustrative,
        )
        for line in lines
    ]
    return len(write(by=by, writes=writes, now=now, printed=printed))
