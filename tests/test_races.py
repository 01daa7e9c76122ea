"""What several people do to the same thing at the same moment, over HTTP, on SQLite and on PostgreSQL: no acknowledged
write is lost or done twice, and whoever came second is told."""

import hashlib
import html
import http.client
import json
import os
import random
import re
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Barrier, Event

import pytest

from tests.ourserver import Answer, Person, Site
from tests.races import at_once, statuses, unbroken

# One worker runs all of it, so that the servers start once.
pytestmark = [pytest.mark.deployment, pytest.mark.xdist_group("races")]

FULL = bool(os.environ.get("PERFMON_TEST_FULL"))
WRITERS = 8
# Panes, and saves that each writer gets acknowledged in each of them.
PANES, SAVES = (10, 125) if FULL else (1, 25)
PAIRS = 2000 if FULL else 50
CLICKS = 50 if FULL else 10
INTERLEAVINGS = 500 if FULL else 10
# Rounds, each in a pane of its own, and workers killed in each.
ROUNDS, KILLS = (10, 20) if FULL else (1, 20)
KILLED_WRITERS = 4

SLUGS = ["a1", "a2", "a3", "a4", "a8", "b8", "b13", "fo1", "e1", "e34-35"]
COMMENTARY, OPEN = "2018-Q2", "2018-Q3"
TOKEN = re.compile(r"<p>([a-z]\d+-\d+)</p>")


@pytest.fixture(autouse=True)
def nothing_breaks(site: Site) -> Iterator[None]:
    with unbroken(site):
        yield


def acts_of(site: Site) -> Counter:
    """How often each act stands in the audit chains."""
    return Counter(dict(site.rows("SELECT act, count(*) FROM accounts_auditentry GROUP BY act")))


def count(site: Site, table: str) -> int:
    return site.rows(f"SELECT count(*) FROM {table}")[0][0]


class Pane:
    """The commissioner's pane of one measure in the quarter that is in commentary."""

    def __init__(self, site: Site, slug: str) -> None:
        self.site, contract = site, site.facts["contract"]
        self.page = f"/c/{contract}/{COMMENTARY}/m/{slug}/"
        self.address = f"{self.page}pane/commissioner/"
        sql = (
            "SELECT p.id FROM commentary_pane p JOIN measures_measure m ON m.id = p.measure_id "
            "JOIN measures_cycle c ON c.id = p.cycle_id JOIN accounts_contract k ON k.id = c.contract_id "
            f"WHERE k.slug = '{contract}' AND m.slug = '{slug}' AND p.party = 'commissioner' AND c.state = 'commentary'"
        )
        ((self.id,),) = site.rows(sql)

    def held(self) -> tuple[int, str, str | None, int | None]:
        """version, draft, released, released_version"""
        fields = "version, draft, released, released_version"
        return self.site.rows(f"SELECT {fields} FROM commentary_pane WHERE id = {self.id}")[0]

    def kept(self, kind: str) -> list[str]:
        sql = f"SELECT text FROM commentary_paneversion WHERE pane_id = {self.id} AND kind = '{kind}'"
        return [text for (text,) in self.site.rows(sql)]

    @staticmethod
    def on_page(page: Answer) -> tuple[int, str]:
        """Version and text as the editor finds them."""
        form = re.search(
            r'name="version" value="(\d+)".*?<textarea id="pane-commissioner-text"[^>]*>(.*?)</textarea>',
            page.text,
            re.DOTALL,
        )
        return int(form[1]), html.unescape(form[2])

    def save(self, person: Person, text: str, version: int, barrier: Barrier | None = None) -> Answer:
        return person.post(f"{self.address}save/", barrier, text=text, version=version)


