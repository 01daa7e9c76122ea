"""The rows of which a plan leaves something out, as texts that can be mended and imported again. Pure: no Django."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from .cells import Book, Row
from .guessing import header_of
from .issues import Issue, Severity
from .mapping import Mapping
from .plan import Plan


@dataclass(frozen=True)
class RefusedRow:
    """`number` is the row's in the file; `issue` says all that is wrong with it."""

    number: int
    cells: tuple[str, ...]
    issue: str


@dataclass(frozen=True)
class RefusedRows:
    header: tuple[str, ...]
    rows: tuple[RefusedRow, ...]


def refused_rows(book: Book, mapping: Mapping, plan: Plan) -> RefusedRows:
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
    rows = tuple(
        RefusedRow(row.number, _texts(row), " ".join([*of_header, *said[row.number]]))
        for row in sheet.rows
        if (sheet.name, row.number) in plan.refused
    )
    return RefusedRows(_texts(header), rows)


def _sentence(issue: Issue) -> str:
    where = f"{issue.column}: " if issue.column else ""
    return f"{where}{issue.why} {issue.remedy}"


def _texts(row: Row) -> tuple[str, ...]:
    # The text of a cell has every digit of its number and reads as one date only.
    return tuple(cell.text or cell.error for cell in row.cells)
