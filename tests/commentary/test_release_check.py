"""The page that asks before a text with such passages is released. Every person in it is invented."""

import logging
import re

import pytest
from django.contrib.messages import get_messages
from django.test import Client

from accounts.models import AuditEntry
from accounts.roles import Party, Who
from commentary.models import Pane, PaneVersion
from measures.states import State

PAGE = "/c/childrens-services/2018-Q2/m/b8/"
NAMING = "<p>One case explains it. Kayleigh, aged 15, waited for a bed &amp; a school.</p>"
HONEST = "<p>One young person waited for a bed.</p>"


def client_of(place, who):
    client = Client()
    client.force_login(place.people[who].user)
    return client


@pytest.fixture
def officer(place):
    return client_of(place, Who.OFFICER)


def post(client, act, party="commissioner", **fields):
    return client.post(f"{PAGE}pane/{party}/{act}/", fields)


def ask(client, party="commissioner", **fields):
    """The page that a POST leads to."""
    response = post(client, "release", party, **fields)
    assert (response.status_code, response["Location"]) == (303, asked_at(fields["version"], party))
    return client.get(response["Location"])


def asked_at(version, party="commissioner"):
    return f"{PAGE}pane/{party}/release/?version={version}"


def write(client, text, version=0, party="commissioner"):
    assert post(client, "save", party, text=text, version=version).json()["version"] == version + 1


def seen_in(response):
    return re.search(r'name="seen" value="([0-9a-f]{64})"', response.content.decode()).group(1)


def said(response):
    return [str(message) for message in get_messages(response.wsgi_request)]


def unmarked(content):
    return re.sub(rb'(nonce|name="csrfmiddlewaretoken" value)="[^"]*"', b"", content)


def is_released(place, party=Party.COMMISSIONER):
    return place.pane(party).released is not None


class TestAsked:
    def test_an_honest_text_is_released_at_once(self, place, officer):
        write(officer, HONEST)
        response = post(officer, "release", version=1)
        assert (response.status_code, response["Location"]) == (302, PAGE)
        assert said(response) == ["Released. DCST can read the text now."]
        assert place.pane().released == HONEST

    def test_a_text_that_may_name_a_child_is_not_released_unasked(self, place, officer):
        write(officer, NAMING)
        before = AuditEntry.objects.count(), PaneVersion.objects.count()
        response = ask(officer, version=1)
        assert response.status_code == 200
        assert response["Cache-Control"] == "no-store"
        assert (is_released(place), place.pane().version) == (False, 1)
        assert (AuditEntry.objects.count(), PaneVersion.objects.count()) == before
        page = response.content.decode()
        assert "One passage in your text may tell who a child is." in page
        assert "Nothing has been released, and your draft is saved. DCST does not see this page." in page
        assert "One case explains it. <mark>Kayleigh, aged 15</mark>, waited for a bed &amp; a school." in page
        assert "<h2>A name with an age or a date of birth</h2>" in page
        assert "<p>Together they can point to one child.</p>" in page
        assert f'<a class="button" href="{PAGE}#pane-commissioner">Go back and change the text</a>' in page
        assert "Release to DCST anyway</button>" in page
        assert '<input type="hidden" name="version" value="1" autocomplete="off">' in page

    def test_anyway_releases(self, place, officer):
        write(officer, NAMING)
        seen = seen_in(ask(officer, version=1))
        response = post(officer, "release", version=1, seen=seen)
        assert (response.status_code, response["Location"]) == (302, PAGE)
        assert said(response) == ["Released. DCST can read the text now."]
        assert place.pane().released == NAMING
        assert "Kayleigh, aged 15" in client_of(place, Who.ANALYST).get(PAGE).content.decode()

    def test_the_provider_is_asked_too(self, place):
        analyst = client_of(place, Who.ANALYST)
        write(analyst, NAMING, party="provider")
        page = ask(analyst, "provider", version=1)
        assert "Release to DMBC anyway" in page.content.decode()
        assert not is_released(place, Party.PROVIDER)
        post(analyst, "release", "provider", version=1, seen=seen_in(page))
        assert is_released(place, Party.PROVIDER)

    def test_other_passages_are_asked_about_again(self, place, officer):
        write(officer, NAMING)
        seen = seen_in(ask(officer, version=1))
        write(officer, NAMING.replace("</p>", " Reece, 12, too.</p>"), version=1)
        response = ask(officer, version=2, seen=seen)
        assert "2 passages in your text may tell who a child is." in response.content.decode()
        assert not is_released(place)
        post(officer, "release", version=2, seen=seen_in(response))
        assert is_released(place)

    def test_the_same_passages_in_another_sentence_were_seen(self, place, officer):
        write(officer, NAMING)
        seen = seen_in(ask(officer, version=1))
        write(officer, NAMING.replace("a bed", "weeks"), version=1)
        assert post(officer, "release", version=2, seen=seen).status_code == 302
        assert is_released(place)

    def test_once_the_text_is_changed_nothing_is_asked(self, place, officer):
        write(officer, NAMING)
        post(officer, "release", version=1)
        write(officer, HONEST, version=1)
        assert post(officer, "release", version=2).status_code == 302
        assert place.pane().released == HONEST

    @pytest.mark.parametrize("seen", ["", "1", "true", "0" * 64, "x" * 64, "a" * 5000, "é" * 64])
    def test_only_the_digest_counts(self, place, officer, seen):
        write(officer, NAMING)
        assert ask(officer, version=1, seen=seen).status_code == 200
        assert not is_released(place)

    def test_a_withdrawn_text_is_asked_about_again(self, place, officer):
        write(officer, NAMING)
        post(officer, "release", version=1, seen=seen_in(ask(officer, version=1)))
        assert post(officer, "release", version=1).status_code == 302, "released already: nothing would change"
        post(officer, "withdraw", released_version=1)
        assert ask(officer, version=1).status_code == 200
        assert not is_released(place)


