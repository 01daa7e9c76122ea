"""Pages that any public service has: help, the words, accessibility, privacy, cookies, about.

Anybody may read them, signed in or not. They hold nobody's data and ask the database nothing of their own.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path

from accounts.denial import NotKnown

from .third_parties import PARTS
from .version import VERSION


@dataclass(frozen=True)
class Role:
    """Whom a page of help is for; `address` is its part of the path, made from `accounts.roles.Who`."""

    address: str
    name: str
    does: str


ROLES = (
    Role(
        "officer",
        "Officer of the commissioner",
        "opens the quarter, checks the values, writes and releases the response",
    ),
    Role(
        "analyst",
        "Analyst of the provider",
        "enters and submits the values, writes and releases the comment",
    ),
    Role(
        "commissioners-director",
        "Director of the commissioner",
        "reads the quarter, records events, proposes and agrees targets",
    ),
    Role(
        "providers-director",
        "Director of the provider",
        "reads the quarter, records events, proposes and agrees targets",
    ),
    Role(
        "administrator",
        "Administrator",
        "sets contracts up and looks after people",
    ),
)
BY_ADDRESS = {role.address: role for role in ROLES}


def help_index(request: HttpRequest) -> HttpResponse:
    return _page(request, "help", roles=ROLES)


def help_role(request: HttpRequest, role: str) -> HttpResponse:
    if role not in BY_ADDRESS:
        raise NotKnown
    return _page(request, f"help_{role.replace('-', '_')}", role=BY_ADDRESS[role])


def words(request: HttpRequest) -> HttpResponse:
    return _page(request, "words")


def accessibility(request: HttpRequest) -> HttpResponse:
    return _page(request, "accessibility", prepared_on=settings.SERVICE_STATEMENT_ON)


def privacy(request: HttpRequest) -> HttpResponse:
    return _page(request, "privacy", retention=settings.SERVICE_RETENTION)


def cookies(request: HttpRequest) -> HttpResponse:
    names = {"session": settings.SESSION_COOKIE_NAME, "token": settings.CSRF_COOKIE_NAME}
    return _page(request, "cookies", names=names)


def about(request: HttpRequest) -> HttpResponse:
    return _page(request, "about", parts=PARTS)


def _page(request: HttpRequest, name: str, **context: object) -> HttpResponse:
    contact = settings.SERVICE_CONTACT
    who = {
        "operator": settings.SERVICE_OPERATOR,
        "contact": contact,
        "privacy_contact": settings.SERVICE_PRIVACY_CONTACT or contact,
    }
    return render(request, f"public/{name}.html", {**who, "version": VERSION, **context})


public_patterns = [
    path("help/", help_index, name="help"),
    path("help/words/", words, name="words"),
    path("help/<slug:role>/", help_role, name="help-role"),
    path("accessibility/", accessibility, name="accessibility"),
    path("privacy/", privacy, name="privacy"),
    path("cookies/", cookies, name="cookies"),
    path("about/", about, name="about"),
]
