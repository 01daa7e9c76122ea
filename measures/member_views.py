"""Who belongs to a contract and what each may do; inviting, another role, and taking somebody off."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.db.models import Case, Q, QuerySet, Value, When
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from accounts import inviting
from accounts.confirming import check_confirmed
from accounts.denial import Invalid, NotKnown, Stale
from accounts.invitations import invite as invite_person
from accounts.models import Membership
from accounts.paging import Part, part_of, searched
from accounts.people import change_role, take_off
from accounts.people_forms import InviteForm, RoleForm, seen_role
from accounts.people_list import ROLES, Standing, role_words, standing_of
from accounts.roles import Party, Role
from accounts.set_up_pages import check_reader, typed
from accounts.viewer import Viewer, viewer_of

from .pages import contract_frame
from .policies import check_standing, names_of
from .rights import RIGHTS, Act
from .rights_words import who_can_do_what

ORDER = Case(*[When(party=party, role=role, then=Value(place)) for place, (party, role) in enumerate(ROLES)])


@dataclass(frozen=True)
class Member:
    membership: Membership
    role: str
    # Empty for somebody who may sign in.
    standing: str


def contract_people(request: HttpRequest, contract: str) -> HttpResponse:
    viewer = viewer_of(request.user, contract)
    may_act = viewer.who in RIGHTS[Act.LOOK_AFTER_PEOPLE]
    text = searched(request)
    part = part_of(request, _members(viewer, text, with_closed=may_act), text)
    shown = {
        "text": text,
        "part": part,
        "groups": _by_party(viewer, part),
        "may_act": may_act,
        "rights": who_can_do_what(names_of(viewer)),
    }
    return render(request, "measures/members.html", _frame(viewer) | shown)


def invite(request: HttpRequest, contract: str) -> HttpResponse:
    viewer = _administrator(request, contract)
    form = InviteForm(typed(request), contract=viewer.contract)
    if request.method == "POST" and form.is_valid():
        check_confirmed(request)
        party, role = form.part
        facts = {"email": form.cleaned_data["email"], "name": form.cleaned_data["name"], "party": party, "role": role}
        try:
            invited = invite_person(by=viewer.user, contract=viewer.contract, now=timezone.now(), **facts)
        except Invalid as invalid:
            form.tell(invalid)
        else:
            if invited.needs_link:
                inviting.tell_of_link(request, invited.user, membership=invited.membership)
                return redirect("person-invitation", person=invited.user.pk)
            inviting.tell_of_membership(request, invited.membership)
            return redirect("contract-people", contract=contract)
    status = 422 if form.errors else 200
    return render(request, "measures/member_invite.html", _frame(viewer) | {"form": form}, status=status)


def member(request: HttpRequest, contract: str, person: int) -> HttpResponse:
    """Another role for the same party."""
    viewer = _administrator(request, contract)
    row = _held(viewer, person)
    form, stale = RoleForm(typed(request), membership=row), ""
    if request.method == "POST" and form.is_valid():
        try:
            made = change_role(by=viewer.user, membership=_seen(request, row), role=form.part[1], now=timezone.now())
        except Stale as refused:
            row = _held(viewer, person)
            form, stale = RoleForm(membership=row), refused.sentence
        else:
            messages.success(request, f"{row.user.name}: {_words(viewer, made)} from now on.")
            return redirect("contract-people", contract=contract)
    shown = {"row": row, "role": _words(viewer, row), "form": form, "stale": stale}
    status = 409 if stale else 422 if form.errors else 200
    return render(request, "measures/member.html", _frame(viewer) | shown, status=status)


def remove(request: HttpRequest, contract: str, person: int) -> HttpResponse:
    """Asked before it is done. Where somebody changed the role in between, the page asks again."""
    viewer = _administrator(request, contract)
    row, stale = _held(viewer, person), ""
    if request.method == "POST":
        try:
            take_off(by=viewer.user, membership=_seen(request, row), now=timezone.now())
        except Stale as refused:
            row, stale = _held(viewer, person), refused.sentence
        else:
            messages.success(request, f"{row.user.name} was taken off the contract.")
            return redirect("contract-people", contract=contract)
    shown = {"row": row, "role": _words(viewer, row), "stale": stale}
    return render(request, "measures/member_remove.html", _frame(viewer) | shown, status=409 if stale else 200)


def _administrator(request: HttpRequest, contract: str) -> Viewer:
    viewer = viewer_of(request.user, contract)
    check_standing(Act.LOOK_AFTER_PEOPLE, viewer)
    # A member of this contract may be one of another, which asks for more.
    check_reader(request)
    return viewer


def _frame(viewer: Viewer) -> dict:
    return {"viewer": viewer, **contract_frame(viewer, "contract-people")}


def _members(viewer: Viewer, text: str, *, with_closed: bool) -> QuerySet[Membership]:
    """By party, role and name. Colleagues do not read of those who may no longer sign in."""
    rows = (
        Membership.objects.filter(contract=viewer.contract).select_related("user").order_by(ORDER, "user__name", "pk")
    )
    if not with_closed:
        rows = rows.filter(user__is_active=True)
    found = Q(user__name__icontains=text) | (Q(user__email__icontains=text) if with_closed else Q())
    return rows.filter(found) if text else rows


def _by_party(viewer: Viewer, part: Part) -> list[tuple[str, list[Member]]]:
    """Both organisations' names with their people of this page."""
    now, found = timezone.now(), {party: [] for party in Party}
    for row in part.rows:
        standing = standing_of(row.user, now=now)
        told = "" if standing is Standing.ACTIVE else str(standing)
        found[Party(row.party)].append(Member(row, row.role.capitalize(), told))
    return [(viewer.contract.organisation(party).name, members) for party, members in found.items()]


def _held(viewer: Viewer, number: int) -> Membership:
    row = Membership.objects.filter(contract=viewer.contract, user=number).select_related("user").first()
    if row is None:
        raise NotKnown()
    row.contract = viewer.contract
    return row


def _seen(request: HttpRequest, row: Membership) -> Membership:
    """As the page showed it; the write function compares it with what is held."""
    row.role = seen_role(request.POST.get("seen", ""))
    return row


def _words(viewer: Viewer, row: Membership) -> str:
    return role_words(viewer.contract, Party(row.party), Role(row.role))
