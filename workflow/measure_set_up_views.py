"""Set-up of one measure: adding, changing, retiring and deleting it."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from accounts.clock import today
from accounts.denial import Stale
from accounts.set_up_pages import typed, version_in
from accounts.viewer import Viewer
from measures.catalogue_held import DECIDED, STALE, parts_of
from measures.models import Measure
from measures.quarters import Quarter
from measures.recording import Invalid
from measures.set_up_forms import LastQuarterForm, MeasureForm, NewMeasureForm
from measures.set_up_list import cards_of, listed_of, section_names
from measures.set_up_words import KIND_WORDS, counted, listed

from .measure_set_up import (
    OPENED,
    add_whole_measure,
    change_measure,
    holds,
    kind_fixed,
    removal_problem,
    remove_measure,
    set_last_quarter,
    slug_fixed,
)
from .set_up_pages import (
    Link,
    Page,
    answered,
    cycles_of,
    done,
    edited,
    form_page,
    frame_of,
    list_url,
    measure_at,
    measure_url,
    setter_up,
)


def measure_page(request: HttpRequest, contract: str, measure: str) -> HttpResponse:
    viewer = setter_up(request, contract)
    row = measure_at(viewer, measure)
    context = frame_of(viewer, cards=cards_of(row), kind=KIND_WORDS[row.kind]) | {"measure": row}
    return render(request, "measures/set_up_measure.html", context)


def add(request: HttpRequest, contract: str) -> HttpResponse:
    viewer = setter_up(request, contract)
    names = section_names(viewer.contract)
    form = NewMeasureForm(typed(request), sections=names, initial=_like_the_last(viewer))
    if request.method == "POST":
        made = answered(
            form,
            lambda: add_whole_measure(
                by=viewer,
                now=timezone.now(),
                measure=form.measure_columns,
                series=form.series_columns,
                definition=form.cleaned_data["definition"],
                target=form.first_target,
            ),
        )
        if made is not None:
            return done(request, measure_url(viewer, made), f"{made.code} {made.title} was added.")
    said = _where_it_appears(viewer)
    return form_page(request, viewer, form, Page("Add a measure", "", list_url(viewer), said))


def _like_the_last(viewer: Viewer) -> dict:
    """Section and first quarter of the measure made last: the next one is often like it, but begins after what is
    agreed or published."""
    rows = [row for each in listed_of(viewer.contract).every.values() for row in each]
    last = max(rows, key=lambda row: row.pk, default=None)
    if last is None or last.last_quarter:
        first, found = Quarter.containing(today()), {}
    else:
        first, found = last.first_quarter, {"section": last.section}
    decided = [cycle.quarter for cycle in cycles_of(viewer) if cycle.state in DECIDED]
    return {**found, "first_quarter": max(first, max(decided).next) if decided else first}


def _where_it_appears(viewer: Viewer) -> list[str]:
    at_work = [cycle.quarter.label for cycle in cycles_of(viewer) if cycle.state in OPENED[:3]]
    if not at_work:
        return []
    where = " and ".join(at_work)
    return [f"Where its first quarter is no later, it appears in {where} at once, with a text for each party to write."]


def change(request: HttpRequest, contract: str, measure: str) -> HttpResponse:
    viewer = setter_up(request, contract)
    sent = typed(request)
    number = measure_at(viewer, measure, sent).pk

    def make(data: QueryDict | None):
        row, cycles = measure_at(viewer, measure, sent), cycles_of(viewer)
        why = {"kind": kind_fixed(row, cycles), "slug": slug_fixed(row, cycles)}
        fixed = [name for name, sentence in why.items() if sentence]
        form = MeasureForm(data, row=row, sections=section_names(viewer.contract), version=row.version, fixed=fixed)
        facts = {"kind": ("Kind of measure", KIND_WORDS[row.kind]), "slug": ("Address", row.slug)}
        return form, Page(
            "Change a measure",
            f"{row.code} {row.title}",
            measure_url(viewer, row),
            facts=[facts[name] for name in fixed],
            why=" ".join(why[name] for name in fixed),
            measure=row,
        )

    return edited(
        request,
        viewer,
        make,
        lambda form, version: change_measure(
            by=viewer, measure=Measure(pk=number), version=version, now=timezone.now(), **form.measure_columns
        ),
        lambda made: (measure_url(viewer, made), f"{made.code} {made.title} was saved."),
    )


def retire(request: HttpRequest, contract: str, measure: str) -> HttpResponse:
    """With which quarter it ends; the same page takes that back."""
    viewer = setter_up(request, contract)
    sent = typed(request)
    number = measure_at(viewer, measure, sent).pk

    def make(data: QueryDict | None):
        row = measure_at(viewer, measure, sent)
        form = LastQuarterForm(
            data,
            last_quarter=row.last_quarter or _latest(viewer, row),
            version=row.version,
            submit="Change the last quarter" if row.last_quarter else "Retire the measure",
            goes_on="Take the end back" if row.last_quarter else "",
        )
        return form, _retire_page(viewer, row)

    def write(form: LastQuarterForm, version: int) -> Measure:
        last, held = form.cleaned_data["last_quarter"], Measure(pk=number)
        return set_last_quarter(by=viewer, measure=held, version=version, last_quarter=last, now=timezone.now())

    def then(made: Measure) -> tuple[str, str]:
        end = f"ends with {made.last_quarter.label}" if made.last_quarter else "goes on"
        return measure_url(viewer, made), f"{made.code} {end}."

    return edited(request, viewer, make, write, then)


def _latest(viewer: Viewer, row: Measure) -> Quarter:
    opened = [cycle.quarter for cycle in cycles_of(viewer) if cycle.state in OPENED]
    return max(max(opened, default=Quarter.containing(today())), row.first_quarter)


def _retire_page(viewer: Viewer, row: Measure) -> Page:
    said = ["It stays in the quarters that it was part of, with its figures and texts, and is asked for in none after."]
    if row.last_quarter:
        said = [f"It ends with {row.last_quarter.label}. Another quarter can be its last, or it can go on."]
    heading = "Change when a measure ends" if row.last_quarter else "Retire a measure"
    return Page(heading, f"{row.code} {row.title}", measure_url(viewer, row), said, measure=row)


def remove(request: HttpRequest, contract: str, measure: str) -> HttpResponse:
    """Asked before it is done, and refused with what hangs on it."""
    viewer = setter_up(request, contract)
    sent = typed(request)
    row, stale, status = measure_at(viewer, measure, sent), "", 200
    if request.method == "POST":
        try:
            seen = request.POST.get("seen", "")
            remove_measure(by=viewer, measure=row, version=version_in(request), seen=seen, now=timezone.now())
        except Stale:
            row, stale, status = measure_at(viewer, measure, sent), STALE, 409
        except Invalid:
            status = 422
        else:
            return done(request, list_url(viewer), f"{row.code} {row.title} was deleted.")
    address = {"contract": viewer.contract.slug, "measure": row.slug}
    found, series = holds(row, cycles_of(viewer)), list(row.series.all())
    parts = parts_of(series)
    goes = [counted(len(series), "series", "series")] if series else []
    context = frame_of(
        viewer,
        measure=row,
        refused=removal_problem(row, found),
        what=f"{row.code} {row.title}",
        noun="measure",
        holds=found,
        goes=listed([*goes, *parts.words, "its empty texts"]),
        version=row.version,
        seen=parts.digest,
        stale=stale,
        is_error=status != 200,
        back=measure_url(viewer, row),
        instead=Link("Retire the measure", reverse("set-up-measure-retire", kwargs=address)),
    )
    return render(request, "measures/set_up_remove.html", context, status=status)
