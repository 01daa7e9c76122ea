"""Each refusal and failure as a page, and as JSON below /api/."""

import pytest
from django.core.cache import cache
from django.db import OperationalError, connection

from accounts.models import User
from perfmon import health, policy
from perfmon.errors import WORDS, answer, too_many
from perfmon.requests import HEADER
from tests import plain_urls
from tests.markup import parse

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.plain_urls")]

REFUSALS = [
    ("denied", 403, "Only the council’s director publishes."),
    ("unknown", 404, "There is nothing at this address that you can see."),
    ("state", 409, "The quarter is not open."),
    ("stale", 409, "Somebody saved at 14:32."),
    ("published", 423, "Q1 2018/19 is published."),
    ("permission", 403, "Your role does not include it."),
]


@pytest.fixture(autouse=True)
def rows(monkeypatch):
    for name, page in plain_urls.ROWS.items():
        monkeypatch.setitem(policy.POLICY, name, page)


@pytest.fixture
def reader(client):
    client.force_login(User.objects.create_user("olive@example.org", "Olive", "a long password"))
    client.raise_request_exception = False
    return client


@pytest.mark.parametrize(("kind", "status", "sentence"), REFUSALS)
def test_a_refusal_is_a_page_with_its_sentence(reader, kind, status, sentence):
    response = reader.get(f"/raise/{kind}/")
    assert response.status_code == status
    main = parse(response.text).one("main")
    assert main.one("p", class_="eyebrow").text == str(status)
    assert main.all("p")[1].text == sentence
    assert len(main.all("h1")) == 1


@pytest.mark.parametrize(("kind", "status", "sentence"), REFUSALS[:5])
def test_a_refusal_below_api_is_json(reader, kind, status, sentence):
    response = reader.get(f"/api/raise/{kind}/")
    assert (response.status_code, response.json()) == (status, {"detail": sentence})


def test_a_sentence_is_escaped(rf):
    response = answer(rf.get("/"), 403, "<script>", with_reader=False)
    assert "<script>" not in parse(response.text).one("main").all("p")[0].text
    assert "&lt;script&gt;" in response.text


@pytest.mark.parametrize(
    ("kind", "status", "words"),
    [("fault", 500, "Something went wrong on our side"), ("database", 503, "The service cannot answer just now")],
)
def test_a_failure_says_what_was_kept_and_asks_the_database_nothing(reader, kind, status, words):  # fmt: skip
    response = reader.get(f"/raise/{kind}/")
    assert response.status_code == status
    page = parse(response.text)
    assert page.one("h1").text == words
    assert page.all("details") == []
    assert response.get("Retry-After") == ({503: "30"}.get(status))
    machine = reader.get(f"/api/raise/{kind}/")
    assert (machine.status_code, machine.json()) == (status, {"detail": WORDS[status], "reference": machine[HEADER]})


def test_an_unknown_address_is_404_for_strangers_too(client):
    response = client.get("/nothing/")
    assert response.status_code == 404
    assert parse(response.text).one("h1").text == "There is nothing here"


@pytest.mark.parametrize("status", [400, 401, 403, 404, 405, 409, 413, 423, 429, 500, 503])
def test_every_page_has_its_frame(rf, status):
    page = parse(answer(rf.get("/"), status, with_reader=False).text)
    assert page.one("html").attrs["lang"] == "en-GB"
    assert page.one("title").text.endswith(" · perfmon")
    assert page.one("a", class_="skip").attrs["href"] == "#main"
    assert page.one("main").attrs["id"] == "main"
    assert [node for node in page.walk() if "style" in node.attrs or node.tag == "style"] == []
    assert "Demo: due dates are counted from 11 November 2018" in page.one("footer").text


def test_too_many_tries_say_when_to_try_again(client):
    cache.clear()
    for _ in range(10):
        answered = client.post("/accounts/sign-in/", {"login": "nobody@example.org", "password": "wrong"})
        assert answered.status_code == 200
    response = client.post("/accounts/sign-in/", {"login": "nobody@example.org", "password": "wrong"})
    assert (response.status_code, response["Retry-After"]) == (429, "900")
    assert parse(response.text).one("h1").text == "Too many tries"
    cache.clear()


@pytest.fixture
def read_only(settings, monkeypatch, tmp_path):
    """The database takes nothing in, as on a disk that may only be read."""
    cache.clear()
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET TRANSACTION READ ONLY")
            yield
            return
        cursor.execute("PRAGMA query_only = ON")
        # The tests' own is no file, of which it could be told.
        monkeypatch.setitem(settings.DATABASES["default"], "NAME", str(tmp_path / "nothing.sqlite3"))
        yield
        cursor.execute("PRAGMA query_only = OFF")


def test_a_database_that_counts_no_tries_is_not_called_too_many(client, read_only):
    for response in (
        client.post("/accounts/sign-in/", {"login": "nobody@example.org", "password": "wrong"}),
        client.get("/accounts/invitation/MQ/cb2f8q-0123456789abcdef0123456789abcdef/"),
    ):
        assert (response.status_code, response["Retry-After"]) == (503, "30")
        assert parse(response.text).one("h1").text == "The service cannot answer just now"


def test_a_database_that_does_not_answer_is_not_called_too_many(rf, monkeypatch):
    def gone():
        raise OperationalError("gone")

    monkeypatch.setattr(health, "is_writable", gone)
    assert too_many(rf.post("/accounts/sign-in/")).status_code == 503
