"""Backups and what comes of them, by the commands themselves: while people write, killed in the middle, cut short,
altered, too new; on SQLite and on PostgreSQL."""

import hashlib
import json
import os
import random
import re
import signal
import sqlite3
import subprocess
import sys
import time
import zipfile
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event

import psycopg2
import pytest

from perfmon import backup_files, backup_sqlite, backup_target
from perfmon.backup_files import LEFT_OUT, MANIFEST, SEAL, Spoilt, opened, scratch
from perfmon.setup.place import ROOT
from perfmon.start import MIGRATION_LOCK
from perfmon.version import VERSION
from tests.ourserver import Site

# One worker runs all of it, so that the servers start once.
pytestmark = [pytest.mark.deployment, pytest.mark.xdist_group("backups")]

FULL = bool(os.environ.get("PERFMON_TEST_FULL"))
WRITERS, BACKUPS = 4, 20 if FULL else 3
KILLS = 20 if FULL else 2
FLIPS = 400 if FULL else 100
TOKEN = re.compile(r"writer-\d+-\d+")


# About files alone: the kind of database makes no difference.
once = pytest.mark.parametrize("site", ["sqlite"], indirect=True)


def manage(environment: dict[str, str], *arguments: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "manage.py", *map(str, arguments)]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)


def back_up(environment: dict[str, str], folder: Path) -> Path:
    done = manage(environment, "backup", folder)
    assert done.returncode == 0, done.stderr
    return Path(re.search(r"Wrote and read again (\S+\.backup): \d+ tables", done.stdout)[1])


def manifest_of(path: Path) -> dict:
    with opened(path) as (_, manifest):
        return manifest


def tables_of(path: Path) -> dict[str, tuple[int, str]]:
    """Rows and hash of every table, but of the record of migrations, which the next start may prolong."""
    return {name: (table["rows"], table["hash"]) for name, table in manifest_of(path)["tables"].items()}


def is_sqlite(environment: dict[str, str]) -> bool:
    return environment["DATABASE_URL"].startswith("sqlite")


def file_of(environment: dict[str, str]) -> Path:
    return Path(environment["DATABASE_URL"].partition(":///")[2])


def run_sql(environment: dict[str, str], *statements: str) -> list[tuple]:
    """What the last of them finds; from beside the program, through the database's own driver."""
    if is_sqlite(environment):
        with closing(sqlite3.connect(file_of(environment))) as connection, connection:
            return [connection.execute(sql) for sql in statements][-1].fetchall()
    with (
        closing(psycopg2.connect(environment["DATABASE_URL"])) as connection,
        connection,
        connection.cursor() as cursor,
    ):
        for sql in statements:
            cursor.execute(sql)
        return cursor.fetchall() if cursor.description else []


@pytest.fixture
def empty(site, tmp_path, request) -> Callable[[], dict[str, str]]:
    """Makes the environment of another, empty database of the same kind."""

    def make() -> dict[str, str]:
        name = f"other{time.monotonic_ns()}"
        if is_sqlite(site.environment):
            return site.environment | {"DATABASE_URL": f"sqlite:///{tmp_path / name}.sqlite3"}
        cluster = request.getfixturevalue("cluster")
        cluster.psql(f"CREATE DATABASE {name};")
        return site.environment | {"DATABASE_URL": cluster.get_uri(database=name)}

    return make


@pytest.fixture(scope="module")
def backup(site, tmp_path_factory) -> Path:
    return back_up(site.environment, tmp_path_factory.mktemp("one"))


@dataclass
class Writer:
    """An officer who records one event after the other, each with a text of its own, until told to stop."""

    site: Site
    number: int
    begun: dict[str, float] = field(default_factory=dict)
    acknowledged: dict[str, float] = field(default_factory=dict)

    def work(self, stop: Event) -> None:
        person = self.site.person(f"officer {self.number}")
        page = f"/c/{self.site.facts['contract']}/2018-Q2/m/a1/events/"
        while not stop.is_set():
            token = f"writer-{self.number}-{len(self.begun)}"
            self.begun[token] = time.monotonic()
            answer = person.post(page, kind="note", day="2018-08-14", text=token, reason="Under load.")
            if answer.status == 302:
                self.acknowledged[token] = time.monotonic()
            time.sleep(0.02)


