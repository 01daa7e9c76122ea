"""A number and its rate as two charts, one over the other, on one time axis.

Each has its own axis, caption and text alternative: two values on one plot with two axes could be
made to cross anywhere.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from measures.charts.aligning import aligned
from measures.charts.drawing import fitted
from measures.charts.parts import Chart
from measures.charts.plotly import figure
from measures.charts.shapes import NARROW, WIDE, Shape
from measures.charts.svg import svg

# Room above each for its caption; the periods are named under the last one only.
FOOTS = {WIDE.name: replace(WIDE, height=214, top=46), NARROW.name: replace(NARROW, height=214, top=48)}
UPPER = {name: replace(shape, height=shape.height - 22, bottom=18, named=False) for name, shape in FOOTS.items()}


@dataclass(frozen=True)
class Panel:
    """What a chart's frame holds on the page; `css` gives the frame the panel's proportions."""

    chart: Chart
    wide: str
    narrow: str
    figure: dict[str, Any]
    css: str


def panels(charts: Sequence[Chart], prefix: str) -> tuple[Panel, ...]:
    """The charts from above to below, each called by its title. ValueError unless they share a frequency."""
    if len({chart.frequency for chart in charts}) > 1:
        raise ValueError("Panels share one frequency")
    together = [replace(chart, caption=chart.caption or chart.title) for chart in aligned(charts)]
    return tuple(
        _panel(chart, together, last=chart is together[-1], prefix=f"{prefix}-{number}")
        for number, chart in enumerate(together, 1)
    )


def _panel(chart: Chart, together: Sequence[Chart], last: bool, prefix: str) -> Panel:
    wide, narrow = (_shape(name, together, last) for name in (WIDE.name, NARROW.name))
    return Panel(
        chart=chart,
        wide=svg(chart, wide, prefix),
        narrow=svg(chart, narrow, prefix),
        figure=figure(chart, (wide, narrow)),
        css="panel-foot" if last else "panel-upper",
    )


def _shape(name: str, together: Sequence[Chart], last: bool) -> Shape:
    """With the widest right edge of all, so that the same day stands over itself."""
    shape = (FOOTS if last else UPPER)[name]
    return replace(shape, right=max(fitted(chart, shape).right for chart in together))
