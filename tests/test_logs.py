"""Log lines: what they hold, what they never hold, and that a failure's reference finds its lines."""

import io
import json
import logging
import re
import subprocess
import sys
from logging.config import dictConfig

import pytest
from django.conf import settings
from django.db import IntegrityError, OperationalError, transaction
from django.test import Client

from accounts.roles import Who
from perfmon import logs, policy
from perfmon.requests import HEADER, PLAUSIBLE
from perfmon.setup.place import ROOT
from tests import plain_urls
from tests.addresses import BODIES, World, patterns
from tests.markup import parse

pytestmark = pytest.mark.django_db

SENTINEL = "qzxjvkwmpfhtbrgdlncs"
PASSWORD = f"{SENTINEL}-word"


class Lines(io.StringIO):
    """What was logged, as JSON lines."""

    def all(self) -> list[dict]:
        return [json.loads(line) for line in self.getvalue().splitlines()]

    def of(self, logger: str) -> list[dict]:
        return [line for line in self.all() if line["logger"] == logger]


@pytest.fixture
def lines():
    """All that LOG_LEVEL=DEBUG with LOG_FORMAT=json would print, as settings read the two."""
    out = Lines()
    config = json.loads(json.dumps(settings.LOGGING, default=str))
    config["formatters"]["safe"]["kind"] = "json"
    config["handlers"]["stderr"]["stream"] = out
    config["root"]["level"] = config["loggers"]["django"]["level"] = "DEBUG"
    for name in ("django.template", "django.db.backends"):
        config["loggers"][name]["level"] = "INFO"
    dictConfig(config)
    yield out
    dictConfig(settings.LOGGING)


@pytest.fixture
def plain(monkeypatch, request):
    for name, page in plain_urls.ROWS.items():
        monkeypatch.setitem(policy.POLICY, name, page)


uses_plain_urls = [pytest.mark.urls("tests.plain_urls"), pytest.mark.usefixtures("plain")]


def with_marks(*marks):
    return lambda test: [mark(test) for mark in marks][-1]


PLAIN = with_marks(*uses_plain_urls)


@PLAIN
def test_a_request_ends_with_one_line(lines, client, django_user_model):
    user = django_user_model.objects.create_user("olive@example.org", "Olive", PASSWORD)
    client.force_login(user)
    response = client.get("/?q=hidden", headers={HEADER: "0123456789abcdef"})
    (line,) = lines.of("perfmon.requests")
    assert line.pop("time").endswith("Z")
    assert line.pop("milliseconds") >= 0
    assert line == {
        "level": "INFO", "logger": "perfmon.requests", "message": "Answered", "request": "0123456789abcdef",
        "method": "GET", "path": "/", "status": 200, "user": user.pk,
    }  # fmt: skip
    assert response[HEADER] == "0123456789abcdef"


@PLAIN
def test_who_asked_is_told_without_asking_the_database(lines, client, django_assert_num_queries):
    with django_assert_num_queries(1):
        client.get("/healthz")
    assert lines.of("perfmon.requests") == []
    client.get("/nothing/")
    assert [(line["user"], line["status"]) for line in lines.of("perfmon.requests")] == [(None, 404)]


@PLAIN
@pytest.mark.parametrize("given", ["", "short", "a" * 65, "a b" * 10, "<script>alert(1)</script>", "é" * 20, "-" * 20])
def test_an_implausible_id_is_replaced(lines, client, given):
    response = client.get("/open/", headers={HEADER: given})
    assert response[HEADER] != given
    assert PLAUSIBLE.fullmatch(response[HEADER])
    assert {line["request"] for line in lines.all()} == {response[HEADER]}


@PLAIN
def test_each_request_has_an_id_of_its_own(client):
    assert len({client.get("/open/")[HEADER] for _ in range(20)}) == 20


@PLAIN
@pytest.mark.parametrize("kind", ["fault", "database"])
def test_the_reference_of_a_failure_is_found_in_the_log(lines, client, django_user_model, kind):
    client.force_login(django_user_model.objects.create_user("olive@example.org", "Olive", PASSWORD))
    client.raise_request_exception = False
    response = client.get(f"/raise/{kind}/")
    reference = parse(response.text).one("main").one("code").text
    assert reference == response[HEADER]
    found = [line for line in lines.all() if line["request"] == reference]
    assert [line["status"] for line in found if line["logger"] == "perfmon.requests"] == [response.status_code]
    (failure,) = [line for line in found if "exception" in line]
    assert failure["exception"].startswith("Traceback (most recent call last):")
    assert "plain_urls.py" in failure["exception"]
    answer = client.get(f"/api/raise/{kind}/")
    assert answer.json()["reference"] == answer[HEADER]


