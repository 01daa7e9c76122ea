"""The moves as pages: what each says before, what it does, and what a wrong or late press gets."""

import datetime
from decimal import Decimal

import pytest
from django.test import Client

from accounts.roles import Party, Who
from commentary.models import Pane
from measures.entries import Entry
from measures.models import AreaForImprovement, Cycle, Measure
from measures.recording import record
from measures.states import State
from tests import factories
from tests.factories import NOW, Q2
from tests.markup import parse
from workflow.models import Transition

CYCLE = "/c/childrens-services/2018-Q2/"
OPEN = "/c/childrens-services/open/2018-Q2/"


@pytest.fixture
def cycle(desk):
    return desk.open()


def client_of(desk, who):
    client = Client()
    client.force_login(desk.people[who].user)
    return client


def get(desk, address, who=Who.OFFICER):
    response = client_of(desk, who).get(address)
    assert response.status_code == 200
    return parse(response.text).one("main")


def post(desk, address, who=Who.OFFICER, client=None, **data):
    return (client or client_of(desk, who)).post(address, data)


def told(client, response):
    """The message on the page that a redirect leads to."""
    [message] = parse(client.get(response["Location"]).text).one("div", id="messages").all("p")
    return message.text


def state(cycle):
    return Cycle.objects.get(pk=cycle.pk).state


class TestOpen:
    def test_the_page_says_what_will_happen(self, desk):
        main = get(desk, "/c/childrens-services/open/2018-Q3/")
        assert main.one("h1").text == "Open Q3 2018/19"
        assert (
            "October to December 2018. DCST can enter its values from now on. They are due on 31 January 2019, "
            "commentary on 16 February 2019."
        ) in main.text
        assert "carried over" not in main.text
        assert [button.text for button in main.all("button")] == ["Open Q3 2018/19"]

    def test_areas_are_carried_over_where_there_are_any(self, desk, cycle):
        AreaForImprovement.objects.create(cycle=cycle, measure=desk.measure, reason="Why", by=desk.officer.user, at=NOW)
        assert (
            "The areas for improvement of Q2 2018/19 are carried over"
            in get(desk, "/c/childrens-services/open/2018-Q3/").text
        )

    def test_a_quarter_without_measures_is_told_of(self, desk):
        none = "No measure covers Q3 2018/19 yet."
        assert none not in get(desk, "/c/childrens-services/open/2018-Q3/").text
        Measure.objects.update(last_quarter=Q2)
        assert none in get(desk, "/c/childrens-services/open/2018-Q3/").text

    @pytest.mark.parametrize(
        ("begin", "opened", "is_told"), [(Q2, "Q3", True), (Q2, "Q2", False), (Q2.shift(-8), "Q3", False)]
    )
    def test_a_quarter_that_measures_begin_with_is_not_skipped_in_silence(self, desk, begin, opened, is_told):
        """Measures from long ago say nothing of where the contract begins here."""
        Measure.objects.update(first_quarter=begin)
        told = "Measures begin with Q2 2018/19. If you open Q3 2018/19 first, Q2 2018/19 is never opened here."
        assert (told in get(desk, f"/c/childrens-services/open/2018-{opened}/").text) is is_told

    def test_another_first_quarter_can_be_chosen(self, desk):
        main = get(desk, "/c/childrens-services/open/2018-Q3/")
        others = ["Q3 2017/18", "Q4 2017/18", "Q1 2018/19", "Q2 2018/19", "Q4 2018/19"]
        assert [link.text for link in main.all("a")] == ["Your contracts", *others, "Cancel"]
        assert post(desk, "/c/childrens-services/open/2018-Q1/").status_code == 302
        assert Cycle.objects.get().quarter == Q2.previous

    def test_it_opens(self, desk):
        client = client_of(desk, Who.OFFICER)
        response = post(desk, "/c/childrens-services/open/2018-Q3/", client=client)
        assert (response.status_code, response["Location"]) == (302, "/c/childrens-services/2018-Q3/")
        [cycle] = Cycle.objects.all()
        assert (cycle.quarter, cycle.state) == (Q2.next, "open")
        assert told(client, response) == "Q3 2018/19 is open. DCST can enter its values."

    def test_opening_reads_nothing_of_an_earlier_opening(self, desk):
        # Looking is not opening.
        get(desk, "/c/childrens-services/open/2018-Q3/")
        assert not Cycle.objects.exists()

    @pytest.mark.parametrize("method", ["get", "post"])
    def test_one_that_is_open_already(self, desk, cycle, method):
        response = getattr(client_of(desk, Who.OFFICER), method)(OPEN)
        assert response.status_code == 409
        assert (
            "Q2 2018/19 cannot be opened now: it is open already, not the next quarter, or too long ago."
        ) in response.text
        assert Transition.objects.count() == 1

    @pytest.mark.parametrize("method", ["get", "post"])
    @pytest.mark.parametrize("code", ["2018-Q4", "2017-Q2", "2019-Q1"])
    def test_one_that_is_not_next(self, desk, cycle, method, code):
        assert getattr(client_of(desk, Who.OFFICER), method)(f"/c/childrens-services/open/{code}/").status_code == 409
        assert Cycle.objects.count() == 1

    @pytest.mark.parametrize("method", ["get", "post"])
    @pytest.mark.parametrize("who", [Who.ANALYST, Who.COMMISSIONER_DIRECTOR, Who.PROVIDER_DIRECTOR])
    def test_the_officer_s_alone(self, desk, method, who):
        response = getattr(client_of(desk, who), method)("/c/childrens-services/open/2018-Q3/")
        assert response.status_code == 403
        assert "Only an officer of DMBC may open a quarter." in response.text
        assert not Cycle.objects.exists()


