"""Benchmarks from the department's open data: which of its figures are wanted, and what an import of them would do.
Pure: no Django."""

from __future__ import annotations

import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction
from statistics import median
from typing import Any

from ..benchmark_entries import LONGEST, BenchmarkEntry, Period, as_data, problems
from ..entries import Bounds
from ..numbers import fraction_half_up
from ..terms import BenchmarkScope, Comparability, Statistic
from .cells import Row
from .findings import Findings, RowCode, Unlisted
from .issues import Answers, Asked, Issue, Refused
from .plan import Kind
from .tidy_file import Area, Level, TidyFile
from .tidy_rows import Reading, Selection, select

SCOPES = {
    Level.NATIONAL: BenchmarkScope.NATIONAL,
    Level.REGIONAL: BenchmarkScope.REGIONAL,
    Level.AUTHORITY: BenchmarkScope.OTHER,
}
NEIGHBOURS = "Statistical neighbours"
STATISTICS = {Statistic.MEAN: "Mean", Statistic.MEDIAN: "Median"}
NAMED_AT_MOST = 3
PLACES = 6
# Series, comparator without regard to capitals, period: as `measures.benchmarks` tells benchmarks apart.
Key = tuple[int, str, Period]


@dataclass(frozen=True)
class Choice:
    """What somebody chose of a file. `series` says for each indicator column which series it stands for, `filters`
    for each filter column which value; columns by their header in lower case. `areas` and `neighbours` are keys of
    areas; of the neighbours one figure is made by `statistic`."""

    series: Mapping[str, int]
    filters: Mapping[str, str]
    areas: tuple[str, ...] = ()
    neighbours: tuple[str, ...] = ()
    statistic: Statistic | None = None
    comparability: Comparability = Comparability.CLOSE
    source: str = ""
    edition: str = ""
    published_on: date | None = None
    note: str = ""

    def as_json(self) -> dict[str, object]:
        found = asdict(self)
        day = self.published_on.isoformat() if self.published_on else None
        return found | {"areas": list(self.areas), "neighbours": list(self.neighbours), "published_on": day}

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Choice:
        """Nothing is chosen where nothing was kept. KeyError or ValueError for what `as_json` did not write."""
        if not kept:
            return cls({}, {})
        day = kept["published_on"]
        return cls(
            series=dict(kept["series"]),
            filters=dict(kept["filters"]),
            areas=tuple(kept["areas"]),
            neighbours=tuple(kept["neighbours"]),
            statistic=Statistic(kept["statistic"]) if kept["statistic"] else None,
            comparability=Comparability(kept["comparability"]),
            source=kept["source"],
            edition=kept["edition"],
            published_on=date.fromisoformat(day) if day else None,
            note=kept["note"],
        )


@dataclass(frozen=True)
class HeldBenchmark:
    entry: BenchmarkEntry
    version: int


@dataclass(frozen=True)
class BenchmarkItem:
    """One benchmark understood. `row` is where its figure stands, of neighbours the first one's."""

    row: int
    series: int
    entry: BenchmarkEntry
    kind: Kind
    old: HeldBenchmark | None

    @property
    def key(self) -> Key:
        return self.series, self.entry.comparator.casefold(), self.entry.period


@dataclass(frozen=True)
class BenchmarkPlan:
    """As `plan.Plan`, of benchmarks. `missing` says what must be chosen before anything can be planned."""

    items: tuple[BenchmarkItem, ...]
    issues: tuple[Issue, ...]
    asked: tuple[Asked, ...]
    told: tuple[str, ...]
    refused: frozenset[tuple[str, int]]
    missing: tuple[str, ...]
    digest: str
    unlisted: Mapping[Unlisted, int] = field(default_factory=dict)

    def of(self, kind: Kind) -> tuple[BenchmarkItem, ...]:
        return tuple(item for item in self.items if item.kind is kind)


def guess(file: TidyFile) -> Choice:
    """The country, and of each filter the value that stands for everybody, where it is the only one or says so."""
    filters = {one.name: one.values[0] if len(one.values) == 1 else one.total for one in file.filters}
    national = tuple(area.key for area in file.areas if area.level is Level.NATIONAL)
    return Choice({}, {name: value for name, value in filters.items() if value}, national if len(national) == 1 else ())


