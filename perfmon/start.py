"""Starts the program for real use: `python -m perfmon.start`.

Waits for the database, migrates it, then becomes gunicorn on $BIND (0.0.0.0:8000).
`--prepare-only` stops before gunicorn; `--probe` asks a running one for its health.
"""

import argparse
import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from perfmon.setup import serving

WAIT_SECONDS = 60
# Any number, the same in every process: it names the lock that only one of them holds while migrating.
MIGRATION_LOCK = 7_210_618


def wait_for_database(seconds: float) -> None:
    """Raises the database's own error when it has not answered after `seconds`; at once where it is a file."""
    from django.db import OperationalError, connection

    end = time.monotonic() + (seconds if connection.vendor == "postgresql" else 0)
    while True:
        try:
            connection.ensure_connection()
            return
        except OperationalError:
            if time.monotonic() >= end:
                raise
            time.sleep(0.5)


def remedy() -> str:
    """What to do where SQLite's file has no folder, which its own words do not say; else nothing."""
    from django.db import connection

    folder = Path(str(connection.settings_dict["NAME"])).parent
    if connection.vendor == "postgresql" or folder.is_dir():
        return ""
    return f". There is no folder {folder}: make it, and let the program write there."


def prepare() -> None:
    """Migrate, one process at a time; load the demo data in demo mode; clear away what has expired."""
    from django.conf import settings
    from django.core.management import CommandError, call_command
    from django.db import connection

    is_postgres = connection.vendor == "postgresql"
    with connection.cursor() as cursor:
        if is_postgres:
            cursor.execute("SELECT pg_advisory_lock(%s)", [MIGRATION_LOCK])
        try:
            call_command("migrate", interactive=False, verbosity=0)
            if settings.DEMO:
                call_command("load_demo")
        finally:
            if is_postgres:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [MIGRATION_LOCK])
    try:
        call_command("clear_expired", verbosity=0)
    except CommandError as problem:
        # No reason not to serve: with a full disk people still read.
        print(problem, file=sys.stderr, flush=True)
    tell_of_first_administrator()
    connection.close()


def tell_of_first_administrator() -> None:
    """Print the link to become one, while there is none."""
    from django.utils import timezone

    from accounts import first_run

    if first_run.is_needed():
        print(first_run.told(timezone.now()), flush=True)


def probe() -> int:
    """0 when the running program answers "ok". Sends a host name that it accepts."""
    bind = os.environ.get("BIND", "0.0.0.0:8000")
    names = [name.strip() for name in os.environ.get("ALLOWED_HOSTS", "").split(",")]
    host = next((name.lstrip(".") for name in names if name and name != "*"), "localhost")
    reply = serving.answer(f"http://127.0.0.1:{bind.rpartition(':')[2]}{serving.HEALTH}", host=host)
    return 0 if reply is not None and reply[0] == 200 else 1


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m perfmon.start")
    parser.add_argument("--prepare-only", action="store_true")
    parser.add_argument("--probe", action="store_true")
    parser.add_argument("--wait", type=float, default=WAIT_SECONDS, help="seconds to wait for the database")
    given = parser.parse_args(arguments)
    if given.probe:
        return probe()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "perfmon.settings")
    import django
    from django.core.exceptions import ImproperlyConfigured
    from django.core.management import CommandError
    from django.db import OperationalError

    try:
        django.setup()
        wait_for_database(given.wait)
        prepare()
    except ImproperlyConfigured as problem:
        sys.exit(f"Settings: {problem}")
    except OperationalError as problem:
        sys.exit(f"The database in DATABASE_URL does not answer or refuses: {str(problem).strip()}{remedy()}")
    except CommandError as problem:
        sys.exit(str(problem))
    if given.prepare_only:
        return 0
    from django.conf import settings

    # gunicorn's own lines look like those of the program.
    os.environ["LOG_FORMAT"] = settings.LOG_FORMAT
    bind = os.environ.get("BIND", "0.0.0.0:8000")
    command = serving.gunicorn(sys.executable, bind, workers=settings.WEB_CONCURRENCY)
    os.execv(command[0], command)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
