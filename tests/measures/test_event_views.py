"""The pages of the events: who sees and records them, what they say, errors, what stays out of sight."""

import datetime

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import AuditEntry
from accounts.roles import Who
from measures.event_entries import EFFECTS
from measures.models import SeriesEvent
from measures.states import State
from measures.terms import EventKind
from tests import factories
from tests.factories import NOW, Q2, make_event
from tests.markup import parse

PAGE = "/c/childrens-services/2018-Q2/m/b8/events/"
MEMBERS = [who for who in Who if who is not Who.ADMINISTRATOR]
DAY = datetime.date
NOTE = {"kind": "note", "day": "2018-08-14", "text": "A new system", "reason": "It counts anew."}
REBASE = {"kind": "rebase", "period": "2018-08", "text": "Lasting", "reason": "The change is understood."}
LIMIT = "Administrators look after people and set-up and see no unpublished figures or drafts."


class Room:
    """B8 by quarter and E1 by month under it; Q1 2018/19 is past, Q2 in commentary, Q3 open."""

    def __init__(self):
        self.contract = factories.make_contract()
        self.people = factories.make_members(self.contract)
        self.measure = factories.make_measure(self.contract, title="Proceedings on track")
        self.series = factories.make_series(self.measure, name="On track")
        monthly = {"frequency": "month", "derivation": "mean_of_months", "unit": "count", "polarity": "neutral"}
        self.monthly = factories.make_series(self.measure, code="E1", name="Contacts", role="pair", **monthly)
        for quarter, state in [(Q2.previous, State.PAST), (Q2, State.COMMENTARY), (Q2.next, State.OPEN)]:
            factories.make_cycle(self.contract, quarter, state)
        self.by = self.people[Who.ANALYST].user

    def event(self, *day, series=None, **fields):
        return make_event(series or self.series, DAY(*day), self.by, **fields)

    def client(self, who=Who.OFFICER):
        client = Client()
        client.force_login(self.people[who].user)
        # The first page starts the session's clock, which is a write.
        client.get("/")
        return client

    def page(self, path=PAGE, who=Who.OFFICER, status=200):
        response = self.client(who).get(path)
        assert response.status_code == status
        return parse(response.text)

    def post(self, path=PAGE, who=Who.OFFICER, **typed):
        return self.client(who).post(path, typed)

    def elsewhere(self):
        contract = factories.make_contract("leisure", "Borough", "Leisure Trust")
        series = factories.make_series(factories.make_measure(contract, "L1"))
        factories.make_cycle(contract, Q2)
        people = factories.make_members(contract)
        return make_event(series, DAY(2018, 8, 1), people[Who.ANALYST].user, text="Elsewhere"), people


@pytest.fixture
def room(db):
    return Room()


def cards(page):
    """Of each event: its heading, the line below it, what it does, and its facts."""
    return [
        (
            card.one("h2").text,
            card.one("header").one("p").text,
            next(line.text for line in card.all("p") if not line.attrs),
            [(row.one("dt").text, row.one("dd").text) for row in card.one("dl").all("div")],
        )
        for card in page.all("li", class_="event")
    ]


def headings(page):
    return [card[0] for card in cards(page)]


def message(page, name):
    error = page.one("p", id=f"id_{name}_error")
    assert error.attrs["class"] == "error-message"
    return error.text.removeprefix("Error: ")


def options(page, name):
    return [node.text for node in page.one("select", name=name).all("option")]


def withdraw_path(event, quarter="2018-Q2"):
    return f"/c/childrens-services/{quarter}/m/b8/events/{event.pk}/withdraw/"


