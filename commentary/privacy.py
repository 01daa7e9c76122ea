"""What in a text may tell who a child is, for a warning before it is released. Pure: no Django.

The screen knows shapes, not people: it misses a child told of in other words, and it stops at some honest sentences.
So it asks and never refuses. What it must find and leave alone is in tests/commentary/privacy/.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from .identifiers import births, dates, identifiers
from .passages import Found, Passage, plain, searchable
from .persons import persons


def passages(html: str) -> tuple[Passage, ...]:
    """In the order of the text, none overlapping another."""
    text = plain(html)
    searched = searchable(text)
    born = births(searched)
    found = [*persons(searched, born, dates(searched)), *born, *identifiers(searched)]
    return tuple(_passage(text, each) for each in _apart(found))


def digest(found: Iterable[Passage]) -> str:
    """Of what is warned about: another digest, another question."""
    told = "\n".join(f"{each.kind}:{each.quote}" for each in found)
    return hashlib.sha256(told.encode()).hexdigest()


def _passage(text: str, found: Found) -> Passage:
    quote, end = text[found.start : found.end], found.end
    if "(" in quote and ")" not in quote and text[end : end + 1] == ")":
        quote, end = quote + ")", end + 1
    return Passage(found.kind, quote, found.start, end)


def _apart(found: list[Found]) -> list[Found]:
    """Of two that overlap the longer one."""
    kept: list[Found] = []
    for each in sorted(found, key=lambda one: (one.start, -one.end)):
        if not kept or each.start >= kept[-1].end:
            kept.append(each)
        elif each.end - each.start > kept[-1].end - kept[-1].start:
            kept[-1] = each
    return kept
