"""The first administrator of an empty database, by a signed link that whoever runs the service finds in its log."""

from __future__ import annotations

import datetime
import os
from urllib.parse import urlencode

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.db import connection, transaction
from django.urls import reverse

from .denial import Invalid, NotKnown
from .models import User
from .people import administrators, create_user

LIFETIME = datetime.timedelta(hours=24)
BAD_LINK = (
    "This link is not whole, or it is older than 24 hours. Whoever runs the service makes a new one with "
    "manage.py first_administrator."
)
TAKEN = "Somebody who may not sign in has this address. Use another one."
# Any number, the same in every process: it names the lock that one person holds while becoming the first.
LOCK = 7_210_619
SALT = "perfmon.first-administrator"


def is_needed() -> bool:
    """Whether nobody who may sign in looks after this database."""
    return not administrators().exists()


def key_at(now: datetime.datetime) -> str:
    """What the link carries; it is good from `now` on, for `LIFETIME`, while `is_needed`."""
    return Signer(salt=SALT).sign(str(int(now.timestamp())))


def is_good(key: str, now: datetime.datetime) -> bool:
    try:
        made = datetime.datetime.fromtimestamp(int(Signer(salt=SALT).unsign(key)), datetime.UTC)
    except (BadSignature, ValueError):
        return False
    return datetime.timedelta() <= now - made <= LIFETIME


def link(now: datetime.datetime) -> str:
    """The whole address. The key stands in the query, which the log of requests leaves out."""
    return f"{_site()}{reverse('first-administrator')}?{urlencode({'key': key_at(now)})}"


def told(now: datetime.datetime) -> str:
    """What whoever runs the service reads."""
    return f"Nobody looks after this database yet. Become its administrator within 24 hours:\n{link(now)}"


def _site() -> str:
    """As readers reach the site, as far as the settings tell: its first origin, else its first name."""
    origin = next((each for each in settings.CSRF_TRUSTED_ORIGINS if "*" not in each), "")
    if origin:
        return origin.rstrip("/")
    name = next((name.lstrip(".") for name in settings.ALLOWED_HOSTS if name.strip("*.")), "localhost")
    if settings.HTTPS:
        return f"https://{name}"
    return f"http://{name}:{os.environ.get('BIND', ':8000').rpartition(':')[2]}"


@transaction.atomic
def make_first_administrator(
    *, by: None, key: str, email: str, name: str, password: str, now: datetime.datetime
) -> User:
    """NotKnown without a good key, or where somebody else was first. Validate the password before."""
    with connection.cursor() as cursor:
        # Nobody is there to be locked. SQLite lets one transaction write at a time anyway.
        if connection.vendor == "postgresql":
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
    if not is_needed():
        raise NotKnown()
    if not is_good(key, now):
        raise NotKnown(BAD_LINK)
    try:
        return create_user(by=by, email=email, name=name, password=password, is_staff=True)
    except Invalid as invalid:
        # Nobody here has a list of people to look into.
        raise Invalid({"email": TAKEN}) from invalid
