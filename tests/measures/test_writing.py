"""`writing.write` and `writing.set_back` on real rows: many values at once, by the state of each quarter."""

import datetime
from contextlib import contextmanager
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import given, settings
from hypothesis import strategies as st

from accounts.denial import Denied, NotKnown, Published, WrongState
from accounts.models import AuditEntry
from accounts.roles import Who
from measures import storing
from measures.entries import Entry, Status
from measures.holding import columns_of, current_of, figures_of
from measures.models import ImportBatch, Observation, Series, kind_of
from measures.quarters import Quarter
from measures.states import State
from measures.terms import Origin
from measures.writing import LONGEST_REASON, REASON_NEEDED, Invalid, Moved, SetBack, Write, set_back, write
from tests import factories
from tests.factories import NOW, Q2

Q1, Q4 = Q2.previous, Q2.shift(-2)
JULY, AUGUST, SEPTEMBER = Q2.months
LATER = NOW + datetime.timedelta(hours=1)
OTHERS = [Who.OFFICER, Who.COMMISSIONER_DIRECTOR, Who.PROVIDER_DIRECTOR]


class Room:
    """B8 by quarter and E1 by month; Q4 2017/18 and Q1 2018/19 are past, Q2 2018/19 is open and never submitted."""

    def __init__(self):
        self.contract = factories.make_contract()
        self.people = factories.make_members(self.contract)
        self.measure = factories.make_measure(self.contract)
        self.series = factories.make_series(self.measure)
        self.monthly = factories.make_series(
            self.measure,
            code="E1",
            role="pair",
            unit="count",
            polarity="neutral",
            frequency="month",
            derivation="mean_of_months",
        )
        self.past = [factories.make_cycle(self.contract, quarter) for quarter in (Q4, Q1)]
        self.cycle = factories.open_cycle(self.contract, self.people[Who.OFFICER])

    def put(self, quarter, state, *, submitted_once=False):
        cycle = next(each for each in (*self.past, self.cycle) if each.quarter == quarter)
        cycle.submitted_once = submitted_once
        factories.in_state(cycle, state)

    def one(self, value, period=Q2, version=0, series=None, **fields):
        entry = value if isinstance(value, Entry) else Entry(Decimal(value))
        return Write(
            series or (self.series if isinstance(period, Quarter) else self.monthly), period, entry, version, **fields
        )

    def write(self, *writes, who=Who.ANALYST, **fields):
        return write(**{"by": self.people[who], "writes": writes, "now": NOW, **fields})

    def back(self, *written, who=Who.ANALYST, **fields):
        changes = [SetBack(each.series, each.period, each.version, each.old) for each in written]
        return set_back(**{"by": self.people[who], "changes": changes, "now": LATER, **fields})


@pytest.fixture
def room(db):
    return Room()


def rows(series, period=Q2):
    """(revision, version, value, is_current), the oldest first."""
    found = Observation.objects.filter(series=series, period_kind=kind_of(period), start=period.start)
    return list(found.order_by("revision").values_list("revision", "version", "value", "is_current"))


def held():
    """The figures of every current row, by series and period."""
    return {
        (row.series_id, row.period): figures_of(row) | {"months_present": row.months_present}
        for row in Observation.objects.filter(is_current=True)
    }


FIRST = {
    "value": "70.5",
    "numerator": None,
    "denominator": None,
    "status": "final",
    "note": "",
    "origin": "entered",
    "illustrative": False,
    "counts_illustrative": False,
}


