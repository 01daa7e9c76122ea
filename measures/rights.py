"""Who may do what, and when: the one table of rights. Pure: no Django.

Every page's row in `perfmon.policy` and every write function names an `Act` of this table; what stands in no row is
refused.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from accounts.denial import Denied, Published, WrongState
from accounts.roles import Party, Who

from .quarters import Quarter
from .states import State

EVERY = frozenset(State)
BEFORE_AGREEMENT = frozenset({State.OPEN, State.SUBMITTED, State.COMMENTARY})


class Act(StrEnum):
    SEE_CYCLE = "see this quarter"
    SEE_FIGURES = "see the figures"
    SEE_ENTRY = "see the entry page"
    ENTER_VALUES = "enter values"
    CORRECT_VALUES = "correct values"
    IMPORT_FILES = "import files"
    LOOK_AFTER_PEOPLE = "invite people, change their roles and take them off the contract"
    SET_UP = "set up the contract: settings, committee dates, measures, series and first targets"
    ADD_BENCHMARK = "add benchmarks"
    RECORD_EVENT = "record or withdraw events"
    PROPOSE_TARGET = "propose a target, or that one be withdrawn"
    ANSWER_COMMISSIONER = "agree or refuse what the commissioner proposes about a target"
    ANSWER_PROVIDER = "agree or refuse what the provider proposes about a target"
    RETRACT_COMMISSIONER = "take back what the commissioner proposes about a target"
    RETRACT_PROVIDER = "take back what the provider proposes about a target"
    LOAD_HISTORY = "bring in values of past quarters"
    OPEN_CYCLE = "open a quarter"
    SUBMIT_VALUES = "submit values"
    SEND_BACK = "send values back"
    ACCEPT_VALUES = "accept values"
    CHOOSE_AREAS = "choose areas for improvement"
    WRITE_RESPONSE = "write the commissioner’s response"
    WRITE_COMMENT = "write the provider’s comment"
    RELEASE_RESPONSE = "release or withdraw the commissioner’s response"
    RELEASE_COMMENT = "release or withdraw the provider’s comment"


BOTH_PARTIES: Mapping[Who, frozenset[State]] = {who: EVERY for who in Who if who is not Who.ADMINISTRATOR}

RIGHTS: Mapping[Act, Mapping[Who, frozenset[State]]] = {
    Act.SEE_CYCLE: {**BOTH_PARTIES, Who.ADMINISTRATOR: frozenset({State.PAST})},
    Act.SEE_FIGURES: {
        Who.ANALYST: EVERY,
        Who.PROVIDER_DIRECTOR: EVERY,
        Who.OFFICER: EVERY - {State.OPEN},
        Who.COMMISSIONER_DIRECTOR: EVERY - {State.OPEN},
        Who.ADMINISTRATOR: frozenset({State.PAST}),
    },
    Act.SEE_ENTRY: {Who.ANALYST: EVERY, Who.PROVIDER_DIRECTOR: EVERY},
    Act.ENTER_VALUES: {Who.ANALYST: frozenset({State.OPEN})},
    Act.CORRECT_VALUES: {Who.ANALYST: frozenset({State.PAST, State.PUBLISHED})},
    Act.IMPORT_FILES: {Who.ANALYST: EVERY, Who.OFFICER: EVERY, Who.ADMINISTRATOR: EVERY},
    Act.LOOK_AFTER_PEOPLE: {Who.ADMINISTRATOR: EVERY},
    Act.SET_UP: {Who.ADMINISTRATOR: EVERY},
    Act.ADD_BENCHMARK: {Who.ADMINISTRATOR: EVERY, Who.ANALYST: EVERY, Who.OFFICER: EVERY},
    Act.RECORD_EVENT: BOTH_PARTIES,
    Act.PROPOSE_TARGET: {Who.OFFICER: EVERY, Who.COMMISSIONER_DIRECTOR: EVERY, Who.PROVIDER_DIRECTOR: EVERY},
    Act.ANSWER_COMMISSIONER: {Who.PROVIDER_DIRECTOR: EVERY},
    Act.ANSWER_PROVIDER: {Who.COMMISSIONER_DIRECTOR: EVERY},
    Act.RETRACT_COMMISSIONER: {Who.OFFICER: EVERY, Who.COMMISSIONER_DIRECTOR: EVERY},
    Act.RETRACT_PROVIDER: {Who.PROVIDER_DIRECTOR: EVERY},
    Act.LOAD_HISTORY: {Who.ANALYST: frozenset({State.PAST}), Who.ADMINISTRATOR: frozenset({State.PAST})},
    Act.OPEN_CYCLE: {Who.OFFICER: EVERY},
    Act.SUBMIT_VALUES: {Who.ANALYST: frozenset({State.OPEN})},
    Act.SEND_BACK: {Who.OFFICER: frozenset({State.SUBMITTED, State.COMMENTARY})},
    Act.ACCEPT_VALUES: {Who.OFFICER: frozenset({State.SUBMITTED})},
    Act.CHOOSE_AREAS: {Who.OFFICER: BEFORE_AGREEMENT},
    Act.WRITE_RESPONSE: {Who.OFFICER: frozenset({State.SUBMITTED, State.COMMENTARY})},
    Act.WRITE_COMMENT: {Who.ANALYST: BEFORE_AGREEMENT},
    Act.RELEASE_RESPONSE: {Who.OFFICER: frozenset({State.COMMENTARY})},
    Act.RELEASE_COMMENT: {Who.ANALYST: frozenset({State.COMMENTARY})},
}

WRITE_PANE = {Party.COMMISSIONER: Act.WRITE_RESPONSE, Party.PROVIDER: Act.WRITE_COMMENT}
RELEASE_PANE = {Party.COMMISSIONER: Act.RELEASE_RESPONSE, Party.PROVIDER: Act.RELEASE_COMMENT}
# By the party that proposed.
ANSWER_TARGET = {Party.COMMISSIONER: Act.ANSWER_COMMISSIONER, Party.PROVIDER: Act.ANSWER_PROVIDER}
RETRACT_TARGET = {Party.COMMISSIONER: Act.RETRACT_COMMISSIONER, Party.PROVIDER: Act.RETRACT_PROVIDER}

WHO_WORDS: Mapping[Who, str] = {
    Who.OFFICER: "an officer of {commissioner}",
    Who.ANALYST: "an analyst of {provider}",
    Who.COMMISSIONER_DIRECTOR: "a director of {commissioner}",
    Who.PROVIDER_DIRECTOR: "a director of {provider}",
    Who.ADMINISTRATOR: "an administrator",
}


ADMINISTRATOR_LIMIT = "Administrators look after people and set-up and see no unpublished figures or drafts."


@dataclass(frozen=True)
class Names:
    """The two organisations' short names, for the sentences."""

    commissioner: str
    provider: str


