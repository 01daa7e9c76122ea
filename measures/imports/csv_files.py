"""Tables in text: delimiters, quotes, line ends. Pure: no Django."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator
from itertools import islice

from . import encodings
from .cells import MOST_COLUMNS, MOST_TEXT, Book, Cell, Row, Sheet, Unreadable, too_many_rows
from .issues import Code

DELIMITERS = {",": "commas", ";": "semicolons", "\t": "tabs"}
# Excel's own hint in the first line.
HINT = re.compile(r'"?sep=([,;\t])"?(?:\r\n|\r|\n)')
SAMPLE = 50
# A header is among the first records, or the file has one column.
MOST_TITLES = 1_000

Record = tuple[int, list[str]]


def read(content: bytes, *, most_rows: int | None) -> Book:
    """One sheet with the name "". Rows keep the cells that they have, also more than the header's; empty cells at
    their end do not count. Unreadable with the line of what cannot be read."""
    text, encoding_told = encodings.decode(content)
    told = [encoding_told] if encoding_told else []
    skipped = 0
    if hint := HINT.match(text):
        delimiter, text, skipped = hint[1], text[hint.end() :], 1
    else:
        delimiter = _delimiter(text)
    if delimiter != ",":
        told.append(f"Columns are separated by {DELIMITERS[delimiter]}.")
    rows = tuple(_rows(text, delimiter, skipped=skipped, most_rows=most_rows))
    return Book((Sheet("", rows),) if rows else (), tuple(told))


def _rows(text: str, delimiter: str, *, skipped: int, most_rows: int | None) -> Iterator[Row]:
    # Cells repeat: codes, periods and statuses stand in every row.
    known: dict[str, Cell] = {}
    count = 0
    for line, values in _records(text, delimiter):
        number = line + skipped
        cells = []
        for value in values:
            cell = known.get(value)
            if cell is None:
                cell = known[value] = _cell(value, number)
            cells.append(cell)
        while cells and cells[-1].is_empty:
            cells.pop()
        if not cells:
            continue
        if len(cells) > MOST_COLUMNS:
            raise Unreadable(
                f"Line {number:,} has {len(cells):,} columns; at most {MOST_COLUMNS} are read. "
                "Leave out those that hold no figures.",
                Code.COLUMNS,
            )
        # The first row is the header.
        if most_rows is not None and count > most_rows:
            raise too_many_rows("The file", most_rows)
        count += 1
        yield Row(number, tuple(cells))


def _cell(value: str, line: int) -> Cell:
    if len(value) > MOST_TEXT:
        raise _too_long(line)
    return Cell(value.strip())


def _records(text: str, delimiter: str) -> Iterator[Record]:
    """Each record with the line on which it starts."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    while True:
        line = reader.line_num + 1
        try:
            values = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            if "field larger" in str(error):
                raise _too_long(line) from error
            raise Unreadable(
                f"A quotation mark is out of place in the row that starts on line {line:,}: it is not closed, or it "
                "stands inside quoted text without being doubled. Mend the row, or save the file anew.",
                Code.QUOTES,
            ) from error
        yield line, values


def _too_long(line: int) -> Unreadable:
    return Unreadable(
        f"The row that starts on line {line:,} has a cell of more than {MOST_TEXT:,} characters. "
        "Shorten it; a quotation mark that is not closed can also be the reason.",
        Code.LONG_CELL,
    )


def _delimiter(text: str) -> str:
    """The one that stands in the header and splits the first rows most evenly. Unreadable where two do so equally
    well."""
    samples = {each: _widths(text, each) for each in DELIMITERS}
    headers = [header for header, _ in samples.values() if header]
    if not headers:
        return ","
    scores = {
        each: _evenness(widths) for each, (header, widths) in samples.items() if widths and header == min(headers)
    }
    best = max(scores.values(), default=(0.0, 0))
    winners = [each for each, score in scores.items() if score == best]
    if len(winners) > 1:
        named = " and by ".join(DELIMITERS[each] for each in winners)
        raise Unreadable(
            f"The columns could be separated by {named}. Save the file anew with commas, "
            "and with quotation marks around texts that hold any.",
            Code.DELIMITER,
        )
    return winners[0] if winners else ","


def _widths(text: str, delimiter: str) -> tuple[int, list[int]]:
    """The line of the first row that the delimiter splits, 0 for none, and how wide it and the rows after it are."""
    header, widths = 0, []
    try:
        for line, values in islice(_records(text, delimiter), MOST_TITLES):
            header = header or (line if len(values) > 1 else 0)
            if header and any(value.strip() for value in values):
                widths.append(len(values))
            if len(widths) == SAMPLE:
                break
    except Unreadable:
        # Quotes that make sense with another delimiter alone, or nowhere: the rows are read again with the one chosen.
        pass
    return header, widths


def _evenness(widths: list[int]) -> tuple[float, int]:
    """Which share of the rows is as wide as most are, and how wide that is."""
    width, count = Counter(widths).most_common(1)[0]
    return count / len(widths), width
