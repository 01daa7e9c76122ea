"""Your account: who one is here, and what one signs in with."""

from __future__ import annotations

from allauth.socialaccount.models import SocialAccount
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from . import people, second_factor
from .backend import takes_password
from .own_session import stay_signed_in
from .viewer import is_administrator, viewers_of


def account(request: HttpRequest) -> HttpResponse:
    user = request.user
    connected = SocialAccount.objects.filter(user_id=user.pk, provider=settings.OIDC_ISSUER).first()
    context = {
        "viewers": [] if is_administrator(user) else viewers_of(user),
        "factor": second_factor.held_by(user).get("totp"),
        "organisation": settings.OIDC_NAME if settings.OIDC_ISSUER and not is_administrator(user) else "",
        "connected": connected,
        "has_password": user.has_usable_password(),
        "takes_password": user.has_usable_password() and takes_password(user),
    }
    return render(request, "account/account.html", context)


def sign_out_everywhere(request: HttpRequest) -> HttpResponse:
    """Everywhere but here."""
    people.end_sessions(by=request.user, user=request.user)
    stay_signed_in(request)
    messages.success(request, "You are signed out everywhere else.")
    return redirect("account")
