"""What a workbook would make here: compared with what is held, nothing stored."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from django.db.models import Q

from accounts.contracts import NewOrganisation, Settings, Side, settings_of
from accounts.models import Contract, Organisation
from accounts.roles import Party
from measures.committee import committee_dates
from measures.contract_changes import fixed_because
from measures.imports.issues import Issue, Severity
from measures.models import Cycle, Measure
from measures.numbers import Unit, value_text
from measures.quarters import date_words
from measures.set_up_words import counted, listed
from measures.states import State

from .codes import Wrong
from .columns import COMMITTEE, CONTRACT, KINDS, ROLES, SHEETS, UNITS, SheetShape
from .shapes import CommitteeRow, ContractBook, ContractRow, SeriesRow

Places = Mapping[str, Sequence[int]]
NOWHERE: Places = {}
# Rows of a preview's list: more than anybody reads, and few enough for a page.
SHOWN = 400
SETTINGS = {
    "title": "title",
    "values_due_days": "days until values are due",
    "commentary_due_days": "days until commentary is due",
    "small_cohort": "small cohort",
    "requires_second_factor": "second factor",
}


@dataclass(frozen=True)
class PlannedSeries:
    code: str
    name: str
    about: str
    target: str


@dataclass(frozen=True)
class PlannedMeasure:
    code: str
    title: str
    section: str
    kind: str
    span: str
    series: tuple[PlannedSeries, ...]


@dataclass(frozen=True)
class Plan:
    """`held` is the contract that would be filled, None where one would be made. `sides` are the organisations, each
    held already or to be made. `changes` are sentences on settings that would be another than now. `issues` are those
    that only what is held here shows."""

    book: ContractBook
    held: Contract | None
    sides: dict[Party, Side]
    changes: tuple[str, ...]
    issues: tuple[Issue, ...]

    @property
    def answer(self) -> str:
        """ "Makes the contract Housing repairs: 6 measures, 8 series, 8 definitions and 9 targets"."""
        return (
            f"{'Fills' if self.held else 'Makes'} the contract {self.book.contract.title}: {counts_in_words(self.book)}"
        )

    @property
    def organisations(self) -> list[tuple[str, str]]:
        """(who, whether it is held) of both."""
        return [
            (f"{side.name} ({side.short_name})", "new" if isinstance(side, NewOrganisation) else "held already")
            for side in self.sides.values()
        ]

    @property
    def digest(self) -> str:
        """Another one where what is held has changed since, so that something else would happen."""
        held = [self.held.pk, self.held.version] if self.held else None
        sides = [None if isinstance(side, NewOrganisation) else side.pk for side in self.sides.values()]
        issues = [[issue.code, issue.row, issue.column] for issue in self.issues]
        return hashlib.sha256(json.dumps([held, sides, self.changes, issues]).encode()).hexdigest()

    @property
    def sections(self) -> list[tuple[str, int, list[PlannedMeasure]]]:
        """Measures by their section, in the order of the paper: how many there are, and those that a page shows."""
        numbers = Counter(row.section for row in self.book.measures)
        found: dict[str, list[PlannedMeasure]] = {}
        left = SHOWN
        for one in self.measures:
            if left > 0:
                shown = replace(one, series=one.series[:left])
                found.setdefault(one.section, []).append(shown)
                left -= len(shown.series)
        return [(name, numbers[name], shown) for name, shown in found.items()]

    @property
    def more(self) -> str:
        """How many series `sections` leave out; empty where they hold all."""
        left = len(self.book.series) - SHOWN
        return f"{left:,}" if left > 0 else ""

    @property
    def dates(self) -> tuple[CommitteeRow, ...]:
        return self.book.committee_dates[:SHOWN]

    @property
    def more_dates(self) -> str:
        left = len(self.book.committee_dates) - SHOWN
        return f"{left:,}" if left > 0 else ""

    @property
    def measures(self) -> list[PlannedMeasure]:
        return [
            PlannedMeasure(
                code=row.code,
                title=row.title,
                section=row.section,
                kind=KINDS[row.kind],
                span=f"{row.first_quarter.label} to {row.last_quarter.label}"
                if row.last_quarter
                else f"from {row.first_quarter.label}",
                series=tuple(_series(self.book, one) for one in self.book.series_of(row.code)),
            )
            for row in self.book.measures
        ]


def counts(book: ContractBook) -> dict[str, int]:
    return {
        "measures": len(book.measures),
        "series": len(book.series),
        "definitions": len(book.definitions),
        "targets": len(book.targets),
        "committee dates": len(book.committee_dates),
    }


def counts_in_words(book: ContractBook) -> str:
    """ "6 measures, 8 series and 9 definitions"."""
    singular = {"series": "series"}
    return listed(
        [
            counted(number, singular.get(name, name.removesuffix("s")), name)
            for name, number in counts(book).items()
            if number
        ]
    )


def _series(book: ContractBook, row: SeriesRow) -> PlannedSeries:
    about = f"{ROLES[row.role]}, {UNITS[row.unit].lower()}"
    definitions, targets = book.definitions_of(row.key), book.targets_of(row.key)
    if len(definitions) > 1:
        about += f", {len(definitions)} definitions"
    if not targets:
        return PlannedSeries(row.code, row.name, about, "")
    latest = targets[-1]
    if latest.target is None:
        said = "none"
    else:
        said = value_text(latest.target, Unit(row.unit), row.decimals)
        if latest.tolerance is not None:
            said += f", tolerance {value_text(latest.tolerance, Unit(row.unit), row.decimals)}"
    since = f" from {latest.from_quarter.label}, {counted(len(targets) - 1, 'earlier one')}" if targets[1:] else ""
    return PlannedSeries(row.code, row.name, about, said + since)


def plan(book: ContractBook, places: Places = NOWHERE) -> Plan:
    """7 queries at most. `places` are the numbers of the rows that the file has on each sheet, for the issues."""
    row = book.contract
    held = Contract.objects.select_related("commissioner", "provider").filter(slug=row.slug).first()
    sides, issues = {}, []
    for party in Party:
        side, found = _side(row, party, places)
        sides[party] = side
        issues += found
    changes: tuple[str, ...] = ()
    if held:
        issues += [
            *_not_empty(held, places),
            *_other_parties(held, sides, places),
            *_other_days(held, book, places),
        ]
        changes = tuple(_changes(held, row))
    place = {shape.name: number for number, shape in enumerate(SHEETS)}
    issues.sort(key=lambda issue: place[issue.sheet])
    return Plan(book, held, sides, changes, tuple(issues))


def settings(row: ContractRow) -> Settings:
    return Settings(
        title=row.title,
        slug=row.slug,
        values_due_days=row.values_due_days,
        commentary_due_days=row.commentary_due_days,
        small_cohort=row.small_cohort,
        requires_second_factor=row.requires_second_factor,
    )


def _changes(held: Contract, row: ContractRow) -> Iterator[str]:
    old, new = settings_of(held), settings(row)
    for name, words in SETTINGS.items():
        was, is_now = getattr(old, name), getattr(new, name)
        if was != is_now:
            yield f"{words[:1].upper()}{words[1:]}: {_said(was)} until now, {_said(is_now)} then."


def _said(value: object) -> str:
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)


def _issue(places: Places, name: str, code: str, read: str, why: str, remedy: str) -> Issue:
    """On the contract's own row."""
    return _at(places, CONTRACT, 0, name, code, read, why, remedy)


