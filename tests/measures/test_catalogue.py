"""Setting up measures, series and targets: who may, what is stored, what the audit says."""

from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from accounts.denial import Denied, NotKnown, WrongState
from accounts.models import AuditEntry
from accounts.roles import Who
from measures import catalogue
from measures.models import Definition, Measure, Series, Target
from measures.quarters import Quarter
from measures.recording import Invalid
from measures.states import State
from tests import factories
from tests.factories import NOW, Q2

FIRST = Quarter(2015, 2)
MEASURE = {
    "code": "B8",
    "slug": "b8",
    "title": "Proceedings on track",
    "section": "Court work",
    "kind": "contractual",
    "position": 1,
    "first_quarter": FIRST,
}
SERIES = {
    "code": "B8",
    "name": "Proceedings on track",
    "role": "headline",
    "unit": "percent",
    "polarity": "higher",
    "derivation": "snapshot_end",
    "frequency": "month",
    "counted": "cases",
    "counted_one": "case",
    "first_quarter": FIRST,
}
TARGET = {"target_basis": "contract", "tolerance_basis": "illustrative", "reason": "From the paper"}


class Room:
    def __init__(self):
        self.contract = factories.make_contract()
        self.people = factories.make_members(self.contract)

    def by(self, who=Who.ADMINISTRATOR):
        return {"by": self.people[who], "now": NOW}

    def measure(self, **fields):
        return catalogue.add_measure(**{**self.by(), **MEASURE, **fields})

    def series(self, measure=None, **fields):
        measure = measure or self.measure()
        return catalogue.add_series(
            **{**self.by(), "measure": measure, "definition": "Cases on track.", **SERIES, **fields}
        )

    def target(self, series, target, tolerance, **fields):
        numbers = {
            name: None if value is None else Decimal(value)
            for name, value in [("target", target), ("tolerance", tolerance)]
        }
        return catalogue.set_first_target(
            **{**self.by(), "series": series, "from_quarter": FIRST, **TARGET, **numbers, **fields}
        )


@pytest.fixture
def room(db):
    return Room()


def audit():
    return [(e.act, e.object, e.new, e.reason) for e in AuditEntry.objects.order_by("number")]


class TestMeasure:
    def test_it_is_stored_under_the_contract_and_audited(self, room):
        made = room.measure()
        held = Measure.objects.get()
        assert (held, held.contract, held.first_quarter) == (made, room.contract, FIRST)
        assert {name: getattr(held, name) for name in MEASURE} == MEASURE
        assert audit() == [("add measure", "B8", {**MEASURE, "first_quarter": "2015-Q2"}, "")]
        assert AuditEntry.objects.get().by == room.people[Who.ADMINISTRATOR].user

    @pytest.mark.parametrize("fields", [{"slug": "other"}, {"code": "Other"}])
    def test_a_code_or_slug_in_use(self, room, fields):
        room.measure()
        with pytest.raises(IntegrityError), transaction.atomic():
            room.measure(**fields)
        assert len(audit()) == 1


class TestSeries:
    def test_with_its_first_definition(self, room):
        made = room.series()
        definition = Definition.objects.get()
        assert Series.objects.get() == made
        assert (definition.series, definition.from_quarter, definition.text, definition.reason) == (
            made,
            FIRST,
            "Cases on track.",
            "",
        )
        new = {**SERIES, "first_quarter": "2015-Q2", "definition": "Cases on track."}
        assert audit()[1:] == [("add series", "B8 B8", new, "")]

    def test_nothing_of_it_stays_where_the_database_refuses(self, room):
        measure = room.measure()
        with pytest.raises(IntegrityError), transaction.atomic():
            room.series(measure, derivation="entered")
        assert (Series.objects.count(), Definition.objects.count(), len(audit())) == (0, 0, 1)


