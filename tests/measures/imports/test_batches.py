"""From an upload to its confirmation and back: what is written, what never is, and what everybody is told."""

import datetime
import hashlib
from decimal import Decimal

import pytest
from django.db import DatabaseError, connection

from accounts.denial import Denied, NotKnown, Stale, WrongState
from accounts.models import AuditEntry
from accounts.roles import Who
from measures.entries import Entry
from measures.imports import batches, lifecycle, preview
from measures.imports.cells import Unreadable
from measures.imports.kinds import LARGEST_FILE
from measures.models import Cycle, ImportBatch, ImportChange, ImportMapping, Observation
from measures.quarters import Month
from measures.states import State
from measures.terms import BatchKind, BatchState, Origin
from measures.writing import Invalid
from tests import factories
from tests.factories import NOW, Q2
from tests.measures.imports.office import NEW, Q1, b8, counted, table, values

PAST = table(b8("Q4 2017/18", "66"), b8("Q1 2018/19", "68"))
WHY = "September was counted twice."


def figures(value, **more):
    """As a change keeps them."""
    plain = {"numerator": None, "denominator": None, "status": "final", "note": "", "origin": "imported"}
    return plain | {"value": value, "illustrative": False, "counts_illustrative": False} | more


class TestUpload:
    def test_the_file_is_kept_and_nothing_else(self, office):
        before = counted()
        batch = office.upload()
        batch.refresh_from_db()
        assert counted() == before
        assert (batch.kind, batch.state, batch.party) == (BatchKind.VALUES, BatchState.UPLOADED, "provider")
        assert (batch.by, batch.uploaded_at, batch.filename) == (office.by().user, NOW, "figures.csv")
        assert (bytes(batch.content), batch.size) == (NEW, len(NEW))
        assert batch.sha256 == hashlib.sha256(NEW).hexdigest()
        assert batch.mapping["columns"] == {
            name: index
            for index, name in enumerate(
                ["measure", "series", "period", "value", "numerator", "denominator", "status", "note"]
            )
        }

    @pytest.mark.parametrize(
        ("name", "kept"),
        [
            ("../../etc/passwd.csv", "passwd.csv"),
            ("C:\\Users\\a\\figures.csv", "figures.csv"),
            ("a\r\nSet-Cookie: b.csv", "aSet-Cookie: b.csv"),
            ("report\u202excod.csv", "reportxcod.csv"),
            ("", "unnamed file"),
            ("..", "unnamed file"),
            ("\u2066\u2069", "unnamed file"),
            (f"{'a' * 300}.csv", f"{'a' * 196}.csv"),
            ("Zahlen für März.csv", "Zahlen für März.csv"),
        ],
    )
    def test_the_name_is_made_safe(self, office, name, kept):
        assert office.upload(name=name).filename == kept

    def test_an_empty_file_is_told(self, office):
        with pytest.raises(Unreadable, match="The file is empty"):
            office.upload(b"")

    def test_a_file_of_more_than_ten_megabytes_is_told(self, office):
        with pytest.raises(batches.TooLarge, match="larger than 10 MB"):
            office.upload(b"a" * (LARGEST_FILE + 1))
        assert ImportBatch.objects.count() == 0

    def test_an_old_paper_waits_for_an_administrator(self, office):
        paper = b"a\tb\n1\t<p>Q2 = 27%</p>\n"
        with pytest.raises(Denied, match="Only an administrator brings those in"):
            office.upload(paper, name="q2.txt")
        batch = office.upload(paper, Who.ADMINISTRATOR, name="q2.txt")
        assert (batch.kind, batch.mapping, batch.party) == (BatchKind.PAPER, {}, "")

    def test_officers_bring_in_no_values(self, office):
        with pytest.raises(Denied) as told:
            office.upload(who=Who.OFFICER)
        assert told.value.sentence == (
            "Officers import benchmarks only. Values of this contract are brought in by DCST’s analysts; "
            "administrators bring in past quarters."
        )
        assert ImportBatch.objects.count() == 0

    @pytest.mark.parametrize("who", [Who.COMMISSIONER_DIRECTOR, Who.PROVIDER_DIRECTOR])
    def test_directors_bring_in_nothing(self, office, who):
        with pytest.raises(Denied, match="may import files"):
            office.upload(who=who)

    def test_files_that_nobody_confirmed_go_after_a_week(self, office):
        office.upload(now=NOW - datetime.timedelta(days=7, seconds=1), name="old.csv")
        seven_days = NOW - datetime.timedelta(days=7)
        other = office.upload(b"a\tb\n1\t<p>x</p>\n", Who.ADMINISTRATOR, now=seven_days, name="other.tsv")
        young = office.upload()
        kept = ImportBatch.objects.order_by("pk").values_list("pk", "filename")
        assert list(kept) == [(other.pk, "other.tsv"), (young.pk, "figures.csv")]


