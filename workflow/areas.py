"""Choosing areas for improvement: the commissioner's, with a reason, seen by both parties."""

from __future__ import annotations

import datetime

from django.db import transaction

from accounts import audit
from accounts.denial import NotKnown, WrongState
from accounts.models import Contract
from accounts.viewer import Viewer
from measures.models import AreaForImprovement, Cycle, Measure
from measures.policies import check_may
from measures.quarters import Quarter
from measures.recording import Invalid
from measures.rights import Act

LONGEST_REASON = 500
NO_REASON = "Say why: both parties read it."


@transaction.atomic
def add_area(*, by: Viewer, cycle: Cycle, measure: Measure, reason: str, now: datetime.datetime) -> AreaForImprovement:
    """Put the measure among the quarter's areas for improvement. WrongState when it is one already."""
    cycle = _locked(cycle, measure, by=by)
    reason = _checked(reason)
    if AreaForImprovement.objects.filter(cycle=cycle, measure=measure).exists():
        raise WrongState(f"{measure.code} is an area for improvement already.")
    area = AreaForImprovement.objects.create(cycle=cycle, measure=measure, reason=reason, by=by.user, at=now)
    _audit(cycle, measure, "add area for improvement", by=by, now=now, reason=reason)
    return area


@transaction.atomic
def remove_area(*, by: Viewer, cycle: Cycle, measure: Measure, reason: str, now: datetime.datetime) -> None:
    """Take the measure out again. WrongState when it is none."""
    cycle = _locked(cycle, measure, by=by)
    reason = _checked(reason)
    removed, _ = AreaForImprovement.objects.filter(cycle=cycle, measure=measure).delete()
    if not removed:
        raise WrongState(f"{measure.code} is not an area for improvement.")
    _audit(cycle, measure, "remove area for improvement", by=by, now=now, reason=reason)


def has_areas(contract: Contract, quarter: Quarter) -> bool:
    return AreaForImprovement.objects.filter(cycle__contract=contract, cycle__quarter=quarter).exists()


def _locked(cycle: Cycle, measure: Measure, *, by: Viewer) -> Cycle:
    """The cycle, so that its state stays while the area is written. NotKnown where the three do not belong together."""
    cycle = Cycle.objects.select_for_update().get(pk=cycle.pk)
    if not cycle.contract_id == measure.contract_id == by.contract.pk:
        raise NotKnown()
    check_may(Act.CHOOSE_AREAS, by, cycle)
    return cycle


def _checked(reason: str) -> str:
    reason = reason.strip()
    if not reason:
        raise Invalid({"reason": NO_REASON})
    if len(reason) > LONGEST_REASON:
        raise Invalid({"reason": f"Use {LONGEST_REASON} characters or fewer; this has {len(reason):,}."})
    return reason


def _audit(cycle: Cycle, measure: Measure, act: str, *, by: Viewer, now: datetime.datetime, reason: str) -> None:
    audit.append(
        contract_id=cycle.contract_id,
        by=by.user,
        now=now,
        act=act,
        object=f"{cycle.quarter.code} {measure.code}",
        reason=reason,
    )
