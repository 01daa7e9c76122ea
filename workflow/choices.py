"""What a reader chose on the scorecard, as part of its address, so that a view can be sent to somebody. No Django."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from measures.quarters import Quarter
from measures.rating import Status
from measures.rows import COUNTED, Scorecard, counted_as
from measures.summary import by_concern

from .tiles import Tile


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


@dataclass(frozen=True)
class Group:
    title: str
    note: str
    tiles: Sequence[Tile]

    @property
    def width(self) -> int:
        """How many columns of four the group fills: small ones stand side by side."""
        return min(len(self.tiles), 4)


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

    def groups(self, tiles: Iterable[Tile]) -> list[Group]:
        """The tiles to show: areas for improvement first, then by section, volumetric ones last; or all by concern."""
        shown = [tile for tile in tiles if not self.show or counted_as(tile.row.status) in self.show]
        if self.concern_first:
            order = {row.id: index for index, row in enumerate(by_concern([tile.row for tile in shown]))}
            ordered = sorted(shown, key=lambda tile: order[tile.row.id])
            return [Group("By concern", "furthest off target first", ordered)] if ordered else []
        areas = [tile for tile in shown if tile.row.is_area]
        found = [Group("Areas for improvement", "chosen by the commissioner", areas)] if areas else []
        rest = [tile for tile in shown if not tile.row.is_area]
        rated = [tile for tile in rest if not tile.row.is_volumetric]
        for section in dict.fromkeys(tile.row.section for tile in rated):
            found.append(Group(section, "", [tile for tile in rated if tile.row.section == section]))
        volumetric = [tile for tile in rest if tile.row.is_volumetric]
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
