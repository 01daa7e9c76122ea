import pytest
from django.template import Context, Template
from django.test import RequestFactory

from accounts.templatetags.icons import ICONS
from commentary.templatetags.panes import differences, editor_settings, rich


@pytest.mark.parametrize(
    ("held", "shown"),
    [
        (None, ""),
        ("<p>A &amp; B</p>", "<p>A &amp; B</p>"),
        ("<p>A</p><script>alert(1)</script><img src=x onerror=alert(1)>", "<p>A</p>"),
    ],
)
def test_a_text_is_cleaned_again_when_it_is_shown(held, shown):
    assert Template("{% load panes %}{{ text|rich }}").render(Context({"text": held})) == shown
    assert rich(held) == shown


def test_the_import_map_carries_the_nonce():
    request = RequestFactory().get("/")
    request.csp_nonce = "n0nce"
    head = Template("{% load panes %}{% editor_imports %}").render(Context({"request": request}))
    assert head.startswith('<script type="importmap" nonce="n0nce">{"imports": {"django-prose-editor/editor": ')
    assert '"perfmon/saving": "/static/js/pane-saving.js"' in head
    assert '"perfmon/chart-walk": "/static/js/chart-walk.js"' in head


def test_the_editor_is_built_from_the_schema_of_the_sanitiser():
    settings = editor_settings()
    assert '"Heading":{"levels":[3]}' in settings
    assert '"Menu"' not in settings
    assert '"NoSpellCheck"' not in settings
    assert '"js_modules":["/static/js/editor-extras.js"]' in settings


def test_a_comparison_has_its_headings_below_those_of_the_page():
    found = differences("<h3>The story</h3><p>a</p>", "<h3>The tale</h3><p>a</p>")
    assert (found.old.count("<h4>"), found.old.count("</h4>"), "h3" in found.old) == (1, 1, False)
    assert (found.new.count("<h4>"), found.new.count("</h4>"), "h3" in found.new) == (1, 1, False)
    assert "<h3>" in differences("<h3>A</h3>", "", 3).old


def test_formatting_that_changed_is_called_so():
    template = Template(
        '{% load panes %}{% differences old new as compared %}{% include "commentary/history_texts.html" %}'
    )
    page = template.render(Context({"old": "<p>One two</p>", "new": "<p>One <em>two</em></p>"}))
    assert '<ins class="form">formatting changed</ins>' in page


def test_what_was_carried_over_has_the_icon_of_what_repeats():
    template = Template('{% include "commentary/carried.html" with quarter="Q1" only %}')
    assert template.render(Context()).strip() == f"{ICONS['again']}Carried over from Q1: not changed yet"
