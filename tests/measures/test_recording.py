"""`recording.record` on real rows: versions, revisions, the derived quarter, rights and messages."""

import datetime
from decimal import Decimal

import pytest
from django.db import connection

from accounts.denial import Denied, NotKnown, Stale, WrongState
from accounts.models import AuditEntry
from accounts.roles import Who
from measures import recording
from measures.entries import COUNTS_NEEDED, Entry, Status
from measures.models import Observation, Series
from measures.quarters import Month, Quarter
from measures.recording import STALE, Invalid, Moved, RowInvalid, quarter_fields, record, record_row
from measures.states import State
from tests import factories
from tests.factories import NOW, Q2

JULY, AUGUST, SEPTEMBER = Q2.months
LATER = NOW + datetime.timedelta(hours=1)
PARTIES = [Who.OFFICER, Who.COMMISSIONER_DIRECTOR, Who.PROVIDER_DIRECTOR]


class Desk:
    """A contract with B8 by quarter, in an open Q2 2018/19, and short ways to record as its analyst."""

    def __init__(self, slug="childrens-services", **names):
        self.contract = factories.make_contract(slug, **names)
        self.people = factories.make_members(self.contract)
        self.measure = factories.make_measure(self.contract)
        self.series = factories.make_series(self.measure)
        self.cycle = factories.open_cycle(self.contract, self.people[Who.OFFICER])

    def monthly(self, derivation="mean_of_months", **fields):
        defaults = {"role": "pair", "code": "E1", "name": "Contacts", "unit": "count", "polarity": "neutral"}
        fields = {**defaults, "frequency": "month", "derivation": derivation, **fields}
        return factories.make_series(self.measure, **fields)

    def record(self, value=None, numerator=None, denominator=None, *, series=None, period=Q2, version=0, **rest):
        named = {name: rest.pop(name) for name in ("status", "note") if name in rest}
        figures = [None if each is None else Decimal(each) for each in (value, numerator, denominator)]
        defaults = {"by": self.people[Who.ANALYST], "cycle": self.cycle, "now": NOW}
        return record(
            **{**defaults, **rest},
            series=series or self.series,
            period=period,
            entry=Entry(*figures, **named),
            version=version,
        )

    def row(self, series, *cells, **rest):
        """Each cell is a period, what was typed and the version seen."""
        typed = [
            (period, value if isinstance(value, Entry) else Entry(Decimal(value)), version)
            for period, value, version in cells
        ]
        defaults = {"by": self.people[Who.ANALYST], "cycle": self.cycle, "now": NOW}
        return record_row(**{**defaults, **rest}, series=series, cells=typed)

    def quarter(self, series):
        return recording.current_of(series, Q2)


@pytest.fixture
def desk(db):
    return Desk()


class TestFirstValue:
    def test_a_value_alone(self, desk):
        desk.record("70.5", note="From the audit.")
        row = Observation.objects.get()
        assert (row.value, row.numerator, row.denominator) == (Decimal("70.5"), None, None)
        assert (row.period, row.revision, row.version, row.is_current) == (Q2, 1, 1, True)
        assert (row.status, row.origin, row.note, row.reason) == ("final", "entered", "From the audit.", "")
        assert (row.by, row.at, row.illustrative) == (desk.people[Who.ANALYST].user, NOW, False)

    def test_counts_give_the_value_whatever_is_typed(self, desk):
        row = desk.record("71", "16", "19")
        row.refresh_from_db()
        assert (row.value, row.numerator, row.denominator) == (Decimal("84.210526"), 16, 19)

    @pytest.mark.parametrize("status", [Status.NOT_AVAILABLE, Status.NOT_APPLICABLE, Status.SUPPRESSED])
    def test_a_status_can_say_why_there_is_no_value(self, desk, status):
        desk.record(status=status)
        row = Observation.objects.get()
        assert (row.value, row.status) == (None, status)

    def test_it_is_the_provider_s_own_until_submitted_and_leaves_no_audit_entry(self, desk):
        before = AuditEntry.objects.count()
        desk.record("70")
        assert AuditEntry.objects.count() == before


