import re

import pytest
from django.contrib.messages import get_messages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from accounts.models import AuditEntry, Membership
from accounts.roles import Party, Who
from commentary.models import Pane, PaneVersion
from measures.quarters import Quarter
from measures.states import State
from tests import factories

MEASURE_PAGE = "/c/childrens-services/2018-Q2/m/b8/"
WRITER = {Party.COMMISSIONER: Who.OFFICER, Party.PROVIDER: Who.ANALYST}


def address(act, party="commissioner", contract="childrens-services", quarter="2018-Q2", measure="b8"):
    return f"/c/{contract}/{quarter}/m/{measure}/pane/{party}/{act}/"


def client_of(place, who):
    client = Client()
    client.force_login(place.people[who].user)
    return client


@pytest.fixture
def officer(place):
    return client_of(place, Who.OFFICER)


@pytest.fixture
def analyst(place):
    return client_of(place, Who.ANALYST)


def unmarked(content):
    """Without what differs on every request: the nonce of scripts and the token of forms."""
    return re.sub(rb'(nonce|name="csrfmiddlewaretoken" value)="[^"]*"', b"", content)


def said(response):
    return [str(message) for message in get_messages(response.wsgi_request)]


def test_the_addresses():
    args = ["childrens-services", Quarter.parse("Q2 2018/19"), "b8", "provider"]
    assert reverse("pane-save", args=args) == address("save", "provider")
    assert reverse("pane-release", args=args) == address("release", "provider")
    assert reverse("pane-withdraw", args=args) == address("withdraw", "provider")


class TestThePage:
    def test_the_released_version_goes_with_a_withdrawal(self, place, officer, analyst):
        field = '<input type="hidden" name="released_version" value="1" autocomplete="off">'
        officer.post(address("save"), {"text": "<p>A</p>", "version": "0"})
        assert 'name="released_version"' not in officer.get(MEASURE_PAGE).content.decode()
        officer.post(address("release"), {"version": "1"})
        officer.post(address("save"), {"text": "<p>B</p>", "version": "1"})
        assert officer.get(MEASURE_PAGE).content.decode().count(field) == 1
        assert 'name="released_version"' not in analyst.get(MEASURE_PAGE).content.decode()

    @pytest.mark.parametrize("who", [Who.OFFICER, Who.ANALYST])
    def test_a_measure_added_later_has_no_editor(self, place, who):
        factories.make_measure(place.contract, "B9")
        page = client_of(place, who).get(MEASURE_PAGE.replace("b8", "b9")).content.decode()
        assert "data-pane" not in page
        assert page.count("No commentary in this quarter") == 2
        assert page.count("This measure was added after Q2 2018/19 was opened") == 1

    def test_headings_are_offered_to_the_commissioner_until_they_are_there(self, place, officer, analyst):
        assert "Add headings" not in analyst.get(MEASURE_PAGE).content.decode()
        offer = (
            'data-headings="The story behind the data|What is happening next" '
            'aria-label="Add headings: The story behind the data, What is happening next" disabled'
        )
        assert f"{offer}>" in officer.get(MEASURE_PAGE).content.decode()
        text = "<h3>The story behind the data</h3><p>A</p><h3>What is happening next</h3>"
        officer.post(address("save"), {"text": text, "version": "0"})
        assert f"{offer} hidden>" in officer.get(MEASURE_PAGE).content.decode()


