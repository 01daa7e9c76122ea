"""What happens to an import when the program is killed, the database goes, or two people confirm at once: all of it or
nothing, and the same file can go again. Over HTTP, on SQLite and on PostgreSQL."""

import http.client
import os
import random
import re
import time
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from threading import Barrier
from typing import ClassVar

import psycopg2
import pytest

from tests.ourserver import Answer, Person, Site
from tests.papers import TWIN, TWIN_NAME

# One worker runs all of it, so that the servers start once.
pytestmark = [pytest.mark.deployment, pytest.mark.xdist_group("import faults")]

FULL = bool(os.environ.get("PERFMON_TEST_FULL"))
KILLS = 50 if FULL else 6
PAPER_KILLS = 50 if FULL else 6
CUTS = 20 if FULL else 4
RACES = 50 if FULL else 5
SERIES, MONTHS = 10, 60
ROWS = SERIES * MONTHS
DIGEST = re.compile(r'name="digest" value="([^"]+)"')
NAMES = "January February March April May June July August September October November December".split()


def content(first: int = 100) -> bytes:
    """Sixty months of ten series before the present."""
    months = [f"{NAMES[number % 12]} {2011 + number // 12}" for number in range(MONTHS)]
    rows = [
        f"M{series},{month},{first + series + number}"
        for series in range(1, SERIES + 1)
        for number, month in enumerate(months)
    ]
    return "\r\n".join(["series,period,value", *rows]).encode()


class Desk:
    """An analyst's imports in a contract of their own, and what the database holds of them."""

    page, name = "preview/", "figures.csv"

    def __init__(self, site: Site, slug: str, person: str = "analyst 0") -> None:
        self.site, self.base, self.slug = site, f"/c/{slug}/import/", slug
        self.person: Person = site.person(person)

    def upload(self, figures: bytes) -> str:
        """The address of the batch."""
        answer = self.person.upload(self.base, self.name, figures)
        assert answer.status == 302, answer.text[:2000]
        return answer.location.removesuffix(self.page)

    def digest(self, batch: str) -> str:
        answer = self.person.get(f"{batch}{self.page}")
        assert answer.status == 200
        return DIGEST.search(answer.text)[1]

    def confirm(self, batch: str, digest: str, barrier: Barrier | None = None) -> Answer:
        return self.person.post(f"{batch}preview/", barrier, digest=digest)

    def undo(self, batch: str) -> None:
        assert self.person.post(f"{batch}undo/", reason="Once more").status == 302

    def held(self) -> tuple[int, int, int, int, int, int]:
        """Current months, current quarters, quarters, changes, mappings and audit entries of imports."""
        of = f"JOIN accounts_contract k ON k.id = %s WHERE k.slug = '{self.slug}'"
        observations = (
            "SELECT count(*) FROM measures_observation o JOIN measures_series s ON s.id = o.series_id "
            f"JOIN measures_measure m ON m.id = s.measure_id {of % 'm.contract_id'} AND o.is_current AND "
        )
        entries = f"SELECT count(*) FROM accounts_auditentry a {of % 'a.contract_id'} AND a.act = 'import values'"
        changes = (
            "SELECT count(*) FROM measures_importchange c JOIN measures_importbatch b ON b.id = c.batch_id "
            f"{of % 'b.contract_id'} AND b.state = 'confirmed'"
        )
        asked = [
            f"{observations} o.period_kind = 'month'",
            f"{observations} o.period_kind = 'quarter'",
            f"SELECT count(*) FROM measures_cycle c {of % 'c.contract_id'}",
            changes,
            f"SELECT count(*) FROM measures_importmapping i {of % 'i.contract_id'}",
            entries,
        ]
        return tuple(self.site.rows(sql)[0][0] for sql in asked)

    def state(self, batch: str) -> str:
        number = int(batch.rstrip("/").rpartition("/")[2])
        ((state, content),) = self.site.rows(
            f"SELECT state, content IS NULL FROM measures_importbatch WHERE id = {number}"
        )
        assert bool(content) == (state != "uploaded")
        return state


