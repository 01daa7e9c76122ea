from datetime import date
from decimal import Decimal

import pytest

from measures.charts.description import Point, Step
from measures.entries import Status
from measures.plotting import point_of, steps_of
from measures.quarters import Month
from tests.rows import Q1, Q2, aim, reading, series


class TestPoints:
    def test_a_quarter(self):
        row = series(70, aims=[aim(90, 85)], now={"counts": (147, 210)})
        assert point_of(row.now, row) == Point(
            at=date(2018, 9, 30),
            label="Q2 2018/19",
            short="Q2 18/19",
            value=Decimal(70),
            text="70%",
            numerator=Decimal(147),
            denominator=Decimal(210),
            rating="Off target",
        )

    def test_a_month_is_not_rated(self):
        held = reading(70, Month(2018, 9), illustrative=True, status=Status.PROVISIONAL)
        assert point_of(held, series(70, aims=[aim(90, 85)])) == Point(
            at=date(2018, 9, 30),
            label="September 2018",
            short="Sep 18",
            value=Decimal(70),
            text="70%",
            illustrative=True,
            provisional=True,
        )

    def test_illustrative_counts_are_left_out(self):
        row = series(27, now={"counts": (346, 1281), "counts_illustrative": True})
        point = point_of(row.now, row)
        assert (point.numerator, point.denominator, point.illustrative) == (None, None, False)

    @pytest.mark.parametrize(
        ("status", "symbol", "text"),
        [(Status.NOT_AVAILABLE, "[x]", "Not available [x]"), (None, "", "No value yet")],
    )
    def test_a_gap_says_why_and_is_not_rated(self, status, symbol, text):
        row = series(aims=[aim(90)], now={"status": status})
        point = point_of(row.now, row)
        assert (point.value, point.symbol, point.text, point.rating) == (None, symbol, text, None)

    def test_without_any_target_no_rating_is_spoken_of(self):
        row = series(70)
        assert point_of(row.now, row).rating is None


class TestSteps:
    def test_none_without_targets(self):
        assert steps_of(series(70)) == []

    def test_the_last_runs_to_the_end_of_the_quarter(self):
        row = series(70, aims=[aim(90, 85)])
        assert steps_of(row) == [
            Step(date(2015, 7, 1), date(2018, 9, 30), Decimal(90), Decimal(85), "target 90%", "tolerance 85%")
        ]

    def test_a_new_target_ends_the_one_before(self):
        row = series(70, aims=[aim(60, 50, Q1.previous), aim(90, from_quarter=Q2)])
        assert steps_of(row) == [
            Step(date(2018, 1, 1), date(2018, 6, 30), Decimal(60), Decimal(50), "target 60%", "tolerance 50%"),
            Step(date(2018, 7, 1), date(2018, 9, 30), Decimal(90), None, "target 90%", ""),
        ]

    def test_what_is_illustrative_is_marked(self):
        row = series(70, aims=[aim(90, 85, tolerance_basis="illustrative")])
        assert [(step.target_text, step.tolerance_text) for step in steps_of(row)] == [
            ("target 90%", "tolerance 85% [i]")
        ]
        row = series(70, aims=[aim(90, 85, target_basis="illustrative")])
        assert [(step.target_text, step.tolerance_text) for step in steps_of(row)] == [
            ("target 90% [i]", "tolerance 85%")
        ]

    def test_a_target_taken_away_leaves_an_empty_step(self):
        row = series(70, aims=[aim(90), aim(None, from_quarter=Q2)])
        assert [(step.start, step.target, step.target_text) for step in steps_of(row)] == [
            (date(2015, 7, 1), Decimal(90), "target 90%"),
            (date(2018, 7, 1), None, ""),
        ]
