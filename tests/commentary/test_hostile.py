"""Nothing that can act is left of a hostile text, and cleaning it again changes nothing."""

import re
from html.parser import HTMLParser

import pytest

from commentary.sanitising import clean, shown

from .hostile import HOSTILE

ATTRIBUTES = {
    **{tag: set() for tag in ("p", "strong", "em", "h3", "ul", "li", "br")},
    "a": {"href", "rel"},
    "ol": {"start"},
}
HREF = re.compile(r"(https?://[a-z0-9]|mailto:[^@]+@)", re.IGNORECASE)


class Reader(HTMLParser):
    """What a reader of HTML finds that may not be there."""

    def __init__(self) -> None:
        super().__init__()
        self.wrong: list[str] = []

    def handle_starttag(self, tag, attrs):
        if tag not in ATTRIBUTES:
            self.wrong.append(f"<{tag}>")
        self.wrong += [f"{name}={value}" for name, value in attrs if name not in ATTRIBUTES.get(tag, set())]
        self.wrong += [f"href={value}" for name, value in attrs if name == "href" and not HREF.match(value or "")]
        self.wrong += [f"rel={value}" for name, value in attrs if name == "rel" and value != "noopener noreferrer"]

    def handle_comment(self, data):
        self.wrong.append(f"<!--{data}")

    def handle_decl(self, decl):
        self.wrong.append(f"<!{decl}")

    def handle_pi(self, data):
        self.wrong.append(f"<?{data}")

    def unknown_decl(self, data):
        self.wrong.append(f"<![{data}")


def wrong_in(html: str) -> list[str]:
    reader = Reader()
    reader.feed(html)
    reader.close()
    # Past every tag that was read nothing may look like the beginning of another.
    return reader.wrong + re.findall(r"<(?!/?(?:p|strong|em|h3|ul|ol|li|br|a)[ >]).{0,9}", html)


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("frame", ["{}", "<p>Before {} after.</p>", "<ul><li>{}"])
def test_nothing_that_acts_is_left(text, frame):
    once = clean(frame.replace("{}", text))
    assert wrong_in(once) == []
    assert clean(once) == once
    assert shown(once) == once


def test_together_they_are_no_more():
    for start in range(0, len(HOSTILE), 20):
        cleaned = clean("".join(HOSTILE[start : start + 20]))
        assert wrong_in(cleaned) == []
        assert clean(cleaned) == cleaned


def test_the_corpus_is_large_and_the_reader_finds_what_is_wrong():
    assert len(set(HOSTILE)) >= 150
    # Some are words alone: markup written as text, templates, broken tags.
    assert len([text for text in HOSTILE if wrong_in(text)]) > 150
