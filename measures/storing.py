"""The statements that write observations, in bulk. `measures.writing` checks first."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field

from django.db import IntegrityError, transaction
from django.db.models import Max

from accounts.denial import Stale
from accounts.viewer import Viewer

from .holding import is_same, quarter_fields, quarter_of
from .models import Cycle, ImportChange, Observation, Series, kind_of, period_of
from .policies import is_draft
from .quarters import Month, Quarter

# As many row ids as one statement may name on every database.
CHUNK = 10_000
NAMED_AT_MOST = 3
REWRITTEN = (
    *("value", "numerator", "denominator", "status", "note", "origin", "illustrative", "counts_illustrative"),
    *("months_present", "reason", "by", "at", "version"),
)

Key = tuple[int, Quarter | Month]


class Moved(Stale):
    """Somebody else changed some of the values in between; `.cells` are their series and periods."""

    def __init__(self, cells: Iterable[tuple[Series, Quarter | Month]]) -> None:
        self.cells = tuple(cells)
        names = [f"{series.code}, {period.label}" for series, period in self.cells[:NAMED_AT_MOST]]
        more = len(self.cells) - len(names)
        named = "; ".join([*names, f"and {more:,} more"] if more else names)
        super().__init__(f"Somebody else changed this after you opened it: {named}. Look at what is held now.")

    @property
    def codes(self) -> tuple[str, ...]:
        """Of the periods, such as "2018-07"."""
        return tuple(period.code for _, period in self.cells)


@dataclass(frozen=True)
class Change:
    """What becomes of one cell: `row` is held of it now, None for nothing; `columns` are to be held, None likewise."""

    series: Series
    period: Quarter | Month
    row: Observation | None
    columns: dict | None

    @property
    def key(self) -> Key:
        return self.series.pk, self.period


@dataclass
class Ground:
    """The locked cycles, and every current row of the series in them; kept in step with what is written."""

    cycles: dict[Quarter, Cycle]
    held: dict[Key, Observation] = field(default_factory=dict)

    def is_draft(self, period: Quarter | Month) -> bool:
        return is_draft(self.cycles[quarter_of(period)])


def rows_of(series: set[int], quarters: Collection[Quarter]):
    if not quarters:
        return Observation.objects.none()
    return Observation.objects.filter(series__in=series, start__range=(min(quarters).start, max(quarters).end))


def store(
    *,
    by: Viewer,
    ground: Ground,
    changes: Sequence[Change],
    now: datetime.datetime,
    reason: str,
    printed: Collection[tuple[int, Quarter]] = (),
) -> None:
    """Write the changes, then the quarters that they derive; `ground` is kept in step. For callers that hold the
    cycles' locks and have checked rights, periods and versions. Raises Moved where a version moved on all the same."""
    stamp = {"by": by.user, "at": now, "reason": reason}
    _store(ground, changes, stamp)
    touched = {(each.series.pk, quarter_of(each.period)): each.series for each in changes if each.series.is_derived}
    _store(ground, [_derived(ground, series, quarter, printed) for (_, quarter), series in touched.items()], stamp)


def _derived(ground: Ground, series: Series, quarter: Quarter, printed) -> Change:
    months = [ground.held.get((series.pk, month)) for month in quarter.months]
    columns = quarter_fields(series, quarter, {row.start: row for row in months if row})
    if columns and columns["illustrative"] and (series.pk, quarter) in printed:
        columns |= {"illustrative": False, "counts_illustrative": columns["numerator"] is not None}
    return Change(series, quarter, ground.held.get((series.pk, quarter)), columns)


