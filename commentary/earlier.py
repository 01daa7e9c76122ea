"""What a text shares with the one of the quarter before. Pure: no Django.

Texts are cleaned HTML, in which every tag is closed and no attribute holds an angle bracket.
"""

from __future__ import annotations

import html as entities
import re
from dataclasses import dataclass
from functools import cached_property

from .unseen import without_unseen

SHORTEST = 6  # words of a paragraph that can be a repetition
QUOTED = 6  # words that a quotation begins with

_TAG = re.compile(r"<(/?)([a-z0-9]+)[^>]*>")
_BLOCKS = {"p", "li", "h3"}
_PARTS = {"ul", "ol"}  # They end the words of the item around them without being words themselves.
# static/js/pane-last.js compares in the same way.
_AROUND = ".,;:!?…\"'“”‘’()[]"


@dataclass(frozen=True)
class Block:
    """A paragraph ("p"), list item ("li") or heading ("h3") without what is nested in it. `start` is the place in the
    HTML where its own text may begin."""

    tag: str
    start: int
    text: str

    @cached_property
    def words(self) -> tuple[str, ...]:
        """As they are compared: in lower case, without the punctuation around them."""
        bare = (word.strip(_AROUND).replace("’", "'") for word in self.text.lower().split())
        return tuple(word for word in bare if word)

    @property
    def is_long(self) -> bool:
        return self.tag != "h3" and len(self.words) >= SHORTEST

    @property
    def beginning(self) -> str:
        words = self.text.split()
        return " ".join(words[:QUOTED]) + (" …" if len(words) > QUOTED else "")


def blocks(html: str) -> list[Block]:
    """In the order in which they begin. Words outside of any are a paragraph of their own."""
    tags: list[str] = []
    starts: list[int] = []
    texts: list[list[str]] = []
    inside: list[int] = []  # the blocks that are open, the innermost last
    loose: int | None = None

    def begin(tag: str, start: int) -> int:
        tags.append(tag)
        starts.append(start)
        texts.append([])
        return len(tags) - 1

    at = 0
    for tag in [*_TAG.finditer(html), None]:
        text = html[at : tag.start() if tag else len(html)]
        if text.strip() and not inside and loose is None:
            loose = begin("p", at)
        into = inside[-1] if inside else loose
        if into is not None:
            texts[into].append(text)
        if tag is None:
            break
        at, name, closes = tag.end(), tag[2], bool(tag[1])
        if into is not None and (name == "br" or name in _PARTS):
            texts[into].append(" ")
        if name in _BLOCKS or name in _PARTS:
            loose = None
        if name in _BLOCKS and closes and inside:
            inside.pop()
        elif name in _BLOCKS and not closes:
            inside.append(begin(name, at))
    return [Block(tags[n], starts[n], _plain("".join(texts[n]))) for n in range(len(tags))]


def _plain(text: str) -> str:
    return " ".join(without_unseen(entities.unescape(text)).split())


def has_same_words(one: str, other: str) -> bool:
    """Whether two texts differ in formatting and spacing at most, and are not empty."""
    words = _every_word(one)
    return bool(words) and words == _every_word(other)


def count_words(html: str) -> int:
    """What stands between spaces, headings included."""
    return len(_every_word(html))


def _every_word(html: str) -> list[str]:
    return [word for block in blocks(html) for word in block.text.split()]


def repeated(html: str, earlier: str) -> list[Block]:
    """The paragraphs and list items, SHORTEST words long or longer, whose words are those of one in `earlier`."""
    known = {block.words for block in blocks(earlier) if block.is_long}
    return [block for block in blocks(html) if block.is_long and block.words in known] if known else []


def with_marks(html: str, earlier: str, mark: str) -> str:
    """The HTML with `mark` at the beginning of each repetition."""
    pieces, at = [], 0
    for block in repeated(html, earlier):
        pieces += [html[at : block.start], mark]
        at = block.start
    return "".join([*pieces, html[at:]])
