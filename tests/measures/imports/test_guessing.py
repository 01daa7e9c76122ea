"""Which sheet, header row, layout and columns a file is taken to have."""

import datetime

import pytest

from measures.imports.cells import Book
from measures.imports.guessing import (
    NO_HEADER,
    NO_NAMING,
    NO_PERIOD,
    NO_VALUE,
    ONE_COUNT,
    fingerprint,
    guess,
    guess_at,
    missing,
)
from measures.imports.headings import word
from measures.imports.mapping import Field, Layout, Mapping
from tests.measures.imports.samples import CONTRACT, book, sheet

A1 = ["A1", "Q2 2018/19", "27"]
F = Field


def guessed(*rows, name=""):
    return guess(book(*rows, name=name), CONTRACT)


LONG = [
    (["measure", "period", "value"], {F.MEASURE: 0, F.PERIOD: 1, F.VALUE: 2}),
    (["Series", "Period", "Value"], {F.SERIES: 0, F.PERIOD: 1, F.VALUE: 2}),
    (["KPI", "Quarter", "Actual"], {F.MEASURE: 0, F.PERIOD: 1, F.VALUE: 2}),
    (["Ref", "Month", "Result"], {F.MEASURE: 0, F.PERIOD: 1, F.VALUE: 2}),
    (["INDICATOR REF.", "Reporting\nperiod", "Outturn (%)"], {F.MEASURE: 0, F.PERIOD: 1, F.VALUE: 2}),
    (["Indicator Code", "Quarter ending", "%"], {F.MEASURE: 0, F.PERIOD: 1, F.VALUE: 2}),
    (["code", "date", "figure"], {F.MEASURE: 0, F.PERIOD: 1, F.VALUE: 2}),
    (["name", "qtr", "performance"], {F.SERIES: 0, F.PERIOD: 1, F.VALUE: 2}),
    (["Ref", "Quarter", "Num", "Den"], {F.MEASURE: 0, F.PERIOD: 1, F.NUMERATOR: 2, F.DENOMINATOR: 3}),
    (["Ref", "Quarter", "Numerator", "Base"], {F.MEASURE: 0, F.PERIOD: 1, F.NUMERATOR: 2, F.DENOMINATOR: 3}),
    (["Ref", "Quarter", "Actual", "Symbol"], {F.MEASURE: 0, F.PERIOD: 1, F.VALUE: 2, F.STATUS: 3}),
    (["Ref", "Quarter", "Actual", "Comments"], {F.MEASURE: 0, F.PERIOD: 1, F.VALUE: 2, F.NOTE: 3}),
    # What it has no field for stays out; so does a count without the other.
    (["Ref", "Quarter", "Actual", "Target"], {F.MEASURE: 0, F.PERIOD: 1, F.VALUE: 2}),
    (["Ref", "Quarter", "Actual", "Base"], {F.MEASURE: 0, F.PERIOD: 1, F.VALUE: 2}),
    # Said outright wins over likely.
    (["Ref", "Period", "Actual", "Value"], {F.MEASURE: 0, F.PERIOD: 1, F.VALUE: 3}),
    (["Ref", "Quarter", "Value", "Period"], {F.MEASURE: 0, F.PERIOD: 3, F.VALUE: 2}),
]


@pytest.mark.parametrize(("header", "columns"), LONG, ids=lambda each: "-".join(map(str, each))[:40])
def test_header_words(header, columns):
    found = guessed(header, A1)
    assert (found.layout, found.header_row, found.columns, found.unclear) == (Layout.LONG, 1, columns, {})
    assert missing(found) == []


def test_our_own_export_is_read_exactly_and_leaves_nothing_open():
    header = (
        "measure,series,name,period,value,unit,numerator,denominator,status,target,target basis,tolerance,"
        "tolerance basis,rating,illustrative,note"
    ).split(",")
    found = guessed(header, ["A1", "A1", "Re-referrals", "July 2018", "0.5"])
    assert found.columns == {
        F.MEASURE: 0,
        F.SERIES: 1,
        F.PERIOD: 3,
        F.VALUE: 4,
        F.NUMERATOR: 6,
        F.DENOMINATOR: 7,
        F.STATUS: 8,
        F.NOTE: 15,
    }
    assert found.answers == {"shares": "as_they_are", "decimal_mark": "point"}


