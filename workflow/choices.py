"""What a reader chose on the scorecard, as part of its address, so that a view can be sent to somebody. No Django."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Generic, Protocol, TypeVar
from urllib.parse import urlencode

from measures.quarters import Quarter
from measures.rating import Status
from measures.rows import COUNTED, MeasureRow, Scorecard, counted_as
from measures.summary import by_concern


@dataclass(frozen=True)
class Option:
    """One choice of a segmented control or menu; no url for an end that leads nowhere."""

    label: str
    url: str
    current: bool = False


@dataclass(frozen=True)
class Chip:
    """A count that filters."""

    status: str
    word: str
    count: int
    url: str
    current: bool


class HasRow(Protocol):
    @property
    def row(self) -> MeasureRow: ...


Of = TypeVar("Of", bound=HasRow)


@dataclass(frozen=True)
class Group(Generic[Of]):
    """A section of a page and what stands in it: a tile of each measure, or its texts."""

    title: str
    note: str
    members: Sequence[Of]

    @property
    def width(self) -> int:
        """How many columns of four the group fills: small ones stand side by side."""
        return min(len(self.members), 4)


@dataclass(frozen=True)
class View:
    """`show` empty is everything; what an address says wrongly is left out."""

    show: frozenset[Status] = frozenset()
    as_table: bool = False
    concern_first: bool = False

    @classmethod
    def of(cls, query: Mapping[str, str]) -> View:
        chosen = set(query.get("show", "").split(","))
        return cls(
            frozenset(status for status in COUNTED if status in chosen),
            query.get("view") == "table",
            query.get("sort") == "concern",
        )

    @property
    def url(self) -> str:
        """The query part of the address of this choice; "?" is the plain page."""
        pairs = [
            ("show", ",".join(status for status in COUNTED if status in self.show)),
            ("view", "table" if self.as_table else ""),
            ("sort", "concern" if self.concern_first else ""),
        ]
        return "?" + urlencode([(name, value) for name, value in pairs if value], safe=",")

    def chips(self, card: Scorecard) -> list[Chip]:
        return [
            Chip(
                status,
                status.words,
                count,
                replace(self, show=self.show ^ {status}).url,
                status in self.show,
            )
            for status, count in card.counts.items()
        ]

    @property
    def everything_url(self) -> str:
        return replace(self, show=frozenset()).url

    def layouts(self) -> list[Option]:
        return [
            Option(word, replace(self, as_table=as_table).url, self.as_table is as_table)
            for word, as_table in (("Tiles", False), ("Table", True))
        ]

    def orders(self) -> list[Option]:
        return [
            Option(word, replace(self, concern_first=first).url, self.concern_first is first)
            for word, first in (("By section", False), ("By concern", True))
        ]

    def groups(self, measures: Iterable[Of]) -> list[Group[Of]]:
        """What to show: areas for improvement first, then by section, volumetric ones last; or all by concern."""
        shown = [each for each in measures if not self.show or counted_as(each.row.status) in self.show]
        if self.concern_first:
            order = {row.id: index for index, row in enumerate(by_concern([each.row for each in shown]))}
            ordered = sorted(shown, key=lambda each: order[each.row.id])
            return [Group("By concern", "furthest off target first", ordered)] if ordered else []
        areas = [each for each in shown if each.row.is_area]
        found = [Group("Areas for improvement", "chosen by the commissioner", areas)] if areas else []
        rest = [each for each in shown if not each.row.is_area]
        rated = [each for each in rest if not each.row.is_volumetric]
        for section in dict.fromkeys(each.row.section for each in rated):
            found.append(Group(section, "", [each for each in rated if each.row.section == section]))
        volumetric = [each for each in rest if each.row.is_volumetric]
        if volumetric:
            found.append(Group("Volumetric", "no target: they explain the others", volumetric))
        return found


@dataclass(frozen=True)
class Switcher:
    """Previous, this and next quarter, and the list of all."""

    previous: Option | None
    current: str
    next: Option | None
    all: Sequence[Option]

    @classmethod
    def of(cls, current: Quarter, quarters: Iterable[Quarter], address: Callable[[Quarter], str]) -> Switcher:
        known = sorted(quarters)

        def option(quarter: Quarter) -> Option | None:
            return Option(quarter.label, address(quarter)) if quarter in known else None

        every = [Option(q.label, address(q), q == current) for q in reversed(known)]
        return cls(option(current.previous), current.label, option(current.next), every)
