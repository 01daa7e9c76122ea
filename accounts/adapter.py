"""How allauth speaks and what it may open here."""

from allauth.account.adapter import DefaultAccountAdapter


class AccountAdapter(DefaultAccountAdapter):
    # The same words whether the address or the password is wrong, so that nobody learns which addresses are known.
    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": "The e-mail address or the password is not right.",
    }

    def is_open_for_signup(self, request):
        """Accounts are made by administrators."""
        return False
