"""The pages of the events on a chart: the list with its form, and withdrawing one."""

from __future__ import annotations

from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from accounts.clock import today
from accounts.denial import NotKnown, Stale

from .event_entries import Event, answer
from .event_forms import EventForm, WithdrawForm
from .events import event_by, every_event, record_event, span_of, withdraw_event
from .models import Measure, Series
from .pages import NavItem, Place, frame, place_of
from .policies import check_may, is_allowed, refusal
from .quarters import Quarter
from .recording import Invalid
from .rights import Act
from .terms import Frequency, SeriesRole


def event_list(request: HttpRequest, contract: str, quarter: Quarter, measure: str) -> HttpResponse:
    place = place_of(request, contract, quarter, Act.SEE_CYCLE)
    if request.method == "POST":
        check_may(Act.RECORD_EVENT, place.viewer, place.cycle)
    every = _series(place, measure)
    series = _chosen(every, request.GET.get("series"), quarter)
    may_record = is_allowed(Act.RECORD_EVENT, place.viewer, place.cycle)
    form = None
    if may_record:
        span = span_of(series, place.cycles, today=today(), shown=quarter)
        form = EventForm(request.POST if request.method == "POST" else None, span=span)
    if request.method == "POST" and form.is_valid():
        entry = form.entry
        try:
            made = record_event(
                by=place.viewer,
                series=series,
                at=entry.at,
                kind=entry.kind,
                text=entry.text,
                reason=entry.reason,
                now=timezone.now(),
            )
        except Invalid as invalid:
            form.tell(invalid.errors)
        else:
            messages.success(request, f"{series.code}: “{made.text}” was recorded.")
            return redirect(_address(place, series))
    return _list_page(request, place, every, series, form)


def withdraw(request: HttpRequest, contract: str, quarter: Quarter, measure: str, event: int) -> HttpResponse:
    place = place_of(request, contract, quarter, Act.RECORD_EVENT)
    found, series = event_by(event, _series(place, measure), quarter.end)
    if found.withdrawn:
        raise Stale(f"{found.withdrawn.by} withdrew this event already: {found.withdrawn.reason}")
    form = WithdrawForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        withdraw_event(by=place.viewer, event=found, reason=form.cleaned_data["reason"], now=timezone.now())
        messages.success(request, f"{series.code}: “{found.text}” was withdrawn.")
        return redirect(_address(place, series))
    context = frame(place, "") | {
        "series": series,
        "event": found,
        "when": found.when(Frequency(series.frequency)),
        "form": form,
        "query": urlencode({"series": series.code}),
        "list_url": _address(place, series),
    }
    return render(request, "measures/event_withdraw.html", context, status=422 if form.errors else 200)


def _series(place: Place, slug: str) -> list[Series]:
    """The series of the measure in this quarter, the headline first. NotKnown without any."""
    quarter, contract = place.cycle.quarter, place.viewer.contract
    measures = Measure.objects.covering(quarter).filter(contract=contract, slug=slug)
    rows = Series.objects.covering(quarter).filter(measure__in=measures).select_related("measure")
    if not rows:
        raise NotKnown(f"{quarter.label} has no such measure, or it has no series there.")
    roles = list(SeriesRole)
    return sorted(rows, key=lambda row: (roles.index(SeriesRole(row.role)), row.position, row.code))


def _chosen(every: list[Series], code: str | None, quarter: Quarter) -> Series:
    if code is None:
        return every[0]
    found = next((row for row in every if row.code == code), None)
    if found is None:
        raise NotKnown(f"{every[0].measure.code} has no series of that name in {quarter.label}.")
    return found


def _address(place: Place, series: Series) -> str:
    path = reverse("events", kwargs={**place.address, "measure": series.measure.slug})
    return f"{path}?{urlencode({'series': series.code})}"


def _list_page(
    request: HttpRequest, place: Place, every: list[Series], series: Series, form: EventForm | None
) -> HttpResponse:
    events = every_event(series.pk, place.cycle.quarter.end)
    context = frame(place, "") | {
        "series": series,
        "choices": [NavItem(row.code, _address(place, row), row is series) for row in every] if len(every) > 1 else [],
        "events": [_line(event, series) for event in events],
        "answer": answer(events, series.code, place.cycle.quarter),
        "form": form,
        "refusal": refusal(Act.RECORD_EVENT, place.viewer, place.cycle),
        "query": urlencode({"series": series.code}),
    }
    failed = form is not None and form.errors
    return render(request, "measures/events.html", context, status=422 if failed else 200)


def _line(event: Event, series: Series) -> tuple[Event, str]:
    """The event, and when it was in words."""
    return event, event.when(Frequency(series.frequency))
