import pytest
from django.template import Context, Template
from django.test import RequestFactory

from commentary.templatetags.panes import editor_settings, rich


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
