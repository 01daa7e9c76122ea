"""Saving a pane from the editor, and releasing and withdrawing it."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from accounts.denial import Denied, NotKnown
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
from .sanitising import TooLarge, shown
from .times import clock


@require_POST
def save(request: HttpRequest, contract: str, quarter: Quarter, measure: str, party: str) -> JsonResponse:
    """For the editor's script: every answer is JSON and none loses what was typed."""
    try:
        viewer, pane = find(request, contract, quarter, measure, party)
        check_may(WRITE_PANE[Party(party)], viewer, pane.cycle)
        version = version_in(request)
        saved = drafting.save(
            by=viewer, pane=pane, text=request.POST.get("text", ""), version=version, now=timezone.now()
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


@require_POST
def release(request: HttpRequest, contract: str, quarter: Quarter, measure: str, party: str) -> HttpResponse:
    viewer, pane = find(request, contract, quarter, measure, party)
    check_may(RELEASE_PANE[Party(party)], viewer, pane.cycle)
    try:
        version = version_in(request)
        asked = releasing.question(pane, version, seen_in(request))
        if asked:
            return release_check(request, viewer, pane, asked)
        drafting.release(by=viewer, pane=pane, version=version, now=timezone.now())
    except Invalid as error:
        messages.error(request, str(error))
    else:
        other = viewer.contract.organisation(Party(party).other).short_name
        messages.success(request, f"Released. {other} can read the text now.")
    return redirect("measure", contract, quarter, measure)


def release_check(request: HttpRequest, viewer: Viewer, pane: Pane, asked: releasing.Question) -> HttpResponse:
    """What may tell who a child is, quoted, before anything is released."""
    other = viewer.contract.organisation(Party(pane.party).other).short_name
    context = frame(Place(viewer, pane.cycle, ()), "") | {"pane": pane, "asked": asked, "other_name": other}
    return render(request, "commentary/release_check.html", context)


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
        other = viewer.contract.organisation(Party(party).other).short_name
        messages.success(request, f"Withdrawn. {other} can no longer read the text; your draft is unchanged.")
    return redirect("measure", contract, quarter, measure)


def find(request: HttpRequest, contract: str, quarter: Quarter, measure: str, party: str) -> tuple[Viewer, Pane]:
    """The pane and the person's standing. NotKnown unless all of the address fits together."""
    viewer = viewer_of(request.user, contract)
    pane = (
        Pane.objects.select_related("cycle")
        .filter(
            cycle__contract=viewer.contract,
            cycle__quarter=quarter,
            measure__contract=viewer.contract,
            measure__slug=measure,
            party=party,
        )
        .first()
    )
    if pane is None:
        raise NotKnown()
    return viewer, pane


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
        "compared": {"mine": compared.new, "theirs": compared.old},
        "together": together(theirs, mine),
    }


def as_json(pane: Pane) -> dict:
    saved = clock(pane.saved_at, timezone.now()) if pane.saved_at else ""
    return {"version": pane.version, "saved": saved, "html": pane.draft}
