"""A series as the points and steps of a chart. Pure: no Django."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from .charts.description import Break, Point, Step
from .charts.parts import MARK
from .charts.spark import Dot
from .entries import Status
from .quarters import Quarter
from .readings import Aim, Reading, Scale
from .rows import SeriesRow


def dot_of(reading: Reading) -> Dot:
    return Dot(reading.period.end, reading.value, reading.illustrative, reading.status is Status.PROVISIONAL)


def point_of(reading: Reading, row: SeriesRow) -> Point:
    period = reading.period
    rating = row.rating_of(reading) if isinstance(period, Quarter) else None
    counts = (None, None) if reading.counts_illustrative else (reading.numerator, reading.denominator)
    return Point(
        at=period.end,
        label=period.label,
        short=period.short,
        value=reading.value,
        text=reading.text(row.scale),
        numerator=counts[0],
        denominator=counts[1],
        symbol=reading.symbol,
        illustrative=reading.illustrative,
        provisional="p" in reading.marks,
        revised=reading.revised,
        rating=rating.status.words if rating and reading.value is not None and row.aims else None,
    )


def steps_of(row: SeriesRow) -> list[Step]:
    """The targets as dated steps, the last one to the end of the row's quarter; none without targets."""
    if not row.aims:
        return []
    quarter = row.now.period
    ends = [aim.from_quarter.start - timedelta(days=1) for aim in row.aims[1:]] + [quarter.end]
    return [_step(aim, end, row.scale) for aim, end in zip(row.aims, ends, strict=True)]


def breaks_of(row: SeriesRow) -> list[Break]:
    return [Break(quarter.start, "New definition") for quarter in row.breaks]


def _step(aim: Aim, end: date, scale: Scale) -> Step:
    def text(word: str, value: Decimal | None, mark: str) -> str:
        return "" if value is None else f"{word} {scale.text(value)}{MARK if mark else ''}"

    return Step(
        aim.from_quarter.start,
        end,
        aim.target,
        aim.tolerance,
        text("target", aim.target, aim.target_mark),
        text("tolerance", aim.tolerance, aim.tolerance_mark),
    )