class Writer:
    """Adds one token after another to what the pane holds, as an editor would: load, edit, save; after a refusal,
    begin again from the text that came with it."""

    def __init__(self, pane: Pane, person: Person, name: str, pause: float) -> None:
        self.pane, self.person, self.name, self.pause = pane, person, name, pause
        self.acknowledged: list[str] = []
        self.refused: list[str] = []
        self.repeated = 0
        self.chance = random.Random(name)

    def write(self, is_enough: Callable[["Writer"], bool]) -> None:
        version, text = self.pane.on_page(self.insist(partial(self.person.get, self.pane.page)))
        while not is_enough(self):
            token = f"{self.name}-{len(self.acknowledged)}"
            time.sleep(self.chance.random() * self.pause)
            mine = text if token in TOKEN.findall(text) else f"{text}<p>{token}</p>"
            answer = self.insist(partial(self.pane.save, self.person, mine, version))
            held = answer.json["held"] if answer.status == 409 else answer.json
            version, text = held["version"], held["html"]
            if answer.status == 409:
                assert answer.json["refused"] == mine
                # What was saved before its answer was lost is no conflict with oneself.
                assert text != mine
                self.refused.append(mine)
            else:
                assert (answer.status, text) == (200, mine)
                self.acknowledged.append(token)

    def insist(self, ask: Callable[[], Answer]) -> Answer:
        """Ask the same again until an answer comes."""
        while True:
            try:
                return ask()
            except (OSError, http.client.HTTPException):
                self.repeated += 1
                time.sleep(0.02)


def all_write(writers: list[Writer], is_enough: Callable[[Writer], bool]) -> list[Writer]:
    with ThreadPoolExecutor(len(writers)) as pool:
        for future in [pool.submit(writer.write, is_enough) for writer in writers]:
            future.result()
    return writers


def check_nothing_lost(pane: Pane, writers: list[Writer], start: int) -> None:
    """Each acknowledged token stands in the text exactly once, no other does, and each was one save."""
    version, text, *_ = pane.held()
    names = {writer.name for writer in writers}
    tokens = Counter(token for token in TOKEN.findall(text) if token.partition("-")[0] in names)
    acknowledged = Counter(token for writer in writers for token in writer.acknowledged)
    assert acknowledged - tokens == Counter(), "acknowledged and lost"
    assert tokens - acknowledged == Counter(), "doubled, or there without anybody knowing"
    assert version - start == len(acknowledged)
    refused = {text for writer in writers for text in writer.refused}
    assert refused - set(pane.kept("refused")) == set(), "refused and not kept"


def test_eight_writers_in_one_pane_lose_nothing(site):
    for slug in SLUGS[:PANES]:
        pane = Pane(site, slug)
        start, *_ = pane.held()
        people = [site.person(f"officer {number % 4}") for number in range(WRITERS)]
        writers = [Writer(pane, person, f"w{number}", pause=0.15) for number, person in enumerate(people)]
        all_write(writers, lambda writer: len(writer.acknowledged) == SAVES)
        assert [len(writer.acknowledged) for writer in writers] == [SAVES] * WRITERS
        check_nothing_lost(pane, writers, start)
        print(slug, "refused:", sum(len(writer.refused) for writer in writers))


def test_of_two_saves_with_one_version_one_is_done_and_both_texts_are_told(site):
    pane, people = Pane(site, "a2"), [site.person("officer 0"), site.person("officer 1")]
    version = pane.held()[0]
    for number in range(PAIRS):
        texts = [f"<p>{name} {number}</p>" for name in ("left", "right")]
        answers = at_once(*(partial(pane.save, who, text, version) for who, text in zip(people, texts, strict=True)))
        assert statuses(answers) == [200, 409]
        lost = next(index for index, answer in enumerate(answers) if answer.status == 409)
        told = answers[lost].json
        assert (told["held"]["html"], told["refused"]) == (texts[1 - lost], texts[lost])
        version += 1
        assert pane.held()[:2] == (version, texts[1 - lost])
        assert texts[lost] in pane.kept("refused")


