import pytest

from accounts.roles import Party, Who
from commentary.models import Pane
from measures.states import State
from tests import factories


class Place:
    """One contract with B8 in Q2 2018/19, in commentary unless a test moves it."""

    def __init__(self, slug="childrens-services", **names):
        self.contract = factories.make_contract(slug, **names)
        self.people = factories.make_members(self.contract)
        self.measure = factories.make_measure(self.contract)
        self.cycle = factories.open_cycle(self.contract, self.people[Who.OFFICER])
        self.move(State.COMMENTARY)

    def move(self, state):
        factories.in_state(self.cycle, state)

    def pane(self, party=Party.COMMISSIONER):
        return Pane.objects.select_related("cycle").get(measure=self.measure, cycle=self.cycle, party=party)

    @property
    def officer(self):
        return self.people[Who.OFFICER]

    @property
    def analyst(self):
        return self.people[Who.ANALYST]


@pytest.fixture
def place(db):
    return Place()


@pytest.fixture
def elsewhere(db):
    return Place("leisure", commissioner="Borough", provider="Leisure Trust")
