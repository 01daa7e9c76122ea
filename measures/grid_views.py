"""The entry grid: the page of a quarter's values, and the address that saves one row of it."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, replace

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from accounts.denial import Denied, NotKnown, WrongState

from . import grid
from .entries import Entry
from .grid import Facts, Sent
from .grid_cells import FIELDS, Texts, read_cell, texts_of
from .grid_rows import Grid, Row, entry_of
from .holding import bounds_of
from .models import Series
from .pages import Place, frame, place_of
from .policies import check_may, editing_act, is_allowed, reason_asked, refusal
from .quarters import Month, Quarter
from .recording import Moved, RowInvalid, record_row
from .rights import Act
from .states import State

MOVED = "Somebody else saved here after you opened it. Compare the two, then keep yours or take theirs."
MOVED_SHORT = "Somebody else saved here first"
NOTHING_NEW = "Nothing has changed"
ROW_TAG = "row-"


def entry(request: HttpRequest, contract: str, quarter: Quarter) -> HttpResponse:
    place = place_of(request, contract, quarter, Act.SEE_ENTRY)
    built = grid.build(grid.read(place.cycle))
    told = list(messages.get_messages(request))
    saved = {message.extra_tags: str(message) for message in told if message.extra_tags.startswith(ROW_TAG)}
    rows = tuple(replace(row, saved=saved.get(f"{ROW_TAG}{row.series.pk}", "")) for row in built.rows)
    rest = [message for message in told if not message.extra_tags.startswith(ROW_TAG)]
    return _page(request, place, replace(built, rows=rows), {"messages": rest})


def entry_row(request: HttpRequest, contract: str, quarter: Quarter, series: int) -> HttpResponse:
    """Saves one row; with `check` it only says what the row would give. A script, which asks for JSON, gets the parts
    of the page that change; a form without script gets the page."""
    place = place_of(request, contract, quarter, Act.SEE_CYCLE)
    try:
        check_may(editing_act(place.cycle), place.viewer, place.cycle)
        return _posted(request, place, series)
    except Denied as refused:
        if _is_script(request):
            return JsonResponse({"message": refused.sentence}, status=refused.status)
        if isinstance(refused, WrongState):
            return _too_late(request, place, series, refused)
        raise


def _is_script(request: HttpRequest) -> bool:
    return request.headers.get("Accept") == "application/json"


@dataclass(frozen=True)
class Typed:
    """What was sent for one row, read against what is held: `entries` of the cells that changed and can be read."""

    series: Series
    sent: Sent
    entries: Mapping[Quarter | Month, Entry]


def _posted(request: HttpRequest, place: Place, series_id: int) -> HttpResponse:
    facts = grid.read(place.cycle)
    series = _series(facts, series_id)
    typed = _typed(facts, series, request.POST)
    if request.POST.get("check"):
        built = grid.build(facts, {series.pk: typed.entries})
        return _parts(request, place, built, built.row(series.pk), "", status=200)
    if typed.sent.errors:
        return _refused(request, place, facts, typed)
    now = timezone.now()
    try:
        record_row(
            by=place.viewer,
            cycle=place.cycle,
            series=series,
            cells=[(period, each, typed.sent.versions[period.code]) for period, each in typed.entries.items()],
            now=now,
            reason=typed.sent.reason,
        )
    except RowInvalid as invalid:
        return _refused(request, place, facts, replace(typed, sent=replace(typed.sent, errors=invalid.errors)))
    except Moved as moved:
        sent = replace(typed.sent, moved=frozenset(moved.codes), problem=MOVED)
        return _refused(request, place, grid.read(place.cycle), replace(typed, sent=sent), status=409)
    return _saved(request, place, series, _saved_words(now) if typed.entries else NOTHING_NEW)


def _saved_words(now: datetime.datetime) -> str:
    return f"Saved {timezone.localtime(now):%H:%M}"


def _series(facts: Facts, series_id: int) -> Series:
    found = next((one for one in facts.series if one.pk == series_id), None)
    if found is None:
        raise NotKnown()
    return found


def _typed(facts: Facts, series: Series, data: Mapping[str, str]) -> Typed:
    """A cell whose version was not sent is not meant. One whose texts are those that its sender saw, or those of what
    is held, says nothing new: what somebody else saved there in between stays."""
    held, bounds = facts.rows[series.pk], bounds_of(series)
    reason = data.get("reason", "")
    texts, versions, errors, entries = {}, {}, {}, {}
    for period in series.periods(facts.quarter):
        code, row = period.code, held.get(period)
        if f"{code}-version" not in data:
            continue
        typed = _texts(data, code)
        if f"{code}-note-seen" in data and _is_same(typed, _texts(data, code, "-seen")):
            continue
        texts[code] = typed
        versions[code] = _version(data[f"{code}-version"])
        if _is_same(typed, texts_of(entry_of(row), bounds) if row else Texts()):
            continue
        read = read_cell(typed, bounds, is_held=row is not None)
        # That somebody else saved in between is said before any reason is asked.
        has_moved = versions[code] != (row.version if row else 0)
        asked = "" if reason.strip() or has_moved else reason_asked(facts.cycle, is_held=row is not None)
        if found := {**read.messages, **({"reason": asked} if asked else {})}:
            errors[code] = found
        if read.entry:
            entries[period] = read.entry
    return Typed(series, Sent(texts, versions, reason, errors), entries)


def _texts(data: Mapping[str, str], code: str, ending: str = "") -> Texts:
    return Texts(**{name: data.get(f"{code}-{name}{ending}", "") for name in FIELDS})


def _is_same(one: Texts, other: Texts) -> bool:
    """Browsers send the lines of a note apart by two characters."""
    return all(
        getattr(one, name).replace("\r\n", "\n").strip() == getattr(other, name).replace("\r\n", "\n").strip()
        for name in FIELDS
    )


def _version(text: str) -> int:
    """-1, which nothing has, for what is no version: such a save is refused as out of date."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else -1


