"""What is read for process limits: all that the viewer may see, the same for a tile and for the measure's page."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.roles import Who
from measures import scorecard
from measures.quarters import Month, Quarter
from measures.readings import Reading
from measures.scorecard import HISTORY
from measures.states import State
from measures.terms import Frequency
from measures.track import Track, place_of
from measures.tracks import track_of_readings, tracks_of
from measures.trend import trend
from tests import factories
from tests.factories import Q2, make_cycle, make_event, make_measure, make_observation, make_series
from tests.rows import reading

SEPTEMBER = Month(2018, 9)
MONTH, QUARTER = Frequency.MONTH, Frequency.QUARTER
# More quarters than a chart shows.
MANY = HISTORY + 5
ODD = Decimal("84.210526")


class Room:
    """One measure by quarter and one by month; Q2 2018/19 is in commentary, the quarters before it are past."""

    def __init__(self):
        self.contract = factories.make_contract()
        self.people = factories.make_members(self.contract)
        self.by = self.people[Who.ANALYST].user
        self.quarterly = make_series(make_measure(self.contract, "B8"))
        self.monthly = make_series(make_measure(self.contract, "B9"), frequency="month", derivation="snapshot_end")
        for back in range(1, MANY):
            make_cycle(self.contract, Q2.shift(-back))
        self.cycle = make_cycle(self.contract, Q2, State.COMMENTARY)

    def hold_quarters(self, count=MANY, series=None, **fields):
        """The latest quarters, 60 in this one and one more with each before."""
        for back in range(count):
            self.hold(series or self.quarterly, Q2.shift(-back), 60 + back, **fields)

    def hold_months(self, count, **fields):
        for back in range(count):
            self.hold(self.monthly, SEPTEMBER.shift(-back), 60 + back, **fields)

    def hold(self, series, period, value, **fields):
        return make_observation(series, period, value, self.by, **fields)

    def card(self, who=Who.ANALYST, **fields):
        return scorecard.build(self.cycle, self.people[who], **fields)

    def track(self, series, who=Who.ANALYST):
        """As on the tile, once the measure's page has said the same."""
        card, bare = self.card(who), self.card(who, whole=False)
        [row] = [row for row in card.rows if row.headline.id == series.pk]
        alone = bare.row(row.slug)
        for frequency in Frequency:
            page = trend(alone, alone.headline, frequency, bare.visible).row
            assert page.track == row.headline.track
            assert (page.breaks, page.restarts) == (row.headline.breaks, row.headline.restarts)
            assert page.process == row.headline.process
        return row.headline.track


@pytest.fixture
def room(db):
    return Room()


class TestEverythingHeld:
    def test_quarters_older_than_the_chart_count(self, room):
        room.hold_quarters()
        found = room.track(room.quarterly)
        assert found.values == tuple(float(60 + back) for back in reversed(range(MANY)))
        assert (found.frequency, found.period(0), found.illustrative) == (QUARTER, Q2.shift(1 - MANY), False)

    def test_months(self, room):
        room.hold_months(3 * MANY)
        found = room.track(room.monthly)
        assert (found.frequency, found.count, found.period(3 * MANY - 1)) == (MONTH, 3 * MANY, SEPTEMBER)

    def test_gaps_and_digits(self, room):
        room.hold(room.quarterly, Q2, ODD)
        room.hold(room.quarterly, Q2.shift(-1), None, status="not_available")
        room.hold(room.quarterly, Q2.shift(-2), 0)
        room.hold(room.quarterly, Q2.shift(-3), "1234567.5")
        assert room.track(room.quarterly).values == (1234567.5, 0.0, None, 84.210526)

    def test_current_values_up_to_the_quarter(self, room):
        make_cycle(room.contract, Q2.next, State.COMMENTARY)
        room.hold(room.quarterly, Q2, 70, revision=2)
        # What was withdrawn stands in no current row.
        room.hold(room.quarterly, Q2.shift(-2), 65, is_current=False)
        room.hold(room.quarterly, Q2.next, 50)
        assert room.track(room.quarterly).values == (70.0,)

    def test_nothing_held(self, room):
        assert room.track(room.quarterly) == room.track(room.monthly) == Track()


class TestMonthsOrQuarters:
    def test_thirteen_months_are_enough(self, room):
        room.hold_months(13)
        assert (room.track(room.monthly).frequency, room.track(room.monthly).count) == (MONTH, 13)

    def test_with_twelve_its_quarters_stand(self, room):
        room.hold_months(12)
        room.hold_quarters(9, room.monthly)
        found = room.track(room.monthly)
        assert (found.frequency, found.count, found.period(8)) == (QUARTER, 9, Q2)

    def test_quarters_older_than_the_chart_stand_too(self, room):
        room.hold_months(5)
        room.hold_quarters(MANY, room.monthly)
        assert (room.track(room.monthly).frequency, room.track(room.monthly).count) == (QUARTER, MANY)

    def test_a_month_without_value_is_none(self, room):
        room.hold_months(12)
        room.hold(room.monthly, SEPTEMBER.shift(-12), None, status="suppressed")
        assert room.track(room.monthly).frequency is QUARTER


