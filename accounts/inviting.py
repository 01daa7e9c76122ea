"""Telling people that they were invited: the link, and the mail with it or, for those who sign in already, without."""

from __future__ import annotations

import datetime

from django.contrib import messages
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from . import mail
from .invitations import Link, link_of
from .models import Contract, Membership, User
from .people_list import role_words
from .roles import Party, Role

WITH_LINK = """Hello {name},

{by} has {what}.

Open this link and choose a password. It works once, until {until}:

{link}

After that you sign in with {email}.

If you do not know what this is about, do nothing: without the link nobody gets in.
"""
WITHOUT_LINK = """Hello {name},

{by} has {what}.

Sign in as you always do:

{link}
"""
TOLD = """Hello {name},

{by} has changed something about your account on perfmon, {email}: {what}.

If you did not expect this, tell your administrators at once.
"""
# What each act is in the words of a mail; who was only signed out sees it for themselves.
ACTS = {
    "address": "it has another e-mail address now. The old one was {old_email}",
    "deactivate": "it is closed, and you are signed out. What you wrote stays",
    "reactivate": "it is open again. Sign in as you did before",
    "make-administrator": "you are an administrator now",
    "end-administrator": "you are no administrator any more",
    "remove-second-factor": "your second factor was taken away, and you are signed out. From now on the password alone "
    "opens the account, until you set a second factor up again",
    "disconnect": "your organisation’s sign-in opens it no more, and you are signed out",
}


def address_of(request: HttpRequest, link: Link) -> str:
    """The whole address, as it is passed on."""
    return request.build_absolute_uri(reverse("invitation", kwargs={"uid": link.uid, "token": link.token}))


def moment(at: datetime.datetime) -> str:
    """ "9 December 2018, 14:32" """
    here = timezone.localtime(at)
    return f"{here.day} {here:%B %Y, %H:%M}"


def tell_of_link(request: HttpRequest, user: User, *, membership: Membership | None = None) -> None:
    """As `send`, for somebody with a link, and say on the next page, which shows it, whether the mail went out."""
    if send(request, user, membership=membership):
        messages.success(request, f"A mail with this link went to {user.email}.")
    else:
        messages.warning(request, "Mail could not be sent: pass this link on yourself.")


def tell_of_membership(request: HttpRequest, membership: Membership) -> None:
    """The same for somebody who signs in already."""
    user = membership.user
    words = role_words(membership.contract, Party(membership.party), Role(membership.role))
    said = f"{user.name} signs in here already and is {words[0].lower()}{words[1:]} now."
    if send(request, user, membership=membership):
        messages.success(request, f"{said} A mail tells them so.")
    else:
        messages.warning(request, f"{said} Mail could not be sent: tell them yourself.")


def tell_of_act(request: HttpRequest, user: User, act: str, *, old_email: str = "") -> None:
    """Mail somebody what was done about them, to the old address too; call it after the commit."""
    if act not in ACTS:
        return
    what = ACTS[act].format(old_email=old_email)
    body = TOLD.format(name=user.name, by=request.user.name, email=user.email, what=what)
    sent = [mail.send(to=to, subject="Your account on perfmon", body=body) for to in (user.email, old_email) if to]
    if not all(sent):
        messages.warning(request, "Mail could not be sent: tell them yourself.")


def send(request: HttpRequest, user: User, *, membership: Membership | None = None) -> bool:
    """Mail it to them; call it after the commit. False where no mail could be sent. With the link that may be followed
    now, if there is one; `membership` is what they were given, None where only the link is new."""
    link = link_of(user, now=timezone.now()) if membership is None or user.last_login is None else None
    contract = membership.contract if membership else None
    said = {
        "name": user.name,
        "email": user.email,
        "by": request.user.name,
        "what": _what(user, membership),
        "until": moment(link.until) if link else "",
        "link": address_of(request, link) if link else request.build_absolute_uri(reverse("home")),
    }
    body = (WITH_LINK if link else WITHOUT_LINK).format(**said)
    return mail.send(to=user.email, subject=_subject(contract, link), body=body)


def _subject(contract: Contract | None, link: Link | None) -> str:
    if contract is None:
        return "Your link to perfmon"
    return f"{'Your invitation to' if link else 'You now belong to'} {contract.title}"


def _what(user: User, membership: Membership | None) -> str:
    if membership:
        words = role_words(membership.contract, Party(membership.party), Role(membership.role))
        return f"added you to the contract {membership.contract.title} on perfmon: {words[0].lower()}{words[1:]}"
    if user.is_staff and user.last_login is None:
        return "made you an administrator of perfmon"
    return "made a new link for you to perfmon"
