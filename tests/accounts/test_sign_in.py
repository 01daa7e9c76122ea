"""Signing in and out, changing one's password, and the demo's buttons."""

import pytest
from django.core.cache import cache
from django.urls import NoReverseMatch, reverse

from accounts.demo import DEMO_ACCOUNTS, PASSWORD
from accounts.models import User
from perfmon import policy
from tests import plain_urls
from tests.markup import parse

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.plain_urls")]
SIGN_IN = "/accounts/sign-in/"
SECRET = "four quiet green hills"


@pytest.fixture(autouse=True)
def clean(monkeypatch):
    for name, page in plain_urls.ROWS.items():
        monkeypatch.setitem(policy.POLICY, name, page)
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def user():
    return User.objects.create_user("olive@example.org", "Olive", SECRET)


def sign_in(client, login="olive@example.org", password=SECRET, **more):
    return client.post(SIGN_IN, {"login": login, "password": password, **more})


def problem(response):
    assert response.status_code == 200
    return [item.text for item in parse(response.text).one("div", class_="error-summary").all("li")]


def test_the_page_says_whom_to_ask_and_links_to_no_closed_page(client):
    response = client.get(SIGN_IN)
    main = parse(response.text).one("main")
    assert "Ask your administrator" in main.text
    assert [link.attrs["href"] for link in main.all("a")] == ["/accounts/password/reset/"]
    form = main.one("form", action=SIGN_IN)
    assert [(box.attrs["name"], box.attrs["type"], box.attrs.get("autocomplete")) for box in form.all("input")] == [
        ("csrfmiddlewaretoken", "hidden", None),
        ("login", "email", "username"),
        ("password", "password", "current-password"),
    ]
    assert [label.text for label in form.all("label")] == ["E-mail address", "Password"]


@pytest.mark.parametrize("name", ["account_signup", "account_reset_password", "account_email", "account_set_password"])
def test_closed_pages_have_no_address(name):
    with pytest.raises(NoReverseMatch):
        reverse(name)


def test_right_words_sign_in_with_a_new_session_key(client, user):
    session = client.session
    session["kept"] = 1
    session.save()
    before = session.session_key
    response = sign_in(client, login=" Olive@Example.org ")
    assert (response.status_code, response["Location"]) == (302, "/")
    assert client.get("/").text == "hello Olive"
    assert client.session.session_key not in (None, before)
    assert client.session["kept"] == 1
    assert [m.message for m in response.wsgi_request._messages] == []


def test_unknown_and_wrong_are_told_in_the_same_words(client, user):
    wrong = problem(sign_in(client, password="not it, not it"))
    assert wrong == ["The e-mail address or the password is not right."]
    assert problem(sign_in(client, login="nobody@example.org")) == wrong


def test_an_address_that_is_none_is_said_at_its_field(client):
    response = sign_in(client, login="olive")
    assert problem(response) == ["Enter a valid email address."]
    box = parse(response.text).one("input", name="login")
    assert (box.attrs["value"], box.attrs["aria-invalid"]) == ("olive", "true")
    assert parse(response.text).one("title").text == "Error: Sign in · perfmon"


def test_a_password_is_never_sent_back(client, user):
    response = sign_in(client, password="not it, not it")
    assert "not it, not it" not in response.text


def test_who_may_not_sign_in_is_told_so_only_with_the_right_password(client, user):
    User.objects.filter(pk=user.pk).update(is_active=False)
    assert problem(sign_in(client, password="wrong")) == problem(sign_in(client, login="nobody@example.org"))
    response = sign_in(client)
    assert (response.status_code, response["Location"]) == (302, "/accounts/no-access/")
    assert parse(client.get("/accounts/no-access/").text).one("h1").text == "You may not sign in at the moment"
    assert client.get("/").status_code == 302


def test_a_session_ends_when_its_person_may_no_longer_sign_in(client, user):
    sign_in(client)
    User.objects.filter(pk=user.pk).update(is_active=False)
    assert client.get("/").status_code == 302


@pytest.mark.parametrize(("asked", "goes"), [
    ("/open/?a=1", "/open/?a=1"), ("https://evil.example/", "/"), ("//evil.example/", "/"), ("/\\evil.example", "/"),
    ("javascript:alert(1)", "/"), ("http://testserver@evil.example/", "/"), ("", "/"),
])  # fmt: skip
def test_next_leads_nowhere_else(client, user, asked, goes):
    assert sign_in(client, next=asked)["Location"] == goes


def test_ten_tries_for_one_account_from_anywhere(client, user):
    for number in range(10):
        assert (
            client.post(
                SIGN_IN, {"login": "olive@example.org", "password": "wrong"}, REMOTE_ADDR=f"192.0.2.{number}"
            ).status_code
            == 200
        )
    response = client.post(SIGN_IN, {"login": "olive@example.org", "password": SECRET}, REMOTE_ADDR="192.0.2.99")
    assert response.status_code == 429
    assert client.get("/").status_code == 302


def test_what_was_counted_is_not_pushed_out_by_trying_many_addresses(client, user):
    for number in range(10):
        sign_in(client, password="wrong", REMOTE_ADDR=f"192.0.2.{number}")
    for number in range(500):
        cache.set(f"another-{number}", 1, 900)
    for number in range(4):
        assert sign_in(client, REMOTE_ADDR=f"192.0.3.{number}").status_code == 429


