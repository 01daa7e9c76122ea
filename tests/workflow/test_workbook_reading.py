"""A contract's workbook with one thing wrong at a time, and with everything wrong at once: what is told of it."""

import dataclasses
import datetime
import io
from decimal import Decimal

import openpyxl
import pytest

from measures.committee import problem
from measures.imports import reading as files
from measures.imports.cells import Unreadable
from measures.imports.kinds import LARGEST_FILE
from measures.quarters import Quarter
from tests.contractbooks import EXAMPLE, changed, read, told, with_contract, with_measures
from tests.measures.imports import corpus_hostile
from tests.measures.imports.expected import Refusal
from workflow.contract_books import examples, reading, writing
from workflow.contract_books.lines import Line
from workflow.contract_books.opening import open_file
from workflow.contract_books.shapes import CommitteeRow

FILL = "Nothing stands here. | Fill it in."
NO_L1 = "Measure [L1] The sheet “Measures” has no measure L1. | Write its code as it stands there, or add it."
ADDRESS = "An address has small letters, digits and hyphens only."
CHECK = "Check the day and the quarter."
WRITE_DAY = "Write the day as 2018-12-12, or format the cell as a date."
NOT_LISTED = "This is not in the list of its column. | Choose one of"
NO_HEADLINE = "has no headline on the sheet “Series”. | Add a row there with the role “Headline”."
COVER = "Let one of its headlines on the sheet “Series” cover that, or correct the measure’s quarters."
SIDES = "Where higher is better, the tolerance cannot be above the target. | Correct one of the two."
TWO_WAYS = "can be read in two ways."
WRONG = [
    ({"Contract!A2": None}, [f"Contract 2 Title [] {FILL} What the contract is called on every page."]),
    ({"Contract!B2": "Street Lighting!"},
     [f"Contract 2 Address [Street Lighting!] {ADDRESS} | Write it as street-lighting."]),
    # The pages refuse it too.
    ({"Contract!B2": "street_lighting"},
     [f"Contract 2 Address [street_lighting] {ADDRESS} | Write it as street-lighting."]),
    ({"Contract!E2": "Northford Borough Council"},
     ["Contract 2 Provider [Northford Borough Council] Commissioner and provider are the same. | "
      "A contract is between two organisations: name both."]),
    ({"Contract!F2": "northford bc"},
     ["Contract 2 Provider’s short name [northford bc] Commissioner and provider are the same. | "
      "A contract is between two organisations: name both."]),
    ({"Contract!G2": 0}, ["Contract 2 Values due [0] 0 is out of range. | Write a whole number from 1 to 300."]),
    ({"Contract!G2": 60},
     ["Contract 2 Commentary due [47] Commentary would be due before the values, which are due after 60 days. | "
      "Write 60 or more."]),
    ({"Contract!G2": "a month"},
     ["Contract 2 Values due [a month] “a month” is not a number. | Write a number in digits, such as 1,898."]),
    ({"Contract!G2": 31.5},
     ["Contract 2 Values due [31.5] “31.5” is not a whole number. | Write a whole number from 1 to 300."]),
    ({"Contract!I2": 4}, ["Contract 2 Small cohort [4] 4 is out of range. | Write a whole number from 5 to 1,000."]),
    ({"Contract!J2": "perhaps"}, [f"Contract 2 Second factor [perhaps] {NOT_LISTED} “Yes”, “No”."]),
    ({"Contract!A3": "Roads", "Contract!C3": "A", "Contract!D3": "B", "Contract!E3": "C", "Contract!F3": "D"},
     ["Contract 3 Title [Roads] A workbook holds one contract, and row 2 is it already. | "
      "Delete this row, or give that contract a workbook of its own."]),
    ({"Committee dates!A2": "Q2 2018"},
     [f"Committee dates 2 Quarter [Q2 2018] “Q2 2018” {TWO_WAYS} | Write a quarter as “Q2 2018/19”."]),
    ({"Committee dates!A2": "June"},
     ["Committee dates 2 Quarter [June] The period says no year. | Write a quarter as “Q2 2018/19”."]),
    ({"Committee dates!A2": "2018/19"},
     ["Committee dates 2 Quarter [2018/19] “2018/19” says a year, not a quarter. | Write a quarter as “Q2 2018/19”."]),
    ({"Committee dates!A2": "May 2018"},
     ["Committee dates 2 Quarter [May 2018] May 2018 is a month, and this series is held by the quarter. | "
      "Write a quarter as “Q2 2018/19”."]),
    ({"Committee dates!B2": "2018-06-30"},
     ["Committee dates 2 Committee day [2018-06-30] Q1 2018/19 ends on 30 June 2018, and 30 June 2018 is no day after "
      f"it. | {CHECK}"]),
    ({"Committee dates!B2": "2020-01-01"},
     ["Committee dates 2 Committee day [2020-01-01] Q1 2018/19 ends on 30 June 2018, and 1 January 2020 is more than a "
      f"year after it. | {CHECK}"]),
    ({"Committee dates!B2": "01/02/2019"},
     [f"Committee dates 2 Committee day [01/02/2019] “01/02/2019” {TWO_WAYS} | {WRITE_DAY}"]),
    ({"Committee dates!B2": "September 2018"},
     [f"Committee dates 2 Committee day [September 2018] “September 2018” is not one day. | {WRITE_DAY}"]),
    ({"Committee dates!B2": "soon"},
     [f"Committee dates 2 Committee day [soon] “soon” is not a period. | {WRITE_DAY}"]),
    ({"Committee dates!B2": None},
     [f"Committee dates 2 Committee day [] {FILL} After the quarter’s end, and within a year of it."]),
    ({"Committee dates!A3": "2018-Q1", "Committee dates!B3": "2018-09-13"},
     ["Committee dates 3 Quarter [2018-Q1] Row 2 has the same quarter already. | "
      "Change one of the two, or delete it."]),
    ({"Measures!A2": "L" * 21},
     [f"Measures 2 Code [{'L' * 21}] The text has 21 characters. | Shorten it to 20 or fewer.",
      *(f"{sheet} 2 {NO_L1}" for sheet in ("Series", "Definitions", "Targets"))]),
    ({"Measures!B2": "L 1"}, [f"Measures 2 Address [L 1] {ADDRESS} | Write it as l-1."]),
    ({"Measures!B2": "???"}, [f"Measures 2 Address [???] {ADDRESS} | "]),
    ({"Measures!A2": "!!", "Measures!B2": None, "Series!A2": "!!", "Definitions!A2": "!!", "Targets!A2": "!!"},
     ["Measures 2 Address [] No address can be made from the code “!!”. | "
      "Write one, in small letters, digits and hyphens."]),
    ({"Measures!A2": datetime.date(2018, 4, 5)},
     ["Measures 2 Code [2018-04-05] The cell holds a date (2018-04-05); spreadsheets make one of what looks like it. | "
      "Format the cell as text and type it again.",
      *(f"{sheet} 2 {NO_L1}" for sheet in ("Series", "Definitions", "Targets"))]),
    ({"Measures!C2": "=1/0"},
     ["Measures 2 Title [] The cell is a formula without a stored value. | Mend it, or write plainly what is meant."]),
    ({"Measures!E2": "sometimes"},
     [f"Measures 2 Kind [sometimes] {NOT_LISTED} “Contractual”, “Volumetric”, “Local”."]),
    ({"Measures!G2": "Q4 2017/18"},
     ["Measures 2 Last quarter [Q4 2017/18] The last quarter lies before the first, Q1 2018/19. | "
      "Check both, or leave it empty while it goes on."]),
    ({"Series!A2": "L2"},
     [f"Measures 2 Code [L1] L1 {NO_HEADLINE}",
      "Series 2 Measure [L2] The sheet “Measures” has no measure L2. | Write its code as it stands there, or add it.",
      *(f"{sheet} 2 Series [L1] The measure L1 has no series L1. | Write its code as on the sheet “Series”, or add it "
        "there." for sheet in ("Definitions", "Targets"))]),
    ({"Series!D2": "Pair"}, [f"Measures 2 Code [L1] L1 {NO_HEADLINE}"]),
    ({"Series!E2": "Litres"},
     [f"Series 2 Unit [Litres] {NOT_LISTED} “Percentage”, “Number”, “Rate per 10,000”, “Days”."]),
    ({"Series!F2": 7}, ["Series 2 Decimals [7] 7 is out of range. | Write a whole number from 0 to 6."]),
    ({"Series!E2": "Days"},
     ["Series 2 How the quarter’s figure is made [Typed each month as two counts: the quarter is all cases of its "
      "months together] Only percentages and rates are pooled: the other units take no counts. | "
      "Choose another way, or another unit."]),
    ({"Series!H2": None},
     [f"Series 2 How the quarter’s figure is made [] {FILL} Who types what, and how a quarter comes of it."]),
    ({"Series!J2": 0}, ["Series 2 Highest value [0] The highest value is 0. | Write it, or leave it empty."]),
    ({"Series!J2": "10%", "Series!E2": "Rate per 10,000", "Targets!E2": 9, "Targets!F2": 8},
     ["Series 2 Highest value [10%] “10%” is a percentage, and the series is none. | "
      "Take out the % sign or its format."]),
    ({"Series!N2": "Q4 2017/18"},
     ["Series 2 Last quarter [Q4 2017/18] The last quarter lies before the first, Q1 2018/19. | "
      "Check both, or leave it empty while it goes on."]),
    ({"Definitions!E2": None}, [f"Definitions 2 Definition [] {FILL} What is counted and what is not."]),
    ({"Definitions!C2": "Q1 2017/18"},
     ["Definitions 2 Series’ first quarter [Q1 2017/18] The series L1 starts in Q1 2018/19, not in Q1 2017/18. | "
      "Write that quarter, or leave the cell empty."]),
    ({"Definitions!D2": "Q1 2017/18"},
     ["Series 2 Code [L1] The sheet “Definitions” does not say how L1 is counted from Q1 2018/19 on. | "
      "Add a row there for this series and quarter.",
      "Definitions 2 From quarter [Q1 2017/18] The series starts in Q1 2018/19, later than this. | "
      "Write Q1 2018/19, or leave the cell empty."]),
    ({"Definitions!A3": "L1", "Definitions!B3": "L1", "Definitions!D3": "Q1 2019/20", "Definitions!E3": "All lamps."},
     ["Definitions 3 Reason [] A later definition draws a break on the chart, and nothing says why. | "
      "Say what changed."]),
    ({"Definitions!A3": "L1", "Definitions!B3": "L1", "Definitions!D3": "Q1 2019/20", "Definitions!E3": "All lamps.",
      "Definitions!F3": "New lamps.", "Series!N2": "Q4 2018/19", "Measures!G2": "Q4 2018/19"},
     ["Definitions 3 From quarter [Q1 2019/20] The series ends in Q4 2018/19, earlier than this. | "
      "Write Q4 2018/19 or an earlier quarter."]),
    ({"Targets!A3": "L1", "Targets!B3": "L1", "Targets!E3": 90, "Targets!G3": "The contract"},
     ["Targets 3 From quarter [] Row 2 is of the same series from Q1 2018/19 already. | "
      "Change one of the two, or delete it."]),
    ({"Targets!E2": "about 95"},
     ["Targets 2 Target [about 95] “about 95” is not a number. | Write a number in digits, such as 1,898."]),
    ({"Targets!E2": "[x]"},
     ["Targets 2 Target [[x]] “[x]” is not a plain number. | Write the number alone, or leave it empty."]),
    ({"Targets!E2": "27,5"},
     [f"Targets 2 Target [27,5] The comma in “27,5” {TWO_WAYS} | Write a full stop before decimals."]),
    ({"Targets!E2": 1e9},
     ["Targets 2 Target [1000000000] 1000000000 is out of range. | Write a number from 0 to 999,999,999."]),
    ({"Targets!E2": "-1%"},
     ["Targets 2 Target [-1%] “-1%” is a negative percentage. | Check the figure: a value is 0% or more."]),
    ({"Targets!E2": "95.1234567"},
     ["Targets 2 Target [95.1234567] 95.1234567 has too many decimals. | Write 6 decimals at most."]),
    ({"Targets!E2": 95.5},
     ["Targets 2 Target [95.5] The series prints whole numbers and no more. | "
      "Write it as a whole number, or change “Decimals” on the sheet “Series”."]),
    ({"Targets!E2": 95.55, "Series!F2": 1},
     ["Targets 2 Target [95.55] The series prints 1 decimal and no more. | "
      "Write it with at most 1 decimal, or change “Decimals” on the sheet “Series”."]),
    ({"Targets!E2": None},
     ["Targets 2 Target [] There is a tolerance and no target. | Write the target as well."]),
    ({"Targets!F2": 99}, [f"Targets 2 Tolerance [99] {SIDES}"]),
    ({"Series!E2": "Days", "Series!H2": "sum", "Targets!E2": "95%"},
     ["Targets 2 Target [95%] “95%” is a percentage, and the series is none. | Take out the % sign or its format."]),
    ({"Series!G2": "Neither way is better"},
     ["Targets 2 Target [95] L1 is neither better higher nor lower, so nothing can be met. | "
      "Take out the row, or say on “Series” which way is better."]),
    ({"Targets!E2": 120},
     ["Targets 2 Target [120] No value can reach it: the highest of this series is 100. | Check both."]),
    # A percentage ends at 100 where nothing else is written.
    ({"Targets!E2": 120, "Series!J2": None},
     ["Targets 2 Target [120] No value can reach it: the highest of this series is 100. | Check both."]),
    ({"Targets!E2": 2000, "Targets!F2": 1001, "Series!J2": 1000},
     [f"Targets 2 {name} [{number}] No value can reach it: the highest of this series is 1,000. | Check both."
      for name, number in (("Target", 2000), ("Tolerance", 1001))]),
    ({"Measures!E2": "Volumetric"},
     ["Targets 2 Target [95] The measure L1 is volumetric: it has no target. | "
      "Take out the row, or choose another kind of measure."]),
    # A series within its measure, and a headline in each of its quarters.
    ({"Series!M2": "Q4 2017/18", "Targets!D2": None, "Definitions!D2": None},
     ["Series 2 First quarter [Q4 2017/18] The measure L1 starts in Q1 2018/19, later than this. | "
      "Write Q1 2018/19 or a later quarter."]),
    ({"Series!M2": "Q3 2018/19", "Targets!D2": None, "Definitions!D2": None, "Measures!G2": "Q2 2018/19"},
     [f"Measures 2 Code [L1] L1 has no headline in Q1 2018/19. | {COVER}",
      "Series 2 First quarter [Q3 2018/19] The measure L1 ends in Q2 2018/19, earlier than this. | "
      "Write Q2 2018/19 or an earlier quarter."]),
    ({"Series!M2": "Q2 2018/19", "Targets!D2": None, "Definitions!D2": None},
     [f"Measures 2 Code [L1] L1 has no headline in Q1 2018/19. | {COVER}"]),
    ({"Series!N2": "Q4 2018/19"}, [f"Measures 2 Code [L1] L1 has no headline in Q1 2019/20. | {COVER}"]),
    ({"Series!N2": "Q4 2018/19", "Measures!G2": "Q1 2019/20"},
     [f"Measures 2 Code [L1] L1 has no headline in Q1 2019/20. | {COVER}"]),
    ({"Targets!G2": None}, [f"Targets 2 Target’s basis [] {FILL} Where the target comes from."]),
]  # fmt: skip