class TestHidden:
    """The officer sees nothing of Q2 while it is open; the analyst sees all of it."""

    def test_values_leave_no_trace(self, room):
        room.hold_quarters()
        room.hold_months(15)
        factories.in_state(room.cycle, State.OPEN)
        seen = room.track(room.quarterly, Who.OFFICER)
        assert (seen.count, seen.values[-1], seen.period(seen.count - 1)) == (MANY - 1, 61.0, Q2.previous)
        assert room.track(room.quarterly).count == MANY
        # Twelve of the fifteen months are seen: too few.
        assert room.track(room.monthly, Who.OFFICER) == Track()
        assert room.track(room.monthly).count == 15

    def test_months_of_the_hidden_quarter_are_left_out(self, room):
        room.hold_months(16)
        factories.in_state(room.cycle, State.OPEN)
        seen = room.track(room.monthly, Who.OFFICER)
        assert (seen.frequency, seen.count, seen.period(12)) == (MONTH, 13, SEPTEMBER.shift(-3))

    @pytest.mark.parametrize("name", ["quarterly", "monthly"])
    def test_the_mark_of_a_hidden_value_neither(self, room, name):
        room.hold_quarters()
        room.hold_months(20)
        series, period = getattr(room, name), {"quarterly": Q2, "monthly": SEPTEMBER}[name]
        series.observations.filter(start=period.start).update(illustrative=True)
        assert room.track(series).illustrative
        factories.in_state(room.cycle, State.OPEN)
        assert not room.track(series, Who.OFFICER).illustrative
        assert room.track(series).illustrative

    def test_a_quarter_without_a_cycle_is_seen_by_nobody(self, room):
        room.hold_quarters(MANY + 1)
        assert room.track(room.quarterly).count == MANY

    def test_signals_are_of_what_is_seen(self, room):
        for back in range(MANY):
            room.hold(room.quarterly, Q2.shift(-back), 40 if back == 0 else 80 + back % 2)
        headline = {who: room.card(who).rows[0].headline for who in (Who.OFFICER, Who.ANALYST)}
        assert {row.variation for row in headline.values()} == {"concern_low"}
        factories.in_state(room.cycle, State.OPEN)
        assert room.card(Who.ANALYST).rows[0].headline.variation == "concern_low"
        hidden = room.card(Who.OFFICER).rows[0].headline
        assert hidden.variation is None
        assert hidden.process.xmr.variation == "common"


class TestIllustrative:
    @pytest.mark.parametrize("name", ["quarterly", "monthly"])
    def test_one_value_among_many_marks_the_whole(self, room, name):
        room.hold_quarters()
        room.hold_months(20)
        series = getattr(room, name)
        assert not room.track(series).illustrative
        first = series.observations.order_by("start").first()
        first.illustrative = True
        first.save()
        assert room.track(series).illustrative

    def test_a_reason_without_value_marks_nothing(self, room):
        room.hold(room.quarterly, Q2, 70)
        room.hold(room.quarterly, Q2.previous, None, status="not_available", illustrative=True)
        assert not room.track(room.quarterly).illustrative

    def test_illustrative_counts_beside_a_value_mark_nothing(self, room):
        room.hold(room.quarterly, Q2, 70, counts=(147, 210), counts_illustrative=True)
        assert not room.track(room.quarterly).illustrative


class TestRestarts:
    def test_both_pages_start_anew_where_an_event_says_so(self, room):
        room.hold_quarters()
        make_event(room.quarterly, Q2.shift(-9).start, room.by, "rebase")
        room.track(room.quarterly)
        row = room.card().rows[0].headline
        assert [segment.start for segment in row.process.xmr.segments] == [0, MANY - 10]
        assert row.breaks == ()


class TestQueries:
    @pytest.mark.parametrize("number", [1, 5])
    def test_one_query_however_many_series(self, room, number):
        for index in range(number):
            series = make_series(make_measure(room.contract, f"M{index}"))
            room.hold_quarters(number, series)
        histories = dict.fromkeys(room.contract.measures.values_list("series", flat=True), ())
        with CaptureQueriesContext(connection) as queries:
            tracks_of(histories, Q2, frozenset({Q2}))
        assert len(queries) == 1

    @pytest.mark.parametrize(("whole", "number"), [(True, 7), (False, 5)])
    def test_a_card_that_is_not_whole_asks_for_less(self, room, whole, number):
        room.hold_quarters()
        with CaptureQueriesContext(connection) as queries:
            card = room.card(whole=whole)
        # Cycles' states, measures, series, targets, observations; then turns and tracks.
        assert len(queries) == number
        assert bool(card.rows[0].headline.track.count) is whole

    def test_a_card_that_is_not_whole_has_neither_breaks_nor_restarts(self, room):
        make_event(room.quarterly, Q2.start, room.by, "break")
        row = room.card(whole=False).rows[0].headline
        assert (row.breaks, row.restarts, row.track) == ((), (), Track())
        assert room.card().rows[0].headline.breaks == (Q2,)


class TestPairs:
    def test_headlines_alone_have_a_track(self, room):
        pair = make_series(room.quarterly.measure, code="P", role="pair")
        room.hold(pair, Q2, 70)
        [row] = [row for row in room.card().rows if row.pairs]
        assert row.pairs[0].track == Track()


class TestReadings:
    def test_quarters_of_a_monthly_series(self):
        found = track_of_readings([reading(1, SEPTEMBER), Reading(Q2.previous), reading(70, Q2)])
        assert found == Track(QUARTER, place_of(Q2.start, QUARTER), (70.0,))

    def test_of_quarters_alone(self):
        every = [reading(60, Quarter(2008, 1)), reading(None, Q2, status="not_available")]
        assert track_of_readings(every).values == (60.0,)
