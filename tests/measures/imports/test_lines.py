"""Rows that are understood, and what is said of those that are not."""

import datetime
from decimal import Decimal

import pytest

from measures.entries import Status
from measures.imports.cells import Cell
from measures.imports.findings import RowCode
from measures.imports.issues import Refused
from measures.imports.statuses import read_status
from measures.quarters import Quarter
from tests.measures.imports.samples import codes, items, known, planned

HEAD = ["measure", "series", "period", "value", "numerator", "denominator", "status", "note"]
Q2 = "Q2 2018/19"


def a2(*cells):
    return ["A2", "A2", Q2, *cells]


def one(*row, head=HEAD, **more):
    """The plan of a file with this row alone."""
    return planned(head, list(row), **more)


def entry(found):
    [item] = found.items
    return item.entry


class TestUnderstood:
    @pytest.mark.parametrize(
        ("row", "item"),
        [
            (a2("80"), (2, "2018-Q2", "80", "new")),
            (a2("80.25"), (2, "2018-Q2", "80.25", "new")),
            (a2("80%"), (2, "2018-Q2", "80", "new")),
            (a2("", "120", "150"), (2, "2018-Q2", "80.000000", "new")),
            (a2("80", "120", "150"), (2, "2018-Q2", "80.000000", "new")),
            (a2("0"), (2, "2018-Q2", "0", "new")),
            (a2("[x]"), (2, "2018-Q2", None, "new")),
            (["", "A2", Q2, "80"], (2, "2018-Q2", "80", "new")),
            (["A2", "", Q2, "80"], (2, "2018-Q2", "80", "new")),
            (["", "assessments  IN time", Q2, "80"], (2, "2018-Q2", "80", "new")),
            (["Single assessments completed in time", "", Q2, "80"], (2, "2018-Q2", "80", "new")),
            (["A2", "Single assessments completed in time", Q2, "80"], (2, "2018-Q2", "80", "new")),
            (["A4", "", Q2, "74"], (3, "2018-Q2", "74", "new")),
            (["A4", "CiC", "July 2018", "80"], (4, "2018-07", "80", "new")),
            (["A4", "Children in care", "2018-07", "80"], (4, "2018-07", "80", "new")),
            (["", "cic", "Jul 2018", "80"], (4, "2018-07", "80", "new")),
            (["E34/35", "E35", "2018-Q2", "396"], (7, "2018-Q2", "396", "new")),
            (["E1", "", "30 September 2018", "1,898"], (5, "2018-09", "1898", "new")),
        ],
    )
    def test_series_period_and_value(self, row, item):
        found = one(*row)
        assert codes(found) == []
        assert items(found) == [item]

    @pytest.mark.parametrize(
        ("cells", "status"),
        [
            (["80", "", "", ""], Status.FINAL),
            (["80", "", "", "final"], Status.FINAL),
            (["80", "", "", "Provisional [p]"], Status.PROVISIONAL),
            (["80", "", "", "[p]"], Status.PROVISIONAL),
            (["80 [p]", "", "", ""], Status.PROVISIONAL),
            (["80 [p]", "", "", "provisional"], Status.PROVISIONAL),
            (["", "", "", "not available"], Status.NOT_AVAILABLE),
            (["[x]", "", "", "not_available"], Status.NOT_AVAILABLE),
            (["", "", "", "Suppressed at source [c]"], Status.SUPPRESSED),
            (["c", "", "", ""], Status.SUPPRESSED),
            (["", "", "", "z"], Status.NOT_APPLICABLE),
        ],
    )
    def test_status(self, cells, status):
        assert entry(one(*a2(*cells))).status is status

    @pytest.mark.parametrize(
        ("written", "note"),
        [
            ("Late data", "Late data"),
            ("'=1+1", "=1+1"),
            ("'\t- one", "\t- one"),
            ("first\n'- second", "first\n- second"),
            ("''=1", "'=1"),
            ("'quoted'", "'quoted'"),
            ("it's =1", "it's =1"),
        ],
    )
    def test_note_without_the_marks_of_our_own_export(self, written, note):
        assert entry(one(*a2("80", "", "", "", written))).note == note

    def test_cells_of_a_workbook(self):
        percent = Cell("27%", number=Decimal("0.27"), percent=True)
        rows = [
            ["A2", "", datetime.date(2018, 9, 30), percent],
            ["A4", "", Q2, Decimal("74.125000")],
            ["E1", "", datetime.date(2018, 7, 31), 1898],
        ]
        found = planned(["measure", "series", "period", "value"], *rows, name="Data")
        assert items(found) == [
            (2, "2018-Q2", "27", "new"),
            (3, "2018-Q2", "74.125", "new"),
            (5, "2018-07", "1898", "new"),
        ]

    def test_what_a_spreadsheet_computed_is_rounded_and_told(self):
        found = planned(["measure", "period", "value"], ["A2", Q2, Decimal("70.4761904761905")], name="Data")
        assert items(found) == [(2, "2018-Q2", "70.47619", "new")]
        assert found.told == ("Rounded to 6 decimals: 1 figure.",)

    def test_counts_without_a_column_of_values(self):
        head = ["Ref", "Quarter", "Num", "Den"]
        assert items(planned(head, ["A2", Q2, "120", "150"])) == [(2, "2018-Q2", "80.000000", "new")]
        found = planned(head, ["E1", "July 2018", "120", "150"], ["A2", Q2, "150", "120"])
        assert codes(found) == [(2, "not_possible", "C “Num”"), (3, "not_possible", "C “Num”")]

    def test_a_whole_year_is_no_period_of_a_series(self):
        head = ["Ref", "time_period", "time_identifier", "Value"]
        assert codes(planned(head, ["A2", "201819", "Financial year", "80"])) == [(2, "year_alone", "B “time_period”")]

    def test_a_period_in_two_columns(self):
        found = planned(["Ref", "Financial year", "Quarter", "Actual"], ["A2", "2018/19", "Q2", "80"])
        assert items(found) == [(2, "2018-Q2", "80", "new")]

    def test_the_series_of_its_time_where_a_code_was_used_again(self):
        old = known(8, "B1", "B1", "Old", last_quarter=Quarter(2018, 1))
        new = known(9, "B1", "B1", "New", first_quarter=Quarter(2018, 2))
        rows = [["B1", "Q1 2018/19", "1"], ["B1", "Q2 2018/19", "2"]]
        answers = {"shares": "as_they_are"}
        found = planned(["measure", "period", "value"], *rows, series=(old, new), answers=answers)
        assert [item.series for item in found.items] == [8, 9]

    def test_a_code_kept_as_a_number(self):
        series = (known(1, "7", "007", "Seven"), known(2, "9", "9", "Nine"))
        found = planned(["series", "period", "value"], [7, Q2, 5], [9, Q2, 6], series=series, name="Data")
        assert [item.series for item in found.items] == [1, 2]

    def test_a_number_that_is_two_codes(self):
        series = (known(1, "1.1", "1.1", "First"), known(2, "1.10", "1.10", "Tenth"))
        found = planned(["series", "period", "value"], [Decimal("1.1"), Q2, 5], series=series, name="Data")
        assert codes(found) == [(2, "several_series", "A “series”")]


