"""The landing page: for each principal its contracts, quarters, whose turn, and what may be opened."""

import pytest
from django.test import Client

from accounts.models import Membership
from accounts.roles import Party, Role, Who
from measures.states import State
from tests import factories
from tests.factories import Q2
from tests.markup import parse

Q1, Q3 = Q2.previous, Q2.next


def page(user):
    client = Client()
    client.force_login(user)
    response = client.get("/")
    assert response.status_code == 200
    return parse(response.text).one("main")


def of(desk, who=Who.OFFICER):
    return page(desk.people[who].user)


def contracts(main):
    return [section for section in main.all("section") if section.attrs["aria-labelledby"].startswith("contract-")]


def lines(section):
    """(quarter, state, turn, where its link leads, whether it is mine) of each running quarter."""
    found = []
    for item in section.all("li"):
        if heads := item.all("h3"):
            links = [link.attrs["href"] for link in heads[0].all("a")]
            state, turn = (node.text for node in item.all("p"))
            mine = "mine" in item.attrs.get("class", "")
            found.append((heads[0].text, state, turn, *(links or [None]), mine))
    return found


def opens(main):
    return [(link.text, link.attrs["href"]) for link in main.all("a") if link.text.startswith("Open Q")]


class TestLines:
    @pytest.mark.parametrize(
        ("who", "is_mine"),
        [
            (Who.OFFICER, False),
            (Who.COMMISSIONER_DIRECTOR, False),
            (Who.ANALYST, True),
            (Who.PROVIDER_DIRECTOR, True),
        ],
    )
    def test_an_open_quarter_waits_for_the_provider(self, desk, who, is_mine):
        desk.open()
        [section] = contracts(of(desk, who))
        assert lines(section) == [
            (
                "Q2 2018/19 July to September 2018",
                "Open",
                "DCST’s turn, due 31 October 2018, 11 days late",
                "/c/childrens-services/2018-Q2/",
                is_mine,
            )
        ]

    @pytest.mark.parametrize(
        ("state", "words", "turn", "mine"),
        [
            (State.SUBMITTED, "Values submitted", "DMBC’s turn, due 16 November 2018, 5 days left", {Who.OFFICER}),
            (
                State.COMMENTARY,
                "Commentary",
                "DMBC’s and DCST’s turn, due 16 November 2018, 5 days left",
                {Who.OFFICER, Who.ANALYST},
            ),
            (State.AGREED, "Agreed", "", set()),
            (State.PUBLISHED, "Published", "", set()),
        ],
    )
    def test_states(self, desk, state, words, turn, mine):
        factories.in_state(desk.open(), state)
        for who in (Who.OFFICER, Who.ANALYST):
            [(_, said, whose, _, is_mine)] = lines(contracts(of(desk, who))[0])
            assert (said, whose, is_mine) == (words, turn, who in mine)

    def test_in_commentary_it_waits_for_those_with_a_text_to_release(self, desk):
        cycle = factories.in_state(desk.open(), State.COMMENTARY)
        desk.release(cycle, Party.COMMISSIONER)
        assert lines(contracts(of(desk))[0])[0][2] == "DCST’s turn, due 16 November 2018, 5 days left"
        # The provider's text on a volumetric measure is not waited for.
        desk.release(cycle, Party.PROVIDER, desk.measure)
        assert lines(contracts(of(desk))[0])[0][2] == ""

    def test_latest_first(self, desk):
        factories.in_state(desk.open(), State.COMMENTARY)
        desk.open(Q3)
        assert [line[0] for line in lines(contracts(of(desk))[0])] == [
            "Q3 2018/19 October to December 2018",
            "Q2 2018/19 July to September 2018",
        ]

    def test_past_quarters_are_behind_their_number(self, desk):
        factories.make_cycle(desk.contract, Q1)
        factories.make_cycle(desk.contract, Q1.previous)
        desk.open()
        [section] = contracts(of(desk))
        [details] = section.all("details")
        assert details.one("summary").text == "2 past quarters"
        assert [(link.text, link.attrs["href"]) for link in details.all("a")] == [
            ("Q1 2018/19", "/c/childrens-services/2018-Q1/"),
            ("Q4 2017/18", "/c/childrens-services/2017-Q4/"),
        ]

    def test_one_past_quarter_is_singular(self, desk):
        factories.make_cycle(desk.contract, Q1)
        assert contracts(of(desk))[0].one("summary").text == "1 past quarter"

    @pytest.mark.parametrize(
        ("who", "next_step"),
        [
            (Who.ANALYST, "An officer of DMBC opens the first one."),
            (Who.COMMISSIONER_DIRECTOR, "An officer of DMBC opens the first one."),
            (Who.OFFICER, "Open the first one when its measures are set up."),
            (Who.ADMINISTRATOR, "The set-up says what is missing."),
        ],
    )
    def test_without_a_quarter(self, desk, who, next_step):
        main = of(desk, who)
        assert f"No quarter has been opened yet. {next_step}" in main.text
        assert lines(contracts(main)[0]) == []


