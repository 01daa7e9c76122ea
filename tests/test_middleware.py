"""Who is let through, what is sent along, and how long a session lasts."""

import logging

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import connection
from django.test import Client, RequestFactory
from django.test.client import FakePayload
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from perfmon import middleware, policy, sessions
from perfmon.errors import SIGNED_OUT_MEANWHILE
from perfmon.typed import typed_texts
from tests import plain_urls
from tests.markup import parse

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.plain_urls")]


@pytest.fixture(autouse=True)
def rows(monkeypatch):
    for name, page in plain_urls.ROWS.items():
        monkeypatch.setitem(policy.POLICY, name, page)


@pytest.fixture
def user():
    return User.objects.create_user("olive@example.org", "Olive", "a long password")


@pytest.fixture
def reader(client, user):
    client.force_login(user)
    return client


@pytest.fixture
def clock(monkeypatch):
    """Seconds since 1970 as the middleware sees them; set `now` to move."""

    class Clock:
        now = 1_540_000_000.0

        def time(self):
            return self.now

    clock = Clock()
    monkeypatch.setattr(middleware, "time", clock)
    return clock


def test_a_stranger_is_sent_to_sign_in_and_back(client):
    response = client.get("/?a=1&b=2")
    assert (response.status_code, response["Location"]) == (302, "/accounts/sign-in/?next=/%3Fa%3D1%26b%3D2")


def test_a_strangers_post_does_not_come_back(client):
    response = client.post("/write/", {"a": "1"})
    assert (response.status_code, response["Location"]) == (302, "/accounts/sign-in/")


def test_a_strangers_script_gets_401_and_keeps_its_page(client):
    response = client.post("/write/", headers={"Accept": "application/json"})
    assert response.status_code == 401
    assert "What you typed is still on your page." in response.text


def test_a_stranger_of_the_api_gets_json(client):
    response = client.get("/api/raise/denied/")
    assert (response.status_code, response.json()) == (401, {"detail": "Sign in first."})


def test_a_public_page_opens_for_anybody(client):
    assert client.get("/open/").text == "hello AnonymousUser"


def test_a_signed_in_answer_is_not_kept_anywhere(reader):
    response = reader.get("/")
    assert response.text == "hello Olive"
    assert response["Cache-Control"] == "no-store"
    assert "Cookie" in response["Vary"]
    assert response["Referrer-Policy"] == "same-origin"
    assert response["Cross-Origin-Opener-Policy"] == "same-origin"
    assert response["X-Frame-Options"] == "DENY"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "unsafe" not in response["Content-Security-Policy"]


@pytest.mark.parametrize(("method", "path", "allow"), [
    ("post", "/", "GET, HEAD"), ("get", "/write/", "POST"), ("put", "/", "GET, HEAD"),
    ("options", "/open/", "GET, HEAD, POST"), ("delete", "/open/", "GET, HEAD, POST"),
])  # fmt: skip
def test_a_method_that_the_row_does_not_name_is_405(reader, method, path, allow):
    response = getattr(reader, method)(path)
    assert (response.status_code, response["Allow"]) == (405, allow)


def test_head_is_a_get(reader):
    assert reader.head("/").status_code == 200


def test_an_address_without_a_row_is_a_fault(reader):
    with pytest.raises(ImproperlyConfigured, match="^without-row has no row in perfmon/policy.py.$"):
        reader.get("/without-row/")


def test_an_address_without_a_name_is_a_fault():
    with pytest.raises(ImproperlyConfigured):
        policy.page_of("")


@pytest.mark.parametrize("path", ["/a%00b/", "/?q=%00", "/open/?%00=1"])
def test_a_nul_in_an_address_is_400(reader, path):
    assert reader.get(path).status_code == 400


def test_a_nul_in_a_cookie_is_400(client):
    client.cookies["sessionid"] = "a\0b"
    assert client.get("/open/").status_code == 400


