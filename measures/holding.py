"""What is held of a series and period: the bounds of it, the current row, its figures as data, the derived quarter."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from decimal import Decimal

from accounts.denial import Denied

from .derivation import Derivation, Part, derive
from .entries import TAKE_COUNTS, WITH_VALUE, Bounds, Status
from .models import Observation, Series, kind_of
from .numbers import Unit
from .quarters import Month, Quarter
from .terms import Origin

NUMBERS = ("value", "numerator", "denominator")
# What a person can see change. Where a figure came from is not part of it.
FIGURES = (*NUMBERS, "status", "note", "illustrative", "counts_illustrative")


def quarter_of(period: Quarter | Month) -> Quarter:
    return period if isinstance(period, Quarter) else period.quarter


def bounds_of(series: Series) -> Bounds:
    unit = Unit(series.unit)
    needs_counts = series.derivation == Derivation.POOLED_RATIO and unit in TAKE_COUNTS
    return Bounds(unit, series.maximum, series.decimals, needs_counts)


def check_period(series: Series, quarter: Quarter, period: Quarter | Month) -> None:
    """Denied where the series does not run in the quarter, or takes its values by other periods."""
    if not series.covers(quarter):
        raise Denied(f"{series.name} does not run in {quarter.label}.")
    if period not in series.periods(quarter):
        raise Denied(f"{period.label} cannot be typed for {series.name} in {quarter.label}.")


def current_of(series: Series, period: Quarter | Month) -> Observation | None:
    return Observation.objects.filter(
        series=series, period_kind=kind_of(period), start=period.start, is_current=True
    ).first()


def is_same(held: Observation, columns: Mapping) -> bool:
    """Whether the row holds these figures already, wherever they came from."""
    return all(getattr(held, name) == value for name, value in columns.items() if name != "origin")


def figures_of(row: Observation) -> dict:
    """The row's figures as JSON can hold them: numbers as text, with no needless zeros."""
    found = {name: getattr(row, name) for name in FIGURES}
    numbers = {name: None if found[name] is None else f"{Decimal(found[name]).normalize():f}" for name in NUMBERS}
    return found | numbers | {"status": str(row.status), "origin": str(row.origin)}


def columns_of(figures: Mapping) -> dict:
    """The columns that give `figures_of` again."""
    numbers = {name: None if figures[name] is None else Decimal(figures[name]) for name in NUMBERS}
    return dict(figures) | numbers


def quarter_fields(series: Series, quarter: Quarter, held: Mapping[datetime.date, Observation]) -> dict | None:
    """Columns of the quarter derived from the months held, by first day; None while they give nothing.

    It is provisional when a month is missing or provisional and illustrative when one of them is. Where nothing can
    be derived and a month says why it has no value, the quarter says the same.
    """
    months = [held.get(month.start) for month in quarter.months]
    parts = [None if row is None else Part(row.value, row.numerator, row.denominator) for row in months]
    derived = derive(Derivation(series.derivation), parts, Unit(series.unit))
    used = months[-1:] if series.derivation == Derivation.SNAPSHOT_END else months
    rows = [row for row in used if row is not None]
    common = {"origin": Origin.DERIVED, "illustrative": any(row.illustrative for row in rows), "note": ""}
    if derived is None:
        # A month may have a value and yet give nothing, such as one without counts: "final" is no reason.
        reasons = [row.status for row in rows if row.status not in WITH_VALUE]
        if not reasons:
            return None
        nothing = {"value": None, "numerator": None, "denominator": None, "months_present": 0}
        return {**common, **nothing, "status": reasons[-1], "counts_illustrative": False}
    provisional = derived.provisional or any(row.status == Status.PROVISIONAL for row in rows)
    return {
        **common,
        "value": derived.value,
        "numerator": derived.numerator,
        "denominator": derived.denominator,
        "status": Status.PROVISIONAL if provisional else Status.FINAL,
        "months_present": derived.months_present,
        "counts_illustrative": False,
    }
