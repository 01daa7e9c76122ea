"""The commentary of a quarter as people get it, on the demonstration."""

import re

import pytest
from django.urls import reverse

from accounts.roles import Party
from commentary.models import Pane
from measures.models import Cycle
from tests import demonstration
from tests.factories import NOW, Q2
from tests.markup import parse

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("reading-view")]

PAGE = "/c/childrens-services/2018-Q2/commentary/"
PARTIES = ("officer", "analyst", "council-director", "trust-director")


def get(key="officer", path=PAGE):
    return demonstration.client_of(key).get(path)


def page(key="officer", path=PAGE):
    response = get(key, path)
    assert response.status_code == 200
    return parse(response.text)


def read(found, slug):
    return found.one("article", id=f"m-{slug}")


def text(found, slug, party):
    return found.one("section", aria_labelledby=f"m-{slug}-{party}")


def unmarked(content):
    return re.sub(rb'(nonce|name="csrfmiddlewaretoken" value)="[^"]*"', b"", content)


def test_the_address():
    assert reverse("commentary", args=["childrens-services", Q2]) == PAGE


@pytest.mark.parametrize("key", PARTIES)
def test_the_answer_and_what_is_missing(demo, key):
    found = page(key)
    assert found.one("p", class_="answer").text == "7 of 11 responses and 4 of 8 required comments are missing."
    [dmbc, dcst] = found.all("section", class_="owed")
    assert dmbc.one("h2").text == "Missing from DMBC"
    assert [link.text.split()[0] for link in dmbc.all("a")] == ["A2", "A3", "A4", "A8", "B8", "B13", "E34/35"]
    assert [link.text.split()[0] for link in dcst.all("a")] == ["A2", "A3", "A8", "B13"]
    # The title of the measure is heard once.
    assert [link for link in (*dmbc.all("a"), *dcst.all("a")) if "title" in link.attrs] == []


def test_a_measure_with_both_texts(demo):
    found = page("council-director")
    b8 = read(found, "b8")
    assert b8.one("h3").text == "B8 Care proceedings on track to complete within 26 weeks"
    assert b8.one("h3").one("a").attrs["href"] == "/c/childrens-services/2018-Q2/m/b8/"
    figure = b8.one("p", class_="figure").text
    assert figure == "Off target 70 % Target 90%, tolerance 85% [i]"
    assert text(b8, "b8", "commissioner").one("p", class_="state").text.startswith("Draft, saved")
    released = text(b8, "b8", "provider").one("p", class_="state").text
    assert re.fullmatch(r"Released \d+ \w+ \d{4} by Adeel Rahman · 138 words", released)


def test_a_text_that_is_optional_says_so(demo):
    found = read(page("council-director"), "e1")
    assert text(found, "e1", "provider").one("p", class_="state").text == "Not yet released · optional"


@pytest.mark.parametrize(("key", "party"), [("officer", Party.PROVIDER), ("trust-director", Party.COMMISSIONER)])
def test_a_draft_of_the_other_party_cannot_be_told_from_none(demo, key, party):
    panes = Pane.objects.filter(cycle__quarter=Q2, party=party, released__isnull=True)
    assert panes.count() > 3
    pages = []
    for draft, version in (("", 0), ("<p>Words of a draft.</p>", 3)):
        panes.update(draft=draft, version=version, saved_at=NOW if version else None, saved_by=None)
        pages += [[get(key, PAGE + query).content for query in ("", "?show=missing", "?show=mine")]]
    assert [unmarked(each) for each in pages[0]] == [unmarked(each) for each in pages[1]]
    own = {"officer": "analyst", "trust-director": "officer"}[key]
    assert b"Words of a draft." in get(own).content


def test_what_is_chosen_is_in_the_address(demo):
    found = page("officer", f"{PAGE}?show=mine")
    assert [each.attrs["id"] for each in found.all("article")] == [
        f"m-{slug}" for slug in ("b8", "e34-35", "a2", "a3", "a4", "a8", "b13")
    ]


def test_nothing_of_a_choice_left(demo):
    panes = Pane.objects.filter(cycle__quarter=Q2, party=Party.COMMISSIONER, released__isnull=True)
    panes.update(released="<p>A.</p>", released_version=1, released_at=NOW, version=1, saved_at=NOW)
    found = page("officer", f"{PAGE}?show=mine")
    [empty] = found.all("div", class_="empty-state")
    assert (found.all("article"), empty.one("h2").text) == ([], "Nothing is missing here")
    assert "DMBC has released every text asked of it." in empty.text


@pytest.mark.parametrize("key", PARTIES)
def test_an_open_quarter(demo, key):
    found = page(key, PAGE.replace("Q2", "Q3"))
    assert found.one("p", class_="answer").text == "Commentary is not asked for yet: Q3 2018/19 is open."
    assert found.all("section", class_="owed") == found.all("div", aria_label="Show") == []
    assert "optional" not in found.one("main").text


def test_a_quarter_without_measures(demo):
    cycle = Cycle.objects.get(contract__slug="childrens-services", quarter=Q2)
    cycle.contract.measures.update(last_quarter=Q2.previous)
    assert page().one("div", class_="empty-state").one("h2").text == "No measures"


@pytest.mark.parametrize("key", [*PARTIES, "administrator"])
def test_a_past_quarter(demo, key):
    found = page(key, PAGE.replace("Q2", "Q1"))
    assert found.one("p", class_="answer").text == "No texts were brought in for this past quarter."
    assert found.all("section", class_="owed") == found.all("div", aria_label="Show") == []


def test_who_may_not_read_it(demo):
    assert get("administrator").status_code == 403
    assert get("officer", PAGE.replace("2018", "2030")).status_code == 404


def test_the_ways_to_it(demo):
    scorecard = page("council-director", PAGE.replace("commentary/", ""))
    assert PAGE in [link.attrs["href"] for link in scorecard.all("a") if link.text == "Read the commentary"]
    measure = page("council-director", PAGE.replace("commentary/", "m/b8/"))
    assert f"{PAGE}#m-b8" in [link.attrs["href"] for link in measure.all("a") if link.text == "All commentary"]