def test_other_files_leave_questions_open():
    assert guessed(["measure", "period", "value"], A1).answers == {}


def test_title_rows_above_the_header():
    found = guessed(
        ["Quarterly return"], [], ["Quarter", "Q2 2018/19"], ["Owner", "Trust"], ["Ref", "Period", "Value"], A1
    )
    assert (found.header_row, found.columns) == (5, {F.MEASURE: 0, F.PERIOD: 1, F.VALUE: 2})


@pytest.mark.parametrize(("above", "row"), [(19, 20), (20, 0)])
def test_the_header_is_among_the_first_twenty_rows(above, row):
    found = guessed(*[["Words"]] * above, ["Ref", "Period", "Value"], A1)
    assert found.header_row == row
    assert missing(found) == ([] if row else [NO_HEADER])


class TestANamedRow:
    ROWS = sheet(["Ref", "Period", "Value"], A1, ["KPI", "Quarter", "Notes", "Actual"], ["A2", "Q2 2018/19", "", "80"])

    def test_its_columns_are_guessed_and_no_other_row_s(self):
        found = guess_at(self.ROWS, 3, CONTRACT)
        assert (found.header_row, found.columns) == (3, {F.MEASURE: 0, F.PERIOD: 1, F.NOTE: 2, F.VALUE: 3})

    def test_a_row_of_data_or_none_gives_no_columns(self):
        assert [guess_at(self.ROWS, row, CONTRACT).columns for row in (2, 9)] == [{}, {}]
        assert guess_at(self.ROWS, 9, CONTRACT).header_row == 9


class TestWide:
    @pytest.mark.parametrize(
        ("header", "columns", "periods"),
        [
            (["Measure", "Q1 2018/19", "Q2 2018/19"], {F.MEASURE: 0}, (1, 2)),
            (["Ref", "Indicator", "2018-Q1", "Target", "2018-Q2"], {F.MEASURE: 0}, (2, 4)),
            (["Measure", "Series", "Jul 2018", "Aug 2018"], {F.MEASURE: 0, F.SERIES: 1}, (2, 3)),
            # No telling header above the codes, but codes below it.
            (["", "Q1 2018/19", "Q2 2018/19"], {F.SERIES: 0}, (1, 2)),
            (["Area", "Q1 2018/19", "Q2 2018/19"], {F.SERIES: 0}, (1, 2)),
            # One period alone, where the naming column says what it is.
            (["KPI", "Q2 2018/19"], {F.MEASURE: 0}, (1,)),
            # A question is to be asked of these.
            (["KPI", "01/02/2018", "Q2 2018"], {F.MEASURE: 0}, (1, 2)),
        ],
    )
    def test_columns_headed_by_periods(self, header, columns, periods):
        found = guessed(header, ["A1", *["27"] * (len(header) - 1)])
        assert (found.layout, found.columns, found.periods) == (Layout.WIDE, columns, periods)
        assert missing(found) == []

    def test_dates_of_a_workbook(self):
        days = [datetime.date(2018, 6, 30), datetime.date(2018, 9, 30)]
        assert guessed(["KPI", *days], ["A1", 1, 2], name="Data").periods == (1, 2)

    def test_a_row_of_data_is_no_header(self):
        found = guessed(["what", "then", "how much"], ["A1", "Q2 2018/19", "27"], ["A2", "Q2 2018/19", "80"])
        assert (found.header_row, found.columns) == (0, {})


