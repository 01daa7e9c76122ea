"""What a row of a target says: whether it is in force, what waits on it, and what the rules are asked about."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from accounts.roles import Party

from .holding import bounds_of
from .models import Series, Target
from .quarters import Quarter
from .rating import Polarity
from .readings import Aim
from .states import State
from .target_entries import Ground, Shown
from .terms import Basis, Kind

PEOPLE = ("proposed_by", "agreed_by", "closed_by", "withdrawal_by", "withdrawn_by")


def rows_of(series: Series) -> list[Target]:
    """Every target of the series that was ever proposed, the earliest first; one query."""
    order = ("from_quarter", "proposed_at", "pk")
    rows = list(Target.objects.filter(series=series).select_related(*PEOPLE).order_by(*order))
    for row in rows:
        row.series = series
    return rows


def is_in_force(row: Target) -> bool:
    return row.agreed_at is not None and row.withdrawn_at is None


def waiting_party(row: Target) -> Party | None:
    """The party that proposed what waits for the other's answer: the target, or that it be withdrawn."""
    if row.agreed_at is None:
        return Party(row.proposed_party) if row.closed_at is None else None
    waits = row.withdrawal_at is not None and row.withdrawn_at is None
    return Party(row.withdrawal_party) if waits else None


def asking_party(row: Target) -> Party:
    """The same, or whose the row was where nothing waits: for saying who might have answered."""
    return waiting_party(row) or Party(row.withdrawal_party or row.proposed_party or Party.COMMISSIONER)


def shown_of(row: Target) -> Shown:
    """What a page about this row shows, which an answer repeats."""
    at = row.withdrawal_at if row.agreed_at else row.proposed_at
    return Shown(row.from_quarter, row.target, row.tolerance, at)


def aim_of(row: Target) -> Aim:
    return Aim(
        row.from_quarter,
        row.target,
        row.tolerance,
        Basis(row.target_basis),
        Basis(row.tolerance_basis),
        row.reason,
    )


def aims_of_rows(rows: Iterable[Target]) -> tuple[Aim, ...]:
    """Of those in force, oldest first as the rows are."""
    return tuple(aim_of(row) for row in rows if is_in_force(row))


def ground_of(series: Series, states: Mapping[Quarter, State], rows: Iterable[Target]) -> Ground:
    return Ground(
        code=series.code,
        kind=Kind(series.measure.kind),
        polarity=Polarity(series.polarity),
        bounds=bounds_of(series),
        first=max(series.first_quarter, series.measure.first_quarter),
        last=min((q for q in (series.last_quarter, series.measure.last_quarter) if q), default=None),
        aims=aims_of_rows(rows),
        states=states,
    )
