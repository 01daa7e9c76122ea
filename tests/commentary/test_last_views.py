"""The text of the quarter before as people get it: its page, the marks in the pane, and the way to begin with it."""

import re

import pytest
from django.contrib.messages import get_messages
from django.test import Client
from django.urls import reverse

from accounts.roles import Party, Who
from commentary.models import Pane
from measures.quarters import Quarter
from measures.states import State
from tests import factories
from tests.commentary.test_carrying import SIX, Two
from tests.factories import Q2

CYCLE = "/c/childrens-services/2018-Q2/"
MEASURE = f"{CYCLE}m/b8/"
LAST = f"{MEASURE}pane/commissioner/last/"
START = f"{MEASURE}pane/commissioner/start/"
FIRST = "<p>The first paragraph has more than five words.</p>"


@pytest.fixture
def two(place):
    return Two(place)


def client_of(place, who):
    client = Client()
    client.force_login(place.people[who].user)
    return client


def text_of(response):
    """What the script takes out of the page, without tags."""
    assert response.status_code == 200
    found = re.search(r"<div class=\"text\" data-last-text>(.*?)</div>", response.text, re.DOTALL)[1]
    return " ".join(re.sub(r"<[^>]*>", " ", found).split())


def unmarked(content):
    return re.sub(rb'(nonce|name="csrfmiddlewaretoken" value)="[^"]*"', b"", content)


def said(response):
    return [str(message) for message in get_messages(response.wsgi_request)]


def test_the_addresses():
    args = ["childrens-services", Q2, "b8", "commissioner"]
    assert (reverse("pane-last", args=args), reverse("pane-start", args=args)) == (LAST, START)


class TestThePage:
    @pytest.mark.parametrize("who", [who for who in Who if who.party])
    def test_a_released_text_is_read_by_both(self, two, who):
        two.earlier(released=SIX, draft="<p>A later draft.</p>")
        assert text_of(client_of(two.place, who).get(LAST)) == (
            "Released 2 November 2018 by Officer of childrens-services Six words stand in this paragraph."
        )

    @pytest.mark.parametrize("who", [who for who in Who if who.party])
    def test_a_draft_is_read_by_its_own_party_and_said_to_be_one(self, two, who):
        client = client_of(two.place, who)
        before = client.get(LAST)
        two.earlier(draft=SIX)
        after = client.get(LAST)
        if who.party is Party.COMMISSIONER:
            assert text_of(before) == "Nothing was written in Q1 2018/19."
            assert text_of(after) == (
                "Nothing was released in Q1 2018/19. This is the draft. "
                "Draft, saved 2 November 2018, 14:32. Only DMBC can see this Six words stand in this paragraph."
            )
        else:
            assert text_of(before) == "DMBC has released nothing in Q1 2018/19."
            assert unmarked(before.content) == unmarked(after.content)

    def test_a_past_quarter_without_texts(self, two):
        two.earlier(draft=SIX)
        factories.in_state(two.before, State.PAST)
        for who in (Who.OFFICER, Who.ANALYST):
            assert text_of(client_of(two.place, who).get(LAST)) == "Nothing was written in Q1 2018/19."

    def test_an_administrator_reads_past_quarters(self, two):
        two.earlier(released=SIX)
        client = client_of(two.place, Who.ADMINISTRATOR)
        assert client.get(LAST).status_code == 403
        two.place.move(State.PAST)
        assert "Six words" not in client.get(LAST).text
        factories.in_state(two.before, State.PAST)
        assert text_of(client.get(LAST)).endswith("Six words stand in this paragraph.")

    def test_the_first_quarter(self, place):
        page = client_of(place, Who.OFFICER).get(LAST)
        assert text_of(page) == "Q1 2018/19 is not held here, so there is no earlier text."
        assert "2018-Q1" not in page.text

    def test_a_measure_not_yet_there(self, two):
        factories.make_measure(two.place.contract, "B9", first_quarter=Q2)
        page = client_of(two.place, Who.OFFICER).get(LAST.replace("b8", "b9"))
        assert text_of(page) == "B9 was first reported in Q2 2018/19, so it has no text in Q1 2018/19."
        assert "2018-Q1/m/b9/" not in page.text

    def test_the_ways_on(self, two):
        page = client_of(two.place, Who.OFFICER).get(LAST).text
        assert "<h1>DMBC response in Q1 2018/19</h1>" in page
        for way in (
            f'<li><a href="{CYCLE}">',
            f'<li><a href="{MEASURE}">',
            '<a href="/c/childrens-services/2018-Q1/m/b8/">',
        ):
            assert way in page

    @pytest.mark.parametrize("path", ["m/b8/pane/nobody/last/", "m/none/pane/provider/last/"])
    def test_what_is_not_known(self, two, path):
        assert client_of(two.place, Who.OFFICER).get(CYCLE + path).status_code == 404

    def test_the_text_is_cleaned_again(self, two):
        two.earlier(released=SIX)
        Pane.objects.filter(cycle=two.before, party=Party.COMMISSIONER).update(released=f"{SIX}<script>1</script>")
        assert "<script>1" not in client_of(two.place, Who.OFFICER).get(LAST).text


