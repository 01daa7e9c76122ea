"""The form of what is wanted of a file of benchmarks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Div, Fieldset, Layout, Row, Submit
from django import forms
from django.core.exceptions import ValidationError

from .benchmark_entries import STATISTIC_WORDS
from .benchmark_forms import BenchmarkForm
from .imports.benchmark_preview import BenchmarkPreview
from .imports.headings import folded
from .imports.issues import Asked
from .imports.mapping import Mapping
from .imports.tidy import Choice
from .imports.tidy_file import Area, Level, TidyFile
from .models import Series
from .terms import Comparability, Statistic

NOT_WANTED = "Not wanted"
CHOOSE = "Choose"
EXAMPLES = 3
NAMED_AT_MOST = 3
LONGEST_LIST = 10_000


class AuthoritiesField(forms.CharField):
    """Authorities, one a line, by the name or code that the file gives them. Cleans to their keys."""

    widget = forms.Textarea(attrs={"rows": 4})

    def __init__(self, *, areas: Sequence[Area], **kwargs: Any) -> None:
        super().__init__(required=False, max_length=LONGEST_LIST, **kwargs)
        self.widget.attrs.pop("maxlength", None)
        self.areas = [area for area in areas if area.level is Level.AUTHORITY]

    def clean(self, value: str | None) -> tuple[str, ...]:
        lines = [line.strip().rstrip(",;") for line in (super().clean(value) or "").splitlines()]
        found: dict[str, None] = {}
        unknown = []
        for line in filter(None, lines):
            keys = [area.key for area in self.areas if folded(line) in (folded(area.key), folded(area.name))]
            if len(keys) > 1:
                raise ValidationError(f"{line} stands for {len(keys)} areas in this file: write its code.")
            found.update(dict.fromkeys(keys))
            unknown += [] if keys else [line]
        if unknown:
            raise ValidationError(self._unknown(unknown))
        return tuple(found)

    def _unknown(self, lines: Sequence[str]) -> str:
        shown = ", ".join(lines[:NAMED_AT_MOST]) + (
            f" and {len(lines) - NAMED_AT_MOST:,} more" if len(lines) > NAMED_AT_MOST else ""
        )
        such = f" Write them as the file does, such as {self.areas[0].name}." if self.areas else ""
        return f"Not in this file: {shown}.{such}"


class TidyForm(forms.Form):
    """A select for each indicator column and each filter column, the areas, and what is said of every figure. `.choice`
    and `.answers` after `is_valid()`."""

    use_required_attribute = False

    statistic = forms.ChoiceField(
        label="Mean or median of them",
        required=False,
        choices=[("", CHOOSE), *((one.value, STATISTIC_WORDS[one]) for one in Statistic)],
        help_text="One figure is made of theirs. Those without one are left out, and the number used is printed.",
    )
    comparability, source, edition, published_on, note = (
        BenchmarkForm.base_fields[name] for name in ("comparability", "source", "edition", "published_on", "note")
    )

    def __init__(self, data: Any = None, *, seen: BenchmarkPreview, asked: Sequence[Asked]) -> None:
        super().__init__(data)
        self.file, self.held = seen.file, seen.choice
        self.several = [one for one in self.file.filters if len(one.values) > 1]
        self.columns = [self._add_indicator(index, seen) for index in range(len(self.file.indicators))]
        self.filters = [self._add_filter(index) for index in range(len(self.several))]
        self._add_areas()
        self.questions = [self._add_question(one, seen.mapping) for one in asked]
        for name in ("comparability", "source", "edition", "published_on", "note"):
            self.fields[name].initial = getattr(self.held, name)
        self.fields["edition"].help_text = "Which release or table."
        self.fields["published_on"].help_text = "The day, where it is known."
        self.fields["note"].help_text = "Said of every figure of this file: how it differs from the series."
        self.fields["statistic"].initial = self.held.statistic or ""
        self.helper = self._helper()

    def _add_indicator(self, index: int, seen: BenchmarkPreview) -> str:
        name, field = self.file.indicators[index], f"column_{index}"
        chosen = self.held.series.get(name)
        self.fields[field] = forms.TypedChoiceField(
            label=name,
            choices=[("", NOT_WANTED), *((number, series_words(one)) for number, one in seen.series.items())],
            coerce=int,
            empty_value=None,
            required=False,
            initial=chosen if chosen in seen.series else "",
            help_text=_examples(self.file, name),
        )
        return field

    def _add_filter(self, index: int) -> str:
        one, field = self.several[index], f"filter_{index}"
        held = folded(self.held.filters.get(one.name, ""))
        known = [folded(value) for value in one.values]
        self.fields[field] = forms.TypedChoiceField(
            label=one.name,
            choices=[("", CHOOSE), *((number, value or "(empty)") for number, value in enumerate(one.values))],
            coerce=int,
            empty_value=None,
            required=False,
            initial=known.index(held) if one.name in self.held.filters and held in known else "",
        )
        return field

    def _add_areas(self) -> None:
        wide = [area for area in self.file.areas if area.level is not Level.AUTHORITY]
        self.fields["areas"] = forms.MultipleChoiceField(
            label="Country and regions",
            required=False,
            choices=[(area.key, area.name) for area in wide],
            widget=forms.CheckboxSelectMultiple,
            initial=[area.key for area in wide if area.key in self.held.areas],
        )
        one_a_line = "One a line, by name or code as in the file."
        self.fields["authorities"] = AuthoritiesField(
            areas=self.file.areas,
            label="Single authorities",
            help_text=one_a_line,
            initial=self._names(self.held.areas),
        )
        self.fields["neighbours"] = AuthoritiesField(
            areas=self.file.areas,
            label="Statistical neighbours",
            help_text=one_a_line,
            initial=self._names(self.held.neighbours),
        )

    def _names(self, keys: Sequence[str]) -> str:
        areas = [area for area in self.file.areas if area.key in keys and area.level is Level.AUTHORITY]
        names = [area.name for area in self.file.areas if area.level is Level.AUTHORITY]
        return "\n".join(area.name if names.count(area.name) == 1 else area.key for area in areas)

    def _add_question(self, asked: Asked, mapping: Mapping) -> str:
        name = f"answer_{asked.question.value}"
        self.fields[name] = forms.ChoiceField(
            label=asked.sentence,
            choices=[(choice.value, choice.words) for choice in asked.choices],
            widget=forms.RadioSelect,
            required=False,
            initial=mapping.answers.get(asked.question, ""),
        )
        return name

    def _helper(self) -> FormHelper:
        helper = FormHelper()
        areas = [name for name in ("areas",) if self.fields[name].choices]
        parts = [
            Fieldset("What the columns stand for", Div(*self.columns, css_class="columns")),
            Fieldset("Whose figures", *areas, Row("authorities", "neighbours"), Row("statistic")),
            Fieldset("What to say of them", "comparability", Row("source", "edition", "published_on"), Row("note")),
        ]
        if self.filters:
            parts.insert(1, Fieldset("Which rows", Row(*self.filters)))
        if self.questions:
            parts.insert(0, Fieldset("What only you can say", *self.questions))
        helper.layout = Layout(*parts)
        helper.form_error_title = "Nothing was chosen"
        helper.add_input(Submit("", "Show the preview"))
        return helper

    def clean(self) -> dict:
        found = super().clean()
        if found.get("neighbours") and not found.get("statistic"):
            self.add_error("statistic", "Say whether the mean or the median of the neighbours is wanted.")
        if found.get("statistic") and "neighbours" not in self.errors and not found.get("neighbours"):
            self.add_error("neighbours", "Name the neighbours whose mean or median is wanted.")
        chosen = [number for name in self.columns if (number := found.get(name)) is not None]
        for name in self.columns:
            if found.get(name) is not None and chosen.count(found[name]) > 1:
                self.add_error(name, "Another column is chosen for this series as well. Choose one of them.")
        return found

    @property
    def choice(self) -> Choice:
        found = self.cleaned_data
        series = {
            name: found[field]
            for name, field in zip(self.file.indicators, self.columns, strict=True)
            if found[field] is not None
        }
        filters = {one.name: one.values[0] for one in self.file.filters if len(one.values) == 1}
        for one, field in zip(self.several, self.filters, strict=True):
            if found[field] is not None:
                filters[one.name] = one.values[found[field]]
        return Choice(
            series=series,
            filters=filters,
            areas=(*found["areas"], *found["authorities"]),
            neighbours=found["neighbours"],
            statistic=Statistic(found["statistic"]) if found["statistic"] else None,
            comparability=Comparability(found["comparability"]),
            **{name: found[name] for name in ("source", "edition", "published_on", "note")},
        )

    def mapping(self, held: Mapping) -> Mapping:
        """The file's mapping with what was chosen and answered."""
        given = {name.removeprefix("answer_"): self.cleaned_data[name] for name in self.questions}
        answers = {str(question): answer for question, answer in held.answers.items()} | given
        kept = {question: answer for question, answer in answers.items() if answer}
        return replace(held, tidy=self.choice.as_json(), answers=kept)


class ConfirmForm(forms.Form):
    """`digest` names the preview that was seen."""

    digest = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, *, digest: str, action: str) -> None:
        super().__init__(initial={"digest": digest})
        self.helper = FormHelper()
        self.helper.add_input(Submit("", action))


def series_words(series: Series) -> str:
    """ "A1 Re-referrals", with its measure's code where that is another."""
    start = "" if series.code == series.measure.code else f"{series.measure.code}: "
    return f"{start}{series.code} {series.name}"


def _examples(file: TidyFile, name: str) -> str:
    texts = [cell.text for row, _ in file.rows if not (cell := file.cell(row, name)).is_empty]
    return f"Such as {', '.join(texts[:EXAMPLES])}."
