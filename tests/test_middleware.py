"""Who is let through, what is sent along, and how long a session lasts."""

import logging

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from perfmon import middleware, policy, sessions
from tests import plain_urls

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


def test_a_prefix_row_covers_its_namespace_only():
    assert policy.page_of("admin:accounts_user_add") is policy.POLICY["admin:*"]
    with pytest.raises(ImproperlyConfigured):
        policy.page_of("administration")
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


def test_a_get_writes_the_sessions_expiry_at_most_every_five_minutes(reader, clock):
    reader.get("/")
    for later, expected in [(1, 0), (298, 0), (300, 1), (301, 0), (600, 1)]:
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
    for hours in range(12):
        clock.now = start + hours * 3600
        assert reader.get("/").status_code == 200
    clock.now = start + 12 * 3600 + 1
    assert reader.get("/").status_code == 302
    clock.now = start + 12 * 3600 - 1
    assert reader.get("/").status_code == 302


def test_a_session_lasts_two_hours_without_a_request(reader, clock):
    reader.get("/")
    assert reader.session.get_expiry_age() == sessions.IDLE_SECONDS
    clock.now += 11 * 3600
    reader.get("/")
    assert reader.session.get_expiry_age() == 3601


def test_a_missing_csrf_token_is_said_in_words(user, caplog):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(user)
    with caplog.at_level(logging.WARNING):
        response = strict.post("/write/")
    assert response.status_code == 403
    assert "reload the page and send it again" in response.text