def missing(choice: Choice, file: TidyFile, bounds: Mapping[int, Bounds]) -> tuple[str, ...]:
    """What is still to be chosen, as sentences."""
    found = list(file.lacks)
    known = {area.key for area in file.areas}
    gone = [name for name in [*choice.series, *choice.filters] if name not in file.columns]
    found += [f"The file has no column “{name}” any more. Choose again." for name in gone]
    if not choice.series:
        found.append("Choose at least one series that a column gives benchmarks for.")
    if choice.series.values() - bounds.keys():
        found.append("A series that was chosen is not in this contract. Choose again.")
    if len(set(choice.series.values())) < len(choice.series):
        found.append("Two columns are chosen for one series. Choose one of them.")
    if not choice.areas and not choice.neighbours:
        found.append("Choose whose figures are wanted: the country, a region, authorities or statistical neighbours.")
    if {*choice.areas, *choice.neighbours} - known:
        found.append("An area that was chosen is not in this file. Choose again.")
    if bool(choice.neighbours) != bool(choice.statistic):
        found.append("Choose statistical neighbours and whether their mean or their median is wanted.")
    found += [f"Fill in the {name}." for name in ("source", "edition") if not getattr(choice, name).strip()]
    return tuple(found)


def plan(
    file: TidyFile,
    choice: Choice,
    *,
    bounds: Mapping[int, Bounds],
    held: Mapping[Key, HeldBenchmark],
    answers: Answers,
    today: date,
    source: str,
) -> BenchmarkPlan:
    """`bounds` are those of the contract's series by id; `source` names the file, such as by its hash."""
    if lacking := missing(choice, file, bounds):
        return _finished((), Findings(file.sheet), choice, answers, source, lacking)
    planner = _Planner(file, choice, bounds, held, answers, today)
    planner.run()
    return _finished(planner.items, planner.findings, choice, answers, source, ())


class _Planner:
    def __init__(
        self,
        file: TidyFile,
        choice: Choice,
        bounds: Mapping[int, Bounds],
        held: Mapping[Key, HeldBenchmark],
        answers: Answers,
        today: date,
    ) -> None:
        self.file, self.choice, self.bounds, self.held, self.today = file, choice, bounds, held, today
        self.findings = Findings(file.sheet)
        self.areas: dict[str, Area] = {area.key: area for area in file.areas}
        wanted = {*choice.areas, *choice.neighbours}
        self.selection: Selection = select(file, choice.filters, wanted, answers, self.findings)
        self.items: list[BenchmarkItem] = []
        if file.others:
            self.findings.told.append(f"Rows of other areas, such as schools, are not read: {file.others:,}.")

    def run(self) -> None:
        for name, series in self.choice.series.items():
            figures = self.selection.figures(name, self.bounds[series].unit)
            for (key, period), reading in sorted(figures.items(), key=lambda each: each[1].row.number):
                if key in self.choice.areas and reading.figure is not None:
                    area = self.areas[key]
                    self._add(name, series, area.name, SCOPES[area.level], period, reading.figure, reading.row)
            if self.choice.statistic:
                self._add_neighbours(name, series, figures)
        self._leave_out_repeated()
        self.findings.told += self.selection.told()

    def _leave_out_repeated(self) -> None:
        """Areas of one name, such as a council before and after its borders changed: which is meant cannot be known."""
        counts = Counter(item.key for item in self.items)
        for item in self.items:
            if counts[item.key] > 1:
                what = f"{item.entry.comparator}, {item.entry.period.label}"
                why = f"{what} comes from {counts[item.key]} areas of that name."
                refused = Refused(RowCode.DUPLICATE, why, "Take all but one of them out of the areas.")
                self.findings.refuse(item.row, "", item.entry.comparator, refused)
        self.items = [item for item in self.items if counts[item.key] == 1]

    def _add_neighbours(self, name: str, series: int, figures: Mapping[tuple[str, Period], Reading]) -> None:
        by_period: dict[Period, dict[str, Reading]] = defaultdict(dict)
        for (key, period), reading in figures.items():
            if key in self.choice.neighbours:
                by_period[period][key] = reading
        for period, readings in by_period.items():
            refused = [self.areas[key].name for key, each in readings.items() if each.failed]
            row = min((each.row for each in readings.values()), key=lambda row: row.number)
            if refused:
                why = f"The figure of {_listed(refused)} for {period.label} cannot be used."
                remedy = "Mend its row, or take it out of the neighbours: a mean or median without it would mislead."
                refusal = Refused(RowCode.NOT_POSSIBLE, why, remedy)
                self.findings.refuse(row.number, self.file.label(name), NEIGHBOURS, refusal)
                continue
            used = {key: each.figure for key, each in readings.items() if each.figure is not None}
            if used:
                figure = _one_figure(list(used.values()), self.choice.statistic)
                scope = BenchmarkScope.STATISTICAL_NEIGHBOURS
                self._add(name, series, NEIGHBOURS, scope, period, figure, row, used=used)

    def _add(
        self,
        name: str,
        series: int,
        comparator: str,
        scope: BenchmarkScope,
        period: Period,
        figure: Decimal,
        row: Row,
        *,
        used: Mapping[str, Decimal] | None = None,
    ) -> None:
        old = self.held.get((series, comparator.casefold(), period))
        choice = self.choice
        entry = BenchmarkEntry(
            comparator=old.entry.comparator if old else comparator,
            period=period,
            value=figure,
            scope=scope,
            comparability=choice.comparability,
            source=choice.source,
            edition=choice.edition,
            statistic=choice.statistic if used is not None else None,
            published_on=choice.published_on,
            method=self._method(name, used),
            note=choice.note,
        )
        if errors := problems(entry, self.bounds[series], today=self.today):
            for message in errors.values():
                refused = Refused(RowCode.NOT_POSSIBLE, f"{comparator}, {period.label} is not possible.", message)
                self.findings.refuse(row.number, self.file.label(name), f"{figure:f}", refused)
            return
        kind = Kind.NEW if old is None else Kind.UNCHANGED if old.entry == entry else Kind.CHANGED
        self.items.append(BenchmarkItem(row.number, series, entry, kind, old))

    def _method(self, name: str, used: Mapping[str, Decimal] | None) -> str:
        """ "Mean of 9 of 10 authorities. Column referral_percent, category: Total"."""
        several = {one.name for one in self.file.filters if len(one.values) > 1}
        chosen = [f"{column}: {value}" for column, value in self.choice.filters.items() if value and column in several]
        text = ", ".join([f"Column {name}", *chosen])
        if used is not None and self.choice.statistic:
            count = f"{len(used)} of {len(self.choice.neighbours)} authorities"
            text = f"{STATISTICS[self.choice.statistic]} of {count}. {text}"
        return text if len(text) <= LONGEST["method"] else text[: LONGEST["method"] - 1].rstrip() + "…"