def _store(ground: Ground, changes: Iterable[Change], stamp: dict) -> None:
    """A fixed number of statements, however many changes. What changes nothing is passed over."""
    changes = [each for each in changes if not _is_idle(each)]
    rewritten = [each for each in changes if each.row and ground.is_draft(each.period)]
    retired = [each for each in changes if each.row and not ground.is_draft(each.period)]
    _take(rewritten, at=stamp["at"])
    _take(retired, is_current=False)
    kept = [_rewritten(each, stamp) for each in rewritten if each.columns is not None]
    gone = [each.row.pk for each in rewritten if each.columns is None]
    new = _new_rows(changes, rewritten, stamp)
    Observation.objects.bulk_create(kept, update_conflicts=True, unique_fields=["pk"], update_fields=REWRITTEN)
    for some in _chunks(gone):
        Observation.objects.filter(pk__in=some).delete()
    _insert(new)
    for each in changes:
        ground.held.pop(each.key, None)
    for row in [*kept, *new]:
        ground.held[row.series_id, row.period] = row


def _is_idle(change: Change) -> bool:
    if change.row is None or change.columns is None:
        return change.row is None and change.columns is None
    return is_same(change.row, change.columns)


def _take(changes: Sequence[Change], **columns) -> None:
    """The statement that changes the rows locks them as well, so that their versions, read after it, are still
    those seen when it is done."""
    for some in _chunks(changes):
        rows = Observation.objects.filter(pk__in=[each.row.pk for each in some])
        changed = rows.filter(is_current=True).update(**columns)
        versions = dict(rows.values_list("pk", "version"))
        moved = [each for each in some if versions.get(each.row.pk) != each.row.version]
        if moved or changed < len(some):
            raise Moved((each.series, each.period) for each in moved or some)


def _rewritten(change: Change, stamp: dict) -> Observation:
    row = change.row
    for name, value in {**change.columns, **stamp, "version": row.version + 1}.items():
        setattr(row, name, value)
    return row


def _new_rows(changes: Sequence[Change], rewritten: Sequence[Change], stamp: dict) -> list[Observation]:
    in_place = {each.key for each in rewritten}
    added = [each for each in changes if each.columns is not None and each.key not in in_place]
    last = _last_numbers([each for each in added if each.row is None])
    found = []
    for each in added:
        revision, version = (each.row.revision, each.row.version) if each.row else last.get(each.key, (0, 0))
        place = {"series": each.series, "period_kind": kind_of(each.period), "start": each.period.start}
        numbers = {"revision": revision + 1, "version": version + 1}
        found.append(Observation(**place, **numbers, **each.columns, **stamp))
    return found


def _last_numbers(changes: Sequence[Change]) -> dict[Key, tuple[int, int]]:
    """The last revision and version of cells of which nothing is current. A version is never used twice: who saw it
    before would overwrite, unasked, what came since. Where undoing an import deleted a row, the batch knows it."""
    if not changes:
        return {}
    series, quarters = {each.series.pk for each in changes}, {quarter_of(each.period) for each in changes}
    cell = ("series", "period_kind", "start")
    rows = rows_of(series, quarters).order_by().values_list(*cell)
    span = (min(quarters).start, max(quarters).end)
    batches = ImportChange.objects.filter(series__in=series, start__range=span, comparator="").order_by()
    found = {}
    for one, kind, start, version in batches.values_list(*cell).annotate(Max("version")):
        found[one, period_of(kind, start)] = 0, version
    for one, kind, start, revision, version in rows.annotate(Max("revision"), Max("version")):
        key = one, period_of(kind, start)
        found[key] = revision, max(version, found.get(key, (0, 0))[1])
    return found


def _insert(rows: Sequence[Observation]) -> None:
    try:
        with transaction.atomic():
            Observation.objects.bulk_create(rows)
    except IntegrityError as error:
        # Two first saves at once: the unique constraint lets one through.
        held = rows_of({row.series_id for row in rows}, {quarter_of(row.period) for row in rows})
        current = {(row.series_id, row.period) for row in held.filter(is_current=True)}
        if moved := [row for row in rows if (row.series_id, row.period) in current]:
            raise Moved((row.series, row.period) for row in moved) from error
        raise


def _chunks(items: Sequence) -> Iterable[Sequence]:
    return (items[start : start + CHUNK] for start in range(0, len(items), CHUNK))
