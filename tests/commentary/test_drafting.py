import datetime
import hashlib

import pytest

from accounts.denial import Denied, NotKnown, Published, WrongState
from accounts.models import AuditEntry, Membership
from accounts.roles import Party, Who
from accounts.viewer import Viewer
from commentary import drafting
from commentary.models import PaneVersion
from commentary.sanitising import TooLarge
from measures.recording import Invalid
from measures.states import State
from tests import factories

NOW = datetime.datetime(2018, 11, 2, 14, 32, tzinfo=datetime.UTC)
MINUTE = datetime.timedelta(minutes=1)


def save(place, text="<p>Text</p>", version=0, by=None, now=NOW, party=Party.COMMISSIONER):
    writer = by or (place.officer if party == Party.COMMISSIONER else place.analyst)
    return drafting.save(by=writer, pane=place.pane(party), text=text, version=version, now=now)


def release(place, version=1, now=NOW, by=None):
    return drafting.release(by=by or place.officer, pane=place.pane(), version=version, now=now)


def withdraw(place, released_version=1, now=NOW):
    return drafting.withdraw(by=place.officer, pane=place.pane(), released_version=released_version, now=now)


def another_officer(place):
    user = factories.make_user("Second Officer")
    Membership.objects.create(user=user, contract=place.contract, party="commissioner", role="officer")
    return Viewer(user, place.contract, Who.OFFICER)


def rows(place):
    return list(
        PaneVersion.objects.filter(pane=place.pane()).values_list("version", "kind", "text", "is_open").order_by("id")
    )


def acts():
    return list(AuditEntry.objects.exclude(act="open").values_list("act", "object", "old", "new"))


def mark(text):
    return {"sha256": hashlib.sha256(text.encode()).hexdigest()}


class TestSave:
    def test_the_cleaned_text_is_stored_with_who_and_when(self, place):
        saved = save(place, '<p onclick="x">Text</p><script>1</script>')
        assert (saved.draft, saved.version, saved.saved_by, saved.saved_at) == (
            "<p>Text</p>", 1, place.officer.user, NOW,
        )  # fmt: skip
        assert saved.released is None
        assert rows(place) == [(1, "saved", "<p>Text</p>", True)]

    def test_it_writes_no_audit_entry(self, place):
        save(place)
        assert acts() == []

    def test_an_equal_text_changes_nothing(self, place):
        save(place)
        again = save(place, "<p>Text</p>  ", version=1, now=NOW + MINUTE)
        assert (again.version, again.saved_at) == (1, NOW)
        assert rows(place) == [(1, "saved", "<p>Text</p>", True)]

    def test_a_save_repeated_after_a_lost_answer_is_one_save(self, place):
        save(place)
        assert save(place, version=0).version == 1
        assert rows(place) == [(1, "saved", "<p>Text</p>", True)]

    def test_an_emptied_pane_is_stored_empty(self, place):
        save(place)
        assert save(place, "<p></p>", version=1).draft == ""

    @pytest.mark.parametrize(
        ("party", "who", "state", "refusal"),
        [
            (Party.COMMISSIONER, Who.ANALYST, State.COMMENTARY, Denied),
            (Party.COMMISSIONER, Who.COMMISSIONER_DIRECTOR, State.COMMENTARY, Denied),
            (Party.COMMISSIONER, Who.ADMINISTRATOR, State.COMMENTARY, Denied),
            (Party.COMMISSIONER, Who.OFFICER, State.OPEN, WrongState),
            (Party.COMMISSIONER, Who.OFFICER, State.AGREED, WrongState),
            (Party.COMMISSIONER, Who.OFFICER, State.PUBLISHED, Published),
            (Party.COMMISSIONER, Who.OFFICER, State.PAST, WrongState),
            (Party.PROVIDER, Who.OFFICER, State.COMMENTARY, Denied),
            (Party.PROVIDER, Who.PROVIDER_DIRECTOR, State.COMMENTARY, Denied),
            (Party.PROVIDER, Who.ANALYST, State.AGREED, WrongState),
        ],
    )
    def test_the_rights_table_decides(self, place, party, who, state, refusal):
        place.move(state)
        with pytest.raises(refusal) as error:
            save(place, by=place.people[who], party=party)
        assert type(error.value) is refusal
        assert (place.pane(party).version, PaneVersion.objects.count()) == (0, 0)

    @pytest.mark.parametrize("state", [State.OPEN, State.SUBMITTED, State.COMMENTARY])
    def test_an_analyst_writes_from_the_first_day(self, place, state):
        place.move(state)
        assert save(place, party=Party.PROVIDER).version == 1

    def test_a_member_of_another_contract_does_not_learn_of_the_pane(self, place, elsewhere):
        with pytest.raises(NotKnown):
            save(place, by=elsewhere.officer)

    def test_a_text_too_large_is_not_stored(self, place):
        save(place)
        with pytest.raises(TooLarge):
            save(place, "a" * 60_000, version=1)
        assert (place.pane().draft, place.pane().version) == ("<p>Text</p>", 1)
        assert rows(place) == [(1, "saved", "<p>Text</p>", True)]


