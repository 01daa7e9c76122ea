"""The bracketed symbols beside a figure. Their meanings stand in the page's foot, and in the title for a pointer."""

from collections.abc import Iterable

from django import template
from django.utils.html import format_html_join
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


@register.simple_tag
def marks(letters: Iterable[str]) -> SafeString:
    """ " [i]" for each letter; KeyError for a letter that has no meaning."""
    return format_html_join(
        "", ' <abbr class="mark" title="{}">[{}]</abbr>', ((WORDS[letter], letter) for letter in letters)
    )