class TestSeveralAtOnce:
    def test_what_changed_and_what_was_held(self, room):
        [first] = room.write(room.one("70.50"))
        assert (first.series, first.period, first.old, first.new, first.version) == (room.series, Q2, None, FIRST, 1)
        second, other = room.write(room.one("100", version=1, origin=Origin.IMPORTED), room.one("7", JULY))
        assert (second.old, second.version) == (FIRST, 2)
        assert second.new == {**FIRST, "value": "100", "origin": "imported"}
        assert (other.series, other.period, other.new["value"]) == (room.monthly, JULY, "7")

    def test_what_is_held_already_is_left_out_wherever_it_came_from(self, room):
        room.write(room.one("70"), room.one("7", JULY))
        written = room.write(
            room.one("70.0", version=1, origin=Origin.IMPORTED), room.one("8", JULY, version=1), now=LATER
        )
        assert [(each.period, each.version) for each in written] == [(JULY, 2)]
        row = current_of(room.series, Q2)
        assert (row.version, row.at, row.origin) == (1, NOW, "entered")

    def test_made_figures_that_become_real_are_a_change(self, room):
        room.write(room.one("70", illustrative=True))
        [written] = room.write(room.one("70", version=1))
        assert (written.old["illustrative"], written.new["illustrative"]) == (True, False)

    def test_quarters_of_several_states(self, room):
        room.write(room.one("60", Q1), room.one("61", Q4))
        written = room.write(room.one("62", Q1, 1), room.one("70"), room.one("63", Q4, 1), reason=" Audit. ")
        assert [each.period for each in written] == [Q1, Q2, Q4]
        assert rows(room.series, Q1) == [(1, 1, 60, False), (2, 2, 62, True)]
        assert rows(room.series, Q2) == [(1, 1, 70, True)]
        assert current_of(room.series, Q4).reason == "Audit."

    def test_the_quarter_is_derived_once_from_what_is_then_held(self, room):
        room.write(room.one("10", JULY))
        room.write(room.one("20", AUGUST), room.one("60", SEPTEMBER))
        row = current_of(room.monthly, Q2)
        assert (row.value, row.version, row.months_present, row.status) == (30, 2, 3, "final")
        room.write(room.one("30", JULY, 1), room.one("30", AUGUST, 1), room.one("30", SEPTEMBER, 1), now=LATER)
        row = current_of(room.monthly, Q2)
        assert (row.value, row.version, row.at) == (30, 2, NOW)

    def test_no_audit_entry_is_made_here(self, room):
        before = AuditEntry.objects.count()
        room.write(room.one("60", Q1))
        assert AuditEntry.objects.count() == before

    def test_nothing_to_write_is_no_work(self, room):
        assert room.write() == []
        assert room.back() == []

    def test_a_printed_quarter_of_made_months_is_real(self, room):
        room.write(room.one("10", JULY, illustrative=True), printed=[(room.monthly.pk, Q2)])
        assert current_of(room.monthly, Q2).illustrative is False

    def test_two_figures_for_one_cell_are_a_mistake_of_the_program(self, room):
        with pytest.raises(ValueError, match="once at a time"):
            room.write(room.one("70"), room.one("71"))


class TestRefusals:
    def test_one_bad_value_keeps_out_all_and_is_named(self, room):
        with pytest.raises(Invalid) as refused:
            room.write(room.one("60", Q1), room.one(Entry(Decimal(-1)), JULY))
        assert refused.value.errors == {"value": "E1, July 2018: Enter 0 or more: this cannot be negative."}
        assert not Observation.objects.exists()

    def test_what_somebody_else_changed_is_named_and_nothing_is_written(self, room):
        room.write(room.one("70"), room.one("1", JULY), room.one("2", AUGUST), room.one("3", SEPTEMBER))
        with pytest.raises(Moved) as refused:
            room.write(
                *(room.one("9", month, version) for month, version in zip(Q2.months, (0, 2, 5), strict=True)),
                room.one("9"),
                room.one("60", Q1),
            )
        assert refused.value.status == 409
        assert refused.value.codes == ("2018-07", "2018-08", "2018-09", "2018-Q2")
        assert refused.value.sentence == (
            "Somebody else changed this after you opened it: E1, July 2018; E1, August 2018; E1, September 2018; "
            "and 1 more. Look at what is held now."
        )
        assert current_of(room.series, Q1) is None

    def test_a_version_of_nothing_held(self, room):
        with pytest.raises(Moved, match="B8, Q2 2018/19"):
            room.write(room.one("70", version=1))

    def test_a_series_of_another_contract(self, room):
        elsewhere = factories.make_contract("leisure", "Borough", "Leisure Trust")
        foreign = factories.make_series(factories.make_measure(elsewhere))
        with pytest.raises(NotKnown):
            room.write(room.one("60", Q1), room.one("60", Q1, series=foreign))
        assert not Observation.objects.exists()

    def test_a_quarter_without_cycle_is_named(self, room):
        with pytest.raises(NotKnown, match=r"^Childrens services has no quarter Q1 2016/17\.$"):
            room.write(room.one("60", Q1), room.one("60", Quarter(2016, 1)))

    def test_a_quarter_of_another_contract_is_none_of_ours(self, room):
        elsewhere = factories.make_contract("leisure", "Borough", "Leisure Trust")
        factories.make_cycle(elsewhere, Quarter(2016, 1))
        with pytest.raises(NotKnown):
            room.write(room.one("60", Quarter(2016, 1)))

    def test_a_period_that_is_not_typed(self, room):
        with pytest.raises(Denied, match=r"^Q2 2018/19 cannot be typed for Measure B8 in Q2 2018/19\.$"):
            room.write(room.one("60", Q2, series=room.monthly))

    def test_a_reason_that_is_too_long(self, room):
        with pytest.raises(Invalid, match="^Use 500 characters or fewer; this has 501"):
            room.write(room.one("70"), reason="x" * (LONGEST_REASON + 1))


