"""For the pages that show panes."""

import json
from dataclasses import replace

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django_prose_editor.widgets import importmap
from js_asset import ImportMap

from accounts.templatetags.icons import ICONS
from measures.templatetags import charts

from ..differences import Compared, compare
from ..earlier import count_words, with_marks
from ..forms import editor_config
from ..panes import PaneView
from ..pieces import at_level
from ..sanitising import shown

register = template.Library()

# Our modules import one another by these names, since a relative import would miss the hashed file.
MODULES = ImportMap(
    {
        "perfmon/editing": "js/pane-editing.js",
        "perfmon/saving": "js/pane-saving.js",
        "perfmon/sending": "js/pane-sending.js",
        "perfmon/telling": "js/pane-telling.js",
        "perfmon/leaving": "js/pane-leaving.js",
        "perfmon/sign-in": "js/pane-sign-in.js",
        "perfmon/conflict": "js/pane-conflict.js",
        "perfmon/copy": "js/pane-copy.js",
        "perfmon/words": "js/pane-words.js",
        "perfmon/toolbar": "js/pane-toolbar.js",
        "perfmon/paste-blocks": "js/paste-blocks.js",
        "perfmon/paste-lists": "js/paste-lists.js",
        "perfmon/paste-source": "js/paste-source.js",
        "perfmon/paste-tables": "js/paste-tables.js",
        "perfmon/paste-text": "js/paste-text.js",
        "perfmon/paste-words": "js/paste-words.js",
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


AGAIN = '<span class="again">{}Also in {}</span> '


@register.filter
def as_read(pane: PaneView, level: int = 3) -> SafeString:
    """A pane's text with its headings at this level, and a mark on each paragraph that repeats last quarter's; none
    where all of it was carried over, which the pane says once."""
    text = shown(pane.html or "")
    if pane.last is not None and not pane.is_carried_over:
        text = with_marks(text, pane.compared_with, format_html(AGAIN, ICONS["again"], pane.last.quarter))
    # The sanitiser's output with our own mark between its tags and with headings that we name.
    return mark_safe(at_level(text, level))


@register.filter
def word_count(html: str | None) -> str:
    """ "182 words": what stands between spaces, as static/js/pane-words.js counts on."""
    count = count_words(html or "")
    return f"{count:,} {'word' if count == 1 else 'words'}"


@register.simple_tag
def differences(old: str, new: str, level: int = 4) -> Compared:
    """Two texts, cleaned again, with marks around what differs and headings at this level."""
    found = compare(shown(old), shown(new))
    # The marks are our own, around the sanitiser's output.
    return replace(found, old=mark_safe(at_level(found.old, level)), new=mark_safe(at_level(found.new, level)))
