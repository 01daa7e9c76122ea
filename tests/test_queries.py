"""How many queries a page takes, with 1 and with 3 of every nested thing, as each kind of viewer.

The queries are told by the table that they read first, so that a number that changes says which query it is.
"""

import re

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.roles import Who
from commentary.models import Pane, PaneVersion, VersionKind
from measures.states import State
from tests.crowd import Crowd
from tests.factories import NOW, Q2

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("queries")]

CYCLE = "/c/childrens-services/2018-Q2/"
API = "/api/v1/contracts/childrens-services/cycles/2018-Q2/scorecard/"
MEMBERS = tuple(who for who in Who if who is not Who.ADMINISTRATOR)
PROVIDER = (Who.ANALYST, Who.PROVIDER_DIRECTOR)
COMMISSIONER = (Who.OFFICER, Who.COMMISSIONER_DIRECTOR)

READER = [
    "django_session",  # who is signed in
    "accounts_user",  # their name and whether they may sign in
]
PLACE = [
    *READER,
    "accounts_membership",  # their part in the contract, with it and both organisations
    "measures_cycle",  # every quarter of the contract: this one, its state, the switcher
]
PLAIN = [
    *PLACE,
    "measures_areaforimprovement",  # the measures that cover the quarter, with why some of them were put first
    "measures_series",  # every series of those measures
    "measures_target",  # targets in force up to the quarter
    "measures_observation",  # thirteen quarters of every series
]
CARD = [
    *PLAIN,
    "measures_definition",  # where a definition, a break or a rebase starts a series anew
    "measures_observation",  # every value of the headlines, for their process limits
]
SCORECARD = [
    *CARD,
    "commentary_pane",  # which texts are released
]
SENT_BACK = [
    *SCORECARD,
    "workflow_transition",  # why the quarter came back, and from whom
]
TREND = [
    "measures_observation",  # every value of the one series, by month where it is held so
    "measures_definition",  # how the series is counted, and its breaks
    "accounts_membership",  # what was recorded on its chart, and for which organisation each person speaks
    "measures_benchmark",  # what it is compared with
]
MEASURE = [
    *PLAIN,
    "commentary_pane",  # both texts with who saved and released them
]
LAST_TEXT = [
    *PLACE,
    "measures_measure",  # the measure, which must be there in the quarter
    "commentary_pane",  # its texts in this quarter and in the one before
]
ENTRY = [
    *PLACE,
    "measures_series",  # every series of the quarter with its measure
    "measures_observation",  # what is held of the quarter
]
GRID = [
    *ENTRY,  # the same two: what is held of the quarter comes with what was held before it, and by whom
    "measures_definition",  # since when a series is counted as it is now
]
ENTRY_SERIES = [
    *PLACE,
    "measures_series",  # every series of the quarter: this one and its neighbours
    "measures_observation",  # what is held of this one in the quarter, and by whom
    "measures_definition",  # how it is counted
    "measures_observation",  # the last four values before
]
# Both name first the party of the person, which a subquery reads.
REVISIONS = [
    "accounts_membership",  # every revision of the figure and who saved it
    "accounts_membership",  # what undoing an import took back, and who undid it
]
HISTORY = [
    *PLACE,
    "measures_series",  # the one series with its measure
    "measures_target",  # its targets in force up to the quarter
    *REVISIONS,
]
PANE_HISTORY = [
    *PLACE,
    "commentary_pane",  # the pane with its measure and quarter
    "commentary_paneversion",  # how many versions there are
    "commentary_paneversion",  # those of the page, each with its author and what it was restored from
    "commentary_paneversion",  # what the latest is compared with
]
EVENTS = [
    *PLACE,
    "measures_series",  # the series of the measure in the quarter, with it
    "accounts_membership",  # every event of the series, and for which organisation each person speaks
]
BENCHMARKS = [
    *READER,
    "accounts_membership",  # their part in the contract, with it and both organisations
    "measures_benchmark",  # every benchmark of the contract
    "measures_series",  # every series of the contract with its measure
]
MENU = [
    "measures_cycle",  # the open quarter, whose values the provider finds in every menu
]
HOME = [
    *READER,
    "accounts_membership",  # every contract of the reader with its organisations
    "measures_cycle",  # every quarter of those contracts
    "commentary_pane",  # who is still to release a text, where a quarter is in commentary
]
TO_ANSWER = [
    "measures_target",  # what the other party proposes and a director is to answer
]
REDIRECT = PLACE

