"""Whatever a file holds: no crash, and no figure that is neither planned, refused, asked about nor told."""

import datetime
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from measures.imports.cells import Book, Cell, Row, Sheet
from measures.imports.guessing import fingerprint, guess, header_of, missing
from measures.imports.mapping import Field, Layout, Mapping
from measures.imports.planning import plan
from measures.imports.refused import refused_rows
from measures.imports.refused_xlsx import workbook
from tests.measures.imports.samples import CONTRACT, Q2, Anywhere, cell, held

HEADERS = "measure series KPI name period Quarter Month value Actual Num Den status note Total Year x".split()
KEYS = ["A1", "A2", "a4", "CiC", "E34/35", "Re-referrals", "Total", "Z9", "1", "=1+1", "'=1+1", ""]
PERIODS = ["Q2 2018/19", "2018-Q2", "July 2018", "Q2", "01/02/2018", "Q2 2018", "201819", "2018/20 Q1", "30 Feb 2018"]
FIGURES = ["27", "27%", "0.5", "1,898", "27,5", "74 [p]", "[x]", "c", "-5", "1E9", "n/a", "", "£5", "9" * 30]
STATUSES = ["final", "provisional", "not available", "not held", "n/a", "done", ""]
ODD = [
    Cell("#REF!", error="#REF!"),
    Cell(merged=True),
    Cell("27%", number=Decimal("0.27"), percent=True),
    Cell("1E+30", number=Decimal("1E+30")),
    Cell("2018-09-30", day=datetime.date(2018, 9, 30)),
    Cell("1899-12-31", day=datetime.date(1899, 12, 31)),
]
TEXTS = st.sampled_from([*HEADERS, *KEYS, *PERIODS, *FIGURES, *STATUSES]).map(cell)
NUMBERS = st.decimals(-1000, 1000, places=3).map(lambda number: Cell(str(number), number=number))
CELLS = st.one_of(TEXTS, st.sampled_from(ODD), NUMBERS, st.text(max_size=5).map(lambda text: Cell(text.strip())))
TABLE = st.tuples(
    *(
        st.sampled_from(list(map(cell, pool)) + ODD)
        for pool in (KEYS, KEYS, PERIODS * 3, FIGURES * 2, FIGURES, FIGURES, STATUSES)
    )
)
FIGURE = st.sampled_from([*map(cell, FIGURES), *ODD])
NAMES = st.sampled_from(["", "Data"])


def as_book(rows, name="", hidden=()):
    made = [Row(number, tuple(row), hidden=number in hidden) for number, row in enumerate(rows, 1)]
    return Book((Sheet(name, tuple(row for row in made if any(not one.is_empty for one in row.cells))),))


def planned(book, mapping):
    return plan(book, mapping, known=CONTRACT, held={(2, Q2): held(27)}, places=Anywhere(), source="")


@settings(max_examples=300)
@given(st.lists(st.lists(CELLS, max_size=8), max_size=12), NAMES)
def test_any_cells_at_all(rows, name):
    book = as_book(rows, name)
    mapping = guess(book, CONTRACT)
    assert Mapping.from_json(mapping.as_json()) == mapping
    found = planned(book, mapping)
    for sheet in book.sheets:
        fingerprint(sheet, mapping.header_row)
    workbook(refused_rows(book, mapping, found))


@settings(max_examples=300)
@given(st.lists(TABLE, max_size=12), NAMES)
def test_every_row_of_a_table_is_accounted_for(rows, name):
    head = ["measure", "series", "period", "value", "numerator", "denominator", "status"]
    book = as_book([list(map(cell, head)), *rows], name)
    mapping = guess(book, CONTRACT)
    assert (missing(mapping), mapping.header_row) == ([], 1)
    found = planned(book, mapping)
    planned_rows = {item.row for item in found.items}
    refused = {row for _, row in found.refused}
    assert not planned_rows & refused
    waiting = sum(one.count for one in found.asked)
    left = {row.number for row in book.sheets[0].rows[1:]} - planned_rows - refused
    agreeing = sum("agree with their months" in told for told in found.told)
    silent = [number for number in left if has_figure(book, number)]
    assert len(silent) <= waiting + agreeing
    assert {(issue.sheet, issue.row) for issue in found.issues if issue.severity == "refused"} == found.refused
    keys = [(item.series, item.period) for item in found.items]
    assert len(keys) == len(set(keys))


def has_figure(book, number):
    """Whether a row says anything of a figure: a value, a count, or a status that is one."""
    row = header_of(book.sheets[0], number)
    value = [row.cell(index) for index in (3, 4, 5)]
    return any(not one.is_empty for one in value) or row.cell(6).text not in ("", "not held")


@settings(max_examples=200)
@given(
    st.lists(
        st.tuples(st.sampled_from(KEYS).map(cell), *[st.sampled_from([*map(cell, FIGURES), *ODD])] * 3), max_size=8
    ),
    st.lists(st.sampled_from(PERIODS), min_size=3, max_size=3),
)
def test_a_wide_table(rows, periods):
    book = as_book([[cell("Ref"), *map(cell, periods)], *rows], "Data")
    mapping = Mapping("Data", 1, Layout.WIDE, {Field.MEASURE: 0}, (1, 2, 3))
    found = planned(book, mapping)
    accounted = {item.row for item in found.items} | {row for _, row in found.refused}
    header_asked = any(issue.row == 1 for issue in found.issues) or found.asked
    for row in book.sheets[0].rows[1:]:
        if any(not row.cell(index).is_empty for index in (1, 2, 3)) and row.number not in accounted:
            assert header_asked or any("agree" in told for told in found.told)
