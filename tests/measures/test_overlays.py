"""What the statistics draw: limits of each segment, special causes with their reason, whiskers of small cohorts."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from measures.overlays import EVERYTHING, KINDS, Switches, limits_of, process_of, with_interval, with_signals
from measures.plotting import point_of
from measures.quarters import Month
from measures.stats import spc
from measures.stats.spc import Variation
from measures.terms import Frequency
from measures.track import place_of, track_of
from tests.rows import Q2, reading, scale, series

MONTH, QUARTER = Frequency.MONTH, Frequency.QUARTER
HIGH, LOW = 84, 80


def track(*values, first=Q2):
    start = place_of(first.start, QUARTER)
    return track_of({}, {start + index: float(one) for index, one in enumerate(values) if one is not None})


def found(made, polarity="higher", **fields):
    return spc.xmr(made.values, polarity=polarity, **fields)


def everyday(count):
    return [HIGH if index % 2 else LOW for index in range(count)]


class TestLimits:
    def test_of_one_segment(self):
        made = track(*everyday(14))
        [drawn] = limits_of(made, found(made), scale(decimals=1))
        # The moving range is 4 throughout: 82 and 2.66 times it on either side.
        assert (drawn.mean, drawn.lower, drawn.upper) == (Decimal(82), Decimal("71.36"), Decimal("92.64"))
        assert (drawn.mean_text, drawn.lower_text, drawn.upper_text) == ("82.0%", "71.4%", "92.6%")
        assert (drawn.start, drawn.end, drawn.trial) == (Q2.start, Q2.shift(13).end, False)

    def test_texts_have_the_decimals_of_the_series(self):
        made = track(*everyday(14))
        [drawn] = limits_of(made, found(made), scale("count", 0))
        assert (drawn.mean_text, drawn.lower_text, drawn.upper_text) == ("82", "71", "93")

    def test_no_more_digits_of_a_float_than_are_drawn(self):
        made = track(*everyday(13))
        [drawn] = limits_of(made, found(made), scale())
        assert drawn.mean == Decimal("81.846154")

    def test_each_segment_has_its_own(self):
        made = track(*everyday(14), *(value - 40 for value in everyday(9)))
        first, second = limits_of(made, found(made, starts=(14,)), scale())
        assert (first.mean, first.end, first.trial) == (Decimal(82), Q2.shift(13).end, False)
        assert (second.start, second.end, second.trial) == (Q2.shift(14).start, Q2.shift(22).end, True)
        assert second.mean == Decimal("41.777778")

    def test_a_segment_with_too_few_has_none(self):
        made = track(*everyday(16))
        [drawn] = limits_of(made, found(made, starts=(14,)), scale())
        assert drawn.end == Q2.shift(13).end

    def test_months(self):
        july = Month(2018, 7)
        made = track_of({place_of(july.start, MONTH) + index: float(v) for index, v in enumerate(everyday(13))}, {})
        [drawn] = limits_of(made, found(made), scale())
        assert (drawn.start, drawn.end) == (date(2018, 7, 1), date(2019, 7, 31))


class TestSignals:
    ROW = series(70)

    def marked(self, made, polarity="higher", **fields):
        points = {p: point_of(reading(v, p), self.ROW) for p, v in self.values(made)}
        return with_signals(points, made, found(made, polarity, **fields))

    @staticmethod
    def values(made):
        return [(made.period(index), value) for index, value in enumerate(made.values)]

    @pytest.mark.parametrize(
        ("last", "polarity", "kind"),
        [
            (40, "higher", "concern"),
            (40, "lower", "improvement"),
            (40, "neutral", "neutral"),
            (120, "higher", "improvement"),
            (120, "lower", "concern"),
            (120, "neutral", "neutral"),
        ],
    )
    def test_of_the_last_value(self, last, polarity, kind):
        made = track(*everyday(28), last)
        *before, drawn = self.marked(made, polarity).values()
        assert (drawn.signal, drawn.signal_text) == (kind, "outside the process limits")
        assert {point.signal for point in before} == {""}

    def test_every_reason_is_given(self):
        made = track(*everyday(12), 76, 74, 72, 70, 68, 66, 50)
        text = self.marked(made)[Q2.shift(18)].signal_text
        assert text.startswith("outside the process limits and one of seven or more in a row that move the same way")

    def test_no_reason_contradicts_the_kind(self):
        made = track(*everyday(20), *range(50, 58))
        drawn = self.marked(made)[Q2.shift(27)]
        assert (drawn.signal, drawn.signal_text) == (
            "improvement",
            "one of seven or more in a row that move the same way",
        )

    def test_nothing_else_of_the_point_changes(self):
        made = track(*everyday(14), 40)
        period = Q2.shift(14)
        plain = point_of(reading(40.0, period), self.ROW)
        marked = self.marked(made)
        assert replace(marked[period], signal="", signal_text="") == plain
        assert list(marked) == [period for period, _ in self.values(made)]

    def test_periods_of_the_other_kind_and_outside_stay_as_they_are(self):
        made = track(*everyday(14), 40)
        points = {p: point_of(reading(40, p), self.ROW) for p in (Month(2022, 3), Q2.shift(15), Q2.previous)}
        assert with_signals(points, made, found(made)) == points

    def test_a_gap_has_none(self):
        made = track(*everyday(14), None, 40)
        points = {Q2.shift(14): point_of(reading(None, Q2.shift(14)), self.ROW)}
        assert with_signals(points, made, found(made)) == points

    def test_every_verdict_but_the_everyday_one_has_its_kind(self):
        assert set(KINDS) == set(Variation) - {Variation.COMMON}


class TestIntervals:
    def point(self, *counts, unit="percent", value=70, **fields):
        row = series(70, unit=unit)
        held = reading(value, counts=counts or (None, None), **fields)
        return with_interval(point_of(held, row), held, row)

    def test_of_a_small_cohort(self):
        made = self.point(14, 20)
        # Wilson, 14 of 20.
        assert (round(made.low, 1), round(made.high, 1)) == (Decimal("48.1"), Decimal("85.5"))
        assert made.low.as_tuple().exponent == -6

    def test_of_a_rate_with_few_events(self):
        made = self.point(4, 2000, unit="rate_per_10000", value=20)
        assert made.low < 20 < made.high

    @pytest.mark.parametrize(("counts", "value"), [((147, 210), 70), ((20, 40), 50)])
    def test_none_with_many_cases(self, counts, value):
        assert (self.point(*counts, value=value).low, self.point(*counts, value=value).high) == (None, None)

    @pytest.mark.parametrize(("small", "drawn"), [(40, False), (41, True)])
    def test_small_as_the_contract_has_it(self, small, drawn):
        row, held = series(70, unit="percent", small_cohort=small), reading(50, counts=(20, 40))
        assert (with_interval(point_of(held, row), held, row).low is not None) is drawn

    def test_few_in_a_large_cohort_are_few(self):
        assert self.point(9, 210, value=4).low is not None

    @pytest.mark.parametrize("counts", [(), (14, None), (None, 20)])
    def test_none_without_both_counts(self, counts):
        assert self.point(*counts).low is None

    def test_none_of_counts_that_may_not_be_shown(self):
        assert self.point(14, 20, counts_illustrative=True).low is None

    def test_none_of_counts_that_do_not_give_the_value(self):
        assert self.point(14, 20, value=71).low is None

    @pytest.mark.parametrize("unit", ["count", "days"])
    def test_none_where_chance_is_not_known(self, unit):
        assert self.point(14, 20, unit=unit, value="0.7").low is None

    def test_nothing_else_of_the_point_changes(self):
        made = self.point(14, 20)
        assert replace(made, low=None, high=None) == point_of(reading(70, counts=(14, 20)), series(70))


class TestSwitches:
    ROW = series(70, track=track(*everyday(14), 40))

    def test_everything_is_on_but_the_screen(self):
        assert Switches() == EVERYTHING == Switches(True, False, True, True, True)

    def test_limits(self):
        assert process_of(self.ROW, QUARTER, EVERYTHING) == self.ROW.process
        assert process_of(self.ROW, QUARTER, Switches(limits=False)) is None

    def test_limits_are_of_the_periods_that_are_seen(self):
        assert process_of(self.ROW, MONTH, EVERYTHING) is None

    def test_the_screen_leaves_out_what_is_unusual(self):
        wide = process_of(self.ROW, QUARTER, EVERYTHING).xmr
        narrow = process_of(self.ROW, QUARTER, Switches(screen=True)).xmr
        assert narrow.upper - narrow.mean == pytest.approx(2.66 * 4)
        assert wide.upper - wide.mean > narrow.upper - narrow.mean
