"""The scorecard as people get it: the demonstration's page, read as text and structure."""

import re

import pytest
from django.test import Client

from accounts.roles import Who
from measures.models import Measure
from tests import demonstration, factories
from tests.markup import parse
from tests.scorecard_reading import answer, chips, code_of_tile, groups, notices, page, tile

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("scorecard-page")]

AREAS = ["A1", "B8", "E1", "E34/35"]
SECTIONS = [
    ("Areas for improvement", AREAS),
    ("Referral, assessment and visits", ["A2", "A3", "A4", "A8"]),
    ("Education, employment and training", ["B13", "FO1"]),
    ("Volumetric", ["E18/19"]),
]
SUMMARY = (
    "3 of 8 rated measures are on target. B8 and A4 are off target; B8 is furthest, at 70% against 90%, clearly "
    "below tolerance and worse for the sixth quarter in a row. FO1 missed its target by two young people, which could "
    "be chance. A1 and B8 show a signal of concern; A2, A3 and A8 show a signal of improvement."
)
WAITING = (
    "DCST has not submitted its values for Q3 2018/19 yet. They are due on 31 January 2019; earlier quarters are shown."
)


class TestTheQuarter:
    @pytest.mark.parametrize("key", ["officer", "analyst", "council-director", "trust-director"])
    def test_both_parties_read_the_same_answer(self, demo, key):
        assert answer(page(key=key)) == SUMMARY

    def test_it_says_which_quarter(self, demo):
        found = page()
        assert found.one("h1").text == "Q2 2018/19 July to September 2018"
        assert found.one("head").one("title").text.startswith("Q2 2018/19 scorecard, Children's services")

    def test_groups_and_their_order(self, demo):
        assert groups(page()) == SECTIONS

    def test_every_tile_leads_to_its_measure(self, demo):
        links = {code_of_tile(tile): tile.one("h3").one("a").attrs["href"] for tile in page().all("article")}
        held = {m.code: f"/c/childrens-services/2018-Q2/m/{m.slug}/" for m in Measure.objects.all()}
        assert links == held

    def test_chips_count_what_is_shown(self, demo):
        assert chips(page()) == [
            ("Off target 2", "?show=red", None),
            ("Within tolerance 3", "?show=amber", None),
            ("On target 3", "?show=green", None),
            ("Not rated 3", "?show=none", None),
        ]

    @pytest.mark.parametrize(
        ("show", "codes"),
        [
            ("red", ["B8", "A4"]),
            ("amber", ["A1", "A8", "FO1"]),
            ("green", ["A2", "A3", "B13"]),
            ("none", ["E1", "E34/35", "E18/19"]),
            ("red,green", ["B8", "A2", "A3", "A4", "B13"]),
        ],
    )
    def test_a_filter_shows_only_those(self, demo, show, codes):
        found = page(f"?show={show}")
        assert [code for _, group in groups(found) for code in group] == codes
        assert [current for _, _, current in chips(found)].count("true") == len(show.split(","))
        [back] = [link for link in found.all("a") if link.text == "Show all 11"]
        assert back.attrs["href"] == "?"

    def test_a_filter_that_nothing_passes_says_so_and_leads_back(self, demo):
        found = page("?show=red", quarter="2018-Q3")
        assert groups(found) == []
        [empty] = [node for node in found.all("div") if node.all("h2") and node.one("h2").text == "No measure to show"]
        assert (empty.one("a").text, empty.one("a").attrs["href"]) == ("Show all measures", "?")

    def test_and_says_why(self, demo):
        found = page("?show=red", quarter="2018-Q3")
        [empty] = [node for node in found.all("div") if node.all("h2") and node.one("h2").text == "No measure to show"]
        assert empty.one("p").text

    def test_by_concern(self, demo):
        order = ["B8", "A4", "A1", "FO1", "A8", "A2", "A3", "B13", "E1", "E34/35", "E18/19"]
        assert groups(page("?sort=concern")) == [("By concern", order)]
        assert groups(page("?sort=concern&view=table")) == [("", order)]

    def test_what_the_address_says_wrongly_is_left_out(self, demo):
        assert groups(page("?show=blue&view=list&sort=name&x=1")) == SECTIONS


class TestStages:
    def strip(self, **where):
        [listed] = [node for node in page(**where).all("ol") if node.attrs.get("aria-label") == "Where this quarter is"]
        return [(item.text, item.attrs.get("aria-current")) for item in listed.all("li")]

    def test_in_commentary(self, demo):
        assert self.strip() == [
            ("Open , done", None),
            ("Values submitted , done", None),
            ("Commentary DMBC’s and DCST’s turn, due 16 November 2018, 5 days left", "step"),
            ("Agreed", None),
            ("Published", None),
        ]

    def test_open(self, demo):
        assert self.strip(quarter="2018-Q3") == [
            ("Open DCST’s turn, due 31 January 2019, 81 days left", "step"),
            ("Values submitted", None),
            ("Commentary", None),
            ("Agreed", None),
            ("Published", None),
        ]

    def test_a_past_quarter_went_through_none(self, demo):
        found = page(quarter="2018-Q1")
        assert [node for node in found.all("ol") if node.attrs.get("aria-label") == "Where this quarter is"] == []
        assert "Past quarter, brought in from earlier records." in found.one("main").text
        assert found.all("footer", class_="") == [] or "released" not in found.one("main").text