class PaperDesk(Desk):
    """An administrator who brings an old paper into a contract without anything."""

    page, name = "paper/", TWIN_NAME
    # What the paper leaves open, by its place in it.
    said: ClassVar = {f"m{place}_section": "Section" for place in range(4)} | {
        "m0_polarity": "lower",
        "m1_polarity": "higher",
        "m2_polarity": "higher",
        "m3_polarity": "higher",
        "m4_title": "Contacts",
        "quarter": "2018-Q2",
    }

    def confirm(self, batch: str, digest: str, barrier: Barrier | None = None) -> Answer:
        return self.person.post(f"{batch}{self.page}", barrier, digest=digest, **self.said)

    def held(self) -> tuple[int, ...]:
        """Quarters, measures, series, targets, values, panes, their versions, changes and audit entries of papers."""
        series = "JOIN measures_series s ON s.id = t.series_id JOIN measures_measure m ON m.id = s.measure_id"
        pane = "JOIN commentary_pane p ON p.id = t.pane_id JOIN measures_measure m ON m.id = p.measure_id"
        places = [
            ("measures_cycle", "", "t"),
            ("measures_measure", "", "t"),
            ("measures_series", "JOIN measures_measure m ON m.id = t.measure_id", "m"),
            ("measures_target", series, "m"),
            ("measures_observation", series, "m"),
            ("commentary_pane", "JOIN measures_measure m ON m.id = t.measure_id", "m"),
            ("commentary_paneversion", pane, "m"),
            ("measures_importchange", "JOIN measures_importbatch m ON m.id = t.batch_id", "m"),
            ("accounts_auditentry", "", "t.act = 'import paper' AND t"),
        ]
        contract = f"(SELECT id FROM accounts_contract WHERE slug = '{self.slug}')"
        return tuple(
            self.site.rows(f"SELECT count(*) FROM {table} t {join} WHERE {name}.contract_id = {contract}")[0][0]
            for table, join, name in places
        )


def slug_of(request: pytest.FixtureRequest) -> str:
    return re.sub(r"[^a-z]+", "-", request.node.originalname.lower())[:40].strip("-")


@pytest.fixture
def desk(site: Site, request) -> Desk:
    slug = slug_of(request)
    site._shell(f"from tests.race_rows import make_import_contract; make_import_contract({slug!r}, {SERIES})")
    return Desk(site, slug)


@pytest.fixture
def paper_desks(site: Site, request) -> list[PaperDesk]:
    """As many as there can be papers that come through: what one brought in stays."""
    slugs = [f"{slug_of(request)}-{number}" for number in range(PAPER_KILLS + 2)]
    site._shell(f"from tests.race_rows import make_import_contract as make; [make(each, 0) for each in {slugs!r}]")
    return [PaperDesk(site, slug, "administrator") for slug in slugs]


def sure(ask) -> Answer:
    """Ask until an answer comes: a worker may just have been killed."""
    end = time.monotonic() + 60
    while True:
        try:
            return ask()
        except (OSError, http.client.HTTPException):
            assert time.monotonic() < end
            time.sleep(0.05)


def check_whole(desk: Desk, batch: str, before: tuple[int, ...]) -> bool:
    """Whether the import happened; if so in every part, else in none."""
    state, now = desk.state(batch), desk.held()
    if state == "uploaded":
        assert now == before, "half an import"
        return False
    assert (state, now[0], now[3]) == ("confirmed", ROWS, ROWS)
    assert now[1] == ROWS // 3
    assert now[5] == before[5] + 1
    return True


def test_killed_at_any_moment_it_is_all_or_nothing_and_the_same_file_goes_again(desk):
    site, chance, outcomes = desk.site, random.Random(1), {True: 0, False: 0}
    took = undisturbed(desk)
    batch = _uploaded(desk)
    with ThreadPoolExecutor(1) as pool:
        for _ in range(KILLS):
            before, digest = desk.held(), sure(partial(desk.digest, batch))
            kill_during(site, pool.submit(desk.confirm, batch, digest), chance.random() * took * 1.2)
            happened = check_whole(desk, batch, before)
            outcomes[happened] += 1
            if happened:
                sure(partial(desk.undo, batch))
                batch = sure(partial(_uploaded, desk))
    print("came through, came to nothing:", outcomes[True], outcomes[False])
    # Or no import was ever cut short.
    assert outcomes[False] > 0
    before, digest = desk.held(), sure(partial(desk.digest, batch))
    assert desk.confirm(batch, digest).status == 302
    assert check_whole(desk, batch, before)


def kill_during(site: Site, asked: Future, seconds: float) -> None:
    """Kill every worker some time after a request was sent: it is not known which of them works on it."""
    number = len(site.booted())
    time.sleep(seconds)
    site.kill_every_worker()
    with suppress(OSError, http.client.HTTPException):
        asked.result()
    site.wait_for_worker(number + 2)


def check_whole_paper(desk: PaperDesk, batch: str, before: tuple[int, ...]) -> bool:
    state, now = desk.state(batch), desk.held()
    if state == "uploaded":
        assert now == before, "half a paper"
        return False
    assert (state, now) == ("confirmed", (1, 7, 9, 4, 9, 12, 12, 9, 1))
    return True


