"""Workbooks that we write: no text in them becomes a formula or a link, and the same content is the same file."""

from __future__ import annotations

import datetime
import io
from collections.abc import Iterator
from contextlib import contextmanager

from xlsxwriter import Workbook

CREATED = datetime.datetime(2000, 1, 1, tzinfo=datetime.UTC)


@contextmanager
def new_workbook(out: io.BytesIO) -> Iterator[Workbook]:
    """A workbook written to `out` at the end of the block."""
    with Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        # The day on which it is made would make two downloads differ.
        book.set_properties({"created": CREATED})
        yield book
