"""The chart as our own SVG: classes only, coloured by static/css/chart.css.

Written as text, element by element, because a page holds many: every text passes `escape`.
What shares a class stands in one path or one group, so that nothing is said twice.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from itertools import groupby

from measures.charts.drawing import Drawing, draw
from measures.charts.furniture import BADGE, badge
from measures.charts.marking import Look, path
from measures.charts.parts import Chart
from measures.charts.placing import Rect
from measures.charts.shapes import NARROW, WIDE, Dot, Flag, Shape, Stroke, Text

__all__ = ["NARROW", "WIDE", "svg"]

TEXT_CLASSES = {
    "axis": "ax",
    "label": "lb",
    "edge": "lb edge",
    "gap": "lb gap",
    "note": "lb note",
    "caption": "cap",
    "flag": "num",
    "value": "vl",
}
# In the order drawn; the grid lies under the bands.
STROKE_CLASSES = {
    "tick": "tick",
    "limit": "lim",
    "mean": "mean",
    "trial": "lim trial",
    "trial-mean": "mean trial",
    "note": "mk note",
    "break": "mk brk",
    "rebase": "mk reb",
    "target": "tgt",
    "benchmark": "bm",
    "leader": "leader",
    "whisker": "wh",
    "foot": "foot",
}
SIGNAL_CLASSES = {"improvement": "imp", "concern": "con", "neutral": "neu"}


def svg(chart: Chart, shape: Shape, prefix: str) -> str:
    """Markup ready for the page; `prefix` must be unique on it (the title's id is built from it)."""
    return markup(draw(chart, shape), chart.summary, f"{prefix}-{shape.name}-title")


def markup(drawing: Drawing, summary: str, title_id: str) -> str:
    """Any drawing as an image that is named by its summary."""
    shape, name = drawing.shape, escape(title_id)
    return "".join(
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" class="chart chart-{shape.name}"',
            f' viewBox="0 0 {shape.width} {shape.height}" font-size="{num(shape.font)}" role="img"',
            f' aria-labelledby="{name}"><title id="{name}">{escape(summary, quote=False)}</title>',
            *_furniture(drawing),
            *(
                f'<polyline class="ln{" soft" if run.lighter else ""}" points="{_pairs(run.places)}"/>'
                for run in drawing.runs
            ),
            dots_markup(drawing.dots),
            *(badge_markup(flag) for flag in drawing.flags),
            *_texts(drawing.texts, shape),
            "</svg>",
        )
    )


def num(value: float) -> str:
    """To one decimal, as short as it goes."""
    return f"{round(value, 1):g}"


def _furniture(drawing: Drawing) -> Iterable[str]:
    """The ground between limits, the grid, the band of tolerance, then every line but the data's."""
    yield _rects(drawing.areas, "area")
    yield _strokes([stroke for stroke in drawing.strokes if stroke.kind == "grid"], "gr")
    yield _rects(drawing.bands, "band")
    for kind, css in STROKE_CLASSES.items():
        yield _strokes([stroke for stroke in drawing.strokes if stroke.kind == kind], css)
    for zigzag in drawing.zigzags:
        yield f'<polyline class="foot zigzag" points="{_pairs(zigzag)}"/>'


def _rects(rects: Sequence[Rect], css: str) -> str:
    return "".join(
        f'<rect class="{css}" x="{num(r.x)}" y="{num(r.y)}" width="{num(r.width)}" height="{num(r.height)}"/>'
        for r in rects
    )


def _strokes(strokes: Sequence[Stroke], css: str) -> str:
    """All of a kind as one path; one that begins where another ended goes on."""
    words, end = [], None
    for stroke in strokes:
        x1, y1, x2, y2 = stroke.x1, stroke.y1, stroke.x2, stroke.y2
        if end != (x1, y1):
            words.append(f"M{num(x1)} {num(y1)}")
        words.append(f"H{num(x2)}" if y1 == y2 else f"V{num(y2)}" if x1 == x2 else f"L{num(x2)} {num(y2)}")
        end = (x2, y2)
    return f'<path class="{css}" d="{"".join(words)}"/>' if words else ""


def dot_class(look: Look) -> str:
    """Solid or hollow, the signal's colour, a dashed ring, and how heavy the ring is."""
    names = ["dot"]
    if not look.solid:
        names.append("s")
    if look.dashed:
        names.append("ill")
    if look.signal:
        names.append(SIGNAL_CLASSES[look.signal])
    if look.ringed or look.width > 2:
        names.append("end")
    return " ".join(names)


def dots_markup(dots: Sequence[Dot]) -> str:
    """In the order of time; neighbours that look alike share a group."""
    return "".join(
        f'<g class="{css}">{"".join(_dot(dot) for dot in alike)}</g>'
        for css, alike in groupby(dots, key=lambda dot: dot_class(dot.look))
    )


def _dot(dot: Dot) -> str:
    if dot.look.outline == "circle" and not dot.look.dotted:
        return f'<circle cx="{num(dot.x)}" cy="{num(dot.y)}" r="{num(dot.look.radius)}"/>'
    return f'<path d="{path(dot.look, dot.x, dot.y)}"/>'


def badge_markup(flag: Flag) -> str:
    corners = badge(flag)
    if not corners:
        return f'<circle class="badge" cx="{num(flag.x)}" cy="{num(flag.y)}" r="{num(BADGE - 0.5)}"/>'
    return f'<polygon class="badge" points="{_pairs(corners)}"/>'


def _texts(texts: Sequence[Text], shape: Shape) -> Iterable[str]:
    for (kind, anchor), alike in groupby(texts, key=lambda text: (text.kind, text.anchor)):
        size = text_size(kind, shape)
        attributes = f' text-anchor="{anchor}"' if anchor != "start" else ""
        attributes += f' font-size="{num(size)}"' if size != shape.font else ""
        rows = "".join(
            f'<text x="{num(text.x)}" y="{num(text.y + size * 0.36)}">{escape(text.text, quote=False)}</text>'
            for text in alike
        )
        yield f'<g class="{TEXT_CLASSES[kind]}"{attributes}>{rows}</g>'


def text_size(kind: str, shape: Shape) -> float:
    return shape.big if kind == "value" else round(shape.font * 0.82, 1) if kind == "flag" else shape.font


def _pairs(places: Iterable[tuple[float, float]]) -> str:
    return " ".join(f"{num(x)},{num(y)}" for x, y in places)
