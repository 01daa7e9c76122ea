"""Every readable file of the corpus, guessed and planned: no crash, and no value but the one that stands there."""

import re
from decimal import ROUND_HALF_UP, Decimal

import pytest

from measures.imports.cells import Unreadable
from measures.imports.guessing import guess, missing
from measures.imports.mapping import Field
from measures.imports.planning import plan
from measures.imports.reading import read
from measures.imports.refused import refused_rows
from measures.imports.refused_xlsx import workbook
from tests.measures.imports import corpus
from tests.measures.imports.samples import Anywhere, known

pytestmark = pytest.mark.xdist_group("corpus-plans")

CODES = ("A1", "A2", "B8", "E1", "café")
CONTRACTS = {
    "percentages": tuple(known(number, code, code, code) for number, code in enumerate(CODES)),
    "counts": tuple(known(number, code, code, code, unit="count") for number, code in enumerate(CODES)),
    "days": tuple(known(number, code, code, code, unit="days", decimals=1) for number, code in enumerate(CODES)),
    "months": tuple(
        known(number, code, code, code, unit="count", derivation="sum") for number, code in enumerate(CODES)
    ),
}


@pytest.fixture(scope="module")
def books():
    found = {}
    for file in corpus.files():
        try:
            found[file.about] = read(file.name, file.content)
        except Unreadable:
            continue
    return found


@pytest.fixture(scope="module", params=CONTRACTS)
def plans(request, books):
    """(what is special about the file, its book, mapping and plan) of each that can be mapped, for one contract."""
    series, made = CONTRACTS[request.param], []
    for about, book in books.items():
        mapping = guess(book, series)
        found = plan(book, mapping, known=series, held={}, places=Anywhere(), source="")
        if not missing(mapping):
            made.append((about, book, mapping, found))
    return series, made


def plainly(cell, unit):
    """What a person reads in a cell, in the unit of the series; None where nobody could say."""
    if cell.number is not None:
        number = cell.number * 100 if cell.percent else cell.number
        return number.quantize(Decimal("0.000001"), ROUND_HALF_UP)
    text = re.sub(r"\s*\[[pr]\]\s*$", "", cell.text, flags=re.IGNORECASE)
    text = text.removesuffix("%").strip() if unit == "percent" else text
    text = re.sub("[\N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}\N{THIN SPACE}\N{FIGURE SPACE}]", "", text)
    text = text.replace("\N{MINUS SIGN}", "-")
    return Decimal(text.replace(",", "")) if re.fullmatch(r"-?[0-9,]*\.?[0-9]+", text) else None


def test_a_value_is_the_one_in_its_cell(plans):
    series, made = plans
    wrong, seen = [], 0
    for about, book, mapping, found in made:
        rows = {(sheet.name, row.number): row for sheet in book.sheets for row in sheet.rows}
        for item in found.items:
            cell = rows[item.sheet, item.row].cell(mapping.columns[Field.VALUE])
            seen += 1
            if item.entry.value != plainly(cell, series[0].bounds.unit) and item.entry.value is not None:
                wrong.append((about, cell, item.entry.value))
            if item.entry.value is None and cell.text.casefold().strip("[]") not in ("x", "z", "c"):
                wrong.append((about, cell, None))
    assert wrong == []
    assert seen >= (0 if series is CONTRACTS["months"] else 100)


def test_no_cell_with_a_value_is_passed_over(plans):
    passed_over = []
    for about, book, mapping, found in plans[1]:
        if found.asked or Field.VALUE not in mapping.columns:
            continue
        accounted = {(item.sheet, item.row) for item in found.items} | found.refused
        for sheet in book.sheets:
            for row in sheet.rows:
                below = sheet.name == mapping.sheet and row.number > mapping.header_row
                value = row.cell(mapping.columns[Field.VALUE])
                if below and not value.is_empty and (sheet.name, row.number) not in accounted:
                    passed_over.append((about, row))
    assert [each for each in passed_over if "repeats" not in each[0] and "twice" not in each[0]] == []


def test_refused_rows_can_be_taken_away(plans):
    for _, book, mapping, found in plans[1]:
        rows = refused_rows(book, mapping, found)
        assert {row.number for row in rows.rows} == {number for _, number in found.refused}
        assert all(row.issue for row in rows.rows)
        if rows.rows:
            workbook(rows)


def test_most_of_the_corpus_gets_here(books, plans):
    assert len(books) > 200
    assert len(plans[1]) > 200
