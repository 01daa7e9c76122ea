"""Setting up a contract's measures: an administrator's writes, each audited in the contract's chain."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from decimal import Decimal

from django.db import transaction
from django.db.models import F, Q

from accounts import audit
from accounts.denial import NotKnown, WrongState
from accounts.viewer import Viewer

from .catalogue_held import hold, measure_of
from .catalogue_told import told
from .derivation import Derivation
from .entries import LARGEST, PLACES, TAKE_COUNTS
from .models import Cycle, Definition, Measure, Series, Target
from .numbers import exact, round_half_up
from .policies import check_standing
from .quarters import Quarter
from .rating import Polarity, check_target
from .recording import Invalid
from .rights import Act
from .states import State
from .target_problems import range_problem
from .terms import SeriesRole


@transaction.atomic
def add_measure(*, by: Viewer, now: datetime.datetime, **columns) -> Measure:
    """`columns` are those of Measure but its contract. IntegrityError for a code or slug in use. It makes no panes:
    `workflow.measure_set_up` does, where quarters are open."""
    hold(by)
    measure = Measure.objects.create(contract=by.contract, **columns)
    _audit(by, now, "add measure", measure.code, told(columns))
    return measure


@transaction.atomic
def add_series(*, by: Viewer, measure: Measure, definition: str, now: datetime.datetime, **columns) -> Series:
    """A series with its first definition. `columns` are those of Series but its measure. NotKnown for a measure of
    another contract; Invalid where two headlines or two series of one code would run in the same quarter, or where
    the quarter would be pooled from counts that the unit does not take."""
    hold(by)
    series = Series(measure=measure_of(by, measure), **columns)
    check_series(series)
    series.save(force_insert=True)
    Definition.objects.create(series=series, from_quarter=series.first_quarter, text=definition)
    _audit(by, now, "add series", f"{measure.code} {series.code}", told(columns | {"definition": definition}))
    return series


def check_series(series: Series) -> None:
    """Invalid where it would run beside another, its quarter could not be made of its months, or no figure could be as
    high as its highest."""
    others = Series.objects.filter(measure=series.measure).exclude(pk=series.pk)
    beside = others.filter(Q(last_quarter__isnull=True) | Q(last_quarter__gte=series.first_quarter))
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
    if series.maximum is not None and (problem := _maximum_problem(Decimal(series.maximum))):
        errors["maximum"] = problem
    if errors:
        raise Invalid(errors)


def _maximum_problem(most: Decimal) -> str:
    if problem := range_problem(most, LARGEST):
        return problem
    return "" if most == round_half_up(most, PLACES) else f"Enter at most {PLACES} decimal places."


def _span(series: Series) -> str:
    start = f"from {series.first_quarter.label}"
    return start if series.last_quarter is None else f"{start} to {series.last_quarter.label}"


@transaction.atomic
def start_earlier(
    *, by: Viewer, measure: Measure, series: Sequence[Series], quarter: Quarter, now: datetime.datetime
) -> None:
    """Let a measure and some of its series begin in an earlier quarter, the first definition of each with it. What
    begins early enough stays. NotKnown for a measure of another contract, WrongState where a quarter in between was
    opened, Invalid where another series would run beside."""
    hold(by)
    held = measure_of(by, measure)
    if any(one.measure_id != held.pk for one in series):
        raise NotKnown()
    late = [one for one in series if one.first_quarter > quarter]
    starts = [one.first_quarter for one in [*late, held] if one.first_quarter > quarter]
    if not starts:
        return
    between = Cycle.objects.filter(contract=by.contract, quarter__gte=quarter, quarter__lt=max(starts))
    if opened := between.exclude(state=State.PAST).order_by("quarter").first():
        raise WrongState(f"{held.code} cannot start before {opened.quarter.label}, which was opened here without it.")
    for one in late:
        Definition.objects.filter(series=one, from_quarter=one.first_quarter).update(from_quarter=quarter)
        one.first_quarter = quarter
        check_series(one)
        Series.objects.filter(pk=one.pk).update(first_quarter=quarter, version=F("version") + 1)
    old = held.first_quarter
    begins = Measure.objects.filter(pk=held.pk, first_quarter__gt=quarter)
    begins.update(first_quarter=quarter, version=F("version") + 1)
    new = {"from": min(old, quarter).code, "series": [one.code for one in late]}
    _audit(by, now, "start measure earlier", held.code, new)


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


def _audit(by: Viewer, now, act: str, object: str, new: dict, reason: str = "") -> None:
    audit.append(contract_id=by.contract.pk, by=by.user, now=now, act=act, object=object, new=new, reason=reason)
