"""Recording and withdrawing events, reading them, and the record of both."""

import datetime
import re
from contextlib import contextmanager

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.denial import Denied, NotKnown, Stale
from accounts.models import AuditEntry, Membership
from accounts.roles import Who
from measures.event_entries import NO_REASON, NO_TEXT
from measures.events import event_by, events_of, every_event, record_event, withdraw_event
from measures.models import Series, SeriesEvent
from measures.recording import Invalid
from measures.states import State
from measures.terms import EventKind
from perfmon.setup.place import ROOT
from tests import factories
from tests.factories import NOW, Q2, make_event

DAY = datetime.date
MEMBERS = [who for who in Who if who is not Who.ADMINISTRATOR]
LATER = NOW + datetime.timedelta(hours=1)


class Chart:
    """B8 by quarter and E1 by month; Q4 2017/18 and Q1 and Q2 2018/19 are held."""

    def __init__(self):
        self.contract = factories.make_contract()
        self.people = factories.make_members(self.contract)
        self.measure = factories.make_measure(self.contract)
        self.series = factories.make_series(self.measure)
        monthly = {"frequency": "month", "derivation": "mean_of_months", "unit": "count", "polarity": "neutral"}
        self.monthly = factories.make_series(self.measure, code="E1", name="Contacts", role="pair", **monthly)
        for back in (2, 1, 0):
            factories.make_cycle(self.contract, Q2.shift(-back))

    def record(self, who=Who.OFFICER, **changes):
        entry = {"at": DAY(2018, 8, 14), "kind": EventKind.NOTE, "text": "A new system", "reason": "It counts anew."}
        return record_event(by=self.people[who], **{"series": self.series, "now": NOW, **entry, **changes})

    def withdraw(self, event, who=Who.OFFICER, **changes):
        return withdraw_event(by=self.people[who], event=event, **{"reason": "Wrong day.", "now": LATER, **changes})

    def elsewhere(self):
        contract = factories.make_contract("leisure", "Borough", "Leisure Trust")
        return factories.make_series(factories.make_measure(contract, "L1")), factories.make_members(contract)


@pytest.fixture
def chart(db):
    return Chart()


@contextmanager
def invalid(name, message):
    with pytest.raises(Invalid) as caught:
        yield
    assert caught.value.errors == {name: message}


@contextmanager
def nothing_written():
    """Neither a row nor an entry in the audit chain."""
    before = list(SeriesEvent.objects.order_by("pk").values()), AuditEntry.objects.count()
    yield
    assert (list(SeriesEvent.objects.order_by("pk").values()), AuditEntry.objects.count()) == before


