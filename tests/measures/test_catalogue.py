"""Setting up measures, series, targets and benchmarks: who may, what is stored, what the audit says."""

from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from accounts.denial import Denied
from accounts.models import AuditEntry
from accounts.roles import Who
from measures import catalogue
from measures.models import Benchmark, Definition, Measure, Series, Target
from measures.quarters import Quarter, Year
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
BENCHMARK = {
    "comparator": "England",
    "value": Decimal("21.9"),
    "source": "DfE",
    "edition": "LAIT 2026",
    "comparability": "close",
}


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
        assert audit() == [("add measure", "B8", {"title": "Proceedings on track"}, "")]
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
        assert audit()[1:] == [
            ("add series", "B8 B8", {"name": "Proceedings on track", "definition": "Cases on track."}, "")
        ]

    def test_nothing_of_it_stays_where_the_database_refuses(self, room):
        measure = room.measure()
        with pytest.raises(IntegrityError), transaction.atomic():
            room.series(measure, derivation="entered")
        assert (Series.objects.count(), Definition.objects.count(), len(audit())) == (0, 0, 1)


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

    def test_one_a_quarter(self, room):
        series = room.series()
        room.target(series, 90, 85)
        with pytest.raises(IntegrityError), transaction.atomic():
            room.target(series, 80, 75)


class TestBenchmark:
    @pytest.mark.parametrize("who", [Who.ADMINISTRATOR, Who.ANALYST, Who.OFFICER])
    def test_for_a_financial_year(self, room, who):
        series = room.series()
        made = catalogue.add_benchmark(**room.by(who), series=series, year=Year(2017), **BENCHMARK)
        held = Benchmark.objects.get()
        assert (held, held.series, held.period, held.value) == (made, series, Year(2017), Decimal("21.9"))
        assert audit()[-1] == ("add benchmark", "B8 England 2017", {"value": "21.9", "source": "DfE, LAIT 2026"}, "")

    @pytest.mark.parametrize("who", [Who.COMMISSIONER_DIRECTOR, Who.PROVIDER_DIRECTOR])
    def test_directors_add_none(self, room, who):
        series = room.series()
        with pytest.raises(Denied, match="may add benchmarks"):
            catalogue.add_benchmark(**room.by(who), series=series, year=Year(2017), **BENCHMARK)
        assert not Benchmark.objects.exists()


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
        with pytest.raises(Denied, match="^Only an administrator may set up measures, series and first targets"):
            write()
    assert (Measure.objects.count(), Series.objects.count(), Target.objects.count()) == (1, 1, 0)
    assert len(audit()) == before


def test_a_target_from_a_later_quarter_can_follow(room):
    series = room.series()
    room.target(series, 90, 85)
    room.target(series, 95, 90, from_quarter=Q2)
    assert list(series.targets.values_list("from_quarter", "target")) == [(FIRST, 90), (Q2, 95)]
