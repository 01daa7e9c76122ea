"""Who is looking: every page and write asks this once and passes it on."""

from __future__ import annotations

from dataclasses import dataclass

from .denial import NotKnown, SecondFactorNeeded
from .models import Contract, Membership, User
from .roles import Party, Who

NEEDED = (
    "This contract asks for a second factor: a code from your telephone besides the password. Open “Second factor” "
    "under “Your account” in another tab, give one there, then try again."
)


@dataclass(frozen=True)
class Viewer:
    """A signed-in person in one contract. `party` is None for an administrator."""

    user: User
    contract: Contract
    who: Who

    @property
    def party(self) -> Party | None:
        return self.who.party

    @property
    def organisation_name(self) -> str:
        return self.contract.organisation(self.party).short_name if self.party else "perfmon"


def viewer_of(user: User, slug: str, *, at_console: bool = False) -> Viewer:
    """The person's standing in the contract. NotKnown for strangers, so that a contract's existence does not show;
    SecondFactorNeeded where the contract asks for one that this session did not pass. Commands pass none: `at_console`.
    """
    viewer = _viewer_of(user, slug)
    if not at_console and is_locked(viewer):
        raise SecondFactorNeeded(NEEDED)
    return viewer


def is_locked(viewer: Viewer) -> bool:
    """Whether the contract asks for a second factor that this session did not pass; see `accounts.second_factor`."""
    return viewer.contract.requires_second_factor and not getattr(viewer.user, "passed_second_factor", False)


def _viewer_of(user: User, slug: str) -> Viewer:
    membership = (
        Membership.objects.select_related("contract__commissioner", "contract__provider")
        .filter(user=user, contract__slug=slug)
        .first()
    )
    if membership:
        return Viewer(user, membership.contract, membership.who)
    contract = Contract.objects.select_related("commissioner", "provider").filter(slug=slug).first()
    if contract is None or not is_administrator(user):
        raise NotKnown()
    return Viewer(user, contract, Who.ADMINISTRATOR)


def viewers_of(user: User) -> list[Viewer]:
    """All contracts that the person may know of, by title; also those that are locked for this session."""
    if is_administrator(user):
        contracts = Contract.objects.select_related("commissioner", "provider")
        return [Viewer(user, contract, Who.ADMINISTRATOR) for contract in contracts]
    memberships = (
        Membership.objects.select_related("contract__commissioner", "contract__provider")
        .filter(user=user)
        .order_by("contract__title")
    )
    return [Viewer(user, membership.contract, membership.who) for membership in memberships]


def is_administrator(user: User) -> bool:
    return user.is_active and user.is_staff
