"""The pages of a pane's history: what stood there, what changed, and bringing an earlier text back."""

from __future__ import annotations

import re
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Page
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from accounts.denial import Denied, NotKnown, SecondFactorNeeded
from accounts.roles import Party
from accounts.viewer import Viewer, viewer_of
from measures.pages import Place, frame, place_of
from measures.policies import check_may, is_allowed
from measures.quarters import Quarter
from measures.rights import WRITE_PANE, Act

from . import drafting
from .forms import RestoreForm
from .history import History, Shown, check_own
from .models import Pane
from .panes import NOUN, other_name, pane_at
from .sanitising import TooLarge

# More digits than a row's number has.
NUMBER = re.compile(r"[0-9]{1,18}", re.ASCII)
ALONE = "none"


def pane_history(request: HttpRequest, contract: str, quarter: Quarter, measure: str, party: str) -> HttpResponse:
    """`version` is the one looked at, the first of the page unless chosen; `with` what it is compared with, "none" for
    nothing."""
    place, pane = _own_pane(request, contract, quarter, measure, party)
    history = _history(place.viewer, pane)
    versions = history.page(request.GET.get("page", "1"))
    context = _frame(place, history) | {
        "versions": versions,
        "shown": _shown(request, history, versions),
        "page_query": _page_query(versions),
        "may_restore": is_allowed(WRITE_PANE[Party(party)], place.viewer, place.cycle),
    }
    return render(request, "commentary/history.html", context)


def restore(request: HttpRequest, contract: str, quarter: Quarter, measure: str, party: str) -> HttpResponse:
    """`source` is the version to bring back: a GET asks, a POST does it."""
    viewer = viewer_of(request.user, contract)
    pane = pane_at(viewer, quarter, measure, party)
    check_may(WRITE_PANE[Party(party)], viewer, pane.cycle)
    history_page = redirect("pane-history", contract, quarter, measure, party)
    if request.method != "POST":
        source = request.GET.get("source")
        return _question(request, viewer, pane, _number(source)) if source else history_page
    form = RestoreForm(request.POST)
    if not form.is_valid():
        messages.error(request, "Nothing was restored: the page did not say which text. Choose one from the history.")
        return history_page
    version = form.cleaned_data["version"]
    try:
        held = drafting.restore(
            by=viewer, pane=pane, source=form.cleaned_data["source"], version=version, now=timezone.now()
        )
    except TooLarge as error:
        messages.error(request, f"Nothing was restored. {error}")
    else:
        _say(request, held, version, other_name(viewer, party))
    return redirect("measure", contract, quarter, measure)


def _question(request: HttpRequest, viewer: Viewer, pane: Pane, source: int) -> HttpResponse:
    history = _history(viewer, pane)
    context = _frame(Place(viewer, pane.cycle, ()), history) | {"version": history.one(source)}
    return render(request, "commentary/history_restore.html", context)


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
    except SecondFactorNeeded:
        # Says what to do, and nothing of the pane.
        raise
    except Denied:
        raise NotKnown() from None
    return place, check_own(place.viewer, pane_at(place.viewer, quarter, measure, party))


def _history(viewer: Viewer, pane: Pane) -> History:
    return History(pane, other_name(viewer, pane.party), timezone.now())


def _frame(place: Place, history: History) -> dict:
    """What both pages say of the pane."""
    pane = history.pane
    heading = f"{place.viewer.organisation_name} {NOUN[Party(pane.party)]}"
    return frame(place, "") | {"pane": pane, "heading": heading, "other_name": history.other_name}


def _shown(request: HttpRequest, history: History, versions: Page) -> Shown | None:
    """None where nothing was written yet."""
    chosen, compared = request.GET.get("version"), request.GET.get("with")
    if not chosen and not versions:
        return None
    version = history.one(_number(chosen)) if chosen else versions[0]
    is_alone = compared == ALONE
    if compared and not is_alone:
        before = history.one(_number(compared))
    else:
        before = None if is_alone else history.before(version)
    return history.look_at(version, before, versions, is_alone=is_alone)


def _page_query(versions: Page) -> str:
    """What keeps a link on the page of the list that is open."""
    return f"&{urlencode({'page': versions.number})}" if versions.number > 1 else ""


def _number(text: str) -> int:
    if not NUMBER.fullmatch(text):
        raise NotKnown()
    return int(text)
