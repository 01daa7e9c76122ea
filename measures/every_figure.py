"""Every figure of a contract that one viewer may see, for the export that can be imported again."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from accounts.viewer import Viewer

from .models import Cycle, Observation, Series
from .quarters import Quarter
from .readings import Reading
from .rows import SeriesRow
from .scorecard import aims_of, reading_of, series_row, visible_quarters
from .terms import PeriodKind
from .turns import Turns

TYPED = (PeriodKind.MONTH.value, PeriodKind.QUARTER.value)


def every_figure(viewer: Viewer) -> list[tuple[str, SeriesRow, list[Reading]]]:
    """(measure's code, series, its readings, the oldest first and months before their quarter), series without any
    left out. Four queries."""
    cycles = list(Cycle.objects.filter(contract=viewer.contract))
    if not cycles:
        return []
    latest = max(cycle.quarter for cycle in cycles)
    series = list(
        Series.objects.filter(measure__contract=viewer.contract)
        .select_related("measure")
        .order_by("measure__position", "measure__code", "position", "code", "first_quarter")
    )
    readings = _readings(viewer, visible_quarters(viewer, cycles))
    aims = aims_of([one.pk for one in series], latest)
    return [
        (
            one.measure.code,
            series_row(one, latest, _quarters(readings[one.pk]), aims[one.pk], Turns()),
            readings[one.pk],
        )
        for one in series
        if readings[one.pk]
    ]


def _readings(viewer: Viewer, visible: frozenset[Quarter]) -> Mapping[int, list[Reading]]:
    rows = Observation.objects.filter(series__measure__contract=viewer.contract, is_current=True, period_kind__in=TYPED)
    found: dict[int, list[Reading]] = defaultdict(list)
    for row in rows:
        reading = reading_of(row)
        if reading.quarter in visible:
            found[row.series_id].append(reading)
    for each in found.values():
        each.sort(key=lambda reading: (reading.period.end, isinstance(reading.period, Quarter)))
    return found


def _quarters(readings: list[Reading]) -> dict[Quarter, Reading]:
    return {reading.period: reading for reading in readings if isinstance(reading.period, Quarter)}
