"""What chance could have done to a series' value, its change and its run off target. Pure: no Django."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from .derivation import SCALES
from .numbers import fraction_half_up, round_half_up
from .rating import Status
from .readings import Reading, Scale
from .rows import SeriesRow
from .stats.chance import Against, Change, against, change
from .terms import Window
from .travel import Direction

OFF = (Status.RED, Status.AMBER, Status.MISSED)


@dataclass(frozen=True)
class OffTarget:
    """`quarters` in a row up to this one, `whole`: every quarter that the row holds; `illustrative`: one of the earlier
    values, or one of the targets, is."""

    quarters: int
    whole: bool
    illustrative: bool


def counts_of(reading: Reading, scale: Scale) -> tuple[Decimal, Decimal] | None:
    """Numerator and denominator; None where one is missing or may not be shown, and where they do not give the value
    as printed: beside a typed value may stand counts of something else."""
    value, numerator, denominator = reading.value, reading.numerator, reading.denominator
    if value is None or numerator is None or not denominator or reading.counts_illustrative:
        return None
    given = Fraction(numerator) / Fraction(denominator) * SCALES[scale.unit]
    if fraction_half_up(given, scale.decimals) != round_half_up(value, scale.decimals):
        return None
    return numerator, denominator


def chance_of(row: SeriesRow) -> Against | None:
    """None without counts of the value, without a target, and where the rating is one of rounding."""
    counts, aim = counts_of(row.now, row.scale), row.aim
    if aim is None or counts is None or row.rating.rounding_decides:
        return None
    found = against(
        *counts,
        aim.target,
        aim.tolerance,
        polarity=row.scale.polarity,
        unit=row.scale.unit,
    )
    # A value typed rounded is rated by itself.
    return found if found and found.met == (row.rating.status is Status.GREEN) else None


def change_of(row: SeriesRow) -> Change | None:
    """Of the move that the direction of travel names; None without counts of both values."""
    if row.travel is None or row.travel.direction is Direction.NO_CHANGE:
        return None
    now, before = counts_of(row.now, row.scale), counts_of(row.before, row.scale)
    if now is None or before is None:
        return None
    return change(now, before, unit=row.scale.unit, window=Window(row.window))


def off_target(row: SeriesRow) -> OffTarget:
    """Each quarter against its own target; a quarter that is met, missing or of another definition ends the run."""
    since = max((index for index, reading in enumerate(row.history) if reading.quarter in row.breaks), default=0)
    count, marked = 0, False
    for reading in reversed(row.history[since:]):
        if row.rating_of(reading).status not in OFF:
            break
        aim = row.aim_in(reading.quarter)
        marked = marked or (count > 0 and reading.illustrative) or bool(aim and aim.target_mark)
        count += 1
    return OffTarget(count, count == len(row.history), marked)
