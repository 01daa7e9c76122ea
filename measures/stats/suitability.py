"""Whether a series can have process limits, and of which periods: if not, a sentence for the page. Pure: no Django.

Rolling and cumulative values are never tested: neighbours share most of what they count, so that limits come out too
narrow and runs come by themselves (Minitab, "Data considerations for individuals chart"; OHID's Fingertips leaves
overlapping periods out of its trend tests).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ..rating import Polarity
from ..terms import Frequency, Window
from .limits import SETTLED, Refused
from .spc import Value, Xmr, xmr

OVERLAPPING = {
    Window.ROLLING_12M: "Each value counts the last twelve months, so neighbours share most of what they count: "
    "limits and runs would mean nothing.",
    Window.YEAR_TO_DATE: "Each value adds to the one before it until the year ends, so neighbours share what they "
    "count: limits and runs would mean nothing.",
}


@dataclass(frozen=True)
class Process:
    """`xmr` None where `refusal` says why there are no limits; else `refusal` is empty."""

    xmr: Xmr | None
    refusal: str


def process(
    values: Sequence[Value | None],
    *,
    window: Window,
    polarity: Polarity,
    target: Value | None = None,
    screen: bool = False,
    starts: Sequence[int] = (),
) -> Process:
    """Limits and signals, or why there are none. ValueError for wrong `starts` and numbers."""
    if refusal := OVERLAPPING.get(Window(window)):
        return Process(None, refusal)
    try:
        return Process(xmr(values, polarity=polarity, target=target, screen=screen, starts=starts), "")
    except Refused as error:
        return Process(None, str(error))


def frequency_for(months: Sequence[Value | None]) -> Frequency:
    """Months where enough are held for a verdict, else quarters: thirteen quarters are more than three years."""
    return Frequency.MONTH if sum(value is not None for value in months) >= SETTLED else Frequency.QUARTER
