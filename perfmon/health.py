"""Whether this process is well, for machines: short, public, without a session, and silent about the rest.

`/healthz`: it reaches its database. `/readyz`: people may be sent here; the database also has the tables of this
version of the program, and takes in what is written.
"""

import logging
import os
import shutil
from functools import cache
from pathlib import Path

from django.conf import settings
from django.db import Error, connection
from django.db.migrations.loader import MigrationLoader
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from .backup_sqlite import is_in_memory

UNREACHED = "The database does not answer."
UNMIGRATED = "The database waits for its migration."
UNWRITABLE = "The database takes nothing in just now."
# Below this a disk counts as full: the write-ahead log alone grows to 4 MB before it is folded in.
LEAST_FREE_BYTES = 16 * 1024 * 1024

log = logging.getLogger(__name__)


@require_safe
@never_cache
def healthz(request: HttpRequest) -> HttpResponse:
    """200 "ok" after the database has answered; 503 when it has not."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
            cursor.fetchone()
    except Error:
        return unwell(UNREACHED)
    return well("ok")


@require_safe
@never_cache
def readyz(request: HttpRequest) -> HttpResponse:
    """200 "ready", or 503 with the first thing that is missing."""
    try:
        if not is_migrated():
            return unwell(UNMIGRATED)
        return well("ready") if is_writable() else unwell(UNWRITABLE)
    except Error:
        return unwell(UNREACHED)


def well(word: str) -> HttpResponse:
    return HttpResponse(f"{word}\n", content_type="text/plain")


def unwell(sentence: str) -> HttpResponse:
    log.warning(sentence, exc_info=sentence == UNREACHED)
    return HttpResponse(f"{sentence}\n", status=503, content_type="text/plain", headers={"Retry-After": "10"})


@cache
def migrations() -> frozenset[tuple[str, str]]:
    """Those of this program; they do not change while it runs."""
    return frozenset(MigrationLoader(None).disk_migrations)


def is_migrated() -> bool:
    with connection.cursor() as cursor:
        try:
            cursor.execute("SELECT app, name FROM django_migrations")
        except Error:
            # No such table, or no database: the next question tells which.
            cursor.execute("SELECT 1")
            return False
        return migrations() <= set(cursor.fetchall())


def is_writable() -> bool:
    """Asked without writing, so that nobody outside can make the database work."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SHOW transaction_read_only")
            return cursor.fetchone() == ("off",)
    name = str(settings.DATABASES["default"]["NAME"])
    if is_in_memory(name):
        return True
    file = Path(name)
    allowed = os.access(file, os.W_OK) and os.access(file.parent, os.W_OK)
    return allowed and shutil.disk_usage(file.parent).free >= LEAST_FREE_BYTES
