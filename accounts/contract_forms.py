"""Forms of organisations and contracts."""

from __future__ import annotations

from collections.abc import Sequence

from crispy_forms.bootstrap import AppendedText
from crispy_forms.layout import Fieldset, Layout, Row
from django import forms

from . import contracts, organisations
from .contracts import COHORTS, LATEST_DUE, NewOrganisation, Settings, Side, settings_of
from .house_forms import TOO_LONG, HouseForm
from .models import Contract, Organisation

SIDES = ("commissioner", "provider")
NEW = "new"
CHOOSE = "Choose the organisation, or name a new one."
# Which of the two is meant, since both may be asked for together.
ASKED = {"name": "Enter the name of the {}.", "short_name": "Enter the short name of the {}, such as NBC."}


def _text(longest: int, *, hint: str, label: str = "", asked: str = "", short: bool = False) -> forms.CharField:
    return forms.CharField(
        label=label or None,
        max_length=longest,
        required=bool(asked),
        help_text=hint,
        widget=forms.TextInput(attrs={"class": "short"} if short else {}),
        error_messages={
            "required": asked,
            "max_length": TOO_LONG,
        },
    )


def _number(least: int, most: int, *, label: str, hint: str) -> forms.IntegerField:
    message = f"Enter a whole number from {least} to {most:,}."
    return forms.IntegerField(
        label=label,
        min_value=least,
        max_value=most,
        help_text=hint,
        widget=forms.TextInput(attrs={"class": "number", "inputmode": "numeric", "autocomplete": "off"}),
        error_messages=dict.fromkeys(("required", "invalid", "min_value", "max_value"), message),
    )


class OrganisationForm(HouseForm):
    name = _text(
        organisations.LONGEST["name"],
        hint="In full, as it stands on papers.",
        asked=organisations.ASKED["name"],
    )
    short_name = _text(
        organisations.LONGEST["short_name"],
        hint="For sentences and tables, such as NBC.",
        asked=organisations.ASKED["short_name"],
        short=True,
    )

    def __init__(self, data=None, *, held: Organisation | None = None, version: int = 0) -> None:
        super().__init__(data, initial={"name": held.name, "short_name": held.short_name} if held else {})
        self.dress(
            Layout("name", "short_name"),
            title="The organisation was not saved",
            action="Save" if held else "Add organisation",
            version=version,
        )


