"""Paragraphs and lists of a paper's cell, and how a text goes on over a page break. Pure: no Django."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable
from dataclasses import dataclass

LISTS = frozenset({"ul", "ol"})
_TAG = re.compile(r"<[^>]*>")
_BREAK = re.compile(r"<br ?/?>")
_SPACES = re.compile(r"[^\S\n]+")
_WORDS = re.compile(r"( ?\n[ \n]*| )")
# A full stop, a colon and the like, whatever closes after it; ":-" is an old way to announce a list.
_ENDED = re.compile(r"[.!?:…][\"'’”)\]]*-?$")
_ALL_STRONG = re.compile(r"<strong>[^<]*</strong>:?")
_CLOSING = tuple(",.;:!?)]%’”")
_HYPHENED = re.compile(r"\w-$")


@dataclass(frozen=True)
class Run:
    """Some letters in one look. `marks` are "strong", "em" or an address in angle brackets for a link."""

    text: str
    marks: tuple[str, ...] = ()


@dataclass(frozen=True)
class Block:
    """A paragraph ("p"), heading ("h3") or list ("ul", "ol"). `parts` hold inline markup: the words of a paragraph or
    heading, or of each item of a list."""

    tag: str
    parts: tuple[str, ...]


Blocks = tuple[Block, ...]


def inline(runs: Iterable[Run]) -> str:
    """The runs as markup: spaces of every kind become one, none stands at an end, "\\n" is a line break."""
    pieces: list[tuple[list[str], tuple[str, ...]]] = []
    gap = ""
    for run in runs:
        for part in _WORDS.split(_SPACES.sub(" ", run.text.replace("\r", ""))):
            if not part.strip():
                gap = "\n" if "\n" in gap + part else gap or part
                continue
            if gap and pieces:
                # The space between two looks belongs to neither.
                if pieces[-1][1] not in ((), run.marks):
                    pieces.append(([], ()))
                pieces[-1][0].append(gap)
            gap = ""
            if not pieces or pieces[-1][1] != run.marks:
                pieces.append(([], run.marks))
            pieces[-1][0].append(part)
    return "".join(_marked("".join(words), marks) for words, marks in pieces)


def _marked(text: str, marks: tuple[str, ...]) -> str:
    found = html.escape(text, quote=False).replace("\n", "<br>")
    for mark in reversed(marks):
        if mark.startswith("<"):
            found = f'<a href="{html.escape(mark[1:-1])}">{found}</a>'
        else:
            found = f"<{mark}>{found}</{mark}>"
    return found


def text_of(part: str) -> str:
    """The words of a part without markup; line breaks stay."""
    return html.unescape(_TAG.sub("", _BREAK.sub("\n", part)))


def lines_of(blocks: Blocks) -> list[str]:
    """The words line by line, items of lists included."""
    found = [line.strip() for block in blocks for part in block.parts for line in text_of(part).split("\n")]
    return [line for line in found if line]


def markup(blocks: Blocks) -> str:
    """The blocks as they are stored and shown."""
    return "".join(_markup(block) for block in blocks)


def _markup(block: Block) -> str:
    if block.tag in LISTS:
        return f"<{block.tag}>{''.join(f'<li>{part}</li>' for part in block.parts)}</{block.tag}>"
    return f"<{block.tag}>{block.parts[0]}</{block.tag}>"


def join(above: Blocks, below: Blocks) -> Blocks:
    """A text and its continuation after a page break. Where the break cut a sentence, the sentence is made whole, with
    exactly one space; where it cut a list, the list goes on."""
    if not above or not below:
        return above or below
    last, first = above[-1], below[0]
    if last.tag == "p" == first.tag and goes_on(last.parts[0], first.parts[0]):
        return (*above[:-1], Block("p", (glued(last.parts[0], first.parts[0]),)), *below[1:])
    if last.tag in LISTS and first.tag == last.tag:
        items = last.parts + first.parts
        if _is_cut(last.parts[-1], first.parts[0]):
            items = (*last.parts[:-1], glued(last.parts[-1], first.parts[0]), *first.parts[1:])
        return (*above[:-1], Block(last.tag, items), *below[1:])
    if last.tag in LISTS and first.tag == "p" and _is_cut(last.parts[-1], first.parts[0]):
        item = glued(last.parts[-1], first.parts[0])
        return (*above[:-1], Block(last.tag, (*last.parts[:-1], item)), *below[1:])
    return above + below


# Enough of a part to see how it ends or starts, however long it grows.
_EDGE = 300


def _end(part: str) -> str:
    return text_of(part[-_EDGE:]).rstrip()


def _start(part: str) -> str:
    return text_of(part[:_EDGE])


def goes_on(end: str, start: str) -> bool:
    """Whether a paragraph that ends so and one that starts so are one: the first was not finished, or the second
    starts small. A paragraph in bold alone is a heading and needs no full stop."""
    if _ALL_STRONG.fullmatch(end) or _ALL_STRONG.fullmatch(start):
        return False
    return not is_ended(end) or _start(start)[:1].islower()


def is_ended(part: str) -> bool:
    return _ENDED.search(_end(part)) is not None


def _is_cut(end: str, start: str) -> bool:
    """For items of lists, which often carry no full stop: both sides must show the cut."""
    return not is_ended(end) and not _end(end).endswith((";", ",")) and _start(start)[:1].islower()


def glued(end: str, start: str) -> str:
    is_tight = _HYPHENED.search(_end(end)) or _start(start).startswith(_CLOSING)
    return f"{end}{start}" if is_tight else f"{end} {start}"