def _one_figure(figures: Sequence[Decimal], statistic: Statistic | None) -> Decimal:
    """Exactly, then to the decimals that are held."""
    exact = [Fraction(figure) for figure in figures]
    found = median(exact) if statistic is Statistic.MEDIAN else sum(exact, Fraction()) / len(exact)
    return fraction_half_up(found, PLACES).normalize() + 0


def _listed(names: Sequence[str]) -> str:
    more = len(names) - NAMED_AT_MOST
    shown = [*names[:NAMED_AT_MOST], f"{more} more"] if more > 0 else list(names)
    return " and ".join([", ".join(shown[:-1]), shown[-1]] if len(shown) > 1 else shown)


def _finished(
    items: Sequence[BenchmarkItem],
    findings: Findings,
    choice: Choice,
    answers: Answers,
    source: str,
    lacking: tuple[str, ...],
) -> BenchmarkPlan:
    canonical = {
        "source": source,
        "choice": choice.as_json(),
        "answers": {str(question): answer for question, answer in answers.items()},
        "asked": [[each.question, each.count] for each in findings.asked],
        "issues": [[each.code, each.row, each.column] for each in findings.issues],
        # The held figures beside their version: a row that was removed and added again starts at 1 once more.
        "items": [
            [item.series, as_data(item.entry), item.kind]
            + ([item.old.version, as_data(item.old.entry)] if item.old else [])
            for item in items
        ],
        "missing": list(lacking),
    }
    text = json.dumps(canonical, sort_keys=True, separators=(",", ":"))
    return BenchmarkPlan(
        items=tuple(items),
        issues=tuple(sorted(findings.issues, key=lambda each: each.row)),
        asked=findings.asked,
        told=tuple(findings.told),
        refused=frozenset(findings.refused),
        missing=lacking,
        digest=hashlib.sha256(text.encode()).hexdigest(),
        unlisted=findings.all.unlisted,
    )