def events_in(path: Path) -> tuple[set[str], int]:
    """Tokens of the events in a backup, and how many entries of the audit chain say that one was recorded."""
    with opened(path) as (archive, manifest):
        if manifest["database"] == "postgresql":
            events = archive.read("tables/measures_seriesevent.copy").decode()
            entries = archive.read("tables/accounts_auditentry.copy").decode()
            return set(TOKEN.findall(events)), len(set(TOKEN.findall(entries)))
        with path.with_suffix(".sqlite3").open("wb") as copy:
            copy.write(archive.read("database.sqlite3"))
    with closing(sqlite3.connect(path.with_suffix(".sqlite3"))) as copy:
        events = "\n".join(text for (text,) in copy.execute("SELECT text FROM measures_seriesevent"))
        entries = "\n".join(text for (text,) in copy.execute("SELECT coalesce(new, '') FROM accounts_auditentry"))
        return set(TOKEN.findall(events)), len(set(TOKEN.findall(entries)))


def test_a_backup_is_one_moment_while_people_write(site, tmp_path, empty):
    site.answers.clear()
    writers, stop, taken = [Writer(site, number) for number in range(WRITERS)], Event(), []
    with ThreadPoolExecutor(WRITERS) as pool:
        works = [pool.submit(writer.work, stop) for writer in writers]
        try:
            for _ in range(BACKUPS):
                began = time.monotonic()
                taken.append((began, back_up(site.environment, tmp_path), time.monotonic()))
        finally:
            stop.set()
        for work in works:
            work.result()
    acknowledged = {token: at for writer in writers for token, at in writer.acknowledged.items()}
    begun = {token: at for writer in writers for token, at in writer.begun.items()}
    assert Counter(site.answers).keys() == {302}
    assert len(acknowledged) == len(begun) > BACKUPS * 2
    assert len({path for _, path, _ in taken}) == BACKUPS
    for began, path, ended in taken:
        events, entries = events_in(path)
        assert entries == len(events), "an event without its entry in the audit chain, or the other way round"
        assert {token for token, at in acknowledged.items() if at < began} <= events
        assert {token for token in events if begun[token] > ended} == set()
    there = empty()
    done = manage(there, "restore", taken[0][1])
    assert done.returncode == 0, done.stderr
    assert tables_of(back_up(there, tmp_path / "again")) == tables_of(taken[0][1])


def test_a_backup_comes_back_whole_and_nobody_is_signed_in(site, backup, empty, tmp_path):
    assert {name: rows for name, (rows, _) in tables_of(backup).items() if name in LEFT_OUT} == dict.fromkeys(
        LEFT_OUT, 0
    )
    assert site.rows("SELECT count(*) FROM django_session")[0][0] > 0
    there = empty()
    done = manage(there, "restore", backup)
    assert done.returncode == 0, done.stderr
    assert "audit chains. Nobody is signed in. Start the program" in done.stdout
    start = [sys.executable, "-m", "perfmon.start", "--prepare-only"]
    assert subprocess.run(start, cwd=ROOT, env=there, capture_output=True, check=False).returncode == 0
    assert tables_of(back_up(there, tmp_path)) == tables_of(backup)
    verified = manage(there, "verify", "--against", backup)
    assert (verified.returncode, verified.stdout.splitlines()[-1][-24:]) == (0, "audit chains, all whole.")

    again = manage(there, "restore", backup)
    people = tables_of(backup)["accounts_user"][0]
    assert again.returncode == 1
    assert again.stderr.startswith(f"CommandError: The database holds {people} people already.")
    assert again.stderr.rstrip().endswith("Nothing was changed.")
    assert manage(there, "restore", backup, "--replace").returncode == 0
    check_that_rows_are_immutable_and_ids_go_on(there)


