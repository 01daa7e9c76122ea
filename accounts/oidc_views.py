"""To the sign-in of an organisation and back: signing in, connecting an account, following an invitation."""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import wraps

from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.models import Login
from allauth.account.utils import get_next_redirect_url
from allauth.core import ratelimit
from allauth.socialaccount.models import SocialAccount
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from . import credentials, invitations, oidc
from .confirming import confirmed
from .denial import Denied
from .models import User
from .own_session import stay_signed_in

SIGN_IN, CONNECT, INVITATION = "sign in", "connect", "invitation"
LINK_OVER = "The link of the invitation works no more. Ask your administrator for a new one."
NOT_CONNECTED = "No account here is connected to this sign-in."
CHANGED_PERSON = "Somebody else was signed in here when this was begun."
log = logging.getLogger(__name__)


def _set_up(view: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Where no provider is set up, there is nothing at the address."""

    @wraps(view)
    def wrapper(request: HttpRequest) -> HttpResponse:
        if not settings.OIDC_ISSUER:
            raise Http404
        return view(request)

    return wrapper


@_set_up
def sign_in(request: HttpRequest) -> HttpResponse:
    """To the provider, to sign in; from the page of an invitation, to follow that."""
    if uid := request.POST.get("invitation"):
        return _start(request, INVITATION, next_url=uid)
    if request.user.is_authenticated:
        return redirect("home")
    return _start(request, SIGN_IN, next_url=get_next_redirect_url(request) or "")


@_set_up
@confirmed
def connect(request: HttpRequest) -> HttpResponse:
    """To the provider, to let it open one's own account from now on."""
    if request.user.is_staff:
        raise Denied(credentials.ADMINISTRATORS_APART)
    if request.method != "POST":
        return render(request, "account/connect.html", {"organisation": settings.OIDC_NAME})
    return _start(request, CONNECT, person=request.user.pk)


@_set_up
@confirmed
def disconnect(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        return render(request, "account/disconnect.html", {"organisation": settings.OIDC_NAME})
    credentials.disconnect(by=request.user, user=request.user, now=timezone.now())
    stay_signed_in(request)
    messages.success(request, f"Signing in with {settings.OIDC_NAME} is disconnected.")
    return redirect("account")


@_set_up
def callback(request: HttpRequest) -> HttpResponse:
    """Back from the provider."""
    try:
        known = oidc.finish(request)
        if known.state["process"] == CONNECT:
            return _connect(request, known)
        if known.state["process"] == INVITATION:
            return _accept(request, known)
        return _sign_in(request, known)
    except oidc.Refused as refused:
        return _told(request, refused)


def _start(request: HttpRequest, process: str, **state) -> HttpResponse:
    """A page that goes on by itself: a browser would take a redirect for part of the form, which may lead nowhere
    else."""
    if too_many := ratelimit.consume_or_429(request, action="organisation_sign_in"):
        return too_many
    try:
        address = oidc.start(request, process, **state)
    except oidc.Refused as refused:
        return _told(request, refused)
    context = {"organisation": settings.OIDC_NAME, "address": address}
    return render(request, "account/organisation_going.html", context)


def _connect(request: HttpRequest, known: oidc.Known) -> HttpResponse:
    if not request.user.is_authenticated or request.user.pk != known.state["person"]:
        raise oidc.Refused(CHANGED_PERSON, "another person")
    credentials.connect(by=request.user, issuer=known.issuer, subject=known.subject)
    messages.success(request, f"You can sign in with {settings.OIDC_NAME} from now on.")
    return redirect("account")


def _accept(request: HttpRequest, known: oidc.Known) -> HttpResponse:
    """The link is in the session, as its page left it there."""
    token = request.session.get(invitations.SESSION_KEY, "")
    user = invitations.person_of(known.state["next"], token, now=timezone.now())
    if user is None:
        raise oidc.Refused(LINK_OVER, "invitation")
    credentials.accept_connected(by=user, issuer=known.issuer, subject=known.subject)
    # Whoever was signed in here, and the link.
    logout(request)
    return enter(request, user, None)


def _sign_in(request: HttpRequest, known: oidc.Known) -> HttpResponse:
    """By issuer and subject alone: what the provider says of names and addresses opens nothing."""
    held = SocialAccount.objects.filter(provider=known.issuer, uid=known.subject).select_related("user").first()
    if held is None:
        raise oidc.Refused(NOT_CONNECTED, "not connected")
    if held.user.is_staff:
        raise oidc.Refused(credentials.ADMINISTRATORS_APART, "administrator")
    return enter(request, held.user, known.state.get("next"))


def enter(request: HttpRequest, user: User, next_url: str | None) -> HttpResponse:
    record_authentication(request, user, "socialaccount", provider=settings.OIDC_ISSUER)
    return perform_login(request, Login(user=user, redirect_url=next_url))


def _told(request: HttpRequest, refused: oidc.Refused) -> HttpResponse:
    log.warning("Nobody was signed in by the provider: %s", refused.reason)
    context = {"sentence": refused.sentence, "organisation": settings.OIDC_NAME, "status": refused.status}
    return render(request, "account/organisation_refused.html", context, status=refused.status)
