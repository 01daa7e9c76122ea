"""Beside the corpus: formats, the numbers as another library reads them, and files damaged at random."""

import datetime
import io
import random
import time

import openpyxl
import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from measures.imports import excel_parts, reading
from measures.imports.cells import Book, Cell, Unreadable, column_letter
from measures.imports.excel_files import Format, format_of
from tests.measures.imports.corpus_hostile import everything
from tests.measures.imports.corpus_sheets import written
from tests.measures.imports.packages import packed

ROWS = 5_000


@pytest.mark.parametrize(("code", "found"), [
    ("General", Format()), ("0.00", Format()), ("@", Format()), ('0" days"', Format()), (r"0\d", Format()),
    ("[Red]0", Format()),
    ("0%", Format(percent=True)), ("0.0%", Format(percent=True)), ('0"%"', Format()), (r"0\%", Format()),
    ("0;0%", Format()),
    ("dd/mm/yyyy", Format(date=True)), ("[$-809]d mmmm yyyy", Format(date=True)), ("h:mm", Format(date=True)),
    ("mmm-yy", Format(date=True, month_alone=True)), ("mmmm yyyy", Format(date=True, month_alone=True)),
    ("yyyy", Format(date=True, year_alone=True)), ("[h]:mm", Format(date=True, duration=True)),
    ("d-mmm", Format(date=True)), ('yyyy" year"', Format(date=True, year_alone=True)),
])  # fmt: skip
def test_number_formats(code, found):
    assert format_of(code) == found


def test_dates_of_east_asian_formats():
    assert format_of("General", 31) == format_of("General", 57) == Format(date=True)


@pytest.mark.parametrize(("index", "letters"), [(0, "A"), (25, "Z"), (26, "AA"), (199, "GR"), (16_383, "XFD")])
def test_columns(index, letters):
    assert column_letter(index) == letters


def table(rows: int) -> bytes:
    """Eight columns of what figures come with, as a program writes it."""
    out = io.BytesIO()
    made = xlsxwriter.Workbook(out, {"in_memory": True})
    rate, day = made.add_format({"num_format": "0.0%"}), made.add_format({"num_format": "dd/mm/yyyy"})
    sheet = made.add_worksheet("Figures")
    sheet.write_row(0, 0, ["measure", "series", "period", "value", "numerator", "denominator", "status", "note"])
    chance = random.Random(1)
    for number in range(1, rows + 1):
        sheet.write_row(number, 0, [f"A{number % 40}", f"S{number}"])
        sheet.write_datetime(number, 2, datetime.datetime(2000, 1, 1) + datetime.timedelta(number), day)  # noqa: DTZ001
        sheet.write_number(number, 3, chance.random(), rate)
        sheet.write_row(number, 4, [chance.randrange(1_000), chance.uniform(0, 10_000), "final", f"note {number}"])
    made.close()
    return out.getvalue()


def cells_of(book: Book) -> dict[tuple[str, int, int], Cell]:
    return {
        (sheet.name, row.number, index): cell
        for sheet in book.sheets
        for row in sheet.rows
        for index, cell in enumerate(row.cells)
        if not cell.is_empty
    }


@pytest.mark.parametrize("content", [table(200), written()], ids=["a table", "a workbook with everything"])
def test_another_library_reads_the_same(content):
    found = cells_of(reading.read("figures.xlsx", content))
    other = openpyxl.load_workbook(io.BytesIO(content), data_only=True)
    expected = {
        (sheet.title, cell.row, cell.column - 1): cell.value
        for sheet in other
        for row in sheet.iter_rows()
        for cell in row
        if cell.value is not None
    }
    assert found.keys() == expected.keys()
    for place, value in expected.items():
        cell = found[place]
        match value:
            case datetime.datetime():
                assert cell.day == value.date()
            case int() | float():
                assert float(cell.number) == pytest.approx(value, rel=1e-14, abs=0)
                assert len(cell.number.as_tuple().digits) <= 15
            case str():
                # A raised digit is shown as one here, and run together with the rest there.
                assert cell.text.replace("²", "2") == value.strip()


def test_five_thousand_rows_are_read_in_time():
    content = table(ROWS)
    start = time.process_time()
    book = reading.read("figures.xlsx", content)
    assert time.process_time() - start < 3
    assert len(book.sheets[0].rows) == ROWS + 1


def test_a_command_may_read_any_number_of_rows():
    content = table(ROWS + 1)
    with pytest.raises(Unreadable):
        reading.read("figures.xlsx", content)
    assert len(reading.read("figures.xlsx", content, most_rows=None).sheets[0].rows) == ROWS + 2
    assert len(reading.read("figures.csv", b"a,b\n" + b"1,2\n" * 6_000, most_rows=None).sheets[0].rows) == 6_001


def book_or_code(name: str, content: bytes) -> Book | str:
    """The book, or the reason why the file is refused; nothing else may come of any bytes."""
    try:
        return reading.read(name, content)
    except Unreadable as error:
        return error.code


SOUND = packed(everything())


@given(st.lists(st.tuples(st.integers(0, len(SOUND) - 1), st.integers(0, 255)), min_size=1, max_size=20))
def test_a_workbook_damaged_at_random_is_read_or_refused(changes):
    content = bytearray(SOUND)
    for place, byte in changes:
        content[place] = byte
    assert book_or_code("figures.xlsx", bytes(content))


PARTS = everything()
TEXTS = st.sampled_from(
    ["", "<", ">", '"', "&lt;", "&b;", "<c/>", "<row>", "</row>", "-1", "1e9", "A1", " r='B2'", "<v>x</v>", "\u0660"]
)


@given(st.sampled_from(sorted(PARTS)), st.data())
def test_markup_damaged_at_random_is_read_or_refused(name, data):
    part = str(PARTS[name])
    start = data.draw(st.integers(0, len(part)))
    end = data.draw(st.integers(start, min(len(part), start + 40)))
    changed = part[:start] + data.draw(TEXTS) + part[end:]
    assert book_or_code("figures.xlsx", packed(PARTS | {name: changed}))


@given(st.binary(max_size=300), st.sampled_from([b"", b"PK\x03\x04", b"\xff\xfe", b"\xef\xbb\xbf", b"a,b\n", b'"']))
def test_any_bytes_are_read_or_refused(content, start):
    assert book_or_code("figures.csv", start + content)


@given(st.text(max_size=200))
def test_any_text_leaves_the_rows_before_it_as_they_are(text):
    found = book_or_code("figures.csv", ("a,b\n" + text).encode())
    assert found
    if isinstance(found, Book):
        assert found.sheets[0].rows[0].cells == (Cell("a"), Cell("b"))


def test_escapes_are_undone_once():
    assert excel_parts.plain("_x005F_x0041_") == excel_parts.Text("_x0041_")
