"""What the workflow must do, told a second time in plain Python: no database, and not the program's table of rights.

Each method of `Model` either raises the refusal that the program must raise, by the name of its class, and changes
nothing, or changes the model as the program must change its rows.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal

from accounts.denial import Denied, Published, Stale, WrongState
from accounts.roles import Party, Who
from measures.quarters import Month, Quarter
from measures.states import State

OPEN, SUBMITTED, COMMENTARY = State.OPEN, State.SUBMITTED, State.COMMENTARY
LIVELY = {OPEN, SUBMITTED, COMMENTARY}
MAY: dict[str, tuple[Who, set[State]]] = {
    "submit": (Who.ANALYST, {OPEN}),
    "send back": (Who.OFFICER, {SUBMITTED, COMMENTARY}),
    "accept": (Who.OFFICER, {SUBMITTED}),
    "enter": (Who.ANALYST, {OPEN}),
    "correct": (Who.ANALYST, {State.PUBLISHED}),
    "choose": (Who.OFFICER, LIVELY),
    "write commissioner": (Who.OFFICER, {SUBMITTED, COMMENTARY}),
    "write provider": (Who.ANALYST, LIVELY),
    "release commissioner": (Who.OFFICER, {COMMENTARY}),
    "release provider": (Who.ANALYST, {COMMENTARY}),
}
LEADS_TO = {"submit": SUBMITTED, "send back": OPEN, "accept": COMMENTARY}
LONGEST = datetime.timedelta(minutes=10)
QUARTERLY, MONTHLY = "B8", "E1"
ENTERED, DERIVED = "entered", "derived"


class Invalid(Exception):
    """A field is wrong."""


class TooLarge(Exception):
    """A text is too long."""


class StalePane(Stale):
    """Somebody else saved the pane in between."""


@dataclass(frozen=True)
class Person:
    """`party` is None for the administrator."""

    name: str
    who: Who

    @property
    def party(self) -> Party | None:
        return self.who.party


@dataclass
class Saved:
    """One row of a pane's record."""

    version: int
    kind: str
    text: str
    by: str
    at: datetime.datetime
    is_open: bool = False
    begun_at: datetime.datetime | None = None


@dataclass
class PaneModel:
    draft: str = ""
    version: int = 0
    released: str | None = None
    released_version: int | None = None
    record: list[Saved] = field(default_factory=list)


@dataclass(frozen=True)
class Revision:
    """One row of one series and period; the last of its list is the current one."""

    value: Decimal | None
    status: str
    reason: str
    by: str
    version: int
    origin: str = ENTERED
    months: int | None = None


@dataclass
class CycleModel:
    state: State = OPEN
    was_submitted: bool = False
    was_corrected: bool = False
    path: list[tuple[str, str, str, str]] = field(default_factory=list)
    areas: dict[str, str] = field(default_factory=dict)
    panes: dict[tuple[str, Party], PaneModel] = field(default_factory=dict)


