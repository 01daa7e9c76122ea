"""A new password by mail: who may have one, the link, and the letter. What is told is the same for every address."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.core.mail import EmailMessage
from django.utils.http import base36_to_int, int_to_base36

from . import mail
from .backend import is_closed, takes_password
from .models import User

LASTS_SECONDS = 60 * 60
LETTER = """Somebody asked for a new password for {email} in perfmon.

To choose one, open this link within one hour. It works once:

{address}

If that was not you, do nothing: your password stays as it is.
"""


class Tokens(PasswordResetTokenGenerator):
    """Good for one hour and one new password; a sign-in, another address or the end of all sessions ends it too."""

    key_salt = "perfmon.reset"

    def _make_hash_value(self, user: User, timestamp: int) -> str:
        facts = (user.pk, user.password, user.last_login, user.email, user.is_active, user.sessions_ended, timestamp)
        return "|".join(str(fact) for fact in facts)

    def check_token(self, user: User, token: str) -> bool:
        if not super().check_token(user, token):
            return False
        made = base36_to_int(token.partition("-")[0])
        return self._num_seconds(self._now()) - made <= LASTS_SECONDS


TOKENS = Tokens()


def ask(email: str, address_of: Callable[[str], str]) -> bool:
    """Send a link where somebody may have one. False where mail is away, whoever asked. `address_of` makes an address
    of a link."""
    connection = mail.reach()
    if connection is None:
        return False
    user = _who_may(email)
    mail.leave(connection, _letter(user, address_of(link_of(user))) if user else None)
    return True


def link_of(user: User) -> str:
    return f"{int_to_base36(user.pk)}-{TOKENS.make_token(user)}"


def person_of(link: str) -> User | None:
    """Whose link it is; None for every link that leads nowhere, whatever the reason."""
    number, _, token = link.partition("-")
    try:
        user = User.objects.filter(pk=base36_to_int(number)).first() if len(number) < 7 else None
    except ValueError:
        return None
    return user if user and _may(user) and TOKENS.check_token(user, token) else None


def _who_may(email: str) -> User | None:
    user = User.objects.filter(email=email).first()
    return user if user and _may(user) else None


def _may(user: User) -> bool:
    """Those who sign in with a password: not the invited, who have a link of another kind."""
    return user.is_active and user.has_usable_password() and takes_password(user) and not is_closed(user)


def _letter(user: User, address: str) -> EmailMessage:
    return EmailMessage("A new password for perfmon", LETTER.format(email=user.email, address=address), to=[user.email])