class TestSubmit:
    def test_the_page_warns_of_what_is_missing(self, desk, cycle):
        main = get(desk, f"{CYCLE}submit/", Who.ANALYST)
        assert main.one("h1").text == "Submit values for Q2 2018/19"
        [notice] = main.all("div", class_="notice")
        assert notice.text == "Not every value is there. None of 1 values held yet."
        assert "DMBC will see every value of the quarter" in main.text
        assert [link.attrs["href"] for link in main.all("a") if link.text == "Look through the values first"] == [
            f"{CYCLE}entry/"
        ]

    def test_and_says_that_all_is_there(self, desk, cycle):
        record(
            by=desk.analyst, cycle=cycle, series=desk.series, period=Q2, entry=Entry(Decimal(70)), version=0, now=NOW
        )
        main = get(desk, f"{CYCLE}submit/", Who.ANALYST)
        assert main.all("div", class_="notice") == []
        assert "All 1 values held." in main.text
        assert "No warnings: nothing held looks odd." in main.text
        assert main.all("section") == []

    def test_it_names_what_is_missing_and_counts_the_warnings(self, desk, cycle):
        monthly = factories.make_series(
            factories.make_measure(desk.contract, "A1", title="Contacts"),
            name="Contacts a month", unit="count", polarity="neutral", frequency="month", derivation="sum",
        )  # fmt: skip
        july, august, _ = Q2.months
        for period, value in ((july, 1898), (august, 1898)):
            record(
                by=desk.analyst, cycle=cycle, series=monthly, period=period, entry=Entry(Decimal(value)), version=0,
                now=NOW,
            )  # fmt: skip
        missing, warnings = get(desk, f"{CYCLE}submit/", Who.ANALYST).all("section")
        assert missing.one("h2").text == "Missing"
        rows = {series.code: f"{CYCLE}entry/#row-{series.pk}" for series in (monthly, desk.series)}
        assert [(div.text, div.one("a").attrs["href"]) for div in missing.one("dl").all("div")] == [
            (f"{desk.series.code} {desk.series.name} Q2 2018/19", rows[desk.series.code]),
            ("A1 Contacts a month September", rows["A1"]),
        ]
        assert warnings.one("h2").text == "1 warning"
        [warning] = warnings.one("dl").all("div")
        assert warning.text == ("A1 Contacts a month August 2018: 1,898 is the same figure as in July 2018.")
        assert warning.one("a").attrs["href"] == rows["A1"]
        # Each leads to the row itself.
        ids = {row.attrs["id"] for row in get(desk, f"{CYCLE}entry/", Who.ANALYST).all("tr", class_="line")}
        assert {f"row-{series.pk}" for series in (monthly, desk.series)} == ids

    def test_it_submits(self, desk, cycle):
        client = client_of(desk, Who.ANALYST)
        response = post(desk, f"{CYCLE}submit/", client=client)
        assert (response.status_code, response["Location"]) == (302, CYCLE)
        assert state(cycle) == "submitted"
        assert told(client, response) == "Values for Q2 2018/19 submitted. DMBC sees them now."

    def test_looking_is_not_submitting(self, desk, cycle):
        get(desk, f"{CYCLE}submit/", Who.ANALYST)
        assert state(cycle) == "open"

    @pytest.mark.parametrize("method", ["get", "post"])
    def test_twice(self, desk, cycle, method):
        post(desk, f"{CYCLE}submit/", Who.ANALYST)
        response = getattr(client_of(desk, Who.ANALYST), method)(f"{CYCLE}submit/")
        assert response.status_code == 409
        assert "You can submit values while a quarter is open. Q2 2018/19 is submitted." in response.text
        assert Transition.objects.filter(to_state="submitted").count() == 1

    @pytest.mark.parametrize("who", [Who.OFFICER, Who.PROVIDER_DIRECTOR])
    def test_the_analyst_s_alone(self, desk, cycle, who):
        response = post(desk, f"{CYCLE}submit/", who)
        assert response.status_code == 403
        assert "Only an analyst of DCST may submit values." in response.text
        assert state(cycle) == "open"


