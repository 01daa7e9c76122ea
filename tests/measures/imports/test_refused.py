"""Refused rows as a workbook, mended and imported again."""

import datetime
import io

import openpyxl
import pytest

from measures.imports.guessing import guess, missing
from measures.imports.planning import plan
from measures.imports.reading import read
from measures.imports.refused import MOST_ROWS, RefusedRow, RefusedRows, refused_rows
from measures.imports.refused_xlsx import workbook
from tests.measures.imports.formulas import FORMULAS
from tests.measures.imports.samples import CONTRACT, Anywhere, book, codes, items
from tests.measures.imports.workbooks import cells, formulas, links

HEAD = ["measure", "period", "value", "note"]
Q2 = "Q2 2018/19"


def refused(*rows, name=""):
    found = book(*rows, name=name)
    mapping = guess(found, CONTRACT)
    planned = plan(found, mapping, known=CONTRACT, held={}, places=Anywhere(), source="")
    return refused_rows(found, mapping, planned)


def again(content):
    found = read("refused.xlsx", content)
    mapping = guess(found, CONTRACT)
    assert missing(mapping) == []
    return plan(found, mapping, known=CONTRACT, held={}, places=Anywhere(), source="")


def mended(content, place, value):
    opened = openpyxl.load_workbook(io.BytesIO(content))
    opened.active[place] = value
    out = io.BytesIO()
    opened.save(out)
    return out.getvalue()


def test_only_refused_rows_with_all_that_is_wrong():
    found = refused(HEAD, ["A2", Q2, "80"], ["Z9", "Q9 2018/19", "1"], ["A4", Q2, ""])
    assert found.header == tuple(HEAD)
    [row] = found.rows
    assert (row.number, row.cells) == (3, ("Z9", "Q9 2018/19", "1"))
    assert row.issue == (
        "A “measure”: The contract has no measure or series “Z9”. Use the code of a measure or series as the template "
        "lists them, or take the row out. B “period”: There is no quarter 9. Quarters are Q1 to Q4."
    )


def test_warnings_are_no_refusals():
    head = ["measure", "period", "value", "numerator", "denominator"]
    assert refused(head, ["A2", Q2, "71", "148", "210"]).rows == ()


def test_the_workbook():
    content = workbook(refused(HEAD, ["Z9", Q2, "1", "Late"], ["A2", Q2, "eighty"]))
    found = cells(content)
    assert [found[f"{letter}1"] for letter in "ABCDE"] == [("s", text) for text in [*HEAD, "Issue"]]
    assert [found[f"{letter}2"][1] for letter in "ABCD"] == ["Z9", Q2, "1", "Late"]
    assert found["E3"][1].startswith("C “value”: “eighty” is not a number.")
    assert {kind for kind, _ in found.values()} == {"s"}


def test_mended_it_can_be_imported():
    content = workbook(refused(HEAD, ["A4", Q2, "74"], ["A2", Q2, "eighty", "=1+1"], ["Z9", Q2, "1"]))
    assert codes(again(content)) == [(2, "not_a_number", "C “value”"), (3, "unknown_series", "A “measure”")]
    found = again(mended(content, "C2", 80))
    assert items(found) == [(2, "2018-Q2", "80", "new")]
    assert found.items[0].entry.note == "=1+1"
    assert found.told == ()


def test_in_the_wide_layout():
    rows = [["Ref", "Q1 2018/19", datetime.date(2018, 9, 30)], ["A2", "80", "eighty"], ["A4", "74", "75"]]
    found = refused(*rows, name="Data")
    assert found.header == ("Ref", "Q1 2018/19", "2018-09-30")
    assert [row.cells for row in found.rows] == [("A2", "80", "eighty")]
    assert items(again(mended(workbook(found), "C2", 81))) == [(2, "2018-Q1", "80", "new"), (2, "2018-Q2", "81", "new")]


