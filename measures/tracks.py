"""Every value held of some series, read for their process limits: one query."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Collection

from django.db.models import Aggregate, TextField, Value
from django.db.models.functions import Concat

from .columns import as_number, as_text
from .models import Observation
from .quarters import Quarter
from .readings import Reading
from .terms import Frequency, PeriodKind
from .track import MONTHS_IN, Track, place_of, track_of

SPACE = Value(" ", TextField())


def tracks_of(series_ids: Collection[int], until: Quarter, visible: frozenset[Quarter]) -> dict[int, Track]:
    """Of each series up to this quarter, as far as the viewer sees it. Numbers are floats, as the limits are: thousands
    of them come faster so."""
    months: dict[int, dict[int, float]] = defaultdict(dict)
    quarters: dict[int, dict[int, float]] = defaultdict(dict)
    shown = {place_of(quarter.start, Frequency.QUARTER) for quarter in visible}
    made = set()
    for series, kind, figures in _rows(series_ids, until.end):
        held = months[series] if kind == PeriodKind.MONTH else quarters[series]
        step = MONTHS_IN[Frequency(kind)]
        # "2018-07-01 0 84.2": the day, whether it is illustrative, the value.
        for one in figures.split(","):
            month = int(one[:4]) * 12 + int(one[5:7]) - 1
            if month // 3 in shown:
                held[month // step] = float(one[13:])
                if one[11] == "1":
                    made.add(series)
    return {series: track_of(months[series], quarters[series], illustrative=series in made) for series in series_ids}


class Joined(Aggregate):
    """Texts of many rows as one, with commas between."""

    function = "GROUP_CONCAT"
    output_field = TextField()

    def as_postgresql(self, compiler, connection, **extra):
        return self.as_sql(
            compiler, connection, function="STRING_AGG", template="%(function)s(%(expressions)s, ',')", **extra
        )


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
            figures=Joined(
                Concat(
                    as_text("start"),
                    SPACE,
                    as_text(as_number("illustrative")),
                    SPACE,
                    as_text("value"),
                    output_field=TextField(),
                )
            )
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
