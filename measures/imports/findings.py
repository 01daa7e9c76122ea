"""What is found wrong, open or worth telling while a file is read. Pure: no Django."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from typing import TypeVar

from .issues import Asked, Issue, NeedsAnswer, Question, Refused, Severity, asked

LONGEST_READ = 120
T = TypeVar("T")


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


class Findings:
    """Grows while the rows of one sheet are read."""

    def __init__(self, sheet: str) -> None:
        self.sheet = sheet
        self.issues: list[Issue] = []
        self.refused: set[tuple[str, int]] = set()
        self.told: list[str] = []
        self._questions: dict[Question, tuple[str, int]] = {}

    @property
    def asked(self) -> tuple[Asked, ...]:
        """One for each question, in the order of the list of questions."""
        return tuple(asked(each, *self._questions[each]) for each in Question if each in self._questions)

    def ask(self, question: Question, read: str) -> None:
        example, count = self._questions.get(question, (shortened(read), 0))
        self._questions[question] = (example, count + 1)

    def refuse(self, row: int, column: str, read: str, refused: Refused) -> None:
        self.refused.add((self.sheet, row))
        self.issues.append(issue(Severity.REFUSED, self.sheet, row, column, read, refused))

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
            self.findings.ask(needed.question, read)
        return None

    def refuse(self, column: str, read: str, refused: Refused) -> None:
        self.refused = True
        self.findings.refuse(self.row, column, read, refused)


def issue(severity: Severity, sheet: str, row: int, column: str, read: str, found: Refused) -> Issue:
    return Issue(severity, found.code, sheet, row, column, shortened(read), found.why, found.remedy)


def shortened(text: str) -> str:
    return text if len(text) <= LONGEST_READ else f"{text[: LONGEST_READ - 1]}…"
