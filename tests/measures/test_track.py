"""The values that process limits come from: neighbours without a date, gaps kept, ends held."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from measures.quarters import Month, Quarter
from measures.terms import Frequency
from measures.track import Track, place_of, track_of
from tests.rows import Q2

MONTH, QUARTER = Frequency.MONTH, Frequency.QUARTER
JULY = Month(2018, 7)


def at(period):
    return place_of(period.start, MONTH if isinstance(period, Month) else QUARTER)


def quarters(*values, first=Q2):
    return {at(first.shift(index)): float(value) for index, value in enumerate(values) if value is not None}


def months(*values, first=JULY):
    return {at(first.shift(index)): float(value) for index, value in enumerate(values) if value is not None}


class TestPlace:
    @given(st.dates(date(1990, 1, 1), date(2100, 12, 31)))
    def test_neighbours_differ_by_one(self, day):
        for frequency, period in ((MONTH, Month.containing(day)), (QUARTER, Quarter.containing(day))):
            assert place_of(period.shift(1).start, frequency) == place_of(period.start, frequency) + 1

    @given(st.dates(date(1990, 1, 1), date(2100, 12, 31)))
    def test_any_day_of_a_period_gives_its_place(self, day):
        assert place_of(day, MONTH) == at(Month.containing(day))
        assert place_of(day, QUARTER) == at(Quarter.containing(day))


class TestWhichPeriods:
    def test_thirteen_months_are_enough(self):
        made = track_of(months(*range(13)), quarters(80, 90))
        assert (made.frequency, made.count, made.values[-1]) == (MONTH, 13, 12.0)

    def test_with_twelve_the_quarters_stand(self):
        made = track_of(months(*range(12)), quarters(80, 90))
        assert (made.frequency, made.values) == (QUARTER, (80.0, 90.0))

    def test_months_that_are_missing_are_not_counted(self):
        held = months(*range(6), None, *range(6))
        assert len(range(min(held), max(held) + 1)) == 13
        assert track_of(held, quarters(80)).frequency is QUARTER

    def test_nothing_held(self):
        assert track_of({}, {}) == track_of({}, {}, illustrative=True) == Track()
        assert (Track().count, Track().values) == (0, ())


class TestValues:
    def test_a_gap_between_is_none_and_ends_are_held(self):
        made = track_of({}, quarters(None, 80, None, None, 90, None))
        assert made.values == (80.0, None, None, 90.0)
        assert (made.first, made.count) == (at(Q2.next), 2)

    def test_nought_is_a_value(self):
        assert track_of({}, quarters(0, None, 0)).count == 2

    @pytest.mark.parametrize("illustrative", [True, False])
    def test_illustrative(self, illustrative):
        assert track_of({}, quarters(80), illustrative=illustrative).illustrative is illustrative


class TestPeriods:
    def test_quarters(self):
        made = track_of({}, quarters(1, 2, None, 4))
        assert [made.period(index) for index in range(4)] == [Q2.shift(index) for index in range(4)]

    def test_months_over_the_years_end(self):
        made = track_of(months(*range(13)), {})
        assert [made.period(index) for index in range(13)] == [JULY.shift(index) for index in range(13)]
        assert made.period(5) == Month(2018, 12)

    def test_where_a_period_stands(self):
        made = track_of({}, quarters(1, 2, None, 4))
        found = [made.index_of(Q2.shift(index)) for index in range(-1, 5)]
        assert found == [None, 0, 1, 2, 3, None]

    def test_a_period_of_the_other_kind_stands_nowhere(self):
        by_quarter, by_month = track_of({}, quarters(1, 2)), track_of(months(*range(13)), {})
        assert by_quarter.index_of(JULY) is None
        assert by_month.index_of(Q2) is None
        assert by_month.index_of(JULY) == 0


class TestStarts:
    def test_in_order_and_once(self):
        made = track_of({}, quarters(1, 2, None, 4))
        days = [date(2019, 4, 1), date(2018, 10, 1), date(2018, 12, 31)]
        assert made.starts(days) == (1, 3)

    def test_neither_the_first_value_nor_what_lies_outside(self):
        made = track_of({}, quarters(1, 2, None, 4))
        assert made.starts([date(2018, 7, 1), date(2018, 6, 30), date(2019, 7, 1)]) == ()

    def test_of_months(self):
        made = track_of(months(*range(13)), {})
        assert made.starts([date(2018, 8, 1), date(2019, 7, 1), date(2019, 8, 1)]) == (1, 12)
