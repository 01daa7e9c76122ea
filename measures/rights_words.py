"""The rights table in words: what each principal may do, and when. Pure: no Django.

Made from `rights.RIGHTS` alone, so that the page says what the program does.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from accounts.roles import Who

from .rights import EVERY, RIGHTS, Act, Names
from .states import State

AT_ANY_TIME = "At any time"
TITLES: Mapping[Who, str] = {
    Who.OFFICER: "An officer of {commissioner}",
    Who.COMMISSIONER_DIRECTOR: "A director of {commissioner}",
    Who.ANALYST: "An analyst of {provider}",
    Who.PROVIDER_DIRECTOR: "A director of {provider}",
    Who.ADMINISTRATOR: "An administrator",
}


@dataclass(frozen=True)
class Allowed:
    """What may be done in the same states; `when` is a heading: "At any time", "While a quarter is open"."""

    when: str
    acts: tuple[Act, ...]


@dataclass(frozen=True)
class MayDo:
    who: Who
    title: str
    allowed: tuple[Allowed, ...]


def who_can_do_what(names: Names) -> tuple[MayDo, ...]:
    """One for each principal, in the order of the parties."""
    words = {"commissioner": names.commissioner, "provider": names.provider}
    return tuple(MayDo(who, title.format(**words), _allowed(who)) for who, title in TITLES.items())


def _allowed(who: Who) -> tuple[Allowed, ...]:
    """What is always allowed first, then by the first state in which it is; acts in the table's order."""
    found: dict[frozenset[State], list[Act]] = {}
    for act in Act:
        if states := RIGHTS[act].get(who):
            found.setdefault(states, []).append(act)
    order = list(State)
    ordered = sorted(found, key=lambda states: (states != EVERY, sorted(order.index(state) for state in states)))
    return tuple(Allowed(_when(states), tuple(found[states])) for states in ordered)


def _when(states: frozenset[State]) -> str:
    if states == EVERY:
        return AT_ANY_TIME
    without = EVERY - states
    if len(without) == 1:
        return f"Unless a quarter is {_listed(without)}"
    return f"While a quarter is {_listed(states)}"


def _listed(states: frozenset[State]) -> str:
    words = ["past" if state is State.PAST else state.during for state in State if state in states]
    return " or ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)
