"""People who type, import and bring in figures at the same moment, over HTTP, on SQLite and on PostgreSQL: what was
acknowledged is held, who came second is told, and nobody waits for the other for ever."""

import os
import re
import time
from collections.abc import Callable, Iterator
from functools import partial
from threading import Barrier

import pytest

from tests.ourserver import Answer, Person, Site
from tests.papers import TWIN, TWIN_NAME
from tests.races import all_at_once, at_once, statuses, unbroken

# One worker runs all of it, so that the servers start once.
pytestmark = [pytest.mark.deployment, pytest.mark.xdist_group("races")]

FULL = bool(os.environ.get("PERFMON_TEST_FULL"))
PAIRS = 500 if FULL else 15
WRITERS, SAVES = (4, 100) if FULL else (4, 8)
PAPERS = 25 if FULL else 4
DRAFT, PAST = ("2018-Q3", ("2018-10", "2018-11", "2018-12")), ("2018-Q1", ("2018-04", "2018-05", "2018-06"))
DIGEST = re.compile(r'name="digest" value="([^"]+)"')


@pytest.fixture(autouse=True)
def nothing_breaks(site: Site) -> Iterator[None]:
    with unbroken(site):
        yield


class Row:
    """The row of one monthly count in the grid of a quarter, as the grid's script saves it."""

    def __init__(self, site: Site, quarter: tuple[str, tuple[str, ...]], code: str = "E1") -> None:
        self.site, self.id, (self.quarter, self.months) = site, site.facts["series"][code], quarter
        self.address = f"/c/{site.facts['contract']}/{self.quarter}/entry/{self.id}/row/"

    def analysts(self, number: int = 2) -> list[Person]:
        people = [self.site.person(f"analyst {each}") for each in range(number)]
        for person in people:
            person.headers["Accept"] = "application/json"
        return people

    def held(self) -> dict[str, tuple[int, int]]:
        """Month to version and value."""
        rows = self.rows("is_current", "start, version, value")
        return {str(start)[:7]: (version, int(value)) for start, version, value in rows}

    def versions(self) -> dict[str, int]:
        held = self.held()
        return {month: held[month][0] if month in held else 0 for month in self.months}

    def rows(self, which: str, columns: str) -> list[tuple]:
        days = ", ".join(f"'{month}-01'" for month in self.months)
        return self.site.rows(
            f"SELECT {columns} FROM measures_observation WHERE {which} AND series_id = {self.id} "
            f"AND period_kind = 'month' AND start IN ({days})"
        )

    def derived(self) -> float:
        """The quarter as it is held."""
        ((value,),) = self.site.rows(
            f"SELECT value FROM measures_observation WHERE is_current AND series_id = {self.id} "
            f"AND period_kind = 'quarter' AND start = '{self.months[0]}-01'"
        )
        return float(value)

    def save(
        self, person: Person, values: dict[str, int], versions: dict[str, int], barrier: Barrier | None = None
    ) -> Answer:
        fields = {f"{month}-value": value for month, value in values.items()}
        seen = {f"{month}-version": versions[month] for month in values}
        return person.post(self.address, barrier, reason="A race", **fields, **seen)


def check_refused(answer: Answer, their: list[int], mine: list[int]) -> None:
    """The answer that the second got says what is held now, and still holds what was typed."""
    assert answer.json["message"] == "Somebody else saved here first"
    for value in their:
        assert f"Held now: {value:,}, saved by" in answer.json["html"]
    for value in mine:
        assert f'value="{value}"' in answer.json["html"]


