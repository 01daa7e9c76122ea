"""Finding room for texts: the first of several places that touches nothing drawn so far."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

# Mean advance of a character in em; bold texts are set larger and wider.
ADVANCE = 0.56
BOLD_ADVANCE = 0.66
SAMPLE = 4.0


@dataclass(frozen=True)
class Rect:
    x: float
    y: float
    width: float
    height: float

    def holds(self, x: float, y: float) -> bool:
        return self.x <= x <= self.x + self.width and self.y <= y <= self.y + self.height

    def meets(self, other: Rect) -> bool:
        across = self.x < other.x + other.width and other.x < self.x + self.width
        return across and self.y < other.y + other.height and other.y < self.y + self.height

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

    Lines are held as dots a few pixels apart.
    """

    bounds: Rect
    texts: list[Rect] = field(default_factory=list)
    marks: list[Rect] = field(default_factory=list)
    dots: list[tuple[float, float]] = field(default_factory=list)

    def add_line(self, x1: float, y1: float, x2: float, y2: float) -> None:
        count = max(1, round(((x2 - x1) ** 2 + (y2 - y1) ** 2) ** 0.5 / SAMPLE))
        self.dots += [(x1 + (x2 - x1) * i / count, y1 + (y2 - y1) * i / count) for i in range(count + 1)]

    def crowding(self, rect: Rect) -> int:
        """How badly a text would sit there: 0 is free; texts on texts weigh most."""
        outside = 0 if rect.inside(self.bounds) else 500
        return (
            outside
            + 1000 * sum(rect.meets(other) for other in self.texts)
            + 25 * sum(rect.meets(other) for other in self.marks)
            + sum(rect.holds(x, y) for x, y in self.dots)
        )

    def place(self, blocks: Sequence[Sequence[Rect]]) -> int:
        """The number of the first free block of texts, or else of the least crowded; it is taken
        from then on. ValueError without a block to choose from.
        """
        best, least = -1, 0
        for number, block in enumerate(blocks):
            crowding = sum(self.crowding(rect) for rect in block)
            if best < 0 or crowding < least:
                best, least = number, crowding
            if least == 0:
                break
        if best < 0:
            raise ValueError("No place offered")
        self.texts += blocks[best]
        return best


def text_width(text: str, size: float, bold: bool = False) -> float:
    return len(text) * size * (BOLD_ADVANCE if bold else ADVANCE)