REFUSED = [
    (["Z9", "", Q2, "1"], "unknown_series", "A “measure”"),
    (["A1", "CiC", Q2, "1"], "unknown_series", "B “series”"),
    (["Z9", "A1", Q2, "1"], "unknown_series", "A “measure”"),
    (["", "", Q2, "1"], "no_series", "A “measure”"),
    (["E34/35", "", Q2, "1"], "several_series", "A “measure”"),
    (["Total", "", Q2, "1"], "totals_row", "A “measure”"),
    (["", "Average", Q2, "1"], "totals_row", "B “series”"),
    (["A4", "Grand total:", Q2, "1"], "totals_row", "B “series”"),
    (["A2", "", "", "80"], "no_period", "C “period”"),
    (["A2", "", "Q5 2018/19", "80"], "quarter_number", "C “period”"),
    (["A2", "", "Q2", "80"], "no_year", "C “period”"),
    (["A2", "", "2018/19", "80"], "year_alone", "C “period”"),
    (["A2", "", "July 2018", "80"], "period_too_short", "C “period”"),
    (["A2", "", "2018-08-15", "80"], "mid_period", "C “period”"),
    (["A2", "", "Q1 2015/16", "80"], "outside_series", "C “period”"),
    (a2("eighty"), "not_a_number", "D “value”"),
    (a2("-"), "symbol", "D “value”"),
    (a2("-80%"), "negative_percentage", "D “value”"),
    (a2("101"), "not_possible", "D “value”"),
    (a2("80.1234567"), "not_possible", "D “value”"),
    (a2("80", "120"), "not_possible", "F “denominator”"),
    (a2("", "120", "0"), "not_possible", "F “denominator”"),
    (a2("", "150", "120"), "not_possible", "E “numerator”"),
    (a2("", "1.5", "120"), "not_possible", "E “numerator”"),
    (["E1", "", "July 2018", "1.5"], "not_possible", "D “value”"),
    (["E1", "", "July 2018", "5", "1", "2"], "not_possible", "E “numerator”"),
    (["A1", "", "July 2018", "27"], "not_possible", "E “numerator”"),
    (a2("80", "", "", "done"), "status_unknown", "G “status”"),
    (a2("", "", "", "n/a"), "status_ambiguous", "G “status”"),
    (a2("80", "", "", "not available"), "status_contradicts", "G “status”"),
    (a2("", "120", "150", "suppressed"), "status_contradicts", "G “status”"),
    (a2("[x]", "", "", "suppressed"), "status_contradicts", "G “status”"),
    (a2("80 [p]", "", "", "final"), "status_contradicts", "G “status”"),
    (a2("80", "", "", "not held"), "status_contradicts", "G “status”"),
    (a2("", "", "", "final"), "status_contradicts", "G “status”"),
    (a2("", "", "", "", "Still waiting"), "note_alone", "H “note”"),
    (a2("80", "", "", "", "x" * 501), "not_possible", "H “note”"),
    (a2("1", "898", "", "", "", "more"), "ragged", ""),
    (["A2", "", Q2, Cell("#DIV/0!", error="#DIV/0!")], "spreadsheet_error", "D “value”"),
    (["A2", "", Cell(merged=True), "80"], "merged", "C “period”"),
    (["A2", "", Q2, Cell(merged=True)], "merged", "D “value”"),
]