class TestRights:
    @pytest.mark.parametrize("who", [Who.ANALYST, Who.ADMINISTRATOR])
    def test_a_first_value_of_a_past_quarter_needs_no_reason(self, room, who):
        room.write(room.one("60", Q1), who=who)
        assert rows(room.series, Q1) == [(1, 1, 60, True)]

    def test_a_held_value_of_a_past_quarter_is_the_analyst_s_to_correct(self, room):
        room.write(room.one("60", Q1))
        with pytest.raises(Denied, match="^Administrators look after people"):
            room.write(room.one("61", Q1, 1), who=Who.ADMINISTRATOR, reason="Audit.")
        assert room.write(room.one("60", Q1, 1), who=Who.ADMINISTRATOR) == []
        room.write(room.one("61", Q1, 1), reason="Audit.")
        assert rows(room.series, Q1) == [(1, 1, 60, False), (2, 2, 61, True)]

    @pytest.mark.parametrize("who", OTHERS)
    @pytest.mark.parametrize("period", [Q1, Q2])
    def test_nobody_else(self, room, who, period):
        with pytest.raises(Denied, match="^Only an analyst of DCST") as refused:
            room.write(room.one("60", period), who=who, reason="Audit.")
        assert refused.value.status == 403
        assert not Observation.objects.exists()

    def test_an_open_quarter_is_not_the_administrator_s(self, room):
        with pytest.raises(Denied, match="^Administrators look after people"):
            room.write(room.one("60", Q1), room.one("70"), who=Who.ADMINISTRATOR)
        assert not Observation.objects.exists()

    @pytest.mark.parametrize("state", [State.SUBMITTED, State.COMMENTARY, State.AGREED])
    def test_figures_are_frozen_once_submitted(self, room, state):
        written = room.write(room.one("60", Q1), room.one("70"))
        room.put(Q2, state)
        sentence = "^You can enter values while a quarter is open"
        with pytest.raises(WrongState, match=sentence):
            room.write(room.one("61", Q1, 1), room.one("71", version=1), reason="Audit.")
        with pytest.raises(WrongState, match=sentence):
            room.back(*written, reason="Audit.")
        assert (current_of(room.series, Q1).value, current_of(room.series, Q2).value) == (60, 70)

    def test_what_is_published_is_the_analyst_s_to_correct(self, room):
        room.write(room.one("70"))
        room.put(Q2, State.PUBLISHED)
        room.write(room.one("71", version=1), reason="Audit.")
        assert rows(room.series) == [(1, 1, 70, False), (2, 2, 71, True)]
        with pytest.raises(Denied) as refused:
            room.write(room.one("72", version=2), who=Who.ADMINISTRATOR, reason="Audit.")
        assert refused.value.status == 403
        assert not isinstance(refused.value, Published)


