"""The bracketed symbols beside a figure. Their meanings stand in the page's foot, and in the title for a pointer."""

from collections.abc import Iterable
from functools import lru_cache

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

register = template.Library()

WORDS = {
    "i": "illustrative",
    "p": "provisional",
    "r": "revised",
    "x": "not available",
    "c": "suppressed",
    "z": "not applicable",
}
NONE = SafeString("")


@register.simple_tag
def marks(letters: Iterable[str], history: str = "", revised: str = "") -> SafeString:
    """ " [i]" for each letter; KeyError for a letter that has no meaning. With the address of the figure's history
    [r] leads there; `revised` says what [r] means of this figure."""
    return _marks(tuple(letters), history, revised) if letters else NONE


# The same few letters, over and over.
@lru_cache(maxsize=256)
def _marks(letters: tuple[str, ...], history: str, revised: str) -> SafeString:
    words = WORDS | {"r": revised or WORDS["r"]}
    found = ((_mark(letter, words[letter], history if letter == "r" else ""),) for letter in letters)
    return format_html_join("", " {}", found)


def _mark(letter: str, words: str, address: str) -> SafeString:
    mark = format_html('<abbr class="mark" title="{}">[{}]</abbr>', words, letter)
    if not address:
        return mark
    return format_html(
        '<a class="revised" href="{}">{}<span class="visually-hidden"> history</span></a>', address, mark
    )
