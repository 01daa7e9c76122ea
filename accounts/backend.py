"""Who may be signed in at all."""

from __future__ import annotations

from allauth.account.auth_backends import AuthenticationBackend
from django.conf import settings

from .demo import DEMO_ACCOUNTS

DEMO_ADDRESSES = frozenset(account.email for account in DEMO_ACCOUNTS)


def is_closed(user) -> bool:
    """Demo people exist only in demo mode: elsewhere their known password opens nothing and their sessions end."""
    return not settings.DEMO and user.email in DEMO_ADDRESSES


def takes_password(user) -> bool:
    """Whether a password opens this account: where the organisation signs people in, administrators' alone."""
    return user.is_staff or not settings.OIDC_ONLY


class Backend(AuthenticationBackend):
    def authenticate(self, request, **credentials):
        user = super().authenticate(request, **credentials)
        if user is not None and not takes_password(user):
            return None
        return user

    def user_can_authenticate(self, user):
        return super().user_can_authenticate(user) and not is_closed(user)
