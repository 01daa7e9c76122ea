"""The form of one benchmark."""

from __future__ import annotations

import datetime

from crispy_forms.bootstrap import AppendedText
from crispy_forms.helper import FormHelper
from crispy_forms.layout import Field, Fieldset, Hidden, Layout, Row, Submit
from django import forms
from django.core.exceptions import ValidationError

from .benchmark_entries import (
    COMPARABILITY_WORDS,
    LONGEST,
    REQUIRED,
    SCOPE_WORDS,
    STATISTIC_WORDS,
    BenchmarkEntry,
    Period,
    problems,
    read_period,
)
from .forms import FigureField, typed_text
from .models import Series
from .numbers import Unit
from .readings import UNIT_WORDS
from .recording import bounds_of
from .terms import BenchmarkScope, Comparability, Statistic

DAYS = ["%Y-%m-%d", "%d/%m/%Y", "%d %B %Y", "%d %b %Y"]
NEITHER = "Neither"


class PeriodField(forms.CharField):
    def to_python(self, value: str | None) -> Period | None:
        text = super().to_python(value)
        if not text:
            return None
        try:
            return read_period(text)
        except ValueError as error:
            raise ValidationError(str(error)) from error

    def run_validators(self, value: Period | None) -> None:
        """Those of a text do not fit a period; `problems` knows what does."""


def _text(name: str, *, rows: int = 0, hint: str = "") -> forms.CharField:
    return forms.CharField(
        max_length=LONGEST[name],
        required=name in REQUIRED,
        help_text=hint,
        widget=forms.Textarea(attrs={"rows": rows}) if rows else forms.TextInput,
        error_messages={
            "required": REQUIRED.get(name, ""),
            "max_length": "Use %(limit_value)s characters or fewer; this has %(show_value)s.",
        },
    )


class BenchmarkForm(forms.Form):
    """`.entry` after `is_valid()`. The bounds of the value are those of the series."""

    use_required_attribute = False

    comparator = _text("comparator", hint="Whose figure it is, such as England.")
    period = PeriodField(
        help_text="Such as 2017/18 or Q2 2018/19.",
        error_messages={"required": "Enter the financial year or the quarter of the figure."},
    )
    value = FigureField()
    scope = forms.ChoiceField(
        label="Stands for",
        choices=[("", "Choose"), *((scope.value, SCOPE_WORDS[scope]) for scope in BenchmarkScope)],
        error_messages={"required": "Choose what the figure stands for.", "invalid_choice": "Choose from the list."},
    )
    statistic = forms.ChoiceField(
        label="Mean or median",
        required=False,
        choices=[("", NEITHER), *((one.value, STATISTIC_WORDS[one]) for one in Statistic)],
        help_text="Of statistical neighbours alone.",
        error_messages={"invalid_choice": "Choose from the list."},
    )
    comparability = forms.ChoiceField(
        label="How far it compares",
        choices=[(one.value, COMPARABILITY_WORDS[one]) for one in Comparability],
        widget=forms.RadioSelect,
        error_messages={"required": "Say how far the figure compares.", "invalid_choice": "Choose from the list."},
    )
    source = _text("source", hint="Who published it, such as DfE.")
    edition = _text("edition", hint="Such as Children in need 2018, C1.")
    published_on = forms.DateField(
        label="Published on",
        required=False,
        input_formats=DAYS,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text="The day, where it is known.",
        error_messages={"invalid": "Enter a day such as 6/12/2018."},
    )
    method = _text("method", rows=2, hint="How the figure was made, such as which neighbours.")
    note = _text("note", rows=2, hint="How it differs from this series, where it does.")

    def __init__(self, data=None, *, series: Series, today: datetime.date, entry=None, version: int = 0) -> None:
        """`entry` and `version` are what is held, None and 0 for a new one."""
        super().__init__(data, initial=_initial(entry) if entry else {})
        self.bounds, self.today = bounds_of(series), today
        for name in LONGEST:
            # What is too long stays in the field to be shortened; the browser would cut it without a word.
            self.fields[name].widget.attrs.pop("maxlength", None)
        self.fields["value"].percent = self.bounds.unit is Unit.PERCENT
        self.helper = self._helper(version)

    def _helper(self, version: int) -> FormHelper:
        unit = UNIT_WORDS[self.bounds.unit]
        helper = FormHelper()
        helper.layout = Layout(
            Fieldset(
                "The figure", Row("comparator", "period", AppendedText("value", unit) if unit else Field("value"))
            ),
            Fieldset("What it stands for", Row("scope", "statistic"), "comparability"),
            Fieldset("Where it comes from", Row("source", "edition", "published_on"), Row("method", "note")),
        )
        helper.form_error_title = "The benchmark was not saved"
        helper.add_input(Hidden("version", version))
        helper.add_input(Submit("", "Save" if version else "Add benchmark"))
        return helper

    def clean(self) -> dict:
        cleaned = super().clean()
        if cleaned.get("value") is None and "value" not in self.errors:
            self.add_error("value", "Enter the figure.")
        if not self.errors:
            for name, message in problems(self.entry, self.bounds, today=self.today).items():
                self.add_error(name, message)
        return cleaned

    @property
    def entry(self) -> BenchmarkEntry:
        found = self.cleaned_data
        statistic = Statistic(found["statistic"]) if found["statistic"] else None
        kinds = {
            "scope": BenchmarkScope(found["scope"]),
            "statistic": statistic,
            "comparability": Comparability(found["comparability"]),
        }
        return BenchmarkEntry(**{name: found[name] for name in self.base_fields} | kinds)


def _initial(entry: BenchmarkEntry) -> dict:
    kept = {name: getattr(entry, name) for name in BenchmarkForm.base_fields}
    return kept | {
        "period": entry.period.label,
        "value": typed_text(entry.value),
        "statistic": entry.statistic or "",
    }


def differences(held: BenchmarkEntry, typed: BenchmarkEntry) -> list[tuple[str, str, str]]:
    """Rows of what, held now, typed; only what differs."""
    one, other = _initial(held), _initial(typed)
    words = {"scope": SCOPE_WORDS, "statistic": {**STATISTIC_WORDS, "": NEITHER}, "comparability": COMPARABILITY_WORDS}
    found = []
    for name, field in BenchmarkForm.base_fields.items():
        if one[name] != other[name]:
            shown = [words[name][value] if name in words else _shown(value) for value in (one[name], other[name])]
            found.append((field.label or name.capitalize(), *shown))
    return found


def _shown(value: object) -> str:
    return "" if value is None else str(value)
