"""A new password by mail: the same for known and unknown addresses, one hour, one use, nothing where mail is away."""

import datetime
import re
import threading

import pytest
from django.contrib.sessions.models import Session
from django.core import mail as django_mail
from django.core.cache import cache
from django.test import Client

from accounts import mail, reset
from accounts.models import User
from tests.markup import parse

from . import slow_mail
from .signing import CODE, PASSWORD, code, make_person, sign_in, telephone

pytestmark = pytest.mark.django_db
ASK, SENT, NEW = "/accounts/password/reset/", "/accounts/password/reset/sent/", "/accounts/password/reset/new/"
FRESH = "seven loud orange barns"


@pytest.fixture(autouse=True)
def clean():
    cache.clear()


@pytest.fixture
def user():
    return make_person()


def ask(client, email="olive@example.org"):
    response = client.post(ASK, {"email": email})
    for thread in threading.enumerate():
        if thread.name == "mail":
            thread.join(5)
    return response


def link(client, email="olive@example.org"):
    """The address in the mail, without the host."""
    ask(client, email)
    [letter] = django_mail.outbox
    return re.search(r"http://testserver(/\S+)", letter.body)[1]


def choose(client, password=FRESH, again=None):
    return client.post(NEW, {"password1": password, "password2": again or password})


def is_in(client):
    return client.get("/").status_code == 200


def test_the_link_comes_by_mail_and_the_page_says_the_same_to_everybody(client, user):
    known, unknown = ask(client), ask(Client(), "nobody@example.org")
    assert (known.status_code, known["Location"]) == (unknown.status_code, unknown["Location"]) == (302, SENT)
    [letter] = django_mail.outbox
    assert (letter.to, letter.subject) == (["olive@example.org"], "A new password for perfmon")
    assert "within one hour. It works once" in letter.body


@pytest.mark.parametrize("change", [
    {"is_active": False}, {"password": "!"}, {"email": "officer@dmbc.example"},
])  # fmt: skip
def test_who_signs_in_with_no_password_gets_none(client, user, settings, change):
    settings.DEMO = False
    User.objects.filter(pk=user.pk).update(**change)
    assert ask(client, change.get("email", user.email))["Location"] == SENT
    assert django_mail.outbox == []


def test_where_the_organisation_signs_people_in_only_administrators_get_one(client, user, settings):
    settings.OIDC_ISSUER, settings.OIDC_ONLY = "https://login.example.org", True
    make_person("ada@example.org", is_staff=True)
    ask(client)
    ask(client, "ada@example.org")
    assert [letter.to for letter in django_mail.outbox] == [["ada@example.org"]]


def test_the_link_opens_the_page_and_leaves_the_address(client, user):
    address = link(client)
    response = client.get(address)
    assert (response.status_code, response["Location"]) == (302, NEW)
    assert parse(client.get(NEW).text).one("h1").text == "Choose a new password"


def test_a_new_password_signs_in_and_ends_all_other_sessions(client, user):
    sign_in(other := Client())
    client.get(link(client))
    before = client.session.session_key
    assert choose(client)["Location"] == "/"
    assert is_in(client)
    assert client.session.session_key != before
    assert not is_in(other)
    sign_in(other)
    assert not is_in(other)
    sign_in(other, password=FRESH)
    assert is_in(other)


def test_the_second_factor_is_asked_for_all_the_same(client, user):
    secret = telephone(user)
    client.get(link(client))
    assert choose(client)["Location"] == CODE
    assert not is_in(client)
    client.post(CODE, {"code": code(secret)})
    assert is_in(client)


def refused(client):
    return parse(client.get(NEW).text).one("h1").text == "This link does not work"


def test_a_link_works_once(client, user):
    address = link(client)
    other = Client()
    other.get(address)
    client.get(address)
    choose(client)
    assert refused(other)
    assert choose(other).status_code == 200
    assert User.objects.get(pk=user.pk).check_password(FRESH)
    again = Client()
    again.get(address)
    assert refused(again)


def test_a_link_works_for_one_hour(client, user, monkeypatch):
    made = reset.Tokens._now
    client.get(link(client))
    for seconds, expected in ((3599, False), (3601, True)):
        monkeypatch.setattr(reset.Tokens, "_now", lambda self, s=seconds: made(self) + datetime.timedelta(seconds=s))
        assert refused(client) is expected


@pytest.mark.parametrize("change", [
    {"is_active": False}, {"email": "other@example.org"}, {"sessions_ended": 7}, {"password": "!"},
])  # fmt: skip
def test_what_ends_a_link(client, user, change):
    client.get(link(client))
    assert not refused(client)
    User.objects.filter(pk=user.pk).update(**change)
    assert refused(client)


@pytest.mark.parametrize("bad", ["", "x", "-", "1-", "zzzzzzzzzzzzz-a-b", "0-0", "1-abc-def", "é-é", "1-" + "9" * 300])
def test_a_link_that_is_none_leads_to_the_same_page(client, user, bad):
    client.get(NEW, {"link": bad})
    assert refused(client)


