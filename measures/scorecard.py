"""The read model: everything that a cycle's figures say to one viewer, in a fixed number of queries.

Pages, charts, paper and API render these dataclasses; what the viewer may not see is not in them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from accounts.viewer import Viewer

from .entries import Status
from .models import AreaForImprovement, Cycle, Measure, Observation, Series, Target
from .numbers import Unit
from .quarters import Quarter
from .rating import Polarity, Rating, rate
from .rating import Status as RatingStatus
from .readings import Aim, Reading, Scale, in_force
from .rights import Act, may
from .states import State
from .terms import Basis, Kind, PeriodKind, SeriesRole
from .travel import Travel, travel

HISTORY = 13


@dataclass(frozen=True)
class SeriesRow:
    """One series in one quarter. `history` holds every quarter of the chart, oldest first, this one last."""

    id: int
    code: str
    name: str
    role: SeriesRole
    scale: Scale
    derivation: str
    frequency: str
    window: str
    first_quarter: Quarter
    history: tuple[Reading, ...]
    aims: tuple[Aim, ...]

    @property
    def now(self) -> Reading:
        return self.history[-1]

    @property
    def before(self) -> Reading:
        """The quarter before, which the direction of travel is measured from."""
        return self.history[-2]

    @property
    def aim(self) -> Aim | None:
        return self.aim_in(self.now.period)

    def aim_in(self, quarter: Quarter) -> Aim | None:
        return in_force(list(self.aims), quarter)

    @cached_property
    def rating(self) -> Rating:
        return self.rating_of(self.now)

    def rating_of(self, reading: Reading) -> Rating:
        """Rated against the target in force in the reading's own quarter."""
        aim = self.aim_in(reading.period)
        return rate(
            reading.value,
            aim.target if aim else None,
            aim.tolerance if aim else None,
            self.scale.polarity,
            self.scale.decimals,
        )

    @cached_property
    def travel(self) -> Travel | None:
        return travel(
            self.now.value,
            self.before.value,
            polarity=self.scale.polarity,
            unit=self.scale.unit,
            decimals=self.scale.decimals,
        )


@dataclass(frozen=True)
class MeasureRow:
    id: int
    code: str
    slug: str
    title: str
    section: str
    kind: Kind
    why_it_matters: str
    owner: str
    source: str
    area_reason: str | None
    headline: SeriesRow | None
    pairs: tuple[SeriesRow, ...]
    subgroups: tuple[SeriesRow, ...]

    @property
    def is_area(self) -> bool:
        return self.area_reason is not None

    @property
    def is_volumetric(self) -> bool:
        return self.kind is Kind.VOLUMETRIC

    @property
    def status(self) -> RatingStatus:
        return self.headline.rating.status if self.headline else RatingStatus.NONE

    @property
    def series(self) -> tuple[SeriesRow, ...]:
        return (*((self.headline,) if self.headline else ()), *self.pairs, *self.subgroups)


@dataclass(frozen=True)
class Scorecard:
    """`figures_visible` False: this viewer does not see this quarter's figures yet, and they are not in the rows."""

    quarter: Quarter
    state: State
    figures_visible: bool
    rows: tuple[MeasureRow, ...]

    @property
    def counts(self) -> dict[RatingStatus, int]:
        """How many measures are green, amber, red and (missed ones among them) not rated."""
        found = dict.fromkeys(COUNTED, 0)
        for row in self.rows:
            found[counted_as(row.status)] += 1
        return found

    def row(self, slug: str) -> MeasureRow | None:
        return next((row for row in self.rows if row.slug == slug), None)


COUNTED = (RatingStatus.RED, RatingStatus.AMBER, RatingStatus.GREEN, RatingStatus.NONE)


def counted_as(status: RatingStatus) -> RatingStatus:
    return RatingStatus.NONE if status is RatingStatus.MISSED else status


def build(cycle: Cycle, viewer: Viewer) -> Scorecard:
    """The cycle as this viewer may see it: 6 queries, however many measures, series and quarters."""
    visible = visible_quarters(viewer)
    measures = list(Measure.objects.covering(cycle.quarter).filter(contract=cycle.contract_id))
    areas = dict(AreaForImprovement.objects.filter(cycle=cycle).values_list("measure_id", "reason"))
    series = list(Series.objects.covering(cycle.quarter).filter(measure__in=[m.pk for m in measures]))
    aims = aims_of([s.pk for s in series], cycle.quarter)
    readings = _readings([s.pk for s in series], cycle.quarter, visible)
    rows = defaultdict(list)
    for one in series:
        rows[one.measure_id].append(series_row(one, cycle.quarter, readings[one.pk], aims[one.pk]))
    return Scorecard(
        quarter=cycle.quarter,
        state=State(cycle.state),
        figures_visible=cycle.quarter in visible,
        rows=tuple(_measure_row(m, rows[m.pk], areas.get(m.pk)) for m in measures),
    )


def visible_quarters(viewer: Viewer) -> frozenset[Quarter]:
    """The quarters whose figures the viewer may see, from their cycles' states."""
    states = Cycle.objects.filter(contract=viewer.contract).values_list("quarter", "state")
    return frozenset(quarter for quarter, state in states if may(Act.SEE_FIGURES, viewer.who, State(state)))


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
    return Scale(
        Unit(series.unit), series.decimals, Polarity(series.polarity), series.counted, series.counted_one
    )


def series_row(series: Series, quarter: Quarter, held: Mapping[Quarter, Reading], aims: list[Aim]) -> SeriesRow:
    quarters = [quarter.shift(back) for back in range(1 - HISTORY, 1)]
    return SeriesRow(
        id=series.pk,
        code=series.code,
        name=series.name,
        role=SeriesRole(series.role),
        scale=scale_of(series),
        derivation=series.derivation,
        frequency=series.frequency,
        window=series.window,
        first_quarter=series.first_quarter,
        history=tuple(held.get(q) or Reading(q) for q in quarters),
        aims=tuple(aims),
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
