"""The read model of the entry grid: every series of a quarter with its boxes, its past, and what looks odd.

`read` asks the database; `build` makes rows of it, with or without what somebody has just typed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from .entries import Entry, held_value
from .entry_sheet import Cell, line_of, series_of
from .expectation import LATEST, Expected, expected
from .grid_cells import Texts, texts_of
from .grid_doubts import cautions_of
from .grid_rows import Grid, Row, Slot, entry_of
from .holding import bounds_of, quarter_fields
from .models import Cycle, Definition, Observation, Series, kind_of
from .plausibility import Caution
from .policies import reason_asked
from .quarters import Month, Quarter
from .scorecard import scale_of
from .terms import PeriodKind, Window

LAST = 4
LOOK_BACK = 12

Period = Quarter | Month
Rows = Mapping[Period, Observation]


@dataclass(frozen=True)
class Facts:
    """What is held: by series, current rows of the quarter and of the twelve before it; since when each series is
    counted as it is now."""

    cycle: Cycle
    series: tuple[Series, ...]
    rows: Mapping[int, Rows]
    counted_since: Mapping[int, Quarter]

    @property
    def quarter(self) -> Quarter:
        return self.cycle.quarter


@dataclass(frozen=True)
class Sent:
    """One row as it came from a browser: texts and versions by period code. `errors` are messages by code and field,
    `moved` the codes of the periods that somebody else saved in between."""

    texts: Mapping[str, Texts]
    versions: Mapping[str, int]
    reason: str = ""
    errors: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    moved: frozenset[str] = frozenset()
    problem: str = ""


def read(cycle: Cycle) -> Facts:
    """Three queries, however many measures and series."""
    series, quarter = series_of(cycle), cycle.quarter
    ids = [one.pk for one in series]
    found = Observation.objects.filter(
        series__in=ids, start__range=(quarter.shift(-LOOK_BACK).start, quarter.end), is_current=True
    ).exclude(period_kind=PeriodKind.YEAR)
    rows: dict[int, dict[Period, Observation]] = defaultdict(dict)
    for row in found.select_related("by"):
        rows[row.series_id][row.period] = row
    definitions = Definition.objects.filter(series__in=ids, from_quarter__lte=quarter).order_by("from_quarter")
    since = dict(definitions.values_list("series_id", "from_quarter"))
    return Facts(cycle, tuple(series), rows, since)


def build(facts: Facts, typed: Mapping[int, Mapping[Period, Entry]] | None = None) -> Grid:
    """As held; `typed` says what of a series is to be shown as if it were held."""
    typed = typed or {}
    quarter = facts.quarter
    rows = {one.pk: overlaid(one, quarter, facts.rows[one.pk], typed.get(one.pk, {})) for one in facts.series}
    usual = {one.pk: _expected(one, facts) for one in facts.series}
    cautions = cautions_of(facts.series, quarter, rows, usual, typed)
    return Grid(
        quarter,
        tuple(_row(one, facts, rows[one.pk], usual[one.pk], cautions.get(one.pk, ())) for one in facts.series),
    )


def answered(grid: Grid, facts: Facts, series_id: int, sent: Sent) -> Row:
    """The row with what was sent in its boxes. A moved cell carries the version that is held now, so that saving it
    again is a choice; any other the version that was sent."""
    row = grid.row(series_id)
    slots = []
    for slot in row.slots:
        texts = sent.texts.get(slot.code)
        if texts is None:
            slots.append(slot)
            continue
        is_moved = slot.code in sent.moved
        held = facts.rows[series_id].get(slot.cell.period)
        slots.append(
            replace(
                slot,
                texts=texts,
                version=slot.version if is_moved else sent.versions[slot.code],
                errors={name: each for name, each in sent.errors.get(slot.code, {}).items() if name != "reason"},
                theirs=Cell(slot.cell.period, slot.cell.scale, held) if is_moved else None,
            )
        )
    reasons = [each["reason"] for each in sent.errors.values() if "reason" in each]
    return replace(
        row,
        slots=tuple(slots),
        reason=sent.reason,
        reason_error=reasons[0] if reasons else "",
        problem=sent.problem,
    )


def overlaid(series: Series, quarter: Quarter, held: Rows, typed: Mapping[Period, Entry]) -> Rows:
    """The rows with the typed entries in place, and the quarter that they would give. Nothing is stored."""
    if not typed:
        return held
    rows = dict(held)
    for period, entry in typed.items():
        rows[period] = _unsaved(series, period, entry, held.get(period))
    if series.is_derived:
        months = {month.start: rows[month] for month in quarter.months if month in rows}
        fields = quarter_fields(series, quarter, months)
        rows.pop(quarter, None)
        if fields:
            kind = PeriodKind.QUARTER
            rows[quarter] = Observation(series=series, period_kind=kind, start=quarter.start, **fields)
    return rows


def _unsaved(series: Series, period: Period, entry: Entry, held: Observation | None) -> Observation:
    return Observation(
        series=series,
        period_kind=kind_of(period),
        start=period.start,
        value=held_value(entry, bounds_of(series)),
        numerator=entry.numerator,
        denominator=entry.denominator,
        status=entry.status,
        note=entry.note,
        version=held.version if held else 0,
        revision=held.revision if held else 1,
    )


def _row(series: Series, facts: Facts, rows: Rows, usual: Expected | None, cautions: Sequence[Caution]) -> Row:
    held, line = facts.rows[series.pk], line_of(series, facts.quarter, rows)
    is_held = any(period in held for period in series.periods(facts.quarter))
    return Row(
        held=line_of(series, facts.quarter, held),
        line=line,
        slots=tuple(_slot(series, cell, held.get(cell.period)) for cell in line.typed),
        last=tuple(Cell(row.period, scale_of(series), row) for row in _past(series, facts)[-LAST:]),
        expected=usual,
        cautions=tuple(cautions),
        asks_reason=bool(reason_asked(facts.cycle, is_held=is_held)),
    )


def _slot(series: Series, cell: Cell, held: Observation | None) -> Slot:
    texts = texts_of(entry_of(held), bounds_of(series)) if held else Texts()
    return Slot(series, cell, held.version if held else 0, texts, texts, {})


def _past(series: Series, facts: Facts) -> list[Observation]:
    """Rows of the kind of period that is typed, from before the quarter, oldest first."""
    kind = kind_of(series.periods(facts.quarter)[0])
    found = [row for row in facts.rows[series.pk].values() if row.period_kind == kind]
    return sorted((row for row in found if row.start < facts.quarter.start), key=lambda row: row.start)


def _expected(series: Series, facts: Facts) -> Expected | None:
    """None for a window that reaches over several periods: its neighbours share what they count, so that they differ
    less than the next value may."""
    if series.window != Window.PERIOD:
        return None
    since = facts.counted_since.get(series.pk, series.first_quarter).start
    held = [row for row in _past(series, facts) if row.start >= since and row.value is not None][-LATEST:]
    if not held:
        return None
    past = {row.period: row.value for row in held}
    period, last, values = min(past), series.periods(facts.quarter)[0], []
    while period < last:
        values.append(past.get(period))
        period = period.shift(1)
    bounds = bounds_of(series)
    return expected(values, unit=bounds.unit, decimals=series.decimals, highest=bounds.highest)
