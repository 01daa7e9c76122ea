"""Every address of the URLconf against the policy and rights tables: method x principal x state of the cycle.

The expected status is worked out here from the two tables alone. The rights table itself is compared with a grid
written down by hand from the design.
"""

import html
import json
import logging

import pytest
from django.db import transaction

from accounts import people
from accounts.models import AuditEntry, Contract, Membership, Organisation, User
from accounts.roles import Party, Who
from commentary.models import PaneVersion
from measures.models import AreaForImprovement, Benchmark, Cycle, Observation, SeriesEvent, Target
from measures.rights import RELEASE_PANE, RIGHTS, WRITE_PANE, Act
from measures.states import State
from perfmon.policy import POLICY, page_of
from tests import factories
from tests.addresses import BODIES, World, patterns
from tests.factories import Q2
from workflow.models import Transition

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("policy")]

PATTERNS = patterns()
METHODS = ("GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS")
SIGNED_OUT = ("anonymous", "inactive")
PRINCIPALS = (*SIGNED_OUT, "stranger", *Who)
PANE_ACTS = {"write a pane": WRITE_PANE, "release a pane": RELEASE_PANE}
# The commissioner's proposal waits.
TARGET_ACTS = {"answer a proposal": Act.ANSWER_COMMISSIONER, "take a proposal back": Act.RETRACT_COMMISSIONER}
# What answers well otherwise than a page (200) for a GET and a way on (302) for a POST.
WELL = {
    ("contract", "GET"): 302,
    # Without a link.
    ("password-reset-new", "POST"): 200,
    # Nobody is half signed in, and nobody has a second factor or has just confirmed who they are.
    **{(f"mfa_{name}", "GET"): 302 for name in ("authenticate", "reauthenticate", "activate_totp", "deactivate_totp")},
    **{(f"mfa_{name}_recovery_codes", "GET"): 302 for name in ("view", "generate")},
    # No organisation signs people in.
    **{(f"oidc-{name}", method): 404 for name in ("sign-in", "connect", "disconnect") for method in ("GET", "POST")},
    ("oidc-callback", "GET"): 404,
    ("pane-save", "POST"): 200,
    # Without a text to ask about.
    ("pane-restore", "GET"): 302,
    # Nothing in the draft is to be asked about.
    ("pane-release", "GET"): 302,
    ("import", "POST"): 422,
    ("set-up-measure-delete", "POST"): 422,
    ("set-up-series-delete", "POST"): 422,
    ("set-up-target", "POST"): 422,
    ("contract-workbook", "POST"): 422,
    # There is an administrator.
    # The token moves into the session.
    ("invitation", "GET"): 302,
    # To say once more who one is.
    ("person-invitation", "GET"): 302,
    ("first-administrator", "GET"): 404,
    ("first-administrator", "POST"): 404,
    ("import-preview", "POST"): 409,
    ("import-benchmarks-preview", "POST"): 409,
    # Another quarter than the preview's: the page comes again, compared with that one.
    ("import-paper", "POST"): 200,
}


@pytest.fixture(scope="module")
def world(module_rows):
    return World()


@pytest.fixture(scope="module", autouse=True)
def quiet():
    """Thousands of refusals, each logged, would be most of the module's time."""
    logging.disable(logging.WARNING)
    yield
    logging.disable(logging.NOTSET)


def counted():
    """What a refused request may not have changed."""
    models = (
        AuditEntry,
        Transition,
        Cycle,
        AreaForImprovement,
        Benchmark,
        Observation,
        SeriesEvent,
        Target,
        PaneVersion,
        User,
        Membership,
        Organisation,
    )
    return [model.objects.count() for model in models]


def sentence(response):
    """What the answer says, as a reader would see it."""
    if response["Content-Type"].startswith("application/json"):
        return " ".join(str(value) for value in json.loads(response.content).values())
    return html.unescape(response.text)


def act_of(address, method, state):
    page = page_of(address.name)
    act = page.post if method == "POST" else page.get
    if act == "edit values":
        return Act.CORRECT_VALUES if state in (State.PAST, State.PUBLISHED) else Act.ENTER_VALUES
    if act in TARGET_ACTS:
        return TARGET_ACTS[act]
    return PANE_ACTS[act][Party(address.values["party"])] if act in PANE_ACTS else act


