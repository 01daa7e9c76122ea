import datetime
import re

import pytest
from django.contrib.messages import get_messages
from django.test import Client

from accounts.denial import Denied, NotKnown, Published, WrongState
from accounts.models import AuditEntry, Membership
from accounts.roles import Party, Who
from accounts.viewer import Viewer
from commentary import drafting
from commentary.models import PaneVersion
from measures.states import State
from tests import factories

NOW = datetime.datetime(2018, 11, 2, 14, 32, tzinfo=datetime.UTC)
MINUTE = datetime.timedelta(minutes=1)
HOUR = datetime.timedelta(hours=1)
MEASURE_PAGE = "/c/childrens-services/2018-Q2/m/b8/"
HISTORY = f"{MEASURE_PAGE}pane/commissioner/history/"
ADDRESS = f"{MEASURE_PAGE}pane/commissioner/restore/"


def save(place, text, version=0, now=NOW, by=None, party=Party.COMMISSIONER):
    by = by or (place.officer if party == Party.COMMISSIONER else place.analyst)
    return drafting.save(by=by, pane=place.pane(party), text=text, version=version, now=now)


def restore(place, source, version=2, now=NOW + 2 * HOUR, by=None):
    return drafting.restore(by=by or place.officer, pane=place.pane(), source=source, version=version, now=now)


def rows(place):
    found = PaneVersion.objects.filter(pane=place.pane()).order_by("id")
    return list(found.values_list("version", "kind", "text", "is_open", "restored_from"))


def another_officer(place):
    user = factories.make_user("Second Officer")
    Membership.objects.create(user=user, contract=place.contract, party="commissioner", role="officer")
    return Viewer(user, place.contract, Who.OFFICER)


@pytest.fixture
def first(place):
    """Two closed versions apart by an hour; the id of the first."""
    save(place, "<p>First</p>")
    save(place, "<p>Second</p>", 1, now=NOW + HOUR)
    return PaneVersion.objects.get(text="<p>First</p>").pk


class TestWrite:
    def test_it_is_a_version_of_its_own_and_closes_the_open_row(self, place, first):
        held = restore(place, first)
        assert (held.draft, held.version, held.saved_by, held.saved_at) == (
            "<p>First</p>", 3, place.officer.user, NOW + 2 * HOUR,
        )  # fmt: skip
        assert rows(place) == [
            (1, "saved", "<p>First</p>", False, None),
            (2, "saved", "<p>Second</p>", False, None),
            (3, "saved", "<p>First</p>", False, first),
        ]

    def test_what_is_saved_next_leaves_the_restored_text_in_the_record(self, place, first):
        restore(place, first)
        save(place, "<p>Third</p>", 3, now=NOW + 2 * HOUR + MINUTE)
        assert [(text, is_open) for _, _, text, is_open, _ in rows(place)] == [
            ("<p>First</p>", False), ("<p>Second</p>", False), ("<p>First</p>", False), ("<p>Third</p>", True),
        ]  # fmt: skip

    def test_it_writes_no_audit_entry_and_leaves_the_released_text(self, place, first):
        drafting.release(by=place.officer, pane=place.pane(), version=2, now=NOW + HOUR)
        before = AuditEntry.objects.count()
        held = restore(place, first)
        assert (held.released, held.released_version, held.released_at) == ("<p>Second</p>", 2, NOW + HOUR)
        assert AuditEntry.objects.count() == before

    def test_the_text_that_is_held_changes_nothing(self, place, first):
        second = PaneVersion.objects.get(text="<p>Second</p>").pk
        before = rows(place)
        for version in (2, 1, 99):
            held = restore(place, second, version=version)
            assert (held.version, held.saved_at) == (2, NOW + HOUR)
        assert rows(place) == before

    @pytest.mark.parametrize("version", [0, 1, 3])
    def test_a_stale_version_keeps_nothing_new(self, place, first, version):
        before = rows(place)
        with pytest.raises(drafting.StalePane) as stale:
            restore(place, first, version=version)
        assert stale.value.sentence == (
            "Nothing was restored. Officer of childrens-services saved this text at 15:32 after you opened it: "
            "read it first."
        )
        assert stale.value.refused is None
        assert (place.pane().draft, place.pane().version) == ("<p>Second</p>", 2)
        assert rows(place) == before

    @pytest.mark.parametrize("kind", ["refused", "released", "withdrawn"])
    def test_whatever_stands_in_the_history_can_be_restored(self, place, first, kind):
        row = PaneVersion.objects.create(
            pane=place.pane(), version=1, kind=kind, text="<p>Kept</p>", by=place.officer.user, at=NOW
        )
        assert restore(place, row.pk).draft == "<p>Kept</p>"

    def test_what_was_stored_before_the_rules_grew_stricter_is_cleaned(self, place, first):
        PaneVersion.objects.filter(pk=first).update(text="<p>Kept</p><script>alert(1)</script>")
        assert restore(place, first).draft == "<p>Kept</p>"

    def test_an_empty_text_can_be_restored(self, place, first):
        PaneVersion.objects.filter(pk=first).update(text="")
        assert (restore(place, first).draft, place.pane().version) == ("", 3)

    def test_not_a_text_of_another_pane(self, place, first):
        save(place, "<p>Theirs</p>", party=Party.PROVIDER)
        theirs = PaneVersion.objects.get(text="<p>Theirs</p>").pk
        for source in (theirs, theirs + 1000, 0, -1):
            with pytest.raises(NotKnown):
                restore(place, source)
        assert place.pane().version == 2

    @pytest.mark.parametrize("who", [Who.ANALYST, Who.COMMISSIONER_DIRECTOR, Who.ADMINISTRATOR])
    def test_only_by_who_may_write(self, place, first, who):
        with pytest.raises(Denied):
            restore(place, first, by=place.people[who])
        assert place.pane().version == 2

    @pytest.mark.parametrize(("state", "error"), [(State.AGREED, WrongState), (State.PUBLISHED, Published)])
    def test_only_while_it_may_be_written(self, place, first, state, error):
        place.move(state)
        with pytest.raises(error):
            restore(place, first)

    def test_a_member_of_another_contract_does_not_learn_of_it(self, place, first, elsewhere):
        with pytest.raises(NotKnown):
            restore(place, first, by=elsewhere.officer)


