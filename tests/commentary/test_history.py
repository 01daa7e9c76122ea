import datetime
import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.denial import NotKnown
from accounts.models import Membership
from accounts.roles import Party, Who
from accounts.viewer import Viewer
from commentary import drafting, panes
from commentary.history import History, told_apart
from commentary.models import Pane, PaneVersion
from measures.quarters import Quarter
from measures.states import State
from tests import factories

NOW = datetime.datetime(2018, 11, 2, 14, 32, tzinfo=datetime.UTC)
HOUR = datetime.timedelta(hours=1)
MEASURE_PAGE = "/c/childrens-services/2018-Q2/m/b8/"
HISTORY = f"{MEASURE_PAGE}pane/commissioner/history/"
OWN = (Who.OFFICER, Who.COMMISSIONER_DIRECTOR)


def another_officer(place):
    user = factories.make_user("Second Officer")
    Membership.objects.create(user=user, contract=place.contract, party="commissioner", role="officer")
    return Viewer(user, place.contract, Who.OFFICER)


class Story:
    """One pane written in, an hour between the steps."""

    def __init__(self, place):
        self.place, self.now = place, NOW

    def step(self, act, by=None, **fields):
        self.now += HOUR
        pane = self.place.pane()
        return act(by=by or self.place.officer, pane=pane, now=self.now, **fields)

    def save(self, text, version=None, by=None):
        held = self.place.pane().version
        return self.step(drafting.save, by, text=text, version=held if version is None else version)

    def release(self, by=None):
        return self.step(drafting.release, by, version=self.place.pane().version)

    def withdraw(self):
        return self.step(drafting.withdraw, released_version=self.place.pane().released_version)

    def restore(self, source):
        return self.step(drafting.restore, source=source, version=self.place.pane().version)


@pytest.fixture
def story(place):
    return Story(place)


def client_of(place, who):
    client = Client()
    client.force_login(place.people[who].user)
    return client


def told_of(place, now=NOW + 24 * HOUR):
    return History(place.pane(), "DCST", now)


def told(place):
    return [(each.title, each.author, each.at, each.is_held, each.is_read) for each in told_of(place).page()]


OFFICER, SECOND = "Officer of childrens-services", "Second Officer"


def test_every_save_refusal_release_withdrawal_and_restored_text_is_told_latest_first(place, story):
    second = another_officer(place)
    story.save("<p>One</p>")
    story.save("<p>Two</p>", by=second)
    with pytest.raises(drafting.StalePane):
        story.save("<p>Late</p>", version=1)
    story.release()
    story.withdraw()
    story.release(by=second)
    story.save("<p>Three</p>")
    story.restore(PaneVersion.objects.get(text="<p>Late</p>").pk)
    at = [NOW + hours * HOUR for hours in range(9)]
    assert told(place) == [
        ("Restored the text of 2 November 2018, 17:32", OFFICER, at[8], True, False),
        ("Saved", OFFICER, at[7], False, False),
        ("Released to DCST", SECOND, at[6], False, True),
        ("Withdrawn", OFFICER, at[5], False, False),
        ("Released to DCST", OFFICER, at[4], False, False),
        ("Not saved: somebody saved first", OFFICER, at[3], False, False),
        ("Saved", SECOND, at[2], False, False),
        ("Saved", OFFICER, at[1], False, False),
    ]


def test_each_release_is_told_though_a_later_one_followed(place, story):
    for text in ("<p>One</p>", "<p>Two</p>", "<p>One</p>"):
        story.save(text)
        story.release()
    releases = [each for each in told_of(place).page() if each.kind == "released"]
    assert [(each.text, each.is_read) for each in releases] == [
        ("<p>One</p>", True), ("<p>Two</p>", False), ("<p>One</p>", False),
    ]  # fmt: skip


def test_a_withdrawn_text_is_read_by_nobody(place, story):
    story.save("<p>One</p>")
    story.release()
    story.withdraw()
    assert [each[4] for each in told(place)] == [False] * 3


