"""A cleaned text as its words, each with the elements around it, and back. Pure: no Django.

Cleaned means what `commentary.sanitising.clean` returns: every element is closed, and no attribute holds an angle
bracket. Of any other text what is no known tag becomes escaped text, so that no markup but the known comes back.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from enum import Enum
from functools import cached_property
from html import unescape
from typing import NamedTuple

BLOCKS = frozenset({"p", "h3", "ul", "ol", "li"})
_MARKUP = re.compile(r"<(/?)(p|h3|ul|ol|li|strong|em|a|br)((?:\s[^<>]*)?)>|([^<]+|<)")
# Figures stay whole: "1,898", "70%", "2018/19".
_WORDS = re.compile(r"((?:\s|&nbsp;)+)|(\w+(?:[.,:/'’-]\w+)*%?|&#?\w+;|.)", re.DOTALL)


class Kind(Enum):
    """A line break counts as a word; EMPTY keeps an element in which nothing stands."""

    WORD = "word"
    SPACE = "space"
    EMPTY = "empty"


class Tag(NamedTuple):
    """One element; `number` tells it from others that look the same."""

    number: int
    name: str
    raw: str


Path = tuple[Tag, ...]


class Piece(NamedTuple):
    """What stands in the innermost element of `path`, escaped."""

    kind: Kind
    raw: str
    path: Path


class Block:
    """What stands between two tags of paragraphs, headings or lists."""

    def __init__(self, pieces: list[Piece]) -> None:
        self.pieces = pieces

    @cached_property
    def words(self) -> tuple[str, ...]:
        return tuple(unescape(piece.raw) for piece in self.pieces if piece.kind is Kind.WORD)

    @cached_property
    def marks(self) -> list[tuple[str, ...]]:
        """For each word the tags that give it its look."""
        return [inline(piece.path) for piece in self.pieces if piece.kind is Kind.WORD]

    @cached_property
    def path(self) -> Path:
        """Down to the innermost paragraph, heading or list item."""
        whole = self.pieces[0].path
        last = max((index for index, tag in enumerate(whole) if tag.name in BLOCKS), default=-1)
        return whole[: last + 1]

    @cached_property
    def shape(self) -> tuple[str, ...]:
        return tuple(tag.raw for tag in self.path)

    @cached_property
    def counts(self) -> Counter[str]:
        return Counter(self.words)


def inline(path: Path) -> tuple[str, ...]:
    return tuple(tag.raw for tag in path if tag.name not in BLOCKS)


def blocks_of(html: str, numbers: Iterator[int]) -> list[Block]:
    """`numbers` gives each element its own, across several texts where they are mixed."""
    blocks: list[Block] = []
    path: Path = ()
    run: list[Piece] = []
    opened = False
    for closing, name, _, text, raw in _tokens(html):
        was_opened, opened = opened, False
        if name == "br":
            run.append(Piece(Kind.WORD, raw, path))
            continue
        if text:
            run += _words(text, path)
            continue
        if closing and was_opened:
            run.append(Piece(Kind.EMPTY, "", path))
        if run and name in BLOCKS:
            blocks.append(Block(run))
            run = []
        if closing:
            path = _closed(path, name)
        else:
            path, opened = (*path, Tag(next(numbers), name, raw)), True
    return [*blocks, Block(run)] if run else blocks


def _tokens(html: str) -> Iterator[tuple[str, str, str, str, str]]:
    for match in _MARKUP.finditer(html):
        closing, name, rest, text = match.groups(default="")
        yield closing, name, rest, text, match[0]


def _words(text: str, path: Path) -> Iterator[Piece]:
    escaped = text.replace("<", "&lt;").replace(">", "&gt;")
    for space, word in _WORDS.findall(escaped):
        yield Piece(Kind.SPACE, space, path) if space else Piece(Kind.WORD, word, path)


def _closed(path: Path, name: str) -> Path:
    """Without the innermost element of that name and what stands in it; as it was where there is none."""
    for index in range(len(path) - 1, -1, -1):
        if path[index].name == name:
            return path[:index]
    return path


def at_level(html: str, level: int) -> str:
    """With the headings, h3 in every text that is stored, at another level: to be looked at, never to be stored."""
    return html.replace("<h3>", f"<h{level}>").replace("</h3>", f"</h{level}>")


def built(pieces: Iterable[Piece]) -> str:
    """The markup of the pieces: neighbours in one element stay in it."""
    out: list[str] = []
    path: Path = ()
    for piece in pieces:
        shared = 0
        for here, there in zip(path, piece.path, strict=False):
            if here.number != there.number:
                break
            shared += 1
        out += [f"</{tag.name}>" for tag in reversed(path[shared:])]
        out += [tag.raw for tag in piece.path[shared:]]
        out.append(piece.raw)
        path = piece.path
    out += [f"</{tag.name}>" for tag in reversed(path)]
    return "".join(out)
