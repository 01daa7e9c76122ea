from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from measures.entries import Status
from measures.imports.cells import Cell
from measures.imports.excel_files import FORMULA_WITHOUT_VALUE, number_of, plain_number
from measures.imports.issues import Code, NeedsAnswer, Question, Refused
from measures.imports.numbers import Figure, read_figure, read_symbol
from measures.numbers import Unit

COMMA, POINT = ({Question.DECIMAL_MARK: each} for each in ("comma", "point"))
SHARES, AS_THEY_ARE = ({Question.SHARES: each} for each in ("times_100", "as_they_are"))


def read(cell, unit=Unit.COUNT, answers=None, **more) -> Figure:
    return read_figure(Cell(cell) if isinstance(cell, str) else cell, unit, answers or {}, **more)


def refusal(cell, unit=Unit.COUNT, answers=None, **more) -> Code:
    with pytest.raises(Refused) as raised:
        read(cell, unit, answers, **more)
    assert raised.value.why.endswith(".")
    assert raised.value.remedy.endswith(".")
    return raised.value.code


def question(cell, unit=Unit.COUNT, answers=None) -> Question:
    with pytest.raises(NeedsAnswer) as raised:
        read(cell, unit, answers)
    return raised.value.question


def number(text: str) -> Cell:
    return Cell(text, Decimal(text))


@pytest.mark.parametrize(("text", "found"), [
    ("147", "147"), ("0", "0"), ("70.5", "70.5"), (".5", "0.5"), ("1,898", "1898"), ("12,345,678.25", "12345678.25"),
    ("1\u00a0898", "1898"), ("1\u202f898", "1898"), ("1\u2009234\u2009567.5", "1234567.5"), ("-5", "-5"), ("−5", "-5"),
    ("1.234", "1.234"), (" 147 ", "147"), ("\u00a0147", "147"), ("007", "7"), ("0.852", "0.852"),
])  # fmt: skip
def test_a_number(text, found):
    assert read(text) == Figure(Decimal(found))


@pytest.mark.parametrize(
    ("text", "found"),
    [("27%", "27"), ("27 %", "27"), ("27\u00a0%", "27"), ("0.5%", "0.5"), ("27", "27"), ("1,898%", "1898")],
)
def test_a_percentage(text, found):
    assert read(text, Unit.PERCENT) == Figure(Decimal(found))


@pytest.mark.parametrize(("text", "found", "status"), [
    ("74 [p]", "74", Status.PROVISIONAL), ("74[p]", "74", Status.PROVISIONAL), ("74 [P]", "74", Status.PROVISIONAL),
    ("74 [r]", "74", None), ("74 [p] [r]", "74", Status.PROVISIONAL), ("1,898 [r][p]", "1898", Status.PROVISIONAL),
])  # fmt: skip
def test_a_figure_with_a_mark(text, found, status):
    assert read(text) == Figure(Decimal(found), status)
    assert read(text.replace(" [", "% [", 1), Unit.PERCENT) == Figure(Decimal(found), status)


@pytest.mark.parametrize(("text", "status"), [
    ("[x]", Status.NOT_AVAILABLE), ("x", Status.NOT_AVAILABLE), ("X", Status.NOT_AVAILABLE),
    ("[ x ]", Status.NOT_AVAILABLE),
    ("[z]", Status.NOT_APPLICABLE), ("z", Status.NOT_APPLICABLE), ("[c]", Status.SUPPRESSED), ("C", Status.SUPPRESSED),
])  # fmt: skip
def test_a_symbol(text, status):
    assert read(text) == read(text, Unit.PERCENT) == Figure(None, status)


@pytest.mark.parametrize("text", ["", " ", "\u00a0"])
def test_nothing(text):
    assert read(text) == Figure(None)


@pytest.mark.parametrize(("text", "symbol"), [
    ("c", "c"), ("[x]", "x"), ("Z", "z"), ("k", "k"), ("low", "low"), ("[low]", "low"), ("u", "u"), (":", ":"),
    (" c ", "c"),
    ("", ""), ("27", ""), ("..", ""), ("n/a", ""), ("cc", ""), ("[", ""), ("[]", ""),
])  # fmt: skip
def test_a_symbol_of_open_data(text, symbol):
    assert read_symbol(text) == symbol


