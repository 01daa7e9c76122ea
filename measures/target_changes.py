"""Changing targets in two steps: one party proposes, a director of the other agrees. So is a mistaken one withdrawn.

First targets, which come with set-up, stand in `measures.catalogue`.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from decimal import Decimal

from django.db import IntegrityError, transaction

from accounts import audit
from accounts.denial import Denied, Invalid, NotKnown, Stale, WrongState
from accounts.roles import Party
from accounts.viewer import Viewer

from .catalogue_held import still
from .event_entries import length_problem
from .models import Cycle, Series, Target
from .policies import check_standing
from .quarters import Quarter
from .readings import Aim, in_force
from .rights import ANSWER_TARGET, RETRACT_TARGET, Act
from .states import State
from .target_entries import (
    LONGEST_REASON,
    NO_REASON,
    Shown,
    TargetEntry,
    problems,
    quarter_problem,
    withdrawal_problem,
)
from .target_rows import aim_of, asking_party, ground_of, is_in_force, rows_of, shown_of, waiting_party
from .terms import Basis

MOVED = "What you saw is not what waits now: somebody else answered it, or it was taken back. Look at it once more."
WAITS = "A proposal waits for {code} already. It must be agreed, refused or taken back first."
OWN = "You proposed this yourself. Another director agrees or refuses."
# The acts of the audit chain by which a withdrawal came to nothing: the row itself keeps no trace of it.
REFUSE_WITHDRAWAL, RETRACT_WITHDRAWAL = "refuse to withdraw target", "take back target withdrawal"


@transaction.atomic
def propose_target(*, by: Viewer, series: Series, entry: TargetEntry, now: datetime.datetime) -> Target:
    """Nothing changes colour before the other party agrees. NotKnown for a series of another contract, WrongState where
    a proposal waits already, Invalid with messages by field."""
    check_standing(Act.PROPOSE_TARGET, by)
    held = _locked_series(by, series.pk)
    _check_nothing_waits(held)
    entry = TargetEntry(entry.from_quarter, entry.target, entry.tolerance, entry.reason.strip())
    rows = rows_of(held)
    if errors := problems(entry, ground_of(held, _states(by), rows)):
        raise Invalid(errors)
    row = Target(
        series=held,
        from_quarter=entry.from_quarter,
        target=entry.target,
        tolerance=entry.tolerance,
        target_basis=Basis.CONTRACT,
        tolerance_basis=Basis.CONTRACT,
        reason=entry.reason,
        proposed_by=by.user,
        proposed_party=by.party,
        proposed_at=now,
    )
    row.save(force_insert=True)
    _audit("propose target", row, rows, by=by, now=now, reason=row.reason)
    return row


@transaction.atomic
def propose_withdrawal(*, by: Viewer, target: Target, reason: str, now: datetime.datetime) -> Target:
    """Ask that a target which was agreed by mistake be withdrawn. NotKnown for one of another contract, WrongState
    where it rates a quarter that does not change any more, or something waits already, Invalid without a reason."""
    check_standing(Act.PROPOSE_TARGET, by)
    row = _locked(by, target)
    _check_nothing_waits(row.series)
    reason = reason.strip()
    if message := length_problem(reason, LONGEST_REASON, NO_REASON):
        raise Invalid({"reason": message})
    if not is_in_force(row):
        raise Stale("This target is not in force: there is nothing to withdraw.")
    rows = rows_of(row.series)
    if message := withdrawal_problem(aim_of(row), ground_of(row.series, _states(by), rows)):
        raise WrongState(message)
    asking = Target.objects.filter(pk=row.pk, withdrawal_at__isnull=True)
    if not asking.update(withdrawal_by=by.user, withdrawal_party=by.party, withdrawal_at=now, withdrawal_reason=reason):
        raise Stale(MOVED)
    _audit("propose target withdrawal", row, rows, by=by, now=now, reason=reason, withdrawn=True)
    row.refresh_from_db()
    return row


@transaction.atomic
def agree(*, by: Viewer, target: Target, shown: Shown | None, now: datetime.datetime) -> Target:
    """What `shown` says, and nothing else, is agreed: Stale where something else waits, or nothing. NotKnown for one of
    another contract, WrongState where a quarter that it would rate does not change any more."""
    row = _to_answer(by, target, shown, ANSWER_TARGET)
    rows = rows_of(row.series)
    ground = ground_of(row.series, _states(by), rows)
    if row.agreed_at:
        if message := withdrawal_problem(aim_of(row), ground):
            raise WrongState(message)
        waiting = Target.objects.filter(pk=row.pk, withdrawn_at__isnull=True, withdrawal_at=row.withdrawal_at)
        changed = waiting.update(withdrawn_by=by.user, withdrawn_at=now)
    else:
        _check_still_possible(row, ground)
        waiting = Target.objects.filter(pk=row.pk, agreed_at__isnull=True, closed_at__isnull=True)
        try:
            with transaction.atomic():
                changed = waiting.update(agreed_by=by.user, agreed_at=now)
        except IntegrityError as error:
            # Set-up gave the series its first target at the same moment.
            raise Stale(MOVED) from error
    if not changed:
        raise Stale(MOVED)
    act = "withdraw target" if row.agreed_at else "agree target"
    reason = row.withdrawal_reason if row.agreed_at else row.reason
    _audit(act, row, rows, by=by, now=now, reason=reason, withdrawn=bool(row.agreed_at))
    row.refresh_from_db()
    return row


@transaction.atomic
def refuse(*, by: Viewer, target: Target, shown: Shown | None, reason: str, now: datetime.datetime) -> Target:
    """A proposal is closed; a target that was to be withdrawn stays. Raises as `agree` does, Invalid without a
    reason."""
    row = _to_answer(by, target, shown, ANSWER_TARGET)
    reason = reason.strip()
    if message := length_problem(reason, LONGEST_REASON, NO_REASON):
        raise Invalid({"reason": message})
    act = REFUSE_WITHDRAWAL if row.agreed_at else "refuse target"
    return _close(row, act, by=by, now=now, reason=reason)


@transaction.atomic
def take_back(*, by: Viewer, target: Target, shown: Shown | None, now: datetime.datetime) -> Target:
    """By anybody of the proposer's party who may propose. Raises as `agree` does."""
    row = _to_answer(by, target, shown, RETRACT_TARGET)
    return _close(row, RETRACT_WITHDRAWAL if row.agreed_at else "take back target", by=by, now=now)


