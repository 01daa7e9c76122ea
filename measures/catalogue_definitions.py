"""How a series is counted: a new definition from a quarter on, and mended wording of the latest."""

from __future__ import annotations

import datetime

from django.db import transaction
from django.db.models import F

from accounts import audit
from accounts.denial import NotKnown, Stale
from accounts.viewer import Viewer

from .catalogue_held import STALE, hold, series_of
from .models import Definition, Series
from .quarters import Quarter
from .recording import Invalid

LONGEST_REASON = 300
NO_TEXT = "Say what is counted, and of what."
SAME_TEXT = "This is how it is counted already. Write what is different, or cancel."
NO_REASON = "Say why it is counted differently: the chart shows it where the line is cut."


@transaction.atomic
def add_definition(
    *, by: Viewer, series: Series, from_quarter: Quarter, text: str, reason: str, now: datetime.datetime
) -> Definition:
    """Counted so from this quarter on, which draws a break. NotKnown for a series of another contract; Invalid with
    messages by field, as for a quarter whose figures were agreed or published under the old one, or for a text that
    says what the latest says: it would cut the chart for nothing."""
    ground = hold(by)
    row = series_of(by, series)
    text, reason = text.strip(), reason.strip()
    held = latest(row)
    errors = {} if text else {"text": NO_TEXT}
    if held and text and text.splitlines() == held.text.splitlines():
        errors["text"] = SAME_TEXT
    if not reason:
        errors["reason"] = NO_REASON
    elif len(reason) > LONGEST_REASON:
        errors["reason"] = f"Use {LONGEST_REASON} characters or fewer; this has {len(reason)}."
    if problem := _when_problem(row, from_quarter) or ground.settled(from_quarter, None):
        errors["from_quarter"] = problem
    if errors:
        raise Invalid(errors)
    made = Definition.objects.create(series=row, from_quarter=from_quarter, text=text, reason=reason)
    _audit(by, now, "add definition", made, new={"text": text}, reason=reason)
    return made


def _when_problem(row: Series, first: Quarter) -> str:
    if first <= row.first_quarter:
        begins = f"{row.code} begins in {row.first_quarter.label} with its first definition."
        return f"{begins} Begin later, or mend its wording."
    if row.last_quarter and first > row.last_quarter:
        return f"{row.code} ends in {row.last_quarter.label}: begin then or earlier."
    if row.definitions.filter(from_quarter=first).exists():
        return f"A definition counts from {first.label} already. Mend its wording, or begin in another quarter."
    return ""


@transaction.atomic
def correct_definition(
    *, by: Viewer, definition: Definition, version: int, text: str, reason: str, now: datetime.datetime
) -> Definition:
    """Mend the wording of a series' latest definition; what is counted stays. `reason` is that of the definition and
    may be empty for the first. NotKnown for one that is gone or elsewhere; Stale where somebody else changed it, or
    added a later one; Invalid."""
    hold(by)
    row = Definition.objects.select_related("series__measure").filter(pk=definition.pk).first()
    if row is None or row.series.measure.contract_id != by.contract.pk:
        raise NotKnown()
    if row != latest(row.series):
        raise Stale(STALE)
    old = {"text": row.text, "reason": row.reason}
    new = {"text": text.strip(), "reason": reason.strip()}
    if row.version == version and old == new:
        return row
    errors = {} if new["text"] else {"text": NO_TEXT}
    if row.from_quarter > row.series.first_quarter and not new["reason"]:
        errors["reason"] = NO_REASON
    if len(new["reason"]) > LONGEST_REASON:
        errors["reason"] = f"Use {LONGEST_REASON} characters or fewer; this has {len(new['reason'])}."
    if errors:
        raise Invalid(errors)
    if not Definition.objects.filter(pk=row.pk, version=version).update(version=F("version") + 1, **new):
        raise Stale(STALE)
    names = [name for name in old if old[name] != new[name]]
    differing = [{name: each[name] for name in names} for each in (old, new)]
    _audit(by, now, "correct definition", row, old=differing[0], new=differing[1])
    row.refresh_from_db()
    return row


def latest(series: Series) -> Definition | None:
    return series.definitions.order_by("-from_quarter").first()


def _audit(by: Viewer, now, act: str, row: Definition, *, new: dict, old: dict | None = None, reason: str = "") -> None:
    audit.append(
        contract_id=by.contract.pk,
        by=by.user,
        now=now,
        act=act,
        object=f"{row.series.measure.code} {row.series.code} {row.from_quarter.code}",
        old=old,
        new=new,
        reason=reason,
    )
