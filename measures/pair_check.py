"""Whether a number and its rate share a population with the other pairs of the quarter. Pure: no Django."""

from __future__ import annotations

from collections.abc import Iterable

from .plausibility import Figure, Pair, differing, numerator_apart, pairs_of, populations_told
from .rows import MeasureRow, SeriesRow


def populations_note(measure: MeasureRow, rows: Iterable[MeasureRow]) -> str:
    """What does not fit about the measure's pairs: a rate whose own numerator is not the number beside it, then a pair
    that implies another population than one of another measure of `rows`. A sentence each; empty where all fits."""
    rows = list(rows)
    own = _pairs(measure)
    counted = [caution.sentence.removesuffix(".") for pair in own for caution in numerator_apart(pair)]
    told = [f"{sentence}{_mark(own, [measure])}." for sentence in counted]
    apart = differing(own, [pair for row in rows if row is not measure for pair in _pairs(row)])
    if apart:
        told.append(f"{populations_told(apart)}{_mark(apart, rows)}.")
    return " ".join(told)


def _mark(pairs: Iterable[Pair], rows: Iterable[MeasureRow]) -> str:
    codes = {code for pair in pairs for code in (pair.number_code, pair.rate_code)}
    made = any(one.now.illustrative for row in rows for one in row.series if one.code in codes)
    return " [i]" if made else ""


def _pairs(measure: MeasureRow) -> list[Pair]:
    beside = (*((measure.headline,) if measure.headline else ()), *measure.pairs)
    return pairs_of([(one.code, one.scale.unit, _figure(one)) for one in beside])


def _figure(row: SeriesRow) -> Figure | None:
    now, scale = row.now, row.scale
    if now.value is None:
        return None
    counts = (None, None) if now.counts_illustrative else (now.numerator, now.denominator)
    return Figure(now.period.label, now.value, scale.unit, scale.decimals, *counts)
