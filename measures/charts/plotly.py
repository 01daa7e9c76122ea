"""The same drawing as a Plotly figure, a plain dict that chart.js lays exactly over the SVG.

Colours are placeholders such as "var(--chart-ink)": chart.js resolves them when it draws, so
that the figure follows light and dark. Texts are escaped, for Plotly reads a little HTML; its
markup for bold sets style attributes, which our CSP forbids, so only line breaks are used.
"""

from __future__ import annotations

from html import escape
from typing import Any

from measures.charts.description import Chart, Point, cohort_text
from measures.charts.drawing import Drawing, draw, tick_points
from measures.charts.shapes import NARROW, WIDE, Dot, Shape, Stroke, Text

INK, MUTED, GRID = "var(--chart-ink)", "var(--chart-muted)", "var(--chart-grid)"
CARD, BAND, BENCHMARK = "var(--chart-card)", "var(--chart-band)", "var(--chart-benchmark)"
CLEAR = "rgba(0,0,0,0)"
# A downloaded picture goes into documents, so it is light whatever the screen is.
PAPER = {
    INK: "#17202b",
    MUTED: "#55606d",
    GRID: "#dde2e7",
    CARD: "#ffffff",
    BAND: "#f3e3bf",
    BENCHMARK: "#1f4e79",
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
LINE_STYLES: dict[str, dict[str, Any]] = {
    "target": {"color": MUTED, "width": 1.4, "dash": "5px,4px"},
    "benchmark": {"color": BENCHMARK, "width": 2},
    "leader": {"color": MUTED, "width": 0.8, "dash": "1px,2px"},
    "break": {"color": MUTED, "width": 1.2, "dash": "2px,3px"},
    "foot": {"color": MUTED, "width": 1.2},
    "tick": {"color": GRID, "width": 1},
}


def figure(chart: Chart) -> dict[str, Any]:
    """data, layout and config for Plotly, and beside them what chart.js alone reads.

    `narrow` is the layout for small boxes, `sizes` the pixels each layout is drawn at before
    scaling, `dashed` the markers (by position) whose ring is dashed; `title`, `note` and `paper`
    (colours) are for the picture that one downloads.
    """
    wide, narrow = draw(chart, WIDE), draw(chart, NARROW)
    illustrative = [i for i, dot in enumerate(wide.dots) if dot.point.illustrative]
    return {
        "data": [*_lines(wide), _markers(wide), _missing(chart)],
        "layout": _layout(chart, wide),
        "config": dict(CONFIG),
        "narrow": _layout(chart, narrow),
        "sizes": {shape.name: [shape.width, shape.height] for shape in (WIDE, NARROW)},
        "dashed": illustrative,
        "title": escape(chart.title),
        "note": "Hollow points on the thin line are illustrative" if illustrative else "",
        "paper": dict(PAPER),
    }


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


def _markers(drawing: Drawing) -> dict[str, Any]:
    dots = drawing.dots
    return {
        "type": "scatter",
        "mode": "markers",
        "x": [dot.point.at.isoformat() for dot in dots],
        "y": [_number(dot.point) for dot in dots],
        "marker": {
            "size": [2 * dot.radius - (1 if dot.point.provisional else 0) for dot in dots],
            "symbol": ["square" if dot.point.provisional else "circle" for dot in dots],
            "color": [INK if _solid(dot) else CARD for dot in dots],
            "line": {
                "color": INK,
                "width": [0 if _solid(dot) else 1.5 if dot.point.illustrative else 1.8 for dot in dots],
            },
            "opacity": 1,
        },
        "text": [hover_text(dot.point) for dot in dots],
        "hoverinfo": "text",
        "cliponaxis": False,
    }


def _missing(chart: Chart) -> dict[str, Any]:
    """Unseen markers at the foot, so that a gap too can be asked about."""
    gaps = [point for point in chart.points if point.value is None]
    return {
        "type": "scatter",
        "mode": "markers",
        "x": [point.at.isoformat() for point in gaps],
        "y": [float(chart.axis.low) for _ in gaps],
        "marker": {"size": 10, "opacity": 0},
        "text": [hover_text(point) for point in gaps],
        "hoverinfo": "text",
        "cliponaxis": False,
    }


def _solid(dot: Dot) -> bool:
    return dot.last and not dot.point.illustrative and not dot.point.provisional


def _number(point: Point) -> float:
    """Plotly draws floats; the value as printed travels in the hover text."""
    return float(str(point.value))


def hover_text(point: Point) -> str:
    """Period, value with its counts, rating, and what kind of figure it is, one under another."""
    if point.value is None:
        return f"{escape(point.label)}<br>No value {escape(point.symbol or '[x]')}"
    cohort = cohort_text(point)
    rows = [f"{point.text} ({cohort})" if cohort else point.text, point.rating or ""]
    rows += ["Provisional" if point.provisional else "", "Illustrative" if point.illustrative else ""]
    return "<br>".join([escape(point.label), *(escape(row) for row in rows if row)])


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
    """Grid, band and strokes, each measured from the plot's top left corner in pixels."""
    grid = [_line(s, drawing, {"color": GRID, "width": 1}) for s in drawing.strokes if s.kind == "grid"]
    bands = [
        {
            "type": "rect",
            **_ends(drawing, band.x, band.y, band.x + band.width, band.y + band.height),
            "fillcolor": BAND,
            "line": {"width": 0},
            "layer": "below",
        }
        for band in drawing.bands
    ]
    others = [_line(s, drawing, LINE_STYLES[s.kind]) for s in drawing.strokes if s.kind != "grid"]
    zigzags = [
        _line(Stroke(*before, *after, "foot"), drawing, LINE_STYLES["foot"])
        for zigzag in drawing.zigzags
        for before, after in zip(zigzag, zigzag[1:], strict=False)
    ]
    return [*grid, *bands, *others, *zigzags]


def _line(stroke: Stroke, drawing: Drawing, style: dict[str, Any]) -> dict[str, Any]:
    ends = _ends(drawing, stroke.x1, stroke.y1, stroke.x2, stroke.y2)
    return {"type": "line", **ends, "line": dict(style), "layer": "below"}


def _ends(drawing: Drawing, x1: float, y1: float, x2: float, y2: float) -> dict[str, Any]:
    (a, b), (c, d) = _paper(drawing, x1, y1), _paper(drawing, x2, y2)
    return {"xref": "paper", "yref": "paper", "x0": a, "y0": b, "x1": c, "y1": d}


def _paper(drawing: Drawing, x: float, y: float) -> tuple[float, float]:
    """Pixels to shares of the plot, which is how Plotly counts "paper", upwards."""
    plot = drawing.scale.plot
    return round((x - plot.x) / plot.width, 5), round((drawing.scale.bottom - y) / plot.height, 5)


def _annotation(text: Text, drawing: Drawing) -> dict[str, Any]:
    x, y = _paper(drawing, text.x, text.y)
    value = text.kind == "value"
    shape: Shape = drawing.shape
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
            "size": shape.big if value else shape.font,
            "color": INK if value else MUTED,
            "weight": 700 if value else 400,
        },
        "captureevents": False,
    }
