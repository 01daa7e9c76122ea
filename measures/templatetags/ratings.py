"""A rating as word, shape and colour; a quarter's rating in a strip.

Tags rather than included templates: a scorecard of two hundred measures shows two thousand of them.
"""

from collections.abc import Iterable
from functools import lru_cache, reduce
from operator import add
from typing import Protocol

from django import template
from django.utils.html import escape, format_html

from accounts.templatetags.icons import ICONS

register = template.Library()


class Cell(Protocol):
    """One quarter of a strip; `status` empty is a gap."""

    quarter: str
    status: str
    word: str


@register.simple_tag
# The same few words, over and over.
@lru_cache(maxsize=1024)
def rag(status: str, word: str, reason: str = "", extra: str = "") -> str:
    """The badge; `extra` is "plain" or nothing. KeyError for a status without a shape."""
    classes = f"rag rag-{status} {extra}".rstrip()
    title = format_html(' title="{}"', reason) if reason else ""
    return format_html('<span class="{}"{}>{}{}</span>', classes, title, ICONS[status], word)


@register.simple_tag
def strip(cells: Iterable[Cell], label: str = "Rating of the last eight quarters") -> str:
    """Oldest first."""
    # Each of them is escaped, and so is their sum: joining them as texts would ask each again.
    drawn = reduce(add, [_cell(cell.quarter, cell.status, cell.word) for cell in cells], escape(""))
    return format_html('<ul class="strip" aria-label="{}">{}</ul>', label, drawn)


# The same few quarters and words, over and over.
@lru_cache(maxsize=1024)
def _cell(quarter: str, status: str, word: str) -> str:
    said = format_html("{}: {}", quarter, word)
    classes = f"rag-{status}" if status else "gap"
    icon = ICONS[status] if status else ""
    return format_html(
        '<li class="{}" title="{}">{}<span class="visually-hidden">{}</span></li>', classes, said, icon, said
    )