class TestVersion:
    def test_before_the_first_submit_the_row_changes_in_place(self, desk):
        first = desk.record("70", note="first")
        second = desk.record(None, "147", "210", version=1, now=LATER)
        row = Observation.objects.get()
        assert (first.pk, second.pk) == (row.pk, row.pk)
        assert (row.value, row.numerator, row.note) == (Decimal("70"), 147, "")
        assert (row.version, row.revision, row.at) == (2, 1, LATER)

    @pytest.mark.parametrize("version", [0, 1, 3])
    def test_another_version_is_refused_and_nothing_changes(self, desk, version):
        desk.record("70")
        desk.record("71", version=1)
        with pytest.raises(Stale, match=f"^{STALE}$"):
            desk.record("72", version=version, now=LATER)
        row = Observation.objects.get()
        assert (row.value, row.version, row.at) == (71, 2, NOW)

    def test_a_version_of_something_not_held_is_refused(self, desk):
        with pytest.raises(Stale):
            desk.record("70", version=1)
        assert not Observation.objects.exists()

    def test_a_refused_month_leaves_the_derived_quarter(self, desk):
        series = desk.monthly()
        desk.record("1800", series=series, period=JULY)
        with pytest.raises(Stale):
            desk.record("9", series=series, period=JULY)
        assert desk.quarter(series).value == 1800


class TestNothingChanges:
    ENTRIES = [
        (Entry(Decimal("70.50"), note="a"), Entry(Decimal("70.5"), note="a")),
        (Entry(None, Decimal(147), Decimal(210)), Entry(Decimal(71), Decimal(147), Decimal(210))),
        (Entry(status=Status.NOT_AVAILABLE), Entry(status=Status.NOT_AVAILABLE)),
    ]

    @pytest.mark.parametrize("submitted_once", [False, True])
    @pytest.mark.parametrize(("first", "second"), ENTRIES)
    def test_the_row_stays_as_it_is(self, desk, first, second, submitted_once):
        held = self.save(desk, first, 0)
        desk.cycle.submitted_once = submitted_once
        desk.cycle.save()
        assert self.save(desk, second, 1, now=LATER, reason="again").pk == held.pk
        row = Observation.objects.get()
        assert (row.version, row.revision, row.at, row.reason) == (1, 1, NOW, "")

    @pytest.mark.parametrize("submitted_once", [False, True])
    def test_the_version_is_still_checked(self, desk, submitted_once):
        desk.record("70")
        desk.record("71", version=1)
        desk.cycle.submitted_once = submitted_once
        desk.cycle.save()
        with pytest.raises(Stale, match=f"^{STALE}$"):
            desk.record("71", version=1, reason="again")

    def test_a_reason_is_still_asked_for(self, desk):
        desk.record("70")
        desk.cycle.submitted_once = True
        desk.cycle.save()
        with pytest.raises(Invalid, match="^Say why the value changes"):
            desk.record("70", version=1)

    @pytest.mark.parametrize(
        "second",
        [
            Entry(Decimal(70), note="b"),
            Entry(Decimal(70), status=Status.PROVISIONAL),
            Entry(None, Decimal(7), Decimal(10)),
        ],
    )
    def test_a_note_a_status_or_counts_are_a_change(self, desk, second):
        desk.record("70")
        assert self.save(desk, second, 1).version == 2

    def save(self, desk, entry, version, now=NOW, reason=""):
        where = {"cycle": desk.cycle, "series": desk.series, "period": Q2}
        return record(**where, by=desk.people[Who.ANALYST], entry=entry, version=version, now=now, reason=reason)