@pytest.mark.parametrize(
    ("cells", "lines"), WRONG, ids=[" ".join(cells) + f" {n}" for n, (cells, _) in enumerate(WRONG)]
)
def test_one_thing_wrong_is_told_where_it_stands(cells, lines):
    found = read(changed(cells))
    assert told(found) == lines
    assert found.book is None
    assert found.refused == list(found.issues)


@pytest.mark.parametrize("label", ["Q4 1989/90", "Q1 2101/02"])
def test_a_quarter_that_no_page_takes_is_refused(label):
    (line,) = told(read(changed({"Committee dates!A2": label})))
    assert line == f"Committee dates 2 Quarter [{label}] {label} is too far away. | Write one of 1990 to 2100."


WARNED = [
    ({"Targets!E2": 0.95, "Targets!F2": 0.9, "Series!F2": 2},
     ["Targets 2 Target [0.95] 0.95 is read as 0.95%, not as 95%. | Write it with the sign if the other is meant.",
      "Targets 2 Tolerance [0.9] 0.9 is read as 0.9%, not as 90%. | Write it with the sign if the other is meant."]),
    ({"Targets!D2": "Q1 2017/18"},
     ["Targets 2 From quarter [Q1 2017/18] The series starts in Q1 2018/19, later than this target. | "
      "Check the quarter. The target is loaded as it stands."]),
    ({"Targets!D2": "Q1 2019/20", "Series!N2": "Q4 2018/19", "Measures!G2": "Q4 2018/19"},
     ["Targets 2 From quarter [Q1 2019/20] The series ends in Q4 2018/19, so this target is never in force. | "
      "Check the quarter. The target is loaded as it stands."]),
    ({"Budget": "Costs"},
     ["Budget 0  [] This sheet is not one of a contract’s workbook, so nothing of it is read. | "
      "Leave it, or name it as one of “Contract”, “Committee dates”, “Measures”, “Series”, “Definitions”, “Targets”."]),
    ({"Committee dates": None},
     ["Committee dates 0  [] The workbook has no such sheet. | Leave it out if there are none. "
      "Take it from the template."]),
    ({"Targets!K1": "Budget", "Targets!K2": 12},
     ["Targets 1 Budget [] Column K is not one of this sheet, so nothing of it is read. | "
      "Leave it, or name it as one of the columns in the notes of the template."]),
    ({"Targets!K3": "see above"},
     ["Targets 3  [] The row holds something, but in none of the columns that are read. | "
      "Move it under a header of the sheet, or delete it."]),
    ({"Measures!A2": 1.1, "Series!A2": 1.1, "Series!B2": "1.1", "Definitions!A2": "1.1", "Definitions!B2": 1.1,
      "Targets!A2": "1.1", "Targets!B2": "1.1"},
     [f"{place} [1.1] The cell holds a number, and its code is read as “1.1”. A number may show as another: 1.1 as "
      "1.10. | If it shows anything else, format the cell as text and type the code again."
      for place in ("Measures 2 Code", "Series 2 Measure", "Definitions 2 Series")]),
    # Series that came with an old paper have neither; told once of each.
    ({"Series!K2": None, "Series!L2": None},
     ["Series 2 What is counted [] Nothing stands here, so sentences say “cases” or the number alone. | "
      "Say what is counted, or leave it as it is."]),
    ({"Series!L2": None},
     ["Series 2 One of them [] Nothing stands here, so sentences say “case” or the number alone. | "
      "Say what is counted, or leave it as it is."]),
    ({"Series!L1": None, "Series!L2": None},
     ["Series 1 One of them [] The sheet has no such column. | "
      "Add it where it is needed. The same, singular: “case”."]),
    ({"Measures!J1": None, "Measures!J2": None},
     ["Measures 1 Source [] The sheet has no such column. | "
      "Add it where it is needed. Where the figures come from."]),
]  # fmt: skip


