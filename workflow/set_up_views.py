"""Set-up of a contract's measures: the list, its order, its sections."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from accounts.clock import today
from accounts.denial import NotKnown, Stale
from accounts.paging import part_of, searched
from accounts.set_up_pages import number_in, typed
from accounts.viewer import Viewer
from measures.catalogue_order import Step, To, move_measure, move_section, move_series, rename_section
from measures.models import Measure, Series
from measures.quarters import Quarter
from measures.set_up_forms import SectionForm
from measures.set_up_list import Section, listed_of, sections_of

from .set_up_pages import (
    Page,
    answered,
    conflict_page,
    done,
    form_page,
    frame_of,
    list_url,
    measure_at,
    measure_url,
    setter_up,
)

NOT_A_PLACE = "Enter the place as a number, 1 for the first."


def measure_list(request: HttpRequest, contract: str) -> HttpResponse:
    viewer = setter_up(request, contract)
    search = searched(request)
    listed = listed_of(viewer.contract, search)
    part = part_of(request, listed.found, search)
    sections = sections_of(listed, part.rows, Quarter.containing(today()))
    context = frame_of(viewer, is_below=False, listed=listed, part=part, sections=sections, search=search)
    return render(request, "measures/set_up_measures.html", context)


def order(request: HttpRequest, contract: str) -> HttpResponse:
    """Every measure and section with buttons and a box for its place. A POST moves one of them, or a series."""
    viewer = setter_up(request, contract)
    wrong = ""
    if request.method == "POST":
        to = _where(request.POST.get("to", ""), request.POST.get("place", ""))
        if to is not None:
            return _move(request, viewer, to)
        if series := _found(Series, request.POST, "series", measure__contract=viewer.contract):
            messages.error(request, f"{series.code} was not moved. {NOT_A_PLACE}")
            return redirect(measure_url(viewer, series.measure, f"#series-{series.pk}"))
        wrong = NOT_A_PLACE
    listed = listed_of(viewer.contract)
    sections = sections_of(listed, listed.found, Quarter.containing(today()))
    context = frame_of(viewer, listed=listed, sections=sections, wrong=wrong)
    if wrong:
        context |= {"wrong_id": _box(request, sections), "typed": request.POST.get("place", "")}
    return render(request, "measures/set_up_order.html", context, status=422 if wrong else 200)


def _box(request: HttpRequest, sections: list[Section]) -> str:
    """The element in which the place was typed."""
    if measure := request.POST.get("measure"):
        return f"place-measure-{measure}"
    found = (each.place for each in sections if each.name == request.POST.get("section"))
    return f"place-section-{next(found, 1)}"


def _where(step: str, place: str) -> To | None:
    """A button's step; without one, the place that was typed."""
    if step in list(Step):
        return Step(step)
    place = place.strip()
    return int(place) if place.isascii() and place.isdigit() and len(place) < 6 and int(place) else None


def _move(request: HttpRequest, viewer: Viewer, to: To) -> HttpResponse:
    now, sent = timezone.now(), request.POST
    url = reverse("set-up-order", kwargs={"contract": viewer.contract.slug})
    if row := _found(Measure, sent, "measure", contract=viewer.contract):
        place = move_measure(by=viewer, measure=row, to=to, now=now)
        return done(request, f"{url}#measure-{row.pk}", f"{row.code} is now number {place} in {row.section}.")
    if row := _found(Series, sent, "series", measure__contract=viewer.contract):
        place = move_series(by=viewer, series=row, to=to, now=now)
        url = measure_url(viewer, row.measure, f"#series-{row.pk}")
        return done(request, url, f"{row.code} {row.name} is now number {place}.")
    if section := sent.get("section"):
        place = move_section(by=viewer, section=section, to=to, now=now)
        return done(request, url, f"{section} is now section {place}.")
    raise NotKnown()


def _found(model, sent: QueryDict, name: str, **of):
    return model.objects.filter(pk=number_in(sent, name), **of).first()


def section(request: HttpRequest, contract: str, measure: str) -> HttpResponse:
    """Renaming the section in which a measure stands, with all its measures."""
    viewer = setter_up(request, contract)
    row = measure_at(viewer, measure)
    page = Page("Rename a section", row.section, list_url(viewer), ["All its measures move under the new name."])
    form = SectionForm(typed(request), section=row.section)
    if request.method == "POST":
        seen = request.POST.get("section", "")
        try:
            name = answered(
                form, lambda: rename_section(by=viewer, section=seen, now=timezone.now(), **form.cleaned_data)
            )
        except Stale:
            data = request.POST.copy()
            data["section"] = row.section
            return conflict_page(request, viewer, SectionForm(data, section=row.section), page)
        if name is not None:
            return done(request, list_url(viewer), f"The section is called {name} now.")
    return form_page(request, viewer, form, page)
