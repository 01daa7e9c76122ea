"""`recording.record` on real rows: versions, revisions, the derived quarter, rights and messages."""

import datetime
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection

from accounts.denial import Denied, Published, Stale, WrongState
from accounts.models import AuditEntry
from accounts.roles import Who
from measures import recording
from measures.entries import COUNTS_NEEDED, Entry, Status
from measures.models import Observation
from measures.quarters import Month, Quarter
from measures.recording import STALE, Invalid, quarter_fields, record
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

    def test_of_two_first_saves_the_database_keeps_one(self, desk):
        row = desk.record("70")
        row.pk = None
        with pytest.raises(Stale, match=f"^{STALE}$"):
            recording._insert(row)
        assert Observation.objects.count() == 1

    def test_what_the_database_refuses_for_another_reason_is_not_somebody_else(self, desk):
        row = Observation(series=desk.series, period_kind="quarter", start=Q2.start, status="final", origin="entered")
        row.by, row.at = desk.people[Who.ANALYST].user, NOW
        with pytest.raises(IntegrityError, match="observation_value_or_reason"):
            recording._insert(row)


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
            (State.PAST, "a past quarter"),
            (State.SUBMITTED, "submitted"),
            (State.COMMENTARY, "in commentary"),
            (State.AGREED, "agreed"),
        ],
    )
    def test_an_analyst_only_while_it_is_open(self, desk, state, during):
        factories.in_state(desk.cycle, state)
        sentence = f"You can enter values while a quarter is open. Q2 2018/19 is {during}."
        with pytest.raises(WrongState, match=f"^{sentence}$"):
            desk.record("70")
        assert not Observation.objects.exists()

    def test_not_what_is_published(self, desk):
        factories.in_state(desk.cycle, State.PUBLISHED)
        with pytest.raises(Published) as refused:
            desk.record("70")
        assert refused.value.status == 423
        assert not Observation.objects.exists()

    def test_the_state_is_read_again_under_the_lock(self, desk):
        seen = desk.cycle
        factories.in_state(type(seen).objects.get(pk=seen.pk), State.SUBMITTED)
        with pytest.raises(WrongState):
            desk.record("70", cycle=seen)


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
