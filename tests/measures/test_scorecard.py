"""The read model: what each principal sees of a cycle, and against which targets."""

import datetime
import itertools
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.roles import Who
from accounts.viewer import viewer_of
from measures import scorecard
from measures.models import AreaForImprovement, Cycle, Target
from measures.quarters import Quarter
from measures.readings import Aim, Reading
from measures.scorecard import HISTORY
from measures.states import State
from measures.terms import Basis, SeriesRole
from tests import factories
from tests.factories import NOW, Q2, make_cycle, make_measure, make_observation, make_series, make_target

Q1 = Q2.previous


class Room:
    """B8 with 90 and 85, held at 78 in Q1 2018/19 (past) and 70 in Q2."""

    def __init__(self):
        self.contract = factories.make_contract()
        self.people = factories.make_members(self.contract)
        self.by = self.people[Who.ANALYST].user
        self.measure = make_measure(self.contract)
        self.series = make_series(self.measure)
        self.aim = make_target(self.series, self.by, 90, 85)
        self.past = make_cycle(self.contract, Q1)
        self.cycle = make_cycle(self.contract, Q2, State.COMMENTARY)
        make_observation(self.series, Q1, 78, self.by)
        make_observation(self.series, Q2, 70, self.by, counts=(147, 210))

    def card(self, who=Who.ANALYST, cycle=None):
        return scorecard.build(Cycle.objects.get(pk=(cycle or self.cycle).pk), self.people[who])

    def headline(self, *args, **kwargs):
        return self.card(*args, **kwargs).rows[0].headline

    def move(self, state, cycle=None):
        factories.in_state(cycle or self.cycle, state)

    def propose(self, target, tolerance, quarter, **fields):
        two = {"proposed_at": NOW, "proposed_party": "provider", "reason": "Too low", "agreed_at": NOW, **fields}
        return Target.objects.create(
            series=self.series,
            from_quarter=quarter,
            target=target,
            tolerance=tolerance,
            target_basis="contract",
            tolerance_basis="assumed",
            proposed_by=self.by,
            **two,
        )


@pytest.fixture
def room(db):
    return Room()


def values(row):
    return [None if reading.value is None else int(reading.value) for reading in row.history[-2:]]


class TestVisibility:
    # Who sees the figures of a quarter in which state, from the design: the provider always, the commissioner not
    # while it is open, an administrator past ones only.
    SEEN = {
        Who.OFFICER: set(State) - {State.OPEN},
        Who.ANALYST: set(State),
        Who.COMMISSIONER_DIRECTOR: set(State) - {State.OPEN},
        Who.PROVIDER_DIRECTOR: set(State),
        Who.ADMINISTRATOR: {State.PAST},
    }

    @pytest.mark.parametrize(("who", "state"), list(itertools.product(Who, State)))
    def test_the_figures_of_the_quarter(self, room, who, state):
        room.move(state)
        card, is_seen = room.card(who), state in self.SEEN[who]
        assert (card.quarter, card.state) == (Q2, state)
        assert card.figures_visible is is_seen
        assert values(card.rows[0].headline) == [78, 70 if is_seen else None]
        assert card.rows[0].headline.now.status == ("final" if is_seen else None)
        assert card.rows[0].status == ("red" if is_seen else "none")

    @pytest.mark.parametrize(("who", "state"), list(itertools.product(Who, State)))
    def test_an_earlier_quarter_in_the_history(self, room, who, state):
        room.move(state, room.past)
        row, is_seen = room.headline(who), state in self.SEEN[who]
        assert values(row) == [78 if is_seen else None, None if who is Who.ADMINISTRATOR else 70]
        assert row.rating_of(row.before).status == ("red" if is_seen else "none")

    def test_nothing_of_a_hidden_quarter_is_in_it(self, room):
        room.move(State.OPEN)
        assert room.headline(Who.OFFICER).now == Reading(Q2)
        assert room.card(Who.OFFICER).visible == {Q1}

    def test_after_a_send_back_the_commissioner_sees_no_figures_again(self, room):
        assert values(room.headline(Who.OFFICER)) == [78, 70]
        Cycle.objects.filter(pk=room.cycle.pk).update(state=State.OPEN, submitted_once=True)
        assert values(room.headline(Who.OFFICER)) == [78, None]
        assert values(room.headline(Who.ANALYST)) == [78, 70]

    def test_a_quarter_without_cycle_is_hidden_from_both(self, room):
        make_observation(room.series, Q1.previous, 80, room.by)
        assert room.headline(Who.ANALYST).history[-3] == Reading(Q1.previous)

    def test_another_contract_s_quarter_opens_nothing(self, room):
        elsewhere = factories.make_contract("leisure", "Borough", "Leisure Trust")
        make_cycle(elsewhere, Q1.previous)
        assert room.card().visible == {Q1, Q2}