def test_a_link_that_is_none_is_kept_nowhere(client, user):
    assert "sessionid" not in client.get(NEW, {"link": "1-abc-def"}).cookies
    assert not Session.objects.exists()
    client.get(link(client))
    assert Session.objects.count() == 1


def test_another_persons_number_with_ones_own_token_opens_nothing(client, user):
    other = make_person("oscar@example.org")
    number, token = reset.link_of(other).partition("-")[0], reset.link_of(user).partition("-")[2]
    client.get(NEW, {"link": f"{number}-{token}"})
    assert refused(client)


@pytest.mark.parametrize(("password", "again", "words"), [
    ("short words", None, "This password is too short. It must contain at least 12 characters."),
    ("olive@example.org", None, "The password is too similar to the e-mail address."),
    ("olive, example: OLIVE!", None, "This password is little more than your name or your e-mail address."),
    ("org.olive.2018", None, "This password is little more than your name or your e-mail address."),
    ("1q2w3e4r5t6y", None, "This password is too common."),
    ("abcdefghijkl", None, "This password repeats a few signs"),
    ("aaaabbbbaaaabbbb", None, "This password repeats a few signs"),
    (FRESH, "seven loud orange barn", "You must type the same password each time."),
])  # fmt: skip
def test_a_weak_or_mistyped_password_changes_nothing(client, user, password, again, words):
    client.get(link(client))
    told = parse(choose(client, password, again).text).one("div", class_="error-summary").text
    assert words in told
    assert User.objects.get(pk=user.pk).check_password(PASSWORD)
    choose(client)
    assert is_in(client)


@pytest.mark.parametrize(
    "password", ["olive oil and bread", "a b c d e " * 7, "€" * 3 + "w q z t" * 20, "correct horse battery staple " * 4]
)
def test_a_long_password_is_taken_whole(client, user, password):
    client.get(link(client))
    choose(client, password)
    sign_in(other := Client(), password=password[:-1])
    assert not is_in(other)
    sign_in(other, password=password)
    assert is_in(other)


def test_mail_that_is_away_is_told_to_everybody_alike(client, user, settings, caplog):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    pages = [ask(client, email) for email in ("olive@example.org", "nobody@example.org")]
    for page in pages:
        assert page.status_code == 503
        told = parse(page.text).one("div", class_="error-summary").text
        assert "Password reset does not work just now: try later, or ask your administrator." in told
    assert parse(pages[0].text).one("input", name="email").attrs["value"] == "olive@example.org"
    assert "The mail server does not answer: ConnectionRefusedError" in caplog.text
    assert "olive" not in caplog.text


def test_a_mail_that_cannot_be_sent_is_one_line_in_the_log(settings, caplog):
    assert mail.send(to="olive@example.org", subject="One", body="Two") is True
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    assert mail.send(to="olive@example.org", subject="One", body="Two") is False
    assert [record.getMessage() for record in caplog.records] == ["A mail could not be sent: ConnectionRefusedError"]


def test_the_fifth_mail_to_one_address_is_the_last_for_a_while(client, user):
    statuses = [
        client.post(ASK, {"email": "olive@example.org"}, REMOTE_ADDR=f"192.0.2.{n}").status_code for n in range(6)
    ]
    unknown = [client.post(ASK, {"email": "no@example.org"}, REMOTE_ADDR=f"192.0.3.{n}").status_code for n in range(6)]
    assert statuses == unknown == [302] * 5 + [429]


def test_no_answer_waits_for_the_letter(client, user, settings):
    """So that the time tells nobody apart."""
    settings.EMAIL_BACKEND = "tests.accounts.slow_mail.SlowBackend"
    slow_mail.may_go_on.clear()
    try:
        for email in ("nobody@example.org", "olive@example.org"):
            assert client.post(ASK, {"email": email})["Location"] == SENT
        # The letter to the one who is known waits still.
        assert slow_mail.may_go_on.is_set() is False
        assert slow_mail.sent == []
    finally:
        slow_mail.may_go_on.set()
        for thread in threading.enumerate():
            if thread.name == "mail":
                thread.join(60)
    assert slow_mail.sent.pop().to == ["olive@example.org"]


def test_ten_bad_links_from_one_place_and_a_good_one_is_not_looked_at_there(client, user):
    address, before = link(client), None
    for number in range(10):
        tried = Client()
        # Reading the page of one again counts no more.
        assert before is None or refused(before)
        response = tried.get(NEW, {"link": f"1-abc-{number}"})
        assert parse(response.text).one("h1").text == "This link does not work"
        before = tried
    assert client.get(address).status_code == 429
    assert client.get(NEW).status_code == 429
    assert choose(client).status_code == 429
    assert User.objects.get(pk=user.pk).check_password(PASSWORD)
    elsewhere = Client(REMOTE_ADDR="192.0.2.7")
    elsewhere.get(address)
    assert choose(elsewhere)["Location"] == "/"
