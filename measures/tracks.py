"""Every value held of some series, read for their process limits: one query."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Collection

from django.db.models import Aggregate, Q, TextField, Value
from django.db.models.functions import Concat

from .columns import as_text
from .models import Observation
from .quarters import Quarter
from .readings import Reading
from .terms import Frequency, PeriodKind
from .track import Track, place_of, track_of

SPACE = Value(" ", TextField())


def tracks_of(series_ids: Collection[int], until: Quarter, visible: frozenset[Quarter]) -> dict[int, Track]:
    """Of each series up to this quarter, as far as the viewer sees it. Numbers are floats, as the limits are: thousands
    of them come faster so."""
    held = {frequency: defaultdict(dict) for frequency in Frequency}
    places = {frequency: _places(visible, frequency) for frequency in Frequency}
    made = set()
    for series, kind, figures, illustrative in _rows(series_ids, until.end):
        frequency = Frequency(kind)
        of_series, place = held[frequency][series], places[frequency]
        # "2018-07-01 84.2": the day that the period starts with, the value.
        for one in figures.split(","):
            if one[:7] in place:
                of_series[place[one[:7]]] = float(one[11:])
        if illustrative and any(day[:7] in place for day in illustrative.split(",")):
            made.add(series)
    months, quarters = held[Frequency.MONTH], held[Frequency.QUARTER]
    return {series: track_of(months[series], quarters[series], illustrative=series in made) for series in series_ids}


def _places(visible: frozenset[Quarter], frequency: Frequency) -> dict[str, int]:
    """The places of the periods within these quarters by "2018-07", the month that each starts with."""
    starts = [month.start for quarter in visible for month in quarter.months]
    return {f"{start:%Y-%m}": place_of(start, frequency) for start in starts}


class Joined(Aggregate):
    """Texts of many rows as one, with commas between."""

    function = "GROUP_CONCAT"
    output_field = TextField()

    def as_postgresql(self, compiler, connection, **extra):
        there = self.copy()
        # Not passed on as arguments: a filter brings a template of its own, made from this one.
        there.function, there.template = "STRING_AGG", "%(function)s(%(expressions)s, ',')"
        return there.as_sql(compiler, connection, **extra)


def _rows(series: Collection[int], until: datetime.date):
    """One row for each series and kind of period: rows of thousands of values would take longer than the limits."""
    return (
        Observation.objects.filter(
            series__in=series,
            is_current=True,
            value__isnull=False,
            start__lte=until,
            period_kind__in=[PeriodKind.MONTH, PeriodKind.QUARTER],
        )
        .order_by()
        .values_list("series_id", "period_kind")
        .annotate(
            figures=Joined(Concat(as_text("start"), SPACE, as_text("value"), output_field=TextField())),
            made=Joined(as_text("start"), filter=Q(illustrative=True)),
        )
    )


def track_of_readings(every: Collection[Reading]) -> Track:
    """The same of one series whose readings are there, months and quarters."""
    held: dict[Frequency, dict[int, float]] = {frequency: {} for frequency in Frequency}
    for reading in every:
        if reading.value is not None:
            frequency = Frequency.QUARTER if isinstance(reading.period, Quarter) else Frequency.MONTH
            held[frequency][place_of(reading.period.start, frequency)] = float(reading.value)
    made = any(reading.illustrative for reading in every if reading.value is not None)
    return track_of(held[Frequency.MONTH], held[Frequency.QUARTER], illustrative=made)
