"""An old paper's file as rows of three cells, whatever its format."""

from __future__ import annotations

import re

from commentary.sanitising import shown
from measures.imports import encodings
from measures.imports.cells import Unreadable
from measures.imports.issues import Issue
from measures.imports.reading import MOST_ROWS

from .blocks import Blocks, lines_of
from .docx_tables import Table, tables_of
from .figures import codes_at_start
from .markup_cells import blocks_of
from .parsing import is_heading, may_belong
from .shapes import MEASURE, PaperCode, PaperFile, PaperRow, refused, warning

# Far more than a paper has, or a pane can hold; what cleans the markup slows down beyond.
MOST_LETTERS = 1_000_000
MOST_LETTERS_OF_CELL = 100_000
MOST_TAGS_OF_CELL = 3_000
COLUMNS = 3
ZIP = b"PK"
EMPTY = "The file is empty. Choose another one."
NOT_A_PAPER = "This is no old paper: those are Word documents (.docx), or text with tabs between the columns."
WANTED = (
    "An old paper has three columns, headed “Measure and performance”, then the council’s response and the provider’s "
    "comment."
)
NO_TABLE = f"No table with these heads was found. {WANTED} Check the heads, or choose another file."
TOO_MANY = f"The paper has more than {MOST_ROWS:,} rows. Split it and bring the parts in one after the other."

_BOLD = re.compile(r"<(/?)(b|i)(?=[\s>])[^<>]*>", re.IGNORECASE)
_APART = re.compile(
    r"<(/?)(?:div|table|tbody|thead|tr|td|th|h[12456]|blockquote|section|article|pre|dl|dt|dd)\b[^<>]*>", re.IGNORECASE
)
_LINES = re.compile(r"\r\n|\n|\r")


def read(name: str, content: bytes) -> PaperFile:
    """Unreadable with the sentence to show: what the file lacks, and what to do."""
    if content.startswith(ZIP):
        return _from_tables(*tables_of(content))
    text, told = encodings.decode(content)
    if not text.strip():
        raise Unreadable(EMPTY, PaperCode.EMPTY_PAPER)
    if len(text) > MOST_LETTERS:
        said = f"The paper has more than {MOST_LETTERS:,} letters. Split it and bring the parts in one after the other."
        raise Unreadable(said, PaperCode.TOO_LARGE)
    return _from_lines(_LINES.split(text), [told] if told else [])


def html_blocks(cell: str) -> Blocks:
    """A cell of HTML or plain text, through the list of what a pane may hold; styles go, lists and emphasis stay."""
    named = _BOLD.sub(lambda found: f"<{found[1]}{'strong' if found[2] in 'bB' else 'em'}>", cell)
    # What stands in boxes of its own is a paragraph of its own: taken away alone, its words would run together.
    return blocks_of(shown(_APART.sub(lambda found: f"<{found[1]}p>", named)))


def _from_lines(lines: list[str], told: list[str]) -> PaperFile:
    rows: list[PaperRow] = []
    outside: list[str] = []
    issues: list[Issue] = []
    header: tuple[str, str, str] | None = None
    most = 0
    for number, line in enumerate(lines, start=1):
        cells = [_unquoted(cell) for cell in line.split("\t")]
        if not any(cell.strip() for cell in cells):
            continue
        if len(cells) == 1:
            # Before the table they are its headings; later they stand between its pages.
            if header is None or is_heading(line.strip()):
                outside.append(" ".join(line.split()))
            else:
                issues.append(_outside(PaperRow("", number, ((), (), ())), header, line.strip()))
            continue
        if any(len(cell) > MOST_LETTERS_OF_CELL or cell.count("<") > MOST_TAGS_OF_CELL for cell in cells):
            said = f"Line {number} has a cell that is longer, or has more markup, than any text of a paper. Shorten it."
            raise Unreadable(said, PaperCode.TOO_LARGE)
        blocks = _trimmed([html_blocks(cell) for cell in cells])
        most = max(most, len(cells))
        if is_header(blocks):
            header = header or _heads(blocks)
        elif header is not None:
            # An editor that strips the ends of lines takes an empty last cell with it.
            _add(PaperRow("", number, _three(blocks)), blocks, header, rows, issues, fits=(2, 3))
        else:
            outside.append(" ".join(line.split()))
    if header is None:
        raise _no_table(most)
    return PaperFile(header, tuple(rows), tuple(outside), tuple(issues), tuple(told))


