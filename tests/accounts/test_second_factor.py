"""Codes from a telephone: set up, asked for, used once; contracts that ask for them."""

import re
import time
from urllib.parse import quote

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import validate_totp_code
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts import credentials, second_factor, second_factor_views
from accounts.denial import Denied, SecondFactorNeeded
from accounts.models import Contract
from accounts.roles import Who
from accounts.viewer import viewer_of
from tests import factories
from tests.markup import parse

from .signing import CODE, code, confirm, confirmed, make_person, sign_in, telephone

pytestmark = pytest.mark.django_db
INDEX, SET_UP, CODES, OFF = (
    "/accounts/second-factor/",
    "/accounts/second-factor/set-up/",
    "/accounts/second-factor/recovery-codes/",
    "/accounts/second-factor/turn-off/",
)


@pytest.fixture(autouse=True)
def clean():
    cache.clear()


@pytest.fixture
def user():
    return make_person()


def is_in(client):
    return client.get("/").status_code == 200


def problem(response):
    assert response.status_code == 200
    return [item.text for item in parse(response.text).one("div", class_="error-summary").all("li")]


def secret_shown(response):
    return parse(response.text).one("b", class_="key").text.replace(" ", "")


def set_up(client, *, goes=""):
    """From signed in to the codes page."""
    at = f"{SET_UP}?next={goes}" if goes else SET_UP
    assert client.get(at).status_code == 302
    assert confirm(client, at)["Location"] == at
    secret = secret_shown(client.get(at))
    return secret, client.post(SET_UP, {"code": code(secret), "next": goes})


def test_setting_up_asks_for_the_password_shows_the_codes_and_comes_back(client, user):
    sign_in(client)
    secret, response = set_up(client, goes="/accounts/")
    assert response["Location"] == f"{CODES}?next=%2Faccounts%2F"
    page = parse(client.get(response["Location"]).text)
    codes = [item.text for item in page.all("code")]
    assert len(set(codes)) == 10
    assert all(re.fullmatch("[0-9]{8}", each) for each in codes)
    assert "/accounts/" in [link.attrs["href"] for link in page.one("main").all("a")]
    assert client.get(f"{CODES}?file=1").text.split()[-10:] == codes
    held = {one.type: one for one in Authenticator.objects.filter(user=user)}
    assert set(held) == {"totp", "recovery_codes"}
    # What is stored makes no codes.
    assert secret not in str(held["totp"].data)


def test_the_session_gets_a_new_key_with_what_it_may_open(client, user):
    sign_in(client)
    keys = [client.session.session_key]
    secret, _ = set_up(client)
    keys.append(client.session.session_key)
    client.post("/accounts/confirm/code/", {"code": code(secret, 1)})
    keys.append(client.session.session_key)
    assert len(set(keys)) == 3
    thief = Client()
    for old in keys[:2]:
        thief.cookies["sessionid"] = old
        assert not is_in(thief)
    assert is_in(client)


def test_what_is_stored_is_read_with_the_key_of_now_or_one_from_before(settings):
    box, first, other = second_factor.Adapter(), "first " * 10, "other " * 10
    settings.SECRET_KEY = first
    stored = box.encrypt("JBSWY3DPEHPK3PXP")
    assert "JBSWY3DPEHPK3PXP" not in stored
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = other, [first]
    assert box.decrypt(stored) == "JBSWY3DPEHPK3PXP"
    settings.SECRET_KEY_FALLBACKS = []
    assert box.decrypt(stored) != "JBSWY3DPEHPK3PXP"


def test_setting_up_ends_the_sessions_that_began_without_one(client, user):
    sign_in(older := Client())
    confirm(older, OFF)
    sign_in(client)
    set_up(client)
    assert is_in(client)
    assert not is_in(older)
    assert older.get(OFF)["Location"].startswith("/accounts/sign-in/")


