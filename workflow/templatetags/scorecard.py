"""A tile, and those of its pieces that stand in the scorecard's table too.

Tags rather than included templates: a template takes three times as long, and of a scorecard of two hundred measures
that is an eighth of the whole page's time (`python3 -m perfmon bench`).
"""

from django import template
from django.utils.html import conditional_escape, escape, format_html, format_html_join
from django.utils.text import capfirst

from accounts.templatetags.icons import ICONS
from measures.templatetags.charts import drawing
from measures.templatetags.marks import marks
from measures.templatetags.ratings import rag, strip

from ..tiles import Marked, PartyMark, Signal, Tile

register = template.Library()

NOTHING = escape("")
TILE = (
    '<article class="tile rag-{status}">'
    '<div class="band-head">{badge}<span class="code">{code}</span></div>'
    '<h3><a href="{url}">{title}</a></h3>'
    '<div class="figure"><b class="value{absent}">{value}</b>{spark}</div>'
    "{beside}{targets}{travel}{signal}"
    '<div class="track"><span class="trail">{trail}</span>{cohort}</div>'
    "{parties}</article>"
)


@register.simple_tag
def tile(shown: Tile) -> str:
    """The whole tile."""
    return format_html(
        TILE,
        status=shown.status,
        badge=rag(shown.status, shown.word, extra="plain"),
        code=shown.row.code,
        url=shown.url,
        title=shown.row.title,
        absent=" absent" if shown.absent else NOTHING,
        value=shown.absent or _value(shown),
        spark=drawing(shown.spark),
        beside=_beside(shown),
        targets=_targets(shown),
        travel=travel(shown) if shown.travel.text else NOTHING,
        signal=signal(shown.signal) if shown.signal else NOTHING,
        trail=_trail(shown),
        cohort=_cohort(shown),
        parties=_parties(shown),
    )


def _value(shown: Tile) -> str:
    unit = format_html('<span class="unit">{}</span>', shown.unit) if shown.unit else NOTHING
    return format_html("{}{}{}", shown.number, unit, marks(shown.marks))


def _beside(shown: Tile) -> str:
    pieces = format_html_join(" · ", "{}", ((_marked(one),) for one in shown.beside))
    return format_html('<p class="pair">{}</p>', pieces) if shown.beside else NOTHING


def _targets(shown: Tile) -> str:
    if shown.target is None:
        return NOTHING
    bound = format_html(' <span class="tolerance">{}</span>', _marked(shown.tolerance)) if shown.tolerance else NOTHING
    return format_html('<p class="targets">{}{}{}</p>', capfirst(shown.target.text), marks(shown.target.marks), bound)


def _trail(shown: Tile) -> str:
    earlier = strip(shown.strip) if shown.strip else "Earlier quarters" if shown.strip_marks else NOTHING
    return format_html("{}{}", earlier, marks(shown.strip_marks)) if shown.strip_marks else conditional_escape(earlier)


def _cohort(shown: Tile) -> str:
    said = f"{shown.cohort}, {shown.tell}" if shown.tell else shown.cohort
    return format_html('<span class="cohort">{}</span>', said) if shown.cohort else NOTHING


def _parties(shown: Tile) -> str:
    pieces = format_html_join("", "{}", ((party(mark),) for mark in shown.parties))
    return format_html("<footer>{}</footer>", pieces) if shown.parties else NOTHING


def _marked(one: Marked) -> str:
    return format_html("{}{}", one.text, marks(one.marks)) if one.marks else conditional_escape(one.text)


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
