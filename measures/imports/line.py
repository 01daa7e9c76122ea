"""One figure as a file gives it, before it is compared with what is held. Pure: no Django."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from ..entries import Entry
from ..quarters import Month, Quarter
from ..terms import Frequency
from .findings import Findings
from .plan import Known

Key = tuple[int, Quarter | Month]


@dataclass(frozen=True, slots=True)
class Line:
    """`stated` are the parts of the entry that the file says anything of. `cells` gives for each part where it was
    read and what, as (column, text); in a wide layout for the value alone. `typed` is the value beside counts, which
    themselves give the entry's. `is_one`: the value stands in the file as the share 1, which is 100%."""

    sheet: str
    row: int
    series: Known
    period: Quarter | Month
    entry: Entry
    stated: frozenset[str]
    cells: Mapping[str, tuple[str, str]]
    typed: Decimal | None = None
    illustrative: bool = False
    is_one: bool = False

    @property
    def key(self) -> Key:
        return self.series.id, self.period

    @property
    def quarter(self) -> Quarter:
        return self.period if isinstance(self.period, Quarter) else self.period.quarter

    @property
    def key_of_quarter(self) -> tuple[int, Quarter]:
        return self.series.id, self.quarter

    @property
    def is_derived(self) -> bool:
        """Whether it gives the quarter of a series that is typed by month."""
        return self.series.frequency is Frequency.MONTH and isinstance(self.period, Quarter)

    def cell(self, part: str) -> tuple[str, str]:
        """(column, text) of a part, those of the value where it has no cell of its own."""
        return self.cells.get(part) or self.cells["value"]


@dataclass(frozen=True)
class Lines:
    """`findings` holds what could not become a line."""

    findings: Findings
    found: tuple[Line, ...] = field(default=())


def decimals_of(number: Decimal) -> int:
    """As written: 2 for 0.50, 0 for 1E+3."""
    exponent = number.as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0
