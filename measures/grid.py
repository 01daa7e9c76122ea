"""The read model of the entry grid: every series of a quarter with its boxes, its past, and what looks odd.

`read` asks the database; `build` makes rows of it, with or without what somebody has just typed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from .derivation import MONTHS, Derivation
from .entries import Entry, Status, held_value
from .entry_sheet import DERIVED_BY, Cell, Line, Sheet, line_of, series_of
from .expectation import Expected, expected
from .grid_cells import Texts, fields_of, texts_of
from .grid_doubts import cautions_of
from .holding import bounds_of, quarter_fields
from .models import Cycle, Definition, Observation, Series, kind_of
from .numbers import Unit, number_text
from .plausibility import Caution
from .policies import reason_asked
from .quarters import Month, Quarter
from .scorecard import scale_of
from .terms import PeriodKind, Window

LAST = 4
# What is older says little about what is usual now: the stocks and rates of such a contract drift.
USUAL = 8
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


@dataclass(frozen=True)
class Box:
    """One input. `name` is its own within the row, `id` on the page."""

    name: str
    id: str
    field: str
    label: str
    text: str
    error: str


@dataclass(frozen=True)
class Slot:
    """One period that is typed: `cell` as it is held or would be, `texts` in its boxes. `theirs` is what somebody else
    saved in between, None where nobody did."""

    series: Series
    cell: Cell
    version: int
    texts: Texts
    errors: Mapping[str, str]
    theirs: Cell | None = None

    @property
    def code(self) -> str:
        return self.cell.period.code

    @property
    def key(self) -> str:
        """Of this cell alone on the page."""
        return f"{self.series.pk}-{self.code}"

    @property
    def boxes(self) -> list[Box]:
        return [self._box(name) for name in fields_of(bounds_of(self.series))]

    @property
    def note(self) -> Box:
        return self._box("note")

    @property
    def their_texts(self) -> list[tuple[str, str]]:
        """Boxes by name, with what somebody else saved in between as one would type it."""
        row, bounds = self.theirs and self.theirs.row, bounds_of(self.series)
        texts = texts_of(entry_of(row), bounds) if row else Texts()
        return [(name, getattr(texts, name)) for name in (*fields_of(bounds), "note")]

    @property
    def told(self) -> bool:
        """Whether the boxes alone do not say all: a value computed from counts, a reason, a mark."""
        row = self.cell.row
        return row is not None and (row.value is None or row.numerator is not None or bool(self.cell.reading.marks))

    @property
    def unit_sign(self) -> str:
        """Beside the box of a percentage; other units are said in the row."""
        return "%" if self.series.unit == Unit.PERCENT else ""

    def _box(self, name: str) -> Box:
        return Box(
            name=f"{self.code}-{name}",
            id=f"box-{self.key}-{name}",
            field=name,
            label=f"{self.series.code} {self.series.name}, {name}, {self.cell.period.label}",
            text=getattr(self.texts, name),
            error=self.errors.get(name, ""),
        )


@dataclass(frozen=True)
class Row:
    """One series. `saved` is said of the last save, `problem` why it failed as a whole."""

    line: Line
    slots: tuple[Slot, ...]
    last: tuple[Cell, ...]
    expected: Expected | None
    cautions: tuple[Caution, ...]
    asks_reason: bool
    reason: str = ""
    reason_error: str = ""
    saved: str = ""
    problem: str = ""

    @property
    def series(self) -> Series:
        return self.line.series

    @property
    def form_id(self) -> str:
        return f"form-{self.series.pk}"

    @property
    def notes(self) -> int:
        return sum(bool(slot.cell.row and slot.cell.row.note) for slot in self.slots)

    @property
    def is_open(self) -> bool:
        """Whether something in the notes below the row has to be mended."""
        return bool(self.reason_error) or any("note" in slot.errors for slot in self.slots)

    @property
    def recent(self) -> list[tuple[str, str]]:
        """The last values before the quarter, oldest first: ("April 2018", "27")."""
        return [(cell.period.label, _short(cell)) for cell in self.last]

    @property
    def moved(self) -> list[Slot]:
        return [slot for slot in self.slots if slot.theirs]

    @property
    def wrong(self) -> int:
        return sum(len(slot.errors) for slot in self.slots) + bool(self.reason_error)

    @property
    def how(self) -> str:
        """ "mean of months", "mean of months, 2 of 3"."""
        words = DERIVED_BY[Derivation(self.series.derivation)]
        row = self.line.quarter.row
        if row is None or row.value is None or self.series.derivation == Derivation.SNAPSHOT_END:
            return words
        return words if row.months_present == MONTHS else f"{words}, {row.months_present} of {MONTHS}"


@dataclass(frozen=True)
class Grid:
    quarter: Quarter
    rows: tuple[Row, ...]

    @property
    def sheet(self) -> Sheet:
        return Sheet(self.quarter, tuple(row.line for row in self.rows))

    @property
    def groups(self) -> list[tuple]:
        """Pairs of a measure and its rows."""
        rows = {row.series.pk: row for row in self.rows}
        return [(measure, [rows[line.series.pk] for line in lines]) for measure, lines in self.sheet.groups]

    def row(self, series_id: int) -> Row:
        return next(row for row in self.rows if row.series.pk == series_id)

    def beside(self, row: Row) -> list[Row]:
        """The other rows whose cautions may change with this one: those of its measure, and every rate."""
        mine = row.series.measure_id
        others = [each for each in self.rows if each.series.pk != row.series.pk]
        return [each for each in others if each.series.measure_id == mine or each.series.unit == Unit.RATE]


def _short(cell: Cell) -> str:
    """Without its unit, which the row says: "27", "[x]"."""
    reading = cell.reading
    return reading.symbol if reading.value is None else number_text(reading.value, cell.scale.decimals)


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


def entry_of(row: Observation) -> Entry:
    return Entry(row.value, row.numerator, row.denominator, Status(row.status), row.note)


def _row(series: Series, facts: Facts, rows: Rows, usual: Expected | None, cautions: Sequence[Caution]) -> Row:
    held, line = facts.rows[series.pk], line_of(series, facts.quarter, rows)
    is_held = any(period in held for period in series.periods(facts.quarter))
    return Row(
        line=line,
        slots=tuple(_slot(series, cell, held.get(cell.period)) for cell in line.typed),
        last=tuple(Cell(row.period, scale_of(series), row) for row in _past(series, facts)[-LAST:]),
        expected=usual,
        cautions=tuple(cautions),
        asks_reason=bool(reason_asked(facts.cycle, is_held=is_held)),
    )


def _slot(series: Series, cell: Cell, held: Observation | None) -> Slot:
    texts = texts_of(entry_of(held), bounds_of(series)) if held else Texts()
    return Slot(series, cell, held.version if held else 0, texts, {})


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
    held = [row for row in _past(series, facts) if row.start >= since and row.value is not None][-USUAL:]
    if not held:
        return None
    past = {row.period: row.value for row in held}
    period, last, values = min(past), series.periods(facts.quarter)[0], []
    while period < last:
        values.append(past.get(period))
        period = period.shift(1)
    bounds = bounds_of(series)
    return expected(values, unit=bounds.unit, decimals=series.decimals, highest=bounds.highest)
