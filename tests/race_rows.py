"""Rows for the races, made inside the program's own database: run by `manage.py shell`, prints JSON."""

import json
import secrets
from types import SimpleNamespace

from allauth.account.internal.flows.login import record_authentication
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.utils import timezone

from accounts.contracts import create_contract
from accounts.models import Contract, User
from accounts.people import add_member, create_user
from accounts.roles import Party, Role
from accounts.viewer import viewer_of
from measures import catalogue
from measures.models import Series
from measures.quarters import Quarter

PLACES = {
    "officer": (Party.COMMISSIONER, Role.OFFICER),
    "analyst": (Party.PROVIDER, Role.ANALYST),
    "council-director": (Party.COMMISSIONER, Role.DIRECTOR),
    "trust-director": (Party.PROVIDER, Role.DIRECTOR),
}


def session_of(user: User) -> str:
    """A session as signing in would leave it; its key is the cookie."""
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    record_authentication(SimpleNamespace(session=session), user, "password", reauthenticated=True)
    session.create()
    return session.session_key


def make(people_each: int, contracts: int) -> None:
    """Officers, analysts and directors of the demo's contract, and contracts whose first quarter can be opened."""
    main, administrator = Contract.objects.filter(is_demonstration=True).earliest("pk"), User.objects.get(is_staff=True)
    now, sessions, users = timezone.now(), {"administrator": session_of(administrator)}, {}
    for kind, (party, role) in PLACES.items():
        for number in range(people_each):
            name = f"{kind} {number}"
            user = create_user(by=None, email=f"{kind}{number}@race.example", name=name, password=None)
            add_member(by=None, contract=main, user=user, party=party, role=role, now=now)
            sessions[name], users[name] = session_of(user), user
    slugs = [f"race-{number}" for number in range(contracts)]
    for slug in slugs:
        sides = {"commissioner": main.commissioner, "provider": main.provider}
        made = create_contract(by=administrator, slug=slug, title=slug, now=now, **sides)
        add_member(
            by=None, contract=made, user=users["officer 0"], party=Party.COMMISSIONER, role=Role.OFFICER, now=now
        )
    series = {series.code: series.pk for series in Series.objects.filter(measure__contract=main)}
    token = secrets.token_hex(16)
    print(json.dumps({"contract": main.slug, "sessions": sessions, "slugs": slugs, "series": series, "token": token}))


def make_import_contract(slug: str, series: int) -> None:
    """A contract of monthly series without a quarter, in which "analyst 0" and "analyst 1" import."""
    main, administrator, now = (
        Contract.objects.filter(is_demonstration=True).earliest("pk"),
        User.objects.get(is_staff=True),
        timezone.now(),
    )
    sides = {"commissioner": main.commissioner, "provider": main.provider}
    made = create_contract(by=administrator, slug=slug, title=slug, now=now, **sides)
    for number in range(2):
        user = User.objects.get(email=f"analyst{number}@race.example")
        add_member(by=None, contract=made, user=user, party=Party.PROVIDER, role=Role.ANALYST, now=now)
    by, first = viewer_of(administrator, slug), Quarter.parse("Q1 2010/11")
    for number in range(1, series + 1):
        common = {"by": by, "now": now, "code": f"M{number}", "first_quarter": first}
        measure = catalogue.add_measure(
            **common, slug=f"m{number}", title=f"Measure {number}", section="A", kind="local", position=number
        )
        catalogue.add_series(
            **common, measure=measure, name=f"Series {number}", role="headline", position=0, unit="count", decimals=0,
            polarity="neutral", derivation="sum", frequency="month", counted="visits", counted_one="visit",
            definition="Counted.",
        )  # fmt: skip


def make_administrators(number: int) -> None:
    """Who may sign in, each with a session."""
    made = [
        create_user(
            by=None, email=f"{secrets.token_hex(6)}@race.example", name="Ada", password="a password", is_staff=True
        )
        for _ in range(number)
    ]
    print(json.dumps([[user.pk, session_of(user)] for user in made]))
