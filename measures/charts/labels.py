"""Texts on a chart, each where it touches neither the line nor another text."""

from __future__ import annotations

from collections.abc import Sequence
from textwrap import wrap

from measures.charts.description import Break, Line, Point, Step
from measures.charts.placing import Rect, Room, text_width
from measures.charts.shapes import Dot, Run, Scale, Shape, Stroke, Text, span

ELLIPSIS = "\u2026"


class Writer:
    """Writes one kind of text after another, the most needed first; `texts` holds the result."""

    def __init__(
        self,
        shape: Shape,
        scale: Scale,
        runs: Sequence[Run],
        dots: Sequence[Dot],
        gaps: Sequence[Text],
        strokes: Sequence[Stroke],
    ) -> None:
        self.shape, self.scale = shape, scale
        self.row = shape.font * 1.2
        self.texts: list[Text] = []
        self.room = Room(Rect(shape.left + 2, 2, shape.width - shape.left - 4, scale.bottom - 4))
        for run in runs:
            for start, end in zip(run.places, run.places[1:], strict=False):
                self.room.add_line(*start, *end)
        for dot in dots:
            reach = dot.radius + 2
            self.room.marks.append(Rect(dot.x - reach, dot.y - reach, 2 * reach, 2 * reach))
        self.room.texts += [self._rect(gap) for gap in gaps]
        for stroke in strokes:
            self.room.add_line(stroke.x1, stroke.y1, stroke.x2, stroke.y2)

    def value(self, dots: Sequence[Dot]) -> None:
        """The number alone beside the latest dot: its unit is on the axis."""
        if not dots or not dots[-1].last:
            return
        dot, number = dots[-1], dots[-1].point.text.split(" ")[0]
        places = [(10, dy, "start") for dy in (0, -8, 8, -14, 14)]
        places += [(6, dy, "end") for dy in (-19, 19, -30, 30)] + [(-10, dy, "end") for dy in (0, -14, 14)]
        self._put([[Text(dot.x + dx, dot.y + dy, number, anchor, "value")] for dx, dy, anchor in places])

    def step(self, step: Step) -> None:
        """Target and tolerance outside their band, as far left as is free."""
        if step.target is None:
            return
        target = self.scale.y(step.target)
        foot = target if step.tolerance is None else self.scale.y(step.tolerance)
        outward = 1 if foot < target else -1
        if step.target_text:
            self._along(step, step.target_text, target, outward)
        if step.tolerance is not None and step.tolerance_text:
            self._along(step, step.tolerance_text, foot, -outward)

    def _along(self, step: Step, text: str, y: float, outward: int) -> None:
        x1, x2 = span(step, self.scale)
        away = self.shape.font * 0.5 + 4
        width = text_width(text, self.shape.font)
        starts = [x1 + 6 + 14 * i for i in range(max(1, int((x2 - x1 - width) / 14)))]
        sides = ((1, away), (-1, away), (1, away + 12), (1, away + 26))
        furthest = self.shape.width - 4 - width
        self._put(
            [
                [Text(min(x, furthest), y + side * outward * distance, text, "start", "label")]
                for side, distance in sides
                for x in starts
            ]
        )

    def break_text(self, one: Break, stroke: Stroke) -> None:
        """Beside its line, on the wider side, in up to three rows, or else only what kind of line it is."""
        left = (-6, "end", stroke.x1 - self.scale.plot.x)
        right = (6, "start", self.scale.right - stroke.x1)
        blocks = []
        for dx, anchor, width in sorted((left, right), key=lambda side: -side[2]):
            letters = max(14, int((width - 12) / text_width("x", self.shape.font)))
            rows = wrap(one.text, letters)
            rows = rows if len(rows) <= 3 else ["New definition"]
            highest = int((self.scale.plot.height - len(rows) * self.row) / 7)
            for step in range(max(1, highest)):
                foot = self.scale.bottom - 10 - 7 * step
                blocks.append(
                    [
                        Text(stroke.x1 + dx, foot - (len(rows) - 1 - i) * self.row, row, anchor, "label")
                        for i, row in enumerate(rows)
                    ]
                )
        self._put(blocks)

    def benchmarks(self, marks: Sequence[tuple[Line, Stroke]], points: Sequence[Point]) -> list[Stroke]:
        """Names in a stack above or below their steps, each with a thin leader; the leaders.

        Steps above the line's own mean are named above it, so that few leaders cross it.
        """
        held = [point.value for point in points if point.value is not None]
        middle = sum(held) / len(held) if held else 0
        above = sorted((m for m in marks if m[0].value >= middle), key=lambda m: m[1].y1)
        below = sorted((m for m in marks if m[0].value < middle), key=lambda m: -m[1].y1)
        return [*self._stack(above, -1), *self._stack(below, 1)]

    def _stack(self, marks: Sequence[tuple[Line, Stroke]], way: int) -> list[Stroke]:
        """`marks` nearest first; `way` is 1 for downwards."""
        if not marks:
            return []
        edge = marks[0][1].y1 + way * (self.row * 0.5 + 5)
        blocks = [
            [
                self._name(i, len(marks), mark, edge + way * (i * self.row + 6 * shift), mirrored)
                for i, mark in enumerate(marks)
            ]
            for shift in range(int(self.scale.plot.height / 6))
            for mirrored in (False, True)
        ]
        leaders = []
        for text, (_, mark) in zip(self._put(blocks), marks, strict=True):
            x = text.x + (-4 if text.anchor == "start" else 4)
            leaders.append(Stroke(x, mark.y1, x, text.y + way * 4, "leader"))
            self.room.add_line(x, mark.y1, x, text.y)
        return leaders

    def _name(self, number: int, count: int, mark: tuple[Line, Stroke], y: float, mirrored: bool) -> Text:
        """Further rows hang nearer the step's end, so that no leader runs through a name."""
        line, stroke = mark
        inset = 2 + 7 * (count - 1 - number)
        x = stroke.x2 - inset - 4 if mirrored else stroke.x1 + inset + 4
        free = x - self.shape.left if mirrored else self.shape.width - 4 - x
        letters = int(free / text_width("x", self.shape.font)) - len(line.text) - 1
        return Text(x, y, f"{shortened(line.label, letters)} {line.text}", "end" if mirrored else "start", "label")

    def axis_note(self) -> None:
        """Where the axis is cut, in words beside the cut; or the unit above an axis of plain numbers."""
        axis, plot = self.scale.axis, self.scale.plot
        if axis.cut_below:
            width = text_width(axis.note, self.shape.font)
            starts = (plot.x + 10, self.scale.right - width, plot.x + (plot.width - width) / 2)
            rows = (self.scale.bottom - 11, self.scale.bottom - 27)
            self._put([[Text(x, y, axis.note, "start", "note")] for y in rows for x in starts])
        elif axis.note or axis.caption:
            place = (plot.x + 10, plot.y - self.shape.font * 0.9)
            self._put([[Text(*place, axis.note or axis.caption, "start", "note")]])

    def _put(self, blocks: Sequence[Sequence[Text]]) -> Sequence[Text]:
        chosen = blocks[self.room.place([[self._rect(text) for text in block] for block in blocks])]
        self.texts += chosen
        return chosen

    def _rect(self, text: Text) -> Rect:
        """With two pixels to spare at either end, so that neighbours do not read as one."""
        size = self.shape.big if text.kind == "value" else self.shape.font
        width = text_width(text.text, size, bold=text.kind == "value")
        x = text.x - {"start": 0.0, "middle": width / 2, "end": width}[text.anchor]
        height = size * 1.05
        return Rect(x - 2, text.y - height / 2, width + 4, height)


def shortened(label: str, letters: int) -> str:
    """At most so many letters; words in brackets at the end stay: "Statistical neigh… (mean)"."""
    if len(label) <= letters:
        return label
    name, bracket, words = label.rpartition(" (")
    tail = bracket + words if label.endswith(")") else ""
    kept = max(letters - len(tail) - 1, 1)
    return (name if tail else label)[:kept].rstrip() + ELLIPSIS + tail
