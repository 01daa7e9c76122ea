"""What empty cells stand for, and which measure and series a row means. Pure: no Django."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property

from accounts.slugs import slug_of
from measures.imports.issues import Issue
from measures.quarters import Quarter

from .codes import Wrong
from .columns import CONTRACT, DEFINITIONS, MEASURES, SERIES, SHEETS, TARGETS
from .lines import Line, Lines

# Of series of one code, as many first quarters are told as a reader takes in.
NAMED = 5


@dataclass
class Spellings:
    """Lines of one code, in capitals or not, by how it is spelt."""

    exact: dict[str, list[Line]] = field(default_factory=lambda: defaultdict(list))

    def chosen(self, code: str) -> Namesakes:
        """Those spelt so, else all."""
        return self._of.get(code) or self._all

    @cached_property
    def _of(self) -> dict[str, Namesakes]:
        return {code: Namesakes(lines) for code, lines in self.exact.items()}

    @cached_property
    def _all(self) -> Namesakes:
        return Namesakes([line for lines in self.exact.values() for line in lines])


@dataclass
class Namesakes:
    """Lines of one code; measures of one code are told as repeated, series may follow each other."""

    lines: list[Line]

    @cached_property
    def starts(self) -> dict[Quarter, Line]:
        return {line.values["first_quarter"]: line for line in self.lines if line.has("first_quarter")}

    @cached_property
    def is_whole(self) -> bool:
        """Whether the first quarter of each could be read."""
        return all(line.has("first_quarter") for line in self.lines)

    @cached_property
    def words(self) -> str:
        """ "Q1 2018/19 and Q1 2019/20"."""
        labels = [start.label for start in self.starts]
        more = [f"{len(labels) - NAMED} more"] if len(labels) > NAMED else []
        return " and ".join([*labels[:NAMED], *more])


Measures = dict[str, Spellings]
BySeries = dict[tuple[str, str], Spellings]


def fill(lines: Lines) -> list[Issue]:
    """Fill the rows in place; what could not be decided is an issue, and leaves its cell unread."""
    for shape in SHEETS:
        for line in lines[shape.name]:
            for column in shape.columns:
                if column.default is not None and line.values.get(column.name, "") is None:
                    line.values[column.name] = column.default
    issues = [*_addresses(lines[CONTRACT.name], "title"), *_addresses(lines[MEASURES.name], "code")]
    measures: Measures = defaultdict(Spellings)
    for line in lines[MEASURES.name]:
        if line.has("code"):
            measures[line.values["code"].casefold()].exact[line.values["code"]].append(line)
    issues += _series(lines, measures)
    series = _series_by_code(lines)
    for shape in (DEFINITIONS, TARGETS):
        for line in lines[shape.name]:
            issues += _of_series(line, measures, series)
    for line in lines[TARGETS.name]:
        if line.values.get("tolerance_basis", "") is None and line.has("target_basis"):
            line.values["tolerance_basis"] = line.values["target_basis"]
    return issues


def _addresses(rows: Iterable[Line], source: str) -> Iterator[Issue]:
    for line in rows:
        if line.values.get("slug", "") is not None or not line.has(source):
            continue
        if slug := slug_of(line.values[source], line.sheet.column("slug").longest):
            line.values["slug"] = slug
            continue
        del line.values["slug"]
        named = line.sheet.column(source).header.lower()
        why = f"No address can be made from the {named} “{line.values[source]}”."
        yield line.issue("slug", Wrong.NO_ADDRESS, why, "Write one, in small letters, digits and hyphens.")


def _series(lines: Lines, measures: Measures) -> Iterator[Issue]:
    for line in lines[SERIES.name]:
        measure, issues = _measure(line, measures)
        yield from issues
        if measure and line.values.get("first_quarter", "") is None and measure.has("first_quarter"):
            line.values["first_quarter"] = measure.values["first_quarter"]


def _measure(line: Line, measures: Measures) -> tuple[Line | None, list[Issue]]:
    """The measure that the row names, whose code it then has as that writes it."""
    if not line.has("measure"):
        return None, []
    code = line.values["measure"]
    if found := measures.get(code.casefold()):
        measure = found.chosen(code).lines[0]
        line.values["measure"] = measure.values["code"]
        return measure, []
    del line.values["measure"]
    why = f"The sheet “Measures” has no measure {code}."
    return None, [line.issue("measure", Wrong.UNKNOWN_MEASURE, why, "Write its code as it stands there, or add it.")]


def _series_by_code(lines: Lines) -> BySeries:
    """Lines of the series sheet by the codes of measure and series, in capitals or not."""
    found: BySeries = defaultdict(Spellings)
    for line in lines[SERIES.name]:
        if line.has("measure", "code"):
            code = line.values["code"]
            found[line.values["measure"], code.casefold()].exact[code].append(line)
    return found


def _of_series(line: Line, measures: Measures, series: BySeries) -> list[Issue]:
    """Decide which series a definition or target belongs to."""
    measure, issues = _measure(line, measures)
    if measure is None or not line.has("series"):
        return issues
    code, measure_code = line.values["series"], line.values["measure"]
    found = series.get((measure_code, code.casefold()))
    if found is None:
        del line.values["series"]
        why = f"The measure {measure_code} has no series {code}."
        return [
            line.issue("series", Wrong.UNKNOWN_SERIES, why, "Write its code as on the sheet “Series”, or add it there.")
        ]
    if issues := _choose(line, found.chosen(code)):
        return issues
    if line.values.get("from_quarter", "") is None and line.has("series_from"):
        line.values["from_quarter"] = line.values["series_from"]
    return []


def _choose(line: Line, found: Namesakes) -> list[Issue]:
    said = line.values.get("series_from", "")
    if said == "":
        return []
    number = len(found.lines)
    line.values["series"] = found.lines[0].values["code"]
    if said is None:
        del line.values["series_from"]
        if number > 1:
            why = f"There are {number:,} series {line.values['series']} in this measure, from {found.words}."
            return [line.issue("series_from", Wrong.WHICH_SERIES, why, "Say which is meant by its first quarter.")]
        if found.starts:
            line.values["series_from"] = next(iter(found.starts))
        return []
    if said not in found.starts and found.is_whole:
        del line.values["series_from"]
        why = f"The series {line.values['series']} starts in {found.words}, not in {said.label}."
        return [line.issue("series_from", Wrong.WHICH_SERIES, why, "Write that quarter, or leave the cell empty.")]
    return []
