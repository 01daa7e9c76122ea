"""Setting up a contract's measures: an administrator's writes, each audited in the contract's chain."""

from __future__ import annotations

import datetime

from django.db import transaction

from accounts import audit
from accounts.viewer import Viewer

from .models import Benchmark, Definition, Measure, Series, Target
from .policies import check_standing
from .quarters import Quarter, Year
from .rating import Polarity, check_target
from .rights import Act
from .terms import PeriodKind


@transaction.atomic
def add_measure(*, by: Viewer, now: datetime.datetime, **columns) -> Measure:
    """`columns` are those of Measure but its contract. IntegrityError for a code or slug in use."""
    check_standing(Act.SET_UP, by)
    measure = Measure.objects.create(contract=by.contract, **columns)
    _audit(by, now, "add measure", measure.code, {"title": measure.title})
    return measure


@transaction.atomic
def add_series(*, by: Viewer, measure: Measure, definition: str, now: datetime.datetime, **columns) -> Series:
    """A series with its first definition. `columns` are those of Series but its measure."""
    check_standing(Act.SET_UP, by)
    series = Series.objects.create(measure=measure, **columns)
    Definition.objects.create(series=series, from_quarter=series.first_quarter, text=definition)
    _audit(by, now, "add series", f"{measure.code} {series.code}", {"name": series.name, "definition": definition})
    return series


@transaction.atomic
def set_first_target(
    *,
    by: Viewer,
    series: Series,
    from_quarter: Quarter,
    now: datetime.datetime,
    **columns,
) -> Target:
    """A target that comes with set-up: in force at once, agreed by nobody. ValueError for a tolerance on the wrong
    side of the target. `columns`: target, tolerance, target_basis, tolerance_basis, reason."""
    check_standing(Act.SET_UP, by)
    check_target(columns["target"], columns["tolerance"], Polarity(series.polarity))
    target = Target.objects.create(
        series=series, from_quarter=from_quarter, proposed_by=by.user, agreed_at=now, **columns
    )
    new = {name: None if columns[name] is None else str(columns[name]) for name in ("target", "tolerance")}
    _audit(by, now, "set first target", f"{series.code} {from_quarter.code}", new, reason=target.reason)
    return target


@transaction.atomic
def add_benchmark(*, by: Viewer, series: Series, year: Year, now: datetime.datetime, **columns) -> Benchmark:
    """One comparator's value for a financial year. `columns` are those of Benchmark but series and period."""
    check_standing(Act.ADD_BENCHMARK, by)
    benchmark = Benchmark.objects.create(series=series, period_kind=PeriodKind.YEAR, start=year.start, **columns)
    new = {"value": str(benchmark.value), "source": f"{benchmark.source}, {benchmark.edition}"}
    _audit(by, now, "add benchmark", f"{series.code} {benchmark.comparator} {year.code}", new)
    return benchmark


def _audit(by: Viewer, now, act: str, object: str, new: dict, reason: str = "") -> None:
    audit.append(contract_id=by.contract.pk, by=by.user, now=now, act=act, object=object, new=new, reason=reason)