class TestReason:
    @pytest.mark.parametrize(
        ("state", "submitted_once", "first", "change"),
        [
            (State.OPEN, False, False, False),
            (State.OPEN, True, True, True),
            (State.PAST, False, False, True),
            (State.PUBLISHED, True, True, True),
        ],
    )
    @pytest.mark.parametrize("reason", ["", " \n"])
    def test_where_it_is_asked(self, room, state, submitted_once, first, change, reason):
        room.write(room.one("7", JULY))
        room.put(Q2, state, submitted_once=submitted_once)
        for asked, one in [(first, room.one("8", AUGUST)), (change, room.one("8", JULY, 1))]:
            if asked:
                with pytest.raises(Invalid) as refused:
                    room.write(one, reason=reason)
                assert refused.value.errors == {"reason": REASON_NEEDED}
            else:
                assert len(room.write(one, reason=reason)) == 1

    def test_what_changes_nothing_asks_for_none(self, room):
        room.write(room.one("60", Q1))
        assert room.write(room.one("60", Q1, 1)) == []

    def test_the_derived_quarter_carries_it_too(self, room):
        room.write(room.one("7", Q1.months[0]))
        room.write(room.one("9", Q1.months[0], 1), reason="Audit.")
        assert rows(room.monthly, Q1) == [(1, 1, 7, False), (2, 2, 9, True)]
        assert current_of(room.monthly, Q1).reason == "Audit."


class TestSetBackInADraft:
    def test_what_was_held_is_held_again_under_a_version_of_its_own(self, room):
        room.write(room.one(Entry(None, Decimal(147), Decimal(210), note="first"), origin=Origin.IMPORTED))
        before = held()
        written = room.write(room.one("71", version=1))
        assert room.back(*written) == []
        assert held() == before
        assert rows(room.series) == [(1, 3, 70, True)]
        row = current_of(room.series, Q2)
        assert (row.at, row.by, row.origin) == (LATER, room.people[Who.ANALYST].user, "imported")

    def test_a_first_value_goes_and_its_derived_quarter_with_it(self, room):
        assert room.back(*room.write(room.one("7", JULY), room.one("70"))) == []
        assert not Observation.objects.exists()

    def test_a_derived_quarter_is_derived_again_from_the_months_left(self, room):
        room.write(room.one("7", JULY))
        room.back(*room.write(room.one("9", AUGUST)))
        row = current_of(room.monthly, Q2)
        assert (row.value, row.months_present) == (7, 1)

    def test_what_changed_since_is_left_and_named(self, room):
        written = room.write(room.one("7", JULY), room.one("70"))
        room.write(room.one("8", JULY, 1))
        [left] = room.back(*written)
        assert (left.series, left.period, left.version) == (room.monthly, JULY, 1)
        assert [value for _, _, value, _ in rows(room.monthly, JULY)] == [8]
        assert rows(room.series) == []

    def test_what_was_taken_away_since_is_left(self, room):
        written = room.write(room.one("70"))
        assert room.back(*written) == []
        assert [each.period for each in room.back(*written)] == [Q2]

    def test_a_version_seen_before_is_not_given_out_again(self, room):
        """Who saw the deleted value does not overwrite, unasked, the one that came after it."""
        batch = ImportBatch.objects.create(
            contract=room.contract,
            by=room.people[Who.ANALYST].user,
            uploaded_at=NOW,
            filename="a.csv",
            sha256="0" * 64,
            size=1,
            content=b"1",
        )
        [one] = room.write(room.one("70"))
        batch.changes.create(series=one.series, period_kind="quarter", start=Q2.start, new=one.new, version=one.version)
        room.back(one)
        [again] = room.write(room.one("75"))
        assert again.version == 2
        with pytest.raises(Moved):
            room.write(room.one("71", version=one.version))