@pytest.mark.parametrize(("cells", "lines"), WARNED, ids=[" ".join(cells) for cells, _ in WARNED])
def test_what_only_looks_wrong_is_told_and_read(cells, lines):
    found = read(changed(cells))
    assert told(found) == lines
    assert found.book is not None
    assert found.warnings == list(found.issues)


def test_a_number_for_a_code_is_told_in_whatever_format_it_shows():
    workbook = openpyxl.load_workbook(io.BytesIO(changed({"Measures!A2": 1.1, "Measures!H2": 1.1, "Measures!B2": "a"})))
    workbook["Measures"]["A2"].number_format = "0.00"
    out = io.BytesIO()
    workbook.save(out)
    warned = [(issue.column, issue.read, str(issue.code)) for issue in read(out.getvalue()).warnings]
    assert warned == [("Code", "1.1", "number_for_code")]


def test_a_whole_number_is_a_code_as_any_other():
    cells = {f"{place}2": 7 for place in ("Measures!A", "Series!A", "Definitions!A", "Targets!A")}
    found = read(changed(cells))
    assert (found.issues, found.book.measures[0].code) == ((), "7")


@pytest.mark.parametrize("quarter", [Quarter(2018, number) for number in (1, 2, 3, 4)] + [Quarter(2019, 4)], ids=str)
def test_a_committee_day_may_be_what_the_page_takes(quarter):
    """Of each quarter the days around both ends of what may be, and a day far off."""
    for days in (-1, 0, 1, 2, 364, 365, 366, 367, 368, 2_000):
        on = quarter.end + datetime.timedelta(days)
        found = read(changed({"Committee dates!A2": quarter.label, "Committee dates!B2": on}))
        assert (found.issues == ()) == (problem(quarter, on) == ""), on


