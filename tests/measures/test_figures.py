import re
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from measures.figures import (
    COMMAS,
    NOT_A_NUMBER,
    OTHER_DIGITS,
    PER_CENT,
    POWERS,
    SPACES,
    STATUS_INSTEAD,
    parse_figure,
)
from measures.numbers import number_text


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("147", "147"),
        ("0", "0"),
        ("007", "7"),
        ("70.5", "70.5"),
        (".5", "0.5"),
        ("1,898", "1898"),
        ("12,345,678.25", "12345678.25"),
        ("-5", "-5"),
        ("\N{MINUS SIGN}5", "-5"),
        ("  147\t", "147"),
        ("\N{NO-BREAK SPACE}147\N{NARROW NO-BREAK SPACE}", "147"),
        ("1000000000000000", "1000000000000000"),
    ],
)
def test_figures_are_read(text, number):
    assert parse_figure(text) == Decimal(number)


@pytest.mark.parametrize("text", ["", "   ", "\N{NO-BREAK SPACE}"])
def test_nothing_is_none(text):
    assert parse_figure(text) is None


@pytest.mark.parametrize(("text", "number"), [("70%", "70"), ("70.5 %", "70.5"), ("70\N{NO-BREAK SPACE}%", "70")])
def test_a_percentage_may_carry_its_sign(text, number):
    assert parse_figure(text, percent=True) == Decimal(number)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("seventy", NOT_A_NUMBER),
        ("1_000", NOT_A_NUMBER),
        ("+5", NOT_A_NUMBER),
        ("5.", NOT_A_NUMBER),
        ("--5", NOT_A_NUMBER),
        ("0x10", NOT_A_NUMBER),
        ("10^15", NOT_A_NUMBER),
        ("NaN", NOT_A_NUMBER),
        ("sNaN123", NOT_A_NUMBER),
        ("Infinity", NOT_A_NUMBER),
        ("-inf", NOT_A_NUMBER),
        ("=1+1", NOT_A_NUMBER),
        ("14\x007", NOT_A_NUMBER),
        ("70£", NOT_A_NUMBER),
        ("½", NOT_A_NUMBER),
        ("147 of 210", NOT_A_NUMBER),
        ("<script>alert(1)</script>", NOT_A_NUMBER),
        ("1e5", POWERS),
        ("-1.5E+12", POWERS),
        ("1,89", COMMAS),
        ("1898,5", COMMAS),
        ("0,852", COMMAS),
        ("1.234,5", COMMAS),
        ("1,,898", COMMAS),
        ("1 898", SPACES),
        ("1\N{NO-BREAK SPACE}898.5", SPACES),
        ("\N{FULLWIDTH DIGIT ONE}\N{FULLWIDTH DIGIT FOUR}", OTHER_DIGITS),
        ("٣", OTHER_DIGITS),
        ("n/a", STATUS_INSTEAD),
        ("[x]", STATUS_INSTEAD),
        ("–", STATUS_INSTEAD),
        ("70%", PER_CENT),
        ("1" * 41, "Enter a number: this is 41 characters long."),
        ("9" * 10_240, "Enter a number: this is 10,240 characters long."),
    ],
)
def test_what_is_no_figure_is_refused_with_a_message(text, message):
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        parse_figure(text)


@pytest.mark.parametrize("text", ["%", "70%%", "% 70", "seventy %"])
def test_a_sign_alone_or_in_the_wrong_place_is_no_percentage(text):
    with pytest.raises(ValueError, match=NOT_A_NUMBER):
        parse_figure(text, percent=True)


@given(st.text(max_size=60), st.booleans())
def test_any_text_gives_a_finite_number_or_nothing_or_a_message(text, percent):
    try:
        number = parse_figure(text, percent=percent)
    except ValueError as error:
        found = str(error)
    else:
        found = number
    assert found is None or (found.endswith(".") if isinstance(found, str) else found.is_finite())


@given(st.text("0123456789.,-+eE% _\N{NO-BREAK SPACE}٣", max_size=12), st.booleans())
def test_what_looks_like_a_number_never_fails_otherwise(text, percent):
    try:
        number = parse_figure(text, percent=percent)
    except ValueError:
        return
    assert number is None or str(number).replace("-", "").replace(".", "").isdigit()


@given(st.decimals(-(10**9), 10**9, places=3))
def test_a_printed_number_is_read_back(number):
    assert parse_figure(number_text(number, 3)) == number
