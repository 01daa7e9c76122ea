"""What an import would do: every row compared with what is held, and nothing written. Pure: no Django."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from ..derivation import Derivation
from ..entries import Bounds, Entry, Status
from ..quarters import Month, Quarter
from ..terms import Frequency, Origin
from .issues import Asked, Issue, Severity


@dataclass(frozen=True)
class Known:
    """A series of the contract, as far as an import needs it."""

    id: int
    measure_code: str
    measure_title: str
    code: str
    name: str
    frequency: Frequency
    bounds: Bounds
    first_quarter: Quarter
    last_quarter: Quarter | None
    # Latest last, of the same kind of period as is typed: what a new value is compared with.
    usual: tuple[Decimal, ...] = ()
    # How a quarter comes from its months: a quarter in the file is held against what the file's own months give.
    derivation: Derivation = Derivation.ENTERED


@dataclass(frozen=True)
class Held:
    """The current observation of one series and period. With `counts_illustrative` only what the value prints is real,
    and only that is exported."""

    value: Decimal | None
    numerator: Decimal | None
    denominator: Decimal | None
    status: Status
    note: str
    origin: Origin
    version: int
    counts_illustrative: bool = False


@dataclass(frozen=True)
class Place:
    """Whether the importer may write into a quarter. `refusal` is why not, empty where they may; `may_change` whether
    a value already held there may be changed too; `needs_reason` whether such a change needs a reason, and
    `first_needs_reason` whether a first value does."""

    refusal: str = ""
    may_change: bool = True
    needs_reason: bool = False
    first_needs_reason: bool = False

    def asks_reason(self, *, is_held: bool) -> bool:
        return self.needs_reason if is_held else self.first_needs_reason


class Kind(StrEnum):
    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"


@dataclass(frozen=True, slots=True)
class Item:
    """One value understood. `sheet` and `row` say where it stands in the file."""

    sheet: str
    row: int
    series: int
    period: Quarter | Month
    entry: Entry
    kind: Kind
    old: Held | None
    needs_reason: bool = False


@dataclass(frozen=True)
class Plan:
    """`asked` must be answered before anything can be confirmed. `digest` names exactly this plan: it changes when
    the file, its mapping, or what is held changes. `refused` are the rows of which something is left out, as (sheet,
    row number): the whole row, but in a wide layout only its cells that an issue names. `unlisted` counts the issues
    that are not among `issues`, by severity, code and row."""

    items: tuple[Item, ...]
    issues: tuple[Issue, ...]
    asked: tuple[Asked, ...]
    told: tuple[str, ...]
    refused: frozenset[tuple[str, int]]
    digest: str
    unlisted: Mapping[tuple[Severity, str, int], int] = field(default_factory=dict)

    def of(self, kind: Kind) -> tuple[Item, ...]:
        return tuple(item for item in self.items if item.kind is kind)

    @property
    def needs_reason(self) -> bool:
        return any(item.needs_reason for item in self.items)


HeldValues = Mapping[tuple[int, Quarter | Month], Held]
