"""The rows of a tidy file that somebody chose: exactly one for each area and period, or a refusal that says which
filter to choose. Pure: no Django."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import partial

from ..benchmark_entries import Period
from ..numbers import Unit
from ..quarters import Quarter, Year
from .cells import Cell, Row
from .findings import Findings, RowCode
from .headings import folded
from .issues import ENDS, OTHER, Answers, Code, Question, Refused, answer_to
from .numbers import read_figure, read_symbol
from .periods import read_period
from .tidy_file import IDENTIFIER, PERIOD, Area, TidyFile, is_symbol

# Kinds of years beside which open data writes a single year.
SINGLE = frozenset({"reporting year", "financial year"})
SYMBOL_WORDS = {
    "c": "confidential",
    "x": "not available",
    "z": "not applicable",
    "k": "rounds to zero",
    "low": "rounds to zero",
    "u": "low reliability",
    ":": "not available",
}
OTHER_SYMBOL = "not available"
NAMED_AT_MOST = 3
USE_YEARS = "Use financial years and their quarters: nothing is moved from one kind of year to another."
Place = tuple[str, Period]


@dataclass(frozen=True)
class Reading:
    """One cell of a chosen row. `figure` is None for a symbol and where `failed`: the cell cannot be read, or waits for
    an answer."""

    row: Row
    figure: Decimal | None
    failed: bool = False


@dataclass
class Selection:
    """One row for each area and period; `broken` are the places whose rows were refused."""

    file: TidyFile
    answers: Answers
    findings: Findings
    rows: dict[Place, Row] = field(default_factory=dict)
    broken: dict[Place, Row] = field(default_factory=dict)
    areas: dict[str, Area] = field(default_factory=dict)
    symbols: Counter[str] = field(default_factory=Counter)
    examples: list[str] = field(default_factory=list)

    def figures(self, name: str, unit: Unit) -> dict[Place, Reading]:
        """The cells of one indicator column, read in the unit of its series."""
        found = {place: self._figure(place, row, name, unit) for place, row in self.rows.items()}
        return found | {place: Reading(row, None, failed=True) for place, row in self.broken.items()}

    def _figure(self, place: Place, row: Row, name: str, unit: Unit) -> Reading:
        cell = self.file.cell(row, name)
        if cell.is_empty or is_symbol(cell):
            self._tell(place, cell)
            return Reading(row, None)
        attempt = self.findings.attempt(row.number)
        read = attempt.take(self.file.label(name), cell.text, lambda: read_figure(cell, unit, self.answers))
        if read is None or read.number is None:
            return Reading(row, None, failed=attempt.failed)
        # Without the zeros at its end, which nobody typed; 1000 and not 1E+3.
        return Reading(row, read.number.normalize() + 0)

    def _tell(self, place: Place, cell: Cell) -> None:
        key, period = place
        text = cell.text.strip() or "empty"
        self.symbols[text] += 1
        if len(self.examples) < NAMED_AT_MOST:
            self.examples.append(f"{self.areas[key].name} {period.label} ({text})")

    def told(self) -> list[str]:
        """ "Without a figure, left out: 3 (c, confidential: 2; x, not available: 1), such as Hull 2016/17 (c)."."""
        if not self.symbols:
            return []
        kinds = "; ".join(f"{_symbol_words(text)}: {count:,}" for text, count in sorted(self.symbols.items()))
        total = sum(self.symbols.values())
        return [f"Without a figure, left out: {total:,} ({kinds}), such as {', '.join(self.examples)}."]


def _symbol_words(text: str) -> str:
    if text == "empty":
        return text
    return f"{text}, {SYMBOL_WORDS.get(read_symbol(text), OTHER_SYMBOL)}"


def select(
    file: TidyFile, filters: Mapping[str, str], wanted: Collection[str], answers: Answers, findings: Findings
) -> Selection:
    """`filters` gives the value chosen of each filter column, `wanted` the keys of the areas."""
    chosen = {name: folded(value) for name, value in filters.items()}
    groups: dict[Place, list[Row]] = defaultdict(list)
    for row, area in file.rows:
        if area.key not in wanted or any(folded(file.cell(row, name).text) != text for name, text in chosen.items()):
            continue
        attempt = findings.attempt(row.number)
        cell, kind = file.cell(row, PERIOD), file.cell(row, IDENTIFIER)
        shown = " ".join(text for text in (cell.text, kind.text) if text)
        period = attempt.take(file.label(PERIOD), shown, partial(_period, cell, kind.text, answers))
        if period is not None:
            groups[area.key, period].append(row)
    selection = Selection(file, answers, findings, areas={area.key: area for area in file.areas})
    for place, rows in groups.items():
        if len(rows) == 1:
            selection.rows[place] = rows[0]
        else:
            selection.broken[place] = rows[0]
            _refuse_several(file, place, rows, selection)
    return selection


def _period(cell: Cell, identifier: str, answers: Answers) -> Period:
    """A financial year or one of its quarters; Refused for every other period, NeedsAnswer for a single year."""
    kind = folded(identifier)
    if not kind:
        why = f"The row does not say what kind of period {cell.text or 'it'} is."
        raise Refused(Code.OTHER_YEAR, why, "Fill in time_identifier, such as “Financial year”.")
    if kind in SINGLE and re.fullmatch(r"[0-9]{4}", cell.text.strip()):
        answer = answer_to(Question.YEAR_END, answers)
        if answer == OTHER:
            raise _not_financial(f"{cell.text} {identifier}")
        year = int(cell.text.strip())
        return _year(year - 1 if answer == ENDS else year, cell)
    found = read_period(cell, answers, identifier="financial year" if kind == "reporting year" else identifier)
    if not isinstance(found, Year | Quarter):
        raise _not_financial(f"{cell.text} {identifier}")
    return found


def _year(start: int, cell: Cell) -> Year:
    try:
        return Year(start)
    except ValueError as error:
        raise Refused(Code.FAR_YEAR, str(error), f"Correct {cell.text}.") from error


def _not_financial(read: str) -> Refused:
    return Refused(Code.OTHER_YEAR, f"“{read}” is neither a financial year nor one of its quarters.", USE_YEARS)


def _refuse_several(file: TidyFile, place: Place, rows: list[Row], selection: Selection) -> None:
    """Which filter tells the rows apart, or that none does: then which figure is meant cannot be known."""
    key, period = place
    what = f"{selection.areas[key].name}, {period.label}"
    open_filters = [
        one.name for one in file.filters if len({folded(file.cell(row, one.name).text) for row in rows}) > 1
    ]
    if open_filters:
        names = " and ".join(f"“{name}”" for name in open_filters)
        refused = Refused(
            RowCode.DUPLICATE,
            f"{len(rows)} rows are left for {what}; they differ in {names}.",
            f"Choose one value of {names}.",
        )
    else:
        others = ", ".join(f"{row.number}" for row in rows[1 : NAMED_AT_MOST + 1])
        refused = Refused(
            RowCode.DUPLICATE,
            f"{what} stands in the file {len(rows)} times, also in row {others}, with the same filter values.",
            "Keep the row that is right and take the others out.",
        )
    for row in rows:
        selection.findings.refuse(row.number, file.label(open_filters[0]) if open_filters else "", what, refused)
