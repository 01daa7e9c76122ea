"""Batches of benchmarks: what is wanted of a file is chosen, written in one transaction, and can be undone."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import replace

from django.db import transaction
from django.utils import timezone

from accounts import audit
from accounts.denial import NotKnown, Stale, WrongState
from accounts.viewer import Viewer

from ..benchmarks import (
    BenchmarkSetBack,
    BenchmarkWrite,
    BenchmarkWritten,
    set_back_benchmarks,
    write_benchmarks,
)
from ..models import ImportBatch, ImportChange, ImportMapping, Series, kind_of
from ..policies import check_standing
from ..quarters import date_words
from ..rights import Act
from ..terms import BatchKind, BatchState
from . import benchmark_preview, preview
from .benchmark_preview import BenchmarkPreview
from .guessing import fingerprint
from .mapping import Mapping
from .plan import Kind
from .refused import refused_rows

MOVED = "What is held has changed since you opened this preview. Look through it once more, then confirm."
INCOMPLETE = "Something is still to be chosen. Nothing was imported."
NOTHING = "There is nothing to import: every figure that you chose is held already, or was refused."


def choose(*, by: Viewer, batch: ImportBatch, mapping: Mapping) -> None:
    """Keep what is wanted of the waiting file, in `mapping.tidy`. WrongState when it waits no longer."""
    _check_standing(by)
    waiting = _batches(by).filter(pk=batch.pk, state=BatchState.UPLOADED)
    if not waiting.update(mapping=mapping.as_json()):
        raise WrongState(_settled(batch))


def confirm(
    *,
    by: Viewer,
    batch: ImportBatch,
    digest: str,
    now: datetime.datetime,
    most_rows: int | None = preview.MOST_ROWS,
) -> ImportBatch:
    """Write what the preview named by `digest` showed, in one transaction. Raises WrongState when the batch was
    confirmed before or leaves something open, Stale when the preview would be another one now; then nothing is
    written."""
    _check_standing(by)
    # The file cannot change, so it is read before the lock is taken.
    book = preview.book_of(_waiting(by, batch), most_rows=most_rows)
    with transaction.atomic():
        held = _waiting(by, batch, lock=True)
        seen = benchmark_preview.compared(held, book, by, now=now)
        _check_confirmable(seen, digest)
        changing = [item for item in seen.plan.items if item.kind is not Kind.UNCHANGED]
        writes = [
            BenchmarkWrite(seen.series[item.series], item.entry, item.old.version if item.old else 0)
            for item in changing
        ]
        written = write_benchmarks(by=by, writes=writes, now=now)
        _keep(seen, written, by=by, now=now)
        _remember(seen, by=by, now=now)
        counts = {
            "new": sum(one.old is None for one in written),
            "changed": sum(one.old is not None for one in written),
        }
        _tell("import benchmarks", held, (one.series for one in written), counts, by=by, now=now)
    return held


def undo(*, by: Viewer, batch: ImportBatch, now: datetime.datetime) -> ImportBatch:
    """Set every benchmark of the batch back to what was held before; what was changed or removed since is left and
    named in `batch.left`. WrongState when it is not confirmed."""
    _check_standing(by)
    with transaction.atomic():
        held = _batches(by).filter(pk=batch.pk).select_for_update().first()
        if held is None:
            raise NotKnown()
        if held.state != BatchState.CONFIRMED:
            raise WrongState("This import is undone already." if held.undone_at else "This file was never imported.")
        rows = ImportChange.objects.filter(batch=held).select_related("series__measure")
        changes = [BenchmarkSetBack(one.series, one.comparator, one.period, one.old, one.version) for one in rows]
        left = set_back_benchmarks(by=by, changes=changes)
        held.state, held.undone_by, held.undone_at = BatchState.UNDONE, by.user, now
        held.left = [{"code": one.series.code, "name": one.comparator, "period": one.period.label} for one in left]
        held.save(update_fields=["state", "undone_by", "undone_at", "left"])
        kept = {(one.series.pk, one.comparator, one.period) for one in left}
        done = [one for one in changes if (one.series.pk, one.comparator, one.period) not in kept]
        counts = {"removed": sum(one.old is None for one in done), "set back": sum(one.old is not None for one in done)}
        if done:
            _tell("undo import", held, (one.series for one in done), counts, by=by, now=now)
    return held


def _check_standing(by: Viewer) -> None:
    check_standing(Act.IMPORT_FILES, by)
    check_standing(Act.ADD_BENCHMARK, by)


def _batches(by: Viewer):
    return preview.batches_of(by).filter(kind=BatchKind.BENCHMARKS).defer("content")


def _waiting(by: Viewer, batch: ImportBatch, *, lock: bool = False) -> ImportBatch:
    """The batch as it is now. NotKnown for one that is gone or another's, WrongState for one that was confirmed."""
    batches = _batches(by).filter(pk=batch.pk)
    found = (batches.select_for_update() if lock else batches).first()
    if found is None:
        raise NotKnown()
    if not preview.is_waiting(found):
        raise WrongState(_settled(found))
    return found


def _settled(batch: ImportBatch) -> str:
    when = f" on {date_words(timezone.localdate(batch.confirmed_at))}" if batch.confirmed_at else ""
    return f"This file was imported{when}; it does not wait for anything any more."


def _check_confirmable(seen: BenchmarkPreview, digest: str) -> None:
    if seen.plan.digest != digest:
        raise Stale(MOVED)
    if seen.plan.missing or seen.plan.asked:
        raise WrongState(INCOMPLETE)
    if not seen.counts["new"] + seen.counts["changed"]:
        raise WrongState(NOTHING)


def _keep(seen: BenchmarkPreview, written: Sequence[BenchmarkWritten], *, by: Viewer, now: datetime.datetime) -> None:
    """The record of what was done; the file itself is not needed any more."""
    batch = seen.batch
    ImportChange.objects.bulk_create(
        ImportChange(
            batch=batch,
            series=one.series,
            period_kind=kind_of(one.entry.period),
            start=one.entry.period.start,
            comparator=one.entry.comparator,
            old=one.old,
            new=one.new,
            version=one.version,
        )
        for one in written
    )
    batch.state, batch.content = BatchState.CONFIRMED, None
    batch.counts = seen.counts
    batch.refused = preview.kept_rows(refused_rows(seen.book, seen.mapping, seen.plan))
    batch.confirmed_by, batch.confirmed_at = by.user, now
    batch.save(update_fields=["state", "content", "counts", "refused", "confirmed_by", "confirmed_at"])


def _remember(seen: BenchmarkPreview, *, by: Viewer, now: datetime.datetime) -> None:
    # It is there: without its sheet a file lacks everything, and cannot be confirmed.
    [sheet] = [one for one in seen.book.sheets if one.name == seen.mapping.sheet]
    kept = replace(seen.mapping, answers={})
    ImportMapping.objects.update_or_create(
        contract=by.contract,
        fingerprint=fingerprint(sheet, seen.mapping.header_row),
        defaults={"mapping": kept.as_json(), "by": by.user, "at": now},
    )


def _tell(act: str, batch: ImportBatch, series: Iterable[Series], counts: dict[str, int], *, by: Viewer, now) -> None:
    codes = ", ".join(dict.fromkeys(one.code for one in series))
    audit.append(
        contract_id=batch.contract_id,
        by=by.user,
        now=now,
        act=act,
        object=f"benchmarks of {codes}"[:200],
        new={"sha256": batch.sha256, **counts},
    )
