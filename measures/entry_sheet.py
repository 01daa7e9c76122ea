"""What the entry pages show: what a quarter needs, what is held of it, and one series with its earlier values."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import groupby

from django.db.models import QuerySet

from .derivation import MONTHS, Derivation
from .models import Cycle, Definition, Observation, Series, kind_of
from .quarters import MONTH_NAMES, Month, Quarter
from .readings import Reading, Scale
from .scorecard import reading_of, scale_of

EARLIER = 4
NAMED_AT_MOST = 3
DERIVED_BY = {
    Derivation.SUM: "sum of months",
    Derivation.MEAN_OF_MONTHS: "mean of months",
    Derivation.SNAPSHOT_END: "last month",
    Derivation.POOLED_RATIO: "months pooled",
}


@dataclass(frozen=True)
class Cell:
    """One period of one series; `row` None when nothing is held."""

    period: Quarter | Month
    scale: Scale
    row: Observation | None = None

    @property
    def reading(self) -> Reading:
        return reading_of(self.row) if self.row else Reading(self.period)

    @property
    def is_held(self) -> bool:
        return self.row is not None

    @property
    def version(self) -> int:
        return self.row.version if self.row else 0

    @property
    def text(self) -> str:
        return self.reading.text(self.scale)

    @property
    def cohort(self) -> str:
        return self.reading.cohort()

    @property
    def is_figure(self) -> bool:
        return self.row is not None and self.row.value is not None

    @property
    def in_words(self) -> str:
        """ "70% [p] (147 of 210)"."""
        marked = " ".join([self.text, *(f"[{mark}]" for mark in self.reading.marks)])
        return f"{marked} ({self.cohort})" if self.cohort else marked


@dataclass(frozen=True)
class Line:
    """One series in the quarter. `typed` are the periods that an analyst enters; `quarter` is derived from them, or
    the one period typed."""

    series: Series
    typed: tuple[Cell, ...]
    quarter: Cell

    @property
    def held(self) -> int:
        return sum(cell.is_held for cell in self.typed)

    @property
    def missing(self) -> tuple[Cell, ...]:
        return tuple(cell for cell in self.typed if not cell.is_held)

    @property
    def missing_words(self) -> str:
        """ "October and December", "Q3 2018/19"; only where something is missing."""
        return _span([cell.period for cell in self.missing])

    @property
    def months(self) -> tuple[Cell, ...]:
        return self.typed if self.series.is_derived else ()

    @property
    def derived(self) -> str:
        """ "derived: mean of months, 2 of 3 months"; empty for a quarter that is typed. The last month alone decides
        a snapshot, so there the others are not counted."""
        if not self.series.is_derived:
            return ""
        words = f"derived: {DERIVED_BY[Derivation(self.series.derivation)]}"
        row = self.quarter.row
        if row is None or self.series.derivation == Derivation.SNAPSHOT_END:
            return words
        return f"{words}, {row.months_present} of {MONTHS} months"

    @property
    def outcome(self) -> str:
        """ "Q2 2018/19: 1,898 (derived: mean of months, 2 of 3 months)"."""
        return f"{self.quarter.period.label}: {self.quarter.in_words} ({self.derived})"

    @property
    def state(self) -> str:
        """ "Held", "2 of 3 held" or "Missing"."""
        if not self.missing:
            return "Held"
        return f"{self.held} of {len(self.typed)} held" if self.held else "Missing"


@dataclass(frozen=True)
class Sheet:
    """Every series of the quarter, measure by measure."""

    quarter: Quarter
    lines: tuple[Line, ...]

    @property
    def groups(self) -> list[tuple]:
        """Pairs of a measure and its lines."""
        grouped = groupby(self.lines, key=lambda line: line.series.measure)
        return [(measure, list(lines)) for measure, lines in grouped]

    @property
    def held(self) -> int:
        return sum(line.held for line in self.lines)

    @property
    def expected(self) -> int:
        return sum(len(line.typed) for line in self.lines)

    @property
    def incomplete(self) -> list[Line]:
        return [line for line in self.lines if line.missing]

    @property
    def is_complete(self) -> bool:
        return self.held == self.expected

    @property
    def completeness(self) -> str:
        """ "14 of 19 values held; E18 October to December missing."."""
        if not self.expected:
            return "No value is due in this quarter."
        if not self.held:
            return f"None of {self.expected} values held yet."
        if self.is_complete:
            return f"All {self.expected} values held."
        return f"{self.held} of {self.expected} values held; {self._missing} missing."

    @property
    def _missing(self) -> str:
        lines = self.incomplete
        if len(lines) > NAMED_AT_MOST:
            return f"values of {len(lines)} series"
        named = [f"{line.series.code} {line.missing_words}" for line in lines]
        return " and ".join([", ".join(named[:-1]), named[-1]] if len(named) > 1 else named)


def _span(periods: list[Quarter | Month]) -> str:
    """Months of one quarter by name, neighbours as a span: "October to December", "October and December"."""
    if isinstance(periods[0], Quarter):
        return periods[0].label
    names = [MONTH_NAMES[period.month - 1] for period in periods]
    return names[0] if len(names) == 1 else f"{names[0]} {'to' if len(names) == MONTHS else 'and'} {names[-1]}"


def build(cycle: Cycle) -> Sheet:
    """Two queries, however many measures and series."""
    series = series_of(cycle)
    rows = Observation.objects.filter(
        series__in=[one.pk for one in series],
        start__range=(cycle.quarter.start, cycle.quarter.end),
        is_current=True,
    )
    held: dict[int, dict] = defaultdict(dict)
    for row in rows:
        held[row.series_id][row.period] = row
    return Sheet(cycle.quarter, tuple(line_of(one, cycle.quarter, held[one.pk]) for one in series))


def series_of(cycle: Cycle) -> list[Series]:
    """The cycle's series with their measures, in the contract's order."""
    found = Series.objects.covering(cycle.quarter).select_related("measure")
    measures = found.filter(measure__contract=cycle.contract_id, measure__first_quarter__lte=cycle.quarter).exclude(
        measure__last_quarter__lt=cycle.quarter
    )
    return list(measures.order_by("measure__position", "measure__code", "position", "code"))


def line_of(series: Series, quarter: Quarter, held: Mapping[Quarter | Month, Observation]) -> Line:
    scale = scale_of(series)
    typed = tuple(Cell(period, scale, held.get(period)) for period in series.periods(quarter))
    return Line(series, typed, Cell(quarter, scale, held.get(quarter)))


@dataclass(frozen=True)
class SeriesSheet:
    """One series in the quarter, with the last values held of it before the quarter, latest first."""

    line: Line
    earlier: tuple[Cell, ...]
    definition: str
    neighbours: tuple[Series | None, Series | None]


def build_series(cycle: Cycle, series_id: int) -> SeriesSheet | None:
    """Four queries; None when the series is not one of the cycle's."""
    every = series_of(cycle)
    index = next((i for i, one in enumerate(every) if one.pk == series_id), None)
    if index is None:
        return None
    series, quarter = every[index], cycle.quarter
    rows = Observation.objects.filter(series=series, is_current=True).select_related("by")
    in_quarter = {row.period: row for row in rows.filter(start__range=(quarter.start, quarter.end))}
    definition = Definition.objects.filter(series=series, from_quarter__lte=quarter).order_by("-from_quarter").first()
    return SeriesSheet(
        line=line_of(series, quarter, in_quarter),
        earlier=_earlier(series, quarter, rows),
        definition=definition.text if definition else "",
        neighbours=(every[index - 1] if index else None, every[index + 1] if index + 1 < len(every) else None),
    )


def _earlier(series: Series, quarter: Quarter, rows: QuerySet[Observation]) -> tuple[Cell, ...]:
    kind = kind_of(series.periods(quarter)[0])
    found = rows.filter(period_kind=kind, start__lt=quarter.start).order_by("-start")[:EARLIER]
    scale = scale_of(series)
    return tuple(Cell(row.period, scale, row) for row in found)
