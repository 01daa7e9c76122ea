"""A file in the layout of the Department for Education's open data: a row for each area, period and value of each
filter column, a column for each indicator. Pure: no Django.

The columns may stand in any order; what each holds is told by its header, and where that is not laid down by its cells.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from ..figures import GROUPED, PLAIN
from .cells import Book, Cell, Row, Sheet, column_letter
from .headings import folded
from .numbers import WORDS, read_symbol

PERIOD, IDENTIFIER, LEVEL = "time_period", "time_identifier", "geographic_level"
# Of areas of every kind, of which three are read.
GEOGRAPHY = re.compile(
    r"(country|region|rsc_region_lead|la|old_la|new_la|lad|local_authority(_district)?|lsip|english_devolved_area|ward"
    r"|pcon|parliamentary_constituency|sponsor|trust|mat|school|provider|institution|opportunity_area|planning_area"
    r"|local_enterprise_partnership|lep|local_skills_improvement_plan_area|police_force_area|pfa)"
    r"_(code|name|id|urn|laestab|ukprn)|rsc_region_lead_name|time_period|time_identifier|geographic_level"
)


class Level(StrEnum):
    NATIONAL = "national"
    REGIONAL = "regional"
    AUTHORITY = "authority"


LEVELS = {
    "national": Level.NATIONAL,
    "regional": Level.REGIONAL,
    "region": Level.REGIONAL,
    "local authority": Level.AUTHORITY,
    "local authorities": Level.AUTHORITY,
    "la": Level.AUTHORITY,
}
CODES = {Level.NATIONAL: "country_code", Level.REGIONAL: "region_code", Level.AUTHORITY: "new_la_code"}
NAMES = {Level.NATIONAL: "country_name", Level.REGIONAL: "region_name", Level.AUTHORITY: "la_name"}


@dataclass(frozen=True)
class Area:
    """`key` is its code, or its name where the file gives no code."""

    level: Level
    key: str
    name: str


@dataclass(frozen=True)
class Filter:
    """A column that divides the rows of one area and period; `values` as they first stand in the file."""

    name: str
    values: tuple[str, ...]

    @property
    def total(self) -> str:
        """The value that stands for everybody, where exactly one does; empty else."""
        found = [value for value in self.values if re.match(r"(total|all)\b", value, re.IGNORECASE)]
        return found[0] if len(found) == 1 else ""


@dataclass(frozen=True)
class TidyFile:
    """`columns` are the places of the headers. `rows` are those of the three levels, each with its area; `others` is
    how many there are beside them. `lacks` are sentences: what the file must have and has not."""

    sheet: str
    columns: Mapping[str, int]
    rows: tuple[tuple[Row, Area], ...]
    others: int
    areas: tuple[Area, ...]
    indicators: tuple[str, ...]
    filters: tuple[Filter, ...]
    lacks: tuple[str, ...]

    def cell(self, row: Row, name: str) -> Cell:
        """Of the column with this header; empty where there is none."""
        return row.cell(self.columns[name]) if name in self.columns else Cell()

    def label(self, name: str) -> str:
        """ "D “value”": the column as a reader finds it."""
        return f"{column_letter(self.columns[name])} “{name}”" if name in self.columns else ""


def tidy_file(book: Book, sheet_name: str, header_row: int) -> TidyFile:
    sheet = next((one for one in book.sheets if one.name == sheet_name), Sheet("", ()))
    header = next((row for row in sheet.rows if row.number == header_row), Row(0, ()))
    names = [folded(cell.text) for cell in header.cells]
    columns = {name: index for index, name in enumerate(names) if name}
    below = [row for row in sheet.rows if row.number > header.number]
    found = [(row, _area(row, columns)) for row in below]
    rows = tuple((row, area) for row, area in found if area is not None)
    free = {name: index for name, index in columns.items() if not GEOGRAPHY.fullmatch(name)}
    cells = {name: [row.cell(index) for row, _ in rows] for name, index in free.items()}
    indicators = tuple(name for name in free if _is_indicator(cells[name]))
    values = {name: _distinct(cells[name]) for name in free if name not in indicators}
    return TidyFile(
        sheet=sheet.name,
        columns=columns,
        rows=rows,
        others=len(below) - len(rows),
        areas=_areas(rows),
        indicators=indicators,
        filters=tuple(Filter(name, found) for name, found in values.items() if found),
        lacks=tuple(_lacks(names, rows)),
    )


def _areas(rows: Sequence[tuple[Row, Area]]) -> tuple[Area, ...]:
    """Each once, under the name that it has first: the country, regions, then authorities by name."""
    found = {area.key: area for _, area in reversed(rows)}
    return tuple(sorted(found.values(), key=lambda area: (list(Level).index(area.level), area.name)))


def _area(row: Row, places: Mapping[str, int]) -> Area | None:
    """None for a row of another level, or that does not say which area it is of."""

    def text(name: str) -> str:
        return row.cell(places[name]).text.strip() if name in places else ""

    level = LEVELS.get(folded(text(LEVEL)).replace("_", " "))
    if level is None:
        return None
    code, name = text(CODES[level]), text(NAMES[level])
    if read_symbol(code) or code in WORDS:
        # Where an authority has no code, the department writes the symbol for “not applicable”.
        code = ""
    key = code or folded(name)
    return Area(level, key, name or code) if key else None


def _lacks(names: Sequence[str], rows: Sequence[object]) -> Iterator[str]:
    for name in (PERIOD, IDENTIFIER, LEVEL):
        if name not in names:
            yield f"There is no column “{name}”. Download the file once more, with all its columns."
    for name in sorted({name for name in names if name and names.count(name) > 1}):
        yield f"Two columns are headed “{name}”. Rename or remove one of them."
    if LEVEL in names and not rows:
        yield "No row stands for a country, a region or a local authority. Choose a file that has some."


def _is_indicator(cells: Iterable[Cell]) -> bool:
    """Numbers, and symbols among them."""
    filled = [cell for cell in cells if not cell.is_empty]
    return any(map(is_figure, filled)) and all(is_figure(cell) or is_symbol(cell) for cell in filled)


def is_figure(cell: Cell) -> bool:
    text = cell.text.strip().removesuffix("%").rstrip()
    return cell.number is not None or bool(PLAIN.fullmatch(text) or GROUPED.fullmatch(text))


def is_symbol(cell: Cell) -> bool:
    """Whether the cell says why there is no figure."""
    return bool(read_symbol(cell.text)) or cell.text.strip() in WORDS


def _distinct(cells: Iterable[Cell]) -> tuple[str, ...]:
    seen: dict[str, str] = {}
    for cell in cells:
        text = " ".join(cell.text.split())
        seen.setdefault(text.casefold(), text)
    return tuple(seen.values()) if any(seen) else ()
