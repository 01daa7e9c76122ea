import csv
import io

import pytest

from measures.entries import Status
from measures.figures_csv import HEADER, write, write_figures
from measures.quarters import Month, Quarter
from tests.rows import Q1, Q2, aim, reading, series


def lines(row, *readings, code="B8"):
    """The rows of the file as dicts, after its header."""
    out = io.StringIO(newline="")
    write_figures(out, code, row, readings)
    return list(csv.DictReader(io.StringIO(out.getvalue(), newline="")))


def line(row, held=None, **fields):
    [found] = lines(row, held or row.now, **fields)
    return found


class TestLines:
    def test_the_header_and_line_ends(self):
        out = io.StringIO(newline="")
        write_figures(out, "B8", series(70), [])
        assert out.getvalue() == ",".join(f'"{name}"' for name in HEADER) + "\r\n"

    def test_every_cell_is_quoted(self):
        out = io.StringIO(newline="")
        write_figures(out, "B8", series(70), [reading(70)])
        assert out.getvalue().splitlines()[1].startswith('"B8","B8","Measure B8","Q2 2018/19","70","percent","",""')

    def test_several_series_after_one_header(self):
        out = io.StringIO(newline="")
        other = series(80, code="A4")
        write(out, [("B8", series(70), [reading(70)]), ("A4", other, [reading(80), reading(81, Q1)])])
        found = list(csv.DictReader(io.StringIO(out.getvalue(), newline="")))
        assert [(one["measure"], one["series"], one["period"], one["value"]) for one in found] == [
            ("B8", "B8", "Q2 2018/19", "70"),
            ("A4", "A4", "Q2 2018/19", "80"),
            ("A4", "A4", "Q1 2018/19", "81"),
        ]

    def test_one_quarter(self):
        row = series(
            "70.4", aims=[aim(90, 85)], now={"counts": (147, 210), "note": "Three sibling groups", "illustrative": True}
        )
        assert line(row) == {
            "measure": "B8",
            "series": "B8",
            "name": "Measure B8",
            "period": "Q2 2018/19",
            "value": "70.4",
            "unit": "percent",
            "numerator": "147",
            "denominator": "210",
            "status": "final",
            "target": "90",
            "target basis": "contract",
            "tolerance": "85",
            "tolerance basis": "contract",
            "rating": "red",
            "illustrative": "illustrative",
            "note": "Three sibling groups",
        }

    def test_periods_keep_the_order_given(self):
        row = series(78, 70)
        assert [found["period"] for found in lines(row, row.before, row.now)] == ["Q1 2018/19", "Q2 2018/19"]

    def test_numbers_stay_numbers(self):
        row = series(
            "1897.6",
            unit="count",
            aims=[aim("1234.50", 2000)],
            polarity="lower",
            now={"counts": ("1E+3", "2000.500000")},
        )
        found = line(row)
        assert (found["value"], found["numerator"], found["denominator"]) == ("1897.6", "1000", "2000.5")
        assert (found["target"], found["tolerance"]) == ("1234.5", "2000")

    def test_a_negative_value_is_not_taken_for_a_formula(self):
        assert line(series("-5", unit="count"))["value"] == "-5"

    @pytest.mark.parametrize(
        ("value", "written"),
        [("84.25", "84.25"), ("70.476190", "70.47619"), ("1E+3", "1000"), ("0.000001", "0.000001")],
    )
    def test_every_digit_that_is_held(self, value, written):
        assert line(series(value, decimals=1))["value"] == written

    @pytest.mark.parametrize(
        ("status", "value", "words"),
        [
            (Status.NOT_AVAILABLE, "[x]", "not available"),
            (Status.NOT_APPLICABLE, "[z]", "not applicable"),
            (Status.SUPPRESSED, "[c]", "suppressed"),
            (None, "", "not held"),
        ],
    )
    def test_a_missing_value_has_its_symbol_and_no_rating(self, status, value, words):
        found = line(series(aims=[aim(90, 85)], now={"status": status}))
        assert (found["value"], found["status"], found["rating"]) == (value, words, "")

    def test_a_provisional_value(self):
        found = line(series(70, now={"status": Status.PROVISIONAL}))
        assert (found["value"], found["status"]) == ("70", "provisional")

    def test_illustrative_counts_are_left_out_and_so_are_the_digits_that_they_give(self):
        found = line(series("27.010148", now={"counts": (346, 1281), "counts_illustrative": True}))
        assert (found["value"], found["numerator"], found["denominator"], found["illustrative"]) == ("27", "", "", "")

    def test_each_quarter_has_the_target_of_its_own_time(self):
        row = series(70, 70, aims=[aim(60, 50), aim(90, 85, from_quarter=Q2)])
        found = lines(row, row.before, row.now)
        assert [(one["target"], one["tolerance"], one["rating"]) for one in found] == [
            ("60", "50", "green"),
            ("90", "85", "red"),
        ]

    def test_before_the_first_target(self):
        row = series(70, 70, aims=[aim(90, from_quarter=Q2)])
        found = lines(row, row.before, row.now)
        assert [(one["target"], one["tolerance"], one["rating"]) for one in found] == [
            ("", "", "none"),
            ("90", "", "missed"),
        ]

    def test_a_month_has_its_quarter_s_target_and_no_rating(self):
        found = line(series(70, aims=[aim(60), aim(90, 85, from_quarter=Q2)]), reading(70, Month(2018, 9)))
        assert (found["period"], found["target"], found["rating"]) == ("September 2018", "90", "")
        assert line(series(70, aims=[aim(60), aim(90, from_quarter=Q2)]), reading(70, Month(2018, 6)))["target"] == "60"

    @pytest.mark.parametrize("column", ["measure", "series", "name", "note"])
    def test_every_typed_text_is_made_inert(self, column):
        text = "=1+1"
        fields = {"code": text} if column == "series" else {"name": text} if column == "name" else {}
        row = series(70, **fields, now={"note": text if column == "note" else ""})
        found = line(row, code=text if column == "measure" else "B8")
        assert [name for name, value in found.items() if value.startswith("'")] == [column]
        assert found[column] == "'=1+1"

    def test_commas_quotes_and_line_breaks_come_back_as_they_were(self):
        text = 'He said "no", then\nnothing; more'
        assert line(series(70, now={"note": text}))["note"] == text


def test_a_gap_in_the_middle_is_a_line():
    row = series(78, None, 70)
    found = lines(row, *row.history[-3:])
    assert [(one["period"], one["value"]) for one in found] == [
        (Quarter(2017, 4).label, "78"),
        (Q1.label, ""),
        (Q2.label, "70"),
    ]