class AnotherWriter:
    """Saves the row once, between our reading of it and our writing."""

    def __init__(self):
        self.has_saved = False

    def __call__(self, execute, sql, params, many, context):
        if not self.has_saved and sql.startswith('UPDATE "measures_observation"'):
            self.has_saved = True
            Observation.objects.filter(is_current=True).update(value=99, version=2)
        return execute(sql, params, many, context)


class TestRace:
    @pytest.mark.parametrize("submitted_once", [False, True])
    def test_the_statement_that_writes_checks_the_version(self, desk, submitted_once):
        desk.record("70")
        desk.cycle.submitted_once = submitted_once
        desk.cycle.save()
        with connection.execute_wrapper(AnotherWriter()), pytest.raises(Stale, match=f"^{STALE}$"):
            desk.record("71", version=1, reason="a")
        # The other's save was made inside our own transaction here, which the refusal rolled back.
        row = Observation.objects.get()
        assert (row.value, row.version, row.is_current) == (70, 1, True)


class TestAfterSubmit:
    @pytest.fixture(autouse=True)
    def sent_back(self, desk):
        desk.record("70", note="first")
        desk.cycle.submitted_once = True
        desk.cycle.save()

    def test_a_change_is_a_new_revision_with_its_reason(self, desk):
        desk.record("71", version=1, reason="  Two cases were late. ", now=LATER)
        old, new = Observation.objects.order_by("revision")
        assert (old.value, old.is_current, old.version, old.reason, old.note) == (70, False, 1, "", "first")
        assert (new.value, new.is_current, new.version, new.reason) == (71, True, 2, "Two cases were late.")
        assert (new.revision, new.period, new.at) == (2, Q2, LATER)

    def test_the_next_change_is_the_third_revision(self, desk):
        desk.record("71", version=1, reason="a")
        desk.record("72", version=2, reason="b")
        rows = Observation.objects.order_by("revision").values_list("value", "revision", "version", "is_current")
        assert list(rows) == [(70, 1, 1, False), (71, 2, 2, False), (72, 3, 3, True)]

    @pytest.mark.parametrize("reason", ["", " \n"])
    def test_without_a_reason_nothing_is_stored(self, desk, reason):
        with pytest.raises(Invalid) as refused:
            desk.record("71", version=1, reason=reason)
        assert refused.value.errors == {"reason": "Say why the value changes: it was submitted before."}
        assert Observation.objects.get().value == 70

    def test_a_stale_change_retires_nothing(self, desk):
        desk.record("71", version=1, reason="a")
        with pytest.raises(Stale):
            desk.record("72", version=1, reason="b")
        assert list(Observation.objects.filter(is_current=True).values_list("value", flat=True)) == [71]

    def test_the_derived_quarter_is_revised_with_the_same_reason(self, desk):
        series = desk.monthly()
        desk.record("1800", series=series, period=JULY, reason="It was missing.")
        desk.record("1900", series=series, period=JULY, version=1, reason="It was wrong.")
        rows = Observation.objects.filter(series=series, period_kind="quarter").order_by("revision")
        assert [(row.value, row.reason, row.is_current) for row in rows] == [
            (1800, "It was missing.", False),
            (1900, "It was wrong.", True),
        ]

    def test_a_month_that_leaves_the_quarter_as_it_was_does_not_revise_it(self, desk):
        series = desk.monthly("snapshot_end")
        desk.record("10", series=series, period=SEPTEMBER, reason="late")
        desk.record("10", series=series, period=SEPTEMBER, version=1, note="checked", reason="again")
        assert Observation.objects.filter(series=series, period_kind="quarter").count() == 1


