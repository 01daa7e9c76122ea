"""The workflow as a page of Markdown, drawn from the tables of moves and rights so that it cannot differ from them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from accounts.roles import Party, Who
from measures.rights import RIGHTS, Act
from measures.states import State

from .table import MOVES, TURN, Move

INTRODUCTION = """\
# The workflow of a quarter

Written by `manage.py workflow_diagram` from `workflow/table.py` and `measures/rights.py`. Change those, then write this
page again; a test compares the two.

A quarter of a contract is a cycle. It passes through these states."""

MOVES_NOTE = """\
Opening makes the cycle and its panes; a quarter can be opened when the one before it has been, at most one quarter
ahead of today. The first is chosen: from four quarters back, but after every past quarter, to the one after today's.
Every move writes one row of `Transition` and one entry of the audit chain."""

RIGHTS_NOTE = """\
In which states who may do what; what stands in no row is refused. Opening a quarter, set-up, people, benchmarks, events
and targets are acts on the contract as a whole and ask for no state."""

EVERY = frozenset(State)


def page() -> str:
    """All of docs/workflow.md."""
    parts = [
        INTRODUCTION,
        table(["State", "On screen", "Whose turn"], [[state.name, state.words, turn(state)] for state in State]),
        _unreached(),
        "## Moves",
        mermaid(),
        table(["Move", "From", "To", "Who", "Reason"], [_move_row(move) for move in MOVES]),
        MOVES_NOTE,
        "## Rights",
        RIGHTS_NOTE,
        table(["Act", *(who.capitalize() for who in Who)], [_right_row(act) for act in Act]),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def mermaid() -> str:
    lines = ["```mermaid", "stateDiagram-v2"]
    lines += [f"    {state.name} : {state.words}" for state in State]
    for move in MOVES:
        label = f"{move.verb} ({_people(move.act)})"
        sources = [state.name for state in State if state in move.sources] or ["[*]"]
        lines += [f"    {source} --> {move.target.name} : {label}" for source in sources]
    return "\n".join([*lines, "```"])


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    return "\n".join(f"| {' | '.join(cells)} |" for cells in (heads, ["---"] * len(heads), *rows))


def turn(state: State) -> str:
    if state is State.COMMENTARY:
        return "each party with a required text still to release"
    party: Party | None = TURN[state]
    return f"the {party}" if party else "nobody"


def _unreached() -> str:
    """Names the states that no move leads to; a past quarter is brought in, not moved."""
    reached = {move.target for move in MOVES}
    names = [state.name for state in State if state not in reached and state is not State.PAST]
    past = "PAST is a quarter before the contract's first opened one: it is brought in whole and never moves."
    return f"{past}\nNo move leads to {' or '.join(names)} yet." if names else past


def _move_row(move: Move) -> list[str]:
    sources = ", ".join(state.name for state in State if state in move.sources) or "none"
    return [move.verb, sources, move.target.name, _people(move.act), "yes" if move.needs_reason else "no"]


def _people(act: Act) -> str:
    return " or ".join(RIGHTS[act])


def _right_row(act: Act) -> list[str]:
    return [f"{act} (`{act.name}`)", *(_states(RIGHTS[act].get(who, frozenset())) for who in Who)]


def _states(states: frozenset[State]) -> str:
    """ "all", "all but OPEN", "OPEN, SUBMITTED"; empty where the act is never allowed."""
    if states == EVERY:
        return "all"
    left_out = EVERY - states
    if len(left_out) == 1:
        return f"all but {next(iter(left_out)).name}"
    return ", ".join(state.name for state in State if state in states)