class TestHistory:
    def test_thirteen_quarters_up_to_its_own(self, room):
        row = room.headline()
        assert [reading.period for reading in row.history] == [Q2.shift(back) for back in range(-12, 1)]
        assert len(row.history) == HISTORY == 13

    def test_it_ends_at_its_own_quarter(self, room):
        make_cycle(room.contract, Q2.next, State.COMMENTARY)
        make_observation(room.series, Q2.next, 60, room.by)
        assert values(room.headline()) == [78, 70]
        assert values(room.headline(cycle=room.past)) == [None, 78]

    def test_older_quarters_are_left_out(self, room):
        for back in (12, 13):
            make_cycle(room.contract, Q2.shift(-back))
            make_observation(room.series, Q2.shift(-back), back, room.by)
        held = [reading.value for reading in room.headline().history if reading.value is not None]
        assert held == [12, 78, 70]

    def test_current_rows_only_and_quarters_only(self, room):
        make_observation(room.series, Q2, 65, room.by, revision=2, is_current=False)
        make_observation(room.series, Q2.months[0], 64, room.by)
        assert values(room.headline()) == [78, 70]

    def test_a_reading_has_all_that_is_held(self, room):
        observation = room.series.observations.get(start=Q2.start)
        observation.revision, observation.note = 2, "Three sibling groups"
        observation.illustrative = observation.counts_illustrative = True
        observation.status, observation.origin, observation.months_present = "provisional", "derived", 2
        observation.save()
        assert room.headline().now == Reading(
            period=Q2,
            value=Decimal(70),
            numerator=Decimal(147),
            denominator=Decimal(210),
            status="provisional",
            illustrative=True,
            counts_illustrative=True,
            revised=True,
            months_present=2,
            note="Three sibling groups",
        )


class TestTargets:
    def test_the_aim_as_the_row_holds_it(self, room):
        room.aim.delete()
        room.propose(90, 85, Q1, reason="From the contract")
        assert room.headline().aims == (
            Aim(Q1, Decimal(90), Decimal(85), Basis.CONTRACT, Basis.ASSUMED, "From the contract"),
        )

    def test_old_quarters_keep_their_rating_when_a_new_target_comes(self, room):
        room.propose(60, 50, Q2)
        row = room.headline()
        assert (row.rating.status, row.rating_of(row.before).status) == ("green", "red")
        assert room.headline(cycle=room.past).rating.status == "red"

    def test_a_target_of_a_later_quarter_does_not_show(self, room):
        room.propose(60, 50, Q2.next)
        assert [aim.target for aim in room.headline().aims] == [90]

    def test_one_that_is_not_agreed_does_not_count(self, room):
        room.propose(60, 50, Q2, agreed_at=None)
        assert room.headline().rating.status == "red"

    def test_one_that_was_withdrawn_does_not_count(self, room):
        asked = {"withdrawal_by": room.by, "withdrawal_party": "provider", "withdrawal_at": NOW}
        ended = {"withdrawn_by": room.by, "withdrawn_at": NOW + datetime.timedelta(days=1)}
        room.propose(60, 50, Q2, **asked, withdrawal_reason="A slip", **ended)
        row = room.headline()
        assert (row.rating.status, [aim.target for aim in row.aims]) == ("red", [90])

    def test_oldest_first(self, room):
        room.propose(60, 50, Q2)
        room.propose(80, 70, Q1)
        assert [int(aim.target) for aim in room.headline().aims] == [90, 80, 60]

    def test_no_target_at_all(self, room):
        room.aim.delete()
        assert (room.headline().aims, room.headline().rating.reason) == ((), "No target set")


class TestRange:
    def test_an_ended_series_makes_room_for_the_next(self, room):
        room.series.last_quarter = Q1
        room.series.save()
        new = make_series(room.measure, code="B8n", unit="count", first_quarter=Q2)
        row = room.card().rows[0]
        assert (row.headline.id, row.headline.first_quarter, row.pairs, row.subgroups) == (new.pk, Q2, (), ())
        assert row.headline.before.value is None
        assert room.headline(cycle=room.past).id == room.series.pk

    def test_without_a_series_in_its_quarter_a_measure_stands_empty(self, room):
        room.series.last_quarter = Q1
        room.series.save()
        [row] = room.card().rows
        assert (row.headline, row.series, row.status) == (None, (), "none")

    @pytest.mark.parametrize(
        ("first", "last", "is_shown"),
        [(Q2, None, True), (Q2.next, None, False), (Q1, Q1, False), (Q1, Q2, True), (Q2, Q2, True)],
    )
    def test_measures_whose_range_covers_the_quarter(self, room, first, last, is_shown):
        make_measure(room.contract, "A1", first_quarter=first, last_quarter=last)
        assert [row.code for row in room.card().rows] == ["B8", *(["A1"] if is_shown else [])]

    def test_measures_of_another_contract_are_not_in_it(self, room):
        elsewhere = factories.make_contract("leisure", "Borough", "Leisure Trust")
        make_measure(elsewhere, "L1")
        assert [row.code for row in room.card().rows] == ["B8"]

    def test_order_is_by_position(self, room):
        make_measure(room.contract, "A1", position=0)
        make_measure(room.contract, "C1", position=1)
        assert [row.code for row in room.card().rows] == ["A1", "B8", "C1"]