@pytest.mark.parametrize("path", [OFF, f"{CODES}new/"])
def test_a_session_that_passed_none_gives_a_code_and_not_the_password(client, user, path):
    """However it began: the password alone neither takes a second factor away nor makes recovery codes."""
    client.force_login(user)
    confirmed(client, user)
    secret = telephone(user)
    at = f"/accounts/confirm/code/?next={quote(path, safe='')}"
    assert client.get(path)["Location"] == at
    confirm(client, path)
    assert client.get(path)["Location"] == at
    assert client.post(path)["Location"] == path
    assert {one.type for one in Authenticator.objects.filter(user=user)} == {"totp"}
    page = parse(client.get(at).text).one("main")
    assert [link.text for link in page.all("a")] == []
    assert client.post(at, {"code": code(secret), "next": path})["Location"] == path
    assert client.post(path).status_code == 302
    assert {one.type for one in Authenticator.objects.filter(user=user)} != {"totp"}


def test_a_code_writes_the_secrets_with_the_key_of_now(client, user, settings):
    """So that the key from before can be forgotten when everybody has signed in once."""
    sign_in(client)
    secret, _ = set_up(client)
    codes = [item.text for item in parse(client.get(CODES).text).all("code")]
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "another " * 10, [settings.SECRET_KEY]
    for kind, given in enumerate((code(secret, 1), codes[0])):
        sign_in(other := Client())
        other.post(CODE, {"code": given})
        assert is_in(other), kind
    settings.SECRET_KEY_FALLBACKS = []
    for given, expected in ((codes[1], True), (codes[0], False)):
        sign_in(other := Client())
        other.post(CODE, {"code": given})
        assert is_in(other) is expected
    held = Authenticator.objects.get(user=user, type="totp")
    assert second_factor.Adapter().decrypt(held.data["secret"]) == secret


def test_a_session_goes_on_under_another_secret_key_while_the_old_one_is_named(client, user, settings):
    sign_in(client)
    assert is_in(client)
    before, first = client.session.session_key, settings.SECRET_KEY
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "another " * 10, [first]
    assert is_in(client)
    assert client.session.session_key != before
    settings.SECRET_KEY_FALLBACKS = []
    assert is_in(client)
    settings.SECRET_KEY = "a third " * 10
    assert not is_in(client)


def test_the_command_takes_a_lost_one_away(client, user, capsys):
    client = passed(user)
    call_command("remove_second_factor", " Olive@Example.org")
    assert capsys.readouterr().out.startswith("The second factor of Olive and the recovery codes are gone, and all")
    assert not Authenticator.objects.exists()
    assert not is_in(client)
    call_command("remove_second_factor", user.email)
    assert capsys.readouterr().out == "Olive has no second factor. Nothing was changed.\n"
    with pytest.raises(CommandError, match="Look for it in the list of people"):
        call_command("remove_second_factor", "nobody@example.org")


def test_a_wrong_code_sets_nothing_up_and_keeps_the_key(client, user):
    sign_in(client)
    confirm(client, SET_UP)
    secret = secret_shown(client.get(SET_UP))
    wrong = "000000" if code(secret) != "000000" else "111111"
    response = client.post(SET_UP, {"code": wrong})
    assert problem(response) == ["The code is not right. Look for the one that shows now."]
    assert secret_shown(response) == secret
    assert not Authenticator.objects.exists()


def test_the_codes_are_seen_for_ten_minutes_in_the_session_that_made_them(client, user, monkeypatch):
    sign_in(client)
    secret, _ = set_up(client)
    assert client.get(CODES).status_code == 200
    other = Client()
    sign_in(other)
    other.post(CODE, {"code": code(secret, 1)})
    assert is_in(other)
    assert other.get(CODES)["Location"] == INDEX
    later = second_factor_views.time.time() + 601
    monkeypatch.setattr(second_factor_views.time, "time", lambda: later)
    assert client.get(CODES)["Location"] == INDEX


