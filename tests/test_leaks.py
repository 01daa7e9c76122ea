"""What one party holds back, looked for in every answer that anybody else gets.

Three secrets: a token in each party's draft, and the figures of an open quarter. Then the side channel: the other
party's pages are the same bytes whether there is no draft, an empty one or one of 10 kB.
"""

import logging
import re
from dataclasses import replace
from decimal import Decimal
from itertools import product

import pytest
from django.db import transaction

from accounts.roles import Party, Who
from commentary.models import Pane, PaneVersion
from measures.entries import Entry
from measures.recording import record
from measures.states import State
from perfmon.policy import page_of
from tests import factories
from tests.addresses import BODIES, World, patterns
from tests.factories import NOW, Q2

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("leaks")]

DRAFT = {Party.COMMISSIONER: "qfzxkwvjhtrmbpncdlgs", Party.PROVIDER: "wjvkxzfqnpbmrthcsgld"}
# 7,919 of 9,973 is 79.404392 %; 918,273 a month.
FIGURES = ["7919", "7,919", "9973", "9,973", "79.404", "79.4", "918273", "918,273", "kzqvwxjfhpmtbrncgdls"]
WRITER = {Party.COMMISSIONER: Who.OFFICER, Party.PROVIDER: Who.ANALYST}
OTHERS = ("anonymous", "inactive", "stranger", *Who)
Q3 = Q2.next
QUERIES = {
    "scorecard": ["", "?view=table&sort=concern", "?show=red,amber"],
    "measure": ["", "?series=E1&by=month"],
    "measure-csv": ["", "?series=E1&by=month"],
    "events": ["", "?series=E1"],
}
# What differs from request to request whatever is held.
UNLIKE = re.compile(rb'nonce="[^"]*"|name="csrfmiddlewaretoken" value="[^"]*"')


class Secrets(World):
    """A `World` whose Q2 is open with figures held, and whose Q3 2018/19 is open as well."""

    def __init__(self) -> None:
        super().__init__()
        analyst = self.people[Who.ANALYST]
        entries = [(self.series, Q2, Entry(numerator=7919, denominator=9973, note="kzqvwxjfhpmtbrncgdls"))]
        entries += [(self.monthly, month, Entry(value=918273)) for month in Q2.months]
        for series, period, entry in entries:
            record(
                by=analyst, cycle=self.cycle, series=series, period=period, entry=_decimal(entry), version=0, now=NOW
            )
        self.next = factories.open_cycle(self.contract, self.people[Who.OFFICER], Q3)

    def draft(self, party: Party, text: str | None, *, releasing: str | None = None) -> None:
        """The party's panes of Q2 with this draft, None for one never written, beside a text that all may read."""
        saved = {} if text is None else {"version": 4, "saved_by": self.people[WRITER[party]].user, "saved_at": NOW}
        released = dict.fromkeys(("released", "released_version", "released_at", "released_by"))
        if releasing is not None:
            saved |= {"version": 4, "saved_at": NOW}
            released |= {"released": releasing, "released_version": 1, "released_at": NOW}
        empty = {"version": 0, "saved_by": None, "saved_at": None}
        panes = Pane.objects.filter(cycle=self.cycle, party=party)
        panes.update(draft=text or "", **(empty | saved), **released)
        PaneVersion.objects.filter(pane__in=panes).delete()
        if text:
            for pane in panes:
                pane.versions.create(version=4, kind="saved", text=text, by=self.people[WRITER[party]].user, at=NOW)

    def paths(self, *, everything: bool) -> list[str]:
        """Every address that answers a GET, of both quarters, with the choices that a page offers. Without
        `everything` only those that know of a contract."""
        found = []
        for name, route in patterns():
            if page_of(name).get is None or not (everything or name == "home" or "contract" in route):
                continue
            for address in self.addresses(name, route):
                queries = QUERIES.get(name, [""])
                here, there = address.path, address.path.replace(Q2.code, Q3.code)
                found += [path + query for path, query in product(sorted({here, there}), queries)]
        return found

    def posts(self) -> list[tuple[str, dict]]:
        return [
            (address.path, BODIES[name])
            for name, route in patterns()
            if name in BODIES and not name.startswith("account")
            for address in self.addresses(name, route)
        ]


def _decimal(entry: Entry) -> Entry:
    numbers = {name: getattr(entry, name) for name in ("value", "numerator", "denominator")}
    return replace(entry, **{name: None if each is None else Decimal(each) for name, each in numbers.items()})


@pytest.fixture(scope="module")
def secrets(module_rows):
    return Secrets()


def body(response) -> bytes:
    return b"".join(response.streaming_content) if response.streaming else response.content


def asked(world, principal, *, everything=False, quarters=(Q2, Q3)):
    """(what was asked, the answer) for every GET and POST; what a POST writes is rolled back."""
    client = world.client(principal)
    left_out = [quarter.code for quarter in (Q2, Q3) if quarter not in quarters]
    for path in world.paths(everything=everything):
        if any(code in path for code in left_out):
            continue
        world.sign_in(client, principal)
        yield f"GET {path}", client.get(path)
    for path, fields in world.posts():
        world.sign_in(client, principal)
        with transaction.atomic():
            response = client.post(path, fields)
            transaction.set_rollback(True)
        yield f"POST {path}", response


def found_in(response, tokens) -> list[str]:
    everything = body(response) + repr(sorted(response.headers.items())).encode()
    return [token for token in tokens if token.encode() in everything]


def may_read_draft(principal, party, state):
    return isinstance(principal, Who) and principal.party is party and state is not State.PAST


def may_read_figures(principal, state):
    """By the design: the provider always, the commissioner once submitted, an administrator what is past."""
    if principal in (Who.ANALYST, Who.PROVIDER_DIRECTOR):
        return True
    if principal in (Who.OFFICER, Who.COMMISSIONER_DIRECTOR):
        return state is not State.OPEN
    return principal is Who.ADMINISTRATOR and state is State.PAST


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


def told(response) -> tuple:
    """All that a reader gets of an answer but the nonce, the CSRF token and their cookies."""
    headers = {key: value for key, value in response.headers.items() if key != "Content-Security-Policy"}
    return response.status_code, UNLIKE.sub(b"", body(response)), sorted(headers.items())


def pages_of_others(world, party) -> dict:
    """What everybody is told who is not of the party, refused POSTs included."""
    others = ["stranger", *(who for who in Who if who.party is not party)]
    return {
        (principal, what): told(response)
        for principal in others
        for what, response in asked(world, principal, quarters=[Q2])
        # A save of one's own text is answered with the time of day.
        if not (isinstance(principal, Who) and what.endswith(f"/pane/{principal.party}/save/"))
    }


HELD_BACK = [(state, None) for state in State if state is not State.PAST]


@pytest.mark.parametrize(("state", "released"), [*HELD_BACK, (State.COMMENTARY, "<p>Released before.</p>")])
@pytest.mark.parametrize("party", Party)
def test_a_draft_cannot_be_told_from_none(secrets, party, state, released):
    secrets.set_state(state)
    nothing = pages_with_draft(secrets, party, released and "", released)
    long = pages_with_draft(secrets, party, LONG, released)
    assert [key for key in nothing if nothing[key] != long[key]] == []
    if state is State.COMMENTARY and not released:
        empty = pages_with_draft(secrets, party, "", released)
        assert [key for key in nothing if nothing[key] != empty[key]] == []


def pages_with_draft(world, party, text, released) -> dict:
    world.draft(party, text, releasing=released)
    return pages_of_others(world, party)
