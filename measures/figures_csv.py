"""Figures as CSV, safe to open in a spreadsheet and to import again."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from decimal import Decimal
from typing import TextIO

from .inert import inert
from .numbers import round_half_up
from .readings import Reading, Scale
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


def write_figures(out: TextIO, measure_code: str, row: SeriesRow, readings: Iterable[Reading]) -> None:
    """One series, one line a period, oldest first."""
    write(out, [(measure_code, row, readings)])


def write(out: TextIO, rows: Iterable[tuple[str, SeriesRow, Iterable[Reading]]]) -> None:
    """Several series after one header: (measure code, series, its readings). Every real number is exactly the one
    held, so that importing the file changes nothing."""
    # Every cell is quoted: a text with a semicolon or a line end stays one cell wherever the file is opened.
    writer = csv.writer(out, lineterminator="\r\n", quoting=csv.QUOTE_ALL)
    writer.writerow(HEADER)
    for measure_code, row, readings in rows:
        writer.writerows(_line(measure_code, row, reading) for reading in readings)


def _line(measure_code: str, row: SeriesRow, reading: Reading) -> list[str]:
    counts = (None, None) if reading.counts_illustrative else (reading.numerator, reading.denominator)
    aim = row.aim_for(reading)
    is_quarter = reading.quarter == reading.period
    return [
        inert(measure_code),
        inert(row.code),
        inert(row.name),
        reading.period.label,
        _value(reading, row.scale),
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


def _value(reading: Reading, scale: Scale) -> str:
    if reading.value is None:
        return reading.symbol
    # Digits that only illustrative counts give are no more real than those.
    return _plain(round_half_up(reading.value, scale.decimals) if reading.counts_illustrative else reading.value)


def _plain(number: Decimal | None) -> str:
    return "" if number is None else f"{number.normalize():f}"
