"""Nothing is answered unless the policy table says so; refusals become pages with a sentence."""

from __future__ import annotations

import time
from collections.abc import Callable
from urllib.parse import unquote_to_bytes

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.cache import patch_vary_headers

from accounts import second_factor
from accounts.denial import Denied, SecondFactorNeeded

from . import bodies, sessions
from .errors import answer
from .policy import page_of
from .requests import is_script
from .typed import typed_texts

TOO_MUCH = "More was sent than this page takes, which is 1 MB. Shorten it, then try again."
FORM_TYPES = {"application/x-www-form-urlencoded", "multipart/form-data"}


class PolicyMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        # First of all: to look into a body is to read it.
        if bodies.is_large(request) and (refused := refused_body(request)):
            bodies.discard(request)
            return refused
        if has_nul(request):
            return answer(request, 400, with_reader=False)
        response = self.get_response(request)
        # `accessed` first: /healthz must answer without asking who is there.
        if request.session.accessed and request.user.is_authenticated:
            # After the view, so that a sign-in starts its own clock.
            keep(request)
            response["Cache-Control"] = "no-store"
            patch_vary_headers(response, ["Cookie"])
        return response

    def process_view(self, request: HttpRequest, view, args, kwargs) -> HttpResponse | None:
        page = page_of(request.resolver_match.view_name)
        if page.public and request.method in page.methods:
            return None
        keep(request)
        if not page.public and not request.user.is_authenticated:
            return signed_out(request)
        second_factor.mark(request)
        if request.method not in page.methods:
            response = answer(request, 405)
            response["Allow"] = ", ".join(page.methods)
            return response
        return None

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, SecondFactorNeeded) and is_page(request):
            return redirect_to_login(request.get_full_path(), reverse("mfa_index"))
        if isinstance(exception, Denied):
            return answer(request, exception.status, exception.sentence)
        return None


def keep(request: HttpRequest) -> None:
    """A request keeps the session alive, but for a page that asks how long it still lasts."""
    is_asking = request.resolver_match and request.resolver_match.view_name == "session" and request.method != "POST"
    (sessions.is_alive if is_asking else sessions.keep)(request, time.time())
    if request.user.is_authenticated:
        request.session_seconds, request.session_latest = sessions.seconds_left(request, time.time())


def signed_out(request: HttpRequest) -> HttpResponse:
    """Where someone goes who has not signed in. A script gets 401, so that what was typed stays on its page; a form
    gets what was typed back, to copy."""
    if is_script(request):
        return answer(request, 401)
    if request.method in ("GET", "HEAD"):
        return redirect_to_login(request.get_full_path())
    return answer(request, 401) if typed_texts(request) else redirect(settings.LOGIN_URL)


def is_page(request: HttpRequest) -> bool:
    """Whether a person opens a page, and not a script or a form something else."""
    return request.method in ("GET", "HEAD") and not is_script(request)


def refused_body(request: HttpRequest) -> HttpResponse | None:
    """The answer to a large body that is not to be read: only files are large, and only people send them."""
    if not bodies.takes_files(request):
        return answer(request, 413, TOO_MUCH, with_reader=False)
    if bodies.announced(request) > settings.LARGEST_BODY:
        return answer(request, 413, with_reader=False)
    keep(request)
    return None if request.user.is_authenticated else signed_out(request)


def has_nul(request: HttpRequest) -> bool:
    """Whether a NUL byte stands anywhere that a database or a file name could see. Contents of files are not read."""
    if "\0" in request.path or b"\0" in unquote_to_bytes(request.META.get("QUERY_STRING", "")):
        return True
    if any("\0" in value for value in request.COOKIES.values()):
        return True
    if request.method in ("GET", "HEAD"):
        return False
    if request.content_type in FORM_TYPES:
        fields = any("\0" in name or "\0" in value for name, values in request.POST.lists() for value in values)
        return fields or any("\0" in name for name in request.FILES)
    return b"\0" in request.body or b"\\u0000" in request.body