@pytest.mark.parametrize(
    ("stored", "format", "text"),
    [
        (70.4761904761905, "0", "70.4761904761905"),
        (1898, "#,##0", "1898"),
        (0.2701, "0%", "27.01%"),
        (datetime.date(2018, 9, 30), "dd/mm/yyyy", "2018-09-30"),
        (datetime.date(2018, 9, 1), "mmm yy", "September 2018"),
        ("#DIV/0!", "General", "#DIV/0!"),
        ("eighty", "General", "eighty"),
    ],
)
def test_a_cell_of_a_workbook_loses_no_digit(stored, format, text):
    opened = openpyxl.Workbook()
    opened.active.append([*HEAD, "more"])
    opened.active.append(["Z9", Q2, 1, "", stored])
    opened.active["E2"].number_format = format
    out = io.BytesIO()
    opened.save(out)
    found = read("figures.xlsx", out.getvalue())
    mapping = guess(found, CONTRACT)
    planned = plan(found, mapping, known=CONTRACT, held={}, places=Anywhere(), source="")
    [row] = refused_rows(found, mapping, planned).rows
    assert row.cells[4] == text


def test_rows_wider_than_the_header_and_no_rows_at_all():
    content = workbook(RefusedRows(("a",), (RefusedRow(2, ("1", "2", "3"), "Too many."),)))
    found = cells(content)
    assert (found["D1"][1], found["D2"][1]) == ("Issue", "Too many.")
    assert cells(workbook(RefusedRows((), ())))["A1"] == ("s", "Issue")


@pytest.mark.parametrize("text", FORMULAS)
def test_a_formula_is_text_everywhere(text):
    content = workbook(RefusedRows((text, "b"), (RefusedRow(2, (text, text), text),)))
    assert formulas(content) == []
    assert links(content) == []
    found = cells(content)
    assert {kind for kind, _ in found.values()} == {"s"}
    assert found["A2"][1].replace("_x000D_", "\r").strip() == text.strip()


class TestWhatABatchKeeps:
    def test_only_the_columns_that_mean_something(self):
        head = ["Child", "measure", "period", "value", "Team"]
        found = refused(head, ["Jo Bloggs", "Z9", Q2, "1", "North"], ["Al Other", "A2", Q2, "eighty", "South"])
        # While the file waits, what is given back is the file's own.
        assert found.rows[0].cells == ("Jo Bloggs", "Z9", Q2, "1", "North")
        kept = found.as_json()
        assert "Bloggs" not in str(kept)
        again = RefusedRows.from_json(kept)
        assert again.header == ("measure", "period", "value")
        assert [(row.number, row.cells) for row in again.rows] == [(2, ("Z9", Q2, "1")), (3, ("A2", Q2, "eighty"))]
        assert [row.issue for row in again.rows] == [row.issue for row in found.rows]
        assert again.as_json() == kept

    def test_of_a_wide_sheet_the_series_and_the_periods(self):
        found = refused(["Child", "Ref", "Q1 2018/19"], ["Jo Bloggs", "A2", "eighty"], name="Data")
        assert RefusedRows.from_json(found.as_json()).rows[0].cells == ("A2", "eighty")

    def test_a_row_shorter_than_its_header(self):
        found = RefusedRows(("a", "b", "c"), (RefusedRow(2, ("1",), "Wrong."),), mapped=(0, 2))
        assert found.as_json()[1] == {"row": 2, "cells": ["1", ""], "issue": "Wrong."}

    def test_nothing_where_no_row_was_refused(self):
        assert RefusedRows(("a",), (), mapped=(0,)).as_json() == []
        assert RefusedRows.from_json([]) == RefusedRows((), ())

    @pytest.mark.parametrize(
        ("rows", "text", "kept"), [(MOST_ROWS + 3, "x", MOST_ROWS), (60, "x" * 10_000, 49), (1, "x" * 600_000, 0)]
    )
    def test_no_more_than_fits(self, rows, text, kept):
        made = tuple(RefusedRow(number, (text,), "Wrong.") for number in range(2, rows + 2))
        again = RefusedRows.from_json(RefusedRows(("a",), made, mapped=(0,)).as_json())
        assert (len(again.rows), again.more) == (kept, rows - kept)
        sentence = (
            f"{rows - kept:,} more rows were refused than are kept here. Mend these, and bring the file in again for "
            "the others."
        )
        assert cells(workbook(again))[f"B{kept + 2}"] == ("s", sentence)

    def test_what_was_kept_before_there_was_a_limit(self):
        old = [{"row": 0, "cells": ["a"], "issue": ""}, {"row": 2, "cells": ["1"], "issue": "Wrong."}]
        assert RefusedRows.from_json(old).rows == (RefusedRow(2, ("1",), "Wrong."),)
