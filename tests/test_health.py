"""`/healthz` and `/readyz` on a living database; tests/test_deployment.py takes the database away, and
tests/test_service_faults.py the disk."""

import shutil
from collections import namedtuple

import pytest
from django.db import connection

from perfmon import health

pytestmark = pytest.mark.django_db
Usage = namedtuple("Usage", "total used free")


@pytest.mark.parametrize(("path", "word", "queries"), [("/healthz", b"ok\n", 1), ("/readyz", b"ready\n", None)])
def test_health_is_short_public_and_not_kept(client, django_assert_max_num_queries, path, word, queries):
    with django_assert_max_num_queries(queries or 2):
        reply = client.get(path)
    assert (reply.status_code, reply.content, reply["Content-Type"]) == (200, word, "text/plain")
    assert "no-store" in reply["Cache-Control"]
    assert "Set-Cookie" not in reply.headers
    assert client.post(path).status_code == 405


def told(client) -> tuple[int, str, str | None]:
    reply = client.get("/readyz")
    return reply.status_code, reply.text, reply.get("Retry-After")


def test_nobody_is_sent_to_a_database_that_waits_for_its_migration(client):
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'measures' AND name LIKE '0001%'")
    assert told(client) == (503, "The database waits for its migration.\n", "10")
    # The process itself is well: starting it again would not help.
    assert client.get("/healthz").status_code == 200


def test_a_database_of_a_newer_version_is_ready(client):
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO django_migrations (app, name, applied) VALUES ('measures', '9999', %s)", ["2026-01-01"]
        )
    assert told(client) == (200, "ready\n", None)


def test_nobody_is_sent_to_a_database_that_takes_nothing_in(client, settings, monkeypatch, tmp_path):
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION READ ONLY")
        assert told(client) == (503, "The database takes nothing in just now.\n", "10")
        return
    file = tmp_path / "file.sqlite3"
    file.touch()
    monkeypatch.setitem(settings.DATABASES["default"], "NAME", str(file))
    for free, expected in ((health.LEAST_FREE_BYTES, 200), (health.LEAST_FREE_BYTES - 1, 503)):
        monkeypatch.setattr(shutil, "disk_usage", lambda _, free=free: Usage(10**9, 0, free))
        assert told(client)[0] == expected