def expected(address, method, principal, state):
    """(status, words that the answer holds). The oracle: nothing here asks the product's own checks."""
    page = page_of(address.name)
    known = {"GET": page.get, "HEAD": page.get, "POST": page.post}.get(method) is not None
    well = WELL.get((address.name, "GET" if method == "HEAD" else method), 302 if method == "POST" else 200)
    if principal in SIGNED_OUT and not (page.public and known):
        if address.is_api:
            return 401, "Sign in first."
        if not page.public and method == "POST" and holds_text(address.name):
            return 401, "Nothing was stored. Copy what you typed"
        return (405, "") if page.public else (302, "")
    if not known:
        return 405, ""
    if address.name == "account_login" and principal not in SIGNED_OUT:
        return 302, ""
    if address.name == "account_login" and method == "POST":
        return 302, ""
    if "manage users and organisations" in (page.get, page.post) and principal is not Who.ADMINISTRATOR:
        return 403, people.NOT_ADMINISTRATOR
    if "contract" not in address.values:
        return well, ""
    if principal == "stranger":
        return 404, "There is nothing at this address that you can see."
    act = act_of(address, method, state)
    if act == "see own party’s pane":
        is_own = principal.party == address.values["party"] and state is not State.PAST
        return (well, "") if is_own else (404, "There is nothing at this address that you can see.")
    if isinstance(act, Act) and not RIGHTS[act].get(principal):
        return by_right(act, principal, state, well)
    owner = None if address.name == "import-paper" else Party.PROVIDER
    if "batch" in address.values and principal.party is not owner:
        return 404, "There is nothing at this address that you can see."
    return by_right(act, principal, state, well) if isinstance(act, Act) else (well, "")


def holds_text(name):
    """Whether the form's body has words in it that somebody may want back."""
    body = BODIES.get(name, {})
    return any(" " in value for field, value in body.items() if isinstance(value, str) and "password" not in field)


def by_right(act, who, state, well):
    states = RIGHTS[act].get(who, frozenset())
    if state in states:
        return well, ""
    if who is Who.ADMINISTRATOR:
        return 403, "Administrators look after people and set-up and see no unpublished figures or drafts."
    if not states:
        return 403, f"may {act}."
    if state is State.PUBLISHED:
        return 423, "Q2 2018/19 is published, and what is published does not change."
    return 409, f"You can {act} while a quarter is "


def test_every_address_has_a_row_and_every_row_an_address():
    names = {name for name, _ in PATTERNS}
    for name in names:
        page_of(name)
    assert set(POLICY) == names


def test_every_act_of_a_row_is_known():
    words = {
        *("anyone", "sign in", "sign out", "change own password", "see own contracts", "see own party’s imports"),
        *("see own party’s pane", "own session", "own account"),
        *(
            "manage users and organisations",
            "become the first administrator",
            "follow an invitation",
            "edit values",
            *PANE_ACTS,
            *TARGET_ACTS,
        ),
    }
    unknown = {
        (name, act)
        for name, page in POLICY.items()
        for act in (page.get, page.post)
        if act is not None and not isinstance(act, Act) and act not in words
    }
    assert unknown == set()


def test_every_post_has_a_body():
    assert {name for name, page in POLICY.items() if page.post} == set(BODIES)


@pytest.mark.parametrize(("name", "route"), PATTERNS, ids=[f"{name} {route}" for name, route in PATTERNS])
def test_who_gets_what(world, name, route):
    wrong = []
    for address in world.addresses(name, route):
        # What hangs below no quarter does not know its state.
        states = list(State) if "contract" in address.values or name == "home" else [State.OPEN]
        for state in states:
            world.set_state(state)
            wrong += differences(world, address, state)
    assert wrong == []


def differences(world, address, state):
    client, before, found = world.client("anonymous"), counted(), []
    for principal in PRINCIPALS:
        for method in METHODS:
            world.sign_in(client, principal)
            response, is_changed = asked(client, method, address, before)
            status, words = expected(address, method, principal, state)
            place = f"{method} {address.path} as {principal}, {state}: {response.status_code}"
            if response.status_code != status:
                found.append(f"{place}, not {status}")
            elif words and method != "HEAD" and words not in sentence(response):
                found.append(f"{place} without “{words}”")
            if is_changed:
                found.append(f"{place} but rows changed")
    return found


def asked(client, method, address, before):
    """The answer, and whether a refused POST changed rows all the same. What a POST wrote is rolled back."""
    if method != "POST":
        return client.generic(method, address.path), False
    with transaction.atomic():
        response = client.post(address.path, BODIES.get(address.name, {}))
        is_changed = response.status_code >= 400 and counted() != before
        transaction.set_rollback(True)
    return response, is_changed


def test_a_405_names_the_methods_that_there_are(world):
    client = world.client(Who.OFFICER)
    answers = {path: client.put(path)["Allow"] for path in ("/", "/accounts/demo-sign-in/", "/accounts/password/")}
    assert answers == {
        "/": "GET, HEAD",
        "/accounts/demo-sign-in/": "POST",
        "/accounts/password/": "GET, HEAD, POST",
    }


@pytest.mark.parametrize("method", ["TRACE", "PATCH", "CONNECT", "PROPFIND"])
def test_other_methods_are_refused(world, method):
    path = f"/c/{world.contract.slug}/{Q2.code}/"
    assert world.client(Who.OFFICER).generic(method, path).status_code == 405


