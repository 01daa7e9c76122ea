"""The forms of an event: recording one, and withdrawing it."""

from __future__ import annotations

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout, Row, Submit
from django import forms

from accounts.house_forms import TOO_LONG

from .event_entries import (
    EFFECTS,
    KIND_WORDS,
    LONGEST_REASON,
    LONGEST_TEXT,
    NO_REASON,
    NO_TEXT,
    EventEntry,
    Span,
    problems,
)
from .forms import reason_field
from .quarters import Month, Quarter
from .terms import EventKind

DAYS = ["%Y-%m-%d", "%d/%m/%Y", "%d %B %Y", "%d %b %Y"]


class EventForm(forms.Form):
    """`.entry` after `is_valid()`. A note takes the day, the others the period; what the other box holds is let be."""

    use_required_attribute = False

    kind = forms.ChoiceField(
        label="What kind of event",
        choices=[(kind.value, f"{KIND_WORDS[kind]}:\n{EFFECTS[kind]}") for kind in EventKind],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what kind of event this is.", "invalid_choice": "Choose from the list."},
    )
    day = forms.DateField(
        label="Day, for a note",
        required=False,
        input_formats=DAYS,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": "Enter a day such as 14/8/2018."},
    )
    period = forms.ChoiceField(required=False, error_messages={"invalid_choice": "Choose from the list."})
    text = forms.CharField(
        label="What happened",
        max_length=LONGEST_TEXT,
        help_text=f"Stands on the chart: a few words, {LONGEST_TEXT} characters at most. Name no child.",
        error_messages={"required": NO_TEXT, "max_length": TOO_LONG},
    )
    reason = reason_field(
        "Reason", "Why it belongs on the chart. Both parties read it.", longest=LONGEST_REASON, asked=NO_REASON
    )

    def __init__(self, data=None, *, span: Span) -> None:
        super().__init__(data)
        self.span = span
        for name in ("text", "reason"):
            # What is too long stays in the field to be shortened; the browser would cut it without a word.
            self.fields[name].widget.attrs.pop("maxlength", None)
        self.fields["day"].widget.attrs |= {"min": span.first.start.isoformat(), "max": span.latest.isoformat()}
        period = self.fields["period"]
        period.label = f"First {span.frequency}, for a break or a rebase"
        period.choices = [("", "Choose"), *((each.code, _label(each)) for each in span.periods)]
        for name in ("day", "period"):
            # Which of the two is asked depends on the kind.
            self.fields[name].offers_none = True
        self.helper = FormHelper()
        self.helper.layout = Layout("kind", Row("day", "period", css_class="when"), "text", "reason")
        self.helper.form_error_title = "The event was not recorded"
        self.helper.add_input(Submit("", "Record event"))

    @property
    def place(self) -> str:
        """The field that says where the event stands."""
        return "day" if self.cleaned_data.get("kind") == EventKind.NOTE else "period"

    def clean(self) -> dict:
        cleaned = super().clean()
        if "kind" not in cleaned:
            return cleaned
        # What is wrong in the box that this kind does not ask for.
        self.errors.pop("period" if self.place == "day" else "day", None)
        if not cleaned.get(self.place) and self.place not in self.errors:
            note = "Enter the day of the note, such as 14/8/2018."
            self.add_error(
                self.place, note if self.place == "day" else f"Choose the {self.span.frequency} it starts with."
            )
        if not self.errors:
            self.tell(problems(self.entry, self.span))
        return cleaned

    def tell(self, errors: dict[str, str]) -> None:
        """Messages by the names of `problems`."""
        for name, message in errors.items():
            self.add_error(self.place if name == "at" else name, message)

    @property
    def entry(self) -> EventEntry:
        found = self.cleaned_data
        at = found["day"] if self.place == "day" else self._periods[found["period"]].start
        return EventEntry(at, EventKind(found["kind"]), found["text"], found["reason"])

    @property
    def _periods(self) -> dict[str, Quarter | Month]:
        return {period.code: period for period in self.span.periods}


def _label(period: Quarter | Month) -> str:
    return f"{period.label}, {period.words}" if isinstance(period, Quarter) else period.label


class WithdrawForm(forms.Form):
    use_required_attribute = False

    reason = reason_field(
        "Why it is withdrawn", "Both parties read it, beside the event.", longest=LONGEST_REASON, asked=NO_REASON
    )

    def __init__(self, data=None) -> None:
        super().__init__(data)
        self.fields["reason"].widget.attrs.pop("maxlength", None)
        self.helper = FormHelper()
        self.helper.form_error_title = "The event was not withdrawn"
        self.helper.add_input(Submit("", "Withdraw event"))
