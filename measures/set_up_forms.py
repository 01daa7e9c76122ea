"""The forms of set-up: a section, a measure, and when it ends."""

from __future__ import annotations

from collections.abc import Collection

from crispy_forms.layout import Hidden, Submit
from django import forms
from django.core.validators import RegexValidator

from .catalogue_order import LONGEST_SECTION
from .models import Measure
from .set_up_fields import SeriesFields, SetUpForm, choice_field, quarter_field, text_field
from .set_up_words import KIND_WORDS, LONGEST_TEXT, VOLUMETRIC
from .terms import Kind

SLUG = RegexValidator(
    r"\A[a-z0-9]+(?:-[a-z0-9]+)*\Z", "Use small letters and digits, with hyphens between, such as e34-35."
)


class SectionForm(SetUpForm):
    failed = "The section was not renamed"
    name = text_field(LONGEST_SECTION, label="Name of the section", asked="Enter the section’s name.")

    def __init__(self, data=None, *, section: str) -> None:
        super().__init__(data, initial={"name": section}, submit="Rename the section")
        self.arrange(("", ["name"]))
        self.helper.add_input(Hidden("section", self.data.get("section", "") if self.is_bound else section))


class MeasureFields(SetUpForm):
    failed = "The measure was not saved"

    code = text_field(
        20, asked="Enter the code, as the contract has it.", hint="As the contract has it, such as B8.", short=True
    )
    title = text_field(200, asked="Enter the title.", hint="What is measured, in one line.")
    section = text_field(LONGEST_SECTION, asked="Enter the section.", hint="One that there is, or a new one.")
    kind = choice_field(KIND_WORDS, label="Kind of measure", asked="Choose the kind of measure.")
    first_quarter = quarter_field(label="First quarter", asked="Enter the first quarter.")
    why_it_matters = text_field(LONGEST_TEXT, label="Why it matters", hint="For those who read the paper.", rows=3)
    owner = text_field(120, hint="Who answers for it, by post rather than by name.")
    source = text_field(200, hint="Where the figures come from.")

    measure_names = "code title section kind first_quarter why_it_matters owner source".split()
    measure_rows = [["code", "first_quarter"], "title", "section", "kind"]
    about_rows = ["why_it_matters", ["owner", "source"]]

    def offer(self, sections: list[str]) -> None:
        """The sections that there are; the page has them in a list of this name."""
        self.sections = sections
        self.fields["section"].widget.attrs |= {"list": "sections", "autocomplete": "off"}

    @property
    def measure_columns(self) -> dict:
        return {name: self.cleaned_data[name] for name in self.measure_names if name in self.fields}


class NewMeasureForm(MeasureFields, SeriesFields):
    """A measure with its headline, definition and first target: one page makes it whole."""

    failed = "The measure was not added"
    field_order = [*MeasureFields.measure_names[:5], *SeriesFields.series_names[1:], "definition"]

    def __init__(self, data=None, *, sections: list[str], initial: dict | None = None) -> None:
        kept = {"kind": Kind.CONTRACTUAL.value} | (initial or {})
        super().__init__(data, initial=kept, submit="Add the measure")
        self.offer(sections)
        self.arrange(
            ("The measure", self.measure_rows),
            ("Its headline figure", [*self.figure_rows, "definition", "name"]),
            ("First target", self.target_rows),
            ("About it", self.about_rows),
        )

    def clean(self) -> dict:
        found = super().clean()
        if found.get("kind") == Kind.VOLUMETRIC and found.get("target") is not None:
            self.add_error("target", VOLUMETRIC)
        return found

    @property
    def series_columns(self) -> dict:
        found = super().series_columns
        return found | {"name": found["name"] or self.cleaned_data["title"][:120].rstrip()}


class MeasureForm(MeasureFields):
    """A measure that is held; what is fixed is not asked for."""

    slug = forms.CharField(
        label="Address",
        max_length=30,
        validators=[SLUG],
        help_text="How links name the measure. It stays as it is once a quarter has it.",
        widget=forms.TextInput(attrs={"class": "short"}),
        error_messages={
            "required": "Enter the address, such as b8.",
            "max_length": "Use %(limit_value)s characters or fewer; this has %(show_value)s.",
        },
    )

    measure_names = [*MeasureFields.measure_names, "slug"]

    def __init__(
        self, data=None, *, row: Measure, sections: list[str], version: int, fixed: Collection[str] = ()
    ) -> None:
        initial = {name: getattr(row, name) for name in self.measure_names}
        super().__init__(data, initial=initial, version=version)
        for name in fixed:
            del self.fields[name]
        self.offer(sections)
        self.arrange(("The measure", self.measure_rows), ("About it", [*self.about_rows, "slug"]))


class LastQuarterForm(SetUpForm):
    """With which quarter something ends, None where its end is taken back; `goes_on` is the button for that, where
    there is an end."""

    failed = "Nothing was changed"
    last_quarter = quarter_field(
        label="Last quarter",
        asked="Enter the last quarter.",
        hint="The last one that it is part of, such as Q4 2018/19.",
    )

    def __init__(self, data=None, *, last_quarter, version: int, submit: str, goes_on: str = "") -> None:
        takes_back = data is not None and "take_back" in data
        if takes_back:
            # Whatever stands in the field, the end goes.
            data = data.copy()
            data["last_quarter"] = ""
        super().__init__(data, initial={"last_quarter": last_quarter}, version=version, submit=submit)
        self.fields["last_quarter"].required = not takes_back
        self.arrange(("", ["last_quarter"]))
        if goes_on:
            self.helper.add_input(Submit("take_back", goes_on, css_class="secondary"))
