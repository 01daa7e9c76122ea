"""What reading a row takes in every layout: naming a series, fitting a period, keys that must not repeat. Pure: no
Django."""

from __future__ import annotations

import datetime
from collections.abc import Mapping as Dict
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from functools import cache
from typing import NamedTuple

from ..derivation import value_of
from ..entries import PLACES, Entry, Status
from ..inert import meant
from ..numbers import Unit, round_half_up
from ..quarters import Month, Quarter, Year
from ..terms import Frequency
from .cells import Cell, Row, Sheet
from .findings import Attempt, Findings, RowCode
from .guessing import NAMING, label
from .headings import OWN_EXTRAS, folded, word
from .issues import TIMES_100, Code, Question, Refused
from .line import Key, Line, Lines, decimals_of
from .mapping import Field, Mapping
from .numbers import MOST_SHARE, Figure, mixed_shares, read_figure
from .periods import period_for, read_period
from .plan import Known
from .series_lookup import Found, Index, running

EMPTY = Cell()
MOST_POSITIONS = 5
ILLUSTRATIVE = "illustrative"
Read = Quarter | Month | Year | datetime.date
Cells = Dict[Field, Cell]


class Place(NamedTuple):
    """Where a key was seen."""

    row: int
    column: str
    text: str


class Naming(NamedTuple):
    """What a row's naming cells can mean, and what a reader sees of them."""

    found: Found
    column: str
    text: str


