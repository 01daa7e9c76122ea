"""A contract that asks for a second factor: no address of it answers a session that passed none, whoever's it is.

A page leads to where the code is given and back; a form, a script and the interface get 403 with a sentence.
"""

import logging
import re
from types import SimpleNamespace
from urllib.parse import quote

import pytest
from allauth.account.internal.flows.login import record_authentication
from django.contrib.sessions.backends.db import SessionStore
from django.db import transaction

from accounts.models import Contract
from accounts.roles import Who
from accounts.set_up_pages import NEEDED as NEEDED_HERE
from accounts.viewer import NEEDED
from perfmon.policy import POLICY
from tests.addresses import BODIES, World, patterns

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("second factor walked")]
PATTERNS = [(name, route) for name, route in patterns() if re.search(r"<slug:contract>|\(\?P<contract>", route)]
# What hangs below no contract, for administrators alone.
SET_UP = [(name, route) for name, route in patterns() if route.startswith("set-up/")]
FACTOR = "/accounts/second-factor/"


@pytest.fixture(scope="module")
def world(module_rows):
    world = World()
    Contract.objects.filter(pk=world.contract.pk).update(requires_second_factor=True)
    return world


@pytest.fixture(scope="module", autouse=True)
def quiet():
    logging.disable(logging.WARNING)
    yield
    logging.disable(logging.NOTSET)


def ask(client, method, address, **headers):
    """What it wrote is taken back."""
    with transaction.atomic():
        sent = {"data": BODIES.get(address.name, {})} if method == "post" else {}
        response = getattr(client, method)(address.path, **sent, headers=headers)
        transaction.set_rollback(True)
    return response


def test_every_address_of_a_contract_is_tried():
    assert len(PATTERNS) > 60
    assert len(SET_UP) > 10


@pytest.mark.parametrize(("name", "route"), PATTERNS, ids=[f"{name} {route}" for name, route in PATTERNS])
def test_without_one_nothing_is_answered(world, name, route):
    client, page = world.client("anonymous"), POLICY[name]
    for address in world.addresses(name, route):
        for who in Who:
            world.sign_in(client, who)
            if page.get:
                response = ask(client, "get", address)
                if address.is_api:
                    assert (response.status_code, response.json()) == (403, {"detail": NEEDED})
                else:
                    at = f"{FACTOR}?next={quote(address.path)}"
                    assert (response.status_code, response["Location"]) == (302, at), (who, address.path)
                assert ask(client, "get", address, accept="application/json").status_code == 403, (who, address.path)
            if page.post:
                response = ask(client, "post", address)
                is_json = response["Content-Type"] == "application/json"
                said = response.json()["message"] if is_json else response.text
                assert (response.status_code, NEEDED in said) == (403, True), (who, address.path)


@pytest.mark.parametrize(("name", "route"), SET_UP, ids=[name for name, _ in SET_UP])
def test_without_one_administrators_set_nothing_up(world, name, route):
    """They could make themselves a way in as anybody: take a second factor away, make a link, change an address."""
    client, page = world.client(Who.ADMINISTRATOR), POLICY[name]
    for address in world.addresses(name, route):
        if page.get:
            at = f"{FACTOR}?next={quote(address.path)}"
            response = ask(client, "get", address)
            assert (response.status_code, response["Location"]) == (302, at)
            assert ask(client, "get", address, accept="application/json").status_code == 403
        if page.post:
            response = ask(client, "post", address)
            assert (response.status_code, NEEDED_HERE in response.text) == (403, True)


@pytest.mark.parametrize(("name", "route"), SET_UP, ids=[name for name, _ in SET_UP])
def test_where_no_contract_asks_they_do(world, name, route):
    if not POLICY[name].get:
        pytest.skip("it has no page")
    client = world.client(Who.ADMINISTRATOR)
    with transaction.atomic():
        Contract.objects.update(requires_second_factor=False)
        for address in world.addresses(name, route):
            assert not ask(client, "get", address).get("Location", "").startswith(FACTOR)
        transaction.set_rollback(True)


@pytest.mark.parametrize(("name", "route"), PATTERNS, ids=[f"{name} {route}" for name, route in PATTERNS])
def test_with_one_it_is_as_if_the_contract_did_not_ask(world, name, route):
    if not POLICY[name].get:
        pytest.skip("it has no page")
    client = world.client("anonymous")
    for who in (Who.OFFICER, Who.ADMINISTRATOR):
        world.sign_in(client, who)
        with transaction.atomic():
            session = SessionStore(world.keys[who])
            record_authentication(SimpleNamespace(session=session), world.people[who].user, "mfa", type="totp")
            session.save()
            for address in world.addresses(name, route):
                assert not ask(client, "get", address).get("Location", "").startswith(FACTOR), (who, address.path)
            transaction.set_rollback(True)
