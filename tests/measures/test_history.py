"""Many values at once: quarters before the first opened one, and what the load refuses."""

from decimal import Decimal

import pytest

from accounts.denial import Denied, NotKnown, WrongState
from accounts.models import AuditEntry
from accounts.roles import Who
from measures.entries import Entry, Status
from measures.history import Line, add_past_quarters, load
from measures.models import Cycle, Observation
from measures.quarters import Quarter
from measures.recording import Invalid, Moved
from measures.states import State
from tests import factories
from tests.factories import NOW, Q2

Q1 = Q2.previous
COUNTS = [(150, 200), (148, 205), (147, 210)]


class Room:
    def __init__(self):
        self.contract = factories.make_contract()
        self.people = factories.make_members(self.contract)
        self.measure = factories.make_measure(self.contract)
        self.series = factories.make_series(self.measure)

    def monthly(self, derivation="pooled_ratio", **fields):
        return factories.make_series(
            self.measure, code="E1", role="pair", frequency="month", derivation=derivation, **fields
        )

    def past(self, *quarters, who=Who.ANALYST):
        return add_past_quarters(by=self.people[who], quarters=quarters, now=NOW)

    def load(self, *lines, who=Who.ANALYST, **fields):
        return load(by=self.people[who], lines=lines, now=NOW, **fields)

    def line(self, value=70, period=Q1, series=None, **fields):
        entry = fields.pop("entry", None) or Entry(None if value is None else Decimal(value))
        return Line(series or self.series, period, entry, **fields)

    def months(self, series, quarter=Q1, counts=COUNTS, **fields):
        """One line for each month from its counts; None leaves a month out."""
        return [
            self.line(period=month, series=series, entry=Entry(None, *map(Decimal, pair)), **fields)
            for month, pair in zip(quarter.months, counts, strict=True)
            if pair
        ]


@pytest.fixture
def room(db):
    return Room()


def held(series, kind="quarter"):
    return [
        (row.period.label, row.value and row.value.normalize(), row.origin)
        for row in Observation.objects.filter(series=series, period_kind=kind).order_by("start")
    ]


class TestPastQuarters:
    def test_their_cycles_are_past_and_without_dates(self, room):
        made = room.past(Q1, Q1.previous)
        assert [(c.quarter, c.state, c.values_due, c.commentary_due) for c in made] == [
            (Q1.previous, "past", None, None),
            (Q1, "past", None, None),
        ]
        assert Cycle.objects.filter(contract=room.contract).count() == 2

    def test_one_audit_entry_for_all(self, room):
        room.past(Q1, Q1.shift(-2), Q1.previous)
        [entry] = AuditEntry.objects.all()
        assert (entry.act, entry.object, entry.by) == (
            "add past quarters",
            "2017-Q3 to 2018-Q1",
            room.people[Who.ANALYST].user,
        )

    def test_those_there_already_stay(self, room):
        [old] = room.past(Q1)
        made = room.past(Q1, Q1.previous)
        assert [cycle.quarter for cycle in made] == [Q1.previous]
        assert Cycle.objects.get(quarter=Q1) == old
        assert AuditEntry.objects.count() == 2

    def test_nothing_new_is_not_audited(self, room):
        room.past(Q1)
        assert room.past(Q1) == []
        assert AuditEntry.objects.count() == 1

    @pytest.mark.parametrize("quarter", [Q2, Q2.next])
    def test_refused_from_the_first_opened_quarter_on(self, room, quarter):
        factories.open_cycle(room.contract, room.people[Who.OFFICER])
        with pytest.raises(Denied, match=f"^{quarter.label} is not before the first opened quarter, Q2 2018/19"):
            room.past(Q1, quarter)
        assert [cycle.quarter for cycle in Cycle.objects.all()] == [Q2]

    @pytest.mark.parametrize("quarter", [Q2.next, Q2.shift(2)])
    def test_while_none_is_opened_the_present_quarter_is_the_limit(self, room, quarter):
        # Now is 2 November 2018.
        with pytest.raises(Denied, match=f"^{quarter.label} is not before the present quarter, Q3 2018/19"):
            room.past(Q2, quarter)
        assert not Cycle.objects.exists()
        assert [cycle.quarter for cycle in room.past(Q2)] == [Q2]

    def test_before_an_opened_quarter_they_may_still_come(self, room):
        factories.open_cycle(room.contract, room.people[Who.OFFICER])
        assert [cycle.quarter for cycle in room.past(Q1)] == [Q1]

    @pytest.mark.parametrize("who", Who)
    def test_who_may(self, room, who):
        if who in (Who.ANALYST, Who.ADMINISTRATOR):
            assert len(room.past(Q1, who=who)) == 1
        else:
            with pytest.raises(Denied, match="^Only an analyst of DCST or an administrator may bring in values"):
                room.past(Q1, who=who)
            assert not Cycle.objects.exists()

    def test_another_contract_s_quarters_do_not_matter(self, room):
        elsewhere = factories.make_contract("leisure", "Borough", "Leisure Trust")
        factories.make_cycle(elsewhere, Q1.previous, State.OPEN)
        assert len(room.past(Q1)) == 1


