"""Every write to users and memberships. `by` is None only for set-up on the command line."""

from __future__ import annotations

import datetime
import logging

from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db import IntegrityError, transaction
from django.db.models import F, QuerySet

from . import audit
from .backend import DEMO_ADDRESSES
from .denial import Denied, Invalid, NotKnown, Stale
from .models import Contract, Membership, User
from .roles import WHO, Party, Role
from .viewer import is_administrator

MEMBER_AS_STAFF = "A member of a contract cannot be an administrator. Take them off the contract first."
STAFF_AS_MEMBER = "An administrator cannot be a member of a contract. Choose somebody else."
LAST_ADMINISTRATOR = "This is the last administrator who may sign in. Make somebody else one first."
NOT_ADMINISTRATOR = "Only an administrator looks after people and organisations."
OWN_STANDING = "Nobody changes their own standing. Ask another administrator."
OWN_CREDENTIALS = "What you sign in with yourself is looked after under “Your account”."
OTHER_SIDE = "Nobody changes sides in one step. Take them off the contract, then invite them for the other party."
TAKEN = "Somebody has this e-mail address already. Look for them in the list of people."
STALE = "Somebody else changed this person after you opened the page. Look at what is held now and save again."
STALE_ROLE = "Somebody else changed this person’s role after you opened the page. Look at it and choose again."
# Ids and acts alone: neither names nor addresses.
log = logging.getLogger("perfmon.people")


def check_by(by: User | None) -> None:
    """Raises Denied unless `by` is an administrator, or the command line."""
    if by is not None and not is_administrator(by):
        raise Denied(NOT_ADMINISTRATOR)


def administrators() -> QuerySet[User]:
    """Those who may sign in: not the invited who never chose a password, nor, outside demo mode, a demo person."""
    found = User.objects.filter(is_staff=True, is_active=True).exclude(password__startswith=UNUSABLE_PASSWORD_PREFIX)
    return found if settings.DEMO else found.exclude(email__in=DEMO_ADDRESSES)


def check_standing(user: User, *, is_staff: bool, is_active: bool) -> None:
    """Raises Denied where the change would make a member an administrator, or leave nobody to administer."""
    if is_staff and user.pk and Membership.objects.filter(user_id=user.pk).exists():
        raise Denied(MEMBER_AS_STAFF)
    if user.pk and not (is_staff and is_active):
        was = administrators().filter(pk=user.pk).exists()
        if was and not administrators().exclude(pk=user.pk).exists():
            raise Denied(LAST_ADMINISTRATOR)


def normal(email: str) -> str:
    return User.objects.normalize_email(email.strip()).lower()


def one_line(name: str) -> str:
    """As it stands in mails and lists: a form sent by hand may hold line ends."""
    return " ".join(name.split())


@transaction.atomic
def create_user(
    *, by: User | None, email: str, name: str, password: str | None, is_staff: bool = False, is_active: bool = True
) -> User:
    """Invalid where somebody has the address."""
    check_by(by)
    try:
        with transaction.atomic():
            user = User.objects.create_user(
                normal(email), one_line(name), password, is_staff=is_staff, is_active=is_active
            )
    except IntegrityError as error:
        raise Invalid({"email": TAKEN}) from error
    _log("create", user, by, is_staff=is_staff)
    return user


@transaction.atomic
def change_user(*, by: User | None, user: User, version: int, email: str, name: str, now: datetime.datetime) -> User:
    """Another name or e-mail address. `version` is the one that was seen: Stale when somebody else changed the person,
    Invalid where the address is somebody's. Another address ends a link that was sent."""
    check_by(by)
    email, name = normal(email), one_line(name)
    held = User.objects.filter(pk=user.pk).first()
    if held is None:
        raise NotKnown()
    if (held.version, held.email, held.name) == (version, email, name):
        return held
    try:
        with transaction.atomic():
            rows = User.objects.filter(pk=user.pk, version=version)
            changed = rows.update(email=email, name=name, version=version + 1)
    except IntegrityError as error:
        raise Invalid({"email": TAKEN}) from error
    if not changed:
        raise Stale(STALE)
    # allauth would go on to sign in by an address that it noted down.
    EmailAddress.objects.filter(user_id=user.pk).exclude(email=email).delete()
    _log("change", user, by, email=held.email != email, name=held.name != name)
    if held.email != email:
        note(by=by, user=held, now=now, act="change address", old={"email": held.email}, new={"email": email})
    held.refresh_from_db()
    return held


