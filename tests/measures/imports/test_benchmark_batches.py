"""Batches of benchmarks: uploaded, chosen, confirmed in one transaction, undone; and what stands in the way."""

from dataclasses import replace
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.denial import Denied, NotKnown, Stale, WrongState
from accounts.models import AuditEntry
from accounts.roles import Who
from measures.benchmark_entries import as_data
from measures.benchmarks import change_benchmark, entry_of, remove_benchmark
from measures.imports import batches, benchmark_batches, benchmark_preview
from measures.imports.mapping import Mapping
from measures.imports.tidy import Choice
from measures.models import Benchmark, ImportBatch, ImportChange, ImportMapping
from measures.quarters import Year
from measures.terms import BatchKind, BatchState, Statistic
from tests import factories
from tests.factories import NOW, make_benchmark
from tests.measures.imports.office import Office, table
from tests.measures.imports.tidy_files import COUNCILS, content, line

MAY = [Who.ADMINISTRATOR, Who.ANALYST, Who.OFFICER]
DIRECTORS = [Who.COMMISSIONER_DIRECTOR, Who.PROVIDER_DIRECTOR]
FILE = content(line(), line(period="201617", percent="20.5"), line("E08000017", "25.5"))


class Room(Office):
    def chosen(self, batch, who=Who.ANALYST, **fields):
        """England's and whatever else is named, for B8."""
        defaults = {
            "series": {"repeat_percent": self.series.pk},
            "filters": {"category": "Total"},
            "areas": ("E92000001",),
            "source": "DfE",
            "edition": "Children in need 2018",
        }
        mapping = replace(Mapping.from_json(batch.mapping), tidy=Choice(**{**defaults, **fields}).as_json())
        benchmark_batches.choose(by=self.by(who), batch=batch, mapping=mapping)
        return ImportBatch.objects.get(pk=batch.pk)

    def seen(self, batch, who=Who.ANALYST):
        return benchmark_preview.build(ImportBatch.objects.get(pk=batch.pk), self.by(who), now=NOW)

    def confirm(self, batch, who=Who.ANALYST, digest=None):
        digest = digest or self.seen(batch, who).plan.digest
        return benchmark_batches.confirm(by=self.by(who), batch=batch, digest=digest, now=NOW)

    def bring(self, content=FILE, who=Who.ANALYST, **fields):
        return self.confirm(self.chosen(self.upload(content, who), who, **fields), who)

    def undo(self, batch, who=Who.ANALYST):
        return benchmark_batches.undo(by=self.by(who), batch=batch, now=NOW)


@pytest.fixture
def room(db):
    return Room()


def held():
    rows = Benchmark.objects.order_by("comparator", "start")
    return [(row.comparator, row.period.label, row.value, row.version) for row in rows]


BOTH = [("England", "2016/17", Decimal("20.5"), 1), ("England", "2017/18", Decimal("21.9"), 1)]


class TestUpload:
    @pytest.mark.parametrize("who", MAY)
    def test_open_data_comes_in_as_benchmarks(self, room, who):
        batch = room.upload(FILE, who)
        assert (batch.kind, batch.state, batch.party) == (
            BatchKind.BENCHMARKS,
            BatchState.UPLOADED,
            {Who.ANALYST: "provider", Who.OFFICER: "commissioner"}.get(who, ""),
        )
        assert Choice.from_json(batch.mapping["tidy"]) == Choice({}, {"category": "Total"}, ("E92000001",))

    @pytest.mark.parametrize("who", DIRECTORS)
    def test_directors_bring_in_none(self, room, who):
        with pytest.raises(Denied, match="may import files"):
            room.upload(FILE, who)

    def test_the_last_choice_for_a_file_of_this_shape(self, room):
        room.bring(neighbours=tuple(COUNCILS)[:1], statistic=Statistic.MEDIAN)
        kept = Choice.from_json(room.upload(FILE).mapping["tidy"])
        assert (kept.series, kept.neighbours, kept.statistic, kept.source) == (
            {"repeat_percent": room.series.pk},
            ("E08000017",),
            Statistic.MEDIAN,
            "DfE",
        )
        # Edition and day are those of the one file.
        assert (kept.edition, kept.published_on) == ("", None)