@PLAIN
@pytest.mark.parametrize("error", [
    ValueError(f"could not read '{SENTINEL}'"), KeyError(SENTINEL), IntegrityError(f"Failing row contains {SENTINEL}"),
    UnicodeEncodeError("ascii", SENTINEL, 0, 3, SENTINEL), RuntimeError(f"a\n{SENTINEL}"),
    OperationalError(f"canceling statement\nCONTEXT: {SENTINEL}"), ExceptionGroup(SENTINEL, [ValueError(SENTINEL)]),
])  # fmt: skip
def test_an_exceptions_words_are_not_logged(lines, client, django_user_model, monkeypatch, error):
    client.force_login(django_user_model.objects.create_user("olive@example.org", "Olive", PASSWORD))
    client.raise_request_exception = False
    error.__cause__ = ValueError(SENTINEL)
    monkeypatch.setitem(plain_urls.KINDS, "fault", error)
    assert client.get("/raise/fault/").status_code >= 500
    assert type(error).__name__ in lines.getvalue()
    assert SENTINEL not in lines.getvalue()


def test_words_about_the_program_are_kept():
    assert logs.words_of(AttributeError("'NoneType' object has no attribute 'pk'")) == (
        "AttributeError: 'NoneType' object has no attribute 'pk'"
    )
    assert logs.words_of(OperationalError("server closed\nmore")) == "OperationalError: server closed"
    assert logs.words_of(ValueError("x")) == "ValueError"


@pytest.mark.parametrize(("path", "said"), [
    ("/c/dmbc-dcst/2018-Q2/m/e34-35/pane/provider/save/", None),
    ("/c/a-contract-with-a-long-name-of-many-words-2018-to-2023/set-up/measures/", None),
    ("/static/js/pane.0a1b2c3d4e5f.js", None),
    ("/accounts/password/reset/key/1-cb2f8q-0123456789abcdef0123456789abcdef/",
     "/accounts/password/reset/key/[secret]/"),
    ("/accounts/invitation/MQ/cb2f8q-0123456789abcdef0123456789abcdef/", "/accounts/invitation/MQ/[secret]/"),
    ("/first/eyJhIjoxfQ:1wXyZ2:Ab3dEfGhIjKlMnOpQrStUvWx/", "/first/[secret]/"),
    ("/first/0123456789abcdef0123456789abcdef/", "/first/[secret]/"),
    ("/first/Ab3dEfGhIjKlMnOpQrStUvWx/", "/first/[secret]/"),
    ("/" + "a" * 100, "/[secret]"),
])  # fmt: skip
def test_a_path_is_told_without_the_keys_in_it(path, said):
    assert logs.safe_path(path) == (said or path)


def test_a_key_in_an_address_that_is_not_there_is_not_logged(lines, client):
    key = "cb2f8q-0123456789abcdef0123456789abcdef"
    assert client.get(f"/accounts/nothing/{key}/").status_code == 404
    assert key not in lines.getvalue()
    assert "/accounts/nothing/[secret]/" in lines.getvalue()


@pytest.mark.parametrize(("text", "said"), [
    ("From https://a.example/first/?key=Ab3&q=1 to here", "From https://a.example/first/?[query] to here"),
    ("https://a.example:8443/x/0123456789abcdef0123456789abcdef/", "https://a.example:8443/x/[secret]/"),
    ("Listening at: http://127.0.0.1:8000 (1)", None),
    ("olive@example.org was here?", "[e-mail] was here?"),
    ("Error handling request GET /accounts/invitation/MQ/cb2f8q-0123456789abcdef0123456789abcdef/",
     "Error handling request GET /accounts/invitation/MQ/[secret]/"),
    ("at '/accounts/password/reset/key/1-cb2f8q-0123456789abcdef0123456789abcdef'.",
     "at '/accounts/password/reset/key/[secret]'."),
    ("path=/first/eyJhIjoxfQ:1wXyZ2:Ab3dEfGhIjKlMnOpQrStUvWx, then", "path=/first/[secret], then"),
    ("See /first/Ab3dEfGhIjKlMnOpQrStUvWx.", "See /first/[secret]."),
    ("and/or 12/10:30, TLSv1.3/AES256-GCM-SHA384x, templates/a/Ab3dEfGhIjKlMnOpQrStUvWx.html", None),
    ("cannot import name 'a' from 'b' (/srv/lib/python3.11/site-packages/PyYAML-6.0.1.dist-info/b.py:12)", None),
    ('could not open file "/var/lib/postgresql/18/base/16384/PG_VERSION": No such file', None),
    ("Listening at: http://localhost:8000 (1)", None),
])  # fmt: skip
def test_a_text_is_told_without_queries_keys_and_people(text, said):
    assert logs.safe_text(text) == (said or text)