@pytest.mark.parametrize(
    ("row", "code", "column"), REFUSED, ids=[f"{code}-{i}" for i, (_, code, _) in enumerate(REFUSED)]
)
def test_refused(row, code, column):
    found = one(*row)
    assert codes(found) == [(2, code, column)]
    assert found.items == ()
    assert found.refused == {("", 2)}
    [issue] = found.issues
    assert issue.why.endswith((".", "?"))
    assert issue.remedy.endswith(".")


def test_all_that_is_wrong_with_a_row_is_told_at_once():
    assert codes(one("Z9", "", "Q9 2018/19", "80")) == [
        (2, "unknown_series", "A “measure”"),
        (2, "quarter_number", "C “period”"),
    ]
    assert codes(one("A2", "", Q2, "eighty", "x1", "", "done")) == [
        (2, "not_a_number", "D “value”"),
        (2, "not_a_number", "E “numerator”"),
        (2, "status_unknown", "G “status”"),
    ]


def test_an_issue_says_place_text_reason_and_remedy():
    [issue] = one("E34/35", "", Q2, "1").issues
    assert (issue.sheet, issue.row, issue.column, issue.read) == ("", 2, "A “measure”", "E34/35")
    assert issue.why == "“E34/35” can mean 2 series: E34 (Children in need), E35 (Rate of children in need)."
    assert (
        issue.remedy == "Name the series by its own code, beside the code of its measure where two measures share it."
    )


def test_a_long_text_is_shortened_in_its_issue():
    [issue] = one("A2", "", Q2, "80", "", "", "d" * 500).issues
    assert issue.read == "d" * 119 + "…"