class TestOpening:
    def test_the_officer_of_a_new_contract_starts_with_the_quarter_of_today(self, desk):
        assert opens(of(desk)) == [("Open Q3 2018/19", "/c/childrens-services/open/2018-Q3/")]

    def test_then_the_one_after_the_latest(self, desk):
        desk.open()
        assert opens(of(desk)) == [("Open Q3 2018/19", "/c/childrens-services/open/2018-Q3/")]

    def test_one_ahead_of_today_and_no_more(self, desk):
        factories.make_cycle(desk.contract, Q3, State.OPEN)
        assert opens(of(desk)) == [("Open Q4 2018/19", "/c/childrens-services/open/2018-Q4/")]
        factories.make_cycle(desk.contract, Q3.next, State.OPEN)
        assert opens(of(desk)) == []

    @pytest.mark.parametrize("who", [who for who in Who if who is not Who.OFFICER])
    def test_nobody_else_is_offered_it(self, desk, who):
        desk.open()
        assert opens(of(desk, who)) == []


class TestWhoSeesWhat:
    def test_one_s_own_contracts_by_title(self, desk, elsewhere):
        user = desk.officer.user
        Membership.objects.create(user=user, contract=elsewhere.contract, party=Party.PROVIDER, role=Role.ANALYST)
        third = factories.make_contract("adults", "County", "Care Trust")
        assert [section.one("h2").text for section in contracts(page(user))] == ["Childrens services", "Leisure"]
        assert third.title not in page(user).text

    def test_in_each_with_one_s_own_part(self, desk, elsewhere):
        desk.open()
        elsewhere.open()
        user = desk.officer.user
        Membership.objects.create(user=user, contract=elsewhere.contract, party=Party.PROVIDER, role=Role.ANALYST)
        first, second = contracts(page(user))
        assert ([line[4] for line in lines(first)], [line[4] for line in lines(second)]) == ([False], [True])
        assert (len(opens(first)), len(opens(second))) == (1, 0)

    def test_the_parties_by_name(self, desk):
        assert contracts(of(desk))[0].one("p", class_="eyebrow").text == "DCST in full to DMBC in full"

    def test_an_administrator_of_an_empty_database_is_guided(self, db):
        main = page(factories.make_user("Ada", is_staff=True))
        assert main.one("h2").text == "Nothing here yet: make a contract"
        assert [step.one("h3").text for step in main.one("ol").all("li")] == [
            "The two organisations",
            "The contract",
            "Its measures",
            "Its people",
            "The first quarter",
        ]
        assert [(one.text, one.attrs["href"]) for one in main.all("a", class_="button")] == [
            ("Make a contract", "/set-up/contracts/add/"),
            ("From a workbook", "/set-up/workbook/"),
        ]

    def test_somebody_without_a_contract(self, db):
        main = page(factories.make_user("Nobody"))
        assert contracts(main) == []
        assert "No contracts yet" in main.text

    def test_who_reads_what_to_do_then(self, db):
        [empty] = [node for node in page(factories.make_user("Nobody")).all("div") if node.all("h2")]
        assert empty.one("p").text

    def test_an_administrator_sees_names_and_states_and_looks_after_people(self, desk, elsewhere):
        desk.open()
        factories.make_cycle(desk.contract, Q1)
        main = of(desk, Who.ADMINISTRATOR)
        first, second = contracts(main)
        assert (first.one("h2").text, second.one("h2").text) == ("Childrens services", "Leisure")
        [(label, state, _, link, is_mine)] = lines(first)
        assert (label.startswith("Q2 2018/19"), state, link, is_mine) == (True, "Open", None, False)
        assert [one.attrs["href"] for one in first.one("details").all("a")] == ["/c/childrens-services/2018-Q1/"]
        assert main.one("a", href="/set-up/").text == "Contracts, organisations and people"
        buttons = [(one.text, one.attrs["href"]) for one in first.all("a", class_="button")]
        assert buttons == [
            ("Set-up", "/c/childrens-services/set-up/"),
            ("Import past quarters or old papers", "/c/childrens-services/import/"),
        ]
        assert [one.text for one in second.all("a", class_="button")][0] == "Go on with the set-up"

    @pytest.mark.parametrize("who", [who for who in Who if who is not Who.ADMINISTRATOR])
    def test_nobody_else_is_led_to_the_set_up(self, desk, who):
        assert [link for link in of(desk, who).all("a") if "set-up" in link.attrs["href"]] == []

    def test_signed_out(self, db):
        response = Client().get("/")
        assert (response.status_code, response["Location"].startswith("/accounts/")) == (302, True)
