"""What a file of the corpus must give: exactly these cells, or a refusal of this kind."""

import datetime
from dataclasses import dataclass
from decimal import Decimal

from measures.imports.cells import Cell
from measures.imports.issues import Code

Line = tuple[int, tuple[Cell, ...]]


@dataclass(frozen=True)
class Refusal:
    """`says` stands in the sentence."""

    code: Code
    says: str = ""


@dataclass(frozen=True)
class Content:
    """Sheets by name, each with its rows by number. `told` are parts of the sentences, one of each, in order."""

    sheets: dict[str, tuple[Line, ...]]
    told: tuple[str, ...] = ()


@dataclass(frozen=True)
class CorpusFile:
    """`name` is what it was uploaded as, `about` what is special about it."""

    name: str
    content: bytes
    expected: Refusal | Content
    about: str


def cells(*values: object) -> tuple[Cell, ...]:
    """Cells as they are, texts, numbers and days; None is an empty one."""
    return tuple(_cell(value) for value in values)


def _cell(value: object) -> Cell:
    if isinstance(value, Cell):
        return value
    if isinstance(value, datetime.date):
        return Cell(value.isoformat(), day=value)
    if isinstance(value, Decimal):
        return Cell(f"{value:f}", value)
    return Cell(str(value or ""))


def number(text: str) -> Cell:
    return Cell(text, Decimal(text))


def percent(text: str) -> Cell:
    """Of what is printed: “27%”."""
    return Cell(text, Decimal(text.removesuffix("%")) / 100, percent=True)


def text_rows(*rows: tuple[object, ...], first: int = 1) -> tuple[Line, ...]:
    """Rows of texts on lines that follow each other."""
    return tuple((first + index, cells(*row)) for index, row in enumerate(rows))


def one_sheet(*rows: tuple[object, ...], told: tuple[str, ...] = ()) -> Content:
    """A CSV file whose rows follow each other."""
    return Content({"": text_rows(*rows)}, told)