def test_the_last_committee_day_of_a_quarter_comes_back():
    book = dataclasses.replace(EXAMPLE, committee_dates=(CommitteeRow(Quarter(2018, 1), datetime.date(2019, 7, 1)),))
    found = read(writing.workbook(book))
    assert (found.issues, found.book) == ((), book)


def test_everything_is_told_at_once_in_the_order_of_the_sheets():
    found = read(changed({
        "Contract!G2": 0, "Committee dates!B2": "soon", "Measures!E2": "sometimes", "Series!E2": "Litres",
        "Definitions!E2": None, "Targets!E2": "about 95", "Targets!G2": "hearsay", "Budget": "Costs",
    }))  # fmt: skip
    assert [(issue.sheet, issue.row, issue.column) for issue in found.issues] == [
        ("Contract", 2, "Values due"),
        ("Committee dates", 2, "Committee day"),
        ("Measures", 2, "Kind"),
        ("Series", 2, "Unit"),
        ("Definitions", 2, "Definition"),
        ("Targets", 2, "Target"),
        ("Targets", 2, "Target’s basis"),
        ("Budget", 0, ""),
    ]
    assert found.book is None


# Sheets, columns, rows


@pytest.mark.parametrize("name", ["Contract", "Measures", "Series", "Definitions"])
def test_a_needed_sheet_that_is_missing_is_named(name):
    lines = told(read(changed({name: None})))
    assert f"{name} 0  [] The workbook has no such sheet. | Take it from the template." in lines


