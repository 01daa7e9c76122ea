"""Backups: what is written, and what is brought back. All of a database at one moment in one file, or nothing.

perfmon.backup_files knows the files, perfmon.backup_sqlite and perfmon.backup_postgres what is in them, and
perfmon.backup_target where one may come back to.
"""

from __future__ import annotations

import datetime
import json
import sqlite3
import zipfile
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Any, NamedTuple

import psycopg2
from django.apps import apps
from django.conf import settings
from django.db import connection, transaction
from django.db.migrations.loader import MigrationLoader

from accounts.chains import Chains, Head

from . import backup_postgres, backup_sqlite, backup_target
from .backup_files import FORMAT, LEFT_OUT, MANIFEST, Refused, Spoilt, opened, scratch, thin_out, written
from .version import VERSION

# What the drivers raise of their own, where Django does not stand between.
DATABASE_FAULTS = (sqlite3.Error, psycopg2.Error)
VENDORS = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}


class Unlike(Exception):
    """What was brought back is there, but is not what the backup holds. The words say where."""


class Report(NamedTuple):
    path: Path
    tables: int
    rows: int
    chains: int
    # What is wrong with the audit chains that it holds, in words.
    problems: list[str]
    # Older backups that were deleted, and why others could not be.
    gone: int = 0
    left: str = ""


def back_up(folder: Path, *, now: datetime.datetime, keep: int | None = None) -> Report:
    """Write one backup, read it again, then delete all but the `keep` latest."""
    take = _take_sqlite if connection.vendor == "sqlite" else _take_postgres
    manifest: dict[str, Any] = {}
    with written(folder, now, lambda file: _read_again(file, manifest, folder)) as (archive, path):
        manifest |= take(archive, folder) | {
            "format": FORMAT,
            "program": VERSION,
            "made_at": now.isoformat(),
            "database": connection.vendor,
        }
        archive.writestr(MANIFEST, json.dumps(manifest, indent=1))
    report = _report(path, manifest)
    # Not while something is wrong: the older ones may be the good ones.
    if not keep or report.problems:
        return report
    try:
        return report._replace(gone=len(thin_out(folder, keep)))
    except OSError as error:
        return report._replace(left=error.strerror or type(error).__name__)


def restore(path: Path, *, replace: bool) -> Report:
    """Bring a backup back into an empty database, or with `replace` into any of perfmon's."""
    with opened(path) as (archive, manifest):
        check_fits(manifest)
        put = _put_sqlite if connection.vendor == "sqlite" else _put_postgres
        put(archive, manifest, replace=replace)
    return _report(path, manifest)


def check_fits(manifest: Mapping[str, Any]) -> None:
    """Refused for a backup of another kind of database, or of a program that this one does not know."""
    program, kind = manifest["program"], manifest["database"]
    if kind != connection.vendor:
        raise Refused(
            f"This is a backup of a {VENDORS.get(kind, kind)} database, and DATABASE_URL names one of "
            f"{VENDORS[connection.vendor]}. Restore it into its own kind."
        )
    unknown = [each for each in map(tuple, manifest["migrations"]) if each not in migrations_known()]
    if unknown:
        raise Refused(
            f"This backup was written by perfmon {program}, which keeps what this version ({VERSION}) does not know: "
            f"{', '.join('.'.join(each) for each in unknown[:3])}. Install perfmon {program} or newer, then restore."
        )


def migrations_known() -> set[tuple[str, str]]:
    return set(MigrationLoader(None).disk_migrations)


def database_file() -> Path:
    name = str(settings.DATABASES["default"]["NAME"])
    if backup_sqlite.is_in_memory(name):
        raise Refused("A database in memory cannot be backed up or brought back. Name a file in DATABASE_URL.")
    return Path(name)


def _report(path: Path, manifest: Mapping[str, Any]) -> Report:
    rows = sum(table["rows"] for table in manifest["tables"].values())
    return Report(path, len(manifest["tables"]), rows, len(manifest["chains"]), manifest["problems"])


def _known(manifest: dict[str, Any], migrations: list[tuple[str, str]], chains: Chains) -> dict[str, Any]:
    """The manifest with its migrations, of the apps that are installed, and the heads of its audit chains."""
    labels = {config.label for config in apps.get_app_configs()}
    ours = [list(each) for each in migrations if each[0] in labels]
    heads = [list(head) for head in chains.heads]
    return manifest | {"migrations": ours, "chains": heads, "problems": chains.problems}


# SQLite