@pytest.mark.parametrize(("text", "code"), [
    *[(text, Code.SYMBOL) for text in "k low [u] .. : n/a N/A - – — * nil none blank tbc".split()],
    ("74 [e]", Code.SYMBOL), ("74 [p] [u]", Code.SYMBOL), ("74p", Code.NOT_A_NUMBER), ("74 p", Code.NOT_A_NUMBER),
    ("[x] [p]", Code.NOT_A_NUMBER), ("[p]", Code.NOT_A_NUMBER), ("seventy", Code.NOT_A_NUMBER),
    ("NaN", Code.NOT_A_NUMBER),
    ("sNaN", Code.NOT_A_NUMBER), ("inf", Code.NOT_A_NUMBER), ("-Infinity", Code.NOT_A_NUMBER),
    ("+5", Code.NOT_A_NUMBER),
    ("(5)", Code.NOT_A_NUMBER), ("5.", Code.NOT_A_NUMBER), ("1_000", Code.NOT_A_NUMBER), ("£5", Code.NOT_A_NUMBER),
    ("½", Code.NOT_A_NUMBER), ("85¹", Code.NOT_A_NUMBER), ("147 of 210", Code.NOT_A_NUMBER),
    ("TRUE", Code.NOT_A_NUMBER),
    ("=1+1", Code.NOT_A_NUMBER), ("0x1F", Code.NOT_A_NUMBER), ("1'898", Code.NOT_A_NUMBER),
    ("9" * 41, Code.NOT_A_NUMBER),
    ("1e5", Code.EXPONENT), ("-1.5E+12", Code.EXPONENT), ("1,23,456", Code.COMMAS), ("1,,898", Code.COMMAS),
    (",5", Code.COMMAS), ("1 898", Code.SPACES), ("1677 396", Code.SPACES), ("１２", Code.OTHER_DIGITS),
    ("١٢", Code.OTHER_DIGITS),
    ("27%", Code.PERCENT_SIGN), ("27 % [p]", Code.PERCENT_SIGN), ("%", Code.PERCENT_SIGN),
])  # fmt: skip
def test_what_is_refused(text, code):
    assert refusal(text) == code


@pytest.mark.parametrize("text", ["-5", "-5%", "−0.5", "-0.5%", "-27%"])
def test_no_percentage_is_negative(text):
    assert refusal(text, Unit.PERCENT) == Code.NEGATIVE_PERCENTAGE


@pytest.mark.parametrize("text", ["0,852", "27,5", "1.234,5", "1.234.567", "1898,5", "1\u00a0898,5", "12,34"])
def test_commas_that_separate_no_thousands_are_asked_about(text):
    assert question(text) is Question.DECIMAL_MARK
    assert question(text.replace("0,852", "1,8520"), Unit.PERCENT) is Question.DECIMAL_MARK


@pytest.mark.parametrize(("text", "found"), [
    ("0,852", "0.852"), ("27,5", "27.5"), ("1.234,5", "1234.5"), ("1.234.567", "1234567"), ("1,234", "1.234"),
    ("1.234", "1234"),
    ("1\u00a0898,5", "1898.5"), ("27", "27"), ("-5,5", "-5.5"),
])  # fmt: skip
def test_with_commas_as_decimal_marks(text, found):
    assert read(text, answers=COMMA) == Figure(Decimal(found))


def test_answers_hold_for_the_whole_file():
    assert refusal("27.5", answers=COMMA) == refusal("1,898.5", answers=COMMA) == Code.MIXED_MARKS
    assert refusal("27,5", answers=POINT) == refusal("0,852", answers=POINT) == Code.COMMAS
    assert read("1,898", answers=POINT) == Figure(Decimal(1898))
    # A number cell has no marks to be read in two ways.
    assert read(number("27.5"), answers=COMMA) == Figure(Decimal("27.5"))


@pytest.mark.parametrize("cell", [number("0.85"), "0.85", ".5", "0.999999", number("0.004"), "0.85 [p]"])
def test_a_share_of_1_among_percentages_is_asked_about(cell):
    assert question(cell, Unit.PERCENT) is Question.SHARES
    for unit in (Unit.COUNT, Unit.RATE, Unit.DAYS):
        assert read(cell, unit).number < 1
    assert read(cell, Unit.PERCENT, field="numerator").number < 1


@pytest.mark.parametrize("text", ["0.85%", "0", "1", "1.5", "27"])
def test_what_is_no_share_is_not_asked_about(text):
    assert read(text, Unit.PERCENT) == Figure(Decimal(text.removesuffix("%")))


def test_with_the_answer_shares_are_read():
    for cell in ("0.85", number("0.85")):
        assert read(cell, Unit.PERCENT, SHARES) == Figure(Decimal(85), share=True)
        assert read(cell, Unit.PERCENT, AS_THEY_ARE) == Figure(Decimal("0.85"))
    assert read("1", Unit.PERCENT, SHARES) == Figure(Decimal(100), share=True)
    assert read("0", Unit.PERCENT, SHARES) == Figure(Decimal(0), share=True)
    assert read("1", Unit.PERCENT, AS_THEY_ARE) == Figure(Decimal(1))
    assert refusal("-0.5", Unit.PERCENT, SHARES) == Code.NEGATIVE_PERCENTAGE
    assert read("27%", Unit.PERCENT, SHARES) == Figure(Decimal(27))
    assert read("0.5", Unit.RATE, SHARES) == Figure(Decimal("0.5"))


@pytest.mark.parametrize("cell", ["27", number("27"), "2.1", "100"])
def test_what_can_be_no_share_is_a_percentage_whatever_the_answer(cell):
    assert read(cell, Unit.PERCENT, SHARES) == read(cell, Unit.PERCENT, AS_THEY_ARE) == read(cell, Unit.PERCENT)


