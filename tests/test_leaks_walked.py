"""A text on its way: saved, released, written on, refused, restored, withdrawn, in every state that the table of moves
reaches, each reached by the moves themselves. Whoever may not read a text finds it nowhere: in no answer, no line of
any log, no row of any other table, no mail.
"""

import base64
import binascii
import json
import logging
import os
import random
import subprocess
import sys
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import pytest
from django.core import mail
from django.db import connection
from django.urls import reverse

from accounts.roles import Party, Who
from commentary.models import Pane, PaneVersion
from measures.models import Cycle
from measures.rights import RELEASE_PANE, WRITE_PANE, may
from measures.states import State
from perfmon.setup.place import ROOT
from tests.factories import NOW, Q2
from tests.leaks import OTHERS, WRITER, Secrets, asked, found_in
from workflow import transitions
from workflow.table import MOVES, Move

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("leaks-walked")]

# Where texts are held for their own party; every other table is searched.
HOME = {"commentary_pane", "commentary_paneversion"}
MAKE = {"submit": transitions.submit, "accept": transitions.accept, "send back": transitions.send_back}
FULL = bool(os.environ.get("PERFMON_TEST_FULL"))
LETTERS = "bcdfghjklmnpqrstvwxz"
RANDOM = random.Random(5)


def token() -> str:
    return "".join(RANDOM.sample(LETTERS, 20))


def walk() -> list[Move]:
    """Moves that go once at least over every way of the table, from a quarter just opened."""
    ways = {(source, move) for move in MOVES for source in move.sources}
    path, state = [], State.OPEN
    while ways:
        found = shortest(state, ways)
        for move in found:
            ways.discard((state, move))
            path.append(move)
            state = move.target
    return path


def shortest(state: State, ways: set) -> list[Move]:
    """The fewest moves from here of which the last is a way not gone yet."""
    paths = [(state, [])]
    for at, before in paths:
        for move in MOVES:
            if at in move.sources and (at, move) in ways:
                return [*before, move]
        paths += [(move.target, [*before, move]) for move in MOVES if at in move.sources and len(before) < len(State)]
    raise AssertionError(f"No way from {state} to {ways}")


@dataclass
class Held:
    """Of one party's text: the words that only it may read, and those that it has released."""

    secret: set[str] = field(default_factory=set)
    released: str = ""


class Journey:
    """The panes of one measure in both parties' hands, written through the pages."""

    def __init__(self, world: Secrets) -> None:
        self.world = world
        self.clients = {party: world.client(who) for party, who in WRITER.items()}
        self.held = {party: Held() for party in Party}

    @property
    def state(self) -> State:
        return State(Cycle.objects.get(pk=self.world.cycle.pk).state)

    def pane(self, party: Party) -> Pane:
        return Pane.objects.get(cycle=self.world.cycle, measure=self.world.measure, party=party)

    def send(self, party: Party, act: str, **fields) -> int:
        where = {"contract": self.world.contract.slug, "quarter": Q2, "measure": self.world.measure.slug}
        address = reverse(f"pane-{act}", kwargs={**where, "party": party})
        self.world.sign_in(self.clients[party], WRITER[party])
        return self.clients[party].post(address, fields).status_code

    def save(self, party: Party, *, version: int | None = None) -> str:
        word = token()
        self.held[party].secret.add(word)
        seen = self.pane(party).version if version is None else version
        status = self.send(party, "save", text=f"<p>Written: {word}.</p>", version=seen)
        assert status == (200 if version is None else 409)
        return word

    def release(self, party: Party) -> None:
        """What was saved last, read by all from now on."""
        self.withdraw(party)
        word = self.save(party)
        assert self.send(party, "release", version=self.pane(party).version) == 302
        self.held[party].secret.discard(word)
        self.held[party].released = word
        assert word in self.pane(party).released

    def withdraw(self, party: Party) -> None:
        held = self.held[party]
        if self.pane(party).released is not None:
            assert self.send(party, "withdraw", released_version=self.pane(party).released_version) == 302
            held.secret.add(held.released)
            held.released = ""

    def restore(self, party: Party) -> None:
        """The oldest text there is."""
        source = PaneVersion.objects.filter(pane=self.pane(party)).first()
        assert self.send(party, "restore", source=source.pk, version=self.pane(party).version) == 302
        assert self.pane(party).draft == source.text

    def write(self, *, releasing: bool) -> None:
        """All that each party may do with its text in this state; afterwards a draft stands beside what is released."""
        for party, who in WRITER.items():
            if may(RELEASE_PANE[party], who, self.state):
                self.release(party) if releasing else self.withdraw(party)
            if may(WRITE_PANE[party], who, self.state):
                self.save(party)
                self.save(party, version=0)
                self.restore(party)
                self.save(party)

    def move(self, move: Move) -> None:
        who = {"submit": Who.ANALYST}.get(move.verb, Who.OFFICER)
        reason = {"reason": "The count is wrong."} if move.needs_reason else {}
        cycle = Cycle.objects.get(pk=self.world.cycle.pk)
        MAKE[move.verb](by=self.world.people[who], cycle=cycle, now=NOW, **reason)

    @property
    def may_withdraw(self) -> bool:
        return any(may(RELEASE_PANE[party], who, self.state) for party, who in WRITER.items())

    def secret_to(self, principal) -> list[str]:
        party = principal.party if isinstance(principal, Who) else None
        return [word for owner, held in self.held.items() if owner is not party for word in held.secret]

    @property
    def secrets(self) -> list[str]:
        return [word for held in self.held.values() for word in held.secret]


