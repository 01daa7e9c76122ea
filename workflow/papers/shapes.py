"""What a paper holds: rows as they are read, then measures as they are understood. Pure: no Django."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from measures.imports.issues import Issue, Severity
from measures.numbers import Unit
from measures.terms import Kind

from .blocks import Blocks

MEASURE, RESPONSE, COMMENT = range(3)


class PaperCode(StrEnum):
    """The kinds of things that can be wrong in a paper, for tests and documents: docs/papers.md explains each."""

    # The file as a whole.
    EMPTY_PAPER = "empty_paper"
    NOT_A_PAPER = "not_a_paper"
    NO_TABLE = "no_table"
    TWO_COLUMNS = "two_columns"
    NO_CODES = "no_codes"
    TOO_MANY_ROWS = "too_many_rows"
    TOO_LARGE = "too_large"
    # Rows.
    COLUMNS_OF_ROW = "columns_of_row"
    BEFORE_FIRST_CODE = "before_first_code"
    OUTSIDE_TABLE = "outside_table"
    CODE_TWICE = "code_twice"
    # A measure's own cell.
    NO_VALUE = "no_value"
    NOT_A_VALUE = "not_a_value"
    SEVERAL_VALUES = "several_values"
    VALUES_AND_CODES = "values_and_codes"
    SPACED_NUMBER = "spaced_number"
    COUNTS_DISAGREE = "counts_disagree"
    NOT_A_TARGET = "not_a_target"
    TOLERANCE_ALONE = "tolerance_alone"
    TARGET_OF_VOLUMETRIC = "target_of_volumetric"
    LEFT_OVER = "left_over"
    # Texts.
    CUT_OFF = "cut_off"
    TEXT_TOO_LONG = "text_too_long"
    # Against what is held.
    OTHER_QUARTER = "other_quarter"
    SEVERAL_MEASURES = "several_measures"
    NO_SERIES = "no_series"
    MONTHLY_SERIES = "monthly_series"
    VALUE_REFUSED = "value_refused"
    TARGET_REFUSED = "target_refused"


@dataclass(frozen=True)
class PaperRow:
    """`sheet` is "" in a text file, else "table 1"; `number` is the line, or the row of the table."""

    sheet: str
    number: int
    cells: tuple[Blocks, Blocks, Blocks]


@dataclass(frozen=True)
class PaperFile:
    """`header` holds the column heads as printed; `outside` the lines of text beside the tables, in order; `told` what
    a reader should know of how the file was read."""

    header: tuple[str, str, str]
    rows: tuple[PaperRow, ...]
    outside: tuple[str, ...] = ()
    issues: tuple[Issue, ...] = ()
    told: tuple[str, ...] = ()


@dataclass(frozen=True)
class PaperValue:
    """One figure as printed; `decimals` are those printed. The counts are there where the cell gives them."""

    number: Decimal
    unit: Unit
    decimals: int
    numerator: Decimal | None = None
    denominator: Decimal | None = None


@dataclass(frozen=True)
class PaperMeasure:
    """One measure of the paper. `codes` are those of its series; `values` one for each of them, or none at all.

    `quarter` is what stands beside the values, "Q2" or "Q2 2018/19", or empty. `kind` None: the paper does not say.
    """

    sheet: str
    row: int
    codes: tuple[str, ...]
    title: str
    kind: Kind | None
    quarter: str
    values: tuple[PaperValue, ...]
    target: Decimal | None
    tolerance: Decimal | None
    aim_unit: Unit | None
    aim_decimals: int
    response: Blocks
    comment: Blocks
    heading: str = ""

    @property
    def code(self) -> str:
        """The measure's own: "A1", or "E34/35" for two series of one prefix."""
        first, *others = self.codes
        prefix = first.rstrip("0123456789abcdefghijklmnopqrstuvwxyz")
        return "/".join([first, *(other.removeprefix(prefix) for other in others)])


@dataclass(frozen=True)
class Listed:
    """A heading of the paper outside its measures, and the titles listed below it."""

    heading: str
    titles: tuple[str, ...]


@dataclass(frozen=True)
class Paper:
    header: tuple[str, str, str]
    measures: tuple[PaperMeasure, ...]
    lists: tuple[Listed, ...]
    outside: tuple[str, ...]
    issues: tuple[Issue, ...]
    told: tuple[str, ...]


def refused(code: PaperCode, row: PaperRow | PaperMeasure, column: str, *, read: str, why: str, remedy: str) -> Issue:
    """Something that is left out."""
    return _issue(Severity.REFUSED, code, row, column, read, why, remedy)


def warning(code: PaperCode, row: PaperRow | PaperMeasure, column: str, *, read: str, why: str, remedy: str) -> Issue:
    """Something that is brought in all the same, for a person to look at."""
    return _issue(Severity.WARNING, code, row, column, read, why, remedy)


def _issue(
    severity: Severity, code: PaperCode, row: PaperRow | PaperMeasure, column: str, read: str, why: str, remedy: str
) -> Issue:
    number = row.number if isinstance(row, PaperRow) else row.row
    shown = read if len(read) <= 120 else read[:119].rstrip() + "…"
    return Issue(severity, code, row.sheet, number, column, shown, why, remedy)
