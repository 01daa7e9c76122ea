"""Links that nobody made: after ten of them from one place, none that comes from there is looked at for a while."""

from __future__ import annotations

from allauth.core.internal import ratelimit
from django.http import HttpRequest, HttpResponse

RATE = {"app": "allauth.account", "action": "bad_link", "limit_get": True}


def refusal(request: HttpRequest) -> HttpResponse | None:
    """The answer to whoever tried too many; None where a link may be looked at."""
    return None if ratelimit.consume(request, dry_run=True, **RATE) else ratelimit.respond_429(request)


def count(request: HttpRequest) -> None:
    """One more bad link. It is counted when it comes in, not again when its page is read once more."""
    ratelimit.consume(request, **RATE)
