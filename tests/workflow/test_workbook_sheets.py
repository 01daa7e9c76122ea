"""The sheets of a contract's workbook as they are written: columns, lists, notes, and the examples of the template."""

import io
import re

import openpyxl
import pytest

from accounts.contracts import COHORTS, LATEST_DUE, LONGEST, Settings
from accounts.models import Contract, Organisation
from measures.models import Definition, Measure, Series, Target
from perfmon.setup.place import ROOT
from tests.contractbooks import EXAMPLE, with_contract
from workflow.contract_books import notes, writing
from workflow.contract_books.codes import Wrong
from workflow.contract_books.columns import CONTRACT, EXAMPLE_MARK, LONGEST_TEXT, SHEETS, Takes

NAMES = ["Contract", "Committee dates", "Measures", "Series", "Definitions", "Targets"]
MODELS = {"Measures": Measure, "Series": Series, "Definitions": Definition, "Targets": Target}
DOCUMENT = (ROOT / "docs" / "workbooks.md").read_text(encoding="utf-8")
# They name a row of another sheet.
REFERENCES = {"measure", "series", "series_from"}


def opened(content):
    return openpyxl.load_workbook(io.BytesIO(content))


def place(rule):
    (found,) = rule.sqref.ranges
    return found


@pytest.fixture(scope="module")
def template():
    return opened(writing.template(EXAMPLE))


@pytest.fixture(scope="module")
def held():
    return opened(writing.workbook(EXAMPLE))


def test_the_sheets(template, held):
    assert template.sheetnames == held.sheetnames == [*NAMES, "Notes"]


@pytest.mark.parametrize("shape", SHEETS, ids=NAMES)
def test_a_sheet_has_its_columns_and_a_header_that_stays(template, held, shape):
    headers = [column.header for column in shape.columns]
    assert [cell.value for cell in held[shape.name][1]] == headers
    assert [cell.value for cell in template[shape.name][1]] == ["Example", *headers]
    panes = {name: (book[shape.name].freeze_panes) for name, book in (("template", template), ("held", held))}
    assert panes == ({"template": "B2", "held": "A2"} if shape is CONTRACT else {"template": "C2", "held": "B2"})
    assert len(set(headers)) == len(headers)


def test_the_template_holds_one_marked_row_a_sheet(template):
    for name in NAMES:
        rows = list(template[name].iter_rows(min_row=2, values_only=True))
        assert [row[0] for row in rows] == [EXAMPLE_MARK]
        assert template[name]["A2"].font.i


def test_what_is_held_carries_no_mark(held):
    assert all(cell.value != "Example" for name in NAMES for cell in held[name][1])


@pytest.mark.parametrize("shape", SHEETS, ids=NAMES)
def test_every_list_is_offered_from_the_notes(held, shape):
    sheet, source = held[shape.name], held["Notes"]
    offered = {}
    for rule in sheet.data_validations.dataValidation:
        if rule.type == "list" and rule.formula1.startswith("Notes!"):
            cells = source[re.sub(r"\$", "", rule.formula1.partition("!")[2])]
            column = sheet.cell(1, place(rule).min_col).value
            offered[column] = [row[0].value for row in cells]
            assert place(rule).min_row == 2
    assert offered == {column.header: [*column.choices.values()] for column in shape.columns if column.choices}


def test_codes_are_offered_from_their_sheets(held):
    def sources(name):
        rules = held[name].data_validations.dataValidation
        return {
            held[name].cell(1, place(rule).min_col).value: rule.formula1
            for rule in rules
            if rule.type == "list" and not rule.formula1.startswith("Notes!")
        }

    assert sources("Series") == {"Measure": "Measures!$A$2:$A$502"}
    assert sources("Targets") == {"Measure": "Measures!$A$2:$A$502", "Series": "Series!$B$2:$B$502"}
    assert sources("Definitions") == sources("Targets")


def test_the_notes_explain_every_column_and_every_choice():
    lines, _ = notes.rows()
    explained = {(line[0], line[1]): line[4] for line in reversed(lines) if len(line) == 5 and line[1]}
    for shape in SHEETS:
        for column in shape.columns:
            assert explained[shape.name, column.header], column.header
    words = {(line[0], line[1], line[2]) for line in lines if len(line) == 5}
    missing = [
        (shape.name, column.header, word)
        for shape in SHEETS
        for column in shape.columns
        for word in (column.choices or {}).values()
        if (shape.name, column.header, word) not in words
    ]
    assert missing == []
    assert ("Measures", "Kind", "Contractual", "", "Held against a target.") in lines


