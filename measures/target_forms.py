"""The forms of a target: proposing one, refusing, asking that one be withdrawn."""

from __future__ import annotations

from crispy_forms.bootstrap import AppendedText
from crispy_forms.helper import FormHelper
from crispy_forms.layout import Field, Hidden, Layout, Row, Submit
from django import forms

from .forms import FigureField, reason_field
from .models import Series
from .numbers import Unit
from .quarters import Quarter
from .readings import UNIT_WORDS
from .target_entries import LONGEST_REASON, NO_REASON, Ground, TargetEntry, problems

HINT = "Both parties read it, and it stays beside the target."


class TargetForm(forms.Form):
    """`.entry` after `is_valid()`. Previewed, no reason is asked yet."""

    use_required_attribute = False

    from_quarter = forms.ChoiceField(
        label="From which quarter on",
        error_messages={
            "required": "Choose the quarter that it starts with.",
            "invalid_choice": "Choose a quarter from the list.",
        },
    )
    target = FigureField()
    tolerance = FigureField(required=False)
    reason = reason_field("Reason for the change", HINT, longest=LONGEST_REASON, asked=NO_REASON)

    def __init__(self, data=None, *, series: Series, ground: Ground, now: Quarter, other: str) -> None:
        """`other` is the party that will have to agree, by its short name."""
        super().__init__(data)
        self.ground = ground
        self.is_preview = data is not None and "propose" not in data
        self.fields["reason"].widget.attrs.pop("maxlength", None)
        self.fields["reason"].required = not self.is_preview
        # Whatever may be asked of it, the field looks the same.
        self.fields["reason"].offers_none = True
        for name in ("target", "tolerance"):
            self.fields[name].percent = series.unit == Unit.PERCENT
        quarters = ground.offered(now)
        self.fields["from_quarter"].choices = [(one.code, f"{one.label}, {one.words}") for one in quarters]
        self.helper = self._helper(series, other)

    def _helper(self, series: Series, other: str) -> FormHelper:
        unit = UNIT_WORDS[Unit(series.unit)]
        figures = [AppendedText(name, unit) if unit else Field(name) for name in ("target", "tolerance")]
        helper = FormHelper()
        helper.form_action = f"?series={series.pk}"
        helper.layout = Layout("from_quarter", Row(*figures), "reason")
        helper.form_error_title = "There is a problem" if self.is_preview else "Nothing was proposed"
        # The first is what the Enter key presses.
        helper.add_input(Submit("preview", "Show what it changes", css_class="secondary"))
        helper.add_input(Submit("propose", f"Propose to {other}"))
        return helper

    def clean(self) -> dict:
        cleaned = super().clean()
        if "from_quarter" in cleaned:
            found = problems(self.entry, self.ground)
            if self.is_preview:
                found.pop("reason", None)
            # What cannot be read at all is told already.
            self.tell({name: message for name, message in found.items() if name not in self.errors})
        return cleaned

    def tell(self, errors: dict[str, str]) -> None:
        for name, message in errors.items():
            self.add_error(name, message)

    @property
    def entry(self) -> TargetEntry:
        found = self.cleaned_data
        quarter = Quarter.parse(found["from_quarter"])
        return TargetEntry(quarter, found.get("target"), found.get("tolerance"), found.get("reason", ""))


class ReasonForm(forms.Form):
    """Why a proposal is refused, or a target is to be withdrawn. `shown` goes with it, hidden."""

    use_required_attribute = False

    reason = reason_field("Reason", HINT, longest=LONGEST_REASON, asked=NO_REASON)

    def __init__(self, data=None, *, button: str, failed: str, shown: dict[str, str] | None = None) -> None:
        super().__init__(data)
        self.fields["reason"].widget.attrs.pop("maxlength", None)
        self.helper = FormHelper()
        self.helper.form_error_title = failed
        for name, value in (shown or {}).items():
            self.helper.add_input(Hidden(name, value))
        self.helper.add_input(Submit("", button))
