"""The notes sheet of a contract's workbook: every column and every list, and no values. Pure: no Django."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from .columns import EXAMPLE, MEANINGS, SHEETS, Column, Takes

HEADER = ("Sheet", "Column", "Filled in", "Holds", "What it means")
LIST_HEADER = ("Sheet", "Column", "Choices", "", "What it means")
INTRODUCTION = (
    "A contract as a workbook. Fill in the sheets from the left, save the file, and bring it in under Set-up.",
    "Nothing is stored before you have seen what would be made, and then all of it or nothing.",
    f"Rows with anything in the column “{EXAMPLE}” show how it is meant; they are left out.",
    "Columns may stand in any order. An empty cell means what is said below.",
)
FORMS = {
    Takes.QUARTER: "a quarter, as in Q2 2018/19",
    Takes.DAY: "a day, as in 2018-12-12",
    Takes.NUMBER: "a number, as in 22.5",
    Takes.SLUG: "small letters, digits and hyphens",
    Takes.CHOICE: "one of its list, below",
}


@dataclass(frozen=True)
class Listed:
    """The choices of one column, and the row from 0 at which they start in the notes."""

    sheet: str
    column: Column
    first: int


def holds(column: Column) -> str:
    if column.takes is Takes.TEXT:
        return f"text, {column.longest:,} characters at most"
    if column.takes is Takes.WHOLE:
        return f"a whole number from {column.low} to {column.high:,}"
    return FORMS[column.takes]


def rows() -> tuple[list[tuple[str, ...]], list[Listed]]:
    """The lines of the sheet, and where in them each list stands. Header rows are `HEADER` and `LIST_HEADER`."""
    lines: list[tuple[str, ...]] = [(text,) for text in INTRODUCTION]
    lines += [("",), HEADER]
    for shape in SHEETS:
        lines.append((shape.name, "", "", "", shape.about))
        for column in shape.columns:
            filled = "always" if column.required else "may be empty"
            lines.append((shape.name, column.header, filled, holds(column), column.about))
    lines += [("",), LIST_HEADER]
    lists = []
    for sheet, column in _with_choices():
        lists.append(Listed(sheet, column, len(lines)))
        for value, words in (column.choices or {}).items():
            lines.append((sheet, column.header, words, "", _meaning(column.name, value)))
    return lines, lists


def _with_choices() -> Iterator[tuple[str, Column]]:
    for shape in SHEETS:
        for column in shape.columns:
            if column.choices:
                yield shape.name, column


def _meaning(name: str, value: str) -> str:
    """What stands behind the colon of the words on screen."""
    words = MEANINGS.get(name, {}).get(value, "").partition(": ")[2]
    return f"{words[:1].upper()}{words[1:]}." if words else ""
