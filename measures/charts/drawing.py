"""A chart laid out in pixels for one shape: what the SVG and the Plotly figure both draw.

Sharing the layout is what lets the one lie over the other without a jump.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache

from measures.charts import edges, furniture, labels
from measures.charts.description import runs
from measures.charts.marking import MANY_POINTS, look
from measures.charts.parts import Chart
from measures.charts.placing import Rect
from measures.charts.shapes import Dot, Flag, Run, Scale, Shape, Stroke, Text


@dataclass(frozen=True)
class Drawing:
    """In the order drawn: `areas` between limits, strokes of the grid, `bands` of tolerance, the others."""

    shape: Shape
    scale: Scale
    areas: tuple[Rect, ...]
    bands: tuple[Rect, ...]
    strokes: tuple[Stroke, ...]
    runs: tuple[Run, ...]
    dots: tuple[Dot, ...]
    flags: tuple[Flag, ...]
    texts: tuple[Text, ...]
    zigzags: tuple[tuple[tuple[float, float], ...], ...]


# A page asks for the same drawing twice, once as our SVG and once for Plotly.
@lru_cache(maxsize=4)
def draw(chart: Chart, shape: Shape) -> Drawing:
    """Everything in its place: data first, then texts where there is room for them."""
    shape = fitted(chart, shape)
    scale = Scale(chart, shape)
    lines, dots, gaps = line_runs(chart, scale), line_dots(chart, scale), furniture.gaps(chart, scale, shape)
    flags = furniture.flags(chart, scale)
    marked = [(flag, furniture.flag_stroke(flag, scale)) for flag in flags]
    # The first of them matter most: a line that cannot be named is not drawn.
    compared = [(line, furniture.benchmark(line, scale)) for line in chart.benchmarks[: shape.comparators]]
    drawn = [
        *furniture.limit_strokes(chart, scale),
        *(stroke for _, stroke in marked),
        *furniture.targets(chart, scale),
        *(stroke for _, stroke in compared),
        *furniture.whiskers(chart, scale),
    ]
    ticks, tick_texts = furniture.axis_ticks(chart, scale, shape)
    writer = labels.Writer(shape, scale, lines, dots, [*gaps, *labels.numbers(flags, shape)], drawn)
    leaders = writer.all_of(chart, dots, marked, compared)
    return Drawing(
        shape=shape,
        scale=scale,
        areas=tuple(furniture.limit_areas(chart, scale)),
        bands=tuple(furniture.bands(chart, scale)),
        strokes=(*ticks, *drawn, *leaders, *furniture.foot(scale)),
        runs=lines,
        dots=dots,
        flags=tuple(flags),
        texts=(*tick_texts, *gaps, *writer.texts, *labels.numbers(flags, shape)),
        zigzags=furniture.zigzags(scale),
    )


def fitted(chart: Chart, shape: Shape) -> Shape:
    """With as much room on the right as the names of the limits need."""
    widest = max((edges.edge_width(chart, shape) + 12, shape.right))
    return shape if widest == shape.right else replace(shape, right=widest)


def line_runs(chart: Chart, scale: Scale) -> tuple[Run, ...]:
    return tuple(
        Run(lighter, tuple(points), tuple((scale.x(p.at), scale.y(p.value)) for p in points if p.value is not None))
        for lighter, points in runs(chart.points, chart.breaks, chart.frequency)
    )


def line_dots(chart: Chart, scale: Scale, size: float = 1.0) -> tuple[Dot, ...]:
    """The latest period stands out, if it holds a value: an older one must not pass for it. `size` is a share."""
    many, last = len(chart.points) > MANY_POINTS, chart.points[-1]
    return tuple(
        Dot(
            point,
            scale.x(point.at),
            scale.y(point.value),
            look(point, point is last, many).sized(size),
            point is last,
        )
        for point in chart.points
        if point.value is not None
    )
