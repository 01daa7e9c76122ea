"""Small multiples: the groups of one series side by side, on one scale and one time axis."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from measures.charts import furniture, wording
from measures.charts.aligning import aligned
from measures.charts.axis import axis_for
from measures.charts.description import seen_values
from measures.charts.drawing import Drawing, line_dots, line_runs
from measures.charts.labels import Writer
from measures.charts.parts import MARK, Chart
from measures.charts.phrases import aim_of
from measures.charts.placing import text_width
from measures.charts.shapes import Scale, Shape, Text
from measures.charts.svg import markup

SMALL = Shape("small", 220, 116, left=38, right=14, top=16, bottom=22, font=11.0)


@dataclass(frozen=True)
class Multiple:
    """One group: `name`, `latest` and `target` ("target 85%" or empty) are text for the page, their marks the letters
    of the symbols after them; `period` is the latest one drawn.
    """

    name: str
    latest: str
    period: str
    target: str
    svg: str
    summary: str
    marks: tuple[str, ...] = ()
    target_marks: tuple[str, ...] = ()


def multiples(charts: Sequence[Chart], prefix: str) -> tuple[Multiple, ...]:
    """Each chart small and bare, in the order given; their titles are the names.

    ValueError for charts of different units or frequencies: they share no scale.
    """
    if len({(chart.unit, chart.frequency) for chart in charts}) > 1:
        raise ValueError("Small multiples share one unit and one frequency")
    plain = [replace(chart, benchmarks=(), limits=()) for chart in aligned(charts)]
    values = [value for chart in plain for value in seen_values(chart)]
    return tuple(
        _multiple(replace(chart, axis=axis_for(values, chart.unit)), f"{prefix}-{number}")
        for number, chart in enumerate(plain, 1)
    )


def _multiple(chart: Chart, name: str) -> Multiple:
    latest = chart.points[-1]
    summary = wording.summary(chart.title, chart)
    target = aim.target_text if (aim := aim_of(latest, chart)) else ""
    kinds = (("i", latest.illustrative), ("p", latest.provisional), ("r", latest.revised))
    return Multiple(
        name=chart.title,
        latest=latest.text if latest.value is not None else latest.symbol or "No value yet",
        period=latest.label,
        target=target.removesuffix(MARK),
        svg=markup(_drawing(chart), summary, f"{name}-title"),
        summary=summary,
        marks=tuple(letter for letter, holds in kinds if holds),
        target_marks=("i",) if target.endswith(MARK) else (),
    )


def _drawing(chart: Chart) -> Drawing:
    """The axis by its ends only; a mark is a line without its number; the target is named where there is room."""
    scale = Scale(chart, SMALL)
    runs, dots, targets = line_runs(chart, scale), line_dots(chart, scale, 0.72), furniture.targets(chart, scale)
    ticks, _ = furniture.axis_ticks(chart, scale, SMALL)
    ends = {scale.y(tick) for tick in (scale.axis.low, scale.axis.high)}
    marks = [replace(furniture.flag_stroke(flag, scale), y2=scale.bottom) for flag in furniture.flags(chart, scale)]
    strokes = [*(s for s in ticks if s.kind != "grid" or s.y1 in ends), *marks, *targets, *furniture.foot(scale)]
    whiskers = furniture.whiskers(chart, scale)
    gaps = furniture.gaps(replace(chart, marks=()), scale, SMALL)
    writer = Writer(SMALL, scale, runs, dots, gaps, [*marks, *targets, *whiskers])
    for step in chart.steps:
        writer.target(step)
    return Drawing(
        shape=SMALL,
        scale=scale,
        areas=(),
        bands=tuple(furniture.bands(chart, scale)),
        strokes=(*strokes, *whiskers),
        runs=runs,
        dots=dots,
        flags=(),
        texts=(*_ends(chart, scale), *gaps, *writer.texts),
        zigzags=furniture.zigzags(scale),
    )


def _ends(chart: Chart, scale: Scale) -> list[Text]:
    """Foot and top of the scale, first and last period."""
    axis, first, last = scale.axis, chart.points[0], chart.points[-1]
    pairs = ((axis.low, axis.texts[0]), (axis.high, axis.texts[-1]))
    texts = [Text(scale.plot.x - 6, scale.y(value), text, "end", "axis") for value, text in pairs]
    y = scale.bottom + SMALL.font + 2
    texts.append(Text(scale.right, y, last.short, "end", "axis"))
    if scale.x(first.at) + text_width(first.short + last.short, SMALL.font) + 12 < scale.right:
        texts.append(
            Text(scale.plot.x + 8 if axis.cut_below else scale.x(first.at) - 5, y, first.short, "start", "axis")
        )
    return texts