def _take_sqlite(archive: zipfile.ZipFile, folder: Path) -> dict[str, Any]:
    database = database_file()
    if not database.exists():
        raise Refused(f"There is no database at {database}. Is DATABASE_URL right?")
    with scratch(folder) as copy:
        with backup_sqlite.snapshot(database, copy) as source:
            migrations, chains = backup_sqlite.migrations_of(source), backup_sqlite.chains_of(source)
            manifest = _known(backup_sqlite.facts(source), migrations, chains)
        backup_sqlite.pack(copy, archive)
    return manifest


def _put_sqlite(archive: zipfile.ZipFile, manifest: Mapping[str, Any], *, replace: bool) -> None:
    database = database_file()
    connection.close()
    backup_target.check_file(database, replace=replace)
    database.parent.mkdir(parents=True, exist_ok=True)
    with scratch(database.parent) as copy:
        backup_sqlite.unpack(archive, copy)
        with closing(backup_sqlite.connect(copy)) as source:
            _compare(backup_sqlite.facts(source), backup_sqlite.chains_of(source), manifest)
        backup_sqlite.put_back(copy, database)
    with closing(backup_sqlite.connect(database)) as target:
        try:
            _compare(backup_sqlite.facts(target), backup_sqlite.chains_of(target), manifest)
        except Spoilt as error:
            raise Unlike(str(error)) from None


# PostgreSQL


def _take_postgres(archive: zipfile.ZipFile, folder: Path) -> dict[str, Any]:
    # Tables of apps that are gone would find no place when the others are made again.
    models = {model._meta.db_table for model in apps.get_models(include_auto_created=True)}
    with backup_postgres.snapshot() as cursor:
        migrations, chains = backup_postgres.migrations_of(cursor), backup_postgres.chains_of(cursor)
        facts = backup_postgres.facts(cursor, models | {"django_migrations", *LEFT_OUT}, archive)
        return _known(facts, migrations, chains)


def _put_postgres(archive: zipfile.ZipFile, manifest: Mapping[str, Any], *, replace: bool) -> None:
    with transaction.atomic():
        backup_postgres.begin()
        backup_target.check_postgres(replace=replace)
        backup_postgres.fill(archive, manifest)
        with connection.cursor() as cursor:
            facts = backup_postgres.facts(cursor, manifest["tables"].keys())
            _compare(facts, backup_postgres.chains_of(cursor), manifest)


def _read_again(file: Path, manifest: Mapping[str, Any], folder: Path) -> None:
    """Refused where a file that was just written does not hold what it should."""
    try:
        with opened(file) as (archive, read):
            if read != json.loads(json.dumps(manifest)):
                raise Spoilt("Its list of contents is not what was written.")
            _check_contents(archive, read, folder)
    except (Spoilt, sqlite3.Error, zipfile.BadZipFile) as error:
        words = str(error).rstrip(".")
        raise Refused(f"What was written could not be read again: {words}. Is the disk whole, and not full?") from None


def _check_contents(archive: zipfile.ZipFile, manifest: Mapping[str, Any], folder: Path) -> None:
    if manifest["database"] == "postgresql":
        if wrong := backup_postgres.check_members(archive, manifest["tables"]):
            raise Spoilt(f"The rows of {', '.join(wrong)} are not those that were written.")
        return
    with scratch(folder) as copy:
        backup_sqlite.unpack(archive, copy)
        with closing(backup_sqlite.connect(copy)) as source:
            _compare(backup_sqlite.facts(source), backup_sqlite.chains_of(source), manifest)


def _compare(held: Mapping[str, Any], chains: Chains, manifest: Mapping[str, Any]) -> None:
    """Spoilt unless tables, triggers and audit chains are those of the manifest."""
    counted = {name: (table["rows"], table["hash"]) for name, table in held["tables"].items()}
    wanted = {name: (table["rows"], table["hash"]) for name, table in manifest["tables"].items()}
    wrong = sorted(name for name in wanted if counted.get(name) != wanted[name])
    if wrong:
        raise Spoilt(f"The rows of {', '.join(wrong)} are not those of the backup.")
    if lacking := sorted(set(manifest["triggers"]) - set(held["triggers"])):
        raise Spoilt(f"Triggers that keep the record from being changed are missing: {', '.join(lacking)}.")
    if chains != ([Head(*each) for each in manifest["chains"]], manifest["problems"]):
        raise Spoilt(f"The audit chains are not those of the backup. {' '.join(chains.problems)}")