class TestLeftOut:
    @pytest.mark.parametrize(
        "row",
        [
            ["A2", "", Q2, ""],
            ["A2", "", "no period", ""],
            ["Referral, assessment and visits"],
            ["A2", "", Q2, "", "", "", "not held"],
            ["Heading", Cell(merged=True), Cell(merged=True), Cell(merged=True)],
        ],
    )
    def test_without_value_and_status_it_is_never_zero(self, row):
        found = planned(HEAD, a2("80"), row)
        assert items(found) == [(2, "2018-Q2", "80", "new")]
        assert (found.issues, found.refused) == ((), frozenset())
        assert found.told == ("Left out, without a value or a status: 1 row.",)

    def test_a_row_in_columns_that_are_not_read(self):
        found = planned(["Ref", "Quarter", "Actual", "RAG"], ["A2", Q2, "80", "Red"], ["", "", "", "Key: red is late"])
        assert (len(found.items), found.issues) == (1, ())
        assert codes(planned(["Ref", "Quarter", "Actual"], ["", "", "", "beside"])) == [(2, "ragged", "")]

    def test_the_header_once_more(self):
        found = planned(HEAD, a2("80"), HEAD, ["A4", "", Q2, "74"])
        assert len(found.items) == 2
        assert found.told == ("Left out, the header once more: 1 row.",)

    def test_columns_that_are_not_read(self):
        found = planned(["Ref", "Quarter", "Actual", "Target", "RAG status now"], ["A2", Q2, "80", "90", "Red"])
        assert found.told == ("Not read: column E “RAG status now”.",)

    def test_text_beside_the_table_of_a_sheet(self):
        found = planned(["Ref", "Quarter", "Actual"], ["A2", Q2, "80", "", "check"], name="Data")
        assert len(found.items) == 1
        assert found.told == ("With text beside the table, which is not read: 1 row.",)

    def test_a_merged_text_that_names_a_series_is_no_heading(self):
        found = planned(["Ref", "Q2 2018/19"], ["A2", Cell(merged=True)], ["A4", "74"], name="Data")
        assert codes(found) == [(2, "merged", "B “Q2 2018/19”")]


class TestDuplicates:
    def test_all_of_them_are_refused_and_name_each_other(self):
        found = planned(
            HEAD, a2("80"), ["A4", "", Q2, "74"], ["A2", "", "2018-Q2", "80"], ["Assessments in time", "", Q2, "8"]
        )
        assert items(found) == [(3, "2018-Q2", "74", "new")]
        assert codes(found) == [(row, "duplicate", "C “period”") for row in (2, 4, 5)]
        assert found.issues[0].why == "A2, Q2 2018/19 stands in the file more than once, also in row 4, row 5."
        assert found.refused == {("", 2), ("", 4), ("", 5)}

    def test_also_where_one_of_them_cannot_be_read(self):
        assert codes(planned(HEAD, a2("80"), a2("eighty"))) == [
            (2, "duplicate", "C “period”"),
            (3, "not_a_number", "D “value”"),
            (3, "duplicate", "C “period”"),
        ]

    def test_an_empty_row_is_none(self):
        assert items(planned(HEAD, a2(""), a2("80"))) == [(2, "2018-Q2", "80", "new")]

    def test_many(self):
        found = planned(HEAD, *[a2("80")] * 8)
        assert found.issues[7].why.endswith("also in row 2, row 3, row 4, row 5, row 6 and 2 more.")
        assert len(found.issues) == 8


