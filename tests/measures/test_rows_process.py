"""Process limits of a row: from its track, its restarts and the target in force; the verdict on its own quarter."""

import pytest

from measures.derivation import Derivation
from measures.quarters import Month
from measures.stats.spc import Assurance, Variation, xmr
from measures.stats.suitability import OVERLAPPING
from measures.terms import Frequency
from measures.track import place_of, track_of
from tests.rows import Q2, aim, series

MONTH, QUARTER = Frequency.MONTH, Frequency.QUARTER
SEPTEMBER = Month(2018, 9)
EVERYDAY = [84 if index % 2 else 80 for index in range(28)]


def quarters(values, last=Q2):
    place = place_of(last.start, QUARTER)
    return track_of({}, {place - back: float(value) for back, value in enumerate(reversed(values))})


def months(values, last=SEPTEMBER):
    place = place_of(last.start, MONTH)
    return track_of({place - back: float(value) for back, value in enumerate(reversed(values))}, {})


class TestProcess:
    def test_of_every_value_of_the_track_and_not_of_the_history(self):
        found = series(1, 2, 3, track=quarters(EVERYDAY)).process
        assert found.xmr == xmr(EVERYDAY, polarity="higher")
        assert (found.xmr.mean, len(found.xmr.points), found.refusal) == (82, 28, "")

    @pytest.mark.parametrize("polarity", ["higher", "lower", "neutral"])
    def test_polarity(self, polarity):
        row = series(70, polarity=polarity, track=quarters([*EVERYDAY, 40]))
        assert row.process.xmr == xmr([*EVERYDAY, 40], polarity=polarity)

    def test_too_few_and_overlapping_are_refused_with_the_reason(self):
        assert series(70).process.refusal == "No value is held; limits need 8."
        found = series(70, track=quarters(EVERYDAY), window="rolling_12m").process
        assert (found.xmr, found.refusal) == (None, OVERLAPPING["rolling_12m"])

    def test_limits_start_anew_where_the_row_says(self):
        row = series(70, track=quarters(EVERYDAY), restarts=(Q2.shift(-13).start, Q2.shift(-99).start))
        assert [(one.start, one.stop) for one in row.process.xmr.segments] == [(0, 14), (14, 28)]

    def test_breaks_alone_start_nothing(self):
        row = series(70, track=quarters(EVERYDAY), breaks=(Q2.shift(-13),))
        assert len(row.process.xmr.segments) == 1

    def test_the_target_in_force_now(self):
        row = series(70, track=quarters(EVERYDAY), aims=[aim(60), aim(99, from_quarter=Q2)])
        assert row.process.xmr.assurance is Assurance.FAIL
        assert series(70, track=quarters(EVERYDAY), aims=[aim(60)]).process.xmr.assurance is Assurance.PASS
        for aims in ([], [aim(60), aim(None, from_quarter=Q2)], [aim(60, from_quarter=Q2.next)]):
            assert series(70, track=quarters(EVERYDAY), aims=aims).process.xmr.assurance is None

    def test_screened_only_where_asked(self):
        row = series(70, track=quarters([*EVERYDAY, 40]))
        assert row.process == row.process_with(screen=False)
        assert row.process_with(screen=True).xmr.upper < row.process.xmr.upper

    def test_computed_once(self):
        row = series(70, track=quarters(EVERYDAY))
        assert row.process is row.process


class TestTargets:
    @pytest.mark.parametrize("derivation", Derivation)
    def test_a_month_of_a_sum_alone_is_a_part_of_its_quarter(self, derivation):
        row = series(70, derivation=derivation.value)
        assert row.targets_hold_for(QUARTER)
        assert row.targets_hold_for(MONTH) is (derivation is not Derivation.SUM)

    def test_months_of_a_sum_are_not_held_against_the_quarters_target(self):
        told = {"derivation": "sum", "aims": [aim(60)]}
        assert series(70, track=months(EVERYDAY), **told).process.xmr.assurance is None
        assert series(70, track=quarters(EVERYDAY), **told).process.xmr.assurance is Assurance.PASS
        mean = {**told, "derivation": "mean_of_months"}
        assert series(70, track=months(EVERYDAY), **mean).process.xmr.assurance is Assurance.PASS


class TestVariation:
    def test_of_this_quarter(self):
        assert series(70, track=quarters(EVERYDAY)).variation is Variation.COMMON
        assert series(70, track=quarters([*EVERYDAY, 40])).variation is Variation.CONCERN_LOW

    def test_none_where_the_last_value_is_another_quarters(self):
        assert series(70, track=quarters([*EVERYDAY, 40], Q2.previous)).variation is None

    def test_nor_does_that_say_anything_of_the_target(self):
        for last, assurance in ((Q2, Assurance.PASS), (Q2.previous, None)):
            assert series(70, track=quarters(EVERYDAY, last), aims=[aim(60)]).assurance is assurance

    @pytest.mark.parametrize(("month", "is_told"), [(9, True), (8, False), (7, False)])
    def test_of_months_only_that_of_the_quarters_last(self, month, is_told):
        assert (series(70, track=months(EVERYDAY, Month(2018, month))).variation is not None) is is_told

    @pytest.mark.parametrize("count", [0, 7, 12])
    def test_none_without_a_verdict(self, count):
        assert series(70, track=quarters(EVERYDAY[:count])).variation is None
