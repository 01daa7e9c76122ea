"""Figures as CSV, safe to open in a spreadsheet."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from decimal import Decimal
from typing import TextIO

from .numbers import round_half_up
from .readings import Reading
from .rows import SeriesRow

HEADER = [
    "measure",
    "series",
    "name",
    "period",
    "value",
    "unit",
    "numerator",
    "denominator",
    "status",
    "target",
    "target basis",
    "tolerance",
    "tolerance basis",
    "rating",
    "illustrative",
    "note",
]
# A cell that begins so is read as a formula by spreadsheets, also after spaces or in full width.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def inert(text: str) -> str:
    """The text with an apostrophe before it where a spreadsheet would take it for a formula."""
    return f"'{text}" if text.startswith(FORMULA) or text.lstrip().startswith(FORMULA) else text


def write_figures(out: TextIO, measure_code: str, row: SeriesRow, readings: Iterable[Reading]) -> None:
    """One line a period, oldest first. Values are printed at the series' decimals; counts as held."""
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(HEADER)
    for reading in readings:
        writer.writerow(_line(measure_code, row, reading))


def _line(measure_code: str, row: SeriesRow, reading: Reading) -> list[str]:
    counts = (None, None) if reading.counts_illustrative else (reading.numerator, reading.denominator)
    aim = row.aim_in(reading.quarter)
    is_quarter = reading.quarter == reading.period
    return [
        inert(measure_code),
        inert(row.code),
        inert(row.name),
        reading.period.label,
        reading.symbol if reading.value is None else str(round_half_up(reading.value, row.scale.decimals)),
        row.scale.unit,
        _plain(counts[0]),
        _plain(counts[1]),
        (reading.status or "not held").replace("_", " "),
        _plain(aim.target if aim else None),
        aim.target_basis if aim and aim.target is not None else "",
        _plain(aim.tolerance if aim else None),
        aim.tolerance_basis if aim and aim.tolerance is not None else "",
        row.rating_of(reading).status if is_quarter and reading.value is not None else "",
        "illustrative" if reading.illustrative else "",
        inert(reading.note),
    ]


def _plain(number: Decimal | None) -> str:
    return "" if number is None else f"{number.normalize():f}"