class TestStaleSave:
    def test_it_is_refused_and_both_texts_are_kept(self, place):
        second = another_officer(place)
        save(place, "<p>Theirs</p>", by=second)
        with pytest.raises(drafting.StalePane) as error:
            save(place, "<p>Mine</p><script>1</script>", version=0, now=NOW + MINUTE)
        assert error.value.status == 409
        assert error.value.sentence == (
            "Second Officer saved this text at 14:32 after you opened it. Both texts are kept: choose."
        )
        assert error.value.refused == "<p>Mine</p>"
        held = error.value.held
        assert (held.draft, held.version, held.saved_by, held.saved_at) == ("<p>Theirs</p>", 1, second.user, NOW)
        assert (place.pane().draft, place.pane().version) == ("<p>Theirs</p>", 1)
        assert rows(place) == [(1, "saved", "<p>Theirs</p>", False), (0, "refused", "<p>Mine</p>", False)]

    def test_a_save_of_another_day_is_told_with_its_day(self, place):
        save(place, "<p>Theirs</p>", by=another_officer(place))
        with pytest.raises(drafting.StalePane) as error:
            save(place, "<p>Mine</p>", version=0, now=NOW + datetime.timedelta(days=1))
        assert error.value.sentence == (
            "Second Officer saved this text on 2 November 2018, 14:32 after you opened it. Both texts are kept: choose."
        )

    def test_one_person_in_two_windows_who_keeps_the_second_text_has_both_in_the_record(self, place):
        save(place, "<p>First window.</p>")
        with pytest.raises(drafting.StalePane):
            save(place, "<p>Second window.</p>", now=NOW + MINUTE)
        save(place, "<p>Second window.</p>", version=1, now=NOW + 2 * MINUTE)
        assert rows(place) == [
            (1, "saved", "<p>First window.</p>", False),
            (0, "refused", "<p>Second window.</p>", False),
            (2, "saved", "<p>Second window.</p>", True),
        ]

    def test_a_version_from_the_future_is_refused_too(self, place):
        with pytest.raises(drafting.StalePane) as error:
            save(place, version=7)
        assert error.value.sentence == "The draft has changed after you opened it. Both texts are kept: choose."

    def test_asked_again_it_is_kept_once(self, place):
        save(place, "<p>Theirs</p>")
        for _ in range(2):
            with pytest.raises(drafting.StalePane):
                save(place, "<p>Mine</p>", version=0)
        assert len(rows(place)) == 2

    def test_keeping_mine_replaces_theirs_and_both_stay_in_the_record(self, place):
        save(place, "<p>Theirs</p>", by=another_officer(place))
        with pytest.raises(drafting.StalePane):
            save(place, "<p>Mine</p>", version=0)
        assert save(place, "<p>Mine</p>", version=1).version == 2
        assert [row[2] for row in rows(place)] == ["<p>Theirs</p>", "<p>Mine</p>", "<p>Mine</p>"]


