"""Writing benchmarks: who may, what is stored, what the audit says; versions; a file's at once, and undoing it."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.denial import Denied, NotKnown, Stale
from accounts.models import AuditEntry
from accounts.roles import Who
from measures import benchmarks
from measures.benchmark_entries import BenchmarkEntry, as_data
from measures.benchmarks import BenchmarkSetBack, BenchmarkWrite, BenchmarkWritten, entry_of
from measures.models import Benchmark, ImportBatch, ImportChange, Series
from measures.quarters import Quarter, Year
from measures.recording import Invalid
from measures.terms import BenchmarkScope, Comparability, Statistic
from tests import factories
from tests.factories import NOW, make_benchmark

Q2 = Quarter(2018, 2)
ENGLAND = BenchmarkEntry(
    comparator="England",
    period=Year(2017),
    value=Decimal("21.9"),
    scope=BenchmarkScope.NATIONAL,
    comparability=Comparability.CLOSE,
    source="DfE",
    edition="Children in need 2018",
)
NEIGHBOURS = replace(
    ENGLAND,
    comparator="Statistical neighbours",
    scope=BenchmarkScope.STATISTICAL_NEIGHBOURS,
    statistic=Statistic.MEAN,
    published_on=date(2018, 10, 25),
    method="Ten authorities",
    note="A year",
)
MAY = [Who.ADMINISTRATOR, Who.ANALYST, Who.OFFICER]
DIRECTORS = [Who.COMMISSIONER_DIRECTOR, Who.PROVIDER_DIRECTOR]


class Room:
    def __init__(self):
        self.contract = factories.make_contract()
        self.people = factories.make_members(self.contract)
        self.series = factories.make_series(factories.make_measure(self.contract))
        elsewhere = factories.make_contract("leisure", "Borough", "Leisure Trust")
        self.foreign = factories.make_series(factories.make_measure(elsewhere, "L1"))

    def by(self, who=Who.ANALYST):
        return {"by": self.people[who], "now": NOW}

    def add(self, entry=ENGLAND, who=Who.ANALYST, **fields):
        return benchmarks.add_benchmark(**{**self.by(who), "series": self.series, "entry": entry, **fields})

    def change(self, row, entry, version=1, who=Who.ANALYST):
        return benchmarks.change_benchmark(**self.by(who), benchmark=row, version=version, entry=entry)

    def remove(self, row, version=1, who=Who.ANALYST):
        benchmarks.remove_benchmark(**self.by(who), benchmark=row, version=version)

    def write(self, *writes, who=Who.ANALYST):
        return benchmarks.write_benchmarks(**self.by(who), writes=writes)

    def line(self, entry=ENGLAND, version=0, series=None):
        return BenchmarkWrite(series or self.series, entry, version)

    def set_back(self, *changes, who=Who.ANALYST):
        return benchmarks.set_back_benchmarks(by=self.people[who], changes=changes)


@pytest.fixture
def room(db):
    return Room()


def audit():
    return [(e.act, e.object, e.old, e.new) for e in AuditEntry.objects.order_by("number")]


def held():
    return [entry_of(row) for row in Benchmark.objects.order_by("pk")]


class TestAdding:
    @pytest.mark.parametrize("who", MAY)
    def test_what_is_stored_and_audited(self, room, who):
        made = room.add(NEIGHBOURS, who)
        row = Benchmark.objects.get()
        assert (row, row.series, row.period, row.version) == (made, room.series, Year(2017), 1)
        assert entry_of(row) == NEIGHBOURS
        assert audit() == [("add benchmark", "B8 Statistical neighbours (mean) 2017", None, as_data(NEIGHBOURS))]
        assert AuditEntry.objects.get().by == room.people[who].user

    def test_of_a_quarter(self, room):
        made = room.add(replace(ENGLAND, period=Q2))
        assert (made.period_kind, made.start, made.period) == ("quarter", date(2018, 7, 1), Q2)
        assert audit()[0][1] == "B8 England 2018-Q2"

    def test_spaces_around_texts_go(self, room):
        made = room.add(replace(ENGLAND, comparator="  England ", source=" DfE", edition="2018 ", note=" n "))
        assert (made.comparator, made.source, made.edition, made.note) == ("England", "DfE", "2018", "n")

    @pytest.mark.parametrize("who", DIRECTORS)
    def test_directors_add_none(self, room, who):
        with pytest.raises(Denied, match="may add benchmarks"):
            room.add(who=who)
        assert (held(), audit()) == ([], [])

    def test_not_to_another_contract(self, room):
        with pytest.raises(NotKnown):
            room.add(series=room.foreign)
        assert (held(), audit()) == ([], [])

    def test_what_may_not_be_stored(self, room):
        with pytest.raises(Invalid) as refused:
            room.add(replace(ENGLAND, value=Decimal(101), source="", statistic=Statistic.MEAN))
        assert refused.value.errors == {
            "source": "Say who published the figure, such as DfE.",
            "value": "Enter 100 or less.",
            "statistic": "Leave this empty: only statistical neighbours have a mean or a median.",
        }
        assert (held(), audit()) == ([], [])

    def test_a_period_that_is_not_over_on_the_day_it_is_written(self, room):
        with pytest.raises(Invalid, match="^2018/19 is not over yet"):
            room.add(replace(ENGLAND, period=Year(2018)))

    @pytest.mark.parametrize("name", ["England", "england "])
    def test_one_of_a_comparator_and_period(self, room, name):
        room.add()
        with pytest.raises(Invalid) as refused:
            room.add(replace(ENGLAND, comparator=name))
        assert refused.value.errors == {
            "comparator": f"B8 has a figure of {name.strip()} for 2017/18 already. Change it."
        }
        assert (len(held()), len(audit())) == (1, 1)

    def test_other_periods_and_series_have_their_own(self, room):
        room.add()
        room.add(replace(ENGLAND, period=Year(2016)))
        # The quarter that begins with the year is another period.
        room.add(replace(ENGLAND, period=Quarter(2017, 1)))
        room.add(series=factories.make_series(room.series.measure, code="B8n", role="pair"))
        assert len(held()) == 4


class TestChanging:
    @pytest.fixture
    def row(self, room):
        return make_benchmark(room.series)

    @pytest.mark.parametrize("who", MAY)
    def test_in_place_and_audited_with_what_differs(self, room, row, who):
        changed = room.change(row, replace(ENGLAND, value=Decimal("22.5"), note="Revised"), who=who)
        assert (changed.pk, changed.version, changed.value, changed.note) == (row.pk, 2, Decimal("22.5"), "Revised")
        assert audit() == [
            (
                "change benchmark",
                "B8 England 2017",
                {"value": "21.9", "note": ""},
                {"value": "22.5", "note": "Revised"},
            )
        ]

    def test_everything_of_it_may_change(self, room, row):
        entry = replace(NEIGHBOURS, period=Q2)
        room.change(row, entry)
        assert held() == [entry]
        assert set(audit()[0][2]) == {
            *("comparator", "period", "scope", "statistic", "published_on", "method", "note"),
        }

    def test_what_is_held_already_stays_as_it_is(self, room, row):
        assert room.change(row, replace(ENGLAND, value=Decimal("21.90"))).version == 1
        assert audit() == []

    @pytest.mark.parametrize("version", [0, 2])
    def test_under_another_version(self, room, row, version):
        with pytest.raises(Stale, match="^Somebody else changed this benchmark after you opened it"):
            room.change(row, replace(ENGLAND, value=Decimal(30)), version)
        assert (held(), audit()) == ([ENGLAND], [])

    def test_even_to_what_is_held(self, room, row):
        with pytest.raises(Stale):
            room.change(row, ENGLAND, version=2)

    def test_not_to_the_name_of_another(self, room, row):
        make_benchmark(room.series, "Wales")
        with pytest.raises(Invalid, match="^B8 has a figure of wales for 2017/18 already"):
            room.change(row, replace(ENGLAND, comparator="wales"))
        assert room.change(row, replace(ENGLAND, comparator="england")).comparator == "england"

    def test_what_may_not_be_stored(self, room, row):
        with pytest.raises(Invalid, match="^Say whether this is the mean or the median"):
            room.change(row, replace(NEIGHBOURS, statistic=None))
        assert held() == [ENGLAND]

    @pytest.mark.parametrize("who", DIRECTORS)
    def test_directors_change_none(self, room, row, who):
        with pytest.raises(Denied, match="may add benchmarks"):
            room.change(row, NEIGHBOURS, who=who)
        assert held() == [ENGLAND]

    def test_not_elsewhere(self, room):
        with pytest.raises(NotKnown, match="^This benchmark is not held any more"):
            room.change(make_benchmark(room.foreign), NEIGHBOURS)
        assert held() == [ENGLAND]

    def test_not_what_is_gone(self, room, row):
        room.remove(row)
        with pytest.raises(NotKnown, match="^This benchmark is not held any more"):
            room.change(row, NEIGHBOURS)


class TestRemoving:
    @pytest.fixture
    def row(self, room):
        return make_benchmark(room.series)

    @pytest.mark.parametrize("who", MAY)
    def test_it_goes_and_the_audit_keeps_it(self, room, row, who):
        room.remove(row, who=who)
        assert held() == []
        assert audit() == [("remove benchmark", "B8 England 2017", as_data(ENGLAND), None)]

    def test_under_another_version(self, room, row):
        with pytest.raises(Stale):
            room.remove(row, version=2)
        assert (held(), audit()) == ([ENGLAND], [])

    @pytest.mark.parametrize("who", DIRECTORS)
    def test_directors_remove_none(self, room, row, who):
        with pytest.raises(Denied, match="may add benchmarks"):
            room.remove(row, who=who)
        assert held() == [ENGLAND]

    def test_not_elsewhere(self, room):
        with pytest.raises(NotKnown):
            room.remove(make_benchmark(room.foreign))
        assert held() == [ENGLAND]


class TestAFile:
    def test_new_changed_and_unchanged(self, room):
        make_benchmark(room.series)
        same = make_benchmark(room.series, period=Year(2016), position=4)
        better = replace(ENGLAND, value=Decimal(30))
        written = room.write(
            room.line(better, 1), room.line(replace(ENGLAND, period=Year(2016)), 1), room.line(NEIGHBOURS)
        )
        assert written == [
            BenchmarkWritten(room.series, better, as_data(ENGLAND), as_data(better), 2),
            BenchmarkWritten(room.series, NEIGHBOURS, None, as_data(NEIGHBOURS), 1),
        ]
        assert held() == [better, replace(ENGLAND, period=Year(2016)), NEIGHBOURS]
        assert [row.version for row in Benchmark.objects.order_by("pk")] == [2, 1, 1]
        same.refresh_from_db()
        assert same.position == 4
        # The import makes one entry for all.
        assert audit() == []

    def test_one_held_under_other_capitals_is_the_same(self, room):
        make_benchmark(room.series, "ENGLAND")
        room.write(room.line(version=1))
        assert held() == [ENGLAND]

    @pytest.mark.parametrize("version", [0, 2])
    def test_another_version_than_was_seen(self, room, version):
        make_benchmark(room.series)
        lines = [room.line(NEIGHBOURS), room.line(replace(ENGLAND, value=Decimal(30)), version)]
        with pytest.raises(Stale, match="^Somebody else changed B8, England, 2017/18 after you opened the preview"):
            room.write(*lines)
        assert held() == [ENGLAND]

    def test_one_that_went_meanwhile(self, room):
        with pytest.raises(Stale):
            room.write(room.line(version=1))

    def test_all_or_nothing(self, room):
        with pytest.raises(Invalid) as refused:
            room.write(room.line(), room.line(replace(NEIGHBOURS, value=Decimal(101))))
        assert refused.value.errors == {"value": "B8, Statistical neighbours, 2017/18: Enter 100 or less."}
        assert held() == []

    def test_not_into_another_contract(self, room):
        with pytest.raises(NotKnown):
            room.write(room.line(), room.line(series=room.foreign))
        assert held() == []

    @pytest.mark.parametrize("who", DIRECTORS)
    def test_directors_bring_in_none(self, room, who):
        with pytest.raises(Denied, match="may add benchmarks"):
            room.write(room.line(), who=who)

    def test_as_many_statements_for_many(self, room):
        counts = []
        for many in (2, 40):
            for number in range(many):
                make_benchmark(room.series, f"Held {number} of {many}")
            lines = [room.line(replace(ENGLAND, comparator=f"New {number} of {many}")) for number in range(many)]
            lines += [
                room.line(replace(ENGLAND, comparator=f"Held {number} of {many}", value=Decimal(1)), 1)
                for number in range(many)
            ]
            with CaptureQueriesContext(connection) as queries:
                room.write(*lines)
            counts.append(len([each for each in queries if "SAVEPOINT" not in each["sql"]]))
        # Benchmarks held, series with their last versions, changed rows, new rows.
        assert counts == [5, 5]


class TestUndoing:
    def undo_of(self, written):
        return [
            BenchmarkSetBack(one.series, one.entry.comparator, one.entry.period, one.old, one.version)
            for one in written
        ]

    def test_what_was_new_goes_and_what_was_changed_is_as_before(self, room):
        make_benchmark(room.series, position=4)
        written = room.write(room.line(replace(ENGLAND, value=Decimal(30)), 1), room.line(NEIGHBOURS))
        assert room.set_back(*self.undo_of(written)) == []
        row = Benchmark.objects.get()
        assert (entry_of(row), row.version, row.position) == (ENGLAND, 3, 4)

    def test_what_changed_since_is_left(self, room):
        written = room.write(room.line(), room.line(NEIGHBOURS))
        newer = replace(ENGLAND, value=Decimal(30))
        room.change(Benchmark.objects.get(comparator="England"), newer)
        changes = self.undo_of(written)
        assert room.set_back(*changes) == changes[:1]
        assert held() == [newer]

    def test_what_was_removed_since_is_left(self, room):
        written = room.write(room.line())
        room.remove(Benchmark.objects.get())
        changes = self.undo_of(written)
        assert room.set_back(*changes) == changes

    def test_what_was_removed_and_added_again_is_not_taken_away(self, room):
        written = room.write(room.line())
        user = room.people[Who.ANALYST].user
        batch = ImportBatch.objects.create(
            contract=room.contract, kind="benchmarks", state="confirmed", by=user, uploaded_at=NOW, filename="a.csv",
            sha256="0" * 64, size=1, confirmed_by=user, confirmed_at=NOW,
        )  # fmt: skip
        ImportChange.objects.create(
            batch=batch, series=room.series, period_kind="year", start=Year(2017).start, comparator="England",
            new=written[0].new, version=1,
        )  # fmt: skip
        room.remove(Benchmark.objects.get())
        assert room.add(replace(ENGLAND, comparator="england")).version == 2
        changes = self.undo_of(written)
        assert room.set_back(*changes) == changes
        assert Benchmark.objects.get().version == 2

    def test_not_in_another_contract(self, room):
        make_benchmark(room.foreign)
        with pytest.raises(NotKnown):
            room.set_back(BenchmarkSetBack(room.foreign, "England", Year(2017), None, 1))
        assert held() == [ENGLAND]

    @pytest.mark.parametrize("who", DIRECTORS)
    def test_directors_undo_none(self, room, who):
        written = room.write(room.line())
        with pytest.raises(Denied, match="may add benchmarks"):
            room.set_back(*self.undo_of(written), who=who)


class TestAtOnce:
    """Somebody else's row comes in after the check and before the statement that writes. In the one connection of the
    test it goes with the savepoint that is rolled back."""

    @pytest.fixture
    def meanwhile(self, room):
        def come_in(execute, sql, params, many, context):
            if self.verb in sql and '"measures_benchmark"' in sql and not Benchmark.objects.filter(source="ONS"):
                self.verb = "never"
                make_benchmark(room.series, source="ONS")
            return execute(sql, params, many, context)

        return come_in

    def test_two_who_add_the_same(self, room, meanwhile):
        self.verb = "INSERT"
        with connection.execute_wrapper(meanwhile), pytest.raises(Invalid, match="has a figure of England for 2017/18"):
            room.add()
        assert (held(), audit()) == ([], [])

    def test_one_who_changes_to_what_another_adds(self, room, meanwhile):
        row = make_benchmark(room.series, "Wales")
        self.verb = "UPDATE"
        with connection.execute_wrapper(meanwhile), pytest.raises(Invalid, match="has a figure of England for 2017/18"):
            room.change(row, ENGLAND)
        assert [(row.comparator, row.version) for row in Benchmark.objects.all()] == [("Wales", 1)]

    def test_a_file_and_a_form(self, room, meanwhile):
        self.verb = "INSERT"
        with connection.execute_wrapper(meanwhile), pytest.raises(Stale, match="^Somebody else added one of these"):
            room.write(room.line(), room.line(NEIGHBOURS))
        assert held() == []


class TestSetUpMeanwhile:
    def test_who_writes_waits_for_who_sets_up_before_anything_else(self, room):
        row = make_benchmark(room.series, "Wales")
        change = replace(entry_of(row), value=Decimal(5))
        for act in (
            room.add,
            lambda: room.change(row, change),
            lambda: room.remove(row, 2),
            lambda: room.write(room.line(NEIGHBOURS)),
            room.set_back,
        ):
            with CaptureQueriesContext(connection) as queries:
                act()
            first = next(each["sql"] for each in queries if "SAVEPOINT" not in each["sql"])
            assert ' FROM "accounts_contract" ' in first

    def test_a_series_that_was_deleted(self, room):
        gone = Series.objects.get(pk=room.series.pk)
        Series.objects.filter(pk=gone.pk).delete()
        for act in (lambda: room.add(series=gone), lambda: room.write(room.line(series=gone))):
            with pytest.raises(NotKnown):
                act()

    def test_its_maximum(self, room):
        Series.objects.update(maximum=5)
        with pytest.raises(Invalid) as raised:
            room.add()
        assert raised.value.errors == {"value": "Enter 5 or less."}
        with pytest.raises(Invalid, match="Enter 5 or less."):
            room.write(room.line())
        assert held() == []
