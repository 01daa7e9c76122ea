"""What an event on a chart may hold, checked field by field, and its words. Pure: no Django.

The form asks `problems` with the quarter of its page, the write function without.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from .quarters import Month, Quarter, date_words
from .terms import EventKind, Frequency

LONGEST_TEXT = 120
LONGEST_REASON = 500
NO_TEXT = "Say in a few words what happened: they stand on the chart."
NO_REASON = "Say why: both parties read it."

KIND_WORDS: Mapping[EventKind, str] = {
    EventKind.NOTE: "Note",
    EventKind.BREAK: "New definition or method (break)",
    EventKind.REBASE: "Limits start again (rebase)",
}
# What each does to chart and limits.
EFFECTS: Mapping[EventKind, str] = {
    EventKind.NOTE: "It is marked on the chart. The line and its limits stay as they are.",
    EventKind.BREAK: (
        "The line is cut, its limits start again from here, and nothing before is compared with anything after."
    ),
    EventKind.REBASE: "The line goes on. Its limits start again from here, because a lasting change is understood.",
}


@dataclass(frozen=True)
class EventEntry:
    """One event as it is typed. `at` is the day of a note, the first day of the period of the others."""

    at: date
    kind: EventKind
    text: str
    reason: str


@dataclass(frozen=True)
class Withdrawal:
    by: str
    at: datetime
    reason: str


@dataclass(frozen=True)
class Event:
    """One event as it is held. `by` is name and organisation: "Olivia Marsh, DMBC"."""

    id: int
    at: date
    kind: EventKind
    text: str
    reason: str
    by: str
    recorded_at: datetime
    withdrawn: Withdrawal | None = None

    @property
    def words(self) -> str:
        return KIND_WORDS[self.kind]

    @property
    def effect(self) -> str:
        return EFFECTS[self.kind]

    def when(self, frequency: Frequency) -> str:
        """ "14 August 2018" of a note; "from August 2018", "from Q2 2018/19" of the others."""
        if self.kind is EventKind.NOTE:
            return date_words(self.at)
        return f"from {period_at(self.at, frequency).label}"


@dataclass(frozen=True)
class Span:
    """Where events of one series may stand: within its own quarters and those of the contract, and not after today.

    `shown` is the quarter of the page, after which it shows nothing; None asks for no page.
    """

    code: str
    frequency: Frequency
    first: Quarter
    last: Quarter | None
    held: frozenset[Quarter]
    today: date
    shown: Quarter | None = None

    @property
    def quarters(self) -> list[Quarter]:
        """The quarters of the contract that the series runs in, the latest first."""
        return sorted((quarter for quarter in self.held if self._holds(quarter)), reverse=True)

    def _holds(self, quarter: Quarter) -> bool:
        return self.first <= quarter and all(quarter <= last for last in (self.last, self.shown) if last)

    @property
    def periods(self) -> list[Quarter | Month]:
        """The periods that a break or a rebase may start with, the latest first."""
        monthly = self.frequency is Frequency.MONTH
        found = [period for q in self.quarters for period in (reversed(q.months) if monthly else [q])]
        return [period for period in found if period.start <= self.today]

    @property
    def latest(self) -> date:
        """The last day that may be chosen, but for quarters that are not held."""
        return min([self.today, *(quarter.end for quarter in (self.last, self.shown) if quarter)])

    def problem(self, at: date) -> str:
        """Why no event may stand there; empty where one may."""
        if at < self.first.start:
            return f"{self.code} starts with {self.first.label}: choose a day from {date_words(self.first.start)} on."
        if at > self.today:
            return f"Choose a day up to today, {date_words(self.today)}: this one is still to come."
        if self.last and at > self.last.end:
            return f"{self.code} ended with {self.last.label}: choose a day up to {date_words(self.last.end)}."
        if self.shown and at > self.shown.end:
            return f"Choose a day up to {date_words(self.shown.end)}: the page of {self.shown.label} ends there."
        quarter = Quarter.containing(at)
        return "" if quarter in self.held else f"{quarter.label} is not held here: choose a day in a quarter that is."


def problems(entry: EventEntry, span: Span) -> dict[str, str]:
    """Messages by field: at, text, reason."""
    found = {}
    if message := span.problem(entry.at):
        found["at"] = message
    elif entry.kind is not EventKind.NOTE and entry.at != period_at(entry.at, span.frequency).start:
        found["at"] = f"Choose the first day of a {span.frequency}: a {entry.kind} starts with one."
    for name, text, longest, missing in (
        ("text", entry.text, LONGEST_TEXT, NO_TEXT),
        ("reason", entry.reason, LONGEST_REASON, NO_REASON),
    ):
        if message := length_problem(text, longest, missing):
            found[name] = message
    return found


def length_problem(text: str, longest: int, missing: str) -> str:
    """Empty where the text may stand; `missing` where there is none."""
    if not text:
        return missing
    return f"Use {longest} characters or fewer; this has {len(text):,}." if len(text) > longest else ""


def period_at(at: date, frequency: Frequency) -> Quarter | Month:
    return Month.containing(at) if frequency is Frequency.MONTH else Quarter.containing(at)


def held_already(entry: EventEntry, span: Span, other: EventKind) -> str:
    """Why the event cannot stand beside one of that kind on the same day."""
    if entry.kind is EventKind.NOTE:
        return f"{span.code} has this note for {date_words(entry.at)} already."
    period = period_at(entry.at, span.frequency).label
    return f"{span.code} has a {other} from {period} already: its limits start again there. Withdraw it first."


def answer(events: list[Event], code: str, quarter: Quarter) -> str:
    """ "2 events stand on the chart of B8 up to Q2 2018/19; 1 was withdrawn."; empty without any."""
    if not events:
        return ""
    gone = sum(event.withdrawn is not None for event in events)
    standing = len(events) - gone
    count = {0: "No event stands", 1: "1 event stands"}.get(standing, f"{standing} events stand")
    taken = f"; {gone} {'was' if gone == 1 else 'were'} withdrawn" if gone else ""
    return f"{count} on the chart of {code} up to {quarter.label}{taken}."
