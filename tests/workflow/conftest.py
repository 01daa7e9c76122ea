import pytest

from accounts.roles import Party, Who
from commentary.models import Pane
from tests import factories
from tests.factories import NOW, Q2


class Desk:
    """A contract with B8 and, volumetric, E1; its people; no quarter yet."""

    def __init__(self, slug="childrens-services", **names):
        self.contract = factories.make_contract(slug, **names)
        self.people = factories.make_members(self.contract)
        self.measure = factories.make_measure(self.contract)
        self.series = factories.make_series(self.measure)
        self.volumetric = factories.make_measure(self.contract, "E1", kind="volumetric")

    @property
    def officer(self):
        return self.people[Who.OFFICER]

    @property
    def analyst(self):
        return self.people[Who.ANALYST]

    def open(self, quarter=Q2):
        return factories.open_cycle(self.contract, self.officer, quarter)

    def release(self, cycle, party: Party, measure=None):
        """Release the party's text on one measure, or on all, without the writing of it."""
        panes = Pane.objects.filter(cycle=cycle, party=party, **({"measure": measure} if measure else {}))
        panes.update(released="<p>A text.</p>", released_version=1, released_at=NOW, version=1, saved_at=NOW)


@pytest.fixture
def desk(db):
    return Desk()


@pytest.fixture
def elsewhere(db):
    return Desk("leisure", commissioner="Borough", provider="Leisure Trust")
