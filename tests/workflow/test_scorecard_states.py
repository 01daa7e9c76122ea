"""The scorecard of a contract that a test takes from state to state itself."""

from django.test import Client

from accounts.roles import Party, Who
from measures.states import State
from tests import factories
from tests.factories import NOW
from tests.markup import parse
from workflow import transitions

ADDRESS = "/c/childrens-services/2018-Q2/"


def client_of(viewer):
    client = Client()
    client.force_login(viewer.user)
    return client


def page(viewer):
    response = client_of(viewer).get(ADDRESS)
    assert response.status_code == 200
    return parse(response.text)


def notices(found):
    return [node.text for node in found.all("div", class_="notice")]


class TestContractAddress:
    def test_the_open_quarter_where_there_is_no_other(self, desk):
        desk.open()
        assert client_of(desk.officer).get("/c/childrens-services/")["Location"] == ADDRESS

    def test_home_where_there_is_none(self, desk):
        assert client_of(desk.officer).get("/c/childrens-services/")["Location"] == "/"


class TestSentBack:
    def test_both_read_when_and_why(self, desk):
        cycle = transitions.submit(by=desk.analyst, cycle=desk.open(), now=NOW)
        transitions.send_back(by=desk.officer, cycle=cycle, reason="September is missing <b>27</b>.", now=NOW)
        for viewer in (desk.officer, desk.analyst):
            [notice] = [text for text in notices(page(viewer)) if text.startswith("Values sent back")]
            assert notice == (
                "Values sent back by Officer of childrens-services on 2 November 2018 at 14:32 "
                "September is missing <b>27</b>."
            )

    def test_not_while_open_for_the_first_time(self, desk):
        desk.open()
        assert [text for text in notices(page(desk.analyst)) if "sent back" in text] == []

    def test_not_once_submitted_again(self, desk):
        cycle = transitions.submit(by=desk.analyst, cycle=desk.open(), now=NOW)
        cycle = transitions.send_back(by=desk.officer, cycle=cycle, reason="September is missing.", now=NOW)
        transitions.submit(by=desk.analyst, cycle=cycle, now=NOW)
        assert notices(page(desk.officer)) == []


class TestTurn:
    def now(self, viewer):
        [stage] = [node for node in page(viewer).all("li") if node.attrs.get("aria-current") == "step"]
        return stage.text

    def test_it_passes_with_the_last_required_text(self, desk):
        cycle = factories.in_state(desk.open(), State.COMMENTARY)
        assert self.now(desk.officer) == "Commentary DMBC’s and DCST’s turn, due 16 November 2018, 5 days left"
        desk.release(cycle, Party.PROVIDER)
        assert self.now(desk.officer) == "Commentary DMBC’s turn, due 16 November 2018, 5 days left"
        desk.release(cycle, Party.COMMISSIONER)
        assert self.now(desk.officer) == "Commentary"

    def test_it_can_be_late(self, desk):
        desk.open()
        assert self.now(desk.analyst) == "Open DCST’s turn, due 31 October 2018, 11 days late"

    def test_submitted_values_wait_for_the_commissioner(self, desk):
        factories.in_state(desk.open(), State.SUBMITTED)
        assert self.now(desk.analyst) == "Values submitted DMBC’s turn, due 16 November 2018, 5 days left"


def test_a_contract_without_measures(db):
    contract = factories.make_contract()
    people = factories.make_members(contract)
    factories.open_cycle(contract, people[Who.OFFICER])
    found = page(people[Who.ANALYST])
    assert found.all("article") == []
    assert "No measure to show" in found.one("main").text


def test_a_measure_without_series(desk):
    desk.open()
    [tile] = [tile for tile in page(desk.analyst).all("article") if "E1" in tile.text]
    assert (tile.one("h3").text, tile.one("b").text) == ("Measure E1", "No series in this quarter")
