"""What people record on the charts: notes, breaks and rebases, read by both parties and never written by themselves."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterable

from django.db import IntegrityError, transaction
from django.db.models import Case, OuterRef, QuerySet, Subquery, When
from django.utils import timezone

from accounts import audit
from accounts.denial import NotKnown, Stale
from accounts.models import Membership
from accounts.roles import Party
from accounts.viewer import Viewer

from .catalogue_held import wait_for, wait_for_contract
from .event_entries import (
    LONGEST_REASON,
    NO_REASON,
    Event,
    EventEntry,
    Span,
    Withdrawal,
    held_already,
    length_problem,
    problems,
)
from .models import Cycle, Series, SeriesEvent
from .policies import check_standing
from .quarters import Quarter
from .recording import Invalid
from .rights import Act
from .terms import EventKind, Frequency


def events_of(series_ids: Collection[int], until: datetime.date) -> dict[int, list[Event]]:
    """The events that stand on each chart up to the day, oldest first; every series has its list. One query."""
    found: dict[int, list[Event]] = {each: [] for each in series_ids}
    rows = SeriesEvent.objects.filter(series__in=series_ids, at__lte=until, withdrawn_at__isnull=True)
    for row in _named(rows).order_by("at", "id"):
        found[row.series_id].append(_event(row))
    return found


def every_event(series_id: int, until: datetime.date) -> list[Event]:
    """Those that were withdrawn as well, latest first. One query."""
    rows = SeriesEvent.objects.filter(series=series_id, at__lte=until)
    return [_event(row) for row in _named(rows).order_by("-at", "-id")]


def event_by(number: int, among: Collection[Series], until: datetime.date) -> tuple[Event, Series]:
    """One event with its series. NotKnown for what belongs to no series among these, or is later."""
    row = _named(SeriesEvent.objects.filter(pk=number, series__in=among, at__lte=until)).first()
    if row is None:
        raise NotKnown()
    return _event(row), next(each for each in among if each.pk == row.series_id)


def span_of(series: Series, cycles: Iterable[Cycle], *, today: datetime.date, shown: Quarter | None = None) -> Span:
    """`cycles` are all of the contract's."""
    held = frozenset(cycle.quarter for cycle in cycles)
    frequency = Frequency(series.frequency)
    return Span(series.code, frequency, series.first_quarter, series.last_quarter, held, today, shown)


@transaction.atomic
def record_event(
    *,
    by: Viewer,
    series: Series,
    at: datetime.date,
    kind: EventKind,
    text: str,
    reason: str,
    now: datetime.datetime,
) -> SeriesEvent:
    """NotKnown for a series that is gone, or of another contract, Invalid with messages for at, text and reason."""
    check_standing(Act.RECORD_EVENT, by)
    series = wait_for(by, series)
    # A text of one line: it stands beside a mark.
    entry = EventEntry(at, EventKind(kind), " ".join(text.split()), reason.strip())
    span = span_of(series, Cycle.objects.filter(contract=by.contract), today=timezone.localdate(now))
    if errors := problems(entry, span):
        raise Invalid(errors)
    columns = {"at": entry.at, "kind": entry.kind.value, "text": entry.text}
    row = SeriesEvent(series=series, **columns, reason=entry.reason, by=by.user, recorded_at=now)
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as error:
        # The unique constraints know of those that somebody else records at the same moment.
        raise Invalid({"at": held_already(entry, span, _limits_start(series, at))}) from error
    new = {**columns, "at": entry.at.isoformat()}
    _audit("record event", row, by=by, now=now, new=new, reason=entry.reason)
    return row


@transaction.atomic
def withdraw_event(*, by: Viewer, event: SeriesEvent | Event, reason: str, now: datetime.datetime) -> SeriesEvent:
    """The row stays and says who withdrew it and why. NotKnown for one of another contract, Stale where it was
    withdrawn before, Invalid without a reason."""
    check_standing(Act.RECORD_EVENT, by)
    wait_for_contract(by)
    rows = SeriesEvent.objects.select_related("series")
    row = rows.filter(pk=event.id, series__measure__contract=by.contract).first()
    if row is None:
        raise NotKnown()
    reason = reason.strip()
    if message := length_problem(reason, LONGEST_REASON, NO_REASON):
        raise Invalid({"reason": message})
    standing = SeriesEvent.objects.filter(pk=row.pk, withdrawn_at__isnull=True)
    if not standing.update(withdrawn_at=now, withdrawn_by=by.user, withdrawn_reason=reason):
        raise Stale("This event was withdrawn already.")
    old = {"at": row.at.isoformat(), "kind": row.kind, "text": row.text}
    _audit("withdraw event", row, by=by, now=now, old=old, reason=reason)
    row.refresh_from_db()
    return row


def _limits_start(series: Series, at: datetime.date) -> EventKind:
    """The kind of event from which the limits start again there; a note where none does."""
    rows = SeriesEvent.objects.filter(series=series, at=at, withdrawn_at__isnull=True)
    kind = rows.exclude(kind=EventKind.NOTE).values_list("kind", flat=True).first()
    return EventKind(kind or EventKind.NOTE)


def _audit(act: str, row: SeriesEvent, *, by: Viewer, now: datetime.datetime, reason: str, old=None, new=None) -> None:
    audit.append(
        contract_id=by.contract.pk,
        by=by.user,
        now=now,
        act=act,
        object=f"{row.series.code} {row.kind} {row.at.isoformat()}",
        old=old,
        new=new,
        reason=reason,
    )


def _named(rows: QuerySet[SeriesEvent]) -> QuerySet[SeriesEvent]:
    """With the people and, as they belong to the contract today, their organisations."""
    return rows.select_related("by", "withdrawn_by").annotate(
        organisation=_organisation("by"), withdrawn_organisation=_organisation("withdrawn_by")
    )


def _organisation(person: str) -> Subquery:
    """Its short name; none for who left the contract."""
    sides = {party: f"contract__{party}__short_name" for party in Party}
    name = Case(*(When(party=party, then=side) for party, side in sides.items()))
    members = Membership.objects.filter(contract=OuterRef("series__measure__contract"), user=OuterRef(person))
    return Subquery(members.annotate(organisation=name).values("organisation")[:1])


def _event(row: SeriesEvent) -> Event:
    withdrawn = None
    if row.withdrawn_by:
        who = _who(row.withdrawn_by.name, row.withdrawn_organisation)
        withdrawn = Withdrawal(who, row.withdrawn_at, row.withdrawn_reason)
    return Event(
        id=row.pk,
        at=row.at,
        kind=EventKind(row.kind),
        text=row.text,
        reason=row.reason,
        by=_who(row.by.name, row.organisation),
        recorded_at=row.recorded_at,
        withdrawn=withdrawn,
    )


def _who(name: str, organisation: str | None) -> str:
    return f"{name}, {organisation}" if organisation else name
