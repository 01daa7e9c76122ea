"""The session of somebody who has just ended all of theirs."""

from __future__ import annotations

from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest


def stay_signed_in(request: HttpRequest) -> None:
    """Keep this session, with a new key, when all sessions of its person were just ended."""
    request.user.refresh_from_db()
    update_session_auth_hash(request, request.user)