def test_signing_in_takes_the_password_and_then_the_code(client, user):
    secret = telephone(user)
    response = sign_in(client, next="/accounts/")
    assert response["Location"] == CODE
    assert not is_in(client)
    before = client.session.session_key
    assert problem(client.post(CODE, {"code": "12"})) == ["The code is not right. Look for the one that shows now."]
    assert problem(client.post(CODE, {})) == ["This field is required."]
    response = client.post(CODE, {"code": " ".join(code(secret))})
    assert response["Location"] == "/accounts/"
    assert is_in(client)
    assert client.session.session_key != before


def test_a_code_works_once_and_the_half_minutes_beside_it_count(client, user):
    secret = telephone(user)
    used = code(secret, -1)
    for each, expected in ((client, True), (Client(), False)):
        sign_in(each)
        each.post(CODE, {"code": used})
        assert is_in(each) is expected
    for typed in (f"{used[:3]}-{used[3:]}", f"{used[:3]} {used[3:]}.", f"_{used}", f"{used}\N{NO-BREAK SPACE}"):
        cache.delete(f"allauth.mfa.totp.used?user={user.pk}&code={used}")
        sign_in(client := Client())
        client.post(CODE, {"code": typed})
        assert not is_in(client), typed
    for steps in (-3, 3):
        sign_in(client := Client())
        client.post(CODE, {"code": code(secret, steps)})
        assert not is_in(client)