def test_of_two_rows_with_one_version_one_is_held_and_the_other_is_told(site):
    row = Row(site, DRAFT)
    for number in range(PAIRS):
        versions, people = row.versions(), row.analysts()
        texts = [dict.fromkeys(row.months, 1000 + 10 * number + person) for person in (0, 1)]
        answers = at_once(*(partial(row.save, who, text, versions) for who, text in zip(people, texts, strict=True)))
        assert statuses(answers) == [200, 409]
        lost = next(index for index, answer in enumerate(answers) if answer.status == 409)
        won = texts[1 - lost]
        assert row.held() == {month: (versions[month] + 1, value) for month, value in won.items()}
        check_refused(answers[lost], list(won.values()), list(texts[lost].values()))


def test_two_months_of_one_row_are_both_held_and_the_quarter_is_of_both(site):
    row, people = Row(site, DRAFT), Row(site, DRAFT).analysts()
    first, second, third = row.months
    row.save(people[0], dict.fromkeys(row.months, 3000), row.versions())
    for number in range(PAIRS):
        versions = row.versions()
        texts = [{first: 3001 + number}, {third: 4001 + number}]
        answers = at_once(*(partial(row.save, who, text, versions) for who, text in zip(people, texts, strict=True)))
        assert statuses(answers) == [200, 200]
        held = {month: value for month, (_, value) in row.held().items()}
        assert held == {first: 3001 + number, second: 3000, third: 4001 + number}
        assert row.derived() == pytest.approx(sum(held.values()) / 3, abs=1e-5)


def test_of_two_rows_that_share_a_month_one_is_held_whole_and_nothing_of_the_other(site):
    row, people = Row(site, DRAFT), Row(site, DRAFT).analysts()
    first, second, third = row.months
    for number in range(PAIRS):
        versions, before = row.versions(), row.held()
        texts = [dict.fromkeys((first, second), 5001 + number), dict.fromkeys((second, third), 7001 + number)]
        answers = at_once(*(partial(row.save, who, text, versions) for who, text in zip(people, texts, strict=True)))
        assert statuses(answers) == [200, 409]
        won = texts[0] if answers[0].status == 200 else texts[1]
        assert row.held() == before | {month: (versions[month] + 1, value) for month, value in won.items()}


class Corrector:
    """Corrects a past quarter again and again, as somebody at the grid would: after a refusal on top of what is held
    then."""

    def __init__(self, row: Row, person: Person, number: int) -> None:
        self.row, self.person, self.number = row, person, number
        self.acknowledged: list[dict[str, int]] = []
        self.refused = 0

    def work(self) -> None:
        versions = self.row.versions()
        while len(self.acknowledged) < SAVES:
            # A value that nobody else ever gives.
            value = 100_000 * (self.number + 1) + len(self.acknowledged)
            mine = dict.fromkeys(self.row.months[self.number % 2 :], value)
            answer = self.row.save(self.person, mine, versions)
            found = re.findall(r'name="(\d{4}-\d\d)-version" value="(\d+)"', answer.json["html"])
            versions = {month: int(version) for month, version in found}
            if answer.status == 409:
                self.refused += 1
            else:
                assert answer.status == 200
                self.acknowledged.append(mine)


def test_of_many_corrections_at_once_every_acknowledged_value_is_a_revision(site):
    row = Row(site, PAST)
    start, before = row.versions(), set(row.rows("1 = 1", "start, value, version"))
    people = [Corrector(row, person, number) for number, person in enumerate(row.analysts(WRITERS))]
    all_at_once([each.work for each in people])
    added = set(row.rows("1 = 1", "start, value, version")) - before
    held = sorted((str(month)[:7], int(value)) for month, value, _ in added)
    acknowledged = sorted(
        (month, value) for each in people for saved in each.acknowledged for month, value in saved.items()
    )
    assert held == acknowledged
    numbers = sorted((str(month)[:7], version) for month, _, version in added)
    many = {month: sum(month in saved for each in people for saved in each.acknowledged) for month in row.months}
    assert numbers == [(month, start[month] + place + 1) for month in row.months for place in range(many[month])]
    assert sorted(str(start)[:7] for (start,) in row.rows("is_current", "start")) == list(row.months)
    refused = sum(each.refused for each in people)
    print("refused:", refused)
    # Or they never met.
    assert refused > 0


