"""What the set-up pages share: the menu, and what a form was sent with."""

from __future__ import annotations

from typing import NamedTuple

from django.forms import Form
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse

from .denial import SecondFactorNeeded
from .models import Contract
from .people import check_by

NEEDED = (
    "A contract here asks for a second factor: a code from your telephone besides the password. Open “Second factor” "
    "under “Your account” in another tab, give one there, then try again."
)
ITEMS = [
    ("home", "Contracts"),
    ("set-up", "Set-up"),
    ("organisations", "Organisations"),
    ("people", "People"),
]


class Item(NamedTuple):
    label: str
    url: str
    current: bool


def frame(request: HttpRequest, current: str) -> dict:
    """The menu of the pages that hang below no contract; `current` is the URL name of the item where one is. Raises as
    `check_reader`."""
    check_reader(request)
    return {"nav": [Item(label, reverse(name), name == current) for name, label in ITEMS]}


def check_reader(request: HttpRequest) -> None:
    """Denied for all but administrators. SecondFactorNeeded where any contract asks for one that this session did not
    pass: whoever looks after people can make themselves anybody's way in."""
    check_by(request.user)
    if not request.user.passed_second_factor and Contract.objects.filter(requires_second_factor=True).exists():
        raise SecondFactorNeeded(NEEDED)


def typed(request: HttpRequest) -> QueryDict | None:
    """What was sent, be it nothing; None for a page that is only opened."""
    return request.POST if request.method == "POST" else None


def version_in(request: HttpRequest) -> int:
    """The version that the page showed, read as a number."""
    return number_in(request.POST, "version")


def number_in(data: QueryDict, name: str) -> int:
    """-1, which is the version and the key of nothing, for what is none."""
    text = data.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else -1


def with_version(request: HttpRequest, version: int, **also: int) -> QueryDict:
    """What was sent, with the version that is held now and what else names it, so that saving once more is a choice."""
    data = request.POST.copy()
    for name, value in {"version": version, **also}.items():
        data[name] = str(value)
    return data


def form_page(
    request: HttpRequest, context: dict, form: Form, *, title: str, stale: str = "", conflict: list | None = None
) -> HttpResponse:
    """One form with its heading. `conflict`: the rows of what differs between held and typed, None for no conflict."""
    status = 409 if conflict is not None else 422 if form.errors else 200
    shown = {"form": form, "conflict": conflict, "stale": stale, "conflict_title": f"The {title} was not saved"}
    return render(request, "accounts/set_up_form.html", {**context, **shown}, status=status)
