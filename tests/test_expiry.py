"""How long sessions last in the database: prolonged by who reads, kept from spoiling a page, and cleared away."""

import logging
import sqlite3
import subprocess
import sys
import time
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.db import InternalError, OperationalError, connection, transaction

from accounts.roles import Who
from perfmon import expired
from perfmon.errors import is_databases
from perfmon.sessions import SEEN, STARTED, SessionStore
from perfmon.setup import check
from perfmon.setup.place import ROOT
from tests.addresses import World

pytestmark = pytest.mark.django_db


@contextmanager
def read_only():
    """The database takes nothing in."""
    with transaction.atomic(), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET TRANSACTION READ ONLY")
            try:
                yield
            finally:
                transaction.set_rollback(True)
            return
        cursor.execute("PRAGMA query_only=ON")
        try:
            yield
        finally:
            cursor.execute("PRAGMA query_only=OFF")


@pytest.fixture
def reader():
    """A client of an officer who was last seen two minutes ago, the session, and the address of the scorecard."""
    world = World()
    client = world.client(Who.OFFICER)
    client.raise_request_exception = False
    session = SessionStore(world.keys[Who.OFFICER])
    session[STARTED] = session[SEEN] = time.time() - 120
    session.save()
    return client, session.session_key, f"/c/{world.contract.slug}/2018-Q2/"


def seen(key: str) -> float:
    return SessionStore(key)[SEEN]


def test_who_reads_stays_signed_in(reader):
    client, key, page = reader
    before = Session.objects.get(pk=key).expire_date
    assert client.get(page).status_code == 200
    assert time.time() - seen(key) < 60
    assert Session.objects.get(pk=key).expire_date != before


def test_who_reads_is_answered_though_nothing_can_be_written(reader, caplog):
    client, key, page = reader
    before = seen(key)
    with read_only(), caplog.at_level(logging.WARNING, "perfmon.sessions"):
        response = client.get(page)
    assert response.status_code == 200
    assert caplog.messages == ["A session could not be prolonged: the database takes nothing in, or does not answer."]
    assert seen(key) == before


def test_what_is_to_be_kept_in_a_session_fails_with_the_databases_own_error(reader):
    _, key, _ = reader
    with read_only():
        session = SessionStore(key)
        session["else"] = 1
        with pytest.raises((OperationalError, InternalError)) as caught:
            session.save()
    assert is_databases(caught.value)
    assert "else" not in SessionStore(key)


def test_a_session_that_is_gone_is_no_fault_of_the_database(reader):
    client, key, page = reader
    session = SessionStore(key)
    session[SEEN] = time.time()
    Session.objects.all().delete()
    with pytest.raises(Exception, match="^$") as caught:
        session.save()
    assert type(caught.value).__name__ == "UpdateError"


def test_what_has_expired_goes_and_nothing_else(reader):
    _, key, _ = reader
    now = datetime.now(UTC)
    Session.objects.all().update(expire_date=now + timedelta(minutes=1))
    over = SessionStore()
    over.create()
    Session.objects.filter(pk=over.session_key).update(expire_date=now - timedelta(minutes=1))
    held = Session.objects.count()
    cache.set("counted", 1, timeout=900)
    cache.set("over", 1, timeout=900)
    with connection.cursor() as cursor:
        past = connection.ops.adapt_datetimefield_value(now - timedelta(minutes=1))
        cursor.execute("UPDATE cache SET expires = %s WHERE cache_key LIKE %s", [past, "%:over"])
    assert expired.clear(now) == 2
    assert Session.objects.count() == held - 1
    assert Session.objects.filter(pk=key).exists()
    assert cache.get("counted") == 1
    assert expired.clear(now) == 0


def test_the_command_says_how_many_and_what_is_wrong(capsys):
    call_command("clear_expired")
    assert capsys.readouterr().out == "Deleted 0 rows that had expired.\n"
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE django_session RENAME TO gone")
    with pytest.raises(CommandError, match="Nothing was deleted: the database refuses"):
        call_command("clear_expired")


def test_a_start_clears_what_has_expired(tmp_path):
    environment = check.production(tmp_path)
    environment.pop("DJANGO_ALLOW_ASYNC_UNSAFE", None)
    start = [sys.executable, "-m", "perfmon.start", "--prepare-only"]
    subprocess.run(start, cwd=ROOT, env=environment, check=True, stdout=subprocess.DEVNULL)
    with closing(sqlite3.connect(tmp_path / "check.sqlite3")) as database, database:
        database.execute("INSERT INTO django_session VALUES ('k', 'd', '2020-01-01'), ('l', 'd', '2999-01-01')")
    subprocess.run(start, cwd=ROOT, env=environment, check=True, stdout=subprocess.DEVNULL)
    with closing(sqlite3.connect(tmp_path / "check.sqlite3")) as database:
        assert database.execute("SELECT session_key FROM django_session").fetchall() == [("l",)]