def test_a_save_asked_again_because_its_answer_was_lost_is_one_save(site):
    pane, officer = Pane(site, "b8"), site.person("officer 0")
    for number in range(CLICKS):
        version, text = pane.held()[0], f"<p>Once {number}</p>"
        officer.post_and_leave(f"{pane.address}save/", text=text, version=version)
        end = time.monotonic() + 20
        while pane.held()[0] == version:
            assert time.monotonic() < end
            time.sleep(0.01)
        again = pane.save(officer, text, version)
        assert (again.status, again.json["version"]) == (200, version + 1)
        assert pane.held()[:2] == (version + 1, text)
        assert pane.kept("saved").count(text) == 1


class Value:
    """What is held of one quarterly series in the open quarter."""

    def __init__(self, site: Site, code: str = "FO1") -> None:
        self.site, self.code, self.id = site, code, site.facts["series"][code]
        self.address = f"/c/{site.facts['contract']}/{OPEN}/entry/{self.id}/"

    def held(self) -> tuple[int, int, int] | None:
        """version, value and number of revisions of the current row; None when nothing is held"""
        found = self.site.rows(
            "SELECT version, value, revision FROM measures_observation WHERE is_current AND period_kind = 'quarter' "
            f"AND start = '2018-10-01' AND series_id = {self.id}"
        )
        return (found[0][0], int(found[0][1]), found[0][2]) if found else None

    def save(self, person: Person, value: int, version: int, barrier: Barrier) -> Answer:
        fields = {"period": OPEN, "version": version, "value": value, "status": "final", "reason": "A race"}
        return person.post(self.address, barrier, **fields)


def test_of_two_values_with_one_version_one_is_held_and_the_other_is_told(site):
    people = [site.person("analyst 0"), site.person("analyst 1")]
    # The first two of a series meet where nothing is held yet.
    for number, code in enumerate((["A2", "A3", "A8", "B13"] + ["FO1"] * PAIRS)[:PAIRS]):
        place = Value(site, code)
        before = place.held()
        version = before[0] if before else 0
        values = [(2 * number) % 100, (2 * number + 1) % 100]
        answers = at_once(
            *(partial(place.save, who, value, version) for who, value in zip(people, values, strict=True))
        )
        assert statuses(answers) == [302, 409]
        lost = next(index for index, answer in enumerate(answers) if answer.status == 409)
        assert place.held()[:2] == (version + 1, values[1 - lost])
        assert "Somebody else saved this value after you opened it" in answers[lost].text
        assert f'name="value" value="{values[lost]}"' in answers[lost].text


def click_twice(
    site: Site, person: Person, act: str, address: str, table: str | None = None, /, **fields: object
) -> list[Answer]:
    """The same form sent twice at once: one audit entry of `act`, one more row of `table`, and no third answer."""
    before, rows = acts_of(site), count(site, table) if table else 0
    answers = at_once(*[partial(person.post, address, **fields)] * 2)
    assert acts_of(site) - before == Counter({act: 1}), act
    if table:
        assert count(site, table) == rows + 1
    assert statuses(answers) in ([302, 302], [302, 409]), act
    return answers


def test_a_move_asked_for_twice_is_made_once(site):
    base = f"/c/{site.facts['contract']}/{OPEN}/"
    officer, analyst = site.person("officer 0"), site.person("analyst 0")
    steps = [
        (analyst, "submit", "submit"), (officer, "send back", "send-back"), (analyst, "submit", "submit"),
        (officer, "accept", "accept"), (officer, "send back", "send-back"),
    ]  # fmt: skip
    for _ in range(CLICKS):
        for person, act, path in steps:
            answers = click_twice(site, person, act, f"{base}{path}/", "workflow_transition", reason="Because")
            assert statuses(answers) == [302, 409]


def test_a_quarter_opened_twice_is_open_once(site):
    officer = site.person("officer 0")
    for slug in site.facts["slugs"]:
        answers = click_twice(site, officer, "open", f"/c/{slug}/open/{OPEN}/", "measures_cycle")
        assert statuses(answers) == [302, 409]