class TestConfirm:
    def test_what_the_preview_showed_is_written(self, office):
        batch = office.bring()
        assert values() == {
            ("B8", "2018-Q2"): Decimal(70),
            ("E1", "2018-07"): Decimal(101),
            ("E1", "2018-08"): Decimal(102),
            ("E1", "2018-Q2"): Decimal("101.5"),
        }
        origins = {row.period.code: row.origin for row in office.months.observations.all()}
        assert origins == {"2018-07": Origin.IMPORTED, "2018-08": Origin.IMPORTED, "2018-Q2": Origin.DERIVED}
        batch.refresh_from_db()
        assert (batch.state, batch.content, batch.confirmed_by, batch.confirmed_at) == (
            BatchState.CONFIRMED,
            None,
            office.by().user,
            NOW,
        )
        assert batch.counts == {"new": 3, "changed": 0, "unchanged": 0, "refused": 0}
        changes = {change.period.code: change for change in batch.changes.filter(series=office.series)}
        assert {code: (one.old, one.new, one.version) for code, one in changes.items()} == {
            "2018-Q2": (None, figures("70"), 1)
        }
        assert batch.changes.count() == 3

    def test_an_open_quarter_never_submitted_leaves_no_audit_entry(self, office):
        before = AuditEntry.objects.count()
        office.bring()
        assert AuditEntry.objects.count() == before

    def test_a_value_held_changes_in_place_while_the_quarter_is_a_draft(self, office):
        office.hold(Entry(value=Decimal(60)))
        batch = office.bring()
        row = office.series.observations.get()
        assert (row.value, row.revision, row.version) == (70, 1, 2)
        assert batch.counts == {"new": 2, "changed": 1, "unchanged": 0, "refused": 0}
        change = batch.changes.get(series=office.series)
        assert (change.old, change.version) == (figures("60", origin="entered"), 2)

    def test_what_is_held_already_stays_as_it_is(self, office):
        office.hold(Entry(value=Decimal(70)))
        batch = office.bring()
        row = office.series.observations.get()
        assert (row.version, row.origin) == (1, Origin.ENTERED)
        assert batch.counts["unchanged"] == 1
        assert not batch.changes.filter(series=office.series).exists()

    def test_past_quarters_are_made_and_audited(self, office):
        batch = office.bring(PAST)
        assert set(Cycle.objects.filter(state=State.PAST).values_list("quarter", flat=True)) == {Q1.previous, Q1}
        acts = list(AuditEntry.objects.order_by("-number").values("act", "object", "old", "new", "reason")[:2])
        assert acts == [
            {
                "act": "import values",
                "object": "2017-Q4 to 2018-Q1",
                "old": None,
                "new": {"sha256": batch.sha256, "new": 2, "changed": 0},
                "reason": "",
            },
            {"act": "add past quarters", "object": "2017-Q4 to 2017-Q4", "old": None, "new": None, "reason": ""},
        ]

    def test_the_audit_entry_counts_nothing_of_a_draft_quarter(self, office):
        office.bring(table(b8("Q1 2018/19", "68"), b8("Q2 2018/19", "70")))
        entry = AuditEntry.objects.order_by("number").last()
        assert (entry.object, entry.new["new"]) == ("2018-Q1", 1)

    def test_a_held_value_of_a_past_quarter_becomes_a_revision_with_its_reason(self, office):
        office.hold_past(60)
        batch = office.upload(PAST)
        with pytest.raises(Invalid) as missing:
            office.confirm(batch)
        assert set(missing.value.errors) == {"reason"}
        assert values() == {("B8", "2018-Q1"): 60}
        office.confirm(batch, reason=f"  {WHY} ")
        rows = office.series.observations.filter(start=Q1.start).order_by("revision")
        assert [(row.value, row.is_current, row.reason) for row in rows] == [(60, False, ""), (68, True, WHY)]
        entry = AuditEntry.objects.order_by("number").last()
        assert (entry.act, entry.new, entry.reason) == (
            "import values",
            {"sha256": batch.sha256, "new": 1, "changed": 1},
            WHY,
        )

    def test_after_a_send_back_every_change_is_a_revision_that_the_submission_tells(self, office):
        office.hold(Entry(value=Decimal(60)))
        office.state(State.OPEN, once=True)
        batch = office.upload(table(b8("Q2 2018/19", "70")))
        with pytest.raises(Invalid):
            office.confirm(batch)
        entries = AuditEntry.objects.count()
        office.confirm(batch, reason=WHY)
        assert list(office.series.observations.values_list("revision", "value")) == [(1, 60), (2, 70)]
        assert AuditEntry.objects.count() == entries

    @pytest.mark.parametrize("state", [State.SUBMITTED, State.COMMENTARY, State.AGREED])
    def test_a_frozen_quarter_is_refused_row_by_row(self, office, state):
        office.state(state, once=True)
        batch = office.bring(table(b8("Q1 2018/19", "68"), b8("Q2 2018/19", "70")))
        assert batch.counts == {"new": 1, "changed": 0, "unchanged": 0, "refused": 1}
        assert values() == {("B8", "2018-Q1"): 68}
        header, row = batch.refused
        assert header["cells"][:3] == ["measure", "series", "period"]
        assert (row["row"], row["cells"][:4]) == (3, ["B8", "B8", "Q2 2018/19", "70"])
        assert "You can enter values while a quarter is open." in row["issue"]

    def test_the_mapping_is_remembered_for_the_next_file_of_this_shape(self, office):
        office.bring(PAST)
        kept = ImportMapping.objects.get()
        assert (kept.by, kept.at, kept.mapping["layout"]) == (office.by().user, NOW, "long")
        office.bring()
        assert ImportMapping.objects.count() == 1

    def test_a_second_confirmation_has_no_effect(self, office):
        batch = office.upload()
        digest = office.seen(batch).plan.digest
        office.confirm(batch, digest=digest)
        before = counted()
        with pytest.raises(WrongState, match="This file was imported on 2 November 2018"):
            office.confirm(batch, digest=digest)
        assert counted() == before
        assert ImportChange.objects.count() == 3

    def test_the_same_file_twice_changes_nothing_the_second_time(self, office):
        first, second = office.upload(), office.upload()
        digest = office.seen(second).plan.digest
        office.confirm(first)
        with pytest.raises(Stale):
            office.confirm(second, digest=digest)
        with pytest.raises(WrongState, match="There is nothing to import"):
            office.confirm(second)
        assert preview.imported_before(second) == first


