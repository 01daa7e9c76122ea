"""Inviting people: a membership at once, and a signed link for those who have no password yet."""

from __future__ import annotations

import datetime
import logging
from dataclasses import dataclass

from django.contrib.auth.hashers import make_password
from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_decode, urlsafe_base64_encode

from .denial import Denied, Invalid, Stale
from .models import Contract, Membership, User
from .people import OWN_CREDENTIALS, STAFF_AS_MEMBER, add_member, check_by, create_user, normal, note
from .roles import Party, Role

# Where a session keeps the token of the link that was opened in it.
SESSION_KEY = "invitation_token"
LASTS = datetime.timedelta(days=7)
DEACTIVATED = "This person is deactivated. Open their page in the list of people and reactivate them first."
NAME_ASKED = "Enter the name: nobody has this e-mail address yet."
USED = "This link was used, or another one was made since."
log = logging.getLogger("perfmon.people")


class Tokens(PasswordResetTokenGenerator):
    """Signed over the moment that the link was made, so that one link can be shown again, and a new one ends it. What
    else changes when a link is used, or somebody may no longer sign in, ends it too."""

    key_salt = "perfmon.invitation"

    def token(self, user: User) -> str:
        return self._make_token_with_timestamp(user, self._moment(user), self.secret)

    def fits(self, user: User, token: str) -> bool:
        moment = self._moment(user)
        secrets = [self.secret, *self.secret_fallbacks]
        every = [self._make_token_with_timestamp(user, moment, secret) for secret in secrets]
        return any(constant_time_compare(each, token) for each in every)

    def _moment(self, user: User) -> int:
        return self._num_seconds(timezone.make_naive(user.invited_at, datetime.UTC))

    def _make_hash_value(self, user: User, timestamp: int) -> str:
        facts = (user.pk, user.password, user.last_login, user.invited_at, user.is_active, user.email, timestamp)
        return "|".join(str(fact.timestamp() if isinstance(fact, datetime.datetime) else fact) for fact in facts)


TOKENS = Tokens()


@dataclass(frozen=True)
class Link:
    """What the address of an invitation is made of, and when it ends."""

    uid: str
    token: str
    until: datetime.datetime


def is_pending(user: User) -> bool:
    """Whether the person never signed in and cannot yet."""
    return user.is_active and user.last_login is None and not user.has_usable_password()


def link_of(user: User, *, now: datetime.datetime) -> Link | None:
    """The link that may be followed now, None where there is none: never made, used, ended or expired. Somebody who has
    signed in since it was made needs it no more."""
    made = user.invited_at
    if made is None or not user.is_active or now >= made + LASTS:
        return None
    if user.last_login is not None and user.last_login >= made:
        return None
    return Link(urlsafe_base64_encode(force_bytes(user.pk)), TOKENS.token(user), made + LASTS)


def person_of(uid: str, token: str, *, now: datetime.datetime) -> User | None:
    """Whose link it is; None for every link that leads nowhere, whatever the reason."""
    try:
        number = urlsafe_base64_decode(uid).decode("ascii")
    except ValueError:
        return None
    # Longer numbers are no one's, and some databases refuse them.
    user = User.objects.filter(pk=int(number)).first() if number.isdigit() and len(number) < 10 else None
    if user is None or link_of(user, now=now) is None or not TOKENS.fits(user, token):
        return None
    return user


@dataclass(frozen=True)
class Invited:
    """Somebody who now belongs to the contract, and whether they need a link to sign in."""

    membership: Membership
    needs_link: bool

    @property
    def user(self) -> User:
        return self.membership.user


@transaction.atomic
def invite(
    *, by: User, contract: Contract, email: str, name: str, party: Party, role: Role, now: datetime.datetime
) -> Invited:
    """Give somebody a role, known to perfmon or not. Denied unless `by` is an administrator; Invalid with messages by
    field. The name counts for somebody new; one who is known keeps theirs."""
    check_by(by)
    user = User.objects.filter(email=normal(email)).first()
    if user is None:
        user = _create(by=by, email=email, name=name, is_staff=False)
    elif user.is_staff:
        raise Invalid({"email": STAFF_AS_MEMBER})
    elif not user.is_active:
        raise Invalid({"email": DEACTIVATED})
    membership = add_member(by=by, contract=contract, user=user, party=party, role=role, now=now)
    needs_link = is_pending(user)
    if needs_link:
        membership.user = _new_link(by, user, now)
    return Invited(membership, needs_link)


@transaction.atomic
def invite_administrator(*, by: User, email: str, name: str, now: datetime.datetime) -> User:
    """Somebody new who administers. Invalid for an address that is known: their own page makes them one."""
    check_by(by)
    return _new_link(by, _create(by=by, email=email, name=name, is_staff=True), now)


@transaction.atomic
def make_link(*, by: User, user: User, now: datetime.datetime) -> User:
    """A new link, which ends the one before. Also for those who forgot their password: it stays until the link is
    followed. Denied for somebody who may not sign in, and for oneself: whoever sits down at a session that was left
    open would have the account for good."""
    check_by(by)
    if by.pk == user.pk:
        raise Denied(OWN_CREDENTIALS)
    made = _new_link(by, user, now)
    note(by=by, user=made, now=now, act="make link")
    return made


def _new_link(by: User, user: User, now: datetime.datetime) -> User:
    if not User.objects.filter(pk=user.pk, is_active=True).update(invited_at=now):
        raise Denied(DEACTIVATED)
    log.info("new link person=%s by=%s", user.pk, by.pk)
    user.refresh_from_db()
    return user


@transaction.atomic
def accept(*, by: User, password: str | None) -> User:
    """Follow one's own link, as `person_of` gave it: a password that was validated before, or None for somebody whose
    organisation signs them in. All older sessions end. Stale where the link was used meanwhile."""
    changes = {"invited_at": None, "sessions_ended": F("sessions_ended") + 1}
    if password is not None:
        changes["password"] = make_password(password)
    seen = {"invited_at": by.invited_at, "password": by.password, "email": by.email, "is_active": True}
    if by.invited_at is None or not User.objects.filter(pk=by.pk, **seen).update(**changes):
        raise Stale(USED)
    log.info("accept person=%s by=%s", by.pk, by.pk)
    by.refresh_from_db()
    return by


def _create(*, by: User, email: str, name: str, is_staff: bool) -> User:
    if not name.strip():
        raise Invalid({"name": NAME_ASKED})
    return create_user(by=by, email=email, name=name, password=None, is_staff=is_staff)
