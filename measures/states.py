"""The states of a cycle, in the order in which a quarter passes through them."""

from enum import StrEnum


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
