"""Refused rows as a workbook: columns of the file and one that says what is wrong. Mended, it can be imported: the
last column is not read."""

from __future__ import annotations

import io

from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from ..inert import inert
from .headings import ISSUE
from .refused import RefusedRows
from .workbooks import new_workbook

SHEET = "Refused"
NARROW, WIDE, ISSUE_WIDTH = 12, 40, 90
# What a cell of a workbook can hold.
LONGEST = 32_767
MORE = "{:,} more rows were refused than are kept here. Mend these, and bring the file in again for the others."


def workbook(refused: RefusedRows) -> bytes:
    """Every cell is a text, so that nothing in it is computed or taken for another number or date."""
    out = io.BytesIO()
    with new_workbook(out) as book:
        sheet = book.add_worksheet(SHEET)
        head = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
        plain = book.add_format({"num_format": "@", "valign": "top"})
        # Stays a text when somebody edits the cell.
        quoted = book.add_format({"num_format": "@", "valign": "top", "quote_prefix": True})
        wrapped = book.add_format({"text_wrap": True, "valign": "top"})
        width = max([len(refused.header), *(len(row.cells) for row in refused.rows)])
        header = [*refused.header, *[""] * (width - len(refused.header)), ISSUE]
        for index, text in enumerate(header):
            _write(sheet, 0, index, text, head)
            longest = max([len(text), *(len(row.cells[index]) for row in refused.rows if index < len(row.cells))])
            sheet.set_column(index, index, ISSUE_WIDTH if index == width else min(max(longest + 2, NARROW), WIDE))
        for number, row in enumerate(refused.rows, 1):
            for index, text in enumerate(row.cells):
                _write(sheet, number, index, text, plain if inert(text) == text else quoted)
            _write(sheet, number, width, row.issue, wrapped)
        if refused.more:
            _write(sheet, len(refused.rows) + 1, width, MORE.format(refused.more), wrapped)
        sheet.freeze_panes(1, 0)
    return out.getvalue()


def _write(sheet: Worksheet, row: int, column: int, text: str, format: Format) -> None:
    if text:
        sheet.write_string(row, column, text[:LONGEST], format)
