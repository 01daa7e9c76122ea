"""The dataclasses of the entry grid, ready for its templates."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from .derivation import MONTHS, Derivation
from .entries import Entry, Status
from .entry_sheet import DERIVED_BY, Cell, Line, Sheet
from .expectation import Expected
from .grid_cells import Texts, fields_of, texts_of
from .holding import bounds_of
from .models import Observation, Series
from .numbers import Unit, number_text
from .plausibility import Caution
from .quarters import Quarter

NUMBER = re.compile(r"[-−\d.,\s]*")


@dataclass(frozen=True)
class Box:
    """One input. `name` is its own within the row, `id` on the page. `seen` is what is held, as one would type it: a
    form without script sends it back, so that a box that nobody touched says nothing."""

    name: str
    id: str
    field: str
    label: str
    text: str
    seen: str
    error: str


@dataclass(frozen=True)
class Slot:
    """One period that is typed: `cell` as it is held or would be, `texts` in its boxes, `seen` as it is held. `theirs`
    is what somebody else saved in between, None where nobody did."""

    series: Series
    cell: Cell
    version: int
    texts: Texts
    seen: Texts
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

    @property
    def is_number(self) -> bool:
        """Whether the value is a number alone, or none yet: a reason has no unit, and a sign that is typed is one."""
        return NUMBER.fullmatch(self.texts.value) is not None

    def _box(self, name: str) -> Box:
        return Box(
            name=f"{self.code}-{name}",
            id=f"box-{self.key}-{name}",
            field=name,
            label=f"{self.series.code} {self.series.name}, {name}, {self.cell.period.label}",
            text=getattr(self.texts, name),
            seen=getattr(self.seen, name),
            error=self.errors.get(name, ""),
        )


@dataclass(frozen=True)
class Row:
    """One series: `held` as it is held, `line` the same with what is typed in its place. `saved` is said of the last
    save, `problem` why it failed as a whole."""

    held: Line
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
    def noted(self) -> list[tuple[str, str]]:
        """Notes that are held, with the names of their periods."""
        return [(cell.period.label, cell.row.note) for cell in self.held.typed if cell.row and cell.row.note]

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
        """What is held: a value that is only typed counts for nothing."""
        return Sheet(self.quarter, tuple(row.held for row in self.rows))

    @property
    def doubtful(self) -> list[Row]:
        return [row for row in self.rows if row.cautions]

    @property
    def doubts(self) -> int:
        """How many cautions there are in all."""
        return sum(len(row.cautions) for row in self.rows)

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


def entry_of(row: Observation) -> Entry:
    return Entry(row.value, row.numerator, row.denominator, Status(row.status), row.note)