def check_that_rows_are_immutable_and_ids_go_on(environment: dict[str, str]) -> None:
    code = (
        "from django.db import IntegrityError, transaction\n"
        "from accounts.models import AuditEntry, Organisation\n"
        "try:\n"
        "    AuditEntry.objects.update(reason='x')\n"
        "except IntegrityError as error: print('refused')\n"
        "print(Organisation.objects.create(name='New', short_name='N').pk > 2)"
    )
    done = manage(environment, "shell", "--no-imports", "-c", code)
    assert done.stdout.split() == ["refused", "True"], done.stderr


GONE = """CREATE TABLE django_admin_log (id {key}, said text, user_id bigint REFERENCES accounts_user (id))"""
KEYS = {True: "integer PRIMARY KEY AUTOINCREMENT", False: "bigint GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY"}
TRIGGERS = {
    True: ("CREATE TRIGGER strange BEFORE DELETE ON django_admin_log BEGIN SELECT 1; END",),
    False: (
        "CREATE FUNCTION strange() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN OLD; END'",
        "CREATE TRIGGER strange BEFORE DELETE ON django_admin_log FOR EACH ROW EXECUTE FUNCTION strange()",
        "CREATE SEQUENCE nobodys; SELECT nextval('nobodys')",
    ),
}


def test_a_table_of_an_app_that_is_gone_spoils_no_backup(site, backup, empty, tmp_path):
    there, again = empty(), empty()
    assert manage(there, "restore", backup).returncode == 0
    run_sql(there, GONE.format(key=KEYS[is_sqlite(there)]), *TRIGGERS[is_sqlite(there)])
    run_sql(there, "INSERT INTO django_admin_log (said, user_id) SELECT 'once', min(id) FROM accounts_user")
    written = back_up(there, tmp_path)
    done = manage(again, "restore", written)
    assert done.returncode == 0, done.stderr
    held = tables_of(back_up(again, tmp_path))
    assert held == tables_of(written)
    # SQLite's is the whole file; PostgreSQL's tables are made anew, for which nobody knows this one any more.
    assert held.keys() - tables_of(backup).keys() == ({"django_admin_log"} if is_sqlite(there) else set())
    check_that_rows_are_immutable_and_ids_go_on(again)
    # Nor does such a table keep a backup out.
    assert manage(there, "restore", backup, "--replace").returncode == 0
    assert tables_of(back_up(there, tmp_path)) == tables_of(backup)


ORDERS = ("CREATE TABLE orders (said text)", "INSERT INTO orders VALUES ('theirs')")


def check_refused_for_good(environment: dict[str, str], backup: Path, tables: str) -> None:
    for arguments in ((), ("--replace",)):
        done = manage(environment, "restore", backup, *arguments)
        assert (done.returncode, done.stderr.strip()) == (
            1,
            f"CommandError: The database holds tables of another program: {tables}. Those are never taken away. Is "
            "DATABASE_URL right? Name a database there that perfmon has to itself, such as a new one. "
            "Nothing was changed.",
        )


