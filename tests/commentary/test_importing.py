"""Texts of old papers into past quarters: released by nobody, kept with a history, and never over what is held."""

import hashlib

import pytest

from accounts.denial import Denied, NotKnown
from accounts.models import AuditEntry
from accounts.roles import Party, Who
from commentary import importing
from commentary.importing import Text
from commentary.models import Pane, PaneVersion
from commentary.sanitising import TooLarge
from measures.states import State
from tests import factories
from tests.factories import NOW, Q2

COMMISSIONER, PROVIDER = Party


class Past:
    def __init__(self):
        self.contract = factories.make_contract()
        self.people = factories.make_members(self.contract)
        self.measure = factories.make_measure(self.contract)
        self.cycle = factories.make_cycle(self.contract, Q2)

    def bring(self, *texts, who=Who.ADMINISTRATOR, cycle=None):
        rows = [Text(self.measure, party, html) for party, html in texts]
        return importing.bring_in(by=self.people[who], cycle=cycle or self.cycle, texts=rows, now=NOW)


@pytest.fixture
def past(db):
    return Past()


def test_a_text_is_released_by_nobody(past):
    [pane] = past.bring((PROVIDER, '<p style="x">Ours.</p>'))
    held = Pane.objects.get()
    assert held == pane
    assert (held.draft, held.released, held.version, held.released_version) == ("<p>Ours.</p>", "<p>Ours.</p>", 1, 1)
    assert (held.saved_by, held.released_by, held.saved_at, held.released_at) == (None, None, NOW, NOW)


def test_its_save_is_on_record(past):
    past.bring((PROVIDER, "<p>Ours.</p>"))
    version = PaneVersion.objects.get()
    assert (version.version, version.kind, version.text, version.is_open) == (1, "saved", "<p>Ours.</p>", False)
    assert (version.by, version.at) == (past.people[Who.ADMINISTRATOR].user, NOW)


def test_one_entry_proves_all_texts(past):
    past.bring((COMMISSIONER, "<p>Ours.</p>"), (PROVIDER, "<p>Theirs.</p>"))
    entry = AuditEntry.objects.get()
    assert (entry.act, entry.object) == ("import texts", "2018-Q2")
    assert entry.new == {
        "B8 commissioner": {"sha256": hashlib.sha256(b"<p>Ours.</p>").hexdigest()},
        "B8 provider": {"sha256": hashlib.sha256(b"<p>Theirs.</p>").hexdigest()},
    }


def test_what_is_held_stays(past):
    past.bring((PROVIDER, "<p>Ours.</p>"))
    assert past.bring((PROVIDER, "<p>Another.</p>")) == []
    assert [pane.released for pane in Pane.objects.all()] == ["<p>Ours.</p>"]
    assert (PaneVersion.objects.count(), AuditEntry.objects.count()) == (1, 1)


@pytest.mark.parametrize("html", ["", "<p> </p>", "<script>x</script>"])
def test_a_text_without_words_is_none(past, html):
    assert past.bring((PROVIDER, html)) == []
    assert (Pane.objects.count(), AuditEntry.objects.count()) == (0, 0)


def test_a_text_that_is_too_large_keeps_the_others_out(past):
    with pytest.raises(TooLarge):
        past.bring((COMMISSIONER, "<p>Ours.</p>"), (PROVIDER, "x" * 60_000))
    assert Pane.objects.count() == 0


@pytest.mark.parametrize("who", [who for who in Who if who is not Who.ADMINISTRATOR])
def test_administrators_alone(past, who):
    with pytest.raises(Denied, match="Only an administrator may"):
        past.bring((PROVIDER, "<p>Ours.</p>"), who=who)


@pytest.mark.parametrize("state", [state for state in State if state is not State.PAST])
def test_past_quarters_alone(past, state):
    factories.in_state(past.cycle, state)
    with pytest.raises(Denied):
        past.bring((PROVIDER, "<p>Ours.</p>"))
    assert Pane.objects.count() == 0


def test_another_contract_s_quarter_or_measure(past):
    elsewhere = factories.make_contract("leisure", "Borough", "Leisure Trust")
    with pytest.raises(NotKnown):
        past.bring((PROVIDER, "<p>Ours.</p>"), cycle=factories.make_cycle(elsewhere, Q2))
    past.measure = factories.make_measure(elsewhere)
    with pytest.raises(NotKnown):
        past.bring((PROVIDER, "<p>Ours.</p>"))
