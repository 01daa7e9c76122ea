"""Choosing or removing an area for improvement, with a reason."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from accounts.denial import NotKnown
from measures.models import AreaForImprovement, Measure
from measures.pages import frame, place_of
from measures.quarters import Quarter
from measures.recording import Invalid
from measures.rights import Act

from .areas import add_area, remove_area
from .forms import ReasonForm


def change_area(request: HttpRequest, contract: str, quarter: Quarter, measure: str) -> HttpResponse:
    """One page for both: it adds a measure that is no area for improvement and removes one that is.

    The form carries which of the two was shown, so that a stale page cannot do the opposite.
    """
    place = place_of(request, contract, quarter, Act.CHOOSE_AREAS)
    row = Measure.objects.covering(quarter).filter(contract=place.viewer.contract, slug=measure).first()
    if row is None:
        raise NotKnown(f"{quarter.label} has no such measure.")
    area = AreaForImprovement.objects.filter(cycle=place.cycle, measure=row).select_related("by").first()
    removing = request.POST.get("act", "remove" if area else "add") == "remove"
    form = ReasonForm(
        request.POST or None,
        action="Remove from the areas" if removing else "Make it an area",
        hidden={"act": "remove" if removing else "add"},
    )
    if request.method == "POST" and form.is_valid():
        write = remove_area if removing else add_area
        try:
            write(
                by=place.viewer,
                cycle=place.cycle,
                measure=row,
                reason=form.cleaned_data["reason"],
                now=timezone.now(),
            )
        except Invalid as invalid:
            form.add_error("reason", invalid.errors["reason"])
        else:
            done = "no longer an area" if removing else "now an area"
            messages.success(request, f"{row.code} is {done} for improvement in {quarter.label}.")
            return redirect("measure", **place.address, measure=row.slug)
    context = {**frame(place, ""), "measure": row, "area": area, "removing": removing, "form": form}
    return render(request, "workflow/area.html", context, status=422 if form.errors else 200)