class TestDerivedQuarter:
    @pytest.mark.parametrize(
        ("derivation", "months", "value", "present", "status"),
        [
            ("mean_of_months", ["1800", "1900", "2000"], "1900", 3, "final"),
            ("mean_of_months", ["1800", None, "2000"], "1900", 2, "provisional"),
            ("mean_of_months", [None, None, "2000"], "2000", 1, "provisional"),
            ("sum", ["10", "20", "30"], "60", 3, "final"),
            ("sum", ["10", "20", None], "30", 2, "provisional"),
            ("snapshot_end", ["10", "20", "30"], "30", 3, "final"),
            ("snapshot_end", [None, None, "30"], "30", 1, "final"),
        ],
    )
    def test_from_the_months_held(self, desk, derivation, months, value, present, status):
        series = desk.monthly(derivation)
        for month, typed in zip(Q2.months, months, strict=True):
            if typed:
                desk.record(typed, series=series, period=month)
        row = desk.quarter(series)
        assert (row.value, row.months_present, row.status, row.origin) == (Decimal(value), present, status, "derived")
        assert (row.by, row.at) == (desk.people[Who.ANALYST].user, NOW)

    def test_counts_are_pooled(self, desk):
        series = desk.monthly("pooled_ratio", unit="percent", polarity="higher")
        desk.record(None, "20", "80", series=series, period=JULY)
        desk.record(None, "30", "70", series=series, period=SEPTEMBER)
        row = desk.quarter(series)
        assert (row.numerator, row.denominator, row.value) == (50, 150, Decimal("33.333333"))
        assert (row.months_present, row.status) == (2, "provisional")

    @pytest.fixture
    def pooled(self, desk):
        return desk.monthly("pooled_ratio", unit="percent", polarity="higher")

    @pytest.mark.parametrize("is_derived_already", [False, True])
    def test_a_value_that_cannot_be_pooled_is_refused_at_the_field(self, desk, pooled, is_derived_already):
        if is_derived_already:
            desk.record(None, "20", "80", series=pooled, period=JULY)
        before = list(Observation.objects.values())
        with pytest.raises(Invalid) as refused:
            desk.record("27", series=pooled, period=JULY, version=int(is_derived_already))
        assert refused.value.errors == {"numerator": COUNTS_NEEDED}
        assert list(Observation.objects.values()) == before

    def test_months_held_without_counts_give_no_quarter(self, desk, pooled):
        held = {month.start: Observation(value=27, status="final") for month in Q2.months}
        assert quarter_fields(pooled, Q2, held) is None

    @pytest.mark.parametrize("last", ["final", None])
    def test_only_a_reason_for_no_value_passes_on_to_the_quarter(self, desk, pooled, last):
        held = {JULY.start: Observation(status="suppressed"), AUGUST.start: Observation(status="not_available")}
        if last:
            held[SEPTEMBER.start] = Observation(value=27, status=last)
        found = quarter_fields(pooled, Q2, held)
        assert (found["value"], found["status"], found["months_present"]) == (None, "not_available", 0)

    def test_a_quarter_whose_months_lose_their_values_says_so(self, desk, pooled):
        desk.record(None, "20", "80", series=pooled, period=JULY)
        desk.record(series=pooled, period=JULY, version=1, status=Status.SUPPRESSED)
        row = desk.quarter(pooled)
        assert (row.value, row.numerator, row.status, row.version) == (None, None, "suppressed", 2)

    def test_a_snapshot_without_its_last_month_gives_nothing(self, desk):
        series = desk.monthly("snapshot_end")
        desk.record("10", series=series, period=JULY)
        desk.record("20", series=series, period=AUGUST)
        assert desk.quarter(series) is None

    def test_a_snapshot_whose_last_month_is_not_available_says_so(self, desk):
        series = desk.monthly("snapshot_end")
        desk.record("10", series=series, period=JULY)
        desk.record(series=series, period=SEPTEMBER, status=Status.NOT_AVAILABLE)
        row = desk.quarter(series)
        assert (row.value, row.status, row.months_present) == (None, "not_available", 0)

    def test_a_provisional_month_makes_it_provisional(self, desk):
        series = desk.monthly()
        for month in Q2.months:
            desk.record("10", series=series, period=month, status=Status.PROVISIONAL if month == JULY else Status.FINAL)
        assert desk.quarter(series).status == "provisional"

    def test_an_illustrative_month_makes_it_illustrative_until_it_is_replaced(self, desk):
        series = desk.monthly()
        factories.make_observation(series, JULY, 10, desk.people[Who.ANALYST].user, illustrative=True)
        desk.record("10", series=series, period=AUGUST)
        assert desk.quarter(series).illustrative is True
        row = desk.record("10", series=series, period=JULY, version=1)
        assert (row.version, row.illustrative, desk.quarter(series).illustrative) == (2, False, False)

    def test_a_second_month_changes_the_quarter_in_place(self, desk):
        series = desk.monthly()
        desk.record("10", series=series, period=JULY)
        desk.record("20", series=series, period=AUGUST)
        rows = Observation.objects.filter(series=series, period_kind="quarter")
        assert [(row.value, row.version, row.revision) for row in rows] == [(15, 2, 1)]


