"""A backup's contents on PostgreSQL: each table by COPY, all in one transaction that sees one moment.

No program of PostgreSQL's own is needed where this one runs. Tables are made again by the program's migrations, as far
as the backup had them; the program's next start brings them up to date.
"""

from __future__ import annotations

import hashlib
import zipfile
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Protocol

from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from accounts import chains
from accounts.chains import Chains

from .backup_files import LEFT_OUT
from .start import MIGRATION_LOCK

COLUMNS = """
SELECT c.relname, a.attname, format_type(a.atttypid, NULL) IN ('text', 'character varying'),
       COALESCE(a.attnum = ANY(k.conkey), false)
FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
LEFT JOIN pg_constraint k ON k.conrelid = c.oid AND k.contype = 'p'
WHERE c.relkind = 'r' AND c.relnamespace = current_schema()::regnamespace AND a.attnum > 0 AND NOT a.attisdropped
      AND a.attgenerated = ''
ORDER BY c.relname, a.attnum
"""
# By the column that each belongs to, for which the migrations make one again, whatever its name.
SEQUENCES = """
SELECT c.relname, a.attname, q.last_value FROM pg_sequences q
JOIN pg_class s ON s.relname = q.sequencename AND s.relnamespace = q.schemaname::regnamespace
JOIN pg_depend d ON d.classid = 'pg_class'::regclass AND d.objid = s.oid AND d.deptype IN ('a', 'i')
JOIN pg_class c ON d.refclassid = 'pg_class'::regclass AND c.oid = d.refobjid
JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = d.refobjsubid
WHERE q.schemaname = current_schema() AND q.last_value IS NOT NULL ORDER BY 1, 2
"""
TRIGGERS = """
SELECT c.relname, t.tgname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
WHERE NOT t.tgisinternal AND t.tgenabled <> 'D' AND c.relnamespace = current_schema()::regnamespace ORDER BY 2
"""
# The same texts whatever the server's own settings; and nobody waits for ever for a table that is in use.
SETTINGS = "SET LOCAL TIME ZONE 'UTC'; SET LOCAL datestyle TO ISO; SET LOCAL lock_timeout TO '30s'"


class Cursor(Protocol):
    """What is used of psycopg2's, bare or within Django's."""

    connection: Any

    def execute(self, sql: str, parameters: object = ...) -> object: ...
    def fetchall(self) -> list[tuple]: ...
    def copy_expert(self, sql: str, file: object) -> None: ...


class Sink:
    """Counts and hashes the rows of a COPY, and hands them on to an open member of the zip file, if there is one."""

    def __init__(self, out: Any = None) -> None:
        self.total, self.rows, self.out = hashlib.sha256(), 0, out

    def write(self, piece: bytes | str) -> int:
        data = piece.encode() if isinstance(piece, str) else piece
        self.total.update(data)
        # A line break inside a text travels as \n, so that each line is a row.
        self.rows += data.count(b"\n")
        if self.out:
            self.out.write(data)
        return len(piece)

    def facts(self) -> dict[str, Any]:
        return {"rows": self.rows, "hash": self.total.hexdigest()}


def quoted(name: str) -> str:
    return connection.ops.quote_name(name)


def table_columns(cursor: Cursor) -> dict[str, tuple[list[str], str]]:
    """Table -> its columns, and the order in which it is read."""
    cursor.execute(COLUMNS)
    found: dict[str, tuple[list[str], list[str]]] = {}
    for table, column, is_text, is_key in cursor.fetchall():
        columns, order = found.setdefault(table, ([], []))
        columns.append(column)
        if is_key:
            order.append(quoted(column) + (' COLLATE "C"' if is_text else ""))
    return {table: (columns, ", ".join(order) or "1") for table, (columns, order) in found.items()}


def copy_out(
    cursor: Cursor, kept: Collection[str], archive: zipfile.ZipFile | None = None
) -> dict[str, dict[str, Any]]:
    """Table -> rows, hash and columns, of those that are kept; into the zip file, if there is one."""
    facts = {}
    for table, (columns, order) in table_columns(cursor).items():
        if table not in kept:
            continue
        names = ", ".join(map(quoted, columns))
        nobody = "WHERE false" if table in LEFT_OUT else ""
        sql = f"COPY (SELECT {names} FROM {quoted(table)} {nobody} ORDER BY {order}) TO STDOUT"
        sink = Sink()
        if archive:
            with archive.open(member(table), "w", force_zip64=True) as out:
                sink.out = out
                cursor.copy_expert(sql, sink)
        else:
            cursor.copy_expert(sql, sink)
        facts[table] = {**sink.facts(), "columns": columns}
    return facts


