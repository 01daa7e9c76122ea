"""Where a series starts anew: definitions but the first, breaks and rebases that people recorded."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.roles import Who
from measures.models import Definition
from measures.quarters import Quarter
from measures.terms import EventKind
from measures.turns import DEFINITION, Turns, turns_from, turns_of
from tests import factories
from tests.factories import NOW, Q2, make_event, make_measure, make_series

Q1 = Q2.previous
FIRST = Quarter(2015, 1)


class TestRows:
    def test_a_definition_but_the_first_is_a_break_and_a_restart(self):
        rows = [(1, FIRST.start, DEFINITION), (1, Q1.start, DEFINITION)]
        assert turns_from(rows)[1] == Turns([Q1], [Q1.start])

    def test_the_first_changes_nothing_in_whatever_order_they_come(self):
        rows = [(1, Q1.start, DEFINITION), (1, FIRST.start, DEFINITION), (2, Q2.start, DEFINITION)]
        found = turns_from(rows)
        assert (found[1].breaks, found[2]) == ([Q1], Turns())

    def test_a_rebase_restarts_and_breaks_nothing(self):
        assert turns_from([(1, Q1.start, EventKind.REBASE)])[1] == Turns([], [Q1.start])

    def test_a_recorded_break_does_both_even_as_the_first_row(self):
        assert turns_from([(1, Q1.start, EventKind.BREAK)])[1] == Turns([Q1], [Q1.start])

    def test_a_note_does_neither(self):
        assert turns_from([(1, Q1.start, EventKind.NOTE)])[1] == Turns()

    def test_a_monthly_break_inside_a_quarter(self):
        # The limits start with the month; the quarter that holds it mixes both, and is compared with neither neighbour.
        assert turns_from([(1, date(2018, 8, 1), EventKind.BREAK)])[1] == Turns([Q2, Q2.next], [date(2018, 8, 1)])

    def test_by_date_and_each_series_apart(self):
        rows = [
            (1, Q2.start, EventKind.BREAK),
            (1, FIRST.start, DEFINITION),
            (2, Q1.start, EventKind.REBASE),
            (1, Q1.start, EventKind.REBASE),
        ]
        found = turns_from(rows)
        assert found[1] == Turns([Q2], [Q1.start, Q2.start])
        assert found[2] == Turns([], [Q1.start])
        assert found[3] == Turns()


class Room:
    def __init__(self):
        contract = factories.make_contract()
        self.by = factories.make_members(contract)[Who.ANALYST].user
        self.measure = make_measure(contract)
        self.series = make_series(self.measure, frequency="month", derivation="pooled_ratio")

    def define(self, quarter):
        Definition.objects.create(series=self.series, from_quarter=quarter, text="Text", reason="Why")

    def event(self, at, kind, **fields):
        make_event(self.series, at, self.by, kind, **fields)

    def turns(self, until=Q2):
        return turns_of([self.series.pk], until)[self.series.pk]


@pytest.fixture
def room(db):
    return Room()


class TestDatabase:
    def test_nothing_recorded(self, room):
        assert room.turns() == Turns()

    def test_definitions_and_events_together(self, room):
        room.define(FIRST)
        room.define(Q1)
        room.event(date(2018, 8, 1), "break")
        room.event(date(2017, 10, 1), "rebase")
        room.event(date(2018, 9, 3), "note")
        # A quarter of two methods is compared with neither neighbour.
        assert room.turns() == Turns([Q1, Q2, Q2.next], [date(2017, 10, 1), Q1.start, date(2018, 8, 1)])

    def test_the_first_definition_changes_nothing_wherever_it_begins(self, room):
        room.define(Q1)
        assert room.turns() == Turns()

    def test_two_of_one_day_are_both_read(self, room):
        room.define(FIRST)
        room.define(Q1)
        room.event(Q1.start, "rebase")
        assert room.turns() == Turns([Q1], [Q1.start, Q1.start])

    @pytest.mark.parametrize("kind", ["break", "rebase"])
    def test_withdrawn_events_are_ignored(self, room, kind):
        room.event(Q1.start, kind, withdrawn_at=NOW, withdrawn_by=room.by, withdrawn_reason="Wrong")
        assert room.turns() == Turns()

    def test_later_ones_are_not_known_yet(self, room):
        room.define(FIRST)
        room.define(Q2)
        room.event(Q2.end.replace(day=1), "rebase")
        assert room.turns(Q1) == Turns()
        assert room.turns(Q2) == Turns([Q2], [Q2.start, date(2018, 9, 1)])

    def test_of_the_series_asked_for(self, room):
        room.event(Q1.start, "break")
        other = make_series(room.measure, code="P", role="pair")
        assert turns_of([other.pk], Q2) == {}

    def test_one_query(self, room):
        room.define(FIRST)
        room.event(Q1.start, "break")
        with CaptureQueriesContext(connection) as queries:
            room.turns()
        assert len(queries) == 1
