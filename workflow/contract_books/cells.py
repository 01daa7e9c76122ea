"""One cell of a contract's workbook, read as what its column takes. Pure: no Django.

Periods and figures are read as the imports of values read them; what has two readings is refused here with the way to
write it, because nobody is asked.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import NoReturn

from accounts.slugs import slug_of
from measures.entries import LARGEST, PLACES, tidied
from measures.imports.cells import Cell
from measures.imports.issues import AS_THEY_ARE, Code, NeedsAnswer, Question, Refused
from measures.imports.line import decimals_of
from measures.imports.numbers import read_figure
from measures.imports.period_texts import WRITE_PERIOD, WRITE_QUARTER, Period
from measures.imports.periods import period_for, read_period
from measures.numbers import Unit
from measures.quarters import TYPED_YEARS, Month, Quarter, Year
from measures.set_up_words import short
from measures.terms import Frequency

from .codes import Wrong
from .columns import CODES, Column, Takes

Value = str | int | bool | Decimal | Quarter | datetime.date | None

# One more than may be typed: what takes the place of a series begins in the quarter after it ended.
YEARS = range(TYPED_YEARS[0], TYPED_YEARS[-1] + 2)
WRITE_DAY = "Write the day as 2018-12-12, or format the cell as a date."


def read(column: Column, cell: Cell) -> Value:
    """What the cell says; None for an empty one of a column that need not be filled. Refused with why and the remedy.

    A number is read as it stands: what it is a percentage of is not asked here, so that 0.9 is 0.9.
    """
    if cell.merged:
        raise Refused(Code.MERGED, "The cell is part of a merged range.", "Unmerge it and fill in each cell.")
    if cell.error:
        raise Refused(Code.SPREADSHEET_ERROR, f"The cell is {cell.error}.", "Mend it, or write plainly what is meant.")
    if cell.is_empty:
        if column.required:
            raise Refused(Wrong.EMPTY, "Nothing stands here.", f"Fill it in. {column.about}")
        return None
    return READERS[column.takes](column, cell)


def doubt(column: Column, cell: Cell) -> tuple[str, str, str] | None:
    """Kind, why and remedy to tell of a cell that could be read. What format a number is seen in is not known here: 1.1
    in the format 0.00 is seen as 1.10."""
    if column.name not in CODES or cell.number is None or decimals_of(cell.number) == 0:
        return None
    return (
        Wrong.NUMBER_FOR_CODE,
        f"The cell holds a number, and its code is read as “{cell.text}”. A number may show as another: 1.1 as 1.10.",
        "If it shows anything else, format the cell as text and type the code again.",
    )


def folded(text: str) -> str:
    """Two headers, sheets or words of a list are the same where only capitals, spaces or apostrophes differ."""
    return " ".join(text.replace("’", "'").casefold().split())


def _text(column: Column, cell: Cell) -> str:
    if cell.day is not None:
        raise Refused(
            Wrong.NOT_TEXT,
            f"The cell holds a date ({cell.text}); spreadsheets make one of what looks like it.",
            "Format the cell as text and type it again.",
        )
    try:
        text = tidied(cell.text, several_lines=column.several_lines)
    except ValueError as error:
        why = "The text holds a control character, which no page can show."
        raise Refused(Code.CONTROL_CHARACTER, why, "Type it again.") from error
    if len(text) > column.longest:
        raise Refused(
            Wrong.TOO_LONG, f"The text has {len(text):,} characters.", f"Shorten it to {column.longest:,} or fewer."
        )
    return text


def _slug(column: Column, cell: Cell) -> str:
    text = _text(column, cell)
    proposed = slug_of(text, column.longest)
    if text != proposed:
        remedy = f" Write it as {proposed}." if proposed else ""
        raise Refused(Wrong.NOT_AN_ADDRESS, "An address has small letters, digits and hyphens only.", remedy.strip())
    return text


def _choice(column: Column, cell: Cell) -> str:
    choices: Mapping[str, str] = column.choices or {}
    text = _text(column, cell)
    # With or without what explains a choice on screen: “Contractual: held against a target”.
    said = {folded(text), folded(short(text))}
    for value, words in choices.items():
        if said & {folded(words), folded(value), folded(value.replace("_", " "))}:
            return str(value)
    words = ", ".join(f"“{each}”" for each in choices.values())
    raise Refused(Wrong.NOT_IN_LIST, "This is not in the list of its column.", f"Choose one of {words}.")


def _quarter(column: Column, cell: Cell) -> Quarter:
    found = period_for(_period(cell, WRITE_QUARTER), Frequency.QUARTER)
    assert isinstance(found, Quarter)
    if found.year not in YEARS:
        raise Refused(Code.NOT_A_PERIOD, f"{found.label} is too far away.", f"Write one of {YEARS[0]} to {YEARS[-1]}.")
    return found


def _period(cell: Cell, remedy: str) -> Period:
    try:
        return read_period(cell, {})
    except NeedsAnswer as asked:
        raise Refused(Code.NOT_A_PERIOD, f"“{cell.text}” can be read in two ways.", remedy) from asked
    except Refused as refused:
        # What is said of periods in general names months too.
        if refused.remedy == WRITE_PERIOD:
            raise Refused(refused.code, refused.why, remedy) from refused
        raise


def _day(column: Column, cell: Cell) -> datetime.date:
    found = _period(cell, WRITE_DAY)
    if isinstance(found, Quarter | Month | Year):
        raise Refused(Wrong.NOT_A_DAY, f"“{cell.text}” is not one day.", WRITE_DAY)
    return found


def _whole(column: Column, cell: Cell) -> int:
    number = _figure(cell, Unit.COUNT)
    if number != number.to_integral_value():
        raise Refused(Wrong.NOT_WHOLE, f"“{cell.text}” is not a whole number.", _range(column))
    if not column.low <= number <= column.high:
        raise Refused(Wrong.OUT_OF_RANGE, f"{cell.text} is out of range.", _range(column))
    return int(number)


def _range(column: Column) -> str:
    return f"Write a whole number from {column.low} to {column.high:,}."


def _number(column: Column, cell: Cell) -> Decimal:
    number = _figure(cell, Unit.PERCENT if "%" in cell.text else Unit.COUNT)
    if not 0 <= number <= LARGEST:
        raise Refused(Wrong.OUT_OF_RANGE, f"{cell.text} is out of range.", f"Write a number from 0 to {LARGEST:,}.")
    if decimals_of(number.normalize()) > PLACES:
        raise Refused(Wrong.OUT_OF_RANGE, f"{cell.text} has too many decimals.", f"Write {PLACES} decimals at most.")
    return number


def _figure(cell: Cell, unit: Unit) -> Decimal:
    try:
        figure = read_figure(cell, unit, {Question.SHARES: AS_THEY_ARE})
    except NeedsAnswer as asked:
        raise Refused(
            Code.COMMAS, f"The comma in “{cell.text}” can be read in two ways.", "Write a full stop before decimals."
        ) from asked
    if figure.number is None or figure.status is not None:
        _no_figure(cell)
    return figure.number


def _no_figure(cell: Cell) -> NoReturn:
    raise Refused(Code.SYMBOL, f"“{cell.text}” is not a plain number.", "Write the number alone, or leave it empty.")


READERS: Mapping[Takes, Callable[[Column, Cell], Value]] = {
    Takes.TEXT: _text,
    Takes.SLUG: _slug,
    Takes.CHOICE: _choice,
    Takes.QUARTER: _quarter,
    Takes.DAY: _day,
    Takes.WHOLE: _whole,
    Takes.NUMBER: _number,
}
