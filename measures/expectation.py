"""The range in which a series' next value usually falls, from its own past. Pure: no Django.

Limits of an individuals chart, from medians so that one odd value does not widen them: median ± 3.145 × the median
moving range (Wheeler, "Understanding Variation", second edition; 3.145 is 3 divided by 0.954).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from statistics import median

from .numbers import Unit, number_text, round_half_up, value_text

FEWEST = 5
# What is older says little about what is usual now: the stocks and rates of such a contract drift.
LATEST = 8
MEDIAN_LIMIT = Decimal("3.145")


@dataclass(frozen=True)
class Expected:
    """Both ends belong to the range; `decimals` are those that the series is printed with."""

    low: Decimal
    high: Decimal
    unit: Unit
    decimals: int

    def holds(self, value: Decimal) -> bool:
        """Compared as printed, so that no value is said to lie outside the very range that it is printed in."""
        low, printed, high = (round_half_up(each, self.decimals) for each in (self.low, value, self.high))
        return low <= printed <= high

    @property
    def text(self) -> str:
        """ "62 to 81%", "380 to 412 per 10,000"; one figure where both ends print alike."""
        high = value_text(self.high, self.unit, self.decimals)
        low = number_text(self.low, self.decimals)
        return high if low == number_text(self.high, self.decimals) else f"{low} to {high}"


def expected(
    past: Sequence[Decimal | None], *, unit: Unit, decimals: int, highest: Decimal | None = None
) -> Expected | None:
    """`past` are values of one kind of period and one definition, oldest first; None is a gap, which no moving range
    crosses. None with fewer than 5 values, and where nothing varies. Clipped to 0 and `highest`."""
    values = [value for value in past if value is not None]
    moves = [abs(new - old) for old, new in pairwise(past) if old is not None and new is not None]
    if len(values) < FEWEST or not moves:
        return None
    reach = MEDIAN_LIMIT * median(moves)
    if not reach:
        return None
    middle = median(values)
    high = middle + reach
    return Expected(
        low=max(Decimal(0), middle - reach),
        high=high if highest is None else min(highest, high),
        unit=unit,
        decimals=decimals,
    )
