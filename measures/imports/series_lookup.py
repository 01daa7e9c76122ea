"""Which series a row names, by code or by name. Pure: no Django."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal, InvalidOperation
from typing import TypeVar

from ..quarters import Quarter
from .cells import Cell
from .findings import RowCode
from .headings import folded
from .issues import Refused
from .plan import Known

TOTALS = frozenset(
    {
        *("total", "totals", "grand total", "sub total", "subtotal", "sub-total", "sum", "overall"),
        *("average", "averages", "mean", "median", "all", "summary", "ytd", "year to date"),
    }
)
TOTALS_BEGIN = ("total ", "totals ", "grand total", "overall ", "average ", "mean ")
MOST_NAMED = 6
Found = tuple[Known, ...]
Key = TypeVar("Key")


class Index:
    """The series of a contract by everything that may name them, the surest first."""

    def __init__(self, known: Iterable[Known]) -> None:
        known = tuple(known)
        self.codes = _by(known, lambda one: folded(one.code))
        self.measures = _by(known, lambda one: folded(one.measure_code))
        self.names = _by(known, lambda one: folded(one.name))
        self.titles = _by(known, lambda one: folded(one.measure_title))
        # A spreadsheet keeps the code 1.10 as the number 1.1, which then stands for both.
        self.code_numbers = _by(known, lambda one: _number(one.code))
        self.measure_numbers = _by(known, lambda one: _number(one.measure_code))

    def named(self, measure: Cell, series: Cell) -> Found:
        """All that the two cells can mean, one of which may be empty: a series with its forerunners of the same code,
        or several where the cells leave it open. Refused where they name nothing of the contract."""
        if measure.is_empty or series.is_empty:
            cell = series if measure.is_empty else measure
            return self._first(cell, self.codes, self.measures, self.names, self.titles) or _refuse(
                cell, f"The contract has no measure or series “{cell.text}”."
            )
        within = self._first(measure, self.measures, self.titles, self.codes, self.names) or _refuse(
            measure, f"The contract has no measure “{measure.text}”."
        )
        return _within(series, within) or _refuse(
            series,
            f"“{measure.text}” has no series “{series.text}”.",
            f"Use one of its series: {_codes(within)}.",
        )

    def _first(self, cell: Cell, *tiers: dict[str, Found]) -> Found:
        if cell.number is not None:
            numbers = (self.code_numbers, self.measure_numbers)
            return next((tier[cell.number] for tier in numbers if cell.number in tier), ())
        text = folded(cell.text)
        return next((tier[text] for tier in tiers if text in tier), ())


def running(found: Sequence[Known], quarter: Quarter, read: str) -> Known:
    """The one of them that runs in the quarter; Refused where none or several do."""
    fitting = [one for one in found if covers(one, quarter)]
    if len(fitting) == 1:
        return fitting[0]
    if fitting:
        raise Refused(
            RowCode.SEVERAL_SERIES,
            f"“{read}” can mean {len(fitting)} series: {_codes(fitting)}.",
            "Name the series by its own code, beside the code of its measure where two measures share it.",
        )
    last = found[-1]
    until = f"to {last.last_quarter.label}" if last.last_quarter else "on"
    raise Refused(
        RowCode.OUTSIDE_SERIES,
        f"{last.code} has no values in {quarter.label}: it runs from {last.first_quarter.label} {until}.",
        "Correct the period, or take the row out.",
    )


def covers(one: Known, quarter: Quarter) -> bool:
    return one.first_quarter <= quarter and (one.last_quarter is None or quarter <= one.last_quarter)


def _by(known: Found, key: Callable[[Known], Key | None]) -> dict[Key, Found]:
    found: dict[Key, list[Known]] = {}
    for one in known:
        if (each := key(one)) is not None:
            found.setdefault(each, []).append(one)
    return {each: tuple(ones) for each, ones in found.items()}


def _within(cell: Cell, within: Found) -> Found:
    text = folded(cell.text)
    if cell.number is not None:
        return tuple(one for one in within if _number(one.code) == cell.number)
    ways: tuple[Callable[[Known], tuple[str, ...]], ...] = (
        lambda one: (one.code,),
        lambda one: (one.name,),
        # The measure once more says no more than the measure alone.
        lambda one: (one.measure_code, one.measure_title),
    )
    found = (tuple(one for one in within if text in map(folded, texts(one))) for texts in ways)
    return next((each for each in found if each), ())


def _refuse(cell: Cell, why: str, remedy: str = "") -> Found:
    plain = folded(cell.text).rstrip(": ")
    if plain in TOTALS or plain.startswith(TOTALS_BEGIN):
        raise Refused(
            RowCode.TOTALS_ROW,
            f"“{cell.text}” names no series of the contract; it seems to sum up other rows.",
            "Take the row out: figures are imported series by series.",
        )
    remedy = remedy or "Use the code of a measure or series as the template lists them, or take the row out."
    raise Refused(RowCode.UNKNOWN_SERIES, why, remedy)


def _codes(found: Sequence[Known]) -> str:
    labels = list(dict.fromkeys(f"{one.code} ({one.name})" for one in found))
    more = f" and {len(labels) - MOST_NAMED} more" if len(labels) > MOST_NAMED else ""
    return ", ".join(labels[:MOST_NAMED]) + more


def _number(code: str) -> Decimal | None:
    try:
        number = Decimal(code)
    except InvalidOperation:
        return None
    return number if number.is_finite() else None
