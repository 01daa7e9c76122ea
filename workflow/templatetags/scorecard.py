"""Pieces of a tile that also stand in the scorecard's table. Tags rather than included templates, for speed."""

from django import template
from django.utils.html import format_html

from accounts.templatetags.icons import ICONS
from measures.templatetags.marks import marks

from ..tiles import PartyMark, Signal, Tile

register = template.Library()


@register.simple_tag
def travel(tile: Tile) -> str:
    """The direction of travel with its reference."""
    return format_html(
        '<p class="travel travel-{}">{}<span>{}{}</span></p>',
        tile.direction or "none",
        ICONS[tile.arrow] if tile.arrow else "",
        tile.travel.text,
        marks(tile.travel.marks),
    )


@register.simple_tag
def signal(found: Signal) -> str:
    """What the process limits say."""
    icon, letters = ICONS[found.icon], marks(found.marks)
    return format_html('<p class="signal signal-{}">{}<span>{}{}</span></p>', found.kind, icon, found.text, letters)


@register.simple_tag
def party(mark: PartyMark) -> str:
    """Whether a party's text is released."""
    classes, icon, said = RELEASED[mark.released]
    return format_html(
        '<span class="{}">{}{}<span class="visually-hidden">: {}</span></span>', classes, icon, mark.name, said
    )


RELEASED = {
    True: ("party released", ICONS["done"], "released"),
    False: ("party", ICONS["open"], "not yet released"),
}
