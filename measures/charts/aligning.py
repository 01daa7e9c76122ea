"""Charts that stand together share one time axis."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from measures.charts.parts import Chart


def aligned(charts: Sequence[Chart]) -> list[Chart]:
    """The same charts, each spanning every date of all; their own points stay where they are."""
    if not charts:
        return []
    since, until = min(chart.since for chart in charts), max(chart.until for chart in charts)
    return [replace(chart, since=since, until=until) for chart in charts]
