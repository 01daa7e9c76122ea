"""The wide layout: a row for each series, a column for each period. Pure: no Django."""

from __future__ import annotations

from collections.abc import Sequence

from ..entries import Entry, Status
from .cells import Row, Sheet
from .findings import Attempt
from .guessing import NAMING
from .mapping import Field, Mapping
from .plan import Known
from .rows import Naming, Place, Read, Reader


class WideRows(Reader):
    """The periods are read once, from the header; under one that cannot be read no cell is."""

    reads = frozenset(NAMING)

    def __init__(self, sheet: Sheet, header: Row, mapping: Mapping, known: Sequence[Known]) -> None:
        super().__init__(sheet, header, mapping, known)
        self.periods: dict[int, Read] = {}
        self.unread: set[int] = set()
        for index in mapping.periods:
            attempt = self.findings.attempt(header.number)
            cell = header.cell(index)
            self.check_cell(attempt, index, cell)
            period = None if attempt.failed else self._header_period(attempt, index)
            if period:
                self.periods[index] = period
            elif attempt.refused:
                self.unread.add(index)
        # The header itself is no row that is left out; those under it are.
        self.findings.refused.discard((sheet.name, header.number))

    def _header_period(self, attempt: Attempt, index: int) -> Read | None:
        cell = self.header.cell(index)
        return attempt.take(self.label(index), cell.text, lambda: self.period_of(cell, ""))

    def read(self, row: Row) -> None:
        indexes = (*self.columns.values(), *self.mapping.periods)
        if all(row.cell(index).is_empty and not row.cell(index).merged for index in indexes):
            self.check_width(self.findings.attempt(row.number), row)
            return
        if self.is_heading(row, indexes):
            return
        attempt = self.findings.attempt(row.number)
        self.check_width(attempt, row)
        filled = [at for at in self.mapping.periods if not row.cell(at).is_empty or row.cell(at).merged]
        if not attempt.failed and not filled:
            self.skipped += 1
            return
        for index in self.columns.values():
            self.check_cell(attempt, index, row.cell(index))
        if attempt.failed:
            return
        naming = self.naming(attempt, self.cells(row))
        if naming is None:
            return
        for index in filled:
            self._read(row, index, naming)

    def _read(self, row: Row, index: int, naming: Naming) -> None:
        cell, column = row.cell(index), self.label(index)
        attempt = self.findings.attempt(row.number)
        if index in self.unread:
            self.findings.refused.add((self.sheet.name, row.number))
            return
        self.check_cell(attempt, index, cell)
        period = self.periods.get(index)
        if attempt.failed or period is None:
            return
        found = self.fitted(attempt, naming, period, Place(row.number, column, self.header.cell(index).text))
        if found is None:
            return
        series, fitting = found
        self.see(series, fitting, Place(row.number, column, cell.text))
        figure = attempt.take(column, cell.text, lambda: self.figure(cell, series.bounds.unit, Field.VALUE))
        if figure is None:
            return
        entry = Entry(figure.number, status=figure.status or Status.FINAL)
        cells = {"value": (column, cell.text)}
        self.add(row, series, fitting, entry, stated=figure.status, cells=cells, share=figure.share)

    def position(self, place: Place) -> str:
        return f"row {place.row}, column {place.column.partition(' ')[0]}"
