"""Our own SVG on a page."""

from django import template
from django.utils.safestring import SafeString, mark_safe
from js_asset import ImportMap

register = template.Library()

# Our modules import one another by these names, since a relative import would miss the hashed file. A page has one
# import map, so the page that shows panes too merges this one into theirs.
MODULES = ImportMap(
    {
        "perfmon/chart-plotly": "js/chart-plotly.js",
        "perfmon/chart-switches": "js/chart-switches.js",
        "perfmon/chart-walk": "js/chart-walk.js",
    }
)


@register.filter
def drawing(svg: str) -> SafeString:
    """Markup from `measures.charts`, which builds it element by element so that every text in it is escaped.

    ValueError for anything else: nothing but a drawing may pass unescaped.
    """
    if svg and not svg.startswith("<svg "):
        raise ValueError("Only a drawing of measures.charts may stand on a page as it is.")
    return mark_safe(svg)