class TestList:
    @pytest.mark.parametrize("who", MEMBERS)
    def test_both_parties_see_it_and_may_record(self, room, who):
        event = room.event(2018, 8, 14, text="A new system")
        page = room.page(who=who)
        assert page.one("h1").text == "Events On track"
        assert page.one("p", class_="answer").text == "1 event stands on the chart of B8 up to Q2 2018/19."
        assert headings(page) == ["A new system"]
        assert [node.attrs["href"] for node in page.one("li", class_="event").all("a")] == [withdraw_path(event)]
        assert page.one("section", id="record").one("h2").text == "Record an event"

    def test_the_latest_first_each_with_what_it_does(self, room):
        room.event(2018, 7, 1, kind="rebase", text="Lasting", reason="Settled")
        room.event(2018, 9, 30, text="Later", reason="One line\nand another")
        room.event(2018, 4, 1, kind="break", text="Counted anew")
        recorded = ("Recorded", "Analyst of childrens-services, DCST, 2 November 2018, 14:32")
        assert cards(room.page()) == [
            (
                "Later",
                "Note · 30 September 2018",
                EFFECTS[EventKind.NOTE],
                [("Reason", "One line and another"), recorded],
            ),
            (
                "Lasting",
                "Limits start again (rebase) · from Q2 2018/19",
                EFFECTS[EventKind.REBASE],
                [("Reason", "Settled"), recorded],
            ),
            (
                "Counted anew",
                "New definition or method (break) · from Q1 2018/19",
                EFFECTS[EventKind.BREAK],
                [("Reason", "Because"), recorded],
            ),
        ]

    def test_what_was_withdrawn_stays_and_says_so(self, room):
        gone = {"withdrawn_at": NOW, "withdrawn_by": room.people[Who.OFFICER].user, "withdrawn_reason": "Wrong day"}
        room.event(2018, 8, 14, text="Gone", **gone)
        page = room.page()
        [(heading, below, does, facts)] = cards(page)
        assert (heading, below) == ("Gone", "Note · 14 August 2018 · withdrawn")
        assert does == "It does not stand on the chart any more."
        assert facts[2] == ("Withdrawn", "Officer of childrens-services, DMBC, 2 November 2018, 14:32: Wrong day")
        assert page.one("p", class_="answer").text == (
            "No event stands on the chart of B8 up to Q2 2018/19; 1 was withdrawn."
        )
        assert page.one("li", class_="event").all("a") == []

    def test_none_says_what_events_are_for(self, room):
        page = room.page()
        empty = page.one("div", class_="empty-state")
        assert empty.one("h2").text == "No events yet"
        assert "Limits never start again by themselves." in empty.text
        assert page.all("p", class_="answer") == []

    def test_an_event_of_a_later_quarter_is_not_on_this_page(self, room):
        room.event(2018, 10, 1, text="Later")
        room.event(2018, 9, 30, text="In time")
        assert headings(room.page()) == ["In time"]
        assert headings(room.page(PAGE.replace("2018-Q2", "2018-Q3"))) == ["Later", "In time"]
        assert headings(room.page(PAGE.replace("2018-Q2", "2018-Q1"))) == []

    @pytest.mark.parametrize("who", MEMBERS)
    def test_an_event_of_an_open_quarter_is_seen_by_both(self, room, who):
        room.event(2018, 10, 5, text="Moved house")
        assert headings(room.page(PAGE.replace("2018-Q2", "2018-Q3"), who)) == ["Moved house"]

    def test_markup_in_a_text_is_shown_as_it_was_typed(self, room):
        room.event(2018, 8, 14, text="<b>Bold</b>", reason="<script>alert(1)</script>")
        [(heading, _, _, facts)] = cards(room.page())
        assert (heading, facts[0][1]) == ("<b>Bold</b>", "<script>alert(1)</script>")

    def test_series_of_the_measure_by_their_codes(self, room):
        room.event(2018, 8, 14, text="Of B8")
        room.event(2018, 8, 1, series=room.monthly, kind="rebase", text="Of E1")
        page = room.page(f"{PAGE}?series=E1")
        switch = page.one("div", class_="seg")
        assert [(one.text, one.attrs["href"], one.attrs.get("aria-current")) for one in switch.all("a")] == [
            ("B8", f"{PAGE}?series=B8", None),
            ("E1", f"{PAGE}?series=E1", "true"),
        ]
        assert page.one("h1").text == "Events E1 Contacts"
        assert [card[:2] for card in cards(page)] == [
            ("Of E1", "Limits start again (rebase) · from August 2018"),
        ]
        assert headings(room.page()) == ["Of B8"]

    def test_the_way_back(self, room):
        crumbs = room.page(f"{PAGE}?series=E1").one("nav", aria_label="Breadcrumb")
        assert [(node.text, node.attrs["href"]) for node in crumbs.all("a")] == [
            ("Q2 2018/19", "/c/childrens-services/2018-Q2/"),
            ("B8", "/c/childrens-services/2018-Q2/m/b8/?series=E1"),
        ]