class TestConfirm:
    @pytest.mark.parametrize("who", MAY)
    def test_what_is_written(self, room, who):
        batch = room.bring(who=who)
        assert held() == BOTH
        assert (batch.state, batch.content, batch.confirmed_by) == (BatchState.CONFIRMED, None, room.by(who).user)
        assert batch.counts == {"new": 2, "changed": 0, "unchanged": 0, "refused": 0}
        entry = entry_of(Benchmark.objects.get(start=Year(2017).start))
        changes = ImportChange.objects.filter(batch=batch).order_by("-start")
        assert [(one.series, one.period, one.comparator, one.old, one.version) for one in changes] == [
            (room.series, Year(2017), "England", None, 1),
            (room.series, Year(2016), "England", None, 1),
        ]
        assert changes[0].new == as_data(entry)
        told = AuditEntry.objects.order_by("number").last()
        assert (told.act, told.object, told.new) == (
            "import benchmarks",
            "benchmarks of B8",
            {"sha256": batch.sha256, "new": 2, "changed": 0},
        )

    def test_changed_and_unchanged(self, room):
        room.bring()
        old = as_data(entry_of(Benchmark.objects.get(start=Year(2016).start)))
        batch = room.bring(content(line(), line(period="201617", percent="20.7")))
        assert batch.counts == {"new": 0, "changed": 1, "unchanged": 1, "refused": 0}
        assert held() == [("England", "2016/17", Decimal("20.7"), 2), BOTH[1]]
        [change] = batch.changes.all()
        assert (change.old, change.version) == (old, 2)

    def test_refused_rows_are_kept(self, room):
        batch = room.bring(content(line(), line(period="2017", kind="Calendar year")))
        assert held() == [BOTH[1]]
        assert [one["row"] for one in batch.refused] == [0, 3]
        assert batch.counts["refused"] == 1

    def test_names_that_differ_in_capitals_are_one(self, room):
        batch = room.bring(
            content(line(), line("E08000017", "25"), line("E08000016", "26", la_name="DONCASTER")),
            areas=("E92000001", "E08000017", "E08000016"),
        )
        assert held() == [BOTH[1]]
        assert [one["issue"] for one in batch.refused[1:]] == [
            "Doncaster, 2017/18 comes from 2 areas of that name. Take all but one of them out of the areas.",
            "DONCASTER, 2017/18 comes from 2 areas of that name. Take all but one of them out of the areas.",
        ]

    def test_one_held_under_other_capitals_keeps_its_name(self, room):
        make_benchmark(room.series, "ENGLAND", value=Decimal(30))
        assert room.bring().counts == {"new": 1, "changed": 1, "unchanged": 0, "refused": 0}
        assert [name for name, *_ in held()] == ["ENGLAND", "England"]

    def test_another_preview_than_was_seen(self, room):
        batch = room.chosen(room.upload(FILE))
        digest = room.seen(batch).plan.digest
        make_benchmark(room.series)
        with pytest.raises(Stale, match="^What is held has changed"):
            room.confirm(batch, digest=digest)
        assert len(held()) == 1

    @pytest.mark.parametrize("fields", [{"series": {}}, {"areas": ()}, {"edition": ""}])
    def test_something_still_to_be_chosen(self, room, fields):
        batch = room.chosen(room.upload(FILE), **fields)
        with pytest.raises(WrongState, match="^Something is still to be chosen"):
            room.confirm(batch)
        assert held() == []

    def test_a_question_that_is_open(self, room):
        batch = room.chosen(room.upload(content(line(period="2018", kind="Reporting year"))))
        with pytest.raises(WrongState, match="^Something is still to be chosen"):
            room.confirm(batch)

    def test_nothing_to_import(self, room):
        room.bring()
        batch = room.chosen(room.upload(FILE))
        with pytest.raises(WrongState, match="^There is nothing to import"):
            room.confirm(batch)

    def test_once(self, room):
        batch = room.bring()
        with pytest.raises(WrongState, match="^This file was imported on 2 November 2018"):
            room.confirm(batch, digest="any")
        with pytest.raises(WrongState, match="^This file was imported"):
            room.chosen(batch)

    def test_not_by_the_other_party(self, room):
        batch = room.chosen(room.upload(FILE))
        with pytest.raises(NotKnown):
            room.confirm(batch, Who.OFFICER, digest="any")
        with pytest.raises(WrongState):
            room.chosen(batch, Who.OFFICER)

    @pytest.mark.parametrize("who", DIRECTORS)
    def test_not_by_a_director(self, room, who):
        batch = room.chosen(room.upload(FILE))
        for write in (lambda: room.confirm(batch, who, digest="any"), lambda: room.chosen(batch, who)):
            with pytest.raises(Denied, match="may import files"):
                write()

    def test_a_file_of_values_is_none_of_these(self, room):
        batch = room.upload(table(["B8", "B8", "Q2 2018/19", "70"]))
        with pytest.raises(NotKnown):
            benchmark_batches.confirm(by=room.by(), batch=batch, digest="any", now=NOW)
        with pytest.raises(Denied, match="^This file holds benchmarks"):
            batches.confirm(by=room.by(), batch=room.chosen(room.upload(FILE)), digest="any", now=NOW)

    def test_series_of_another_contract_cannot_be_chosen(self, room):
        elsewhere = factories.make_series(factories.make_measure(factories.make_contract("leisure", "B", "L"), "L1"))
        batch = room.chosen(room.upload(FILE), series={"repeat_percent": elsewhere.pk})
        assert room.seen(batch).plan.missing == ("A series that was chosen is not in this contract. Choose again.",)

    @pytest.mark.parametrize("years", [2, 40])
    def test_as_many_statements_for_many(self, room, years):
        lines = [line(period=f"{year}{(year + 1) % 100:02}") for year in range(2017 - years, 2017)]
        batch = room.chosen(room.upload(content(*lines)))
        digest = room.seen(batch).plan.digest
        with CaptureQueriesContext(connection) as queries:
            room.confirm(batch, digest=digest)
        assert len(held()) == years
        statements = [each["sql"] for each in queries if "SAVEPOINT" not in each["sql"]]
        # The batch, its content, the batch locked; series, benchmarks; benchmarks and series once more and
        # the new rows; the changes, the batch, the remembered choice (2), the audit entry (3).
        assert len(statements) == 16


