"""What a contract holds already, as far as one paper and quarter are concerned."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from django.utils import timezone

from accounts.models import Contract
from accounts.roles import Party
from commentary.models import Pane
from measures import scorecard
from measures.models import Cycle, Measure, Observation, Series, Target
from measures.quarters import Quarter
from measures.readings import Aim, in_force
from measures.states import State, first_not_past
from measures.terms import PeriodKind

# How far back a paper may reach, for the list that one chooses from.
YEARS_BACK = 25


@dataclass(frozen=True)
class Holding:
    """`measures` by code in small letters, `series` by measure id in their order. What concerns a quarter is empty
    where none is chosen."""

    measures: Mapping[str, Measure]
    series: Mapping[int, list[Series]]
    observations: Mapping[int, Observation]
    aims: Mapping[int, Aim | None]
    panes: Mapping[tuple[int, Party], str]

    def measure_of_series(self, codes: tuple[str, ...]) -> list[Measure]:
        """Those with a series of any of these codes, each once."""
        folded = {code.casefold() for code in codes}
        return [
            measure
            for measure in self.measures.values()
            if any(one.code.casefold() in folded for one in self.series[measure.pk])
        ]


def limit_of(contract: Contract, *, now: datetime.datetime) -> Quarter:
    """The first quarter that is not past and cannot become it."""
    states = dict(Cycle.objects.filter(contract=contract).values_list("quarter", "state"))
    return first_not_past(states, timezone.localdate(now))


def opened_by_target(series: Series, quarter: Quarter) -> Quarter | None:
    """The first opened quarter in which a target of the series from `quarter` on would come into force too; None where
    the series ends before it, a later target stands between, or nothing was opened."""
    cycles = Cycle.objects.filter(contract=series.measure.contract_id, quarter__gt=quarter)
    opened = cycles.exclude(state=State.PAST).order_by("quarter").first()
    if opened is None or not series.covers(opened.quarter):
        return None
    between = Target.objects.filter(series=series, from_quarter__gt=quarter, from_quarter__lte=opened.quarter)
    return None if between.filter(agreed_at__isnull=False, withdrawn_at__isnull=True).exists() else opened.quarter


def read(contract: Contract, quarter: Quarter | None) -> Holding:
    """Six queries at most, however much is held."""
    measures = {one.code.casefold(): one for one in Measure.objects.filter(contract=contract)}
    series = defaultdict(list)
    rows = list(Series.objects.filter(measure__contract=contract).select_related("measure").order_by("first_quarter"))
    for one in rows:
        series[one.measure_id].append(one)
    cycle = Cycle.objects.filter(contract=contract, quarter=quarter).first() if quarter else None
    return Holding(
        measures=measures,
        series=series,
        observations=_observations(rows, quarter) if quarter else {},
        aims=_aims(rows, quarter) if quarter else {},
        panes=_panes(cycle) if cycle else {},
    )


def _observations(series: list[Series], quarter: Quarter) -> dict[int, Observation]:
    rows = Observation.objects.filter(
        series__in=[one.pk for one in series],
        period_kind=PeriodKind.QUARTER,
        start=quarter.start,
        is_current=True,
    )
    return {row.series_id: row for row in rows}


def _aims(series: list[Series], quarter: Quarter) -> dict[int, Aim | None]:
    held = scorecard.aims_of([one.pk for one in series], quarter)
    return {one.pk: in_force(held[one.pk], quarter) for one in series}


def _panes(cycle: Cycle) -> dict[tuple[int, Party], str]:
    rows = Pane.objects.filter(cycle=cycle, released__isnull=False).order_by()
    return {(pane.measure_id, Party(pane.party)): pane.released for pane in rows}


def quarters_to_choose(limit: Quarter, numbers: set[int]) -> list[Quarter]:
    """Those that are past or may become it, latest first; only those with the number that the paper states, where it
    states one."""
    every = [limit.shift(-back) for back in range(1, YEARS_BACK * 4 + 1)]
    return [quarter for quarter in every if len(numbers) != 1 or quarter.number in numbers]
