"""The read model: everything that a cycle's figures say to one viewer, in a fixed number of queries.

Pages, charts, paper and API render these dataclasses; what the viewer may not see is not in them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from accounts.viewer import Viewer

from .entries import Status
from .models import AreaForImprovement, Cycle, Definition, Measure, Observation, Series, Target
from .numbers import Unit
from .quarters import Quarter
from .rating import Polarity
from .readings import Aim, Reading, Scale
from .rights import Act, may
from .rows import MeasureRow, Scorecard, SeriesRow
from .states import State
from .terms import Basis, Frequency, Kind, PeriodKind, SeriesRole

HISTORY = 13


def build(cycle: Cycle, viewer: Viewer, cycles: Iterable[Cycle] | None = None) -> Scorecard:
    """The cycle as this viewer may see it: 6 queries, however many measures, series and quarters.

    `cycles` are all of the contract's where the caller has read them; else they are read here, a seventh query.
    """
    visible = visible_quarters(viewer, Cycle.objects.filter(contract=viewer.contract) if cycles is None else cycles)
    measures = list(Measure.objects.covering(cycle.quarter).filter(contract=cycle.contract_id))
    areas = dict(AreaForImprovement.objects.filter(cycle=cycle).values_list("measure_id", "reason"))
    series = list(Series.objects.covering(cycle.quarter).filter(measure__in=[m.pk for m in measures]))
    aims = aims_of([s.pk for s in series], cycle.quarter)
    readings = _readings([s.pk for s in series], cycle.quarter, visible)
    breaks = _breaks([s.pk for s in series], cycle.quarter)
    rows = defaultdict(list)
    for one in series:
        rows[one.measure_id].append(series_row(one, cycle.quarter, readings[one.pk], aims[one.pk], breaks[one.pk]))
    return Scorecard(
        quarter=cycle.quarter,
        state=State(cycle.state),
        visible=visible,
        rows=tuple(_measure_row(m, rows[m.pk], areas.get(m.pk)) for m in measures),
    )


def visible_quarters(viewer: Viewer, cycles: Iterable[Cycle]) -> frozenset[Quarter]:
    """The quarters whose figures the viewer may see, from their cycles' states."""
    return frozenset(c.quarter for c in cycles if may(Act.SEE_FIGURES, viewer.who, State(c.state)))


def aims_of(series_ids: list[int], until: Quarter) -> dict[int, list[Aim]]:
    """Agreed targets that are not withdrawn, by series, oldest first."""
    found = defaultdict(list)
    rows = Target.objects.filter(
        series__in=series_ids, from_quarter__lte=until, agreed_at__isnull=False, withdrawn_at__isnull=True
    ).order_by("from_quarter")
    for row in rows:
        found[row.series_id].append(
            Aim(
                row.from_quarter,
                row.target,
                row.tolerance,
                Basis(row.target_basis),
                Basis(row.tolerance_basis),
                row.reason,
            )
        )
    return found


def _breaks(series_ids: list[int], until: Quarter) -> dict[int, list[Quarter]]:
    """The quarters from which a definition counts, but for each series' first one, which changed nothing."""
    found = defaultdict(list)
    rows = Definition.objects.filter(series__in=series_ids, from_quarter__lte=until).order_by("from_quarter")
    for series_id, quarter in rows.values_list("series_id", "from_quarter"):
        found[series_id].append(quarter)
    return defaultdict(list, {series_id: quarters[1:] for series_id, quarters in found.items()})


def _readings(series_ids: list[int], until: Quarter, visible: frozenset[Quarter]) -> dict[int, dict]:
    rows = Observation.objects.filter(
        series__in=series_ids,
        period_kind=PeriodKind.QUARTER,
        start__range=(until.shift(1 - HISTORY).start, until.start),
        is_current=True,
    )
    found = defaultdict(dict)
    for row in rows:
        if row.period in visible:
            found[row.series_id][row.period] = reading_of(row)
    return found


def reading_of(row: Observation) -> Reading:
    return Reading(
        period=row.period,
        value=row.value,
        numerator=row.numerator,
        denominator=row.denominator,
        status=Status(row.status),
        illustrative=row.illustrative,
        counts_illustrative=row.counts_illustrative,
        revised=row.revision > 1,
        months_present=row.months_present,
        note=row.note,
    )


def scale_of(series: Series) -> Scale:
    return Scale(Unit(series.unit), series.decimals, Polarity(series.polarity), series.counted, series.counted_one)


def series_row(
    series: Series, quarter: Quarter, held: Mapping[Quarter, Reading], aims: list[Aim], breaks: list[Quarter]
) -> SeriesRow:
    quarters = [quarter.shift(back) for back in range(1 - HISTORY, 1)]
    return SeriesRow(
        id=series.pk,
        code=series.code,
        name=series.name,
        role=SeriesRole(series.role),
        scale=scale_of(series),
        derivation=series.derivation,
        frequency=Frequency(series.frequency),
        window=series.window,
        first_quarter=series.first_quarter,
        history=tuple(held.get(q) or Reading(q) for q in quarters),
        aims=tuple(aims),
        breaks=tuple(breaks),
    )


def _measure_row(measure: Measure, series: list[SeriesRow], area_reason: str | None) -> MeasureRow:
    by_role = {role: tuple(row for row in series if row.role is role) for role in SeriesRole}
    return MeasureRow(
        id=measure.pk,
        code=measure.code,
        slug=measure.slug,
        title=measure.title,
        section=measure.section,
        kind=Kind(measure.kind),
        why_it_matters=measure.why_it_matters,
        owner=measure.owner,
        source=measure.source,
        area_reason=area_reason,
        headline=next(iter(by_role[SeriesRole.HEADLINE]), None),
        pairs=by_role[SeriesRole.PAIR],
        subgroups=by_role[SeriesRole.SUBGROUP],
    )
