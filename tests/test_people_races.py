"""Administrators at the same moment, over HTTP, on SQLite and on PostgreSQL: of two who end each other one stays, an
address is one person's, and a role changes once."""

import json
from collections.abc import Iterator
from functools import partial

import pytest

from tests.ourserver import Person, Site
from tests.races import at_once, statuses, unbroken

# One worker runs all of it, so that the servers start once.
pytestmark = [pytest.mark.deployment, pytest.mark.xdist_group("races")]


@pytest.fixture(autouse=True)
def nothing_breaks(site: Site) -> Iterator[None]:
    with unbroken(site):
        yield


def made(site: Site, what: str) -> list:
    return json.loads(site._shell(f"from tests import race_rows; race_rows.{what}").splitlines()[-1])


@pytest.mark.parametrize("act", ["deactivate", "end-administrator"])
def test_two_who_end_each_other(site, act):
    people = made(site, "make_administrators(6)")
    for (one, its), (other, theirs) in zip(people[::2], people[1::2], strict=True):
        acts = [
            partial(Person(site, key).post, f"/set-up/people/{number}/act/", act=act, version=1)
            for key, number in ((its, other), (theirs, one))
        ]
        at_once(*[lambda barrier, act=act: act(barrier=barrier) for act in acts])
        listed = f"SELECT id FROM accounts_user WHERE id IN ({one}, {other})"
        assert len(site.rows(f"{listed} AND is_active AND is_staff")) == 1


def test_an_address_is_invited_once(site):
    people = made(site, "make_administrators(4)")
    path, sent = f"/c/{site.facts['contract']}/people/invite/", {"name": "New", "role": "provider:analyst"}
    acts = [partial(Person(site, key).post, path, email="twice@race.example", **sent) for _, key in people]
    answers = at_once(*[lambda barrier, act=act: act(barrier=barrier) for act in acts])
    assert statuses(answers) == [302, 422, 422, 422]
    [(number,)] = site.rows("SELECT id FROM accounts_user WHERE email = 'twice@race.example'")
    assert site.rows(f"SELECT count(*) FROM accounts_membership WHERE user_id = {number}") == [(1,)]


def test_a_role_changes_once(site):
    people = made(site, "make_administrators(4)")
    [(number,)] = site.rows("SELECT id FROM accounts_user WHERE email = 'analyst3@race.example'")
    path = f"/c/{site.facts['contract']}/people/{number}/"
    acts = [
        partial(Person(site, key).post, path, role="provider:director", seen="provider:analyst") for _, key in people
    ]
    answers = at_once(*[lambda barrier, act=act: act(barrier=barrier) for act in acts])
    assert statuses(answers) == [302, 409, 409, 409]
    found = site.rows("SELECT act FROM accounts_auditentry WHERE object = 'analyst3@race.example'")
    assert found == [("change role",)]
