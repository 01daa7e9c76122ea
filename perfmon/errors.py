"""Refusals and failures as pages, or as JSON below /api/. What happened, what was kept, what to do."""

from __future__ import annotations

import logging
import sys

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string

from .context import site

API = "/api/"
WORDS = {
    400: "This request cannot be read.",
    401: "Sign in first.",
    403: "You may not do this.",
    404: "There is nothing at this address that you can see.",
    405: "This address does not answer that kind of request.",
    409: "This cannot be done now.",
    413: "More was sent than this page takes: files may have up to 10 MB.",
    423: "What was published does not change.",
    429: "Too many tries. Wait 15 minutes, then try again.",
    500: "Something went wrong on our side.",
    503: "The service cannot answer just now.",
}

log = logging.getLogger(__name__)


def answer(request: HttpRequest, status: int, sentence: str = "", *, with_reader: bool = True) -> HttpResponse:
    """One refusal. `with_reader=False` keeps the page clear of the session and the database."""
    if request.path.startswith(API):
        return JsonResponse({"detail": sentence or WORDS[status]}, status=status)
    context = {"sentence": sentence, "status": status, **site(request)}
    page = render_to_string(f"errors/{status}.html", context, request if with_reader else None)
    return HttpResponse(page, status=status)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return answer(request, 400, with_reader=False)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return answer(request, 403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return answer(request, 404)


def too_many(request: HttpRequest) -> HttpResponse:
    response = answer(request, 429)
    response["Retry-After"] = "900"
    return response


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    log.warning("Refused without a valid CSRF token: %s", reason)
    return answer(
        request,
        403,
        "This form was opened before you last signed in or out, or your browser does not keep cookies. "
        "Go back, reload the page and send it again.",
    )


def server_error(request: HttpRequest) -> HttpResponse:
    """500, or 503 when it is the database that does not answer."""
    is_database = isinstance(sys.exc_info()[1], (OperationalError, InterfaceError))
    return answer(request, 503 if is_database else 500, with_reader=False)