def test_a_paper_killed_at_any_moment_is_all_or_nothing_and_goes_again(paper_desks):
    chance, outcomes = random.Random(3), {True: 0, False: 0}
    first, *desks = paper_desks
    batch = first.upload(TWIN.read_bytes())
    before, digest = first.held(), first.digest(batch)
    begun = time.monotonic()
    assert first.confirm(batch, digest).status == 302
    took = time.monotonic() - begun
    assert check_whole_paper(first, batch, before)
    desk = desks.pop()
    batch = desk.upload(TWIN.read_bytes())
    with ThreadPoolExecutor(1) as pool:
        for _ in range(PAPER_KILLS):
            before, digest = desk.held(), sure(partial(desk.digest, batch))
            kill_during(desk.site, pool.submit(desk.confirm, batch, digest), chance.random() * took * 1.2)
            happened = check_whole_paper(desk, batch, before)
            outcomes[happened] += 1
            if happened:
                desk = desks.pop()
                batch = sure(partial(desk.upload, TWIN.read_bytes()))
    print("came through, came to nothing:", outcomes[True], outcomes[False])
    # Or no paper was ever cut short.
    assert outcomes[False] > 0
    before, digest = desk.held(), sure(partial(desk.digest, batch))
    assert desk.confirm(batch, digest).status == 302
    assert check_whole_paper(desk, batch, before)


def undisturbed(desk: Desk) -> float:
    """How long an import takes that nobody disturbs; undone again."""
    batch = _uploaded(desk)
    before, digest = desk.held(), desk.digest(batch)
    begun = time.monotonic()
    assert desk.confirm(batch, digest).status == 302
    took = time.monotonic() - begun
    assert check_whole(desk, batch, before)
    desk.undo(batch)
    return took


def _uploaded(desk: Desk) -> str:
    return desk.upload(content())


def test_a_database_that_goes_leaves_nothing_and_the_same_file_goes_again(desk):
    site, chance = desk.site, random.Random(2)
    if site.environment["DATABASE_URL"].startswith("sqlite"):
        pytest.skip("SQLite has no server that could go; see the kills.")
    took, batch, cut = undisturbed(desk), desk.upload(content()), 0
    with ThreadPoolExecutor(1) as pool:
        for _ in range(CUTS):
            before, digest = desk.held(), desk.digest(batch)
            asked = pool.submit(desk.confirm, batch, digest)
            time.sleep(chance.random() * took)
            cut_connections(site)
            answer = asked.result()
            # Before the first question to it the connection is made anew, and nothing was cut.
            assert answer.status in (302, 503)
            happened = check_whole(desk, batch, before)
            assert happened == (answer.status == 302)
            if happened:
                desk.undo(batch)
                batch = desk.upload(content())
            else:
                cut += 1
                assert "What you sent last may not have been stored" in answer.text
    print("cut short:", cut, "of", CUTS)
    before = desk.held()
    assert desk.confirm(batch, desk.digest(batch)).status == 302
    assert check_whole(desk, batch, before)


def cut_connections(site: Site) -> None:
    """As when the database's server is stopped: every connection of the program ends at once."""
    connection = psycopg2.connect(site.environment["DATABASE_URL"])
    connection.autocommit = True
    try:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
    finally:
        connection.close()


def test_two_confirmations_at_once_are_one_import(desk):
    other = Desk(desk.site, desk.slug, "analyst 1")
    for number in range(RACES):
        batch = desk.upload(content(100 + number))
        before, digest = desk.held(), desk.digest(batch)
        barrier = Barrier(2)
        with ThreadPoolExecutor(2) as pool:
            asked = [pool.submit(each.confirm, batch, digest, barrier) for each in (desk, other)]
            answers = sorted(each.result().status for each in asked)
        assert answers in ([302, 302], [302, 409])
        assert check_whole(desk, batch, before)
        desk.undo(batch)


def test_two_files_at_once_are_one_after_the_other(desk):
    """The second sees what the first wrote, so that its preview is no longer what was looked at."""
    other = Desk(desk.site, desk.slug, "analyst 1")
    for number in range(RACES):
        batches = [each.upload(content(100 + 10 * number + place)) for place, each in enumerate((desk, other))]
        digests = [desk.digest(batch) for batch in batches]
        barrier = Barrier(2)
        with ThreadPoolExecutor(2) as pool:
            pairs = zip((desk, other), batches, digests, strict=True)
            asked = [pool.submit(each.confirm, batch, digest, barrier) for each, batch, digest in pairs]
            answers = [each.result() for each in asked]
        assert sorted(answer.status for answer in answers) == [302, 409]
        lost = next(index for index, answer in enumerate(answers) if answer.status == 409)
        # By the digest of the preview; or value by value, where no quarter was there yet that the first could lock.
        assert "Nothing was imported" in answers[lost].text
        assert desk.held()[0] == ROWS
        assert desk.person.post(f"{batches[lost]}discard/").status == 302
        desk.undo(batches[1 - lost])