class TestTheMeasurePage:
    def test_each_pane_has_its_link(self, two):
        for who in (Who.OFFICER, Who.PROVIDER_DIRECTOR):
            page = client_of(two.place, who).get(MEASURE).text
            for party in Party:
                assert f'href="{MEASURE}pane/{party}/last/" data-last="pane-{party}-last">Q1 2018/19 text<' in page

    def test_without_a_quarter_before_there_is_none(self, place):
        assert "data-last=" not in client_of(place, Who.OFFICER).get(MEASURE).text

    def test_the_start_is_offered_to_the_writer_of_an_empty_draft(self, two):
        button = f'formaction="{START}" data-undone="Nothing was copied.">Start from Q1 2018/19</button>'
        officer = client_of(two.place, Who.OFFICER)
        assert button not in officer.get(MEASURE).text
        two.earlier(released=SIX)
        assert button in officer.get(MEASURE).text
        for who in (Who.COMMISSIONER_DIRECTOR, Who.ANALYST):
            assert button not in client_of(two.place, who).get(MEASURE).text
        two.write("<p>Mine.</p>")
        assert button not in officer.get(MEASURE).text

    def test_what_is_carried_over_says_so_and_is_not_marked_besides(self, two):
        two.earlier(released=SIX)
        two.write(SIX, goes_out=True)
        for who in (Who.OFFICER, Who.ANALYST, Who.COMMISSIONER_DIRECTOR):
            page = client_of(two.place, who).get(MEASURE).text
            assert page.count("Carried over from Q1 2018/19: not changed yet") == 1
            assert "Also in Q1 2018/19" not in page
            assert '<div class="repeats" data-repeats>' not in page

    def test_a_paragraph_that_repeats_is_marked_for_readers(self, two):
        two.earlier(released=f"{FIRST}{SIX}")
        two.write(f"<p>A new beginning.</p>{SIX}", goes_out=True)
        page = client_of(two.place, Who.ANALYST).get(MEASURE).text
        assert re.search(r'<p><span class="again"><svg.*?</svg>Also in Q1 2018/19</span> Six words', page)
        assert page.count("Also in Q1 2018/19") == 1
        assert "Carried over" not in page

    def test_the_writer_is_told_below_the_text(self, two):
        two.earlier(released=f"{FIRST}{SIX}")
        two.write(f"<p>A new beginning.</p>{SIX}")
        page = client_of(two.place, Who.OFFICER).get(MEASURE).text
        assert "<b data-repeats-count>1 paragraph is</b> also in Q1 2018/19:" in page
        assert '<li data-compared="six words stand in this paragraph">“Six words stand in this paragraph.”</li>' in page
        first = (
            'data-compared="the first paragraph has more than five words" hidden>“The first paragraph has more than …”'
        )
        assert first in page
        # Nothing of it in the text that is edited.
        assert "Also in Q1 2018/19" not in page

    def test_the_others_are_told_nothing_of_a_draft(self, two):
        two.earlier(released=SIX)
        pages = []
        for text in ("", SIX):
            if text:
                two.write(text)
            pages.append([client_of(two.place, who).get(MEASURE) for who in (Who.ANALYST, Who.PROVIDER_DIRECTOR)])
        for before, after in zip(*pages, strict=True):
            assert unmarked(before.content) == unmarked(after.content)


