"""How long one stays signed in: half an hour without a request, twelve hours in all.

A GET writes nothing but this expiry, and that at most every minute.
"""

from __future__ import annotations

import copy
import logging
from typing import Any

from django.contrib.auth import logout
from django.contrib.sessions.backends import db
from django.contrib.sessions.backends.base import UpdateError
from django.http import HttpRequest

from .errors import is_databases

IDLE_SECONDS = 30 * 60
LONGEST_SECONDS = 12 * 60 * 60
STEP_SECONDS = 60
STARTED, SEEN = "signed_in_at", "seen_at"
# What `keep` changes; the last is Django's own, by set_expiry.
CLOCK = {STARTED, SEEN, "_session_expiry"}

log = logging.getLogger(__name__)


class SessionStore(db.SessionStore):
    """Django's in the database, for a database that takes nothing in: a page that somebody reads is answered, though
    the reader's session is not prolonged. Anything else that is to be kept in a session fails as all writing does."""

    held: dict[str, Any] | None = None

    def load(self) -> dict[str, Any]:
        data = super().load()
        self.held = but_the_clock(copy.deepcopy(data))
        return data

    def save(self, must_create: bool = False) -> None:
        try:
            super().save(must_create)
        except UpdateError as error:
            # Django's word for a row that is gone, and for whatever else goes wrong.
            fault = error.__context__
            if not is_databases(fault):
                raise
            if but_the_clock(self._session) != self.held:
                raise fault from fault.__cause__
            log.warning("A session could not be prolonged: the database takes nothing in, or does not answer.")


def but_the_clock(data: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in data.items() if name not in CLOCK}


def keep(request: HttpRequest, now: float) -> None:
    """Prolong the reader's session, or end it when its twelve hours are over."""
    if not is_alive(request, now):
        return
    session = request.session
    if STARTED not in session:
        session[STARTED] = now
    if now - session.get(SEEN, 0) >= STEP_SECONDS:
        session[SEEN] = now
        session.set_expiry(min(IDLE_SECONDS, int(session[STARTED] + LONGEST_SECONDS - now) + 1))


def is_alive(request: HttpRequest, now: float) -> bool:
    """Whether somebody is signed in; after twelve hours nobody is, from now on."""
    if not request.user.is_authenticated:
        return False
    session = request.session
    if now - session.get(STARTED, now) > LONGEST_SECONDS or now - session.get(SEEN, now) > IDLE_SECONDS:
        logout(request)
        return False
    return True


def seconds_left(request: HttpRequest, now: float) -> tuple[int, int]:
    """Seconds until the session ends when nothing is done, and at the latest. Only for somebody signed in."""
    latest = request.session.get(STARTED, now) + LONGEST_SECONDS - now
    idle = request.session.get(SEEN, now) + IDLE_SECONDS - now
    return int(min(idle, latest)), int(latest)
