"""Contracts' workbooks for tests: the template's example as a file of its own, with cells changed as a person would."""

import dataclasses
import io
from collections.abc import Mapping

import openpyxl

from measures.imports import reading as files
from workflow.contract_books import examples, reading, writing
from workflow.contract_books.reading import Read
from workflow.contract_books.shapes import ContractBook

EXAMPLE = examples.BOOK


def with_contract(book: ContractBook = EXAMPLE, **changes) -> ContractBook:
    return dataclasses.replace(book, contract=dataclasses.replace(book.contract, **changes))


def with_measures(number: int) -> ContractBook:
    """As many measures, each like the example's: L1 to L<number>."""
    codes = [f"L{each}" for each in range(1, number + 1)]

    def again(rows, **named):
        return tuple(
            dataclasses.replace(row, **{name: make(code) for name, make in named.items()})
            for code in codes
            for row in rows
        )

    return dataclasses.replace(
        EXAMPLE,
        measures=again(EXAMPLE.measures, code=str, slug=str.lower),
        series=again(EXAMPLE.series, measure=str, code=str),
        definitions=again(EXAMPLE.definitions, measure=str, series=str),
        targets=again(EXAMPLE.targets, measure=str, series=str),
    )


def changed(cells: Mapping[str, object], book: ContractBook = EXAMPLE) -> bytes:
    """The workbook with other cells: {"Measures!E2": "sometimes"}; None empties one. A key without a cell names a
    sheet, which is taken out (None) or added with this in its first cell."""
    workbook = openpyxl.load_workbook(io.BytesIO(writing.workbook(book)))
    for place, value in cells.items():
        sheet, _, cell = place.partition("!")
        if cell:
            workbook[sheet][cell] = value
        elif value is None:
            del workbook[sheet]
        else:
            workbook.create_sheet(sheet)["A1"] = value
    out = io.BytesIO()
    workbook.save(out)
    return out.getvalue()


def long_sheet(rows: int = 5_001) -> bytes:
    """The example with a sheet “Budget” of so many rows below its header."""
    workbook = openpyxl.load_workbook(io.BytesIO(writing.workbook(EXAMPLE)))
    sheet = workbook.create_sheet("Budget")
    for number in range(rows + 1):
        sheet.append([number])
    out = io.BytesIO()
    workbook.save(out)
    return out.getvalue()


def read(content: bytes) -> Read:
    return reading.read(files.read("contract.xlsx", content))


def told(found: Read) -> list[str]:
    """Each issue on a line: where, column, what was read, why and the remedy."""
    return [
        f"{issue.sheet} {issue.row} {issue.column} [{issue.read}] {issue.why} | {issue.remedy}"
        for issue in found.issues
    ]
