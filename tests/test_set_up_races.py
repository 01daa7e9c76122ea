"""Administrators who set one contract up at the same moment, over HTTP, on SQLite and on PostgreSQL: the order stays
an order, a code is given once, and nobody waits for the other for ever."""

from collections.abc import Iterator
from functools import partial

import pytest

from tests.ourserver import Person, Site
from tests.races import at_once, statuses, unbroken

# One worker runs all of it, so that the servers start once.
pytestmark = [pytest.mark.deployment, pytest.mark.xdist_group("races")]

BODY = {
    "title": "Raced",
    "section": "Races",
    "kind": "local",
    "unit": "percent",
    "decimals": "0",
    "polarity": "higher",
    "derivation": "entered",
    "window": "period",
    "counted": "cases",
    "counted_one": "case",
    "definition": "Cases.",
    "first_quarter": "Q2 2018/19",
}


@pytest.fixture(autouse=True)
def nothing_breaks(site: Site) -> Iterator[None]:
    with unbroken(site):
        yield


def base(site: Site) -> str:
    return f"/c/{site.facts['contract']}/set-up/measures/"


def setters(site: Site, number: int) -> list[Person]:
    return [site.person("administrator") for _ in range(number)]


def of_contract(site: Site, columns: str, also: str = "") -> list[tuple]:
    contract = f"SELECT id FROM accounts_contract WHERE slug = '{site.facts['contract']}'"
    return site.rows(f"SELECT {columns} FROM measures_measure WHERE contract_id = ({contract}) {also}")


def test_a_code_is_given_once_and_its_panes_are_made_once(site):
    people, path = setters(site, 4), base(site) + "add/"
    acts = [partial(person.post, path, code="RACE1", **BODY) for person in people]
    answers = at_once(*[lambda barrier, act=act: act(barrier=barrier) for act in acts])
    assert statuses(answers) == [302, 422, 422, 422]
    [(measure,)] = of_contract(site, "id", "AND code = 'RACE1'")
    panes = site.rows(f"SELECT cycle_id, party FROM commentary_pane WHERE measure_id = {measure}")
    assert len(panes) == len(set(panes)) == 4


def test_moves_keep_every_place_once(site):
    before = of_contract(site, "id")
    people, path = setters(site, 6), base(site) + "order/"
    moves = [{"measure": of_contract(site, "id", "ORDER BY position DESC")[0][0], "place": "1"}]
    moves += [{"measure": pk, "to": to} for (pk,), to in zip(before, ["up", "down", "down", "up"], strict=False)]
    moves += [{"section": "Demand", "to": "up"}]
    acts = [partial(person.post, path, **move) for person, move in zip(people, moves, strict=True)]
    answers = at_once(*[lambda barrier, act=act: act(barrier=barrier) for act in acts])
    assert statuses(answers) == [302] * 6
    rows = of_contract(site, "position, id", "ORDER BY position")
    assert [position for position, _ in rows] == list(range(1, len(rows) + 1))
    assert {pk for _, pk in rows} == {pk for (pk,) in before}


def test_of_two_changes_one_is_told(site):
    body = {**BODY, "code": "RACE2"}
    [person, *_] = people = setters(site, 2)
    assert person.post(base(site) + "add/", **body).status == 302
    path = base(site) + "m/race2/change/"
    kept = {name: body[name] for name in ("code", "section", "kind", "first_quarter")}
    acts = [partial(each.post, path, version="1", title=f"Mine {n}", **kept) for n, each in enumerate(people)]
    assert statuses(at_once(*[lambda barrier, act=act: act(barrier=barrier) for act in acts])) == [302, 409]
