"""Every value held of some series, read for their process limits: one query."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Collection, Mapping

from django.db.models import CharField, F, FloatField, IntegerField
from django.db.models.functions import Cast

from .models import Observation
from .quarters import Quarter
from .readings import Reading
from .terms import Frequency, PeriodKind
from .track import Track, place_of, track_of


def tracks_of(
    histories: Mapping[int, Collection[Reading]], until: Quarter, visible: frozenset[Quarter]
) -> dict[int, Track]:
    """Of the series whose latest quarters are given, by id, up to this quarter, as far as the viewer sees them.

    A series held by month has its months; with too few of them the quarters given. Numbers are floats, as the limits
    are: thousands of them come faster so.
    """
    months: dict[int, dict[int, float]] = defaultdict(dict)
    quarters: dict[int, dict[int, float]] = defaultdict(dict)
    shown = {place_of(quarter.start, Frequency.QUARTER) for quarter in visible}
    made = set()
    for series, kind, start, number, illustrative in _rows(histories.keys(), until.end):
        month = int(start[:4]) * 12 + int(start[5:7]) - 1
        if month // 3 not in shown:
            continue
        if illustrative:
            made.add(series)
        if kind == PeriodKind.MONTH:
            months[series][month] = number
        else:
            quarters[series][month // 3] = number
    return {
        series: track_of(months[series], quarters[series] or _quarters(history), illustrative=series in made)
        for series, history in histories.items()
    }


def track_of_readings(frequency: Frequency, every: Collection[Reading], history: Collection[Reading]) -> Track:
    """The same of one series whose readings are there: `every` by its frequency, `history` its latest quarters."""
    held = {
        place_of(reading.period.start, frequency): float(reading.value)
        for reading in every
        if reading.value is not None
    }
    made = any(reading.illustrative for reading in every if reading.value is not None)
    if frequency is Frequency.MONTH:
        return track_of(held, _quarters(history), illustrative=made)
    return track_of({}, held, illustrative=made)


def _rows(series: Collection[int], until: datetime.date):
    return (
        Observation.objects.filter(
            series__in=series,
            is_current=True,
            value__isnull=False,
            start__lte=until,
            period_kind=F("series__frequency"),
        )
        # As plain numbers and texts, which nothing has to be converted from: they are thousands.
        .annotate(
            number=Cast("value", FloatField()),
            day=Cast("start", CharField()),
            made=Cast("illustrative", IntegerField()),
        )
        .values_list("series_id", "period_kind", "day", "number", "made")
    )


def _quarters(history: Collection[Reading]) -> dict[int, float]:
    held = [reading for reading in history if reading.value is not None]
    return {place_of(reading.period.start, Frequency.QUARTER): float(reading.value) for reading in held}
