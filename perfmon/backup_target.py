"""What stands in the database into which a backup is to come: perfmon's own, or another program's."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Collection, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

from django.apps import apps
from django.db import connection

from . import backup_sqlite
from .backup_files import LEFT_OUT, Refused

RECORD = "django_migrations"
PEOPLE = "accounts_user"
# Of apps that perfmon had once and has no more.
FORMER = ("django_admin_log",)
# The apps that are perfmon's own and have tables. A database that has migrated them all is perfmon's.
OWN = ("accounts", "measures", "commentary", "workflow")
DAMAGED = (sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT)
NAMED = 3


def tables_known() -> set[str]:
    models = {model._meta.db_table for model in apps.get_models(include_auto_created=True)}
    return {*models, RECORD, *LEFT_OUT, *FORMER}


def is_perfmons(migrated: Collection[Sequence[str]]) -> bool:
    """By what a database has been through, as (app, migration)."""
    return {(app, "0001_initial") for app in OWN} <= set(map(tuple, migrated))


def foreign(tables: Collection[str], migrated: Collection[Sequence[str]], known: Collection[str]) -> list[str]:
    """Tables that are another program's.

    Nothing is ours where no migration is on record. An older or newer perfmon has tables that this one does not know:
    in a database of perfmon's they are told by the app that their names begin with.
    """
    if RECORD not in tables:
        return sorted(tables)
    starts = tuple(f"{app}_" for app in OWN) if is_perfmons(migrated) else ()
    return sorted(table for table in tables if table not in known and not table.startswith(starts))


def check(tables: Collection[str], ask: Callable[[str], list[Any]], *, replace: bool) -> None:
    """Refused where a restore would take away what is not perfmon's, or people whom nobody gave up.

    `ask` gives the rows that a statement finds there.
    """
    migrated = ask(f"SELECT app, name FROM {RECORD}") if RECORD in tables else []
    others = foreign(tables, migrated, tables_known())
    people = ask(f"SELECT count(*) FROM {PEOPLE}")[0][0] if PEOPLE in tables and not others else 0
    if people and not is_perfmons(migrated):
        # Another program of Django's may call its people the same. Where perfmon's migrations ended early, nobody is.
        others = [PEOPLE]
    if others:
        more = f" and {len(others) - NAMED} more" if len(others) > NAMED else ""
        raise Refused(
            f"The database holds tables of another program: {', '.join(others[:NAMED])}{more}. Those are never taken "
            "away. Is DATABASE_URL right? Name a database there that perfmon has to itself, such as a new one."
        )
    if people and not replace:
        raise Refused(
            f"The database holds {people} {'person' if people == 1 else 'people'} already. Name an empty one in "
            "DATABASE_URL, or add --replace to throw away what it holds."
        )


def check_file(database: Path, *, replace: bool) -> None:
    """The same of a file of SQLite's, without Django, which would make it anew or change how it is kept."""
    if not database.exists():
        return
    try:
        with closing(backup_sqlite.connect(database)) as target:
            tables = backup_sqlite.names_of(target, "table")
            check(tables, lambda sql: target.execute(sql).fetchall(), replace=replace)
    except sqlite3.DatabaseError as error:
        if getattr(error, "sqlite_errorcode", None) not in DAMAGED:
            raise
        raise Refused(
            f"{database} is no SQLite database, or a damaged one. Is DATABASE_URL right? If it is, move the file away, "
            "with those beside it that end in -wal and -shm, then restore."
        ) from None


def check_postgres(*, replace: bool) -> None:
    """The same of the database that Django is connected to; call it inside the transaction that is to fill it."""
    with connection.cursor() as cursor:

        def ask(sql: str) -> list[Any]:
            cursor.execute(sql)
            return cursor.fetchall()

        check(connection.introspection.table_names(cursor), ask, replace=replace)
