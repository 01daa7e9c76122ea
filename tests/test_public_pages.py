"""Help, words, accessibility, privacy, cookies, about: public, without a query of their own, and true."""

import datetime
import html
import re
import tomllib
from importlib import metadata

import pytest
from django.contrib.auth import SESSION_KEY
from django.template.loader import render_to_string
from django.test import Client
from django.utils.text import slugify

from accounts.models import User
from accounts.roles import Who
from measures.pages import contract_frame
from measures.states import State
from measures.stats.words import TELL_WORDS
from measures.templatetags.marks import WORDS
from measures.terms import Kind
from perfmon import checks, public_pages
from perfmon.errors import answer
from perfmon.setup.place import ROOT
from perfmon.third_parties import PARTS
from perfmon.version import VERSION
from tests import factories
from tests.markup import Node, parse
from workflow.tiles import ASSURED, SIGNALS

HELP = [f"/help/{role.address}/" for role in public_pages.ROLES]
PAGES = ["/help/", "/help/words/", *HELP, "/accessibility/", "/privacy/", "/cookies/", "/about/"]
FOOT = ["/help/", "/help/words/", "/accessibility/", "/privacy/", "/cookies/", "/about/"]
GLOSSARY = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8").lower()
OPERATOR, CONTACT, OFFICER = "Northford Borough Council", "help@northford.example", "data@northford.example"


def main(client, path: str) -> Node:
    response = client.get(path)
    assert response.status_code == 200
    return parse(response.text).one("main")


def links(node: Node) -> list[str]:
    return [link.attrs["href"] for link in node.all("a")]


@pytest.mark.parametrize("path", PAGES)
def test_anybody_reads_it_without_a_query(client, path, django_assert_num_queries, db):
    with django_assert_num_queries(0):
        response = client.get(path)
    assert response.status_code == 200
    assert client.cookies == {}
    page = parse(response.text)
    assert len(page.all("h1")) == 1
    assert page.one("title").text.endswith(" · perfmon")
    assert links(page.one("nav", class_="service-links")) == FOOT
    assert client.post(path).status_code == 405


@pytest.mark.django_db
@pytest.mark.parametrize("path", PAGES)
def test_signed_in_it_asks_for_session_and_person_alone(client, path, django_assert_num_queries):
    client.force_login(User.objects.create_user("olive@example.org", "Olive", "a long password"))
    client.get("/help/")
    with django_assert_num_queries(2):
        response = client.get(path)
    assert response["Cache-Control"] == "no-store"
    # What is said is the same for everybody.
    assert parse(response.text).one("main").text == parse(Client().get(path).text).one("main").text


def test_an_unknown_role_has_no_help(client, db):
    assert client.get("/help/nobody/").status_code == 404


def test_there_is_help_for_every_principal():
    assert [role.address for role in public_pages.ROLES] == [slugify(who) for who in Who]


@pytest.mark.django_db
@pytest.mark.parametrize("who", Who)
def test_on_a_contract_help_is_that_of_ones_role_there(client, who):
    people = factories.make_members(factories.make_contract())
    viewer = people[who]
    assert contract_frame(viewer)["help_role"] == slugify(who)
    client.force_login(viewer.user)
    page = parse(client.get(f"/c/{viewer.contract.slug}/measures/").text)
    assert page.one("a", class_="help-link").attrs["href"] == f"/help/{slugify(who)}/"
    elsewhere = parse(client.get("/accounts/").text).one("a", class_="help-link").attrs["href"]
    assert elsewhere == ("/help/administrator/" if who is Who.ADMINISTRATOR else "/help/")


@pytest.mark.parametrize("status", [400, 401, 403, 404, 405, 409, 413, 423, 429, 500, 503])
def test_a_refusal_or_failure_has_the_same_foot(rf, status):
    page = parse(answer(rf.get("/"), status, with_reader=False).text)
    assert links(page.one("nav", class_="service-links")) == FOOT
    assert page.one("a", class_="help-link").attrs["href"] == "/help/"


# The words


def said() -> dict[str, str]:
    """Each word of the page with what it says it means."""
    page = parse(render_to_string("public/words.html"))
    pairs = [
        (row.one("dt").text, row.one("dd").text) for each in page.all("dl", class_="words") for row in each.all("div")
    ]
    assert len(pairs) == len(dict(pairs))
    return dict(pairs)


@pytest.mark.parametrize("word", sorted(said()))
def test_every_word_is_in_the_glossary_of_the_documents(word):
    # "Numerator, denominator" are two.
    parts = [re.sub(r"^\[.\] ", "", part) for part in word.lower().split(", ")]
    assert [part for part in parts if part not in GLOSSARY] == []


def test_what_tiles_and_pages_say_is_explained():
    words = {word.lower() for word in said()}
    assert {state.words.lower() for state in State} <= words
    assert {word.lower() for word in TELL_WORDS.values()} <= words
    assert {word.lower() for word in ASSURED.values()} <= words
    assert {f"[{letter}] {meaning}" for letter, meaning in WORDS.items()} <= words
    assert {kind.value for kind in Kind} <= words
    assert {"on target", "within tolerance", "off target", "not rated"} <= words
    assert (
        {words[2].lower().split(" of ")[0] for words in SIGNALS.values()} == {"signal", "everyday variation"} <= words
    )


