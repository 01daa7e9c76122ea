"""The demonstration's second contract: made up and marked as such, whole, and its people's alone."""

from decimal import Decimal

import pytest

from accounts.demo import DEMO_ACCOUNTS
from accounts.models import Contract, Membership, User
from accounts.viewer import viewer_of
from commentary.models import Pane
from measures import scorecard
from measures.models import AreaForImprovement, Benchmark, Cycle, Observation, Series, SeriesEvent, Target
from measures.quarters import Quarter
from measures.states import State
from tests.demonstration import client_of
from tests.factories import NOW, Q2, TODAY
from workflow import demo_files, demo_loading

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("housing")]

DATA = demo_files.read(demo_files.HOUSING)
SLUG = "housing-repairs"
QUARTERS = [Q2.shift(-back) for back in range(7, -1, -1)]


@pytest.fixture(scope="module")
def housing(module_rows):
    demo_loading.load_all(demo_files.read(), DATA, now=NOW, today=TODAY)
    return Contract.objects.get(slug=SLUG)


@pytest.fixture
def card(housing):
    viewer = viewer_of(User.objects.get(email="officer@aldermere.example"), SLUG)
    return scorecard.build(Cycle.objects.get(contract=housing, quarter=Q2), viewer)


def test_the_parties_are_invented_and_the_contract_is_a_demonstration(housing):
    assert [(side.name, side.short_name) for side in (housing.commissioner, housing.provider)] == [
        ("Aldermere Borough Council", "Aldermere BC"),
        ("Aldermere Homes Limited", "Aldermere Homes"),
    ]
    assert housing.is_demonstration
    assert all(person.email.endswith(".example") for person in DATA.people)


def test_its_people_are_those_that_the_sign_in_page_offers(housing):
    members = Membership.objects.filter(contract=housing).order_by("pk")
    offered = [account for account in DEMO_ACCOUNTS if account.heading == housing.title]
    assert [(row.user.email, row.party) for row in members] == [
        (account.email, account.party_kind) for account in offered
    ]
    assert [(row.party, row.role) for row in members] == [
        ("commissioner", "officer"),
        ("provider", "analyst"),
        ("commissioner", "director"),
        ("provider", "director"),
    ]
    assert not Membership.objects.filter(user__memberships__contract=housing).exclude(contract=housing).exists()


def test_seven_past_quarters_and_one_in_commentary(housing):
    cycles = Cycle.objects.filter(contract=housing).order_by("quarter")
    assert [(cycle.quarter, cycle.state) for cycle in cycles] == [
        *((quarter, State.PAST) for quarter in QUARTERS[:-1]),
        (Q2, State.COMMENTARY),
    ]


def test_every_figure_target_and_event_is_marked_as_made_up(housing):
    held = Observation.objects.filter(series__measure__contract=housing)
    assert set(held.values_list("illustrative", flat=True)) == {True}
    targets = Target.objects.filter(series__measure__contract=housing)
    assert set(targets.values_list("target_basis", "tolerance_basis")) == {("illustrative", "illustrative")}
    events = SeriesEvent.objects.filter(series__measure__contract=housing)
    assert [event.text for event in events] == ["A call-back service starts (illustrative)"]
    assert not Benchmark.objects.filter(series__measure__contract=housing).exists()


def test_every_series_holds_every_period(housing):
    every = list(Series.objects.filter(measure__contract=housing))
    assert len(every) == 9
    for series in every:
        periods = [period for quarter in QUARTERS for period in series.periods(quarter)]
        held = Observation.objects.filter(series=series, is_current=True, period_kind=series.frequency)
        assert sorted(row.period for row in held) == periods, series.code


def test_its_measures_are_of_every_kind(housing):
    found = Series.objects.filter(measure__contract=housing).values_list(
        "code", "measure__kind", "unit", "polarity", "frequency"
    )
    assert set(found) == {
        ("R1", "contractual", "percent", "higher", "month"),
        ("R2", "contractual", "percent", "higher", "month"),
        ("R3", "contractual", "percent", "higher", "quarter"),
        ("R4", "contractual", "days", "lower", "month"),
        ("V1", "contractual", "days", "lower", "quarter"),
        ("V2", "local", "count", "lower", "month"),
        ("S1", "contractual", "percent", "higher", "quarter"),
        ("D1", "volumetric", "count", "neutral", "month"),
        ("D1e", "volumetric", "count", "neutral", "month"),
    }


