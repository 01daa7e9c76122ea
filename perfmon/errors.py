"""Refusals and failures as pages, or as JSON below /api/. What happened, what was kept, what to do."""

from __future__ import annotations

import logging
import sys

from django.conf import settings
from django.contrib.sessions.exceptions import SessionInterrupted
from django.db import Error, InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string

from . import health
from .context import site
from .requests import API, is_script
from .typed import typed_texts

FAILURES = (500, 503)
# Refusals of a form that was well sent, which give back what was typed.
RETURNING = (401, 403, 404, 409, 423, 429, *FAILURES)
SIGN_IN = "account_login"
# PostgreSQL's code for writing to a database that is only read; Django counts it among the program's own errors.
READ_ONLY = "25006"
RETRY_SECONDS = {429: 900, 503: 30}
WORDS = {
    400: "This request cannot be read. Nothing was stored.",
    401: "Sign in first.",
    403: "You may not do this.",
    404: "There is nothing at this address that you can see.",
    405: "This address does not answer that kind of request.",
    409: "This cannot be done now.",
    413: "More was sent than this page takes: files may have up to 10 MB. Nothing was stored.",
    423: "What was published does not change.",
    429: "Too many tries. Wait 15 minutes, then try again.",
    500: "Something went wrong on our side. What you had saved before is still there.",
    # A database that goes away while it stores something does not say whether it did.
    503: "The service cannot answer just now. What you sent last may not have been stored: look in a minute.",
}
# Django finds the session gone when it keeps it, after the page has done all that it does.
SIGNED_OUT_MEANWHILE = (
    "You were signed out while this was being done: in another tab, on another device, or by an administrator. "
    "It may have been stored. Sign in and look whether it is there, before you send it again."
)

log = logging.getLogger(__name__)


def answer(request: HttpRequest, status: int, sentence: str = "", *, with_reader: bool = True) -> HttpResponse:
    """One refusal. `with_reader=False` keeps the page clear of the session and the database."""
    # Of a failure, what its lines in the log are found by.
    reference = getattr(request, "request_id", "") if status in FAILURES else ""
    if request.path.startswith(API):
        said = {"detail": sentence or WORDS[status], **({"reference": reference} if reference else {})}
        response: HttpResponse = JsonResponse(said, status=status)
    else:
        # Where no page of ours stands, nobody filled in a form of ours.
        typed = typed_texts(request) if status in RETURNING and request.resolver_match else []
        context = {"sentence": sentence, "status": status, "reference": reference, "typed": typed, **site(request)}
        page = render_to_string(f"errors/{status}.html", context, request if with_reader else None)
        response = HttpResponse(page, status=status)
    if status in RETRY_SECONDS:
        response["Retry-After"] = str(RETRY_SECONDS[status])
    return response


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    if not isinstance(exception, SessionInterrupted):
        return answer(request, 400, with_reader=False)
    if request.method in ("GET", "HEAD") and not is_script(request):
        # Asked again, without a session: a page for everybody is shown, any other leads to sign in.
        return redirect(request.get_full_path())
    return answer(request, 401, SIGNED_OUT_MEANWHILE, with_reader=False)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return answer(request, 403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return answer(request, 404)


def too_many(request: HttpRequest) -> HttpResponse:
    """429, or 503 where the database takes nothing in: then no try can be counted, which allauth takes for too many."""
    try:
        is_counting = health.is_writable()
    except Error:
        is_counting = False
    return answer(request, 429) if is_counting else answer(request, 503, with_reader=False)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Whoever signs in on a page from before they signed in elsewhere has what they want; others are told."""
    place = request.resolver_match
    if place is not None and place.url_name == SIGN_IN and request.user.is_authenticated:
        return redirect(settings.LOGIN_REDIRECT_URL)
    log.warning("Refused without a valid CSRF token: %s", reason)
    return answer(
        request,
        403,
        "This form was opened before you last signed in or out, or your browser does not keep cookies. "
        "Go back, reload the page and send it again.",
    )


def is_databases(error: BaseException | None) -> bool:
    """Whether it is the database that does not answer, or takes nothing in, and not the program that is wrong."""
    is_read_only = getattr(getattr(error, "__cause__", None), "pgcode", None) == READ_ONLY
    return is_read_only or isinstance(error, (OperationalError, InterfaceError))


def server_error(request: HttpRequest) -> HttpResponse:
    """500, or 503 when it is the database's fault."""
    return answer(request, 503 if is_databases(sys.exc_info()[1]) else 500, with_reader=False)
