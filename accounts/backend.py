"""Who may be signed in at all."""

from allauth.account.auth_backends import AuthenticationBackend
from django.conf import settings

from .demo import DEMO_ACCOUNTS

DEMO_ADDRESSES = frozenset(account.email for account in DEMO_ACCOUNTS)


def is_closed(user) -> bool:
    """Demo people exist only in demo mode: elsewhere their known password opens nothing and their sessions end."""
    return not settings.DEMO and user.email in DEMO_ADDRESSES


class Backend(AuthenticationBackend):
    def user_can_authenticate(self, user):
        return super().user_can_authenticate(user) and not is_closed(user)
