"""What one party holds back, looked for in every answer that anybody else gets.

Three secrets: a token in each party's draft, and the figures of an open quarter. Then the side channel: the other
party's pages are the same bytes whether there is no draft, an empty one or one of 10 kB. What happens to a text on its
way is walked in test_leaks_walked.
"""

import logging
import os
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
    Secrets,
    asked,
    found_in,
    may_read_draft,
    may_read_figures,
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


def pages_of_others(world, party, *, heads) -> dict:
    """What everybody is told who is not of the party, refused POSTs included."""
    others = ["stranger", *(who for who in Who if who.party is not party)]
    return {
        (principal, what): told(response)
        for principal in others
        for what, response in asked(world, principal, quarters=[Q2], heads=heads)
        # A save of one's own text is answered with the time of day.
        if not (isinstance(principal, Who) and what.endswith(f"/pane/{principal.party}/save/"))
    }


HELD_BACK = [(state, None) for state in State if state is not State.PAST]


@pytest.mark.parametrize(("state", "released"), [*HELD_BACK, (State.COMMENTARY, "<p>Released before.</p>")])
@pytest.mark.parametrize("party", Party)
def test_a_draft_cannot_be_told_from_none(secrets, party, state, released):
    secrets.set_state(state)
    heads = FULL or state is State.COMMENTARY
    nothing = pages_with_draft(secrets, party, released and "", released, heads=heads)
    long = pages_with_draft(secrets, party, LONG, released, heads=heads)
    assert [key for key in nothing if nothing[key] != long[key]] == []
    assert_covers(secrets, nothing, ["GET", "HEAD"] if heads else ["GET"])
    if state is State.COMMENTARY and not released:
        empty = pages_with_draft(secrets, party, "", released, heads=heads)
        assert [key for key in nothing if nothing[key] != empty[key]] == []


def pages_with_draft(world, party, text, released, *, heads=False) -> dict:
    world.draft(party, text, releasing=released)
    return pages_of_others(world, party, heads=heads)


def assert_covers(world, answers, methods) -> None:
    """Pages and the API, with the lengths of what comes or would come."""
    asked_for = {what for _, what in answers}
    for name, route in patterns():
        if name in ("measure", "commentary", "api-scorecard"):
            (address,) = world.addresses(name, route)
            assert {f"{method} {address.path}" for method in methods} <= asked_for
    assert all("Content-Length" in dict(headers) for _, _, headers, _ in answers.values())
