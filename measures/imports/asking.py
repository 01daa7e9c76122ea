"""Questions in words, with what the file's own first example would mean under each answer. Pure: no Django."""

from __future__ import annotations

import re

from ..entries import PLACES
from ..numbers import Unit, number_text
from ..quarters import Month, Quarter, Year, date_words
from .cells import Cell
from .issues import AS_THEY_ARE, ASKED, ENDS, OTHER, Answers, Asked, Choice, NeedsAnswer, Question, Refused
from .numbers import read_figure
from .periods import read_period

PERIODS = (Question.DATE_ORDER, Question.YEAR_KIND)


def asked(question: Question, example: str, row: int, count: int, *, answers: Answers) -> Asked:
    """`example` is the first cell that raised it, `row` its row, `count` how many cells did. `answers` are those given
    to other questions."""
    sentence, choices = ASKED[question]
    quoted = f"“{example}” in row {row:,}" if row else f"“{example}”"
    told = tuple(Choice(each.value, _words(question, each, example, answers)) for each in choices)
    return Asked(question, sentence.format(quoted), told, example, count, row)


def _words(question: Question, choice: Choice, example: str, answers: Answers) -> str:
    """ "The day: 03/04/2019 is 3 April 2019"."""
    if question is Question.YEAR_END:
        return _year_end(choice, example)
    try:
        given = {**answers, question: choice.value}
        meant = _period(example, given) if question in PERIODS else _figure(question, example, given)
    except Refused:
        return f"{choice.words}: {example} is refused"
    except NeedsAnswer:
        return choice.words
    return f"{choice.words}: {example} is {meant}"


def _period(example: str, answers: Answers) -> str:
    found = read_period(Cell(text=example), answers)
    if isinstance(found, Quarter):
        return found.words
    return found.label if isinstance(found, Month | Year) else date_words(found)


def _figure(question: Question, example: str, answers: Answers) -> str:
    if question is Question.DECIMAL_MARK:
        # Whether it is a share is another question.
        answers = {**answers, Question.SHARES: AS_THEY_ARE}
    number = read_figure(Cell(text=example), Unit.PERCENT, answers).number
    if number is None:
        raise NeedsAnswer(question)
    places = min(PLACES, max(0, -int(number.normalize().as_tuple().exponent)))
    sign = "%" if question is Question.SHARES or "%" in example else ""
    return f"{number_text(number, places)}{sign}"


def _year_end(choice: Choice, example: str) -> str:
    year = re.search(r"[12][0-9]{3}", example)
    if choice.value == OTHER or year is None:
        return choice.words
    start = int(year[0]) - (choice.value == ENDS)
    return f"{choice.words}: {year[0]} is April {start} to March {start + 1}"
