"""Batches of benchmarks: what is wanted of a file is chosen, written in one transaction, and can be undone."""

from __future__ import annotations

import datetime
from collections.abc import Iterable

from django.db import transaction

from accounts import audit
from accounts.denial import Stale, WrongState
from accounts.viewer import Viewer

from ..benchmarks import BenchmarkSetBack, BenchmarkWrite, set_back_benchmarks, write_benchmarks
from ..models import ImportBatch, Series
from ..policies import check_standing
from ..rights import Act
from ..terms import BatchKind
from . import benchmark_preview, lifecycle, preview
from .benchmark_preview import BenchmarkPreview
from .mapping import Mapping
from .plan import Kind
from .reading import MOST_ROWS
from .refused import refused_rows

KINDS = (BatchKind.BENCHMARKS,)
INCOMPLETE = "Something is still to be chosen. Nothing was imported."
NOTHING = "There is nothing to import: every figure that you chose is held already, or was refused."


def choose(*, by: Viewer, batch: ImportBatch, mapping: Mapping) -> None:
    """Keep what is wanted of the waiting file, in `mapping.tidy`. WrongState when it waits no longer."""
    _check_standing(by)
    lifecycle.set_mapping(by=by, batch=batch, mapping=mapping, kinds=KINDS)


def confirm(
    *,
    by: Viewer,
    batch: ImportBatch,
    digest: str,
    now: datetime.datetime,
    most_rows: int | None = MOST_ROWS,
) -> ImportBatch:
    """Write what the preview named by `digest` showed, in one transaction. Raises WrongState when the batch was
    confirmed before or leaves something open, Stale when the preview would be another one now; then nothing is
    written."""
    _check_standing(by)
    # The file cannot change, so it is read before the lock is taken.
    book = preview.book_of(lifecycle.waiting(by, batch, kinds=KINDS), most_rows=most_rows)
    with transaction.atomic():
        held = lifecycle.waiting(by, batch, kinds=KINDS, lock=True)
        seen = benchmark_preview.compared(held, book, by, now=now)
        _check_confirmable(seen, digest)
        changing = [item for item in seen.plan.items if item.kind is not Kind.UNCHANGED]
        writes = [
            BenchmarkWrite(seen.series[item.series], item.entry, item.old.version if item.old else 0)
            for item in changing
        ]
        written = write_benchmarks(by=by, writes=writes, now=now)
        lifecycle.keep(
            by=by,
            batch=held,
            written=written,
            now=now,
            counts=seen.counts,
            refused=preview.kept_rows(refused_rows(seen.book, seen.mapping, seen.plan)),
        )
        lifecycle.remember(by=by, book=seen.book, mapping=seen.mapping, now=now)
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
        held = lifecycle.confirmed(by, batch, kinds=KINDS)
        changes = lifecycle.changes_of(held)
        backs = [BenchmarkSetBack(one.series, one.comparator, one.period, one.old, one.version) for one in changes]
        left = set_back_benchmarks(by=by, changes=backs)
        places = {(one.series.pk, one.period, one.comparator) for one in left}
        done = lifecycle.mark_undone(by=by, batch=held, changes=changes, left=places, now=now)
        counts = {"removed": sum(one.old is None for one in done), "set back": sum(one.old is not None for one in done)}
        if done:
            _tell("undo import", held, (one.series for one in done), counts, by=by, now=now)
    return held


def _check_standing(by: Viewer) -> None:
    check_standing(Act.IMPORT_FILES, by)
    check_standing(Act.ADD_BENCHMARK, by)


def _check_confirmable(seen: BenchmarkPreview, digest: str) -> None:
    if seen.plan.digest != digest:
        raise Stale(lifecycle.MOVED)
    if seen.plan.missing or seen.plan.asked:
        raise WrongState(INCOMPLETE)
    if not seen.counts["new"] + seen.counts["changed"]:
        raise WrongState(NOTHING)


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
