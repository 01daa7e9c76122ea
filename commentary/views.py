"""Saving a pane from the editor, and releasing and withdrawing it."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from accounts.denial import Denied
from accounts.roles import Party
from accounts.viewer import Viewer, viewer_of
from measures.pages import Place, frame
from measures.policies import check_may
from measures.quarters import Quarter
from measures.recording import Invalid
from measures.rights import RELEASE_PANE, WRITE_PANE

from . import drafting, releasing
from .differences import MINE, THEIRS, compare, together
from .forms import ReleasedVersionForm, SeenForm, VersionForm
from .models import Pane
from .panes import other_name, pane_at
from .pieces import at_level
from .sanitising import TooLarge, shown
from .times import clock, day


@require_POST
def save(request: HttpRequest, contract: str, quarter: Quarter, measure: str, party: str) -> JsonResponse:
    """For the editor's script: every answer is JSON and none loses what was typed."""
    try:
        viewer, pane = find(request, contract, quarter, measure, party)
        check_may(WRITE_PANE[Party(party)], viewer, pane.cycle)
        saved = drafting.save(
            by=viewer, pane=pane, text=text_in(request), version=version_in(request), now=timezone.now()
        )
    except drafting.StalePane as stale:
        return JsonResponse(both_texts(stale), status=409)
    except TooLarge as error:
        return JsonResponse({"message": error.sentence}, status=422)
    except Invalid as error:
        return JsonResponse({"message": str(error)}, status=422)
    except Denied as denied:
        return JsonResponse({"message": denied.sentence}, status=denied.status)
    return JsonResponse(as_json(saved))


def release(request: HttpRequest, contract: str, quarter: Quarter, measure: str, party: str) -> HttpResponse:
    """A GET is the question that stands between a POST and the release where there is something to ask."""
    viewer, pane = find(request, contract, quarter, measure, party)
    check_may(RELEASE_PANE[Party(party)], viewer, pane.cycle)
    if request.method != "POST":
        return release_check(request, viewer, pane)
    try:
        version = version_in(request)
        if releasing.question(pane, version, seen_in(request)):
            # The version alone, so that a text saved meanwhile is not released unread; nothing of what it says.
            return HttpResponseRedirect(f"{request.path}?version={version}", status=303)
        drafting.release(by=viewer, pane=pane, version=version, now=timezone.now())
    except Invalid as error:
        messages.error(request, str(error))
    else:
        other = other_name(viewer, party)
        messages.success(request, f"Released. {other} can read the text now.")
    return redirect("measure", contract, quarter, measure)


def release_check(request: HttpRequest, viewer: Viewer, pane: Pane) -> HttpResponse:
    """What may tell who a child is, quoted, before anything is released. On to the measure where nothing is asked."""
    form = VersionForm(request.GET)
    version = form.cleaned_data["version"] if form.is_valid() else pane.version
    asked = releasing.question(pane, version, "")
    if asked is None:
        if pane.version != version:
            messages.error(request, "Nothing was released. The text was changed after you opened it: read it first.")
        return redirect("measure", viewer.contract.slug, pane.cycle.quarter, pane.measure.slug)
    context = {
        "pane": pane,
        "asked": asked,
        "other_name": other_name(viewer, pane.party),
        "still_read": day(pane.released_at) if pane.released_at else "",
    }
    return render(request, "commentary/release_check.html", frame(Place(viewer, pane.cycle, ()), "") | context)


@require_POST
def withdraw(request: HttpRequest, contract: str, quarter: Quarter, measure: str, party: str) -> HttpResponse:
    viewer, pane = find(request, contract, quarter, measure, party)
    check_may(RELEASE_PANE[Party(party)], viewer, pane.cycle)
    try:
        seen = released_version_in(request)
        drafting.withdraw(by=viewer, pane=pane, released_version=seen, now=timezone.now())
    except Invalid as error:
        messages.error(request, str(error))
    else:
        other = other_name(viewer, party)
        messages.success(request, f"Withdrawn. {other} can no longer read the text; your draft is unchanged.")
    return redirect("measure", contract, quarter, measure)


def find(request: HttpRequest, contract: str, quarter: Quarter, measure: str, party: str) -> tuple[Viewer, Pane]:
    """The pane and the person's standing. NotKnown unless all of the address fits together."""
    viewer = viewer_of(request.user, contract)
    return viewer, pane_at(viewer, quarter, measure, party)


def text_in(request: HttpRequest) -> str:
    """As it was typed. Invalid where no text was sent, or a request cut short would empty the draft."""
    text = request.POST.get("text")
    if text is None:
        raise Invalid({"text": "The page did not send a text. Nothing was changed: copy your text and open it again."})
    return text


def version_in(request: HttpRequest) -> int:
    form = VersionForm(request.POST)
    if not form.is_valid():
        raise Invalid({"version": "The page did not say which text you saw. Open it again; copy your text first."})
    return form.cleaned_data["version"]


def seen_in(request: HttpRequest) -> str:
    """ "" when nothing was seen yet."""
    form = SeenForm(request.POST)
    return form.cleaned_data["seen"] if form.is_valid() else ""


def released_version_in(request: HttpRequest) -> int:
    form = ReleasedVersionForm(request.POST)
    if not form.is_valid():
        raise Invalid({"released_version": "The page did not say which text you saw released. Try again."})
    return form.cleaned_data["released_version"]


def both_texts(stale: drafting.StalePane) -> dict:
    """What was refused and what is held, each with marks where it differs from the other, and both in one."""
    held = {**as_json(stale.held), "by": stale.held.saved_by.name if stale.held.saved_by else ""}
    theirs, mine = shown(stale.held.draft), shown(stale.refused or "")
    compared = compare(theirs, mine, (THEIRS, MINE))
    return {
        "message": stale.sentence,
        "held": held,
        "refused": stale.refused,
        # Below the heading of each in the dialog.
        "compared": {"mine": at_level(compared.new, 4), "theirs": at_level(compared.old, 4), "marked": compared.marked},
        "together": together(theirs, mine),
    }


def as_json(pane: Pane) -> dict:
    saved = clock(pane.saved_at, timezone.now()) if pane.saved_at else ""
    return {"version": pane.version, "saved": saved, "html": shown(pane.draft)}
