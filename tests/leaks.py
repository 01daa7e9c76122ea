"""One contract with secrets, every address asked by everybody, and what an answer tells: for the tests of leaks."""

import re
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from itertools import product

from django.conf import settings
from django.contrib.messages import get_messages
from django.db import transaction
from django.http import HttpResponse

from accounts.roles import Party, Who
from commentary.models import Pane, PaneVersion
from measures.entries import Entry
from measures.recording import record
from measures.states import State
from perfmon.policy import page_of
from tests import factories
from tests.addresses import BODIES, World, patterns
from tests.factories import NOW, Q2

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
    "commentary": ["", "?show=missing", "?show=mine"],
}
# What differs from request to request whatever is held, and is made by chance, so that it may look like a figure.
UNLIKE = re.compile(rb'nonce="[^"]*"|name="csrfmiddlewaretoken" value="[^"]*"|data-seconds="[^"]*"')
UNLIKE_HEADERS = {"X-Request-ID", "Content-Security-Policy", "Expires"}
# Of a row that the request itself made: PostgreSQL does not give it twice.
MADE_KEY = re.compile(r"(?<=[/-])\d+(?=/|$)")


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

    def release_later(self, party: Party, text: str) -> None:
        """The party's panes of Q3 2018/19 with this text released: its pages say what of it stood in Q2 already."""
        by = self.people[WRITER[party]].user
        saved = {"draft": text, "version": 1, "saved_by": by, "saved_at": NOW}
        released = {"released": text, "released_version": 1, "released_by": by, "released_at": NOW}
        Pane.objects.filter(cycle=self.next, party=party).update(**saved, **released)

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


def body(response) -> bytes:
    return b"".join(response.streaming_content) if response.streaming else response.content


def asked(
    world, principal, *, everything=False, quarters=(Q2, Q3), heads=False, posts=True
) -> Iterator[tuple[str, HttpResponse]]:
    """(what was asked, the answer) for every GET and POST; what a POST writes is rolled back. `heads` asks by HEAD
    too; without `posts` each page is asked only as it opens."""
    client = world.client(principal)
    left_out = [quarter.code for quarter in (Q2, Q3) if quarter not in quarters]
    for path in world.paths(everything=everything):
        if any(code in path for code in left_out) or (not posts and "?" in path):
            continue
        world.sign_in(client, principal)
        yield f"GET {path}", client.get(path)
        if heads:
            yield f"HEAD {path}", client.head(path)
    for path, fields in world.posts() if posts else ():
        world.sign_in(client, principal)
        with transaction.atomic():
            response = client.post(path, fields)
            transaction.set_rollback(True)
        yield f"POST {path}", response


def said(response) -> list[str]:
    """The messages for the next page or on this one. They travel in a cookie, packed."""
    return [f"{message.tags} {message}" for message in get_messages(response.wsgi_request)]


def found_in(response, tokens) -> list[str]:
    beside = f"{_headers(response)!r} {response.cookies.output()} {' '.join(said(response))}"
    everything = body(response) + beside.encode()
    return [token for token in tokens if token.encode() in everything]


def _headers(response) -> list[tuple[str, str]]:
    held = {key: value for key, value in response.headers.items() if key not in UNLIKE_HEADERS}
    if "Location" in held:
        held["Location"] = MADE_KEY.sub("", held["Location"])
    return sorted(held.items())


def may_read_draft(principal, party, state):
    return isinstance(principal, Who) and principal.party is party and state is not State.PAST


def may_read_figures(principal, state):
    """By the design: the provider always, the commissioner once submitted, an administrator what is past."""
    if principal in (Who.ANALYST, Who.PROVIDER_DIRECTOR):
        return True
    if principal in (Who.OFFICER, Who.COMMISSIONER_DIRECTOR):
        return state is not State.OPEN
    return principal is Who.ADMINISTRATOR and state is State.PAST


def told(response) -> tuple:
    """All that a reader gets of an answer but its number, the nonce, the seconds left, the CSRF token, what is in other
    cookies than that of the messages, and the session's own, which is sent again every now and then."""
    cookies = sorted(set(response.cookies) - {settings.SESSION_COOKIE_NAME})
    return response.status_code, UNLIKE.sub(b"", body(response)), _headers(response), cookies, said(response)
