"""What stands between a file and its plan: columns without a meaning, or more values than are taken at once. Pure: no
Django."""

from __future__ import annotations

from .cells import Book, Row
from .guessing import missing
from .mapping import Layout, Mapping

TOO_MANY = (
    "This file holds {values:,} values: {rows:,} rows, and {columns:,} columns headed by a period. A page takes up to "
    "{most:,} values at once. Untick some of the periods and bring them in from the same file afterwards, or split "
    "the file, or have an administrator load it with the command import_values, which takes any number."
)


def lacking(book: Book, mapping: Mapping) -> list[str]:
    """As sentences; empty when the file can be planned."""
    return missing(mapping) or _too_many(book, mapping)


def _too_many(book: Book, mapping: Mapping) -> list[str]:
    if book.most_values is None or mapping.layout is not Layout.WIDE:
        return []
    rows = _below(book, mapping)
    values = sum(not row.cell(index).is_empty for row in rows for index in mapping.periods)
    if values <= book.most_values:
        return []
    return [TOO_MANY.format(values=values, rows=len(rows), columns=len(mapping.periods), most=book.most_values)]


def _below(book: Book, mapping: Mapping) -> list[Row]:
    """The rows of the mapped sheet under its header."""
    rows = next((sheet.rows for sheet in book.sheets if sheet.name == mapping.sheet), ())
    return [row for row in rows if row.number > mapping.header_row]