def test_the_figures_and_their_ratings(card):
    found = {row.code: (row.headline.now.text(row.headline.scale), str(row.status)) for row in card.rows}
    assert {code: (text.replace("\N{NO-BREAK SPACE}", " "), status) for code, (text, status) in found.items()} == {
        "R1": ("82%", "amber"),
        "R2": ("99.2%", "green"),
        "R3": ("89%", "green"),
        "R4": ("16.2 days", "red"),
        "V1": ("31 days", "red"),
        "V2": ("64", "none"),
        "S1": ("73%", "red"),
        "D1": ("5,085", "none"),
    }


def test_satisfaction_rests_on_few_answers(card, housing):
    (satisfaction,) = [row.headline for row in card.rows if row.code == "S1"]
    assert satisfaction.now.cohort() == "19 of 26"
    assert satisfaction.now.denominator < housing.small_cohort


@pytest.mark.parametrize(("code", "quarter", "value"), [
    ("R1", "2018-Q2", "82.42"), ("R1", "2018-Q1", "84.67"), ("R4", "2017-Q2", "11.57"), ("R4", "2018-Q2", "16.20"),
    ("V1", "2018-Q1", "32"), ("V1", "2017-Q2", "36"), ("S1", "2018-Q1", "76.92"),
])  # fmt: skip
def test_the_texts_state_what_is_held(housing, code, quarter, value):
    held = Observation.objects.get(
        series__measure__contract=housing,
        series__code=code,
        start=Quarter.parse(quarter).start,
        period_kind="quarter",
        is_current=True,
    )
    assert held.value.quantize(Decimal(value)) == Decimal(value)


def test_the_areas_and_the_texts(housing):
    areas = AreaForImprovement.objects.filter(cycle__contract=housing).order_by("measure__position")
    assert [area.measure.code for area in areas] == ["R4", "S1"]
    panes = Pane.objects.filter(cycle__contract=housing).exclude(draft="").select_related("measure")
    assert {(pane.measure.code, pane.party): pane.released is not None for pane in panes} == {
        ("R1", "provider"): True,
        ("R4", "commissioner"): True,
        ("R4", "provider"): True,
        ("V1", "commissioner"): True,
        ("V1", "provider"): False,
        ("S1", "commissioner"): False,
        ("S1", "provider"): True,
    }


def test_as_many_emergencies_are_finished_as_are_reported_but_for_a_few(housing):
    held = Observation.objects.filter(series__measure__contract=housing, period_kind="month", is_current=True)
    reported = {row.start: row.denominator for row in held.filter(series__code="R2")}
    finished = {row.start: row.value for row in held.filter(series__code="D1e")}
    every = {row.start: row.value for row in held.filter(series__code="D1")}
    assert reported.keys() == finished.keys() == every.keys()
    assert [start for start in finished if abs(finished[start] - reported[start]) > 3] == []
    assert [start for start in finished if finished[start] > every[start] / 4] == []


def test_a_name_that_ends_with_s_takes_an_apostrophe_alone(housing):
    assert "Aldermere BC’s and Aldermere Homes’ turn, due" in client_of("housing-officer").get("/").text


@pytest.mark.parametrize("key", ["housing-officer", "housing-analyst", "borough-director", "company-director"])
def test_its_people_see_their_contract_and_no_other(housing, key):
    client = client_of(key)
    home = client.get("/").text
    assert "Housing repairs" in home
    assert "Children" not in home
    assert client.get(f"/c/{SLUG}/2018-Q2/").status_code == 200
    assert client.get("/c/childrens-services/2018-Q2/").status_code == 404


@pytest.mark.parametrize("key", ["officer", "analyst", "council-director", "trust-director"])
def test_the_first_contracts_people_do_not_see_it(housing, key):
    client = client_of(key)
    assert "Housing" not in client.get("/").text
    assert client.get(f"/c/{SLUG}/2018-Q2/").status_code == 404