def test_a_code_is_remembered_for_longer_than_it_counts(user, monkeypatch):
    secret, now = telephone(user), time.time()
    earliest = code(secret, 1)
    assert second_factor.is_first_use(user, earliest)
    last = (int(now) // 30 + 3) * 30 - 1
    monkeypatch.setattr(time, "time", lambda: last)
    assert validate_totp_code(secret, earliest)
    assert not second_factor.is_first_use(user, earliest)
    monkeypatch.setattr(time, "time", lambda: last + 1)
    assert not validate_totp_code(secret, earliest)


def test_the_code_that_set_it_up_does_not_sign_in(client, user):
    sign_in(client)
    confirm(client, SET_UP)
    used = code(secret_shown(client.get(SET_UP)))
    client.post(SET_UP, {"code": used})
    assert Authenticator.objects.filter(user=user).exists()
    sign_in(other := Client())
    other.post(CODE, {"code": used})
    assert not is_in(other)


def test_a_recovery_code_works_once(client, user):
    sign_in(client)
    set_up(client)
    first = parse(client.get(CODES).text).all("code")[0].text
    for client, expected in ((Client(), True), (Client(), False)):
        sign_in(client)
        client.post(CODE, {"code": first})
        assert is_in(client) is expected


def test_ten_wrong_codes_and_the_right_one_is_refused_too(client, user):
    secret = telephone(user)
    sign_in(client)
    for number in range(10):
        assert client.post(CODE, {"code": "x"}, REMOTE_ADDR=f"192.0.2.{number}").status_code == 200
    assert client.post(CODE, {"code": code(secret)}, REMOTE_ADDR="192.0.2.99").status_code == 429
    assert not is_in(client)


def test_a_right_code_does_not_wipe_out_what_the_place_got_wrong(client, user):
    secret = telephone(user)
    for number in range(9):
        sign_in(client, email=f"no{number}@example.org")
    sign_in(client)
    client.post(CODE, {"code": code(secret)})
    assert is_in(client)
    for expected in (200, 429):
        assert sign_in(Client(), email="nobody@example.org", password="wrong").status_code == expected


def test_setting_up_does_not_wipe_it_out_either(client, user):
    sign_in(client)
    confirm(client, SET_UP)
    secret = secret_shown(client.get(SET_UP))
    for number in range(9):
        sign_in(Client(), email=f"no{number}@example.org", password="wrong")
    assert client.post(SET_UP, {"code": code(secret)}).status_code == 302
    for expected in (200, 429):
        assert sign_in(Client(), email="nobody@example.org", password="wrong").status_code == expected


def test_the_step_without_a_password_before_leads_to_the_sign_in(client, user):
    secret = telephone(user)
    assert client.get(CODE)["Location"] == "/accounts/sign-in/"
    assert client.post(CODE, {"code": code(secret)})["Location"] == "/accounts/sign-in/"
    assert not is_in(client)


def test_turning_it_off_asks_again_who_one_is_and_ends_the_other_sessions(client, user):
    secret = telephone(user)
    other = Client()
    for each, steps in ((client, 0), (other, 1)):
        sign_in(each)
        each.post(CODE, {"code": code(secret, steps)})
        assert is_in(each)
    assert client.get(OFF)["Location"].replace("%2F", "/") == f"/accounts/confirm/?next={OFF}"
    assert client.post(OFF)["Location"] == OFF
    assert Authenticator.objects.filter(user=user).exists()
    confirm(client, OFF)
    assert client.post(OFF)["Location"] == INDEX
    assert not Authenticator.objects.filter(user=user).exists()
    assert is_in(client)
    assert not is_in(other)


def test_new_codes_end_the_old_ones(client, user):
    sign_in(client)
    set_up(client)
    old = parse(client.get(CODES).text).all("code")[0].text
    assert client.post(f"{CODES}new/")["Location"] == CODES
    new = [item.text for item in parse(client.get(CODES).text).all("code")]
    assert old not in new
    sign_in(late := Client())
    late.post(CODE, {"code": old})
    assert not is_in(late)


# Contracts that ask for it


@pytest.fixture
def contract():
    contract = factories.make_contract()
    Contract.objects.filter(pk=contract.pk).update(requires_second_factor=True)
    return contract


@pytest.fixture
def people(contract):
    people = {who: viewer.user for who, viewer in factories.make_members(contract).items()}
    factories.open_cycle(contract, viewer_of(people[Who.OFFICER], contract.slug, at_console=True))
    return people


def passed(user):
    """A session of somebody who gave a code."""
    client = Client()
    secret = telephone(user)
    client.force_login(user)
    client.post("/accounts/confirm/code/", {"code": code(secret)})
    return client


@pytest.mark.parametrize("who", list(Who))
def test_a_session_without_one_sees_nothing_of_the_contract_and_what_to_do(contract, people, who):
    client = Client()
    client.force_login(people[who])
    path = f"/c/{contract.slug}/benchmarks/"
    response = client.get(path)
    assert (response.status_code, response["Location"]) == (302, f"{INDEX}?next={path}")
    page = parse(client.get(response["Location"]).text).one("main")
    assert "What you opened asks for a second factor" in page.text
    assert f"{SET_UP}?next={path}" in [link.attrs["href"].replace("%2F", "/") for link in page.all("a")]
    home = parse(client.get("/").text).one("main").text
    assert contract.title in home
    assert "This contract asks for a second factor" in home
    assert "Q2 2018/19" not in home
    assert client.post(f"{path}1/add/", {"value": "1"}).status_code == 403
    api = client.get(f"/api/v1/contracts/{contract.slug}/cycles/2018-Q2/scorecard/")
    assert (api.status_code, list(api.json())) == (403, ["detail"])


@pytest.mark.parametrize("who", [Who.OFFICER, Who.ADMINISTRATOR])
def test_a_session_that_gave_a_code_sees_it(contract, people, who):
    client = passed(people[who])
    assert client.get(f"/c/{contract.slug}/benchmarks/").status_code == 200


@pytest.mark.parametrize("page", ["invite/", "{person}/", "{person}/remove/"])
def test_people_are_looked_after_in_no_contract_without_it_where_any_asks(contract, people, page):
    """Whoever could invite themselves into the one would be half way into the other."""
    other = factories.make_contract("leisure")
    person = factories.make_members(other)[Who.ANALYST].user
    path = f"/c/leisure/people/{page.format(person=person.pk)}"
    client = Client()
    client.force_login(people[Who.ADMINISTRATOR])
    assert client.get("/c/leisure/people/").status_code == 200
    response = client.get(path)
    assert (response.status_code, response["Location"]) == (302, f"{INDEX}?next={path}")
    assert client.post(path).status_code == 403
    Contract.objects.filter(pk=contract.pk).update(requires_second_factor=False)
    assert client.get(path).status_code == 200


def test_a_contract_stops_asking_for_it_by_somebody_who_has_just_said_who_they_are(contract, people):
    ada = people[Who.ADMINISTRATOR]
    client = passed(ada)
    session = client.session
    for record in session["account_authentication_methods"]:
        record["at"] -= 600
    session.save()
    path = f"/c/{contract.slug}/set-up/change/"
    form = parse(client.get(path).text).one("form", novalidate="")
    sent = {
        node.attrs["name"]: node.attrs["value"]
        for node in form.all("input")
        if node.attrs.get("type") != "checkbox" and node.attrs.get("value")
    }
    chosen = {"commissioner": contract.commissioner_id, "provider": contract.provider_id}
    asked = client.post(path, sent | chosen | {"requires_second_factor": "on"})
    assert asked.status_code == 302
    assert asked["Location"] == f"/c/{contract.slug}/set-up/"
    asked = client.post(path, sent | chosen)
    assert asked["Location"].startswith("/accounts/confirm/")
    assert Contract.objects.get(pk=contract.pk).requires_second_factor
    client.post(asked["Location"], {"password": "a long password", "next": path})
    assert not Contract.objects.get(pk=contract.pk).requires_second_factor


def test_who_passed_none_finds_the_place_for_the_code(client, user):
    telephone(user)
    client.force_login(user)
    page = parse(client.get(INDEX).text).one("main")
    assert "You have not given a code from your telephone since you signed in." in page.text
    assert "/accounts/confirm/code/" in [link.attrs["href"] for link in page.all("a")]


def test_it_costs_no_query(contract, people):
    client, counts = passed(people[Who.OFFICER]), []
    for asks in (True, False):
        Contract.objects.filter(pk=contract.pk).update(requires_second_factor=asks)
        with CaptureQueriesContext(connection) as held:
            assert client.get(f"/c/{contract.slug}/benchmarks/").status_code == 200
        counts.append(len(held))
    assert counts[0] == counts[1]


def test_a_stranger_learns_nothing_of_such_a_contract(contract, client, user):
    sign_in(client)
    assert client.get(f"/c/{contract.slug}/benchmarks/").status_code == 404


def test_one_who_has_a_telephone_is_asked_for_a_code_only(contract, people):
    client, secret = Client(), telephone(people[Who.ANALYST])
    client.force_login(people[Who.ANALYST])
    path = f"/c/{contract.slug}/benchmarks/"
    page = parse(client.get(f"{INDEX}?next={path}").text).one("main")
    assert "you have not given one since you signed in" in page.text
    response = client.post("/accounts/confirm/code/", {"code": code(secret), "next": path})
    assert response["Location"] == path
    assert client.get(path).status_code == 200


def test_only_the_console_may_leave_it_out(contract, people):
    with pytest.raises(SecondFactorNeeded):
        viewer_of(people[Who.OFFICER], contract.slug)
    assert viewer_of(people[Who.OFFICER], contract.slug, at_console=True).contract == contract


def test_an_administrator_takes_away_a_lost_one_and_nobody_else_does(contract, people):
    officer = people[Who.OFFICER]
    client = passed(officer)
    with pytest.raises(Denied):
        credentials.remove_second_factor(by=people[Who.ANALYST], user=officer, now=factories.NOW)
    assert client.get(f"/c/{contract.slug}/benchmarks/").status_code == 200
    credentials.remove_second_factor(by=people[Who.ADMINISTRATOR], user=officer, now=factories.NOW)
    assert client.get(f"/c/{contract.slug}/benchmarks/")["Location"].startswith("/accounts/sign-in/")
    assert not Authenticator.objects.filter(user=officer).exists()
