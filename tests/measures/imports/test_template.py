"""The template: what it holds, and that it comes back understood."""

import csv
import io
import zipfile
from dataclasses import replace

import openpyxl
import pytest

from measures.imports.guessing import guess, missing
from measures.imports.mapping import Field
from measures.imports.planning import plan
from measures.imports.reading import read
from measures.imports.template_rows import HEADER, rows, write_csv
from measures.imports.template_xlsx import workbook
from measures.quarters import Quarter
from tests.measures.imports.formulas import FORMULAS
from tests.measures.imports.samples import A1, A2, CIC, CONTRACT, E1, Anywhere, codes, items, known
from tests.measures.imports.workbooks import NAMESPACE, cells, formulas, links, sheet

Q1, Q2 = Quarter(2018, 1), Quarter(2018, 2)
TITLE = "Children's services"


def planned(content, series=CONTRACT, name="template.xlsx"):
    book = read(name, content)
    mapping = guess(book, series)
    assert missing(mapping) == []
    return plan(book, mapping, known=series, held={}, places=Anywhere(), source="")


def as_csv(series=CONTRACT, quarters=(Q2,)):
    out = io.StringIO(newline="")
    write_csv(out, series, quarters)
    return out.getvalue()


def filled(content, values):
    """The workbook with cells filled in as Excel would, by (column name, row)."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    for (name, row), value in values.items():
        book["Figures"].cell(row=row, column=HEADER.index(name) + 1, value=value)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_a_row_for_each_value_that_is_typed():
    found = [(row.series.code, row.period.label) for row in rows((A1, A2), (Q2,))]
    assert found == [("A1", "July 2018"), ("A1", "August 2018"), ("A1", "September 2018"), ("A2", "Q2 2018/19")]


def test_series_that_do_not_run_then_have_none():
    ended = replace(A2, last_quarter=Q1)
    assert [row.period for row in rows((ended, replace(CIC, first_quarter=Q2)), (Q1, Q2))] == [Q1, *Q2.months]


def test_without_a_series_that_runs_there_is_the_header_alone():
    found = cells(workbook((replace(A2, last_quarter=Q1),), [Q2], title=TITLE))
    assert [found[f"{letter}1"][1] for letter in "ABCDEFGHIJ"] == list(HEADER)
    assert "A2" not in found


class TestWorkbook:
    @pytest.fixture(scope="class")
    def content(self):
        return workbook(CONTRACT, [Q2], title=TITLE)

    def test_header_and_rows(self, content):
        found = cells(content)
        assert [found[f"{letter}1"] for letter in "ABCDEFGHIJ"] == [("s", name) for name in HEADER]
        assert [found[f"{letter}2"][1] for letter in "ABCDE"] == ["A1", "A1", "Re-referrals", "July 2018", "percent"]
        assert {kind for kind, _ in found.values()} == {"s"}
        # Three months of four series, and the quarter of three.
        assert max(int(place[1:]) for place in found) == 1 + 4 * 3 + 3

    def test_the_header_stays_in_sight(self, content):
        [pane] = sheet(content).iter(f"{NAMESPACE}pane")
        assert (pane.get("state"), pane.get("ySplit"), pane.get("xSplit")) == ("frozen", "1", "5")

    def test_nothing_is_locked(self, content):
        assert list(sheet(content).iter(f"{NAMESPACE}sheetProtection")) == []

    def rules(self, content, place):
        """(type, operator, first, second) of the rules on one cell."""
        found = []
        for rule in sheet(content).iter(f"{NAMESPACE}dataValidation"):
            ranges = openpyxl.worksheet.cell_range.MultiCellRange(rule.get("sqref"))
            if place in ranges:
                limits = [rule.findtext(f"{NAMESPACE}formula{number}") for number in (1, 2)]
                found.append((rule.get("type"), rule.get("operator", "between"), *limits))
        return found

    @pytest.mark.parametrize(
        ("place", "rule"),
        [
            # A1 in July: percentages, their counts whole.
            ("F2", ("decimal", "between", "0", "100")),
            ("G2", ("whole", "between", "0", "999999999")),
            ("H2", ("whole", "between", "0", "999999999")),
            ("I2", ("list", "between", '"final,provisional,not available,not applicable,suppressed"', None)),
            ("J2", ("textLength", "lessThanOrEqual", "500", None)),
            # E1 in July: a count.
            ("F10", ("whole", "between", "0", "999999999")),
        ],
    )
    def test_what_a_cell_takes(self, content, place, rule):
        assert self.rules(content, place) == [rule]

    def test_a_count_has_no_rule_for_a_numerator(self, content):
        assert cells(content)["B10"][1] == "E1"
        assert self.rules(content, "G10") == []

    def test_the_notes_explain_columns_periods_and_series(self, content):
        texts = {text for _, text in cells(content, 2).values()}
        assert {f"Figures of {TITLE}", "numerator", "Q2 2018/19", "suppressed", "Rate of children in need"} <= texts
        assert {"rate per 10,000", "numerator and denominator", "month"} <= texts

    def test_empty_it_says_nothing(self, content):
        found = planned(content)
        assert (found.items, found.issues) == ((), ())
        assert found.told == ("Left out, without a value or a status: 15 rows.",)

    def test_filled_in_every_row_is_understood(self, content):
        values = {}
        for number in range(2, 17):
            series, period = (cells(content)[f"{letter}{number}"][1] for letter in "BD")
            if series == "A1":
                values |= {("numerator", number): 27, ("denominator", number): 100}
            elif period == "August 2018":
                values[("status", number)] = "not available"
            else:
                values |= {("value", number): 50, ("status", number): "provisional", ("note", number): "-5 since July"}
        found = planned(filled(content, values))
        assert codes(found) == []
        assert len(found.items) == 15
        assert items(found)[:3] == [(1, f"2018-{month:02d}", "27.000000", "new") for month in (7, 8, 9)]
        kinds = {(item.entry.status.value, item.entry.note) for item in found.items}
        assert kinds == {("final", ""), ("not_available", ""), ("provisional", "-5 since July")}

    def test_a_percentage_typed_with_its_sign(self, content):
        book = openpyxl.load_workbook(io.BytesIO(content))
        cell = book["Figures"].cell(row=5, column=6, value=0.27)
        cell.number_format = "0%"
        out = io.BytesIO()
        book.save(out)
        assert items(planned(out.getvalue())) == [(2, "2018-Q2", "27", "new")]


class TestCsv:
    def test_it_holds_the_same_rows(self):
        content = workbook(CONTRACT, [Q2], title=TITLE)
        table = list(csv.reader(io.StringIO(as_csv(), newline="")))
        places = cells(content)
        assert table[0] == list(HEADER)
        assert [row[:5] for row in table[1:]] == [
            [places[f"{letter}{number}"][1] for letter in "ABCDE"] for number in range(2, 17)
        ]

    def test_filled_in_it_is_understood(self):
        lines = as_csv(series=(E1, A2)).splitlines()
        lines[1] = lines[1].replace('"","","","",""', '"1,898","","","",""')
        # As Excel saves a month and leaves out quotes.
        lines[2] = "E1,E1,Contacts a month,Aug-18,count,1790,,,provisional,"
        found = planned("\r\n".join(lines).encode(), name="template.csv")
        assert items(found) == [(5, "2018-07", "1898", "new"), (5, "2018-08", "1790", "new")]

    def test_the_mapping_is_exact(self):
        mapping = guess(read("t.csv", as_csv().encode()), CONTRACT)
        assert mapping.columns == {
            Field.MEASURE: 0,
            Field.SERIES: 1,
            Field.PERIOD: 3,
            Field.VALUE: 5,
            Field.NUMERATOR: 6,
            Field.DENOMINATOR: 7,
            Field.STATUS: 8,
            Field.NOTE: 9,
        }


@pytest.mark.parametrize("text", FORMULAS)
def test_names_that_look_like_formulas_are_text(text):
    series = (known(1, text, text, text),)
    content = workbook(series, [Q2], title=text)
    assert formulas(content) == []
    assert links(content) == []
    assert {kind for number in (1, 2) for kind, _ in cells(content, number).values()} == {"s"}
    for row in csv.reader(io.StringIO(as_csv(series), newline="")):
        for cell in row:
            for line in cell.splitlines():
                assert not line.lstrip().startswith(tuple("=+-@＝＋－＠"))


def test_the_same_content_is_the_same_file_whenever_it_is_made():
    with zipfile.ZipFile(io.BytesIO(workbook(CONTRACT, [Quarter.parse("Q3 2018/19")], title="A"))) as parts:
        core = parts.read("docProps/core.xml").decode()
    assert core.count("2000-01-01T00:00:00Z</dcterms:") == 2
