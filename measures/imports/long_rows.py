"""The long layout: a row for each value. Pure: no Django."""

from __future__ import annotations

from collections.abc import Mapping

from ..entries import STATUS_WORDS, WITH_VALUE, Entry, Status
from ..inert import meant
from ..quarters import Month, Quarter
from .cells import Cell, Row
from .findings import Attempt, RowCode
from .headings import folded
from .issues import Code, Refused
from .mapping import Field
from .numbers import Figure
from .plan import Known
from .rows import EMPTY, Cells, Place, Read, Reader
from .statuses import NOT_HELD, read_status

FIGURES = (Field.VALUE, Field.NUMERATOR, Field.DENOMINATOR)
PARTS = (*FIGURES, Field.STATUS, Field.NOTE)


class LongRows(Reader):
    def read(self, row: Row) -> None:
        cells = self.cells(row)
        attempt = self.findings.attempt(row.number)
        if all(cell.is_empty and not cell.merged for cell in cells.values()):
            self.check_width(attempt, row)
            return
        if self.is_heading(row, tuple(self.columns.values())):
            return
        self.check_width(attempt, row)
        if not attempt.failed and _says_nothing(cells):
            self._skip(attempt, cells)
            return
        for name, cell in cells.items():
            self.check_cell(attempt, self.columns[name], cell)
        if not attempt.failed:
            self._read(attempt, row, cells)

    def _skip(self, attempt: Attempt, cells: Cells) -> None:
        note = cells.get(Field.NOTE, EMPTY)
        if note.is_empty:
            self.skipped += 1
            return
        why = "The row has a note, but neither a value nor a status that says why there is none."
        remedy = "Fill in the value or the status, or take the note out."
        attempt.refuse(self.at[Field.NOTE], note.text or note.error, Refused(RowCode.NOTE_ALONE, why, remedy))

    def _read(self, attempt: Attempt, row: Row, cells: Cells) -> None:
        naming = self.naming(attempt, cells)
        period = self._period(attempt, cells)
        place = Place(row.number, self.at[Field.PERIOD], cells[Field.PERIOD].text)
        found = self.fitted(attempt, naming, period, place) if naming and period else None
        if found:
            series, fitting = found
            self.see(series, fitting, place)
            self._add(attempt, row, cells, series, fitting)

    def _period(self, attempt: Attempt, cells: Cells) -> Read | None:
        cell, identifier = cells[Field.PERIOD], cells.get(Field.IDENTIFIER, EMPTY).text
        if cell.is_empty:
            refused = Refused(Code.NO_PERIOD, "The row has no period.", "Fill in the period, such as Q2 2018/19.")
            attempt.refuse(self.at[Field.PERIOD], "", refused)
            return None
        read = f"{cell.text} {identifier}".strip()
        return attempt.take(self.at[Field.PERIOD], read, lambda: self.period_of(cell, identifier))

    def _add(self, attempt: Attempt, row: Row, cells: Cells, series: Known, period: Quarter | Month) -> None:
        figures = {name: self._figure(attempt, series, name, cells[name]) for name in FIGURES if name in cells}
        stated = self._status(attempt, cells, figures)
        if attempt.failed:
            return
        value, numerator, denominator = (figure.number if (figure := figures.get(name)) else None for name in FIGURES)
        note = meant(cells.get(Field.NOTE, EMPTY).text)
        entry = Entry(value, numerator, denominator, stated or Status.FINAL, note)
        shown = {name.value: (self.at[name], cells[name].text) for name in PARTS if name in cells}
        if Field.VALUE not in cells:
            shown["value"] = shown["numerator"]
        of_value = figures.get(Field.VALUE)
        share = of_value is not None and of_value.share
        self.add(row, series, period, entry, stated=stated, cells=shown, share=share)

    def _figure(self, attempt: Attempt, series: Known, name: Field, cell: Cell) -> Figure | None:
        if cell.is_empty:
            return None
        return attempt.take(self.at[name], cell.text, lambda: self.figure(cell, series.bounds.unit, name))

    def _status(self, attempt: Attempt, cells: Cells, figures: Mapping[Field, Figure | None]) -> Status | None:
        """The one of the column, or the symbol in place of the value or behind it."""
        text, column = cells.get(Field.STATUS, EMPTY).text, self.at.get(Field.STATUS, "")
        written = attempt.take(column, text, lambda: read_status(text))
        if attempt.failed:
            return None
        value = figures.get(Field.VALUE)
        symbol = value.status if value else None
        has_number = any(figure and figure.number is not None for figure in figures.values())
        if why := _contradiction(text, written, symbol, has_number=has_number):
            remedy = "Correct the status or the value, so that the two say the same."
            where = column or self.at[next(iter(figures))]
            attempt.refuse(where, text, Refused(RowCode.STATUS_CONTRADICTS, why, remedy))
        return written or symbol


def _says_nothing(cells: Cells) -> bool:
    if any(name in cells and (not cells[name].is_empty or cells[name].merged) for name in FIGURES):
        return False
    status = cells.get(Field.STATUS, EMPTY)
    return folded(status.text) in ("", NOT_HELD) and not status.error


def _contradiction(text: str, written: Status | None, symbol: Status | None, *, has_number: bool) -> str:
    status = written or symbol
    if written and symbol and written is not symbol:
        return f"The status is “{STATUS_WORDS[written]}”, the value is marked “{STATUS_WORDS[symbol]}”."
    if has_number and folded(text) == NOT_HELD:
        return "The status says that nothing is held, and yet there is a figure."
    if has_number and status and status not in WITH_VALUE:
        return f"The status is “{STATUS_WORDS[status]}”, and yet there is a figure."
    if not has_number and status in WITH_VALUE:
        return f"The status is “{STATUS_WORDS[status]}”, and yet there is no figure."
    return ""