class ContractForm(HouseForm):
    """`.settings` and `.sides` after `is_valid()`. A new contract may bring new organisations; one that is held chooses
    from those that there are, and not at all where `fixed` says why not."""

    title = _text(contracts.LONGEST["title"], hint="Such as Housing repairs.", asked="Enter the title of the contract.")
    slug = _text(
        contracts.LONGEST["slug"],
        label="Address",
        hint="Stands in links, as in /c/housing-repairs/. Left empty, it is made from the title.",
    )
    commissioner = forms.ChoiceField(required=False)
    commissioner_name = _text(200, label="Name of the new commissioner", hint="")
    commissioner_short_name = _text(20, label="Its short name", hint="", short=True)
    provider = forms.ChoiceField(required=False)
    provider_name = _text(200, label="Name of the new provider", hint="")
    provider_short_name = _text(20, label="Its short name", hint="", short=True)
    values_due_days = _number(1, LATEST_DUE, label="Values are due", hint="Days after the quarter’s end.")
    commentary_due_days = _number(1, LATEST_DUE, label="Commentary is due", hint="Days after the quarter’s end.")
    small_cohort = _number(
        *COHORTS,
        label="Small cohort",
        hint="Fewer people or cases than this are called a small cohort: charts show how far chance could move them, "
        "and a sentence says how much one case moves the value. The number counts for every quarter, finished ones "
        "too. No colour depends on it.",
    )
    requires_second_factor = forms.BooleanField(
        label="Everybody signs in with a code besides the password",
        required=False,
        help_text="Whoever has none is led to set one up before seeing this contract, administrators too.",
    )

    def __init__(
        self,
        data=None,
        *,
        organisations: Sequence[Organisation],
        held: Contract | None = None,
        fixed: str = "",
        version: int = 0,
    ) -> None:
        super().__init__(data, initial=_initial(held))
        self.organisations = {str(one.pk): one for one in organisations}
        self.held, self.fixed = held, fixed
        drop = [f"{side}_{part}" for side in SIDES for part in ("name", "short_name")] if held else []
        drop += ["slug", *SIDES] if fixed else [] if organisations else SIDES
        for name in drop:
            del self.fields[name]
        for side in SIDES:
            if side in self.fields:
                self._choices(side)
            elif not held:
                self._ask(side)
        self.dress(
            self._layout(),
            title="The contract was not saved",
            action="Save" if held else "Make the contract",
            version=version,
        )

    def _choices(self, side: str) -> None:
        first = [] if self.held else [("", "Choose"), (NEW, "A new one, named below")]
        field = self.fields[side]
        field.choices = [*first, *((pk, f"{one.name} ({one.short_name})") for pk, one in self.organisations.items())]
        field.error_messages["invalid_choice"] = "Choose from the list."
        # Not to be left out, though a new name may stand in for it.
        field.offers_none = True

    def _ask(self, side: str) -> None:
        """Nothing to choose from: both are to be named."""
        for part in ASKED:
            field = self.fields[f"{side}_{part}"]
            field.required, field.error_messages["required"] = True, ASKED[part].format(side)

    def _layout(self) -> Layout:
        def there(*names: str) -> list[str]:
            return [name for name in names if name in self.fields]

        sides = []
        for side, does in (("commissioner", "pays and responds"), ("provider", "delivers and enters values")):
            new = there(f"{side}_name", f"{side}_short_name")
            if names := [*there(side), *([Row(*new)] if new else [])]:
                sides.append(Fieldset(f"The {side}, who {does}", *names))
        return Layout(
            Fieldset("The contract", *there("title", "slug")),
            *sides,
            Fieldset(
                "Due dates",
                Row(AppendedText("values_due_days", "days"), AppendedText("commentary_due_days", "days")),
            ),
            Fieldset("Thresholds and sign-in", AppendedText("small_cohort", "cases"), "requires_second_factor"),
        )

    def clean(self) -> dict:
        cleaned = super().clean()
        for side in SIDES:
            if f"{side}_name" in self.fields:
                self._clean_side(side, cleaned)
            elif side in self.fields and not cleaned.get(side) and side not in self.errors:
                self.add_error(side, "Choose the organisation.")
        return cleaned

    def _clean_side(self, side: str, cleaned: dict) -> None:
        if side not in self.fields:
            return
        chosen, name = cleaned.get(side, ""), cleaned.get(f"{side}_name", "")
        short_name = cleaned.get(f"{side}_short_name", "")
        if chosen not in ("", NEW):
            if name or short_name:
                self.add_error(side, "Choose “A new one, named below”, or empty the name below.")
        elif chosen == "" and not (name or short_name):
            if side not in self.errors:
                self.add_error(side, CHOOSE)
        else:
            for part, text in (("name", name), ("short_name", short_name)):
                field = f"{side}_{part}"
                if not text and field not in self.errors:
                    self.add_error(field, ASKED[part].format(side))

    @property
    def settings(self) -> Settings:
        """Whole, also where the address is fixed."""
        typed = {name: value for name, value in self.cleaned_data.items() if name in Settings.__dataclass_fields__}
        kept = vars(settings_of(self.held)) if self.held else {}
        return Settings(**{**kept, **typed, **self._kept_slug(typed)})

    def _kept_slug(self, typed: dict) -> dict[str, str]:
        # Emptying the address of a contract that is held leaves the one it has.
        return {"slug": self.held.slug} if self.held and not typed.get("slug") else {}

    @property
    def sides(self) -> dict[str, Side]:
        return {side: self._side(side) for side in SIDES}

    def _side(self, side: str) -> Side:
        found = self.cleaned_data
        if self.held and side not in self.fields:
            return getattr(self.held, side)
        if found.get(side) in self.organisations:
            return self.organisations[found[side]]
        return NewOrganisation(found[f"{side}_name"], found[f"{side}_short_name"])


def _initial(held: Contract | None) -> dict:
    if held is None:
        return vars(Settings(""))
    sides = {side: str(getattr(held, f"{side}_id")) for side in SIDES}
    return {**vars(settings_of(held)), **sides}


def differences(form: forms.Form, held: dict, typed: dict) -> list[tuple[str, str, str]]:
    """Rows of what, held now, typed; only what differs."""
    found = []
    for name, field in form.fields.items():
        if name in held and name in typed and held[name] != typed[name]:
            label = field.label or name.replace("_", " ").capitalize()
            found.append((label, _shown(held[name]), _shown(typed[name])))
    return found


def _shown(value: object) -> str:
    return ("Yes" if value else "No") if isinstance(value, bool) else str(value)