def may(act: Act, who: Who, state: State) -> bool:
    return state in RIGHTS[act].get(who, frozenset())


def check(act: Act, who: Who, state: State, *, quarter: Quarter, names: Names) -> None:
    """Raises Denied (not this person), WrongState (not now) or Published (never again), each with its sentence."""
    states = RIGHTS[act].get(who, frozenset())
    if state in states:
        return
    check_standing(act, who, names=names)
    if who is Who.ADMINISTRATOR:
        raise Denied(ADMINISTRATOR_LIMIT)
    if state is State.PUBLISHED:
        raise Published(f"{quarter.label} is published, and what is published does not change.")
    raise WrongState(
        f"You can {act} while a quarter is {_listed([s.during for s in State if s in states])}. "
        f"{quarter.label} is {state.during}."
    )


def check_standing(act: Act, who: Who, *, names: Names) -> None:
    """Raises Denied where this person may never do this, whatever the state."""
    if who in RIGHTS[act]:
        return
    if who is Who.ADMINISTRATOR:
        raise Denied(ADMINISTRATOR_LIMIT)
    raise Denied(f"Only {_people(act, names)} may {act}.")


def _people(act: Act, names: Names) -> str:
    words = [WHO_WORDS[who] for who in RIGHTS[act]]
    return _listed([word.format(commissioner=names.commissioner, provider=names.provider) for word in words])


def _listed(words: list[str]) -> str:
    return " or ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)
