"""How a file is probably meant: its sheet, its header row, its layout and columns. Pure: no Django.

A guess is only ever a proposal. Where two columns could be the same field it chooses neither.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from collections.abc import Mapping as Dict

from .cells import Book, Row, Sheet, column_letter
from .headings import OWN_EXTRAS, OWN_HEADER, TIDY, folded, meaning, word
from .issues import AS_THEY_ARE, POINT, Question
from .mapping import Field, Layout, Mapping
from .numbers import is_figure
from .periods import is_period
from .plan import Known

HEADER_WITHIN = 20
# Rows under a header whose texts say which of its columns names the series.
LOOKED_AT = 50
NOTES_SHEET = "Notes"
COMPLETE = 100
NAMING = (Field.MEASURE, Field.SERIES)
YEARS = frozenset({"year", "financial year", "fy", "fin year", "reporting year"})
# An own export leaves nothing open: its numbers are written as they are held.
OWN_ANSWERS = {Question.SHARES.value: AS_THEY_ARE, Question.DECIMAL_MARK.value: POINT}
FIELD_WORDS: Dict[Field, str] = {
    Field.MEASURE: "measure",
    Field.SERIES: "series",
    Field.PERIOD: "period",
    Field.IDENTIFIER: "second part of the period",
    Field.VALUE: "value",
    Field.NUMERATOR: "numerator",
    Field.DENOMINATOR: "denominator",
    Field.STATUS: "status",
    Field.NOTE: "note",
}
# What numbers may stand for beside figures.
NO_VALUES = OWN_EXTRAS | YEARS
NO_HEADER = "No row of column headings was found. Choose the sheet and the row that holds them."
NO_NAMING = "Choose the column that names the measure or the series."
NO_PERIOD = "Choose the column that holds the period."
NO_VALUE = "Choose the column that holds the value, or those of numerator and denominator."
NO_PERIODS = "Choose the columns that are headed by a period."
ONE_COUNT = "Choose both numerator and denominator, or neither."


def guess(book: Book, known: Sequence[Known]) -> Mapping:
    """The first visible sheet and row that look right, else the row that looks most like headings."""
    names = _names(known)
    best, most = Mapping("", 0, Layout.LONG, {}), 0
    for sheet in _candidates(book):
        if not best.sheet and not best.header_row:
            best = Mapping(sheet.name, 0, Layout.LONG, {})
        for index, row in enumerate(sheet.rows[:HEADER_WITHIN]):
            mapping = _Heading(row, sheet.rows[index + 1 : index + 1 + LOOKED_AT], names).mapping(sheet.name)
            score = _score(mapping)
            if score > most:
                best, most = mapping, score
            if most >= COMPLETE:
                return best
    return best


def guess_at(sheet: Sheet, header_row: int, known: Sequence[Known]) -> Mapping:
    """The same where somebody has said which row holds the headings."""
    at = next((index for index, row in enumerate(sheet.rows) if row.number == header_row), None)
    if at is None:
        return Mapping(sheet.name, header_row, Layout.LONG, {})
    below = sheet.rows[at + 1 : at + 1 + LOOKED_AT]
    return _Heading(sheet.rows[at], below, _names(known)).mapping(sheet.name)


def _names(known: Sequence[Known]) -> set[str]:
    return {folded(text) for one in known for text in (one.measure_code, one.measure_title, one.code, one.name)}


def _candidates(book: Book) -> list[Sheet]:
    visible = [sheet for sheet in book.sheets if not sheet.hidden]
    return [sheet for sheet in visible if folded(sheet.name) != folded(NOTES_SHEET)] or visible


def _score(mapping: Mapping) -> int:
    columns = mapping.columns.keys() | mapping.unclear.keys()
    if mapping.layout is Layout.TIDY:
        return COMPLETE
    named = bool(columns & set(NAMING))
    valued = Field.VALUE in columns or {Field.NUMERATOR, Field.DENOMINATOR} <= columns
    right = bool(mapping.periods) if mapping.layout is Layout.WIDE else Field.PERIOD in columns and valued
    return COMPLETE if named and right else len(columns) + min(len(mapping.periods), 3)


class _Heading:
    """One row taken for the header, with the rows below it."""

    def __init__(self, row: Row, below: Sequence[Row], names: set[str]) -> None:
        self.row, self.below, self.names = row, below, names
        self.texts = [cell.text for cell in row.cells]
        self.periods = tuple(index for index, cell in enumerate(row.cells) if not cell.is_empty and is_period(cell))
        self.claims = self._claims()

    def mapping(self, sheet: str) -> Mapping:
        plain = {folded(text) for text in self.texts}
        if plain >= TIDY:
            return Mapping(sheet, self.row.number, Layout.TIDY, self._tidy_columns())
        columns: dict[Field, int] = {field: found[0] for field, found in self.claims.items() if len(found) == 1}
        unclear = {field: tuple(map(self.label, found)) for field, found in self.claims.items() if len(found) > 1}
        said = {*columns, *unclear}
        if (said or self.periods) and not said & set(NAMING):
            columns |= self._naming_by_content()
        if self._is_wide(columns, unclear):
            columns = {field: index for field, index in columns.items() if field in NAMING}
            unclear = {field: labels for field, labels in unclear.items() if field in NAMING}
            return Mapping(sheet, self.row.number, Layout.WIDE, columns, self.periods, unclear=unclear)
        columns |= self._split_period()
        counts = {Field.NUMERATOR, Field.DENOMINATOR}
        if len(counts & {*columns, *unclear}) == 1:
            columns = {field: index for field, index in columns.items() if field not in counts}
        elif counts <= columns.keys() and Field.VALUE not in {*columns, *unclear}:
            unclear |= self._value_beside_counts(columns)
        answers = OWN_ANSWERS if plain >= OWN_HEADER else {}
        return Mapping(sheet, self.row.number, Layout.LONG, columns, answers=answers, unclear=unclear)

    def _value_beside_counts(self, columns: Dict[Field, int]) -> dict[Field, tuple[str, ...]]:
        """Headed columns without a meaning in which half of the texts are figures: one of them may be the value."""
        used = {*columns.values(), *self.periods}
        free = [index for index, text in enumerate(self.texts) if text and index not in used]
        found = [index for index in free if word(self.texts[index]) not in NO_VALUES and self._holds_numbers(index)]
        return {Field.VALUE: tuple(map(self.label, found))} if found else {}

    def _holds_numbers(self, index: int) -> bool:
        filled = [cell for row in self.below if not (cell := row.cell(index)).is_empty]
        return bool(filled) and sum(map(is_figure, filled)) * 2 >= len(filled)

    def label(self, index: int) -> str:
        return label(self.row, index)

    def _is_wide(self, columns: Dict[Field, int], unclear: Iterable[Field]) -> bool:
        """A single column headed by a period counts where the naming column says what it is and nothing is a value."""
        if len(self.periods) > 1:
            return True
        named = any(field in self.claims for field in NAMING)
        return len(self.periods) == 1 and named and not {*columns, *unclear} & {Field.VALUE, Field.PERIOD}

    def _claims(self) -> dict[Field, list[int]]:
        """The columns that each field could be; empty for a row that names a series itself, which no header does."""
        if self._names_a_series():
            return {}
        found: dict[Field, list[tuple[int, int]]] = {}
        for index, cell in enumerate(self.row.cells):
            if index not in self.periods and (said := meaning(cell)):
                found.setdefault(said[0], []).append((said[1], index))
        claims = {field: [index for rank, index in each if rank == min(each)[0]] for field, each in found.items()}
        for field in NAMING:
            if field in claims:
                claims[field] = self._best_naming(claims[field])
        return self._without_idle_naming(claims)

    def _best_naming(self, indexes: list[int]) -> list[int]:
        """Of columns headed differently, the one whose texts name most of what is known; a code before a title."""
        if len({word(self.texts[index]) for index in indexes}) < len(indexes):
            return indexes
        return [max(indexes, key=lambda index: (self._named(index), -index))]

    def _without_idle_naming(self, claims: dict[Field, list[int]]) -> dict[Field, list[int]]:
        """Without a naming column that is only likely and names nothing, where the other one does."""
        if not all(len(claims.get(field, ())) == 1 for field in NAMING):
            return claims
        named = {field: self._named(claims[field][0]) for field in NAMING}
        for field, other in (NAMING, NAMING[::-1]):
            sure = (meaning(self.row.cells[claims[field][0]]) or (field, 1))[1] == 0
            if not sure and named[other] and named[field] * 2 < named[other]:
                return {each: found for each, found in claims.items() if each is not field}
        return claims

    def _names_a_series(self) -> bool:
        """Other than by a word that heads columns, such as a measure called “Population”."""
        return any(folded(cell.text) in self.names and not meaning(cell) for cell in self.row.cells if cell.text)

    def _named(self, index: int) -> int:
        return sum(folded(row.cell(index).text) in self.names for row in self.below)

    def _naming_by_content(self) -> dict[Field, int]:
        """A column without a telling header, most of whose texts name a series."""
        taken = {index for found in self.claims.values() for index in found} | set(self.periods)
        width = max((len(row.cells) for row in self.below), default=0)
        counts = {index: self._named(index) for index in range(width) if index not in taken}
        best = max(counts, key=lambda index: (counts[index], -index), default=None)
        if best is None or not counts[best] or self._names_a_series():
            return {}
        filled = sum(bool(row.cell(best).text) for row in self.below)
        return {Field.SERIES: best} if counts[best] * 2 >= filled else {}

    def _split_period(self) -> dict[Field, int]:
        """A year in one column and a bare quarter or month in the other."""
        years = [index for index, text in enumerate(self.texts) if word(text) in YEARS]
        parts = self.claims.get(Field.PERIOD, [])
        if len(years) != 1 or len(parts) != 1 or Field.IDENTIFIER in self.claims:
            return {}
        if any(is_period(row.cell(parts[0])) for row in self.below):
            return {}
        return {Field.PERIOD: years[0], Field.IDENTIFIER: parts[0]}

    def _tidy_columns(self) -> dict[Field, int]:
        plain = [folded(text) for text in self.texts]
        wanted = {Field.PERIOD: "time_period", Field.IDENTIFIER: "time_identifier"}
        return {field: plain.index(text) for field, text in wanted.items() if text in plain}


def label(header: Row | None, index: int) -> str:
    """ "D “Actual”": the column as a reader finds it."""
    text = header.cell(index).text if header else ""
    return f"{column_letter(index)} “{' '.join(text.split())}”" if text else column_letter(index)


def header_of(sheet: Sheet, header_row: int) -> Row | None:
    return next((row for row in sheet.rows if row.number == header_row), None)


def fingerprint(sheet: Sheet, header_row: int) -> str:
    """Of the header texts in their order; any period counts alike, so that next quarter's file has the same."""
    header = header_of(sheet, header_row)
    cells = header.cells if header else ()
    texts = ["\x1e" if not cell.is_empty and is_period(cell) else folded(cell.text) for cell in cells]
    while texts and not texts[-1]:
        texts.pop()
    return hashlib.sha256("\x1f".join(texts).encode("utf-8", "surrogatepass")).hexdigest()


