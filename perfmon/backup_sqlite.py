"""A backup's contents on SQLite: the whole database as one file, as it was at one moment."""

from __future__ import annotations

import hashlib
import json
import sqlite3
import zipfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from accounts import chains
from accounts.chains import Chains

from .backup_files import LEFT_OUT, PIECE, Spoilt

MEMBER = "database.sqlite3"
WAIT_SECONDS = 20


def connect(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(path, timeout=WAIT_SECONDS, isolation_level=None)


def is_in_memory(name: str) -> bool:
    """Whether a database of this name is no file: a test's, or SQLite's own word for it."""
    return ":memory:" in name or "mode=memory" in name


def names_of(connection: sqlite3.Connection, kind: str) -> list[str]:
    """Tables or triggers, but those of SQLite itself."""
    sql = "SELECT name FROM sqlite_master WHERE type = ? AND name NOT LIKE 'sqlite_%' ORDER BY name"
    return [name for (name,) in connection.execute(sql, [kind])]


def table_facts(connection: sqlite3.Connection) -> dict[str, dict[str, Any]]:
    """Table -> number of rows, and a hash over all of them in their order."""
    facts = {}
    for table in names_of(connection, "table"):
        total, rows = hashlib.sha256(), 0
        for row in connection.execute(f'SELECT * FROM "{table}" ORDER BY rowid'):
            total.update(json.dumps(row, default=lambda value: {"bytes": value.hex()}).encode() + b"\n")
            rows += 1
        facts[table] = {"rows": rows, "hash": total.hexdigest()}
    return facts


def facts(connection: sqlite3.Connection) -> dict[str, Any]:
    """What a manifest says of a database on SQLite. Spoilt where SQLite finds the file damaged."""
    (verdict,) = connection.execute("PRAGMA integrity_check(1)").fetchone()
    if verdict != "ok":
        raise Spoilt(f"SQLite finds the database damaged: {verdict}.")
    return {"tables": table_facts(connection), "triggers": names_of(connection, "trigger")}


def chains_of(connection: sqlite3.Connection) -> Chains:
    return chains.check(map(chains.from_table, connection.execute(chains.SQL)))


def migrations_of(connection: sqlite3.Connection) -> list[tuple[str, str]]:
    return connection.execute("SELECT app, name FROM django_migrations ORDER BY app, name").fetchall()


@contextmanager
def snapshot(database: Path, copy: Path) -> Iterator[sqlite3.Connection]:
    """`database` at one moment, written to the empty file `copy` beside whoever writes, without what is left out."""
    with closing(connect(database)) as source:
        source.execute("VACUUM INTO ?", [str(copy)])
    with closing(connect(copy)) as connection:
        held = names_of(connection, "table")
        # Also what the deleted rows said goes, not only the rows.
        connection.execute("PRAGMA secure_delete=ON")
        for table in LEFT_OUT:
            if table in held:
                connection.execute(f'DELETE FROM "{table}"')
        connection.execute("VACUUM")
        yield connection


def pack(copy: Path, archive: zipfile.ZipFile) -> None:
    archive.write(copy, MEMBER)


def unpack(archive: zipfile.ZipFile, copy: Path) -> None:
    with archive.open(MEMBER) as source, copy.open("wb") as target:
        while piece := source.read(PIECE):
            target.write(piece)


def put_back(copy: Path, database: Path) -> None:
    """Write `copy` over `database` in one transaction: whoever reads meanwhile sees the one or the other.

    sqlite3.OperationalError where somebody keeps the database locked.
    """
    with closing(connect(copy)) as source, closing(connect(database)) as target:
        # Without this, Python would try again for ever.
        source.backup(target, progress=_give_up)


def _give_up(status: int, remaining: int, total: int) -> None:
    """After WAIT_SECONDS, which SQLite itself has waited."""
    if status in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        raise sqlite3.OperationalError("the database is locked")
