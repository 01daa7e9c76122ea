"""What a template of a contract holds: a row for every value that its quarters take. Pure: no Django."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TextIO

from ..entries import STATUS_WORDS, Bounds, Status
from ..inert import inert
from ..numbers import Unit
from ..quarters import Month, Quarter
from ..terms import Frequency
from .plan import Known
from .series_lookup import covers

# As an import reads them; the same words as in our own export.
HEADER = ("measure", "series", "name", "period", "unit", "value", "numerator", "denominator", "status", "note")
STATUSES = tuple(status.replace("_", " ") for status in Status)
UNIT_WORDS = {
    Unit.PERCENT: "percent",
    Unit.COUNT: "count",
    Unit.RATE: "rate per 10,000",
    Unit.DAYS: "days",
}


@dataclass(frozen=True)
class TemplateRow:
    series: Known
    period: Quarter | Month

    @property
    def texts(self) -> tuple[str, str, str, str, str]:
        """The first five cells; the others are left to fill in."""
        one = self.series
        return one.measure_code, one.code, one.name, self.period.label, UNIT_WORDS[one.bounds.unit]


def rows(known: Sequence[Known], quarters: Sequence[Quarter]) -> Iterator[TemplateRow]:
    """By quarter, then as the series are given; those that run then, by the periods that are typed."""
    for quarter in quarters:
        for one in known:
            if covers(one, quarter):
                periods = quarter.months if one.frequency is Frequency.MONTH else (quarter,)
                yield from (TemplateRow(one, period) for period in periods)


def write_csv(out: TextIO, known: Sequence[Known], quarters: Sequence[Quarter]) -> None:
    writer = csv.writer(out, lineterminator="\r\n", quoting=csv.QUOTE_ALL)
    writer.writerow(HEADER)
    for row in rows(known, quarters):
        writer.writerow([*map(inert, row.texts), *[""] * (len(HEADER) - len(row.texts))])


def takes(bounds: Bounds) -> str:
    """What goes into the cells of a series, for the notes sheet."""
    if bounds.needs_counts:
        return "numerator and denominator"
    if bounds.takes_counts:
        return "value, or numerator and denominator"
    return "value"


def notes(quarters: Sequence[Quarter]) -> Iterator[tuple[str, str]]:
    """(word, what it means): the columns, the status words, the periods."""
    yield "value", "The figure itself: 74 for 74%, not 0.74. Leave it empty beside numerator and denominator."
    yield "numerator", "The part that counts, in whole numbers. The value is computed from it."
    yield "denominator", "The whole that it is part of; more than 0."
    yield "status", "Empty for a final figure. A figure that is missing needs a status that says why."
    yield "note", "Up to 500 characters that stand beside the figure."
    for status in Status:
        yield status.replace("_", " "), f"Status: {STATUS_WORDS[status].lower()}."
    for quarter in quarters:
        yield quarter.label, f"{quarter.words}. Series that are typed by month have a row for each of its months."
