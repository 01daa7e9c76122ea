"""Which batches a viewer may see, and what one of them would do if it were confirmed now."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from django.db.models import QuerySet

from accounts.denial import NotKnown, WrongState
from accounts.models import Membership
from accounts.viewer import Viewer

from ..holding import quarter_of
from ..models import ImportBatch, ImportMapping
from ..terms import BatchState
from . import guessing, knowledge, planning, reading
from .cells import Book, Sheet
from .findings import RowCode
from .issues import Asked, Severity
from .knowledge import Knowledge
from .lacking import lacking
from .mapping import Mapping
from .plan import Kind, Plan
from .reading import MOST_ROWS
from .refused import RefusedRows, refused_rows

# Of one person in one contract: each holds its file until it is confirmed.
MOST_WAITING = 10
NO_ROOM = (
    f"{MOST_WAITING} of your files wait for their confirmation already, and no more are kept. Confirm one of those "
    "below, or throw it away, then send this one again."
)
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
        return lacking(self.book, self.mapping)

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
    """Without its content and the rows refused. NotKnown for what is elsewhere or the other party's."""
    found = batches_of(viewer).select_related("by", "confirmed_by", "undone_by").defer("content", "refused")
    batch = found.filter(pk=number).first()
    if batch is None:
        raise NotKnown()
    return batch


def check_room(viewer: Viewer, *, since: datetime.datetime) -> None:
    """WrongState where as many files of this person wait as are kept; those that came before `since` are to go."""
    waiting = ImportBatch.objects.filter(contract=viewer.contract, by=viewer.user, state=BatchState.UPLOADED)
    if waiting.filter(uploaded_at__gte=since).count() >= MOST_WAITING:
        raise WrongState(NO_ROOM)


def book_of(batch: ImportBatch, *, most_rows: int | None = MOST_ROWS) -> Book:
    """Unreadable when the file cannot be read, which an upload has ruled out unless its limits have changed; raises as
    `content_of` does."""
    return reading.read(batch.filename, content_of(batch), most_rows=most_rows)


def content_of(batch: ImportBatch) -> bytes:
    """WrongState when somebody confirmed the file or threw it away just now."""
    content = ImportBatch.objects.filter(pk=batch.pk).values_list("content", flat=True).order_by("pk").first()
    if content is None:
        raise WrongState(GONE)
    return bytes(content)


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
    confirmed = same.filter(state=BatchState.CONFIRMED).select_related("confirmed_by").defer("content", "refused")
    return confirmed.order_by("-confirmed_at").first()


def counts_of(plan: Plan) -> dict[str, int]:
    return {kind.value: len(plan.of(kind)) for kind in Kind} | {"refused": len(plan.refused)}


def needs_tick(plan: Plan) -> bool:
    kinds = {(issue.severity, issue.code) for issue in plan.issues} | {key[:2] for key in plan.unlisted}
    return any((Severity.WARNING, code) in kinds for code in NEED_YES)


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
    """As a batch keeps them."""
    return refused.as_json()


def refused_of(batch: ImportBatch, viewer: Viewer, *, now: datetime.datetime) -> RefusedRows:
    """The rows left out at the confirmation; of a file that still waits, those that would be."""
    if is_waiting(batch):
        seen = build(batch, viewer, now=now)
        return refused_rows(seen.book, seen.mapping, seen.plan)
    return RefusedRows.from_json(batch.refused)


def is_waiting(batch: ImportBatch) -> bool:
    return batch.state == BatchState.UPLOADED