def test_a_needed_column_that_is_missing_is_named_with_its_row():
    lines = told(read(changed({"Measures!C1": "Name of it"})))
    assert lines == [
        "Measures 1 Name of it [] Column C is not one of this sheet, so nothing of it is read. | "
        "Leave it, or name it as one of the columns in the notes of the template.",
        "Measures 1 Title [] The sheet has no such column. | Add the column. What the measure is called.",
    ]


def test_a_column_twice_is_refused():
    lines = told(read(changed({"Measures!K1": "TITLE", "Measures!K2": "Another"})))
    assert lines == ["Measures 1 TITLE [] There are two columns of this name, C and K. | Delete one of them."]


def test_two_sheets_of_one_name_are_refused():
    lines = told(read(changed({"TARGETS ": "Measure"})))
    assert lines == [
        "Targets 0  [] The workbook has two sheets of this name, “Targets” and “TARGETS ”. | Delete one of them."
    ]


def test_headers_choices_and_sheets_are_read_in_any_case_and_with_either_apostrophe():
    cells = {"Contract!D1": " commissioner's  SHORT name", "Measures!E2": "CONTRACTUAL: held against a target"}
    cells |= {"Series!H2": "pooled ratio", "Series!E2": "percent", "Targets!G2": "contract", "Contract!J2": "NO"}
    assert read(changed(cells)).book == EXAMPLE


