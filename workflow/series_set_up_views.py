"""Set-up of the series of a measure, their definitions and first targets."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils import timezone

from accounts.clock import today
from accounts.denial import NotKnown, Stale
from accounts.set_up_pages import number_in, typed
from accounts.viewer import Viewer
from measures.catalogue_definitions import add_definition, correct_definition, latest
from measures.catalogue_held import STALE, held_by, parts_of
from measures.catalogue_series import (
    add_another_series,
    change_series,
    end_series,
    fixed_words,
    hanging_on,
    removal_problem,
    remove_series,
    start_new_series,
)
from measures.catalogue_targets import HAD_ONE, set_up_target, target_in
from measures.models import Definition, Series
from measures.quarters import Quarter
from measures.recording import Invalid
from measures.set_up_fields import held_figure
from measures.set_up_forms import LastQuarterForm
from measures.set_up_list import cards_of
from measures.set_up_series_forms import (
    ChangedSeriesForm,
    DefinitionForm,
    NewSeriesForm,
    NextSeriesForm,
    TargetForm,
)
from measures.set_up_words import (
    DERIVATION_NAMES,
    FIELD_NAMES,
    POLARITY_NAMES,
    ROLE_WORDS,
    UNIT_NAMES,
    WINDOW_NAMES,
    listed,
    short,
)
from measures.terms import SeriesRole

from .set_up_pages import (
    GONE,
    Link,
    Page,
    answered,
    cycles_of,
    done,
    edited,
    form_page,
    frame_of,
    measure_at,
    measure_url,
    series_at,
    series_url,
    setter_up,
)

NAMES = {"role": ROLE_WORDS, "unit": UNIT_NAMES, "polarity": POLARITY_NAMES, "derivation": DERIVATION_NAMES} | {
    "window": WINDOW_NAMES
}
ONE_TARGET = "It has a target already. The two parties change it: one proposes, a director of the other agrees."


def add(request: HttpRequest, contract: str, measure: str) -> HttpResponse:
    viewer = setter_up(request, contract)
    row = measure_at(viewer, measure, typed(request))
    has_headline = row.series.filter(role=SeriesRole.HEADLINE, last_quarter__isnull=True).exists()
    form = NewSeriesForm(typed(request), first=row.first_quarter, has_headline=has_headline)
    if request.method == "POST":
        made = answered(
            form,
            lambda: add_another_series(
                by=viewer,
                measure=row,
                definition=form.cleaned_data["definition"],
                target=form.first_target,
                now=timezone.now(),
                **form.series_columns,
            ),
        )
        if made is not None:
            return _done(request, viewer, made, "was added.")
    page = Page("Add a series", f"{row.code} {row.title}", measure_url(viewer, row), measure=row)
    return form_page(request, viewer, form, page)


def change(request: HttpRequest, contract: str, measure: str, series: int) -> HttpResponse:
    viewer = setter_up(request, contract)

    def make(data: QueryDict | None):
        row = series_at(viewer, series)
        why = fixed_words(held_by([row.pk])[row.pk])
        form = ChangedSeriesForm(data, row=row, version=row.version, is_fixed=bool(why))
        return form, _change_page(viewer, row, why)

    return edited(
        request,
        viewer,
        make,
        lambda form, version: change_series(
            by=viewer, series=Series(pk=series), version=version, now=timezone.now(), **form.series_columns
        ),
        lambda made: (_back(viewer, made), f"{made.code} {made.name} was saved."),
    )


def _change_page(viewer: Viewer, row: Series, why: str) -> Page:
    facts, remedy = [], None
    if why:
        values = {name: getattr(row, name) for name in FIELD_NAMES}
        facts = [
            (label, str(NAMES.get(name, {}).get(values[name], values[name]))) for name, label in FIELD_NAMES.items()
        ]
        why = f"{why}, so that this stays as it is: with another unit or way to count the old figures would be wrong."
        if row.last_quarter is None:
            remedy = Link("Start a new series", series_url("set-up-series-new", viewer, row))
    return Page(
        "Change a series", _named(row), _back(viewer, row), facts=facts, why=why, remedy=remedy, measure=row.measure
    )


def start_new(request: HttpRequest, contract: str, measure: str, series: int) -> HttpResponse:
    viewer = setter_up(request, contract)

    def make(data: QueryDict | None):
        row = series_at(viewer, series)
        if row.last_quarter is not None:
            raise NotKnown(f"{row.code} has ended: nothing takes its place any more.")
        last = _latest(viewer, row)
        form = NextSeriesForm(data, row=row, definition=latest(row), last=last, version=row.version)
        if target := target_in(row, last.next):
            form.initial |= {name: held_figure(getattr(target, name)) for name in ("target", "tolerance")}
            form.initial |= {name: getattr(target, name) for name in ("target_basis", "tolerance_basis")}
            form.initial["target_reason"] = target.reason
        said = [
            "The old series ends and keeps its figures. The new one starts in the next, with a chart of its own: "
            "nothing is compared across the change.",
            "Everything below is the old series’ own. Change what changes. The target stays as it is unless the unit, "
            "the decimals or which way is better change: it is the two parties’ to change.",
        ]
        return form, Page("Start a new series", _named(row), _back(viewer, row), said, measure=row.measure)

    def write(form: NextSeriesForm, version: int) -> Series:
        return start_new_series(
            by=viewer,
            series=Series(pk=series),
            version=version,
            last_quarter=form.cleaned_data["last_quarter"],
            definition=form.cleaned_data["definition"],
            target=form.first_target,
            now=timezone.now(),
            **form.series_columns,
        )

    return edited(
        request,
        viewer,
        make,
        write,
        lambda made: (_back(viewer, made), f"{made.code} {made.name} starts in {made.first_quarter.label}."),
    )


def _latest(viewer: Viewer, row: Series) -> Quarter:
    held = [cycle.quarter for cycle in cycles_of(viewer) if row.covers(cycle.quarter)]
    return max(held, default=max(Quarter.containing(today()), row.first_quarter))


def end(request: HttpRequest, contract: str, measure: str, series: int) -> HttpResponse:
    """With which quarter it ends; the same page takes that back."""
    viewer = setter_up(request, contract)

    def make(data: QueryDict | None):
        row = series_at(viewer, series)
        submit = "Change the last quarter" if row.last_quarter else "End the series"
        last = row.last_quarter or _latest(viewer, row)
        goes_on = "Take the end back" if row.last_quarter else ""
        form = LastQuarterForm(data, last_quarter=last, version=row.version, submit=submit, goes_on=goes_on)
        said = ["Its figures stay on record. It is asked for in no quarter after its last."]
        if row.last_quarter:
            said = [f"It ends with {row.last_quarter.label}. Another quarter can be its last, or it can go on."]
        heading = "Change when a series ends" if row.last_quarter else "End a series"
        return form, Page(heading, _named(row), _back(viewer, row), said, measure=row.measure)

    def write(form: LastQuarterForm, version: int) -> Series:
        last = form.cleaned_data["last_quarter"]
        return end_series(by=viewer, series=Series(pk=series), version=version, last_quarter=last, now=timezone.now())

    def then(made: Series) -> tuple[str, str]:
        how = f"ends with {made.last_quarter.label}" if made.last_quarter else "goes on"
        return _back(viewer, made), f"{made.code} {made.name} {how}."

    return edited(request, viewer, make, write, then)


def remove(request: HttpRequest, contract: str, measure: str, series: int) -> HttpResponse:
    """Asked before it is done, and refused with what hangs on it."""
    viewer = setter_up(request, contract)
    row, stale, status = series_at(viewer, series), "", 200
    if request.method == "POST":
        try:
            remove_series(by=viewer, series=row, seen=request.POST.get("seen", ""), now=timezone.now())
        except Stale:
            row, stale, status = series_at(viewer, series), STALE, 409
        except Invalid:
            status = 422
        else:
            return done(request, measure_url(viewer, row.measure), f"{_named(row)} was deleted.")
    held, cycles, parts = held_by([row.pk])[row.pk], cycles_of(viewer), parts_of([row])
    context = frame_of(
        viewer,
        measure=row.measure,
        what=_named(row),
        noun="series",
        holds=hanging_on(row, held, cycles),
        refused=removal_problem(row, held, cycles),
        goes=listed(parts.words),
        seen=parts.digest,
        stale=stale,
        is_error=status != 200,
        back=_back(viewer, row),
        instead=Link("End the series", series_url("set-up-series-end", viewer, row)),
    )
    return render(request, "measures/set_up_remove.html", context, status=status)


def add_series_definition(request: HttpRequest, contract: str, measure: str, series: int) -> HttpResponse:
    viewer = setter_up(request, contract)
    row = series_at(viewer, series)
    held = latest(row)
    initial = {"text": held.text if held else ""}
    form = DefinitionForm(typed(request), initial=initial, submit="Add the definition")
    if request.method == "POST":
        made = answered(form, lambda: add_definition(by=viewer, series=row, now=timezone.now(), **form.cleaned_data))
        if made is not None:
            return _done(request, viewer, row, f"is counted anew from {made.from_quarter.label}.")
    said = ["The chart is cut where it begins, and nothing before is compared with anything after."]
    page = Page("Add a definition", _named(row), _back(viewer, row), said, measure=row.measure)
    return form_page(request, viewer, form, page)


def change_series_definition(request: HttpRequest, contract: str, measure: str, series: int) -> HttpResponse:
    """The wording of the latest."""
    viewer = setter_up(request, contract)

    def make(data: QueryDict | None):
        row = series_at(viewer, series)
        held = _definition(row, data)
        initial = {"text": held.text, "reason": held.reason}
        is_first = held.from_quarter <= row.first_quarter
        form = DefinitionForm(data, initial=initial, held=held, is_first=is_first)
        said = [f"It counts from {held.from_quarter.label}. What is counted stays: for another way to count, add one."]
        if data is not None and number_in(request.POST, "definition") != held.pk:
            said.append("It was added after you opened the one before it. Saving again changes this one.")
        back = _back(viewer, row)
        return form, Page("Correct a definition", _named(row), back, said, measure=row.measure)

    def write(form: DefinitionForm, version: int):
        found = form.cleaned_data
        return correct_definition(
            by=viewer,
            definition=Definition(pk=form.held["definition"]),
            version=version,
            text=found["text"],
            reason=found.get("reason", form.initial["reason"]),
            now=timezone.now(),
        )

    return edited(
        request,
        viewer,
        make,
        write,
        lambda made: (_back(viewer, made.series), f"The definition of {made.series.code} was saved."),
    )


def _definition(row: Series, data: QueryDict | None) -> Definition:
    """The latest. Of what was typed the one that the form was opened for, though another may be the latest by now."""
    found = latest(row) if data is None else row.definitions.filter(pk=number_in(data, "definition")).first()
    if found is None:
        raise NotKnown(f"{row.code} has no definition yet." if data is None else GONE)
    return found


def target(request: HttpRequest, contract: str, measure: str, series: int) -> HttpResponse:
    """The first target of a series that has none; what it has is changed by the two parties."""
    viewer = setter_up(request, contract)
    row = series_at(viewer, series)
    form = TargetForm(typed(request), row=row)
    if request.method == "POST":

        def write():
            columns = form.first_target._asdict()
            when = form.cleaned_data["from_quarter"]
            return set_up_target(by=viewer, series=row, from_quarter=when, now=timezone.now(), **columns)

        if answered(form, write) is not None:
            return _done(request, viewer, row, "has its first target.")
    card = next(each for each in cards_of(row.measure) if each.series.pk == row.pk)
    is_refused = not card.needs_target
    said = [f"{short(POLARITY_NAMES[row.polarity])}. It is in force at once; later changes are agreed by both parties."]
    if is_refused:
        said = [
            (ONE_TARGET if card.has_target else HAD_ONE.format(row.code)) if card.had_target else f"{card.no_target}."
        ]
    heading = "Set the first target"
    page = Page(heading, _named(row), _back(viewer, row), said, measure=row.measure, is_refused=is_refused)
    return form_page(request, viewer, form, page)


def _named(row: Series) -> str:
    return f"{row.code} {row.name}"


def _back(viewer: Viewer, row: Series) -> str:
    return measure_url(viewer, row.measure, f"#series-{row.pk}")


def _done(request: HttpRequest, viewer: Viewer, row: Series, sentence: str) -> HttpResponse:
    return done(request, _back(viewer, row), f"{_named(row)} {sentence}")
