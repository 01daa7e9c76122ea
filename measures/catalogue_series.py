"""Changing the series of a measure: an administrator's writes, each audited in the contract's chain."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterable, Mapping
from decimal import Decimal

from django.db import transaction
from django.db.models import F, Max, Q

from accounts import audit
from accounts.denial import Stale
from accounts.viewer import Viewer

from .catalogue import add_series, check_series
from .catalogue_held import DECIDED, STALE, Ground, Held, agreed_words, held_by, hold, measure_of, parts_of, series_of
from .catalogue_targets import FirstTarget, check_next_target, set_up_target, unfit
from .catalogue_told import told
from .holding import bounds_of
from .models import Cycle, Definition, Measure, Observation, Series
from .numbers import number_text
from .quarters import Quarter
from .recording import Invalid
from .set_up_words import FIELD_NAMES, frequency_of, listed, lower_first, span_words
from .states import State
from .terms import SeriesRole

# What says what a figure is: never changed once one is held.
FIXED = ("role", "unit", "decimals", "polarity", "derivation", "window")
BOUNDING = ("unit", "maximum", "decimals", "derivation")
ONE_HEADLINE = "{} needs a headline. Start a new series instead, or retire the measure."
HEADLINE_THEN = "{} was opened with {}, which needs its headline there"


@transaction.atomic
def add_another_series(
    *,
    by: Viewer,
    measure: Measure,
    definition: str,
    now: datetime.datetime,
    target: FirstTarget | None = None,
    **columns,
) -> Series:
    """The last of its measure's series, its frequency as its derivation has it. NotKnown for a measure of another
    contract; Invalid with messages by field where it would run outside its measure, or beside another series of its
    code, or in a quarter that is agreed or published. Its target begins with it, but after the quarters whose colours
    stand."""
    ground = hold(by)
    measure = measure_of(by, measure)
    if problem := _outside(measure, columns["first_quarter"]) or ground.taken(columns["first_quarter"], None):
        raise Invalid({"first_quarter": problem})
    last = measure.series.aggregate(Max("position"))["position__max"]
    columns |= {"frequency": frequency_of(columns["derivation"]), "position": 0 if last is None else last + 1}
    series = add_series(by=by, measure=measure, definition=definition, now=now, **columns)
    if target:
        begins = ground.unsettled(series.first_quarter)
        set_up_target(by=by, series=series, from_quarter=begins, now=now, **target._asdict())
    return series


def _outside(measure: Measure, first: Quarter) -> str:
    if first < measure.first_quarter:
        return f"{measure.code} begins in {measure.first_quarter.label}: begin then or later."
    if measure.last_quarter and first > measure.last_quarter:
        return f"{measure.code} ends in {measure.last_quarter.label}: begin then or earlier, or take its end back."
    return ""


@transaction.atomic
def change_series(*, by: Viewer, series: Series, version: int, now: datetime.datetime, **columns) -> Series:
    """`version` is the one that was seen; what is held already stays as it is. NotKnown for one that is gone or
    elsewhere, Stale when somebody else changed it, Invalid with messages by field: what says what a figure is stays
    once figures are held."""
    ground = hold(by)
    row = series_of(by, series)
    if "derivation" in columns:
        columns["frequency"] = frequency_of(columns["derivation"])
    old = {name: getattr(row, name) for name in columns}
    if row.version == version and old == columns:
        return row
    if row.version != version:
        raise Stale(STALE)
    held = held_by([row.pk])[row.pk]
    first = columns.pop("first_quarter", row.first_quarter)
    errors = _change_problems(row, held, columns)
    if first != row.first_quarter and (problem := start_problem(ground, row, held, first)):
        errors["first_quarter"] = problem
    if errors:
        raise Invalid(errors)
    before = row.first_quarter
    for name, value in columns.items():
        setattr(row, name, value)
    row.first_quarter = first
    check_series(row)
    Series.objects.filter(pk=row.pk, version=version).update(version=F("version") + 1, **columns)
    move_start(by=by, series=row, before=before, first=first)
    _audit(by, now, "change series", row, old=old, new=columns | {"first_quarter": first})
    row.refresh_from_db()
    return row


def fixed_words(held: Held) -> str:
    """Why what says what a figure is stays; empty where it may change."""
    if held.figures:
        return f"Figures are held {span_words(min(held.figures), max(held.figures))}"
    if held.begun:
        return f"The parties have begun {span_words(min(held.begun), max(held.begun))}"
    return "Benchmarks are held in this unit" if held.benchmarks else ""


def _change_problems(row: Series, held: Held, columns: Mapping) -> dict[str, str]:
    found = {}
    if why := fixed_words(held):
        for name in FIXED:
            if name in columns and columns[name] != getattr(row, name):
                what = lower_first(FIELD_NAMES[name])
                found[name] = f"{why}: the {what} stays as it is. Start a new series instead."
    if row.role == SeriesRole.HEADLINE and columns.get("role", row.role) != row.role:
        found["role"] = ONE_HEADLINE.format(row.measure.code)
    highest = bounds_of(Series(**{name: columns.get(name, getattr(row, name)) for name in BOUNDING})).highest
    if highest < bounds_of(row).highest and (problem := _lower_problem(row, held, highest)):
        found["maximum"] = problem
    return unfit(row, columns) | found


def _lower_problem(row: Series, held: Held, most: Decimal) -> str:
    """Why its highest value cannot be this. A figure that who sets up may not see is compared with nothing: question by
    question the answers would tell it."""
    if held.begun:
        begun = span_words(min(held.begun), max(held.begun))
        return f"The parties have begun {begun}: enter no less than before. Start a new series instead."
    rows = Observation.objects.filter(series=row, is_current=True, value__gt=most).values_list("start", "value")
    higher = [value for start, value in rows if Quarter.containing(start) in held.figures]
    return f"{number_text(max(higher), row.decimals)} is held. Enter that or more." if higher else ""


def _unheaded(row: Series, quarters: Iterable[Quarter], first: Quarter, last: Quarter | None) -> list[Quarter]:
    """Those of the quarters that would lose their headline if the series ran in this stretch instead."""
    if row.role != SeriesRole.HEADLINE:
        return []
    run = Series(first_quarter=first, last_quarter=last)
    others = list(row.measure.series.filter(role=SeriesRole.HEADLINE).exclude(pk=row.pk))
    running = [each for each in quarters if row.covers(each) and row.measure.covers(each)]
    return [each for each in running if not any(one.covers(each) for one in (run, *others))]


def _opened(cycles: Iterable[Cycle]) -> list[Quarter]:
    return [cycle.quarter for cycle in cycles if cycle.state != State.PAST]


def start_problem(ground: Ground, row: Series, held: Held, first: Quarter) -> str:
    """Why the series cannot begin in this quarter instead; empty where it can."""
    if problem := _outside(row.measure, first):
        return problem
    if first < row.first_quarter:
        return ground.taken(first, row.first_quarter.previous)
    lost = sorted(quarter for quarter in held.quarters if quarter < first)
    if lost:
        return f"{held.said_of(row.code, lost[0])}: begin then or earlier."
    if row.last_quarter and first > row.last_quarter:
        return f"{row.code} ends in {row.last_quarter.label}: begin then or earlier."
    if decided := ground.covered(row.first_quarter, first.previous, *DECIDED):
        return f"{decided[0].quarter.label} is {State(decided[0].state).during} with it: begin then or earlier."
    if bare := _unheaded(row, _opened(ground.cycles), first, row.last_quarter):
        return f"{HEADLINE_THEN.format(bare[0].label, row.measure.code)}: begin then or earlier."
    later = row.definitions.filter(from_quarter__gt=row.first_quarter, from_quarter__lte=first).first()
    if later:
        return f"A new definition counts from {later.from_quarter.label}: begin before it."
    return ""


@transaction.atomic
def move_start(*, by: Viewer, series: Series, before: Quarter, first: Quarter) -> None:
    """Let a series whose start was `before` start in another quarter, its first definition with it and the target that
    came with set-up from the same quarter, as far as no colour changes. The caller has asked `start_problem` and
    audits."""
    ground = hold(by)
    if first == before:
        return
    Definition.objects.filter(series=series, from_quarter=before).update(from_quarter=first)
    begins = first if first > before else min(ground.unsettled(first), before)
    others = series.targets.exclude(from_quarter=before).filter(from_quarter__lte=max(first, before))
    if not others.exists():
        series.targets.filter(from_quarter=before, proposed_at__isnull=True).update(from_quarter=begins)
    Series.objects.filter(pk=series.pk).update(first_quarter=first, version=F("version") + 1)


@transaction.atomic
def end_series(
    *, by: Viewer, series: Series, version: int, last_quarter: Quarter | None, now: datetime.datetime
) -> Series:
    """Let it end with a quarter, or go on again where that is None. Raises as `change_series` does; Invalid where
    figures lie later, where its measure would lack its headline, or where another series has taken its place."""
    ground = hold(by)
    row = series_of(by, series)
    if last_quarter is not None:
        # The next one too, which is yet to come.
        running = [*_opened(ground.cycles), last_quarter.next]
        if _unheaded(row, running, row.first_quarter, last_quarter):
            raise Invalid({"last_quarter": ONE_HEADLINE.format(row.measure.code)})
    return _end(by, ground, row, version=version, last_quarter=last_quarter, now=now)


def _end(by: Viewer, ground: Ground, row: Series, *, version: int, last_quarter: Quarter | None, now) -> Series:
    if row.version != version:
        raise Stale(STALE)
    if row.last_quarter == last_quarter:
        return row
    if problem := _end_problem(ground, row, last_quarter):
        raise Invalid({"last_quarter": problem})
    old = {"last_quarter": row.last_quarter}
    row.last_quarter = last_quarter
    try:
        check_series(row)
    except Invalid as invalid:
        raise Invalid({"last_quarter": " ".join(invalid.errors.values())}) from invalid
    Series.objects.filter(pk=row.pk, version=version).update(last_quarter=last_quarter, version=F("version") + 1)
    act = "end series" if last_quarter else "take back end of series"
    _audit(by, now, act, row, old=old, new={"last_quarter": last_quarter})
    row.refresh_from_db()
    return row


def _end_problem(ground: Ground, row: Series, last: Quarter | None) -> str:
    if last is not None and last < row.first_quarter:
        return f"{row.code} begins in {row.first_quarter.label}: end then or later."
    if last is None or (row.last_quarter and last > row.last_quarter):
        # What an agreed quarter showed without the series stays without it.
        taken = ground.covered(row.last_quarter.next, last, *DECIDED)
        if taken:
            latest = taken[-1]
            return (
                f"{latest.quarter.label} is {State(latest.state).during} without {row.code}. "
                "Add a new series from the next quarter instead."
            )
        return ""
    held = held_by([row.pk])[row.pk]
    after = [quarter for quarter in held.quarters if quarter > last]
    if after:
        return f"{held.said_of(row.code, max(after))}: end then or later."
    if decided := ground.covered(max(last.next, row.first_quarter), row.last_quarter, *DECIDED):
        latest = decided[-1]
        return f"{latest.quarter.label} is {State(latest.state).during} with {row.code}: end then or later."
    proposed = Q(agreed_at__isnull=True, closed_at__isnull=True)
    if row.targets.filter(proposed | Q(withdrawal_at__isnull=False, withdrawn_at__isnull=True)).exists():
        return "What was proposed of its target waits for an answer. Let the parties settle it first."
    return ""


@transaction.atomic
def start_new_series(
    *,
    by: Viewer,
    series: Series,
    version: int,
    last_quarter: Quarter,
    definition: str,
    now: datetime.datetime,
    target: FirstTarget | None = None,
    **columns,
) -> Series:
    """End a series with a quarter and start another in its place in the next. Raises as `change_series` does, and as
    `check_next_target`."""
    ground = hold(by)
    row = series_of(by, series)
    _end(by, ground, row, version=version, last_quarter=last_quarter, now=now)
    check_next_target(row, last_quarter.next, columns, target)
    made = add_another_series(
        by=by,
        measure=row.measure,
        definition=definition,
        now=now,
        target=target,
        role=row.role,
        first_quarter=last_quarter.next,
        last_quarter=None,
        **columns,
    )
    _place(row, made)
    return made


def _place(old: Series, new: Series) -> None:
    """The new one stands right after the one whose place it takes."""
    others = list(old.measure.series.exclude(pk=new.pk).order_by("position", "code", "pk"))
    others.insert(others.index(old) + 1, new)
    for place, each in enumerate(others):
        Series.objects.filter(pk=each.pk).exclude(position=place).update(position=place)


@transaction.atomic
def remove_series(*, by: Viewer, series: Series, seen: str, now: datetime.datetime) -> None:
    """With its definitions and the targets of set-up, whose digest was `seen`. Invalid, under "", where anything else
    hangs on it or where it is its measure's one headline; NotKnown; Stale where by now something else would go."""
    ground = hold(by)
    row = series_of(by, series)
    if problem := removal_problem(row, held_by([row.pk])[row.pk], ground.cycles):
        raise Invalid({"": problem})
    if parts_of([row]).digest != seen:
        raise Stale(STALE)
    row.targets.all().delete()
    row.definitions.all().delete()
    Series.objects.filter(pk=row.pk).delete()
    _audit(by, now, "remove series", row, old={"name": row.name, "first_quarter": row.first_quarter})