def _saved(request: HttpRequest, place: Place, series: Series, words: str) -> HttpResponse:
    if not _is_script(request):
        messages.success(request, words, extra_tags=f"{ROW_TAG}{series.pk}")
        return HttpResponseRedirect(f"{reverse('entry', kwargs=place.address)}#row-{series.pk}")
    built = grid.build(grid.read(place.cycle))
    return _parts(request, place, built, replace(built.row(series.pk), saved=words), words, status=200)


def _refused(request: HttpRequest, place: Place, facts: Facts, typed: Typed, status: int = 422) -> HttpResponse:
    """Nothing is saved; all that was typed stands in the row again, with what is wrong."""
    built = grid.build(facts, {typed.series.pk: typed.entries})
    row = grid.answered(built, facts, typed.series.pk, typed.sent)
    to_mend = "1 thing to mend" if row.wrong == 1 else f"{row.wrong} things to mend"
    words = MOVED_SHORT if row.problem else to_mend
    if _is_script(request):
        return _parts(request, place, built, row, words, status=status)
    row = replace(row, problem=row.problem or f"{row.series.code} was not saved: {words}.")
    rows = tuple(row if each.series.pk == row.series.pk else each for each in built.rows)
    return _page(request, place, replace(built, rows=rows), {"failed": row}, status=status)


def _parts(request: HttpRequest, place: Place, built: Grid, row: Row, words: str, *, status: int) -> HttpResponse:
    context = _common(place, built) | {"row": row, "beside": built.beside(row)}
    html = render_to_string("measures/grid_answer.html", context, request)
    return JsonResponse({"message": words, "html": html}, status=status)


def _page(request: HttpRequest, place: Place, built: Grid, more: dict, status: int = 200) -> HttpResponse:
    context = frame(place, "entry") | _common(place, built) | _neighbours(place) | more
    return render(request, "measures/grid.html", context, status=status)


def _common(place: Place, built: Grid) -> dict:
    act = editing_act(place.cycle)
    why_not = refusal(act, place.viewer, place.cycle)
    return {
        "place": place,
        "grid": built,
        "sheet": built.sheet,
        "refusal": why_not,
        "can_type": not why_not,
        "corrects": act is Act.CORRECT_VALUES,
        "can_submit": is_allowed(Act.SUBMIT_VALUES, place.viewer, place.cycle),
        "sent_back": place.cycle.submitted_once and place.cycle.state == State.OPEN,
    }


def _too_late(request: HttpRequest, place: Place, series_id: int, refused: Denied) -> HttpResponse:
    """The quarter moved on while somebody typed: why nothing was saved, and the text to copy."""
    series = _series(grid.read(place.cycle), series_id)
    sent = [
        (f"{name.capitalize()}, {period.label}", request.POST.get(f"{period.code}-{name}", "").strip())
        for period in series.periods(place.cycle.quarter)
        for name in FIELDS
    ]
    context = frame(place, "entry") | {
        "series": series,
        "period": place.cycle.quarter,
        "sentence": refused.sentence,
        "typed": [(what, text) for what, text in sent if text],
    }
    return render(request, "measures/entry_too_late.html", context, status=refused.status)


def _neighbours(place: Place) -> dict:
    """The quarters before and after whose entry pages there are."""
    here = place.cycle.quarter
    links = {
        cycle.quarter: {
            "label": cycle.quarter.label,
            "url": reverse("entry", kwargs=place.address | {"quarter": cycle.quarter}),
        }
        for cycle in place.cycles
        if is_allowed(Act.SEE_ENTRY, place.viewer, cycle)
    }
    return {"previous": links.get(here.previous), "next": links.get(here.next)}
