"""The read model: everything that a cycle's figures say to one viewer, in a fixed number of queries.

Pages, charts, paper and API render these dataclasses; what the viewer may not see is not in them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from functools import lru_cache

from django.db.models import OuterRef, QuerySet, Subquery

from accounts.viewer import Viewer

from .columns import as_number, as_text
from .entries import Status
from .models import AreaForImprovement, Cycle, Measure, Observation, Series, Target
from .numbers import Unit
from .quarters import Quarter
from .rating import Polarity
from .readings import Aim, Reading, Scale
from .rights import Act, may
from .rows import MeasureRow, Scorecard, SeriesRow
from .states import State
from .stats.chance import SMALL
from .terms import Basis, Frequency, Kind, PeriodKind, SeriesRole
from .track import Track
from .tracks import tracks_of
from .turns import Turns, turns_of

HISTORY = 13


def build(cycle: Cycle, viewer: Viewer, cycles: Iterable[Cycle] | None = None, *, whole: bool = True) -> Scorecard:
    """The cycle as this viewer may see it: 6 queries, however many measures, series and quarters. Not `whole`, 4:
    without breaks, restarts and tracks, which `trend` reads for the one measure that it shows.

    `cycles` are all of the contract's where the caller has read them; else they are read here, one query more.
    """
    visible = visible_quarters(viewer, Cycle.objects.filter(contract=viewer.contract) if cycles is None else cycles)
    measures = list(_measures(cycle))
    series = list(Series.objects.covering(cycle.quarter).filter(measure__in=[m.pk for m in measures]))
    ids = [s.pk for s in series]
    aims = aims_of(ids, cycle.quarter)
    readings = _readings(ids, cycle.quarter, visible)
    turns = turns_of(ids, cycle.quarter) if whole else defaultdict(Turns)
    headlines = [s.pk for s in series if s.role == SeriesRole.HEADLINE]
    tracks = defaultdict(Track, tracks_of(headlines, cycle.quarter, visible) if whole else {})
    rows = defaultdict(list)
    for one in series:
        held = (readings[one.pk], aims[one.pk], turns[one.pk], tracks[one.pk])
        row = series_row(one, cycle.quarter, *held, viewer.contract.small_cohort)
        rows[one.measure_id].append(row)
    return Scorecard(
        quarter=cycle.quarter,
        state=State(cycle.state),
        visible=visible,
        rows=tuple(_measure_row(m, rows[m.pk], m.area_reason) for m in measures),
    )


def _measures(cycle: Cycle) -> QuerySet[Measure]:
    """With the reason why each is an area for improvement, None for those that are none."""
    areas = AreaForImprovement.objects.filter(cycle=cycle, measure=OuterRef("pk"))
    measures = Measure.objects.covering(cycle.quarter).filter(contract=cycle.contract_id)
    return measures.annotate(area_reason=Subquery(areas.values("reason")[:1]))


def visible_quarters(viewer: Viewer, cycles: Iterable[Cycle]) -> frozenset[Quarter]:
    """The quarters whose figures the viewer may see, from their cycles' states."""
    return frozenset(c.quarter for c in cycles if may(Act.SEE_FIGURES, viewer.who, State(c.state)))


def aims_of(series_ids: list[int], until: Quarter) -> dict[int, list[Aim]]:
    """Agreed targets that are not withdrawn, by series, oldest first."""
    found = defaultdict(list)
    rows = Target.objects.filter(
        series__in=series_ids, from_quarter__lte=until, agreed_at__isnull=False, withdrawn_at__isnull=True
    ).order_by("from_quarter")
    columns = ("target", "tolerance", "target_basis", "tolerance_basis", "reason")
    for series_id, quarter, target, tolerance, basis, tolerance_basis, reason in rows.values_list(
        "series_id", "from_quarter", *columns
    ):
        found[series_id].append(Aim(quarter, target, tolerance, Basis(basis), Basis(tolerance_basis), reason))
    return found


def _readings(series_ids: list[int], until: Quarter, visible: frozenset[Quarter]) -> dict[int, dict]:
    rows = Observation.objects.filter(
        series__in=series_ids,
        period_kind=PeriodKind.QUARTER,
        start__range=(until.shift(1 - HISTORY).start, until.start),
        is_current=True,
    )
    rows = rows.order_by().annotate(
        day=as_text("start"), made=as_number("illustrative"), made_counts=as_number("counts_illustrative")
    )
    numbers = {f"{name}_text": as_text(name) for name in ("value", "numerator", "denominator")}
    columns = ("series_id", "day", *numbers, "status", "made", "made_counts", "revision", "months_present", "note")
    found = defaultdict(dict)
    # None for one that the viewer may not see.
    quarters: dict[str, Quarter | None] = {}
    for (
        series_id,
        day,
        value,
        numerator,
        denominator,
        status,
        made,
        made_counts,
        revision,
        months,
        note,
    ) in rows.annotate(**numbers).values_list(*columns):
        if day not in quarters:
            quarter = Quarter.containing(date.fromisoformat(day))
            quarters[day] = quarter if quarter in visible else None
        if quarter := quarters[day]:
            found[series_id][quarter] = Reading(
                quarter,
                _decimal(value),
                _decimal(numerator),
                _decimal(denominator),
                Status(status),
                bool(made),
                bool(made_counts),
                revision > 1,
                months,
                note,
            )
    return found


def _decimal(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


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
    series: Series,
    quarter: Quarter,
    held: Mapping[Quarter, Reading],
    aims: list[Aim],
    turns: Turns,
    track: Track | None = None,
    small_cohort: int = SMALL,
) -> SeriesRow:
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
        history=tuple([held.get(q) or Reading(q) for q in _history_of(quarter)]),
        aims=tuple(aims),
        breaks=tuple(turns.breaks),
        restarts=tuple(turns.restarts),
        track=track or Track(),
        small_cohort=small_cohort,
    )


@lru_cache(maxsize=64)
def _history_of(quarter: Quarter) -> tuple[Quarter, ...]:
    return tuple(quarter.shift(back) for back in range(1 - HISTORY, 1))


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
