"""Forms of signing in, in the house's words."""

from __future__ import annotations

from allauth.account import forms as allauth_forms
from allauth.account.adapter import get_adapter as get_account_adapter
from allauth.core import context
from allauth.core.internal import ratelimit
from allauth.mfa.adapter import get_adapter as get_mfa_adapter
from allauth.mfa.base import forms as code_forms
from allauth.mfa.models import Authenticator
from allauth.mfa.totp import forms as totp_forms
from allauth.mfa.totp.internal.auth import validate_totp_code
from django import forms
from django.conf import settings

from . import credentials, second_factor

PASSWORD_RULES = "12 characters or more. A few words together are good; a word list, your name or your e-mail are not."


class SignInForm(allauth_forms.LoginForm):
    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields.pop("remember", None)
        _word(self.fields["login"], "E-mail address", autocomplete="username")
        _word(self.fields["password"], "Password")


class ChangePasswordForm(allauth_forms.ChangePasswordForm):
    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        _word(self.fields["oldpassword"], "Current password")
        word_new_password(self)


class AskResetForm(forms.Form):
    """Where a link for a new password goes."""

    email = forms.EmailField(
        label="E-mail address", max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "username"})
    )

    def clean_email(self) -> str:
        return self.cleaned_data["email"].lower()


class ResetForm(allauth_forms.ResetPasswordKeyForm):
    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        word_new_password(self)


class _CodeFields:
    """One box for the six digits of the telephone, or the eight of a recovery code."""

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        _word(self.fields["code"], "Code", inputmode="numeric", spellcheck="false", autocomplete="one-time-code")
        self.fields["code"].widget.attrs["class"] = "short"

    def clean_code(self) -> str:
        """allauth would forget all failures from a place after one success; here a success only counts for none."""
        tried = ratelimit.consume(
            context.request, app="allauth.account", action="login_failed", key=f"mfa-auth-user-{self.user.pk}"
        )
        if not tried:
            raise get_account_adapter().validation_error("too_many_login_attempts")
        code = second_factor.digits(self.cleaned_data["code"])
        if not (self.is_right(code) and second_factor.is_first_use(self.user, code)):
            raise get_mfa_adapter().validation_error("incorrect_code")
        tried.rollback()
        return code


class _CheckedCode(_CodeFields):
    def is_right(self, code: str) -> bool:
        for held in Authenticator.objects.filter(user=self.user):
            if held.wrap().validate_code(code):
                self.authenticator = held
                held.user = self.user
                if settings.SECRET_KEY_FALLBACKS:
                    credentials.renew_secrets(by=self.user)
                return True
        return False


class CodeForm(_CheckedCode, code_forms.AuthenticateForm):
    """While signing in."""


class ConfirmCodeForm(_CheckedCode, code_forms.ReauthenticateForm):
    """By somebody who has signed in."""


class ActivateForm(_CodeFields, totp_forms.ActivateTOTPForm):
    def is_right(self, code: str) -> bool:
        return validate_totp_code(self.secret, code)


def word_new_password(form: forms.Form) -> None:
    """The two boxes of a form by allauth that takes a new password."""
    _word(form.fields["password1"], "New password", autocomplete="new-password")
    form.fields["password1"].help_text = PASSWORD_RULES
    _word(form.fields["password2"], "New password again", autocomplete="new-password")


def _word(field, label: str, **attrs: str) -> None:
    """Our own label, no placeholder and no link to a page that is closed."""
    field.label = label
    field.help_text = ""
    field.widget.attrs.pop("placeholder", None)
    field.widget.attrs.update(attrs)
