"""The moves of a cycle as data. Pure: no Django. Who may make each move stands in `measures.rights`."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
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


def quarter_to_open(latest: Quarter | None, today: datetime.date) -> Quarter | None:
    """The quarter that may be opened next: the one after the latest, at most one quarter ahead of today.

    A contract without quarters starts with the one of today.
    """
    running = Quarter.containing(today)
    if latest is None:
        return running
    return latest.next if latest.next <= running.next else None


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