def member(table: str) -> str:
    return f"tables/{table}.copy"


def facts(cursor: Cursor, kept: Collection[str], archive: zipfile.ZipFile | None = None) -> dict[str, Any]:
    """What a manifest says of a database on PostgreSQL: of these tables, and of what belongs to them."""
    tables = copy_out(cursor, kept, archive)
    cursor.execute(TRIGGERS)
    triggers = [name for table, name in cursor.fetchall() if table in tables]
    cursor.execute(SEQUENCES)
    sequences = [list(each) for each in cursor.fetchall() if each[0] in tables]
    return {"tables": tables, "triggers": triggers, "sequences": sequences}


def chains_of(cursor: Cursor) -> Chains:
    # A cursor with a name stays on the server, which hands over some rows at a time.
    with cursor.connection.cursor("chains") as rows:
        rows.execute(chains.SQL)
        return chains.check(map(chains.from_table, rows))


def migrations_of(cursor: Cursor) -> list[tuple[str, str]]:
    cursor.execute("SELECT app, name FROM django_migrations ORDER BY app, name")
    return cursor.fetchall()


@contextmanager
def snapshot() -> Iterator[Cursor]:
    """A cursor that reads the database as it is at this moment, on a connection of its own."""
    own = connection.get_new_connection(connection.get_connection_params())
    try:
        # Tables that a migration makes anew would seem empty at the moment before it.
        own.autocommit = True
        with own.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock_shared(%s)", [MIGRATION_LOCK])
        own.set_session(isolation_level="REPEATABLE READ", readonly=True, autocommit=False)
        with own.cursor() as cursor:
            cursor.execute(SETTINGS)
            yield cursor
    finally:
        own.close()


def check_members(archive: zipfile.ZipFile, tables: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """Tables whose rows in the zip file are not those of the manifest."""
    wrong = []
    for table, held in tables.items():
        sink = Sink()
        with archive.open(member(table)) as rows:
            while piece := rows.read(1024 * 1024):
                sink.write(piece)
        if sink.facts() != {"rows": held["rows"], "hash": held["hash"]}:
            wrong.append(table)
    return wrong


def begin() -> None:
    """The first of a transaction that restores: with the settings, and alone. A backup or migration that goes on is
    waited for, and those that come wait for its end: a backup that looked meanwhile would find all tables empty."""
    with connection.cursor() as cursor:
        cursor.execute(SETTINGS)
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [MIGRATION_LOCK])


def fill(archive: zipfile.ZipFile, manifest: Mapping[str, Any]) -> None:
    """Make the tables of the backup anew and fill them; call it after `begin`. What was there goes."""
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"DROP TABLE {quoted(table)} CASCADE")
    _migrate([tuple(each) for each in manifest["migrations"]])
    with connection.cursor() as cursor:
        _empty(cursor)
        for table, held in manifest["tables"].items():
            names = ", ".join(map(quoted, held["columns"]))
            with archive.open(member(table)) as rows:
                cursor.copy_expert(f"COPY {quoted(table)} ({names}) FROM STDIN", rows)
        for table, column, last in manifest["sequences"]:
            cursor.execute("SELECT setval(pg_get_serial_sequence(%s, %s), %s)", [quoted(table), column, last])
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def _migrate(applied: list[tuple[str, str]]) -> None:
    """Bring an empty database to where these migrations lead, and no further."""
    executor = MigrationExecutor(connection)
    children = executor.loader.graph.node_map
    executor.migrate([each for each in applied if not {child.key for child in children[each].children} & set(applied)])


def _empty(cursor: Cursor) -> None:
    """Take away what the migrations themselves have put in. Tables that refuse it are empty as made."""
    for table in connection.introspection.table_names(cursor):
        cursor.execute(f"SELECT EXISTS (SELECT FROM {quoted(table)})")
        if cursor.fetchall() == [(True,)]:
            cursor.execute(f"DELETE FROM {quoted(table)}")