def test_a_text_released_or_withdrawn_twice_is_so_once(site):
    pane, officer = Pane(site, "a3"), site.person("officer 0")
    for number in range(CLICKS):
        version = pane.held()[0]
        assert pane.save(officer, f"<p>Text {number}</p>", version).status == 200
        click_twice(site, officer, "release pane", f"{pane.address}release/", version=version + 1)
        assert pane.held()[1:] == (f"<p>Text {number}</p>", f"<p>Text {number}</p>", version + 1)
        click_twice(
            site,
            officer,
            "withdraw pane",
            f"{pane.address}withdraw/",
            "commentary_paneversion",
            released_version=version + 1,
        )
        assert pane.held()[2:] == (None, None)


def test_an_area_added_or_removed_twice_is_so_once(site):
    officer = site.person("officer 0")
    address = f"/c/{site.facts['contract']}/{COMMENTARY}/m/a8/area/"
    for _ in range(CLICKS):
        areas = count(site, "measures_areaforimprovement")
        for act, change in (("add", 1), ("remove", 0)):
            answers = click_twice(site, officer, f"{act} area for improvement", address, act=act, reason="Because")
            assert statuses(answers) == [302, 409]
            assert count(site, "measures_areaforimprovement") == areas + change


def test_acts_in_two_quarters_at_once_stand_one_after_the_other(site):
    """They wait for nothing but the audit chain, which must not fork; `check_chains` follows."""
    officer, contract = site.person("officer 0"), site.facts["contract"]
    addresses = [f"/c/{contract}/{quarter}/m/b13/area/" for quarter in (COMMENTARY, OPEN)]
    for number in range(2 * CLICKS):
        act, before = "add" if number % 2 == 0 else "remove", acts_of(site)
        answers = at_once(*(partial(officer.post, address, act=act, reason="Because") for address in addresses))
        assert statuses(answers) == [302, 302]
        assert acts_of(site) - before == Counter({f"{act} area for improvement": 2})


def test_a_restored_text_and_a_save_at_once_are_one_after_the_other(site):
    """Equal version: one wins, and the other text stays in the record."""
    pane, officers = Pane(site, "a4"), [site.person("officer 0"), site.person("officer 1")]
    outcomes = Counter()
    for number in range(CLICKS):
        version = pane.held()[0]
        # By two people in turn, or one text would take the other's row.
        for officer, name in zip(officers, ("Early", "Late"), strict=True):
            assert pane.save(officer, f"<p>{name} {number}</p>", version).status == 200
            version += 1
        sql = f"SELECT id FROM commentary_paneversion WHERE pane_id = {pane.id} AND text = '<p>Early {number}</p>'"
        ((source,),) = site.rows(sql)
        saved, restored = at_once(
            partial(pane.save, officers[0], f"<p>Mine {number}</p>", version),
            partial(officers[1].post, f"{pane.address}restore/", source=source, version=version),
        )
        assert (saved.status, restored.status) in ((200, 409), (409, 302))
        outcomes[saved.status] += 1
        winner = "Mine" if saved.status == 200 else "Early"
        assert pane.held()[:2] == (version + 1, f"<p>{winner} {number}</p>")
        kept = [*pane.kept("saved"), *pane.kept("refused")]
        assert {f"<p>{name} {number}</p>" for name in ("Early", "Late", "Mine")} <= set(kept)
        restores = f"SELECT count(*) FROM commentary_paneversion WHERE restored_from_id = {source}"
        assert site.rows(restores)[0][0] == (1 if winner == "Early" else 0)
    print("saved, refused:", outcomes[200], outcomes[409])