class TestAskedAgain:
    """The question is a page: loaded again, come back to after signing in, or typed."""

    def test_loaded_again_it_asks_again(self, place, officer):
        write(officer, NAMING)
        page = unmarked(ask(officer, version=1).content)
        assert unmarked(officer.get(asked_at(1)).content) == page
        assert unmarked(officer.get(asked_at(1).partition("?")[0]).content) == page
        assert not is_released(place)

    def test_after_signing_in(self, place, officer):
        write(officer, NAMING)
        away = Client().get(asked_at(1))["Location"]
        assert away == f"/accounts/sign-in/?next={PAGE}pane/commissioner/release/%3Fversion%3D1"

    def test_a_text_saved_meanwhile_is_read_first(self, place, officer):
        write(officer, NAMING)
        write(officer, NAMING.replace("15", "16"), version=1)
        response = officer.get(asked_at(1))
        assert (response.status_code, response["Location"]) == (302, PAGE)
        assert said(response) == ["Nothing was released. The text was changed after you opened it: read it first."]

    @pytest.mark.parametrize("text", [HONEST, None])
    def test_where_nothing_is_asked_it_leads_to_the_measure(self, place, officer, text):
        write(officer, text or NAMING)
        if text is None:
            post(officer, "release", version=1, seen=seen_in(ask(officer, version=1)))
            officer.get(PAGE)
        for query in ("", "?version=1", "?version=x"):
            response = officer.get(asked_at(1).partition("?")[0] + query)
            assert (response.status_code, response["Location"], said(response)) == (302, PAGE, [])

    def test_what_the_other_party_reads_still(self, place, officer):
        write(officer, HONEST)
        post(officer, "release", version=1)
        Pane.objects.filter(party=Party.COMMISSIONER).update(released_at="2018-11-02T10:00Z")
        write(officer, NAMING, version=1)
        page = ask(officer, version=2).content.decode()
        assert "Nothing new has been released; DCST still reads the text of 2 November 2018." in page
        assert "Nothing has been released" not in page
        post(officer, "withdraw", released_version=1)
        assert "Nothing has been released, and your draft is saved." in ask(officer, version=2).content.decode()

    @pytest.mark.parametrize("who", [who for who in Who if who is not Who.OFFICER])
    def test_nobody_else_is_shown_it(self, place, officer, who):
        client, answers = client_of(place, who), []
        for version, text in enumerate((HONEST, NAMING)):
            write(officer, text, version=version)
            answers.append(client.get(asked_at(version + 1)))
        assert {answer.status_code for answer in answers} <= {403, 404}
        assert unmarked(answers[0].content) == unmarked(answers[1].content)


class TestAsBefore:
    def test_a_stale_version_is_stale_with_or_without_passages(self, place, officer):
        write(officer, NAMING)
        seen = seen_in(ask(officer, version=1))
        write(officer, NAMING.replace("15", "16"), version=1)
        for fields in ({}, {"seen": seen}):
            response = post(officer, "release", version=1, **fields)
            assert response.status_code == 409
            assert "Nothing was released." in response.content.decode()
        assert not is_released(place)

    def test_a_version_that_is_none(self, place, officer):
        write(officer, NAMING)
        response = post(officer, "release", version="x")
        assert response.status_code == 302
        assert said(response) == ["The page did not say which text you saw. Open it again; copy your text first."]

    def test_an_empty_text(self, officer):
        response = post(officer, "release", version=0)
        assert said(response) == ["There is nothing to release yet. Write and save a text first."]

    @pytest.mark.parametrize(("state", "status"), [(State.AGREED, 409), (State.PUBLISHED, 423)])
    def test_the_wrong_state_is_said_first(self, place, officer, state, status):
        write(officer, NAMING)
        place.move(state)
        response = post(officer, "release", version=1)
        assert response.status_code == status
        assert b"Kayleigh" not in response.content

    def test_without_a_token(self, place):
        client = Client(enforce_csrf_checks=True)
        client.force_login(place.officer.user)
        write(client_of(place, Who.OFFICER), NAMING)
        assert post(client, "release", version=1).status_code == 403
        assert not is_released(place)


