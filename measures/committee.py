"""The days on which the commissioner's committee takes each quarter: an administrator's writes, audited."""

from __future__ import annotations

import datetime

from django.db import IntegrityError, transaction

from accounts import audit
from accounts.denial import Invalid, NotKnown, Stale
from accounts.models import Contract
from accounts.viewer import Viewer

from .committee_days import problem
from .models import CommitteeDate
from .policies import check_standing
from .quarters import Quarter
from .rights import Act

STALE = "Somebody else changed this day after you opened it. Compare the two and save again."
GONE = "No day is held for this quarter any more: somebody may have removed it."


def committee_dates(contract: Contract) -> list[CommitteeDate]:
    """The latest quarter first."""
    return list(CommitteeDate.objects.filter(contract=contract).order_by("-quarter"))


@transaction.atomic
def add_committee_date(*, by: Viewer, quarter: Quarter, on: datetime.date, now: datetime.datetime) -> CommitteeDate:
    """Invalid with messages by field, "quarter" where it has a day already."""
    check_standing(Act.SET_UP, by)
    _check(quarter, on)
    if CommitteeDate.objects.filter(contract=by.contract, quarter=quarter).exists():
        raise _held_already(quarter)
    try:
        with transaction.atomic():
            row = CommitteeDate.objects.create(contract=by.contract, quarter=quarter, on=on)
    except IntegrityError as error:
        raise _held_already(quarter) from error
    _audit("add committee date", row, by=by, now=now, new={"on": on.isoformat()})
    return row


@transaction.atomic
def change_committee_date(
    *, by: Viewer, quarter: Quarter, seen: datetime.date | None, on: datetime.date, now: datetime.datetime
) -> CommitteeDate:
    """`seen` is the day that the page showed: a day is all there is of it, so that it is its own version. NotKnown
    where none is held, Stale where another one is, Invalid for a day that cannot be."""
    check_standing(Act.SET_UP, by)
    row = _row(by, quarter)
    _check(quarter, on)
    if row.on == seen == on:
        return row
    if not CommitteeDate.objects.filter(pk=row.pk, on=seen).update(on=on):
        raise Stale(STALE)
    _audit("change committee date", row, by=by, now=now, old={"on": row.on.isoformat()}, new={"on": on.isoformat()})
    row.refresh_from_db()
    return row


@transaction.atomic
def remove_committee_date(*, by: Viewer, quarter: Quarter, seen: datetime.date | None, now: datetime.datetime) -> None:
    """Raises as `change_committee_date` does."""
    check_standing(Act.SET_UP, by)
    row = _row(by, quarter)
    removed, _ = CommitteeDate.objects.filter(pk=row.pk, on=seen).delete()
    if not removed:
        raise Stale(STALE)
    _audit("remove committee date", row, by=by, now=now, old={"on": row.on.isoformat()})


def _row(by: Viewer, quarter: Quarter) -> CommitteeDate:
    row = CommitteeDate.objects.filter(contract=by.contract, quarter=quarter).first()
    if row is None:
        raise NotKnown(GONE)
    return row


def _check(quarter: Quarter, on: datetime.date) -> None:
    if message := problem(quarter, on):
        raise Invalid({"on": message})


def _held_already(quarter: Quarter) -> Invalid:
    return Invalid({"quarter": f"{quarter.label} has a day already. Change that one."})


def _audit(act: str, row: CommitteeDate, *, by: Viewer, now: datetime.datetime, old=None, new=None) -> None:
    audit.append(contract_id=by.contract.pk, by=by.user, now=now, act=act, object=row.quarter.code, old=old, new=new)
