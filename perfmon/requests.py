"""Each request has an id, which its answer, its log lines and its page of failure carry; and one line when it ends."""

from __future__ import annotations

import logging
import re
import time
import uuid
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.functional import LazyObject, empty
from structlog.contextvars import bind_contextvars, clear_contextvars

from .logs import safe_path

API = "/api/"
HEADER = "X-Request-ID"
# What a proxy makes: a UUID, or so many letters and digits. Anything else could be meant for who reads the log.
PLAUSIBLE = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{14,62}[A-Za-z0-9]")
# Asked every few seconds by machines, or by every page; told only when they fail.
QUIET = ("/healthz", "/readyz", settings.STATIC_URL)

log = logging.getLogger("perfmon.requests")


class RequestMiddleware:
    """The outermost: whatever answers, and whatever fails, is inside."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        begun = time.monotonic()
        request.request_id = request_id(request)
        # A thread of the server serves one request after the other.
        clear_contextvars()
        bind_contextvars(request=request.request_id)
        try:
            response = self.get_response(request)
            response[HEADER] = request.request_id
            tell(request, response.status_code, time.monotonic() - begun)
            return response
        finally:
            clear_contextvars()


def is_script(request: HttpRequest) -> bool:
    """Whether a script asks, which keeps its page and what was typed there, and not a person who opens one."""
    return request.path.startswith(API) or request.headers.get("Accept") == "application/json"


def request_id(request: HttpRequest) -> str:
    """The id that the proxy gave, if it looks like one, else one of our own."""
    given = request.headers.get(HEADER, "")
    return given if PLAUSIBLE.fullmatch(given) else uuid.uuid4().hex


def tell(request: HttpRequest, status: int, seconds: float) -> None:
    if status < 400 and request.path.startswith(QUIET):
        return
    fields = {
        "method": request.method,
        "path": safe_path(request.path),
        "status": status,
        "milliseconds": round(seconds * 1000),
        "user": user_id(request),
    }
    log.log(logging.ERROR if status >= 500 else logging.INFO, "Answered", extra={"fields": fields})


def user_id(request: HttpRequest) -> int | None:
    """The number of who asked, if the request has found out; looking would be a query more."""
    user = request.__dict__.get("user")
    if isinstance(user, LazyObject):
        user = user.__dict__.get("_wrapped", empty)
        user = None if user is empty else user
    return getattr(user, "pk", None)
