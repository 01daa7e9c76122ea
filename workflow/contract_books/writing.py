"""A contract's workbook: the template with its examples, or what is held of a contract."""

from __future__ import annotations

import datetime
import io
from decimal import Decimal
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.utility import xl_col_to_name, xl_range_abs
from xlsxwriter.worksheet import Worksheet

from measures.imports.workbooks import new_workbook
from measures.inert import inert
from measures.quarters import Quarter

from . import building, notes
from .columns import (
    CONTRACT,
    DEFINITIONS,
    EXAMPLE,
    EXAMPLE_MARK,
    MEASURES,
    NOTES,
    SERIES,
    SHEETS,
    TARGETS,
    Column,
    SheetShape,
    Takes,
)
from .shapes import ContractBook

# Rows for which a sheet offers its lists, whatever it holds.
OFFERED = 500
MOST_CELL = 32_767
CHOICES = 2
Formats = dict[str, Format]


def template(example: ContractBook) -> bytes:
    """Empty sheets, each with the rows of the example marked as such."""
    return _workbook(example, is_example=True)


def workbook(held: ContractBook) -> bytes:
    """ValueError with a sentence for a text that is longer than a cell holds."""
    return _workbook(held, is_example=False)


def _workbook(content: ContractBook, *, is_example: bool) -> bytes:
    out = io.BytesIO()
    with new_workbook(out) as book:
        writer = _Writer(book, is_example=is_example)
        for shape in SHEETS:
            writer.sheet(shape, content)
        writer.notes()
    return out.getvalue()


class _Writer:
    def __init__(self, book: Workbook, *, is_example: bool) -> None:
        self.book, self.is_example = book, is_example
        self.formats = _formats(book)
        self.lines, lists = notes.rows()
        self.lists = {(one.sheet, one.column.name): one for one in lists}

    def sheet(self, shape: SheetShape, content: ContractBook) -> None:
        sheet = self.book.add_worksheet(shape.name)
        shift = int(self.is_example)
        if self.is_example:
            sheet.write_string(0, 0, EXAMPLE, self.formats["head"])
            sheet.set_column(0, 0, 18)
        for index, column in enumerate(shape.columns, shift):
            head = "needed" if column.required else "head"
            sheet.write_string(0, index, column.header, self.formats[head])
            sheet.set_column(index, index, max(column.width, len(column.header) + 2), self.formats[column.takes])
        rows = building.rows_of(content, shape)
        for number, row in enumerate(rows, 1):
            if self.is_example:
                sheet.write_string(number, 0, EXAMPLE_MARK, self.formats["example"])
            for index, column in enumerate(shape.columns, shift):
                self._cell(sheet, number, index, column, self._shown(shape, column, row, content))
        for index, column in enumerate(shape.columns, shift):
            self._validate(sheet, shape, column, index, len(rows) + OFFERED)
        sheet.freeze_panes(1, shift + (0 if shape is CONTRACT else 1))

    def _shown(self, shape: SheetShape, column: Column, row: Any, content: ContractBook) -> Any:
        """What stands in the cell; "" for an empty one."""
        value = getattr(row, column.name)
        if column.name == "series_from" and not content.is_ambiguous(row.measure, row.series):
            return ""
        if shape is CONTRACT and column.name == "requires_second_factor":
            value = "yes" if value else "no"
        if column.choices:
            return column.choices[value]
        return "" if value is None else value

    def _cell(self, sheet: Worksheet, row: int, index: int, column: Column, value: Any) -> None:
        kind = "example" if self.is_example else "quoted" if _needs_quote(value) else column.takes
        style = self.formats[kind]
        if isinstance(value, str):
            if len(value) > MOST_CELL:
                raise ValueError(
                    f"A text under “{column.header}” is longer than a cell holds, {MOST_CELL:,} characters. "
                    "Shorten it first."
                )
            sheet.write_string(row, index, value, style)
        elif isinstance(value, Quarter):
            sheet.write_string(row, index, value.label, style)
        elif isinstance(value, datetime.date):
            day = self.formats["example day"] if self.is_example else style
            sheet.write_datetime(row, index, value, day)
        else:
            assert isinstance(value, int | Decimal)
            sheet.write_number(row, index, value, style)

    def _validate(self, sheet: Worksheet, shape: SheetShape, column: Column, index: int, last: int) -> None:
        rule: dict[str, Any] | None = None
        if column.choices:
            first = self.lists[shape.name, column.name].first
            source = xl_range_abs(first, CHOICES, first + len(column.choices) - 1, CHOICES)
            rule = {"validate": "list", "source": f"={NOTES}!{source}"}
        elif column.name == "measure" or (column.name == "series" and shape in (DEFINITIONS, TARGETS)):
            rule = {"validate": "list", "source": self._codes(SERIES if column.name == "series" else MEASURES, last)}
        elif column.takes is Takes.WHOLE:
            rule = {
                "validate": "integer",
                "criteria": "between",
                "minimum": column.low,
                "maximum": column.high,
                "error_message": f"Type {notes.holds(column)}.",
            }
        elif column.takes is Takes.TEXT and column.longest <= 300:
            rule = {
                "validate": "length",
                "criteria": "<=",
                "value": column.longest,
                "error_message": f"Type at most {column.longest} characters.",
            }
        if rule:
            sheet.data_validation(1, index, last, index, rule)

    def _codes(self, shape: SheetShape, last: int) -> str:
        """The range of the codes that stand on another sheet."""
        place = xl_col_to_name(int(self.is_example) + shape.columns.index(shape.column("code")))
        return f"={shape.name}!${place}$2:${place}${last + 1}"

    def notes(self) -> None:
        sheet = self.book.add_worksheet(NOTES)
        for number, line in enumerate(self.lines):
            style = "head" if line in (notes.HEADER, notes.LIST_HEADER) else "plain" if len(line) == 1 else "wrapped"
            for index, text in enumerate(line):
                sheet.write_string(number, index, text, self.formats[style])
        for index, width in enumerate((18, 24, 22, 34, 80)):
            sheet.set_column(index, index, width)


def _needs_quote(value: Any) -> bool:
    return isinstance(value, str) and inert(value) != value


def _formats(book: Workbook) -> Formats:
    top = {"valign": "top"}
    text = {"num_format": "@", **top}
    example = {"italic": True, "font_color": "#595959", "bg_color": "#F0F0F0", "text_wrap": True, **top}
    return {
        "head": book.add_format({"bold": True, "bottom": 1, "num_format": "@"}),
        # The columns that must be filled in are told from the others by more than a colour.
        "needed": book.add_format({"bold": True, "bottom": 2, "underline": 1, "num_format": "@"}),
        "plain": book.add_format(text),
        "wrapped": book.add_format({**text, "text_wrap": True}),
        # Stays a text when somebody edits the cell.
        "quoted": book.add_format({**text, "text_wrap": True, "quote_prefix": True}),
        "example": book.add_format(example),
        "example day": book.add_format({**example, "num_format": "yyyy-mm-dd"}),
        Takes.TEXT: book.add_format({**text, "text_wrap": True}),
        Takes.SLUG: book.add_format(text),
        Takes.QUARTER: book.add_format(text),
        Takes.CHOICE: book.add_format(text),
        Takes.DAY: book.add_format({"num_format": "yyyy-mm-dd", **top}),
        Takes.WHOLE: book.add_format({"num_format": "0", **top}),
        Takes.NUMBER: book.add_format({"num_format": "General", **top}),
    }
