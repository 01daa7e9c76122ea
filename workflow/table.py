"""The moves of a cycle as data. Pure: no Django. Who may make each move stands in `measures.rights`."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from accounts.roles import Party
from measures.quarters import Quarter
from measures.rights import Act
from measures.states import State


@dataclass(frozen=True)
class Move:
    """One verb of the workflow. `sources` is empty for the move that makes the cycle."""

    act: Act
    verb: str
    sources: frozenset[State]
    target: State
    needs_reason: bool = False


OPEN = Move(Act.OPEN_CYCLE, "open", frozenset(), State.OPEN)
SUBMIT = Move(Act.SUBMIT_VALUES, "submit", frozenset({State.OPEN}), State.SUBMITTED)
SEND_BACK = Move(
    Act.SEND_BACK, "send back", frozenset({State.SUBMITTED, State.COMMENTARY}), State.OPEN, needs_reason=True
)
ACCEPT = Move(Act.ACCEPT_VALUES, "accept", frozenset({State.SUBMITTED}), State.COMMENTARY)
MOVES = (OPEN, SUBMIT, SEND_BACK, ACCEPT)


# How far back a contract may start: a quarter is reported on after its end, and set-up takes its time.
EARLIEST_START = -4


@dataclass(frozen=True)
class Openable:
    """The quarters that may be opened now, the earliest first, and the one to offer: None where there is none."""

    quarters: tuple[Quarter, ...]
    offered: Quarter | None


def openable(held: Iterable[tuple[Quarter, str]], today: datetime.date) -> Openable:
    """`held` are the quarters of one contract with their states.

    After the latest opened quarter comes the one next to it, at most one ahead of today. The first is chosen: from a
    year back, but after every past quarter, to the one after today's; today's is offered.
    """
    running = Quarter.containing(today)
    past: list[Quarter] = []
    opened: list[Quarter] = []
    for quarter, state in held:
        (past if state == State.PAST else opened).append(quarter)
    if opened:
        found = _between(max(opened).next, min(max(opened).next, running.next))
    else:
        found = _between(max([running.shift(EARLIEST_START), *(quarter.next for quarter in past)]), running.next)
    return Openable(found, running if running in found else next(iter(found), None))


def _between(first: Quarter, last: Quarter) -> tuple[Quarter, ...]:
    found = []
    while first <= last:
        found.append(first)
        first = first.next
    return tuple(found)


# Whose turn it is while the state alone decides; in commentary it depends on the panes.
TURN: Mapping[State, Party | None] = {
    State.PAST: None,
    State.OPEN: Party.PROVIDER,
    State.SUBMITTED: Party.COMMISSIONER,
    State.AGREED: None,
    State.PUBLISHED: None,
}


def turn(state: State, *, waiting: frozenset[Party]) -> frozenset[Party]:
    """The parties that the quarter waits for; `waiting` are those with a pane still to release."""
    if state is State.COMMENTARY:
        return waiting
    party = TURN[state]
    return frozenset({party}) if party else frozenset()
