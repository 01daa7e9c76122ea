"""What process limits are computed from, or why there are none: said beside the chart. Pure: no Django."""

from __future__ import annotations

from dataclasses import dataclass

from .overlays import Switches
from .rows import SeriesRow
from .stats.limits import SETTLED, Segment
from .stats.spc import Xmr
from .terms import Frequency
from .track import Track

MANY = 3  # more than one value in so many
CHANGED = "the process itself may have changed, and limits set anew from the change on would show what is usual since."


@dataclass(frozen=True)
class Basis:
    """`elsewhere` are the periods that the limits stand on where the chart shows others."""

    sentences: tuple[str, ...] = ()
    elsewhere: Frequency | None = None


def basis_of(row: SeriesRow, shown: Frequency, switches: Switches) -> Basis:
    """Empty while the reader wants no limits, and where nothing was held before the latest value."""
    track = row.track
    if not switches.limits or track.count < 2:
        return Basis()
    process = row.process_with(screen=switches.screen)
    mark = " [i]" if track.illustrative else ""
    if process.xmr is None:
        return Basis((f"No process limits: {_inside(process.refusal)}",))
    if track.frequency is not shown:
        held = _counted(track.count, track.frequency)
        return Basis((f"Process limits are computed on its {held}{mark}.",), track.frequency)
    return Basis(
        tuple(
            _segment(each, process.xmr, track, screened=switches.screen, mark=mark)
            for each in process.xmr.segments
            if each.count
        )
    )


def _segment(segment: Segment, xmr: Xmr, track: Track, *, screened: bool, mark: str) -> str:
    first, last = (track.period(index).label for index in (segment.start, segment.stop - 1))
    when = f"{first} to {last}" if first != last else first
    if segment.limits is None:
        return f"No process limits for {when}: {_inside(segment.refusal)}"
    held = f"{_counted(segment.count, track.frequency)}, {when}{mark}"
    if segment.trial:
        return f"Trial process limits from {held}: with fewer than {SETTLED} they still move with each value."
    said = f"Process limits from {held}{', unusual changes left out' if screened else ''}."
    marked = sum(segment.start <= index < segment.stop for index in xmr.unusual)
    if marked * MANY <= segment.count:
        return said
    return f"{said} {'All' if marked == segment.count else marked} of them are signals: {CHANGED}"


def _counted(count: int, frequency: Frequency) -> str:
    return f"{count} {frequency}{'' if count == 1 else 's'}"


def _inside(sentence: str) -> str:
    """After a colon."""
    return sentence[0].lower() + sentence[1:]
