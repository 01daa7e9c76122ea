import dataclasses

import pytest

from accounts.roles import Party, Who
from commentary.models import Pane
from measures.models import AreaForImprovement, Cycle
from measures.pages import Place
from measures.states import State
from tests import factories
from tests.factories import NOW, Q2
from workflow.reading import answer, read

BOTH = [who for who in Who if who.party]


@pytest.mark.parametrize(
    ("responses", "comments", "sentence"),
    [
        ((3, 10), (1, 7), "3 of 10 responses and 1 of 7 required comments are missing."),
        ((10, 10), (7, 7), "10 of 10 responses and 7 of 7 required comments are missing."),
        ((1, 10), (0, 7), "1 of 10 responses is missing; all 7 required comments are released."),
        ((0, 10), (2, 7), "2 of 7 required comments are missing; all 10 responses are released."),
        ((0, 10), (0, 7), "All 10 responses and all 7 required comments are released."),
        ((1, 1), (0, 1), "1 of 1 response is missing; the one required comment is released."),
        ((0, 1), (0, 1), "The one response and the one required comment are released."),
        ((2, 4), (0, 0), "2 of 4 responses are missing."),
        ((0, 4), (0, 0), "All 4 responses are released."),
        ((0, 0), (0, 0), "No text is asked for in this quarter."),
    ],
)
def test_the_answer(responses, comments, sentence):
    assert answer({Party.COMMISSIONER: responses, Party.PROVIDER: comments}) == sentence


def place_of(desk, who, cycle):
    cycles = tuple(Cycle.objects.filter(contract=desk.contract).order_by("-quarter"))
    held = next(each for each in cycles if each.pk == cycle.pk)
    held.contract = desk.contract
    return Place(desk.people[who], held, cycles)


def reading(desk, cycle, who=Who.OFFICER, show="all"):
    return read(place_of(desk, who, cycle), show)


def codes(found):
    return [(group.title, [each.row.code for each in group.members]) for group in found.groups]


def owed(found):
    return {each.name: [row.code for row, _ in each.links] for each in found.owed}


@pytest.fixture
def cycle(desk):
    return factories.in_state(desk.open(), State.COMMENTARY)


@pytest.mark.parametrize("who", BOTH)
def test_a_volumetric_comment_is_optional(desk, cycle, who):
    found = reading(desk, cycle, who)
    assert found.answer == "2 of 2 responses and 1 of 1 required comment are missing."
    assert owed(found) == {"DMBC": ["B8", "E1"], "DCST": ["B8"]}
    desk.release(cycle, Party.COMMISSIONER)
    desk.release(cycle, Party.PROVIDER, desk.measure)
    found = reading(desk, cycle, who)
    assert found.answer == "All 2 responses and the one required comment are released."
    assert owed(found) == {"DMBC": [], "DCST": []}


def test_a_link_leads_to_the_pane_that_is_missing(desk, cycle):
    [commissioner, provider] = reading(desk, cycle).owed
    assert commissioner.links[0][1] == "/c/childrens-services/2018-Q2/m/b8/#pane-commissioner"
    assert provider.links[0][1] == "/c/childrens-services/2018-Q2/m/b8/#pane-provider"


def test_the_order_is_the_scorecards(desk, cycle):
    factories.make_measure(desk.contract, "A1", section="Referral")
    area = factories.make_measure(desk.contract, "A2", section="Referral")
    AreaForImprovement.objects.create(cycle=cycle, measure=area, reason="Low", by=desk.officer.user, at=NOW)
    assert codes(reading(desk, cycle)) == [
        ("Areas for improvement", ["A2"]), ("Court work", ["B8"]), ("Referral", ["A1"]), ("Volumetric", ["E1"]),
    ]  # fmt: skip


def test_a_measure_added_after_the_opening_is_not_missing(desk, cycle):
    factories.make_measure(desk.contract, "B9")
    found = reading(desk, cycle)
    assert found.answer == "2 of 2 responses and 1 of 1 required comment are missing."
    assert "B9" not in owed(found)["DMBC"]
    assert ("Court work", ["B8", "B9"]) in codes(found)


@pytest.mark.parametrize(
    ("who", "show", "shown"),
    [
        (Who.OFFICER, "all", ["B8", "E1"]),
        (Who.OFFICER, "missing", ["B8"]),
        (Who.OFFICER, "mine", []),
        (Who.COMMISSIONER_DIRECTOR, "mine", []),
        (Who.ANALYST, "mine", ["B8"]),
        (Who.ANALYST, "nonsense", ["B8", "E1"]),
    ],
)
def test_what_is_shown(desk, cycle, who, show, shown):
    desk.release(cycle, Party.COMMISSIONER)
    found = reading(desk, cycle, who, show)
    assert [code for _, group in codes(found) for code in group] == shown
    name = "DMBC" if who.party is Party.COMMISSIONER else "DCST"
    assert [(each.label, each.url) for each in found.filters] == [
        ("All", "?show=all"), ("Missing", "?show=missing"), (f"Missing from {name}", "?show=mine"),
    ]  # fmt: skip
    chosen = show if show in ("missing", "mine") else "all"
    assert [each.url for each in found.filters if each.current] == [f"?show={chosen}"]
    # What is missing does not depend on what is shown.
    assert owed(found) == {"DMBC": [], "DCST": ["B8"]}