def test_tables_of_another_program_are_never_taken_away(backup, empty, tmp_path):
    there = empty()
    run_sql(there, *ORDERS, *(f"CREATE TABLE {name} (a text)" for name in ("accounts_user", "cache", "parts", "lots")))
    check_refused_for_good(there, backup, "accounts_user, cache, lots and 2 more")
    assert run_sql(there, "SELECT said FROM orders") == [("theirs",)]

    alike = empty()
    run_sql(
        alike,
        "CREATE TABLE django_migrations (app text, name text)",
        "INSERT INTO django_migrations VALUES ('accounts', '0001_initial')",
        "CREATE TABLE accounts_user (name text)",
        "INSERT INTO accounts_user VALUES ('theirs')",
    )
    check_refused_for_good(alike, backup, "accounts_user")
    run_sql(alike, "DELETE FROM accounts_user")
    assert manage(alike, "restore", backup).returncode == 0

    beside = empty()
    assert manage(beside, "restore", backup).returncode == 0
    # As a newer version might have made it: whoever goes back to this one brings a backup over it.
    run_sql(beside, "CREATE TABLE measures_later (a text)", *ORDERS)
    before = run_sql(beside, "SELECT count(*) FROM accounts_user")
    check_refused_for_good(beside, backup, "orders")
    assert run_sql(beside, "SELECT said FROM orders") == [("theirs",)]
    assert run_sql(beside, "SELECT count(*) FROM accounts_user") == before
    run_sql(beside, "DROP TABLE orders")
    assert manage(beside, "restore", backup, "--replace").returncode == 0
    assert tables_of(back_up(beside, tmp_path)) == tables_of(backup)


MIGRATED = [(app, "0001_initial") for app in backup_target.OWN]


@pytest.mark.parametrize(("tables", "migrated", "others"), [
    ([], [], []),
    # Half made: a first start that was killed.
    (["django_migrations", "accounts_user"], MIGRATED[:1], []),
    (["django_migrations", "accounts_user", "measures_later"], MIGRATED, []),
    (["django_migrations", "django_admin_log"], MIGRATED, []),
    # Another program of Django's, with apps that are called the same.
    (["django_migrations", "accounts_user", "accounts_profile"], MIGRATED[:3], ["accounts_profile"]),
    (["django_migrations", "shop_order", "accountsx"], [*MIGRATED, ("shop", "0001_initial")],
     ["accountsx", "shop_order"]),
    (["cache"], [], ["cache"]),
])  # fmt: skip
def test_which_tables_are_another_programs(tables, migrated, others):
    assert backup_target.foreign(tables, migrated, backup_target.tables_known()) == others


def test_the_tables_of_django_s_own_users_are_not_known():
    """Here people are accounts.User: whoever has auth_user has another program."""
    known = backup_target.tables_known()
    assert "auth_user" not in known
    assert {"accounts_user", "auth_group", "mfa_authenticator", "django_migrations", "cache"} <= known


@once
def test_a_file_that_is_no_database_stays_as_it_is(site, backup, tmp_path):
    file = tmp_path / "letter.txt"
    file.write_text("Dear Sir or Madam, " * 100)
    for arguments in ((), ("--replace",)):
        done = manage(site.environment | {"DATABASE_URL": f"sqlite:///{file}"}, "restore", backup, *arguments)
        assert (done.returncode, done.stderr.strip()) == (
            1,
            f"CommandError: {file} is no SQLite database, or a damaged one. Is DATABASE_URL right? If it is, move the "
            "file away, with those beside it that end in -wal and -shm, then restore. Nothing was changed.",
        )
    assert file.read_text() == "Dear Sir or Madam, " * 100
    file.write_text("")
    assert manage(site.environment | {"DATABASE_URL": f"sqlite:///{file}"}, "restore", backup).returncode == 0


def kill_while_it_restores(environment: dict[str, str], backup: Path, wait: float) -> int:
    """How a restore ended that was killed `wait` seconds after its work had begun."""
    command = [sys.executable, "manage.py", "restore", str(backup), "--replace"]
    process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL)
    try:
        end = time.monotonic() + 60
        while process.poll() is None and not is_restoring(environment):
            assert time.monotonic() < end
            time.sleep(0.02)
        time.sleep(wait)
    finally:
        process.kill()
        process.wait()
    return process.returncode


def is_restoring(environment: dict[str, str]) -> bool:
    if is_sqlite(environment):
        return any(file_of(environment).parent.glob(".perfmon-*.partial"))
    sql = (
        "SELECT count(*) FROM pg_locks l JOIN pg_database d ON d.oid = l.database "
        "WHERE d.datname = current_database() AND l.mode = 'AccessExclusiveLock' AND l.granted"
    )
    return run_sql(environment, sql) != [(0,)]


