"""What is found wrong, open or worth telling while a file is read. Pure: no Django."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from enum import StrEnum
from types import MappingProxyType
from typing import TypeVar

from .asking import asked
from .issues import Answers, Asked, Issue, NeedsAnswer, Question, Refused, Severity

LONGEST_READ = 120
# How many issues are kept with their words: of one row, and of one severity in all. Others are counted.
MOST_IN_A_ROW = 25
MOST_KEPT = 20_000
NO_ANSWERS: Answers = MappingProxyType({})
T = TypeVar("T")
# Severity, code and row of an issue without its words.
Unlisted = tuple[Severity, str, int]


class RowCode(StrEnum):
    """The kinds of things that can be wrong with a row as a whole, beside those of its cells (`issues.Code`):
    docs/imports.md says of each how to mend it."""

    RAGGED = "ragged"
    NO_SERIES = "no_series"
    UNKNOWN_SERIES = "unknown_series"
    SEVERAL_SERIES = "several_series"
    OUTSIDE_SERIES = "outside_series"
    TOTALS_ROW = "totals_row"
    STATUS_UNKNOWN = "status_unknown"
    STATUS_AMBIGUOUS = "status_ambiguous"
    STATUS_CONTRADICTS = "status_contradicts"
    NOTE_ALONE = "note_alone"
    DUPLICATE = "duplicate"
    QUARTER_IS_DERIVED = "quarter_is_derived"
    NOT_POSSIBLE = "not_possible"
    QUARTER_CLOSED = "quarter_closed"
    HELD_ALREADY = "held_already"
    TIDY_LAYOUT = "tidy_layout"
    # Warnings: the value is written once somebody has looked at it.
    ILLUSTRATIVE = "illustrative"
    COUNTS_DISAGREE = "counts_disagree"
    SCALE_JUMP = "scale_jump"
    OUTSIDE_USUAL = "outside_usual"


class Issues:
    """What is wrong, in the order in which it was found. In a wide sheet every cell may be: what is more than anybody
    reads is counted in `unlisted`."""

    def __init__(self) -> None:
        self.kept: list[Issue] = []
        self.unlisted: Counter[Unlisted] = Counter()
        self._in_row: Counter[tuple[Severity, int]] = Counter()
        self._in_all: Counter[Severity] = Counter()

    def add(self, severity: Severity, sheet: str, row: int, column: str, read: str, found: Refused) -> None:
        if self._in_row[severity, row] >= MOST_IN_A_ROW or self._in_all[severity] >= MOST_KEPT:
            self.unlisted[severity, str(found.code), row] += 1
            return
        self._in_row[severity, row] += 1
        self._in_all[severity] += 1
        self.kept.append(issue(severity, sheet, row, column, read, found))


class Findings:
    """Grows while the rows of one sheet are read."""

    def __init__(self, sheet: str, answers: Answers = NO_ANSWERS) -> None:
        self.sheet, self.answers = sheet, answers
        self.all = Issues()
        self.refused: set[tuple[str, int]] = set()
        self.told: list[str] = []
        # By question the first cell that raised it, its row, and how many did.
        self._questions: dict[Question, tuple[str, int, int]] = {}

    @property
    def issues(self) -> list[Issue]:
        return self.all.kept

    @property
    def asked(self) -> tuple[Asked, ...]:
        """One for each question, in the order of the list of questions."""
        return tuple(
            asked(each, *self._questions[each], answers=self.answers) for each in Question if each in self._questions
        )

    def warn(self, row: int, column: str, read: str, found: Refused) -> None:
        self.all.add(Severity.WARNING, self.sheet, row, column, read, found)

    def ask(self, question: Question, read: str, row: int) -> None:
        example, first, count = self._questions.get(question, (shortened(read), row, 0))
        self._questions[question] = (example, first, count + 1)

    def refuse(self, row: int, column: str, read: str, refused: Refused) -> None:
        self.refused.add((self.sheet, row))
        self.all.add(Severity.REFUSED, self.sheet, row, column, read, refused)

    def attempt(self, row: int) -> Attempt:
        return Attempt(self, row)


class Attempt:
    """The reading of one row or cell: goes on after the first thing wrong, so that all of it is told at once."""

    def __init__(self, findings: Findings, row: int) -> None:
        self.findings, self.row = findings, row
        # Open: it waits for an answer.
        self.refused = self.open = False

    @property
    def failed(self) -> bool:
        return self.refused or self.open

    def take(self, column: str, read: str, reader: Callable[[], T]) -> T | None:
        """What the reader gives; None where it failed."""
        try:
            return reader()
        except Refused as refused:
            self.refuse(column, read, refused)
        except NeedsAnswer as needed:
            self.open = True
            self.findings.ask(needed.question, read, self.row)
        return None

    def refuse(self, column: str, read: str, refused: Refused) -> None:
        self.refused = True
        self.findings.refuse(self.row, column, read, refused)


def issue(severity: Severity, sheet: str, row: int, column: str, read: str, found: Refused) -> Issue:
    return Issue(severity, found.code, sheet, row, column, shortened(read), found.why, found.remedy)


def shortened(text: str) -> str:
    return text if len(text) <= LONGEST_READ else f"{text[: LONGEST_READ - 1]}…"
