"""What every batch goes through, whatever it holds: it waits, is kept with what it changed, and is undone."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Sequence
from dataclasses import replace

from django.utils import timezone

from accounts.denial import NotKnown, WrongState
from accounts.viewer import Viewer

from ..benchmarks import BenchmarkWritten
from ..models import ImportBatch, ImportChange, ImportMapping, kind_of
from ..quarters import Month, Quarter, Year, date_words
from ..terms import BatchKind, BatchState
from ..writing import Written
from . import preview
from .cells import Book
from .guessing import fingerprint
from .mapping import Mapping

MOVED = "What is held has changed since you opened this preview. Look through it once more, then confirm."
EVERY_KIND = tuple(BatchKind)

# Series, period, comparator: what tells the changes of one batch apart.
Place = tuple[int, Quarter | Month | Year, str]


def waiting(
    by: Viewer, batch: ImportBatch, *, kinds: Collection[BatchKind] = EVERY_KIND, lock: bool = False
) -> ImportBatch:
    """The batch as it is now. NotKnown for one that is gone, another's or of another kind, WrongState for one that was
    confirmed."""
    found = _one(by, batch, kinds, lock=lock)
    if not preview.is_waiting(found):
        raise WrongState(settled(found))
    return found


def confirmed(by: Viewer, batch: ImportBatch, *, kinds: Collection[BatchKind]) -> ImportBatch:
    """The batch as it is now, locked to be undone. NotKnown as above, WrongState for one that is not confirmed."""
    found = _one(by, batch, kinds, lock=True)
    if found.state != BatchState.CONFIRMED:
        raise WrongState("This import is undone already." if found.undone_at else "This file was never imported.")
    return found


def _one(by: Viewer, batch: ImportBatch, kinds: Collection[BatchKind], *, lock: bool) -> ImportBatch:
    # In an order of its own: by its usual one the contract would be locked with it, before the cycles.
    batches = preview.batches_of(by).filter(pk=batch.pk, kind__in=kinds).defer("content").order_by("pk")
    found = (batches.select_for_update() if lock else batches).first()
    if found is None:
        raise NotKnown()
    return found


def settled(batch: ImportBatch) -> str:
    when = f" on {date_words(timezone.localdate(batch.confirmed_at))}" if batch.confirmed_at else ""
    return f"This file was imported{when}; it does not wait for anything any more."


def set_mapping(*, by: Viewer, batch: ImportBatch, mapping: Mapping, kinds: Collection[BatchKind] = EVERY_KIND) -> None:
    """How a waiting file is to be read. WrongState when it waits no longer."""
    found = preview.batches_of(by).filter(pk=batch.pk, kind__in=kinds, state=BatchState.UPLOADED)
    if not found.update(mapping=mapping.as_json()):
        raise WrongState(settled(batch))


def keep(
    *,
    by: Viewer,
    batch: ImportBatch,
    written: Sequence[Written | BenchmarkWritten],
    now: datetime.datetime,
    **columns: object,
) -> None:
    """The record of what was done; the file itself is not needed any more. `columns` are more of the batch."""
    ImportChange.objects.bulk_create(
        ImportChange(
            batch=batch,
            series=one.series,
            period_kind=kind_of(one.period),
            start=one.period.start,
            comparator=one.comparator if isinstance(one, BenchmarkWritten) else "",
            old=one.old,
            new=one.new,
            version=one.version,
            replaced=0 if one.old is None else one.version - 1,
        )
        for one in written
    )
    columns |= {"state": BatchState.CONFIRMED, "content": None, "confirmed_by": by.user, "confirmed_at": now}
    for name, value in columns.items():
        setattr(batch, name, value)
    batch.save(update_fields=list(columns))


def remember(*, by: Viewer, book: Book, mapping: Mapping, now: datetime.datetime) -> None:
    """For the next file of this shape; its answers are of the one file alone."""
    sheet = preview.sheet_of(book, mapping.sheet)
    if sheet is None:
        return
    ImportMapping.objects.update_or_create(
        contract=by.contract,
        fingerprint=fingerprint(sheet, mapping.header_row),
        defaults={"mapping": replace(mapping, answers={}).as_json(), "by": by.user, "at": now},
    )


def changes_of(batch: ImportBatch) -> list[ImportChange]:
    return list(ImportChange.objects.filter(batch=batch).select_related("series__measure"))


def mark_undone(
    *, by: Viewer, batch: ImportBatch, changes: Sequence[ImportChange], left: Collection[Place], now: datetime.datetime
) -> list[ImportChange]:
    """Record that the batch was undone but for what is `left`; returns the changes that were set back."""
    is_left = [place_of(one) in left for one in changes]
    kept = [one for one, stays in zip(changes, is_left, strict=True) if stays]
    done = [one for one, stays in zip(changes, is_left, strict=True) if not stays]
    batch.state, batch.undone_by, batch.undone_at = BatchState.UNDONE, by.user, now
    batch.left = [
        {"code": one.series.code, "name": one.comparator or one.series.name, "period": one.period.label} for one in kept
    ]
    batch.save(update_fields=["state", "undone_by", "undone_at", "left"])
    _hand_back(batch, [one for one in done if one.old is not None])
    return done


def place_of(change: ImportChange) -> Place:
    return change.series_id, change.period, change.comparator


def _hand_back(batch: ImportBatch, done: Sequence[ImportChange]) -> None:
    """Figures that an earlier import wrote, and this one replaced, are held again, one version after this one's. The
    earlier import takes that version over: undoing it must find its own figures, not a change since."""
    if not done:
        return
    versions = {(_cell(one), one.replaced): one.version + 1 for one in done}
    starts = [one.start for one in done]
    earlier = ImportChange.objects.filter(
        series__in={one.series_id for one in done}, start__range=(min(starts), max(starts))
    ).exclude(batch=batch)
    moved = []
    for one in earlier:
        if version := versions.get((_cell(one), one.version)):
            one.version = version
            moved.append(one)
    ImportChange.objects.bulk_create(moved, update_conflicts=True, unique_fields=["pk"], update_fields=["version"])


def _cell(change: ImportChange) -> tuple[int, str, datetime.date, str]:
    return change.series_id, change.period_kind, change.start, change.comparator.casefold()