# (path, the state of the quarter, who looks, their queries, how many)
PAGES = [
    ("/", State.COMMENTARY, (Who.OFFICER, Who.ANALYST), HOME, 5),
    ("/", State.COMMENTARY, (Who.COMMISSIONER_DIRECTOR, Who.PROVIDER_DIRECTOR), [*HOME, *TO_ANSWER], 6),
    (f"{CYCLE}commentary/", State.COMMENTARY, MEMBERS, MEASURE, 9),
    (f"{CYCLE}commentary/?show=missing", State.OPEN, MEMBERS, MEASURE, 9),
    (f"{CYCLE}m/m1/pane/provider/last/", State.COMMENTARY, MEMBERS, LAST_TEXT, 6),
    ("/c/childrens-services/", State.COMMENTARY, MEMBERS, REDIRECT, 4),
    (CYCLE, State.PAST, MEMBERS, CARD, 10),
    (CYCLE, State.OPEN, MEMBERS, SCORECARD, 11),
    (CYCLE, State.COMMENTARY, MEMBERS, SCORECARD, 11),
    (f"{CYCLE}?view=table&sort=concern", State.COMMENTARY, MEMBERS, SCORECARD, 11),
    (f"{CYCLE}m/m1/", State.OPEN, MEMBERS, [*MEASURE, *TREND], 13),
    (f"{CYCLE}m/m1/", State.COMMENTARY, MEMBERS, [*MEASURE, *TREND], 13),
    (f"{CYCLE}m/m1/?series=M1P1&by=month", State.COMMENTARY, MEMBERS, [*MEASURE, *TREND], 13),
    (f"{CYCLE}m/m1/figures.csv", State.COMMENTARY, MEMBERS, [*PLAIN, *TREND], 12),
    (f"{CYCLE}m/m1/figures.csv?series=M1P1&by=month", State.COMMENTARY, MEMBERS, [*PLAIN, *TREND], 12),
    (API, State.COMMENTARY, MEMBERS, CARD, 10),
    (f"{CYCLE}entry/", State.OPEN, PROVIDER, GRID, 7),
    (f"{CYCLE}entry/", State.COMMENTARY, PROVIDER, GRID, 7),
    (f"{CYCLE}entry/{{series}}/", State.OPEN, (Who.ANALYST,), ENTRY_SERIES, 8),
    (f"{CYCLE}m/m1/events/", State.COMMENTARY, MEMBERS, EVENTS, 6),
    (f"{CYCLE}m/m1/events/?series=M1P1", State.OPEN, MEMBERS, EVENTS, 6),
    ("/c/childrens-services/benchmarks/", State.COMMENTARY, COMMISSIONER, BENCHMARKS, 5),
    ("/c/childrens-services/benchmarks/", State.COMMENTARY, PROVIDER, [*BENCHMARKS, *MENU], 6),
    (f"{CYCLE}submit/", State.OPEN, (Who.ANALYST,), GRID, 7),
    (f"{CYCLE}accept/", State.SUBMITTED, (Who.OFFICER,), PLACE, 4),
    (f"{CYCLE}send-back/", State.SUBMITTED, (Who.OFFICER,), PLACE, 4),
]
# An administrator, who has no membership, takes one query more: the contract itself.
OF_ADMINISTRATOR = [
    (CYCLE, State.PAST, 11),
    (f"{CYCLE}m/m1/", State.PAST, 14),
    (f"{CYCLE}commentary/", State.PAST, 10),
    (f"{CYCLE}m/m1/figures.csv", State.PAST, 13),
    (API, State.PAST, 11),
    ("/", State.COMMENTARY, 5),
    # Refused before anything is read.
    (CYCLE, State.COMMENTARY, 5),
]
CEILINGS = {CYCLE: 12, f"{CYCLE}m/m1/": 16}


@pytest.fixture(scope="module", params=[1, 3], ids=["one of each", "three of each"])
def crowd(request, module_rows):
    # A savepoint, so that the first crowd goes before the next one comes.
    with transaction.atomic():
        crowd = Crowd(request.param)
        crowd.clients = {who: client_of(viewer.user) for who, viewer in crowd.people.items()}
        yield crowd
        transaction.set_rollback(True)


def client_of(user):
    client = Client()
    client.force_login(user)
    # The first page starts the session's clock, which is a write.
    client.get("/")
    return client


def asked(crowd, who, path):
    address = path.format(series=crowd.some_series_id)
    with CaptureQueriesContext(connection) as queries:
        response = crowd.clients[who].get(address)
    sql = [each["sql"] for each in queries]
    # PostgreSQL puts the parts of a union in brackets.
    assert [each for each in sql if not each.lstrip("(").startswith("SELECT")] == []
    return response.status_code, [re.search(r'FROM "(\w+)"', each)[1] for each in sql]


