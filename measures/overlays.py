"""What the statistics draw on the chart of a series: process limits, special causes, intervals. Pure: no Django."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from .chances import counts_of
from .charts.parts import CONCERN, IMPROVEMENT, NEUTRAL, Limits, Point
from .numbers import round_half_up
from .quarters import Month, Quarter
from .readings import Reading, Scale
from .rows import SeriesRow
from .stats import chance
from .stats.spc import Variation, Xmr
from .stats.suitability import Process
from .stats.words import CAUSE_WORDS
from .terms import Frequency
from .track import Track

# More digits than are printed: what is drawn of a float.
DRAWN = 6
KINDS = {
    Variation.IMPROVEMENT_HIGH: IMPROVEMENT,
    Variation.IMPROVEMENT_LOW: IMPROVEMENT,
    Variation.CONCERN_HIGH: CONCERN,
    Variation.CONCERN_LOW: CONCERN,
    Variation.NEUTRAL_HIGH: NEUTRAL,
    Variation.NEUTRAL_LOW: NEUTRAL,
}


@dataclass(frozen=True)
class Switches:
    """What a reader wants to see on the chart. `screen` leaves unusual changes out of the limits."""

    limits: bool = True
    screen: bool = False
    interval: bool = True
    benchmarks: bool = True
    target: bool = True


EVERYTHING = Switches()


def limits_of(track: Track, found: Xmr, scale: Scale) -> list[Limits]:
    """Of each segment that has any."""
    result = []
    for segment in found.segments:
        if segment.limits is None:
            continue
        mean, lower, upper = (
            _decimal(number) for number in (segment.limits.mean, segment.limits.lower, segment.limits.upper)
        )
        result.append(
            Limits(
                track.period(segment.start).start,
                track.period(segment.stop - 1).end,
                mean,
                lower,
                upper,
                segment.trial,
                scale.text(mean),
                scale.text(lower),
                scale.text(upper),
            )
        )
    return result


def with_signals(points: Mapping[Quarter | Month, Point], track: Track, found: Xmr) -> dict[Quarter | Month, Point]:
    """Each special cause with its kind and its reason."""
    marked = dict(points)
    for period, point in points.items():
        index = track.index_of(period)
        said = found.points[index] if index is not None else None
        if said and said.variation in KINDS:
            text = " and ".join(CAUSE_WORDS[each] for each in said.reasons)
            marked[period] = replace(point, signal=KINDS[said.variation], signal_text=text)
    return marked


def with_interval(point: Point, reading: Reading, row: SeriesRow) -> Point:
    """Whiskers where the cohort is small: with many cases an interval is narrower than what everyone sees anyway."""
    counts = counts_of(reading, row.scale)
    found = chance.interval(*counts, row.scale.unit) if counts else None
    if counts is None or found is None or not chance.is_small(*counts, row.small_cohort):
        return point
    low, high = found
    return replace(point, low=_decimal(low), high=_decimal(high))


def process_of(row: SeriesRow, frequency: Frequency, switches: Switches) -> Process | None:
    """None where the reader wants no limits, or sees other periods than the limits are of."""
    if not switches.limits or row.track.frequency is not frequency:
        return None
    return row.process_with(screen=switches.screen)


def _decimal(number: float) -> Decimal:
    return round_half_up(Decimal(repr(number)), DRAWN)