class TestSetBackElsewhere:
    def test_the_old_figures_are_a_new_revision_with_its_reason(self, room):
        room.write(room.one("60", Q1))
        written = room.write(room.one("61", Q1, 1), reason="Import.")
        assert room.back(*written, reason="Import undone.") == []
        assert rows(room.series, Q1) == [(1, 1, 60, False), (2, 2, 61, False), (3, 3, 60, True)]
        assert current_of(room.series, Q1).reason == "Import undone."

    def test_a_first_value_is_withdrawn_and_the_next_one_takes_the_next_revision(self, room):
        written = room.write(room.one("7", Q1.months[0]), room.one("60", Q1))
        assert room.back(*written, reason="Import undone.") == []
        assert rows(room.series, Q1) == [(1, 1, 60, False)]
        assert rows(room.monthly, Q1) == [(1, 1, 7, False)]
        room.write(room.one("62", Q1), room.one("8", Q1.months[0]))
        assert rows(room.series, Q1) == [(1, 1, 60, False), (2, 2, 62, True)]
        assert rows(room.monthly, Q1) == [(1, 1, 7, False), (2, 2, 8, True)]

    def test_after_a_submit_an_open_quarter_keeps_its_revisions(self, room):
        written = room.write(room.one("70"))
        room.put(Q2, State.OPEN, submitted_once=True)
        room.back(*written, reason="Import undone.")
        assert rows(room.series) == [(1, 1, 70, False)]

    def test_a_reason_is_asked(self, room):
        written = room.write(room.one("60", Q1))
        with pytest.raises(Invalid) as refused:
            room.back(*written)
        assert refused.value.errors == {"reason": REASON_NEEDED}
        assert rows(room.series, Q1) == [(1, 1, 60, True)]

    def test_who_brought_in_a_first_value_may_take_it_back(self, room):
        written = room.write(room.one("60", Q1), who=Who.ADMINISTRATOR)
        assert room.back(*written, who=Who.ADMINISTRATOR, reason="Import undone.") == []
        assert current_of(room.series, Q1) is None

    def test_an_administrator_sets_back_no_correction(self, room):
        room.write(room.one("60", Q1))
        written = room.write(room.one("61", Q1, 1), reason="Audit.")
        with pytest.raises(Denied, match="^Administrators look after people"):
            room.back(*written, who=Who.ADMINISTRATOR, reason="Undone.")
        assert current_of(room.series, Q1).value == 61

    @pytest.mark.parametrize("who", OTHERS)
    def test_nobody_else(self, room, who):
        written = room.write(room.one("60", Q1))
        with pytest.raises(Denied):
            room.back(*written, who=who, reason="Undone.")
        assert current_of(room.series, Q1).value == 60


class AnotherWriter:
    """Saves every row once, between our reading of them and our writing."""

    def __init__(self):
        self.has_saved = False

    def __call__(self, execute, sql, params, many, context):
        if not self.has_saved and sql.startswith('UPDATE "measures_observation"'):
            self.has_saved = True
            Observation.objects.filter(start=Q1.start).update(value=99, version=2)
        return execute(sql, params, many, context)


class TestRace:
    @pytest.mark.parametrize("is_undone", [False, True])
    def test_the_statement_that_writes_checks_the_versions(self, room, is_undone):
        written = room.write(room.one("60", Q1), room.one("61", Q4))
        with connection.execute_wrapper(AnotherWriter()), pytest.raises(Moved) as refused:
            if is_undone:
                room.back(*written, reason="a")
            else:
                room.write(room.one("62", Q1, 1), room.one("63", Q4, 1), reason="a")
        assert refused.value.codes == (Q1.code,)
        # The other's save was made inside our own transaction here, which the refusal rolled back.
        assert rows(room.series, Q1) == [(1, 1, 60, True)]

    def test_of_two_first_saves_the_database_keeps_one(self, room):
        room.write(room.one("70"))
        row = current_of(room.series, Q2)
        row.pk = None
        with pytest.raises(Moved, match="B8, Q2 2018/19"):
            storing._insert([row])
        assert Observation.objects.count() == 1

    def test_what_the_database_refuses_for_another_reason_is_not_somebody_else(self, room):
        row = Observation(series=room.series, period_kind="quarter", start=Q2.start, status="final", origin="entered")
        row.by, row.at = room.people[Who.ANALYST].user, NOW
        with pytest.raises(IntegrityError, match="observation_value_or_reason"):
            storing._insert([row])