class TestRecording:
    @pytest.mark.parametrize("who", MEMBERS)
    def test_by_either_party(self, chart, who):
        made = chart.record(who)
        row = SeriesEvent.objects.get()
        assert row == made
        assert (row.series, row.at, row.kind, row.text) == (chart.series, DAY(2018, 8, 14), "note", "A new system")
        assert (row.reason, row.by, row.recorded_at) == ("It counts anew.", chart.people[who].user, NOW)
        assert (row.withdrawn_at, row.withdrawn_by, row.withdrawn_reason) == (None, None, "")

    def test_not_by_an_administrator(self, chart):
        with nothing_written(), pytest.raises(Denied, match="^Administrators look after people"):
            chart.record(Who.ADMINISTRATOR)

    def test_not_by_an_administrator_even_elsewhere(self, chart):
        """The right is asked first: who has none learns nothing of the series."""
        with pytest.raises(Denied, match="^Administrators look after people"):
            chart.record(Who.ADMINISTRATOR, series=chart.elsewhere()[0])

    def test_not_on_the_chart_of_another_contract(self, chart):
        foreign, people = chart.elsewhere()
        with nothing_written(), pytest.raises(NotKnown):
            chart.record(series=foreign)
        with nothing_written(), pytest.raises(NotKnown):
            record_event(by=people[Who.ANALYST], series=chart.series, at=DAY(2018, 8, 14), kind=EventKind.NOTE,
                         text="A", reason="B", now=NOW)  # fmt: skip

    def test_leaves_an_audit_entry(self, chart):
        chart.record(Who.ANALYST)
        entry = AuditEntry.objects.get()
        assert (entry.contract, entry.by, entry.at) == (chart.contract, chart.people[Who.ANALYST].user, NOW)
        assert (entry.act, entry.object) == ("record event", "B8 note 2018-08-14")
        assert (entry.old, entry.new) == (None, {"at": "2018-08-14", "kind": "note", "text": "A new system"})
        assert entry.reason == "It counts anew."

    @pytest.mark.parametrize("kind", [EventKind.BREAK, EventKind.REBASE])
    def test_of_a_month(self, chart, kind):
        row = chart.record(series=chart.monthly, kind=kind, at=DAY(2018, 8, 1))
        assert (row.at, row.kind) == (DAY(2018, 8, 1), kind)
        with invalid("at", "Choose the first day of a quarter: a rebase starts with one."):
            chart.record(kind=EventKind.REBASE, at=DAY(2018, 8, 1))

    @pytest.mark.parametrize("state", State)
    def test_in_every_state_of_its_quarter(self, chart, state):
        """An event holds no figure and changes none, so that no state keeps it out."""
        factories.in_state(chart.contract.cycles.get(quarter=Q2), state)
        assert chart.record().pk

    def test_in_a_past_quarter(self, chart):
        assert chart.record(at=DAY(2018, 2, 3)).at == DAY(2018, 2, 3)

    def test_a_text_is_one_line_without_spaces_around(self, chart):
        row = chart.record(text="  A new\n\tsystem ", reason=" It counts anew.\nAll of it. ")
        assert (row.text, row.reason) == ("A new system", "It counts anew.\nAll of it.")

    @pytest.mark.parametrize(
        ("changes", "name", "message"),
        [
            ({"text": " \n "}, "text", NO_TEXT),
            ({"reason": "  "}, "reason", NO_REASON),
            ({"text": "x" * 121}, "text", "Use 120 characters or fewer; this has 121."),
            ({"reason": "x" * 501}, "reason", "Use 500 characters or fewer; this has 501."),
            ({"at": DAY(2018, 11, 3)}, "at", "Choose a day up to today, 2 November 2018: this one is still to come."),
            (
                {"at": DAY(2018, 10, 1)},
                "at",
                "Q3 2018/19 is not held here: choose a day in a quarter that is.",
            ),
            (
                {"at": DAY(2015, 3, 31)},
                "at",
                "B8 starts with Q1 2015/16: choose a day from 1 April 2015 on.",
            ),
        ],
    )
    def test_refused_with_a_message(self, chart, changes, name, message):
        with nothing_written(), invalid(name, message):
            chart.record(**changes)

    def test_as_long_as_may_be(self, chart):
        row = chart.record(text="x" * 120, reason="y" * 500)
        row.refresh_from_db()
        assert (len(row.text), len(row.reason)) == (120, 500)

    def test_a_kind_that_there_is_not(self, chart):
        with nothing_written(), pytest.raises(ValueError, match="party"):
            chart.record(kind="party")

    @pytest.mark.parametrize("kind", [EventKind.BREAK, EventKind.REBASE])
    @pytest.mark.parametrize("held", [EventKind.BREAK, EventKind.REBASE])
    def test_the_limits_start_once_at_a_date(self, chart, kind, held):
        at = Q2.start
        make_event(chart.series, at, chart.people[Who.ANALYST].user, kind=held)
        says = f"B8 has a {held} from Q2 2018/19 already: its limits start again there. Withdraw it first."
        with nothing_written(), invalid("at", says):
            chart.record(kind=kind, at=at)
        # On another chart, on another day and as a note it may stand.
        chart.record(series=chart.monthly, kind=kind, at=at)
        chart.record(kind=kind, at=Q2.previous.start)
        chart.record(at=at)

    def test_the_same_note_twice(self, chart):
        chart.record()
        with nothing_written(), invalid("at", "B8 has this note for 14 August 2018 already."):
            chart.record(Who.ANALYST)
        chart.record(text="Something else")

    def test_what_was_withdrawn_makes_room(self, chart):
        first = chart.record(kind=EventKind.REBASE, at=Q2.start)
        chart.withdraw(first)
        assert chart.record(kind=EventKind.BREAK, at=Q2.start).pk != first.pk


