"""What an import compares a file with: the contract's series, what is held, and where this person may write."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.utils import timezone

from accounts.viewer import Viewer

from ..derivation import Derivation
from ..entries import Status
from ..expectation import LATEST
from ..holding import bounds_of
from ..models import Cycle, Observation, Series, kind_of, period_of
from ..policies import reason_asked, refusal
from ..quarters import Month, Quarter
from ..rights import ADMINISTRATOR_LIMIT, RIGHTS, Act, may
from ..set_up_words import possessive
from ..states import State, first_not_past
from ..terms import Frequency, Origin, PeriodKind
from .plan import Held, HeldValues, Known, Place

# How far after the last quarter known a file may speak of a quarter and be told why it cannot be written.
AHEAD = 8
TYPED = (PeriodKind.MONTH.value, PeriodKind.QUARTER.value)
NOT_AN_IMPORTER = "Values of this contract are brought in by {whose} analysts; administrators bring in past quarters."


@dataclass(frozen=True)
class Knowledge:
    """`series` are the rows behind `known`, by id; `cycles` those of the contract, by quarter."""

    known: tuple[Known, ...]
    held: HeldValues
    places: Mapping[Quarter, Place]
    series: Mapping[int, Series]
    cycles: Mapping[Quarter, Cycle]

    @property
    def quarter_to_fill(self) -> Quarter:
        """The latest that takes new values and was opened; without one the latest that takes any."""
        open_to = [quarter for quarter, place in self.places.items() if not place.refusal]
        opened = [quarter for quarter in open_to if quarter in self.cycles and self.cycles[quarter].state == State.OPEN]
        return max(opened or open_to or self.places)


def of(viewer: Viewer, *, now: datetime.datetime) -> Knowledge:
    """Three queries, however much the contract holds."""
    cycles = {cycle.quarter: cycle for cycle in Cycle.objects.filter(contract=viewer.contract)}
    series = list(
        Series.objects.filter(measure__contract=viewer.contract)
        .select_related("measure")
        .order_by("measure__position", "measure__code", "position", "code", "first_quarter")
    )
    held = _held(viewer, cycles)
    usual = _usual(held)
    known = tuple(_known(one, usual[one.pk, Frequency(one.frequency)]) for one in series)
    return Knowledge(
        known=known,
        held=held,
        places=_places(viewer, cycles, [one.first_quarter for one in series], now),
        series={one.pk: one for one in series},
        cycles=cycles,
    )


def _known(series: Series, usual: tuple[Decimal, ...]) -> Known:
    return Known(
        id=series.pk,
        measure_code=series.measure.code,
        measure_title=series.measure.title,
        code=series.code,
        name=series.name,
        frequency=Frequency(series.frequency),
        bounds=bounds_of(series),
        first_quarter=series.first_quarter,
        last_quarter=series.last_quarter,
        usual=usual,
        derivation=Derivation(series.derivation),
    )


def _held(viewer: Viewer, cycles: Mapping[Quarter, Cycle]) -> dict[tuple[int, Quarter | Month], Held]:
    """Every current value of the contract that the viewer may see: an import must not tell more than the pages do."""
    visible = {quarter for quarter, cycle in cycles.items() if may(Act.SEE_FIGURES, viewer.who, State(cycle.state))}
    fields = "series_id period_kind start value numerator denominator status note origin version".split()
    rows = Observation.objects.filter(
        series__measure__contract=viewer.contract, is_current=True, period_kind__in=TYPED
    ).order_by("series_id", "start")
    found = {}
    for series, kind, start, *figures, status, note, origin, version, made_up in rows.values_list(
        *fields, "counts_illustrative"
    ):
        period = period_of(kind, start)
        quarter = period if isinstance(period, Quarter) else period.quarter
        if quarter in visible:
            found[series, period] = Held(*figures, Status(status), note, Origin(origin), version, made_up)
    return found


def _usual(held: HeldValues) -> Mapping[tuple[int, Frequency], tuple[Decimal, ...]]:
    """The last values of each series and kind of period, latest last; `held` is in order of time."""
    found: dict[tuple[int, Frequency], list[Decimal]] = defaultdict(list)
    for (series, period), one in held.items():
        if one.value is not None:
            found[series, Frequency(kind_of(period))].append(one.value)
    return defaultdict(tuple, {key: tuple(values[-LATEST:]) for key, values in found.items()})


def _places(
    viewer: Viewer, cycles: Mapping[Quarter, Cycle], firsts: Iterable[Quarter], now: datetime.datetime
) -> dict[Quarter, Place]:
    """For every quarter that a series of the contract may run in."""
    present = Quarter.containing(timezone.localdate(now))
    first = min([*firsts, *cycles, present])
    last = max([*cycles, present]).shift(AHEAD)
    limit = first_not_past({quarter: cycle.state for quarter, cycle in cycles.items()}, timezone.localdate(now))
    places = {}
    quarter = first
    while quarter <= last:
        cycle = cycles.get(quarter)
        places[quarter] = _of_cycle(viewer, cycle) if cycle else _of_none(viewer, quarter, limit, cycles)
        quarter = quarter.next
    return places


def _of_cycle(viewer: Viewer, cycle: Cycle) -> Place:
    state = State(cycle.state)
    if may(Act.ENTER_VALUES, viewer.who, state) or may(Act.CORRECT_VALUES, viewer.who, state):
        return Place(
            needs_reason=bool(reason_asked(cycle, is_held=True)),
            first_needs_reason=bool(reason_asked(cycle, is_held=False)),
        )
    if may(Act.LOAD_HISTORY, viewer.who, state):
        return Place(may_change=False)
    return Place(refusal=_not_here(viewer) or refusal(Act.ENTER_VALUES, viewer, cycle))


def _of_none(viewer: Viewer, quarter: Quarter, limit: Quarter, cycles: Mapping[Quarter, Cycle]) -> Place:
    """A quarter without a cycle: a past one can be made for it, a later one must be opened first."""
    if viewer.who not in RIGHTS[Act.LOAD_HISTORY]:
        return Place(refusal=_not_here(viewer))
    if quarter < limit:
        return Place()
    if viewer.who not in RIGHTS[Act.ENTER_VALUES]:
        return Place(refusal=f"Administrators bring in past quarters only, those before {limit.label}.")
    opened = any(cycle.state != State.PAST for cycle in cycles.values())
    until = f"the first opened one, {limit.label}" if opened else f"the present one, {limit.label}"
    return Place(refusal=f"{quarter.label} is not open. Values can go into open quarters and those before {until}.")


def not_an_importer(viewer: Viewer) -> str:
    return NOT_AN_IMPORTER.format(whose=possessive(viewer.contract.provider.short_name))


def _not_here(viewer: Viewer) -> str:
    """Why this person writes no values at all, or none of quarters that are not past; empty for an analyst."""
    if viewer.who in RIGHTS[Act.ENTER_VALUES]:
        return ""
    if viewer.who in RIGHTS[Act.LOAD_HISTORY]:
        return ADMINISTRATOR_LIMIT
    return not_an_importer(viewer)
