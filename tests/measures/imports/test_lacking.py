"""What keeps a file from being planned, beside columns without a meaning."""

from dataclasses import replace

import pytest

from measures.imports.findings import MOST_IN_A_ROW, MOST_KEPT
from measures.imports.guessing import guess, missing
from measures.imports.issues import Severity
from measures.imports.lacking import lacking
from measures.imports.mapping import Field
from measures.imports.planning import plan
from measures.imports.reading import MOST_VALUES, read
from measures.imports.refused import refused_rows
from tests.measures.imports.samples import CONTRACT, Anywhere, book, known

YEARS = range(2016, 2016 + 49)
PERIODS = [f"Q{number} {year}/{(year + 1) % 100:02d}" for year in YEARS for number in (1, 2, 3, 4)]


def wide(rows, columns, value="71", code="X{}"):
    header = ",".join(["series", *PERIODS[:columns]])
    lines = [",".join([code.format(number), *[value] * columns]) for number in range(rows)]
    return "\n".join([header, *lines]).encode()


def seen(content, **more):
    found = read("figures.csv", content, **more)
    mapping = guess(found, CONTRACT)
    return found, mapping, plan(found, mapping, known=CONTRACT, held={}, places=Anywhere(), source="")


def unreadable(rows, columns):
    """As `seen`, of series that the contract has and cells that are no numbers."""
    series = [known(number, f"X{number}", f"X{number}", f"Number {number}") for number in range(rows)]
    found = read("figures.csv", wide(rows, columns, value="seventy"), most_rows=None)
    mapping = guess(found, series)
    return found, mapping, plan(found, mapping, known=series, held={}, places=Anywhere(), source="")


class TestManyValues:
    def test_more_than_a_page_takes_are_counted_and_not_planned(self):
        found, mapping, planned = seen(wide(103, 98))
        [sentence] = lacking(found, mapping)
        assert sentence == (
            "This file holds 10,094 values: 103 rows, and 98 columns headed by a period. A page takes up to 10,000 "
            "values at once. Untick some of the periods and bring them in from the same file afterwards, or split the "
            "file, or have an administrator load it with the command import_values, which takes any number."
        )
        assert (planned.items, planned.issues, planned.asked) == ((), (), ())
        assert sentence in planned.told

    def test_the_last_one_that_a_page_takes(self):
        found, mapping, planned = seen(wide(100, 100))
        assert MOST_VALUES == 10_000
        assert lacking(found, mapping) == []
        assert len(planned.refused) == 100

    def test_empty_cells_do_not_count(self):
        found, mapping, _ = seen(wide(5000, 98, value=""))
        assert lacking(found, mapping) == []

    def test_with_fewer_periods_chosen_it_can_be_read(self):
        found, mapping, _ = seen(wide(103, 98))
        assert lacking(found, replace(mapping, periods=mapping.periods[:97])) == []

    def test_the_command_takes_any_number(self):
        found, mapping, planned = seen(wide(103, 98), most_rows=None)
        assert lacking(found, mapping) == []
        assert len(planned.refused) == 103


class TestManyIssues:
    def test_of_a_row_the_first_are_kept_and_the_others_counted(self):
        found, mapping, planned = unreadable(2, 98)
        assert [issue.row for issue in planned.issues] == [2] * MOST_IN_A_ROW + [3] * MOST_IN_A_ROW
        rest = 98 - MOST_IN_A_ROW
        assert dict(planned.unlisted) == {(Severity.REFUSED, "not_a_number", row): rest for row in (2, 3)}
        first, _ = refused_rows(found, mapping, planned).rows
        assert first.issue.endswith(f"Write a number in digits, such as 1,898. And {rest} more in this row.")

    def test_every_row_stays_refused_and_the_plan_stays_the_same_one(self):
        count = MOST_KEPT // MOST_IN_A_ROW + 5
        found, mapping, planned = unreadable(count, 26)
        assert len(planned.issues) == MOST_KEPT
        assert len(planned.refused) == count
        assert sum(planned.unlisted.values()) == count * 26 - MOST_KEPT
        *_, last = refused_rows(found, mapping, planned).rows
        assert last.issue == "Refused too. More is wrong with this file than is listed: see the rows before."
        assert unreadable(count, 26)[2].digest == planned.digest
        assert unreadable(count, 27)[2].digest != planned.digest


class TestValueBesideCounts:
    HEAD = ["measure", "period", "Ergebnis", "numerator", "denominator", "Team"]

    def mapped(self, *rows, head=None):
        return guess(book(head or self.HEAD, *rows), CONTRACT)

    @pytest.mark.parametrize("text", ["71", "71%", "71.5 [p]", "0.71", "71,5"])
    def test_a_column_of_numbers_is_named_and_not_passed_over(self, text):
        mapping = self.mapped(["A2", "Q2 2018/19", text, "148", "210", "North"])
        assert missing(mapping) == [
            "Column C “Ergebnis” holds numbers that are not read yet. Choose it as the value, or leave it out."
        ]

    def test_several(self):
        head = [*self.HEAD[:5], "Vorjahr"]
        mapping = self.mapped(["A2", "Q2 2018/19", "71", "148", "210", "70"], head=head)
        assert missing(mapping) == [
            "Columns C “Ergebnis” and F “Vorjahr” hold numbers that are not read yet. Choose one of them as the value, "
            "or leave them out."
        ]

    def test_once_somebody_chose_it_is_read(self):
        mapping = self.mapped(["A2", "Q2 2018/19", "71", "148", "210", "North"])
        assert missing(replace(mapping, unclear={})) == []
        assert missing(replace(mapping, unclear={}, columns={**mapping.columns, Field.VALUE: 2})) == []

    @pytest.mark.parametrize(
        ("name", "cells"),
        [("Team", ["North", "7", "South"]), ("Year", ["2018", "2018"]), ("unit", ["1", "1"]), ("Ergebnis", ["", ""])],
    )
    def test_other_columns_stop_nobody(self, name, cells):
        rows = [["A2", period, text, "148", "210"] for period, text in zip(PERIODS, cells, strict=False)]
        assert missing(self.mapped(*rows, head=["measure", "period", name, "numerator", "denominator"])) == []

    def test_beside_a_value_other_numbers_stop_nobody(self):
        head = ["measure", "period", "value", "numerator", "denominator", "Vorjahr"]
        assert missing(self.mapped(["A2", "Q2 2018/19", "71", "148", "210", "70"], head=head)) == []
