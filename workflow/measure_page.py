"""What the measure page shows of one series, ready to print."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from measures.benchmark_entries import COMPARABILITY_WORDS, period_words, source_words
from measures.derivation import Derivation
from measures.numbers import number_text
from measures.overlays import with_interval
from measures.plotting import point_of
from measures.quarters import Quarter
from measures.readings import UNIT_WORDS, Reading
from measures.rows import MeasureRow, Scorecard, SeriesRow
from measures.terms import Comparability
from measures.trend import Trend

from .tiles import Marked, aim_text

POLARITY_WORDS = {"higher": "higher is better", "lower": "lower is better", "neutral": "neither way is better"}


def switchable(trend: Trend) -> set[str]:
    """Which switches of the chart (workflow.chart_view.SWITCHES) the series has something to show of."""
    if trend.chart is None:
        return set()
    apart = COMPARABILITY_WORDS[Comparability.NOT_COMPARABLE]
    row, is_limited = trend.row, has_limits(trend)
    has = {
        "limits": is_limited,
        "screen": is_limited,
        "interval": any(with_interval(point_of(each, row), each, row).low is not None for each in trend.readings),
        "benchmarks": any(each.comparability != apart for each in trend.comparisons),
        "target": row.targets_hold_for(trend.frequency) and any(aim.target is not None for aim in row.aims),
    }
    return {name for name, held in has.items() if held}


def has_limits(trend: Trend) -> bool:
    """Whether the periods shown are those that the limits are of, and there are any."""
    found = trend.row.process.xmr if trend.row.track.frequency is trend.frequency else None
    return found is not None and any(segment.limits for segment in found.segments)


@dataclass(frozen=True)
class TableRow:
    """`revised` is the reading where it was revised: its history has a page."""

    period: str
    value: str
    marks: tuple[str, ...]
    cohort: str
    target: str
    target_marks: str
    tolerance: str
    tolerance_marks: str
    status: str
    rating: str
    note: str
    revised: Reading | None = None


@dataclass(frozen=True)
class Table:
    """The figures behind the chart, latest first; a column that would be empty is left out."""

    rows: tuple[TableRow, ...]

    @property
    def has_cohorts(self) -> bool:
        return any(row.cohort for row in self.rows)

    @property
    def has_targets(self) -> bool:
        return any(row.target for row in self.rows)

    @property
    def has_ratings(self) -> bool:
        return any(row.rating for row in self.rows)

    @property
    def has_notes(self) -> bool:
        return any(row.note for row in self.rows)


def table(trend: Trend) -> Table:
    return Table(tuple(_table_row(trend.row, reading) for reading in reversed(trend.readings)))


def _table_row(row: SeriesRow, reading: Reading) -> TableRow:
    period = reading.period
    aim = row.aim_for(reading)
    rating = row.rating_of(reading) if isinstance(period, Quarter) and aim and reading.value is not None else None
    return TableRow(
        period=period.label,
        value=reading.text(row.scale),
        marks=reading.marks,
        cohort="" if reading.counts_illustrative else reading.cohort(),
        target=row.scale.text(aim.target) if aim and aim.target is not None else "",
        tolerance=row.scale.text(aim.tolerance) if aim and aim.tolerance is not None else "",
        target_marks=aim.target_mark if aim and aim.target is not None else "",
        tolerance_marks=aim.tolerance_mark if aim and aim.tolerance is not None else "",
        status=rating.status if rating else "",
        rating=rating.status.words if rating else "",
        note=reading.note,
        revised=reading if reading.revised else None,
    )


@dataclass(frozen=True)
class Headline:
    """The big number and what stands beside it."""

    number: str
    unit: str
    absent: str
    marks: tuple[str, ...]
    cohort: str
    counts_note: str


@dataclass(frozen=True)
class Badge:
    """The rating beside the headline; not shown for a series that carries none."""

    shown: bool
    status: str
    word: str
    reason: str


def badge(measure: MeasureRow, row: SeriesRow, *, visible: bool) -> Badge:
    rating = row.rating
    if measure.is_volumetric:
        return Badge(True, "none", "Volumetric", rating.reason)
    return Badge(visible and row is measure.headline, rating.status, rating.status.words, rating.reason)


DERIVED_BY = {
    Derivation.SUM: "The sum of its three months.",
    Derivation.MEAN_OF_MONTHS: "The mean of its three months.",
    Derivation.SNAPSHOT_END: "The value at the end of its last month.",
    Derivation.POOLED_RATIO: "All three months’ counts together, not the mean of their percentages.",
    Derivation.ENTERED: "Entered for the quarter as a whole.",
}


def headline(row: SeriesRow, *, visible: bool) -> Headline:
    now = row.now
    held = now.value is not None
    return Headline(
        number=number_text(now.value, row.scale.decimals) if held else "",
        unit=UNIT_WORDS[row.scale.unit],
        absent="" if held else now.text(row.scale) if visible else "Not submitted yet",
        marks=now.marks,
        cohort="" if now.counts_illustrative else now.cohort(counted=row.scale.counted) or _noun(row),
        counts_note="Counts behind this value are illustrative and not shown." if now.counts_illustrative else "",
    )


def _noun(row: SeriesRow) -> str:
    return row.scale.counted if not UNIT_WORDS[row.scale.unit] else ""


def aims(row: SeriesRow) -> tuple[Marked | None, Marked | None]:
    return aim_text(row, "target"), aim_text(row, "tolerance")


def neighbours(card: Scorecard, measure: MeasureRow) -> tuple[MeasureRow | None, MeasureRow | None]:
    """The measures before and after, in the scorecard's order: areas for improvement, sections, volumetric ones."""
    sections = list(dict.fromkeys(row.section for row in card.rows if not row.is_area and not row.is_volumetric))

    def group(row: MeasureRow) -> int:
        if row.is_area:
            return -1
        return len(sections) if row.is_volumetric else sections.index(row.section)

    order: Sequence[MeasureRow] = sorted(card.rows, key=group)
    place = order.index(measure)
    return (order[place - 1] if place else None, order[place + 1] if place + 1 < len(order) else None)


def group_of(measure: MeasureRow) -> str:
    if measure.is_area:
        return "Areas for improvement"
    return "Volumetric" if measure.is_volumetric else measure.section


def eyebrow(measure: MeasureRow, row: SeriesRow | None) -> str:
    """ "A4 · contractual · higher is better", and the series' own name where it is not the headline."""
    parts = [measure.code, str(measure.kind)]
    if row and not measure.is_volumetric:
        parts.append(POLARITY_WORDS[row.scale.polarity])
    if row and row is not measure.headline:
        parts.append(row.name)
    return " · ".join(parts)


@dataclass(frozen=True)
class BenchmarkRow:
    """`source` is whose figure, which edition and when it was published; `id` is for the page that changes it."""

    id: int
    comparator: str
    period: str
    text: str
    source: str
    method: str
    comparability: str
    note: str


def benchmark_rows(trend: Trend) -> list[BenchmarkRow]:
    return [
        BenchmarkRow(
            c.id,
            c.comparator,
            period_words(c.period),
            c.text,
            source_words(c.source, c.edition, c.published_on),
            c.method,
            c.comparability,
            c.note,
        )
        for c in trend.comparisons
    ]
