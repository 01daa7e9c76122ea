"""What is wrong with a row, and what only its owner can answer. Pure: no Django."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """What is refused is left out. What is warned of is written all the same, figures of some kinds only once
    somebody has said that they are meant so (`preview.NEED_YES`)."""

    REFUSED = "refused"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Issue:
    """One thing wrong in one row: where, what was read, why it cannot stand, how to mend it."""

    severity: Severity
    code: str
    sheet: str
    row: int
    column: str
    read: str
    why: str
    remedy: str


class Code(StrEnum):
    """The kinds of things that can be wrong, for tests and documents: docs/imports.md says of each how to mend it."""

    # The file as a whole.
    EMPTY_FILE = "empty_file"
    NOT_A_TABLE = "not_a_table"
    OLD_FORMAT = "old_format"
    WORD_DOCUMENT = "word_document"
    PASSWORD = "password"
    DAMAGED = "damaged"
    FORBIDDEN_MARKUP = "forbidden_markup"
    UNPACKED_SIZE = "unpacked_size"
    RATIO = "ratio"
    PARTS = "parts"
    PART_NAMES = "part_names"
    ENCODING = "encoding"
    NULL_CHARACTER = "null_character"
    CONTROL_CHARACTER = "control_character"
    DELIMITER = "delimiter"
    QUOTES = "quotes"
    LONG_CELL = "long_cell"
    ROWS = "rows"
    COLUMNS = "columns"
    FAR_CELL = "far_cell"
    MERGES = "merges"
    # One cell, whatever it should hold.
    SPREADSHEET_ERROR = "spreadsheet_error"
    MERGED = "merged"
    # Periods.
    NO_PERIOD = "no_period"
    NOT_A_PERIOD = "not_a_period"
    YEAR_ALONE = "year_alone"
    NO_YEAR = "no_year"
    YEARS_APART = "years_apart"
    YEAR_OR_MONTH = "year_or_month"
    SHORT_YEAR = "short_year"
    QUARTER_NUMBER = "quarter_number"
    MONTHS_APART = "months_apart"
    OTHER_YEAR = "other_year"
    NO_SUCH_DAY = "no_such_day"
    DAY_ORDER = "day_order"
    TIME_OF_DAY = "time_of_day"
    FAR_YEAR = "far_year"
    PERIOD_TOO_LONG = "period_too_long"
    PERIOD_TOO_SHORT = "period_too_short"
    MID_PERIOD = "mid_period"
    # Figures.
    NOT_A_NUMBER = "not_a_number"
    DATE_FOR_FIGURE = "date_for_figure"
    PERCENT_SIGN = "percent_sign"
    NEGATIVE_PERCENTAGE = "negative_percentage"
    EXPONENT = "exponent"
    COMMAS = "commas"
    MIXED_MARKS = "mixed_marks"
    SPACES = "spaces"
    OTHER_DIGITS = "other_digits"
    SYMBOL = "symbol"
    MIXED_SHARES = "mixed_shares"


class Question(StrEnum):
    """What a file leaves open; asked once for the whole file, never guessed."""

    DATE_ORDER = "date_order"
    YEAR_KIND = "year_kind"
    DECIMAL_MARK = "decimal_mark"
    SHARES = "shares"
    YEAR_END = "year_end"


@dataclass(frozen=True)
class Choice:
    value: str
    words: str


@dataclass(frozen=True)
class Asked:
    """One question, with the first cell that raised it, its row, and how many did."""

    question: Question
    sentence: str
    choices: tuple[Choice, ...]
    example: str
    count: int
    row: int = 0


Answers = Mapping[Question, str]

DAY_FIRST, MONTH_FIRST = "day_first", "month_first"
FINANCIAL, CALENDAR = "financial", "calendar"
COMMA, POINT = "comma", "point"
AS_THEY_ARE, TIMES_100 = "as_they_are", "times_100"
STARTS, ENDS, OTHER = "starts", "ends", "other"

# Question to what is asked and what can be answered; {} stands for the first cell that raised it. `asking` adds to each
# choice how that cell is then read.
ASKED: Mapping[Question, tuple[str, tuple[Choice, ...]]] = {
    Question.DATE_ORDER: (
        "Dates such as {} can be read in two ways. What comes first in this file?",
        (Choice(DAY_FIRST, "The day"), Choice(MONTH_FIRST, "The month")),
    ),
    Question.YEAR_KIND: (
        "Quarters such as {} name one year. Which year is meant in this file?",
        (Choice(FINANCIAL, "The financial year that starts in it"), Choice(CALENDAR, "The calendar year")),
    ),
    Question.DECIMAL_MARK: (
        "Figures such as {} hold a comma that does not separate thousands. What are commas in this file?",
        (Choice(COMMA, "Decimal marks"), Choice(POINT, "Thousands separators")),
    ),
    Question.SHARES: (
        "Figures such as {} are below 1 and stand in a series of percentages. What are they?",
        (
            Choice(TIMES_100, "Shares of 1, and figures above 2 percentages already"),
            Choice(AS_THEY_ARE, "Percentages, all of them"),
        ),
    ),
    Question.YEAR_END: (
        "Periods such as {} name one year. Which financial year is meant in this file?",
        (
            Choice(ENDS, "The one that ends in it"),
            Choice(STARTS, "The one that starts in it"),
            Choice(OTHER, "None, such as a school or calendar year: those rows are refused"),
        ),
    ),
}


def answer_to(question: Question, answers: Answers) -> str:
    """The answer given, or NeedsAnswer; an answer that is none of its choices counts as none."""
    given = answers.get(question, "")
    if given not in {choice.value for choice in ASKED[question][1]}:
        raise NeedsAnswer(question)
    return given


class NeedsAnswer(Exception):
    """A cell has two readings; `question` decides between them for the whole file."""

    def __init__(self, question: Question) -> None:
        super().__init__(question.value)
        self.question = question


class Refused(Exception):
    """A cell cannot be read at all: why, and how to mend it. `code` names the kind for tests and documents."""

    def __init__(self, code: str, why: str, remedy: str) -> None:
        super().__init__(why)
        self.code, self.why, self.remedy = code, why, remedy