class TestOthers:
    def test_an_administrator_reads_what_is_past_and_writes_nothing(self, room):
        event = room.event(2018, 4, 14, text="Past")
        page = room.page(PAGE.replace("2018-Q2", "2018-Q1"), Who.ADMINISTRATOR)
        assert headings(page) == ["Past"]
        assert LIMIT in page.text
        assert (page.one("main").all("form"), page.one("li", class_="event").all("a")) == ([], [])
        path = PAGE.replace("2018-Q2", "2018-Q1")
        assert room.post(path, Who.ADMINISTRATOR, **{**NOTE, "day": "2018-05-01"}).status_code == 403
        assert room.client(Who.ADMINISTRATOR).get(withdraw_path(event, "2018-Q1")).status_code == 403
        assert room.post(withdraw_path(event, "2018-Q1"), Who.ADMINISTRATOR, reason="No").status_code == 403
        assert SeriesEvent.objects.filter(withdrawn_at=None).count() == 1

    def test_an_administrator_of_a_past_quarter_without_any(self, room):
        page = room.page(PAGE.replace("2018-Q2", "2018-Q1"), Who.ADMINISTRATOR)
        assert page.one("div", class_="empty-state").one("h2").text == "No events"

    @pytest.mark.parametrize("quarter", ["2018-Q2", "2018-Q3"])
    def test_an_administrator_sees_none_of_a_quarter_at_work(self, room, quarter):
        assert room.client(Who.ADMINISTRATOR).get(PAGE.replace("2018-Q2", quarter)).status_code == 403

    def test_another_contract_knows_nothing_of_it(self, room):
        event = room.event(2018, 8, 14)
        _, people = room.elsewhere()
        client = Client()
        client.force_login(people[Who.ANALYST].user)
        for path in (PAGE, withdraw_path(event), withdraw_path(event).replace("childrens-services", "leisure")):
            assert client.get(path).status_code == 404
            assert client.post(path, {**NOTE, "reason": "Ours"}).status_code == 404
        assert SeriesEvent.objects.filter(withdrawn_at=None).count() == 2

    @pytest.mark.parametrize("method", ["get", "post"])
    def test_what_there_is_not(self, room, method):
        foreign, _ = room.elsewhere()
        mine = room.event(2018, 10, 1)
        early = room.event(2018, 5, 1)
        ask = getattr(room.client(), method)
        for path in [
            PAGE.replace("b8", "b9"),
            PAGE.replace("2018-Q2", "2017-Q4"),
            f"{PAGE}?series=L1",
            f"{PAGE}?series=",
            withdraw_path(foreign),
            # Of a later quarter than the page's.
            withdraw_path(mine),
            withdraw_path(early).replace(str(early.pk), "999999"),
            withdraw_path(early).replace(f"/{early.pk}/", f"/{10**30}/"),
        ]:
            assert ask(path).status_code == 404, path
        assert SeriesEvent.objects.count() == 3

    def test_an_event_of_another_measure_is_not_withdrawn_here(self, room):
        other = factories.make_measure(room.contract, "C1")
        event = room.event(2018, 8, 14, series=factories.make_series(other))
        assert room.post(withdraw_path(event), reason="Wrong").status_code == 404
        assert room.post(withdraw_path(event).replace("b8", "c1"), reason="Wrong").status_code == 302

    def test_a_measure_without_series(self, room):
        factories.make_measure(room.contract, "C1")
        assert room.client().get(PAGE.replace("b8", "c1")).status_code == 404