def test_columns_may_stand_in_any_order():
    workbook = openpyxl.load_workbook(io.BytesIO(writing.workbook(EXAMPLE)))
    sheet = workbook["Measures"]
    for row in sheet.iter_rows():
        for cell, value in zip(row, [cell.value for cell in row][::-1], strict=True):
            cell.value = value
    out = io.BytesIO()
    workbook.save(out)
    assert read(out.getvalue()).book == EXAMPLE


def test_part_of_a_choice_is_none():
    (line,) = told(read(changed({"Series!H2": "Typed each month"})))
    assert line.startswith("Series 2 How the quarter’s figure is made [Typed each month] This is not in the list")


def test_merged_cells_are_refused():
    workbook = openpyxl.load_workbook(io.BytesIO(writing.workbook(EXAMPLE)))
    workbook["Measures"].merge_cells("C2:D2")
    out = io.BytesIO()
    workbook.save(out)
    (line,) = told(read(out.getvalue()))
    assert line == "Measures 2 Section [] The cell is part of a merged range. | Unmerge it and fill in each cell."


def test_the_templates_examples_are_left_out_and_its_empty_sheets_named():
    found = read(writing.template(examples.BOOK))
    assert found.told == ("6 example rows were left out.",)
    assert [line.partition(" | ")[0] for line in told(found)] == [
        f"{name} 0  [] The sheet has no row besides the example."
        for name in ("Contract", "Measures", "Series", "Definitions")
    ]


def test_the_examples_are_themselves_a_contract_once_their_mark_is_gone():
    workbook = openpyxl.load_workbook(io.BytesIO(writing.template(examples.BOOK)))
    for sheet in workbook.worksheets[:-1]:
        sheet["A2"] = None
    out = io.BytesIO()
    workbook.save(out)
    assert read(out.getvalue()).book == EXAMPLE


# What empty cells stand for, and how cells may be written


def test_empty_cells_stand_for_the_usual():
    cells = dict.fromkeys(
        ("Contract!B2 Contract!G2 Contract!H2 Contract!I2 Contract!J2 Measures!B2 Series!F2 Series!I2 Series!M2 "
         "Definitions!D2 Targets!D2 Targets!H2").split()
    )  # fmt: skip
    assert read(changed(cells)).book == EXAMPLE


@pytest.mark.parametrize("text", [
    "Q1 2018/19", "q1 2018-19", "2018-Q1", "2018/19 Q1", "Quarter 1 2018/2019", "Apr-Jun 2018", "April to June 2018/19",
    datetime.date(2018, 4, 1), datetime.date(2018, 6, 30), "30/06/2018",
])  # fmt: skip
def test_a_quarter_may_be_written_as_in_other_imports(text):
    assert read(changed({"Measures!F2": text})).book == EXAMPLE


@pytest.mark.parametrize("day", ["2018-09-12", "12 September 2018", "30/09/2018", datetime.date(2018, 9, 12)])
def test_a_day_may_be_written_in_words(day):
    found = read(changed({"Committee dates!B2": day})).book.committee_dates[0]
    assert (found.quarter, found.on.month) == (Quarter(2018, 1), 9)


@pytest.mark.parametrize(
    ("value", "number"), [(95, "95"), ("95%", "95"), ("95", "95"), (92.0, "92"), ("1,000", "1000")]
)
def test_a_target_is_read_exactly(value, number):
    (target,) = read(changed({"Targets!E2": value, "Series!J2": 1000})).book.targets
    assert (target.target, type(target.target)) == (Decimal(number), Decimal)