def test_the_notes_hold_no_values(held):
    texts = [cell for row in held["Notes"].iter_rows(values_only=True) for cell in row if cell]
    assert "Street lighting" not in texts
    assert "Lamps repaired in time" not in texts


def test_a_column_takes_what_its_field_holds():
    """The limits of the file are those of the tables, and every field that set-up fills has a column."""
    for name, model in MODELS.items():
        shape = next(shape for shape in SHEETS if shape.name == name)
        for column in shape.columns:
            if column.name in REFERENCES:
                continue
            field = model._meta.get_field(column.name)
            if column.takes in (Takes.TEXT, Takes.SLUG):
                assert column.longest == (field.max_length or LONGEST_TEXT), (name, column.name)
            if column.choices:
                assert {value for value, _ in field.choices} == set(column.choices), (name, column.name)
        there = {field.name for field in model._meta.concrete_fields}
        left = there - {column.name for column in shape.columns}
        assert left == NOT_IN_THE_FILE[name]


NOT_IN_THE_FILE = {
    # Where a row stands says its position.
    "Measures": {"id", "contract", "position", "version"},
    # The frequency follows from how the quarter's figure is made.
    "Series": {"id", "position", "frequency", "version", "last_benchmark_version"},
    "Definitions": {"id", "version"},
    "Targets": {
        *("id", "proposed_by", "proposed_party", "proposed_at", "agreed_by", "agreed_at"),
        *("closed_by", "closed_at", "closed_reason", "withdrawn_by", "withdrawn_at"),
        *("withdrawal_by", "withdrawal_party", "withdrawal_at", "withdrawal_reason"),
    },
}


def test_the_contracts_own_columns_are_its_settings():
    columns = {column.name: column for column in CONTRACT.columns}
    sides = {f"{side}{part}" for side in ("commissioner", "provider") for part in ("", "_short")}
    assert set(columns) == set(Settings.__dataclass_fields__) | sides
    for name, longest in LONGEST.items():
        assert columns[name].longest == longest == Contract._meta.get_field(name).max_length
    assert (columns["small_cohort"].low, columns["small_cohort"].high) == COHORTS
    for name in ("values_due_days", "commentary_due_days"):
        assert (columns[name].low, columns[name].high) == (1, LATEST_DUE)
        assert columns[name].default == Contract._meta.get_field(name).default
    assert columns["small_cohort"].default == Contract._meta.get_field("small_cohort").default
    for side in ("commissioner", "provider"):
        assert columns[side].longest == Organisation._meta.get_field("name").max_length
        assert columns[f"{side}_short"].longest == Organisation._meta.get_field("short_name").max_length


def test_no_text_becomes_a_formula_and_the_same_contract_is_the_same_file():
    book = with_contract(title='=HYPERLINK("http://127.0.0.1:9/")')
    sheet = opened(writing.workbook(book))["Contract"]
    assert (sheet["A2"].data_type, sheet["A2"].value) == ("s", book.contract.title)
    assert sheet["A2"].quotePrefix
    assert writing.workbook(book) == writing.workbook(book)


def test_a_text_that_no_cell_holds_is_refused_by_name():
    with pytest.raises(ValueError, match="A text under “Title” is longer than a cell holds, 32,767 characters"):
        writing.workbook(with_contract(title="x" * 32_768))


@pytest.mark.parametrize("code", Wrong)
def test_the_document_says_of_each_kind_how_to_mend_it(code):
    rows = [line for line in DOCUMENT.splitlines() if line.startswith(f"| `{code}` |")]
    assert [row.count(" | ") for row in rows] == [2]


def test_the_document_names_no_kind_that_is_not_told():
    assert set(re.findall(r"^\| `([a-z_]+)` \|", DOCUMENT, re.MULTILINE)) == set(Wrong)


def test_the_document_names_every_sheet():
    assert [name for name in [*NAMES, "Notes"] if f"| {name} |" not in DOCUMENT] == []