class TestRecord:
    def test_saves_of_one_author_extend_the_open_row(self, place):
        save(place, "<p>One</p>")
        save(place, "<p>One two</p>", version=1, now=NOW + 4 * MINUTE)
        save(place, "<p>One two three</p>", version=2, now=NOW + 10 * MINUTE)
        assert rows(place) == [(3, "saved", "<p>One two three</p>", True)]

    def test_ten_minutes_after_it_was_begun_it_closes_though_there_was_no_pause(self, place):
        texts = ["<p>One</p>", "<p>One two</p>", "<p>One two three</p>", "<p>One two three four</p>"]
        for version, text in enumerate(texts):
            save(place, text, version=version, now=NOW + version * 5 * MINUTE + datetime.timedelta(seconds=version))
        assert rows(place) == [(2, "saved", texts[1], False), (4, "saved", texts[3], True)]

    def test_one_that_was_open_before_its_beginning_was_known_closes(self, place):
        save(place, "<p>One</p>")
        PaneVersion.objects.update(begun_at=None)
        save(place, "<p>One two</p>", version=1)
        assert [row[2:] for row in rows(place)] == [("<p>One</p>", False), ("<p>One two</p>", True)]

    def test_an_hour_of_typing_does_not_vanish_when_all_is_deleted(self, place):
        words, texts = [], []
        for minute in range(60):
            words.append(f"word{minute}")
            texts.append(f"<p>{' '.join(words)}</p>")
            save(place, texts[-1], version=minute, now=NOW + minute * MINUTE)
        save(place, "<p></p>", version=60, now=NOW + 60 * MINUTE)
        *_, typed, emptied = rows(place)
        assert (typed[2:], emptied[2:]) == ((texts[-1], False), ("", True))

    @pytest.mark.parametrize(
        ("later", "is_kept"),
        [
            ("", False),
            ("<p>one</p>", False),
            ("<p>five six seven eight</p>", False),
            ("<p>one one one one</p>", False),
            ("<p>one two</p>", True),
            ("<ul><li>four</li><li>three</li></ul>", True),
            ("<p><strong>one</strong> two five six</p>", True),
        ],
    )
    def test_it_closes_where_most_of_its_words_would_go(self, place, later, is_kept):
        first = "<p>one two three four</p>"
        save(place, first)
        save(place, later, version=1, now=NOW + MINUTE)
        assert [row[2] for row in rows(place)] == ([later] if is_kept else [first, later])

    def test_words_after_an_empty_text_extend_it(self, place):
        save(place, "<p>One</p>")
        save(place, "", version=1)
        save(place, "<p>Two</p>", version=2)
        assert [row[2:] for row in rows(place)] == [("<p>One</p>", False), ("<p>Two</p>", True)]

    def test_another_author_closes_it(self, place):
        save(place, "<p>One</p>")
        save(place, "<p>Two</p>", version=1, by=another_officer(place))
        save(place, "<p>Three</p>", version=2)
        assert rows(place) == [
            (1, "saved", "<p>One</p>", False),
            (2, "saved", "<p>Two</p>", False),
            (3, "saved", "<p>Three</p>", True),
        ]

    def test_a_release_closes_it(self, place):
        save(place, "<p>One</p>")
        release(place, now=NOW + MINUTE)
        save(place, "<p>Two</p>", version=1, now=NOW + MINUTE)
        assert rows(place) == [
            (1, "saved", "<p>One</p>", False),
            (1, "released", "<p>One</p>", False),
            (2, "saved", "<p>Two</p>", True),
        ]


class TestRelease:
    def test_the_draft_becomes_the_released_text(self, place):
        save(place)
        released = release(place, now=NOW + MINUTE)
        assert (released.released, released.released_version) == ("<p>Text</p>", 1)
        assert (released.released_by, released.released_at) == (place.officer.user, NOW + MINUTE)
        assert acts() == [("release pane", "2018-Q2 B8 commissioner", None, mark("<p>Text</p>"))]

    def test_later_saves_leave_it_alone(self, place):
        save(place)
        release(place)
        save(place, "<p>Later</p>", version=1)
        assert (place.pane().released, place.pane().released_version) == ("<p>Text</p>", 1)

    def test_a_later_version_replaces_it_and_the_record_says_what_was_replaced(self, place):
        save(place)
        release(place)
        save(place, "<p>Later</p>", version=1)
        assert release(place, version=2).released == "<p>Later</p>"
        assert acts()[1][2:] == (mark("<p>Text</p>"), mark("<p>Later</p>"))

    def test_twice_is_once(self, place):
        save(place)
        release(place)
        assert release(place, now=NOW + MINUTE).released_at == NOW
        assert len(acts()) == 1

    def test_a_stale_version_is_refused(self, place):
        save(place)
        save(place, "<p>Later</p>", version=1)
        with pytest.raises(drafting.StalePane) as error:
            release(place, version=1)
        assert error.value.sentence == (
            "Nothing was released. Officer of childrens-services saved this text at 14:32 after you opened it: "
            "read it first."
        )
        assert error.value.refused is None
        assert place.pane().released is None
        assert acts() == []

    @pytest.mark.parametrize("version", [0, 2])
    def test_an_empty_draft_is_refused(self, place, version):
        if version:
            save(place)
            save(place, "<p></p>", version=1)
        with pytest.raises(Invalid) as error:
            release(place, version=version)
        assert error.value.errors == {"text": "There is nothing to release yet. Write and save a text first."}
        assert acts() == []

    def test_headings_without_a_text_are_refused(self, place):
        save(place, "<h3>Update</h3><h3>Actions</h3>")
        with pytest.raises(Invalid) as error:
            release(place, version=1)
        assert error.value.errors == {"text": drafting.HEADINGS_ALONE}
        assert (place.pane().released, acts()) == (None, [])

    @pytest.mark.parametrize("state", [State.SUBMITTED, State.AGREED, State.PUBLISHED])
    def test_only_in_commentary(self, place, state):
        save(place)
        place.move(state)
        with pytest.raises(Published if state is State.PUBLISHED else WrongState):
            release(place)

    def test_not_by_the_other_party_or_a_director(self, place):
        save(place)
        for who in (Who.ANALYST, Who.PROVIDER_DIRECTOR, Who.COMMISSIONER_DIRECTOR, Who.ADMINISTRATOR):
            with pytest.raises(Denied):
                release(place, by=place.people[who])
        assert place.pane().released is None


