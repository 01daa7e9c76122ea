"""A chart laid out in pixels for one shape: what the SVG and the Plotly figure both draw.

Sharing the layout is what lets the one lie over the other without a jump.
"""

from __future__ import annotations

from dataclasses import dataclass

from measures.charts import labels
from measures.charts.description import Break, Chart, Line, Point, runs
from measures.charts.placing import Rect, text_width
from measures.charts.shapes import Dot, Run, Scale, Shape, Stroke, Text, span

# How many periods may lie between two named ticks, by frequency: whole years or parts of one.
STRIDES = {"quarter": (1, 2, 4, 8), "month": (1, 2, 3, 6, 12, 24)}
MANY_POINTS = 20


@dataclass(frozen=True)
class Drawing:
    shape: Shape
    scale: Scale
    bands: tuple[Rect, ...]
    strokes: tuple[Stroke, ...]
    runs: tuple[Run, ...]
    dots: tuple[Dot, ...]
    texts: tuple[Text, ...]
    zigzags: tuple[tuple[tuple[float, float], ...], ...]


def draw(chart: Chart, shape: Shape) -> Drawing:
    """Everything in its place: data first, then texts where there is room for them."""
    scale = Scale(chart, shape)
    lines, dots, gaps = _runs(chart, scale), _dots(chart, scale), _gaps(chart, scale)
    targets = _targets(chart, scale)
    marks = [(line, _benchmark(line, scale)) for line in chart.benchmarks]
    breaks = [(one, _break(one, chart, scale)) for one in chart.breaks]
    drawn = [*targets, *(mark for _, mark in marks), *(stroke for _, stroke in breaks)]
    writer = labels.Writer(shape, scale, lines, dots, gaps, drawn)
    writer.value(dots)
    for step in chart.steps:
        writer.step(step)
    for one, stroke in breaks:
        writer.break_text(one, stroke)
    leaders = writer.benchmarks(marks, chart.points)
    writer.axis_note()
    ticks, tick_texts = _axis_ticks(chart, scale, shape)
    return Drawing(
        shape=shape,
        scale=scale,
        bands=tuple(_bands(chart, scale)),
        strokes=(*ticks, *drawn, *leaders, *_foot(scale)),
        runs=lines,
        dots=dots,
        texts=(*tick_texts, *gaps, *writer.texts),
        zigzags=_zigzags(scale),
    )


def _runs(chart: Chart, scale: Scale) -> tuple[Run, ...]:
    return tuple(
        Run(lighter, tuple(points), tuple((scale.x(p.at), scale.y(p.value)) for p in points))
        for lighter, points in runs(chart.points, chart.breaks, chart.frequency)
    )


def _dots(chart: Chart, scale: Scale) -> tuple[Dot, ...]:
    """The latest period stands out, if it holds a value: an older one must not pass for it."""
    small = 3.0 if len(chart.points) > MANY_POINTS else 4.0
    return tuple(
        Dot(
            point,
            scale.x(point.at),
            scale.y(point.value),
            6.0 if point is chart.points[-1] else small,
            point is chart.points[-1],
        )
        for point in chart.points
        if point.value is not None
    )


def _gaps(chart: Chart, scale: Scale) -> list[Text]:
    return [
        Text(scale.x(point.at), scale.bottom - 9, point.symbol or "[x]", "middle", "gap")
        for point in chart.points
        if point.value is None
    ]


def _bands(chart: Chart, scale: Scale) -> list[Rect]:
    bands = []
    for step in chart.steps:
        if step.target is None or step.tolerance is None:
            continue
        x1, x2 = span(step, scale)
        top, foot = sorted((scale.y(step.target), scale.y(step.tolerance)))
        bands.append(Rect(x1, top, x2 - x1, foot - top))
    return bands


def _targets(chart: Chart, scale: Scale) -> list[Stroke]:
    """Each step with a riser to the next where the target changes."""
    strokes: list[Stroke] = []
    for step in chart.steps:
        if step.target is None:
            continue
        (x1, x2), y = span(step, scale), scale.y(step.target)
        if strokes and strokes[-1].x2 == x1 and strokes[-1].y2 != y:
            strokes.append(Stroke(x1, strokes[-1].y2, x1, y, "target"))
        strokes.append(Stroke(x1, y, x2, y, "target"))
    return strokes


def _benchmark(line: Line, scale: Scale) -> Stroke:
    (x1, x2), y = span(line, scale), scale.y(line.value)
    return Stroke(x1, y, x2, y, "benchmark")


def _break(one: Break, chart: Chart, scale: Scale) -> Stroke:
    """Half way between the last point before and the first after: on a point it could be read either way."""
    before = max(point.at for point in chart.points if point.at < one.at)
    after = min(point.at for point in chart.points if point.at >= one.at)
    x = round((scale.x(before) + scale.x(after)) / 2, 1)
    return Stroke(x, scale.plot.y, x, scale.bottom, "break")


def _zigzags(scale: Scale) -> tuple[tuple[tuple[float, float], ...], ...]:
    """The mark of a cut axis: outwards from its end, five pixels to either side."""
    ends = ((scale.axis.cut_below, scale.bottom, 1), (scale.axis.cut_above, scale.plot.y, -1))
    turns = ((0, 0), (0, 1), (-5, 3), (5, 7), (0, 9), (0, 11))
    return tuple(tuple((scale.plot.x + dx, y + way * dy) for dx, dy in turns) for cut, y, way in ends if cut)


def _foot(scale: Scale) -> list[Stroke]:
    """A cut axis is drawn as a line, so that the zigzag has something to cut."""
    if not scale.axis.broken:
        return []
    return [Stroke(scale.plot.x, scale.plot.y, scale.plot.x, scale.bottom, "foot")]


def _axis_ticks(chart: Chart, scale: Scale, shape: Shape) -> tuple[list[Stroke], list[Text]]:
    strokes, texts = [], []
    for value, text in zip(scale.axis.ticks, scale.axis.texts, strict=True):
        y = scale.y(value)
        strokes.append(Stroke(scale.plot.x, y, scale.right, y, "grid"))
        texts.append(Text(scale.plot.x - 8, y, text, "end", "axis"))
    named = tick_points(chart, scale, shape)
    for point in chart.points:
        x = scale.x(point.at)
        length = 7 if point in named else 4
        strokes.append(Stroke(x, scale.bottom, x, scale.bottom + length, "tick"))
        if point in named:
            texts.append(Text(x, scale.bottom + 10 + shape.font * 0.7, point.short, "middle", "axis"))
    return strokes, texts


def tick_points(chart: Chart, scale: Scale, shape: Shape) -> list[Point]:
    """The periods named on the axis, counted back from the last, as many as fit."""
    backwards = chart.points[::-1]
    for stride in STRIDES[chart.frequency]:
        if _fit(backwards[::stride], scale, shape):
            return list(backwards[::stride])
    return [backwards[0]]


def _fit(chosen: tuple[Point, ...], scale: Scale, shape: Shape) -> bool:
    return all(
        scale.x(right.at) - scale.x(left.at) >= text_width(right.short, shape.font) + 8
        for right, left in zip(chosen, chosen[1:], strict=False)
    )
