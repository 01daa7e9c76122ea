"""What an import would do: each line compared with what is held. Writes nothing. Pure: no Django."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from collections.abc import Mapping as Dict
from dataclasses import replace
from decimal import Decimal
from types import MappingProxyType

from ..entries import Entry, problems
from ..numbers import value_text
from ..quarters import MONTH_NAMES, Month, Quarter
from . import sheet_lines
from .cells import Book
from .comparing import agrees, completed, is_same, quarter_given
from .doubts import Doubts
from .findings import Findings, RowCode, Unlisted, issue
from .issues import Asked, Issue, Refused, Severity
from .lacking import lacking
from .line import Line, decimals_of
from .mapping import Layout, Mapping
from .plan import HeldValues, Item, Kind, Known, Place, Plan

TIDY = Refused(
    RowCode.TIDY_LAYOUT,
    "This is a file of the department’s open data, with figures of other areas.",
    "Import it as benchmarks.",
)
NOTHING: Dict[Unlisted, int] = MappingProxyType({})


def plan(
    book: Book,
    mapping: Mapping,
    *,
    known: Sequence[Known],
    held: HeldValues,
    places: Dict[Quarter, Place],
    source: str,
) -> Plan:
    """`source` names the file, such as by its hash. Where something is lacking the plan has no items, and `told` says
    what it is."""
    if mapping.layout is Layout.TIDY:
        refused = issue(Severity.REFUSED, mapping.sheet, mapping.header_row, "", "", TIDY)
        return _finished((), (refused,), (), book.told, frozenset(), mapping, source)
    if sentences := lacking(book, mapping):
        return _finished((), (), (), (*book.told, *sentences), frozenset(), mapping, source)
    read = sheet_lines.read(book, mapping, known)
    findings = read.findings
    items, agreeing = _Planner(read.found, held, places, findings).run()
    issues = sorted(findings.issues, key=lambda each: (each.row, each.severity))
    told = (*book.told, *findings.told, *_agreeing(agreeing))
    refused_rows = frozenset(findings.refused)
    return _finished(items, issues, findings.asked, told, refused_rows, mapping, source, findings.all.unlisted)


def _agreeing(count: int) -> list[str]:
    if not count:
        return []
    return [f"Quarters that agree with their months in this file, from which they will be derived: {count:,}."]


class _Planner:
    """Months before the quarters that are derived from them, which are only checked. What is found wrong goes to
    `findings`."""

    def __init__(
        self, found: Sequence[Line], held: HeldValues, places: Dict[Quarter, Place], findings: Findings
    ) -> None:
        self.found, self.held, self.places, self.findings = found, held, places, findings
        self.doubts = Doubts(found)
        self.months: dict[tuple[int, Quarter], dict[Month, Entry]] = defaultdict(dict)

    def run(self) -> tuple[list[Item], int]:
        """The items in the order of the file, and how many quarters agree with what their months will give."""
        items: dict[int, Item] = {}
        for index, line in enumerate(self.found):
            if not line.is_derived and (item := self._typed(line)):
                items[index] = item
        agreeing = 0
        for index, line in enumerate(self.found):
            if line.is_derived and self._agrees(line):
                if self.months[line.key_of_quarter] or line.key not in self.held:
                    agreeing += 1
                else:
                    items[index] = self._item(line, line.entry, Kind.UNCHANGED)
        return [items[index] for index in sorted(items)], agreeing

    def _typed(self, line: Line) -> Item | None:
        old = self.held.get(line.key)
        entry = completed(line, old)
        if old and is_same(line, old):
            return self._item(line, entry, Kind.UNCHANGED)
        place = self._place(line.quarter)
        if place.refusal:
            remedy = "Take the row out, or bring it in once the quarter takes values."
            self._refuse(line, "value", Refused(RowCode.QUARTER_CLOSED, place.refusal, remedy))
            return None
        if old and not place.may_change:
            why = f"{line.series.code}, {line.period.label} is held already, with another figure."
            remedy = "Take the row out, or ask somebody who may correct values."
            self._refuse(line, "value", Refused(RowCode.HELD_ALREADY, why, remedy))
            return None
        if not self._is_possible(line, entry):
            return None
        for doubt in self.doubts.of(line):
            self.findings.warn(line.row, *line.cell("value"), doubt)
        if isinstance(line.period, Month):
            self.months[line.key_of_quarter][line.period] = entry
        return self._item(line, entry, Kind.CHANGED if old else Kind.NEW, place)

    def _place(self, quarter: Quarter) -> Place:
        try:
            return self.places[quarter]
        except KeyError:
            return Place(refusal=f"The contract has no quarter {quarter.label}.")

    def _is_possible(self, line: Line, entry: Entry) -> bool:
        has_counts = entry.numerator is not None and entry.denominator is not None
        # Computed from the counts, the value has no fault of its own.
        errors = problems(replace(entry, value=None) if has_counts else entry, line.series.bounds)
        for part, message in errors.items():
            why = f"The {part} is not possible for {line.series.code} ({line.series.name})."
            self._refuse(line, part, Refused(RowCode.NOT_POSSIBLE, why, message))
        return not errors

    def _agrees(self, line: Line) -> bool:
        given, reasons = quarter_given(line, self.months[line.key_of_quarter], self.held)
        if agrees(line, given, reasons):
            return True
        names = [MONTH_NAMES[month.month - 1] for month in line.quarter.months]
        months = f"{names[0]}, {names[1]} and {line.quarter.months[2].label}"
        why = f"The quarter of {line.series.code} is derived from its months, which give {_given(line, given)}."
        remedy = f"Enter {months}, and leave the quarter out."
        self._refuse(line, "value", Refused(RowCode.QUARTER_IS_DERIVED, why, remedy))
        return False

    def _refuse(self, line: Line, part: str, refused: Refused) -> None:
        self.findings.refuse(line.row, *line.cell(part), refused)

    def _item(self, line: Line, entry: Entry, kind: Kind, place: Place | None = None) -> Item:
        return Item(
            sheet=line.sheet,
            row=line.row,
            series=line.series.id,
            period=line.period,
            entry=entry,
            kind=kind,
            old=self.held.get(line.key),
            needs_reason=place is not None and place.asks_reason(is_held=kind is Kind.CHANGED),
        )


def _given(line: Line, given: Decimal | None) -> str:
    """What the months give, to the decimals that show that the file says otherwise."""
    if given is None:
        return "nothing"
    typed = line.entry.value
    bounds = line.series.bounds
    return value_text(given, bounds.unit, max(bounds.decimals, decimals_of(typed) if typed is not None else 0))


def _finished(
    items: Sequence[Item],
    issues: Sequence[Issue],
    asked: Sequence[Asked],
    told: Iterable[str],
    refused: frozenset[tuple[str, int]],
    mapping: Mapping,
    source: str,
    unlisted: Dict[Unlisted, int] = NOTHING,
) -> Plan:
    digest = _digest(items, issues, unlisted, asked, mapping, source)
    return Plan(tuple(items), tuple(issues), tuple(asked), tuple(told), refused, digest, unlisted)


def _digest(
    items: Iterable[Item],
    issues: Iterable[Issue],
    unlisted: Dict[Unlisted, int],
    asked: Iterable[Asked],
    mapping: Mapping,
    source: str,
) -> str:
    canonical = {
        "source": source,
        "mapping": mapping.as_json(),
        "asked": [[each.question, each.count] for each in asked],
        "issues": [[each.severity, each.code, each.sheet, each.row, each.column] for each in issues],
        "unlisted": [[*key, count] for key, count in sorted(unlisted.items())],
        "items": [_canonical(item) for item in items],
    }
    text = json.dumps(canonical, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _canonical(item: Item) -> list[object]:
    entry = item.entry
    figures = (entry.value, entry.numerator, entry.denominator)
    numbers = [None if one is None else f"{one.normalize():f}" for one in figures]
    version = item.old.version if item.old else 0
    return [item.series, item.period.code, *numbers, entry.status, entry.note, item.kind, version, item.needs_reason]