@transaction.atomic
def change_standing(
    *, by: User | None, user: User, version: int, is_staff: bool, is_active: bool, now: datetime.datetime
) -> User:
    """Whether they may sign in, and whether they administer. All their sessions end at the next request. Denied for
    oneself, for a member who would administer and for the last administrator; Stale as `change_user`."""
    check_by(by)
    # All administrators are locked, so that two of them cannot end each other at the same moment.
    locked = {one.pk: one for one in User.objects.select_for_update(no_key=True).filter(is_staff=True).order_by("pk")}
    if by is not None:
        check_by(locked.get(by.pk) or User(is_staff=False))
        if by.pk == user.pk:
            raise Denied(OWN_STANDING)
    held = locked.get(user.pk) or User.objects.select_for_update(no_key=True).filter(pk=user.pk).first()
    if held is None:
        raise NotKnown()
    if held.version != version:
        raise Stale(STALE)
    if (held.is_staff, held.is_active) == (is_staff, is_active):
        return held
    check_standing(held, is_staff=is_staff, is_active=is_active)
    changes = {"is_staff": is_staff, "is_active": is_active, "sessions_ended": F("sessions_ended") + 1}
    if not is_active:
        # A link that was sent ends for good, also where they come back.
        changes["invited_at"] = None
    User.objects.filter(pk=held.pk, version=version).update(version=version + 1, **changes)
    _log("standing", user, by, is_staff=is_staff, is_active=is_active)
    if held.is_active != is_active:
        note(by=by, user=held, now=now, act="reactivate" if is_active else "deactivate")
    held.refresh_from_db()
    return held


@transaction.atomic
def end_sessions(*, by: User | None, user: User) -> None:
    """Sign somebody out everywhere, at the next request. Everybody may do so for themselves."""
    if by is None or by.pk != user.pk:
        check_by(by)
    User.objects.filter(pk=user.pk).update(sessions_ended=F("sessions_ended") + 1)
    _log("end sessions", user, by)


@transaction.atomic
def note(
    *,
    by: User | None,
    user: User,
    now: datetime.datetime,
    act: str,
    old: dict[str, str] | None = None,
    new: dict[str, str] | None = None,
) -> None:
    """Enter what an administrator did about somebody in the chain of each contract they belong to; not what people do
    for themselves, nor the command line."""
    if by is None or by.pk == user.pk:
        return
    # In order, so that two who act at once cannot wait for each other.
    for contract in Membership.objects.filter(user_id=user.pk).order_by("contract_id").values_list("contract_id"):
        audit.append(contract_id=contract[0], by=by, now=now, act=act, object=user.email, old=old, new=new)


@transaction.atomic
def add_member(
    *, by: User | None, contract: Contract, user: User, party: Party, role: Role, now: datetime.datetime
) -> Membership:
    """Give a person a role in a contract. Denied for an administrator, or a role that the party does not have; Invalid
    for a member."""
    check_by(by)
    _check_role(party, role)
    user = User.objects.select_for_update(no_key=True).get(pk=user.pk)
    if user.is_staff:
        raise Denied(STAFF_AS_MEMBER)
    try:
        with transaction.atomic():
            membership = Membership.objects.create(contract=contract, user=user, party=party, role=role)
    except IntegrityError as error:
        raise Invalid({"email": f"{user.name} belongs to {contract.title} already. Change the role there."}) from error
    if by is not None:
        _audit("add member", membership, by, now, new={"party": str(party), "role": str(role)})
    return membership


@transaction.atomic
def change_role(*, by: User, membership: Membership, role: Role, now: datetime.datetime) -> Membership:
    """Another role for the same party, from the next request on. `membership` is as it was seen: Stale where somebody
    changed it since, NotKnown where it ended. What the person wrote stays as it is."""
    _check_other(by, membership)
    party = Party(membership.party)
    _check_role(party, role)
    rows = Membership.objects.filter(pk=membership.pk)
    if not rows.filter(party=party, role=membership.role).update(role=role):
        raise Stale(STALE_ROLE) if rows.exists() else NotKnown()
    old, membership.role = membership.role, str(role)
    if old != role:
        words = [{"party": str(party), "role": str(each)} for each in (old, role)]
        _audit("change role", membership, by, now, old=words[0], new=words[1])
    return membership


@transaction.atomic
def take_off(*, by: User, membership: Membership, now: datetime.datetime) -> None:
    """End somebody's part in a contract, from the next request on. Raises as `change_role`."""
    _check_other(by, membership)
    rows = Membership.objects.filter(pk=membership.pk)
    ended, _ = rows.filter(party=membership.party, role=membership.role).delete()
    if not ended:
        raise Stale(STALE_ROLE) if rows.exists() else NotKnown()
    _audit("take off", membership, by, now, old={"party": membership.party, "role": membership.role})


def _check_other(by: User, membership: Membership) -> None:
    check_by(by)
    if by.pk == membership.user_id:
        raise Denied(OWN_STANDING)


def _check_role(party: Party, role: Role) -> None:
    if (party, role) not in WHO:
        raise Denied(f"The {party} has no {role}.")


def _audit(act: str, membership: Membership, by: User, now: datetime.datetime, old=None, new=None) -> None:
    user = membership.user
    audit.append(contract_id=membership.contract_id, by=by, now=now, act=act, object=user.email, old=old, new=new)
    _log(act, user, by, contract=membership.contract_id)


def _log(act: str, user: User, by: User | None, **facts: object) -> None:
    told = " ".join(f"{name}={value}" for name, value in facts.items())
    log.info("%s person=%s by=%s %s", act, user.pk, by.pk if by else "the command line", told)