@PLAIN
def test_somebody_in_a_path_is_not_logged(lines, client):
    assert client.get("/nothing/olive@example.org/").status_code == 404
    assert lines.of("perfmon.requests")[0]["path"] == "/nothing/[e-mail]/"
    assert "olive" not in lines.getvalue()


@PLAIN
def test_the_page_that_a_refused_form_came_from_is_told_without_its_keys(lines):
    client = Client(enforce_csrf_checks=True)
    key = "0123456789abcdef0123456789abcdef"
    referer = f"https://elsewhere.example/first/{key}/?link={SENTINEL}"
    assert client.post("/write/", {}, secure=True, headers={"Referer": referer}).status_code == 403
    told = [line["message"] for line in lines.all() if "elsewhere.example" in line["message"]]
    assert len(told) == 2
    assert all("https://elsewhere.example/first/[secret]/?[query] does not match" in message for message in told)
    assert SENTINEL not in lines.getvalue()
    assert key not in lines.getvalue()


def test_a_line_for_people_is_one_line():
    out = io.StringIO()
    handler = logging.StreamHandler(out)
    handler.setFormatter(logs.formatter("line"))
    log = logging.Logger("here")
    log.addHandler(handler)
    log.warning("A\n2026-01-01 CRITICAL %s", "forged \x1b[2J by someone@example.org", extra={"fields": {"status": 3}})
    assert re.fullmatch(
        r"\S+Z WARNING here A\\n2026-01-01 CRITICAL forged \\x1b\[2J by \[e-mail\] status=3\n", out.getvalue()
    )


def test_gunicorns_own_lines_have_the_same_form():
    code = (
        "from gunicorn.config import Config; from perfmon.gunicorn_log import GunicornLogger as L;"
        "c = Config(); c.set('errorlog', '-');"
        "L(c).info('Error handling request %s %s', 'GET', '/a/0123456789abcdef0123456789abcdef/?q=secret-word')"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env={"LOG_FORMAT": "json"}, capture_output=True, text=True, check=True
    )
    line = json.loads(done.stderr)
    assert (line["level"], line["logger"], line["message"]) == (
        "INFO",
        "gunicorn.error",
        "Error handling request GET /a/[secret]/?[query]",
    )


# Nothing typed, in every kind of POST


def typed(fields: dict[str, str]) -> dict[str, str]:
    """The fields of a form with something in each that must not be logged."""
    return {name: f"{value} {SENTINEL}" for name, value in fields.items()} | {"more": SENTINEL}


@pytest.mark.xdist_group("logs")
def test_nothing_that_is_typed_or_secret_is_logged(lines):
    world, asked, statuses = World(), 0, set()
    for principal in ("anonymous", Who.OFFICER, Who.ANALYST, Who.ADMINISTRATOR):
        client: Client = world.client(principal)
        client.raise_request_exception = False
        client.cookies["other"] = SENTINEL
        for name, route in patterns():
            if name not in BODIES:
                continue
            for address in world.addresses(name, route):
                for fields in (BODIES[name], typed(BODIES[name])):
                    world.sign_in(client, principal)
                    with transaction.atomic():
                        response = client.post(
                            f"{address.path}?q={SENTINEL}", fields, headers={"Authorization": f"Bearer {SENTINEL}"}
                        )
                        transaction.set_rollback(True)
                    asked += 1
                    statuses.add(response.status_code)
        session = client.cookies.get(settings.SESSION_COOKIE_NAME)
        assert session is None or session.value == "" or session.value not in lines.getvalue()
    assert asked > 100
    assert {200, 302, 403} <= statuses
    text = lines.getvalue()
    # One line each, and one for each time that somebody signed in again.
    assert len(lines.of("perfmon.requests")) >= asked
    assert SENTINEL not in text
    for fields in BODIES.values():
        secret = [fields[name] for name in fields if "password" in name]
        assert [word for word in secret if word in text] == []
    assert re.findall(r"[\w.]+@[\w.]+\.(?:example|org)", text) == []


@PLAIN
def test_nothing_is_logged_of_signing_in(lines, client, django_user_model):
    django_user_model.objects.create_user("olive@example.org", "Olive", PASSWORD)
    for word in (PASSWORD, f"wrong {SENTINEL}"):
        client.post("/accounts/sign-in/", {"login": "olive@example.org", "password": word})
    assert len(lines.of("perfmon.requests")) == 2
    assert SENTINEL not in lines.getvalue()
    assert "olive@example.org" not in lines.getvalue()