class TestRecording:
    @pytest.mark.parametrize("who", MEMBERS)
    def test_a_note(self, room, who):
        client = room.client(who)
        response = client.post(PAGE, NOTE)
        assert (response.status_code, response["Location"]) == (302, f"{PAGE}?series=B8")
        row = SeriesEvent.objects.get()
        assert (row.series, row.at, row.kind, row.text) == (room.series, DAY(2018, 8, 14), "note", "A new system")
        assert (row.reason, row.by) == ("It counts anew.", room.people[who].user)
        assert abs(row.recorded_at - datetime.datetime.now(datetime.UTC)) < datetime.timedelta(minutes=5)
        assert AuditEntry.objects.get().act == "record event"
        page = parse(client.get(response["Location"]).text)
        assert page.one("div", class_="notice").text == "B8: “A new system” was recorded."
        assert headings(page) == ["A new system"]

    @pytest.mark.parametrize("kind", ["break", "rebase"])
    def test_from_a_month(self, room, kind):
        response = room.post(f"{PAGE}?series=E1", **{**REBASE, "kind": kind})
        assert (response.status_code, response["Location"]) == (302, f"{PAGE}?series=E1")
        row = SeriesEvent.objects.get()
        assert (row.series, row.at, row.kind) == (room.monthly, DAY(2018, 8, 1), kind)

    def test_from_a_quarter(self, room):
        assert room.post(**{**REBASE, "period": "2018-Q1"}).status_code == 302
        assert SeriesEvent.objects.get().at == DAY(2018, 4, 1)

    def test_the_periods_are_offered(self, room):
        assert options(room.page(), "period") == [
            "Choose",
            "Q2 2018/19, July to September 2018",
            "Q1 2018/19, April to June 2018",
        ]
        months = options(room.page(f"{PAGE}?series=E1"), "period")
        assert months == ["Choose", *[f"{m} 2018" for m in "September August July June May April".split()]]
        assert "First month, for a break or a rebase" in room.page(f"{PAGE}?series=E1").text
        assert "First quarter, for a break or a rebase" in room.page().text

    def test_no_period_or_day_after_today(self, room, settings):
        settings.TODAY = DAY(2018, 11, 11)
        path = PAGE.replace("2018-Q2", "2018-Q3") + "?series=E1"
        page = room.page(path)
        assert options(page, "period")[:3] == ["Choose", "November 2018", "October 2018"]
        day = page.one("input", name="day").attrs
        assert (day["min"], day["max"]) == ("2015-04-01", "2018-11-11")
        response = room.post(path, **{**NOTE, "day": "2018-11-12"})
        assert message(parse(response.text), "day") == (
            "Choose a day up to today, 11 November 2018: this one is still to come."
        )

    def test_the_other_box_is_let_be(self, room):
        """A script-less browser that cannot hide it sends it along."""
        assert room.post(f"{PAGE}?series=E1", **NOTE, period="nonsense").status_code == 302
        assert room.post(f"{PAGE}?series=E1", **REBASE, day="nonsense").status_code == 302
        assert [row.at for row in SeriesEvent.objects.order_by("pk")] == [DAY(2018, 8, 14), DAY(2018, 8, 1)]

    def test_what_is_missing(self, room):
        response = room.post()
        page = parse(response.text)
        assert response.status_code == 422
        assert page.one("title").text.startswith("Error: ")
        assert {name: message(page, name) for name in ("kind", "text", "reason")} == {
            "kind": "Choose what kind of event this is.",
            "text": "Say in a few words what happened: they stand on the chart.",
            "reason": "Say why: both parties read it.",
        }
        assert page.all("p", id="id_day_error") == []
        links = page.one("div", class_="error-summary").all("a")
        assert [link.attrs["href"] for link in links] == ["#id_kind_0", "#id_text", "#id_reason"]
        assert not SeriesEvent.objects.exists()

    @pytest.mark.parametrize(
        ("sent", "name", "says"),
        [
            ({**NOTE, "day": ""}, "day", "Enter the day of the note, such as 14/8/2018."),
            ({**NOTE, "day": "yesterday"}, "day", "Enter a day such as 14/8/2018."),
            (
                {**NOTE, "day": "2018-10-01"},
                "day",
                "Choose a day up to 30 September 2018: the page of Q2 2018/19 ends there.",
            ),
            ({**NOTE, "day": "2015-03-31"}, "day", "E1 starts with Q1 2015/16: choose a day from 1 April 2015 on."),
            ({**NOTE, "day": "2016-05-01"}, "day", "Q1 2016/17 is not held here: choose a day in a quarter that is."),
            ({**NOTE, "day": "9999-12-31"}, "day", "is still to come."),
            ({**NOTE, "day": "0001-01-01"}, "day", "E1 starts with Q1 2015/16: choose a day from 1 April 2015 on."),
            ({**REBASE, "period": ""}, "period", "Choose the month it starts with."),
            ({**REBASE, "period": "2018-Q2"}, "period", "Choose from the list."),
            ({**REBASE, "period": "2018-10"}, "period", "Choose from the list."),
            ({**REBASE, "period": "2016-05"}, "period", "Choose from the list."),
            ({**NOTE, "kind": "party"}, "kind", "Choose from the list."),
            ({**NOTE, "text": "x" * 121}, "text", "Use 120 characters or fewer; this has 121."),
            ({**NOTE, "text": "   "}, "text", "Say in a few words what happened: they stand on the chart."),
            ({**NOTE, "reason": "x" * 501}, "reason", "Use 500 characters or fewer; this has 501."),
            ({**NOTE, "reason": ""}, "reason", "Say why: both parties read it."),
        ],
    )
    def test_what_is_wrong(self, room, sent, name, says):
        response = room.post(f"{PAGE}?series=E1", **sent)
        page = parse(response.text)
        assert response.status_code == 422
        assert message(page, name).endswith(says)
        assert len(page.all("p", class_="error-message")) == 1
        assert not SeriesEvent.objects.exists()
        assert not AuditEntry.objects.exists()

    def test_errors_keep_what_was_typed(self, room):
        page = parse(room.post(**{**NOTE, "reason": ""}).text)
        assert page.one("input", name="text").attrs["value"] == "A new system"
        assert page.one("input", name="day").attrs["value"] == "2018-08-14"
        assert [one.attrs["value"] for one in page.all("input", name="kind") if "checked" in one.attrs] == ["note"]

    @pytest.mark.parametrize("text", ["14/8/2018", "14 August 2018", "14 Aug 2018"])
    def test_a_day_where_the_browser_has_no_calendar(self, room, text):
        assert room.post(**{**NOTE, "day": text}).status_code == 302
        assert SeriesEvent.objects.get().at == DAY(2018, 8, 14)

    def test_the_limits_start_once(self, room):
        room.event(2018, 8, 1, series=room.monthly, kind="break")
        response = room.post(f"{PAGE}?series=E1", **REBASE)
        assert response.status_code == 422
        assert message(parse(response.text), "period") == (
            "E1 has a break from August 2018 already: its limits start again there. Withdraw it first."
        )
        assert SeriesEvent.objects.count() == 1

    def test_a_double_click_is_one_note(self, room):
        assert room.post(**NOTE).status_code == 302
        response = room.post(**NOTE)
        assert response.status_code == 422
        assert message(parse(response.text), "day") == "B8 has this note for 14 August 2018 already."
        assert SeriesEvent.objects.count() == 1

    def test_the_commissioner_records_on_an_open_quarter(self, room):
        assert room.post(PAGE.replace("2018-Q2", "2018-Q3"), **{**NOTE, "day": "2018-10-02"}).status_code == 302


