"""Two contracts with real objects in both: whoever belongs to one cannot tell that the other is there, by any address
and method.

The oracle is the answer to the same request with something that exists nowhere: a contract, a measure or an id.
"""

import logging
import os
import re

import pytest
from django.db import transaction

from accounts.roles import Party, Who
from commentary.models import Pane, PaneVersion
from measures.models import Measure
from measures.states import State
from tests.addresses import BODIES, PARAMETER, World, filled, patterns
from tests.factories import NOW

# The two walks may go on beside each other: each worker makes its own two contracts.
pytestmark = pytest.mark.django_db
CONTRACTS, OBJECTS_OF = pytest.mark.xdist_group("isolation"), pytest.mark.xdist_group("isolation of objects")

FULL = bool(os.environ.get("PERFMON_TEST_FULL"))
METHODS = ("GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS")
# The others are refused before anything is looked up.
LOOKED_UP = METHODS if FULL else ("GET", "POST")
MEMBERS = [who for who in Who if who is not Who.ADMINISTRATOR]
STATES = list(State) if FULL else [State.COMMENTARY]
PATTERNS = [(name, route) for name, route in patterns() if re.search(r"<slug:contract>|\(\?P<contract>", route)]
# What names an object of one contract. Quarters, periods and parties are the same words in every contract.
OBJECTS = ("measure", "series", "benchmark", "target", "event", "batch", "person")
NOWHERE = dict.fromkeys(OBJECTS, "987654321") | {"contract": "no-such-contract", "measure": "no-such"}
# Of every answer another: the form's token, how long the session lasts, the nonce of its policy, the request's number.
PASSING = re.compile(rb'[A-Za-z0-9_-]{64}|data-seconds="[0-9]+"')
NONCE = re.compile(r"nonce-[A-Za-z0-9+/=_-]+")
APART = {"x-request-id", "content-length"}


class Elsewhere(World):
    """A second contract, of other organisations, with a measure of another name and everything that the first has."""

    def __init__(self) -> None:
        super().__init__("housing-repairs", "Borough", "Company", "H1")

    def _outsiders(self) -> dict[str, str]:
        return {}


@pytest.fixture(scope="module")
def here(module_rows):
    return World()


@pytest.fixture(scope="module")
def there(here):
    return Elsewhere()


@pytest.fixture(scope="module", autouse=True)
def quiet():
    logging.disable(logging.WARNING)
    yield
    logging.disable(logging.NOTSET)


def ask(client, method, address):
    """The answer as anybody can compare it with another. What it wrote is taken back."""
    with transaction.atomic():
        body = BODIES.get(address.name, {}) if method == "POST" else {}
        response = client.post(address.path, body) if method == "POST" else client.generic(method, address.path)
        transaction.set_rollback(True)
    headers = {name.lower(): NONCE.sub("nonce", value) for name, value in response.headers.items()}
    content = PASSING.sub(b"passing", response.content)
    return response.status_code, {name: text for name, text in headers.items() if name not in APART}, content


def with_values(address, route, **values):
    return filled(address.name, route, address.values | values)


@CONTRACTS
def test_every_address_of_a_contract_is_tried():
    assert len(PATTERNS) > 60
    used = {one or other for _, route in PATTERNS for one, other in PARAMETER.findall(route)}
    assert used == {*OBJECTS, "contract", "quarter", "period", "party"}


@CONTRACTS
def test_both_contracts_hold_everything(here, there):
    mine, theirs = here.values, there.values
    assert [name for name in ("contract", *OBJECTS) if mine[name] == theirs[name]] == []
    by_name = dict(PATTERNS)
    # The same request by their own people is answered with a page.
    for name in ("scorecard", "measure", "benchmarks", "definition-sheet"):
        (address,) = there.addresses(name, by_name[name])
        assert ask(there.client(Who.OFFICER), "GET", address)[0] == 200, name


@CONTRACTS
@pytest.mark.parametrize(("name", "route"), PATTERNS, ids=[f"{name} {route}" for name, route in PATTERNS])
def test_another_contract_answers_as_one_that_is_not_there(here, there, name, route):
    client, wrong = here.client("anonymous"), []
    for state in STATES:
        there.set_state(state)
        for address in there.addresses(name, route):
            none = with_values(address, route, contract=NOWHERE["contract"])
            for who in (*MEMBERS, "stranger"):
                here.sign_in(client, who)
                for method in METHODS:
                    found, expected = ask(client, method, address), ask(client, method, none)
                    if found != expected or found[0] not in (404, 405) or there.contract.title.encode() in found[2]:
                        wrong.append(f"{method} {address.path} as {who}, {state}: {found[0]}, not {expected[0]}")
    assert wrong == []


# Set-up finds a series by its number: the address of its measure may have changed while a form was filled in.
BY_SERIES = "set-up/measures/m/<slug:measure>/series/<int:series>/"


