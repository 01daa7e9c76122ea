"""The sheets of a contract's workbook to rows, with everything that is wrong told at once. Pure: no Django."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from measures.imports.cells import Book, Cell, Row, Sheet, column_letter
from measures.imports.issues import Issue, Refused, Severity

from . import building, cells, checking
from .codes import Wrong
from .columns import EXAMPLE, NOTES, SHEETS, SheetShape
from .lines import Line, Lines, of_sheet
from .shapes import ContractBook

TEMPLATE = "Take it from the template."


@dataclass(frozen=True)
class Read:
    """What a file gives. `book` is None exactly where something is refused. `told` are sentences about the file,
    `places` the numbers of the rows read of each sheet."""

    book: ContractBook | None
    issues: tuple[Issue, ...]
    told: tuple[str, ...]
    places: Mapping[str, tuple[int, ...]]

    @property
    def refused(self) -> list[Issue]:
        return [issue for issue in self.issues if issue.severity is Severity.REFUSED]

    @property
    def warnings(self) -> list[Issue]:
        return [issue for issue in self.issues if issue.severity is Severity.WARNING]


def read(book: Book) -> Read:
    """Nothing is raised for what a file holds. Issues stand in the order of the sheets and rows."""
    reader = _Reader()
    lines = reader.sheets(book)
    # Only rows whose own cells are in order are held against each other, each as far as it could be read.
    issues = [*reader.issues, *checking.check(lines)]
    is_refused = any(issue.severity is Severity.REFUSED for issue in issues)
    place = {shape.name: number for number, shape in enumerate(SHEETS)}
    issues.sort(key=lambda issue: (place.get(issue.sheet, len(SHEETS)), issue.row))
    places = {name: tuple(line.number for line in rows) for name, rows in lines.items()}
    told = (*book.told, *reader.told)
    return Read(None if is_refused else building.book(lines), tuple(issues), told, places)


class _Reader:
    def __init__(self) -> None:
        self.issues: list[Issue] = []
        self.told: list[str] = []
        self.examples = 0

    def sheets(self, book: Book) -> Lines:
        found = self._known(book)
        lines = {}
        for shape in SHEETS:
            sheet = found.get(shape.name)
            lines[shape.name] = self._sheet(shape, sheet) if sheet else []
            if sheet is None:
                self._no_sheet(shape)
        if self.examples:
            rows = "1 example row was" if self.examples == 1 else f"{self.examples} example rows were"
            self.told.append(f"{rows} left out.")
        return lines

    def _known(self, book: Book) -> dict[str, Sheet]:
        names = {cells.folded(shape.name): shape.name for shape in SHEETS}
        found: dict[str, Sheet] = {}
        for sheet in book.sheets:
            name = names.get(cells.folded(sheet.name))
            if name in found:
                why = f"The workbook has two sheets of this name, “{found[name].name}” and “{sheet.name}”."
                self.issues.append(of_sheet(name, Wrong.SHEET_TWICE, why, "Delete one of them."))
            elif name:
                found[name] = sheet
            elif cells.folded(sheet.name) != cells.folded(NOTES):
                known = ", ".join(f"“{shape.name}”" for shape in SHEETS)
                why = "This sheet is not one of a contract’s workbook, so nothing of it is read."
                remedy = f"Leave it, or name it as one of {known}."
                self.issues.append(of_sheet(sheet.name, Wrong.UNKNOWN_SHEET, why, remedy, severity=Severity.WARNING))
        return found

    def _no_sheet(self, shape: SheetShape) -> None:
        severity = Severity.REFUSED if shape.needed else Severity.WARNING
        remedy = TEMPLATE if shape.needed else f"Leave it out if there are none. {TEMPLATE}"
        self.issues.append(
            of_sheet(shape.name, Wrong.NO_SHEET, "The workbook has no such sheet.", remedy, severity=severity)
        )

    def _sheet(self, shape: SheetShape, sheet: Sheet) -> list[Line]:
        header, *rows = sheet.rows
        columns, example = self._header(shape, header)
        lines, is_example = [], False
        for row in rows:
            if example is not None and not row.cell(example).is_empty:
                self.examples += 1
                is_example = True
            elif any(not row.cell(index).is_empty for index in columns.values()):
                lines.append(self._line(shape, columns, row))
            else:
                self._beside(shape, row)
        if not lines and shape.needed:
            rows_of = "besides the example" if is_example else "below its header"
            self.issues.append(
                of_sheet(shape.name, Wrong.NO_ROWS, f"The sheet has no row {rows_of}.", f"Fill it in. {shape.about}")
            )
        return lines

    def _header(self, shape: SheetShape, header: Row) -> tuple[dict[str, int], int | None]:
        """Where each column of the sheet stands, and that of the mark of examples."""
        names = {cells.folded(column.header): column.name for column in shape.columns}
        columns: dict[str, int] = {}
        example = None
        for index, cell in enumerate(header.cells):
            text = cells.folded(cell.text)
            if text == cells.folded(EXAMPLE):
                example = index
            elif not cell.is_empty and text not in names:
                self.issues.append(_unknown_column(shape, header, cell, index))
            elif not cell.is_empty and names[text] in columns:
                why = f"There are two columns of this name, {column_letter(columns[names[text]])} and "
                place = of_sheet(
                    shape.name, Wrong.COLUMN_TWICE, f"{why}{column_letter(index)}.", "Delete one of them.",
                    row=header.number, column=cell.text,
                )  # fmt: skip
                self.issues.append(place)
            elif not cell.is_empty:
                columns[names[text]] = index
        self.issues += _missing(shape, header, columns)
        return columns, example

    def _line(self, shape: SheetShape, columns: Mapping[str, int], row: Row) -> Line:
        texts = {name: row.cell(index).text for name, index in columns.items()}
        filled = frozenset(name for name, index in columns.items() if not row.cell(index).is_empty)
        line = Line(shape, row.number, {}, texts, filled)
        for column in shape.columns:
            if column.name not in columns:
                if not column.required:
                    line.values[column.name] = None
                continue
            cell = row.cell(columns[column.name])
            try:
                line.values[column.name] = cells.read(column, cell)
            except Refused as refused:
                self.issues.append(line.issue(column.name, refused.code, refused.why, refused.remedy))
            else:
                if doubt := cells.doubt(column, cell):
                    self.issues.append(line.warning(column.name, *doubt))
        return line

    def _beside(self, shape: SheetShape, row: Row) -> None:
        """A row with something in it, but in no column that is read."""
        why = "The row holds something, but in none of the columns that are read."
        remedy = "Move it under a header of the sheet, or delete it."
        self.issues.append(
            of_sheet(shape.name, Wrong.UNKNOWN_COLUMN, why, remedy, row=row.number, severity=Severity.WARNING)
        )


def _unknown_column(shape: SheetShape, header: Row, cell: Cell, index: int) -> Issue:
    return of_sheet(
        shape.name,
        Wrong.UNKNOWN_COLUMN,
        f"Column {column_letter(index)} is not one of this sheet, so nothing of it is read.",
        "Leave it, or name it as one of the columns in the notes of the template.",
        row=header.number,
        column=cell.text[:60],
        severity=Severity.WARNING,
    )


def _missing(shape: SheetShape, header: Row, columns: Mapping[str, int]) -> Iterator[Issue]:
    for column in shape.columns:
        if column.name in columns:
            continue
        severity = Severity.REFUSED if column.required else Severity.WARNING
        remedy = f"Add the column. {column.about}" if column.required else f"Add it where it is needed. {column.about}"
        why = "The sheet has no such column."
        yield of_sheet(
            shape.name, Wrong.NO_COLUMN, why, remedy, row=header.number, column=column.header, severity=severity
        )
