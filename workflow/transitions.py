"""Moving a cycle: one function for each verb of `workflow.table`."""

from __future__ import annotations

import datetime

from django.db import transaction
from django.db.models import Min

from accounts import audit
from accounts.denial import NotKnown, WrongState
from accounts.models import Contract
from accounts.viewer import Viewer
from commentary.making import make_panes
from measures.models import AreaForImprovement, Cycle, Measure, Observation
from measures.policies import check_may, check_standing
from measures.quarters import Quarter
from measures.recording import Invalid
from measures.rights import Act
from measures.states import State

from .areas import NO_REASON
from .models import Transition
from .table import ACCEPT, OPEN, SEND_BACK, SUBMIT, Move, Openable, openable


def due_dates(contract: Contract, quarter: Quarter) -> tuple[datetime.date, datetime.date]:
    """When values and commentary of a quarter are due, by the contract's own days after its end."""
    values, commentary = contract.values_due_days, contract.commentary_due_days
    return quarter.end + datetime.timedelta(days=values), quarter.end + datetime.timedelta(days=commentary)


def quarters_to_open(contract: Contract, today: datetime.date) -> Openable:
    return openable(Cycle.objects.filter(contract=contract).values_list("quarter", "state"), today)


def check_openable(quarter: Quarter, found: Openable) -> None:
    if quarter not in found.quarters:
        raise WrongState(
            f"{quarter.label} cannot be opened now: it is open already, not the next quarter, or too long ago."
        )


@transaction.atomic
def open_cycle(*, by: Viewer, quarter: Quarter, today: datetime.date, now: datetime.datetime) -> Cycle:
    """Open a quarter: its panes are made and last quarter's areas for improvement carried over.

    Raises Denied, or WrongState when this is not the quarter to open (somebody else may have opened it just now).
    """
    # One opener at a time: the contract row is the lock.
    contract = Contract.objects.select_for_update(no_key=True).get(pk=by.contract.pk)
    check_standing(Act.OPEN_CYCLE, by)
    check_openable(quarter, quarters_to_open(contract, today))
    values_due, commentary_due = due_dates(contract, quarter)
    cycle = Cycle.objects.create(
        contract=contract,
        quarter=quarter,
        state=State.OPEN,
        values_due=values_due,
        commentary_due=commentary_due,
    )
    measures = list(measures_in(contract, quarter))
    make_panes(by=by, act=Act.OPEN_CYCLE, cycles=[cycle], measures=measures)
    _carry_areas(cycle, measures, now=now)
    _write_move(cycle, OPEN, from_state="", by=by, now=now)
    return cycle


def skipped(contract: Contract, quarter: Quarter, found: Openable) -> Quarter | None:
    """The quarter that the measures begin with, where it could be opened now and not after `quarter`; else None."""
    begin = Measure.objects.filter(contract=contract).aggregate(first=Min("first_quarter"))["first"]
    return begin if begin in found.quarters and begin < quarter else None


def measures_in(contract: Contract, quarter: Quarter):
    """The measures whose range covers the quarter."""
    return Measure.objects.covering(quarter).filter(contract=contract)


def _carry_areas(cycle: Cycle, measures: list[Measure], *, now: datetime.datetime) -> None:
    earlier = AreaForImprovement.objects.filter(
        cycle__contract=cycle.contract, cycle__quarter=cycle.quarter.previous, measure__in=measures
    )
    AreaForImprovement.objects.bulk_create(
        AreaForImprovement(cycle=cycle, measure=area.measure, reason=area.reason, by=area.by, at=now)
        for area in earlier.select_related("measure", "by")
    )


def submit(*, by: Viewer, cycle: Cycle, now: datetime.datetime) -> Cycle:
    """Hand the quarter's values to the commissioner. The audit entry holds every value submitted."""
    return _move(cycle, SUBMIT, by=by, now=now)


def send_back(*, by: Viewer, cycle: Cycle, reason: str, now: datetime.datetime) -> Cycle:
    """Return the values to the provider, who can change them with a reason. Invalid without a reason."""
    return _move(cycle, SEND_BACK, by=by, now=now, reason=reason)


def accept(*, by: Viewer, cycle: Cycle, now: datetime.datetime) -> Cycle:
    """Take the values as they stand; commentary begins."""
    return _move(cycle, ACCEPT, by=by, now=now)


@transaction.atomic
def _move(cycle: Cycle, move: Move, *, by: Viewer, now: datetime.datetime, reason: str = "") -> Cycle:
    cycle = Cycle.objects.select_for_update().get(pk=cycle.pk)
    if cycle.contract_id != by.contract.pk:
        raise NotKnown()
    check_may(move.act, by, cycle)
    reason = reason.strip()
    if move.needs_reason and not reason:
        raise Invalid({"reason": NO_REASON})
    from_state = cycle.state
    cycle.state = move.target
    cycle.submitted_once = cycle.submitted_once or move is SUBMIT
    cycle.save(update_fields=["state", "submitted_once"])
    _write_move(cycle, move, from_state=from_state, by=by, now=now, reason=reason)
    return cycle


def _write_move(cycle: Cycle, move: Move, *, from_state: str, by: Viewer, now: datetime.datetime, reason: str = ""):
    Transition.objects.create(
        cycle=cycle, from_state=from_state, to_state=move.target, by=by.user, at=now, reason=reason
    )
    audit.append(
        contract_id=cycle.contract_id,
        by=by.user,
        now=now,
        act=move.verb,
        object=cycle.quarter.code,
        old={"state": from_state},
        new={"state": move.target} | ({"values": _values(cycle)} if move is SUBMIT else {}),
        reason=reason,
    )


def _values(cycle: Cycle) -> dict[str, dict]:
    """Every current value of the quarter, months included, by "measure series period"."""
    rows = Observation.objects.filter(
        series__measure__contract=cycle.contract_id,
        start__range=(cycle.quarter.start, cycle.quarter.end),
        is_current=True,
    ).select_related("series__measure")
    return {f"{row.series.measure.code} {row.series.code} {row.period.code}": _as_submitted(row) for row in rows}


def _as_submitted(row: Observation) -> dict[str, str | bool | None]:
    numbers = {name: getattr(row, name) for name in ("value", "numerator", "denominator")}
    return {
        **{name: None if number is None else f"{number.normalize():f}" for name, number in numbers.items()},
        "status": row.status,
        "illustrative": row.illustrative,
    }
