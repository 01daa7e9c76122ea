"""The text of the quarter before beside a pane, and beginning with it."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from accounts.denial import NotKnown
from accounts.roles import Party
from measures.models import Measure
from measures.pages import frame, place_of
from measures.policies import is_allowed
from measures.quarters import Quarter
from measures.recording import Invalid
from measures.rights import WRITE_PANE, Act

from . import panes
from .carrying import start_from_last
from .forms import VersionForm
from .sanitising import TooLarge


def last(request: HttpRequest, contract: str, quarter: Quarter, measure: str, party: str) -> HttpResponse:
    """A page of its own; the measure page's script takes the text out of it."""
    place = place_of(request, contract, quarter, Act.SEE_CYCLE)
    row = Measure.objects.covering(quarter).filter(contract=place.viewer.contract, slug=measure).first()
    if row is None or party not in set(Party):
        raise NotKnown()
    before = panes.cycle_before(place.cycles, quarter)
    pane = next(view for view in panes.pair(place.cycle, row, place.viewer, before) if view.party == party)
    context = {
        "measure": row,
        "pane": pane,
        "before": quarter.previous,
        "nothing": why_nothing(pane, row, quarter),
        "has_page": before is not None
        and row.first_quarter <= quarter.previous
        and is_allowed(Act.SEE_CYCLE, place.viewer, before),
    }
    return render(request, "commentary/last.html", {**frame(place, ""), **context})


def why_nothing(pane: panes.PaneView, measure: Measure, quarter: Quarter) -> str:
    """Empty where there is a text. Of a text that the other party holds back the same as where it wrote none."""
    before = quarter.previous.label
    if pane.last is None:
        return f"{before} is not held here, so there is no earlier text."
    if measure.first_quarter > quarter.previous:
        return f"{measure.code} was first reported in {quarter.label}, so it has no text in {before}."
    if pane.last.html:
        return ""
    if pane.last.is_own or pane.last.is_past:
        return f"Nothing was written in {before}."
    return f"{pane.short_name} has released nothing in {before}."


@require_POST
def start(request: HttpRequest, contract: str, quarter: Quarter, measure: str, party: str) -> HttpResponse:
    if party not in set(Party):
        raise NotKnown()
    place = place_of(request, contract, quarter, WRITE_PANE[Party(party)])
    pane = panes.pane_at(place.viewer, quarter, measure, party)
    form, name = VersionForm(request.POST), quarter.previous.label
    try:
        if not form.is_valid():
            raise Invalid({"version": "The page did not say which text you saw. Nothing was copied: try again."})
        start_from_last(by=place.viewer, pane=pane, version=form.cleaned_data["version"], now=timezone.now())
    except Invalid as error:
        messages.error(request, str(error))
    except TooLarge as error:
        messages.error(request, f"Nothing was copied. {error}")
    else:
        messages.success(
            request,
            f"The {name} text is your draft now. Only {place.viewer.organisation_name} sees it: bring it up to date.",
        )
    return redirect("measure", contract, quarter, measure)