def hanging_on(row: Series, held: Held, cycles: Collection[Cycle]) -> list[str]:
    """What stays on record with the series, in words; empty where nothing does."""
    last = min((each for each in (row.last_quarter, row.measure.last_quarter) if each), default=None)
    return [*held.words, *agreed_words(row.first_quarter, last, cycles)]


def removal_problem(row: Series, held: Held, cycles: Collection[Cycle]) -> str:
    """Why it cannot be deleted; empty where it can."""
    if found := hanging_on(row, held, cycles):
        return f"{row.code} holds {listed(found)}. End it instead: what it holds stays on record."
    others = row.measure.series.exclude(pk=row.pk)
    if row.role == SeriesRole.HEADLINE and not others.filter(role=SeriesRole.HEADLINE).exists():
        return f"{row.measure.code} needs a headline. Delete the whole measure instead, where nothing hangs on it."
    never = row.first_quarter.previous
    if bare := _unheaded(row, _opened(cycles), row.first_quarter, never):
        return f"{HEADLINE_THEN.format(bare[0].label, row.measure.code)}. Start a new series in its place instead."
    return ""


def _audit(by: Viewer, now, act: str, row: Series, *, old: Mapping, new: Mapping | None = None) -> None:
    """Only what differs."""
    names = [name for name in old if new is None or old[name] != new.get(name)]
    audit.append(
        contract_id=by.contract.pk,
        by=by.user,
        now=now,
        act=act,
        object=f"{row.measure.code} {row.code}",
        old=told({name: old[name] for name in names}),
        new=None if new is None else told({name: new.get(name) for name in names}),
    )