class TestNaming:
    """Which of several columns names the series is seen from what stands below them."""

    def test_of_two_the_one_that_names_what_is_known(self):
        rows = [["x1", "A1", "Q2 2018/19", "27"], ["x2", "A2", "Q2 2018/19", "80"]]
        assert guessed(["Code", "Indicator", "Quarter", "Actual"], *rows).columns[F.MEASURE] == 1

    def test_the_first_where_both_do(self):
        rows = [["A1", "Re-referrals within 12 months", "Q2 2018/19", "27"]]
        assert guessed(["Ref", "Indicator", "Quarter", "Actual"], *rows).columns[F.MEASURE] == 0

    def test_a_name_that_names_nothing_is_left_out(self):
        rows = [["A1", "Children coming back", "Q2 2018/19", "27"]]
        found = guessed(["Ref", "Name", "Quarter", "Actual"], *rows)
        assert found.columns == {F.MEASURE: 0, F.PERIOD: 2, F.VALUE: 3}

    def test_a_measure_may_be_called_like_a_header(self):
        rows = [["Ref", "Performance", "Quarter"], ["Performance", "27", "Q2 2018/19"]]
        named = [*CONTRACT[:1], CONTRACT[1].__class__(**{**vars(CONTRACT[1]), "name": "Performance"})]
        assert guess(book(*rows), named).columns == {F.MEASURE: 0, F.VALUE: 1, F.PERIOD: 2}


class TestSplitPeriods:
    def test_a_year_beside_a_bare_quarter(self):
        found = guessed(["Ref", "Financial Year", "Quarter", "Actual"], ["A1", "2018/19", "Q2", "27"])
        assert found.columns == {F.MEASURE: 0, F.PERIOD: 1, F.IDENTIFIER: 2, F.VALUE: 3}

    def test_a_year_beside_a_full_quarter_says_nothing_more(self):
        found = guessed(["Ref", "Year", "Quarter", "Actual"], ["A1", "2018/19", "Q2 2018/19", "27"])
        assert found.columns == {F.MEASURE: 0, F.PERIOD: 2, F.VALUE: 3}

    def test_as_open_data_does(self):
        found = guessed(["Ref", "time_period", "time_identifier", "Value"], ["A1", "201819", "Financial year Q2", "27"])
        assert found.columns == {F.MEASURE: 0, F.PERIOD: 1, F.IDENTIFIER: 2, F.VALUE: 3}


def test_open_data_of_the_department():
    header = ["geographic_level", "time_identifier", "time_period", "la_name", "rate"]
    found = guessed(header, ["National", "Financial year", "201718", "", "331"])
    assert (found.layout, found.columns) == (Layout.TIDY, {F.PERIOD: 2, F.IDENTIFIER: 1})
    assert missing(found) == []


class TestUnclear:
    """Two columns that could be the same field: neither is taken."""

    @pytest.mark.parametrize(
        ("header", "field", "labels"),
        [
            (["Ref", "Period", "Value", "Value"], F.VALUE, ("C “Value”", "D “Value”")),
            (["Ref", "Period", "value", "VALUE "], F.VALUE, ("C “value”", "D “VALUE”")),
            (["Ref", "Quarter", "Actual", "Outturn"], F.VALUE, ("C “Actual”", "D “Outturn”")),
            (["Ref", "Month", "Value", "Quarter"], F.PERIOD, ("B “Month”", "D “Quarter”")),
            (["Ref", "Period", "Value", "Note", "Note"], F.NOTE, ("D “Note”", "E “Note”")),
            (["Measure", "Period", "Value", "Measure"], F.MEASURE, ("A “Measure”", "D “Measure”")),
        ],
    )
    def test_is_asked(self, header, field, labels):
        found = guessed(header, ["A1", "Q2 2018/19", "27", "28", "x"][: len(header)])
        assert found.header_row == 1
        assert found.unclear == {field: labels}
        assert field not in found.columns
        [said] = missing(found)
        assert said.startswith(f"{labels[0]} and {labels[1]} could each be the {field.value}.")

    def test_comes_back_from_what_is_kept(self):
        found = guessed(["Ref", "Period", "Value", "Value"], A1)
        assert Mapping.from_json(found.as_json()) == found