def test_a_restore_that_is_killed_leaves_the_old_or_the_new(site, backup, empty, tmp_path):
    there, chance = empty(), random.Random(5)
    assert manage(there, "restore", backup).returncode == 0
    code = "from accounts.models import Organisation; Organisation.objects.create(name='Later', short_name='L')"
    assert manage(there, "shell", "--no-imports", "-c", code).returncode == 0
    other = back_up(there, tmp_path)
    new, old = tables_of(backup), tables_of(other)
    assert new != old
    # The first at once, so that one is killed in its work.
    for wait in (0, *(chance.uniform(0, 2) for _ in range(KILLS - 1))):
        ended = kill_while_it_restores(there, backup, wait)
        held = tables_of(back_up(there, tmp_path))
        assert held == new if ended == 0 else held in (old, new)
        assert wait or (ended, held) == (-signal.SIGKILL, old)
        for left in file_of(there).parent.glob(".perfmon-*.partial*") if is_sqlite(there) else ():
            left.unlink()
        assert manage(there, "restore", other, "--replace").returncode == 0
    assert manage(there, "restore", backup, "--replace").returncode == 0
    assert tables_of(back_up(there, tmp_path)) == new


@once
def test_a_program_that_writes_over_a_restore_is_not_called_nothing(backup, empty):
    """On SQLite what was brought back is compared after it is there."""
    there = empty()
    code = (
        "from django.core.management import call_command\n"
        "from perfmon import backup_sqlite\n"
        "put_back = backup_sqlite.put_back\n"
        "def meanwhile(copy, database):\n"
        "    put_back(copy, database)\n"
        "    backup_sqlite.connect(database).execute(\"INSERT INTO django_session VALUES ('k', 'd', '2026-01-01')\")\n"
        "backup_sqlite.put_back = meanwhile\n"
        f"call_command('restore', {str(backup)!r})"
    )
    done = manage(there, "shell", "--no-imports", "-c", code)
    assert done.stderr.strip() == (
        "CommandError: The database was replaced, but is not like the backup. The rows of django_session are not those "
        "of the backup. Is the program still running? Stop it, then restore again."
    )
    assert manage(there, "restore", backup, "--replace").returncode == 0


def test_a_restore_into_a_locked_file_gives_up(tmp_path, monkeypatch):
    monkeypatch.setattr(backup_sqlite, "WAIT_SECONDS", 0.2)
    copy, database = tmp_path / "copy", tmp_path / "database"
    for path in (copy, database):
        with closing(backup_sqlite.connect(path)) as connection:
            connection.execute("PRAGMA journal_mode=WAL")
            connection.execute(f"CREATE TABLE {path.name} (a)")
    with closing(backup_sqlite.connect(database)) as somebody:
        somebody.execute("BEGIN IMMEDIATE")
        with pytest.raises(sqlite3.OperationalError, match="the database is locked"):
            backup_sqlite.put_back(copy, database)
        somebody.execute("ROLLBACK")
        assert backup_sqlite.names_of(somebody, "table") == ["database"]
    backup_sqlite.put_back(copy, database)
    with closing(backup_sqlite.connect(database)) as somebody:
        assert backup_sqlite.names_of(somebody, "table") == ["copy"]


def test_what_is_written_meanwhile_is_the_owners_alone_and_goes(tmp_path):
    with closing(sqlite3.connect(tmp_path / "database")) as connection:
        connection.execute("CREATE TABLE cache (a)")
    for name in ("killed.partial", "killed.partial-journal", "at-work.partial"):
        (tmp_path / f".perfmon-{name}").touch()
    for left in tmp_path.glob(".perfmon-killed*"):
        os.utime(left, (0, 0))
    before = os.umask(0)
    try:
        with scratch(tmp_path) as copy, backup_sqlite.snapshot(tmp_path / "database", copy):
            assert [oct(path.stat().st_mode)[-3:] for path in tmp_path.glob(f"{copy.name}*")] == ["600"]
        with backup_files.written(tmp_path / "backups", datetime.now(UTC), lambda file: None) as (_, final):
            assert [oct(path.stat().st_mode)[-3:] for path in final.parent.iterdir()] == ["600"]
    finally:
        os.umask(before)
    assert oct((tmp_path / "backups").stat().st_mode)[-3:] == "700"
    assert sorted(path.name for path in tmp_path.iterdir()) == [".perfmon-at-work.partial", "backups", "database"]