def _at(places: Places, shape: SheetShape, index: int, name: str, code: str, read: str, why: str, remedy: str) -> Issue:
    """On a row by its place among the sheet's; without the file's numbers as if nothing stood between."""
    numbers = places.get(shape.name, ())
    number = numbers[index] if index < len(numbers) else index + 2
    return Issue(Severity.REFUSED, code, shape.name, number, shape.column(name).header, read, why, remedy)


def _side(row: ContractRow, party: Party, places: Places) -> tuple[Side, list[Issue]]:
    """The organisation that both names mean: one that is held, or a new one where neither is."""
    name, short = getattr(row, party.value), getattr(row, f"{party.value}_short")
    found = Organisation.objects.filter(Q(name__iexact=name) | Q(short_name__iexact=short))
    exact = next((one for one in found if (one.name, one.short_name) == (name, short)), None)
    if exact or not found:
        return exact or NewOrganisation(name, short), []
    one = found[0]
    is_name = one.name.casefold() == name.casefold()
    why = f"{one.name} is held here with the short name {one.short_name}."
    remedy = "Write both names as they are held, or others for another organisation."
    column = f"{party.value}_short" if is_name else party.value
    return NewOrganisation(name, short), [
        _issue(places, column, Wrong.KNOWN_OTHERWISE, short if is_name else name, why, remedy)
    ]


def _not_empty(held: Contract, places: Places) -> Iterator[Issue]:
    if number := Measure.objects.filter(contract=held).count():
        why = f"{held.title} has this address, and holds {counted(number, 'measure')} already."
        remedy = "Write another address for another contract, or change its measures on its set-up pages."
        yield _issue(places, "slug", Wrong.HELD_MEASURES, held.slug, why, remedy)
    elif opened := Cycle.objects.filter(contract=held).exclude(state=State.PAST).order_by("quarter").first():
        why = f"{held.title} has this address, and its {opened.quarter.label} was opened without measures."
        yield _issue(places, "slug", Wrong.OPENED, held.slug, why, "Add its measures by hand, on its set-up pages.")


def _other_parties(held: Contract, sides: dict[Party, Side], places: Places) -> Iterator[Issue]:
    for party, side in sides.items():
        if side != held.organisation(party):
            now = held.organisation(party)
            why = f"{held.title} has the {party.value} {now.name} ({now.short_name})."
            remedy = "Write both its names here."
            if not fixed_because(held):
                remedy = "Write both its names here, or change the contract’s organisation on its set-up page first."
            yield _issue(places, party.value, Wrong.OTHER_PARTY, side.name, why, remedy)


def _other_days(held: Contract, book: ContractBook, places: Places) -> Iterator[Issue]:
    days = {row.quarter: row.on for row in committee_dates(held)}
    for index, row in enumerate(book.committee_dates):
        if days.get(row.quarter, row.on) != row.on:
            why = f"{held.title} holds {date_words(days[row.quarter])} as the day of {row.quarter.label}."
            remedy = "Write that day, or change it on the contract’s set-up page first."
            yield _at(places, COMMITTEE, index, "on", Wrong.OTHER_DAY, row.on.isoformat(), why, remedy)
