"""What every race needs: several requests at the same moment, and a look at whether anything broke."""

import json
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime
from threading import Barrier

from accounts import audit
from tests.ourserver import Answer, Site

FAULTS = ("Traceback", "database is locked", "deadlock detected", "Internal Server Error")


@contextmanager
def unbroken(site: Site) -> Iterator[None]:
    """Afterwards: no answer of 500 and the like, no error in the server's log, and whole audit chains."""
    site.answers.clear()
    so_far = len(site.log.read_text())
    yield
    log = site.log.read_text()[so_far:]
    faults = [log.find(word) for word in FAULTS if word in log]
    assert not faults, log[max(0, min(faults) - 500) :][:5000]
    assert [status for status in site.answers if status >= 500] == []
    check_chains(site)


def check_chains(site: Site) -> None:
    """Every contract's entries are numbered 1, 2, 3 ..., each holding the hash of the one before and its own."""
    names = ("contract_id", "number", "by_id", "at", "act", "object", "old", "new", "reason", "previous_hash", "hash")
    ends: dict[int, tuple[int, str]] = {}
    for values in site.rows(f"SELECT {', '.join(names)} FROM accounts_auditentry ORDER BY contract_id, number"):
        row = dict(zip(names, values, strict=True))
        number, previous = ends.get(row["contract_id"], (0, audit.START))
        assert (row["number"], row["previous_hash"]) == (number + 1, previous)
        if isinstance(row["at"], str):
            row["at"] = datetime.fromisoformat(row["at"]).replace(tzinfo=UTC)
            row |= {name: row[name] and json.loads(row[name]) for name in ("old", "new")}
        own = row.pop("hash")
        assert audit.entry_hash(**row) == own
        ends[row["contract_id"]] = (row["number"], own)


def at_once(*acts: Callable[[Barrier], Answer]) -> list[Answer]:
    barrier = Barrier(len(acts))
    with ThreadPoolExecutor(len(acts)) as pool:
        return [future.result() for future in [pool.submit(act, barrier) for act in acts]]


def all_at_once(works: list[Callable[[], None]]) -> None:
    with ThreadPoolExecutor(len(works)) as pool:
        for future in [pool.submit(work) for work in works]:
            future.result()


def statuses(answers: list[Answer]) -> list[int]:
    return sorted(answer.status for answer in answers)