def test_a_backup_that_is_killed_is_not_there(site, tmp_path):
    begun = time.monotonic()
    back_up(site.environment, tmp_path)
    took, chance = time.monotonic() - begun, random.Random(6)
    for _ in range(KILLS):
        process = subprocess.Popen(
            [sys.executable, "manage.py", "backup", str(tmp_path)],
            cwd=ROOT,
            env=site.environment,
            stdout=subprocess.DEVNULL,
        )
        time.sleep(took * chance.uniform(0.4, 1))
        process.send_signal(signal.SIGKILL)
        process.wait()
        for one in backup_files.found(tmp_path):
            assert manifest_of(one.path)["program"] == VERSION
    # What such a one leaves behind goes with a later backup.
    left = tmp_path / ".perfmon-copy-1.partial"
    left.touch()
    os.utime(left, (0, 0))
    back_up(site.environment, tmp_path)
    assert not left.exists()


@once
def test_old_backups_go_only_when_asked_and_only_after_the_new_one_is_there(site, tmp_path):
    for day in range(1, 5):
        (tmp_path / f"perfmon-2020010{day}T000000Z.backup").write_text("not looked into")
    (tmp_path / "else.txt").write_text("somebody else’s")
    last = back_up(site.environment, tmp_path)
    assert len(backup_files.found(tmp_path)) == 5
    done = manage(site.environment, "backup", tmp_path, "--keep", 2)
    assert "Deleted 4 older." in done.stdout
    assert [one.path for one in backup_files.found(tmp_path)][1:] == [last]
    assert (tmp_path / "else.txt").exists()
    assert oct(last.stat().st_mode)[-3:] == "600"
    refused = manage(site.environment, "backup", tmp_path, "--keep", 0)
    assert (refused.returncode, refused.stderr.strip()) == (1, "CommandError: --keep takes a number from 1.")


def backed_up_with(environment: dict[str, str], folder: Path, change: str) -> subprocess.CompletedProcess[str]:
    """By a program in which something is changed before."""
    code = f"from perfmon import backups\n{change}\nfrom django.core.management import call_command\n"
    return manage(environment, "shell", "--no-imports", "-c", f"{code}call_command('backup', {str(folder)!r}, keep=1)")


FAILING = "def fail(*rest): raise {}\nbackups.{} = fail"


@once
@pytest.mark.parametrize(
    ("error", "said"),
    [
        ("OSError(28, 'No space left on device')", "Nothing was written to {}: No space left on device."),
        (
            "backups.sqlite3.OperationalError('disk I/O error')",
            "What was written could not be read again: disk I/O error. Is the disk whole, and not full?",
        ),
        (
            "backups.Spoilt('The rows of a are not those that were written.')",
            "What was written could not be read again: The rows of a are not those that were written. "
            "Is the disk whole, and not full?",
        ),
        ("backups.psycopg2.OperationalError('gone')", "Nothing was written: the database refuses (gone)."),
    ],
)
def test_what_cannot_be_read_again_is_not_there(site, tmp_path, error, said):
    held = tmp_path / "perfmon-20200101T000000Z.backup"
    held.touch()
    done = backed_up_with(site.environment, tmp_path, FAILING.format(error, "_check_contents"))
    assert (done.returncode, done.stderr.strip()) == (1, f"CommandError: {said.format(tmp_path)}")
    assert list(tmp_path.iterdir()) == [held]


