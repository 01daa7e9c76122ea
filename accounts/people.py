"""Every write to users, organisations and memberships. `by` is None only for set-up on the command line."""

from __future__ import annotations

import datetime

from django.db import transaction

from . import audit
from .denial import Denied
from .models import Contract, Membership, Organisation, User
from .roles import WHO, Party, Role
from .viewer import is_administrator

MEMBER_AS_STAFF = "A member of a contract cannot be an administrator. Take them off the contract first."
STAFF_AS_MEMBER = "An administrator cannot be a member of a contract. Choose somebody else."
LAST_ADMINISTRATOR = "This is the last administrator who may sign in. Make somebody else one first."
NOT_ADMINISTRATOR = "Only an administrator looks after people and organisations."


def check_by(by: User | None) -> None:
    """Raises Denied unless `by` is an administrator, or the command line."""
    if by is not None and not is_administrator(by):
        raise Denied(NOT_ADMINISTRATOR)


def check_standing(user: User, *, is_staff: bool, is_active: bool) -> None:
    """Raises Denied where the change would make a member an administrator, or leave nobody to administer."""
    if is_staff and user.pk and Membership.objects.filter(user_id=user.pk).exists():
        raise Denied(MEMBER_AS_STAFF)
    if user.pk and not (is_staff and is_active):
        administrators = User.objects.filter(is_staff=True, is_active=True)
        was = administrators.filter(pk=user.pk).exists()
        if was and not administrators.exclude(pk=user.pk).exists():
            raise Denied(LAST_ADMINISTRATOR)


@transaction.atomic
def create_user(
    *, by: User | None, email: str, name: str, password: str | None, is_staff: bool = False, is_active: bool = True
) -> User:
    check_by(by)
    return User.objects.create_user(email, name, password, is_staff=is_staff, is_active=is_active)


@transaction.atomic
def change_user(*, by: User | None, user: User, email: str, name: str, is_staff: bool, is_active: bool) -> User:
    """Change what is held of a person. Someone who may no longer sign in is out at the next request."""
    check_by(by)
    # All administrators are locked, so that two of them cannot end each other at the same moment.
    held = {u.pk: u for u in User.objects.select_for_update().filter(is_staff=True).order_by("pk")}
    user = held.get(user.pk) or User.objects.select_for_update().get(pk=user.pk)
    check_standing(user, is_staff=is_staff, is_active=is_active)
    user.email, user.name = User.objects.normalize_email(email).lower(), name
    user.is_staff, user.is_active = is_staff, is_active
    user.save(update_fields=["email", "name", "is_staff", "is_active"])
    return user


@transaction.atomic
def set_password(*, by: User | None, user: User, password: str) -> None:
    """A new password, which ends the person's sessions everywhere. Validate it before."""
    check_by(by)
    user.set_password(password)
    user.save(update_fields=["password"])


@transaction.atomic
def create_organisation(*, by: User | None, name: str, short_name: str) -> Organisation:
    check_by(by)
    return Organisation.objects.create(name=name, short_name=short_name)


@transaction.atomic
def rename_organisation(*, by: User | None, organisation: Organisation, name: str, short_name: str) -> Organisation:
    check_by(by)
    organisation.name, organisation.short_name = name, short_name
    organisation.save(update_fields=["name", "short_name"])
    return organisation


@transaction.atomic
def add_member(
    *, by: User | None, contract: Contract, user: User, party: Party, role: Role, now: datetime.datetime
) -> Membership:
    """Give a person a role in a contract. Denied for an administrator, or a role that the party does not have."""
    check_by(by)
    if (party, role) not in WHO:
        raise Denied(f"The {party} has no {role}.")
    user = User.objects.select_for_update().get(pk=user.pk)
    if user.is_staff:
        raise Denied(STAFF_AS_MEMBER)
    membership = Membership.objects.create(contract=contract, user=user, party=party, role=role)
    if by is not None:
        audit.append(
            contract_id=contract.pk,
            by=by,
            now=now,
            act="add member",
            object=user.email,
            new={"party": str(party), "role": str(role)},
        )
    return membership