class Papers:
    """A contract without a quarter, its analyst and an administrator: an old paper and a file of values for the same
    past quarter, and a month of another that is in the grid."""

    def __init__(self, site: Site, slug: str) -> None:
        self.site, self.slug, self.base = site, slug, f"/c/{slug}/import/"
        self.admin, self.analyst = site.person("administrator"), site.person("analyst 0")

    def upload(self, person: Person, name: str, content: bytes) -> str:
        answer = person.upload(self.base, name, content)
        assert answer.status == 302, answer.text[:2000]
        return re.match(r".*/import/\d+/", answer.location)[0]

    def values(self, *rows: str) -> tuple[str, dict[str, str]]:
        """A waiting file of values: the address of its batch, and what its confirmation says."""
        content = "\r\n".join(["series,period,value", *rows]).encode()
        batch = self.upload(self.analyst, "figures.csv", content)
        return f"{batch}preview/", {"digest": DIGEST.search(self.analyst.get(f"{batch}preview/").text)[1]}

    def paper(self) -> tuple[str, dict[str, str]]:
        """Likewise the paper, with everything said that it leaves open."""
        address = f"{self.upload(self.admin, TWIN_NAME, TWIN.read_bytes())}paper/"
        page = self.admin.get(address).text
        asked = set(re.findall(r'name="(m\d+_(?:title|section|kind|polarity))"', page))
        given = {"title": "Contacts", "section": "Front door", "kind": "volumetric", "polarity": "higher"}
        said = {name: given[name.partition("_")[2]] for name in asked}
        if "m0_polarity" in said:
            said["m0_polarity"] = "lower"
        return address, {"quarter": "2018-Q2", "digest": DIGEST.search(page)[1], **said}

    def count(self, table: str, which: str = "1 = 1") -> int:
        joins = {
            "measures_importbatch": "",
            "measures_measure": "",
            "measures_observation": "JOIN measures_series s ON s.id = t.series_id JOIN measures_measure m "
            "ON m.id = s.measure_id",
            "commentary_pane": "JOIN measures_measure m ON m.id = t.measure_id",
        }
        contract = "m.contract_id" if joins[table] else "t.contract_id"
        sql = f"SELECT count(*) FROM {table} t {joins[table]} JOIN accounts_contract k ON k.id = {contract} "
        return self.site.rows(f"{sql} WHERE k.slug = '{self.slug}' AND {which}")[0][0]

    def brought(self) -> tuple[int, int, int]:
        """What there is of the paper: measures, current values and texts."""
        return (
            self.count("measures_measure", "t.code NOT LIKE 'M%'"),
            self.count("measures_observation", "m.code NOT LIKE 'M%' AND t.is_current"),
            self.count("commentary_pane", "m.code NOT LIKE 'M%' AND t.released IS NOT NULL"),
        )

    def series(self, code: str) -> int:
        sql = (
            "SELECT s.id FROM measures_series s JOIN measures_measure m ON m.id = s.measure_id "
            f"JOIN accounts_contract k ON k.id = m.contract_id WHERE k.slug = '{self.slug}' AND s.code = '{code}'"
        )
        return self.site.rows(sql)[0][0]

    def record(self, quarter: str, code: str, period: str, value: int, version: int, barrier: Barrier) -> Answer:
        fields = {f"{period}-value": value, f"{period}-version": version, "reason": "A race"}
        return self.analyst.post(f"/c/{self.slug}/{quarter}/entry/{self.series(code)}/row/", barrier, **fields)


def posting(person: Person, form: tuple[str, dict[str, str]]) -> Callable[[Barrier], Answer]:
    """The form of an address, sent at the barrier."""
    address, said = form
    return lambda barrier: person.post(address, barrier, **said)


