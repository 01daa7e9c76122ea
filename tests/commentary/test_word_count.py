"""The number below a pane as the page begins with it; the editor's own: tests/browser/test_editor.py."""

from pathlib import Path

import pytest
from django.conf import settings

from commentary.templatetags.panes import word_count
from commentary.unseen import UNSEEN


@pytest.mark.parametrize(
    ("html", "words"),
    [
        (None, "0 words"),
        ("", "0 words"),
        ("<p>one</p>", "1 word"),
        ("<p>ha<strong>lf</strong> <em>a</em></p>", "2 words"),
        ("<h3>a b</h3><ul><li><p>c<br>d</p><ol><li><p>e</p></li></ol></li></ul>", "5 words"),
        ("<p>x&amp;y – z&nbsp;q</p>", "4 words"),
        ("<p>" + "word " * 1500 + "</p>", "1,500 words"),
    ],
)
def test_words_are_what_stands_between_spaces(html, words):
    assert word_count(html) == words


def test_the_script_leaves_out_the_same_characters():
    script = Path(settings.BASE_DIR, "static", "js", "pane-words.js").read_text()
    assert f"UNSEEN = /[{UNSEEN}]/g" in script
