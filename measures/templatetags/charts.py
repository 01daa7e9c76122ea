"""Our own SVG on a page."""

from django import template
from django.utils.safestring import SafeString, mark_safe

register = template.Library()


@register.filter
def drawing(svg: str) -> SafeString:
    """Markup from `measures.charts`, which builds it element by element so that every text in it is escaped.

    ValueError for anything else: nothing but a drawing may pass unescaped.
    """
    if svg and not svg.startswith("<svg "):
        raise ValueError("Only a drawing of measures.charts may stand on a page as it is.")
    return mark_safe(svg)
