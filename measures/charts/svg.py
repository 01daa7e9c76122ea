"""The chart as our own SVG: classes only, coloured by static/css/chart.css."""

from __future__ import annotations

from xml.etree import ElementTree as ET

from measures.charts.description import Chart
from measures.charts.drawing import Drawing, draw
from measures.charts.shapes import NARROW, WIDE, Dot, Shape, Text

__all__ = ["NARROW", "WIDE", "svg"]

TEXT_CLASSES = {"axis": "ax", "label": "lb", "gap": "lb gap", "note": "lb note", "value": "vl"}
STROKE_CLASSES = {
    "grid": "gr",
    "tick": "tick",
    "target": "tgt",
    "benchmark": "bm",
    "leader": "leader",
    "break": "brk",
    "foot": "foot",
}


def svg(chart: Chart, shape: Shape, prefix: str) -> str:
    """Markup ready for the page; `prefix` must be unique on it (the title's id is built from it)."""
    drawing = draw(chart, shape)
    title_id = f"{prefix}-{shape.name}-title"
    root = ET.Element(
        "svg",
        {
            "xmlns": "http://www.w3.org/2000/svg",
            "class": f"chart chart-{shape.name}",
            "viewBox": f"0 0 {shape.width} {shape.height}",
            "font-size": str(shape.font),
            "role": "img",
            "aria-labelledby": title_id,
        },
    )
    ET.SubElement(root, "title", {"id": title_id}).text = chart.summary
    _furniture(root, drawing)
    for run in drawing.runs:
        path = " ".join(f"{x:g},{y:g}" for x, y in run.places)
        ET.SubElement(root, "polyline", {"class": "ln soft" if run.lighter else "ln", "points": path})
    for dot in drawing.dots:
        _dot(root, dot)
    for text in drawing.texts:
        _text(root, text, shape)
    return ET.tostring(root, encoding="unicode")


def _furniture(root: ET.Element, drawing: Drawing) -> None:
    """Grid under band, band under everything else."""
    for kinds in (("grid",), ()):
        for stroke in drawing.strokes:
            if (stroke.kind in kinds) == bool(kinds):
                place = {"x1": stroke.x1, "y1": stroke.y1, "x2": stroke.x2, "y2": stroke.y2}
                _add(root, "line", STROKE_CLASSES[stroke.kind], place)
        for band in drawing.bands if kinds else ():
            place = {"x": band.x, "y": band.y, "width": band.width, "height": band.height}
            _add(root, "rect", "band", place)
    for zigzag in drawing.zigzags:
        path = " ".join(f"{x:g},{y:g}" for x, y in zigzag)
        ET.SubElement(root, "polyline", {"class": "foot zigzag", "points": path})


def _add(root: ET.Element, tag: str, css: str, place: dict[str, float]) -> None:
    ET.SubElement(root, tag, {"class": css, **{name: f"{value:g}" for name, value in place.items()}})


def dot_class(dot: Dot) -> str:
    """Hollow but for the latest, and hollow even then if it is illustrative or provisional."""
    names = ["dot"]
    if dot.point.illustrative or dot.point.provisional or not dot.last:
        names.append("s")
    if dot.point.illustrative:
        names.append("ill")
    return " ".join(names)


def _dot(root: ET.Element, dot: Dot) -> None:
    if dot.point.provisional:
        side = 2 * dot.radius - 1
        place = {"x": dot.x - side / 2, "y": dot.y - side / 2, "width": side, "height": side}
        _add(root, "rect", dot_class(dot), place)
    else:
        _add(root, "circle", dot_class(dot), {"cx": dot.x, "cy": dot.y, "r": dot.radius})


def _text(root: ET.Element, text: Text, shape: Shape) -> None:
    size = shape.big if text.kind == "value" else shape.font
    attributes = {
        "class": TEXT_CLASSES[text.kind],
        "x": f"{text.x:g}",
        "y": f"{round(text.y + size * 0.36, 1):g}",
    }
    if text.anchor != "start":
        attributes["text-anchor"] = text.anchor
    if text.kind == "value":
        attributes["font-size"] = str(size)
    ET.SubElement(root, "text", attributes).text = text.text