class TestWithdraw:
    def test_the_text_is_taken_back_and_kept_in_the_record(self, place):
        save(place)
        release(place)
        withdrawn = withdraw(place, now=NOW + MINUTE)
        assert (withdrawn.released, withdrawn.released_version, withdrawn.released_at) == (None, None, None)
        assert withdrawn.released_by is None
        assert (withdrawn.draft, withdrawn.version) == ("<p>Text</p>", 1)
        kept = PaneVersion.objects.get(kind="withdrawn")
        assert (kept.text, kept.version, kept.by, kept.at) == (
            "<p>Text</p>", 1, place.officer.user, NOW + MINUTE,
        )  # fmt: skip
        assert acts()[1] == ("withdraw pane", "2018-Q2 B8 commissioner", mark("<p>Text</p>"), None)

    def test_twice_is_once(self, place):
        save(place)
        release(place)
        withdraw(place)
        withdraw(place)
        assert [act for act, *_ in acts()] == ["release pane", "withdraw pane"]

    def test_a_text_released_since_is_not_taken_back_unread(self, place):
        save(place)
        release(place)
        save(place, "<p>Later</p>", version=1)
        release(place, version=2, by=another_officer(place), now=NOW + MINUTE)
        for seen in (1, 3):
            with pytest.raises(drafting.StalePane) as error:
                withdraw(place, released_version=seen, now=NOW + 2 * MINUTE)
            assert error.value.sentence == (
                "Nothing was withdrawn. Second Officer released another text at 14:33 after you opened it: "
                "read it first."
            )
        assert (place.pane().released, place.pane().released_version) == ("<p>Later</p>", 2)
        assert [act for act, *_ in acts()] == ["release pane", "release pane"]
        assert not PaneVersion.objects.filter(kind="withdrawn").exists()
        withdraw(place, released_version=2)
        assert PaneVersion.objects.get(kind="withdrawn").version == 2

    def test_a_later_draft_does_not_stand_in_the_way(self, place):
        save(place)
        release(place)
        save(place, "<p>Later</p>", version=1)
        assert (withdraw(place).released, place.pane().draft) == (None, "<p>Later</p>")

    def test_the_same_version_can_be_released_again(self, place):
        save(place)
        release(place)
        withdraw(place)
        assert release(place, now=NOW + MINUTE).released_at == NOW + MINUTE
        assert [act for act, *_ in acts()] == ["release pane", "withdraw pane", "release pane"]
        # Each release is told, though all are of one version.
        releases = PaneVersion.objects.filter(kind="released").order_by("id")
        assert [(row.text, row.at, row.by) for row in releases] == [
            ("<p>Text</p>", NOW, place.officer.user),
            ("<p>Text</p>", NOW + MINUTE, place.officer.user),
        ]

    def test_not_once_agreed(self, place):
        save(place)
        release(place)
        place.move(State.AGREED)
        with pytest.raises(WrongState):
            withdraw(place)
        assert place.pane().released == "<p>Text</p>"
