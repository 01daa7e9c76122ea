"""Finding room for texts: the first of several places that touches nothing drawn so far."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from math import inf

# Mean advance of a character in em; bold texts are set larger and wider.
ADVANCE = 0.56
BOLD_ADVANCE = 0.66
SAMPLE = 4.0
COLUMN = 8
OUTSIDE, ON_MARK = 500, 100


@dataclass(frozen=True, slots=True)
class Rect:
    x: float
    y: float
    width: float
    height: float

    def holds(self, x: float, y: float) -> bool:
        return self.x <= x <= self.x + self.width and self.y <= y <= self.y + self.height

    def meets(self, other: Rect) -> bool:
        return (
            self.y < other.y + other.height
            and other.y < self.y + self.height
            and self.x < other.x + other.width
            and other.x < self.x + self.width
        )

    def inside(self, other: Rect) -> bool:
        return (
            self.x >= other.x
            and self.y >= other.y
            and self.x + self.width <= other.x + other.width
            and self.y + self.height <= other.y + other.height
        )


@dataclass
class Room:
    """What is drawn already, inside `bounds`: texts, marks (points) and lines.

    Lines are held as dots a few pixels apart, by column, so that only those near a text are looked at.
    """

    bounds: Rect
    texts: list[Rect] = field(default_factory=list)
    marks: list[Rect] = field(default_factory=list)
    columns: dict[int, list[tuple[float, float]]] = field(default_factory=dict)

    def add_line(self, x1: float, y1: float, x2: float, y2: float) -> None:
        count = max(1, round(((x2 - x1) ** 2 + (y2 - y1) ** 2) ** 0.5 / SAMPLE))
        for i in range(count + 1):
            x, y = x1 + (x2 - x1) * i / count, y1 + (y2 - y1) * i / count
            insort(self.columns.setdefault(int(x // COLUMN), []), (y, x))

    def crowding(self, rect: Rect, most: float = inf) -> int:
        """How badly a text would sit there: 0 is free; texts on texts weigh most. Counted no further than `most`."""
        found = 0 if rect.inside(self.bounds) else OUTSIDE
        for others, weight in ((self.texts, 1000), (self.marks, ON_MARK)):
            for other in others:
                if found >= most:
                    return found
                if rect.meets(other):
                    found += weight
        return found + self._on_lines(rect, most - found)

    def _on_lines(self, rect: Rect, most: float) -> int:
        left, right, foot, found = rect.x, rect.x + rect.width, rect.y + rect.height, 0
        for column in range(int(left // COLUMN), int(right // COLUMN) + 1):
            if found >= most:
                break
            held = self.columns.get(column, ())
            for y, x in held[bisect_left(held, (rect.y,)) :]:
                if y > foot:
                    break
                found += left <= x <= right
        return found

    def place(self, blocks: Iterable[Sequence[Rect]], otherwise: Iterable[Sequence[Rect]] = ()) -> int:
        """The number of the first free block of texts, or else of the least crowded; it is taken from then on.

        `otherwise`, counted on from `blocks`, is looked at only if every block lies on a text or outside.
        ValueError without a block to choose from.
        """
        best, least = -1, inf
        chosen: Sequence[Rect] = ()
        number = -1
        for group in (blocks, otherwise):
            for block in group:
                number += 1
                crowding = self._crowding_of(block, least)
                if crowding < least:
                    best, least, chosen = number, crowding, block
                if least == 0:
                    break
            if least < OUTSIDE:
                break
        if best < 0:
            raise ValueError("No place offered")
        self.texts += chosen
        return best

    def _crowding_of(self, block: Sequence[Rect], most: float) -> int:
        found = 0
        for rect in block:
            found += self.crowding(rect, most - found)
            if found >= most:
                break
        return found

    def place_below(self, most: int, blocks: Iterable[Sequence[Rect]]) -> int | None:
        """The same, but only where the crowding is less than `most`: 1 for nowhere but a free place. Else None."""
        best, chosen, least = None, None, most
        for number, block in enumerate(blocks):
            crowding = self._crowding_of(block, least)
            if crowding < least:
                best, chosen, least = number, block, crowding
            if least == 0:
                break
        self.texts += chosen or ()
        return best


def text_width(text: str, size: float, bold: bool = False) -> float:
    return len(text) * size * (BOLD_ADVANCE if bold else ADVANCE)