class TestSave:
    def test_the_answer_holds_what_is_stored(self, place, officer):
        response = officer.post(address("save"), {"text": "<p>A</p><script>1</script>", "version": "0"})
        assert response.status_code == 200
        answer = response.json()
        assert re.fullmatch(r"\d\d:\d\d", answer.pop("saved"))
        assert answer == {"version": 1, "html": "<p>A</p>"}
        assert place.pane().draft == "<p>A</p>"
        assert response["Cache-Control"] == "no-store"

    def test_a_stale_save_answers_with_both_texts(self, place, officer):
        second = factories.make_user("Second Officer")
        Membership.objects.create(user=second, contract=place.contract, party="commissioner", role="officer")
        other = Client()
        other.force_login(second)
        other.post(address("save"), {"text": "<p>Theirs</p>", "version": "0"})
        response = officer.post(address("save"), {"text": "<p>Mine</p>", "version": "0"})
        assert response.status_code == 409
        answer = response.json()
        saved = answer["held"].pop("saved")
        assert answer == {
            "message": f"Second Officer saved this text at {saved} after you opened it. Both texts are kept: choose.",
            "held": {"version": 1, "html": "<p>Theirs</p>", "by": "Second Officer"},
            "refused": "<p>Mine</p>",
            "compared": {
                "mine": '<p><span class="visually-hidden">Only in this text: </span><ins>Mine</ins></p>',
                "theirs": '<p><span class="visually-hidden">Only in this text: </span><del>Theirs</del></p>',
                "marked": True,
            },
            "together": "<p>Theirs</p><p>Mine</p>",
        }
        assert PaneVersion.objects.get(kind="refused").text == "<p>Mine</p>"

    def test_texts_that_differ_in_spaces_alone_have_no_marks(self, place, officer):
        officer.post(address("save"), {"text": "<p>One two</p>", "version": "0"})
        answer = officer.post(address("save"), {"text": "<p>One  two</p>", "version": "0"}).json()
        assert answer["compared"] == {"mine": "<p>One  two</p>", "theirs": "<p>One two</p>", "marked": False}

    def test_a_held_text_is_cleaned_again_on_its_way_to_the_editor(self, place, officer):
        officer.post(address("save"), {"text": "<p>A</p>", "version": "0"})
        Pane.objects.filter(pk=place.pane().pk).update(draft="<p>A</p><script>1</script>")
        answer = officer.post(address("save"), {"text": "<p>B</p>", "version": "0"}).json()
        assert answer["held"]["html"] == "<p>A</p>"

    def test_headings_are_compared_below_those_of_the_dialog_and_kept_as_they_are(self, place, officer):
        officer.post(address("save"), {"text": "<h3>Theirs</h3>", "version": "0"})
        answer = officer.post(address("save"), {"text": "<h3>Mine</h3>", "version": "0"}).json()
        for text in (answer["compared"]["mine"], answer["compared"]["theirs"]):
            assert (text.startswith("<h4>"), "h3" in text) == (True, False)
        assert answer["together"] == "<h3>Theirs</h3><h3>Mine</h3>"
        assert (answer["held"]["html"], answer["refused"]) == ("<h3>Theirs</h3>", "<h3>Mine</h3>")

    def test_a_text_too_long_is_refused_and_not_stored(self, place, officer):
        response = officer.post(address("save"), {"text": "a" * 60_000, "version": "0"})
        assert response.status_code == 422
        assert response.json() == {
            "message": "The text is 60,000 characters long, formatting included. At most 50,000 can be stored."
        }
        assert (place.pane().version, PaneVersion.objects.count()) == (0, 0)

    @pytest.mark.parametrize("version", ["", "x", "-1", "1.5", "10000000000", "NaN"])
    def test_a_version_that_is_none_is_refused(self, place, officer, version):
        response = officer.post(address("save"), {"text": "<p>A</p>", "version": version})
        assert response.status_code == 422
        assert response.json() == {
            "message": "The page did not say which text you saw. Open it again; copy your text first."
        }
        assert place.pane().version == 0

    def test_no_fields_at_all(self, officer):
        assert officer.post(address("save")).status_code == 422

    def test_no_text_empties_no_draft(self, place, officer):
        officer.post(address("save"), {"text": "<p>A</p>", "version": "0"})
        file = SimpleUploadedFile("text", b"<p>B</p>")
        for fields in ({"version": "1"}, {"version": "1", "Text": "<p>B</p>"}, {"version": "1", "text": file}):
            response = officer.post(address("save"), fields)
            assert response.status_code == 422
            assert response.json() == {
                "message": "The page did not send a text. Nothing was changed: copy your text and open it again."
            }
        assert (place.pane().draft, place.pane().version, PaneVersion.objects.count()) == ("<p>A</p>", 1, 1)

    def test_an_empty_text_empties_it(self, place, officer):
        officer.post(address("save"), {"text": "<p>A</p>", "version": "0"})
        assert officer.post(address("save"), {"text": "", "version": "1"}).status_code == 200
        assert place.pane().draft == ""

    @pytest.mark.parametrize(
        ("state", "status"), [(State.OPEN, 409), (State.AGREED, 409), (State.PUBLISHED, 423), (State.PAST, 409)]
    )
    def test_the_wrong_state_is_said(self, place, officer, state, status):
        place.move(state)
        response = officer.post(address("save"), {"text": "<p>A</p>", "version": "0"})
        assert response.status_code == status
        assert set(response.json()) == {"message"}
        assert place.pane().version == 0

    def test_signed_out_nothing_is_stored(self, place):
        response = Client().post(address("save"), {"text": "<p>A</p>", "version": "0"})
        assert response.status_code == 302
        assert place.pane().version == 0

    def test_without_a_token_nothing_is_stored(self, place):
        client = Client(enforce_csrf_checks=True)
        client.force_login(place.officer.user)
        assert client.post(address("save"), {"text": "<p>A</p>", "version": "0"}).status_code == 403
        assert place.pane().version == 0


