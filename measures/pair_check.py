"""Whether a number and its rate share a population with the other pairs of the quarter. Pure: no Django."""

from __future__ import annotations

from collections.abc import Iterable

from .plausibility import Figure, Pair, differing, pairs_of, populations_told
from .rows import MeasureRow, SeriesRow


def populations_note(measure: MeasureRow, rows: Iterable[MeasureRow]) -> str:
    """A sentence with the figures where one of the measure's pairs implies another population than one of another
    measure of `rows`; else empty."""
    others = [pair for row in rows if row is not measure for pair in _pairs(row)]
    apart = differing(_pairs(measure), others)
    if not apart:
        return ""
    codes = {code for pair in apart for code in (pair.number_code, pair.rate_code)}
    made = any(one.now.illustrative for row in rows for one in row.series if one.code in codes)
    return f"{populations_told(apart)}{' [i]' if made else ''}."


def _pairs(measure: MeasureRow) -> list[Pair]:
    beside = (*((measure.headline,) if measure.headline else ()), *measure.pairs)
    return pairs_of([(one.code, one.scale.unit, _figure(one)) for one in beside])


def _figure(row: SeriesRow) -> Figure | None:
    now, scale = row.now, row.scale
    if now.value is None:
        return None
    return Figure(now.period.label, now.value, scale.unit, scale.decimals, now.numerator, now.denominator)
