"""The long form of one series of a quarter; its grid is in `measures.grid_views`."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from accounts.denial import Denied, NotKnown, Stale, WrongState

from .entries import STATUS_WORDS, Status
from .entry_sheet import Cell, Line, SeriesSheet, build_series
from .forms import EntryForm, typed_fields
from .grid_cells import typed_text
from .models import Series
from .numbers import round_half_up
from .pages import Place, frame, place_of
from .policies import check_may, editing_act, reason_asked
from .quarters import Quarter
from .recording import STALE, Invalid, current_of, record
from .rights import Act


def entry_series(request: HttpRequest, contract: str, quarter: Quarter, series: int) -> HttpResponse:
    """Enter a value of an open quarter, or correct one that both parties read."""
    place = place_of(request, contract, quarter, Act.SEE_CYCLE)
    try:
        check_may(editing_act(place.cycle), place.viewer, place.cycle)
    except WrongState as refused:
        if request.method != "POST":
            raise
        return _too_late(request, place, _sheet(place, series), refused)
    sheet = _sheet(place, series)
    if request.method == "POST":
        return _save(request, place, sheet)
    return _series_page(request, place, sheet)


def _sheet(place: Place, series: int) -> SeriesSheet:
    sheet = build_series(place.cycle, series)
    if sheet is None:
        raise NotKnown()
    return sheet


def _cell(line: Line, code: str | None) -> Cell:
    cell = next((cell for cell in line.typed if cell.period.code == code), None)
    if cell is None:
        raise NotKnown()
    return cell


def _too_late(request: HttpRequest, place: Place, sheet: SeriesSheet, refused: Denied) -> HttpResponse:
    """The quarter moved on while somebody typed: why nothing was saved, and the text to copy."""
    cell = _cell(sheet.line, request.POST.get("period"))
    context = frame(place, "entry") | {
        "series": sheet.line.series,
        "period": cell.period,
        "sentence": refused.sentence,
        "typed": typed_fields(request.POST),
    }
    return render(request, "measures/entry_too_late.html", context, status=refused.status)


def _save(request: HttpRequest, place: Place, sheet: SeriesSheet) -> HttpResponse:
    line = sheet.line
    cell = _cell(line, request.POST.get("period"))
    form = _form(place, line, cell, request.POST)
    if not form.is_valid():
        return _series_page(request, place, sheet, form, status=422)
    try:
        saved = record(
            by=place.viewer,
            cycle=place.cycle,
            series=line.series,
            period=cell.period,
            entry=form.entry,
            version=form.cleaned_data["version"],
            now=timezone.now(),
            reason=form.cleaned_data.get("reason", ""),
        )
    except Invalid as invalid:
        for name, message in invalid.errors.items():
            form.add_error(name if name in form.fields else None, message)
        return _series_page(request, place, sheet, form, status=422)
    except Stale:
        return _conflict(request, place, line.series, cell.period.code)
    except WrongState as refused:
        return _too_late(request, place, sheet, refused)
    _tell(request, line, Cell(cell.period, cell.scale, saved), typed=form.entry.value)
    return HttpResponseRedirect(_after(place, line, cell))


def _form(place: Place, line: Line, cell: Cell, data=None) -> EntryForm:
    # That somebody else saved in between is said before any reason is asked.
    has_moved = data is not None and data.get("version") != str(cell.version)
    asked = "" if has_moved else reason_asked(place.cycle, is_held=cell.is_held)
    form = EntryForm(data, series=line.series, cell=cell, reason_asked=asked)
    # Said outright: a form without an action keeps the page's #fragment, which takes the focus from an error.
    form.helper.form_action = reverse("entry-series", kwargs=_address(place, line.series))
    return form


def _conflict(request: HttpRequest, place: Place, series: Series, code: str) -> HttpResponse:
    """What is held now beside what was typed; the form carries the new version, so that saving again is a choice."""
    sheet = build_series(place.cycle, series.pk)
    cell = next(cell for cell in sheet.line.typed if cell.period.code == code)
    data = request.POST.copy()
    data["version"] = str(cell.version)
    return _series_page(request, place, sheet, _form(place, sheet.line, cell, data), status=409)


def _series_page(
    request: HttpRequest, place: Place, sheet: SeriesSheet, bound: EntryForm | None = None, status: int = 200
) -> HttpResponse:
    code = bound.data["period"] if bound else None
    told = list(messages.get_messages(request))
    periods = [
        {
            "cell": cell,
            "form": bound if cell.period.code == code else _form(place, sheet.line, cell),
            "messages": [message for message in told if message.extra_tags == cell.period.code],
            "conflict": _compared(cell, bound) if status == 409 and cell.period.code == code else None,
        }
        for cell in sheet.line.typed
    ]
    context = frame(place, "entry") | {
        "sheet": sheet,
        "line": sheet.line,
        "periods": periods,
        "series": sheet.line.series,
        "stale": STALE,
        "failed": bound is not None,
        "corrects": editing_act(place.cycle) is Act.CORRECT_VALUES,
        "messages": [message for message in told if not message.extra_tags],
    }
    return render(request, "measures/entry_series.html", context | _pager(place, sheet), status=status)


def _compared(cell: Cell, form: EntryForm) -> list[tuple[str, str, str]]:
    """Rows of the comparison: what, held now, typed. Only what differs; the text typed has passed the form before."""
    held = form.initial | {"status": STATUS_WORDS[Status(form.initial["status"])]}
    typed = {name: form.data.get(name, "") for name in form.fields}
    typed["status"] = STATUS_WORDS[Status(typed["status"])]
    names = [name for name in ("numerator", "denominator", "value", "status", "note") if name in form.fields]
    return [
        (form.fields[name].label or name.capitalize(), held.get(name, ""), typed[name])
        for name in names
        if held.get(name, "") != typed[name]
    ]


def _pager(place: Place, sheet: SeriesSheet) -> dict:
    labels = ("previous", "next")
    return {
        label: series and {"label": series.code, "url": reverse("entry-series", kwargs=_address(place, series))}
        for label, series in zip(labels, sheet.neighbours, strict=True)
    }


def _address(place: Place, series: Series) -> dict:
    return place.address | {"series": series.pk}


def _after(place: Place, line: Line, cell: Cell) -> str:
    """The next period of the same page, or its top after the last one."""
    code = _next_code(line, cell)
    return reverse("entry-series", kwargs=_address(place, line.series)) + (f"#{code}" if code else "")


def _next_code(line: Line, cell: Cell) -> str:
    """The period after this one; empty after the last."""
    codes = [each.period.code for each in line.typed]
    return (*codes, "")[codes.index(cell.period.code) + 1]


def _tell(request: HttpRequest, line: Line, saved: Cell, *, typed: Decimal | None) -> None:
    """What was saved, what followed from it, and whether a typed value gave way to the counts; told where the reader
    lands."""
    tag = _next_code(line, saved)
    sentence = f"{saved.period.label} saved: {saved.in_words}."
    if line.series.is_derived:
        quarter = replace(line.quarter, row=current_of(line.series, line.quarter.period))
        sentence += f" {replace(line, quarter=quarter).outcome}."
    messages.success(request, sentence, extra_tags=tag)
    value = saved.reading.value
    if typed is None or value is None:
        return
    if round_half_up(value, max(0, -int(typed.as_tuple().exponent))) != typed:
        messages.warning(
            request,
            f"You typed {typed_text(typed)}, but {saved.cohort} is {saved.text}. What the counts give is held.",
            extra_tags=tag,
        )
