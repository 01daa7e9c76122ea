import dataclasses
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from measures.entries import Status as Held
from measures.quarters import Quarter
from measures.rating import Rating, Status
from measures.rows import COUNTED, counted_as
from measures.states import State
from measures.terms import Kind, SeriesRole
from measures.travel import Direction, Run
from tests.rows import Q1, Q2, aim, card, measure, rated, reading, series

BELOW = Rating(Status.RED, "The value is below the tolerance")


class TestSeriesRow:
    def test_now_and_before_are_the_last_two_quarters(self):
        row = series(78, 70)
        assert (row.now, row.before) == (reading(70, Q2), reading(78, Q1))

    def test_the_direction_of_travel_is_from_the_quarter_before(self):
        travel = series(78, 70).travel
        assert (travel.direction, travel.difference, travel.text) == (Direction.WORSENED, Decimal(-8), "8 points worse")

    @pytest.mark.parametrize("values", [(None, 70), (78, None)])
    def test_no_travel_from_or_to_a_gap(self, values):
        assert series(*values).travel is None

    def test_each_quarter_is_rated_against_the_target_of_its_own_time(self):
        row = series(70, 70, aims=[aim(60, 50), aim(90, 85, from_quarter=Q2)])
        assert row.rating == BELOW
        assert row.rating_of(row.before) == Rating(Status.GREEN, "The value is at or above the target")
        assert row.aim == aim(90, 85, from_quarter=Q2)
        assert row.aim_in(Q1) == aim(60, 50)

    def test_before_its_first_target_a_quarter_is_not_rated(self):
        row = series(70, 70, aims=[aim(90, 85, from_quarter=Q2)])
        assert row.rating_of(row.before) == Rating(Status.NONE, "No target set")

    def test_a_target_can_be_taken_away(self):
        row = series(70, 70, aims=[aim(90, 85), aim(None, from_quarter=Q2)])
        assert row.rating == Rating(Status.NONE, "No target set")

    def test_the_printed_value_is_rated(self):
        held = {"aims": [aim(90, 85)], "decimals": 0}
        assert series("89.5", **held).rating == Rating(Status.GREEN, "The value is at or above the target", True)
        assert series("89.4", **held).rating.status is Status.AMBER

    @pytest.mark.parametrize(
        ("values", "run"),
        [
            ((90, 86, 82, 78, 70), Run(4, Direction.WORSENED)),
            ((60, 65, 70), Run(2, Direction.IMPROVED)),
            ((86, None, 78, 70), Run(1, Direction.WORSENED)),
            ((70, 70), Run(0, None)),
            # As printed: 70.4 and 70.0 read the same.
            (("70.4", 70), Run(0, None)),
            ((70,), Run(0, None)),
        ],
    )
    def test_a_run_counts_moves_as_printed(self, values, run):
        assert series(*values).run == run

    def test_neutral_series_have_no_rating(self):
        assert series(70, polarity="neutral").rating == Rating(Status.NONE, "Volumetric, no target")


class TestMeasureRow:
    def test_its_rating_is_its_headline_s(self):
        assert rated("B8", 70).status is Status.RED

    def test_without_headline_it_is_not_rated(self):
        assert measure().status is Status.NONE
        assert measure().series == ()

    def test_pairs_and_subgroups_follow_the_headline(self):
        head, pair, part = series(1), series(2, role=SeriesRole.PAIR), series(3, role=SeriesRole.SUBGROUP)
        assert measure(headline=head, pairs=(pair,), subgroups=(part,)).series == (head, pair, part)
        assert measure(pairs=(pair,)).series == (pair,)

    def test_an_area_for_improvement_has_a_reason(self):
        assert measure(area_reason="Below tolerance.").is_area
        assert not measure().is_area

    @pytest.mark.parametrize("kind", Kind)
    def test_volumetric_is_a_kind(self, kind):
        assert measure(kind=kind).is_volumetric is (kind is Kind.VOLUMETRIC)


class TestScorecard:
    ROWS = (
        rated("A", 95),
        rated("B", 87),
        rated("C", 70),
        rated("D", 60),
        rated("E", 60, tolerance=None),
        measure("F"),
    )

    def test_counts_put_a_missed_target_without_tolerance_under_not_rated(self):
        assert [row.status for row in self.ROWS] == ["green", "amber", "red", "red", "missed", "none"]
        assert card(*self.ROWS).counts == {Status.RED: 2, Status.AMBER: 1, Status.GREEN: 1, Status.NONE: 2}

    def test_counts_name_every_rating_in_the_order_of_concern(self):
        assert list(card().counts.items()) == [(status, 0) for status in COUNTED]

    @given(st.lists(st.sampled_from(ROWS)))
    def test_every_measure_is_counted_once(self, rows):
        assert sum(card(*rows).counts.values()) == len(rows)

    @pytest.mark.parametrize("status", Status)
    def test_every_status_is_counted_somewhere(self, status):
        assert counted_as(status) is (Status.NONE if status is Status.MISSED else status)
        assert counted_as(status) in COUNTED

    def test_a_row_is_found_by_its_slug(self):
        held = card(*self.ROWS)
        assert held.row("c") is self.ROWS[2]
        assert held.row("z") is None

    def test_figures_are_visible_where_the_quarter_is(self):
        assert card().figures_visible
        assert not card(visible=False).figures_visible
        assert not dataclasses.replace(card(), visible=frozenset({Q1})).figures_visible

    def test_nothing_in_it_can_be_changed(self):
        held = card(*self.ROWS)
        for thing in (held, held.rows[0], held.rows[0].headline, held.rows[0].headline.now):
            with pytest.raises(AttributeError):
                thing.quarter = Quarter(2019, 1)


def test_a_missing_value_is_not_rated_whatever_the_target():
    row = series(aims=[aim(90, 85)], now={"status": Held.NOT_AVAILABLE})
    assert row.rating == Rating(Status.NONE, "No value held")
    assert card(measure(headline=row), state=State.OPEN).counts[Status.NONE] == 1


class TestGap:
    @pytest.mark.parametrize(
        ("value", "decimals", "target", "gap"),
        [("84.210526", 0, 90, -6), ("84.210526", 1, 90, "-5.8"), ("69.5", 0, 85, -15), (95, 0, 90, 5), (90, 0, 90, 0)],
    )
    def test_value_minus_target_as_printed(self, value, decimals, target, gap):
        assert series(value, decimals=decimals, aims=[aim(target)]).gap == Decimal(gap)

    @pytest.mark.parametrize("row", [series(70), series(70, aims=[aim(None)]), series(aims=[aim(90)])])
    def test_none_without_value_or_target(self, row):
        assert row.gap is None


class TestRunOfIllustrativeValues:
    @pytest.mark.parametrize(
        ("illustrative", "expected"),
        [((), False), ((78,), True), ((82,), True), ((95,), True), ((90,), False), ((70,), False)],
    )
    def test_the_values_that_the_run_compares_with(self, illustrative, expected):
        # 90 rises to 95, then 82, 78 and 70: the run begins at 95, which it compares with.
        row = series(90, 95, 82, 78, 70)
        history = tuple(held._replace(illustrative=held.value in illustrative) for held in row.history)
        assert dataclasses.replace(row, history=history).run_is_illustrative is expected

    def test_without_a_run_there_is_nothing_to_mark(self):
        row = series(70, 70)
        history = tuple(held._replace(illustrative=True) for held in row.history)
        assert not dataclasses.replace(row, history=history).run_is_illustrative
