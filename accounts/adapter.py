"""How allauth speaks and what it may open here."""

from allauth.account.adapter import DefaultAccountAdapter

from .backend import is_closed


class AccountAdapter(DefaultAccountAdapter):
    # The same words whether the address or the password is wrong, so that nobody learns which addresses are known.
    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": "The e-mail address or the password is not right.",
    }

    def is_open_for_signup(self, request):
        """Accounts are made by administrators."""
        return False

    def pre_login(self, request, user, **kwargs):
        """allauth goes on with a person whom the backend refused, to tell them that their account is closed."""
        if is_closed(user):
            return self.respond_user_inactive(request, user)
        return super().pre_login(request, user, **kwargs)