def swaps(address, route, theirs):
    """The address with one object of the other contract, or with all of them, and beside each what exists nowhere."""
    named = [one or other for one, other in PARAMETER.findall(route)]
    objects = [name for name in OBJECTS if name in named and not (name == "measure" and BY_SERIES in route)]
    for chosen in dict.fromkeys([*((name,) for name in objects), tuple(objects)]):
        if chosen:
            yield (
                with_values(address, route, **{name: theirs[name] for name in chosen}),
                with_values(address, route, **{name: NOWHERE[name] for name in chosen}),
            )


@OBJECTS_OF
@pytest.mark.parametrize(("name", "route"), PATTERNS, ids=[f"{name} {route}" for name, route in PATTERNS])
def test_an_object_of_another_contract_answers_as_one_that_is_not_there(here, there, name, route):
    client, wrong = here.client("anonymous"), []
    for state in STATES:
        here.set_state(state)
        for mine, other in zip(here.addresses(name, route), there.addresses(name, route), strict=True):
            for swapped, none in swaps(mine, route, other.values):
                for who in Who:
                    here.sign_in(client, who)
                    for method in LOOKED_UP:
                        found, expected = ask(client, method, swapped), ask(client, method, none)
                        if found != expected or found[0] < 400:
                            wrong.append(f"{method} {swapped.path} as {who}, {state}: {found[0]}, not {expected[0]}")
    assert wrong == []


# Objects that no address names: what a query or a form says

# (address, method, the parameter or field that names an object, which object)
REFERENCES = (
    ("measure", "GET", "series", "code"),
    ("targets", "GET", "series", "series"),
    ("targets", "POST", "series", "series"),
    ("events", "GET", "series", "code"),
    ("events", "POST", "series", "code"),
    ("pane-history", "GET", "version", "version"),
    ("pane-history", "GET", "with", "version"),
    ("pane-restore", "GET", "source", "version"),
    ("pane-restore", "POST", "source", "version"),
    ("import-benchmarks", "POST", "column_0", "series"),
    ("set-up-order", "POST", "measure", "measure"),
    ("set-up-order", "POST", "series", "series"),
    ("set-up-order", "POST", "section", "section"),
    ("set-up-definition-correct", "POST", "definition", "definition"),
)
# Those whose object is a field of the form; in the others it stands in the query, of a POST as well.
IN_THE_FORM = {
    *(("pane-restore", "source"), ("import-benchmarks", "column_0"), ("set-up-definition-correct", "definition")),
    *(("set-up-order", name) for name in ("measure", "series", "section")),
}
# What moves is one of several fields: a form with two would move the one that is known.
ONE_OF = {"set-up-order": "section"}


def saved_text(world):
    """A version of the commissioner's text on the world's measure."""
    pane = Pane.objects.get(cycle=world.cycle, measure=world.measure, party=Party.COMMISSIONER)
    by = world.people[Who.OFFICER].user
    return PaneVersion.objects.create(pane=pane, version=1, kind="saved", text="<p>Before.</p>", by=by, at=NOW)


def refer(client, method, address, field, value):
    body, path = {}, address.path
    if method == "POST":
        body = dict(BODIES[address.name])
    if method == "POST" and (address.name, field) in IN_THE_FORM:
        body.pop(ONE_OF.get(address.name), None)
        body[field] = value
    else:
        path = f"{path}?{field}={value}"
    with transaction.atomic():
        response = getattr(client, method.lower())(path, body)
        transaction.set_rollback(True)
    return response.status_code, PASSING.sub(b"passing", response.content)


@OBJECTS_OF
@pytest.mark.parametrize(("name", "method", "field", "kind"), REFERENCES)
def test_an_object_of_another_contract_in_a_query_or_form_answers_as_none(here, there, name, method, field, kind):
    Measure.objects.filter(pk=there.measure.pk).update(section="Repairs")
    mine, theirs = (
        {
            "code": world.series.code,
            "series": world.series.pk,
            "measure": world.measure.pk,
            "section": Measure.objects.get(pk=world.measure.pk).section,
            "version": saved_text(world).pk,
            "definition": world.definition.pk,
        }
        for world in (here, there)
    )
    none = {"code": "ZZ", "section": "Nowhere"} | dict.fromkeys(
        ("series", "measure", "version", "definition"), 987654321
    )
    here.set_state(State.COMMENTARY)
    address = here.addresses(name, dict(PATTERNS)[name])[0]
    client, well = here.client("anonymous"), set()
    for who in Who:
        here.sign_in(client, who)
        found, expected = (refer(client, method, address, field, one[kind]) for one in (theirs, none))
        # A form that is shown again repeats what was asked for.
        named = re.compile(rf"\b({theirs[kind]}|{none[kind]})\b".encode())
        assert (found[0], named.sub(b"named", found[1])) == (expected[0], named.sub(b"named", expected[1]))
        well |= {refer(client, method, address, field, mine[kind])[0]} - {403, 404, 405, 409, 422}
    assert well <= {200, 302, 303}, well
    assert well, "nobody's own object is answered"
