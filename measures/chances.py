"""What chance could have done to a series' value, its change and its run off target. Pure: no Django."""

from __future__ import annotations

from dataclasses import dataclass

from .rating import Status
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


def chance_of(row: SeriesRow) -> Against | None:
    """None without counts that may be shown, without a target, and where the rating is one of rounding."""
    now, aim = row.now, row.aim
    if aim is None or now.value is None or now.counts_illustrative or row.rating.rounding_decides:
        return None
    found = against(
        now.numerator,
        now.denominator,
        aim.target,
        aim.tolerance,
        polarity=row.scale.polarity,
        unit=row.scale.unit,
    )
    # A value typed beside counts of something else is rated by itself.
    return found if found and found.met == (row.rating.status is Status.GREEN) else None


def change_of(row: SeriesRow) -> Change | None:
    """Of the move that the direction of travel names; None without counts of both quarters that may be shown."""
    now, before = row.now, row.before
    if row.travel is None or row.travel.direction is Direction.NO_CHANGE:
        return None
    if now.counts_illustrative or before.counts_illustrative:
        return None
    return change(
        (now.numerator, now.denominator),
        (before.numerator, before.denominator),
        unit=row.scale.unit,
        window=Window(row.window),
    )


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
