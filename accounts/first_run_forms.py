"""Who the first administrator is."""

from __future__ import annotations

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Hidden, Layout, Submit
from django import forms
from django.contrib.auth.password_validation import validate_password

from .house_forms import TOO_LONG
from .models import User
from .people_forms import PasswordForm


class FirstAdministratorForm(PasswordForm):
    name = forms.CharField(
        label="Your name",
        max_length=120,
        help_text="As others shall read it.",
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={
            "required": "Enter your name.",
            "max_length": TOO_LONG,
        },
    )
    email = forms.EmailField(
        label="Your e-mail address",
        max_length=254,
        help_text="You sign in with it.",
        widget=forms.EmailInput(attrs={"autocomplete": "username", "spellcheck": "false"}),
        error_messages={
            "required": "Enter your e-mail address.",
            "invalid": "Enter a whole e-mail address, such as jo.hall@council.example.",
            "max_length": TOO_LONG,
        },
    )
    field_order = ["name", "email", "password", "again"]

    def __init__(self, data=None, *, key: str) -> None:
        super().__init__(data, user=User())
        self.fields["password"].help_text = " ".join(self.rules)
        self.helper = FormHelper()
        self.helper.layout = Layout("name", "email", "password", "again")
        self.helper.form_error_title = "You are not signed in yet"
        # Not the address that was opened: the key goes in the form, not in the address of the answer.
        self.helper.form_action = "?"
        self.helper.add_input(Hidden("key", key))
        self.helper.add_input(Submit("", "Become the administrator"))

    def clean_password(self) -> str:
        password = self.cleaned_data["password"]
        known = {name: self.cleaned_data.get(name, "") for name in ("email", "name")}
        validate_password(password, User(**known))
        return password