def _to_answer(by: Viewer, target: Target, shown: Shown | None, acts: Mapping[Party, Act]) -> Target:
    """The row, locked, with what `shown` says waiting for an answer, by somebody who may give it."""
    row = _locked(by, target)
    check_standing(acts[asking_party(row)], by)
    if waiting_party(row) is None or shown_of(row) != shown:
        raise Stale(MOVED)
    proposer = row.withdrawal_by_id if row.agreed_at else row.proposed_by_id
    if acts is ANSWER_TARGET and proposer == by.user.pk:
        raise Denied(OWN)
    return row


def _check_still_possible(row: Target, ground) -> None:
    """What could be proposed once may have become impossible: a quarter was agreed since, or set-up changed."""
    entry = TargetEntry(row.from_quarter, row.target, row.tolerance, row.reason)
    found = problems(entry, ground)
    if message := quarter_problem(row.from_quarter, ground) or " ".join(found.values()):
        raise WrongState(f"{message} This proposal can be agreed no more: refuse it, or let it be taken back.")


def _close(row: Target, act: str, *, by: Viewer, now: datetime.datetime, reason: str = "") -> Target:
    if row.agreed_at:
        waiting = Target.objects.filter(pk=row.pk, withdrawn_at__isnull=True, withdrawal_at=row.withdrawal_at)
        changed = waiting.update(withdrawal_by=None, withdrawal_party="", withdrawal_at=None, withdrawal_reason="")
    else:
        waiting = Target.objects.filter(pk=row.pk, agreed_at__isnull=True, closed_at__isnull=True)
        changed = waiting.update(closed_by=by.user, closed_at=now, closed_reason=reason)
    if not changed:
        raise Stale(MOVED)
    audit.append(
        contract_id=by.contract.pk,
        by=by.user,
        now=now,
        act=act,
        object=_object(row),
        old=_asked(row) if row.agreed_at else _figures(aim_of(row)),
        reason=reason,
    )
    row.refresh_from_db()
    return row


def _asked(row: Target) -> dict:
    """Who asked for the withdrawal that came to nothing, when and why, and by `id` of which target."""
    return {
        "id": row.pk,
        "by": row.withdrawal_by.name,
        "party": row.withdrawal_party,
        "at": row.withdrawal_at.isoformat(),
        "reason": row.withdrawal_reason,
    }


def _locked_series(by: Viewer, number: int) -> Series:
    """Those who change targets follow each other, whoever sets the contract up, and whoever signs or publishes: no
    quarter gets its last colour while a target is decided."""
    still(by.contract)
    rows = Series.objects.select_for_update(no_key=True, of=("self",)).select_related("measure")
    held = rows.filter(pk=number, measure__contract=by.contract).first()
    if held is None:
        raise NotKnown()
    return held


def _locked(by: Viewer, target: Target) -> Target:
    series = _locked_series(by, target.series_id)
    rows = Target.objects.select_for_update(no_key=True, of=("self",)).select_related("withdrawal_by")
    row = rows.filter(pk=target.pk, series=series).first()
    if row is None:
        raise NotKnown()
    row.series = series
    return row


def _check_nothing_waits(series: Series) -> None:
    if any(waiting_party(row) for row in Target.objects.filter(series=series)):
        raise WrongState(WAITS.format(code=series.code))


def _states(by: Viewer) -> dict[Quarter, State]:
    return {cycle.quarter: State(cycle.state) for cycle in Cycle.objects.filter(contract=by.contract)}


def _object(row: Target) -> str:
    """What the audit chain calls the target, for who reads it; codes and quarters change."""
    return f"{row.series.code} target {row.pk} from {row.from_quarter.code}"


def _figures(aim: Aim | None) -> dict | None:
    if aim is None:
        return None
    numbers = {"target": aim.target, "tolerance": aim.tolerance}
    return {"from": aim.from_quarter.code} | {name: _text(number) for name, number in numbers.items()}


def _text(number: Decimal | None) -> str | None:
    return None if number is None else f"{number.normalize():f}"


def _audit(act: str, row: Target, rows, *, by: Viewer, now, reason: str, withdrawn: bool = False) -> None:
    """Old and new are what is in force in the target's first quarter, without it and with it."""
    aims = [aim_of(each) for each in rows if is_in_force(each) and each.pk != row.pk]
    other, own = _figures(in_force(aims, row.from_quarter)), _figures(aim_of(row))
    audit.append(
        contract_id=by.contract.pk,
        by=by.user,
        now=now,
        act=act,
        object=_object(row),
        old=own if withdrawn else other,
        new=other if withdrawn else own,
        reason=reason,
    )
