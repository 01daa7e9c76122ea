"""Which batches a viewer may see, and what one of them would do if it were confirmed now."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from django.db.models import QuerySet

from accounts.denial import NotKnown, WrongState
from accounts.models import Membership
from accounts.viewer import Viewer

from ..holding import quarter_of
from ..models import Cycle, ImportBatch, ImportMapping
from ..states import State
from ..terms import BatchState
from . import guessing, knowledge, planning, reading
from .cells import Book, Sheet
from .findings import RowCode
from .issues import Asked, Severity
from .knowledge import Knowledge
from .mapping import Mapping
from .plan import Kind, Plan
from .refused import RefusedRow, RefusedRows, refused_rows

MOST_ROWS = 5000
GONE = "Somebody imported this file or threw it away just now."
# Warnings that are written only once somebody has said that the figure is meant so.
NEED_YES = frozenset({RowCode.SCALE_JUMP, RowCode.ILLUSTRATIVE})


@dataclass(frozen=True)
class Preview:
    """One batch read and compared with what is held at this moment."""

    batch: ImportBatch
    book: Book
    mapping: Mapping
    knowledge: Knowledge
    plan: Plan

    @property
    def counts(self) -> dict[str, int]:
        return counts_of(self.plan)

    @property
    def missing(self) -> list[str]:
        return guessing.missing(self.mapping)

    @property
    def needs_tick(self) -> bool:
        return needs_tick(self.plan)

    @property
    def asks_reason(self) -> bool:
        """Whether a value goes where others may have read the one before, or its being missing."""
        quarters = {quarter_of(item.period) for item in self.plan.items if item.kind is not Kind.UNCHANGED}
        return self.plan.needs_reason or any(self.knowledge.places[each].needs_reason for each in quarters)


def batches_of(viewer: Viewer) -> QuerySet[ImportBatch]:
    """Those of the viewer's own party; an administrator's are seen by administrators."""
    return ImportBatch.objects.filter(contract=viewer.contract, party=party_of(viewer))


def party_of(viewer: Viewer) -> str:
    """As a batch holds it."""
    return viewer.party.value if viewer.party else ""


def batch_of(viewer: Viewer, number: int) -> ImportBatch:
    """Without its content. NotKnown for what is elsewhere or the other party's."""
    found = batches_of(viewer).select_related("by", "confirmed_by", "undone_by").defer("content").filter(pk=number)
    batch = found.first()
    if batch is None:
        raise NotKnown()
    return batch


def book_of(batch: ImportBatch, *, most_rows: int | None = MOST_ROWS) -> Book:
    """Unreadable when the file cannot be read, which an upload has ruled out unless its limits have changed;
    WrongState when somebody confirmed or threw it away just now."""
    content = ImportBatch.objects.filter(pk=batch.pk).values_list("content", flat=True).first()
    if content is None:
        raise WrongState(GONE)
    return reading.read(batch.filename, bytes(content), most_rows=most_rows)


def plan_of(book: Book, mapping: Mapping, known: Knowledge, *, sha256: str) -> Plan:
    return planning.plan(book, mapping, known=known.known, held=known.held, places=known.places, source=sha256)


def build(batch: ImportBatch, viewer: Viewer, *, now: datetime.datetime, most_rows: int | None = MOST_ROWS) -> Preview:
    """The file read again and compared with what is held: four queries."""
    book = book_of(batch, most_rows=most_rows)
    found = knowledge.of(viewer, now=now)
    mapping = Mapping.from_json(batch.mapping)
    return Preview(batch, book, mapping, found, plan_of(book, mapping, found, sha256=batch.sha256))


def answered(seen: Preview) -> list[Asked]:
    """The questions of the file that have their answer, so that it can be changed."""
    if not seen.mapping.answers:
        return []
    bare = Mapping.from_json(seen.mapping.as_json() | {"answers": {}})
    asked = plan_of(seen.book, bare, seen.knowledge, sha256=seen.batch.sha256).asked
    return [one for one in asked if one.question in seen.mapping.answers]


def imported_before(batch: ImportBatch) -> ImportBatch | None:
    """The last import of the very same file by the same party."""
    same = ImportBatch.objects.filter(contract=batch.contract_id, party=batch.party, sha256=batch.sha256)
    confirmed = same.filter(state=BatchState.CONFIRMED).select_related("confirmed_by").defer("content")
    return confirmed.order_by("-confirmed_at").first()


def counts_of(plan: Plan) -> dict[str, int]:
    return {kind.value: len(plan.of(kind)) for kind in Kind} | {"refused": len(plan.refused)}


def needs_tick(plan: Plan) -> bool:
    return any(issue.severity is Severity.WARNING and issue.code in NEED_YES for issue in plan.issues)


def guessed(book: Book, known: Knowledge, viewer: Viewer) -> tuple[Mapping, ImportMapping | None]:
    """How the file is read at first: as the contract's last file of this shape, else as its headers suggest.

    Answers are not taken over from another file: what is ambiguous there is asked about anew here.
    """
    mapping = guessing.guess(book, known.known)
    remembered = remembered_for(book, mapping, viewer)
    if remembered is None:
        return mapping, None
    here = {"sheet": mapping.sheet, "header_row": mapping.header_row, "answers": dict(mapping.answers), "unclear": {}}
    return Mapping.from_json(remembered.mapping | here), remembered


def remembered_for(book: Book, mapping: Mapping, viewer: Viewer) -> ImportMapping | None:
    """How a file of this shape was read the last time by the viewer's own party: that the other one imported, and
    when, is not theirs to know."""
    sheet = sheet_of(book, mapping.sheet)
    if sheet is None:
        return None
    shape = guessing.fingerprint(sheet, mapping.header_row)
    found = ImportMapping.objects.filter(contract=viewer.contract, fingerprint=shape)
    own = Membership.objects.filter(contract=viewer.contract, party=viewer.party).values("user")
    found = found.filter(by__in=own) if viewer.party else found.filter(by__is_staff=True)
    return found.select_related("by").first()


def sheet_of(book: Book, name: str) -> Sheet | None:
    return next((sheet for sheet in book.sheets if sheet.name == name), None)


def kept_rows(refused: RefusedRows) -> list[dict]:
    """As a batch keeps them: the header first, and nothing where no row was refused."""
    if not refused.rows:
        return []
    header = {"row": 0, "cells": list(refused.header), "issue": ""}
    return [header, *({"row": one.number, "cells": list(one.cells), "issue": one.issue} for one in refused.rows)]


def refused_of(batch: ImportBatch, viewer: Viewer, *, now: datetime.datetime) -> RefusedRows:
    """The rows left out at the confirmation; of a file that still waits, those that would be."""
    if is_waiting(batch):
        seen = build(batch, viewer, now=now)
        return refused_rows(seen.book, seen.mapping, seen.plan)
    header, *rows = batch.refused or [{"cells": []}]
    return RefusedRows(
        tuple(header["cells"]), tuple(RefusedRow(one["row"], tuple(one["cells"]), one["issue"]) for one in rows)
    )


def is_waiting(batch: ImportBatch) -> bool:
    return batch.state == BatchState.UPLOADED


def is_draft(cycle: Cycle | None) -> bool:
    """Whether nobody but the provider ever saw the quarter's values. Without a cycle it is to become a past one."""
    return cycle is not None and cycle.state == State.OPEN and not cycle.submitted_once
