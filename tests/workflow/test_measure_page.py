from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from measures.derivation import Derivation
from measures.entries import Status as Held
from measures.quarters import Month, Year
from measures.rating import Polarity
from measures.terms import Frequency, Kind, SeriesRole
from measures.track import Track
from measures.trend import Comparison, Trend
from tests.measures.charts_samples import b8
from tests.rows import Q1, Q2, aim, card, measure, rated, reading, series
from workflow import measure_page as page
from workflow.tiles import Marked

HEAD = series(74, code="A4", name="All children", aims=[aim(80, 75)])
PAIR = series(80, code="CiC", name="Children in care", role=SeriesRole.PAIR, frequency=Frequency.MONTH)
PART = series(66, code="C&N", name="Children in need", role=SeriesRole.SUBGROUP)
ROW = measure("A4", HEAD, pairs=(PAIR,), subgroups=(PART,), section="Visits")


def trend_of(row, *readings, frequency=Frequency.QUARTER, comparisons=()):
    return Trend(row, frequency, readings or row.history[-1:], None, comparisons, ())


def comparison(comparability="Same definition"):
    return Comparison("England", Year(2017), "21.9%", "DfE", "LAIT 2026", "", comparability, "")


CHART = b8()


class TestSwitchable:
    def trend(self, row, *comparisons, chart=CHART):
        return replace(trend_of(row, comparisons=comparisons), chart=chart)

    def test_only_what_there_is_something_of_can_be_switched(self):
        assert page.switchable(self.trend(PART)) == set()
        assert page.switchable(self.trend(HEAD)) == {"target"}
        assert page.switchable(self.trend(PART, comparison())) == {"benchmarks"}
        assert page.switchable(self.trend(series(70, aims=[aim(None, None)]))) == set()

    def test_what_cannot_be_compared_is_not_drawn_anyway(self):
        assert page.switchable(self.trend(PART, comparison("Not comparable, so not drawn"))) == set()

    def test_limits_where_there_are_some_of_the_periods_that_are_shown(self):
        values = tuple(float(70 + number % 3) for number in range(14))
        quarters = replace(PART, track=Track(Frequency.QUARTER, 8060, values))
        assert page.switchable(self.trend(quarters)) == {"limits", "screen"}
        months = replace(PART, track=Track(Frequency.MONTH, 24180, values))
        assert page.switchable(self.trend(months)) == set()
        assert page.switchable(replace(self.trend(months), frequency=Frequency.MONTH)) == {"limits", "screen"}
        assert page.switchable(self.trend(replace(PART, track=Track(Frequency.QUARTER, 8060, values[:5])))) == set()

    def test_intervals_where_a_cohort_is_small(self):
        assert page.switchable(self.trend(series(84, now={"counts": (16, 19)}))) == {"interval"}
        assert page.switchable(self.trend(series(70, now={"counts": (14700, 21000)}))) == set()

    def test_nothing_without_a_chart(self):
        assert page.switchable(self.trend(HEAD, comparison(), chart=None)) == set()


class TestTable:
    def test_a_line(self):
        row = series(
            70,
            aims=[aim(90, 85, tolerance_basis="illustrative")],
            now={"counts": (147, 210), "note": "Three groups", "revised": True},
        )
        assert page.table(trend_of(row)).rows == (
            page.TableRow(
                period="Q2 2018/19",
                value="70%",
                marks=("r",),
                cohort="147 of 210",
                target="90%",
                target_marks="",
                tolerance="85%",
                tolerance_marks="i",
                status="red",
                rating="Off target",
                note="Three groups",
                revised=row.now,
            ),
        )

    def test_latest_first(self):
        table = page.table(trend_of(HEAD, reading(70, Q1), reading(74, Q2)))
        assert [line.period for line in table.rows] == ["Q2 2018/19", "Q1 2018/19"]

    def test_each_quarter_has_the_target_of_its_own_time(self):
        row = series(70, 70, aims=[aim(60), aim(90, 85, from_quarter=Q2)])
        table = page.table(trend_of(row, *row.history[-2:]))
        assert [(line.target, line.tolerance, line.status) for line in table.rows] == [
            ("90%", "85%", "red"),
            ("60%", "", "green"),
        ]

    def test_a_month_has_its_quarter_s_target_and_no_rating(self):
        row = series(70, aims=[aim(90, 85)])
        [line] = page.table(trend_of(row, reading(70, Month(2018, 9)))).rows
        assert (line.period, line.target, line.status, line.rating) == ("September 2018", "90%", "", "")

    def test_a_missing_value_is_not_rated(self):
        row = series(aims=[aim(90, 85)], now={"status": Held.NOT_AVAILABLE})
        [line] = page.table(trend_of(row)).rows
        assert (line.value, line.status) == ("Not available [x]", "")

    def test_a_target_taken_away_leaves_no_mark_behind(self):
        row = series(70, aims=[aim(None, target_basis="illustrative", tolerance_basis="illustrative")])
        [line] = page.table(trend_of(row)).rows
        assert (line.target, line.target_marks, line.tolerance, line.tolerance_marks) == ("", "", "", "")

    def test_illustrative_counts_are_left_out(self):
        row = series(27, now={"counts": (346, 1281), "counts_illustrative": True})
        assert page.table(trend_of(row)).rows[0].cohort == ""

    @pytest.mark.parametrize(
        ("row", "columns"),
        [
            (series(70), (False, False, False, False)),
            (series(70, now={"counts": (147, 210)}), (True, False, False, False)),
            (series(None, aims=[aim(90)]), (False, True, False, False)),
            (series(70, aims=[aim(90)]), (False, True, True, False)),
            (series(70, now={"note": "Why"}), (False, False, False, True)),
        ],
    )
    def test_columns_that_would_be_empty_are_left_out(self, row, columns):
        table = page.table(trend_of(row))
        assert (table.has_cohorts, table.has_targets, table.has_ratings, table.has_notes) == columns