def missing(mapping: Mapping) -> list[str]:
    """What the mapping still lacks, as sentences; empty when the file can be read."""
    if mapping.layout is Layout.TIDY:
        return []
    if not mapping.header_row:
        return [NO_HEADER]
    found = [_unclear(mapping, field) for field in mapping.unclear]
    columns, unclear = mapping.columns, mapping.unclear
    if not any(field in columns or field in unclear for field in NAMING):
        found.append(NO_NAMING)
    found += _missing_periods(mapping) if mapping.layout is Layout.WIDE else _missing_values(mapping)
    return found + _chosen_twice(mapping)


def _unclear(mapping: Mapping, field: Field) -> str:
    labels = _listed(mapping.unclear[field])
    if field is not Field.VALUE or Field.NUMERATOR not in mapping.columns:
        return f"{labels} could each be the {FIELD_WORDS[field]}. Choose one of them, or none."
    if len(mapping.unclear[field]) == 1:
        return f"Column {labels} holds numbers that are not read yet. Choose it as the value, or leave it out."
    return f"Columns {labels} hold numbers that are not read yet. Choose one of them as the value, or leave them out."


def _missing_periods(mapping: Mapping) -> list[str]:
    return [] if mapping.periods else [NO_PERIODS]


def _missing_values(mapping: Mapping) -> list[str]:
    given = {*mapping.columns, *mapping.unclear}
    counts = given & {Field.NUMERATOR, Field.DENOMINATOR}
    found = [] if Field.PERIOD in given else [NO_PERIOD]
    if len(counts) == 1:
        found.append(ONE_COUNT)
    elif Field.VALUE not in given and not counts:
        found.append(NO_VALUE)
    return found


def _chosen_twice(mapping: Mapping) -> list[str]:
    used: dict[int, list[str]] = {}
    for field, index in mapping.columns.items():
        used.setdefault(index, []).append(FIELD_WORDS[field])
    if mapping.layout is Layout.WIDE:
        for index in mapping.periods:
            used.setdefault(index, []).append("period")
    return [
        f"Column {column_letter(index)} is chosen more than once: as {_listed(words)}. Choose it once."
        for index, words in sorted(used.items())
        if len(words) > 1
    ]


def _listed(words: Sequence[str]) -> str:
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)