def test_a_percent_format_is_read_as_it_is_seen():
    workbook = openpyxl.load_workbook(io.BytesIO(writing.workbook(EXAMPLE)))
    for cell, share in (("E2", 0.95), ("F2", 0.9)):
        workbook["Targets"][cell] = share
        workbook["Targets"][cell].number_format = "0%"
    out = io.BytesIO()
    workbook.save(out)
    found = read(out.getvalue())
    assert (found.book, found.issues) == (EXAMPLE, ())


def test_no_number_comes_through_a_float():
    cells = {"Targets!E2": 0.1 + 0.2, "Targets!F2": 0.1, "Series!F2": 6, "Series!E2": "Rate per 10,000"}
    (target,) = read(changed(cells)).book.targets
    assert (target.target, target.tolerance) == (Decimal("0.3"), Decimal("0.1"))


def test_a_later_series_of_the_same_code_is_told_apart_by_its_first_quarter():
    cells = {f"Series!{letter}3": value for letter, value in zip("ABCDEFGHIJKLM", [
        "l1", "L1", "Repaired within three days", "Headline", "Percentage", 0, "Higher is better", "entered", "period",
        100, "repairs", "repair", "Q1 2019/20"], strict=True)}  # fmt: skip
    cells |= {"Series!N2": "Q4 2018/19", "Definitions!A3": "L1", "Definitions!B3": "L1", "Definitions!E3": "Anew."}
    which = "There are 2 series L1 in this measure, from Q1 2018/19 and Q1 2019/20. | "
    assert [line for line in told(read(changed(cells))) if "Definitions" in line] == [
        f"Definitions {row} Series’ first quarter [] {which}Say which is meant by its first quarter." for row in (2, 3)
    ]
    named = {
        "Definitions!C2": "Q1 2018/19",
        "Definitions!C3": "Q1 2019/20",
        "Targets!C2": "Q1 2019/20",
        "Targets!D2": None,
    }
    found = read(changed(cells | named))
    assert found.issues == ()
    assert [row.key for row in found.book.definitions] == [row.key for row in found.book.series]
    assert found.book.targets[0].key == ("L1", "L1", Quarter(2019, 1))
    assert read(writing.workbook(found.book)).book == found.book


SAME = "Row 2 has the same {} already. | Change one of the two, or delete it."


@pytest.mark.parametrize(("code", "address", "lines"), [
    ("L1", None, ["Measures 3 Code [L1] " + SAME.format("code")]),
    ("L1", "l1", ["Measures 3 Code [L1] " + SAME.format("code"), "Measures 3 Address [l1] " + SAME.format("address")]),
    ("L2", "l1", ["Measures 3 Address [l1] " + SAME.format("address")]),
    # Another code, of which the same address is made.
    ("L 1", "l1", ["Measures 3 Address [l1] " + SAME.format("address")]),
    ("(L1)", None, ["Measures 3 Address [] " + SAME.format("address")]),
])  # fmt: skip
def test_a_code_or_address_that_stands_twice_is_told_once(code, address, lines):
    cells = {f"Measures!{letter}3": value for letter, value in zip("ABCDEF", [
        code, address, "Again", "Repairs", "Contractual", "Q1 2018/19"], strict=True)}  # fmt: skip
    assert [line for line in told(read(changed(cells))) if line.startswith("Measures 3") and SAME[:5] in line] == lines


def test_two_headlines_and_two_series_of_one_code_may_not_run_at_once():
    cells = {f"Series!{letter}3": value for letter, value in zip("ABCDEFGHIJKLM", [
        "L1", "L1", "Again", "Headline", "Percentage", 0, "Higher is better", "entered", "period",
        100, "repairs", "repair", "Q3 2018/19"], strict=True)}  # fmt: skip
    cells |= {"Definitions!C2": "Q1 2018/19", "Targets!C2": "Q1 2018/19"}
    assert [line for line in told(read(changed(cells))) if line.startswith("Series 3")] == [
        "Series 3 Code [L1] Row 2 has a series of this code from Q1 2018/19 already. | "
        "Give it another code, or end the other before it starts.",
        "Series 3 Role [Headline] L1 in row 2 is the headline from Q1 2018/19 already. | "
        "Give one of them another role, or end the other before it starts.",
        "Series 3 Code [L1] The sheet “Definitions” does not say how L1 is counted from Q3 2018/19 on. | "
        "Add a row there for this series and quarter.",
    ]