class TestSheets:
    def test_the_first_visible_one_that_looks_right(self):
        sheets = (
            sheet(["Read me"], ["Quarter"], name="Cover"),
            sheet(["Ref", "Period", "Value"], A1, name="Old", hidden=True),
            sheet(["Ref", "Period", "Value"], A1, name="Data"),
            sheet(["Ref", "Period", "Value"], A1, name="Data 2"),
        )
        assert guess(Book(sheets), CONTRACT).sheet == "Data"

    def test_notes_are_passed_over(self):
        sheets = (sheet(["series", "period", "value"], name="Notes"), sheet(["Ref", "Period", "Value"], A1, name="X"))
        assert guess(Book(sheets), CONTRACT).sheet == "X"
        assert guess(Book(sheets[:1]), CONTRACT).sheet == "Notes"

    def test_where_none_looks_right_the_one_most_like_it(self):
        sheets = (sheet(["Quarter", "words"], name="One"), sheet(["words"], ["Quarter", "Actual"], name="Two"))
        found = guess(Book(sheets), CONTRACT)
        assert (found.sheet, found.header_row) == ("Two", 2)
        assert missing(found) == [NO_NAMING]

    @pytest.mark.parametrize("nothing", [Book(()), Book((sheet(name="Empty"),)), Book((sheet(["x"], hidden=True),))])
    def test_nothing_to_guess(self, nothing):
        found = guess(nothing, CONTRACT)
        assert (found.header_row, found.columns) == (0, {})
        assert missing(found) == [NO_HEADER]


@pytest.mark.parametrize(
    ("layout", "columns", "periods", "said"),
    [
        (Layout.LONG, {F.MEASURE: 0, F.PERIOD: 1, F.VALUE: 2}, (), []),
        (Layout.LONG, {F.PERIOD: 1, F.VALUE: 2}, (), [NO_NAMING]),
        (Layout.LONG, {F.SERIES: 0}, (), [NO_PERIOD, NO_VALUE]),
        (Layout.LONG, {F.SERIES: 0, F.PERIOD: 1, F.NUMERATOR: 2}, (), [ONE_COUNT]),
        (Layout.LONG, {F.SERIES: 0, F.PERIOD: 1, F.NUMERATOR: 2, F.DENOMINATOR: 3}, (), []),
        (
            *(Layout.LONG, {F.SERIES: 0, F.PERIOD: 1, F.VALUE: 1}, ()),
            ["Column B is chosen more than once: as period and value. Choose it once."],
        ),
        (Layout.WIDE, {F.SERIES: 0}, (), ["Choose the columns that are headed by a period."]),
        (Layout.WIDE, {}, (1,), [NO_NAMING]),
        (
            *(Layout.WIDE, {F.SERIES: 1}, (1, 2)),
            ["Column B is chosen more than once: as series and period. Choose it once."],
        ),
        (Layout.TIDY, {}, (), []),
    ],
)
def test_what_a_mapping_lacks(layout, columns, periods, said):
    assert missing(Mapping("", 1, layout, columns, periods)) == said


class TestFingerprint:
    def of(self, *header):
        return fingerprint(sheet(list(header)), 1)

    def test_case_spaces_and_empty_ends_do_not_count(self):
        assert self.of("Ref", "Actual  value", "") == self.of("REF ", "actual value")

    def test_order_and_words_do(self):
        assert len({self.of("Ref", "Value"), self.of("Value", "Ref"), self.of("Ref"), self.of("Ref", "", "Value")}) == 4

    def test_any_period_counts_alike(self):
        assert self.of("Ref", "Q1 2018/19") == self.of("Ref", "Q2 2018/19") != self.of("Ref", "Value")

    def test_without_a_header(self):
        assert fingerprint(sheet(["x"]), 7) == fingerprint(sheet(), 1)


@pytest.mark.parametrize("text", ["The value", "THE VALUE", "value"])
def test_an_article_before_a_header_changes_nothing(text):
    assert word(text) == "value"
