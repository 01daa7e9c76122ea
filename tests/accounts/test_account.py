"""Your account: what it says, and signing out everywhere."""

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts import people
from accounts.roles import Party, Who
from tests import factories
from tests.factories import NOW
from tests.markup import parse

from .signing import make_person, sign_in, telephone

pytestmark = pytest.mark.django_db
ACCOUNT = "/accounts/"


@pytest.fixture(autouse=True)
def clean():
    cache.clear()


@pytest.fixture
def user():
    return make_person()


def facts(client):
    main = parse(client.get(ACCOUNT).text).one("main")
    return dict(zip([each.text for each in main.all("dt")], [each.text for each in main.all("dd")], strict=True))


def test_it_says_who_one_is_and_what_one_signs_in_with(client, user):
    sign_in(client)
    assert facts(client) == {
        "Name": "Olive",
        "E-mail address": "olive@example.org",
        "Contracts": "None so far. An administrator can add you to one.",
        "Password": "Change password",
        "Second factor": "Off. Set up a second factor",
    }


def test_it_names_each_contract_with_role_and_party(client, settings):
    contract = factories.make_contract()
    members = factories.make_members(contract)
    client.force_login(members[Who.PROVIDER_DIRECTOR].user)
    provider = contract.organisation(Party.PROVIDER).short_name
    assert facts(client)[contract.title] == f"Director of {provider}"
    client.force_login(members[Who.OFFICER].user)
    assert facts(client)[contract.title].startswith("Officer of ")
    client.force_login(members[Who.ADMINISTRATOR].user)
    settings.OIDC_ISSUER = "https://login.example.org"
    found = facts(client)
    assert "Administrator" in found["Role"]
    assert set(found) == {"Name", "E-mail address", "Role", "Password", "Second factor"}


def test_it_takes_the_same_queries_with_three_contracts_as_with_one(client, user):
    counts = []
    administrator = make_person("ada@example.org", is_staff=True)
    sign_in(client)
    telephone(user)
    for number in range(3):
        contract = factories.make_contract(f"c{number}", f"Council {number}", f"Trust {number}")
        people.add_member(by=administrator, contract=contract, user=user, party=Party.PROVIDER, role="analyst", now=NOW)
        client.get(ACCOUNT)
        with CaptureQueriesContext(connection) as held:
            assert client.get(ACCOUNT).status_code == 200
        counts.append(len(held))
    assert counts == [counts[0]] * 3


def test_signing_out_everywhere_keeps_this_session_under_a_new_key(client, user):
    other = Client()
    sign_in(other)
    sign_in(client)
    before = client.session.session_key
    assert client.post("/accounts/sign-out-everywhere/")["Location"] == ACCOUNT
    assert "You are signed out everywhere else." in client.get(ACCOUNT).text
    assert client.session.session_key != before
    assert other.get(ACCOUNT).status_code == 302
    # The key from before is worth nothing either.
    other.cookies["sessionid"] = before
    assert other.get(ACCOUNT).status_code == 302


def test_the_menu_leads_there(client, user):
    sign_in(client)
    links = [link.attrs["href"] for link in parse(client.get("/").text).one("header").all("a")]
    assert ACCOUNT in links


def test_one_without_a_password_is_told_so_and_not_led_in_a_circle(client, user):
    user.set_unusable_password()
    user.save()
    client.force_login(user)
    assert facts(client)["Password"] == "None"
    response = client.get("/accounts/password/")
    assert response["Location"] == ACCOUNT
    assert "Your account has no password." in client.get(ACCOUNT).text
