"""The sheets of a contract's workbook: their columns as on screen, what each takes, and what it means. Pure: no
Django."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from measures.set_up_words import (
    BASIS_NAMES,
    DERIVATION_NAMES,
    FIELD_NAMES,
    KIND_WORDS,
    LONGEST_TEXT,
    POLARITY_NAMES,
    ROLE_WORDS,
    UNIT_NAMES,
    WINDOW_NAMES,
    short,
)
from measures.terms import Window

Words = Mapping[str, str]

EXAMPLE = "Example"
EXAMPLE_MARK = "Example: left out"
NOTES = "Notes"
# The columns whose texts are codes: what looks like a number there is none.
CODES = frozenset({"code", "measure", "series"})
LONGEST_CODE = 20


class Takes(StrEnum):
    """What the cells of a column hold."""

    TEXT = "text"
    SLUG = "address"
    QUARTER = "quarter"
    DAY = "day"
    WHOLE = "whole number"
    NUMBER = "number"
    CHOICE = "one of a list"


@dataclass(frozen=True)
class Column:
    """One column; `name` is the field of the sheet's row. `choices` are values with their words. `longest` counts
    characters of a text, which is one line but for `several_lines`; `low` and `high` bound a whole number. `default`
    stands for an empty cell of a column that need not be filled, None where nothing or a rule of its own does."""

    name: str
    header: str
    takes: Takes
    about: str
    required: bool = True
    longest: int = LONGEST_TEXT
    several_lines: bool = False
    choices: Words | None = None
    low: int = 0
    high: int = 0
    default: str | int | bool | None = None
    width: int = 16


@dataclass(frozen=True)
class SheetShape:
    """One sheet. `needed`: a workbook without a row of it makes no contract."""

    name: str
    about: str
    columns: tuple[Column, ...]
    needed: bool = True

    def column(self, name: str) -> Column:
        return next(column for column in self.columns if column.name == name)


def _short(words: Mapping[Any, str]) -> Words:
    """The choices as the pages have them, without what explains each."""
    return {str(value): short(text) for value, text in words.items()}


KINDS = _short(KIND_WORDS)
ROLES = _short(ROLE_WORDS)
UNITS = _short(UNIT_NAMES)
POLARITIES = _short(POLARITY_NAMES)
DERIVATIONS: Words = {str(value): text for value, text in DERIVATION_NAMES.items()}
WINDOWS = _short(WINDOW_NAMES)
BASES = _short(BASIS_NAMES)
YES_NO: Words = {"yes": "Yes", "no": "No"}

# What the choices mean, where their words do not say it: by the column that they are of.
MEANINGS: Mapping[str, Mapping[Any, str]] = {
    "kind": KIND_WORDS,
    "role": ROLE_WORDS,
    "polarity": POLARITY_NAMES,
    "target_basis": BASIS_NAMES,
    "tolerance_basis": BASIS_NAMES,
}

_MEASURE = Column("measure", "Measure", Takes.TEXT, "The code of its measure, as on the sheet “Measures”.", longest=20)
_SERIES = Column("series", "Series", Takes.TEXT, "The code of the series, as on the sheet “Series”.", longest=20)
_SERIES_FROM = Column(
    "series_from",
    "Series’ first quarter",
    Takes.QUARTER,
    "Only where a measure has two series of the same code, one after the other: which of them is meant.",
    required=False,
    width=20,
)
_LAST = Column("last_quarter", "Last quarter", Takes.QUARTER, "Empty while it goes on.", required=False)

CONTRACT = SheetShape(
    "Contract",
    "One row: the contract, its two organisations and its settings.",
    (
        Column("title", "Title", Takes.TEXT, "What the contract is called on every page.", longest=120, width=28),
        Column(
            "slug",
            "Address",
            Takes.SLUG,
            "The contract’s part of the web address, as in housing-repairs. Empty: made from the title.",
            required=False,
            longest=60,
            width=22,
        ),
        Column(
            "commissioner", "Commissioner", Takes.TEXT, "The organisation that pays, in full.", longest=200, width=30
        ),
        Column(
            "commissioner_short",
            "Commissioner’s short name",
            Takes.TEXT,
            "As it stands beside figures and texts.",
            longest=20,
            width=24,
        ),
        Column("provider", "Provider", Takes.TEXT, "The organisation that delivers, in full.", longest=200, width=30),
        Column(
            "provider_short",
            "Provider’s short name",
            Takes.TEXT,
            "As it stands beside figures and texts.",
            longest=20,
            width=24,
        ),
        Column(
            "values_due_days",
            "Values due",
            Takes.WHOLE,
            "Days after the quarter’s end. Empty: 31.",
            required=False,
            low=1,
            high=300,
            default=31,
        ),
        Column(
            "commentary_due_days",
            "Commentary due",
            Takes.WHOLE,
            "Days after the quarter’s end, not before the values. Empty: 47.",
            required=False,
            low=1,
            high=300,
            default=47,
        ),
        Column(
            "small_cohort",
            "Small cohort",
            Takes.WHOLE,
            "Fewer people or cases than this are called a small cohort. Empty: 30.",
            required=False,
            low=5,
            high=1000,
            default=30,
        ),
        Column(
            "requires_second_factor",
            "Second factor",
            Takes.CHOICE,
            "Whether everybody signs in with a code besides the password. Empty: no.",
            required=False,
            choices=YES_NO,
            default="no",
        ),
    ),
)

COMMITTEE = SheetShape(
    "Committee dates",
    "A row for each quarter whose committee day is known. May be empty.",
    (
        Column("quarter", "Quarter", Takes.QUARTER, "The quarter that the committee takes."),
        Column("on", "Committee day", Takes.DAY, "After the quarter’s end, and within a year of it.", width=20),
    ),
    needed=False,
)

MEASURES = SheetShape(
    "Measures",
    "A row for each line of the contract, in the order of the paper.",
    (
        Column("code", "Code", Takes.TEXT, "Short, and once in the contract: B8, E34/35.", longest=LONGEST_CODE),
        Column(
            "slug",
            "Address",
            Takes.SLUG,
            "The measure’s part of the web address. Empty: made from the code.",
            required=False,
            longest=30,
        ),
        Column("title", "Title", Takes.TEXT, "What the measure is called.", longest=200, width=44),
        Column(
            "section", "Section", Takes.TEXT, "The heading that it stands under in the paper.", longest=80, width=32
        ),
        Column("kind", "Kind", Takes.CHOICE, "What the measure is for.", choices=KINDS),
        Column("first_quarter", "First quarter", Takes.QUARTER, "The first quarter that it is reported for."),
        _LAST,
        Column(
            "why_it_matters",
            "Why it matters",
            Takes.TEXT,
            "In plain words.",
            required=False,
            several_lines=True,
            width=50,
        ),
        Column("owner", "Owner", Takes.TEXT, "Who answers for it.", required=False, longest=120, width=28),
        Column("source", "Source", Takes.TEXT, "Where the figures come from.", required=False, longest=200, width=36),
    ),
)

SERIES = SheetShape(
    "Series",
    "A row for each sequence of numbers; each measure has a headline. They stand in this order.",
    (
        _MEASURE,
        Column("code", "Code", Takes.TEXT, "Once in its measure; that of the headline is often the measure’s own.",
               longest=LONGEST_CODE),
        Column("name", "Name", Takes.TEXT, "What the numbers are.", longest=120, width=36),
        Column("role", FIELD_NAMES["role"], Takes.CHOICE, "Its place in the measure.", choices=ROLES),
        Column("unit", FIELD_NAMES["unit"], Takes.CHOICE, "What the numbers are in.", choices=UNITS, width=18),
        Column("decimals", FIELD_NAMES["decimals"], Takes.WHOLE, "Printed after the point. Empty: 0.",
               required=False, low=0, high=6,
               default=0),
        Column("polarity", FIELD_NAMES["polarity"], Takes.CHOICE, "What the rating and “better” go by.",
               choices=POLARITIES, width=20),
        Column("derivation", FIELD_NAMES["derivation"], Takes.CHOICE, "Who types what, and how a quarter comes of it.",
               choices=DERIVATIONS, width=60),
        Column("window", FIELD_NAMES["window"], Takes.CHOICE, "The time that one value covers. Empty: its own.",
               required=False, choices=WINDOWS, default=Window.PERIOD.value, width=28),
        Column("maximum", "Highest value", Takes.NUMBER, "The highest value that can be, such as 100. Empty: no limit.",
               required=False),
        # Those that came with an old paper have none.
        Column("counted", "What is counted", Takes.TEXT, "Plural, as in “19 cases”. Empty: no word for it.",
               required=False, longest=60, width=22),
        Column("counted_one", "One of them", Takes.TEXT, "The same, singular: “case”.",
               required=False, longest=60, width=22),
        Column("first_quarter", "First quarter", Takes.QUARTER, "Empty: that of the measure.", required=False),
        _LAST,
    ),
)  # fmt: skip

DEFINITIONS = SheetShape(
    "Definitions",
    "How each series is counted: a row from its first quarter, and one for each later change.",
    (
        _MEASURE,
        _SERIES,
        _SERIES_FROM,
        Column("from_quarter", "From quarter", Takes.QUARTER, "Empty: the series’ first quarter.", required=False),
        Column("text", "Definition", Takes.TEXT, "What is counted and what is not.", several_lines=True, width=80),
        Column(
            "reason",
            "Reason",
            Takes.TEXT,
            "Of a later definition: why it changed. It draws a break on the chart.",
            required=False,
            longest=300,
            several_lines=True,
            width=40,
        ),
    ),
)

TARGETS = SheetShape(
    "Targets",
    "A row for each target, from a quarter on. They are in force at once, as part of the set-up. May be empty.",
    (
        _MEASURE,
        _SERIES,
        _SERIES_FROM,
        Column("from_quarter", "From quarter", Takes.QUARTER, "Empty: the series’ first quarter.", required=False),
        Column("target", "Target", Takes.NUMBER, "The value to meet: 90 for 90%. Empty: none from then on.",
               required=False),
        Column("tolerance", "Tolerance", Takes.NUMBER, "The value that bounds amber. Empty: none is set.",
               required=False),
        Column("target_basis", "Target’s basis", Takes.CHOICE, "Where the target comes from.", choices=BASES),
        Column("tolerance_basis", "Tolerance’s basis", Takes.CHOICE,
               "Where it comes from. Empty: as the target.", required=False, choices=BASES, width=18),
        Column("reason", "Reason", Takes.TEXT, "Why this value.", required=False, longest=500,
               several_lines=True, width=50),
    ),
    needed=False,
)  # fmt: skip

SHEETS = (CONTRACT, COMMITTEE, MEASURES, SERIES, DEFINITIONS, TARGETS)