class TestStale:
    def test_a_value_saved_since_the_preview_is_told_and_kept(self, office):
        batch = office.upload()
        digest = office.seen(batch).plan.digest
        office.hold(Entry(value=Decimal(60)))
        with pytest.raises(Stale) as told:
            office.confirm(batch, digest=digest)
        assert told.value.sentence == lifecycle.MOVED
        assert values() == {("B8", "2018-Q2"): 60}
        batch.refresh_from_db()
        assert batch.state == BatchState.UPLOADED
        assert [item.old.value for item in office.seen(batch).plan.items if item.old] == [60]
        office.confirm(batch)
        assert values()["B8", "2018-Q2"] == 70

    def test_a_quarter_submitted_since_the_preview_is_told(self, office):
        batch = office.upload()
        digest = office.seen(batch).plan.digest
        office.state(State.SUBMITTED, once=True)
        with pytest.raises(Stale):
            office.confirm(batch, digest=digest)
        assert values() == {}

    def test_another_reading_of_the_file_is_told(self, office):
        batch = office.upload()
        digest = office.seen(batch).plan.digest
        seen = office.seen(batch)
        kept = {**seen.mapping.as_json(), "columns": {**seen.mapping.as_json()["columns"], "value": 4}}
        batches.remap(by=office.by(), batch=batch, mapping=type(seen.mapping).from_json(kept))
        with pytest.raises(Stale):
            office.confirm(batch, digest=digest)


class TestQuestions:
    ASKING = table(b8("2018-Q2", "70"), b8("01/07/2018", "70"))

    def test_an_open_question_blocks(self, office):
        batch = office.upload(self.ASKING)
        seen = office.seen(batch)
        assert [one.question for one in seen.plan.asked] != []
        with pytest.raises(WrongState, match="Answer the questions first"):
            office.confirm(batch, digest=seen.plan.digest)
        assert values() == {}

    def test_a_missing_column_blocks(self, office):
        batch = office.upload(table(["70", "x"], header=["value", "other"]))
        seen = office.seen(batch)
        assert seen.missing != []
        with pytest.raises(WrongState, match="say which column holds what"):
            office.confirm(batch, digest=seen.plan.digest)

    def test_a_figure_out_of_scale_needs_a_yes(self, office):
        for back in range(6, 0, -1):
            quarter = Q2.shift(-back)
            if back > 1:
                factories.make_cycle(office.contract, quarter)
            office.hold_past(80 + back, period=quarter)
        batch = office.upload(table(b8("Q2 2018/19", "0.85", "", "", "", "")))
        seen = office.seen(batch)
        answers = {one.question.value: one.choices[1].value for one in seen.plan.asked}
        office.answer(batch, **answers)
        assert office.seen(batch).needs_tick
        with pytest.raises(Invalid) as missing:
            office.confirm(batch)
        assert missing.value.errors == {"accepted": batches.TICK}
        office.confirm(batch, accepted=True)
        assert values()["B8", "2018-Q2"] == Decimal("0.85")