class TestLoad:
    def test_a_quarterly_value_as_it_is(self, room):
        room.past(Q1)
        entry = Entry(None, Decimal(14), Decimal(19), Status.PROVISIONAL, "Late")
        assert room.load(room.line(entry=entry, illustrative=True, counts_illustrative=True)) == 1
        row = Observation.objects.get()
        assert (row.value, row.numerator, row.denominator) == (Decimal("73.684211"), 14, 19)
        assert (row.status, row.note, row.origin, row.months_present) == ("provisional", "Late", "imported", None)
        assert (row.illustrative, row.counts_illustrative, row.revision, row.is_current) == (True, True, 1, True)
        assert (row.by, row.at) == (room.people[Who.ANALYST].user, NOW)

    def test_months_are_derived(self, room):
        room.past(Q1)
        series = room.monthly()
        assert room.load(*room.months(series)) == 3
        assert held(series, "month") == [
            ("April 2018", Decimal(75), "imported"),
            ("May 2018", Decimal("72.195122"), "imported"),
            ("June 2018", Decimal(70), "imported"),
        ]
        # 445 of 615.
        assert held(series) == [("Q1 2018/19", Decimal("72.357724"), "derived")]
        row = Observation.objects.get(period_kind="quarter")
        assert (row.numerator, row.denominator, row.months_present, row.status) == (445, 615, 3, "final")

    def test_two_of_three_months_are_provisional(self, room):
        room.past(Q1)
        series = room.monthly()
        assert room.load(*room.months(series, counts=[COUNTS[0], None, COUNTS[2]])) == 2
        row = Observation.objects.get(period_kind="quarter")
        assert (row.months_present, row.status, row.numerator) == (2, "provisional", 297)

    def test_a_value_at_the_end_needs_its_last_month(self, room):
        room.past(Q1)
        series = room.monthly("snapshot_end")
        assert room.load(*room.months(series, counts=[COUNTS[0], COUNTS[1], None])) == 2
        assert held(series) == []

    def test_several_quarters_and_series_at_once(self, room):
        room.past(Q1, Q1.previous)
        series = room.monthly()
        lines = [*room.months(series), *room.months(series, Q1.previous), room.line(), room.line(65, Q1.previous)]
        assert room.load(*lines) == 8
        assert [label for label, _, _ in held(series)] == ["Q4 2017/18", "Q1 2018/19"]
        assert [(label, value) for label, value, _ in held(room.series)] == [("Q4 2017/18", 65), ("Q1 2018/19", 70)]

    @pytest.mark.parametrize(
        ("is_printed", "illustrative", "counts_illustrative"), [(False, True, False), (True, False, True)]
    )
    def test_a_printed_quarter_of_illustrative_months_is_real_and_its_counts_are_not(
        self, room, is_printed, illustrative, counts_illustrative
    ):
        room.past(Q1)
        series = room.monthly()
        room.load(*room.months(series, illustrative=True), printed=[(series.pk, Q1)] if is_printed else [])
        row = Observation.objects.get(period_kind="quarter")
        assert (row.illustrative, row.counts_illustrative) == (illustrative, counts_illustrative)
        assert (
            list(Observation.objects.filter(period_kind="month").values_list("illustrative", flat=True)) == [True] * 3
        )

    def test_a_printed_quarter_without_counts_has_none_to_hide(self, room):
        room.past(Q1)
        series = room.monthly("mean_of_months", unit="count", polarity="neutral")
        lines = [room.line(1898, month, series, illustrative=True) for month in Q1.months]
        room.load(*lines, printed=[(series.pk, Q1)])
        row = Observation.objects.get(period_kind="quarter")
        assert (row.value, row.illustrative, row.counts_illustrative) == (1898, False, False)

    def test_printed_says_nothing_of_a_quarter_of_real_months(self, room):
        room.past(Q1)
        series = room.monthly()
        room.load(*room.months(series), printed=[(series.pk, Q1)])
        row = Observation.objects.get(period_kind="quarter")
        assert (row.illustrative, row.counts_illustrative) == (False, False)

    def test_nothing_may_be_held_yet(self, room):
        room.past(Q1)
        room.load(room.line(70))
        with pytest.raises(Moved, match=r"B8, Q1 2018/19\."):
            room.load(room.line(71))
        assert held(room.series) == [("Q1 2018/19", Decimal(70), "imported")]

    def test_no_lines_are_no_work(self, room):
        assert room.load() == 0