def again(row, **cells):
    """Another series in this row of the sheet, like the example's but for these."""
    usual = ["L1", "L1", "Again", "Headline", "Percentage", 0, "Higher is better", "entered", "period", 100, "repairs",
             "repair", "Q1 2018/19"]  # fmt: skip
    letters = dict(zip("ABCDEFGHIJKLM", usual, strict=True)) | cells
    return {f"Series!{letter}{row}": value for letter, value in letters.items()}


def of_series(cells):
    """What is told of the series' codes and roles, and of headlines: row, column and why."""
    found = read(changed(cells))
    return [
        (issue.row, issue.column, issue.why)
        for issue in found.issues
        if issue.sheet in ("Measures", "Series") and "Definitions" not in issue.why
    ]


def test_headlines_follow_each_other_without_a_gap():
    before = {"Series!N2": "Q2 2018/19"}
    assert of_series(before | again(3, M="Q3 2018/19")) == []
    assert of_series(before | again(3, M="Q4 2018/19")) == [(2, "Code", "L1 has no headline in Q3 2018/19.")]
    between = again(3, M="Q4 2018/19") | again(4, M="Q3 2018/19", N="Q3 2018/19")
    assert of_series(before | between) == []
    # One of another role fills no gap.
    pair = between | {"Series!D4": "Pair", "Series!B4": "L1n"}
    assert of_series(before | pair) == [(2, "Code", "L1 has no headline in Q3 2018/19.")]
    # What cannot be read may be the one.
    unread = [why for _, column, why in of_series(before | between | {"Series!D4": "Perhaps"}) if column != "Role"]
    assert unread == []


def test_every_series_that_runs_beside_another_is_told_once():
    """Also where it is not the next that it runs beside, but one long before."""
    code = "Row {} has a series of this code {} already."
    cells = {"Series!D2": "Headline"} | again(3, M="Q2 2018/19", N="Q3 2018/19", D="Pair")
    cells |= again(4, M="Q1 2020/21", N="Q2 2020/21", D="Pair") | again(5, B="L1n", D="Pair")
    assert of_series(cells) == [
        (3, "Code", code.format(2, "from Q1 2018/19")),
        (4, "Code", code.format(2, "from Q1 2018/19")),
    ]
    # The lower row is the one to mend, whichever starts first.
    late = {"Series!M2": "Q2 2018/19", "Series!N2": "Q3 2018/19", "Series!D2": "Pair"} | again(3)
    assert of_series(late) == [(3, "Code", code.format(2, "from Q2 2018/19 to Q3 2018/19"))]


def with_pairs(number):
    """One measure with as many series beside its headline."""
    (headline,), (definition,) = EXAMPLE.series, EXAMPLE.definitions
    codes = [f"P{each}" for each in range(number)]
    pairs = [dataclasses.replace(headline, code=code, role="pair") for code in codes]
    texts = [dataclasses.replace(definition, series=code) for code in codes]
    return dataclasses.replace(EXAMPLE, series=(headline, *pairs), definitions=(definition, *texts))


@pytest.mark.parametrize("make", [with_measures, with_pairs])
def test_the_work_grows_as_the_rows_do(make, monkeypatch):
    asked, has = [], Line.has
    monkeypatch.setattr(Line, "has", lambda line, *names: asked.append(names) or has(line, *names))

    def work(number):
        book = files.read("contract.xlsx", writing.workbook(make(number)))
        asked.clear()
        assert reading.read(book).book == make(number)
        return len(asked)

    assert work(40) <= 2 * work(20)


# Files


def test_a_text_file_is_sent_back_to_the_template():
    with pytest.raises(Unreadable, match="^This is a text file. A contract comes in as an Excel workbook"):
        open_file("contract.xlsx", b"Title,Address\nRoads,roads\n")
    with pytest.raises(Unreadable, match="^The file is empty"):
        open_file("contract.xlsx", b"")


HOSTILE = [one for one in corpus_hostile.files("http://127.0.0.1:9/canary") if isinstance(one.expected, Refusal)]
HOSTILE = [one for one in HOSTILE if len(one.content) <= LARGEST_FILE]


@pytest.mark.parametrize("file", HOSTILE, ids=lambda file: file.about)
def test_a_hostile_file_is_refused_as_in_other_imports(file):
    with pytest.raises(Unreadable) as ours:
        open_file(file.name, file.content)
    with pytest.raises(Unreadable) as theirs:
        files.read(file.name, file.content)
    assert ours.value.sentence == theirs.value.sentence


def test_other_settings_are_read():
    book = with_contract(requires_second_factor=True, small_cohort=5, values_due_days=300, commentary_due_days=300)
    assert read(writing.workbook(book)).book == book
