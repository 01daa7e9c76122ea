"""Following an invitation: choose a password, and be signed in."""

from __future__ import annotations

from allauth.account.internal.flows.login import record_authentication
from allauth.account.utils import perform_login
from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache

from . import guessing, invitations
from .backend import takes_password
from .denial import Stale
from .invitations import SESSION_KEY
from .models import User
from .people_forms import PasswordForm
from .people_list import everybody, lines

# Stands in the address for the token, which the session keeps: no page that is opened from here, and nobody who looks
# over a shoulder, gets to see it.
OPENED = "open"


@never_cache
def invitation(request: HttpRequest, uid: str, token: str) -> HttpResponse:
    if refused := guessing.refusal(request):
        return refused
    now = timezone.now()
    kept = request.session.get(SESSION_KEY, "") if token == OPENED else token
    user = invitations.person_of(uid, kept, now=now)
    if user is None:
        if kept:
            guessing.count(request)
        return _nothing(request)
    if token != OPENED:
        request.session[SESSION_KEY] = token
        response = redirect("invitation", uid=uid, token=OPENED)
        # Of this answer alone: a browser that names no origin cannot send the form of the next one.
        response["Referrer-Policy"] = "no-referrer"
        return response
    form = PasswordForm(request.POST if request.method == "POST" else None, user=user)
    if request.method == "POST" and takes_password(user) and form.is_valid():
        try:
            invitations.accept(by=user, password=form.cleaned_data["password"])
        except Stale:
            return _nothing(request)
        return sign_in(request, user)
    [line] = lines(everybody().filter(pk=user.pk), now=now)
    context = {"line": line, "form": form, "until": line.link_until, "is_other": _is_other(request, user)}
    # Administrators sign in with their password alone, others perhaps with their organisation's sign-in alone.
    context["organisation"] = settings.OIDC_NAME if settings.OIDC_ISSUER and not user.is_staff else ""
    context["uid"] = uid
    context["takes_password"] = takes_password(user)
    return render(request, "accounts/invitation.html", context, status=422 if form.errors else 200)


def sign_in(request: HttpRequest, user: User) -> HttpResponse:
    """As the sign-in page does: somebody with a second factor is asked for it. The session key is new."""
    request.session.pop(SESSION_KEY, None)
    if request.user.is_authenticated:
        logout(request)
    # Whoever has just chosen a password is not asked for it once more.
    record_authentication(request, user, method="password", reauthenticated=True)
    return perform_login(request, user)


def _is_other(request: HttpRequest, user: User) -> bool:
    return request.user.is_authenticated and request.user.pk != user.pk


def _nothing(request: HttpRequest) -> HttpResponse:
    """The same for every link that leads nowhere, so that none of them tells what it was."""
    request.session.pop(SESSION_KEY, None)
    return render(request, "accounts/invitation_over.html", status=404)
