"""The value axis: counts, days and rates start at zero, a percentage shows 0 to 100 or says that it does not."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

PERCENT = "percent"
RATE = "rate_per_10000"
DAYS = "days"
CAPTIONS = {RATE: "per 10,000", DAYS: "days"}

# A percentage axis as (least value needed, foot, step), highest foot first.
_FEET = ((85, 80, 5), (55, 50, 10))
# And as (greatest value allowed, top, step), for shares too small to be seen on 0 to 100.
_TOPS = ((8, 10, 2), (16, 20, 5), (40, 50, 10))


@dataclass(frozen=True)
class Axis:
    """`note` says in words where the axis is cut; `caption` names the unit where ticks do not."""

    low: Decimal
    high: Decimal
    ticks: tuple[Decimal, ...]
    texts: tuple[str, ...]
    cut_below: bool = False
    cut_above: bool = False
    note: str = ""
    caption: str = ""

    @property
    def broken(self) -> bool:
        return self.cut_below or self.cut_above


def axis_for(values: Iterable[Decimal | None], unit: str) -> Axis:
    """The axis that shows every value given (targets and benchmarks too)."""
    held = [value for value in values if value is not None]
    low, high = min(held, default=Decimal(0)), max(held, default=Decimal(0))
    if unit != PERCENT:
        return _from_zero(low, high, unit)
    if low < 0 or high > 100:
        return _from_zero(low, high, unit)
    for least, foot, step in _FEET:
        if held and low >= least:
            return _percent(foot, 100, step)
    for greatest, top, step in _TOPS:
        if held and high <= greatest:
            return _percent(0, top, step)
    return _percent(0, 100, 20)


def _percent(low: int, high: int, step: int) -> Axis:
    ticks = tuple(Decimal(tick) for tick in range(low, high + 1, step))
    note = f"axis starts at {low}%" if low else f"axis ends at {high}%" if high < 100 else ""
    return Axis(
        Decimal(low),
        Decimal(high),
        ticks,
        tuple(f"{tick}%" for tick in ticks),
        cut_below=low > 0,
        cut_above=high < 100,
        note=note,
    )


def _from_zero(low: Decimal, high: Decimal, unit: str) -> Axis:
    low, high = min(low, Decimal(0)), max(high, Decimal(0))
    step = _round_step((high - low) / 4, unit)
    bottom = int((low / step).to_integral_value(ROUND_FLOOR))
    top = max(int((high / step).to_integral_value(ROUND_CEILING)), bottom + 1)
    ticks = tuple(step * number for number in range(bottom, top + 1))
    sign = "%" if unit == PERCENT else ""
    return Axis(
        ticks[0],
        ticks[-1],
        ticks,
        tuple(f"{tick:,f}{sign}".replace("-", "\u2212") for tick in ticks),
        caption=CAPTIONS.get(unit, ""),
    )


def _round_step(least: Decimal, unit: str) -> Decimal:
    """1, 2 or 5 times a power of ten; never a fraction, except for a rate."""
    step = Decimal(1)
    if unit == RATE and 0 < least < 1:
        step = Decimal(1).scaleb(least.adjusted())
    while True:
        for factor in (1, 2, 5):
            if step * factor >= least:
                return step * factor
        step *= 10
