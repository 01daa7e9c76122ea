"""The forms of an import: the file, what its columns mean, the confirmation, the undoing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import HTML, Div, Field, Fieldset, Layout, Row, Submit
from django import forms

from .imports import guessing, periods
from .imports.cells import Book, Cell, Sheet, column_letter
from .imports.issues import Asked
from .imports.kinds import EMPTY
from .imports.mapping import Field as Meaning
from .imports.mapping import Layout as FileLayout
from .imports.mapping import Mapping
from .imports.plan import Known
from .writing import LONGEST_REASON

NO_FILE = "Choose a file first."
NO_ROW = "Enter the number of the row that holds the headers."
EXAMPLES = 3
LONGEST_EXAMPLE = 40
LABELS = {
    Meaning.MEASURE: "Measure’s code",
    Meaning.SERIES: "Series’ code or name",
    Meaning.PERIOD: "Period",
    Meaning.IDENTIFIER: "Second part of the period",
    Meaning.VALUE: "Value",
    Meaning.NUMERATOR: "Numerator",
    Meaning.DENOMINATOR: "Denominator",
    Meaning.STATUS: "Status or symbol",
    Meaning.NOTE: "Note",
}
LAYOUTS = [
    (FileLayout.LONG.value, "A row for each value"),
    (FileLayout.WIDE.value, "A column for each period"),
]
# In a wide file the headers say the period and the cells the value; a note would not say of which.
NOT_WIDE = tuple(meaning for meaning in Meaning if meaning not in guessing.NAMING)
NOT_THERE = "Not in this file"
APART = "Only where the year stands in one column and the quarter or month in another."


def _reason_field(help_text: str, required: str) -> forms.CharField:
    field = forms.CharField(
        label="Reason for the change",
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=help_text,
        error_messages={
            "required": required,
            "max_length": f"Use {LONGEST_REASON} characters or fewer; this has %(show_value)s.",
        },
    )
    # What is too long stays in the field to be shortened; the browser would cut it without a word.
    field.widget.attrs.pop("maxlength", None)
    return field


class UploadForm(forms.Form):
    use_required_attribute = False

    file = forms.FileField(
        label="CSV or Excel file",
        max_length=None,
        help_text="Or drop it here. Up to 10 MB and 5,000 rows. You see a preview first; nothing is imported before "
        "you confirm it.",
        error_messages={"required": NO_FILE, "missing": NO_FILE, "invalid": NO_FILE, "empty": EMPTY},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.attrs = {"data-upload": "", "class": "drop"}
        self.helper.layout = Layout(
            Field("file", accept=".csv,.tsv,.txt,.xlsx,.docx"),
            HTML('<p class="chosen muted" role="status"></p>'),
        )
        self.helper.form_error_title = "The file was not read"
        self.helper.add_input(Submit("", "Read the file"))


class MappingForm(forms.Form):
    """Sheet, header row, layout, a select for each meaning, and a radio group for each question. `.mapping` after
    `is_valid()`. The choices are those of the sheet as it is mapped now; another sheet is guessed anew."""

    use_required_attribute = False

    sheet = forms.ChoiceField(label="Sheet")
    header_row = forms.IntegerField(
        label="Row of the headers",
        min_value=1,
        max_value=2**20,
        error_messages=dict.fromkeys(("required", "invalid", "min_value", "max_value"), NO_ROW),
    )
    layout = forms.ChoiceField(label="Layout", choices=LAYOUTS)

    def __init__(
        self, data: Any = None, *, book: Book, mapping: Mapping, known: Sequence[Known], asked: Sequence[Asked]
    ) -> None:
        super().__init__(data)
        self.book, self.held, self.known = book, mapping, known
        self.columns = Columns(book, mapping)
        # By number: the one sheet of a CSV file has no name.
        self.names = [one.name for one in book.sheets]
        self.fields["sheet"].choices = [
            (str(index), name or "The file’s only sheet") for index, name in enumerate(self.names)
        ]
        self.initial = {
            "sheet": str(self.names.index(mapping.sheet)) if mapping.sheet in self.names else "0",
            "header_row": mapping.header_row or "",
            "layout": mapping.layout.value,
        }
        self.fields["header_row"].widget.attrs["class"] = "short"
        for meaning in self._meanings():
            self._add_column(meaning)
        if mapping.layout is FileLayout.WIDE:
            self._add_periods()
        self.questions = [self._add_question(one) for one in asked]
        self.helper = self._helper()

    def _meanings(self) -> list[Meaning]:
        left_out = NOT_WIDE if self.held.layout is FileLayout.WIDE else ()
        return [meaning for meaning in Meaning if meaning not in left_out]

    def _add_column(self, meaning: Meaning) -> None:
        index = self.held.columns.get(meaning)
        field = self.fields[f"column_{meaning.value}"] = forms.TypedChoiceField(
            label=LABELS[meaning],
            choices=[("", NOT_THERE), *self.columns.choices],
            coerce=int,
            empty_value=None,
            required=False,
            initial="" if index is None else index,
            help_text=self._hint(meaning, index),
        )
        # Its first choice says that it may be missing.
        field.offers_none = True

    def _hint(self, meaning: Meaning, index: int | None) -> str:
        if index is None and meaning in self.held.unclear:
            return f"Not chosen yet: {' or '.join(self.held.unclear[meaning])}?"
        if index is None and meaning is Meaning.IDENTIFIER:
            return APART
        return self.columns.examples(index)

    def _add_periods(self) -> None:
        field = self.fields["periods"] = forms.TypedMultipleChoiceField(
            label="Columns headed by a period",
            choices=self.columns.choices,
            coerce=int,
            required=False,
            widget=forms.CheckboxSelectMultiple,
            initial=list(self.held.periods),
        )
        field.offers_none = True

    def _add_question(self, asked: Asked) -> str:
        name = f"answer_{asked.question.value}"
        field = self.fields[name] = forms.ChoiceField(
            label=asked.sentence,
            choices=[(choice.value, choice.words) for choice in asked.choices],
            widget=forms.RadioSelect,
            required=False,
            initial=self.held.answers.get(asked.question, ""),
            help_text=_raised_by(asked),
        )
        # It may stay open while the columns are put right.
        field.offers_none = True
        return name

    def _helper(self) -> FormHelper:
        helper = FormHelper()
        columns = [f"column_{meaning.value}" for meaning in self._meanings()]
        periods_field = ["periods"] if "periods" in self.fields else []
        parts = [
            Fieldset("Where the figures stand", Row("sheet", "header_row", "layout")),
            Fieldset("What the columns hold", Div(*columns, css_class="columns"), *periods_field),
        ]
        if self.questions:
            parts.insert(0, Fieldset("What only you can say", *self.questions))
        helper.layout = Layout(*parts)
        helper.form_error_title = "The file was not read again"
        helper.add_input(Submit("preview", "Show the preview"))
        helper.add_input(Submit("again", "Update this page", css_class="secondary"))
        return helper

    @property
    def mapping(self) -> Mapping:
        """What was chosen. After another sheet or header row was chosen, the columns are guessed anew."""
        found = self.cleaned_data
        sheet, header_row = self.names[int(found["sheet"])], found["header_row"]
        answers = dict(self.held.answers) | {
            name.removeprefix("answer_"): found[name] for name in self.questions if found.get(name)
        }
        if (sheet, header_row) != (self.held.sheet, self.held.header_row):
            return _guessed(self.book, sheet, header_row, self.known, answers)
        layout = FileLayout(found["layout"])
        chosen = {meaning: found.get(f"column_{meaning.value}") for meaning in Meaning}
        columns = {
            meaning: index
            for meaning, index in chosen.items()
            if index is not None and not (layout is FileLayout.WIDE and meaning in NOT_WIDE)
        }
        return Mapping(sheet, header_row, layout, columns, self._periods(layout, columns), answers, self.held.tidy)

    def _periods(self, layout: FileLayout, columns: dict[Meaning, int]) -> tuple[int, ...]:
        if layout is not FileLayout.WIDE:
            return ()
        if "periods" in self.fields:
            return tuple(sorted(self.cleaned_data["periods"]))
        return tuple(index for index in self.columns.headed_by_period if index not in columns.values())


def _raised_by(asked: Asked) -> str:
    return f"The answer holds for {asked.count:,} cells." if asked.count > 1 else ""


def _guessed(book: Book, name: str, header_row: int, known: Sequence[Known], answers: dict[str, str]) -> Mapping:
    """The best guess for one sheet whose header row was named."""
    sheet = next((sheet for sheet in book.sheets if sheet.name == name), Sheet(name, ()))
    return replace(guessing.guess_at(sheet, header_row, known), answers=answers)


class Columns:
    """The columns of the mapped sheet: their headers, and values below them."""

    def __init__(self, book: Book, mapping: Mapping) -> None:
        rows = next((sheet.rows for sheet in book.sheets if sheet.name == mapping.sheet), ())
        header = [row for row in rows if row.number == mapping.header_row]
        self.header: tuple[Cell, ...] = header[0].cells if header else ()
        self.rows = [row for row in rows if row.number > mapping.header_row]

    @property
    def choices(self) -> list[tuple[int, str]]:
        """Index and "C: Value", for each column that has a header."""
        return [
            (index, f"{column_letter(index)}: {_shortened(cell.text)}")
            for index, cell in enumerate(self.header)
            if not cell.is_empty
        ]

    @property
    def headed_by_period(self) -> list[int]:
        return [index for index, cell in enumerate(self.header) if not cell.is_empty and periods.is_period(cell)]

    def examples(self, index: int | None) -> str:
        """The first values of a column that differ, as they stand in the file."""
        if index is None:
            return ""
        found: list[str] = []
        for row in self.rows:
            cell = row.cell(index)
            text = _shortened(cell.text or cell.error)
            if text and text not in found:
                found.append(text)
            if len(found) == EXAMPLES:
                break
        return f"Such as {', '.join(f'“{one}”' for one in found)}." if found else "This column is empty."


def _shortened(text: str) -> str:
    return text if len(text) <= LONGEST_EXAMPLE else text[: LONGEST_EXAMPLE - 1].rstrip() + "…"


def _read_beside(needing: int) -> str:
    marked = "value" if needing == 1 else f"{needing:,} values"
    which = f"For the {marked} marked “reason needed”. " if needing else ""
    return f"{which}Both parties can read it beside the old value."


class ConfirmForm(forms.Form):
    """`digest` names the preview that was seen; `needing` is how many of its values are stored only with a reason."""

    use_required_attribute = False

    digest = forms.CharField(max_length=200, widget=forms.HiddenInput)
    accepted = forms.BooleanField(label="I have checked these", required=False)

    def __init__(
        self, data: Any = None, *, digest: str, needs_tick: bool, asks_reason: bool, needing: int, action: str
    ) -> None:
        super().__init__(data, initial={"digest": digest})
        if not needs_tick:
            del self.fields["accepted"]
        else:
            self.fields["accepted"].help_text = "Those under “To check” that look out of scale or made up."
        if asks_reason:
            self.fields["reason"] = _reason_field(_read_beside(needing), "Say why these values change.")
            self.fields["reason"].required = needing > 0
        self.helper = FormHelper()
        self.helper.form_error_title = "Nothing was imported"
        self.helper.add_input(Submit("", action))


class UndoForm(forms.Form):
    use_required_attribute = False

    def __init__(self, data: Any = None, *, asks_reason: bool) -> None:
        super().__init__(data)
        if asks_reason:
            self.fields["reason"] = _reason_field(
                "Both parties can read it beside the values.", "Say why the import is undone."
            )
        self.helper = FormHelper()
        self.helper.form_error_title = "Nothing was undone"
        self.helper.add_input(Submit("go", "Undo the import"))