class TestAccept:
    @pytest.fixture
    def submitted(self, cycle):
        return factories.in_state(cycle, State.SUBMITTED)

    def test_the_page(self, desk, submitted):
        main = get(desk, f"{CYCLE}accept/")
        assert main.one("h1").text == "Accept values for Q2 2018/19"
        assert "The values stay as DCST submitted them." in main.text
        assert [link.attrs["href"] for link in main.all("a") if link.text == "send the values back"] == [
            f"{CYCLE}send-back/"
        ]

    def test_it_accepts(self, desk, submitted):
        client = client_of(desk, Who.OFFICER)
        response = post(desk, f"{CYCLE}accept/", client=client)
        assert (response.status_code, response["Location"]) == (302, CYCLE)
        assert state(submitted) == "commentary"
        assert told(client, response) == "Values for Q2 2018/19 accepted. Commentary is open."

    @pytest.mark.parametrize("method", ["get", "post"])
    def test_values_that_were_sent_back_in_between(self, desk, submitted, method):
        factories.in_state(submitted, State.OPEN)
        response = getattr(client_of(desk, Who.OFFICER), method)(f"{CYCLE}accept/")
        assert response.status_code == 409
        assert "You can accept values while a quarter is submitted. Q2 2018/19 is open." in response.text
        assert state(submitted) == "open"

    def test_the_officer_s_alone(self, desk, submitted):
        assert post(desk, f"{CYCLE}accept/", Who.COMMISSIONER_DIRECTOR).status_code == 403
        assert state(submitted) == "submitted"


