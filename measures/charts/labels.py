"""Texts on a chart, each where it touches neither the line nor another text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from textwrap import wrap

from measures.charts.edges import edge_texts, first_word, reaches_edge, spread
from measures.charts.furniture import BADGE
from measures.charts.parts import BREAK, NOTE, Chart, Line, Point, Step, drawn_limits
from measures.charts.phrases import limit_texts
from measures.charts.placing import ON_MARK, Rect, Room, text_width
from measures.charts.shapes import Dot, Flag, Run, Scale, Shape, Stroke, Text, span

ELLIPSIS = "\u2026"
# What a mark is, where its own words find no room beside it; a note has its number alone.
SHORT = {BREAK: "New definition", "rebase": "New limits"}
NOTE_LETTERS = 18
# The least that is left of a benchmark's name on one row with its figure.
FEWEST_LETTERS = 6


class Writer:
    """Writes one kind of text after another, the most needed first; `texts` holds the result."""

    def __init__(
        self,
        shape: Shape,
        scale: Scale,
        runs: Sequence[Run],
        dots: Sequence[Dot],
        taken: Sequence[Text],
        strokes: Sequence[Stroke],
    ) -> None:
        self.shape, self.scale = shape, scale
        self.row = shape.font * 1.2
        self.texts: list[Text] = []
        self.leaders: list[Stroke] = []
        self.room = Room(Rect(shape.left + 2, 2, shape.width - shape.left - 4, scale.bottom - 4))
        for run in runs:
            for start, end in zip(run.places, run.places[1:], strict=False):
                self.room.add_line(*start, *end)
        for dot in dots:
            reach = dot.look.radius + 2
            self.room.marks.append(Rect(dot.x - reach, dot.y - reach, 2 * reach, 2 * reach))
        self.room.texts += [self.rect(text) for text in taken]
        for stroke in strokes:
            self.room.add_line(stroke.x1, stroke.y1, stroke.x2, stroke.y2)

    def all_of(
        self,
        chart: Chart,
        dots: Sequence[Dot],
        marked: Sequence[tuple[Flag, Stroke]],
        compared: Sequence[tuple[Line, Stroke]],
    ) -> list[Stroke]:
        """Every text of the chart; the leaders that lead to some of them."""
        self.caption(chart.caption)
        if reaches_edge(chart):
            self.edge(chart, dots)
        else:
            self.value(dots)
        for step in chart.steps:
            self.step(step)
        self.benchmarks(compared, chart.points)
        self.axis_note()
        self.earlier_limits(chart)
        for flag, stroke in sorted(marked, key=lambda pair: pair[0].mark.kind == NOTE):
            self.mark(flag, stroke)
        return self.leaders

    def caption(self, words: str) -> None:
        if words:
            self._put([[Text(2, self.shape.font * 0.75, words, "start", "caption")]])

    def edge(self, chart: Chart, dots: Sequence[Dot]) -> None:
        """The latest value and each limit's name and figure one under another at the right edge, pushed apart
        where they lie too close: the value stays nearest to its own height.
        """
        drawn, x = drawn_limits(chart)[-1], self.scale.right + 7
        heights = [self.scale.y(value) for value in (drawn.upper, drawn.mean, drawn.lower)]
        items = [
            (y, self.row * len(rows), [Text(x, 0, row, "start", "edge") for row in rows])
            for y, rows in zip(heights, edge_texts(chart, self.shape), strict=True)
        ]
        held = dots[-1] if dots and dots[-1].last else None
        if held:
            number = Text(x, 0, first_word(held.point.text), "start", "value")
            items.append((held.y, self.shape.big * 1.1, [number]))
        items.sort(key=lambda item: item[0])
        fixed = next((i for i, item in enumerate(items) if item[2][0].kind == "value"), 1)
        places = spread([(y, height) for y, height, _ in items], fixed, 2, self.scale.bottom + 4)
        for (y, height, rows), place in zip(items, places, strict=True):
            top = place - height / 2
            each = height / len(rows)
            self._put([[replace(row, y=round(top + (i + 0.5) * each, 1)) for i, row in enumerate(rows)]])
            if abs(place - y) > 3 and rows[0].kind == "edge":
                self.leaders.append(Stroke(self.scale.right, y, x - 2, round(place, 1), "leader"))

    def earlier_limits(self, chart: Chart) -> None:
        """Of a segment that ends before the right edge the mean alone, on its line, where there is room."""
        for part in chart.limits[:-1] if reaches_edge(chart) else chart.limits:
            words = f"mean {first_word(limit_texts(part, chart)[0])}"
            under = [self.scale.x(p.at) for p in chart.points if part.start <= p.at <= part.end]
            y, width = self.scale.y(part.mean), text_width(words, self.shape.font)
            starts = [x for x in under if x + width <= under[-1]]
            blocks = [
                [Text(x, y + side * (self.shape.font * 0.5 + 3), words, "start", "edge")]
                for x in starts
                for side in (-1, 1)
            ]
            self._put_if_free(blocks)

    def value(self, dots: Sequence[Dot]) -> None:
        """The number alone beside the latest dot: its unit is on the axis."""
        if not dots or not dots[-1].last:
            return
        dot, number = dots[-1], first_word(dots[-1].point.text)
        aside = dot.look.radius + 4
        places = [(aside, dy, "start") for dy in (0, -8, 8, -14, 14)]
        places += [(6, dy, "end") for dy in (-19, 19, -30, 30, -44, 44)] + [(-aside, dy, "end") for dy in (0, -14, 14)]
        self._put([Text(dot.x + dx, dot.y + dy, number, anchor, "value")] for dx, dy, anchor in places)

    def step(self, step: Step) -> None:
        """Target and tolerance outside their band, as far left as is free; the tolerance on no point."""
        if step.target is None:
            return
        target = self.scale.y(step.target)
        foot = target if step.tolerance is None else self.scale.y(step.tolerance)
        outward = 1 if foot < target else -1
        if step.target_text:
            self._along(step, step.target_text, target, outward, needed=True)
        if step.tolerance is not None and step.tolerance_text:
            self._along(step, step.tolerance_text, foot, -outward, needed=False)

    def target(self, step: Step) -> None:
        """The target's own name beside its line, if there is room."""
        if step.target is None or not step.target_text:
            return
        (x1, x2), y = span(step, self.scale), self.scale.y(step.target)
        width = text_width(step.target_text, self.shape.font)
        away = self.shape.font * 0.5 + 3
        starts = [x1 + 4 + 8 * i for i in range(max(0, int((x2 - x1 - width) / 8)))]
        self._put_if_free([Text(x, y + s * away, step.target_text, "start", "label")] for s in (-1, 1) for x in starts)

    def _along(self, step: Step, text: str, y: float, outward: int, needed: bool) -> None:
        x1, x2 = span(step, self.scale)
        away = self.shape.font * 0.5 + 4
        width = text_width(text, self.shape.font)
        starts = [x1 + 6 + 14 * i for i in range(max(1, int((x2 - x1 - width) / 14) + 1))]
        sides = ((1, away), (-1, away), (1, away + 12), (1, away + 26))
        furthest = self.shape.width - 4 - width
        blocks = (
            [Text(min(x, furthest), y + side * outward * distance, text, "start", "label")]
            for side, distance in sides
            for x in starts
        )
        if needed:
            self._put(blocks)
        else:
            self._put_if_free(blocks, ON_MARK)

    def mark(self, flag: Flag, stroke: Stroke) -> None:
        """Beside its line where there is room for its words, in up to three rows, or for what kind of mark it is:
        its number stands at the foot in any case."""
        note = flag.mark.kind == NOTE
        left = (-6, "end", stroke.x1 - self.scale.plot.x)
        right = (6, "start", self.scale.right - stroke.x1)
        sides = sorted((left, right), key=lambda side: -side[2])
        short = SHORT.get(flag.mark.kind, "")
        blocks = []
        for words, most in ((flag.mark.text, 2 if note else 3), (short, 1)):
            for dx, anchor, width in sides if words else ():
                fits = max(14, int((width - 12) / text_width("x", self.shape.font)))
                rows = wrap(words, min(fits, NOTE_LETTERS) if note else fits)
                if len(rows) <= most:
                    blocks += self._beside(rows, stroke.x1 + dx, anchor, flag.y - BADGE)
        self._put_if_free(blocks)

    def _beside(self, rows: Sequence[str], x: float, anchor: str, foot: float) -> list[list[Text]]:
        highest = int((self.scale.plot.height - len(rows) * self.row) / 7)
        return [
            [
                Text(x, foot - 8 - 7 * step - (len(rows) - 1 - i) * self.row, row, anchor, "label")
                for i, row in enumerate(rows)
            ]
            for step in range(max(1, highest))
        ]

    def benchmarks(self, marks: Sequence[tuple[Line, Stroke]], points: Sequence[Point]) -> None:
        """Names in a stack above or below their steps, each with a thin leader.

        Steps above the line's own mean are named above it, so that few leaders cross it.
        """
        held = [point.value for point in points if point.value is not None]
        middle = sum(held) / len(held) if held else 0
        self._stack(sorted((m for m in marks if m[0].value >= middle), key=lambda m: m[1].y1), -1)
        self._stack(sorted((m for m in marks if m[0].value < middle), key=lambda m: -m[1].y1), 1)

    def _stack(self, marks: Sequence[tuple[Line, Stroke]], way: int) -> None:
        """`marks` nearest first; `way` is 1 for downwards."""
        if not marks:
            return
        edge = marks[0][1].y1 + way * (self.row * 0.5 + 5)
        steps = int(self.scale.plot.height / 8)
        # Away from the line; only where nothing is free there, back over it.
        blocks, otherwise = (
            self._names_at(marks, edge, way, shifts) for shifts in (range(steps), range(-1, -steps, -1))
        )
        texts = self._put(blocks, otherwise)
        # Where a name takes two rows, the leader goes to the one nearer its step.
        nearest = [texts[i * len(texts) // len(marks)] for i in range(len(marks))]
        for text, (_, mark) in zip(nearest, marks, strict=True):
            x = text.x + (-4 if text.anchor == "start" else 4)
            self.leaders.append(Stroke(x, mark.y1, x, text.y + way * 4, "leader"))
            self.room.add_line(x, mark.y1, x, text.y)

    def _names_at(
        self, marks: Sequence[tuple[Line, Stroke]], edge: float, way: int, shifts: range
    ) -> Iterator[list[Text]]:
        """On one row, on two, or shortened to almost nothing, each nearest first and with leaders on either side."""
        for rows, fewest in ((1, FEWEST_LETTERS), (2, 0), (1, 2)):
            sides = [self._names(marks, way, mirrored, rows, fewest) for mirrored in (False, True)]
            for shift in shifts:
                for names in sides:
                    if names:
                        y = edge + way * 8 * shift
                        yield [Text(text.x, y + text.y, text.text, text.anchor, text.kind) for text in names]

    def _names(
        self, marks: Sequence[tuple[Line, Stroke]], way: int, mirrored: bool, rows: int, fewest: int
    ) -> list[Text]:
        """Each benchmark on one row or two, the first at height 0; nothing where one row leaves a name fewer letters.

        Year, comparability and figure are never cut. Further rows hang nearer the step's end, so that no
        leader runs through a name.
        """
        anchor = "end" if mirrored else "start"
        texts: list[Text] = []
        for number, (line, stroke) in enumerate(marks):
            inset = 6 + 7 * (len(marks) - 1 - number)
            x = stroke.x2 - inset if mirrored else stroke.x1 + inset
            free = x - self.shape.left - 6 if mirrored else self.shape.width - 4 - x
            letters = int(free / text_width("x", self.shape.font))
            tail = f"{line.when(short=self.shape.stacked)} {first_word(line.text)}"
            left = letters - len(tail) - 1
            if rows == 1 and left < min(len(line.label), fewest):
                return []
            words = [f"{shortened(line.label, left)} {tail}"] if rows == 1 else [shortened(line.label, letters), tail]
            for row in words[::way]:
                texts.append(Text(x, way * len(texts) * self.row, row, anchor, "label"))
        return texts

    def axis_note(self) -> None:
        """Where the axis is cut, near the cut or above the axis; or the unit above an axis of plain numbers."""
        axis, plot = self.scale.axis, self.scale.plot
        if axis.cut_below:
            width = text_width(axis.note, self.shape.font)
            starts = [plot.x + 10, self.scale.right - width]
            starts += [plot.x + 10 + 28 * i for i in range(1, int((plot.width - width) / 28))]
            rows = [self.scale.bottom - 11 - 9 * i for i in range(int(plot.height * 0.4 / 9))]
            above = plot.y - self.shape.font * 0.9
            self._put([Text(x, y, axis.note, "start", "note")] for y in [*rows, above] for x in starts)
        elif axis.note or axis.caption:
            place = (plot.x + 10, plot.y - self.shape.font * 0.9)
            self._put([[Text(*place, axis.note or axis.caption, "start", "note")]])

    def _put(self, blocks: Iterable[Sequence[Text]], otherwise: Iterable[Sequence[Text]] = ()) -> Sequence[Text]:
        """The first free block, or the least crowded; blocks are made one by one, for the first is mostly free."""
        offered: list[Sequence[Text]] = []
        number = self.room.place(self._rects(blocks, offered), self._rects(otherwise, offered))
        self.texts += offered[number]
        return offered[number]

    def _put_if_free(self, blocks: Iterable[Sequence[Text]], most: int = 1) -> None:
        offered: list[Sequence[Text]] = []
        number = self.room.place_below(most, self._rects(blocks, offered))
        if number is not None:
            self.texts += offered[number]

    def _rects(self, blocks: Iterable[Sequence[Text]], offered: list[Sequence[Text]]) -> Iterator[list[Rect]]:
        for block in blocks:
            offered.append(block)
            yield [self.rect(text) for text in block]

    def rect(self, text: Text) -> Rect:
        """With two pixels to spare at either end, so that neighbours do not read as one; of a number its badge."""
        if text.kind == "flag":
            return Rect(text.x - BADGE, text.y - BADGE, 2 * BADGE, 2 * BADGE)
        bold = text.kind in ("value", "caption")
        size = self.shape.big if text.kind == "value" else self.shape.font
        width = text_width(text.text, size, bold=bold)
        x = text.x - {"start": 0.0, "middle": width / 2, "end": width}[text.anchor]
        height = size * 1.05
        return Rect(x - 2, text.y - height / 2, width + 4, height)


def numbers(flags: Sequence[Flag], shape: Shape) -> list[Text]:
    return [Text(flag.x, flag.y, str(flag.mark.number), "middle", "flag") for flag in flags]


def shortened(label: str, letters: int) -> str:
    """At most so many letters; words in brackets at the end stay: "Statistical neigh… (mean)"."""
    if len(label) <= letters:
        return label
    name, bracket, words = label.rpartition(" (")
    tail = bracket + words if label.endswith(")") else ""
    kept = max(letters - len(tail) - 1, 1)
    return (name if tail else label)[:kept].rstrip() + ELLIPSIS + tail