class TestRights:
    @pytest.mark.parametrize("state", State)
    @pytest.mark.parametrize("who", PARTIES)
    def test_the_other_members_never(self, desk, who, state):
        factories.in_state(desk.cycle, state)
        with pytest.raises(Denied, match=r"^Only an analyst of DCST may enter values\.$") as refused:
            desk.record("70", by=desk.people[who])
        assert refused.value.status == 403
        assert not Observation.objects.exists()

    @pytest.mark.parametrize("state", State)
    def test_an_administrator_never(self, desk, state):
        factories.in_state(desk.cycle, state)
        with pytest.raises(Denied) as refused:
            desk.record("70", by=desk.people[Who.ADMINISTRATOR])
        assert refused.value.status == 403
        assert not Observation.objects.exists()

    @pytest.mark.parametrize(
        ("state", "during"),
        [
            (State.SUBMITTED, "submitted"),
            (State.COMMENTARY, "in commentary"),
            (State.AGREED, "agreed"),
        ],
    )
    def test_an_analyst_not_while_it_is_submitted_or_agreed(self, desk, state, during):
        factories.in_state(desk.cycle, state)
        sentence = f"You can enter values while a quarter is open. Q2 2018/19 is {during}."
        with pytest.raises(WrongState, match=f"^{sentence}$"):
            desk.record("70")
        assert not Observation.objects.exists()

    def test_the_state_is_read_again_under_the_lock(self, desk):
        seen = desk.cycle
        factories.in_state(type(seen).objects.get(pk=seen.pk), State.SUBMITTED)
        with pytest.raises(WrongState):
            desk.record("70", cycle=seen)


