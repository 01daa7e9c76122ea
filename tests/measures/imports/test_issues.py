import re

import pytest

from measures.imports.asking import asked
from measures.imports.issues import ASKED, Code, NeedsAnswer, Question, answer_to
from perfmon.setup.place import ROOT

TEXT = (ROOT / "docs" / "imports.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("code", Code)
def test_every_code_is_explained_with_its_remedy(code):
    rows = re.findall(rf"^\| `{code}` \| (.+) \| (.+) \|$", TEXT, re.MULTILINE)
    assert len(rows) == 1


@pytest.mark.parametrize("question", Question)
def test_every_question_is_explained_and_has_words(question):
    assert f"| `{question}` |" in TEXT
    sentence, choices = ASKED[question]
    assert sentence.endswith("?")
    assert sentence.count("{}") == 1
    assert len({choice.value for choice in choices}) == len({choice.words for choice in choices}) == len(choices) >= 2


@pytest.mark.parametrize(("question", "example", "words"), [
    ("date_order", "03/04/2019", ("The day: 03/04/2019 is 3 April 2019", "The month: 03/04/2019 is 4 March 2019")),
    ("year_kind", "Q3 2019", (
        "The financial year that starts in it: Q3 2019 is October to December 2019",
        "The calendar year: Q3 2019 is July to September 2019",
    )),
    ("decimal_mark", "41,25", ("Decimal marks: 41,25 is 41.25", "Thousands separators: 41,25 is refused")),
    ("decimal_mark", "0,4%", ("Decimal marks: 0,4% is 0.4%", "Thousands separators: 0,4% is refused")),
    ("shares", "0.315 [p]", (
        "Shares of 1, and figures above 2 percentages already: 0.315 [p] is 31.5%",
        "Percentages, all of them: 0.315 [p] is 0.315%",
    )),
    ("year_end", "2016 Reporting year", (
        "The one that ends in it: 2016 is April 2015 to March 2016",
        "The one that starts in it: 2016 is April 2016 to March 2017",
        "None, such as a school or calendar year: those rows are refused",
    )),
    ("year_end", "0000", (
        "The one that ends in it", "The one that starts in it",
        "None, such as a school or calendar year: those rows are refused",
    )),
])  # fmt: skip
def test_what_is_asked_speaks_of_the_first_cell_that_raised_it(question, example, words):
    found = asked(Question(question), example, 7, 3, answers={})
    assert f"“{example}” in row 7 " in found.sentence
    assert tuple(choice.words for choice in found.choices) == words
    assert (found.example, found.row, found.count) == (example, 7, 3)


def test_other_answers_hold_for_the_example():
    found = asked(Question.SHARES, "0,85", 2, 1, answers={Question.DECIMAL_MARK: "comma"})
    assert [choice.words.partition(": ")[2] for choice in found.choices] == ["0,85 is 85%", "0,85 is 0.85%"]


def test_an_example_that_no_longer_reads_leaves_the_choices_alone():
    found = asked(Question.SHARES, "0,85", 0, 1, answers={})
    assert [choice.words for choice in found.choices] == [choice.words for choice in ASKED[Question.SHARES][1]]
    assert found.sentence.startswith("Figures such as “0,85” are below 1")


def test_an_answer_is_one_of_the_choices():
    assert answer_to(Question.SHARES, {Question.SHARES: "times_100"}) == "times_100"
    # A batch keeps its answers by the question's plain name.
    assert answer_to(Question.SHARES, {"shares": "as_they_are"}) == "as_they_are"


@pytest.mark.parametrize(
    "answers", [{}, {Question.SHARES: ""}, {Question.SHARES: "guess"}, {Question.YEAR_KIND: "calendar"}]
)
def test_any_other_answer_is_none(answers):
    with pytest.raises(NeedsAnswer) as raised:
        answer_to(Question.SHARES, answers)
    assert raised.value.question is Question.SHARES