def test_no_meaning_is_longer_than_a_few_short_sentences():
    for word, meaning in said().items():
        sentences = [each for each in re.split(r"(?<=[.:;])\s", meaning) if each]
        assert len(sentences) <= 5, word
        assert max(len(each.split()) for each in sentences) <= 26, word


# Who runs this copy


@pytest.fixture
def run_by(settings):
    settings.SERVICE_OPERATOR, settings.SERVICE_CONTACT = OPERATOR, CONTACT
    settings.SERVICE_PRIVACY_CONTACT, settings.SERVICE_RETENTION = OFFICER, "Seven years after the contract ends."
    settings.SERVICE_STATEMENT_ON = datetime.date(2018, 11, 11)


@pytest.mark.parametrize("path", ["/help/", *HELP, "/accessibility/", "/privacy/", "/about/"])
def test_what_was_not_given_is_said_so(client, path):
    page = main(client, path)
    assert "The organisation that runs this copy has not yet given its name." in page.text
    assert [link for link in links(page) if link.startswith("mailto:")] == []


@pytest.mark.parametrize("path", ["/help/", *HELP, "/accessibility/", "/privacy/", "/about/"])
def test_who_runs_it_and_how_to_reach_them(client, run_by, path):
    page = main(client, path)
    assert OPERATOR in page.text
    assert "not yet" not in " ".join(node.text for node in page.all("p", class_="not-given"))
    expected = OFFICER if path == "/privacy/" else CONTACT
    assert {link for link in links(page) if link.startswith("mailto:")} == {f"mailto:{expected}"}


def test_privacy_goes_to_the_general_contact_where_no_other_is_set(client, run_by, settings):
    settings.SERVICE_PRIVACY_CONTACT = ""
    assert f"mailto:{CONTACT}" in links(main(client, "/privacy/"))


def test_dates_and_retention_are_the_organisations_own(client, run_by):
    assert "reviewed on 11 November 2018, for version 0.1.0" in main(client, "/accessibility/").text
    assert "Seven years after the contract ends." in main(client, "/privacy/").text


def test_the_deployment_check_names_what_is_not_set(run_by, settings):
    assert list(checks.service(None)) == []
    settings.SERVICE_CONTACT, settings.SERVICE_STATEMENT_ON = "", None
    (found,) = checks.service(None)
    assert (found.id, found.msg.split(" not set")[0]) == ("perfmon.W013", "SERVICE_CONTACT, SERVICE_STATEMENT_ON")


# Cookies


def listed(client) -> set[str]:
    return {node.text for node in main(client, "/cookies/").all("code")}


@pytest.mark.django_db
def test_the_page_lists_the_cookies_that_a_visit_sets_and_no_other(client):
    User.objects.create_user("olive@example.org", "Olive", "quiet green hills")
    client.get("/accounts/sign-in/")
    client.post("/accounts/sign-in/", {"login": "olive@example.org", "password": "quiet green hills"})
    assert SESSION_KEY in client.session
    assert client.post("/accounts/session/").status_code == 302
    ages = {name: cookie["max-age"] for name, cookie in client.cookies.items()}
    assert ages == {"sessionid": 1800, "csrftoken": 52 * 7 * 24 * 60 * 60, "messages": ""}
    assert set(ages) == listed(client)
    # The sentence was shown.
    assert client.cookies["messages"]["max-age"] == 0


def test_over_https_the_page_names_them_as_they_are_then(client, settings):
    settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME = "__Host-session", "__Host-csrf"
    assert listed(client) == {"__Host-session", "__Host-csrf", "messages"}


# About


def test_the_version_is_that_of_the_project():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["version"] == VERSION


def test_about_tells_version_and_parts(client):
    page = main(client, "/about/")
    assert page.one("dl", class_="summary").all("dd")[0].text == VERSION
    assert [row.one("th").text for row in page.one("tbody").all("tr")] == [part.name for part in PARTS]


def test_every_package_stands_there_with_the_licence_it_names():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    required = {re.match(r"[\w.-]+", each)[0] for each in project["dependencies"]}
    assert {part.name.lower() for part in PARTS} == {name.lower() for name in required}
    for part in PARTS:
        told = metadata.metadata(part.name)
        assert part.licence == (told["License-Expression"] or told["License"]), part.name


# How it is written


@pytest.mark.parametrize("path", ["/help/", *HELP])
def test_help_is_written_in_short_sentences(client, path):
    texts = [node.text for kind in ("p", "li", "dd") for node in main(client, path).all(kind)]
    sentences = [each for text in texts for each in re.split(r"(?<=[.?:])\s+", text)]
    lengths = [len(each.split()) for each in sentences]
    assert max(lengths) <= 30, max(sentences, key=lambda each: len(each.split()))
    assert sum(lengths) / len(lengths) <= 13


def test_every_picture_of_the_help_is_there_and_told_in_words():
    named = []
    for path in sorted((ROOT / "templates" / "public").glob("help_*.html")):
        found = re.findall(
            r'picture.html" with file="([\w-]+)" alt="([^"]+)" caption="([^"]+)"', path.read_text("utf-8")
        )
        assert len(found) <= 2
        named += [file for file, alt, caption in found if len(html.unescape(alt)) > 40 and caption]
    assert len(named) == 10
    assert sorted(named) == sorted(path.stem for path in (ROOT / "static" / "img" / "help").glob("*.webp"))