@pytest.mark.parametrize(("data", "kind"), [
    ("a=b%00c", "application/x-www-form-urlencoded"), ("a%00=b", "application/x-www-form-urlencoded"),
    (b'{"a": "b\\u0000"}', "application/json"), (b"a\0b", "text/plain"),
])  # fmt: skip
def test_a_nul_in_a_body_is_400(client, data, kind):
    response = client.post("/open/", data, content_type=kind)
    assert response.status_code == 400
    assert "Nothing was stored." in response.text


def test_a_nul_in_a_multipart_field_is_400(client):
    assert client.post("/open/", {"a": "b\0"}).status_code == 400
    assert client.post("/open/", {"a": "b"}).status_code == 200


def test_health_asks_the_database_one_thing_even_with_a_session(reader, django_assert_num_queries):
    with django_assert_num_queries(1):
        assert reader.get("/healthz").text == "ok\n"


def writes(queries):
    return [q["sql"] for q in queries if not q["sql"].startswith(("SELECT", "SAVEPOINT", "RELEASE", "BEGIN", "COMMIT"))]


def test_a_get_writes_the_sessions_expiry_at_most_every_minute(reader, clock):
    reader.get("/")
    for later, expected in [(1, 0), (58, 0), (60, 1), (61, 0), (120, 1)]:
        clock.now = 1_540_000_000.0 + later
        with CaptureQueriesContext(
            connection,
        ) as held:
            assert reader.get("/").status_code == 200
        found = writes(held.captured_queries)
        assert (later, len(found)) == (later, expected)
        assert all("django_session" in sql for sql in found)


def test_a_session_ends_twelve_hours_after_it_began(reader, clock):
    start = clock.now
    for minutes in range(0, 12 * 60, 20):
        clock.now = start + minutes * 60
        assert reader.get("/").status_code == 200
    clock.now = start + 12 * 3600
    assert reader.get("/").status_code == 200
    clock.now = start + 12 * 3600 + 1
    assert reader.get("/").status_code == 302
    clock.now = start + 12 * 3600 - 1
    assert reader.get("/").status_code == 302


def test_a_session_lasts_half_an_hour_without_a_request(reader, clock):
    reader.get("/")
    assert reader.session.get_expiry_age() == sessions.IDLE_SECONDS == 1800
    for _ in range(35):
        clock.now += 20 * 60
        assert reader.get("/").status_code == 200
    assert reader.session.get_expiry_age() == 20 * 60 + 1


def test_half_an_hour_is_over_whatever_the_table_says(reader, clock):
    reader.get("/")
    clock.now += 1800
    assert reader.get("/").status_code == 200
    clock.now += 1801
    assert reader.get("/").status_code == 302
    clock.now -= 1000
    assert reader.get("/").status_code == 302


def told(client, method="get"):
    response = getattr(client, method)("/accounts/session/", headers={"Accept": "application/json"})
    return response.status_code, {name: response.json()[name] for name in ("seconds", "latest")}


def test_asking_how_long_the_session_lasts_does_not_prolong_it(reader, clock, user):
    reader.get("/")
    clock.now += 600
    assert told(reader) == (200, {"seconds": 1200, "latest": 42600})
    clock.now += 600
    assert told(reader) == (200, {"seconds": 600, "latest": 42000})
    assert told(reader, "post") == (200, {"seconds": 1800, "latest": 42000})
    clock.now += 1801
    refused = reader.get("/accounts/session/", headers={"Accept": "application/json"})
    assert refused.status_code == 401
    assert reader.get("/").status_code == 302


def test_the_answer_says_who_is_signed_in_and_holds_a_token_for_their_forms(user):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(user)
    said = strict.get("/accounts/session/", headers={"Accept": "application/json"}).json()
    assert said["person"] == str(user.pk)
    assert strict.post("/write/", {"csrfmiddlewaretoken": said["token"]}).status_code == 200


def test_staying_without_a_script_leads_home(reader):
    response = reader.post("/accounts/session/")
    assert (response.status_code, response["Location"]) == (302, "/")


def test_a_strangers_form_gets_its_texts_back_to_copy(client):
    sent = {"text": "Two <b>words</b>", "version": "3", "csrfmiddlewaretoken": "a b"}
    sent |= dict.fromkeys(("password", "again"), "a long password")
    response = client.post("/write/", sent)
    assert response.status_code == 401
    assert ">Two &lt;b&gt;words&lt;/b&gt;</textarea>" in response.text
    assert "a long password" not in response.text
    assert response.text.count("<textarea") == 1


