"""Forms about people: who they are, their role, an invitation, and the password that it asks for."""

from __future__ import annotations

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Hidden, Layout, Submit
from django import forms
from django.contrib.auth.password_validation import password_validators_help_texts, validate_password
from django.urls import reverse

from .house_forms import TOO_LONG, HouseForm
from .models import Contract, Membership, User
from .people_list import ROLES, role_choices
from .roles import Party, Role

CHOOSE = "Choose the role."


def _helper(title: str, button: str, *fields: str, **carried: object) -> FormHelper:
    """`carried`: what the page showed, in hidden fields. They are inputs of the helper: in a layout crispy would run
    them as a template."""
    helper = FormHelper()
    helper.layout = Layout(*fields)
    helper.form_error_title = title
    for name, value in carried.items():
        helper.add_input(Hidden(name, value))
    helper.add_input(Submit("", button))
    return helper


def _email(hint: str = "") -> forms.EmailField:
    return forms.EmailField(
        label="E-mail address",
        max_length=254,
        help_text=hint,
        # Somebody else's address: the browser's own would be wrong.
        widget=forms.EmailInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        error_messages={
            "required": "Enter the e-mail address that they sign in with.",
            "invalid": "Enter a whole e-mail address, such as jo.hall@council.example.",
            "max_length": TOO_LONG,
        },
    )


def _name(hint: str = "", *, required: bool = True) -> forms.CharField:
    return forms.CharField(
        label="Name",
        max_length=120,
        required=required,
        help_text=hint,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": "Enter the name as others shall read it.", "max_length": TOO_LONG},
    )


class PersonForm(HouseForm):
    """Name and address of somebody who is held."""

    name = _name()
    email = _email("They sign in with it from then on. A link that was sent ends.")

    def __init__(self, data=None, *, user: User, version: object) -> None:
        super().__init__(data, initial={"name": user.name, "email": user.email})
        self.helper = _helper("The person was not saved", "Save", "name", "email", version=version)
        self.helper.form_action = reverse("person", args=[user.pk])


class AdministratorForm(HouseForm):
    """Somebody new who administers."""

    name = _name()
    email = _email()

    def __init__(self, data=None) -> None:
        super().__init__(data)
        self.helper = _helper("Nobody was invited", "Invite", "name", "email")
        self.helper.form_action = reverse("people-administrator")


class InviteForm(HouseForm):
    """`.part` after `is_valid()`: party and role."""

    email = _email()
    name = _name("Not needed for somebody who signs in here already.", required=False)
    role = forms.ChoiceField(
        widget=forms.RadioSelect, error_messages={"required": CHOOSE, "invalid_choice": "Choose from the list."}
    )

    def __init__(self, data=None, *, contract: Contract) -> None:
        super().__init__(data)
        self.fields["role"].choices = role_choices(contract)
        self.helper = _helper("Nobody was invited", "Invite", "email", "name", "role")
        self.helper.form_action = reverse("member-invite", args=[contract.slug])

    @property
    def part(self) -> tuple[Party, Role]:
        return _part(self.cleaned_data["role"])


class RoleForm(HouseForm):
    """The roles that the member's own party has. `.part` after `is_valid()`; `seen` carries what the page showed."""

    role = forms.ChoiceField(
        widget=forms.RadioSelect, error_messages={"required": CHOOSE, "invalid_choice": "Choose from the list."}
    )

    def __init__(self, data=None, *, membership: Membership) -> None:
        held = f"{membership.party}:{membership.role}"
        super().__init__(data, initial={"role": held})
        choices = role_choices(membership.contract)
        self.fields["role"].choices = [each for each in choices if each[0].startswith(f"{membership.party}:")]
        seen = held if data is None else data.get("seen", "")
        self.helper = _helper("The role was not changed", "Change role", "role", seen=seen)

    @property
    def part(self) -> tuple[Party, Role]:
        return _part(self.cleaned_data["role"])


def _part(text: str) -> tuple[Party, Role]:
    return next(part for part in ROLES if "{}:{}".format(*part) == text)


def seen_role(text: str) -> str:
    """The role of "provider:analyst"; empty for what is none."""
    role = text.partition(":")[2]
    return role if role in set(Role) else ""


class PasswordForm(HouseForm):
    """One's own first password, or a new one, typed twice."""

    password = forms.CharField(
        label="Password",
        strip=False,
        max_length=1000,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        error_messages={"required": "Choose a password.", "max_length": TOO_LONG},
    )
    again = forms.CharField(
        label="Password again",
        strip=False,
        max_length=1000,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        error_messages={"required": "Type the password once more.", "max_length": TOO_LONG},
    )

    def __init__(self, data=None, *, user: User) -> None:
        super().__init__(data)
        self.user = user
        self.rules = password_validators_help_texts()

    def clean_password(self) -> str:
        password = self.cleaned_data["password"]
        validate_password(password, self.user)
        return password

    def clean(self) -> dict:
        found = super().clean()
        if "password" in found and "again" in found and found["password"] != found["again"]:
            self.add_error("again", "The two are not the same. Type both once more.")
        return found