class TestRights:
    def test_an_administrator_brings_in_first_values_of_past_quarters_alone(self, office):
        office.hold_past(60)
        content = table(b8("Q4 2017/18", "66"), b8("Q1 2018/19", "68"), b8("Q2 2018/19", "70"))
        batch = office.bring(content, Who.ADMINISTRATOR)
        assert values() == {("B8", "2017-Q4"): 66, ("B8", "2018-Q1"): 60}
        assert batch.counts == {"new": 1, "changed": 0, "unchanged": 0, "refused": 2}

    @pytest.mark.parametrize("who", [Who.OFFICER, Who.ADMINISTRATOR])
    def test_a_batch_is_its_own_partys(self, office, who):
        batch = office.upload()
        for act in (batches.discard, batches.undo, batches.confirm):
            more = {} if act is batches.discard else {"now": NOW}
            more |= {"digest": "x"} if act is batches.confirm else {}
            with pytest.raises((NotKnown, WrongState)):
                act(by=office.by(who), batch=batch, **more)
        assert ImportBatch.objects.get().state == BatchState.UPLOADED

    def test_a_colleague_may_confirm(self, office):
        colleague = factories.make_user("Second analyst")
        colleague.memberships.create(contract=office.contract, party="provider", role="analyst")
        batch = office.upload()
        by = type(office.by())(colleague, office.contract, Who.ANALYST)
        done = batches.confirm(by=by, batch=batch, digest=office.seen(batch).plan.digest, now=NOW)
        assert (done.by, done.confirmed_by) == (office.by().user, colleague)

    def test_another_contracts_batch_is_not_known(self, office):
        batch = office.upload()
        elsewhere = factories.make_members(factories.make_contract("leisure", "Borough", "Leisure Trust"))
        with pytest.raises(NotKnown):
            batches.confirm(by=elsewhere[Who.ANALYST], batch=batch, digest="x", now=NOW)


class TestAllOrNothing:
    @pytest.mark.parametrize("table_name", ["measures_observation", "measures_importchange", "measures_importmapping"])
    def test_a_failing_write_leaves_nothing(self, office, table_name):
        batch = office.upload(PAST)
        before = counted()
        with connection.execute_wrapper(_refuse(table_name)), pytest.raises(DatabaseError, match="no more room"):
            office.confirm(batch)
        batch.refresh_from_db()
        assert (counted(), batch.state) == (before, BatchState.UPLOADED)
        office.confirm(batch)
        assert values() == {("B8", "2017-Q4"): 66, ("B8", "2018-Q1"): 68}

    def test_a_failing_undo_leaves_nothing(self, office):
        batch = office.bring(PAST)
        before = values()
        with connection.execute_wrapper(_refuse("accounts_auditentry")), pytest.raises(DatabaseError):
            office.undo(batch, reason=WHY)
        batch.refresh_from_db()
        assert (values(), batch.state) == (before, BatchState.CONFIRMED)


def _refuse(table_name):
    def execute(run, sql, params, many, context):
        if sql.startswith("INSERT") and f'"{table_name}"' in sql:
            raise DatabaseError("no more room")
        return run(sql, params, many, context)

    return execute


class TestDiscard:
    def test_a_waiting_file_goes(self, office):
        batches.discard(by=office.by(), batch=office.upload())
        assert ImportBatch.objects.count() == 0

    def test_an_imported_one_stays(self, office):
        batch = office.bring()
        with pytest.raises(WrongState):
            batches.discard(by=office.by(), batch=batch)
        with pytest.raises(WrongState):
            batches.remap(by=office.by(), batch=batch, mapping=office.seen(office.upload()).mapping)


