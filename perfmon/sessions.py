"""How long one stays signed in: two hours without a request, twelve hours in all.

A GET writes nothing but this expiry, and that at most every five minutes.
"""

from __future__ import annotations

from django.contrib.auth import logout
from django.http import HttpRequest

IDLE_SECONDS = 2 * 60 * 60
LONGEST_SECONDS = 12 * 60 * 60
STEP_SECONDS = 5 * 60
STARTED, SEEN = "signed_in_at", "seen_at"


def keep(request: HttpRequest, now: float) -> None:
    """Prolong the reader's session, or end it when its twelve hours are over."""
    if not request.user.is_authenticated:
        return
    session = request.session
    if now - session.get(STARTED, now) > LONGEST_SECONDS:
        logout(request)
        return
    if STARTED not in session:
        session[STARTED] = now
    if now - session.get(SEEN, 0) >= STEP_SECONDS:
        session[SEEN] = now
        session.set_expiry(min(IDLE_SECONDS, int(session[STARTED] + LONGEST_SECONDS - now) + 1))