@pytest.mark.parametrize("act", ["save", "release", "withdraw"])
class TestEveryAct:
    @pytest.mark.parametrize(
        "place_of",
        [
            {"contract": "leisure"},
            {"contract": "none"},
            {"quarter": "2018-Q3"},
            {"measure": "a1"},
            {"party": "administrator"},
        ],
    )
    def test_what_does_not_fit_together_is_not_known(self, officer, elsewhere, act, place_of):
        response = officer.post(address(act, **place_of), {"text": "<p>A</p>", "version": "0"})
        assert response.status_code == 404

    def test_reading_is_not_offered_but_the_question_before_a_release(self, officer, act):
        assert officer.get(address(act)).status_code == (302 if act == "release" else 405)

    @pytest.mark.parametrize("party", Party)
    @pytest.mark.parametrize("who", Who)
    def test_the_other_side_gets_the_same_bytes_whatever_is_drafted(self, place, act, party, who):
        if who is WRITER[party]:
            return
        client, writer = client_of(place, who), client_of(place, WRITER[party])
        answers = []
        for text in (None, "", "<p>" + "heron " * 1700 + "</p>"):
            if text is not None:
                held = place.pane(party)
                writer.post(address("save", party), {"text": text, "version": held.version})
            response = client.post(address(act, party), {"text": "<p>B</p>", "version": "nonsense"})
            answers.append((response.status_code, unmarked(response.content)))
        assert answers[0][0] == 403
        assert answers[1:] == answers[:1] * 2
        assert b"heron" not in answers[2][1]


class TestReleaseAndWithdraw:
    def test_released_and_said(self, place, officer):
        officer.post(address("save"), {"text": "<p>A</p>", "version": "0"})
        response = officer.post(address("release"), {"version": "1"})
        assert (response.status_code, response["Location"]) == (302, MEASURE_PAGE)
        assert said(response) == ["Released. DCST can read the text now."]
        assert place.pane().released == "<p>A</p>"

    def test_an_empty_draft(self, place, officer):
        response = officer.post(address("release"), {"version": "0"})
        assert (response.status_code, response["Location"]) == (302, MEASURE_PAGE)
        assert said(response) == ["There is nothing to release yet. Write and save a text first."]
        assert place.pane().released is None

    def test_a_stale_version_is_a_conflict(self, place, officer):
        officer.post(address("save"), {"text": "<p>A</p>", "version": "0"})
        officer.post(address("save"), {"text": "<p>B</p>", "version": "1"})
        response = officer.post(address("release"), {"version": "1"})
        assert response.status_code == 409
        assert "Nothing was released." in response.content.decode()
        assert place.pane().released is None

    def test_withdrawn_and_said(self, place, officer):
        officer.post(address("save"), {"text": "<p>A</p>", "version": "0"})
        officer.post(address("release"), {"version": "1"})
        response = officer.post(address("withdraw"), {"released_version": "1"})
        assert (response.status_code, response["Location"]) == (302, MEASURE_PAGE)
        assert said(response)[1:] == ["Withdrawn. DCST can no longer read the text; your draft is unchanged."]
        assert (place.pane().released, place.pane().draft) == (None, "<p>A</p>")

    def test_withdrawn_twice_is_said_twice_and_done_once(self, place, officer):
        officer.post(address("save"), {"text": "<p>A</p>", "version": "0"})
        officer.post(address("release"), {"version": "1"})
        for _ in range(2):
            assert officer.post(address("withdraw"), {"released_version": "1"}).status_code == 302
        assert PaneVersion.objects.filter(kind="withdrawn").count() == 1

    def test_a_text_released_since_is_a_conflict(self, place, officer):
        for version in (0, 1):
            officer.post(address("save"), {"text": f"<p>{version}</p>", "version": version})
            officer.post(address("release"), {"version": version + 1})
        response = officer.post(address("withdraw"), {"released_version": "1"})
        assert response.status_code == 409
        assert "Nothing was withdrawn." in response.content.decode()
        assert place.pane().released == "<p>1</p>"

    @pytest.mark.parametrize("fields", [{}, {"version": "1"}, {"released_version": "x"}, {"released_version": ""}])
    def test_without_the_text_seen_nothing_is_withdrawn(self, place, officer, fields):
        officer.post(address("save"), {"text": "<p>A</p>", "version": "0"})
        officer.post(address("release"), {"version": "1"})
        response = officer.post(address("withdraw"), fields)
        assert (response.status_code, response["Location"]) == (302, MEASURE_PAGE)
        assert said(response)[1:] == ["The page did not say which text you saw released. Try again."]
        assert place.pane().released == "<p>A</p>"

    def test_the_wrong_state(self, place, officer):
        officer.post(address("save"), {"text": "<p>A</p>", "version": "0"})
        place.move(State.AGREED)
        assert officer.post(address("release"), {"version": "1"}).status_code == 409
        assert officer.post(address("withdraw"), {"released_version": "1"}).status_code == 409
        place.move(State.PUBLISHED)
        assert officer.post(address("release"), {"version": "1"}).status_code == 423
        assert AuditEntry.objects.exclude(act="open").count() == 0