class TestRefusals:
    def test_all_or_nothing(self, room):
        room.past(Q1, Q1.previous)
        with pytest.raises(Invalid) as caught:
            room.load(room.line(70), room.line(101, Q1.previous))
        assert caught.value.errors == {"value": "B8, Q4 2017/18: Enter 100 or less."}
        assert not Observation.objects.exists()

    def test_the_line_is_named_by_its_month(self, room):
        room.past(Q1)
        with pytest.raises(Invalid, match=r"^E1, April 2018: Enter the denominator as well"):
            room.load(room.line(period=Q1.months[0], series=room.monthly(), entry=Entry(None, Decimal(3))))
        assert not Observation.objects.exists()

    def test_an_open_quarter_is_the_analyst_s(self, room):
        factories.open_cycle(room.contract, room.people[Who.OFFICER])
        assert room.load(room.line(70, Q2)) == 1
        with pytest.raises(Denied, match="^Administrators look after people"):
            room.load(room.line(71, Q2), who=Who.ADMINISTRATOR)

    def test_an_administrator_brings_in_past_ones(self, room):
        room.past(Q1)
        assert room.load(room.line(70), who=Who.ADMINISTRATOR) == 1

    @pytest.mark.parametrize("who", [Who.OFFICER, Who.COMMISSIONER_DIRECTOR, Who.PROVIDER_DIRECTOR])
    def test_nobody_else(self, room, who):
        room.past(Q1)
        with pytest.raises(Denied, match="^Only an analyst of DCST or an administrator may bring in values"):
            room.load(room.line(70), who=who)
        assert not Observation.objects.exists()

    @pytest.mark.parametrize("state", [State.SUBMITTED, State.COMMENTARY, State.AGREED])
    def test_figures_are_frozen_once_submitted(self, room, state):
        factories.make_cycle(room.contract, Q2, state)
        with pytest.raises(WrongState, match="^You can enter values while a quarter is open"):
            room.load(room.line(70, Q2))
        assert not Observation.objects.exists()

    def test_a_quarter_without_cycle(self, room):
        with pytest.raises(NotKnown, match=r"^Childrens services has no quarter Q1 2016/17\.$"):
            room.load(room.line(70, Quarter(2016, 1)))

    def test_a_series_of_another_contract(self, room):
        room.past(Q1)
        elsewhere = factories.make_contract("leisure", "Borough", "Leisure Trust")
        foreign = factories.make_series(factories.make_measure(elsewhere))
        with pytest.raises(NotKnown):
            room.load(room.line(), room.line(series=foreign))
        assert not Observation.objects.exists()

    def test_a_quarter_that_the_series_does_not_cover(self, room):
        room.past(Q1)
        with pytest.raises(Denied, match=r"^Measure B8 does not run in Q1 2018/19\.$"):
            room.load(room.line(series=room.monthly(first_quarter=Q2), period=Q1.months[2]))

    def test_a_quarter_that_its_months_give(self, room):
        room.past(Q1)
        with pytest.raises(Denied, match=r"^Q1 2018/19 cannot be typed for Measure B8 in Q1 2018/19\.$"):
            room.load(room.line(series=room.monthly("sum", unit="count")))

    def test_a_month_to_be_pooled_needs_its_counts(self, room):
        room.past(Q1)
        with pytest.raises(Invalid) as caught:
            room.load(room.line(27, Q1.months[0], room.monthly()))
        assert caught.value.errors == {
            "numerator": "E1, April 2018: Enter numerator and denominator: the quarter is pooled from them."
        }
        assert not Observation.objects.exists()
