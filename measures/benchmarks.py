"""Writing benchmarks: one typed by hand, or a file's at once. Both parties read them, so that each act is audited."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts import audit
from accounts.denial import NotKnown, Stale
from accounts.viewer import Viewer

from .benchmark_entries import LONGEST, BenchmarkEntry, Period, as_data, comparator_words, from_data, problems
from .catalogue_held import wait_for, wait_for_contract
from .models import Benchmark, Series, kind_of
from .policies import check_standing
from .recording import Invalid, bounds_of
from .rights import Act
from .terms import BenchmarkScope, Comparability, Statistic

STALE = "Somebody else changed this benchmark after you opened it. Compare the two and save again."
GONE = "This benchmark is not held any more: somebody may have removed it."
REWRITTEN = [field.name for field in fields(BenchmarkEntry) if field.name != "period"] + ["version"]
# What tells one benchmark from another: series, comparator without regard to capitals, period.
Key = tuple[int, str, Period]


@dataclass(frozen=True)
class BenchmarkWrite:
    """One benchmark of a file. `version` is the one that its preview saw, 0 for nothing held."""

    series: Series
    entry: BenchmarkEntry
    version: int

    @property
    def key(self) -> Key:
        return key_of(self.series.pk, self.entry.comparator, self.entry.period)


@dataclass(frozen=True)
class BenchmarkWritten:
    """One that changed; `old` and `new` as `benchmark_entries.as_data` gives them, `old` None for a new one."""

    series: Series
    entry: BenchmarkEntry
    old: dict | None
    new: dict
    version: int

    @property
    def period(self) -> Period:
        return self.entry.period

    @property
    def comparator(self) -> str:
        return self.entry.comparator


@dataclass(frozen=True)
class BenchmarkSetBack:
    """One that an import wrote under `version`, and what was held before it: None for nothing."""

    series: Series
    comparator: str
    period: Period
    old: dict | None
    version: int

    @property
    def key(self) -> Key:
        return key_of(self.series.pk, self.comparator, self.period)


def key_of(series: int, comparator: str, period: Period) -> Key:
    return series, comparator.casefold(), period


def entry_of(row: Benchmark) -> BenchmarkEntry:
    names = {field.name for field in fields(BenchmarkEntry)} - {"period", "scope", "statistic", "comparability"}
    return BenchmarkEntry(
        **{name: getattr(row, name) for name in names},
        period=row.period,
        scope=BenchmarkScope(row.scope),
        statistic=Statistic(row.statistic) if row.statistic else None,
        comparability=Comparability(row.comparability),
    )


@transaction.atomic
def add_benchmark(*, by: Viewer, series: Series, entry: BenchmarkEntry, now: datetime.datetime) -> Benchmark:
    """One comparator's figure for a financial year or a quarter. NotKnown for a series that is gone, or of another
    contract, Invalid with messages by field."""
    check_standing(Act.ADD_BENCHMARK, by)
    series = wait_for(by, series)
    entry = _checked(entry, series, now=now)
    row = Benchmark(series=series, version=_last_version(series.pk) + 1, **_columns(entry))
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as error:
        raise _held_already(series, entry) from error
    _audit("add benchmark", series, entry, by=by, now=now, new=as_data(entry))
    return row


@transaction.atomic
def change_benchmark(
    *, by: Viewer, benchmark: Benchmark, version: int, entry: BenchmarkEntry, now: datetime.datetime
) -> Benchmark:
    """`version` is the one that was seen. What is held already stays as it is, without an audit entry. NotKnown for one
    that is gone or elsewhere, Stale when somebody else changed it, Invalid with messages by field."""
    check_standing(Act.ADD_BENCHMARK, by)
    wait_for_contract(by)
    row = _row(by, benchmark)
    old, entry = entry_of(row), _checked(entry, row.series, now=now, besides=row)
    if row.version == version and old == entry:
        return row
    keys = {key_of(row.series_id, one.comparator, one.period) for one in (old, entry)}
    is_renamed = len(keys) == 2
    last = _last_version(row.series_id) if is_renamed else 0
    try:
        with transaction.atomic():
            rows = Benchmark.objects.filter(pk=row.pk, version=version)
            changed = rows.update(version=max(version, last) + 1, **_columns(entry))
    except IntegrityError as error:
        raise _held_already(row.series, entry) from error
    if not changed:
        raise Stale(STALE)
    if is_renamed:
        _give_up({row.series_id: version})
    before, after = as_data(old), as_data(entry)
    differing = [name for name in before if before[name] != after[name]]
    _audit(
        "change benchmark",
        row.series,
        old,
        by=by,
        now=now,
        old={name: before[name] for name in differing},
        new={name: after[name] for name in differing},
    )
    row.refresh_from_db()
    return row


@transaction.atomic
def remove_benchmark(*, by: Viewer, benchmark: Benchmark, version: int, now: datetime.datetime) -> None:
    """Raises as `change_benchmark` does."""
    check_standing(Act.ADD_BENCHMARK, by)
    wait_for_contract(by)
    row = _row(by, benchmark)
    removed, _ = Benchmark.objects.filter(pk=row.pk, version=version).delete()
    if not removed:
        raise Stale(STALE)
    _give_up({row.series_id: version})
    entry = entry_of(row)
    _audit("remove benchmark", row.series, entry, by=by, now=now, old=as_data(entry))


def _row(by: Viewer, benchmark: Benchmark) -> Benchmark:
    rows = Benchmark.objects.select_related("series__measure")
    row = rows.filter(pk=benchmark.pk, series__measure__contract=by.contract).first()
    if row is None:
        raise NotKnown(GONE)
    return row


def _checked(
    entry: BenchmarkEntry, series: Series, *, now: datetime.datetime, besides: Benchmark | None = None
) -> BenchmarkEntry:
    """Without spaces around its texts; Invalid where it may not be stored."""
    entry = replace(entry, **{name: getattr(entry, name).strip() for name in LONGEST})
    errors = problems(entry, bounds_of(series), today=timezone.localdate(now))
    if errors:
        raise Invalid(errors)
    period = {"period_kind": kind_of(entry.period), "start": entry.period.start}
    # "England" and "england" are one comparator to a reader.
    others = Benchmark.objects.filter(series=series, **period).exclude(pk=besides and besides.pk)
    if entry.comparator.casefold() in {name.casefold() for name in others.values_list("comparator", flat=True)}:
        raise _held_already(series, entry)
    return entry


def _held_already(series: Series, entry: BenchmarkEntry) -> Invalid:
    return Invalid(
        {"comparator": f"{series.code} has a figure of {entry.comparator} for {entry.period.label} already. Change it."}
    )


def _columns(entry: BenchmarkEntry) -> dict:
    columns = {field.name: getattr(entry, field.name) for field in fields(entry) if field.name != "period"}
    period = {"period_kind": kind_of(entry.period), "start": entry.period.start}
    return columns | period | {"statistic": entry.statistic or ""}


def _audit(act: str, series: Series, entry: BenchmarkEntry, *, by: Viewer, now, old=None, new=None) -> None:
    name = comparator_words(entry.comparator, entry.statistic)
    audit.append(
        contract_id=by.contract.pk,
        by=by.user,
        now=now,
        act=act,
        object=f"{series.code} {name} {entry.period.code}",
        old=old,
        new=new,
    )


def _last_version(series: int) -> int:
    """The highest version of a benchmark of the series that was removed or renamed; a new one starts above it. None is
    used twice: whoever saw it, or an import that gave it and is undone, would overwrite unasked what came since."""
    return Series.objects.values_list("last_benchmark_version", flat=True).get(pk=series)


def _give_up(versions: Mapping[int, int]) -> None:
    """By series the version under which one of its benchmarks is no longer held. In order, so that two who do so
    cannot wait for each other."""
    for series, version in sorted(versions.items()):
        rows = Series.objects.filter(pk=series, last_benchmark_version__lt=version)
        rows.update(last_benchmark_version=version)


@transaction.atomic
def write_benchmarks(*, by: Viewer, writes: Sequence[BenchmarkWrite], now: datetime.datetime) -> list[BenchmarkWritten]:
    """Hold these benchmarks, all or nothing, in a fixed number of statements; what is held already is left out of the
    answer. Makes no audit entry: the import makes one for all. NotKnown for a series of another contract, Invalid
    naming the figure, Stale where another version is held than was seen."""
    check_standing(Act.ADD_BENCHMARK, by)
    wait_for_contract(by)
    held = _locked({write.series.pk for write in writes})
    series = _known(by, {write.series.pk for write in writes})
    changed, new, written = [], [], []
    for write in (replace(each, series=series[each.series.pk]) for each in writes):
        _check_line(write, now=now)
        row = held.get(write.key)
        if (row.version if row else 0) != write.version:
            raise Stale(f"Somebody else changed {_named(write)} after you opened the preview. Look at it once more.")
        before = entry_of(row) if row else None
        if before == write.entry:
            continue
        version = (row.version if row else write.series.last_benchmark_version) + 1
        place = {"pk": row.pk, "position": row.position} if row else {}
        line = Benchmark(series=write.series, version=version, **place, **_columns(write.entry))
        (changed if row else new).append(line)
        old = as_data(before) if before else None
        written.append(BenchmarkWritten(write.series, write.entry, old, as_data(write.entry), version))
    _store(changed, new)
    return written


@transaction.atomic
def set_back_benchmarks(*, by: Viewer, changes: Sequence[BenchmarkSetBack]) -> list[BenchmarkSetBack]:
    """Undo what `write_benchmarks` did; returns those left alone because somebody changed or removed them since."""
    check_standing(Act.ADD_BENCHMARK, by)
    wait_for_contract(by)
    held = _locked({change.series.pk for change in changes})
    _known(by, {change.series.pk for change in changes})
    changed, gone, left = [], [], []
    for change in changes:
        row = held.get(change.key)
        if row is None or row.version != change.version:
            left.append(change)
        elif change.old is None:
            gone.append(row)
        else:
            columns = _columns(from_data(change.old))
            place = {"pk": row.pk, "position": row.position}
            changed.append(Benchmark(series=change.series, version=row.version + 1, **place, **columns))
    Benchmark.objects.filter(pk__in=[row.pk for row in gone]).delete()
    versions: dict[int, int] = {}
    for row in gone:
        versions[row.series_id] = max(row.version, versions.get(row.series_id, 0))
    _give_up(versions)
    _store(changed, [])
    return left


def _known(by: Viewer, series: set[int]) -> dict[int, Series]:
    """By id as they are held now, to be read once the benchmarks are locked. NotKnown for one that is gone, or of
    another contract."""
    held = {row.pk: row for row in Series.objects.filter(measure__contract=by.contract, pk__in=series)}
    if series - held.keys():
        raise NotKnown()
    return held


def _locked(series: set[int]) -> dict[Key, Benchmark]:
    rows = Benchmark.objects.select_for_update().filter(series__in=series).order_by("pk")
    return {key_of(row.series_id, row.comparator, row.period): row for row in rows}


def _check_line(write: BenchmarkWrite, *, now: datetime.datetime) -> None:
    errors = problems(write.entry, bounds_of(write.series), today=timezone.localdate(now))
    if errors:
        raise Invalid({name: f"{_named(write)}: {message}" for name, message in errors.items()})


def _named(write: BenchmarkWrite) -> str:
    return f"{write.series.code}, {write.entry.comparator}, {write.entry.period.label}"


def _store(changed: Sequence[Benchmark], new: Sequence[Benchmark]) -> None:
    Benchmark.objects.bulk_create(changed, update_conflicts=True, unique_fields=["pk"], update_fields=REWRITTEN)
    try:
        with transaction.atomic():
            Benchmark.objects.bulk_create(new)
    except IntegrityError as error:
        # Two imports at once: the unique constraint lets one through.
        raise Stale("Somebody else added one of these benchmarks just now. Look at the preview once more.") from error
