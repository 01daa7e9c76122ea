"""What waits for a director's answer, on the landing page."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Membership
from accounts.roles import Party, Who
from accounts.viewer import Viewer, viewers_of
from measures.target_waiting import ToAnswer, to_answer
from tests import factories
from tests.factories import Q2
from tests.markup import parse
from tests.measures.target_desk import Desk

SENTENCE = "B8: DMBC proposes a target of 75%, tolerance 70%, from Q2 2018/19"


@pytest.fixture
def desk(db):
    return Desk()


def of(desk, who):
    return to_answer([desk.people[who]]).get(desk.contract.pk, [])


def test_a_proposal_waits_for_the_other_party_s_director_alone(desk):
    desk.propose()
    assert {who: of(desk, who) for who in Who if of(desk, who)} == {
        Who.PROVIDER_DIRECTOR: [ToAnswer("b8", desk.series.pk, SENTENCE)]
    }


def test_a_withdrawal_too(desk):
    desk.withdraw(desk.agreed(tolerance=None))
    assert {who: [each.sentence for each in of(desk, who)] for who in Who if of(desk, who)} == {
        Who.COMMISSIONER_DIRECTOR: ["B8: DCST proposes to withdraw the target of 75% from Q2 2018/19"]
    }


def test_nothing_once_it_is_answered(desk):
    desk.refuse(desk.propose())
    desk.take_back(desk.propose())
    desk.agree(desk.withdraw(desk.agreed()), Who.COMMISSIONER_DIRECTOR)
    assert [who for who in Who if of(desk, who)] == []


def test_not_for_who_proposed_it_on_the_other_side(desk):
    desk.propose(Who.COMMISSIONER_DIRECTOR)
    person = desk.people[Who.COMMISSIONER_DIRECTOR].user
    moved = Viewer(person, desk.contract, Who.PROVIDER_DIRECTOR)
    assert to_answer([moved]) == {}


def test_of_each_contract_its_own_in_one_query(desk):
    """A director of DCST is one of the commissioner elsewhere."""
    director = desk.people[Who.PROVIDER_DIRECTOR].user
    other = factories.make_contract("leisure", "Borough", "Leisure Trust")
    people = factories.make_members(other)
    Membership.objects.create(user=director, contract=other, party=Party.COMMISSIONER, role="director")
    series = factories.make_series(factories.make_measure(other, "L1"))
    desk.propose()
    factories.propose_target(series, people[Who.PROVIDER_DIRECTOR], 80, None, Q2.next)
    factories.propose_target(
        factories.make_series(factories.make_measure(other, "L2")), people[Who.OFFICER], 80, None, Q2.next
    )
    viewers = viewers_of(director)
    with CaptureQueriesContext(connection) as captured:
        found = to_answer(viewers)
    assert {pk: [each.sentence for each in some] for pk, some in found.items()} == {
        desk.contract.pk: [SENTENCE],
        other.pk: ["L1: Leisure Trust proposes a target of 80% from Q3 2018/19"],
    }
    assert len(captured) == 1


def test_no_query_for_who_is_a_director_nowhere(desk):
    viewers = [desk.people[who] for who in (Who.OFFICER, Who.ANALYST, Who.ADMINISTRATOR)]
    with CaptureQueriesContext(connection) as captured:
        assert to_answer(viewers) == {}
    assert len(captured) == 0


@pytest.mark.parametrize("who", Who)
def test_it_stands_under_the_contract_on_the_landing_page(desk, who):
    desk.propose()
    page = parse(desk.client(who).get("/").text)
    lists = [(node.text, node.one("a").attrs["href"]) for node in page.all("ul", class_="to-answer")]
    way = f"/c/childrens-services/measures/b8/targets/?series={desk.series.pk}"
    expected = [(f"{SENTENCE}. Agree or refuse : {SENTENCE}", way)] if who is Who.PROVIDER_DIRECTOR else []
    assert lists == expected
