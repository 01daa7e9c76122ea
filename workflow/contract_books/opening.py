"""A file to what a contract's workbook says, held against what is held here."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from measures.imports import archive
from measures.imports import reading as files
from measures.imports.cells import Book, Unreadable, too_many_rows
from measures.imports.issues import Code, Issue, Severity
from measures.imports.kinds import EMPTY, LARGEST_FILE

from . import planning, reading
from .planning import Plan

NOT_A_WORKBOOK = (
    "This is a text file. A contract comes in as an Excel workbook (.xlsx), because it has several sheets: "
    "take the template."
)
TOO_LARGE = "The file is larger than 10 MB. Leave out pictures, and sheets that are none of the template’s."
FEWER_ROWS = (
    "Delete the rows that are not needed, or bring the workbook in with the command load_contract, which takes any "
    "number of rows."
)


class TooLarge(Unreadable):
    """More than is read at once."""


@dataclass(frozen=True)
class Opened:
    """`plan` is None where something in the file itself is refused. `issues` are all, of the file and of what is held
    here."""

    sha256: str
    plan: Plan | None
    issues: tuple[Issue, ...]
    told: tuple[str, ...]

    @property
    def refused(self) -> list[Issue]:
        return [issue for issue in self.issues if issue.severity is Severity.REFUSED]

    @property
    def warnings(self) -> list[Issue]:
        return [issue for issue in self.issues if issue.severity is Severity.WARNING]


def open_file(name: str, content: bytes, *, most_rows: int | None = files.MOST_ROWS) -> Opened:
    """Unreadable with the sentence to show where it is no workbook at all. Nothing is stored. `most_rows` None: the
    command, which takes any number of rows; what a file may weigh, packed and unpacked, bounds it all the same."""
    if not content:
        raise Unreadable(EMPTY, Code.EMPTY_FILE)
    if len(content) > LARGEST_FILE:
        raise TooLarge(TOO_LARGE)
    found = reading.read(_book(name, content, most_rows))
    plan = planning.plan(found.book, found.places) if found.book else None
    issues = (*found.issues, *(plan.issues if plan else ()))
    return Opened(hashlib.sha256(content).hexdigest(), plan, issues, found.told)


def _book(name: str, content: bytes, most_rows: int | None) -> Book:
    is_workbook = content.startswith(archive.START)
    try:
        book = files.read(name, content, most_rows=most_rows)
    except Unreadable as unreadable:
        if unreadable.code != Code.ROWS:
            raise
        if is_workbook:
            assert most_rows is not None
            raise _too_many_rows(unreadable.sentence, most_rows) from unreadable
    else:
        if is_workbook:
            return book
    raise Unreadable(NOT_A_WORKBOOK, Code.NOT_A_TABLE)


def _too_many_rows(sentence: str, most_rows: int) -> Unreadable:
    """What the reader says of figures names a command that takes no contracts; the sheet that it names is kept."""
    place = sentence.removesuffix(too_many_rows("", most_rows).sentence)
    return Unreadable(f"{place} has more than {most_rows:,} rows below its header. {FEWER_ROWS}", Code.ROWS)
