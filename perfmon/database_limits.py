"""How long a web process waits for PostgreSQL: a page answers within ten seconds, whatever the database does.

The server ends what takes too long by itself, but a server that hangs ends nothing, and the driver would wait for ever:
hence a limit on our side too, a little longer. Commands, which may take their time, have none of these.
"""

from __future__ import annotations

import select
import threading
import time
from typing import Any

import psycopg2
from django.db import connections
from psycopg2.extensions import POLL_OK, POLL_READ, POLL_WRITE, set_wait_callback

CONNECT_SECONDS = 5
LOCK_SECONDS, STATEMENT_SECONDS, IDLE_SECONDS = 6, 7, 30
# The longest silence; after one, what the same request tries next gives up at once: it is the same database.
SILENCE_SECONDS, AFTERWARDS_SECONDS = 8.0, 0.5
SILENT = "The database does not answer in time."
EVENTS = {POLL_READ: select.POLLIN, POLL_WRITE: select.POLLOUT}

_given_up = threading.local()


def install() -> None:
    """For web processes, before the first connection is made."""
    for alias in connections:
        described = connections.settings[alias]
        if described["ENGINE"].endswith("postgresql"):
            options = described.setdefault("OPTIONS", {})
            options["connect_timeout"] = CONNECT_SECONDS
            options["options"] = f"{options.get('options', '')} {server_options()}".strip()
            set_wait_callback(wait)


def server_options() -> str:
    seconds = {
        "lock_timeout": LOCK_SECONDS,
        "statement_timeout": STATEMENT_SECONDS,
        # Of a process that was stopped in the middle, so that its locks go.
        "idle_in_transaction_session_timeout": IDLE_SECONDS,
    }
    return " ".join(f"-c {name}={value}s" for name, value in seconds.items())


def wait(connection: Any) -> None:
    """psycopg2's wait for the server; OperationalError after a silence that is too long, which ends the connection."""
    while (state := connection.poll()) != POLL_OK:
        if state not in EVENTS:
            raise psycopg2.OperationalError(f"The driver is in an unknown state, {state}.")
        poll = select.poll()
        poll.register(connection.fileno(), EVENTS[state])
        if not poll.poll(_patience() * 1000):
            _given_up.at = time.monotonic()
            raise psycopg2.OperationalError(SILENT)


def _patience() -> float:
    """Seconds to wait now in this thread."""
    since = time.monotonic() - getattr(_given_up, "at", float("-inf"))
    return AFTERWARDS_SECONDS if since < AFTERWARDS_SECONDS * 2 else SILENCE_SECONDS
