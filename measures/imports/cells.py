"""What a file holds, whatever its format: a book of sheets of rows of cells. Pure: no Django."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from decimal import Decimal

from .issues import Code

MOST_COLUMNS = 200
# What a cell of a spreadsheet can hold.
MOST_TEXT = 32_767


class Unreadable(Exception):
    """The file as a whole cannot be read; the sentence names the place and the remedy. `code` names the kind for
    tests and documents."""

    def __init__(self, sentence: str, code: str = "") -> None:
        super().__init__(sentence)
        self.sentence, self.code = sentence, code


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell. `text` is what a reader sees in it, without spaces around it; "" for an empty one.

    `number` is set for a number cell of a spreadsheet alone, with the digits that it holds; a cell that prints 27%
    holds 0.27 and is `percent`. `day` is set for a date cell; its text is 2018-09-30, or “September 2018” where its
    format shows no more. `formula`: read by the value that was stored with it. `merged`: covered by a merged range that
    starts elsewhere. `error` says why the cell cannot be read: a spreadsheet's own, such as "#DIV/0!", or what is odd
    about it, such as “85 with a raised 1”.
    """

    text: str = ""
    number: Decimal | None = None
    day: datetime.date | None = None
    percent: bool = False
    formula: bool = False
    merged: bool = False
    error: str = ""

    @property
    def is_empty(self) -> bool:
        return not self.text and self.number is None and self.day is None and not self.error


@dataclass(frozen=True)
class Row:
    """`number` counts from 1, as a spreadsheet does; in CSV it is the line on which the record starts."""

    number: int
    cells: tuple[Cell, ...]
    hidden: bool = False

    def cell(self, index: int) -> Cell:
        """The cell at the index from 0, empty beyond the end."""
        return self.cells[index] if index < len(self.cells) else Cell()


@dataclass(frozen=True)
class Sheet:
    """`rows` are those that hold anything. A CSV file is one sheet with the name ""."""

    name: str
    rows: tuple[Row, ...]
    hidden: bool = False


@dataclass(frozen=True)
class Book:
    """`told` are sentences that the reader should know before trusting the figures: the encoding assumed, hidden
    sheets and rows, formulas. `most_values` is how many values are taken from it at once, as it was read for a page;
    None for any number."""

    sheets: tuple[Sheet, ...]
    told: tuple[str, ...] = ()
    most_values: int | None = None


def column_letter(index: int) -> str:
    """“A” for 0, “AA” for 26."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def too_many_rows(place: str, most_rows: int) -> Unreadable:
    return Unreadable(
        f"{place} has more than {most_rows:,} rows below its header. Split it, or have an administrator load it with "
        "the command import_values, which takes any number.",
        Code.ROWS,
    )
