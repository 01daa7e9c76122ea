"""Formulas made into text, and back."""

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from measures.inert import FORMULA, inert, meant
from tests.measures.imports.formulas import FORMULAS

WIDE = {"=": "＝", "+": "＋", "-": "－", "@": "＠"}
BEFORE = ["", " ", "   ", "\N{NO-BREAK SPACE}", "\N{IDEOGRAPHIC SPACE}", "\N{EM SPACE}", " \N{NO-BREAK SPACE} ", "\t"]
# Letters that matter here, often enough to meet each other.
TEXT = st.text(st.sampled_from("='+-@\t\r\n ＝x") | st.characters(exclude_categories=["Cs"]))


def lines(text):
    return re.split(r"\r\n|\r|\n", text)


@pytest.mark.parametrize("sign", [*WIDE, *WIDE.values()])
@pytest.mark.parametrize("before", BEFORE)
def test_a_formula_gets_an_apostrophe(sign, before):
    text = f"{before}{sign}HYPERLINK(1)"
    assert inert(text) == f"'{text}"


@pytest.mark.parametrize("text", ["\tx", "\rx", "\nx"])
def test_so_does_what_begins_with_a_control(text):
    assert inert(text) == f"'{text}"


@pytest.mark.parametrize(
    ("text", "safe"),
    [
        ("x\n=1+1", "x\n'=1+1"),
        ("x\r\n-1\r\ny", "x\r\n'-1\r\ny"),
        ("x\r @y", "x\r' @y"),
        ("\n=1", "'\n'=1"),
        ("'=1", "''=1"),
        ("x\n'=1", "x\n''=1"),
    ],
)
def test_later_lines_and_apostrophes_that_stand_there(text, safe):
    assert inert(text) == safe
    assert meant(safe) == text


@pytest.mark.parametrize("text", ["", "B8", "Seen = recorded", "a-b", "  plain", "'quoted", "5% more", "x\ny", "it's"])
def test_other_text_stays_as_it_is(text):
    assert inert(text) == text
    assert meant(text) == text


@given(TEXT)
@example("'")
@example("\n")
def test_no_line_begins_like_a_formula_and_the_text_comes_back(text):
    safe = inert(text)
    assert not safe.startswith(FORMULA)
    for line in lines(safe):
        assert not line.lstrip().startswith(("=", "+", "-", "@", "＝", "＋", "－", "＠"))
    assert meant(safe) == text


@pytest.mark.parametrize("text", FORMULAS)
def test_every_text_of_the_list(text):
    assert meant(inert(text)) == text
