"""For the entry grid."""

from django import template
from js_asset import ImportMap

register = template.Library()

# Our modules import one another by these names, since a relative import would miss the hashed file.
MODULES = ImportMap(
    {
        "perfmon/grid-row": "js/grid-row.js",
        "perfmon/grid-state": "js/grid-state.js",
        "perfmon/grid-conflict": "js/grid-conflict.js",
        "perfmon/grid-parts": "js/grid-parts.js",
        "perfmon/grid-sending": "js/grid-sending.js",
        "perfmon/grid-keys": "js/grid-keys.js",
        "perfmon/grid-paste": "js/grid-paste.js",
    }
)


@register.simple_tag(takes_context=True)
def grid_imports(context: template.Context) -> str:
    """The import map; before every other script of the page. It is inline, so it carries the nonce."""
    return MODULES.render(attrs={"nonce": str(context["request"].csp_nonce)})