class TestWithdrawing:
    def test_asked_first(self, room):
        event = room.event(2018, 7, 1, kind="rebase", text="Lasting")
        page = room.page(withdraw_path(event))
        assert page.one("h1").text == "Withdraw this event?"
        assert "the limits no longer start again there" in page.text
        assert [(row.one("dt").text, row.one("dd").text) for row in page.one("dl").all("div")] == [
            ("Series", "B8 On track"),
            ("Limits start again (rebase)", "Lasting"),
            ("When", "From Q2 2018/19"),
            ("Reason", "Because"),
            ("Recorded", "Analyst of childrens-services, DCST, 2 November 2018, 14:32"),
        ]
        assert [node.attrs["href"] for node in page.one("main").one("p", class_="buttons").all("a")] == [
            f"{PAGE}?series=B8"
        ]
        assert SeriesEvent.objects.get().withdrawn_at is None

    def test_a_note_says_nothing_of_limits(self, room):
        assert "limits" not in room.page(withdraw_path(room.event(2018, 8, 14))).one("main").text

    @pytest.mark.parametrize("who", MEMBERS)
    def test_then_done(self, room, who):
        event = room.event(2018, 8, 14, text="Wrong")
        client = room.client(who)
        response = client.post(withdraw_path(event), {"reason": "Another measure."})
        assert (response.status_code, response["Location"]) == (302, f"{PAGE}?series=B8")
        event.refresh_from_db()
        assert (event.withdrawn_by, event.withdrawn_reason) == (room.people[who].user, "Another measure.")
        assert AuditEntry.objects.get().act == "withdraw event"
        page = parse(client.get(response["Location"]).text)
        assert page.one("div", class_="notice").text == "B8: “Wrong” was withdrawn."
        assert cards(page)[0][1] == "Note · 14 August 2018 · withdrawn"

    @pytest.mark.parametrize(
        ("reason", "says"),
        [
            ("", "Say why: both parties read it."),
            ("  ", "Say why: both parties read it."),
            ("x" * 501, "Use 500 characters or fewer; this has 501."),
        ],
    )
    def test_not_without_a_reason(self, room, reason, says):
        event = room.event(2018, 8, 14)
        response = room.post(withdraw_path(event), reason=reason)
        page = parse(response.text)
        assert (response.status_code, message(page, "reason")) == (422, says)
        assert page.one("title").text.startswith("Error: ")
        event.refresh_from_db()
        assert event.withdrawn_at is None

    @pytest.mark.parametrize("method", ["get", "post"])
    def test_once(self, room, method):
        event = room.event(2018, 8, 14)
        assert room.post(withdraw_path(event), Who.ANALYST, reason="Mine.").status_code == 302
        response = getattr(room.client(), method)(withdraw_path(event), {"reason": "Ours."})
        assert response.status_code == 409
        assert "Analyst of childrens-services, DCST withdrew this event already: Mine." in parse(response.text).text
        event.refresh_from_db()
        assert event.withdrawn_reason == "Mine."


@pytest.mark.parametrize("count", [1, 3])
def test_queries(room, count):
    for number in range(count):
        event = room.event(2018, 8, number + 1, text=f"Event {number}")
        room.event(2018, 7, number + 1, series=room.monthly)
        gone = {"withdrawn_at": NOW, "withdrawn_by": room.by, "withdrawn_reason": "Wrong"}
        room.event(2018, 7, number + 1, **gone)
    client = room.client()
    # Session, person, membership, cycles; the series of the measure; the events, or the one.
    for path in (PAGE, f"{PAGE}?series=E1", withdraw_path(event)):
        with CaptureQueriesContext(connection) as queries:
            assert client.get(path).status_code == 200
        assert len(queries) == 6, path


@pytest.mark.parametrize("who", [Who.OFFICER, Who.COMMISSIONER_DIRECTOR])
def test_the_page_of_an_open_quarter_is_the_same_whatever_figures_are_held(room, who):
    path = PAGE.replace("2018-Q2", "2018-Q3")
    room.event(2018, 10, 2, text="Moved house")
    client = room.client(who)

    def shown():
        return parse(client.get(path).text).one("main").text

    before = shown()
    factories.make_observation(room.series, Q2.next, 71, room.by)
    assert shown() == before