class TestCorrecting:
    """A past or a published quarter: both parties read the value at once, so there is a reason and an audit entry."""

    MESSAGES = {
        State.PAST: "Say why the value changes: both parties can read the old one.",
        State.PUBLISHED: "Say why the value changes: the quarter is published.",
    }

    @pytest.fixture(params=list(MESSAGES))
    def state(self, desk, request):
        """B8 holds 70 in the state; E1 holds July alone."""
        desk.record("70", note="first")
        self.series = desk.monthly()
        desk.record("1800", series=self.series, period=JULY)
        self.before = AuditEntry.objects.count()
        factories.in_state(desk.cycle, request.param)
        return request.param

    def test_it_is_a_revision_with_reason_and_audit_entry(self, desk, state):
        row = desk.record("71", version=1, reason=" Two cases were late. ", now=LATER)
        old, new = Observation.objects.filter(series=desk.series).order_by("revision")
        assert (old.value, old.is_current, new.value, new.revision, new.version) == (70, False, 71, 2, 2)
        assert (row, new.reason) == (new, "Two cases were late.")
        entry = AuditEntry.objects.order_by("number").last()
        assert (AuditEntry.objects.count(), entry.act, entry.object) == (
            self.before + 1,
            "correct value",
            "2018-Q2 B8 B8",
        )
        assert entry.old == {"2018-Q2": {"value": "70", "status": "final", "note": "first", "origin": "entered"}}
        assert entry.new == {"2018-Q2": {"value": "71", "status": "final", "origin": "entered"}}
        assert (entry.reason, entry.by, entry.at) == ("Two cases were late.", desk.people[Who.ANALYST].user, LATER)

    @pytest.mark.parametrize("value", ["70", "71"])
    def test_without_a_reason_nothing_is_stored(self, desk, state, value):
        with pytest.raises(Invalid) as refused:
            desk.record(value, version=1)
        assert refused.value.errors == {"reason": self.MESSAGES[state]}
        assert desk.quarter(desk.series).value == 70

    def test_what_is_held_already_leaves_no_audit_entry(self, desk, state):
        desk.record("70", version=1, note="first", reason="again")
        assert (Observation.objects.filter(series=desk.series).count(), AuditEntry.objects.count()) == (1, self.before)

    def test_one_entry_for_a_row(self, desk, state):
        rows = desk.row(self.series, (JULY, "1900", 1), (AUGUST, "2000", 0), reason="Counted again.")
        assert [(row.period, row.value, row.revision) for row in rows] == [(JULY, 1900, 2), (AUGUST, 2000, 1)]
        entry = AuditEntry.objects.order_by("number").last()
        assert (entry.act, entry.object, AuditEntry.objects.count()) == (
            "correct value",
            "2018-Q2 B8 E1",
            self.before + 1,
        )
        assert (list(entry.old), list(entry.new)) == (["2018-07"], ["2018-07", "2018-08"])
        quarter = Observation.objects.filter(series=self.series, period_kind="quarter").order_by("revision")
        assert [(row.value, row.reason) for row in quarter] == [(1800, ""), (1950, "Counted again.")]

    def test_stale_corrections_are_refused(self, desk, state):
        desk.record("71", version=1, reason="a")
        with pytest.raises(Stale, match=f"^{STALE}$"):
            desk.record("72", version=1, reason="b")

    def test_a_first_value_of_a_past_quarter_needs_no_reason(self, desk):
        factories.in_state(desk.cycle, State.PAST)
        desk.record("70")
        assert desk.quarter(desk.series).value == 70
        entry = AuditEntry.objects.order_by("number").last()
        assert (entry.act, entry.old, entry.new["2018-Q2"]["value"]) == ("add past value", None, "70")

    def test_a_first_value_of_a_published_quarter_needs_one(self, desk):
        factories.in_state(desk.cycle, State.PUBLISHED)
        with pytest.raises(Invalid) as refused:
            desk.record("70")
        assert refused.value.errors == {"reason": self.MESSAGES[State.PUBLISHED]}
        desk.record("70", reason="It was missing.")
        assert desk.quarter(desk.series).reason == "It was missing."


