"""The values that the process limits of a series are computed from. Pure: no Django.

Months where enough are held for a verdict, else quarters. Everything held counts, not only what a chart shows: limits
that moved as old points leave a chart would move by themselves.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from .quarters import Month, Quarter
from .stats.suitability import frequency_for
from .terms import Frequency

# Periods are counted through the centuries, so that neighbours differ by one: cheaper than dates, of which a scorecard
# has thousands.
MONTHS_IN = {Frequency.MONTH: 1, Frequency.QUARTER: 3}


def place_of(start: date, frequency: Frequency) -> int:
    """The number of the period that starts on this day, or that holds it."""
    return (start.year * 12 + start.month - 1) // MONTHS_IN[frequency]


@dataclass(frozen=True)
class Track:
    """`values` of neighbouring periods, None for a gap, the first and last of them held; `first` is the place of the
    first. Empty where nothing is held. `illustrative` where any of them is."""

    frequency: Frequency = Frequency.QUARTER
    first: int = 0
    values: tuple[float | None, ...] = ()
    illustrative: bool = False

    @property
    def count(self) -> int:
        return len(self.values) - self.values.count(None)

    def period(self, index: int) -> Quarter | Month:
        year, month = divmod((self.first + index) * MONTHS_IN[self.frequency], 12)
        start = date(year, month + 1, 1)
        return Month.containing(start) if self.frequency is Frequency.MONTH else Quarter.containing(start)

    def index_of(self, period: Quarter | Month) -> int | None:
        """Where the period stands; None for one of the other kind, or outside."""
        if isinstance(period, Month) is not (self.frequency is Frequency.MONTH):
            return None
        index = place_of(period.start, self.frequency) - self.first
        return index if 0 <= index < len(self.values) else None

    def starts(self, days: Iterable[date]) -> tuple[int, ...]:
        """The indexes, in order, from which limits start anew. A day before the first value or after the last starts
        nothing."""
        found = {place_of(day, self.frequency) - self.first for day in days}
        return tuple(sorted(index for index in found if 0 < index < len(self.values)))


def track_of(months: Mapping[int, float], quarters: Mapping[int, float], *, illustrative: bool = False) -> Track:
    """Of what is held of one series, by the place of the period."""
    frequency = frequency_for(list(months.values()))
    held = months if frequency is Frequency.MONTH else quarters
    if not held:
        return Track()
    first, last = min(held), max(held)
    return Track(frequency, first, tuple(map(held.get, range(first, last + 1))), illustrative)
