"""The measures of a contract as set-up shows them: the list by section, and one measure with all its series."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from accounts.models import Contract

from .catalogue_held import Held, held_by
from .catalogue_list import within
from .catalogue_order import in_sections
from .catalogue_series import fixed_words
from .models import Definition, Measure, Series, Target
from .numbers import Unit, value_text
from .quarters import Quarter
from .rating import Polarity
from .set_up_words import (
    BASIS_NOTES,
    DERIVATION_NAMES,
    KIND_WORDS,
    POLARITY_NAMES,
    ROLE_WORDS,
    UNIT_NAMES,
    WINDOW_NAMES,
    counted,
    lower_first,
    short,
)
from .terms import Kind, SeriesRole, Window

NO_TARGET = "No target yet"


@dataclass(frozen=True)
class Line:
    """One measure of the list. `place` counts from 1 within its section, of `count`."""

    measure: Measure
    place: int
    count: int
    series: str
    others: str
    target: str
    is_bare: bool

    @property
    def kind(self) -> str:
        return short(KIND_WORDS[self.measure.kind])

    @property
    def number(self) -> str:
        """For the names of elements."""
        return str(self.measure.pk)


@dataclass(frozen=True)
class Section:
    """`lines` are those shown of it; `place` counts from 1, of `count` sections."""

    name: str
    place: int
    count: int
    lines: tuple[Line, ...]
    measures: int

    @property
    def number(self) -> str:
        """For the names of elements."""
        return str(self.place)


class Placed(NamedTuple):
    """A measure with its section and its place there, from 1, of `count`."""

    section: str
    place: int
    count: int
    measure: Measure


@dataclass(frozen=True)
class Listed:
    """All measures of a contract in the order of the paper; `found` are those that the search names."""

    every: Mapping[str, Sequence[Measure]]
    found: tuple[Placed, ...]

    @property
    def total(self) -> int:
        return sum(map(len, self.every.values()))

    @property
    def answer(self) -> str:
        sections = counted(len(self.every), "section")
        return f"{counted(self.total, 'measure')} in {sections}, in the order of the paper."


def listed_of(contract: Contract, search: str = "") -> Listed:
    """One query."""
    every = in_sections(Measure.objects.filter(contract=contract).order_by("position", "code", "pk"))
    words = search.casefold().split()
    found = [
        Placed(name, place, len(rows), row)
        for name, rows in every.items()
        for place, row in enumerate(rows, 1)
        if all(word in f"{row.code} {row.title} {name}".casefold() for word in words)
    ]
    return Listed(every, tuple(found))


def section_names(contract: Contract) -> list[str]:
    return list(listed_of(contract).every)


def sections_of(listed: Listed, shown: Sequence[Placed], now: Quarter) -> list[Section]:
    """Those shown, by section. `now` is the quarter whose target counts as in force. 2 queries."""
    series = _series_of([each.measure for each in shown])
    lines: dict[str, list[Line]] = defaultdict(list)
    for each in shown:
        lines[each.section].append(_line(each, series.get(each.measure.pk, []), now))
    names = list(listed.every)
    return [
        Section(name, names.index(name) + 1, len(names), tuple(each), len(listed.every[name]))
        for name, each in lines.items()
    ]


def _series_of(measures: Sequence[Measure]) -> dict[int, list[Series]]:
    found: dict[int, list[Series]] = defaultdict(list)
    held = {each.pk: each for each in measures}
    rows = Series.objects.filter(measure__in=held).order_by("position", "code", "pk")
    for row in rows.prefetch_related("targets"):
        row.measure = held[row.measure_id]
        found[row.measure_id].append(row)
    return found


def _line(placed: Placed, series: Sequence[Series], now: Quarter) -> Line:
    measure = placed.measure
    at = within(measure, now)
    running = [each for each in series if each.covers(at)]
    headline = next((each for each in running if each.role == SeriesRole.HEADLINE), None)
    others = len(running) - (headline is not None)
    return Line(
        measure=measure,
        place=placed.place,
        count=placed.count,
        series=what_words(headline) if headline else "No headline yet",
        others=f"and {others} more" if others else "",
        target=target_words(headline, list(headline.targets.all()), at) if headline else "",
        is_bare=headline is None,
    )


def what_words(series: Series) -> str:
    """ "Percentage, higher is better, monthly"."""
    way = short(POLARITY_NAMES[series.polarity])
    return f"{UNIT_NAMES[series.unit]}, {lower_first(way)}, {'monthly' if series.is_derived else 'quarterly'}"


def target_words(series: Series, targets: Sequence[Target], at: Quarter) -> str:
    """The one in force in the quarter, else the next: "90%, tolerance 85%, from Q1 2015/16"."""
    agreed = sorted((each for each in targets if in_use(each)), key=lambda each: each.from_quarter)
    begun = [each for each in agreed if each.from_quarter <= at]
    if agreed:
        return aim_words(series, begun[-1] if begun else agreed[0])
    return NO_TARGET if takes_target(series) else "Not rated"


def takes_target(series: Series) -> bool:
    return series.polarity != Polarity.NEUTRAL and series.measure.kind != Kind.VOLUMETRIC


def in_use(target: Target) -> bool:
    return target.agreed_at is not None and target.withdrawn_at is None


def aim_words(series: Series, target: Target) -> str:
    """ "90%, tolerance 85% (illustrative), from Q1 2015/16"."""
    if target.target is None:
        return f"No target from {target.from_quarter.label}"
    aim, bound = (
        "" if number is None else f"{value_text(number, Unit(series.unit), series.decimals)}{BASIS_NOTES[basis]}"
        for number, basis in ((target.target, target.target_basis), (target.tolerance, target.tolerance_basis))
    )
    tolerance = f"tolerance {bound}" if bound else "no tolerance"
    return f"{aim}, {tolerance}, from {target.from_quarter.label}"


@dataclass(frozen=True)
class Card:
    """One series on its measure's page."""

    series: Series
    held: Held
    definitions: tuple[Definition, ...]
    targets: tuple[str, ...]
    place: int
    count: int
    has_target: bool
    had_target: bool

    @cached_property
    def role(self) -> str:
        return short(ROLE_WORDS[self.series.role])

    @property
    def facts(self) -> list[tuple[str, str]]:
        series = self.series
        window = "" if series.window == Window.PERIOD else WINDOW_NAMES[series.window]
        most = series.maximum
        return [
            (name, text)
            for name, text in [
                ("Figure", what_words(series)),
                ("Decimals", str(series.decimals)),
                ("Quarter", DERIVATION_NAMES[series.derivation]),
                ("One figure covers", window),
                ("At most", value_text(most, Unit(series.unit), series.decimals) if most is not None else ""),
                ("Counted", f"{series.counted}, one {series.counted_one}" if series.counted_one else series.counted),
            ]
            if text
        ]

    @property
    def why_fixed(self) -> str:
        return fixed_words(self.held)

    @property
    def number(self) -> str:
        """For the names of elements."""
        return str(self.series.pk)

    @property
    def needs_target(self) -> bool:
        return not self.had_target and takes_target(self.series)

    @property
    def no_target(self) -> str:
        """What stands in place of `targets` where none is in force."""
        if self.has_target:
            return "None in force: a proposal waits for its answer"
        if not takes_target(self.series):
            neutral = self.series.polarity == Polarity.NEUTRAL
            return f"Not rated: {'neither way is better' if neutral else 'the measure is volumetric'}"
        return "None in force" if self.had_target else "None yet"

    @property
    def is_ended(self) -> bool:
        return self.series.last_quarter is not None

    @property
    def latest(self) -> Definition | None:
        return self.definitions[-1] if self.definitions else None


def cards_of(measure: Measure) -> list[Card]:
    """10 queries, however many series."""
    rows = list(measure.series.order_by("position", "code", "pk").prefetch_related("definitions", "targets"))
    held: Mapping[int, Held] = held_by([row.pk for row in rows])
    cards = []
    for place, row in enumerate(rows, 1):
        targets = sorted(row.targets.all(), key=lambda each: each.from_quarter)
        cards.append(
            Card(
                series=row,
                held=held[row.pk],
                definitions=tuple(sorted(row.definitions.all(), key=lambda each: each.from_quarter)),
                targets=tuple(aim_words(row, each) for each in targets if in_use(each)),
                place=place,
                count=len(rows),
                has_target=any(each.withdrawn_at is None and each.closed_at is None for each in targets),
                had_target=bool(targets),
            )
        )
    return cards