def _from_tables(tables: list[Table], outside: list[str], told: list[str]) -> PaperFile:
    rows: list[PaperRow] = []
    issues: list[Issue] = []
    left: list[str] = []
    header: tuple[str, str, str] | None = None
    for number, table in enumerate(tables, start=1):
        sheet = f"table {number}"
        found = [_trimmed(cells) for cells in table]
        heads = next((cells for cells in found if is_header(cells)), None)
        if heads:
            header = header or _heads(heads)
        if header is None or not (heads or _goes_on(sheet, found)):
            left.append(sheet)
            continue
        for place, cells in enumerate(found, start=1):
            if not any(cells) or is_header(cells):
                continue
            # One cell is a heading across the table; two would leave open which column is missing.
            _add(PaperRow(sheet, place, _three(cells)), cells, header, rows, issues, fits=(1, 3))
    if header is None:
        raise _no_table(max((len(cells) for table in tables for cells in table), default=0))
    if left:
        told = [*told, f"Left out, because not laid out as the paper’s table: {', '.join(left)}."]
    return PaperFile(header, tuple(rows), tuple(outside), tuple(issues), tuple(told))


def _goes_on(sheet: str, found: list[list[Blocks]]) -> bool:
    """Whether a table without a header is the next page of the one before."""
    first = next((cells for cells in found if any(cells)), [])
    return 0 < len(first) <= COLUMNS and may_belong(PaperRow(sheet, 0, _three(first)))


def is_header(cells: list[Blocks]) -> bool:
    texts = [" ".join(lines_of(cell)).lower() for cell in cells]
    return (
        len(cells) == COLUMNS
        and "measure" in texts[0]
        and not codes_at_start(" ".join(lines_of(cells[MEASURE])))[0]
        and any(word in texts[1] for word in ("response", "comment"))
        and any(word in texts[2] for word in ("response", "comment"))
        and max(map(len, texts)) < 80
    )


def _heads(cells: list[Blocks]) -> tuple[str, str, str]:
    first, second, third = (" ".join(lines_of(cell)) for cell in cells)
    return first, second, third


def _add(
    row: PaperRow,
    cells: list[Blocks],
    header: tuple[str, str, str],
    rows: list[PaperRow],
    issues: list[Issue],
    *,
    fits: tuple[int, int],
) -> None:
    if len(rows) >= MOST_ROWS:
        raise Unreadable(TOO_MANY, PaperCode.TOO_MANY_ROWS)
    if len(cells) in fits:
        rows.append(row)
        return
    issues.append(
        refused(
            PaperCode.COLUMNS_OF_ROW,
            row,
            header[MEASURE],
            read=" | ".join(" ".join(lines_of(cell))[:40] for cell in cells),
            why=f"The row has {len(cells)} cells, and the table {COLUMNS} columns.",
            remedy="Bring the row into the three columns and choose the file again.",
        )
    )


def _three(cells: list[Blocks]) -> tuple[Blocks, Blocks, Blocks]:
    first, second, third = [*cells, (), (), ()][:COLUMNS]
    return first, second, third


def _trimmed(cells: list[Blocks]) -> list[Blocks]:
    """Without empty cells at the end beyond the three columns."""
    while len(cells) > COLUMNS and not cells[-1]:
        cells = cells[:-1]
    return cells


def _outside(row: PaperRow, header: tuple[str, str, str], line: str) -> Issue:
    return warning(
        PaperCode.OUTSIDE_TABLE,
        row,
        header[MEASURE],
        read=line,
        why="The line stands between the table’s rows and is in none of its columns. It is left out.",
        remedy="If it belongs to a text, put it into its column and choose the file again.",
    )


def _unquoted(cell: str) -> str:
    """A cell as a spreadsheet quotes it, every quotation mark in it doubled."""
    inner = cell.strip()[1:-1]
    is_quoted = len(cell.strip()) > 1 and cell.strip()[0] == cell.strip()[-1] == '"'
    return inner.replace('""', '"') if is_quoted and '"' not in inner.replace('""', "") else cell


def _no_table(most: int) -> Unreadable:
    if most == 2:
        return Unreadable(f"The table has two columns. {WANTED}", PaperCode.TWO_COLUMNS)
    return Unreadable(NO_TABLE if most else f"There is no table in the file. {WANTED}", PaperCode.NO_TABLE)
