"""Every caution of a quarter, by series: the rules of `measures.plausibility` asked about rows as held or typed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby

from .entries import Entry
from .expectation import Expected
from .models import Observation, Series, kind_of
from .numbers import Unit
from .plausibility import (
    Caution,
    Figure,
    Pair,
    beyond_usual,
    not_what_counts_give,
    numerator_apart,
    other_scale,
    pairs_of,
    populations_apart,
    same_as_before,
    subgroups_apart,
)
from .quarters import Month, Quarter
from .terms import SeriesRole

Period = Quarter | Month
Rows = Mapping[Period, Observation]


def cautions_of(
    series: Sequence[Series],
    quarter: Quarter,
    rows: Mapping[int, Rows],
    usual: Mapping[int, Expected | None],
    typed: Mapping[int, Mapping[Period, Entry]],
) -> dict[int, list[Caution]]:
    """By series id. `series` stand measure by measure; `typed` are the entries that `rows` hold as if stored."""
    found: dict[int, list[Caution]] = defaultdict(list)
    for one in series:
        found[one.pk] += _of_periods(one, quarter, rows[one.pk], usual[one.pk], typed.get(one.pk, {}))
    measures = [list(group) for _, group in groupby(series, key=lambda one: one.measure_id)]
    for group in measures:
        for headline, cautions in _of_subgroups(group, quarter, rows):
            found[headline.pk] += cautions
    pairs = [each for group in measures for each in _pairs(group, quarter, rows)]
    for rate, pair in pairs:
        found[rate.pk] += numerator_apart(pair)
        found[rate.pk] += populations_apart(pair, [other for _, other in pairs if other is not pair])
    return found


def figure_of(series: Series, row: Observation | None) -> Figure | None:
    if row is None or row.value is None:
        return None
    return Figure(row.period.label, row.value, Unit(series.unit), series.decimals, row.numerator, row.denominator)


def _of_periods(
    series: Series, quarter: Quarter, rows: Rows, usual: Expected | None, typed: Mapping[Period, Entry]
) -> Iterator[Caution]:
    periods = series.periods(quarter)
    kind = kind_of(periods[0])
    past = [
        row.value
        for row in rows.values()
        if row.period_kind == kind and row.start < quarter.start and row.value is not None
    ]
    figures = {period: figure for period in periods if (figure := figure_of(series, rows.get(period)))}
    scaled = {period: other_scale(figure, past) for period, figure in figures.items()}
    for cautions in scaled.values():
        yield from cautions
    # A value on another scale is always an unusual one; to say so once is enough.
    yield from beyond_usual([figure for period, figure in figures.items() if not scaled[period]], usual)
    for period, figure in figures.items():
        yield from same_as_before(figure, figure_of(series, rows.get(period.shift(-1))))
        if period in typed:
            yield from not_what_counts_give(figure, typed[period].value)


def _of_subgroups(
    group: Sequence[Series], quarter: Quarter, rows: Mapping[int, Rows]
) -> Iterator[tuple[Series, list[Caution]]]:
    subgroups = [one for one in group if one.role == SeriesRole.SUBGROUP]
    parts = [figure_of(one, rows[one.pk].get(quarter)) for one in subgroups]
    held = [part for part in parts if part is not None]
    if len(held) < len(parts):
        return
    for one in group:
        headline = figure_of(one, rows[one.pk].get(quarter)) if one.role == SeriesRole.HEADLINE else None
        if headline is not None:
            yield one, subgroups_apart(headline, held, one.code)


def _pairs(group: Sequence[Series], quarter: Quarter, rows: Mapping[int, Rows]) -> list[tuple[Series, Pair]]:
    """Each pair of a measure, with the series of its rate."""
    beside = {one.code: one for one in group if one.role != SeriesRole.SUBGROUP}
    figures = [(one.code, Unit(one.unit), figure_of(one, rows[one.pk].get(quarter))) for one in beside.values()]
    return [(beside[pair.rate_code], pair) for pair in pairs_of(figures)]
