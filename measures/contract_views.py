"""The set-up page of one contract: how far it is, what is set, and changing that."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from accounts.confirming import check_confirmed
from accounts.contract_forms import ContractForm, differences
from accounts.denial import Invalid, Stale
from accounts.models import Organisation
from accounts.roles import Party
from accounts.set_up_pages import form_page, typed, version_in, with_version
from accounts.viewer import Viewer, viewer_of

from .committee import committee_dates
from .contract_changes import STALE, change_contract, facts_of, fixed_because
from .contract_progress import progress
from .pages import contract_frame
from .policies import check_standing
from .rights import Act


def writer(request: HttpRequest, contract: str) -> Viewer:
    viewer = viewer_of(request.user, contract)
    check_standing(Act.SET_UP, viewer)
    return viewer


def crumbs(viewer: Viewer) -> list[tuple[str, str]]:
    return [("Set-up", reverse("contract-set-up", kwargs={"contract": viewer.contract.slug}))]


def contract_set_up(request: HttpRequest, contract: str) -> HttpResponse:
    viewer = writer(request, contract)
    context = {
        **contract_frame(viewer, "contract-set-up"),
        "viewer": viewer,
        "progress": progress(viewer.contract),
        "dates": committee_dates(viewer.contract),
    }
    return render(request, "measures/contract_set_up.html", context)


def contract_change(request: HttpRequest, contract: str) -> HttpResponse:
    viewer = writer(request, contract)
    sent = typed(request)
    form = _form(viewer, sent, sent.get("version", 0) if sent is not None else viewer.contract.version)
    form.helper.form_action = request.path
    if request.method == "POST" and form.is_valid():
        if viewer.contract.requires_second_factor and not form.settings.requires_second_factor:
            check_confirmed(request)
        try:
            made = change_contract(
                by=viewer,
                version=version_in(request),
                settings=form.settings,
                now=timezone.now(),
                **form.sides,
            )
        except Invalid as invalid:
            form.tell(invalid)
        except Stale:
            return _conflict(request, form, contract)
        else:
            messages.success(request, f"{made.title} was saved.")
            return redirect("contract-set-up", contract=made.slug)
    return _page(request, viewer, form)


def _form(viewer: Viewer, data, version: object) -> ContractForm:
    held = viewer.contract
    organisations = Organisation.objects.all()
    return ContractForm(data, organisations=organisations, held=held, fixed=fixed_because(held), version=version)


def _conflict(request: HttpRequest, sent: ContractForm, contract: str) -> HttpResponse:
    """What is held now beside what was typed."""
    viewer = writer(request, contract)
    sides = {name: side.name for name, side in sent.sides.items()}
    found = differences(sent, facts_of(viewer.contract), {**vars(sent.settings), **sides})
    version = viewer.contract.version
    form = _form(viewer, with_version(request, version), version)
    return _page(request, viewer, form, conflict=found)


def _page(request: HttpRequest, viewer: Viewer, form: ContractForm, *, conflict: list | None = None) -> HttpResponse:
    held = viewer.contract
    kept = [("Address", held.slug), *((p.value.capitalize(), held.organisation(p).name) for p in Party)]
    context = {
        **contract_frame(viewer, "contract-set-up"),
        "eyebrow": held.title,
        "heading": "Change the contract",
        "crumbs": crumbs(viewer),
        "back": crumbs(viewer)[0][1],
        "lead": "The audit trail keeps what changes. New due dates are for quarters opened from now on, the other "
        "settings for every quarter.",
        "kept": kept if form.fixed else [],
        "kept_because": form.fixed,
    }
    return form_page(request, context, form, title="contract", stale=STALE, conflict=conflict)
