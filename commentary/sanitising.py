"""What a pane may hold: one schema for the editor and for what is stored."""

from __future__ import annotations

import html as entities
import re

import nh3
from django_prose_editor.config import allowlist_from_extensions

from .unseen import UNSEEN

# The editor is built from this, and so is the list of tags that `clean` lets through. `WordPaste` is ours and changes
# nothing that is stored.
EXTENSIONS = {
    "Bold": True,
    "Italic": True,
    "Heading": {"levels": [3]},
    "BulletList": True,
    "OrderedList": True,
    "ListItem": True,
    "HardBreak": True,
    "Link": {"enableTarget": False, "protocols": ["http", "https", "mailto"]},
    "WordPaste": True,
    # Our own toolbar stands in the page, so that nothing moves when the editor arrives.
    "Menu": False,
    "NoSpellCheck": False,
}
LONGEST = 50_000  # characters, tags included
DEEPEST = 20  # elements inside one another
# Two change something, a third finds nothing left; one more to spare.
MOST_PASSES = 4

# nh3 lets addresses without a scheme pass, and with them `//host` and `\\host\share`.
_ABSOLUTE = re.compile(r"(?:https?://[^\s/\\?#<>\"]|mailto:[^\s<>\"@]+@)[^\s\\<>\"]*", re.IGNORECASE)
_FIRST_NUMBER = re.compile(r"[0-9]{1,4}")
_TAG = re.compile(r"<(/?)([a-z0-9]+)[^>]*>")
_VOID = {"br"}
_HEADING = re.compile(r"<(h[1-6])>.*?</\1>", re.DOTALL)
_NOTHING_TO_READ = re.compile(rf"[\s{UNSEEN}]*")


class TooLarge(ValueError):
    """The text is too long or too deeply nested to store; `.sentence` says so beside the field."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


def clean(html: str) -> str:
    """The text as it may be stored: allowed tags only, and "" when no words are left. Raises TooLarge."""
    _check_length(html)
    # Lone surrogates cannot be encoded, and PostgreSQL refuses the null character.
    html = html.encode("utf-8", "replace").decode().replace("\0", "")
    cleaned = _settled(html).strip()
    _check_length(cleaned)
    depth = _depth(cleaned)
    if depth > DEEPEST:
        raise TooLarge(f"Lists and formatting are {depth} levels deep. At most {DEEPEST} can be stored.")
    return cleaned if has_words(cleaned) else ""


def _settled(html: str) -> str:
    """Cleaned until nothing changes any more. Without the tags that were taken out of it a heading may stand inside
    another, and the next reading would part them."""
    for _ in range(MOST_PASSES):
        cleaned = _CLEANER.clean(html)
        if cleaned == html:
            break
        html = cleaned
    return html


def shown(html: str) -> str:
    """The text as it may be printed on a page, whatever was stored: allowed tags only, never refused."""
    return _CLEANER.clean(html)


def has_words(cleaned: str) -> bool:
    """Whether anything is left to read without the tags; spaces of any kind do not count."""
    return _NOTHING_TO_READ.fullmatch(entities.unescape(_TAG.sub("", cleaned))) is None


def has_more_than_headings(cleaned: str) -> bool:
    """Whether a reader would find anything below the headings, or instead of them."""
    return has_words(_HEADING.sub("", cleaned))


def _check_length(html: str) -> None:
    if len(html) > LONGEST:
        raise TooLarge(
            f"The text is {len(html):,} characters long, formatting included. At most {LONGEST:,} can be stored."
        )


def _depth(cleaned: str) -> int:
    """Of cleaned text, where every tag is closed and no attribute holds an angle bracket."""
    depth = deepest = 0
    for closing, name in _TAG.findall(cleaned):
        if closing:
            depth -= 1
        elif name not in _VOID:
            depth += 1
            deepest = max(deepest, depth)
    return deepest


def _allowed(tag: str, attribute: str, value: str) -> str | None:
    if attribute == "href":
        return value if _ABSOLUTE.fullmatch(value) else None
    if attribute == "start":
        return value if _FIRST_NUMBER.fullmatch(value) else None
    return value


def _cleaner() -> nh3.Cleaner:
    allowed = allowlist_from_extensions(EXTENSIONS)
    allowed["attributes"] = {"a": {"href"}, "ol": {"start"}, "*": set()}
    allowed["link_rel"] = "noopener noreferrer"
    return nh3.Cleaner(**allowed, attribute_filter=_allowed)


_CLEANER = _cleaner()
