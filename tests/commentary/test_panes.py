import dataclasses
import datetime

import pytest

from accounts.roles import Party, Who
from commentary import drafting, panes
from commentary.models import Pane
from measures.states import State
from tests import factories

NOW = datetime.datetime(2018, 11, 2, 14, 32, tzinfo=datetime.UTC)
BOTH = (Party.COMMISSIONER, Party.PROVIDER)
# What tells of a draft, as everyone but its own party must see it.
NOTHING = {
    "has_unreleased_changes": False,
    "version": 0,
    "released_version": None,
    "saved_at": None,
    "saved_by_name": "",
    "can_write": False,
    "can_release": False,
    "can_withdraw": False,
    "why_not": "",
}


def write(place, party, text, version=0):
    writer = place.officer if party == Party.COMMISSIONER else place.analyst
    return drafting.save(by=writer, pane=place.pane(party), text=text, version=version, now=NOW)


def publish(place, party, version=1):
    writer = place.officer if party == Party.COMMISSIONER else place.analyst
    return drafting.release(by=writer, pane=place.pane(party), version=version, now=NOW)


def seen(place, who, party):
    return panes.pair(place.cycle, place.measure, place.people[who])[BOTH.index(party)]


def draft_and_release(place):
    """On both sides: released "Released <party>", and a later draft "Draft <party>"."""
    for party in BOTH:
        write(place, party, f"<p>Released {party}</p>")
        publish(place, party)
        write(place, party, f"<p>Draft {party}</p>", version=1)


@pytest.mark.parametrize("party", BOTH)
@pytest.mark.parametrize("who", Who)
@pytest.mark.parametrize("state", State)
def test_who_reads_which_text(place, party, who, state):
    draft_and_release(place)
    place.move(state)
    view = seen(place, who, party)
    if state is State.PAST:
        assert view.html == f"<p>Released {party}</p>"
    elif who is Who.ADMINISTRATOR:
        assert (view.html, view.is_released, view.released_at, view.released_by_name) == (None, False, None, "")
    elif who.party == party:
        assert (view.html, view.version, view.has_unreleased_changes) == (f"<p>Draft {party}</p>", 2, True)
    else:
        assert (view.html, view.is_released) == (f"<p>Released {party}</p>", True)
    if who.party != party or state is State.PAST:
        assert {name: getattr(view, name) for name in NOTHING} == NOTHING


@pytest.mark.parametrize("party", BOTH)
@pytest.mark.parametrize("who", list(Who))
@pytest.mark.parametrize("state", [state for state in State if state is not State.PAST])
def test_an_unreleased_draft_leaves_no_trace_for_others(place, party, who, state):
    if who.party == party:
        return
    before = {}
    for drafted in (False, True):
        if drafted:
            place.move(State.COMMENTARY)
            write(place, party, "<p>" + "token " * 2000 + "</p>")
        place.move(state)
        before[drafted] = seen(place, who, party)
    assert before[True] == before[False]
    assert (before[True].html, before[True].is_released) == (None, False)


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize(
    ("who", "party", "writes", "releases"),
    [
        (Who.OFFICER, Party.COMMISSIONER, {State.SUBMITTED, State.COMMENTARY}, {State.COMMENTARY}),
        (Who.ANALYST, Party.PROVIDER, {State.OPEN, State.SUBMITTED, State.COMMENTARY}, {State.COMMENTARY}),
        (Who.COMMISSIONER_DIRECTOR, Party.COMMISSIONER, set(), set()),
        (Who.PROVIDER_DIRECTOR, Party.PROVIDER, set(), set()),
    ],
)
def test_what_the_own_party_may_do(place, state, who, party, writes, releases):
    draft_and_release(place)
    place.move(state)
    view = seen(place, who, party)
    assert view.is_own
    assert (view.can_write, view.can_release, view.can_withdraw) == (
        state in writes, state in releases, state in releases,
    )  # fmt: skip


def test_what_is_released_as_it_stands_is_not_offered_again(place):
    write(place, Party.COMMISSIONER, "<p>Text</p>")
    publish(place, Party.COMMISSIONER)
    view = seen(place, Who.OFFICER, Party.COMMISSIONER)
    assert (view.can_release, view.can_withdraw, view.has_unreleased_changes) == (False, True, False)


@pytest.mark.parametrize(
    ("who", "party", "state", "sentence"),
    [
        (
            Who.OFFICER,
            Party.COMMISSIONER,
            State.OPEN,
            "You can write the commissioner’s response while a quarter is submitted or in commentary. "
            "Q2 2018/19 is open.",
        ),
        (
            Who.ANALYST,
            Party.PROVIDER,
            State.OPEN,
            "You can release or withdraw the provider’s comment while a quarter is in commentary. Q2 2018/19 is open.",
        ),
        (Who.ANALYST, Party.PROVIDER, State.COMMENTARY, ""),
        (Who.COMMISSIONER_DIRECTOR, Party.COMMISSIONER, State.OPEN, ""),
        (Who.OFFICER, Party.PROVIDER, State.OPEN, ""),
    ],
)
def test_the_writer_is_told_why_not(place, who, party, state, sentence):
    place.move(state)
    assert seen(place, who, party).why_not == sentence


def test_the_words_come_from_the_contract(elsewhere):
    write(elsewhere, Party.PROVIDER, "<p>Text</p>")
    publish(elsewhere, Party.PROVIDER)
    commissioner, provider = panes.pair(elsewhere.cycle, elsewhere.measure, elsewhere.officer)
    assert (commissioner.heading, provider.heading) == ("Borough response", "Leisure Trust comment")
    assert (commissioner.short_name, commissioner.other_name) == ("Borough", "Leisure Trust")
    assert (provider.released_at, provider.released_by_name) == (NOW, "Analyst of leisure")