class Reader:
    """Reads the rows of one sheet one by one; `finish` gives what came of them. `reads` are the layout's fields."""

    reads: frozenset[Field] = frozenset(Field)

    def __init__(self, sheet: Sheet, header: Row, mapping: Mapping, known: Sequence[Known]) -> None:
        self.sheet, self.header, self.mapping = sheet, header, mapping
        self.answers = {each: mapping.answers[each.value] for each in Question if each.value in mapping.answers}
        self.findings = Findings(sheet.name, self.answers)
        self.lines: list[Line] = []
        self.keys: dict[Key, list[Place]] = {}
        # Whether percentages stand in the file both as shares of 1 and as they are.
        self.mixed = False
        self.named = cache(Index(known).named)
        self.period_of = cache(self._period_of)
        self.codes = {one.id: one.code for one in known}
        self.texts = tuple(cell.text for cell in header.cells)
        self.labels = [label(header, index) for index in range(len(header.cells))]
        self.columns = {name: index for name, index in mapping.columns.items() if name in self.reads}
        self.at = {name: self.label(index) for name, index in self.columns.items()}
        self.mark = next((index for index, text in enumerate(self.texts) if folded(text) == ILLUSTRATIVE), None)
        self.skipped = self.repeated = self.beside = self.rounded = 0

    def label(self, index: int) -> str:
        return self.labels[index] if index < len(self.labels) else label(self.header, index)

    def cells(self, row: Row) -> Cells:
        """By field, those that the layout reads."""
        return {name: row.cell(index) for name, index in self.columns.items()}

    def is_heading(self, row: Row, indexes: Sequence[int]) -> bool:
        """Whether it is the header once more, or a text merged across the table that names no series."""
        if tuple(cell.text for cell in row.cells[: len(self.texts)]) == self.texts:
            self.repeated += 1
            return True
        filled = [index for index in indexes if not row.cell(index).is_empty]
        if len(filled) > 1 or not any(row.cell(index).merged for index in indexes):
            return False
        naming = {self.columns[name] for name in NAMING if name in self.columns}
        if filled and (filled[0] not in naming or self._names_a_series(self.cells(row))):
            return False
        self.skipped += 1
        return True

    def _names_a_series(self, cells: Cells) -> bool:
        try:
            return bool(self.named(*(_unmarked(cells.get(name, EMPTY)) for name in NAMING)))
        except Refused:
            return False

    def check_width(self, attempt: Attempt, row: Row) -> None:
        """In a text file a cell too many may have shifted the others; on a sheet it only stands beside the table."""
        beyond = [cell for cell in row.cells[len(self.texts) :] if not cell.is_empty]
        if beyond and self.sheet.name:
            self.beside += 1
        elif beyond:
            count = max(index for index, cell in enumerate(row.cells) if not cell.is_empty) + 1
            why = f"The row has {count} cells and the header {len(self.texts)}, so its columns may have shifted."
            remedy = "Put a text that holds a comma in double quotes, and write thousands without commas."
            attempt.refuse("", beyond[0].text, Refused(RowCode.RAGGED, why, remedy))

    def check_cell(self, attempt: Attempt, index: int, cell: Cell) -> None:
        if cell.error:
            why = f"The cell holds the error {cell.error}."
            remedy = "Correct the formula in the spreadsheet, or put the figure in its place."
            attempt.refuse(self.label(index), cell.error, Refused(Code.SPREADSHEET_ERROR, why, remedy))
        elif cell.merged:
            why = "The cell is merged with another, so it is not sure which of them its content belongs to."
            attempt.refuse(self.label(index), cell.text, Refused(Code.MERGED, why, "Unmerge and fill in every cell."))

    def naming(self, attempt: Attempt, cells: Cells) -> Naming | None:
        measure, series = (_unmarked(cells.get(name, EMPTY)) for name in NAMING)
        by_measure = Field.MEASURE in cells and series.is_empty
        column = self.at[Field.MEASURE if by_measure or Field.SERIES not in cells else Field.SERIES]
        text = " ".join(each for each in (measure.text, series.text) if each)
        if measure.is_empty and series.is_empty:
            attempt.refuse(column, "", Refused(RowCode.NO_SERIES, "The row names no series.", "Fill in its code."))
            return None
        if not (measure.is_empty or series.is_empty):
            # First whether the contract has the measure at all.
            attempt.take(self.at[Field.MEASURE], measure.text, lambda: self.named(measure, EMPTY))
        if attempt.failed:
            return None
        found = attempt.take(column, text, lambda: self.named(measure, series))
        return Naming(found, column, text) if found else None

    def _period_of(self, cell: Cell, identifier: str) -> Read:
        return read_period(cell, self.answers, identifier=identifier)

    def fitted(
        self, attempt: Attempt, naming: Naming, period: Read, place: Place
    ) -> tuple[Known, Quarter | Month] | None:
        """The series that runs then, and the period as one of its own; None where they do not go together. The
        quarter of a series that is typed by month stays a quarter."""
        try:
            if isinstance(period, Year):
                return naming.found[0], period_for(period, naming.found[0].frequency)
            series = running(naming.found, _quarter_of(period), naming.text)
            if isinstance(period, Quarter) and series.frequency is Frequency.MONTH:
                return series, period
            return series, period_for(period, series.frequency)
        except Refused as refused:
            several = refused.code == RowCode.SEVERAL_SERIES
            attempt.refuse(*((naming.column, naming.text) if several else (place.column, place.text)), refused)
            return None

    def see(self, series: Known, period: Quarter | Month, place: Place) -> None:
        self.keys.setdefault((series.id, period), []).append(place)

    def figure(self, cell: Cell, unit: Unit, name: Field) -> Figure:
        """With the decimals that were typed: those of 0.27 and of 27% are the same."""
        found = read_figure(cell, unit, self.answers, field=name.value)
        self.rounded += found.rounded
        if found.number is None:
            return found
        if name is Field.VALUE and unit is Unit.PERCENT and not found.share and "%" not in cell.text:
            self.mixed |= found.number > MOST_SHARE and self.answers.get(Question.SHARES) == TIMES_100
        if cell.number is not None:
            # Without the zeros at its end, which nobody typed; 1000 and not 1E+3.
            return replace(found, number=found.number.normalize() + 0)
        if found.share:
            fewer = round_half_up(found.number, max(0, decimals_of(found.number) - 2))
            return replace(found, number=fewer) if fewer == found.number else found
        return found

    def add(
        self,
        row: Row,
        series: Known,
        period: Quarter | Month,
        entry: Entry,
        *,
        stated: Status | None,
        cells: Dict[str, tuple[str, str]],
        share: bool = False,
    ) -> None:
        """`entry` with its value as typed; `stated` None where the file says no status; `share`: the value stands in
        the file as a share of 1."""
        if len(self.keys[series.id, period]) > 1:
            # Refused at the end: not worth its memory.
            return
        is_one = share and entry.value == 100
        typed = None
        if entry.numerator is not None and entry.denominator is not None:
            typed = entry.value
            entry = replace(entry, value=value_of(entry.numerator, entry.denominator, series.bounds.unit))
        said = (
            ("numerator", entry.numerator is not None),
            ("denominator", entry.denominator is not None),
            ("status", stated is not None),
            ("note", bool(entry.note)),
        )
        parts = frozenset(part for part, holds in said if holds)
        marked = self.mark is not None and folded(row.cell(self.mark).text) == ILLUSTRATIVE
        self.lines.append(Line(self.sheet.name, row.number, series, period, entry, parts, cells, typed, marked, is_one))

    def finish(self) -> Lines:
        """Without the keys that stand there more than once: which of them is meant cannot be known."""
        twice = {key: places for key, places in self.keys.items() if len(places) > 1}
        for key, places in twice.items():
            for place in places:
                self._refuse_duplicate(place, places, f"{self.codes[key[0]]}, {key[1].label}")
        lines = [line for line in self.lines if line.key not in twice]
        if self.mixed:
            for line in lines:
                if line.is_one:
                    self.findings.refuse(line.row, *line.cell("value"), mixed_shares(Decimal(1)))
            lines = [line for line in lines if not line.is_one]
        self.findings.told += self._told()
        return Lines(self.findings, tuple(lines))

    def _refuse_duplicate(self, place: Place, places: Sequence[Place], what: str) -> None:
        others = [each for each in places[: MOST_POSITIONS + 1] if each is not place][:MOST_POSITIONS]
        listed = ", ".join(self.position(each) for each in others)
        more = len(places) - 1 - len(others)
        also = f"{listed} and {more:,} more" if more else listed
        why = f"{what} stands in the file more than once, also in {also}."
        remedy = "Keep the one that is right and take the others out."
        self.findings.refuse(place.row, place.column, place.text, Refused(RowCode.DUPLICATE, why, remedy))

    def position(self, place: Place) -> str:
        return f"row {place.row}"

    def _told(self) -> list[str]:
        used = {*self.columns.values(), *self.mapping.periods}
        unread = [
            self.label(index)
            for index, text in enumerate(self.texts)
            if text and index not in used and word(text) not in OWN_EXTRAS
        ]
        told = [f"Not read: column {', '.join(unread)}."] if unread else []
        counts = {
            "Left out, without a value or a status: {}.": self.skipped,
            "Left out, the header once more: {}.": self.repeated,
            "With text beside the table, which is not read: {}.": self.beside,
        }
        told += [sentence.format(_counted(count, "row")) for sentence, count in counts.items() if count]
        if self.rounded:
            told.append(f"Rounded to {PLACES} decimals: {_counted(self.rounded, 'figure')}.")
        return told


def _counted(count: int, one: str) -> str:
    return f"{count:,} {one}{'' if count == 1 else 's'}"


def _unmarked(cell: Cell) -> Cell:
    text = meant(cell.text)
    return cell if text == cell.text else replace(cell, text=text)


def _quarter_of(period: Quarter | Month | datetime.date) -> Quarter:
    if isinstance(period, Quarter):
        return period
    return period.quarter if isinstance(period, Month) else Quarter.containing(period)