@pytest.mark.parametrize(("path", "state", "viewers", "tables", "count"), PAGES)
def test_the_queries_of_a_page(crowd, path, state, viewers, tables, count):
    crowd.move(state)
    for who in viewers:
        status, found = asked(crowd, who, path)
        assert (status, found) == (302 if tables is REDIRECT and path.count("/") == 3 else 200, tables), who
        assert len(found) == count


@pytest.mark.parametrize("who", MEMBERS)
def test_the_scorecard_of_a_quarter_sent_back(crowd, who):
    crowd.move(State.OPEN, submitted_once=True)
    assert asked(crowd, who, CYCLE) == (200, SENT_BACK)
    assert len(SENT_BACK) == 12


@pytest.mark.parametrize("who", MEMBERS)
def test_a_figure_revised_once_or_three_times(crowd, who):
    """Its history, and the measure page, whose sentence on the last revision takes two queries more."""
    with transaction.atomic():
        series = crowd.revise()
        crowd.move(State.COMMENTARY)
        history = f"{CYCLE}history/{series.pk}/2018-Q2/"
        assert asked(crowd, who, history) == (200, HISTORY)
        assert len(crowd.clients[who].get(history).context["revisions"]) == crowd.count + 1
        revised = [*MEASURE, *TREND, *REVISIONS]
        assert asked(crowd, who, f"{CYCLE}m/m1/") == (200, revised)
        assert (len(HISTORY), len(revised)) == (8, 15)
        transaction.set_rollback(True)


@pytest.mark.parametrize("who", COMMISSIONER)
def test_a_pane_with_one_version_of_each_kind_or_three(crowd, who):
    with transaction.atomic():
        crowd.move(State.COMMENTARY)
        pane = Pane.objects.get(cycle__quarter=Q2, cycle__contract=crowd.contract, measure__slug="m1", party=who.party)
        for kind in [*VersionKind][::-1] * crowd.count:
            saved = PaneVersion.objects.create(
                pane=pane, version=1, kind="saved", text="<p>One.</p>", by=crowd.by, at=NOW
            )
            restored = {"restored_from": saved} if kind is VersionKind.SAVED else {}
            PaneVersion.objects.create(
                pane=pane, version=1, kind=kind, text="<p>Two.</p>", by=crowd.by, at=NOW, **restored
            )
        assert asked(crowd, who, f"{CYCLE}m/m1/pane/commissioner/history/") == (200, PANE_HISTORY)
        assert len(PANE_HISTORY) == 8
        transaction.set_rollback(True)


@pytest.mark.parametrize(("path", "state", "count"), OF_ADMINISTRATOR)
def test_the_queries_of_an_administrator(crowd, path, state, count):
    crowd.move(state)
    status, found = asked(crowd, Who.ADMINISTRATOR, path)
    assert (status, len(found)) == (403 if (path, state) == (CYCLE, State.COMMENTARY) else 200, count)


def test_the_ceilings_of_the_design():
    counts = [(path.partition("?")[0], count) for path, _, _, _, count in PAGES]
    counts += [(path, count) for path, _, count in OF_ADMINISTRATOR] + [(CYCLE, len(SENT_BACK))]
    assert {path: max(count for one, count in counts if one == path) for path in CEILINGS} == {
        CYCLE: 12,
        f"{CYCLE}m/m1/": 14,
    }
    assert all(count <= CEILINGS.get(path, 16) for path, count in counts)


@pytest.mark.parametrize("who", MEMBERS)
def test_there_are_as_many_things_as_said(crowd, who):
    """The numbers above mean something only if the pages show what was grown."""
    crowd.move(State.COMMENTARY)
    client = crowd.clients[who]
    card = client.get(CYCLE).context["card"]
    assert len(card.rows) == crowd.count
    row = card.rows[0]
    assert (len(row.pairs), len(row.subgroups), row.area_reason) == (crowd.count, crowd.count, "Low")
    assert len(row.headline.aims) == crowd.count
    assert sum(reading.value is not None for reading in row.headline.history) == crowd.count + 1
    page = client.get(f"{CYCLE}m/m1/?series=M1P1&by=month").context
    assert len(page["benchmarks"]) == crowd.count
    assert len(page["trend"].definitions) == crowd.count
    assert sum(reading.value is not None for reading in page["trend"].readings) == 3 * (crowd.count + 1)
    assert len(client.get("/").context["lines"]) == crowd.count
    assert len(client.get(f"{CYCLE}m/m1/events/").context["events"]) == crowd.count
