"""The rights table asked about a viewer and a cycle."""

from __future__ import annotations

from accounts.denial import Denied
from accounts.viewer import Viewer

from . import rights
from .models import Cycle
from .rights import Act, Names, check, may
from .states import State


def names_of(viewer: Viewer) -> Names:
    return Names(viewer.contract.commissioner.short_name, viewer.contract.provider.short_name)


def check_may(act: Act, viewer: Viewer, cycle: Cycle) -> None:
    """Raises a Denied whose sentence the page shows."""
    check(act, viewer.who, State(cycle.state), quarter=cycle.quarter, names=names_of(viewer))


def check_standing(act: Act, viewer: Viewer) -> None:
    """For acts on the contract as a whole."""
    rights.check_standing(act, viewer.who, names=names_of(viewer))


def editing_act(cycle: Cycle) -> Act:
    """The act of changing a value that the cycle holds."""
    return Act.CORRECT_VALUES if cycle.state in (State.PAST, State.PUBLISHED) else Act.ENTER_VALUES


def is_draft(cycle: Cycle) -> bool:
    """Whether nobody but the provider ever saw the quarter's values: they change without a trace."""
    return cycle.state == State.OPEN and not cycle.submitted_once


def reason_asked(cycle: Cycle, *, is_held: bool) -> str:
    """The message where a value needs a reason and has none; empty where none is asked. A first value needs one too
    where others may have read that it was missing; only past quarters, which nobody opened, are filled without."""
    if cycle.state == State.PAST:
        return "Say why the value changes: both parties can read the old one." if is_held else ""
    if cycle.state == State.PUBLISHED:
        return "Say why the value changes: the quarter is published."
    return "Say why the value changes: it was submitted before." if cycle.submitted_once else ""


def is_allowed(act: Act, viewer: Viewer, cycle: Cycle) -> bool:
    return may(act, viewer.who, State(cycle.state))


def refusal(act: Act, viewer: Viewer, cycle: Cycle) -> str:
    """Why not, as a sentence; empty when allowed. For the pages, which offer only what may be done."""
    try:
        check_may(act, viewer, cycle)
    except Denied as denied:
        return denied.sentence
    return ""