class Late:
    """A barrier behind which one waits a little longer."""

    def __init__(self, barrier: Barrier, seconds: float) -> None:
        self.barrier, self.seconds = barrier, seconds

    def wait(self, timeout: float) -> None:
        self.barrier.wait(timeout)
        time.sleep(self.seconds)


def in_turn_first(acts: list[Callable[[Barrier], Answer]], number: int) -> list[Callable[[Barrier], Answer]]:
    """All at the same moment, or each in turn a little before the others, which take unlike times."""
    first, late = number % (len(acts) + 1), 0.1
    return [
        act if first in (place, len(acts)) else lambda barrier, act=act: act(Late(barrier, late))
        for place, act in enumerate(acts)
    ]


WHOLE, NOTHING = (7, 9, 12), (0, 0, 0)


@pytest.fixture
def papers(site: Site, request) -> list[Papers]:
    kind = "cell" if "cell" in request.node.name else "quarter"
    slugs = [f"papers-{kind}-{number}" for number in range(PAPERS)]
    site._shell(f"from tests.race_rows import make_import_contract\nfor slug in {slugs}: make_import_contract(slug, 3)")
    return [Papers(site, slug) for slug in slugs]


def test_an_old_paper_a_file_of_values_and_a_typed_value_at_once_all_come_in(papers):
    """They write into the same contract, two of them into the same quarter, which neither finds there: each of the two
    makes it, once."""
    for number, desk in enumerate(papers):
        first, said = desk.values("M1,April 2018,100")
        assert desk.analyst.post(first, **said).status == 302
        imported, paper = desk.values("M2,July 2018,10", "M2,August 2018,20", "M2,September 2018,30"), desk.paper()
        acts = [
            posting(desk.admin, paper),
            posting(desk.analyst, imported),
            partial(desk.record, "2018-Q1", "M1", "2018-04", 101, 1),
        ]
        answers = at_once(*in_turn_first(acts, number))
        print(desk.slug, [answer.status for answer in answers])
        assert answers[2].status == 302
        assert [answer.status in (302, 409) for answer in answers] == [True] * 3
        assert desk.brought() == (WHOLE if answers[0].status == 302 else NOTHING)
        months = desk.count("measures_observation", "m.code = 'M2' AND t.period_kind = 'month' AND t.is_current")
        assert months == (3 if answers[1].status == 302 else 0)
        assert desk.count("measures_observation", "m.code = 'M1' AND t.revision = 2 AND t.period_kind = 'month'") == 1


def test_of_three_who_give_one_cell_its_first_value_one_does_and_the_others_are_told(papers):
    for number, desk in enumerate(papers):
        # The paper once and taken back, so that there are its measures to type into.
        address, said = desk.paper()
        assert desk.admin.post(address, **said).status == 302
        undo = address.removesuffix("paper/") + "undo/"
        assert desk.admin.post(undo, reason="Once more").status == 302
        assert desk.brought()[1] == 0
        paper, imported = desk.paper(), desk.values("A1,2018-Q2,26")
        acts = [
            posting(desk.admin, paper),
            posting(desk.analyst, imported),
            partial(desk.record, "2018-Q2", "A1", "2018-Q2", 25, 0),
        ]
        answers = at_once(*in_turn_first(acts, number))
        found = [answer.status for answer in answers]
        print(desk.slug, found)
        assert found.count(302) == 1
        # A paper that comes late enough is compared anew on its own page.
        assert {*found} <= {302, 409, *([200] if found[0] == 200 else [])}
        assert found[0] != 200 or "Compared with what Q2 2018/19 holds. Nothing is stored yet" in answers[0].text
        ((value,),) = desk.site.rows(
            f"SELECT value FROM measures_observation WHERE is_current AND series_id = {desk.series('A1')}"
        )
        assert int(value) == (27, 26, 25)[found.index(302)]
        assert desk.brought()[1] == (9 if found[0] == 302 else 1)
