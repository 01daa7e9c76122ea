"""The pages of the committee's days: the list with adding, changing, removing."""

from __future__ import annotations

import datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from accounts import paging
from accounts.clock import today
from accounts.denial import Invalid, NotKnown, Stale
from accounts.set_up_pages import form_page, typed
from accounts.viewer import Viewer, viewer_of

from .committee import (
    GONE,
    STALE,
    add_committee_date,
    change_committee_date,
    committee_dates,
    remove_committee_date,
)
from .committee_forms import DayForm, NewDayForm
from .models import CommitteeDate
from .pages import contract_frame
from .policies import check_standing
from .quarters import Quarter, date_words
from .rights import Act


def dates(request: HttpRequest, contract: str) -> HttpResponse:
    """The list, and above it the form of one more."""
    viewer = _writer(request, contract)
    held = committee_dates(viewer.contract)
    form = NewDayForm(typed(request), proposed=_proposed(held))
    if request.method == "POST" and form.is_valid():
        typed_in = {"quarter": form.cleaned_data["quarter"], "on": form.cleaned_data["on"]}
        try:
            made = add_committee_date(by=viewer, now=timezone.now(), **typed_in)
        except Invalid as invalid:
            form.tell(invalid)
        else:
            messages.success(request, f"{_named(made)} was added.")
            return redirect("committee-dates", contract=contract)
    part = paging.part_of(request, held, "")
    context = {**_frame(viewer), "form": form, "part": part, "today": today()}
    return render(request, "measures/committee_dates.html", context, status=422 if form.errors else 200)


def _proposed(held: list[CommitteeDate]) -> Quarter:
    """The quarter after the last that has a day, or the one that the next committee is likely to take."""
    running = Quarter.containing(today())
    return max(held[0].quarter.next, running.previous) if held else running.previous


def change(request: HttpRequest, contract: str, quarter: Quarter) -> HttpResponse:
    viewer = _writer(request, contract)
    row = _held(viewer, quarter)
    sent = typed(request)
    form = _form_of(row, sent, sent.get("seen", "") if sent is not None else row.on.isoformat())
    if request.method == "POST" and form.is_valid():
        on = form.cleaned_data["on"]
        try:
            made = change_committee_date(by=viewer, quarter=quarter, seen=_seen(request), on=on, now=timezone.now())
        except Invalid as invalid:
            form.tell(invalid)
        except Stale:
            row = _held(viewer, quarter)
            data = request.POST.copy()
            data["seen"] = row.on.isoformat()
            found = [(form.fields["on"].label, date_words(row.on), date_words(on))] if row.on != on else []
            return _page(request, viewer, _form_of(row, data, data["seen"]), conflict=found)
        else:
            messages.success(request, f"{_named(made)} was saved.")
            return redirect("committee-dates", contract=contract)
    return _page(request, viewer, form)


def remove(request: HttpRequest, contract: str, quarter: Quarter) -> HttpResponse:
    """Asked before it is done. Where somebody changed it in between, the page asks again, with what is held now."""
    viewer = _writer(request, contract)
    row, stale = _held(viewer, quarter), ""
    if request.method == "POST":
        try:
            remove_committee_date(by=viewer, quarter=quarter, seen=_seen(request), now=timezone.now())
        except Stale:
            row, stale = _held(viewer, quarter), "Somebody else changed this day after you opened it."
        else:
            messages.success(request, f"{_named(row)} was removed.")
            return redirect("committee-dates", contract=contract)
    context = {**_frame(viewer), "row": row, "stale": stale}
    return render(request, "measures/committee_remove.html", context, status=409 if stale else 200)


def _writer(request: HttpRequest, contract: str) -> Viewer:
    viewer = viewer_of(request.user, contract)
    check_standing(Act.SET_UP, viewer)
    return viewer


def _frame(viewer: Viewer) -> dict:
    return {**contract_frame(viewer, "contract-set-up"), "viewer": viewer}


def _held(viewer: Viewer, quarter: Quarter) -> CommitteeDate:
    row = CommitteeDate.objects.filter(contract=viewer.contract, quarter=quarter).first()
    if row is None:
        raise NotKnown(GONE)
    return row


def _form_of(row: CommitteeDate, data, seen: str) -> DayForm:
    return DayForm(data, quarter=row.quarter, on=row.on, seen=seen)


def _seen(request: HttpRequest) -> datetime.date | None:
    """The day that the page showed; None, which none is, for what is no day."""
    try:
        return datetime.date.fromisoformat(request.POST.get("seen", ""))
    except ValueError:
        return None


def _page(request: HttpRequest, viewer: Viewer, form: DayForm, *, conflict: list | None = None) -> HttpResponse:
    slug = {"contract": viewer.contract.slug}
    back = reverse("committee-dates", kwargs=slug)
    context = {
        **_frame(viewer),
        "eyebrow": viewer.contract.title,
        "heading": f"Change the committee’s day of {form.quarter.label}",
        "crumbs": [("Set-up", reverse("contract-set-up", kwargs=slug)), ("Committee dates", back)],
        "back": back,
    }
    return form_page(request, context, form, title="day", stale=STALE, conflict=conflict)


def _named(row: CommitteeDate) -> str:
    return f"{row.quarter.label}, {date_words(row.on)},"
