"""What stands around the line of a chart: axes, target, limits, whiskers, benchmarks and marks, in pixels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from measures.charts.marking import MANY_POINTS
from measures.charts.parts import BREAK, NOTE, Chart, Limits, Line, Mark, Point, drawn_limits
from measures.charts.placing import Rect, text_width
from measures.charts.shapes import Flag, Scale, Shape, Stroke, Text, span

# How many periods may lie between two named ticks, by frequency: whole years or parts of one.
STRIDES = {"quarter": (1, 2, 4, 8), "month": (1, 2, 3, 6, 12, 24)}
# Half a period in days, by frequency.
HALF = {"quarter": 46, "month": 15}
# Half the side of a numbered badge at the foot.
BADGE = 7.5


def bands(chart: Chart, scale: Scale) -> list[Rect]:
    """Between target and tolerance."""
    found = []
    for step in chart.steps:
        if step.target is None or step.tolerance is None:
            continue
        x1, x2 = span(step, scale)
        top, foot = sorted((scale.y(step.target), scale.y(step.tolerance)))
        found.append(Rect(x1, top, x2 - x1, foot - top))
    return found


def targets(chart: Chart, scale: Scale) -> list[Stroke]:
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


def benchmark(line: Line, scale: Scale) -> Stroke:
    (x1, x2), y = span(line, scale), scale.y(line.value)
    return Stroke(x1, y, x2, y, "benchmark")


def limit_areas(chart: Chart, scale: Scale) -> list[Rect]:
    """The quiet ground between the limits of each segment; a trial has none."""
    found = []
    for part in drawn_limits(chart):
        if not part.trial:
            x1, x2 = _reach(part, chart, scale)
            top = scale.y(part.upper)
            found.append(Rect(x1, top, round(x2 - x1, 1), round(scale.y(part.lower) - top, 1)))
    return found


def limit_strokes(chart: Chart, scale: Scale) -> list[Stroke]:
    strokes = []
    for part in drawn_limits(chart):
        x1, x2 = _reach(part, chart, scale)
        for value, kind in ((part.upper, "limit"), (part.mean, "mean"), (part.lower, "limit")):
            y = scale.y(value)
            name = kind if not part.trial else "trial-mean" if kind == "mean" else "trial"
            strokes.append(Stroke(x1, y, x2, y, name))
    return strokes


def _reach(part: Limits, chart: Chart, scale: Scale) -> tuple[float, float]:
    """From half way before its first point to half way after its last: at the ends to the plot's edges, or no
    further than half a period where a chart beside this one spans more time."""
    inside = [point.at for point in chart.points if part.start <= point.at <= part.end]
    if not inside:
        return scale.x(part.start), scale.x(part.end)
    before = [point.at for point in chart.points if point.at < inside[0]]
    after = [point.at for point in chart.points if point.at > inside[-1]]
    half = timedelta(days=HALF[chart.frequency])
    first = scale.plot.x if chart.since == inside[0] else scale.x(inside[0] - half)
    last = scale.right if chart.until == inside[-1] else scale.x(inside[-1] + half)
    x1 = _half_way(before[-1], inside[0], scale) if before else first
    x2 = _half_way(inside[-1], after[0], scale) if after else last
    return x1, x2


def _half_way(before: date, after: date, scale: Scale) -> float:
    return round((scale.x(before) + scale.x(after)) / 2, 1)


def whiskers(chart: Chart, scale: Scale) -> list[Stroke]:
    """The interval of each value that has one, with a short bar at either end."""
    arm = 2.0 if len(chart.points) > MANY_POINTS else 3.5
    strokes = []
    for point in chart.points:
        if point.value is None or point.low is None or point.high is None:
            continue
        x, low, high = scale.x(point.at), scale.y(point.low), scale.y(point.high)
        strokes.append(Stroke(x, high, x, low, "whisker"))
        strokes += [Stroke(x - arm, y, x + arm, y, "whisker") for y in (high, low)]
    return strokes


def gaps(chart: Chart, scale: Scale, shape: Shape) -> list[Text]:
    """The symbol of a missing value near the foot, above the badges where there are any.

    Where neighbours would touch, the same symbol stands once, in their middle, and another one higher.
    """
    y = scale.bottom - (BADGE + 10 if chart.marks else 9)
    runs: list[list[tuple[float, str]]] = []
    for point in chart.points:
        if point.value is not None or not point.symbol:
            continue
        x, symbol = scale.x(point.at), point.symbol
        near = runs and x - runs[-1][-1][0] < text_width(symbol, shape.font) + 5
        if near and runs[-1][-1][1] == symbol:
            runs[-1].append((x, symbol))
        else:
            runs.append([(x, symbol)])
    texts: list[Text] = []
    for run in runs:
        text = Text(round((run[0][0] + run[-1][0]) / 2, 1), y, run[0][1], "middle", "gap")
        while any(abs(text.x - t.x) < text_width(t.text, shape.font) + 5 and text.y == t.y for t in texts):
            text = replace(text, y=text.y - shape.font * 1.2)
        texts.append(text)
    return texts


def flags(chart: Chart, scale: Scale) -> list[Flag]:
    """Badges on the axis, one above another where marks fall close together."""
    found: list[Flag] = []
    for mark in chart.marks:
        x, y = _mark_x(mark, chart, scale), scale.bottom
        while any(abs(flag.x - x) < 2 * BADGE + 1 and abs(flag.y - y) < 2 * BADGE for flag in found):
            y -= 2 * BADGE + 1
        found.append(Flag(mark, x, y))
    return found


def _mark_x(mark: Mark, chart: Chart, scale: Scale) -> float:
    """A note at its day; what begins anew half way between the points that it parts: on one it could be
    read either way."""
    if mark.kind == NOTE:
        return scale.x(mark.at)
    before = max(point.at for point in chart.points if point.at < mark.at)
    after = min(point.at for point in chart.points if point.at >= mark.at)
    return _half_way(before, after, scale)


def flag_stroke(flag: Flag, scale: Scale) -> Stroke:
    return Stroke(flag.x, scale.plot.y, flag.x, flag.y - BADGE, flag.mark.kind)


def badge(flag: Flag) -> tuple[tuple[float, float], ...]:
    """The corners of a badge: a square for a new definition, pointing onwards for new limits; none for a
    note, which is round."""
    if flag.mark.kind == NOTE:
        return ()
    b, x, y = BADGE - 0.5, flag.x, flag.y
    if flag.mark.kind == BREAK:
        return (x - b, y - b), (x + b, y - b), (x + b, y + b), (x - b, y + b)
    return (x - b, y - b), (x + b - 2, y - b), (x + b + 3, y), (x + b - 2, y + b), (x - b, y + b)


def zigzags(scale: Scale) -> tuple[tuple[tuple[float, float], ...], ...]:
    """The mark of a cut axis: outwards from its end, five pixels to either side."""
    ends = ((scale.axis.cut_below, scale.bottom, 1), (scale.axis.cut_above, scale.plot.y, -1))
    turns = ((0, 0), (0, 1), (-5, 3), (5, 7), (0, 9), (0, 11))
    return tuple(tuple((scale.plot.x + dx, y + way * dy) for dx, dy in turns) for cut, y, way in ends if cut)


def foot(scale: Scale) -> list[Stroke]:
    """A cut axis is drawn as a line, so that the zigzag has something to cut."""
    if not scale.axis.broken:
        return []
    return [Stroke(scale.plot.x, scale.plot.y, scale.plot.x, scale.bottom, "foot")]


def axis_ticks(chart: Chart, scale: Scale, shape: Shape) -> tuple[list[Stroke], list[Text]]:
    strokes, texts = [], []
    for value, text in zip(scale.axis.ticks, scale.axis.texts, strict=True):
        y = scale.y(value)
        strokes.append(Stroke(scale.plot.x, y, scale.right, y, "grid"))
        texts.append(Text(scale.plot.x - 8, y, text, "end", "axis"))
    named = {id(point) for point in tick_points(chart, scale, shape)}
    for point in chart.points:
        x = scale.x(point.at)
        length = 7 if id(point) in named else 4
        strokes.append(Stroke(x, scale.bottom, x, scale.bottom + length, "tick"))
        if id(point) in named and shape.named:
            texts.append(Text(x, scale.bottom + 10 + shape.font * 0.7, point.short, "middle", "axis"))
    return strokes, texts


def tick_points(chart: Chart, scale: Scale, shape: Shape) -> list[Point]:
    """The periods named on the axis, counted back from the last, as many as fit."""
    backwards = chart.points[::-1]
    for stride in STRIDES[chart.frequency]:
        if _fit(backwards[::stride], scale, shape):
            return list(backwards[::stride])
    return [backwards[0]]


def _fit(chosen: Sequence[Point], scale: Scale, shape: Shape) -> bool:
    return all(
        scale.x(right.at) - scale.x(left.at) >= text_width(right.short, shape.font) + 8
        for right, left in zip(chosen, chosen[1:], strict=False)
    )
