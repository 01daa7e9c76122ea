"""Forms of signing in, in the house's words."""

from __future__ import annotations

from allauth.account import forms as allauth_forms


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
        _word(self.fields["password1"], "New password", autocomplete="new-password")
        self.fields["password1"].help_text = "12 characters or more. A few words together are good."
        _word(self.fields["password2"], "New password again")


def _word(field, label: str, **attrs: str) -> None:
    """Our own label, no placeholder and no link to a page that is closed."""
    field.label = label
    field.help_text = ""
    field.widget.attrs.pop("placeholder", None)
    field.widget.attrs.update(attrs)