class TestRow:
    def test_all_cells_in_one_go(self, desk):
        series = desk.monthly()
        rows = desk.row(series, (SEPTEMBER, "30", 0), (JULY, "10", 0), (AUGUST, "20", 0))
        assert [(row.period, row.value, row.version) for row in rows] == [
            (SEPTEMBER, 30, 1),
            (JULY, 10, 1),
            (AUGUST, 20, 1),
        ]
        row = desk.quarter(series)
        assert (row.value, row.version, row.months_present) == (20, 1, 3)

    def test_a_quarterly_series_is_a_row_of_one(self, desk):
        [row] = desk.row(desk.series, (Q2, "70", 0))
        assert (row.value, row.period) == (70, Q2)

    def test_cells_left_empty_are_passed_over(self, desk):
        series = desk.monthly()
        [row] = desk.row(series, (JULY, Entry(), 0), (AUGUST, "20", 0), (SEPTEMBER, Entry(), 0))
        assert (row.period, Observation.objects.filter(period_kind="month").count()) == (AUGUST, 1)
        assert desk.row(series, (JULY, Entry(), 0)) == []

    def test_a_held_value_is_not_emptied(self, desk):
        series = desk.monthly()
        desk.row(series, (JULY, "10", 0))
        with pytest.raises(RowInvalid) as refused:
            desk.row(series, (JULY, Entry(), 1))
        message = "Enter a value, or choose a status that says why there is none."
        assert refused.value.errors == {"2018-07": {"value": message}}

    def test_messages_by_period_and_field_and_nothing_stored(self, desk):
        series = desk.monthly()
        with pytest.raises(RowInvalid) as refused:
            desk.row(series, (JULY, "10", 0), (AUGUST, "-1", 0), (SEPTEMBER, Entry(Decimal(1), note="x" * 501), 0))
        assert refused.value.errors == {
            "2018-08": {"value": "Enter 0 or more: this cannot be negative."},
            "2018-09": {"note": "Use 500 characters or fewer; this has 501."},
        }
        assert not Observation.objects.exists()

    def test_what_somebody_else_changed_is_named_and_nothing_is_stored(self, desk):
        series = desk.monthly()
        desk.row(series, (JULY, "10", 0), (AUGUST, "20", 0))
        desk.row(series, (AUGUST, "21", 1))
        with pytest.raises(Moved) as refused:
            desk.row(series, (JULY, "11", 1), (AUGUST, "22", 1))
        assert refused.value.codes == ("2018-08",)
        held = Observation.objects.filter(series=series, period_kind="month").order_by("start")
        assert [row.value for row in held] == [10, 21]

    def test_a_save_whose_answer_was_lost_can_be_sent_again(self, desk):
        series = desk.monthly()
        cells = [(JULY, "10", 0), (AUGUST, "20", 0)]
        first = desk.row(series, *cells)
        assert desk.row(series, *cells, now=LATER) == first
        assert {row.at for row in Observation.objects.all()} == {NOW}

    def test_after_a_submit_every_changed_cell_asks_for_a_reason(self, desk):
        series = desk.monthly()
        desk.row(series, (JULY, "10", 0), (AUGUST, "20", 0))
        desk.cycle.submitted_once = True
        desk.cycle.save()
        with pytest.raises(RowInvalid) as refused:
            desk.row(series, (JULY, "10", 1), (AUGUST, "21", 1), (SEPTEMBER, "30", 0))
        message = {"reason": "Say why the value changes: it was submitted before."}
        assert refused.value.errors == {"2018-08": message, "2018-09": message}
        rows = desk.row(series, (JULY, "10", 1), (AUGUST, "21", 1), (SEPTEMBER, "30", 0), reason="Late.")
        assert [(row.revision, row.reason) for row in rows] == [(1, ""), (2, "Late."), (1, "Late.")]

    def test_a_draft_leaves_no_audit_entry(self, desk):
        before = AuditEntry.objects.count()
        desk.row(desk.series, (Q2, "70", 0))
        assert AuditEntry.objects.count() == before

    @pytest.mark.parametrize("who", PARTIES)
    def test_the_other_members_never(self, desk, who):
        with pytest.raises(Denied, match=r"^Only an analyst of DCST may enter values\.$"):
            desk.row(desk.series, (Q2, "70", 0), by=desk.people[who])
        assert not Observation.objects.exists()

    def test_a_submitted_quarter(self, desk):
        factories.in_state(desk.cycle, State.SUBMITTED)
        with pytest.raises(WrongState, match="^You can enter values while a quarter is open"):
            desk.row(desk.series, (Q2, "70", 0))

    def test_a_period_that_is_not_typed(self, desk):
        with pytest.raises(Denied, match="cannot be typed for Measure B8"):
            desk.row(desk.series, (JULY, "70", 0))

    def test_a_series_of_another_contract(self, desk):
        other = Desk("leisure", commissioner="Borough", provider="Leisure Trust")
        with pytest.raises(Denied, match=r"^This series belongs to another contract\.$"):
            desk.row(other.series, (Q2, "70", 0))