class TestWide:
    HEAD = ["Ref", "Q1 2018/19", "Q2 2018/19"]

    def test_a_cell_for_each_period(self):
        found = planned(self.HEAD, ["A2", "80", "81 [p]"], ["A4", "", "[x]"])
        assert items(found) == [
            (2, "2018-Q1", "80", "new"),
            (2, "2018-Q2", "81", "new"),
            (3, "2018-Q2", None, "new"),
        ]
        assert [item.entry.status.value for item in found.items] == ["final", "provisional", "not_available"]

    def test_one_bad_cell_leaves_the_others(self):
        found = planned(self.HEAD, ["A2", "80", "eighty"])
        assert items(found) == [(2, "2018-Q1", "80", "new")]
        assert codes(found) == [(2, "not_a_number", "C “Q2 2018/19”")]
        assert found.refused == {("", 2)}

    def test_a_header_that_cannot_be_read_is_said_once(self):
        head = ["Ref", "Q1 2018/19", "Q2 2018/19", "30/02/2018"]
        mapped = planned(head, ["A2", "80", "81", "82"], ["A4", "74", "", ""])
        assert codes(mapped) == []
        assert mapped.told == ("Not read: column D “30/02/2018”.",)

    def test_months_and_quarters_beside_each_other(self):
        found = planned(["Ref", "Jul 2018", "Q2 2018/19"], ["E1", "10", ""], ["A2", "", "80"])
        assert items(found) == [(5, "2018-07", "10", "new"), (2, "2018-Q2", "80", "new")]
        assert codes(planned(["Ref", "Jul 2018", "Q2 2018/19"], ["A2", "70", "80"])) == [
            (2, "period_too_short", "B “Jul 2018”")
        ]

    def test_the_same_period_twice(self):
        found = planned(["Ref", "Q2 2018/19", "2018-Q2"], ["A2", "80", "81"])
        assert codes(found) == [(2, "duplicate", "B “Q2 2018/19”"), (2, "duplicate", "C “2018-Q2”")]
        assert found.issues[0].why.endswith("also in row 2, column C.")

    def test_rows_without_a_value_or_a_series(self):
        found = planned(self.HEAD, ["A2", "80", "81"], ["Heading"], ["", "7", ""])
        assert codes(found) == [(4, "no_series", "A “Ref”")]
        assert found.told == ("Left out, without a value or a status: 1 row.",)

    def test_too_many_cells(self):
        assert codes(planned(self.HEAD, ["A2", "1", "898", "80"])) == [(2, "ragged", "")]

    def test_a_header_in_question_is_asked_and_its_cells_wait(self):
        found = planned(["Ref", "Q2 2018", "Q1 2018/19"], ["A2", "80", "81"])
        assert [(one.question.value, one.example, one.count) for one in found.asked] == [("year_kind", "Q2 2018", 1)]
        assert items(found) == [(2, "2018-Q1", "81", "new")]
        assert found.refused == frozenset()
        answered = planned(["Ref", "Q2 2018"], ["A2", "80"], answers={"year_kind": "calendar"})
        assert items(answered) == [(2, "2018-Q1", "80", "new")]


class TestQuestions:
    def test_are_counted_with_the_first_example(self):
        rows = [a2("27,5"), ["A4", "", Q2, "0.85"], ["E1", "", "01/02/2018", "5"], ["E1", "", "01/03/2018", "5"]]
        found = planned(HEAD, *rows)
        assert [(one.question.value, one.example, one.count) for one in found.asked] == [
            ("date_order", "01/02/2018", 2),
            ("decimal_mark", "27,5", 1),
            ("shares", "0.85", 1),
        ]
        assert (found.items, found.refused) == ((), frozenset())

    def test_answered(self):
        answers = {"date_order": "day_first", "decimal_mark": "comma", "shares": "times_100"}
        rows = [a2("0,275"), ["E1", "", "01/02/2018", "5"]]
        found = planned(HEAD, *rows, answers=answers)
        assert found.asked == ()
        assert items(found) == [(2, "2018-Q2", "27.5", "new"), (5, "2018-02", "5", "new")]


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("", None),
        ("not held", None),
        ("FINAL", Status.FINAL),
        ("not  available", Status.NOT_AVAILABLE),
        ("[X]", Status.NOT_AVAILABLE),
        ("Not applicable [z]", Status.NOT_APPLICABLE),
        ("confidential", Status.SUPPRESSED),
    ],
)
def test_status_words(text, status):
    assert read_status(text) is status


@pytest.mark.parametrize(("text", "code"), [("N/A", RowCode.STATUS_AMBIGUOUS), ("[e]", RowCode.STATUS_UNKNOWN)])
def test_other_words(text, code):
    with pytest.raises(Refused) as refused:
        read_status(text)
    assert refused.value.code is code
