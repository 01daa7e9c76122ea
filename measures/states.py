"""The states of a cycle, in the order in which a quarter passes through them."""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum

from .quarters import Quarter


class State(StrEnum):
    # A quarter before the contract's first opened one.
    PAST = "past"
    OPEN = "open"
    SUBMITTED = "submitted"
    COMMENTARY = "commentary"
    AGREED = "agreed"
    PUBLISHED = "published"

    @property
    def words(self) -> str:
        return STATE_WORDS[self]

    @property
    def during(self) -> str:
        return STATE_DURING[self]


STATE_WORDS = {
    State.PAST: "Past",
    State.OPEN: "Open",
    State.SUBMITTED: "Values submitted",
    State.COMMENTARY: "Commentary",
    State.AGREED: "Agreed",
    State.PUBLISHED: "Published",
}

# The same as the end of a sentence: "Q2 2018/19 is in commentary."
STATE_DURING = {
    State.PAST: "a past quarter",
    State.OPEN: "open",
    State.SUBMITTED: "submitted",
    State.COMMENTARY: "in commentary",
    State.AGREED: "agreed",
    State.PUBLISHED: "published",
}


# In these a quarter's ratings do not change any more.
LASTING = frozenset({State.PAST, State.AGREED, State.PUBLISHED})


def first_not_past(states: Mapping[Quarter, str], today: date) -> Quarter:
    """The first quarter that cannot be added as a past one: a contract's first opened, before one was opened the
    present one. `states` are those of the contract's quarters."""
    opened = [quarter for quarter, state in states.items() if state != State.PAST]
    return min(opened, default=Quarter.containing(today))