def test_a_save_and_a_release_at_once_never_release_a_text_unseen(site):
    pane, officers = Pane(site, "b13"), [site.person("officer 0"), site.person("officer 1")]
    outcomes = Counter()
    for number in range(INTERLEAVINGS):
        version = pane.held()[0] + 1
        assert pane.save(officers[1], f"<p>Seen {number}</p>", version - 1).status == 200
        saved, released = at_once(
            partial(pane.save, officers[0], f"<p>Unseen {number}</p>", version),
            partial(officers[1].post, f"{pane.address}release/", version=version),
        )
        assert saved.status == 200
        assert released.status in (302, 409)
        outcomes[released.status] += 1
        told = (f"<p>Seen {number}</p>", version) if released.status == 302 else (None, None)
        assert pane.held() == (version + 1, f"<p>Unseen {number}</p>", *told)
        if released.status == 302:
            sql = "SELECT new FROM accounts_auditentry WHERE act = 'release pane' ORDER BY id DESC LIMIT 1"
            assert hashlib.sha256(told[0].encode()).hexdigest() in str(site.rows(sql)[0][0])
            assert officers[1].post(f"{pane.address}withdraw/", released_version=version).status == 302


def test_a_value_and_a_submission_at_once_are_in_order(site):
    """What was saved in time is in what was submitted; what was not is refused, and nothing comes after."""
    value, officer = Value(site), site.person("officer 0")
    analysts = [site.person("analyst 0"), site.person("analyst 1")]
    base = f"/c/{site.facts['contract']}/{OPEN}/"
    for number in range(INTERLEAVINGS):
        before = value.held() or (0, None, 0)
        wanted = 0 if before[1] else 50
        saved, submitted = at_once(
            partial(value.save, analysts[0], wanted, before[0]), partial(analysts[1].post, f"{base}submit/")
        )
        assert submitted.status == 302, number
        assert saved.status in (302, 409)
        held = wanted if saved.status == 302 else before[1]
        ((new,),) = site.rows("SELECT new FROM accounts_auditentry WHERE act = 'submit' ORDER BY id DESC LIMIT 1")
        told = (json.loads(new) if isinstance(new, str) else new)["values"].get(f"FO1 FO1 {OPEN}")
        now = value.held()
        assert (now and now[1], told and told["value"]) == (held, None if held is None else str(held))
        assert officer.post(f"{base}send-back/", reason="Again").status == 302


def test_nothing_is_lost_or_doubled_when_workers_are_killed(site):
    for slug in SLUGS[::-1][:ROUNDS]:
        pane, done = Pane(site, slug), Event()
        start, *_ = pane.held()
        people = [site.person(f"officer {number}") for number in range(KILLED_WRITERS)]
        writers = [Writer(pane, person, f"k{number}", pause=0.1) for number, person in enumerate(people)]
        with ThreadPoolExecutor(1) as pool:
            writing = pool.submit(all_write, writers, partial(is_over, done))
            try:
                kill_workers(site, writers)
            finally:
                done.set()
            writing.result()
        check_nothing_lost(pane, writers, start)
        told = [sum(count) for count in zip(*[(len(w.refused), w.repeated) for w in writers], strict=True)]
        print(slug, "acknowledged, refused, repeated:", acknowledged(writers), *told)
        # Or no save was ever cut short.
        assert sum(writer.repeated for writer in writers) > 0


def is_over(done: Event, _: Writer) -> bool:
    return done.is_set()


def kill_workers(site: Site, writers: list[Writer]) -> None:
    """One after another, each while saves are being acknowledged."""
    chance = random.Random(1)
    for _ in range(KILLS):
        done, end = acknowledged(writers), time.monotonic() + 60
        while acknowledged(writers) < done + KILLED_WRITERS:
            assert time.monotonic() < end, "no save is acknowledged any more"
            time.sleep(0.01)
        time.sleep(chance.random() * 0.1)
        number = len(site.booted())
        site.kill_a_worker()
        site.wait_for_worker(number + 1)


def acknowledged(writers: list[Writer]) -> int:
    return sum(len(writer.acknowledged) for writer in writers)
