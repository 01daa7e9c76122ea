"""Who people are. Pure: no Django."""

from __future__ import annotations

from enum import StrEnum


class Party(StrEnum):
    """The two sides of a contract. A user's party follows from membership, never from an organisation alone."""

    COMMISSIONER = "commissioner"
    PROVIDER = "provider"

    @property
    def other(self) -> Party:
        return Party.PROVIDER if self is Party.COMMISSIONER else Party.COMMISSIONER


class Role(StrEnum):
    """A member's work in a contract: officers serve the commissioner, analysts the provider, directors either."""

    OFFICER = "officer"
    ANALYST = "analyst"
    DIRECTOR = "director"


class Who(StrEnum):
    """A principal as the rights table knows it: role and party together, or an administrator without membership."""

    OFFICER = "officer"
    ANALYST = "analyst"
    COMMISSIONER_DIRECTOR = "commissioner's director"
    PROVIDER_DIRECTOR = "provider's director"
    ADMINISTRATOR = "administrator"

    @property
    def party(self) -> Party | None:
        return PARTY_OF[self]


PARTY_OF: dict[Who, Party | None] = {
    Who.OFFICER: Party.COMMISSIONER,
    Who.ANALYST: Party.PROVIDER,
    Who.COMMISSIONER_DIRECTOR: Party.COMMISSIONER,
    Who.PROVIDER_DIRECTOR: Party.PROVIDER,
    Who.ADMINISTRATOR: None,
}

WHO: dict[tuple[Party, Role], Who] = {
    (Party.COMMISSIONER, Role.OFFICER): Who.OFFICER,
    (Party.PROVIDER, Role.ANALYST): Who.ANALYST,
    (Party.COMMISSIONER, Role.DIRECTOR): Who.COMMISSIONER_DIRECTOR,
    (Party.PROVIDER, Role.DIRECTOR): Who.PROVIDER_DIRECTOR,
}
