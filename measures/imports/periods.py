"""Reading which quarter, month, year or day a cell names. Pure: no Django.

What has two readings is asked about, and what has none is refused with the way to write it.
"""

from __future__ import annotations

from ..quarters import Month, Quarter, Year, date_words
from ..terms import Frequency
from . import period_texts
from .cells import Cell
from .issues import Answers, Code, NeedsAnswer, Refused
from .period_texts import LONGEST, WRITE_PERIOD, WRITE_QUARTER, Period


def read_period(cell: Cell, answers: Answers, *, identifier: str = "") -> Period:
    """What the cell names; `identifier` completes it where a file splits it in two: “Financial year Q2” beside 201819.

    A plain day is returned as a date. Raises Refused, or NeedsAnswer where two readings are left.
    """
    if cell.error:
        raise Refused(Code.SPREADSHEET_ERROR, f"The period is {cell.error}.", WRITE_PERIOD)
    if cell.merged:
        raise Refused(Code.MERGED, "The period is part of a merged range.", "Unmerge it and fill in each cell.")
    if cell.is_empty:
        raise Refused(Code.NO_PERIOD, "There is no period.", WRITE_PERIOD)
    if cell.day is not None and cell.text == cell.day.isoformat():
        return period_texts.within(cell.day)
    if cell.percent:
        raise period_texts.unknown(cell.text)
    text = period_texts.folded(cell.text)
    if len(text) > LONGEST:
        raise period_texts.unknown(cell.text)
    if identifier.strip():
        return period_texts.read_with(text, period_texts.folded(identifier), answers)
    return period_texts.read(text, answers, cell.text)


def is_period(cell: Cell) -> bool:
    """Whether the cell names a period, be it that a question has to be answered first."""
    try:
        read_period(cell, {})
    except NeedsAnswer:
        return True
    except Refused:
        return False
    return True


def period_for(found: Period, frequency: Frequency) -> Quarter | Month:
    """The period of a series of this frequency. A day stands for the period that it starts or ends; Refused for one
    in its midst, and for a period of another length."""
    is_monthly = frequency is Frequency.MONTH
    if isinstance(found, Quarter | Month):
        if isinstance(found, Month) is is_monthly:
            return found
        if is_monthly:
            raise Refused(
                Code.PERIOD_TOO_LONG,
                f"{found.label} is a quarter, and this series is held by the month.",
                "Give the value of each of its three months.",
            )
        raise Refused(
            Code.PERIOD_TOO_SHORT, f"{found.label} is a month, and this series is held by the quarter.", WRITE_QUARTER
        )
    if isinstance(found, Year):
        raise period_texts.year_alone(found.label)
    period = Month.containing(found) if is_monthly else Quarter.containing(found)
    if found not in (period.start, period.end):
        raise Refused(
            Code.MID_PERIOD,
            f"{date_words(found)} neither starts nor ends a {'month' if is_monthly else 'quarter'}.",
            f"Write “{period.label}” if that is meant.",
        )
    return period
