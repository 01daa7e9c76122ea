"""The mean and the process limits of each segment of a series. Pure: no Django.

XmR limits: mean ± 2.66 × the mean moving range (Shewhart's three sigma, 3 / 1.128; Provost and Murray, "The health
care data guide", 2011, chapter 5), near limits at two thirds of that, as NHSRplotthedots' ptd_spc_standard has them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import fsum
from typing import NamedTuple

LIMIT = 2.66
NEAR_LIMIT = 2 * LIMIT / 3
# Moving ranges from this many times their mean on are left out where they are screened: Nelson, "Control charts for
# individual measurements", Journal of Quality Technology 14 (1982) 172-173.
SCREEN = 3.267
# Under 8 values no limits; under 13 limits on trial and no verdict. The single chart tool of Making Data Count shows
# both from 13 on (NHSRplotthedots#194).
FEWEST = 8
SETTLED = 13
# Two floats that differ by less than this share of the largest value are one number.
ROUNDING = 1e-12

SAME = "All {count} values are the same, so nothing can be told apart."
NO_MOVES = "No two values stand side by side, so the usual change from one to the next is not known."
STILL = "The values do not change from one period to the next, so no limits can be drawn."
STILL_SCREENED = "Without the unusual changes the values do not change, so no limits can be drawn."


class Refused(ValueError):
    """No limits can be drawn; the text is a sentence for the page."""


class Limits(NamedTuple):
    """`slack`: how far two numbers may lie apart for the rounding of floats alone."""

    mean: float
    upper: float
    lower: float
    near_upper: float
    near_lower: float
    slack: float


@dataclass(frozen=True)
class Segment:
    """Values from `start` up to `stop`, not included, of which `count` are held. `limits` None where `refusal` says
    why."""

    start: int
    stop: int
    count: int
    limits: Limits | None
    refusal: str = ""

    @property
    def trial(self) -> bool:
        """Whether there are limits, from so few values that the next ones will still move them."""
        return self.limits is not None and self.count < SETTLED


def segments_of(values: Sequence[float | None], starts: Sequence[int], screen: bool) -> tuple[Segment, ...]:
    """One segment from the first value, one more from each of `starts`. ValueError for starts out of order or range."""
    edges = [0, *starts, len(values)]
    if any(before >= after for before, after in zip(edges, edges[1:], strict=False)):
        raise ValueError("Segments start one after the other, each inside the series and after its first value.")
    return tuple(_segment(values, *edge, screen) for edge in zip(edges, edges[1:], strict=False))


def _segment(values: Sequence[float | None], start: int, stop: int, screen: bool) -> Segment:
    part = values[start:stop]
    held = [value for value in part if value is not None]
    if len(held) < FEWEST:
        return Segment(start, stop, len(held), None, too_few(len(held)))
    highest, lowest = max(held), min(held)
    slack = ROUNDING * max(highest, -lowest)
    if highest - lowest <= slack:
        return Segment(start, stop, len(held), None, SAME.format(count=len(held)))
    moves = [abs(new - old) for old, new in zip(part, part[1:], strict=False) if old is not None and new is not None]
    mean = fsum(held) / len(held)
    usual, refusal = _usual_move(moves, slack, screen)
    if refusal:
        return Segment(start, stop, len(held), None, refusal)
    far, near = LIMIT * usual, NEAR_LIMIT * usual
    return Segment(start, stop, len(held), Limits(mean, mean + far, mean - far, mean + near, mean - near, slack))


def _usual_move(moves: Sequence[float], slack: float, screen: bool) -> tuple[float, str]:
    """The mean moving range, or 0 and why there is none."""
    if not moves:
        return 0.0, NO_MOVES
    usual = fsum(moves) / len(moves)
    if usual <= slack:
        return 0.0, STILL
    if not screen:
        return usual, ""
    # One of them at least is no larger than their mean, so that some remain.
    kept = [move for move in moves if move < SCREEN * usual]
    screened = fsum(kept) / len(kept)
    return (screened, "") if screened > slack else (0.0, STILL_SCREENED)


def too_few(count: int) -> str:
    if not count:
        return f"No value is held; limits need {FEWEST}."
    return f"Only {count} {'value is' if count == 1 else 'values are'} held; limits need {FEWEST}."