class TestBeside:
    """Which series may run beside each other under one measure."""

    @pytest.fixture
    def measure(self, room):
        measure = room.measure()
        room.series(measure, last_quarter=Q2)
        return measure

    @pytest.mark.parametrize(
        ("first", "last"), [(Q2, None), (Quarter(2014, 1), None), (Quarter(2014, 1), FIRST), (Quarter(2016, 1), Q2)]
    )
    def test_two_headlines_or_codes_do_not_overlap(self, room, measure, first, last):
        with pytest.raises(Invalid) as refused:
            room.series(measure, first_quarter=first, last_quarter=last)
        assert refused.value.errors == {
            "role": "Proceedings on track is the headline of B8 from Q2 2015/16 to Q2 2018/19 already.",
            "code": "B8 has a series B8 from Q2 2015/16 to Q2 2018/19 already.",
        }
        assert (Series.objects.count(), len(audit())) == (1, 2)

    def test_nor_with_one_that_runs_on(self, room):
        measure = room.measure()
        room.series(measure)
        with pytest.raises(Invalid, match="^Proceedings on track is the headline of B8 from Q2 2015/16 already"):
            room.series(measure, code="B8n", first_quarter=Q2)

    @pytest.mark.parametrize(("first", "last"), [(Q2.next, None), (Quarter(2014, 1), Quarter(2015, 1))])
    def test_they_follow_each_other(self, room, measure, first, last):
        room.series(measure, first_quarter=first, last_quarter=last)
        assert Series.objects.count() == 2

    def test_pairs_may_be_many(self, room, measure):
        room.series(measure, role="pair", code="B8a")
        room.series(measure, role="pair", code="B8b")
        with pytest.raises(Invalid, match="^B8 has a series B8a from Q2 2015/16 already"):
            room.series(measure, role="subgroup", code="B8a")

    def test_another_measure_has_its_own(self, room, measure):
        room.series(room.measure(code="B9", slug="b9"))
        assert Series.objects.count() == 2

    @pytest.mark.parametrize("unit", ["count", "days"])
    def test_what_has_no_counts_is_not_pooled(self, room, unit):
        with pytest.raises(Invalid, match="^Only percentages and rates are pooled"):
            room.series(unit=unit, derivation="pooled_ratio")
        assert not Series.objects.exists()


class TestBelonging:
    @pytest.fixture
    def foreign(self, room):
        elsewhere = factories.make_contract("leisure", "Borough", "Leisure Trust")
        return factories.make_series(factories.make_measure(elsewhere))

    def test_nothing_is_added_to_another_contract(self, room, foreign):
        for write in (
            lambda: room.series(foreign.measure, code="X", role="pair"),
            lambda: room.target(foreign, 90, 85),
        ):
            with pytest.raises(NotKnown):
                write()
        assert (Series.objects.count(), Target.objects.count()) == (1, 0)
        assert audit() == []


class TestFirstTarget:
    def test_in_force_at_once_and_agreed_by_nobody(self, room):
        made = room.target(room.series(), 90, 85)
        held = Target.objects.get()
        assert (held, held.target, held.tolerance, held.from_quarter) == (made, 90, 85, FIRST)
        assert (held.agreed_at, held.agreed_by, held.withdrawn_at) == (NOW, None, None)
        assert held.proposed_by == room.people[Who.ADMINISTRATOR].user
        assert audit()[-1] == ("set first target", "B8 2015-Q2", {"target": "90", "tolerance": "85"}, "From the paper")

    @pytest.mark.parametrize(
        ("target", "tolerance", "new"),
        [(90, None, {"target": "90", "tolerance": None}), (None, None, {"target": None, "tolerance": None})],
    )
    def test_either_may_be_missing(self, room, target, tolerance, new):
        room.target(room.series(), target, tolerance)
        assert audit()[-1][2] == new

    @pytest.mark.parametrize(("polarity", "tolerance"), [("higher", 95), ("lower", 85)])
    def test_a_tolerance_on_the_wrong_side(self, room, polarity, tolerance):
        series = room.series(polarity=polarity)
        with pytest.raises(ValueError, match="the tolerance cannot be"):
            room.target(series, 90, tolerance)
        assert not Target.objects.exists()
        assert len(audit()) == 2

    @pytest.mark.parametrize(
        ("decimals", "target", "tolerance", "sentence"),
        [
            (0, "89.5", "85", "Give the target of B8 as a whole number: the series prints no more."),
            (0, "90", "85.5", "Give the tolerance of B8 as a whole number: the series prints no more."),
            (1, "89.55", None, "Give the target of B8 with at most 1 decimal: the series prints no more."),
            (2, "89.555", None, "Give the target of B8 with at most 2 decimals: the series prints no more."),
        ],
    )
    def test_what_is_compared_is_what_is_printed(self, room, decimals, target, tolerance, sentence):
        series = room.series(decimals=decimals)
        with pytest.raises(ValueError, match=f"^{sentence}$"):
            room.target(series, target, tolerance)
        assert not Target.objects.exists()

    def test_zeros_at_the_end_are_no_decimals(self, room):
        room.target(room.series(decimals=1), "89.500", "85.0")
        assert Target.objects.get().target == Decimal("89.5")

    def test_one_a_quarter(self, room):
        series = room.series()
        room.target(series, 90, 85)
        with pytest.raises(IntegrityError), transaction.atomic():
            room.target(series, 80, 75)