@once
def test_older_backups_that_cannot_be_deleted_do_not_belittle_the_new_one(site, tmp_path):
    done = backed_up_with(site.environment, tmp_path, FAILING.format("OSError(13, 'Permission denied')", "thin_out"))
    (one,) = backup_files.found(tmp_path)
    assert done.stdout.startswith(f"Wrote and read again {one.path}: ")
    assert (done.returncode, done.stderr.strip()) == (
        1,
        f"CommandError: The backup is whole, but older ones in {tmp_path} could not all be deleted: Permission denied. "
        "Delete them by hand, and see that whoever runs this may.",
    )


@pytest.mark.parametrize("site", ["postgresql"], indirect=True)
def test_a_restore_and_a_backup_wait_for_each_other(site, backup, empty):
    """A backup that looked while the tables are made anew would find them empty, and be content."""
    there = empty()
    waiting = (
        "SELECT l.mode FROM pg_locks l JOIN pg_database d ON d.oid = l.database "
        "WHERE d.datname = current_database() AND l.locktype = 'advisory' AND NOT l.granted"
    )
    with closing(psycopg2.connect(there["DATABASE_URL"])) as backing_up, backing_up.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock_shared(%s)", [MIGRATION_LOCK])
        process = subprocess.Popen(
            [sys.executable, "manage.py", "restore", str(backup)], cwd=ROOT, env=there, stdout=subprocess.DEVNULL
        )
        end = time.monotonic() + 60
        while process.poll() is None and run_sql(there, waiting) != [("ExclusiveLock",)]:
            assert time.monotonic() < end
            time.sleep(0.05)
        assert process.poll() is None, "It did not wait."
        cursor.execute("SELECT pg_advisory_unlock_shared(%s)", [MIGRATION_LOCK])
        assert process.wait(timeout=120) == 0


