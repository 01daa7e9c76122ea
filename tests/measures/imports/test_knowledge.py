"""What an import knows of the database: for whom, in which quarters, and with how many queries."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.roles import Who
from measures.entries import Status
from measures.imports import knowledge
from measures.imports.plan import Held, Place
from measures.quarters import Quarter, Year
from measures.rights import ADMINISTRATOR_LIMIT
from measures.states import State
from measures.terms import Frequency, Origin
from tests import factories
from tests.factories import NOW, Q2

pytestmark = pytest.mark.django_db

ENTER = "You can enter values while a quarter is open. "
OFFICER = "Values of this contract are brought in by DCST’s analysts; administrators bring in past quarters."


@pytest.fixture
def rows(desk):
    """Q1 past, Q2 open; B8 quarterly and E1 monthly, with a value in each of both."""
    desk.past = factories.make_cycle(desk.contract, Q2.previous)
    desk.months = desk.monthly()
    by = desk.people[Who.ANALYST].user
    for quarter in (Q2.previous, Q2):
        factories.make_observation(desk.series, quarter, 70 + quarter.number, by, note=quarter.code, version=3)
        for month in quarter.months:
            factories.make_observation(desk.months, month, 100 + month.month, by)
    return desk


def of(desk, who=Who.ANALYST):
    return knowledge.of(desk.people[who], now=NOW)


class TestKnown:
    def test_every_series_is_known_in_the_contracts_order(self, rows):
        retired = factories.make_series(rows.measure, code="B8S", role="subgroup", last_quarter=Quarter(2016, 1))
        elsewhere = factories.make_contract("leisure", "Borough", "Leisure Trust")
        factories.make_series(factories.make_measure(elsewhere, "L1"))
        found = of(rows).known
        assert [one.id for one in found] == [rows.series.pk, retired.pk, rows.months.pk]
        b8 = found[0]
        assert (b8.measure_code, b8.measure_title, b8.code, b8.name) == ("B8", "Proceedings on track", "B8", b8.name)
        assert (b8.frequency, b8.first_quarter, b8.last_quarter) == (Frequency.QUARTER, Quarter(2015, 1), None)
        assert (found[1].last_quarter, found[2].frequency) == (Quarter(2016, 1), Frequency.MONTH)

    def test_the_usual_values_are_those_typed_the_latest_last(self, rows):
        factories.make_observation(
            rows.months, Q2, 999, rows.people[Who.ANALYST].user, origin="derived", months_present=3
        )
        by_id = {one.id: one.usual for one in of(rows).known}
        assert by_id[rows.series.pk] == (Decimal(71), Decimal(72))
        assert by_id[rows.months.pk] == tuple(Decimal(100 + month) for month in (4, 5, 6, 7, 8, 9))

    def test_the_usual_values_are_at_most_the_latest_eight(self, desk):
        for back in range(20, 0, -1):
            factories.make_observation(desk.series, Q2.shift(-back), back, desk.people[Who.ANALYST].user)
            factories.make_cycle(desk.contract, Q2.shift(-back))
        [known] = of(desk).known
        assert known.usual == tuple(Decimal(back) for back in range(8, 0, -1))


class TestHeld:
    def test_an_analyst_is_compared_with_everything_current(self, rows):
        found = of(rows).held
        assert len(found) == 8
        held = Held(Decimal(72), None, None, Status.FINAL, "2018-Q2", Origin.ENTERED, 3)
        assert found[rows.series.pk, Q2] == held

    def test_an_administrator_with_past_quarters_alone(self, rows):
        found = of(rows, Who.ADMINISTRATOR).held
        assert {period.code for _, period in found} == {"2018-Q1", "2018-04", "2018-05", "2018-06"}

    def test_an_officer_with_what_the_pages_show(self, rows):
        assert {period.code for _, period in of(rows, Who.OFFICER).held} == {"2018-Q1", "2018-04", "2018-05", "2018-06"}

    def test_a_revision_that_is_not_current_is_not_held(self, rows):
        row = rows.series.observations.get(start=Q2.start)
        row.is_current = False
        row.save()
        assert (rows.series.pk, Q2) not in of(rows).held

    def test_what_is_held_for_years_is_no_value_of_a_file(self, rows):
        factories.make_observation(rows.series, Year(2018), 1, rows.people[Who.ANALYST].user)
        assert len(of(rows).held) == 8


def place(desk, state, who=Who.ANALYST, **cycle):
    for name, value in cycle.items():
        setattr(desk.cycle, name, value)
    factories.in_state(desk.cycle, state)
    return of(desk, who).places[Q2]


class TestPlaces:
    @pytest.mark.parametrize(
        ("state", "once", "expected"),
        [
            (State.OPEN, False, Place()),
            (State.OPEN, True, Place(needs_reason=True, first_needs_reason=True)),
            (State.SUBMITTED, True, Place(refusal=f"{ENTER}Q2 2018/19 is submitted.")),
            (State.COMMENTARY, True, Place(refusal=f"{ENTER}Q2 2018/19 is in commentary.")),
            (State.AGREED, True, Place(refusal=f"{ENTER}Q2 2018/19 is agreed.")),
            (State.PUBLISHED, True, Place(needs_reason=True, first_needs_reason=True)),
            (State.PAST, False, Place(needs_reason=True)),
        ],
    )
    def test_of_an_analyst(self, desk, state, once, expected):
        assert place(desk, state, submitted_once=once) == expected

    @pytest.mark.parametrize("state", State)
    def test_of_an_administrator(self, desk, state):
        expected = Place(may_change=False) if state is State.PAST else Place(refusal=ADMINISTRATOR_LIMIT)
        assert place(desk, state, Who.ADMINISTRATOR) == expected

    @pytest.mark.parametrize("state", State)
    def test_of_an_officer(self, desk, state):
        assert place(desk, state, Who.OFFICER) == Place(refusal=OFFICER)

    def test_quarters_without_a_cycle(self, desk):
        places = of(desk).places
        after = "{} is not open. Values can go into open quarters and those before the first opened one, Q2 2018/19."
        assert {quarter.code: each.refusal for quarter, each in places.items() if quarter >= Q2.shift(-2)} == {
            "2017-Q4": "",
            "2018-Q1": "",
            "2018-Q2": "",
            **{Q2.shift(ahead).code: after.format(Q2.shift(ahead).label) for ahead in range(1, 10)},
        }
        assert min(places) == Quarter(2015, 1)

    def test_before_any_quarter_was_opened_the_present_one_is_the_limit(self, db):
        contract = factories.make_contract()
        people = factories.make_members(contract)
        factories.make_series(factories.make_measure(contract))
        places = knowledge.of(people[Who.ANALYST], now=NOW).places
        assert places[Q2] == Place()
        assert places[Q2.next] == Place(
            refusal="Q3 2018/19 is not open. Values can go into open quarters and those before the present one, "
            "Q3 2018/19."
        )

    def test_of_an_administrator_without_a_cycle(self, desk):
        places = of(desk, Who.ADMINISTRATOR).places
        assert places[Q2.previous] == Place()
        assert places[Q2.next].refusal == "Administrators bring in past quarters only, those before Q2 2018/19."

    def test_of_an_officer_without_a_cycle(self, desk):
        assert of(desk, Who.OFFICER).places[Q2.previous] == Place(refusal=OFFICER)


@pytest.mark.parametrize("count", [1, 3])
def test_the_number_of_queries_is_fixed(desk, count):
    for number in range(count):
        measure = factories.make_measure(desk.contract, f"M{number}")
        series = factories.make_series(measure)
        factories.make_cycle(desk.contract, Q2.shift(-number - 1))
        factories.make_observation(series, Q2.shift(-number - 1), 1, desk.people[Who.ANALYST].user)
    with CaptureQueriesContext(connection) as queries:
        found = of(desk)
    assert (len(queries), len(found.known), len(found.held)) == (3, count + 1, count)