class TestWithdrawing:
    @pytest.mark.parametrize("who", MEMBERS)
    def test_by_either_party(self, chart, who):
        event = chart.record()
        before = SeriesEvent.objects.values().get()
        chart.withdraw(event, who, reason=" Wrong day. ")
        after = SeriesEvent.objects.values().get()
        user = chart.people[who].user
        assert after == {**before, "withdrawn_at": LATER, "withdrawn_by_id": user.pk, "withdrawn_reason": "Wrong day."}

    def test_leaves_an_audit_entry(self, chart):
        chart.withdraw(chart.record(), Who.PROVIDER_DIRECTOR)
        entry = AuditEntry.objects.last()
        assert (entry.act, entry.object, entry.reason) == ("withdraw event", "B8 note 2018-08-14", "Wrong day.")
        assert (entry.old, entry.new) == ({"at": "2018-08-14", "kind": "note", "text": "A new system"}, None)
        assert (entry.by, entry.at) == (chart.people[Who.PROVIDER_DIRECTOR].user, LATER)

    def test_not_by_an_administrator(self, chart):
        event = chart.record()
        with nothing_written(), pytest.raises(Denied, match="^Administrators look after people"):
            chart.withdraw(event, Who.ADMINISTRATOR)

    def test_not_by_another_contract(self, chart):
        event = chart.record()
        _, people = chart.elsewhere()
        with nothing_written(), pytest.raises(NotKnown):
            withdraw_event(by=people[Who.ANALYST], event=event, reason="Ours", now=LATER)

    @pytest.mark.parametrize(
        ("reason", "message"), [(" ", NO_REASON), ("x" * 501, "Use 500 characters or fewer; this has 501.")]
    )
    def test_not_without_a_reason(self, chart, reason, message):
        event = chart.record()
        with nothing_written(), invalid("reason", message):
            chart.withdraw(event, reason=reason)

    def test_once(self, chart):
        event = chart.record()
        chart.withdraw(event)
        with nothing_written(), pytest.raises(Stale, match=r"^This event was withdrawn already\.$"):
            chart.withdraw(event, Who.ANALYST, reason="Mine")


