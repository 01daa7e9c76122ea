"""What is named at the right edge of a chart: the limits that hold for the latest point, and its value."""

from __future__ import annotations

from collections.abc import Sequence

from measures.charts.parts import Chart
from measures.charts.phrases import limit_texts
from measures.charts.placing import text_width
from measures.charts.shapes import Shape


def reaches_edge(chart: Chart) -> bool:
    """Whether the last limits hold for the latest point too, and no chart beside this one goes on after it."""
    latest = chart.points[-1].at
    return bool(chart.limits) and chart.limits[-1].end >= latest == chart.until


def edge_texts(chart: Chart, shape: Shape) -> list[tuple[str, ...]]:
    """The rows that name upper limit, mean and lower limit of the last segment."""
    mean, lower, upper = (first_word(text) for text in limit_texts(chart.limits[-1], chart))
    named = (("upper", upper), ("mean", mean), ("lower", lower))
    return [(name, figure) if shape.stacked else (f"{name} {figure}",) for name, figure in named]


def edge_width(chart: Chart, shape: Shape) -> int:
    """Pixels that the latest value and the names of the limits take at the right edge."""
    if not reaches_edge(chart):
        return 0
    latest = text_width(first_word(chart.points[-1].text), shape.big, bold=True)
    return round(max(latest, *(text_width(row, shape.font) for rows in edge_texts(chart, shape) for row in rows)))


def spread(items: Sequence[tuple[float, float]], fixed: int, top: float, foot: float) -> list[float]:
    """Middles of (wanted middle, height) items from above to below, none on another, all between `top` and `foot`.

    The `fixed` one stays where it is if the others find room around it.
    """
    places = [y for y, _ in items]
    gaps = [(above[1] + below[1]) / 2 for above, below in zip(items, items[1:], strict=False)]
    last = len(items) - 1
    for i in range(fixed, last):
        places[i + 1] = max(places[i + 1], places[i] + gaps[i])
    for i in range(fixed, 0, -1):
        places[i - 1] = min(places[i - 1], places[i] - gaps[i - 1])
    places[last] = min(places[last], foot - items[last][1] / 2)
    for i in range(last, 0, -1):
        places[i - 1] = min(places[i - 1], places[i] - gaps[i - 1])
    places[0] = max(places[0], top + items[0][1] / 2)
    for i in range(last):
        places[i + 1] = max(places[i + 1], places[i] + gaps[i])
    return places


def first_word(text: str) -> str:
    """The figure without its unit: that is on the axis."""
    return text.split(" ")[0]
