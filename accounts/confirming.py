"""Pages and acts of somebody who has just said once more who they are."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import NoReturn

from allauth.account.internal.flows.reauthentication import STATE_SESSION_KEY, did_recently_reauthenticate
from allauth.core.exceptions import ReauthenticationRequired
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from . import second_factor

View = Callable[..., HttpResponse]


def confirmed(view: View) -> View:
    """Asks for the password or a code first, and leads back. A form that was sent too late leads to its page again."""

    @wraps(view)
    def wrapper(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        if is_confirmed(request):
            return view(request, *args, **kwargs)
        if request.method == "POST":
            return redirect(request.get_full_path())
        _ask(request)

    return wrapper


def check_confirmed(request: HttpRequest) -> None:
    """The same for what is only sent, from a page that everybody may open who may send it: it goes on with what was
    sent. Its forms name their own address, since the answer stands at another."""
    if not is_confirmed(request):
        _ask(request)


def _ask(request: HttpRequest) -> NoReturn:
    """allauth's middleware knows the way, and keeps what was sent."""
    if request.method != "POST":
        # What was sent to the same address before and then left alone is not to be done now.
        request.session.pop(STATE_SESSION_KEY, None)
    raise ReauthenticationRequired


def is_confirmed(request: HttpRequest) -> bool:
    """Within the last minutes, and with more than the password where somebody holds a second factor."""
    return did_recently_reauthenticate(request) and not second_factor.is_missing(request)