class TestReading:
    def test_by_series_oldest_first(self, chart):
        bare = factories.make_series(chart.measure, code="S", role="subgroup")
        chart.record(at=DAY(2018, 9, 30), text="Late")
        chart.record(at=DAY(2018, 7, 1), text="Early")
        chart.record(at=DAY(2018, 7, 1), text="Early too")
        chart.record(series=chart.monthly, kind=EventKind.BREAK, at=DAY(2018, 8, 1), text="Anew")
        found = events_of([chart.series.pk, chart.monthly.pk, bare.pk], Q2.end)
        assert {key: [event.text for event in events] for key, events in found.items()} == {
            chart.series.pk: ["Early", "Early too", "Late"],
            chart.monthly.pk: ["Anew"],
            bare.pk: [],
        }
        assert found[chart.monthly.pk][0].kind is EventKind.BREAK

    def test_up_to_the_day_and_without_what_was_withdrawn(self, chart):
        first = chart.record(at=DAY(2018, 6, 30), text="First")
        chart.record(at=DAY(2018, 7, 1), text="Next")
        chart.withdraw(chart.record(at=DAY(2018, 6, 1), text="Gone"))
        [found] = events_of([chart.series.pk], Q2.previous.end)[chart.series.pk]
        assert (found.id, found.text, found.withdrawn) == (first.pk, "First", None)
        assert [event.text for event in every_event(chart.series.pk, Q2.previous.end)] == ["First", "Gone"]
        assert [event.text for event in every_event(chart.series.pk, Q2.end)] == ["Next", "First", "Gone"]

    def test_who_speaks_for_whom(self, chart):
        event = chart.record(Who.ANALYST)
        chart.withdraw(event, Who.COMMISSIONER_DIRECTOR)
        [found] = every_event(chart.series.pk, Q2.end)
        assert (found.by, found.recorded_at) == ("Analyst of childrens-services, DCST", NOW)
        assert (found.withdrawn.by, found.withdrawn.at, found.withdrawn.reason) == (
            "Commissioner's director of childrens-services, DMBC",
            LATER,
            "Wrong day.",
        )

    def test_who_left_the_contract_and_joined_another(self, chart):
        chart.record(Who.ANALYST)
        user = chart.people[Who.ANALYST].user
        Membership.objects.filter(user=user).delete()
        other = factories.make_contract("leisure", "Borough", "Leisure Trust")
        Membership.objects.create(user=user, contract=other, party="provider", role="analyst")
        assert events_of([chart.series.pk], Q2.end)[chart.series.pk][0].by == "Analyst of childrens-services"

    def test_one_of_a_measure(self, chart):
        event = chart.record()
        found, series = event_by(event.pk, [chart.monthly, chart.series], Q2.end)
        assert (found.id, series) == (event.pk, chart.series)
        for number, among, until in [
            (event.pk + 1, [chart.series], Q2.end),
            (event.pk, [chart.monthly], Q2.end),
            (event.pk, [chart.series], DAY(2018, 8, 13)),
        ]:
            with pytest.raises(NotKnown):
                event_by(number, among, until)

    @pytest.mark.parametrize("count", [0, 1, 3])
    def test_one_query(self, chart, count):
        for number in range(count):
            for series in (chart.series, chart.monthly):
                event = chart.record(series=series, text=f"Event {number}")
                chart.record(series=series, text=f"Gone {number}")
            chart.withdraw(event)
        with CaptureQueriesContext(connection) as queries:
            events_of([chart.series.pk, chart.monthly.pk], Q2.end)
        assert len(queries) == 1
        with CaptureQueriesContext(connection) as queries:
            every_event(chart.series.pk, Q2.end)
        assert len(queries) == 1


def test_nothing_rebases_itself():
    """Beside the page of a person and the demonstration, which speaks for one, nothing records an event."""
    callers = {
        path.relative_to(ROOT).as_posix()
        for app in ("accounts", "measures", "commentary", "workflow", "perfmon")
        for path in (ROOT / app).rglob("*.py")
        if re.search(r"\brecord_event\b|\bSeriesEvent\(", path.read_text(encoding="utf-8"))
    }
    assert callers == {
        *("measures/events.py", "measures/event_views.py", "measures/models/events.py"),
        "workflow/demo_loading.py",
    }


class TestSetUpMeanwhile:
    def test_who_writes_waits_for_who_sets_up_before_anything_else(self, chart):
        event = make_event(chart.series, DAY(2018, 7, 2), chart.people[Who.OFFICER].user)
        for act in (chart.record, lambda: chart.withdraw(event)):
            with CaptureQueriesContext(connection) as queries:
                act()
            first = next(each["sql"] for each in queries if "SAVEPOINT" not in each["sql"])
            assert ' FROM "accounts_contract" ' in first

    def test_a_series_that_was_deleted(self, chart):
        gone = Series.objects.get(pk=chart.series.pk)
        Series.objects.filter(pk=gone.pk).delete()
        with pytest.raises(NotKnown):
            chart.record(series=gone)

    def test_its_start(self, chart):
        Series.objects.filter(pk=chart.series.pk).update(first_quarter=Q2.next)
        with pytest.raises(Invalid) as raised:
            chart.record()
        assert list(raised.value.errors) == ["at"]
