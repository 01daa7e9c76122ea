"""How allauth speaks and what it may open here."""

from __future__ import annotations

import requests
from allauth.account.adapter import DefaultAccountAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.contrib.auth.base_user import AbstractBaseUser

from . import credentials, second_factor
from .backend import is_closed

# To connect, and between two parts of an answer.
WAIT_SECONDS = (3, 5)


class Session(requests.Session):
    """Of an organisation's sign-in: it waits so long and no longer, and goes nowhere else than where it was sent."""

    def request(self, method, url, **kwargs) -> requests.Response:
        return super().request(method, url, **kwargs | {"timeout": WAIT_SECONDS, "allow_redirects": False})


class SocialAdapter(DefaultSocialAccountAdapter):
    def get_requests_session(self) -> Session:
        return Session()


class AccountAdapter(DefaultAccountAdapter):
    # The same words whether the address or the password is wrong, so that nobody learns which addresses are known.
    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": "The e-mail address or the password is not right.",
        "incorrect_password": "The password is not right.",
        "too_many_login_attempts": "Too many tries. Wait 15 minutes, then try again.",
    }

    def is_open_for_signup(self, request):
        """Accounts are made by administrators."""
        return False

    def pre_login(self, request, user, **kwargs):
        """allauth goes on with a person whom the backend refused, to tell them that their account is closed."""
        if is_closed(user):
            return self.respond_user_inactive(request, user)
        return super().pre_login(request, user, **kwargs)

    def set_password(self, user: AbstractBaseUser, password: str) -> None:
        credentials.set_own_password(by=user, password=password)

    def reauthenticate(self, user: AbstractBaseUser, password: str) -> bool:
        """The password of somebody who has signed in, also where passwords sign nobody in any more."""
        self.pre_authenticate(self.request, email=user.email)
        if not user.check_password(password):
            return False
        self._rollback_login_failed_rl_usage()
        return True

    def get_reauthentication_methods(self, user) -> list[dict]:
        """In our words. A code alone where somebody holds a second factor that this session did not pass."""
        words = {"reauthenticate": "Use your password", "mfa_reauthenticate": "Use a code"}
        found = [each | {"description": words[each["id"]]} for each in super().get_reauthentication_methods(user)]
        codes = [each for each in found if each["id"] == "mfa_reauthenticate"]
        return codes if codes and not second_factor.has_passed(self.request) else found
