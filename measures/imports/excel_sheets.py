"""One sheet of a workbook, read as a stream: its cells as stored, what is hidden, what is merged. Pure: no Django."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from functools import cache

from . import markup
from .cells import MOST_COLUMNS, Cell, Row, Unreadable, column_letter, too_many_rows
from .excel_parts import TRUE, Runs, Text
from .issues import Code
from .markup import damaged

MOST_MERGES = 1_000
LAST_ROW, LAST_COLUMN = 1_048_576, 16_384
# A cell this far below the one before it was not meant to be part of the table.
FAR = 1_000
REFERENCE = re.compile(r"\$?([A-Z]{1,3})\$?([1-9][0-9]{0,6})")


@dataclass
class Stored:
    """One cell as the file stores it. `value` is None where there is no element for it; `text` is an inline one."""

    kind: str
    style: str
    value: str | None = None
    has_formula: bool = False
    text: Text | None = None


@dataclass
class Scan:
    """What one sheet holds. `hidden_columns` are indexes from 0, of columns that hold anything."""

    rows: list[Row] = field(default_factory=list)
    hidden_columns: list[int] = field(default_factory=list)
    formulas: int = 0
    formulas_without_value: int = 0


@dataclass(frozen=True)
class _Range:
    """Columns are indexes from 0, rows numbers from 1; both ends belong to it."""

    left: int
    top: int
    right: int
    bottom: int

    def meets(self, other: _Range) -> bool:
        return (
            self.left <= other.right
            and other.left <= self.right
            and self.top <= other.bottom
            and other.top <= self.bottom
        )


def read(
    chunks: Iterator[bytes], *, name: str, part: str, most_rows: int | None, cell: Callable[[Stored], Cell]
) -> Scan:
    """The sheet with its cells made by `cell`. Unreadable with the sheet and cell of what cannot be read; limits are
    held to while reading, and count only what holds anything."""
    reader = _Reader(name, most_rows, cell)
    markup.walk(chunks, part=part, start=reader.starts(), end=reader.ends(), text=reader.add)
    return reader.finish()


class _Reader:
    def __init__(self, name: str, most_rows: int | None, cell: Callable[[Stored], Cell]) -> None:
        self.name, self.most_rows, self.make = name, most_rows, cell
        self.scan = Scan()
        self.row = self.column = 0
        self.row_hidden = self.in_data = False
        self.cells: list[Cell] = []
        self.stored: Stored | None = None
        self.value: list[str] | None = None
        self.runs = Runs()
        self.merges: list[_Range] = []
        self.hidden: list[tuple[int, int]] = []

    # What the parser calls

    def starts(self) -> dict[str, markup.Start]:
        return self.runs.starts() | {
            "sheetData": self._start_data,
            "row": self._start_row,
            "c": self._start_cell,
            "v": self._start_value,
            "f": self._formula,
            "is": self._start_text,
            "mergeCell": self._merge,
            "col": self._start_column,
        }

    def ends(self) -> dict[str, markup.End]:
        return self.runs.ends() | {
            "sheetData": self._end_data,
            "row": self._end_row,
            "c": self._end_cell,
            "v": self._end_value,
            "is": self._end_text,
        }

    def add(self, text: str) -> None:
        if self.value is not None:
            self.value.append(text)
        elif self.stored is not None:
            self.runs.add(text)

    def _start_data(self, attributes: dict[str, str]) -> None:
        self.in_data = True

    def _end_data(self) -> None:
        self.in_data = False

    def _start_value(self, attributes: dict[str, str]) -> None:
        if self.stored is not None:
            self.value = []

    def _end_value(self) -> None:
        if self.stored is not None and self.value is not None:
            self.stored.value = "".join(self.value)
        self.value = None

    def _formula(self, attributes: dict[str, str]) -> None:
        if self.stored is not None:
            self.stored.has_formula = True

    def _start_text(self, attributes: dict[str, str]) -> None:
        # What stood elsewhere is no part of this text.
        self.runs.take()

    def _end_text(self) -> None:
        if self.stored is not None:
            self.stored.text = self.runs.take()

    def _start_column(self, attributes: dict[str, str]) -> None:
        if attributes.get("hidden") in TRUE:
            first, last = (self._whole(attributes.get(name), "a column") for name in ("min", "max"))
            self.hidden.append((first, last))

    # Rows and cells

    def _start_row(self, attributes: dict[str, str]) -> None:
        if not self.in_data:
            return
        number = self._whole(attributes["r"], "a row") if "r" in attributes else self.row + 1
        if not self.row < number <= LAST_ROW:
            raise damaged(f"the rows of its sheet “{self.name}” are not in order at row {number}")
        self.row, self.column, self.cells = number, 0, []
        self.row_hidden = attributes.get("hidden") in TRUE

    def _start_cell(self, attributes: dict[str, str]) -> None:
        if not self.in_data:
            return
        before, self.column = self.column, self.column + 1
        place = attributes.get("r")
        if place is not None and place != self._here:
            self.column, row = self._place(place)
            if row != self.row or self.column <= before:
                raise damaged(f"the cells of its sheet “{self.name}” are not in order at {place}")
        self.stored = Stored(attributes.get("t", "n"), attributes.get("s", ""))

    def _end_cell(self) -> None:
        stored, self.stored = self.stored, None
        if stored is None or (stored.value is None and stored.text is None and not stored.has_formula):
            return
        try:
            cell = self.make(stored)
        except (ValueError, IndexError) as error:
            raise damaged(
                f"cell {self._here} of its sheet “{self.name}” points to something that is not in it"
            ) from error
        if cell.formula:
            self.scan.formulas += 1
            self.scan.formulas_without_value += bool(cell.error) and not cell.text
        if cell.is_empty:
            return
        if self.column > MOST_COLUMNS:
            raise Unreadable(
                f"Cell {self._here} of the sheet “{self.name}” stands beyond column {column_letter(MOST_COLUMNS - 1)}, "
                f"the last of the {MOST_COLUMNS} that are read. Delete the columns that hold no figures.",
                Code.COLUMNS,
            )
        if len(self.cells) < self.column - 1:
            self.cells.extend([EMPTY] * (self.column - 1 - len(self.cells)))
        self.cells.append(cell)

    def _end_row(self) -> None:
        if not self.cells:
            return
        rows = self.scan.rows
        if rows and self.row - rows[-1].number > FAR:
            raise Unreadable(
                f"Row {self.row:,} of the sheet “{self.name}” holds something, over {FAR:,} empty rows below the rest. "
                "Delete it, or move it up to the table that it belongs to.",
                Code.FAR_CELL,
            )
        # The first row is the header.
        if self.most_rows is not None and len(rows) > self.most_rows:
            raise too_many_rows(f"The sheet “{self.name}”", self.most_rows)
        rows.append(Row(self.row, tuple(self.cells), self.row_hidden))
        self.cells = []

    @property
    def _here(self) -> str:
        return f"{_letters(self.column - 1)}{self.row}"

    # Merged ranges and hidden columns

    def _merge(self, attributes: dict[str, str]) -> None:
        reference = attributes.get("ref", "")
        first, _, last = reference.partition(":")
        (left, top), (right, bottom) = self._place(first), self._place(last or first)
        found = _Range(left - 1, top, right - 1, bottom)
        if len(self.merges) == MOST_MERGES:
            raise Unreadable(
                f"The sheet “{self.name}” has more than {MOST_MERGES:,} merged ranges. "
                "Unmerge its cells and fill in what each of them stands for.",
                Code.MERGES,
            )
        if any(found.meets(other) for other in self.merges):
            raise damaged(f"merged ranges of its sheet “{self.name}” overlap at {reference}")
        self.merges.append(found)

    def finish(self) -> Scan:
        rows = self.scan.rows
        numbers = [row.number for row in rows]
        for merge in self.merges:
            for index in range(bisect_left(numbers, merge.top), bisect_left(numbers, merge.bottom + 1)):
                rows[index] = _with_merge(rows[index], merge)
        used = {index for row in rows for index, cell in enumerate(row.cells) if not cell.is_empty}
        self.scan.hidden_columns = sorted(
            index for index in used if any(first <= index + 1 <= last for first, last in self.hidden)
        )
        return self.scan

    def _place(self, reference: str) -> tuple[int, int]:
        """Column and row, both from 1."""
        found = REFERENCE.fullmatch(reference)
        column = 0
        for letter in found[1] if found else "":
            column = column * 26 + ord(letter) - ord("A") + 1
        if not found or column > LAST_COLUMN or int(found[2]) > LAST_ROW:
            raise damaged(f"“{reference[:20]}” in its sheet “{self.name}” is no cell")
        return column, int(found[2])

    def _whole(self, text: str | None, what: str) -> int:
        if text is None or not re.fullmatch(r"[0-9]{1,7}", text):
            raise damaged(f"{what} of its sheet “{self.name}” has no number")
        return int(text)


EMPTY = Cell()
_letters = cache(column_letter)


def _with_merge(row: Row, merge: _Range) -> Row:
    """The row with the cells marked that the range covers, but for the one in which it starts."""
    first = merge.left + 1 if row.number == merge.top else merge.left
    last = min(merge.right, MOST_COLUMNS - 1)
    cells = list(row.cells) + [EMPTY] * (last + 1 - len(row.cells))
    for index in range(first, last + 1):
        cells[index] = replace(cells[index], merged=True)
    return replace(row, cells=tuple(cells))
