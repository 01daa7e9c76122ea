"""The form of one period of one series."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from crispy_forms.bootstrap import AppendedText
from crispy_forms.helper import FormHelper
from crispy_forms.layout import Div, Field, Layout, Row, Submit
from django import forms
from django.core.exceptions import ValidationError

from accounts.house_forms import TOO_LONG

from .derivation import SCALES
from .entries import LONGEST_NOTE, STATUS_WORDS, Entry, Status, problems
from .entry_sheet import Cell
from .figures import parse_figure
from .grid_cells import typed_text
from .models import Series
from .numbers import Unit
from .readings import UNIT_WORDS
from .recording import bounds_of

FIGURES = ("numerator", "denominator", "value")


class FigureField(forms.CharField):
    """A number as people type it, read by `parse_figure`; the widget keeps the text."""

    percent = False

    def widget_attrs(self, widget: forms.Widget) -> dict:
        return super().widget_attrs(widget) | {"inputmode": "decimal", "autocomplete": "off", "class": "number"}

    def to_python(self, value: str | None) -> Decimal | None:
        try:
            return parse_figure(value or "", percent=self.percent)
        except ValueError as error:
            raise ValidationError(str(error)) from error

    def validate(self, value: Decimal | None) -> None:
        """Whether an empty figure may stand is for `problems` to say: it depends on the others."""

    def run_validators(self, value: Decimal | None) -> None:
        """Limits are checked in `problems`, the same for form, import and API."""


def reason_field(label: str, hint: str, *, longest: int, asked: str) -> forms.CharField:
    """Why something is done, which others will read; `asked` is said where nothing was typed."""
    return forms.CharField(
        label=label,
        max_length=longest,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=hint,
        error_messages={"required": asked, "max_length": TOO_LONG},
    )


class EntryForm(forms.Form):
    """What an analyst types for one period. `.entry` after `is_valid()`; the bounds are those of the series.

    `reason_asked` is the message where a reason is missing, empty where none is asked.
    """

    use_required_attribute = False

    period = forms.CharField(widget=forms.HiddenInput)
    version = forms.IntegerField(min_value=0, max_value=2**31 - 1, widget=forms.HiddenInput)
    numerator = FigureField()
    denominator = FigureField()
    value = FigureField()
    status = forms.ChoiceField(
        choices=[(s.value, STATUS_WORDS[s]) for s in Status],
        error_messages={"invalid_choice": "Choose a status from the list.", "required": "Choose a status."},
    )
    note = forms.CharField(
        max_length=LONGEST_NOTE,
        required=False,
        widget=forms.Textarea(attrs={"rows": 1}),
        help_text="Shown with the value. Name no child.",
        error_messages={"max_length": "Use %(limit_value)s characters or fewer; this has %(show_value)s."},
    )
    reason = forms.CharField(
        label="Reason for the change",
        max_length=LONGEST_NOTE,
        widget=forms.Textarea(attrs={"rows": 1}),
        help_text="It stays on record beside the change, for both parties to read.",
        error_messages={
            "max_length": "Use %(limit_value)s characters or fewer; this has %(show_value)s.",
        },
    )

    def __init__(self, data=None, *, series: Series, cell: Cell, reason_asked: str) -> None:
        code = cell.period.code
        super().__init__(data, auto_id=f"id_{code}_%s", initial=_initial(cell))
        self.bounds = bounds_of(series)
        for name in ("note", "reason"):
            # What is too long stays in the field to be shortened; the browser would cut it without a word.
            self.fields[name].widget.attrs.pop("maxlength")
        self.fields["value"].percent = self.bounds.unit is Unit.PERCENT
        self.fields["value"].help_text = _value_hint(series)
        if not self.bounds.takes_counts:
            del self.fields["numerator"], self.fields["denominator"]
        elif self.bounds.needs_counts:
            del self.fields["value"]
        else:
            self.fields["value"].label = "Or the value alone"
        if reason_asked:
            self.fields["reason"].error_messages["required"] = reason_asked
        else:
            del self.fields["reason"]
        self.helper = self._helper(series, cell)

    def _helper(self, series: Series, cell: Cell) -> FormHelper:
        helper = FormHelper()
        helper.attrs = {
            "data-scale": SCALES[self.bounds.unit],
            "data-decimals": series.decimals,
            "data-unit": UNIT_WORDS[self.bounds.unit],
        }
        unit = UNIT_WORDS[self.bounds.unit]
        counts = [name for name in ("numerator", "denominator") if name in self.fields]
        value = [AppendedText("value", unit) if unit else Field("value")] if "value" in self.fields else []
        reason = ["reason"] if "reason" in self.fields else []
        computed = [Div(css_class="computed", role="status")] if counts else []
        helper.layout = Layout(
            "period", "version", Row(*counts, *value, "status"), *computed, Row("note", *reason, css_class="texts")
        )
        helper.form_error_title = f"{cell.period.label} was not saved"
        helper.add_input(Submit("", f"Save {cell.period.label}", css_id=f"save_{cell.period.code}"))
        return helper

    def clean(self) -> dict:
        cleaned = super().clean()
        if not self.errors:
            for name, message in problems(self.entry, self.bounds).items():
                self.add_error(name, message)
        return cleaned

    @property
    def entry(self) -> Entry:
        found = self.cleaned_data
        figures = {name: found.get(name) for name in FIGURES}
        return Entry(**figures, status=Status(found["status"]), note=found["note"])


def typed_fields(data: Mapping[str, str]) -> list[tuple[str, str]]:
    """What was sent, as label and text, without what was left empty."""
    words = {status.value: STATUS_WORDS[status] for status in Status}
    names = [*FIGURES, "status", "note", "reason"]
    sent = {name: data.get(name, "").strip() for name in names} | {"status": words.get(data.get("status", ""), "")}
    return [(EntryForm.base_fields[name].label or name.capitalize(), sent[name]) for name in names if sent[name]]


def _initial(cell: Cell) -> dict:
    """What is held, as it would be typed: the counts, or the value alone."""
    start = {"period": cell.period.code, "version": cell.version, "status": Status.FINAL}
    row = cell.row
    if row is None:
        return start
    has_counts = row.numerator is not None
    return start | {
        "numerator": typed_text(row.numerator),
        "denominator": typed_text(row.denominator),
        "value": "" if has_counts else typed_text(row.value),
        "status": row.status,
        "note": row.note,
    }


def _value_hint(series: Series) -> str:
    """ "0 to 100, shown to 1 decimal."."""
    bounds = bounds_of(series)
    if "value" in bounds.whole:
        return "A whole number."
    shown = {0: "whole", 1: "to 1 decimal"}.get(series.decimals, f"to {series.decimals} decimals")
    start = f"0 to {typed_text(bounds.highest)}, shown" if bounds.unit is Unit.PERCENT else "Shown"
    return f"{start} {shown}."
