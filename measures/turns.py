"""Where a series starts anew: definitions, and what people recorded."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from operator import itemgetter

from django.db.models import DateField, ExpressionWrapper, F, Value

from .models import Definition, SeriesEvent
from .quarters import Quarter
from .terms import EventKind

DEFINITION = "definition"


@dataclass
class Turns:
    """Where a series starts anew: `breaks`, the quarters before which nothing is compared; `restarts`, the days from
    which process limits are computed, those of every break among them."""

    breaks: list[Quarter] = field(default_factory=list)
    restarts: list[datetime.date] = field(default_factory=list)


def turns_of(series_ids: list[int], until: Quarter) -> dict[int, Turns]:
    """From the definitions, but for each series' first one, which changed nothing, and from what people recorded."""
    definitions = (
        Definition.objects.filter(series__in=series_ids, from_quarter__lte=until)
        .annotate(day=ExpressionWrapper(F("from_quarter"), DateField()), kind=Value(DEFINITION))
        .order_by()
        .values_list("series_id", "day", "kind")
    )
    events = (
        SeriesEvent.objects.filter(series__in=series_ids, at__lte=until.end, withdrawn_at__isnull=True)
        .filter(kind__in=[EventKind.BREAK, EventKind.REBASE])
        .order_by()
        .values_list("series_id", "at", "kind")
    )
    return turns_from(definitions.union(events, all=True))


def turns_from(rows: Iterable[tuple[int, datetime.date, str]]) -> dict[int, Turns]:
    """Of (series id, day, DEFINITION or an EventKind)."""
    found, defined = defaultdict(Turns), set()
    for series_id, day, kind in sorted(rows, key=itemgetter(1)):
        if kind == DEFINITION and series_id not in defined:
            defined.add(series_id)
            continue
        if kind == EventKind.NOTE:
            continue
        turns = found[series_id]
        turns.restarts.append(day)
        if kind != EventKind.REBASE:
            quarter = Quarter.containing(day)
            turns.breaks.append(quarter)
            if day != quarter.start:
                # A quarter of two methods is compared with neither neighbour.
                turns.breaks.append(quarter.next)
    return found