def test_ten_tries_from_one_address_whatever_it_says_of_itself(client, user):
    for number in range(10):
        client.post(
            SIGN_IN,
            {"login": f"no{number}@example.org", "password": "wrong"},
            headers={"X-Forwarded-For": f"192.0.2.{number}"},
        )
    response = client.post(
        SIGN_IN, {"login": "another@example.org", "password": "wrong"}, headers={"X-Forwarded-For": "192.0.2.77"}
    )
    assert response.status_code == 429


def test_signing_out_is_a_post_and_ends_the_session_on_the_server(client, user):
    sign_in(client)
    cookie = client.cookies["sessionid"].value
    assert client.get("/accounts/sign-out/").status_code == 405
    assert client.get("/").status_code == 200
    assert client.post("/accounts/sign-out/")["Location"] == "/"
    client.cookies["sessionid"] = cookie
    assert client.get("/").status_code == 302


def test_the_bar_offers_password_and_sign_out(client, user):
    sign_in(client)
    header = parse(client.get("/accounts/password/").text).one("header")
    assert [link.attrs["href"] for link in header.all("a")] == ["/", "/help/", "/accounts/"]
    form = header.one("form")
    assert (form.attrs["method"], form.attrs["action"]) == ("post", "/accounts/sign-out/")


def change(client, old=SECRET, new="another long set of words", again=None):
    return client.post("/accounts/password/", {"oldpassword": old, "password1": new, "password2": again or new})


def test_a_changed_password_ends_the_other_sessions(client, user, django_user_model):
    other = type(client)()
    sign_in(other)
    sign_in(client)
    assert change(client)["Location"] == "/accounts/"
    assert parse(client.get("/accounts/").text).one("div", role="status").text == "Your password is changed."
    assert other.get("/").status_code == 302
    user.refresh_from_db()
    assert user.check_password("another long set of words")


@pytest.mark.parametrize(("sent", "words"), [
    ({"new": "short words"}, "This password is too short. It must contain at least 12 characters."),
    ({"new": "1q2w3e4r5t6y"}, "This password is too common."),
    ({"again": "another long set of birds"}, "You must type the same password each time."),
    ({"old": "wrong"}, "Please type your current password."),
])  # fmt: skip
def test_a_weak_or_mistyped_password_changes_nothing(client, user, sent, words):
    sign_in(client)
    assert words in problem(change(client, **sent))
    user.refresh_from_db()
    assert user.check_password(SECRET)


def test_reauthentication_asks_for_the_password_only(client, user):
    sign_in(client)
    page = parse(client.get("/accounts/confirm/").text)
    assert [label.text for label in page.one("main").all("label")] == ["Password"]
    assert client.post("/accounts/confirm/", {"password": SECRET})["Location"] == "/"


def make_demo_people():
    for account in DEMO_ACCOUNTS:
        User.objects.create_user(account.email, account.label, PASSWORD, is_staff=account.key == "administrator")


def test_the_demo_offers_one_button_per_role(client):
    buttons = parse(client.get(SIGN_IN).text).all("button", name="account")
    assert [button.attrs["value"] for button in buttons] == [account.key for account in DEMO_ACCOUNTS]
    assert [button.one("b").text for button in buttons] == [
        "Council officer", "Trust analyst", "Council director", "Trust director", "Borough officer", "Company analyst",
        "Borough director", "Company director", "Administrator"]  # fmt: skip


def test_the_demos_people_stand_below_their_contract(client):
    section = parse(client.get(SIGN_IN).text).one("section", aria_labelledby="demo-title")
    lists = [[button.attrs["value"] for button in each.all("button")] for each in section.all("ul")]
    assert dict(zip([heading.text for heading in section.all("h3")], lists, strict=True)) == {
        "Children’s services": ["officer", "analyst", "council-director", "trust-director"],
        "Housing repairs": ["housing-officer", "housing-analyst", "borough-director", "company-director"],
        "Both contracts": ["administrator"],
    }


@pytest.mark.parametrize("account", DEMO_ACCOUNTS, ids=lambda account: account.key)
def test_a_demo_button_signs_in(client, account):
    make_demo_people()
    response = client.post("/accounts/demo-sign-in/", {"account": account.key, "next": "//evil.example"})
    assert (response.status_code, response["Location"]) == (302, "/")
    assert client.get("/").text == f"hello {account.label}"


def test_a_demo_button_is_for_the_demos_people_only(client, user):
    make_demo_people()
    assert client.post("/accounts/demo-sign-in/", {"account": "olive@example.org"}).status_code == 404
    assert client.get("/accounts/demo-sign-in/").status_code == 405
    User.objects.filter(email="officer@dmbc.example").update(is_active=False)
    assert client.post("/accounts/demo-sign-in/", {"account": "officer"}).status_code == 404


def test_outside_demo_mode_there_is_no_button_and_no_address(client, settings):
    make_demo_people()
    settings.DEMO = False
    page = parse(client.get(SIGN_IN).text)
    assert page.all("button", name="account") == []
    assert client.post("/accounts/demo-sign-in/", {"account": "officer"}).status_code == 404
    assert client.get("/").status_code == 302


def test_outside_demo_mode_a_demo_password_opens_nothing_and_sessions_end(client, settings):
    make_demo_people()
    client.post("/accounts/demo-sign-in/", {"account": "administrator"})
    assert client.get("/").text == "hello Administrator"
    settings.DEMO = False
    assert client.get("/").status_code == 302
    response = sign_in(client, "admin@perfmon.example", PASSWORD)
    assert (response.status_code, response["Location"]) == (302, "/accounts/no-access/")
    assert client.get("/").status_code == 302
