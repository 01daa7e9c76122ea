"""The contract's template as a workbook: a sheet to fill in and one that explains it."""

from __future__ import annotations

import io
from collections.abc import Sequence

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from ..entries import LARGEST, LONGEST_NOTE, Bounds
from ..inert import inert
from ..quarters import Quarter
from .guessing import NOTES_SHEET
from .plan import Known
from .template_rows import HEADER, STATUSES, UNIT_WORDS, TemplateRow, notes, rows, takes
from .workbooks import new_workbook

SHEET = "Figures"
WIDTHS = {"measure": 10, "series": 10, "name": 44, "period": 16, "unit": 16, "status": 16, "note": 50}
WIDTH = 13
COLUMN = {name: index for index, name in enumerate(HEADER)}
SERIES_HEADER = ("measure", "series", "name", "unit", "typed by", "takes", "highest value", "decimals printed")


def workbook(known: Sequence[Known], quarters: Sequence[Quarter], *, title: str) -> bytes:
    """One row for each series and period that is typed in the quarters; `title` is the contract's."""
    out = io.BytesIO()
    with new_workbook(out) as book:
        _figures(book, list(rows(known, quarters)))
        _notes(book, known, quarters, title)
    return out.getvalue()


def _figures(book: Workbook, lines: Sequence[TemplateRow]) -> None:
    sheet = book.add_worksheet(SHEET)
    formats = _formats(book)
    for index, name in enumerate(HEADER):
        sheet.write_string(0, index, name, formats["head"])
        sheet.set_column(index, index, WIDTHS.get(name, WIDTH))
    for number, line in enumerate(lines, 1):
        for index, text in enumerate(line.texts):
            sheet.write_string(number, index, text, formats["plain"] if inert(text) == text else formats["quoted"])
        _validate(sheet, number, line.series.bounds)
    sheet.freeze_panes(1, COLUMN["value"])
    if lines:
        last = len(lines)
        sheet.data_validation(1, COLUMN["status"], last, COLUMN["status"], {"validate": "list", "source": [*STATUSES]})
        sheet.data_validation(1, COLUMN["note"], last, COLUMN["note"], _shorter(LONGEST_NOTE))
        sheet.autofilter(0, 0, last, len(HEADER) - 1)


def _formats(book: Workbook) -> dict[str, Format]:
    return {
        "head": book.add_format({"bold": True, "bottom": 1}),
        "plain": book.add_format({"num_format": "@"}),
        # Stays a text when somebody edits the cell.
        "quoted": book.add_format({"num_format": "@", "quote_prefix": True}),
        "wrapped": book.add_format({"text_wrap": True, "valign": "top"}),
    }


def _validate(sheet: Worksheet, number: int, bounds: Bounds) -> None:
    limits = {"value": bounds.highest}
    if bounds.takes_counts:
        limits |= dict.fromkeys(("numerator", "denominator"), LARGEST)
    for name, highest in limits.items():
        whole = name in bounds.whole
        kind = "a whole number" if whole else "a number"
        rule = {
            "validate": "integer" if whole else "decimal",
            "criteria": "between",
            "minimum": 0,
            "maximum": f"{highest.normalize():f}",
            "error_title": f"This is no {name}",
            "error_message": f"Type {kind} from 0 to {highest.normalize():,f}. Where there is none, choose a status.",
        }
        sheet.data_validation(number, COLUMN[name], number, COLUMN[name], rule)


def _shorter(length: int) -> dict[str, object]:
    message = f"Type at most {length} characters."
    return {"validate": "length", "criteria": "<=", "value": length, "error_message": message}


def _notes(book: Workbook, known: Sequence[Known], quarters: Sequence[Quarter], title: str) -> None:
    sheet = book.add_worksheet(NOTES_SHEET)
    formats = _formats(book)
    texts = [(f"Figures of {title}", ""), ("Fill in the sheet “Figures”, save it, and import it.", ""), ("", "")]
    for number, pair in enumerate([*texts, *notes(quarters)]):
        for index, text in enumerate(pair):
            sheet.write_string(number, index, text, formats["wrapped"] if index else formats["plain"])
    first = len(texts) + sum(1 for _ in notes(quarters)) + 1
    for index, name in enumerate(SERIES_HEADER):
        sheet.write_string(first, index, name, formats["head"])
    for number, one in enumerate(known, first + 1):
        for index, text in enumerate(_described(one)):
            sheet.write_string(number, index, text, formats["plain"] if inert(text) == text else formats["quoted"])
    sheet.set_column(0, 0, 24)
    sheet.set_column(1, 2, 60)
    sheet.set_column(3, len(SERIES_HEADER), 20)


def _described(one: Known) -> tuple[str, ...]:
    highest = f"{one.bounds.highest.normalize():,f}"
    names = (one.measure_code, one.code, one.name)
    return (
        *names,
        UNIT_WORDS[one.bounds.unit],
        one.frequency.value,
        takes(one.bounds),
        highest,
        str(one.bounds.decimals),
    )