def test_what_a_version_is_compared_with(place, story):
    story.save("<p>One</p>")
    story.release()
    story.save("<p>Two</p>")
    with pytest.raises(drafting.StalePane):
        story.save("<p>Late</p>", version=1)
    story.release()
    story.withdraw()
    history = told_of(place)
    found = {(each.kind, each.text): each for each in history.page()}

    def before(kind, text):
        version = history.before(found[kind, text])
        return (version.kind, version.text) if version else None

    assert before("saved", "<p>One</p>") is None
    assert before("saved", "<p>Two</p>") == ("saved", "<p>One</p>")
    assert before("refused", "<p>Late</p>") == ("saved", "<p>Two</p>")
    assert before("released", "<p>One</p>") is None
    assert before("released", "<p>Two</p>") == ("released", "<p>One</p>")
    with CaptureQueriesContext(connection) as asked:
        assert before("withdrawn", "<p>Two</p>") is None
    assert len(asked) == 0


def test_times_are_told_as_of_the_moment_given(place, story):
    story.save("<p>One</p>")
    [same_day] = told_of(place, now=NOW).page()
    [later] = told_of(place, now=NOW + 24 * HOUR).page()
    assert (same_day.when, same_day.moment) == ("15:32", "at 15:32")
    assert (later.when, later.moment) == ("2 November 2018, 15:32", "on 2 November 2018, 15:32")


def test_what_has_one_name_is_numbered_the_oldest_first(place, story):
    for seconds in (0, 2, 1, 60):
        PaneVersion.objects.create(
            pane=place.pane(), version=1, kind="saved", text="<p>A</p>", by=place.officer.user,
            at=NOW + datetime.timedelta(seconds=seconds),
        )  # fmt: skip
    versions = told_of(place, now=NOW).page()
    saved = f"{OFFICER}: saved"
    assert [each.name for each in told_apart([*versions, *versions])] == [
        f"14:33, {saved}", f"14:32, {saved} (3)", f"14:32, {saved} (2)", f"14:32, {saved} (1)",
    ]  # fmt: skip
    page = client_of(place, Who.OFFICER).get(HISTORY).text
    options = re.findall(r"<option value=[^>]*>([^<]*)</option>", page)
    # Two lists of the same four.
    assert (len(options), len(set(options))) == (8, 4)


def test_the_list_has_no_numbers_of_its_own(place, story):
    story.save("<p>One</p>")
    page = client_of(place, Who.OFFICER).get(HISTORY).text
    assert not re.search(r"<ol[^>]* (reversed|start)", page)


def test_the_draft_is_cleaned_once(place, story, monkeypatch):
    for text in ("One", "Two", "Three"):
        story.save(f"<p>{text}</p>")
    cleaned = []
    monkeypatch.setattr("commentary.history.shown", lambda html: cleaned.append(html) or html)
    client_of(place, Who.OFFICER).get(HISTORY)
    # Each version, what the latest is compared with, and the draft.
    assert sorted(cleaned) == ["<p>One</p>", "<p>Three</p>", "<p>Three</p>", "<p>Two</p>", "<p>Two</p>"]


def test_a_text_is_cleaned_again_when_it_is_read(place, story):
    story.save("<p>One</p>")
    PaneVersion.objects.update(text="<p>One</p><script>alert(1)</script>")
    assert told_of(place).page()[0].text == "<p>One</p>"


