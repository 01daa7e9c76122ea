"""The rows of a sheet with what could be read of them, and what is wrong with them. Pure: no Django."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from measures.imports.issues import Issue, Severity

from .columns import SheetShape

LONGEST_READ = 120


@dataclass
class Line:
    """One row. `values` holds by name what could be read, None for an empty cell; a cell that could not be read is
    not among them. `texts` are all cells as they are seen, `filled` the names of cells that hold anything."""

    sheet: SheetShape
    number: int
    values: dict[str, Any] = field(default_factory=dict)
    texts: Mapping[str, str] = field(default_factory=dict)
    filled: frozenset[str] = frozenset()

    def has(self, *names: str) -> bool:
        """Whether all of these could be read and hold something."""
        return all(self.values.get(name) is not None for name in names)

    def issue(self, name: str, code: str, why: str, remedy: str, *, severity: Severity = Severity.REFUSED) -> Issue:
        """About the cell of one column."""
        column = self.sheet.column(name).header
        read = self.texts.get(name, "")[:LONGEST_READ]
        return Issue(severity, code, self.sheet.name, self.number, column, read, why, remedy)

    def warning(self, name: str, code: str, why: str, remedy: str) -> Issue:
        return self.issue(name, code, why, remedy, severity=Severity.WARNING)


Lines = Mapping[str, list[Line]]


def of_sheet(
    sheet: str,
    code: str,
    why: str,
    remedy: str,
    *,
    row: int = 0,
    column: str = "",
    severity: Severity = Severity.REFUSED,
) -> Issue:
    """About a sheet as a whole, or one of its columns."""
    return Issue(severity, code, sheet, row, column, "", why, remedy)
