"""The four signs that a value is no everyday variation, as NHS Making Data Count has them. Pure: no Django.

Rules and precedence: NHSRplotthedots, ptd_calculate_point_type; two of three as changed in November 2023
(nhs-r-community/NHSRplotthedots#194); a trend goes where it goes, whichever side of the mean (#180).

A segment is written as a line of letters, one for each value, and the rules are patterns in it: A above the upper
limit, U above the near limit, u above the mean, then d, D and B the same below, "." on the mean, a space for a gap.
No pattern has a space in it, so that none crosses a gap.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import StrEnum

from .limits import Limits


class Cause(StrEnum):
    """In order of precedence."""

    OUTSIDE = "outside"
    TREND = "trend"
    TWO_OF_THREE = "two_of_three"
    SHIFT = "shift"


# One sign at a value, and whether it points up.
Sign = tuple[Cause, bool]
Signs = dict[int, list[Sign]]

OUTSIDE, TREND, TWO_OF_THREE, SHIFT = Cause
BEYOND_THE_LIMITS = re.compile(r"[AB]")
# Seven values have six moves between them, all up or all down. An equal value (=) ends a trend.
SIX_MOVES = re.compile(r"\+{6,}|-{6,}")
# Three on one side of the mean of which two or more lie beyond the near limit, wherever such a three begins.
TWO_BEYOND = re.compile(r"(?=[AUu][AU][AU]|[AU][AUu][AU]|[AU][AU]u|[BDd][BD][BD]|[BD][BDd][BD]|[BD][BD]d)")
SEVEN_ON_A_SIDE = re.compile(r"[AUu]{7,}|[BDd]{7,}")


def signs(values: Sequence[float | None], limits: Limits) -> Signs:
    """The signs at each value of one segment that has any, by index, in order of precedence.

    Where a value ends one trend and begins the next, the later one stands first.
    """
    found: Signs = {}
    letters = _letters(values, limits)
    for match in BEYOND_THE_LIMITS.finditer(letters):
        _add(found, range(match.start(), match.end()), OUTSIDE, match[0] == "A")
    for match in reversed([*SIX_MOVES.finditer(_moves(values, limits.slack))]):
        _add(found, range(match.start(), match.end() + 1), TREND, match[0][0] == "+")
    places = {at for match in TWO_BEYOND.finditer(letters) for at in range(match.start(), match.start() + 3)}
    for at in sorted(places):
        # The third of them, nearer to the mean, is not marked.
        if letters[at] in "AUBD":
            _add(found, range(at, at + 1), TWO_OF_THREE, letters[at] in "AU")
    for match in SEVEN_ON_A_SIDE.finditer(letters):
        _add(found, range(match.start(), match.end()), SHIFT, match[0][0] in "AUu")
    return found


def _add(found: Signs, places: range, cause: Cause, up: bool) -> None:
    for at in places:
        found.setdefault(at, []).append((cause, up))


def _letters(values: Sequence[float | None], limits: Limits) -> str:
    slack = limits.slack
    upper, near_upper, above = limits.upper + slack, limits.near_upper + slack, limits.mean + slack
    lower, near_lower, below = limits.lower - slack, limits.near_lower - slack, limits.mean - slack
    return "".join(
        [
            " "
            if value is None
            else ("u" if value <= near_upper else "U" if value <= upper else "A")
            if value > above
            else ("d" if value >= near_lower else "D" if value >= lower else "B")
            if value < below
            else "."
            for value in values
        ]
    )


def _moves(values: Sequence[float | None], slack: float) -> str:
    """One sign for each move: up, down or none, a space where either value is missing."""
    return "".join(
        [
            " " if old is None or new is None else "+" if new > old + slack else "-" if new < old - slack else "="
            for old, new in zip(values, values[1:], strict=False)
        ]
    )
