"""Where a cycle is and whose turn it is: the stage strip and the lines of the landing page."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, replace

from django.urls import reverse

from accounts.models import Contract
from accounts.roles import Party
from accounts.viewer import Viewer
from commentary import panes
from measures.models import Cycle
from measures.pages import Place
from measures.policies import is_allowed
from measures.quarters import Quarter, date_words
from measures.rights import RIGHTS, Act
from measures.rows import Scorecard
from measures.set_up_words import possessive
from measures.states import State
from measures.target_waiting import ToAnswer, to_answer

from .models import Transition
from .table import MOVES, OPEN, openable, turn

LABELS = {
    Act.SUBMIT_VALUES: "Submit values",
    Act.ACCEPT_VALUES: "Accept values",
    Act.SEND_BACK: "Send values back",
}
URL_NAMES = {
    Act.SUBMIT_VALUES: "cycle-submit",
    Act.ACCEPT_VALUES: "cycle-accept",
    Act.SEND_BACK: "cycle-send-back",
}
STRIP = (State.OPEN, State.SUBMITTED, State.COMMENTARY, State.AGREED, State.PUBLISHED)


@dataclass(frozen=True)
class Stage:
    """One step of the strip; `place` is "done", "now" or empty. The committee's day stands at the end of it."""

    label: str
    place: str
    note: str = ""


@dataclass(frozen=True)
class Turn:
    """Who a cycle waits for, until when. `parties` is empty when it waits for nobody."""

    parties: frozenset[Party]
    names: str
    due: datetime.date | None
    days_left: int | None

    @property
    def words(self) -> str:
        """ "DMBC’s turn, due 16 November 2018, 5 days left"."""
        if not self.parties:
            return ""
        whose = f"{self.names} turn"
        return whose if self.due is None else f"{whose}, due {date_words(self.due)}, {left(self.days_left)}"


def left(days: int | None) -> str:
    if days is None:
        return ""
    if days == 0:
        return "today"
    count = f"{abs(days)} day{'' if abs(days) == 1 else 's'}"
    return f"{count} left" if days > 0 else f"{count} late"


def turn_of(cycle: Cycle, contract: Contract, waiting: frozenset[Party], today: datetime.date) -> Turn:
    state = State(cycle.state)
    parties = turn(state, waiting=waiting)
    due = cycle.values_due if state is State.OPEN else cycle.commentary_due
    names = " and ".join(possessive(contract.organisation(party).short_name) for party in Party if party in parties)
    return Turn(parties, names, due, (due - today).days if due else None)


def waiting_on(card: Scorecard, released: Mapping[int, Mapping[Party, bool]]) -> frozenset[Party]:
    """The parties with a required text still to release, from what the scorecard page has read already."""
    return frozenset(
        party
        for row in card.rows
        for party, is_released in released.get(row.id, {}).items()
        if not is_released and panes.is_required(party, row.kind)
    )


def stages(cycle: Cycle, now: Turn, committee: datetime.date | None = None) -> tuple[Stage, ...]:
    """Empty for a past quarter, which went through no stages here. `committee`: the day of the committee."""
    if cycle.state == State.PAST:
        return ()
    reached = STRIP.index(State(cycle.state))
    steps = tuple(
        Stage(
            state.words,
            "now" if index == reached else "done" if index < reached else "",
            now.words if index == reached else "",
        )
        for index, state in enumerate(STRIP)
    )
    return (*steps, *_committee(committee))


def _committee(day: datetime.date | None) -> list[Stage]:
    """No step that anybody takes here, so that it is never the one that is now."""
    return [Stage(f"Committee {date_words(day)}", "")] if day else []


@dataclass(frozen=True)
class MoveLink:
    label: str
    url: str
    needs_reason: bool


def moves(place: Place) -> list[MoveLink]:
    """The moves that the viewer may make on this cycle now, what goes forward before what goes back."""
    return [
        MoveLink(LABELS[move.act], reverse(URL_NAMES[move.act], kwargs=place.address), move.needs_reason)
        for move in sorted(MOVES, key=lambda move: move.needs_reason)
        if move is not OPEN and is_allowed(move.act, place.viewer, place.cycle)
    ]


def waiting_for_figures(card: Scorecard, place: Place) -> str:
    """Why no figures are shown; empty where they are."""
    if card.figures_visible:
        return ""
    cycle, provider = place.cycle, place.viewer.contract.provider.short_name
    if cycle.submitted_once:
        return (
            f"{provider} has not submitted its values for {cycle.quarter.label} again yet; earlier quarters are shown."
        )
    return (
        f"{provider} has not submitted its values for {cycle.quarter.label} yet. "
        f"They are due on {date_words(cycle.values_due)}; earlier quarters are shown."
    )


@dataclass(frozen=True)
class SentBack:
    by: str
    at: datetime.datetime
    reason: str


def sent_back(cycle: Cycle) -> SentBack | None:
    """Why an open quarter came back to the provider; None for one that is open for the first time, or not open."""
    if cycle.state != State.OPEN or not cycle.submitted_once:
        return None
    last = Transition.objects.filter(cycle=cycle).select_related("by").order_by("-id").first()
    return SentBack(last.by.name, last.at, last.reason) if last else None


@dataclass(frozen=True)
class CycleLine:
    quarter: Quarter
    state: State
    turn: Turn
    is_mine: bool
    may_open: bool


@dataclass(frozen=True)
class ContractLines:
    """A contract on the landing page: its running quarters, how many are past, and the targets that a director is asked
    to agree."""

    viewer: Viewer
    cycles: tuple[CycleLine, ...]
    past: tuple[Quarter, ...]
    to_open: Quarter | None
    may_set_up: bool = False
    targets: tuple[ToAnswer, ...] = ()


def contract_lines(viewers: list[Viewer], today: datetime.date) -> list[ContractLines]:
    """What waits for whom, for each contract that the person may know of: 2 queries, 3 for a director."""
    contracts = {viewer.contract.pk: viewer for viewer in viewers}
    by_contract: dict[int, list[Cycle]] = {pk: [] for pk in contracts}
    for cycle in Cycle.objects.filter(contract__in=contracts).order_by("-quarter"):
        by_contract[cycle.contract_id].append(cycle)
    waiting = panes.waiting_by_cycle(
        [cycle.pk for cycles in by_contract.values() for cycle in cycles if cycle.state == State.COMMENTARY]
    )
    lines = [_lines(viewer, by_contract[viewer.contract.pk], waiting, today) for viewer in viewers]
    targets = to_answer(viewers)
    return [replace(one, targets=tuple(targets.get(one.viewer.contract.pk, ()))) for one in lines]


def _lines(viewer: Viewer, cycles: list[Cycle], waiting, today: datetime.date) -> ContractLines:
    running = [cycle for cycle in cycles if cycle.state != State.PAST]
    lines = []
    for cycle in running:
        now = turn_of(cycle, viewer.contract, waiting.get(cycle.pk, frozenset()), today)
        lines.append(
            CycleLine(cycle.quarter, State(cycle.state), now, viewer.party in now.parties, viewer.party is not None)
        )
    past = tuple(cycle.quarter for cycle in cycles if cycle.state == State.PAST)
    to_open = openable([(cycle.quarter, cycle.state) for cycle in cycles], today).offered
    return ContractLines(
        viewer,
        tuple(lines),
        past,
        to_open if viewer.who in RIGHTS[Act.OPEN_CYCLE] else None,
        may_set_up=viewer.who in RIGHTS[Act.SET_UP],
    )
