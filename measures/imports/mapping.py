"""Which column of which sheet means what. Pure: no Django."""

from __future__ import annotations

from collections.abc import Mapping as Dict
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class Layout(StrEnum):
    """Long: a row for each value. Wide: a row for each series, a column for each period. Tidy: the department's open
    data, a row for each area and year, read as benchmarks."""

    LONG = "long"
    WIDE = "wide"
    TIDY = "tidy"


class Field(StrEnum):
    """`IDENTIFIER` completes the period where a file splits it in two: “Financial year Q2” beside 201819, “Q2” beside
    2018/19."""

    MEASURE = "measure"
    SERIES = "series"
    PERIOD = "period"
    IDENTIFIER = "identifier"
    VALUE = "value"
    NUMERATOR = "numerator"
    DENOMINATOR = "denominator"
    STATUS = "status"
    NOTE = "note"


@dataclass(frozen=True)
class Mapping:
    """`header_row` is the row's number. `columns` gives the index from 0 of each field used; in a wide layout
    `periods` are the indexes of the columns headed by a period. `answers` are by question. `tidy` holds what the tidy
    layout needs besides (see `measures.imports.tidy`). `unclear` names, of each field that a guess left open, the
    columns that it could be."""

    sheet: str
    header_row: int
    layout: Layout
    columns: Dict[Field, int]
    periods: tuple[int, ...] = ()
    answers: Dict[str, str] = field(default_factory=dict)
    tidy: Dict[str, object] = field(default_factory=dict)
    unclear: Dict[Field, tuple[str, ...]] = field(default_factory=dict)

    def as_json(self) -> dict[str, object]:
        """What a batch keeps, and a contract remembers."""
        return {
            "sheet": self.sheet,
            "header_row": self.header_row,
            "layout": self.layout.value,
            "columns": {field.value: index for field, index in self.columns.items()},
            "periods": list(self.periods),
            "answers": {str(question): answer for question, answer in self.answers.items()},
            "tidy": dict(self.tidy),
            **({"unclear": {field.value: list(each) for field, each in self.unclear.items()}} if self.unclear else {}),
        }

    @classmethod
    def from_json(cls, kept: Dict[str, Any]) -> Mapping:
        """KeyError or ValueError for what `as_json` did not write."""
        return cls(
            sheet=kept["sheet"],
            header_row=kept["header_row"],
            layout=Layout(kept["layout"]),
            columns={Field(name): index for name, index in kept["columns"].items()},
            periods=tuple(kept["periods"]),
            answers=dict(kept["answers"]),
            tidy=dict(kept["tidy"]),
            unclear={Field(name): tuple(each) for name, each in kept.get("unclear", {}).items()},
        )
