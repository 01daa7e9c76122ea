"""Excel workbooks: stored cells to what a reader sees in them.

The sheets are read as a stream by modules of our own, because the limits, hidden rows, merged ranges and formulas
have to be found there anyway; openpyxl knows the number formats and dates.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from openpyxl.styles.numbers import BUILTIN_FORMATS, is_date_format, is_timedelta_format
from openpyxl.utils.datetime import MAC_EPOCH, WINDOWS_EPOCH, from_excel

from ..numbers import LARGEST_POWER
from ..quarters import Month
from . import excel_parts, excel_sheets
from .archive import Archive
from .cells import MOST_TEXT, Book, Cell, Sheet, Unreadable, column_letter
from .excel_parts import Parts, Text
from .excel_sheets import Scan, Stored
from .issues import Code

FORMULA_WITHOUT_VALUE = "a formula without a stored value"
NUMBER = re.compile(r"[-+]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]{1,4})?")
# As it is, with no more digits than a spreadsheet shows, and not a negative zero.
SHORT = re.compile(r"[0-9]{1,8}(?:\.[0-9]{1,7})?")
WHOLE = re.compile(r"[-+]?[0-9]+")
# Spreadsheets show no more digits than these; what follows is the noise of binary fractions.
DIGITS = 15
# In a number format: quoted text, an escaped character, what stands in brackets, a padding character.
LITERAL = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]|[_*].')
# Dates of East Asian calendars, whose formats depend on the reader's language.
MORE_DATES = frozenset({*range(27, 37), *range(50, 59)})
# A day that the 1900 system has and no calendar.
NO_DAY = 60


@dataclass(frozen=True)
class Format:
    """What a number format makes of a number."""

    percent: bool = False
    date: bool = False
    duration: bool = False
    month_alone: bool = False
    year_alone: bool = False


def read(archive: Archive, *, most_rows: int | None) -> Book:
    """Every sheet that holds anything, hidden ones too. Unreadable with sheet and cell of what cannot be read."""
    parts = excel_parts.read(archive)
    reader = _Reader(parts)
    sheets, told = [], []
    for sheet in parts.sheets:
        scan = excel_sheets.read(
            excel_parts.chunks(archive, sheet.part),
            name=sheet.name,
            part=sheet.part,
            most_rows=most_rows,
            cell=reader.cell,
        )
        if scan.rows:
            sheets.append(Sheet(sheet.name, tuple(scan.rows), sheet.hidden))
            told += _told(sheet.name, scan, recalculates=parts.recalculates)
    hidden = [f"“{sheet.name}”" for sheet in sheets if sheet.hidden]
    if hidden:
        told.insert(0, f"The workbook has {_counted(len(hidden), 'hidden sheet')} with content: {_some(hidden)}.")
    return Book(tuple(sheets), tuple(told))


# What the reader should know

MOST_NAMED = 10


def _told(name: str, scan: Scan, *, recalculates: bool) -> list[str]:
    told = []
    rows = [f"{row.number:,}" for row in scan.rows if row.hidden]
    if rows:
        told.append(f"The sheet “{name}” has {_counted(len(rows), 'hidden row')} with content: {_some(rows)}.")
    columns = [column_letter(index) for index in scan.hidden_columns]
    if columns:
        told.append(f"The sheet “{name}” has {_counted(len(columns), 'hidden column')} with content: {_some(columns)}.")
    if scan.formulas:
        missing = scan.formulas_without_value
        told.append(
            f"The sheet “{name}” has {_counted(scan.formulas, 'formula')}, read by the value stored with each"
            + (f"; {missing:,} without one." if missing else ".")
        )
    if scan.formulas and recalculates:
        told.append(
            "The workbook asks to be calculated anew when it is opened, so the stored values may be out of date: "
            "open it in Excel and save it to be sure."
        )
    return told


def _counted(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def _some(names: list[str]) -> str:
    more = len(names) - MOST_NAMED
    return ", ".join(names[:MOST_NAMED]) + (f" and {more:,} more" if more > 0 else "")


# Number formats


def format_of(code: str, number: int = 0) -> Format:
    """By the first section of the format, which is the one for positive numbers."""
    section = LITERAL.sub("", code).split(";")[0].lower()
    is_date = number in MORE_DATES or (section != "general" and bool(is_date_format(code)))
    letters = set(re.findall("[dmyhs]", section)) if is_date else set()
    return Format(
        percent="%" in section and not is_date,
        date=is_date,
        duration=is_date and bool(is_timedelta_format(code)),
        month_alone=letters == {"m", "y"},
        year_alone=letters == {"y"},
    )


def _formats(numbers: Iterable[int], codes: dict[int, str]) -> list[Format]:
    known = {number: codes.get(number, BUILTIN_FORMATS.get(number, "General")) for number in set(numbers)}
    made = {number: format_of(code, number) for number, code in known.items()}
    return [made[number] for number in numbers]


# Cells


class _Reader:
    """Makes cells of what one workbook stores."""

    def __init__(self, parts: Parts) -> None:
        self.parts = parts
        self.formats = _formats(parts.formats, parts.codes) or [Format()]
        self.epoch = MAC_EPOCH if parts.from_1904 else WINDOWS_EPOCH
        self.shared: dict[str, Cell] = {}
        self.kinds: dict[str, Callable[[Stored], Cell]] = {
            "s": self._shared,
            "inlineStr": self._inline,
            "str": self._plain,
            "b": self._boolean,
            "e": self._error,
            "d": self._iso_date,
            "n": self._number,
        }

    def cell(self, stored: Stored) -> Cell:
        """ValueError or IndexError for what points outside the workbook."""
        if not stored.has_formula:
            return self.kinds[stored.kind](stored) if stored.kind in self.kinds else self._unknown(stored)
        value = stored.value
        nothing = value is None or (value == "" and stored.kind != "str")
        # A program that cannot calculate writes 0 and leaves the rest to the one that opens the file.
        if nothing or (value == "0" and stored.kind == "n" and self.parts.recalculates):
            return Cell(formula=True, error=FORMULA_WITHOUT_VALUE)
        made = self.cell(Stored(stored.kind, stored.style, value, text=stored.text))
        return Cell(made.text, made.number, made.day, made.percent, formula=True, error=made.error)

    def _shared(self, stored: Stored) -> Cell:
        value = stored.value or ""
        if value not in self.shared:
            if not WHOLE.fullmatch(value) or int(value) < 0:
                raise ValueError(value)
            self.shared[value] = _text_cell(self.parts.texts[int(value)])
        return self.shared[value]

    def _inline(self, stored: Stored) -> Cell:
        return _text_cell(stored.text or Text(""))

    def _plain(self, stored: Stored) -> Cell:
        return _text_cell(excel_parts.plain(stored.value or ""))

    def _boolean(self, stored: Stored) -> Cell:
        words = {"1": "TRUE", "true": "TRUE", "0": "FALSE", "false": "FALSE"}
        return Cell(words[stored.value]) if stored.value in words else self._unknown(stored)

    def _error(self, stored: Stored) -> Cell:
        return Cell(stored.value or "#ERROR", error=stored.value or "#ERROR")

    def _unknown(self, stored: Stored) -> Cell:
        shown = (stored.value or "")[:40]
        return Cell(shown, error=f"a damaged cell that holds “{shown}”")

    def _iso_date(self, stored: Stored) -> Cell:
        try:
            return _date_cell(datetime.datetime.fromisoformat(stored.value or ""), self._format(stored))
        except ValueError:
            return self._unknown(stored)

    def _format(self, stored: Stored) -> Format:
        style = int(stored.style or "0")
        if style < 0:
            raise ValueError(stored.style)
        return self.formats[style]

    def _number(self, stored: Stored) -> Cell:
        if not stored.value:
            return excel_sheets.EMPTY
        text, style = stored.value.strip(), self._format(stored)
        number = number_of(text)
        if number is None:
            return self._unknown(stored)
        if style.date:
            return self._date(number, style)
        if style.percent:
            return Cell(f"{plain_number(number.scaleb(2))}%", number, percent=True)
        return Cell(plain_number(number), number)

    def _date(self, number: Decimal, style: Format) -> Cell:
        shown = plain_number(number)
        wrong = Cell(shown, error=f"a date that no calendar has (number {shown})")
        if number < 0 or (int(number) == NO_DAY and self.epoch is WINDOWS_EPOCH and not style.duration):
            return wrong
        try:
            found = from_excel(float(number), self.epoch, timedelta=style.duration)
        except (OverflowError, ValueError):
            return wrong
        if isinstance(found, datetime.datetime):
            return _date_cell(found, style)
        return Cell(str(found))


def number_of(text: str) -> Decimal | None:
    """The number that a spreadsheet shows for what is stored, without the noise of binary fractions; None for what is
    no finite number of a sensible size."""
    if SHORT.fullmatch(text):
        return Decimal(text)
    if not NUMBER.fullmatch(text):
        return None
    try:
        number = Decimal(text) if WHOLE.fullmatch(text) else Decimal(f"{float(text):.{DIGITS}g}")
    except InvalidOperation:
        return None
    if number.is_zero():
        return Decimal(0)
    return number if number.is_finite() and abs(number.adjusted()) <= LARGEST_POWER else None


def plain_number(number: Decimal) -> str:
    """Without exponent and needless zeros."""
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _text_cell(text: Text) -> Cell:
    if len(text.text) > MOST_TEXT:
        raise Unreadable(
            f"A cell holds more than {MOST_TEXT:,} characters, beginning “{text.text[:40].strip()}”. Shorten it.",
            Code.LONG_CELL,
        )
    return Cell(text.text.strip(), error=text.odd)


def _date_cell(found: datetime.datetime, style: Format) -> Cell:
    """A date as a reader sees it: a month or a year where the format shows no more. With a time of day it is text."""
    day = found.date()
    if style.year_alone:
        return Cell(str(day.year))
    if style.month_alone:
        return Cell(Month.containing(day).label, day=day)
    if found.time() != datetime.time():
        return Cell(found.isoformat(sep=" ", timespec="minutes"))
    return Cell(day.isoformat(), day=day)
