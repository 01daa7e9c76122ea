"""Reading people for the pages of administrators: state, contracts and roles, second factor, last sign-in."""

from __future__ import annotations

import datetime
from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.conf import settings
from django.db.models import Prefetch, Q, QuerySet

from .invitations import is_pending, link_of
from .models import Contract, Membership, User
from .roles import WHO, Party, Role


class Standing(StrEnum):
    INVITED = "Invited"
    EXPIRED = "Link expired"
    ACTIVE = "May sign in"
    DEACTIVATED = "Deactivated"


@dataclass(frozen=True)
class Part:
    """One person's part in one contract."""

    contract: Contract
    words: str


@dataclass(frozen=True)
class PersonLine:
    user: User
    standing: Standing
    # When the link that may be followed ends, None where there is none.
    link_until: datetime.datetime | None
    parts: tuple[Part, ...]
    second_factor: bool

    @property
    def last_sign_in(self) -> datetime.datetime | None:
        return self.user.last_login


def role_words(contract: Contract, party: Party, role: Role) -> str:
    """ "Officer of DMBC"; the contract comes with its organisations."""
    return f"{role.capitalize()} of {contract.organisation(party).short_name}"


def role_choices(contract: Contract) -> list[tuple[str, str]]:
    """Party and role in one, as forms name them: "commissioner:officer"."""
    return [(f"{party}:{role}", role_words(contract, party, role)) for party, role in ROLES]


# By party, in the order in which people are listed.
ROLES = sorted(WHO, key=lambda each: (list(Party).index(each[0]), list(Role).index(each[1])))


def everybody(text: str = "") -> QuerySet[User]:
    """By name; those whose name or address holds the text."""
    rows = User.objects.order_by("name", "pk").prefetch_related(_memberships())
    return rows.filter(Q(name__icontains=text) | Q(email__icontains=text)) if text else rows


def _memberships() -> Prefetch:
    rows = Membership.objects.select_related("contract__commissioner", "contract__provider")
    return Prefetch("memberships", rows.order_by("contract__title"))


def lines(users: Collection[User], *, now: datetime.datetime) -> list[PersonLine]:
    """One query, for the second factors; the users come from `everybody`."""
    factors = with_second_factor(users)
    return [_line(user, user.pk in factors, now) for user in users]


def with_second_factor(users: Collection[User]) -> set[int]:
    """The primary keys of those who sign in with a code besides the password. One query."""
    rows = Authenticator.objects.filter(user__in=[user.pk for user in users], type=Authenticator.Type.TOTP)
    return set(rows.values_list("user_id", flat=True))


def _line(user: User, second_factor: bool, now: datetime.datetime) -> PersonLine:
    link = link_of(user, now=now)
    parts = tuple(
        Part(each.contract, role_words(each.contract, Party(each.party), Role(each.role)))
        for each in user.memberships.all()
    )
    return PersonLine(user, standing_of(user, now=now), link.until if link else None, parts, second_factor)


def is_connected(user: User) -> bool:
    """Whether the organisation's sign-in that is set up now opens their account."""
    return SocialAccount.objects.filter(user=user, provider=settings.OIDC_ISSUER).exists()


def standing_of(user: User, *, now: datetime.datetime) -> Standing:
    if not user.is_active:
        return Standing.DEACTIVATED
    if not is_pending(user):
        return Standing.ACTIVE
    return Standing.INVITED if link_of(user, now=now) else Standing.EXPIRED