class TestNobodyElse:
    @pytest.mark.parametrize("who", [who for who in Who if who is not Who.OFFICER])
    def test_others_are_not_asked_but_refused(self, place, officer, who):
        write(officer, NAMING)
        response = post(client_of(place, who), "release", version=1)
        assert response.status_code in (403, 404)
        assert b"Kayleigh" not in response.content
        assert not is_released(place)

    def test_the_other_party_sees_the_same_before_and_after_the_question(self, place, officer):
        analyst = client_of(place, Who.ANALYST)
        write(officer, HONEST)
        paths = (PAGE, "/c/childrens-services/2018-Q2/")
        before = [unmarked(analyst.get(path).content) for path in paths]
        write(officer, NAMING, version=1)
        post(officer, "release", version=2)
        assert [unmarked(analyst.get(path).content) for path in paths] == before

    def test_whether_a_warning_was_overridden_is_stored_nowhere(self, place, officer):
        def kept():
            versions = list(PaneVersion.objects.values_list("kind", "is_open", "version"))
            entry = AuditEntry.objects.order_by("-id").first()
            return versions, entry.act, sorted(entry.new), list(officer.session.keys())

        write(officer, HONEST)
        post(officer, "release", version=1)
        honest = kept()
        PaneVersion.objects.all().delete()
        Pane.objects.update(
            released=None, released_version=None, released_at=None, released_by=None, version=0, saved_at=None, draft=""
        )
        write(officer, NAMING)
        post(officer, "release", version=1, seen=seen_in(ask(officer, version=1)))
        assert kept() == honest

    def test_a_passage_goes_into_no_log_audit_entry_address_or_message(self, place, officer, caplog):
        caplog.set_level(logging.DEBUG)
        write(officer, NAMING)
        seen = seen_in(ask(officer, version=1))
        answers = [
            *(post(officer, "release", version=1, seen=each) for each in ("", "x")),
            post(officer, "release", version=1, seen=seen),
        ]
        # What the test client's own database log says is the statement that stores the draft.
        logged = [record.getMessage() for record in caplog.records if not record.name.startswith("django.db")]
        told = [*logged, *(answer.get("Location", "") for answer in answers), *said(answers[-1])]
        rows = AuditEntry.objects.values_list("act", "object", "old", "new")
        for token in ("Kayleigh", seen):
            assert [each for each in told if token in each] == []
            assert [row for row in rows if token in str(row)] == []


class TestThePage:
    def test_everything_is_escaped(self, officer):
        write(
            officer,
            "<p>&lt;script&gt;alert(1)&lt;/script&gt; O&#39;Neil &amp; Kayleigh, aged 15 &lt;b onclick=1&gt;</p>",
        )
        page = ask(officer, version=1).content.decode()
        assert "&lt;script&gt;alert(1)&lt;/script&gt; O&#x27;Neil &amp; <mark>Kayleigh, aged 15</mark>" in page
        assert "&lt;b onclick=1&gt;" in page
        assert ("<script>alert" in page, "<b onclick" in page) == (False, False)

    def test_a_passage_stands_in_its_line_alone(self, officer):
        line = "Before. " * 30 + "Kayleigh, aged 15, and " + "after " * 30
        write(officer, f"<p>Another line.</p><p>{line}</p><p>A third.</p>")
        page = ask(officer, version=1).content.decode()
        before, after = re.search(r"<blockquote>(.*?)<mark>Kayleigh, aged 15</mark>(.*?)</blockquote>", page).groups()
        assert (before.startswith("… Before."), after.endswith("after …")) == (True, True)
        assert max(len(before), len(after)) <= 92
        assert ("Another line" in page, "A third" in page) == (False, False)

    def test_many_passages_are_counted(self, officer):
        write(officer, "".join(f"<p>Kayleigh, aged {age}.</p>" for age in range(5, 18)) * 3)
        page = ask(officer, version=1).content.decode()
        assert "39 passages in your text may tell who a child is." in page
        assert (page.count("<mark>"), "And 14 more." in page) == (25, True)