class TestStartEarlier:
    EARLIER = FIRST.shift(-3)

    def start(self, room, series, quarter=EARLIER, who=Who.ADMINISTRATOR, measure=None):
        catalogue.start_earlier(**room.by(who), measure=measure or series.measure, series=[series], quarter=quarter)

    def test_measure_series_and_first_definition(self, room):
        series = room.series()
        self.start(room, series)
        series.refresh_from_db()
        assert (series.first_quarter, series.measure.first_quarter) == (self.EARLIER, self.EARLIER)
        # Who had one of them open is told.
        assert (series.version, series.measure.version) == (2, 2)
        assert Definition.objects.get().from_quarter == self.EARLIER
        assert audit()[-1] == ("start measure earlier", "B8", {"from": "2014-Q3", "series": ["B8"]}, "")

    @pytest.mark.parametrize("quarter", [FIRST, FIRST.next])
    def test_what_begins_early_enough_stays(self, room, quarter):
        self.start(room, room.series(), quarter)
        assert (Measure.objects.get().first_quarter, Series.objects.get().first_quarter) == (FIRST, FIRST)
        assert (Measure.objects.get().version, Series.objects.get().version) == (1, 1)
        assert len(audit()) == 2

    def test_a_series_that_starts_after_its_measure(self, room):
        series = room.series(first_quarter=FIRST.shift(4))
        self.start(room, series, FIRST.next)
        assert (Measure.objects.get().first_quarter, Series.objects.get().first_quarter) == (FIRST, FIRST.next)

    def test_not_beside_another(self, room):
        series = room.series(first_quarter=FIRST.shift(4))
        room.series(series.measure, last_quarter=FIRST.shift(3))
        with pytest.raises(Invalid, match="is the headline of B8"):
            self.start(room, series, FIRST.next)
        assert set(Series.objects.values_list("first_quarter", flat=True)) == {FIRST, FIRST.shift(4)}

    def test_not_into_quarters_that_were_opened(self, room):
        series = room.series()
        factories.make_cycle(room.contract, FIRST.previous, State.COMMENTARY)
        factories.make_cycle(room.contract, FIRST.shift(-2))
        with pytest.raises(WrongState, match="B8 cannot start before Q1 2015/16, which was opened here without it."):
            self.start(room, series)
        assert Measure.objects.get().first_quarter == FIRST

    def test_another_contract_s_measure_or_another_measure_s_series(self, room):
        elsewhere = factories.make_contract("leisure", "Borough", "Leisure Trust")
        foreign = factories.make_series(factories.make_measure(elsewhere))
        other = room.series(room.measure(code="X", slug="x"), code="X")
        with pytest.raises(NotKnown):
            self.start(room, foreign)
        with pytest.raises(NotKnown):
            self.start(room, other, measure=room.measure())

    @pytest.mark.parametrize("who", [who for who in Who if who is not Who.ADMINISTRATOR])
    def test_administrators_alone(self, room, who):
        with pytest.raises(Denied):
            self.start(room, room.series(), who=who)


@pytest.mark.parametrize("who", [who for who in Who if who is not Who.ADMINISTRATOR])
def test_set_up_is_the_administrator_s(room, who):
    series = room.series()
    measure = series.measure
    before = len(audit())
    for write in (
        lambda: room.measure(**room.by(who), code="X", slug="x"),
        lambda: room.series(measure, **room.by(who), code="X", role="pair"),
        lambda: room.target(series, 90, 85, **room.by(who)),
    ):
        with pytest.raises(Denied, match="^Only an administrator may set up the contract: settings, "):
            write()
    assert (Measure.objects.count(), Series.objects.count(), Target.objects.count()) == (1, 1, 0)
    assert len(audit()) == before


def test_a_target_from_a_later_quarter_can_follow(room):
    series = room.series()
    room.target(series, 90, 85)
    room.target(series, 95, 90, from_quarter=Q2)
    assert list(series.targets.values_list("from_quarter", "target")) == [(FIRST, 90), (Q2, 95)]
