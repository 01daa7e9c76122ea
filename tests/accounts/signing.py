"""What the tests of signing in share: one person, their telephone, a browser."""

import time
from types import SimpleNamespace

from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from django.test import Client

from accounts.models import User

PASSWORD = "four quiet green hills"
SIGN_IN, CODE = "/accounts/sign-in/", "/accounts/sign-in/code/"


def make_person(email: str = "olive@example.org", **more) -> User:
    return User.objects.create_user(email, "Olive", PASSWORD, **more)


def telephone(user: User) -> str:
    """Set up a second factor; its secret."""
    secret = generate_totp_secret()
    TOTP.activate(user, secret)
    return secret


def code(secret: str, steps: int = 0) -> str:
    """What the telephone shows now, or so many half minutes later."""
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + steps))


def sign_in(client: Client, email: str = "olive@example.org", password: str = PASSWORD, **more):
    return client.post(SIGN_IN, {"login": email, "password": password, **more})


def confirm(client: Client, then: str, password: str = PASSWORD):
    """Say once more who one is, and go on to `then`."""
    return client.post(f"/accounts/confirm/?next={then}", {"password": password, "next": then})


def confirmed(client: Client, user: User) -> Client:
    """As somebody who has just said once more who they are, without the page."""
    session = client.session
    record_authentication(SimpleNamespace(session=session), user, "password", reauthenticated=True)
    session.save()
    return client