class TestPage:
    def test_the_latest_is_compared_with_the_one_before(self, place, story):
        story.save("<p>The rate rose in March.</p>")
        story.save("<p>The rate fell in March.</p>")
        page = client_of(place, Who.OFFICER).get(HISTORY).text
        assert "<h1>History of the DMBC response</h1>" in page
        assert "Only DMBC can see this page." in page
        assert "<b>1 word added, 1 word removed.</b>" in page
        assert "<del>rose</del>" in page
        assert "<ins>fell</ins>" in page
        assert page.count('<p class="state">The draft now</p>') == 1

    def test_any_two_are_compared(self, place, story):
        for text in ("One", "Two", "Three"):
            story.save(f"<p>{text}</p>")
        one, _, three = PaneVersion.objects.order_by("id").values_list("pk", flat=True)
        page = client_of(place, Who.OFFICER).get(f"{HISTORY}?version={three}&with={one}").text
        assert ("<del>One</del>" in page, "<ins>Three</ins>" in page) == (True, True)
        turned = client_of(place, Who.OFFICER).get(f"{HISTORY}?version={one}&with={three}").text
        assert ("<ins>One</ins>" in turned, "<del>Three</del>" in turned) == (True, True)

    def test_one_alone(self, place, story):
        story.save("<p>One</p>")
        story.save("<p>Two</p>")
        last = PaneVersion.objects.get(text="<p>Two</p>").pk
        page = client_of(place, Who.OFFICER).get(f"{HISTORY}?version={last}&with=none").text
        assert '<div class="text"><p>Two</p></div>' in page
        assert "<ins" not in page

    def test_a_refused_text_is_told_in_plain_words(self, place, story):
        story.save("<p>One</p>")
        with pytest.raises(drafting.StalePane):
            story.save("<p>Late heron</p>", version=0)
        page = client_of(place, Who.OFFICER).get(HISTORY).text
        assert '<h2 id="version-title">Not saved: somebody saved first</h2>' in page
        assert "heron" in page

    @pytest.mark.parametrize(
        "address",
        [
            HISTORY,
            f"{HISTORY}?version={{}}&with={{}}",
            f"{HISTORY}?version={{}}&with=none",
            HISTORY.replace("history", "restore") + "?source={}",
        ],
    )
    def test_nothing_that_runs_is_printed_whatever_is_held(self, place, story, address):
        story.save("<p>One</p>")
        story.save("<p>Two</p>")
        hostile = (
            '<script>alert(1)</script><img src=x onerror=alert(2)><p onclick="x">A<svg onload=alert(3)>b</p>'
            '<a href="javascript:alert(4)">c</a><style>*{}</style><ins onmouseover=x>d</ins><iframe src=x></iframe>'
        )
        PaneVersion.objects.update(text=hostile)
        Pane.objects.filter(pk=place.pane().pk).update(draft=f"{hostile}<p>More</p>")
        ids = PaneVersion.objects.values_list("pk", flat=True)
        page = client_of(place, Who.OFFICER).get(address.format(*ids)).text
        bare = re.sub(r"<script [^>]*src=[^>]*></script>", "", page)
        assert not re.search(r"<script|<img|<iframe|<style|\son\w+=|javascript:|alert", bare)

    def test_nothing_written_yet(self, place):
        page = client_of(place, Who.OFFICER).get(HISTORY).text
        assert "Nothing written yet" in page

    def test_the_list_is_told_in_pages(self, place, story):
        story.save("<p>First</p>")
        PaneVersion.objects.bulk_create(
            PaneVersion(
                pane=place.pane(), version=1, kind="refused", text=f"<p>{number}</p>", by=place.officer.user,
                at=NOW + HOUR + number * datetime.timedelta(minutes=1),
            )
            for number in range(1, 120)
        )  # fmt: skip
        client = client_of(place, Who.OFFICER)
        pages = [client.get(f"{HISTORY}?page={page}").text for page in (1, 2, 3)]
        assert [len(re.findall(r'<li class="entry ', page)) for page in pages] == [50, 50, 20]
        assert [re.search(r"\d+ to \d+ of \d+", page)[0] for page in pages] == [
            "1 to 50 of 120",
            "51 to 100 of 120",
            "101 to 120 of 120",
        ]
        assert ['<li class="entry saved">' in page for page in pages] == [False, False, True]
        for odd in ("0", "-1", "99", "x", "9" * 40):
            assert client.get(HISTORY, {"page": odd}).status_code == 200

    @pytest.mark.parametrize("name", ["version", "with"])
    @pytest.mark.parametrize("value", ["0", "-1", "x", "9" * 18, "9" * 40, "1.5", "١", "1 OR 1=1"])
    def test_what_is_no_version_is_not_known(self, place, story, name, value):
        story.save("<p>One</p>")
        assert client_of(place, Who.OFFICER).get(HISTORY, {name: value}).status_code == 404

    def test_only_its_own_party_gets_the_link(self, place, story):
        story.save("<p>One</p>")
        for who in Who:
            if who is Who.ADMINISTRATOR:
                continue
            page = client_of(place, who).get(MEASURE_PAGE).text
            links = re.findall(r'href="([^"]*/history/)"', page)
            assert links == [HISTORY if who in OWN else HISTORY.replace("commissioner", "provider")]

    def test_a_past_quarter_has_neither_link_nor_history(self, place, story):
        story.save("<p>One heron</p>")
        place.move(State.PAST)
        for who in Who:
            client = client_of(place, who)
            assert "/history/" not in client.get(MEASURE_PAGE).text
            assert client.get(HISTORY).status_code == 404

    @pytest.mark.parametrize("state", [state for state in State if state is not State.PAST])
    def test_its_own_party_reads_it_in_every_state_and_its_writer_restores_while_writing(self, place, story, state):
        story.save("<p>One</p>")
        story.save("<p>Two</p>")
        first = PaneVersion.objects.get(text="<p>One</p>").pk
        place.move(state)
        may_write = {Who.OFFICER: state in (State.SUBMITTED, State.COMMENTARY)}
        for who in OWN:
            response = client_of(place, who).get(f"{HISTORY}?version={first}")
            assert response.status_code == 200
            assert ("Restore this text" in response.text) is may_write.get(who, False)


