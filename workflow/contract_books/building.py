"""Rows that are in order to a contract's book, and a book to JSON and back. Pure: no Django."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import fields
from decimal import Decimal
from typing import Any

from measures.quarters import Quarter

from .columns import COMMITTEE, CONTRACT, DEFINITIONS, MEASURES, SERIES, SHEETS, TARGETS, SheetShape, Takes
from .lines import Line, Lines
from .shapes import CommitteeRow, ContractBook, ContractRow, DefinitionRow, MeasureRow, SeriesRow, TargetRow

Json = dict[str, Any]
ROWS: Mapping[str, type] = {
    CONTRACT.name: ContractRow,
    COMMITTEE.name: CommitteeRow,
    MEASURES.name: MeasureRow,
    SERIES.name: SeriesRow,
    DEFINITIONS.name: DefinitionRow,
    TARGETS.name: TargetRow,
}
# The field of the book that holds a sheet's rows.
PARTS = {
    COMMITTEE.name: "committee_dates",
    MEASURES.name: "measures",
    SERIES.name: "series",
    DEFINITIONS.name: "definitions",
    TARGETS.name: "targets",
}


def book(lines: Lines) -> ContractBook:
    """KeyError for a row that was refused."""
    made = {shape.name: tuple(_row(line) for line in lines[shape.name]) for shape in SHEETS}
    (contract,) = made[CONTRACT.name]
    return ContractBook(contract, **{part: made[name] for name, part in PARTS.items()})


def _row(line: Line) -> Any:
    kind = ROWS[line.sheet.name]
    values = {field.name: line.values[field.name] for field in fields(kind)}
    for column in line.sheet.columns:
        if values[column.name] is None and column.takes is Takes.TEXT:
            values[column.name] = ""
    if line.sheet is CONTRACT:
        values["requires_second_factor"] = values["requires_second_factor"] == "yes"
    return kind(**values)


def rows_of(held: ContractBook, shape: SheetShape) -> tuple[Any, ...]:
    """The rows of one sheet."""
    return (held.contract,) if shape is CONTRACT else getattr(held, PARTS[shape.name])


# JSON, so that what was previewed can be carried to the confirmation


def columns() -> list[list[str]]:
    """What `as_json` holds, by name: what another version gave may not be read."""
    return [[shape.name, *(column.name for column in shape.columns)] for shape in SHEETS]


def as_json(held: ContractBook) -> Json:
    return {
        shape.name: [[_plain(getattr(row, column.name)) for column in shape.columns] for row in rows_of(held, shape)]
        for shape in SHEETS
    }


def _plain(value: Any) -> str | int | bool | None:
    if isinstance(value, Quarter):
        return value.code
    if isinstance(value, datetime.date):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value


def from_json(stored: Json) -> ContractBook:
    """What `as_json` gave, with the same `columns`."""
    made = {shape.name: tuple(_restored(shape, values) for values in stored[shape.name]) for shape in SHEETS}
    return ContractBook(made[CONTRACT.name][0], **{part: made[name] for name, part in PARTS.items()})


def _restored(shape: SheetShape, values: list[Any]) -> Any:
    cells = zip(shape.columns, values, strict=True)
    return ROWS[shape.name](**{column.name: _meant(column.takes, value) for column, value in cells})


def _meant(takes: Takes, value: Any) -> Any:
    if value is None:
        return None
    if takes is Takes.QUARTER:
        return Quarter.parse(value)
    if takes is Takes.DAY:
        return datetime.date.fromisoformat(value)
    return Decimal(value) if takes is Takes.NUMBER else value
