"""For the pages that show panes."""

import json

from django import template
from django.utils.safestring import SafeString, mark_safe
from django_prose_editor.widgets import importmap
from js_asset import ImportMap

from measures.templatetags import charts

from ..forms import editor_config
from ..sanitising import shown

register = template.Library()

# Our modules import one another by these names, since a relative import would miss the hashed file.
MODULES = ImportMap(
    {
        "perfmon/editing": "js/pane-editing.js",
        "perfmon/saving": "js/pane-saving.js",
        "perfmon/conflict": "js/pane-conflict.js",
        "perfmon/toolbar": "js/pane-toolbar.js",
    }
)


@register.simple_tag(takes_context=True)
def editor_imports(context) -> SafeString:
    """The import map, the chart's modules in it; before every other script of the page. It is inline, so it carries
    the nonce."""
    return (importmap | MODULES | charts.MODULES).render(attrs={"nonce": str(context["request"].csp_nonce)})


@register.simple_tag
def editor_settings() -> str:
    """For the textarea's data attribute; escaped like any other text."""
    return json.dumps(editor_config(), separators=(",", ":"), default=str)


@register.filter
def rich(html: str | None) -> SafeString:
    """A pane's text as it is read: cleaned again, whatever the database holds."""
    # Only the sanitiser's own output is marked safe.
    return mark_safe(shown(html or ""))
