"""The forms of set-up for series, definitions and first targets."""

from __future__ import annotations

from collections.abc import Mapping

from django.core.exceptions import ValidationError

from .catalogue_definitions import LONGEST_REASON, NO_REASON, NO_TEXT, SAME_TEXT
from .catalogue_series import FIXED
from .holding import bounds_of
from .models import Definition, Series
from .quarters import Quarter
from .set_up_fields import (
    QUARTER_HINT,
    SeriesFields,
    SetUpForm,
    TargetFields,
    choice_field,
    plain,
    quarter_field,
    series_initial,
    text_field,
)
from .set_up_words import LONGEST_TEXT, ROLE_WORDS
from .terms import SeriesRole

ROLE = "Choose the role."
TARGET = (*("target", "tolerance"), *("target_basis", "tolerance_basis", "target_reason"))


class SeriesForm(SeriesFields):
    failed = "The series was not saved"

    role = choice_field(ROLE_WORDS, label="Role", asked=ROLE)
    code = text_field(20, asked="Enter the code.", hint="How files and the chart name it, such as E35.", short=True)
    first_quarter = quarter_field(label="First quarter", asked="Enter the first quarter.")

    field_order = ["role", "code", "name", "first_quarter"]
    series_names = ["role", "code", "first_quarter", *SeriesFields.series_names]

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].required = True
        self.fields["name"].error_messages["required"] = "Enter the name on charts and tables."
        self.fields["name"].help_text = "Such as Children looked after."


class NewSeriesForm(SeriesForm):
    """Another series of a measure; the headline is offered where there is none."""

    failed = "The series was not added"

    def __init__(self, data=None, *, first: Quarter, has_headline: bool) -> None:
        super().__init__(data, initial={"first_quarter": first}, submit="Add the series")
        offered = [role for role in SeriesRole if not (has_headline and role is SeriesRole.HEADLINE)]
        self.fields["role"].choices = [(role.value, ROLE_WORDS[role]) for role in offered]
        self.arrange(
            ("The series", ["role", ["code", "first_quarter"], "name"]),
            ("The figure", [*self.figure_rows, "definition"]),
            ("First target", self.target_rows),
        )


class ChangedSeriesForm(SeriesForm):
    """A series that is held. Where figures are held too, what says what one is stays out of it."""

    def __init__(self, data=None, *, row: Series, version: int, is_fixed: bool) -> None:
        super().__init__(data, initial=series_initial(row), version=version)
        self.kept = {name: getattr(row, name) for name in FIXED}
        if is_fixed:
            self.take_percent(row.unit)
        for name in (*TARGET, "definition", *(FIXED if is_fixed else ())):
            del self.fields[name]
        if "role" in self.fields and row.role == SeriesRole.HEADLINE:
            del self.fields["role"]
        elif "role" in self.fields:
            others = [role for role in SeriesRole if role is not SeriesRole.HEADLINE]
            self.fields["role"].choices = [(role.value, ROLE_WORDS[role]) for role in others]
        self.arrange(
            ("The series", ["role", ["code", "first_quarter"], "name"]),
            ("The figure", self.figure_rows),
        )


class NextSeriesForm(SeriesForm):
    """The series that takes another's place: when that one ends, and how this one differs."""

    failed = "No new series was started"
    last_quarter = quarter_field(
        label="Last quarter of the old series",
        asked="Enter the last quarter.",
        hint=f"{QUARTER_HINT} The new one starts in the next.",
    )

    field_order = ["last_quarter", *SeriesForm.field_order]

    def __init__(self, data=None, *, row: Series, definition: Definition | None, last: Quarter, version: int) -> None:
        initial = {**series_initial(row), "last_quarter": last, "definition": definition.text if definition else ""}
        super().__init__(data, initial=initial, version=version, submit="Start the new series")
        for name in ("role", "first_quarter"):
            del self.fields[name]
        self.arrange(
            ("When it changes", ["last_quarter"]),
            ("The new series", [["code", "name"], *self.figure_rows, "definition"]),
            ("Its first target", self.target_rows),
        )


class DefinitionForm(SetUpForm):
    """A new definition, or the wording of `held`."""

    failed = "The definition was not saved"
    from_quarter = quarter_field(label="Counts from", asked="Enter the quarter from which it counts.")
    text = text_field(LONGEST_TEXT, label="How it is counted", asked=NO_TEXT, rows=5)
    reason = text_field(
        LONGEST_REASON,
        label="Why it is counted differently",
        asked=NO_REASON,
        hint="It stands where the chart is cut.",
        rows=2,
    )

    def __init__(
        self,
        data=None,
        *,
        initial: Mapping,
        held: Definition | None = None,
        is_first: bool = False,
        submit: str = "Save",
    ) -> None:
        version, also = (held.version, {"definition": held.pk}) if held else (None, None)
        super().__init__(data, initial=dict(initial), version=version, also=also, submit=submit)
        if held:
            del self.fields["from_quarter"]
        if is_first:
            del self.fields["reason"]
        self.arrange(("", ["from_quarter", "text", "reason"]))

    def clean_text(self) -> str:
        """A new one that says what the latest says would cut the chart for nothing."""
        text = self.cleaned_data["text"]
        if self.version is None and plain(text) == plain(self.initial.get("text")):
            raise ValidationError(SAME_TEXT)
        return text


class TargetForm(TargetFields):
    """The first target of a series that has none."""

    failed = "The target was not set"
    from_quarter = quarter_field(label="Counts from", asked="Enter the quarter from which it counts.")

    field_order = ["target", "tolerance"]

    def __init__(self, data=None, *, row: Series) -> None:
        super().__init__(data, initial={"from_quarter": row.first_quarter}, submit="Set the target")
        self.row = row
        self.take_percent(row.unit)
        self.fields["target"].help_text = ""
        self.arrange(("", [["target", "tolerance"], "from_quarter", *self.target_rows[1:]]))

    def clean(self) -> dict:
        found = super().clean()
        if found.get("target") is None and "target" not in self.errors:
            self.add_error("target", "Enter the target.")
        else:
            self.check_target(self.row.polarity, bounds_of(self.row))
        return found
