"""Rows of a mapped sheet as lines: series, period and entry of each figure, or what is wrong with it. Pure: no
Django."""

from __future__ import annotations

from collections.abc import Sequence

from .cells import Book
from .findings import Findings
from .guessing import header_of
from .line import Lines
from .long_rows import LongRows
from .mapping import Layout, Mapping
from .plan import Known
from .wide_rows import WideRows


def read(book: Book, mapping: Mapping, known: Sequence[Known]) -> Lines:
    """The sheet's lines in their order; of a key that stands there twice none. Nothing is raised for what a file
    holds; a sheet or header that is not there gives no lines."""
    sheet = next((sheet for sheet in book.sheets if sheet.name == mapping.sheet), None)
    header = header_of(sheet, mapping.header_row) if sheet else None
    if sheet is None or header is None:
        return Lines(Findings(mapping.sheet))
    reader = (WideRows if mapping.layout is Layout.WIDE else LongRows)(sheet, header, mapping, known)
    for row in sheet.rows:
        if row.number > header.number:
            reader.read(row)
    return reader.finish()
