"""The question that is asked before a text is released: may these passages tell who a child is?"""

from __future__ import annotations

from dataclasses import dataclass

from .models import Pane
from .passages import Passage, plain
from .privacy import digest, passages

AROUND = 90  # characters of the same line on either side
MOST_SHOWN = 25


@dataclass(frozen=True)
class Quoted:
    """A passage in its line; `before` and `after` begin and end with "…" where the line goes on."""

    passage: Passage
    before: str
    after: str


@dataclass(frozen=True)
class Question:
    """`seen` is what the answer "release anyway" carries, so that it is good for these passages alone."""

    version: int
    seen: str
    quoted: tuple[Quoted, ...]
    count: int

    @property
    def more(self) -> int:
        return self.count - len(self.quoted)


def question(pane: Pane, version: int, seen: str) -> Question | None:
    """None when there is nothing to ask: no passages, `seen` names these very passages, or nothing would be released.

    `pane` is as just read. A draft never changes without its version, and drafting.release takes this version alone: so
    what is looked at here is what would be released. Where it was saved again meanwhile, drafting.release says so.
    """
    if pane.version != version or pane.released_version == version:
        return None
    found = passages(pane.draft)
    if not found or digest(found) == seen:
        return None
    text = plain(pane.draft)
    quoted = tuple(_quoted(text, each) for each in found[:MOST_SHOWN])
    return Question(version, digest(found), quoted, len(found))


def _quoted(text: str, passage: Passage) -> Quoted:
    before = text[: passage.start].rpartition("\n")[2]
    after = text[passage.end :].partition("\n")[0]
    if len(before) > AROUND:
        before = "… " + before[-AROUND:].partition(" ")[2]
    if len(after) > AROUND:
        after = after[:AROUND].rpartition(" ")[0] + " …"
    return Quoted(passage, before, after)
