"""Whether the audit chains are whole: entries numbered without a gap, each with the hash of the one before and its own.

A tail that was cut off leaves a whole chain behind. It shows against heads noted elsewhere, as in a backup.
"""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from . import audit

FIELDS = ("contract_id", "number", "by_id", "at", "act", "object", "old", "new", "reason", "previous_hash", "hash")
# For a reader of the tables themselves, whatever the database.
SQL = f"SELECT {', '.join(FIELDS)} FROM accounts_auditentry ORDER BY contract_id, number"


class Head(NamedTuple):
    """The last entry of a chain."""

    contract: int
    number: int
    hash: str


class Chains(NamedTuple):
    """`problems` in words, one for each contract whose chain is broken, at the first entry that is wrong."""

    heads: list[Head]
    problems: list[str]


def from_table(values: Iterable[Any]) -> dict[str, Any]:
    """One row of SQL as FIELDS: SQLite keeps times and JSON as texts, PostgreSQL's driver hands JSON on as text."""
    row = dict(zip(FIELDS, values, strict=True))
    if isinstance(row["at"], str):
        row["at"] = datetime.datetime.fromisoformat(row["at"]).replace(tzinfo=datetime.UTC)
    for name in ("old", "new"):
        row[name] = None if row[name] is None else json.loads(row[name])
    return row


def check(rows: Iterable[Mapping[str, Any]], noted: Iterable[Head] = ()) -> Chains:
    """`rows` by contract and number; `noted` are heads of before, which the chains must still hold."""
    heads: dict[int, Head] = {}
    wrong: dict[int, str] = {}
    wanted = {(head.contract, head.number): head.hash for head in noted}
    for row in rows:
        contract, number = row["contract_id"], row["number"]
        last = heads.get(contract, Head(contract, 0, audit.START))
        said = _wrong(row, last)
        expected = wanted.pop((contract, number), None)
        if not said and expected not in (None, row["hash"]):
            said = f"entry {number} is not the one that was noted"
        if said:
            wrong.setdefault(contract, f"Contract {contract}: {said}.")
        heads[contract] = Head(contract, number, row["hash"])
    for contract, number in wanted:
        wrong.setdefault(contract, f"Contract {contract}: entry {number}, which was noted, is missing.")
    return Chains(sorted(heads.values()), [wrong[contract] for contract in sorted(wrong)])


def _wrong(row: Mapping[str, Any], last: Head) -> str:
    """What is wrong with an entry that follows `last`, or nothing."""
    if row["number"] != last.number + 1:
        return f"entry {last.number + 1} is missing"
    if row["previous_hash"] != last.hash:
        return f"entry {row['number']} does not follow from the one before"
    if audit.entry_hash(**{name: row[name] for name in FIELDS if name != "hash"}) != row["hash"]:
        return f"entry {row['number']} was altered"
    return ""