class TestStart:
    def test_it_copies_and_leads_back(self, two):
        two.earlier(released=SIX)
        response = client_of(two.place, Who.OFFICER).post(START, {"version": "0"})
        assert (response.status_code, response.url) == (302, MEASURE)
        assert said(response) == ["The Q1 2018/19 text is your draft now. Only DMBC sees it: bring it up to date."]
        assert two.pane(Party.COMMISSIONER, two.place.cycle).draft == SIX

    def test_a_text_is_not_replaced(self, two):
        two.earlier(released=SIX)
        two.write("<p>Mine.</p>")
        response = client_of(two.place, Who.OFFICER).post(START, {"version": "1"})
        assert said(response) == [
            "Nothing was copied: the draft already holds a text, and Q1 2018/19 would replace it."
        ]
        assert two.pane(Party.COMMISSIONER, two.place.cycle).draft == "<p>Mine.</p>"

    def test_a_page_that_does_not_say_what_it_saw(self, two):
        two.earlier(released=SIX)
        response = client_of(two.place, Who.OFFICER).post(START, {"version": "x"})
        assert said(response) == ["The page did not say which text you saw. Nothing was copied: try again."]
        assert two.pane(Party.COMMISSIONER, two.place.cycle).draft == ""

    def test_a_text_stored_when_more_was_allowed_is_not_copied(self, two):
        two.earlier(released=SIX)
        Pane.objects.filter(cycle=two.before, party=Party.COMMISSIONER).update(released="a" * 60_000)
        response = client_of(two.place, Who.OFFICER).post(START, {"version": "0"})
        assert (response.status_code, response.url) == (302, MEASURE)
        assert said(response) == [
            "Nothing was copied. The text is 60,000 characters long, formatting included. At most 50,000 can be stored."
        ]
        assert two.pane(Party.COMMISSIONER, two.place.cycle).draft == ""

    def test_a_stale_page_is_told(self, two):
        two.earlier(released=SIX)
        two.write("<p>Mine.</p>")
        two.write("", version=1)
        response = client_of(two.place, Who.OFFICER).post(START, {"version": "0"})
        assert response.status_code == 409
        assert "The draft was written and emptied after you opened it" in response.text

    @pytest.mark.parametrize(("who", "status"), [(Who.COMMISSIONER_DIRECTOR, 403), (Who.ANALYST, 403)])
    def test_who_may_not(self, two, who, status):
        two.earlier(released=SIX)
        assert client_of(two.place, who).post(START, {"version": "0"}).status_code == status

    def test_what_is_not_known(self, two):
        officer = client_of(two.place, Who.OFFICER)
        for address in (START.replace("commissioner", "nobody"), START.replace("b8", "none")):
            assert officer.post(address, {"version": "0"}).status_code == 404
        assert officer.get(START).status_code == 405


def test_a_draft_is_not_told_to_the_other_party_in_the_next_quarter(place):
    """The page of the quarter after, whose last quarter is the one with the draft."""
    factories.make_cycle(place.contract, Q2.next, State.COMMENTARY)
    path = LAST.replace("2018-Q2", Quarter.parse("Q3 2018/19").code)
    pages = []
    for draft in ("", SIX):
        Pane.objects.filter(party=Party.COMMISSIONER).update(draft=draft)
        pages.append([client_of(place, who).get(path).content for who in (Who.ANALYST, Who.PROVIDER_DIRECTOR)])
    assert [unmarked(page) for page in pages[0]] == [unmarked(page) for page in pages[1]]
    assert b"Six words" in client_of(place, Who.OFFICER).get(path).content
