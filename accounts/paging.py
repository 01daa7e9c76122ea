"""Long lists, fifty at a time, with a filter by text; both stand in the address."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.http import urlencode

SIZE = 50
LONGEST_SEARCH = 100


@dataclass(frozen=True)
class Step:
    """A link of templates/components/pager.html."""

    label: str
    url: str


@dataclass(frozen=True)
class Part:
    """The rows of one page of a list, out of `count`."""

    rows: Sequence
    count: int
    first: int
    last: int
    previous: Step | None
    next: Step | None

    @property
    def is_whole(self) -> bool:
        return self.count == len(self.rows)


def searched(request: HttpRequest) -> str:
    """What the reader filters by."""
    return " ".join(request.GET.get("q", "").split())[:LONGEST_SEARCH]


def part_of(request: HttpRequest, rows: QuerySet, text: str) -> Part:
    """The page that the address names; the nearest where there is none of that number. Two queries."""
    page = Paginator(rows, SIZE).get_page(request.GET.get("page"))

    def step(number: int) -> Step:
        said = {"q": text} if text else {}
        shown = Paginator.page(page.paginator, number)
        return Step(f"{shown.start_index()} to {shown.end_index()}", "?" + urlencode({**said, "page": number}))

    return Part(
        rows=list(page.object_list),
        count=page.paginator.count,
        first=page.start_index(),
        last=page.end_index(),
        previous=step(page.number - 1) if page.has_previous() else None,
        next=step(page.number + 1) if page.has_next() else None,
    )