def test_a_past_quarter_without_panes_shows_nothing(place):
    Pane.objects.all().delete()
    place.move(State.PAST)
    views = panes.pair(place.cycle, place.measure, place.officer)
    assert [(view.html, view.is_released, view.can_write) for view in views] == [(None, False, False)] * 2


@pytest.mark.parametrize("state", [state for state in State if state is not State.PAST])
@pytest.mark.parametrize("party", BOTH)
@pytest.mark.parametrize("who", Who)
def test_nothing_is_offered_for_a_measure_added_after_the_quarter_was_opened(place, who, party, state):
    place.measure = factories.make_measure(place.contract, "B9")
    place.move(state)
    view = seen(place, who, party)
    assert (view.is_missing, view.state) == (True, "No commentary in this quarter")
    assert (view.can_write, view.can_release, view.can_withdraw) == (False, False, False)
    told = "This measure was added after Q2 2018/19 was opened, so it has no commentary in this quarter."
    assert view.why_not == (told if who.party == party else "")
    assert panes.marks(place.cycle).get(place.measure.pk) is None


VIEW = panes.PaneView(
    party=Party.COMMISSIONER,
    short_name="DMBC",
    other_name="DCST",
    heading="DMBC response",
    is_own=False,
    html=None,
    is_released=False,
    released_at=None,
    released_by_name="",
)


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({}, "Not yet released"),
        ({"is_released": True, "released_by_name": "A. Officer"}, "Released 30 October 2018 by A. Officer"),
        ({"is_released": True, "is_past": True}, "Imported 30 October 2018"),
        ({"is_past": True}, "No text was brought in for this quarter"),
        ({"is_past": True, "is_own": True}, "No text was brought in for this quarter"),
        ({"is_missing": True}, "No commentary in this quarter"),
        ({"is_missing": True, "is_own": True}, "No commentary in this quarter"),
        ({"is_own": True}, "Nothing written yet. Only DMBC sees a draft"),
        ({"is_own": True, "saved_at": NOW}, "Draft, saved 14:32. Only DMBC can see this"),
        (
            {"is_own": True, "saved_at": NOW - datetime.timedelta(days=1)},
            "Draft, saved 1 November 2018, 14:32. Only DMBC can see this",
        ),
        (
            {"is_own": True, "saved_at": NOW, "is_released": True, "released_by_name": "A. Officer"},
            "Released 30 October 2018 by A. Officer",
        ),
        (
            {"is_own": True, "saved_at": NOW, "is_released": True, "has_unreleased_changes": True},
            "Draft, saved 14:32. DCST reads the text released 30 October 2018",
        ),
    ],
)
def test_where_a_text_stands_in_words(fields, words):
    released = {"released_at": NOW - datetime.timedelta(days=3)} if fields.get("is_released") else {}
    view = dataclasses.replace(VIEW, **fields, **released)
    assert panes.state_words(view, NOW + datetime.timedelta(minutes=1)) == words


@pytest.mark.parametrize(
    ("html", "is_there"),
    [
        (None, False),
        ("<h3>The story behind the data</h3>", False),
        ("<h3>The story behind the data</h3><h3>What is happening next</h3>", True),
    ],
)
def test_headings_are_offered_to_the_commissioner(place, html, is_there):
    commissioner, provider = panes.pair(place.cycle, place.measure, place.officer)
    assert commissioner.offered_headings == ("The story behind the data", "What is happening next")
    assert provider.offered_headings == ()
    assert dataclasses.replace(commissioner, html=html).has_offered_headings is is_there


def test_one_query_each(place, django_assert_num_queries):
    draft_and_release(place)
    for ask in (
        lambda: panes.pair(place.cycle, place.measure, place.officer),
        lambda: panes.marks(place.cycle),
        lambda: panes.waiting_by_cycle([place.cycle.pk]),
    ):
        with django_assert_num_queries(1):
            ask()


def test_marks_tell_what_is_released_and_nothing_of_drafts(place):
    for party in BOTH:
        write(place, party, "<p>Text</p>")
    publish(place, Party.PROVIDER)
    assert panes.marks(place.cycle) == {place.measure.pk: {Party.COMMISSIONER: False, Party.PROVIDER: True}}


def test_waiting_for_texts_that_are_required(place):
    volumetric = factories.make_measure(place.contract, "E1", kind="volumetric")
    Pane.objects.bulk_create(Pane(measure=volumetric, cycle=place.cycle, party=party) for party in BOTH)
    assert panes.waiting_by_cycle([place.cycle.pk]) == {place.cycle.pk: {Party.COMMISSIONER, Party.PROVIDER}}
    write(place, Party.PROVIDER, "<p>Text</p>")
    publish(place, Party.PROVIDER)
    assert panes.waiting_by_cycle([place.cycle.pk]) == {place.cycle.pk: {Party.COMMISSIONER}}
    write(place, Party.COMMISSIONER, "<p>Text</p>")
    publish(place, Party.COMMISSIONER)
    assert panes.waiting_by_cycle([place.cycle.pk]) == {place.cycle.pk: {Party.COMMISSIONER}}
    Pane.objects.filter(measure=volumetric, party=Party.COMMISSIONER).delete()
    assert panes.waiting_by_cycle([place.cycle.pk]) == {}


def test_a_view_cannot_be_changed(place):
    with pytest.raises(dataclasses.FrozenInstanceError):
        seen(place, Who.OFFICER, Party.COMMISSIONER).html = ""