class TestStatements:
    def test_as_many_for_three_as_for_sixty(self, room):
        assert self.counted(room, 1) == self.counted(room, 20)

    def counted(self, room, count):
        """Of `count` series each: a first value, a change in place, a correction, a set-back of them."""
        with rolled_back():
            every = [
                factories.make_series(room.measure, code=f"M{i}", role="subgroup", name=f"M{i}") for i in range(count)
            ]
            room.write(*(room.one("60", quarter, series=one) for one in every for quarter in (Q1, Q2)))
            with CaptureQueriesContext(connection) as queries:
                written = room.write(
                    *(room.one("61", Q1, 1, one) for one in every),
                    *(room.one("71", Q2, 1, one) for one in every),
                    *(room.one("50", Q4, 0, one) for one in every),
                    reason="Audit.",
                )
                room.back(*written, reason="Undone.")
            return len(queries)


@contextmanager
def rolled_back():
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def test_figures_are_json_and_come_back(room):
    entry = Entry(None, Decimal(147), Decimal(210), Status.PROVISIONAL, "Late")
    [written] = room.write(room.one(entry, counts_illustrative=True))
    assert (written.new["value"], written.new["numerator"], written.new["status"]) == ("70", "147", "provisional")
    row = current_of(room.series, Q2)
    assert columns_of(written.new) == {name: getattr(row, name) for name in written.new}


CELLS = [*((True, quarter) for quarter in (Q4, Q1, Q2)), *((False, month) for month in (*Q1.months, *Q2.months))]
NUMBERS = st.integers(0, 100).map(lambda number: Entry(Decimal(number)))
ENTRIES = NUMBERS | st.sampled_from([Entry(status=Status.SUPPRESSED), Entry(Decimal(5), status=Status.PROVISIONAL)])
STEPS = st.lists(st.tuples(st.dictionaries(st.sampled_from(CELLS), ENTRIES, min_size=1), st.booleans()), max_size=6)


@pytest.mark.parametrize("submitted_once", [False, True])
def test_what_is_undone_at_once_leaves_things_as_they_were(room, submitted_once):
    """Whatever was written before: set back, the same is held as at the start, derived quarters included."""
    room.put(Q2, State.OPEN, submitted_once=submitted_once)

    @settings(max_examples=15)
    @given(STEPS)
    def check(steps):
        with rolled_back():
            for cells, is_undone in steps:
                before = held()
                written = room.write(*(one_write(cell, entry) for cell, entry in cells.items()), reason="a")
                if is_undone:
                    assert room.back(*written, reason="b") == []
                    assert held() == before

    def one_write(cell, entry):
        is_quarterly, period = cell
        series = room.series if is_quarterly else room.monthly
        row = current_of(series, period)
        return room.one(entry, period, row.version if row else 0, series)

    check()


class TestSetUpMeanwhile:
    """Set-up changed the series after the file was read: what is written keeps to its rules as they are then."""

    def test_its_maximum(self, room):
        Series.objects.filter(pk=room.series.pk).update(maximum=50)
        with pytest.raises(Invalid) as raised:
            room.write(room.one("70"))
        assert raised.value.errors == {"value": "B8, Q2 2018/19: Enter 50 or less."}
        assert held() == {}

    def test_its_end(self, room):
        Series.objects.filter(pk=room.series.pk).update(last_quarter=Q1)
        with pytest.raises(Denied, match="^Measure B8 does not run in Q2 2018/19.$"):
            room.write(room.one("70"))

    def test_how_its_quarter_is_made(self, room):
        Series.objects.filter(pk=room.monthly.pk).update(derivation="sum")
        written = room.write(room.one("7", JULY), room.one("8", AUGUST), room.one("9", SEPTEMBER))
        assert held()[room.monthly.pk, Q2]["value"] == "24"
        Series.objects.filter(pk=room.monthly.pk).update(derivation="snapshot_end")
        room.back(written[0])
        assert held()[room.monthly.pk, Q2]["value"] == "9"