@pytest.mark.parametrize("kind", sorted(plain_urls.KINDS))
def test_a_form_that_is_refused_gives_its_texts_back(reader, kind):
    reader.raise_request_exception = False
    sent = {"text": "Two <b>words</b>", "version": "3"}
    response = reader.post(f"/raise/{kind}/", sent)
    assert response.status_code in (403, 404, 409, 423, 500, 503)
    assert ">Two &lt;b&gt;words&lt;/b&gt;</textarea>" in response.text
    assert response.text.count("<textarea") == 1
    for other in (
        reader.post(f"/raise/{kind}/", sent, headers={"Accept": "application/json"}),
        reader.get(f"/raise/{kind}/", sent),
    ):
        assert other.status_code == response.status_code
        assert "<textarea" not in other.text


def test_whoever_is_signed_out_meanwhile_is_not_told_that_nothing_was_stored(reader):
    response = reader.post("/meanwhile/", {"text": "Two words", "password": "two more"})
    main = parse(response.text).one("main")
    assert (response.status_code, main.one("h1").text) == (401, "You are signed out")
    assert [words.text for words in main.all("p")[1:3]] == [SIGNED_OUT_MEANWHILE, "What you typed is here, to copy:"]
    assert [area.text for area in main.all("textarea")] == ["Two words"]
    assert "othing was" not in response.text
    assert reader.get("/").status_code == 302


def test_a_script_that_is_signed_out_meanwhile_is_told(reader, user):
    response = reader.post("/meanwhile/", {"text": "Two words"}, headers={"Accept": "application/json"})
    assert (response.status_code, SIGNED_OUT_MEANWHILE in response.text) == (401, True)
    assert "<textarea" not in response.text
    reader.force_login(user)
    response = reader.get("/api/meanwhile/")
    assert (response.status_code, response.json()) == (401, {"detail": SIGNED_OUT_MEANWHILE})


def test_a_page_that_is_read_meanwhile_leads_to_sign_in(reader):
    response = reader.get("/meanwhile/?a=1")
    assert (response.status_code, response["Location"]) == (302, "/meanwhile/?a=1")
    response = reader.get("/meanwhile/?a=1")
    assert (response.status_code, response["Location"]) == (302, "/accounts/sign-in/?next=/meanwhile/%3Fa%3D1")


def test_an_address_that_is_none_gives_nothing_back(reader):
    response = reader.post("/nowhere/", {"text": "Two words"})
    assert (response.status_code, "<textarea" in response.text) == (404, False)


def test_a_form_from_before_the_last_sign_in_gives_its_texts_back(user):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(user)
    response = strict.post("/write/", {"text": "Two words", "csrfmiddlewaretoken": "of before"})
    assert response.status_code == 403
    assert ">Two words</textarea>" in response.text
    assert response.text.count("<textarea") == 1


def test_a_sender_that_goes_away_while_sending_is_answered(user):
    """Nothing can be given back of what did not come."""

    class Broken(FakePayload):
        def read(self, *args, **kwargs):
            raise OSError("gone")

    request = RequestFactory().post("/write/", {"text": "Two words"})
    request._stream = Broken(b"text=Two+words")
    assert typed_texts(request) == []


def test_signing_in_again_from_an_older_tab_leads_to_the_start(user):
    strict = Client(enforce_csrf_checks=True)
    assert strict.post("/accounts/sign-in/", {"login": user.email, "password": "x"}).status_code == 403
    strict.force_login(user)
    response = strict.post("/accounts/sign-in/", {"login": user.email, "password": "x"})
    assert (response.status_code, response["Location"]) == (302, "/")


def test_a_missing_csrf_token_is_said_in_words(user, caplog):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(user)
    with caplog.at_level(logging.WARNING):
        response = strict.post("/write/")
    assert response.status_code == 403
    assert "reload the page and send it again" in response.text
