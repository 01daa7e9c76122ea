import re

import pytest

from measures.imports.issues import ASKED, Asked, Code, NeedsAnswer, Question, answer_to, asked
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


def test_what_is_asked_names_the_first_cell():
    found = asked(Question.DATE_ORDER, "01/02/2018 {0}", 3)
    assert found == Asked(
        Question.DATE_ORDER,
        "Dates such as “01/02/2018 {0}” can be read in two ways. What comes first in this file?",
        ASKED[Question.DATE_ORDER][1],
        "01/02/2018 {0}",
        3,
    )


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
