"""The rows of a contract's workbook, one class for each sheet. Pure: no Django.

Words with a fixed list (kind, role, unit, basis) are the values that the tables hold. A series is named by the code of
its measure, its own code and its first quarter, because an ended one may be followed by another of the same code.
"""

from __future__ import annotations

import datetime
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import TypeVar

from measures.quarters import Quarter

SeriesKey = tuple[str, str, Quarter]
Row = TypeVar("Row", "DefinitionRow", "TargetRow")


@dataclass(frozen=True)
class ContractRow:
    title: str
    slug: str
    commissioner: str
    commissioner_short: str
    provider: str
    provider_short: str
    values_due_days: int
    commentary_due_days: int
    small_cohort: int
    requires_second_factor: bool


@dataclass(frozen=True)
class CommitteeRow:
    quarter: Quarter
    on: datetime.date


@dataclass(frozen=True)
class MeasureRow:
    code: str
    slug: str
    title: str
    section: str
    kind: str
    first_quarter: Quarter
    last_quarter: Quarter | None
    why_it_matters: str
    owner: str
    source: str


@dataclass(frozen=True)
class SeriesRow:
    measure: str
    code: str
    name: str
    role: str
    unit: str
    decimals: int
    polarity: str
    derivation: str
    window: str
    maximum: Decimal | None
    counted: str
    counted_one: str
    first_quarter: Quarter
    last_quarter: Quarter | None

    @property
    def key(self) -> SeriesKey:
        return self.measure, self.code, self.first_quarter


@dataclass(frozen=True)
class DefinitionRow:
    measure: str
    series: str
    series_from: Quarter
    from_quarter: Quarter
    text: str
    reason: str

    @property
    def key(self) -> SeriesKey:
        return self.measure, self.series, self.series_from


@dataclass(frozen=True)
class TargetRow:
    measure: str
    series: str
    series_from: Quarter
    from_quarter: Quarter
    target: Decimal | None
    tolerance: Decimal | None
    target_basis: str
    tolerance_basis: str
    reason: str

    @property
    def key(self) -> SeriesKey:
        return self.measure, self.series, self.series_from


@dataclass(frozen=True)
class ContractBook:
    """A whole contract. Measures stand in the order of the paper, the series of each in their own."""

    contract: ContractRow
    committee_dates: tuple[CommitteeRow, ...] = ()
    measures: tuple[MeasureRow, ...] = ()
    series: tuple[SeriesRow, ...] = ()
    definitions: tuple[DefinitionRow, ...] = ()
    targets: tuple[TargetRow, ...] = ()

    def series_of(self, measure: str) -> list[SeriesRow]:
        return self._series.get(measure, [])

    def definitions_of(self, key: SeriesKey) -> list[DefinitionRow]:
        """Oldest first."""
        return self._definitions.get(key, [])

    def targets_of(self, key: SeriesKey) -> list[TargetRow]:
        """Oldest first."""
        return self._targets.get(key, [])

    def is_ambiguous(self, measure: str, code: str) -> bool:
        """Whether several series of the measure have this code, one after the other."""
        return self._namesakes[measure, code] > 1

    @cached_property
    def _series(self) -> dict[str, list[SeriesRow]]:
        found = defaultdict(list)
        for row in self.series:
            found[row.measure].append(row)
        return found

    @cached_property
    def _definitions(self) -> dict[SeriesKey, list[DefinitionRow]]:
        return _by_key(self.definitions)

    @cached_property
    def _targets(self) -> dict[SeriesKey, list[TargetRow]]:
        return _by_key(self.targets)

    @cached_property
    def _namesakes(self) -> Counter[tuple[str, str]]:
        return Counter((row.measure, row.code) for row in self.series)


def _by_key(rows: Iterable[Row]) -> dict[SeriesKey, list[Row]]:
    found = defaultdict(list)
    for row in sorted(rows, key=lambda row: row.from_quarter):
        found[row.key].append(row)
    return found
