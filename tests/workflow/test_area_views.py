"""Making a measure an area for improvement, or none again, with a reason."""

import pytest
from django.test import Client

from accounts.models import AuditEntry
from accounts.roles import Who
from measures.models import AreaForImprovement
from measures.states import State
from tests import factories
from tests.factories import NOW
from tests.markup import parse

MEASURE = "/c/childrens-services/2018-Q2/m/b8/"
AREA = f"{MEASURE}area/"


@pytest.fixture
def cycle(desk):
    return desk.open()


def client_of(desk, who=Who.OFFICER):
    client = Client()
    client.force_login(desk.people[who].user)
    return client


def make(desk, cycle, reason="Below tolerance twice."):
    return AreaForImprovement.objects.create(
        cycle=cycle, measure=desk.measure, reason=reason, by=desk.officer.user, at=NOW
    )


def held():
    return [(area.measure.code, area.reason) for area in AreaForImprovement.objects.all()]


def main_of(response):
    return parse(response.text).one("main")


class TestPage:
    def test_of_a_measure_that_is_none(self, desk, cycle):
        response = client_of(desk).get(AREA)
        main = main_of(response)
        assert response.status_code == 200
        assert main.one("h1").text == "Make B8 an area for improvement"
        assert "It will stand first on the scorecard." in main.text
        assert [(field.attrs["name"], field.attrs["value"]) for field in main.all("input", name="act")] == [
            ("act", "add")
        ]

    def test_of_one_that_is(self, desk, cycle):
        make(desk, cycle)
        main = main_of(client_of(desk).get(AREA))
        assert main.one("h1").text == "Remove B8 from the areas for improvement"
        assert "Chosen by Officer of childrens-services on 2 November 2018: Below tolerance twice." in main.text
        assert main.one("input", name="act").attrs["value"] == "remove"


class TestEffect:
    def test_it_becomes_one(self, desk, cycle):
        client = client_of(desk)
        response = client.post(AREA, {"act": "add", "reason": "  Below tolerance.  "})
        assert (response.status_code, response["Location"]) == (302, MEASURE)
        assert held() == [("B8", "Below tolerance.")]
        page = parse(client.get(MEASURE).text)
        assert page.one("div", id="messages").text == "B8 is now an area for improvement in Q2 2018/19."
        entry = AuditEntry.objects.order_by("-number").first()
        assert (entry.act, entry.object, entry.reason) == ("add area for improvement", "2018-Q2 B8", "Below tolerance.")

    def test_it_is_one_no_longer(self, desk, cycle):
        make(desk, cycle)
        client = client_of(desk)
        response = client.post(AREA, {"act": "remove", "reason": "On target again."})
        assert (response.status_code, response["Location"]) == (302, MEASURE)
        assert held() == []
        page = parse(client.get(MEASURE).text)
        assert page.one("div", id="messages").text == "B8 is no longer an area for improvement in Q2 2018/19."

    def test_looking_changes_nothing(self, desk, cycle):
        make(desk, cycle)
        client_of(desk).get(AREA)
        assert held() == [("B8", "Below tolerance twice.")]


class TestBadReason:
    @pytest.mark.parametrize("is_area", [False, True])
    @pytest.mark.parametrize(
        ("reason", "message"),
        [
            ("", "Say why: both parties read it."),
            ("   ", "Say why: both parties read it."),
            ("y" * 501, "Use 500 characters or fewer; this has 501."),
        ],
    )
    def test_a_message_at_the_field_and_the_text_kept(self, desk, cycle, is_area, reason, message):
        if is_area:
            make(desk, cycle)
        before = held()
        response = client_of(desk).post(AREA, {"act": "remove" if is_area else "add", "reason": reason})
        assert response.status_code == 422
        page = parse(response.text)
        field = page.one("textarea")
        assert (field.attrs["aria-invalid"], field.text) == ("true", reason.strip())
        [error] = [
            page.one("p", id=name) for name in field.attrs["aria-describedby"].split() if name.endswith("_error")
        ]
        assert error.text == f"Error: {message}"
        assert page.one("input", name="act").attrs["value"] == ("remove" if is_area else "add")
        assert held() == before

    def test_markup_is_text(self, desk, cycle):
        client = client_of(desk)
        client.post(AREA, {"act": "add", "reason": "<script>alert(1)</script>"})
        assert held() == [("B8", "<script>alert(1)</script>")]
        assert "<script>alert(1)" not in client.get(MEASURE).text


class TestStale:
    def test_a_stale_page_does_not_do_the_opposite(self, desk, cycle):
        make(desk, cycle, "First.")
        response = client_of(desk).post(AREA, {"act": "add", "reason": "Second."})
        assert response.status_code == 409
        assert "B8 is an area for improvement already." in response.text
        assert held() == [("B8", "First.")]

    def test_one_that_was_removed_in_between(self, desk, cycle):
        response = client_of(desk).post(AREA, {"act": "remove", "reason": "On target."})
        assert response.status_code == 409
        assert "B8 is not an area for improvement." in response.text
        assert held() == []

    @pytest.mark.parametrize("method", ["get", "post"])
    @pytest.mark.parametrize("state", [State.AGREED, State.PUBLISHED])
    def test_too_late(self, desk, cycle, method, state):
        factories.in_state(cycle, state)
        response = getattr(client_of(desk), method)(AREA, {"act": "add", "reason": "Why"})
        assert response.status_code == (423 if state is State.PUBLISHED else 409)
        assert held() == []


class TestWho:
    @pytest.mark.parametrize("method", ["get", "post"])
    @pytest.mark.parametrize("who", [Who.ANALYST, Who.COMMISSIONER_DIRECTOR, Who.PROVIDER_DIRECTOR])
    def test_the_officer_s_alone(self, desk, cycle, method, who):
        response = getattr(client_of(desk, who), method)(AREA, {"act": "add", "reason": "Why"})
        assert response.status_code == 403
        assert "Only an officer of DMBC may choose areas for improvement." in response.text
        assert held() == []

    def test_a_measure_that_is_not_in_the_quarter(self, desk, cycle, elsewhere):
        factories.make_measure(elsewhere.contract, "L1")
        factories.make_measure(desk.contract, "Z9", first_quarter=cycle.quarter.next)
        for slug in ("l1", "z9", "none"):
            response = client_of(desk).post(
                f"/c/childrens-services/2018-Q2/m/{slug}/area/", {"act": "add", "reason": "Why"}
            )
            assert response.status_code == 404
        assert held() == []
