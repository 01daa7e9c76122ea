"""The pages of a pane's history: what stood there, what changed, and bringing an earlier text back."""

from __future__ import annotations

import re
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from accounts.denial import Denied, NotKnown
from accounts.roles import Party
from accounts.viewer import viewer_of
from measures.pages import Place, frame, place_of
from measures.policies import check_may, is_allowed
from measures.quarters import Quarter
from measures.recording import Invalid
from measures.rights import WRITE_PANE, Act

from . import drafting, history
from .forms import RestoreForm
from .models import Pane
from .panes import NOUN
from .sanitising import TooLarge

# More digits than a row's number has.
NUMBER = re.compile(r"[0-9]{1,18}", re.ASCII)
ALONE = "none"


def pane_history(request: HttpRequest, contract: str, quarter: Quarter, measure: str, party: str) -> HttpResponse:
    """`version` is the one looked at, the latest unless chosen; `with` what it is compared with, "none" for nothing;
    `restore` asks before that version is brought back."""
    place, pane = _own_pane(request, contract, quarter, measure, party)
    other = history.other_name(place.viewer)
    context = frame(place, "") | {
        "pane": pane,
        "heading": f"{place.viewer.organisation_name} {NOUN[Party(party)]}",
        "other_name": other,
    }
    if "restore" in request.GET:
        return _asked_to_restore(request, context, place, pane, other)
    found = history.history(pane, other, request.GET.get("page", "1"))
    shown = _shown(request, pane, other, found)
    context |= {
        "history": found,
        "shown": shown,
        "page_query": _page_query(found),
        "may_restore": is_allowed(WRITE_PANE[Party(party)], place.viewer, place.cycle),
        "choices": _choices(found, shown),
    }
    return render(request, "commentary/history.html", context)


@require_POST
def restore(request: HttpRequest, contract: str, quarter: Quarter, measure: str, party: str) -> HttpResponse:
    viewer = viewer_of(request.user, contract)
    pane = history.pane_at(viewer, quarter, measure, party)
    if pane is None:
        raise NotKnown()
    check_may(WRITE_PANE[Party(party)], viewer, pane.cycle)
    form = RestoreForm(request.POST)
    if not form.is_valid():
        messages.error(request, "Nothing was restored: the page did not say which text. Choose one from the history.")
        return redirect("pane-history", contract, quarter, measure, party)
    version = form.cleaned_data["version"]
    try:
        held = drafting.restore(
            by=viewer, pane=pane, source=form.cleaned_data["source"], version=version, now=timezone.now()
        )
    except (TooLarge, Invalid) as error:
        messages.error(request, f"Nothing was restored. {error}")
    else:
        _say(request, held, version, history.other_name(viewer))
    return redirect("measure", contract, quarter, measure)


def _say(request: HttpRequest, held: Pane, version: int, other: str) -> None:
    if held.version == version:
        messages.info(request, "Nothing was changed: this is the text that is held already.")
    elif held.released is None:
        messages.success(request, f"Restored as the draft. {other} cannot read it until you release it.")
    else:
        messages.success(request, f"Restored as the draft. {other} still reads the text released before.")


def _own_pane(request: HttpRequest, contract: str, quarter: Quarter, measure: str, party: str) -> tuple[Place, Pane]:
    """NotKnown alike for who may not know of it and for what does not exist."""
    try:
        place = place_of(request, contract, quarter, Act.SEE_CYCLE)
    except Denied:
        raise NotKnown() from None
    pane = history.pane_at(place.viewer, quarter, measure, party)
    return place, history.check_own(place.viewer, pane)


def _shown(request: HttpRequest, pane: Pane, other: str, found: history.History) -> history.Shown | None:
    """None where nothing was written yet."""
    chosen, compared = request.GET.get("version"), request.GET.get("with")
    if not chosen and not found.entries:
        return None
    entry = history.one(pane, other, _number(chosen) if chosen else found.entries[0].id)
    if compared == ALONE:
        return history.Shown(entry, None, is_alone=True)
    if compared:
        return history.Shown(entry, history.one(pane, other, _number(compared)))
    return history.Shown(entry, history.before(pane, other, entry))


def _asked_to_restore(request: HttpRequest, context: dict, place: Place, pane: Pane, other: str) -> HttpResponse:
    check_may(WRITE_PANE[Party(pane.party)], place.viewer, place.cycle)
    entry = history.one(pane, other, _number(request.GET["restore"]))
    return render(request, "commentary/history_restore.html", context | {"entry": entry})


def _choices(found: history.History, shown: history.Shown | None) -> list[history.Entry]:
    """What the page offers to compare: its own entries, and those looked at where they stand on another."""
    looked_at = [each for each in (shown.entry, shown.before) if each] if shown else []
    every = {entry.id: entry for entry in (*found.entries, *looked_at)}
    return sorted(every.values(), key=lambda entry: (entry.at, entry.id), reverse=True)


def _page_query(found: history.History) -> str:
    """What keeps a link on the page of the list that is open."""
    return f"&{urlencode({'page': found.page.number})}" if found.page.number > 1 else ""


def _number(text: str) -> int:
    if not NUMBER.fullmatch(text):
        raise NotKnown()
    return int(text)
