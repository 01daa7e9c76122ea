import pytest

from accounts.denial import Denied, NotKnown
from accounts.models import AuditEntry
from accounts.roles import Party, Who
from commentary import panes
from commentary.carrying import start_from_last
from commentary.drafting import StalePane, release, save
from commentary.models import Pane, PaneVersion
from measures.models import Cycle
from measures.recording import Invalid
from measures.states import State
from tests import factories
from tests.factories import NOW, Q2

BOTH = tuple(Party)
SIX = "<p>Six words stand in this paragraph.</p>"


class Two:
    """A place of the conftest with the quarter before it, open as well unless `state` says otherwise."""

    def __init__(self, place, state=State.COMMENTARY):
        self.place = place
        self.before = factories.make_cycle(place.contract, Q2.previous, state)
        Pane.objects.bulk_create(Pane(measure=place.measure, cycle=self.before, party=party) for party in BOTH)

    def writer(self, party):
        return self.place.people[Who.OFFICER if party == Party.COMMISSIONER else Who.ANALYST]

    def pane(self, party, cycle):
        return Pane.objects.select_related("cycle").get(measure=self.place.measure, cycle=cycle, party=party)

    def earlier(self, party=Party.COMMISSIONER, *, released=None, draft=None):
        by, version = self.writer(party), self.pane(party, self.before).version
        for text, goes_out in ((released, True), (draft, False)):
            if text is None:
                continue
            save(by=by, pane=self.pane(party, self.before), text=text, version=version, now=NOW)
            version += 1
            if goes_out:
                release(by=by, pane=self.pane(party, self.before), version=version, now=NOW)

    def write(self, text, party=Party.COMMISSIONER, *, version=0, goes_out=False):
        by = self.writer(party)
        save(by=by, pane=self.pane(party, self.place.cycle), text=text, version=version, now=NOW)
        if goes_out:
            release(by=by, pane=self.pane(party, self.place.cycle), version=version + 1, now=NOW)

    def start(self, party=Party.COMMISSIONER, *, version=0, who=None):
        by = self.place.people[who] if who else self.writer(party)
        return start_from_last(by=by, pane=self.pane(party, self.place.cycle), version=version, now=NOW)

    def seen(self, who, party=Party.COMMISSIONER):
        viewer = self.place.people[who]
        return panes.pair(self.place.cycle, self.place.measure, viewer, self.before)[BOTH.index(party)]


@pytest.fixture
def two(place):
    return Two(place)


# What one may read of the quarter before


@pytest.mark.parametrize("party", BOTH)
@pytest.mark.parametrize("who", Who)
@pytest.mark.parametrize("state", State)
def test_who_reads_what_of_the_quarter_before(two, party, who, state):
    two.earlier(party, released="<p>Released.</p>", draft="<p>Later draft.</p>")
    factories.in_state(two.before, state)
    last = two.seen(who, party).last
    may_see = who is not Who.ADMINISTRATOR or state is State.PAST
    assert (last.html, last.quarter) == ("<p>Released.</p>" if may_see else None, "Q1 2018/19")


@pytest.mark.parametrize("party", BOTH)
@pytest.mark.parametrize("who", Who)
@pytest.mark.parametrize("state", State)
def test_a_draft_of_the_quarter_before_is_its_own_partys(two, party, who, state):
    factories.in_state(two.before, state)
    nothing = two.seen(who, party)
    factories.in_state(two.before, State.COMMENTARY)
    two.earlier(party, draft="<p>Draft.</p>")
    factories.in_state(two.before, state)
    found = two.seen(who, party)
    if who.party == party and state is not State.PAST:
        assert (found.last.html, found.last.is_released) == ("<p>Draft.</p>", False)
    else:
        assert found == nothing
        assert not found.last.html


# Starting


@pytest.mark.parametrize("party", BOTH)
def test_it_copies_what_was_released_as_a_version(two, party):
    two.earlier(party, released=SIX, draft="<p>Later draft.</p>")
    audited = AuditEntry.objects.count()
    pane = two.start(party)
    assert (pane.draft, pane.version, pane.saved_by, pane.released) == (SIX, 1, two.writer(party).user, None)
    version = PaneVersion.objects.get(pane=pane)
    assert (version.text, version.kind, version.version) == (SIX, "saved", 1)
    # That somebody drafts is their own party's affair.
    assert AuditEntry.objects.count() == audited


def test_it_copies_the_own_draft_where_nothing_was_released(two):
    two.earlier(draft=SIX)
    assert two.start().draft == SIX


def test_a_text_brought_into_a_past_quarter_is_copied(two):
    two.earlier(released=SIX)
    factories.in_state(two.before, State.PAST)
    assert two.start().draft == SIX


def test_a_draft_of_a_past_quarter_is_nobodys(two):
    two.earlier(draft=SIX)
    factories.in_state(two.before, State.PAST)
    with pytest.raises(Invalid, match=r"^Nothing was written in Q1 2018/19, so there is nothing to start from\.$"):
        two.start()


def test_without_a_quarter_before_there_is_nothing_to_start_from(place):
    pane = place.pane()
    with pytest.raises(Invalid, match="Nothing was written in Q1 2018/19"):
        start_from_last(by=place.officer, pane=pane, version=0, now=NOW)


