"""What the statistics and events put on a measure's chart, and how each switch takes its own away again."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from accounts.roles import Who
from measures import scorecard
from measures.models import Definition
from measures.overlays import Switches
from measures.quarters import Month
from measures.scorecard import HISTORY
from measures.states import State
from measures.terms import Frequency
from measures.trend import held_of, subgroup_charts, trend
from tests import factories
from tests.factories import (
    NOW,
    Q2,
    make_benchmark,
    make_cycle,
    make_event,
    make_measure,
    make_observation,
    make_series,
    make_target,
)

SEPTEMBER = Month(2018, 9)
MONTH, QUARTER = Frequency.MONTH, Frequency.QUARTER
MANY = 20
OFF = [replace(Switches(), **{name: False}) for name in ("limits", "interval", "benchmarks", "target")]


class Room:
    """Twenty quarters, 80 and 84 in turn, the last far lower; small cohorts, a target, a benchmark."""

    def __init__(self):
        self.contract = factories.make_contract()
        self.people = factories.make_members(self.contract)
        self.by = self.people[Who.ANALYST].user
        self.measure = make_measure(self.contract)
        self.series = make_series(self.measure)
        for back in range(1, MANY):
            make_cycle(self.contract, Q2.shift(-back))
        self.cycle = make_cycle(self.contract, Q2, State.COMMENTARY)
        for back in range(MANY):
            value = 84 if back % 2 else 80
            self.hold(Q2.shift(-back), value if back else 40, counts=(value if back else 40, 100))
        make_target(self.series, self.by, 90, 85)
        make_benchmark(self.series)

    def hold(self, period, value, series=None, **fields):
        return make_observation(series or self.series, period, value, self.by, **fields)

    def trend(self, frequency=QUARTER, who=Who.ANALYST, **switches):
        card = scorecard.build(self.cycle, self.people[who], whole=False)
        row = card.rows[0]
        return trend(row, row.headline, frequency, card.visible, Switches(**switches))

    def chart(self, *args, **kwargs):
        return self.trend(*args, **kwargs).chart

    def event(self, at, kind="note", text="A storm", **fields):
        return make_event(self.series, at, self.by, kind, text, **fields)

    def small(self, quarter, *counts):
        self.series.observations.filter(start=quarter.start).update(numerator=counts[0], denominator=counts[1])


@pytest.fixture
def room(db):
    return Room()


@pytest.fixture
def months(room):
    """The same by month, twenty months."""
    room.series.observations.all().delete()
    type(room.series).objects.filter(pk=room.series.pk).update(frequency="month", derivation="pooled_ratio")
    for back in range(MANY):
        room.hold(SEPTEMBER.shift(-back), 40 if back == 0 else 84 if back % 2 else 80)
    return room


class TestLimits:
    def test_from_everything_held_and_not_from_what_the_chart_shows(self, room):
        shown = room.trend()
        [drawn] = shown.chart.limits
        assert len(shown.chart.points) == HISTORY
        assert (drawn.start, drawn.end, drawn.trial) == (Q2.shift(1 - MANY).start, Q2.end, False)
        # Ten of 84, nine of 80, one of 40.
        assert (drawn.mean, drawn.mean_text) == (Decimal(80), "80%")

    def test_a_value_that_left_the_chart_still_counts(self, room):
        before = room.chart().limits
        first = room.series.observations.order_by("start").first()
        first.value = 10
        first.save()
        assert room.chart().limits != before

    def test_off(self, room):
        made = room.chart(limits=False)
        assert (made.limits, {point.signal for point in made.points}) == ((), {""})

    def test_screened(self, room):
        [plain], [screened] = room.chart().limits, room.chart(screen=True).limits
        assert (screened.mean, screened.upper) == (plain.mean, Decimal("90.64"))
        assert plain.upper > screened.upper

    def test_start_anew_at_a_rebase_and_a_break(self, room):
        room.event(Q2.shift(-12).start, "rebase")
        assert [drawn.start for drawn in room.chart().limits] == [Q2.shift(-12).start]
        room.event(Q2.shift(-2).start, "break")
        assert [(drawn.start, drawn.end) for drawn in room.chart().limits] == [(Q2.shift(-12).start, Q2.shift(-3).end)]

    def test_start_anew_at_a_new_definition(self, room):
        for quarter in (Q2.shift(-30), Q2.shift(-9)):
            Definition.objects.create(series=room.series, from_quarter=quarter, text="Text", reason="Why")
        first, second = room.chart().limits
        assert (first.end, second.start, second.trial) == (Q2.shift(-10).end, Q2.shift(-9).start, True)

    def test_none_for_windows_that_overlap(self, room):
        type(room.series).objects.filter(pk=room.series.pk).update(window="rolling_12m")
        made = room.chart()
        assert (made.limits, {point.signal for point in made.points}) == ((), {""})

    def test_hidden_quarters_leave_no_trace(self, room):
        factories.in_state(room.cycle, State.OPEN)
        [hidden] = room.chart(who=Who.OFFICER).limits
        assert (hidden.end, hidden.upper < room.chart().limits[0].upper) == (Q2.previous.end, True)


class TestSignals:
    def test_the_point_and_its_reason(self, room):
        *_, before, last = room.chart().points
        assert (last.signal, last.signal_text) == ("concern", "outside the process limits")
        assert (before.signal, before.signal_text) == ("", "")

    def test_months_and_quarters_do_not_mix(self, months):
        by_month, by_quarter = months.chart(MONTH), months.trend(QUARTER)
        assert (by_month.points[-1].signal, len(by_month.limits)) == ("concern", 1)
        assert by_quarter.row.track.frequency is MONTH
        assert by_quarter.chart is None
        months.hold(Q2, 40)
        drawn = months.chart(QUARTER)
        assert (drawn.limits, drawn.points[-1].signal) == ((), "")


class TestIntervals:
    def test_of_small_cohorts_alone(self, room):
        room.small(Q2, 8, 20)
        *before, last = room.chart().points
        assert (round(last.low, 1), round(last.high, 1)) == (Decimal("21.9"), Decimal("61.3"))
        assert {(point.low, point.high) for point in before} == {(None, None)}

    def test_off(self, room):
        room.small(Q2, 8, 20)
        assert {point.low for point in room.chart(interval=False).points} == {None}

    def test_off_leaves_signals(self, room):
        room.small(Q2, 8, 20)
        assert room.chart(interval=False).points[-1].signal == "concern"
        both = room.chart().points[-1]
        assert (both.signal, both.low is not None) == ("concern", True)


class TestTargets:
    def test_off(self, room):
        assert [int(step.target) for step in room.chart().steps] == [90]
        assert room.chart(target=False).steps == ()

    def test_months_of_a_sum_have_none(self, months):
        assert len(months.chart(MONTH).steps) == 1
        type(months.series).objects.filter(pk=months.series.pk).update(derivation="sum")
        assert months.chart(MONTH).steps == ()
        months.hold(Q2, 40)
        assert len(months.chart(QUARTER).steps) == 1


class TestBenchmarks:
    def test_off_is_not_drawn_and_still_listed(self, room):
        assert [line.label for line in room.chart().benchmarks] == ["England"]
        shown = room.trend(benchmarks=False)
        assert (shown.chart.benchmarks, len(shown.comparisons)) == ((), 1)


@pytest.mark.parametrize("switches", OFF, ids=["limits", "interval", "benchmarks", "target"])
def test_a_switch_takes_away_its_own_and_nothing_else(room, switches):
    room.small(Q2, 8, 20)
    room.event(Q2.start)
    parts = {
        "limits": lambda chart: (chart.limits, [(point.signal, point.signal_text) for point in chart.points]),
        "interval": lambda chart: [(point.low, point.high) for point in chart.points],
        "benchmarks": lambda chart: chart.benchmarks,
        "target": lambda chart: chart.steps,
        "marks": lambda chart: chart.marks,
        "values": lambda chart: [(point.at, point.value, point.text, point.rating) for point in chart.points],
    }
    card = scorecard.build(room.cycle, room.people[Who.ANALYST], whole=False)
    row = card.rows[0]
    full, less = (trend(row, row.headline, QUARTER, card.visible, each).chart for each in (Switches(), switches))
    changed = {name for name, part in parts.items() if part(full) != part(less)}
    assert changed == {name for name in ("limits", "interval", "benchmarks", "target") if not getattr(switches, name)}


class TestEvents:
    def test_marks_at_their_days(self, room):
        room.event(date(2018, 8, 17), "note", "A storm")
        room.event(Q2.previous.start, "rebase", "A new team")
        shown = room.trend()
        assert [(mark.at, mark.kind, mark.text) for mark in shown.chart.marks] == [
            (Q2.previous.start, "rebase", "A new team"),
            (date(2018, 8, 17), "note", "A storm"),
        ]
        assert [event.text for event in shown.events] == ["A new team", "A storm"]

    def test_a_break_of_an_event_is_compared_with_nothing_before(self, room):
        room.event(Q2.start, "break", "Counted anew")
        row = room.trend().row
        assert (row.breaks, row.restarts, row.travel) == ((Q2,), (Q2.start,), None)
        assert [(mark.at, mark.kind) for mark in room.chart().marks] == [(Q2.start, "break")]

    def test_a_monthly_break_inside_a_quarter(self, months):
        months.event(date(2018, 8, 1), "break", "Counted anew")
        row = months.trend(MONTH).row
        assert (row.breaks, row.restarts) == ((Q2, Q2.next), (date(2018, 8, 1),))
        [drawn] = months.chart(MONTH).limits
        assert drawn.end == date(2018, 7, 31)

    def test_withdrawn_ones_are_not_drawn(self, room):
        given = {"withdrawn_at": NOW, "withdrawn_by": room.by, "withdrawn_reason": "Wrong"}
        room.event(Q2.start, "break", **given)
        shown = room.trend()
        assert (shown.chart.marks, shown.row.breaks, len(shown.chart.limits)) == ((), (), 1)


class TestSubgroups:
    def test_no_limits_and_the_other_switches(self, room):
        part = make_series(room.measure, code="P", name="Girls", role="subgroup")
        room.hold(Q2, 40, part, counts=(8, 20))
        make_target(part, room.by, 90)
        card = scorecard.build(room.cycle, room.people[Who.ANALYST], whole=False)
        row = card.rows[0]
        held = held_of(row, [row.headline], card.visible)
        [(one, chart)] = subgroup_charts(row, held)
        assert (one.code, chart.title, chart.limits, len(chart.steps)) == ("P", "Girls", (), 1)
        assert chart.points[-1].low is not None
        [(_, plain)] = subgroup_charts(row, held, Switches(interval=False, target=False))
        assert (plain.points[-1].low, plain.steps) == (None, ())

    def test_those_without_any_figure_are_left_out(self, room):
        make_series(room.measure, code="P", role="subgroup")
        card = scorecard.build(room.cycle, room.people[Who.ANALYST], whole=False)
        row = card.rows[0]
        assert subgroup_charts(row, held_of(row, [row.headline], card.visible)) == []
