"""Two parties at the same target at the same moment, over HTTP: one answer wins, the others are told."""

from functools import partial

import pytest

from tests.markup import parse
from tests.ourserver import Person, Site
from tests.races import at_once, statuses, unbroken
from tests.test_races import acts_of

# One worker runs all of it, so that the servers start once.
pytestmark = [pytest.mark.deployment, pytest.mark.xdist_group("races")]

ROUNDS = 6
# Another quarter than any of those in which a target may come into force here.
TYPED = {"from_quarter": "2018-Q4", "target": "75", "tolerance": "50", "reason": "The contract was varied."}


@pytest.fixture(autouse=True)
def nothing_breaks(site: Site):
    with unbroken(site):
        yield


class Table:
    """Everybody around the targets of B8."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.page = f"/c/{site.facts['contract']}/measures/b8/targets/"
        roles = ("officer", "council-director", "trust-director")
        self.people = {name: Person(site, site.facts["sessions"][name]) for name in [f"{role} 0" for role in roles]}
        self.series = site.facts["series"]["B8"]

    def propose(self, name: str, barrier=None, **typed):
        return self.people[name].post(self.page, barrier, propose="1", **{**TYPED, **typed})

    def waiting(self) -> tuple | None:
        """Of what waits: id, and what an answer repeats."""
        fields = "id, from_quarter, target, tolerance, proposed_at"
        sql = f"SELECT {fields} FROM measures_target WHERE series_id = {self.series} AND agreed_at IS NULL"
        rows = self.site.rows(f"{sql} AND closed_at IS NULL")
        assert len(rows) <= 1
        return rows[0] if rows else None

    def answer(self, name: str, verb: str, row: tuple, barrier=None):
        shown = {"from_quarter": TYPED["from_quarter"], "target": row[2], "tolerance": row[3], "at": at(row[4])}
        return self.people[name].post(f"{self.page}{row[0]}/{verb}/", barrier, **shown, reason="We thought again.")


def at(time) -> str:
    text = time if isinstance(time, str) else time.isoformat()
    return text if "+" in text else f"{text.replace(' ', 'T')}+00:00"


@pytest.fixture
def table(site: Site) -> Table:
    return Table(site)


def test_of_two_proposals_one_is_held(table):
    """Both parties propose at once; what waits is cleared for the next round."""
    for _ in range(ROUNDS):
        answers = at_once(partial(send, table, "officer 0"), partial(send, table, "trust-director 0"))
        assert statuses(answers) == [302, 409]
        row = table.waiting()
        won = "officer 0" if answers[0].status == 302 else "trust-director 0"
        assert table.answer(won, "take-back", row).status == 302
    acts = acts_of(table.site)
    assert (acts["propose target"], acts["take back target"]) == (ROUNDS, ROUNDS)


def send(table: Table, name: str, barrier):
    return table.propose(name, barrier)


def reply(table: Table, name: str, verb: str, row: tuple, barrier):
    return table.answer(name, verb, row, barrier)


def test_of_agreeing_refusing_and_taking_back_one_wins(table):
    before, won = acts_of(table.site), []
    verbs = {"agree": "trust-director 0", "refuse": "trust-director 0", "take-back": "officer 0"}
    for number in range(ROUNDS):
        quarter = f"{2019 + number // 4}-Q{number % 4 + 1}"
        assert table.propose("officer 0", from_quarter=quarter, target=75 - number).status == 302
        row = table.waiting()
        shown = {"from_quarter": quarter, "target": row[2], "tolerance": row[3], "at": at(row[4])}
        answers = at_once(
            *(
                partial(press, table.people[name], f"{table.page}{row[0]}/{verb}/", shown)
                for verb, name in verbs.items()
            )
        )
        assert statuses(answers) == [302, 409, 409]
        won.append(next(verb for verb, answer in zip(verbs, answers, strict=True) if answer.status == 302))
        assert table.waiting() is None
    acts = acts_of(table.site) - before
    words = {"agree": "agree target", "refuse": "refuse target", "take-back": "take back target"}
    assert {verb: acts[act] for verb, act in words.items()} == {verb: won.count(verb) for verb in words}


def press(person: Person, path: str, shown: dict, barrier):
    return person.post(path, barrier, **shown, reason="We thought again.")


def test_a_proposal_beside_set_up(table):
    """Both want the same rows: whoever comes second waits, and neither waits for the other for ever."""
    administrator = table.site.person("administrator")
    path = f"/c/{table.site.facts['contract']}/set-up/measures/m/b8/series/{table.series}/change/"
    for number in range(ROUNDS * 2):
        form = parse(administrator.get(path).text).one("main")
        fields = {node.attrs["name"]: node.attrs.get("value", "") for node in form.all("input") if "name" in node.attrs}
        change = partial(administrator.post, path, **fields | {"name": f"Named {number}"})
        answers = at_once(partial(send, table, "officer 0"), lambda barrier, act=change: act(barrier=barrier))
        assert [answer.status for answer in answers] == [302, 302]
        assert table.answer("officer 0", "take-back", table.waiting()).status == 302
    [(name,)] = table.site.rows(f"SELECT name FROM measures_series WHERE id = {table.series}")
    assert name == f"Named {ROUNDS * 2 - 1}"