class TestUndo:
    def test_in_a_draft_quarter_values_go_or_are_set_back_in_place(self, office):
        office.hold(Entry(value=Decimal(60), note="First"))
        before = AuditEntry.objects.count()
        batch = office.undo(office.bring())
        assert values() == {("B8", "2018-Q2"): 60}
        row = office.series.observations.get()
        assert (row.note, row.origin, row.revision) == ("First", Origin.ENTERED, 1)
        assert office.months.observations.count() == 0
        assert (batch.state, batch.undone_by, batch.undone_at, batch.left) == (
            BatchState.UNDONE,
            office.by().user,
            NOW,
            [],
        )
        assert AuditEntry.objects.count() == before

    def test_in_a_past_quarter_the_figures_before_become_a_revision(self, office):
        office.hold_past(60)
        batch = office.bring(PAST, reason=WHY)
        with pytest.raises(Invalid):
            office.undo(batch)
        office.undo(batch, reason="The wrong file.")
        rows = office.series.observations.filter(start=Q1.start).order_by("revision")
        assert [(row.value, row.is_current, row.reason) for row in rows] == [
            (60, False, ""),
            (68, False, WHY),
            (60, True, "The wrong file."),
        ]
        # Nothing was held of the other quarter, and nothing is again; its row stays on record.
        assert values() == {("B8", "2018-Q1"): 60}
        assert values(current=False)["B8", "2017-Q4"] == 66
        entry = AuditEntry.objects.order_by("number").last()
        assert (entry.act, entry.object, entry.new, entry.reason) == (
            "undo import",
            "2017-Q4 to 2018-Q1",
            {"sha256": batch.sha256, "removed": 1, "set back": 1},
            "The wrong file.",
        )

    def test_in_a_published_quarter_it_is_a_revision_too(self, office):
        office.hold(Entry(value=Decimal(60)))
        office.state(State.PUBLISHED, once=True)
        batch = office.bring(table(b8("Q2 2018/19", "70")), reason=WHY)
        office.undo(batch, reason="The wrong file.")
        assert list(office.series.observations.values_list("value", "is_current")) == [
            (60, False),
            (70, False),
            (60, True),
        ]

    def test_after_a_send_back_it_is_a_revision_too(self, office):
        office.hold(Entry(value=Decimal(60)))
        batch = office.bring(table(b8("Q2 2018/19", "70")))
        office.state(State.OPEN, once=True)
        with pytest.raises(Invalid):
            office.undo(batch)
        office.undo(batch, reason="The wrong file.")
        assert list(office.series.observations.values_list("value", "revision")) == [(70, 1), (60, 2)]

    @pytest.mark.parametrize("state", [State.SUBMITTED, State.COMMENTARY, State.AGREED])
    def test_in_a_frozen_quarter_it_is_refused_as_a_whole(self, office, state):
        batch = office.bring(table(b8("Q1 2018/19", "68"), b8("Q2 2018/19", "70")))
        office.state(state, once=True)
        with pytest.raises(WrongState, match="You can enter values while a quarter is open"):
            office.undo(batch, reason="The wrong file.")
        assert values() == {("B8", "2018-Q1"): 68, ("B8", "2018-Q2"): 70}

    def test_what_was_changed_since_is_left_and_named(self, office):
        batch = office.bring()
        office.hold(Entry(value=Decimal(75)), version=1)
        done = office.undo(batch)
        assert done.left == [{"code": "B8", "name": "Proceedings on track", "period": "Q2 2018/19"}]
        assert values() == {("B8", "2018-Q2"): 75}

    def test_a_month_changed_since_keeps_its_quarter(self, office):
        batch = office.bring()
        office.hold(Entry(value=Decimal(110)), series=office.months, period=Month(2018, 8), version=1)
        done = office.undo(batch)
        assert [one["period"] for one in done.left] == ["August 2018"]
        assert values() == {("E1", "2018-08"): 110, ("E1", "2018-Q2"): 110}

    def test_it_is_undone_once(self, office):
        batch = office.bring()
        office.undo(batch)
        with pytest.raises(WrongState, match="undone already"):
            office.undo(batch)

    def test_a_waiting_file_cannot_be_undone(self, office):
        with pytest.raises(WrongState, match="never imported"):
            office.undo(office.upload())

    def test_an_administrator_takes_first_values_back(self, office):
        batch = office.bring(PAST, Who.ADMINISTRATOR)
        office.undo(batch, Who.ADMINISTRATOR, reason="The wrong contract.")
        assert values() == {}

    def test_and_the_same_file_can_come_again(self, office):
        office.undo(office.bring())
        again = office.bring()
        assert again.counts["new"] == 3
        assert Observation.objects.filter(is_current=True).count() == 4