@pytest.mark.parametrize("cell", ["1.05", number("1.05"), "2"])
def test_a_share_a_little_above_1_may_be_meant(cell):
    assert refusal(cell, Unit.PERCENT, SHARES) == Code.MIXED_SHARES
    with pytest.raises(Refused) as told:
        read("1.05", Unit.PERCENT, SHARES)
    assert told.value.why == "1.05 may be the share 105% or the percentage 1.05%, and this file has shares of 1."
    assert told.value.remedy == "Write 105% or 1.05%, with the sign."


def test_one_answer_leads_to_the_next_question():
    assert question("0,85", Unit.PERCENT) is Question.DECIMAL_MARK
    assert question("0,85", Unit.PERCENT, COMMA) is Question.SHARES
    assert read("0,85", Unit.PERCENT, COMMA | SHARES) == Figure(Decimal(85), share=True)


def test_a_cell_formatted_as_a_percentage():
    cell = Cell("27%", Decimal("0.27"), percent=True)
    assert read(cell, Unit.PERCENT) == read(cell, Unit.PERCENT, SHARES) == Figure(Decimal(27))
    assert read(Cell("0.5%", Decimal("0.005"), percent=True), Unit.PERCENT) == Figure(Decimal("0.5"))
    assert refusal(cell) == refusal(cell, Unit.RATE) == Code.PERCENT_SIGN
    assert refusal(cell, Unit.PERCENT, field="numerator") == Code.PERCENT_SIGN
    assert refusal(Cell("-5%", Decimal("-0.05"), percent=True), Unit.PERCENT) == Code.NEGATIVE_PERCENTAGE


def test_what_a_spreadsheet_computed_is_held_with_six_decimals():
    assert read(number("39.1304347826087"), Unit.PERCENT) == Figure(Decimal("39.130435"), rounded=True)
    quotient = Cell("39.1304347826087%", Decimal("0.391304347826087"), percent=True)
    assert read(quotient, Unit.PERCENT) == Figure(Decimal("39.130435"), rounded=True)
    assert read(number("70.123456")) == Figure(Decimal("70.123456"))
    # A text was typed, and stays as it is.
    assert read("39.1304347826087") == Figure(Decimal("39.1304347826087"))


@pytest.mark.parametrize(("cell", "code"), [
    (Cell("#N/A", error="#N/A"), Code.SPREADSHEET_ERROR),
    (Cell(formula=True, error=FORMULA_WITHOUT_VALUE), Code.SPREADSHEET_ERROR),
    (Cell("85¹", error="85 with a raised 1"), Code.SPREADSHEET_ERROR), (Cell(merged=True), Code.MERGED),
    (Cell("9", Decimal(9), merged=True), Code.MERGED),
    (Cell("2018-09-30", day=date(2018, 9, 30)), Code.DATE_FOR_FIGURE),
])  # fmt: skip
def test_cells_that_are_refused(cell, code):
    assert refusal(cell) == refusal(cell, Unit.PERCENT) == code


DECIMALS = st.decimals(0, 10**9, allow_nan=False, allow_infinity=False, places=4)


@given(DECIMALS, st.sampled_from([Unit.COUNT, Unit.RATE, Unit.DAYS]))
def test_every_number_printed_reads_back(value, unit):
    for text in (f"{value:f}", f"{value:,f}", f"{value:,f}".replace(",", "\u00a0"), f"{value:,f} [r]"):
        assert read(text, unit) == Figure(value)
    comma = f"{value:,f}".translate(str.maketrans(",.", ".,"))
    assert read(comma, unit, COMMA) == Figure(value)


@given(st.decimals(0, 100, places=4))
def test_every_percentage_printed_reads_back(value):
    assert read(f"{value:f}%", Unit.PERCENT) == read(f"{value:f} % [r]", Unit.PERCENT) == Figure(value)
    assert read(Cell("", value / 100, percent=True), Unit.PERCENT) == Figure(value)


@given(st.decimals(-(10**9), 10**9, places=6))
def test_every_number_stored_as_a_binary_fraction_is_read_without_its_noise(value):
    assert number_of(repr(float(value))) == value
    assert number_of(f"{float(value):.17g}") == value
    assert Decimal(plain_number(value)) == value


@given(
    st.text() | st.lists(st.sampled_from([*"0123456789.,-% []epxz\u00a0−", "[p]", "1,898"])).map("".join),
    st.sampled_from(Unit),
    st.sampled_from([{}, COMMA, POINT, SHARES, AS_THEY_ARE]),
)
def test_any_text_is_read_asked_about_or_refused(text, unit, answers):
    try:
        found = read(text, unit, answers)
    except (Refused, NeedsAnswer):
        return
    assert found.number is None or found.number.is_finite()


@given(st.text(max_size=30))
def test_any_stored_number_is_finite_or_none(text):
    found = number_of(text)
    assert found is None or found.is_finite()