class TestUndo:
    def test_what_was_new_goes_and_what_was_changed_is_as_before(self, room):
        make_benchmark(room.series, value=Decimal(30), source="ONS")
        batch = room.bring()
        assert room.undo(batch).left == []
        [row] = Benchmark.objects.all()
        assert (row.value, row.source, row.version) == (30, "ONS", 3)
        batch.refresh_from_db()
        assert (batch.state, batch.undone_by) == (BatchState.UNDONE, room.by().user)
        told = AuditEntry.objects.order_by("number").last()
        assert (told.act, told.object, told.new) == (
            "undo import",
            "benchmarks of B8",
            {"sha256": batch.sha256, "removed": 1, "set back": 1},
        )

    def test_what_changed_since_is_left_and_named(self, room):
        batch = room.bring()
        row = Benchmark.objects.get(start=Year(2017).start)
        entry = replace(entry_of(row), value=Decimal(30))
        change_benchmark(by=room.by(), benchmark=row, version=1, entry=entry, now=NOW)
        other = Benchmark.objects.get(start=Year(2016).start)
        remove_benchmark(by=room.by(), benchmark=other, version=1, now=NOW)
        assert room.undo(batch).left == [
            {"code": "B8", "name": "England", "period": "2016/17"},
            {"code": "B8", "name": "England", "period": "2017/18"},
        ]
        assert held() == [("England", "2017/18", Decimal(30), 2)]

    def test_once(self, room):
        batch = room.bring()
        room.undo(batch)
        with pytest.raises(WrongState, match="^This import is undone already"):
            room.undo(batch)
        with pytest.raises(WrongState, match="^This file was never imported"):
            room.undo(room.upload(FILE))

    def test_by_the_same_party_alone(self, room):
        batch = room.bring()
        with pytest.raises(NotKnown):
            room.undo(batch, Who.OFFICER)
        with pytest.raises(Denied):
            room.undo(batch, Who.PROVIDER_DIRECTOR)
        assert held() == BOTH

    def test_the_file_can_come_again(self, room):
        room.undo(room.bring())
        assert held() == []
        room.bring()
        # A version is never used twice.
        assert [version for *_, version in held()] == [2, 2]


def test_one_choice_is_remembered_for_each_shape(room):
    room.bring()
    room.bring(content(line(percent="30")))
    assert ImportMapping.objects.count() == 1
    room.bring(content(line(percent="31"), shuffle=3))
    assert ImportMapping.objects.count() == 2
