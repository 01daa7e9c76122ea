"""The same drawing as a Plotly figure, a plain dict that chart.js lays exactly over the SVG.

Colours are placeholders such as "var(--chart-ink)": chart.js resolves them when it draws, so
that the figure follows light and dark. Texts are escaped, for Plotly reads a little HTML; its
markup for bold sets style attributes, which our CSP forbids, so only line breaks are used.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from textwrap import wrap
from typing import Any

from measures.charts import wording
from measures.charts.drawing import Drawing, draw
from measures.charts.furniture import BADGE, badge, tick_points
from measures.charts.legend import mark_words, shape_words
from measures.charts.marking import Look
from measures.charts.parts import CONCERN, IMPROVEMENT, NEUTRAL, Chart, Point
from measures.charts.placing import Rect
from measures.charts.shapes import NARROW, WIDE, Flag, Shape, Stroke, Text
from measures.charts.svg import text_size

INK, MUTED, GRID = "var(--chart-ink)", "var(--chart-muted)", "var(--chart-grid)"
CARD, BAND, BENCHMARK = "var(--chart-card)", "var(--chart-band)", "var(--chart-benchmark)"
AREA, LIMIT = "var(--chart-area)", "var(--chart-limit)"
SIGNALS = {
    IMPROVEMENT: "var(--chart-improvement)",
    CONCERN: "var(--chart-concern)",
    NEUTRAL: "var(--chart-change)",
}
CLEAR = "rgba(0,0,0,0)"
HOVER_LETTERS = 44  # in a line: about two thirds of the narrow chart
# A downloaded picture goes into documents, so it is light whatever the screen is.
PAPER = {
    INK: "#17202b",
    MUTED: "#55606d",
    GRID: "#dde2e7",
    CARD: "#ffffff",
    BAND: "#f3e3bf",
    BENCHMARK: "#1f4e79",
    AREA: "#eff2f5",
    LIMIT: "#6b7683",
    SIGNALS[IMPROVEMENT]: "#0072bc",
    SIGNALS[CONCERN]: "#d15c00",
    SIGNALS[NEUTRAL]: "#7a3e9d",
}
CONFIG = {
    "displayModeBar": False,
    "displaylogo": False,
    "showSendToCloud": False,
    "plotlyServerURL": "",
    "scrollZoom": False,
    "doubleClick": False,
    "showAxisDragHandles": False,
    "responsive": False,
}
# In the order drawn, as in svg.py.
LINE_STYLES: dict[str, dict[str, Any]] = {
    "tick": {"color": GRID, "width": 1},
    "limit": {"color": LIMIT, "width": 1},
    "mean": {"color": LIMIT, "width": 1.3},
    "trial": {"color": LIMIT, "width": 1, "dash": "1px,3px"},
    "trial-mean": {"color": LIMIT, "width": 1.3, "dash": "1px,3px"},
    "note": {"color": MUTED, "width": 0.8},
    "break": {"color": MUTED, "width": 1.2, "dash": "2px,3px"},
    "rebase": {"color": MUTED, "width": 1.2, "dash": "8px,3px,2px,3px"},
    "target": {"color": MUTED, "width": 1.4, "dash": "5px,4px"},
    "benchmark": {"color": BENCHMARK, "width": 2},
    "leader": {"color": MUTED, "width": 0.8, "dash": "1px,2px"},
    "whisker": {"color": MUTED, "width": 1},
    "foot": {"color": MUTED, "width": 1.2},
}


def figure(chart: Chart, shapes: tuple[Shape, Shape] = (WIDE, NARROW)) -> dict[str, Any]:
    """data, layout and config for Plotly, and beside them what chart.js alone reads.

    `narrow` is the layout for small boxes, `sizes` the pixels each layout is drawn at before
    scaling; `walk` has a sentence for each point, gaps too, and `places` its pixels in both layouts;
    `title`, `note` (what the shapes mean), `notes` (a row for each mark) and `paper` (colours) are
    for the picture that one downloads.
    """
    wide, narrow = (draw(chart, shape) for shape in shapes)
    return {
        "data": [*_lines(wide), _markers(chart, wide), _missing(chart)],
        "layout": _layout(chart, wide),
        "config": dict(CONFIG),
        "narrow": _layout(chart, narrow),
        "sizes": {name: [d.shape.width, d.shape.height] for name, d in (("wide", wide), ("narrow", narrow))},
        "walk": list(wording.walk(chart)),
        "places": {name: _places(chart, d) for name, d in (("wide", wide), ("narrow", narrow))},
        "title": escape(chart.title),
        "note": shape_words(chart),
        "notes": [escape(row) for row in mark_words(chart)],
        "paper": dict(PAPER),
    }


def _places(chart: Chart, drawing: Drawing) -> list[list[float]]:
    scale = drawing.scale
    return [[scale.x(p.at), scale.bottom if p.value is None else scale.y(p.value)] for p in chart.points]


def _lines(drawing: Drawing) -> list[dict[str, Any]]:
    return [
        {
            "type": "scatter",
            "mode": "lines",
            "x": [point.at.isoformat() for point in run.points],
            "y": [_number(point) for point in run.points],
            "line": {"color": INK, "width": 1.6 if run.lighter else 2.2},
            "opacity": 0.6 if run.lighter else 1,
            "hoverinfo": "skip",
            "cliponaxis": False,
        }
        for run in drawing.runs
    ]


def _markers(chart: Chart, drawing: Drawing) -> dict[str, Any]:
    dots = drawing.dots
    return {
        "type": "scatter",
        "mode": "markers",
        "x": [dot.point.at.isoformat() for dot in dots],
        "y": [_number(dot.point) for dot in dots],
        "marker": {
            "size": [2 * dot.look.radius for dot in dots],
            "symbol": [f"{dot.look.outline}-dot" if dot.look.dotted else dot.look.outline for dot in dots],
            "color": [_colour(dot.look) if dot.look.solid else CARD for dot in dots],
            "line": {
                "color": [INK if dot.look.ringed else _colour(dot.look) for dot in dots],
                "width": [dot.look.width for dot in dots],
                "dash": ["2.2px,1.4px" if dot.look.dashed else "solid" for dot in dots],
            },
            "opacity": 1,
        },
        "text": [hover_text(dot.point, chart) for dot in dots],
        "hoverinfo": "text",
        "cliponaxis": False,
    }


def _colour(look: Look) -> str:
    return SIGNALS.get(look.signal, INK)


def _missing(chart: Chart) -> dict[str, Any]:
    """Unseen markers at the foot, so that a gap too can be asked about."""
    gaps = [point for point in chart.points if point.value is None]
    return {
        "type": "scatter",
        "mode": "markers",
        "x": [point.at.isoformat() for point in gaps],
        "y": [float(chart.axis.low) for _ in gaps],
        "marker": {"size": 10, "opacity": 0},
        "text": [hover_text(point, chart) for point in gaps],
        "hoverinfo": "text",
        "cliponaxis": False,
    }


def _number(point: Point) -> float:
    """Plotly draws floats; the value as printed travels in the hover text."""
    return float(str(point.value))


def hover_text(point: Point, chart: Chart) -> str:
    """What the walk says of the point, one thing under another. Plotly breaks no lines by itself."""
    rows = (row[0].upper() + row[1:] for row in wording.rows_of(point, chart))
    return "<br>".join(escape(line) for row in rows for line in wrap(row, HOVER_LETTERS))


def _layout(chart: Chart, drawing: Drawing) -> dict[str, Any]:
    shape, scale, axis = drawing.shape, drawing.scale, chart.axis
    fixed = {"fixedrange": True, "showgrid": False, "zeroline": False, "showticklabels": False, "showline": False}
    named = tick_points(chart, scale, shape)[::-1]
    return {
        "width": shape.width,
        "height": shape.height,
        "autosize": False,
        "margin": {"l": shape.left, "r": shape.right, "t": shape.top, "b": shape.bottom, "pad": 0, "autoexpand": False},
        "paper_bgcolor": CLEAR,
        "plot_bgcolor": CLEAR,
        "showlegend": False,
        "dragmode": False,
        "hovermode": "x",
        "hoverdistance": 40,
        "font": {"family": "var(--chart-font)", "size": shape.font, "color": MUTED},
        "hoverlabel": {
            "bgcolor": CARD,
            "bordercolor": INK,
            "align": "left",
            "font": {"family": "var(--chart-font)", "size": shape.font, "color": INK},
        },
        "xaxis": {
            **fixed,
            "type": "date",
            "range": [scale.first.isoformat(), scale.last.isoformat()],
            "tickmode": "array",
            "tickvals": [point.at.isoformat() for point in named],
            "ticktext": [escape(point.short) for point in named],
        },
        "yaxis": {
            **fixed,
            "range": [float(axis.low), float(axis.high)],
            "tickmode": "array",
            "tickvals": [float(tick) for tick in axis.ticks],
            "ticktext": list(axis.texts),
        },
        "shapes": _shapes(drawing),
        "annotations": [_annotation(text, drawing) for text in drawing.texts],
    }


def _shapes(drawing: Drawing) -> list[dict[str, Any]]:
    """Each kind as one path, in shares of the plot: a shape apiece would cost Plotly as much as a trace."""
    held: dict[str, list[Stroke]] = {}
    for stroke in drawing.strokes:
        held.setdefault(stroke.kind, []).append(stroke)
    return [
        *(_ground(drawing, area, AREA) for area in drawing.areas),
        _path(drawing, held["grid"], {"color": GRID, "width": 1}),
        *(_ground(drawing, band, BAND) for band in drawing.bands),
        *(_path(drawing, held[kind], style) for kind, style in LINE_STYLES.items() if kind in held),
        *(_zigzag(drawing, zigzag) for zigzag in drawing.zigzags),
        *(_badge(drawing, flag) for flag in drawing.flags),
    ]


def _ground(drawing: Drawing, rect: Rect, colour: str) -> dict[str, Any]:
    ends = _ends(drawing, rect.x, rect.y, rect.x + rect.width, rect.y + rect.height)
    return {"type": "rect", **ends, "fillcolor": colour, "line": {"width": 0}, "layer": "below"}


def _path(drawing: Drawing, strokes: Sequence[Stroke], style: dict[str, Any]) -> dict[str, Any]:
    words = [f"M{_pair(drawing, stroke.x1, stroke.y1)}L{_pair(drawing, stroke.x2, stroke.y2)}" for stroke in strokes]
    soft = strokes[0].kind == "note"
    return {**_on_paper("".join(words)), "line": dict(style), "opacity": 0.7 if soft else 1, "layer": "below"}


def _zigzag(drawing: Drawing, places: Sequence[tuple[float, float]]) -> dict[str, Any]:
    words = "M" + "L".join(_pair(drawing, *place) for place in places)
    return {**_on_paper(words), "line": dict(LINE_STYLES["foot"]), "layer": "below"}


def _badge(drawing: Drawing, flag: Flag) -> dict[str, Any]:
    style = {"fillcolor": CARD, "line": {"color": MUTED, "width": 1.2}, "layer": "below"}
    corners = badge(flag)
    if corners:
        return {**_on_paper("M" + "L".join(_pair(drawing, *corner) for corner in corners) + "Z"), **style}
    r = BADGE - 0.5
    return {"type": "circle", **_ends(drawing, flag.x - r, flag.y - r, flag.x + r, flag.y + r), **style}


def _on_paper(words: str) -> dict[str, Any]:
    return {"type": "path", "path": words, "xref": "paper", "yref": "paper"}


def _pair(drawing: Drawing, x: float, y: float) -> str:
    return "{:g},{:g}".format(*_paper(drawing, x, y))


def _ends(drawing: Drawing, x1: float, y1: float, x2: float, y2: float) -> dict[str, Any]:
    (a, b), (c, d) = _paper(drawing, x1, y1), _paper(drawing, x2, y2)
    return {"xref": "paper", "yref": "paper", "x0": a, "y0": b, "x1": c, "y1": d}


def _paper(drawing: Drawing, x: float, y: float) -> tuple[float, float]:
    """Pixels to shares of the plot, which is how Plotly counts "paper", upwards."""
    plot = drawing.scale.plot
    return round((x - plot.x) / plot.width, 5), round((drawing.scale.bottom - y) / plot.height, 5)


def _annotation(text: Text, drawing: Drawing) -> dict[str, Any]:
    x, y = _paper(drawing, text.x, text.y)
    strong = text.kind in ("value", "caption", "flag")
    return {
        "text": escape(text.text),
        "x": x,
        "y": y,
        "xref": "paper",
        "yref": "paper",
        "xanchor": {"start": "left", "middle": "center", "end": "right"}[text.anchor],
        "yanchor": "middle",
        "showarrow": False,
        "borderpad": 0,
        "borderwidth": 0,
        "font": {
            "size": text_size(text.kind, drawing.shape),
            "color": INK if strong else MUTED,
            "weight": {"value": 700, "caption": 600, "flag": 600}.get(text.kind, 400),
        },
        "captureevents": False,
    }