@once
def test_a_cut_or_altered_file_is_refused(site, backup, empty, tmp_path):
    whole, spoilt, chance = backup.read_bytes(), tmp_path / "spoilt.backup", random.Random(7)
    for _ in range(FLIPS):
        place = chance.randrange(len(whole))
        spoilt.write_bytes(whole[:place] + bytes([whole[place] ^ 1 << chance.randrange(8)]) + whole[place + 1 :])
        with pytest.raises(Spoilt, match=r"^spoilt\.backup is cut short, altered, or no backup"), opened(spoilt):
            pass
    for length in (0, 1, SEAL, SEAL + 1, len(whole) // 2, len(whole) - 1):
        spoilt.write_bytes(whole[:length])
        with pytest.raises(Spoilt), opened(spoilt):
            pass
    done = manage(empty(), "restore", spoilt)
    assert (done.returncode, done.stderr.strip()) == (
        1,
        "CommandError: spoilt.backup is cut short, altered, or no backup of perfmon. Take another one. "
        "Nothing was changed.",
    )
    gone = manage(site.environment, "restore", tmp_path / "none.backup")
    assert gone.stderr.strip() == (
        "CommandError: none.backup cannot be read: No such file or directory. Nothing was changed."
    )


def altered(backup: Path, target: Path, **changes: object) -> Path:
    """A copy whose list of contents says something else, under a seal that fits."""
    with zipfile.ZipFile(backup) as held, zipfile.ZipFile(target, "w") as out:
        for name in held.namelist():
            data = held.read(name)
            out.writestr(name, json.dumps(json.loads(data) | changes) if name == MANIFEST else data)
        out.comment = b"0" * SEAL
    body = target.read_bytes()[:-SEAL]
    target.write_bytes(body + hashlib.sha256(body).hexdigest().encode())
    return target


def test_what_does_not_fit_is_refused_with_the_remedy(backup, empty, tmp_path):
    there, manifest = empty(), manifest_of(backup)
    newer = [*manifest["migrations"], ["measures", "0999_later"]]
    tables = json.loads(json.dumps(manifest["tables"]))
    tables["accounts_user"]["rows"] += 1
    kinds = {"sqlite": ("PostgreSQL", "SQLite"), "postgresql": ("SQLite", "PostgreSQL")}[manifest["database"]]
    other = "postgresql" if manifest["database"] == "sqlite" else "sqlite"
    cases = [
        ({"migrations": newer, "program": "9.1.0"}, "Install perfmon 9.1.0 or newer, then restore."),
        ({"tables": tables}, "The rows of accounts_user are not those of the backup."),
        ({"chains": manifest["chains"][:1]}, "The audit chains are not those of the backup."),
        ({"triggers": [*manifest["triggers"], "immutable_x"]}, "are missing: immutable_x."),
        ({"format": 2, "program": "9.1.0"}, "was written by perfmon 9.1.0. Restore it with that version."),
        ({"database": other}, f"a backup of a {kinds[0]} database, and DATABASE_URL names one of {kinds[1]}."),
    ]
    for changes, words in cases:
        done = manage(there, "restore", altered(backup, tmp_path / "altered.backup", **changes))
        assert done.returncode == 1, changes
        assert words in done.stderr
        assert "Traceback" not in done.stderr
    assert manage(there, "restore", backup).returncode == 0


def test_a_broken_chain_is_backed_up_told_and_keeps_the_older_backups(site, backup, empty, tmp_path):
    there = empty()
    assert manage(there, "restore", backup).returncode == 0
    back_up(there, tmp_path)
    (heads,) = [manifest_of(backup)["chains"]]
    _rewrite(there, f"DELETE FROM accounts_auditentry WHERE contract_id = {heads[0][0]} AND number = 3")
    done = manage(there, "backup", tmp_path, "--keep", 1)
    assert done.returncode == 1
    assert f"The backup is whole, but the audit chain that it holds is not: Contract {heads[0][0]}: entry 3 is " in (
        done.stderr
    )
    assert len(backup_files.found(tmp_path)) == 2
    assert manage(there, "verify").returncode == 1
    again = manage(empty(), "restore", backup_files.newest(tmp_path).path)
    assert again.returncode == 0
    assert "was broken already when it was written" in again.stderr
    _rewrite(there, f"DELETE FROM accounts_auditentry WHERE contract_id = {heads[0][0]} AND number >= 3")
    assert manage(there, "verify").returncode == 0
    cut = manage(there, "verify", "--against", backup)
    assert cut.stderr.strip() == (
        f"CommandError: Contract {heads[0][0]}: entry {heads[0][1]}, which was noted, is missing."
    )


def _rewrite(environment: dict[str, str], sql: str) -> None:
    """As somebody who owns the database might: the triggers are switched off for it."""
    alter = "ALTER TABLE accounts_auditentry {} TRIGGER USER"
    before, after = [alter.format("DISABLE")], [alter.format("ENABLE")]
    if is_sqlite(environment):
        ours = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'accounts_auditentry'"
        triggers = run_sql(environment, ours)
        before, after = [f"DROP TRIGGER {name}" for name, _ in triggers], [create for _, create in triggers]
    run_sql(environment, *before, sql, *after)


@once
def test_a_backup_to_nowhere_says_so(site, tmp_path):
    nowhere = manage(site.environment, "backup")
    assert nowhere.stderr.strip() == "CommandError: Say where to: manage.py backup FOLDER, or set BACKUP_DIR."
    (tmp_path / "file").write_text("")
    done = manage(site.environment, "backup", tmp_path / "file" / "below")
    assert (done.returncode, done.stderr.strip()) == (
        1,
        f"CommandError: Nothing was written to {tmp_path}/file/below: Not a directory.",
    )
    named = manage(site.environment | {"BACKUP_DIR": str(tmp_path / "named")}, "backup")
    assert named.returncode == 0
    assert abs(backup_files.newest(tmp_path / "named").made_at - datetime.now(UTC)) < timedelta(minutes=5)
