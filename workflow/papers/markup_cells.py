"""The blocks of a cell that holds HTML, once the sanitiser has been over it. Pure: no Django."""

from __future__ import annotations

import re
from html.parser import HTMLParser

from .blocks import LISTS, Block, Blocks, Run, inline

# What a list without items marks them with, as in "<ul> > one; > two;".
_BULLET = re.compile(r"(?:^|(?<=\s))[>•·▪‣◦*][^\S\n]+")
_LOOKS = {"strong": "strong", "em": "em"}


def blocks_of(cleaned: str) -> Blocks:
    """Paragraphs, headings and lists in order. A list without items gives one for each bullet typed in it, and ends
    where a paragraph starts; lists inside lists become one."""
    reader = _Reader()
    reader.feed(cleaned)
    reader.close()
    reader.end()
    return tuple(reader.blocks)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.blocks: list[Block] = []
        self.runs: list[Run] = []
        self.marks: list[tuple[str, str]] = []
        self.tag = "p"
        # Of the outermost list that is open; "" outside of lists.
        self.list_tag = ""
        self.depth = 0
        self.items: list[str] = []
        self.in_item = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in LISTS:
            self._open_list(tag)
        elif tag == "li":
            self._flush()
            self.in_item = True
        elif tag in ("p", "h3"):
            self._open_block(tag)
        elif tag == "br":
            self.runs.append(Run("\n"))
        elif tag in _LOOKS:
            self.marks.append((tag, tag))
        elif tag == "a":
            self.marks.append((tag, f"<{dict(attrs).get('href')}>" if dict(attrs).get("href") else ""))

    def handle_endtag(self, tag: str) -> None:
        if tag in LISTS and self.list_tag:
            self._flush()
            self.depth -= 1
            if self.depth <= 0:
                self._close_list()
        elif tag == "li":
            self._flush()
            self.in_item = False
        elif tag in ("p", "h3"):
            if self.in_item:
                self.runs.append(Run("\n"))
            else:
                self._flush()
                self.tag = "p"
        for index in reversed(range(len(self.marks))):
            if self.marks[index][0] == tag:
                del self.marks[index]
                break

    def handle_data(self, data: str) -> None:
        # A line of the file is no line of the text.
        marks = tuple(mark for _, mark in self.marks if mark)
        self.runs.append(Run(data.replace("\n", " ").replace("\r", " "), marks))

    def end(self) -> None:
        self._flush()
        if self.list_tag:
            self._close_list()

    def _open_list(self, tag: str) -> None:
        self._flush()
        if not self.list_tag:
            self.list_tag = tag
        self.depth += 1
        self.in_item = False

    def _open_block(self, tag: str) -> None:
        if self.in_item:
            self.runs.append(Run("\n"))
            return
        self._flush()
        if self.list_tag:
            self._close_list()
        self.tag = tag

    def _close_list(self) -> None:
        if self.items:
            self.blocks.append(Block(self.list_tag, tuple(self.items)))
        self.list_tag, self.depth, self.items, self.in_item = "", 0, [], False

    def _flush(self) -> None:
        runs, self.runs = self.runs, []
        if self.list_tag and not self.in_item:
            self.items += [part for part in map(inline, _at_bullets(runs)) if part]
            return
        part = inline(runs)
        if not part:
            return
        if self.list_tag:
            self.items.append(part)
        else:
            self.blocks.append(Block(self.tag, (part,)))


def _at_bullets(runs: list[Run]) -> list[list[Run]]:
    found: list[list[Run]] = [[]]
    for run in runs:
        first, *others = _BULLET.split(run.text)
        found[-1].append(Run(first, run.marks))
        found += [[Run(text, run.marks)] for text in others]
    return found