@pytest.mark.parametrize("who", BOTH)
@pytest.mark.parametrize(
    ("state", "stands"),
    [
        (State.OPEN, "Q2 2018/19 is open"),
        (State.SUBMITTED, "the values of Q2 2018/19 are submitted and wait to be accepted"),
    ],
)
def test_before_commentary_nothing_is_missing(desk, cycle, who, state, stands):
    factories.in_state(cycle, state)
    for show in ("all", "missing", "mine"):
        found = reading(desk, cycle, who, show)
        assert found.answer == f"Commentary is not asked for yet: {stands}."
        assert (owed(found), found.filters) == ({"DMBC": [], "DCST": []}, [])
        assert [code for _, group in codes(found) for code in group] == ["B8", "E1"]


@pytest.mark.parametrize("state", [State.COMMENTARY, State.AGREED, State.PUBLISHED])
def test_from_commentary_on_texts_are_missing(desk, cycle, state):
    factories.in_state(cycle, state)
    assert owed(reading(desk, cycle)) == {"DMBC": ["B8", "E1"], "DCST": ["B8"]}


@pytest.mark.parametrize(
    ("show", "who", "words"),
    [
        ("mine", Who.OFFICER, "DMBC has released every text asked of it."),
        ("mine", Who.PROVIDER_DIRECTOR, "DCST has released every text asked of it."),
        ("missing", Who.OFFICER, "Every text that is asked for is released."),
    ],
)
def test_why_nothing_is_left(desk, cycle, show, who, words):
    desk.release(cycle, Party.COMMISSIONER)
    desk.release(cycle, Party.PROVIDER)
    found = reading(desk, cycle, who, show)
    assert (codes(found), found.nothing) == ([], words)


def test_where_nothing_was_asked_nothing_counts_as_released(desk, cycle):
    Pane.objects.exclude(party=Party.COMMISSIONER, measure__code="E1").delete()
    found = reading(desk, cycle, Who.ANALYST, "mine")
    assert (codes(found), found.nothing) == ([], "No text is asked of DCST in this quarter.")
    Pane.objects.all().delete()
    found = reading(desk, cycle, Who.ANALYST, "mine")
    assert (found.answer, found.filters) == ("No text is asked for in this quarter.", [])
    assert len(codes(found)) == 2


@pytest.mark.parametrize("who", Who)
def test_a_past_quarter_asked_for_nothing(desk, cycle, who):
    factories.in_state(cycle, State.PAST)
    assert reading(desk, cycle, who).answer == "No texts were brought in for this past quarter."
    desk.release(cycle, Party.PROVIDER, desk.measure)
    found = reading(desk, cycle, who, "missing")
    assert found.answer == "A past quarter: texts were brought in for 1 of 2 measures."
    assert (owed(found), found.filters) == ({"DMBC": [], "DCST": []}, [])
    assert len(codes(found)) == 2


@pytest.mark.parametrize("state", [state for state in State if state is not State.PAST])
@pytest.mark.parametrize("who", BOTH)
def test_who_reads_a_draft(desk, cycle, who, state):
    factories.in_state(cycle, state)
    before = reading(desk, cycle, who)
    Pane.objects.filter(party=Party.PROVIDER).update(draft="<p>Draft.</p>", version=1, saved_at=NOW)
    after = reading(desk, cycle, who)
    texts = [each.texts[1].pane.html for group in after.groups for each in group.members]
    if who.party is Party.PROVIDER:
        assert texts == ["<p>Draft.</p>"] * 2
    else:
        assert texts == [None, None]
        assert before == after
    # A draft is still missing.
    assert after.answer == before.answer


def test_figures_that_the_viewer_may_not_see(desk, cycle):
    factories.make_target(desk.series, desk.officer.user, 90, 85)
    factories.make_observation(desk.series, Q2, 95, desk.analyst.user)
    factories.in_state(cycle, State.OPEN)
    [b8, _] = [each for group in reading(desk, cycle).groups for each in group.members]
    assert (b8.headline.absent, b8.rating.shown) == ("Not submitted yet", False)
    [b8, _] = [each for group in reading(desk, cycle, Who.ANALYST).groups for each in group.members]
    assert (b8.headline.number, b8.rating.word) == ("95", "On target")


def test_it_cannot_be_changed(desk, cycle):
    with pytest.raises(dataclasses.FrozenInstanceError):
        reading(desk, cycle).answer = ""
