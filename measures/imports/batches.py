"""Import batches: a file comes in, waits for its confirmation, is written in one transaction, and can be undone.

Until a batch is confirmed nothing but its own row is written.
"""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Sequence

from django.db import transaction

from accounts import audit
from accounts.denial import Denied, Stale, WrongState
from accounts.viewer import Viewer

from .. import history, writing
from ..holding import quarter_of
from ..models import Cycle, ImportBatch, ImportChange
from ..policies import check_standing
from ..rights import RIGHTS, Act
from ..states import State
from ..terms import BatchKind, BatchState, Origin
from ..writing import Invalid, SetBack, Write, Written
from . import benchmark_preview, knowledge, lifecycle, preview, reading
from .cells import Unreadable
from .guessing import missing
from .kinds import EMPTY, LARGEST_FILE, TOO_LARGE, is_paper, safe_name
from .knowledge import Knowledge, not_an_importer
from .mapping import Layout, Mapping
from .plan import Item, Kind, Plan
from .refused import refused_rows

# An upload that nobody confirmed goes with the next one after this time.
KEPT = datetime.timedelta(days=7)
UNANSWERED = "The file leaves something open. Answer the questions first; nothing was imported."
INCOMPLETE = "The file cannot be read yet: say which column holds what. Nothing was imported."
NOTHING = "There is nothing to import: every value in the file is held already, or was refused."
TICK = "Tick this once you have checked the figures that look out of scale."
NO_REASON = "Say why values change that others may have read: the reason stays on record beside them."
HOLDS_BENCHMARKS = (
    "This file holds benchmarks: figures of other areas, in the layout of the department’s open data. "
    "An analyst of {provider}, an officer of {commissioner} or an administrator brings them in as benchmarks."
)
ONLY_BENCHMARKS = "Officers import benchmarks only."
PAPER_ONLY = "This looks like an old committee paper. Only an administrator brings those in."

Change = Written | ImportChange


class TooLarge(Unreadable):
    """More than a page takes; the command takes any file."""


def upload(
    *,
    by: Viewer,
    name: str,
    content: bytes,
    now: datetime.datetime,
    most_rows: int | None = reading.MOST_ROWS,
) -> ImportBatch:
    """Keep the file in a batch of its own, read as well as can be guessed. Unreadable with the sentence to show when
    it cannot be read, Denied when this person imports no such files."""
    check_standing(Act.IMPORT_FILES, by)
    name = safe_name(name)
    if not content:
        raise Unreadable(EMPTY)
    if most_rows is not None and len(content) > LARGEST_FILE:
        raise TooLarge(TOO_LARGE)
    kind, mapping = _first_reading(by, name, content, now=now, most_rows=most_rows)
    with transaction.atomic():
        _drop_old(by, now)
        return ImportBatch.objects.create(
            contract=by.contract,
            kind=kind,
            party=preview.party_of(by),
            by=by.user,
            uploaded_at=now,
            filename=name,
            sha256=hashlib.sha256(content).hexdigest(),
            size=len(content),
            content=content,
            mapping=mapping,
        )


def _first_reading(
    by: Viewer, name: str, content: bytes, *, now: datetime.datetime, most_rows: int | None
) -> tuple[BatchKind, dict[str, object]]:
    """What kind of file this is, and how it is read at first."""
    if is_paper(name, content):
        if by.who not in RIGHTS[Act.SET_UP]:
            raise Denied(PAPER_ONLY)
        return BatchKind.PAPER, {}
    book = reading.read(name, content, most_rows=most_rows)
    mapping, _ = preview.guessed(book, knowledge.of(by, now=now), by)
    if mapping.layout is Layout.TIDY:
        check_standing(Act.ADD_BENCHMARK, by)
        return BatchKind.BENCHMARKS, benchmark_preview.first_choice(book, mapping).as_json()
    check_layout(by, mapping)
    return BatchKind.VALUES, mapping.as_json()


def check_layout(by: Viewer, mapping: Mapping) -> None:
    """Denied where this person imports nothing of this layout."""
    names = {"commissioner": by.contract.commissioner.short_name, "provider": by.contract.provider.short_name}
    if mapping.layout is Layout.TIDY:
        raise Denied(HOLDS_BENCHMARKS.format(**names))
    if by.who not in RIGHTS[Act.LOAD_HISTORY]:
        raise Denied(f"{ONLY_BENCHMARKS} {not_an_importer(by)}")


def _drop_old(by: Viewer, now: datetime.datetime) -> None:
    waiting = ImportBatch.objects.filter(contract=by.contract, state=BatchState.UPLOADED)
    waiting.filter(uploaded_at__lt=now - KEPT).delete()


def remap(*, by: Viewer, batch: ImportBatch, mapping: Mapping) -> None:
    """Read the waiting file otherwise. WrongState when it waits no longer."""
    check_standing(Act.IMPORT_FILES, by)
    check_layout(by, mapping)
    lifecycle.set_mapping(by=by, batch=batch, mapping=mapping)


def discard(*, by: Viewer, batch: ImportBatch) -> None:
    """Forget a file that was not confirmed."""
    check_standing(Act.IMPORT_FILES, by)
    gone, _ = preview.batches_of(by).filter(pk=batch.pk, state=BatchState.UPLOADED).delete()
    if not gone:
        raise WrongState(lifecycle.settled(batch))