class Model:
    """One contract: its quarters, figures by (series, period), and the public acts as (act, object, person)."""

    def __init__(self, measures: list[str], first: Quarter, last: Quarter) -> None:
        self.measures, self.first, self.last = measures, first, last
        self.cycles: dict[Quarter, CycleModel] = {}
        self.figures: dict[tuple[str, Quarter | Month], list[Revision]] = {}
        self.acts: list[tuple[str, str, str]] = []

    def check(self, act: str, by: Person, state: State) -> None:
        who, states = MAY[act]
        if by.who is not who:
            raise Denied("")
        if state not in states:
            raise Published("") if state is State.PUBLISHED else WrongState("")

    def next_quarter(self) -> Quarter:
        return max(self.cycles).next if self.cycles else self.first

    def open(self, by: Person, quarter: Quarter) -> None:
        if by.who is not Who.OFFICER:
            raise Denied("")
        if quarter != self.next_quarter() or quarter > self.last:
            raise WrongState("")
        panes = {(measure, party): PaneModel() for measure in self.measures for party in Party}
        earlier = self.cycles.get(quarter.previous)
        self.cycles[quarter] = CycleModel(panes=panes, areas=dict(earlier.areas) if earlier else {})
        self.cycles[quarter].path.append(("", OPEN.value, by.name, ""))
        self.acts.append(("open", quarter.code, by.name))

    def move(self, by: Person, quarter: Quarter, verb: str, reason: str = "") -> None:
        cycle = self.cycles[quarter]
        self.check(verb, by, cycle.state)
        if verb == "send back" and not reason.strip():
            raise Invalid
        cycle.path.append((cycle.state.value, LEADS_TO[verb].value, by.name, reason.strip()))
        cycle.state = LEADS_TO[verb]
        cycle.was_submitted |= verb == "submit"
        self.acts.append((verb, quarter.code, by.name))

    def change_area(self, by: Person, quarter: Quarter, verb: str, measure: str, reason: str) -> None:
        """`verb` is "add" or "remove"."""
        cycle = self.cycles[quarter]
        self.check("choose", by, cycle.state)
        if not reason.strip():
            raise Invalid
        if (measure in cycle.areas) == (verb == "add"):
            raise WrongState("")
        if verb == "add":
            cycle.areas[measure] = reason.strip()
        else:
            del cycle.areas[measure]
        self.acts.append((f"{verb} area for improvement", f"{quarter.code} {measure}", by.name))

    def held_version(self, series: str, period: Quarter | Month) -> int:
        held = self.figures.get((series, period))
        return held[-1].version if held else 0

    def record(self, by: Person, quarter: Quarter, series: str, period: Quarter | Month, figure: Revision) -> None:
        """`figure` as typed; its `version` is the one that the analyst saw."""
        cycle = self.cycles[quarter]
        is_correction = cycle.state is State.PUBLISHED
        self.check("correct" if is_correction else "enter", by, cycle.state)
        if period not in ([quarter] if series == QUARTERLY else quarter.months):
            raise Denied("")
        if not is_possible(series, figure):
            raise Invalid
        if figure.version != self.held_version(series, period):
            raise Stale("")
        if cycle.was_submitted and not figure.reason.strip():
            raise Invalid
        held = list(self.figures.get((series, period), []))
        if held and (held[-1].value, held[-1].status) == (figure.value, figure.status):
            return
        self._store(cycle, series, period, figure)
        if series == MONTHLY:
            self._add_up(cycle, quarter, figure)
        if is_correction:
            cycle.was_corrected = True
            act = "correct value" if held else "add past value"
            self.acts.append((act, f"{quarter.code} {series} {series}", by.name))

    def _store(self, cycle: CycleModel, series: str, period: Quarter | Month, figure: Revision) -> None:
        fields = {**vars(figure), "version": figure.version + 1, "reason": figure.reason.strip()}
        held = self.figures.setdefault((series, period), [])
        if held and not cycle.was_submitted:
            held.pop()
        held.append(Revision(**fields))

    def _add_up(self, cycle: CycleModel, quarter: Quarter, figure: Revision) -> None:
        months = [self.figures[MONTHLY, month][-1] for month in quarter.months if (MONTHLY, month) in self.figures]
        values = [month.value for month in months if month.value is not None]
        total = sum(values, Decimal(0)) if values else None
        status = months[-1].status if total is None else "final" if len(values) == 3 else "provisional"
        held = self.figures.get((MONTHLY, quarter))
        if held and (held[-1].value, held[-1].status, held[-1].months) == (total, status, len(values)):
            return
        version = self.held_version(MONTHLY, quarter)
        added = Revision(total, status, figure.reason, figure.by, version, DERIVED, len(values))
        self._store(cycle, MONTHLY, quarter, added)

    def save(self, by: Person, quarter: Quarter, measure: str, party: Party, text: str, version: int, now) -> None:
        cycle = self.cycles[quarter]
        self.check(f"write {party}", by, cycle.state)
        if len(text) > 50_000:
            raise TooLarge
        pane, cleaned = cycle.panes[measure, party], "" if text == "<p></p>" else text
        if pane.draft == cleaned:
            return
        if pane.version != version:
            for row in pane.record:
                row.is_open = False
            refused = Saved(version, "refused", cleaned, by.name, now)
            if not any(same_save(refused, row) for row in pane.record):
                pane.record.append(refused)
            raise StalePane("")
        pane.draft, pane.version = cleaned, version + 1
        last = next((row for row in pane.record if row.is_open), None)
        if last and last.by == by.name and now - last.begun_at <= LONGEST and keeps_half(last.text, cleaned):
            last.text, last.version, last.at = cleaned, version + 1, now
            return
        if last:
            last.is_open = False
        pane.record.append(Saved(version + 1, "saved", cleaned, by.name, now, is_open=True, begun_at=now))

    def release(self, by: Person, quarter: Quarter, measure: str, party: Party, version: int, now) -> None:
        cycle = self.cycles[quarter]
        self.check(f"release {party}", by, cycle.state)
        pane = cycle.panes[measure, party]
        if version != pane.version:
            raise StalePane("")
        if not pane.draft:
            raise Invalid
        if pane.released_version == version:
            return
        pane.released, pane.released_version = pane.draft, version
        for row in pane.record:
            row.is_open = row.is_open and row.version != version
        pane.record.append(Saved(version, "released", pane.draft, by.name, now))
        self.acts.append(("release pane", f"{quarter.code} {measure} {party}", by.name))

    def withdraw(self, by: Person, quarter: Quarter, measure: str, party: Party, version: int, now) -> None:
        """`version` is that of the released text which was seen."""
        cycle = self.cycles[quarter]
        self.check(f"release {party}", by, cycle.state)
        pane = cycle.panes[measure, party]
        if pane.released is None:
            return
        if version != pane.released_version:
            raise StalePane("")
        pane.record.append(Saved(pane.released_version, "withdrawn", pane.released, by.name, now))
        pane.released = pane.released_version = None
        self.acts.append(("withdraw pane", f"{quarter.code} {measure} {party}", by.name))

    def may_see_figures(self, by: Person, quarter: Quarter) -> bool:
        if by.party is Party.PROVIDER:
            return True
        return by.party is Party.COMMISSIONER and self.cycles[quarter].state is not OPEN

    def text_for(self, by: Person, quarter: Quarter, measure: str, party: Party) -> str | None:
        """What this person reads in the pane: the draft of their own party, what the other released, or nothing."""
        pane = self.cycles[quarter].panes[measure, party]
        if by.party is party:
            return pane.draft
        return pane.released if by.party else None

    def rows(self) -> Iterator[tuple]:
        for (series, period), held in self.figures.items():
            for number, row in enumerate(held, start=1):
                yield (series, period, number, number == len(held), *vars(row).values())


def is_possible(series: str, figure: Revision) -> bool:
    if figure.status != "final":
        return figure.value is None
    if figure.value is None or figure.value < 0:
        return False
    return figure.value <= 100 if series == QUARTERLY else figure.value == int(figure.value)


def keeps_half(old: str, new: str) -> bool:
    """Of texts that are one paragraph and say no word twice."""
    before, after = (set(text.removeprefix("<p>").removesuffix("</p>").split()) for text in (old, new))
    return len(before & after) >= len(before) / 2


def same_save(one: Saved, other: Saved) -> bool:
    return all(getattr(one, name) == getattr(other, name) for name in ("version", "kind", "text", "by"))
