"""The pages of everybody and of one person, for administrators."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from . import credentials, invitations, inviting, people
from .confirming import check_confirmed
from .denial import Denied, Invalid, NotKnown, Stale
from .paging import part_of, searched
from .people_forms import AdministratorForm, PersonForm
from .people_list import PersonLine, Standing, everybody, is_connected, lines
from .set_up_pages import check_reader, frame, typed, version_in, with_version

DONE = {
    "deactivate": "{name} is deactivated, and signed out everywhere at their next click.",
    "reactivate": "{name} may sign in again.",
    "make-administrator": "{name} is an administrator now.",
    "end-administrator": "{name} is no administrator any more.",
    "sign-out": "{name} is signed out everywhere at their next click.",
    "remove-second-factor": "{name} signs in without a second factor until they set one up again.",
    "disconnect": "{name} is no longer signed in by their organisation, and is signed out at their next click.",
}
# Beside what was done, where it leaves somebody no way in.
WITHOUT_PASSWORD = " They have no password here: make them a link, and pass it on."
CLOSING = ("make-administrator", "disconnect")
NOTHING = "There was nothing to take away from {name} any more."
# What each act makes of somebody; one that is not named stays.
STANDINGS = {
    "deactivate": {"is_active": False},
    "reactivate": {"is_active": True},
    "make-administrator": {"is_staff": True},
    "end-administrator": {"is_staff": False},
}
# What can be done twice without harm, to anybody but oneself.
WITHOUT_VERSION = {
    "remove-second-factor": credentials.remove_second_factor,
    "disconnect": credentials.disconnect,
}


def people_list(request: HttpRequest) -> HttpResponse:
    context = frame(request, "people")
    text = searched(request)
    part = part_of(request, everybody(text), text)
    shown = {"text": text, "part": part, "people": lines(part.rows, now=timezone.now())}
    return render(request, "accounts/people.html", {**context, **shown})


def person(request: HttpRequest, person: int) -> HttpResponse:
    line = _held(request, person)
    form = PersonForm(typed(request), user=line.user, version=request.POST.get("version", line.user.version))
    if request.method == "POST" and form.is_valid():
        check_confirmed(request)
        try:
            facts = {"version": version_in(request), "now": timezone.now(), **form.cleaned_data}
            changed = people.change_user(by=request.user, user=line.user, **facts)
        except Invalid as invalid:
            form.tell(invalid)
        except Stale as stale:
            return _conflict(request, person, stale.sentence)
        else:
            messages.success(request, f"{changed.name} was saved.")
            if changed.email != line.user.email:
                inviting.tell_of_act(request, changed, "address", old_email=line.user.email)
            return redirect("person", person=person)
    return _page(request, line, form, status=422 if form.errors else 200)


def person_act(request: HttpRequest, person: int) -> HttpResponse:
    """One of the buttons of the page."""
    line = _held(request, person)
    act = request.POST.get("act", "")
    if act not in DONE:
        raise NotKnown()
    if act in WITHOUT_VERSION:
        _check_other(request, line)
    check_confirmed(request)
    try:
        is_done = _do(request, line, act)
    except Stale as stale:
        return _conflict(request, person, stale.sentence)
    if is_done:
        more = WITHOUT_PASSWORD if act in CLOSING and not line.user.has_usable_password() else ""
        messages.success(request, DONE[act].format(name=line.user.name) + more)
        inviting.tell_of_act(request, line.user, act)
    else:
        messages.info(request, NOTHING.format(name=line.user.name))
    return redirect("person", person=person)


def _do(request: HttpRequest, line: PersonLine, act: str) -> bool:
    """False where there was nothing to do."""
    who = {"by": request.user, "user": line.user}
    if act in WITHOUT_VERSION:
        return WITHOUT_VERSION[act](**who, now=timezone.now())
    if act == "sign-out":
        people.end_sessions(**who)
    else:
        held = {"is_staff": line.user.is_staff, "is_active": line.user.is_active}
        facts = {"version": version_in(request), "now": timezone.now(), **held, **STANDINGS[act]}
        people.change_standing(**who, **facts)
    return True


def person_invitation(request: HttpRequest, person: int) -> HttpResponse:
    """The link that may be followed now, to be passed on; a POST makes a new one."""
    line = _held(request, person)
    _check_other(request, line)
    check_confirmed(request)
    if request.method == "POST":
        user = invitations.make_link(by=request.user, user=line.user, now=timezone.now())
        inviting.tell_of_link(request, user)
        return redirect("person-invitation", person=person)
    link = invitations.link_of(line.user, now=timezone.now())
    shown = {"line": line, "link": link, "address": inviting.address_of(request, link) if link else ""}
    return render(request, "accounts/people_link.html", {**frame(request, "people"), **shown})


def administrator_add(request: HttpRequest) -> HttpResponse:
    context = frame(request, "people")
    form = AdministratorForm(typed(request))
    if request.method == "POST" and form.is_valid():
        check_confirmed(request)
        try:
            made = invitations.invite_administrator(by=request.user, now=timezone.now(), **form.cleaned_data)
        except Invalid as invalid:
            form.tell(invalid)
        else:
            inviting.tell_of_link(request, made)
            return redirect("person-invitation", person=made.pk)
    status = 422 if form.errors else 200
    return render(request, "accounts/people_administrator.html", {**context, "form": form}, status=status)


def _held(request: HttpRequest, number: int) -> PersonLine:
    check_reader(request)
    user = everybody().filter(pk=number).first()
    if user is None:
        raise NotKnown()
    return lines([user], now=timezone.now())[0]


def _check_other(request: HttpRequest, line: PersonLine) -> None:
    if request.user.pk == line.user.pk:
        raise Denied(people.OWN_CREDENTIALS)


def _conflict(request: HttpRequest, number: int, sentence: str) -> HttpResponse:
    """What is held now, above what was typed; the form carries the new version, so that saving again is a choice."""
    line = _held(request, number)
    data = with_version(request, line.user.version) if "name" in request.POST else None
    form = PersonForm(data, user=line.user, version=line.user.version)
    return _page(request, line, form, stale=sentence, status=409)


def _page(request: HttpRequest, line: PersonLine, form: PersonForm, *, stale: str = "", status: int) -> HttpResponse:
    shown = {
        "line": line,
        "form": form,
        "stale": stale,
        "why_not": _why_not(request, line),
        "is_own": request.user.pk == line.user.pk,
        "own_credentials": people.OWN_CREDENTIALS,
        "is_deactivated": line.standing is Standing.DEACTIVATED,
        "is_connected": is_connected(line.user),
    }
    return render(request, "accounts/people_person.html", {**frame(request, "people"), **shown}, status=status)


def _why_not(request: HttpRequest, line: PersonLine) -> str:
    """Why the standing cannot be changed from this page; empty where it can."""
    if request.user.pk == line.user.pk:
        return people.OWN_STANDING
    try:
        people.check_standing(line.user, is_staff=line.user.is_staff, is_active=False)
    except Denied as denied:
        return denied.sentence
    return ""