@pytest.fixture
def client(place):
    client = Client()
    client.force_login(place.officer.user)
    return client


def unmarked(response):
    """Without the nonce and the form's token, which differ on every request."""
    return re.sub(r'(nonce|name="csrfmiddlewaretoken" value)="[^"]*"', "", response.text)


def said(response):
    return [str(message) for message in get_messages(response.wsgi_request)]


class TestPage:
    def test_it_shows_what_would_change_before_it_does(self, client, place, first):
        page = client.get(f"{ADDRESS}?source={first}").text
        assert "<h1>Restore this text as the draft?</h1>" in page
        assert "<del>Second</del>" in page
        assert "<ins>First</ins>" in page
        assert f'<input type="hidden" name="source" value="{first}" autocomplete="off">' in page
        assert '<input type="hidden" name="version" value="2" autocomplete="off">' in page
        assert "DCST reads does not change" in page
        assert place.pane().version == 2

    def test_of_the_text_that_is_held_there_is_nothing_to_restore(self, client, place, first):
        second = PaneVersion.objects.get(text="<p>Second</p>").pk
        page = client.get(f"{ADDRESS}?source={second}").text
        assert "Nothing changed." in page
        assert '<button class="button">Restore' not in page

    def test_restored_and_said(self, client, place, first):
        response = client.post(ADDRESS, {"source": first, "version": "2"})
        assert (response.status_code, response["Location"]) == (302, MEASURE_PAGE)
        assert said(response) == ["Restored as the draft. DCST cannot read it until you release it."]
        assert place.pane().draft == "<p>First</p>"

    def test_what_the_other_party_reads_is_said(self, client, place, first):
        drafting.release(by=place.officer, pane=place.pane(), version=2, now=NOW + HOUR)
        response = client.post(ADDRESS, {"source": first, "version": "2"})
        assert said(response) == ["Restored as the draft. DCST still reads the text released before."]

    def test_twice_is_once(self, client, place, first):
        for _ in range(2):
            response = client.post(ADDRESS, {"source": first, "version": "2"})
            assert response.status_code == 302
            assert said(response)[-1].startswith("Restored as the draft.")
        assert place.pane().version == 3

    def test_the_text_that_is_held_is_said(self, client, place, first):
        second = PaneVersion.objects.get(text="<p>Second</p>").pk
        response = client.post(ADDRESS, {"source": second, "version": "2"})
        assert said(response) == ["Nothing was changed: this is the text that is held already."]
        assert place.pane().version == 2

    def test_a_stale_version_is_a_conflict_in_words(self, client, place, first):
        save(place, "<p>Third</p>", 2, now=NOW + HOUR + MINUTE, by=another_officer(place))
        response = client.post(ADDRESS, {"source": first, "version": "2"})
        assert response.status_code == 409
        assert "Nothing was restored. Second Officer saved this text" in response.text
        assert place.pane().draft == "<p>Third</p>"

    def test_the_text_of_another_pane_is_not_known(self, client, place, first):
        save(place, "<p>Theirs heron</p>", party=Party.PROVIDER)
        theirs = PaneVersion.objects.get(text="<p>Theirs heron</p>").pk
        known, unknown = (
            client.post(ADDRESS, {"source": source, "version": "2"}) for source in (theirs, theirs + 1000)
        )
        assert (known.status_code, unmarked(known)) == (404, unmarked(unknown))
        pages = [client.get(f"{HISTORY}?{name}={theirs}") for name in ("version", "with")]
        pages.append(client.get(f"{ADDRESS}?source={theirs}"))
        assert [page.status_code for page in pages] == [404] * 3
        assert place.pane().version == 2

    @pytest.mark.parametrize("source", ["", "x", "-1", "0", "1.5", "9" * 30])
    @pytest.mark.parametrize("version", ["2", "x"])
    def test_what_is_no_number_is_said(self, client, place, first, source, version):
        response = client.post(ADDRESS, {"source": source, "version": version})
        assert (response.status_code, response["Location"]) == (302, HISTORY)
        assert said(response) == ["Nothing was restored: the page did not say which text. Choose one from the history."]
        assert place.pane().version == 2

    def test_no_fields_at_all(self, client, place, first):
        assert client.post(ADDRESS)["Location"] == HISTORY

    @pytest.mark.parametrize("who", [Who.COMMISSIONER_DIRECTOR, Who.ANALYST])
    def test_others_may_not(self, place, first, who):
        client = Client()
        client.force_login(place.people[who].user)
        assert client.post(ADDRESS, {"source": first, "version": "2"}).status_code == 403
        assert client.get(f"{ADDRESS}?source={first}").status_code == 403
        assert place.pane().version == 2

    @pytest.mark.parametrize("who", [Who.COMMISSIONER_DIRECTOR, Who.ANALYST, Who.PROVIDER_DIRECTOR])
    def test_others_get_the_same_page_whatever_there_is(self, place, who):
        client = Client()
        client.force_login(place.people[who].user)
        addresses = [f"{ADDRESS}{query}" for query in ("", "?source=1", "?source=x")]
        before = [unmarked(client.get(address)) for address in addresses]
        save(place, "<p>First heron</p>")
        drafting.release(by=place.officer, pane=place.pane(), version=1, now=NOW)
        assert [unmarked(client.get(address)) for address in addresses] == before

    @pytest.mark.parametrize(("state", "status"), [(State.AGREED, 409), (State.PUBLISHED, 423), (State.PAST, 409)])
    def test_it_asks_only_while_it_may_be_written(self, client, place, first, state, status):
        place.move(state)
        assert client.get(f"{ADDRESS}?source={first}").status_code == status

    @pytest.mark.parametrize("query", ["", "?source="])
    def test_without_a_text_the_question_leads_to_the_history(self, client, first, query):
        response = client.get(f"{ADDRESS}{query}")
        assert (response.status_code, response["Location"]) == (302, HISTORY)

    @pytest.mark.parametrize("source", ["0", "-1", "x", "9" * 18, "9" * 40, "1.5", "١", "1 OR 1=1"])
    def test_of_what_is_no_version_nothing_is_asked(self, client, first, source):
        assert client.get(ADDRESS, {"source": source}).status_code == 404

    def test_a_text_stored_when_more_was_allowed_is_said(self, client, place, first):
        PaneVersion.objects.filter(pk=first).update(text="a" * 60_000)
        response = client.post(ADDRESS, {"source": first, "version": "2"})
        assert (response.status_code, response["Location"]) == (302, MEASURE_PAGE)
        assert said(response)[0].startswith("Nothing was restored. The text is 60,000 characters long")
        assert place.pane().draft == "<p>Second</p>"

    def test_a_pane_that_does_not_exist(self, client, place, first):
        for address in (ADDRESS.replace("b8", "a1"), ADDRESS.replace("commissioner", "nobody")):
            assert client.post(address, {"source": first, "version": "2"}).status_code == 404