class TestBelonging:
    def test_a_series_of_another_contract(self, desk):
        other = Desk("leisure", commissioner="Borough", provider="Leisure Trust")
        with pytest.raises(Denied, match=r"^This series belongs to another contract\.$"):
            desk.record("70", series=other.series)
        assert not Observation.objects.exists()

    def test_a_cycle_of_another_contract(self, desk):
        other = Desk("leisure", commissioner="Borough", provider="Leisure Trust")
        with pytest.raises(Denied, match=r"^This series belongs to another contract\.$"):
            desk.record("70", cycle=other.cycle, series=other.series)
        assert not Observation.objects.exists()

    def test_a_series_that_has_ended(self, desk):
        ended = factories.make_series(desk.measure, role="pair", code="B8a", last_quarter=Q2.previous)
        with pytest.raises(Denied, match=r"^Measure B8 does not run in Q2 2018/19\.$"):
            desk.record("70", series=ended)

    @pytest.mark.parametrize(
        ("monthly", "period"),
        [
            (False, JULY),
            (False, Quarter.parse("Q1 2018/19")),
            (True, Q2),
            (True, Month(2018, 6)),
            (True, Month(2018, 10)),
        ],
    )
    def test_a_period_that_is_not_typed(self, desk, monthly, period):
        series = desk.monthly(name="B8") if monthly else desk.series
        with pytest.raises(Denied, match=f"^{period.label} cannot be typed for {series.name} in Q2 2018/19\\.$"):
            desk.record("70", series=series, period=period)
        assert not Observation.objects.exists()


def test_messages_by_field_and_nothing_stored(desk):
    with pytest.raises(Invalid) as refused:
        desk.record(None, "20", "0", note="x" * 501)
    assert refused.value.errors == {
        "denominator": "Enter more than 0: nothing can be divided by 0.",
        "note": "Use 500 characters or fewer; this has 501.",
    }
    assert not Observation.objects.exists()


def test_the_series_own_bounds_hold(desk):
    series = factories.make_series(desk.measure, role="pair", code="B8d", unit="count", decimals=1, maximum=Decimal(50))
    with pytest.raises(Invalid) as refused:
        desk.record("50.1", series=series)
    assert refused.value.errors == {"value": "Enter 50 or less."}
    assert desk.record("49.5", series=series).value == Decimal("49.5")


class TestSetUpMeanwhile:
    """Set-up changed the series after the page read it: what is written keeps to its rules as they are then."""

    def test_its_maximum(self, desk):
        Series.objects.update(maximum=50)
        with pytest.raises(Invalid) as raised:
            desk.record("70")
        assert raised.value.errors == {"value": "Enter 50 or less."}
        with pytest.raises(RowInvalid) as raised:
            desk.row(desk.series, (Q2, "70", 0))
        assert raised.value.errors == {"2018-Q2": {"value": "Enter 50 or less."}}
        assert not Observation.objects.exists()

    @pytest.mark.parametrize(
        ("columns", "sentence"),
        [
            ({"last_quarter": Q2.previous}, "Measure B8 does not run in Q2 2018/19."),
            (
                {"derivation": "sum", "frequency": "month"},
                "Q2 2018/19 cannot be typed for Measure B8 in Q2 2018/19.",
            ),
        ],
    )
    def test_when_and_how_it_runs(self, desk, columns, sentence):
        Series.objects.update(**columns)
        for act in (lambda: desk.record("70"), lambda: desk.row(desk.series, (Q2, "70", 0))):
            with pytest.raises(Denied) as raised:
                act()
            assert raised.value.sentence == sentence
        assert not Observation.objects.exists()

    def test_it_was_deleted(self, desk):
        gone = Series.objects.get()
        Series.objects.all().delete()
        for act in (lambda: desk.record("70", series=gone), lambda: desk.row(gone, (Q2, "70", 0))):
            with pytest.raises(NotKnown):
                act()
