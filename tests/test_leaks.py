"""What one party holds back, looked for in every answer that anybody else gets.

Three secrets: a token in each party's draft, and the figures of an open quarter. Then the side channel: the other
party's pages are the same bytes whether there is no draft, an empty one or one of 10 kB. What happens to a text on its
way is walked in test_leaks_walked.
"""

import logging
import os
import statistics
import time
from itertools import product

import pytest

from accounts.roles import Party, Who
from measures.states import State
from tests.addresses import patterns
from tests.factories import Q2
from tests.leaks import (
    DRAFT,
    FIGURES,
    OTHERS,
    Q3,
    WRITER,
    Secrets,
    asked,
    found_in,
    may_read_draft,
    may_read_figures,
    said,
    told,
)

FULL = bool(os.environ.get("PERFMON_TEST_FULL"))
pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("leaks")]


@pytest.fixture(scope="module")
def secrets(module_rows):
    return Secrets()


@pytest.mark.parametrize("state", State)
def test_no_answer_holds_what_is_held_back(secrets, state, caplog):
    secrets.set_state(state)
    for party, token in DRAFT.items():
        secrets.draft(party, f"<p>Draft {token}.</p>")
    wrong, seen = [], set()
    with caplog.at_level(logging.INFO):
        for principal in OTHERS:
            kept = [DRAFT[party] for party in Party if not may_read_draft(principal, party, state)]
            kept += [] if may_read_figures(principal, state) else FIGURES
            for what, response in asked(secrets, principal, everything=state is State.OPEN):
                leaked = found_in(response, kept)
                wrong += [f"{principal}, {state}: {what} holds {token}" for token in leaked]
                seen |= {(principal, token) for token in found_in(response, [*DRAFT.values(), *FIGURES])}
    assert wrong == []
    assert [token for token in DRAFT.values() if token in caplog.text] == []
    # The search finds what there is: those who may read it did.
    assert seen >= {(who, DRAFT[party]) for who, party in product(Who, Party) if may_read_draft(who, party, state)} | {
        (who, "918,273") for who in Who if may_read_figures(who, state)
    }


LONG = "<p>" + "Ten kilobytes of words. " * 430 + "</p>"
# What Q3 may say of Q2: all of it was there, or a paragraph.
CARRIED, REPEATED = LONG, f"{LONG}<p>And more.</p>"


def pages_of_others(world, party, *, whole) -> dict:
    """What everybody is told who is not of the party, refused POSTs included. `whole`: by HEAD too, and of the next
    quarter, whose pages read this one's texts alike in every state."""
    others = ["stranger", *(who for who in Who if who.party is not party)]
    return {
        (principal, what): told(response)
        for principal in others
        for what, response in asked(world, principal, quarters=(Q2, Q3) if whole else (Q2,), heads=whole)
        # A save of one's own text is answered with the time of day.
        if not (isinstance(principal, Who) and what.endswith(f"/pane/{principal.party}/save/"))
    }


HELD_BACK = [(state, None) for state in State if state is not State.PAST]


@pytest.mark.parametrize(("state", "released"), [*HELD_BACK, (State.COMMENTARY, "<p>Released before.</p>")])
@pytest.mark.parametrize("party", Party)
def test_a_draft_cannot_be_told_from_none(secrets, party, state, released):
    secrets.set_state(state)
    secrets.release_later(party, REPEATED if released else CARRIED)
    whole = FULL or state is State.COMMENTARY
    nothing = pages_with_draft(secrets, party, released and "", released, whole=whole)
    long = pages_with_draft(secrets, party, LONG, released, whole=whole)
    assert [key for key in nothing if nothing[key] != long[key]] == []
    assert_covers(secrets, nothing, whole=whole)
    if state is State.COMMENTARY and not released:
        empty = pages_with_draft(secrets, party, "", released, whole=whole)
        assert [key for key in nothing if nothing[key] != empty[key]] == []


# Times say nothing on a machine that other tests share: asked for alone, on a quiet one.
@pytest.mark.skipif(not FULL, reason="Timed: for test --full")
@pytest.mark.parametrize("quarter", [Q2, Q3])
@pytest.mark.parametrize("party", Party)
def test_a_draft_costs_others_no_time(secrets, party, quarter):
    """Asked in turn with and without one, so that what else the machine does slows both alike. What a draft costs is
    there in every series; chance is not in three."""
    secrets.set_state(State.COMMENTARY)
    secrets.release_later(party, CARRIED)
    assert any(abs(1 - share_of_time(secrets, party, quarter)) <= 0.05 for _ in range(3))


def share_of_time(world, party, quarter, times=200) -> float:
    """Of the measure page with a draft to that without one: medians of so many, for the other party's writer."""
    client = world.client(WRITER[party.other])
    path = f"/c/{world.contract.slug}/{quarter.code}/m/{world.measure.slug}/"
    taken = {None: [], LONG: []}
    for _, draft in product(range(times), taken):
        world.draft(party, draft)
        begun = time.perf_counter()
        client.get(path)
        taken[draft].append(time.perf_counter() - begun)
    return statistics.median(taken[LONG]) / statistics.median(taken[None])


def pages_with_draft(world, party, text, released, *, whole=False) -> dict:
    world.draft(party, text, releasing=released)
    return pages_of_others(world, party, whole=whole)


def assert_covers(world, answers, *, whole) -> None:
    """Pages and the API, with the lengths of what comes or would come."""
    quarters, methods = ((Q2, Q3), ("GET", "HEAD")) if whole else ((Q2,), ("GET",))
    asked_for = {what for _, what in answers}
    for name, route in patterns():
        if name in ("measure", "pane-last", "commentary", "api-scorecard"):
            for here, quarter, method in product(world.addresses(name, route), quarters, methods):
                assert f"{method} {here.path.replace(Q2.code, quarter.code)}" in asked_for
    assert all("Content-Length" in dict(headers) for _, _, headers, *_ in answers.values())


@pytest.mark.parametrize("party", Party)
def test_what_was_released_is_marked_in_the_next_quarter(secrets, party):
    """As the pages compared above would show it of a draft, if they looked at one."""
    secrets.set_state(State.COMMENTARY)
    secrets.draft(party, "", releasing=LONG)
    client = secrets.client(WRITER[party.other])
    for text, mark in ((CARRIED, "Carried over from Q2 2018/19"), (REPEATED, "Also in Q2 2018/19")):
        secrets.release_later(party, text)
        for page in (f"m/{secrets.measure.slug}/", "commentary/"):
            assert mark in client.get(f"/c/{secrets.contract.slug}/{Q3.code}/{page}").text


def test_what_is_said_after_a_redirect_is_compared_and_searched(secrets):
    """Two answers that lead to one page and differ in the message alone, which its cookie holds packed."""
    secrets.set_state(State.COMMENTARY)
    address = f"/c/{secrets.contract.slug}/{Q2.code}/m/{secrets.measure.slug}/pane/commissioner/withdraw/"
    answers = []
    for fields in ({"released_version": "x"}, {"released_version": "1"}):
        answers.append(secrets.client(Who.OFFICER).post(address, fields))
    first, second = answers
    assert first.url == second.url
    assert told(first)[:-1] == told(second)[:-1]
    assert told(first) != told(second)
    (message,) = said(first)
    assert found_in(first, [message]) == [message]
