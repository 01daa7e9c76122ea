"""The set-up pages that hang below no contract: the list of contracts, a new one, organisations."""

from __future__ import annotations

from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from . import paging
from .contract_forms import ContractForm, OrganisationForm, differences
from .contracts import make_contract
from .denial import Invalid, NotKnown, Stale
from .models import Contract, Organisation
from .organisations import STALE, change_organisation, create_organisation
from .set_up_pages import form_page, frame, typed, version_in, with_version

IN_CONTRACT = (
    "title",
    "slug",
    "commissioner__name",
    "commissioner__short_name",
    "provider__name",
    "provider__short_name",
)
IN_ORGANISATION = ("name", "short_name")


def set_up(request: HttpRequest) -> HttpResponse:
    context = frame(request, "set-up")
    rows = Contract.objects.select_related("commissioner", "provider")
    text = paging.searched(request)
    part = paging.part_of(request, _filtered(rows, IN_CONTRACT, text), text)
    return render(request, "accounts/set_up.html", {**context, "part": part, "text": text})


def organisations(request: HttpRequest) -> HttpResponse:
    context = frame(request, "organisations")
    text = paging.searched(request)
    part = paging.part_of(request, _filtered(Organisation.objects.all(), IN_ORGANISATION, text), text)
    shown = {"part": part, "lines": _with_contracts(part.rows), "text": text}
    return render(request, "accounts/organisations.html", {**context, **shown})


def _filtered(rows, fields: tuple[str, ...], text: str):
    found = Q()
    for field in fields if text else ():
        found |= Q(**{f"{field}__icontains": text})
    return rows.filter(found)


def _with_contracts(rows: list[Organisation]) -> list[tuple[Organisation, list[Contract]]]:
    """Each organisation with the contracts that it is a party of: one query."""
    parties = Contract.objects.filter(Q(commissioner__in=rows) | Q(provider__in=rows)).only(
        "slug", "title", "commissioner_id", "provider_id"
    )
    found: dict[int, list[Contract]] = {one.pk: [] for one in rows}
    for contract in parties:
        for pk in (contract.commissioner_id, contract.provider_id):
            if pk in found:
                found[pk].append(contract)
    return [(one, found[one.pk]) for one in rows]


def organisation_add(request: HttpRequest) -> HttpResponse:
    context = frame(request, "organisations")
    form = OrganisationForm(typed(request))
    if request.method == "POST" and form.is_valid():
        try:
            made = create_organisation(by=request.user, **form.cleaned_data)
        except Invalid as invalid:
            form.tell(invalid)
        else:
            messages.success(request, f"{made.name} ({made.short_name}) was added.")
            return redirect("organisations")
    return _organisation_page(request, context, form)


def organisation_change(request: HttpRequest, organisation: int) -> HttpResponse:
    context = frame(request, "organisations")
    held = _organisation(organisation)
    sent = typed(request)
    form = OrganisationForm(sent, held=held, version=sent.get("version", 0) if sent is not None else held.version)
    if request.method == "POST" and form.is_valid():
        try:
            made = change_organisation(
                by=request.user,
                organisation=held,
                version=version_in(request),
                now=timezone.now(),
                **form.cleaned_data,
            )
        except Invalid as invalid:
            form.tell(invalid)
        except Stale:
            held = _organisation(organisation)
            found = differences(form, {"name": held.name, "short_name": held.short_name}, form.cleaned_data)
            form = OrganisationForm(with_version(request, held.version), held=held, version=held.version)
            return _organisation_page(request, context, form, held=held, conflict=found)
        else:
            messages.success(request, f"{made.name} ({made.short_name}) was saved.")
            return redirect("organisations")
    return _organisation_page(request, context, form, held=held)


def _organisation(pk: int) -> Organisation:
    row = Organisation.objects.filter(pk=pk).first()
    if row is None:
        raise NotKnown()
    return row


def _organisation_page(
    request: HttpRequest, context: dict, form: OrganisationForm, *, held: Organisation | None = None, conflict=None
) -> HttpResponse:
    said = {
        "heading": "Change an organisation" if held else "Add an organisation",
        "aside": held.name if held else "",
        "crumbs": [("Set-up", reverse("set-up")), ("Organisations", reverse("organisations"))],
        "back": reverse("organisations"),
        "lead": "The new name stands on every page of its contracts from now on, also on those of past quarters."
        if held
        else "",
    }
    return form_page(request, {**context, **said}, form, conflict=conflict, title="organisation", stale=STALE)


def contract_add(request: HttpRequest) -> HttpResponse:
    context = frame(request, "set-up")
    form = ContractForm(typed(request), organisations=Organisation.objects.all())
    if request.method == "POST" and form.is_valid():
        try:
            made = make_contract(by=request.user, settings=form.settings, now=timezone.now(), **form.sides)
        except Invalid as invalid:
            form.tell(invalid)
        else:
            messages.success(request, f"{made.title} was made. Go on with its measures.")
            return redirect("contract-set-up", contract=made.slug)
    said = {
        "heading": "Make a contract",
        "crumbs": [("Set-up", reverse("set-up"))],
        "back": reverse("set-up"),
        "lead": "A contract is between two organisations: one commissions and pays, the other provides. Its measures "
        "and people come next. The financial year of every contract starts in April.",
    }
    return form_page(request, {**context, **said}, form, title="contract")
