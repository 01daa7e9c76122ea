"""The people of a contract: who reads what, and what the administrator does there."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import AuditEntry, Membership, User
from accounts.people import STALE_ROLE
from accounts.roles import Party, Who
from tests.accounts.signing import confirmed
from tests.factories import Q2, make_contract, make_event, make_measure, make_members, make_series, make_user
from tests.markup import parse

pytestmark = pytest.mark.django_db
PEOPLE = "/c/childrens-services/people/"


@pytest.fixture
def world():
    return make_members(make_contract())


@pytest.fixture
def office(world):
    ada = world[Who.ADMINISTRATOR].user
    return confirmed(client_of(ada), ada)


def client_of(user):
    client = Client()
    client.force_login(user)
    client.get("/")
    return client


def rows(response):
    """The rows of the table, organisations among them."""
    return [row.text for body in parse(response.text).all("tbody") for row in body.all("tr")]


def add(contract, count, party=Party.PROVIDER, role="analyst", first=0):
    users = [User(email=f"p{n}@example.org", name=f"Person {n:03}", password="x") for n in range(first, first + count)]
    User.objects.bulk_create(users)
    Membership.objects.bulk_create(Membership(user=u, contract=contract, party=party, role=role) for u in users)
    return users


@pytest.mark.parametrize("who", [who for who in Who if who is not Who.ADMINISTRATOR])
def test_every_member_sees_colleagues_without_addresses_and_without_acts(world, who):
    User.objects.filter(pk=world[Who.ANALYST].user.pk).update(is_active=who is Who.ANALYST)
    response = client_of(world[who].user).get(PEOPLE)
    own = {each: " you" if each is who else "" for each in Who}
    analyst = [f"Analyst of childrens-services{own[Who.ANALYST]} Analyst"] if who is Who.ANALYST else []
    assert rows(response) == [
        "DMBC in full",
        f"Officer of childrens-services{own[Who.OFFICER]} Officer",
        f"Commissioner's director of childrens-services{own[Who.COMMISSIONER_DIRECTOR]} Director",
        "DCST in full",
        *analyst,
        f"Provider's director of childrens-services{own[Who.PROVIDER_DIRECTOR]} Director",
    ]
    main = parse(response.text).one("main")
    assert "@" not in main.text
    assert [link.attrs["href"] for link in main.all("a")] == []
    you = [card.one("h3").text for card in main.one("section", class_="who-can").all("section", class_="you")]
    words = {
        Who.OFFICER: "An officer of DMBC you",
        Who.ANALYST: "An analyst of DCST you",
        Who.COMMISSIONER_DIRECTOR: "A director of DMBC you",
        Who.PROVIDER_DIRECTOR: "A director of DCST you",
    }
    assert you == [words[who]]


def test_an_administrator_sees_addresses_states_and_acts(world, office):
    User.objects.filter(pk=world[Who.ANALYST].user.pk).update(is_active=False)
    found = rows(office.get(PEOPLE))
    assert found[1] == (
        "Officer of childrens-services officer.of.childrens-services@example.org Officer May sign in "
        "Change role of Officer of childrens-services Take off Officer of childrens-services"
    )
    assert "Analyst Deactivated" in found[4]


def test_a_contract_of_nobody_says_what_to_do(world, office):
    make_contract("leisure")
    main = parse(office.get("/c/leisure/people/").text).one("main")
    assert main.one("div", class_="empty-state").one("a").attrs["href"] == "/c/leisure/people/invite/"
    assert main.all("table") == []


def test_a_party_without_anybody_is_named(world, office):
    for who in (Who.ANALYST, Who.PROVIDER_DIRECTOR):
        Membership.objects.filter(user=world[who].user).delete()
    assert rows(office.get(PEOPLE))[-2:] == ["DCST in full", "Nobody yet."]


def test_three_hundred_people_come_fifty_at_a_time(world, office):
    add(world[Who.OFFICER].contract, 296)
    first = office.get(PEOPLE)
    assert len(rows(first)) == 52
    main = parse(first.text).one("main")
    assert main.one("div", class_="list-count").one("p").text == "1 to 50 of 300 people"
    [link] = main.one("nav", class_="pager").all("a")
    assert (link.attrs["href"], link.text) == ("?page=2", "Next people: 51 to 100 ›")
    # Of the last page all are of one party.
    assert [row for row in rows(office.get(PEOPLE + "?page=6")) if "in full" in row] == ["DCST in full"]
    found = office.get(PEOPLE + "?q=person+29")
    assert (len(rows(found)), rows(found)[0]) == (7, "DCST in full")
    assert "6 people with “person 29”" in parse(found.text).one("main").text
    none = parse(office.get(PEOPLE + "?q=zz<b>").text).one("main")
    assert "Nobody here has “zz<b>” in their name." in none.text


def test_members_do_not_search_by_address(world):
    client = client_of(world[Who.OFFICER].user)
    assert "Nobody here has" in client.get(PEOPLE + "?q=example.org").text


@pytest.mark.parametrize("who", [Who.OFFICER, Who.ADMINISTRATOR])
def test_as_many_queries_for_three_as_for_sixty(world, who):
    client, counts = client_of(world[who].user), []
    for more in (0, 60):
        add(world[who].contract, more)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(PEOPLE).status_code == 200
        counts.append(len(queries))
    # Session, reader, their part in the contract (and the contract itself), the number of people, the people.
    assert counts == [6, 6] if who is Who.ADMINISTRATOR else [5, 5]


def test_another_role(world, office):
    olive = world[Who.OFFICER].user
    page = parse(office.get(f"{PEOPLE}{olive.pk}/").text)
    choices = [(box.attrs["value"], "checked" in box.attrs) for box in page.all("input", type="radio")]
    assert choices == [("commissioner:officer", True), ("commissioner:director", False)]
    sent = {"role": "commissioner:director", "seen": "commissioner:officer"}
    assert office.post(f"{PEOPLE}{olive.pk}/", sent)["Location"] == PEOPLE
    assert Membership.objects.get(user=olive).role == "director"
    assert AuditEntry.objects.get().act == "change role"
    told = parse(office.get(PEOPLE).text).one("div", id="messages").text
    assert told == "Officer of childrens-services: Director of DMBC from now on."


def test_a_role_that_somebody_changed_meanwhile(world, office):
    olive = world[Who.OFFICER].user
    Membership.objects.filter(user=olive).update(role="director")
    sent = {"role": "commissioner:director", "seen": "commissioner:officer"}
    for path, title in (("", "The role was not changed"), ("remove/", "Nobody was taken off")):
        response = office.post(f"{PEOPLE}{olive.pk}/{path}", sent)
        summary = parse(response.text).one("div", class_="error-summary")
        assert (response.status_code, summary.one("h2").text) == (409, title)
        assert STALE_ROLE in summary.text
        assert parse(response.text).one("input", name="seen").attrs["value"] == "commissioner:director"
    assert (Membership.objects.get(user=olive).role, AuditEntry.objects.count()) == ("director", 0)


@pytest.mark.parametrize(("sent", "words"), [
    ({}, "Choose the role."),
    ({"role": "provider:director", "seen": "commissioner:officer"}, "Choose from the list."),
    ({"role": "commissioner:analyst", "seen": "commissioner:officer"}, "Choose from the list."),
])  # fmt: skip
def test_a_role_that_cannot_be(world, office, sent, words):
    olive = world[Who.OFFICER].user
    response = office.post(f"{PEOPLE}{olive.pk}/", sent)
    assert (response.status_code, response.context["form"].errors["role"]) == (422, [words])
    assert Membership.objects.get(user=olive).role == "officer"


def test_taken_off_and_what_was_written_stays(world, office):
    olive, contract = world[Who.OFFICER].user, world[Who.OFFICER].contract
    series = make_series(make_measure(contract))
    make_event(series, Q2.start, olive, text="Moved house")
    assert office.get(f"{PEOPLE}{olive.pk}/remove/").status_code == 200
    response = office.post(f"{PEOPLE}{olive.pk}/remove/", {"seen": "commissioner:officer"})
    assert response["Location"] == PEOPLE
    assert not Membership.objects.filter(user=olive).exists()
    assert series.events.get().by == olive
    for path in ("", "remove/"):
        assert office.get(f"{PEOPLE}{olive.pk}/{path}").status_code == 404


def test_people_of_another_contract_are_not_known_here(world, office):
    stranger = make_members(make_contract("leisure"))[Who.OFFICER].user
    for path in (f"{stranger.pk}/", f"{stranger.pk}/remove/", "999999/"):
        assert office.get(PEOPLE + path).status_code == 404
        assert office.post(PEOPLE + path, {"seen": "commissioner:officer"}).status_code == 404
    assert Membership.objects.filter(user=stranger).exists()


@pytest.mark.parametrize(("changes", "field", "words"), [
    ({"email": ""}, "email", "Enter the e-mail address that they sign in with."),
    ({"email": "jo"}, "email", "Enter a whole e-mail address, such as jo.hall@council.example."),
    ({"name": ""}, "name", "Enter the name: nobody has this e-mail address yet."),
    ({"name": "n" * 121}, "name", "Use 120 characters or fewer; this has 121."),
    ({"role": ""}, "role", "Choose the role."),
    ({"email": "officer.of.childrens-services@example.org"}, "email",
     "Officer of childrens-services belongs to Childrens services already. Change the role there."),
])  # fmt: skip
def test_an_invitation_that_will_not_do(world, office, changes, field, words):
    sent = {"email": "new@example.org", "name": "New", "role": "provider:analyst"} | changes
    response = office.post(PEOPLE + "invite/", sent)
    assert (response.status_code, response.context["form"].errors[field]) == (422, [words])
    page = parse(response.text)
    assert page.one("input", name="email").attrs.get("value", "") == sent["email"]
    assert page.one("title").text == "Error: Invite somebody · Childrens services · perfmon"
    assert not User.objects.filter(email="new@example.org").exists()


@pytest.mark.parametrize("who", [who for who in Who if who is not Who.ADMINISTRATOR])
def test_nobody_raises_their_own_role(world, who):
    user = world[who].user
    held = Membership.objects.get(user=user)
    role = f"{held.party}:director"
    response = client_of(user).post(f"{PEOPLE}{user.pk}/", {"role": role, "seen": f"{held.party}:{held.role}"})
    sentence = "Only an administrator may invite people, change their roles and take them off the contract."
    assert (response.status_code, sentence in response.text) == (403, True)
    assert Membership.objects.get(user=user).role == held.role


def test_whoever_belongs_to_no_contract_finds_nothing():
    make_contract()
    assert client_of(make_user("Nobody")).get(PEOPLE).status_code == 404
