"""The history of one pane: every save, refusal, restored text, release and withdrawal. Its own party's alone."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from django.core.paginator import Page, Paginator
from django.db.models import Q, QuerySet
from django.utils import timezone

from accounts.denial import NotKnown
from accounts.roles import Party
from accounts.viewer import Viewer
from measures.quarters import Quarter
from measures.states import State

from .models import Pane, PaneVersion, VersionKind
from .sanitising import shown
from .times import clock, moment

PER_PAGE = 50
TITLES = {
    VersionKind.SAVED: "Saved",
    VersionKind.REFUSED: "Not saved: somebody saved first",
    VersionKind.WITHDRAWN: "Withdrawn",
}


@dataclass(frozen=True)
class Entry:
    """One line of the history. `text` is cleaned HTML. `is_held`: this save made the draft what it is. `is_read`: the
    other party reads this release now. `is_other`: the text is not the draft's."""

    id: int
    kind: VersionKind
    title: str
    author: str
    at: datetime.datetime
    text: str
    is_held: bool
    is_read: bool
    is_other: bool

    @property
    def when(self) -> str:
        return clock(self.at, timezone.now())

    @property
    def moment(self) -> str:
        return moment(self.at, timezone.now())

    @property
    def name(self) -> str:
        """Told apart from the others in a list of choices."""
        return f"{self.when}, {self.author}: {self.title[0].lower()}{self.title[1:]}"


@dataclass(frozen=True)
class History:
    """One page of the entries, latest first."""

    entries: tuple[Entry, ...]
    page: Page


@dataclass(frozen=True)
class Shown:
    """One version, and the version that it is compared with; None where there is none, or it was asked for alone."""

    entry: Entry
    before: Entry | None
    is_alone: bool = False


def pane_at(viewer: Viewer, quarter: Quarter, measure: str, party: str) -> Pane | None:
    """The pane at an address of the viewer's contract, with its measure and cycle."""
    rows = Pane.objects.select_related("measure", "cycle").filter(
        cycle__contract=viewer.contract, cycle__quarter=quarter, measure__contract=viewer.contract
    )
    return rows.filter(measure__slug=measure, party=party).first()


def check_own(viewer: Viewer, pane: Pane | None) -> Pane:
    """The pane of the viewer's own party. NotKnown to everybody else, and for past quarters: nobody drafted them."""
    if pane is None or viewer.party != pane.party or pane.cycle.state == State.PAST:
        raise NotKnown()
    return pane


def history(pane: Pane, other_name: str, page: str = "1") -> History:
    """`other_name` is the party that reads what is released. Two queries."""
    shown_page = Paginator(_rows(pane), PER_PAGE).get_page(page)
    return History(tuple(_entry(row, pane, other_name) for row in shown_page.object_list), shown_page)


def one(pane: Pane, other_name: str, version: int) -> Entry:
    """One query. NotKnown for a version of another pane."""
    row = _rows(pane).filter(pk=version).first()
    if row is None:
        raise NotKnown()
    return _entry(row, pane, other_name)


def before(pane: Pane, other_name: str, entry: Entry) -> Entry | None:
    """What an entry is compared with unless somebody chooses: a release with the release before, a withdrawal with
    nothing, any other with the text held before it. One query."""
    kinds = {VersionKind.RELEASED: VersionKind.RELEASED, VersionKind.WITHDRAWN: None}
    kind = kinds.get(entry.kind, VersionKind.SAVED)
    earlier = Q(at__lt=entry.at) | Q(at=entry.at, pk__lt=entry.id)
    row = _rows(pane).filter(earlier, kind=kind).first()
    return _entry(row, pane, other_name) if row else None


def _rows(pane: Pane) -> QuerySet[PaneVersion]:
    # A row that takes further saves stands where its last one was.
    rows = PaneVersion.objects.filter(pane=pane).select_related("by", "restored_from")
    return rows.defer("restored_from__text").order_by("-at", "-pk")


def _entry(row: PaneVersion, pane: Pane, other_name: str) -> Entry:
    kind, text = VersionKind(row.kind), shown(row.text)
    return Entry(
        id=row.pk,
        kind=kind,
        title=_title(row, kind, other_name),
        author=row.by.name,
        at=row.at,
        text=text,
        is_held=kind is VersionKind.SAVED and row.version == pane.version,
        is_read=kind is VersionKind.RELEASED and (row.version, row.at) == (pane.released_version, pane.released_at),
        is_other=text != shown(pane.draft),
    )


def _title(row: PaneVersion, kind: VersionKind, other_name: str) -> str:
    if kind is VersionKind.RELEASED:
        return f"Released to {other_name}"
    if row.restored_from:
        return f"Restored the text of {clock(row.restored_from.at, timezone.now())}"
    return TITLES[kind]


def other_name(viewer: Viewer) -> str:
    """Who reads what the viewer's party releases."""
    return viewer.contract.organisation(Party(viewer.party).other).short_name
