"""The rows of which a plan leaves something out, as texts that can be mended and imported again. Pure: no Django.

While a file waits all of its columns are given back. What a confirmed batch keeps is less: columns that mean nothing
here may hold anything, names of children too, and need not be kept.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping as Dict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from .cells import Book, Row
from .guessing import header_of
from .issues import Issue, Severity
from .mapping import Layout, Mapping
from .plan import Plan
from .tidy import BenchmarkPlan

# What a batch keeps: rows, and characters of all their cells and issues.
MOST_ROWS = 1_000
MOST_CHARACTERS = 500_000
TOO_MANY = "Refused too. More is wrong with this file than is listed: see the rows before."


@dataclass(frozen=True)
class RefusedRow:
    """`number` is the row's in the file; `issue` says all that is wrong with it."""

    number: int
    cells: tuple[str, ...]
    issue: str


@dataclass(frozen=True)
class RefusedRows:
    """`mapped` are the indexes of the columns that mean something; `more` counts rows that were refused and are not
    here."""

    header: tuple[str, ...]
    rows: tuple[RefusedRow, ...]
    mapped: tuple[int, ...] = ()
    more: int = 0

    def as_json(self) -> list[dict[str, object]]:
        """What a batch keeps: the header first, then as many rows as fit, of their cells the mapped ones; nothing
        where no row was refused."""
        if not self.rows:
            return []
        kept: list[dict[str, object]] = []
        room = MOST_CHARACTERS
        for row in self.rows[:MOST_ROWS]:
            cells = self._mapped(row.cells)
            room -= len(row.issue) + sum(map(len, cells))
            if room < 0:
                break
            kept.append({"row": row.number, "cells": cells, "issue": row.issue})
        more = len(self.rows) - len(kept)
        return [{"row": 0, "cells": self._mapped(self.header), "issue": "", "more": more}, *kept]

    def _mapped(self, cells: Sequence[str]) -> list[str]:
        return [cells[index] if index < len(cells) else "" for index in self.mapped]

    @classmethod
    def from_json(cls, kept: Sequence[Dict[str, Any]]) -> RefusedRows:
        header, *rows = kept or [{"cells": []}]
        found = tuple(RefusedRow(one["row"], tuple(one["cells"]), one["issue"]) for one in rows)
        return cls(tuple(header["cells"]), found, tuple(range(len(header["cells"]))), header.get("more", 0))


def refused_rows(book: Book, mapping: Mapping, plan: Plan | BenchmarkPlan) -> RefusedRows:
    """In the order of the file; no row where its sheet or header is not there."""
    sheet = next((sheet for sheet in book.sheets if sheet.name == mapping.sheet), None)
    header = header_of(sheet, mapping.header_row) if sheet else None
    if sheet is None or header is None:
        return RefusedRows((), ())
    said: dict[int, list[str]] = defaultdict(list)
    for issue in plan.issues:
        if issue.severity is Severity.REFUSED:
            said[issue.row].append(_sentence(issue))
    of_header = said.pop(header.number, [])
    for number, count in _unlisted(plan).items():
        sentence = f"And {count:,} more in this row." if number in said else TOO_MANY
        said[number].append(sentence)
    rows = tuple(
        RefusedRow(row.number, _texts(row), " ".join([*of_header, *said[row.number]]))
        for row in sheet.rows
        if (sheet.name, row.number) in plan.refused
    )
    return RefusedRows(_texts(header), rows, _mapped(mapping, len(header.cells)))


def _unlisted(plan: Plan | BenchmarkPlan) -> dict[int, int]:
    """By row, how many cells are refused without a word of their own."""
    found: dict[int, int] = defaultdict(int)
    for (severity, _, number), count in plan.unlisted.items():
        if severity is Severity.REFUSED:
            found[number] += count
    return found


def _mapped(mapping: Mapping, width: int) -> tuple[int, ...]:
    """Open data is public, and its filters are columns too: all of it may be kept."""
    if mapping.layout is Layout.TIDY:
        return tuple(range(width))
    return tuple(sorted({*mapping.columns.values(), *mapping.periods}))


def _sentence(issue: Issue) -> str:
    where = f"{issue.column}: " if issue.column else ""
    return f"{where}{issue.why} {issue.remedy}"


def _texts(row: Row) -> tuple[str, ...]:
    # The text of a cell has every digit of its number and reads as one date only.
    return tuple(cell.text or cell.error for cell in row.cells)
