"""The moves of a cycle: each has a page that says what will happen, and a button that does it."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from accounts.clock import today
from accounts.viewer import viewer_of
from measures import grid
from measures.pages import Place, contract_frame, frame, place_of
from measures.policies import check_standing
from measures.quarters import Quarter
from measures.recording import Invalid
from measures.rights import Act

from . import transitions
from .areas import has_areas
from .forms import ReasonForm


def open_quarter(request: HttpRequest, contract: str, quarter: Quarter) -> HttpResponse:
    viewer = viewer_of(request.user, contract)
    check_standing(Act.OPEN_CYCLE, viewer)
    if request.method == "POST":
        transitions.open_cycle(by=viewer, quarter=quarter, today=today(), now=timezone.now())
        provider = viewer.contract.provider.short_name
        messages.success(request, f"{quarter.label} is open. {provider} can enter its values.")
        return redirect("scorecard", contract=contract, quarter=quarter)
    found = transitions.quarters_to_open(viewer.contract, today())
    transitions.check_openable(quarter, found)
    values_due, commentary_due = transitions.due_dates(viewer.contract, quarter)
    context = {
        **contract_frame(viewer),
        "viewer": viewer,
        "quarter": quarter,
        "values_due": values_due,
        "commentary_due": commentary_due,
        "others": [each for each in found.quarters if each != quarter],
        "has_areas": has_areas(viewer.contract, quarter.previous),
        "skipped": transitions.skipped(viewer.contract, quarter, found),
        "has_measures": transitions.measures_in(viewer.contract, quarter).exists(),
    }
    return render(request, "workflow/open.html", context)


def submit(request: HttpRequest, contract: str, quarter: Quarter) -> HttpResponse:
    place = place_of(request, contract, quarter, Act.SUBMIT_VALUES)
    if request.method == "POST":
        transitions.submit(by=place.viewer, cycle=place.cycle, now=timezone.now())
        commissioner = place.viewer.contract.commissioner.short_name
        messages.success(request, f"Values for {quarter.label} submitted. {commissioner} sees them now.")
        return redirect("scorecard", **place.address)
    built = grid.build(grid.read(place.cycle))
    return render(request, "workflow/submit.html", {**frame(place, ""), "grid": built, "sheet": built.sheet})


def accept(request: HttpRequest, contract: str, quarter: Quarter) -> HttpResponse:
    place = place_of(request, contract, quarter, Act.ACCEPT_VALUES)
    if request.method == "POST":
        transitions.accept(by=place.viewer, cycle=place.cycle, now=timezone.now())
        messages.success(request, f"Values for {quarter.label} accepted. Commentary is open.")
        return redirect("scorecard", **place.address)
    return render(request, "workflow/accept.html", frame(place, ""))


def send_back(request: HttpRequest, contract: str, quarter: Quarter) -> HttpResponse:
    place = place_of(request, contract, quarter, Act.SEND_BACK)
    form = ReasonForm(request.POST or None, action="Send values back")
    if request.method == "POST" and form.is_valid():
        try:
            return _sent_back(request, place, form.cleaned_data["reason"])
        except Invalid as invalid:
            form.add_error("reason", invalid.errors["reason"])
    status = 422 if form.errors else 200
    return render(request, "workflow/send_back.html", {**frame(place, ""), "form": form}, status=status)


def _sent_back(request: HttpRequest, place: Place, reason: str) -> HttpResponse:
    transitions.send_back(by=place.viewer, cycle=place.cycle, reason=reason, now=timezone.now())
    provider = place.viewer.contract.provider.short_name
    messages.success(request, f"Values for {place.cycle.quarter.label} sent back to {provider}.")
    return redirect("scorecard", **place.address)