class TestRows:
    def test_the_measure_s_columns(self, room):
        columns = {"why_it_matters": "Delay harms.", "owner": "Head of service", "source": "Extract", "kind": "local"}
        made = make_measure(room.contract, "E34/35", slug="e34-35", section="Need", **columns)
        row = room.card().rows[1]
        assert (row.id, row.code, row.slug, row.title, row.section) == (
            made.pk,
            "E34/35",
            "e34-35",
            "Measure E34/35",
            "Need",
        )
        assert {name: getattr(row, name) for name in columns} == columns

    def test_the_series_s_columns(self, room):
        made = make_series(
            room.measure,
            code="E1",
            name="Contacts",
            role="pair",
            unit="count",
            decimals=1,
            polarity="neutral",
            derivation="mean_of_months",
            frequency="month",
            window="rolling_12m",
            counted="contacts",
            counted_one="contact",
            first_quarter=Q1,
        )
        [row] = room.card().rows[0].pairs
        assert (row.id, row.code, row.name, row.role) == (made.pk, "E1", "Contacts", SeriesRole.PAIR)
        assert (row.derivation, row.frequency, row.window, row.first_quarter) == (
            "mean_of_months",
            "month",
            "rolling_12m",
            Q1,
        )
        assert row.scale == scorecard.scale_of(made)
        assert (row.scale.unit, row.scale.decimals, row.scale.polarity) == ("count", 1, "neutral")
        assert (row.scale.counted, row.scale.counted_one) == ("contacts", "contact")

    def test_series_by_role_in_their_order(self, room):
        for position, (code, role) in enumerate([("CPP", "subgroup"), ("CiC", "subgroup"), ("E35", "pair")]):
            make_series(room.measure, code=code, role=role, position=9 - position)
        row = room.card().rows[0]
        assert row.headline.code == "B8"
        assert [one.code for one in row.pairs] == ["E35"]
        assert [one.code for one in row.subgroups] == ["CiC", "CPP"]

    def test_areas_for_improvement_of_this_cycle_only(self, room):
        make_measure(room.contract, "A1")
        AreaForImprovement.objects.create(
            cycle=room.cycle, measure=room.measure, reason="Below tolerance twice.", by=room.by, at=NOW
        )
        assert [(row.code, row.area_reason) for row in room.card().rows] == [
            ("B8", "Below tolerance twice."),
            ("A1", None),
        ]
        assert [row.is_area for row in room.card(cycle=room.past).rows] == [False, False]


@pytest.mark.parametrize("number", [1, 3])
def test_as_many_queries_however_many_rows(room, number):
    for index in range(number):
        measure = make_measure(room.contract, f"M{index}")
        AreaForImprovement.objects.create(cycle=room.cycle, measure=measure, reason="Why", by=room.by, at=NOW)
        for at in range(number):
            role = "headline" if at == 0 else "subgroup"
            series = make_series(measure, code=f"S{at}", role=role)
            for back in range(number):
                make_target(series, room.by, 50 + back, from_quarter=Q2.shift(-back))
                make_observation(series, Q2.shift(-back), 60, room.by)
    cycle, viewer = Cycle.objects.get(pk=room.cycle.pk), room.people[Who.ANALYST]
    with CaptureQueriesContext(connection) as queries:
        card = scorecard.build(cycle, viewer)
    assert len(card.rows) == number + 1
    # Cycles' states, measures, areas, series, targets, observations, definitions.
    assert len(queries) == 7
    with CaptureQueriesContext(connection) as queries:
        assert scorecard.build(cycle, viewer, list(Cycle.objects.filter(contract=viewer.contract))) == card
    assert len(queries) == 7


def test_an_empty_contract_has_an_empty_card(db):
    contract = factories.make_contract()
    cycle = make_cycle(contract, Quarter(2018, 2), State.OPEN)
    card = scorecard.build(cycle, factories.make_members(contract)[Who.ANALYST])
    assert (card.rows, card.figures_visible) == ((), True)


def test_a_cohort_is_small_as_the_contract_has_it(room):
    assert room.headline().small_cohort == 30
    room.contract.small_cohort = 12
    room.contract.save()
    assert scorecard.build(room.cycle, viewer_of(room.by, room.contract.slug)).rows[0].headline.small_cohort == 12
