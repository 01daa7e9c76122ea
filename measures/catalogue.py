"""Setting up a contract's measures: an administrator's writes, each audited in the contract's chain."""

from __future__ import annotations

import datetime
from decimal import Decimal

from django.db import transaction
from django.db.models import Q

from accounts import audit
from accounts.denial import NotKnown
from accounts.viewer import Viewer

from .derivation import Derivation
from .entries import TAKE_COUNTS
from .models import Benchmark, Definition, Measure, Series, Target
from .numbers import exact, round_half_up
from .policies import check_standing
from .quarters import Quarter, Year
from .rating import Polarity, check_target
from .recording import Invalid
from .rights import Act
from .terms import PeriodKind, SeriesRole


@transaction.atomic
def add_measure(*, by: Viewer, now: datetime.datetime, **columns) -> Measure:
    """`columns` are those of Measure but its contract. IntegrityError for a code or slug in use."""
    check_standing(Act.SET_UP, by)
    measure = Measure.objects.create(contract=by.contract, **columns)
    _audit(by, now, "add measure", measure.code, {"title": measure.title})
    return measure


@transaction.atomic
def add_series(*, by: Viewer, measure: Measure, definition: str, now: datetime.datetime, **columns) -> Series:
    """A series with its first definition. `columns` are those of Series but its measure. NotKnown for a measure of
    another contract; Invalid where two headlines or two series of one code would run in the same quarter, or where
    the quarter would be pooled from counts that the unit does not take."""
    check_standing(Act.SET_UP, by)
    # The lock makes two people's series follow each other, so that the second sees the first.
    held = Measure.objects.select_for_update(no_key=True).filter(pk=measure.pk, contract=by.contract).first()
    if held is None:
        raise NotKnown()
    series = Series(measure=held, **columns)
    _check_series(series)
    series.save(force_insert=True)
    Definition.objects.create(series=series, from_quarter=series.first_quarter, text=definition)
    _audit(by, now, "add series", f"{measure.code} {series.code}", {"name": series.name, "definition": definition})
    return series


def _check_series(series: Series) -> None:
    beside = Series.objects.filter(measure=series.measure).filter(
        Q(last_quarter__isnull=True) | Q(last_quarter__gte=series.first_quarter)
    )
    if series.last_quarter is not None:
        beside = beside.filter(first_quarter__lte=series.last_quarter)
    errors = {}
    headline = beside.filter(role=SeriesRole.HEADLINE).first()
    if series.role == SeriesRole.HEADLINE and headline:
        errors["role"] = f"{headline.name} is the headline of {series.measure.code} {_span(headline)} already."
    same = beside.filter(code=series.code).first()
    if same:
        errors["code"] = f"{series.measure.code} has a series {same.code} {_span(same)} already."
    if series.derivation == Derivation.POOLED_RATIO and series.unit not in TAKE_COUNTS:
        errors["derivation"] = "Only percentages and rates are pooled: the other units take no counts."
    if errors:
        raise Invalid(errors)


def _span(series: Series) -> str:
    start = f"from {series.first_quarter.label}"
    return start if series.last_quarter is None else f"{start} to {series.last_quarter.label}"


def _check_known(by: Viewer, series: Series) -> None:
    if series.measure.contract_id != by.contract.pk:
        raise NotKnown()


@transaction.atomic
def set_first_target(
    *,
    by: Viewer,
    series: Series,
    from_quarter: Quarter,
    now: datetime.datetime,
    **columns,
) -> Target:
    """A target that comes with set-up: in force at once, agreed by nobody. NotKnown for a series of another contract,
    ValueError for a tolerance on the wrong side of the target or for more decimals than the series prints. `columns`:
    target, tolerance, target_basis, tolerance_basis, reason."""
    check_standing(Act.SET_UP, by)
    _check_known(by, series)
    for name in ("target", "tolerance"):
        _check_decimals(name, columns[name], series)
    check_target(columns["target"], columns["tolerance"], Polarity(series.polarity))
    target = Target.objects.create(
        series=series, from_quarter=from_quarter, proposed_by=by.user, agreed_at=now, **columns
    )
    new = {name: None if columns[name] is None else str(columns[name]) for name in ("target", "tolerance")}
    _audit(by, now, "set first target", f"{series.code} {from_quarter.code}", new, reason=target.reason)
    return target


def _check_decimals(name: str, number: Decimal | None, series: Series) -> None:
    """What is compared must be what is printed: a target of 89.5 would be printed as 90."""
    if number is None or exact(number) == round_half_up(number, series.decimals):
        return
    some = "1 decimal" if series.decimals == 1 else f"{series.decimals} decimals"
    form = f"with at most {some}" if series.decimals else "as a whole number"
    raise ValueError(f"Give the {name} of {series.code} {form}: the series prints no more.")


@transaction.atomic
def add_benchmark(*, by: Viewer, series: Series, year: Year, now: datetime.datetime, **columns) -> Benchmark:
    """One comparator's value for a financial year. `columns` are those of Benchmark but series and period. NotKnown
    for a series of another contract."""
    check_standing(Act.ADD_BENCHMARK, by)
    _check_known(by, series)
    benchmark = Benchmark.objects.create(series=series, period_kind=PeriodKind.YEAR, start=year.start, **columns)
    new = {"value": str(benchmark.value), "source": f"{benchmark.source}, {benchmark.edition}"}
    _audit(by, now, "add benchmark", f"{series.code} {benchmark.comparator} {year.code}", new)
    return benchmark


def _audit(by: Viewer, now, act: str, object: str, new: dict, reason: str = "") -> None:
    audit.append(contract_id=by.contract.pk, by=by.user, now=now, act=act, object=object, new=new, reason=reason)