def test_a_draft_is_not_replaced(two):
    two.earlier(released=SIX)
    two.write("<p>Mine.</p>")
    with pytest.raises(Invalid, match="^Nothing was copied: the draft already holds a text, and Q1 2018/19 would"):
        two.start(version=1)
    pane = two.pane(Party.COMMISSIONER, two.place.cycle)
    assert (pane.draft, pane.version, PaneVersion.objects.filter(pane=pane).count()) == ("<p>Mine.</p>", 1, 1)


def test_asking_twice_copies_once(two):
    two.earlier(released=SIX)
    assert two.start().version == two.start().version == 1


def test_an_empty_draft_of_another_version_is_stale(two):
    two.earlier(released=SIX)
    two.write("<p>Mine.</p>")
    two.write("", version=1)
    with pytest.raises(StalePane, match="^Nothing was copied. The draft was written and emptied after you opened it"):
        two.start(version=0)
    assert not PaneVersion.objects.filter(kind="refused").exists()
    assert two.start(version=2).draft == SIX


@pytest.mark.parametrize("party", BOTH)
@pytest.mark.parametrize("who", Who)
@pytest.mark.parametrize("state", State)
def test_only_those_who_may_write_now(two, party, who, state):
    two.earlier(party, released=SIX)
    two.place.move(state)
    writers = {
        Party.COMMISSIONER: (Who.OFFICER, {State.SUBMITTED, State.COMMENTARY}),
        Party.PROVIDER: (Who.ANALYST, {State.OPEN, State.SUBMITTED, State.COMMENTARY}),
    }
    writer, states = writers[party]
    if who is writer and state in states:
        assert two.start(party, who=who).draft == SIX
        return
    with pytest.raises(Denied):
        two.start(party, who=who)
    assert two.pane(party, two.place.cycle).version == 0


def test_of_another_contract_it_is_not_known(two, elsewhere):
    two.earlier(released=SIX)
    pane = two.pane(Party.COMMISSIONER, two.place.cycle)
    with pytest.raises(NotKnown):
        start_from_last(by=elsewhere.officer, pane=pane, version=0, now=NOW)


def test_the_rights_are_asked_before_anything_is_told(two):
    two.earlier(released=SIX)
    two.write("<p>Mine.</p>")
    with pytest.raises(Denied):
        two.start(who=Who.ANALYST)


@pytest.mark.parametrize(
    ("text", "released", "offered"),
    [("", SIX, True), ("<p>Mine.</p>", SIX, False), ("", None, False)],
)
def test_it_is_offered_while_the_draft_is_empty(two, text, released, offered):
    two.earlier(released=released)
    if text:
        two.write(text)
    assert two.seen(Who.OFFICER).can_start is offered
    assert not two.seen(Who.COMMISSIONER_DIRECTOR).can_start
    assert not two.seen(Who.ANALYST).can_start


# What is carried over and what repeats


def carried(two, who, party=Party.COMMISSIONER):
    view = two.seen(who, party)
    return view.is_carried_over, [block.text for block in view.repeats]


THERE = (True, ["Six words stand in this paragraph."])
NOT = (False, [])


def test_a_draft_is_carried_over_for_its_own_party_until_it_differs(two):
    two.earlier(released=SIX)
    two.start()
    assert carried(two, Who.OFFICER) == carried(two, Who.COMMISSIONER_DIRECTOR) == THERE
    assert carried(two, Who.ANALYST) == carried(two, Who.PROVIDER_DIRECTOR) == NOT
    two.write(f"{SIX}<p>New.</p>", version=1)
    assert carried(two, Who.OFFICER) == (False, THERE[1])
    two.write("<p>Six other words stand in this paragraph.</p>", version=2)
    assert carried(two, Who.OFFICER) == NOT


def test_a_released_text_is_carried_over_for_all(two):
    two.earlier(released=SIX)
    two.write(SIX, goes_out=True)
    parties = [who for who in Who if who.party]
    assert [carried(two, who) for who in parties] == [THERE] * 4
    # The draft goes on; the others still read the text that was carried over.
    two.write("<p>New.</p>", version=1)
    assert carried(two, Who.OFFICER) == NOT
    assert carried(two, Who.ANALYST) == THERE


def test_a_released_text_is_not_compared_with_a_draft(two):
    """Else the mark would tell what the draft of the quarter before was."""
    two.earlier(draft=SIX)
    two.write(SIX, goes_out=True)
    parties = [who for who in Who if who.party]
    assert [carried(two, who) for who in parties] == [NOT] * 4
    two.write(f"{SIX}<p>New.</p>", version=1)
    assert carried(two, Who.OFFICER) == (False, THERE[1])
    assert carried(two, Who.ANALYST) == NOT


def test_a_later_draft_of_the_quarter_before_does_not_count(two):
    two.earlier(released="<p>Else.</p>", draft=SIX)
    two.write(SIX)
    assert carried(two, Who.OFFICER) == NOT


def test_one_query_for_both_quarters(two, django_assert_num_queries):
    measures = [two.place.measure.pk, factories.make_measure(two.place.contract, "B9").pk]
    with django_assert_num_queries(1):
        found = panes.pairs(two.place.cycle, measures, two.place.officer, two.before)
    assert [view.is_missing for view in found[measures[1]]] == [True, True]


def test_the_cycle_before(two):
    cycles = list(Cycle.objects.all())
    assert panes.cycle_before(cycles, Q2) == two.before
    assert panes.cycle_before(cycles, Q2.previous) is None
