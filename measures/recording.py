"""Writing observations. The one way in for forms, imports and the demonstration's loader."""

from __future__ import annotations

import datetime
from collections.abc import Mapping

from django.db import IntegrityError, transaction

from accounts.denial import Denied, Stale
from accounts.viewer import Viewer

from .derivation import Derivation, Part, derive
from .entries import TAKE_COUNTS, WITH_VALUE, Bounds, Entry, Status, held_value, problems
from .models import Cycle, Observation, Series, kind_of
from .numbers import Unit
from .policies import check_may
from .quarters import Month, Quarter
from .rights import Act
from .terms import Origin, PeriodKind

LONGEST_REASON = 500
STALE = "Somebody else saved this value after you opened it. Compare the two and save again."


class Invalid(Exception):
    """The entry may not be stored; `.errors` maps field names to messages."""

    def __init__(self, errors: dict[str, str]) -> None:
        super().__init__("; ".join(errors.values()))
        self.errors = errors


def bounds_of(series: Series) -> Bounds:
    unit = Unit(series.unit)
    needs_counts = series.derivation == Derivation.POOLED_RATIO and unit in TAKE_COUNTS
    return Bounds(unit, series.maximum, series.decimals, needs_counts)


@transaction.atomic
def record(
    *,
    by: Viewer,
    cycle: Cycle,
    series: Series,
    period: Quarter | Month,
    entry: Entry,
    version: int,
    now: datetime.datetime,
    reason: str = "",
) -> Observation:
    """Store what an analyst typed for one period of an open cycle, and derive the quarter from its months.

    `version` is the one the analyst saw, 0 for nothing held. What is held already stays as it is, without a new
    version or revision. Raises Denied and its kin, Stale when somebody else saved in between, Invalid with messages by
    field. Writes no audit entry: figures of an open quarter are the provider's own until they are submitted.
    """
    cycle = Cycle.objects.select_for_update().get(pk=cycle.pk)
    check_may(Act.ENTER_VALUES, by, cycle)
    _check_belongs(by, cycle, series, period)
    errors = problems(entry, bounds_of(series))
    reason = reason.strip()
    if cycle.submitted_once and not reason:
        errors["reason"] = "Say why the value changes: it was submitted before."
    if len(reason) > LONGEST_REASON:
        errors["reason"] = f"Use {LONGEST_REASON} characters or fewer; this has {len(reason):,}."
    if errors:
        raise Invalid(errors)
    fields = {
        "value": held_value(entry, bounds_of(series)),
        "numerator": entry.numerator,
        "denominator": entry.denominator,
        "status": entry.status,
        "note": entry.note,
        "origin": Origin.ENTERED,
        "illustrative": False,
        "counts_illustrative": False,
    }
    current = current_of(series, period)
    if current and current.version == version and _is_same(current, fields):
        return current
    fields["reason"] = reason
    stored = _store(series, period, fields, version=version, revise=cycle.submitted_once, by=by, now=now)
    if series.is_derived:
        _derive_quarter(series, cycle, by=by, now=now, reason=reason)
    return stored


def _check_belongs(by: Viewer, cycle: Cycle, series: Series, period: Quarter | Month) -> None:
    if cycle.contract_id != by.contract.pk or series.measure.contract_id != cycle.contract_id:
        raise Denied("This series belongs to another contract.")
    check_period(series, cycle.quarter, period)


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


def _is_same(held: Observation, fields: Mapping) -> bool:
    return all(getattr(held, name) == value for name, value in fields.items())


def _store(series, period, fields, *, version, revise, by, now) -> Observation:
    """One statement checks the version and writes; after the first submit the old row stays as a revision."""
    current = current_of(series, period)
    if (current.version if current else 0) != version:
        raise Stale(STALE)
    stamp = {"by": by.user, "at": now}
    if current is None:
        row = Observation(series=series, period_kind=kind_of(period), start=period.start, **fields, **stamp)
        return _insert(row)
    if not revise:
        changed = Observation.objects.filter(pk=current.pk, version=version, is_current=True).update(
            **fields, **stamp, version=version + 1
        )
        if not changed:
            raise Stale(STALE)
        current.refresh_from_db()
        return current
    retired = Observation.objects.filter(pk=current.pk, version=version, is_current=True).update(is_current=False)
    if not retired:
        raise Stale(STALE)
    return _insert(
        Observation(
            series=series,
            period_kind=current.period_kind,
            start=current.start,
            revision=current.revision + 1,
            version=version + 1,
            **fields,
            **stamp,
        )
    )


def _insert(row: Observation) -> Observation:
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as error:
        if current_of(row.series, row.period) is None:
            raise
        # Two first saves at once: the unique constraint lets one through.
        raise Stale(STALE) from error
    return row


def _derive_quarter(series: Series, cycle: Cycle, *, by: Viewer, now, reason: str) -> None:
    rows = Observation.objects.filter(
        series=series,
        period_kind=PeriodKind.MONTH,
        start__in=[month.start for month in cycle.quarter.months],
        is_current=True,
    )
    fields = quarter_fields(series, cycle.quarter, {row.start: row for row in rows})
    if fields is None:
        return
    held = current_of(series, cycle.quarter)
    if held and _is_same(held, fields):
        return
    version = held.version if held else 0
    fields["reason"] = reason
    _store(series, cycle.quarter, fields, version=version, revise=cycle.submitted_once, by=by, now=now)


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