def test_a_method_is_not_overridden_by_a_header_or_a_field(world):
    path = f"/c/{world.contract.slug}/{Q2.code}/"
    client = world.client(Who.OFFICER)
    assert client.post(path, {"_method": "GET"}, headers={"X-HTTP-Method-Override": "GET"}).status_code == 405
    api = f"/api/v1/contracts/{world.contract.slug}/cycles/{Q2.code}/scorecard/"
    assert client.post(api, {"_method": "GET"}, headers={"X-HTTP-Method-Override": "GET"}).status_code == 405
    submit = world.client(Who.ANALYST).get(
        path + "submit/", {"_method": "POST"}, headers={"X-HTTP-Method-Override": "POST"}
    )
    assert (submit.status_code, Cycle.objects.get(pk=world.cycle.pk).state) == (200, State.OPEN)


def test_signed_out_requests_lead_to_the_sign_in_and_back(world):
    client = world.client("anonymous")
    path = f"/c/{world.contract.slug}/{Q2.code}/?view=table"
    assert client.get(path)["Location"] == f"/accounts/sign-in/?next=/c/{world.contract.slug}/{Q2.code}/%3Fview%3Dtable"
    assert client.post(path)["Location"] == "/accounts/sign-in/"
    assert client.get(path, headers={"Accept": "application/json"}).status_code == 401
    assert client.post(path, headers={"Accept": "application/json"}).status_code == 401


ELSEWHERE = [
    ("c/leisure/2018-Q2/", "another contract"),
    ("c/no-such/2018-Q2/", "no contract"),
    ("api/v1/contracts/leisure/cycles/2018-Q2/scorecard/", "another contract's figures"),
    ("c/{contract}/2017-Q1/", "no cycle"),
    ("c/{contract}/2018-Q2/m/no-such/", "no measure"),
    ("c/{contract}/2018-Q2/m/no-such/figures.csv", "no measure's figures"),
    ("c/{contract}/2018-Q2/entry/{foreign}/", "another contract's series"),
    ("c/{contract}/2018-Q2/m/b8/?series=L1", "another contract's series by code"),
    ("c/{contract}/2018-Q2/m/b8/events/?series=L1", "events of another contract's series"),
]


@pytest.mark.parametrize(("path", "what"), ELSEWHERE, ids=[what for _, what in ELSEWHERE])
def test_what_is_elsewhere_is_not_known(world, path, what):
    world.set_state(State.OPEN)
    leisure = Contract.objects.get(slug="leisure")
    foreign = factories.make_series(factories.make_measure(leisure, "L1"))
    response = world.client(Who.ANALYST).get("/" + path.format(contract=world.contract.slug, foreign=foreign.pk))
    assert response.status_code == 404


# The grid of the design, section 6: P past, O open, S submitted, C commentary, A agreed, X published.
LETTERS = dict(zip("POSCAX", State, strict=True))
GRID = """
act             officer analyst c-director p-director administrator
SEE_CYCLE       POSCAX  POSCAX  POSCAX     POSCAX     P
SEE_FIGURES     PSCAX   POSCAX  PSCAX      POSCAX     P
SEE_ENTRY       -       POSCAX  -          POSCAX     -
ENTER_VALUES    -       O       -          -          -
CORRECT_VALUES  -       PX      -          -          -
IMPORT_FILES    POSCAX  POSCAX  -          -          POSCAX
LOOK_AFTER_PEOPLE -     -       -          -          POSCAX
SET_UP          -       -       -          -          POSCAX
ADD_BENCHMARK   POSCAX  POSCAX  -          -          POSCAX
RECORD_EVENT    POSCAX  POSCAX  POSCAX     POSCAX     -
PROPOSE_TARGET  POSCAX  -       POSCAX     POSCAX     -
ANSWER_COMMISSIONER  -  -       -          POSCAX     -
ANSWER_PROVIDER -       -       POSCAX     -          -
RETRACT_COMMISSIONER POSCAX -   POSCAX     -          -
RETRACT_PROVIDER -      -       -          POSCAX     -
LOAD_HISTORY    -       P       -          -          P
OPEN_CYCLE      POSCAX  -       -          -          -
SUBMIT_VALUES   -       O       -          -          -
SEND_BACK       SC      -       -          -          -
ACCEPT_VALUES   S       -       -          -          -
CHOOSE_AREAS    OSC     -       -          -          -
WRITE_RESPONSE  SC      -       -          -          -
WRITE_COMMENT   -       OSC     -          -          -
RELEASE_RESPONSE C      -       -          -          -
RELEASE_COMMENT -       C       -          -          -
"""


def test_the_rights_table_is_that_of_the_design():
    _, *lines = GRID.strip().splitlines()
    grid = {}
    for line in lines:
        act, *cells = line.split()
        for who, cell in zip(Who, cells, strict=True):
            grid[Act[act], who] = {LETTERS[letter] for letter in cell if letter != "-"}
    assert {(act, who): set(RIGHTS[act].get(who, ())) for act in Act for who in Who} == grid