class TestOpenQuarter:
    @pytest.mark.parametrize("key", ["officer", "council-director"])
    def test_the_commissioner_waits_and_reads_when_for_how_long(self, demo, key):
        found = page(key=key, quarter="2018-Q3")
        assert notices(found) == [WAITING]
        assert found.all("p", class_="answer") == []
        assert {one.one("b").text for one in found.all("article")} == {"Not submitted yet"}
        assert {tile(found, code).all("span", class_="rag")[0].text for code in ("A1", "B8", "FO1")} == {
            "Not submitted"
        }

    @pytest.mark.parametrize("key", ["analyst", "trust-director"])
    def test_the_provider_sees_what_it_has_entered(self, demo, key):
        found = page(key=key, quarter="2018-Q3")
        assert notices(found) == []
        assert answer(found) == "No measure can be rated for Q3 2018/19 yet."
        assert tile(found, "E1").one("b").text != "Not submitted yet"
        assert tile(found, "A2").one("b").text == "No value yet"

    def test_what_the_provider_entered_is_nowhere_on_the_commissioner_s_page(self, demo):
        mine, theirs = (tile(page(key=key, quarter="2018-Q3"), "E1") for key in ("analyst", "officer"))
        number = mine.one("b").text.split()[0]
        assert re.fullmatch(r"[0-9],[0-9]{3}", number)
        assert number not in theirs.text
        assert mine.one("svg", class_="spark").all("polyline") != theirs.one("svg", class_="spark").all("polyline")


class TestMoves:
    def acts(self, key, quarter):
        found = page(key=key, quarter=quarter)
        names = ("Submit values", "Accept values", "Send values back")
        return [(link.text, link.attrs["href"]) for link in found.one("main").all("a") if link.text in names]

    @pytest.mark.parametrize(
        ("key", "quarter", "acts"),
        [
            ("analyst", "2018-Q3", [("Submit values", "submit/")]),
            ("officer", "2018-Q3", []),
            ("officer", "2018-Q2", [("Send values back", "send-back/")]),
            ("analyst", "2018-Q2", []),
            ("council-director", "2018-Q2", []),
            ("trust-director", "2018-Q3", []),
            ("officer", "2018-Q1", []),
        ],
    )
    def test_only_what_may_be_done_is_offered(self, demo, key, quarter, acts):
        assert self.acts(key, quarter) == [(label, f"/c/childrens-services/{quarter}/{end}") for label, end in acts]


class TestSwitcher:
    def nav(self, **where):
        [found] = [node for node in page(**where).all("nav") if node.attrs.get("aria-label") == "Quarter"]
        return found

    def test_previous_and_next(self, demo):
        nav = self.nav()
        assert [
            (link.text.strip("‹› "), link.attrs["href"]) for link in nav.all("a", rel="prev") + nav.all("a", rel="next")
        ] == [
            ("Q1 2018/19", "/c/childrens-services/2018-Q1/"),
            ("Q3 2018/19", "/c/childrens-services/2018-Q3/"),
        ]

    def test_the_list_of_all_marks_this_one(self, demo):
        links = self.nav().one("ul").all("a")
        assert [link.text for link in links][:3] == ["Q3 2018/19", "Q2 2018/19", "Q1 2018/19"]
        assert len(links) == 14
        assert [link.text for link in links if link.attrs.get("aria-current")] == ["Q2 2018/19"]

    def test_no_way_on_at_the_ends(self, demo):
        assert self.nav(quarter="2018-Q3").all("a", rel="next") == []
        assert self.nav(quarter="2015-Q2").all("a", rel="prev") == []

    def test_an_administrator_finds_past_quarters_only(self, demo):
        nav = self.nav(key="administrator", quarter="2018-Q1")
        assert (len(nav.one("ul").all("a")), nav.all("a", rel="next")) == (12, [])


class TestWhoMay:
    def test_an_administrator_sees_no_running_quarter(self, demo):
        client = demonstration.client_of("administrator")
        for quarter in ("2018-Q2", "2018-Q3"):
            response = client.get(f"/c/childrens-services/{quarter}/")
            assert response.status_code == 403
            assert "Administrators look after people and set-up" in parse(response.text).one("main").text

    def test_a_quarter_that_is_not_there(self, demo):
        response = demonstration.client_of("officer").get("/c/childrens-services/2030-Q1/")
        assert response.status_code == 404
        assert "Children&#x27;s services has no quarter Q1 2030/31." in response.text

    def test_a_stranger_learns_nothing(self, demo):
        stranger = factories.make_members(factories.make_contract("leisure", "Borough", "Trust"))[Who.OFFICER]
        client = Client()
        client.force_login(stranger.user)
        response = client.get("/c/childrens-services/2018-Q2/")
        assert response.status_code == 404
        assert "Q2 2018/19" not in response.text


class TestContractAddress:
    def test_it_leads_to_the_latest_quarter_in_commentary(self, demo):
        for key in ("officer", "analyst"):
            response = demonstration.client_of(key).get("/c/childrens-services/")
            assert (response.status_code, response["Location"]) == (302, "/c/childrens-services/2018-Q2/")

    def test_an_administrator_to_the_latest_past_one(self, demo):
        response = demonstration.client_of("administrator").get("/c/childrens-services/")
        assert response["Location"] == "/c/childrens-services/2018-Q1/"
