"""The history of one pane: every save, refusal, restored text, release and withdrawal. Its own party's alone."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace

from django.core.paginator import Page, Paginator
from django.db.models import Q, QuerySet

from accounts.denial import NotKnown
from accounts.viewer import Viewer
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
class Version:
    """One line of the history. `text` is cleaned HTML; `when` and `moment` say its time, alone and in a sentence.
    `is_held`: this save made the draft what it is. `is_read`: the other party reads this release now. `number` counts
    those of one author, minute and title where they stand in one list; 0 where there is one."""

    id: int
    kind: VersionKind
    title: str
    author: str
    at: datetime.datetime
    when: str
    moment: str
    text: str
    is_held: bool
    is_read: bool
    number: int = 0

    @property
    def name(self) -> str:
        """Told apart from the others in a list of choices."""
        told = f"{self.when}, {self.author}: {self.title[0].lower()}{self.title[1:]}"
        return f"{told} ({self.number})" if self.number else told


@dataclass(frozen=True)
class Shown:
    """One version, and the one it is compared with: None where there is none, or it was asked for alone. `choices` are
    those offered to compare, latest first; `is_other`: the text is not the draft's."""

    version: Version
    before: Version | None
    choices: list[Version]
    is_alone: bool
    is_other: bool


@dataclass(frozen=True)
class History:
    """The versions of one pane, with their times as they are told at `now`. `other_name` is the party that reads what
    is released."""

    pane: Pane
    other_name: str
    now: datetime.datetime

    def page(self, number: str = "1") -> Page:
        """A page of Versions, latest first. Two queries."""
        page = Paginator(self._rows(), PER_PAGE).get_page(number)
        page.object_list = [self._version(row) for row in page.object_list]
        return page

    def one(self, version: int) -> Version:
        """One query. NotKnown for a version of another pane."""
        row = self._rows().filter(pk=version).first()
        if row is None:
            raise NotKnown()
        return self._version(row)

    def before(self, version: Version) -> Version | None:
        """What a version is compared with unless somebody chooses: a release with the release before, a withdrawal with
        nothing, any other with the text held before it. One query at most."""
        if version.kind is VersionKind.WITHDRAWN:
            return None
        kind = VersionKind.RELEASED if version.kind is VersionKind.RELEASED else VersionKind.SAVED
        earlier = Q(at__lt=version.at) | Q(at=version.at, pk__lt=version.id)
        row = self._rows().filter(earlier, kind=kind).first()
        return self._version(row) if row else None

    def look_at(self, version: Version, before: Version | None, listed: Iterable[Version], *, is_alone: bool) -> Shown:
        """`listed` is what the page offers to compare beside the two, which may stand on another page."""
        choices = told_apart([*listed, version, *([before] if before else [])])
        named = {each.id: each for each in choices}
        return Shown(
            version=named[version.id],
            before=named[before.id] if before else None,
            choices=choices,
            is_alone=is_alone,
            is_other=version.text != shown(self.pane.draft),
        )

    def _rows(self) -> QuerySet[PaneVersion]:
        # A row that takes further saves stands where its last one was.
        rows = PaneVersion.objects.filter(pane=self.pane).select_related("by", "restored_from")
        return rows.defer("restored_from__text").order_by("-at", "-pk")

    def _version(self, row: PaneVersion) -> Version:
        kind, pane = VersionKind(row.kind), self.pane
        return Version(
            id=row.pk,
            kind=kind,
            title=self._title(row, kind),
            author=row.by.name,
            at=row.at,
            when=clock(row.at, self.now),
            moment=moment(row.at, self.now),
            text=shown(row.text),
            is_held=kind is VersionKind.SAVED and row.version == pane.version,
            is_read=kind is VersionKind.RELEASED and (row.version, row.at) == (pane.released_version, pane.released_at),
        )

    def _title(self, row: PaneVersion, kind: VersionKind) -> str:
        if kind is VersionKind.RELEASED:
            return f"Released to {self.other_name}"
        if row.restored_from:
            return f"Restored the text of {clock(row.restored_from.at, self.now)}"
        return TITLES[kind]


def check_own(viewer: Viewer, pane: Pane) -> Pane:
    """The pane of the viewer's own party. NotKnown to everybody else, and for past quarters: nobody drafted them."""
    if viewer.party != pane.party or pane.cycle.state == State.PAST:
        raise NotKnown()
    return pane


def told_apart(versions: Iterable[Version]) -> list[Version]:
    """Each once, latest first; those that would have one name are numbered, the oldest first."""
    oldest_first = sorted({each.id: each for each in versions}.values(), key=lambda each: (each.at, each.id))
    names = Counter(each.name for each in oldest_first)
    given: Counter[str] = Counter()
    found = []
    for each in oldest_first:
        given[each.name] += 1
        found.append(replace(each, number=given[each.name]) if names[each.name] > 1 else each)
    return found[::-1]