def confirm(
    *,
    by: Viewer,
    batch: ImportBatch,
    digest: str,
    now: datetime.datetime,
    reason: str = "",
    accepted: bool = False,
    most_rows: int | None = reading.MOST_ROWS,
) -> ImportBatch:
    """Write what the preview named by `digest` showed, in one transaction. `accepted`: the figures out of scale were
    checked. Raises WrongState when the batch was confirmed before or leaves questions, Stale when the preview would
    be another one now, Invalid for a reason or a tick that is missing; then nothing is written."""
    check_standing(Act.IMPORT_FILES, by)
    # The file cannot change, so it is read before the lock is taken.
    book = preview.book_of(lifecycle.waiting(by, batch), most_rows=most_rows)
    with transaction.atomic():
        batch = lifecycle.waiting(by, batch, lock=True)
        # Every quarter, the earliest first: what is compared now is what is held until the end.
        list(Cycle.objects.select_for_update().filter(contract=by.contract).order_by("quarter"))
        found = knowledge.of(by, now=now)
        mapping = Mapping.from_json(batch.mapping)
        check_layout(by, mapping)
        plan = preview.plan_of(book, mapping, found, sha256=batch.sha256)
        _check_confirmable(plan, mapping, digest=digest, reason=reason, accepted=accepted)
        written = _write(by, plan, found, now=now, reason=reason)
        lifecycle.keep(
            by=by,
            batch=batch,
            written=written,
            now=now,
            counts=preview.counts_of(plan),
            refused=preview.kept_rows(refused_rows(book, mapping, plan)),
            reason=reason.strip(),
        )
        lifecycle.remember(by=by, book=book, mapping=mapping, now=now)
        told = _told(written, found)
        new = {"new": sum(one.old is None for one in told), "changed": sum(one.old is not None for one in told)}
        _tell("import values", batch, told, new, by=by, now=now, reason=reason)
    return batch


def _check_confirmable(plan: Plan, mapping: Mapping, *, digest: str, reason: str, accepted: bool) -> None:
    if plan.digest != digest:
        raise Stale(lifecycle.MOVED)
    if missing(mapping):
        raise WrongState(INCOMPLETE)
    if plan.asked:
        raise WrongState(UNANSWERED)
    if not _changing(plan):
        raise WrongState(NOTHING)
    errors = {}
    if preview.needs_tick(plan) and not accepted:
        errors["accepted"] = TICK
    if plan.needs_reason and not reason.strip():
        errors["reason"] = NO_REASON
    if errors:
        raise Invalid(errors)


def _changing(plan: Plan) -> list[Item]:
    return [item for item in plan.items if item.kind is not Kind.UNCHANGED]


def _write(by: Viewer, plan: Plan, found: Knowledge, *, now: datetime.datetime, reason: str) -> list[Written]:
    items = _changing(plan)
    if new := {quarter_of(item.period) for item in items} - found.cycles.keys():
        history.add_past_quarters(by=by, quarters=new, now=now)
    writes = [
        Write(
            series=found.series[item.series],
            period=item.period,
            entry=item.entry,
            version=item.old.version if item.old else 0,
            origin=Origin.IMPORTED,
        )
        for item in items
    ]
    return writing.write(by=by, writes=writes, now=now, reason=reason)


def _told(changes: Sequence[Change], found: Knowledge) -> list[Change]:
    """Those in past and published quarters, which both parties read at once. What happens in an open one, after a
    send-back too, is the provider's own until the submission tells it."""
    read = (State.PAST, State.PUBLISHED)
    states = {quarter: cycle.state for quarter, cycle in found.cycles.items()}
    # A quarter without a cycle becomes a past one with the import.
    return [one for one in changes if states.get(quarter_of(one.period), State.PAST) in read]


def _tell(
    act: str, batch: ImportBatch, told: Sequence[Change], counts: dict[str, int], *, by: Viewer, now, reason: str
) -> None:
    if not told:
        return
    quarters = sorted({quarter_of(one.period) for one in told})
    audit.append(
        contract_id=batch.contract_id,
        by=by.user,
        now=now,
        act=act,
        object=f"{quarters[0].code} to {quarters[-1].code}" if len(quarters) > 1 else quarters[0].code,
        new={"sha256": batch.sha256, **counts},
        reason=reason.strip(),
    )


def undo(*, by: Viewer, batch: ImportBatch, now: datetime.datetime, reason: str = "") -> ImportBatch:
    """Set every value of the batch back to what was held before; what was changed since is left and named in
    `batch.left`. Raises WrongState when it is not confirmed or a quarter takes no changes now, Invalid without a
    reason where others may have read the figures."""
    check_standing(Act.IMPORT_FILES, by)
    with transaction.atomic():
        held = lifecycle.confirmed(by, batch, kinds=(BatchKind.VALUES, BatchKind.PAPER))
        list(Cycle.objects.select_for_update().filter(contract=by.contract).order_by("quarter"))
        changes = lifecycle.changes_of(held)
        backs = [SetBack(one.series, one.period, one.version, one.old) for one in changes]
        left = writing.set_back(by=by, changes=backs, now=now, reason=reason)
        places = {(one.series.pk, one.period, "") for one in left}
        done = lifecycle.mark_undone(by=by, batch=held, changes=changes, left=places, now=now)
        told = _told(done, knowledge.of(by, now=now))
        new = {"removed": sum(one.old is None for one in told), "set back": sum(one.old is not None for one in told)}
        _tell("undo import", held, told, new, by=by, now=now, reason=reason)
    return held