class Lines(logging.Handler):
    """Every line as it would be printed, with whatever else was logged beside it."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        extra = {key: value for key, value in vars(record).items() if key not in ("request", "exc_info")}
        self.lines.append(f"{record.name} {self.format(record)} {extra!r}")


@contextmanager
def all_lines() -> Iterator[list[str]]:
    """Of every logger at the level that it has under LOG_LEVEL=DEBUG."""
    named = [each for each in logging.root.manager.loggerDict.values() if isinstance(each, logging.Logger)]
    handler, before = Lines(), {each: each.level for each in (logging.root, *named)}
    apart = [logging.root, *(each for each in named if not each.propagate)]
    for name, level in levels_at_debug().items():
        logging.getLogger(None if name == "root" else name).setLevel(level)
    for each in apart:
        each.addHandler(handler)
    try:
        yield handler.lines
    finally:
        for each, level in before.items():
            each.setLevel(level)
        for each in apart:
            each.removeHandler(handler)


def levels_at_debug() -> dict[str, str]:
    """Logger -> level, from the settings as another process reads them."""
    script = "from django.conf import settings as s; import json; print(json.dumps(s.LOGGING))"
    env = {**os.environ, "LOG_LEVEL": "DEBUG", "DJANGO_SETTINGS_MODULE": "perfmon.settings"}
    printed = subprocess.run([sys.executable, "-c", script], env=env, cwd=ROOT, capture_output=True, check=True).stdout
    config = json.loads(printed)
    return {"root": config["root"]["level"]} | {name: row["level"] for name, row in config["loggers"].items()}


def rows_with(words: list[str]) -> list[str]:
    """Tables other than the texts' own in which a row holds one of these words."""
    found = []
    with connection.cursor() as cursor:
        for table in sorted(set(connection.introspection.table_names(cursor)) - HOME):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            text = "\n".join(readable(value) for row in cursor.fetchall() for value in row)
            found += [f"{table} holds {word}" for word in words if word in text]
    return found


def readable(value) -> str:
    """Sessions and the cache pack what they hold."""
    text = bytes(value).decode(errors="replace") if isinstance(value, bytes | memoryview) else str(value)
    packed = text.lstrip(".").partition(":")[0]
    try:
        raw = base64.urlsafe_b64decode(packed + "=" * (-len(packed) % 4))
        return text + (zlib.decompress(raw) if text.startswith(".") else raw).decode(errors="replace")
    except (binascii.Error, ValueError, zlib.error):
        return text


@pytest.fixture(scope="module")
def world(module_rows):
    return Secrets()


def found_by_others(journey: Journey, *, everything: bool, posts: bool) -> tuple[list[str], set[str]]:
    """What somebody was told who should not be, and every word of the journey that anybody was told."""
    wrong, seen = [], set()
    words = [*journey.secrets, *(held.released for held in journey.held.values() if held.released)]
    # Who is not of the contract is turned away before a text is looked at: asked once, at every address.
    for principal in OTHERS if everything or FULL else Who:
        kept = set(journey.secret_to(principal))
        for what, response in asked(journey.world, principal, everything=everything, posts=posts):
            told = found_in(response, words)
            wrong += [f"{principal}, {journey.state}: {what} holds {word}" for word in told if word in kept]
            seen |= {(principal, word) for word in told}
    return wrong, seen


def look_around(journey: Journey, *, everything: bool = FULL, posts: bool = FULL) -> list[str]:
    """What is wrong here. The search finds what there is: each party reads its draft, and both what is released."""
    wrong, seen = found_by_others(journey, everything=everything, posts=posts)
    for party, held in journey.held.items():
        draft = journey.pane(party).draft
        due = {(who, word) for who in Who if who.party is party for word in held.secret if word in draft}
        due |= {(who, held.released) for who in Who if who.party and held.released}
        assert due <= seen
    return wrong + [f"{journey.state}: {row}" for row in rows_with(journey.secrets)]


def test_a_text_on_its_way_reaches_nobody_else(world):
    journey, wrong, states = Journey(world), [], {State.OPEN}
    with all_lines() as lines:
        journey.write(releasing=True)
        wrong += look_around(journey, everything=True, posts=True)
        for move in walk():
            journey.move(move)
            journey.write(releasing=True)
            wrong += look_around(journey, posts=FULL or journey.state not in states)
            states.add(journey.state)
            if any(held.released for held in journey.held.values()) and journey.may_withdraw:
                journey.write(releasing=False)
                wrong += look_around(journey)
                journey.write(releasing=True)
    assert wrong == []
    assert [line[:300] for line in lines if any(word in line for word in journey.secrets)] == []
    sent = b"".join(message.message().as_bytes() for message in mail.outbox)
    assert [word for word in journey.secrets if word.encode() in sent] == []
    assert len(lines) > 100
    assert states == {State.OPEN} | {move.target for move in MOVES}
    assert all(held.released for held in journey.held.values())


def test_rows_and_lines_are_searched(world):
    word = token()
    cycle = Cycle.objects.get(pk=world.cycle.pk)
    transitions.submit(by=world.people[Who.ANALYST], cycle=cycle, now=NOW)
    cycle.refresh_from_db()
    transitions.send_back(by=world.people[Who.OFFICER], cycle=cycle, reason=f"See {word}.", now=NOW)
    assert rows_with([word]) == [f"accounts_auditentry holds {word}", f"workflow_transition holds {word}"]
    with all_lines() as lines:
        logging.getLogger("django.request").debug("One %s", word)
        logging.getLogger("somewhere.new").debug("Two", extra={"text": word})
    assert len([line for line in lines if word in line]) == 2
