"""Saving a pane from the editor, and releasing and withdrawing it."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from accounts.denial import Denied, NotKnown
from accounts.roles import Party
from accounts.viewer import Viewer, viewer_of
from measures.policies import check_may
from measures.quarters import Quarter
from measures.recording import Invalid
from measures.rights import RELEASE_PANE, WRITE_PANE

from . import drafting
from .forms import ReleasedVersionForm, VersionForm
from .models import Pane
from .sanitising import TooLarge
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
        held = {**as_json(stale.held), "by": stale.held.saved_by.name if stale.held.saved_by else ""}
        return JsonResponse({"message": stale.sentence, "held": held, "refused": stale.refused}, status=409)
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
        drafting.release(by=viewer, pane=pane, version=version_in(request), now=timezone.now())
    except Invalid as error:
        messages.error(request, str(error))
    else:
        other = viewer.contract.organisation(Party(party).other).short_name
        messages.success(request, f"Released. {other} can read the text now.")
    return redirect("measure", contract, quarter, measure)


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


def released_version_in(request: HttpRequest) -> int:
    form = ReleasedVersionForm(request.POST)
    if not form.is_valid():
        raise Invalid({"released_version": "The page did not say which text you saw released. Try again."})
    return form.cleaned_data["released_version"]


def as_json(pane: Pane) -> dict:
    saved = clock(pane.saved_at, timezone.now()) if pane.saved_at else ""
    return {"version": pane.version, "saved": saved, "html": pane.draft}