class TestHeadline:
    def test_a_percentage_with_its_cohort(self):
        row = series(70, now={"counts": (147, 210), "illustrative": True})
        assert page.headline(row, visible=True) == page.Headline("70", "%", "", ("i",), "147 of 210 cases", "")

    def test_a_count_names_what_is_counted(self):
        row = series(1898, unit="count", counted="contacts a month")
        assert page.headline(row, visible=True) == page.Headline("1,898", "", "", (), "contacts a month", "")

    def test_illustrative_counts(self):
        row = series(27, now={"counts": (346, 1281), "counts_illustrative": True})
        shown = page.headline(row, visible=True)
        assert (shown.cohort, shown.counts_note) == ("", "Counts behind this value are illustrative and not shown.")

    @pytest.mark.parametrize(
        ("visible", "status", "words"),
        [(True, None, "No value yet"), (True, Held.SUPPRESSED, "Suppressed [c]"), (False, None, "Not submitted yet")],
    )
    def test_a_missing_value(self, visible, status, words):
        shown = page.headline(series(now={"status": status}), visible=visible)
        assert (shown.number, shown.absent) == ("", words)

    def test_target_and_tolerance(self):
        assert page.aims(HEAD) == (Marked("target 80%", (), "80%"), Marked("tolerance 75%", (), "75%"))
        assert page.aims(PART) == (None, None)


class TestBadge:
    def test_the_headline_s_rating(self):
        assert page.badge(ROW, HEAD, visible=True) == page.Badge(
            True, "red", "Off target", "The value is below the tolerance"
        )

    @pytest.mark.parametrize(("row", "visible"), [(PAIR, True), (PART, True), (HEAD, False)])
    def test_none_beside_it_or_while_hidden(self, row, visible):
        assert not page.badge(ROW, row, visible=visible).shown

    @pytest.mark.parametrize("visible", [True, False])
    def test_volumetric_ones_say_so(self, visible):
        row = series(1898, unit="count", polarity="neutral")
        made = page.badge(measure("E1", row, kind=Kind.VOLUMETRIC), row, visible=visible)
        assert (made.shown, made.status, made.word) == (True, "none", "Volumetric")


class TestNeighbours:
    ROWS = (
        rated("B8", 70, section="Court work"),
        rated("A2", 70, section="Visits"),
        measure("E1", HEAD, kind=Kind.VOLUMETRIC, section="Contacts"),
        measure("E34", HEAD, kind=Kind.VOLUMETRIC, area_reason="Why"),
        rated("A1", 70, area_reason="Why", section="Visits"),
        rated("B9", 70, section="Court work"),
    )

    def test_they_follow_the_order_of_the_scorecard(self):
        held = card(*self.ROWS)
        order = ["E34", "A1", "B8", "B9", "A2", "E1"]
        found = {row.code: page.neighbours(held, row) for row in held.rows}
        assert {code: tuple(row and row.code for row in pair) for code, pair in found.items()} == {
            code: (before, after)
            for before, code, after in zip([None, *order], order, [*order[1:], None], strict=False)
        }

    def test_one_alone_has_none(self):
        assert page.neighbours(card(ROW), ROW) == (None, None)

    @pytest.mark.parametrize(
        ("row", "title"),
        list(
            zip(ROWS, ["Court work", "Visits", "Volumetric", *["Areas for improvement"] * 2, "Court work"], strict=True)
        ),
    )
    def test_the_group_it_stands_in(self, row, title):
        assert page.group_of(row) == title


class TestWords:
    def test_eyebrow(self):
        assert page.eyebrow(ROW, HEAD) == "A4 · contractual · higher is better"
        assert page.eyebrow(ROW, PAIR) == "A4 · contractual · higher is better · Children in care"
        assert page.eyebrow(ROW, None) == "A4 · contractual"
        row = measure("E1", HEAD, kind=Kind.VOLUMETRIC)
        assert page.eyebrow(row, HEAD) == "E1 · volumetric"

    def test_every_polarity_and_derivation_has_words(self):
        assert set(page.POLARITY_WORDS) == set(Polarity)
        assert set(page.DERIVED_BY) == set(Derivation)

    def test_a_benchmark_s_line(self):
        comparison = Comparison(
            "Neighbours (mean)",
            Year(2017),
            "21.9%",
            "DfE",
            "LAIT 2026",
            "Published",
            "Same definition",
            "Note",
            date(2018, 10, 25),
            7,
        )
        assert page.benchmark_rows(trend_of(HEAD, comparisons=(comparison,))) == [
            page.BenchmarkRow(
                7,
                "Neighbours (mean)",
                "year to 31 March 2018",
                "21.9%",
                "DfE, LAIT 2026, published 25 October 2018",
                "Published",
                "Same definition",
                "Note",
            )
        ]

    def test_a_benchmark_without_a_day(self):
        assert page.benchmark_rows(trend_of(HEAD, comparisons=(comparison(),)))[0].source == "DfE, LAIT 2026"


def test_a_value_is_printed_at_the_series_decimals():
    assert page.headline(series(Decimal("84.210526")), visible=True).number == "84"