class TestSendBack:
    @pytest.fixture(params=[State.SUBMITTED, State.COMMENTARY])
    def cycle(self, request, desk):
        return factories.in_state(desk.open(), request.param)

    def test_the_page_asks_why(self, desk, cycle):
        main = get(desk, f"{CYCLE}send-back/")
        assert main.one("h1").text == "Send values back for Q2 2018/19"
        field = main.one("textarea")
        assert main.one("label", for_=field.attrs["id"]).text.startswith("Reason")
        assert "Until they are submitted again DMBC does not see this quarter’s figures." in main.text

    def test_it_sends_back(self, desk, cycle):
        client = client_of(desk, Who.OFFICER)
        response = post(desk, f"{CYCLE}send-back/", client=client, reason="  September is missing.  ")
        assert (response.status_code, response["Location"]) == (302, CYCLE)
        assert state(cycle) == "open"
        assert Transition.objects.order_by("-id").first().reason == "September is missing."
        page = parse(client.get(CYCLE).text)
        assert "Values for Q2 2018/19 sent back to DCST." in page.one("div", id="messages").text

    @pytest.mark.parametrize(
        ("reason", "message"),
        [
            ("", "Say why: both parties read it."),
            (" \n ", "Say why: both parties read it."),
            ("x" * 501, "Use 500 characters or fewer; this has 501."),
        ],
    )
    def test_a_reason_that_will_not_do(self, desk, cycle, reason, message):
        before = state(cycle)
        response = post(desk, f"{CYCLE}send-back/", reason=reason)
        assert response.status_code == 422
        page = parse(response.text)
        field = page.one("textarea")
        assert (field.attrs["aria-invalid"], field.text) == ("true", " ".join(reason.split()))
        described = [
            page.one("p", id=name).text for name in field.attrs["aria-describedby"].split() if name.endswith("_error")
        ]
        assert described == [f"Error: {message}"]
        assert page.one("head").one("title").text.startswith("Error: ")
        assert state(cycle) == before
        assert Transition.objects.count() == 1

    def test_no_reason_at_all(self, desk, cycle):
        assert post(desk, f"{CYCLE}send-back/").status_code in (200, 422)
        assert state(cycle) != "open"

    @pytest.mark.parametrize("method", ["get", "post"])
    def test_an_open_quarter(self, desk, cycle, method):
        factories.in_state(cycle, State.OPEN)
        response = getattr(client_of(desk, Who.OFFICER), method)(f"{CYCLE}send-back/", {"reason": "Why"})
        assert response.status_code == 409
        assert "Q2 2018/19 is open." in response.text

    def test_no_commentary_is_lost(self, desk, cycle):
        desk.release(cycle, Party.PROVIDER)
        before = list(Pane.objects.order_by("id").values())
        post(desk, f"{CYCLE}send-back/", reason="September is missing.")
        assert list(Pane.objects.order_by("id").values()) == before


class TestAnyMove:
    ADDRESSES = [OPEN.replace("Q2", "Q3"), f"{CYCLE}submit/", f"{CYCLE}accept/", f"{CYCLE}send-back/"]

    @pytest.mark.parametrize("address", ADDRESSES)
    def test_a_stranger_finds_nothing(self, desk, cycle, elsewhere, address):
        for who in (Who.OFFICER, Who.ANALYST):
            for method in ("get", "post"):
                assert getattr(client_of(elsewhere, who), method)(address).status_code == 404

    @pytest.mark.parametrize("address", ADDRESSES)
    def test_an_administrator_moves_nothing(self, desk, cycle, address):
        for method in ("get", "post"):
            response = getattr(client_of(desk, Who.ADMINISTRATOR), method)(address)
            assert response.status_code == 403
        assert Transition.objects.count() == 1

    @pytest.mark.parametrize("address", ADDRESSES)
    def test_without_a_token_nothing_moves(self, desk, cycle, address):
        client = Client(enforce_csrf_checks=True)
        client.force_login(desk.officer.user)
        assert client.post(address, {"reason": "Why"}).status_code == 403
        assert Transition.objects.count() == 1


def test_areas_are_carried_into_the_new_quarter(desk, cycle):
    AreaForImprovement.objects.create(cycle=cycle, measure=desk.measure, reason="Why", by=desk.officer.user, at=NOW)
    post(desk, "/c/childrens-services/open/2018-Q3/")
    carried = AreaForImprovement.objects.get(cycle__quarter=Q2.next)
    assert (carried.measure, carried.reason) == (desk.measure, "Why")


def test_due_dates_follow_the_contract(desk):
    desk.contract.values_due_days, desk.contract.commentary_due_days = 10, 20
    desk.contract.save()
    post(desk, "/c/childrens-services/open/2018-Q3/")
    [cycle] = Cycle.objects.all()
    assert (cycle.values_due, cycle.commentary_due) == (datetime.date(2019, 1, 10), datetime.date(2019, 1, 20))