def unmarked(response):
    return re.sub(r'(nonce|name="csrfmiddlewaretoken" value)="[^"]*"', "", response.text)


@pytest.mark.parametrize("who", [who for who in Who if who not in OWN])
@pytest.mark.parametrize("query", ["", "?version=1", "?version=1&with=none", "?page=2"])
def test_for_everybody_else_it_is_an_address_that_does_not_exist(place, story, who, query):
    client = client_of(place, who)
    nothing = client.get(HISTORY.replace("commissioner", "nobody") + query)
    answers = [client.get(HISTORY + query)]
    story.save("<p>One heron</p>")
    story.release()
    answers.append(client.get(HISTORY + query))
    assert [answer.status_code for answer in (nothing, *answers)] == [404] * 3
    assert [unmarked(answer) for answer in answers] == [unmarked(nothing)] * 2


def test_a_stranger_learns_nothing(place, story, elsewhere):
    story.save("<p>One</p>")
    client = Client()
    client.force_login(elsewhere.officer.user)
    assert client.get(HISTORY).status_code == 404


def test_a_pane_of_another_measure_quarter_or_party_is_not_known(place):
    client = client_of(place, Who.OFFICER)
    for address in (
        HISTORY.replace("b8", "none"), HISTORY.replace("2018-Q2", "2018-Q3"), HISTORY.replace("commissioner", "x"),
        HISTORY.replace("childrens-services", "leisure"),
    ):  # fmt: skip
        assert client.get(address).status_code == 404


# Session, reader, membership, quarters; the pane with its measure and cycle; how many versions; those of the page with
# their authors; the one before the latest. Where two are chosen, these two.
QUERIES = 8


@pytest.mark.parametrize("number", [1, 3])
def test_the_number_of_queries_is_fixed(place, story, number):
    for text in range(number):
        story.save(f"<p>Old {text}</p>")
        story.save(f"<p>{text}</p>", by=another_officer(place) if text == 0 else None)
        story.release()
        story.restore(PaneVersion.objects.order_by("id").first().pk)
    for who in OWN:
        client = client_of(place, who)
        client.get(HISTORY)
        with CaptureQueriesContext(connection) as asked:
            assert client.get(HISTORY).status_code == 200
        assert len(asked) == QUERIES
        chosen = [row.pk for row in PaneVersion.objects.order_by("id")[:2]]
        with CaptureQueriesContext(connection) as asked:
            assert client.get(f"{HISTORY}?version={chosen[1]}&with={chosen[0]}").status_code == 200
        assert len(asked) == QUERIES + 1


def test_the_pane_at_an_address(place, elsewhere):
    q2 = Quarter.parse("Q2 2018/19")
    assert panes.pane_at(place.officer, q2, "b8", Party.PROVIDER) == place.pane(Party.PROVIDER)
    assert panes.pane_at(elsewhere.officer, q2, "b8", Party.PROVIDER) == elsewhere.pane(Party.PROVIDER)
    for wrong in ((q2.next, "b8", Party.PROVIDER), (q2, "a1", Party.PROVIDER), (q2, "b8", "nobody")):
        with pytest.raises(NotKnown):
            panes.pane_at(place.officer, *wrong)
