"""What people hold to sign in with: passwords of their own, second factors, the sign-in of their organisation."""

from __future__ import annotations

import datetime
import logging

from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, transaction
from django.db.models import F

from . import invitations, second_factor
from .backend import takes_password
from .denial import Denied, WrongState
from .models import User
from .people import check_by, end_sessions, note

ADMINISTRATORS_APART = (
    "Administrators sign in with their password: an organisation’s sign-in belongs to one of the two parties."
)
SOMEBODY_ELSES = "This sign-in is connected to somebody else’s account here. Ask your administrator."
CONNECTED_ALREADY = "Your account is connected already. Disconnect it first."
LINK_USED = "This link was used already. Ask for another one if you still need it."
ONLY_WAY_IN = "This is the only way in that your account has. Your administrator can disconnect it."
# What of an authenticator is encrypted: a telephone's, and that of the recovery codes.
SECRETS = ("secret", "seed")
# Ids and acts alone.
log = logging.getLogger("perfmon.people")


@transaction.atomic
def set_own_password(*, by: User, password: str) -> None:
    """A new password for oneself, which makes all sessions worthless. Validate it before."""
    by.password = make_password(password)
    # This column alone: whoever was just put out of office is not put back by it.
    User.objects.filter(pk=by.pk).update(password=by.password)
    log.info("set password person=%s by=%s", by.pk, by.pk)


@transaction.atomic
def reset_own_password(*, by: User, password: str) -> None:
    """A new password by a link, as `reset.person_of` found its person. WrongState where it was used meanwhile."""
    seen = User.objects.filter(pk=by.pk, password=by.password, is_active=True)
    if not seen.update(password=make_password(password), sessions_ended=F("sessions_ended") + 1):
        raise WrongState(LINK_USED)
    log.info("reset password person=%s by=%s", by.pk, by.pk)
    by.refresh_from_db()


@transaction.atomic
def remove_second_factor(*, by: User | None, user: User, now: datetime.datetime) -> bool:
    """Take away the telephone and the recovery codes, as for somebody who lost both. All their sessions end. False
    where there was nothing to take."""
    if by is None or by.pk != user.pk:
        check_by(by)
    if not Authenticator.objects.filter(user_id=user.pk).delete()[0]:
        return False
    end_sessions(by=by, user=user)
    log.info("remove second factor person=%s by=%s", user.pk, by.pk if by else "the command line")
    note(by=by, user=user, now=now, act="remove second factor")
    return True


@transaction.atomic
def renew_secrets(*, by: User) -> None:
    """Encrypt one's own secrets with the key of now, so that one from before can be forgotten in time."""
    for held in Authenticator.objects.select_for_update().filter(user_id=by.pk):
        held.data = {
            name: second_factor.renewed(value) if name in SECRETS else value for name, value in held.data.items()
        }
        held.save(update_fields=["data"])


@transaction.atomic
def connect(*, by: User, issuer: str, subject: str) -> None:
    """Let the sign-in of an organisation open one's own account. Denied for administrators; WrongState where either is
    connected already."""
    if by.is_staff:
        raise Denied(ADMINISTRATORS_APART)
    if SocialAccount.objects.filter(provider=issuer, user_id=by.pk).exclude(uid=subject).exists():
        raise WrongState(CONNECTED_ALREADY)
    try:
        with transaction.atomic():
            # What else the provider told is not kept.
            held, _ = SocialAccount.objects.get_or_create(provider=issuer, uid=subject, defaults={"user_id": by.pk})
    except IntegrityError:
        raise WrongState(SOMEBODY_ELSES) from None
    if held.user_id != by.pk:
        raise WrongState(SOMEBODY_ELSES)
    log.info("connect person=%s by=%s", by.pk, by.pk)


@transaction.atomic
def accept_connected(*, by: User, issuer: str, subject: str) -> None:
    """Follow one's own invitation with the sign-in of an organisation in place of a password. Raises as `connect` and
    as `invitations.accept`; then the link still stands."""
    invitations.accept(by=by, password=None)
    connect(by=by, issuer=issuer, subject=subject)


@transaction.atomic
def disconnect(*, by: User | None, user: User, now: datetime.datetime) -> bool:
    """End what `connect` began, and all their sessions, which may have begun there. False where nothing was connected.
    Denied to oneself where no password would open the account."""
    if by is None or by.pk != user.pk:
        check_by(by)
    elif not (user.has_usable_password() and takes_password(user)):
        raise Denied(ONLY_WAY_IN)
    if not SocialAccount.objects.filter(user_id=user.pk).delete()[0]:
        return False
    end_sessions(by=by, user=user)
    log.info("disconnect person=%s by=%s", user.pk, by.pk if by else "the command line")
    note(by=by, user=user, now=now, act="disconnect")
    return True
