"""A contract whose administrator sets measures up: rows for the tests of the catalogue's changes."""

from decimal import Decimal

from accounts.models import AuditEntry
from accounts.roles import Who
from measures.catalogue_targets import FirstTarget
from measures.models import Definition, Measure
from measures.quarters import Quarter
from measures.states import State
from tests import factories
from tests.factories import NOW, Q2
from workflow.measure_set_up import add_whole_measure

Q1, Q3, Q4 = Q2.previous, Q2.next, Q2.next.next
FIRST = Quarter.parse("Q1 2017/18")
MEASURE = {
    "code": "B8",
    "title": "Proceedings on track",
    "section": "Court work",
    "kind": "contractual",
    "first_quarter": FIRST,
    "why_it_matters": "Delay harms.",
    "owner": "Head of court work",
    "source": "Case system",
}
SERIES = {
    "unit": "percent",
    "decimals": 0,
    "polarity": "higher",
    "derivation": "entered",
    "window": "period",
    "maximum": None,
    "counted": "cases",
    "counted_one": "case",
}
TARGET = FirstTarget(Decimal(90), Decimal(85), reason="Schedule 3")


class Desk:
    def __init__(self):
        self.contract = factories.make_contract()
        self.people = factories.make_members(self.contract)
        self.admin = self.people[Who.ADMINISTRATOR]
        self.by = {"by": self.admin, "now": NOW}

    def measure(self, code="B8", *, target=None, definition="Cases on track.", series=None, **fields) -> Measure:
        return add_whole_measure(
            **self.by,
            measure={**MEASURE, "code": code, **fields},
            series={**SERIES, **(series or {})},
            definition=definition,
            target=target,
        )

    def cycle(self, quarter=Q2, state=State.OPEN):
        return factories.make_cycle(self.contract, quarter, state)

    def figure(self, series, quarter, value=70):
        """Of a past quarter where there is none in another state."""
        if not self.contract.cycles.filter(quarter=quarter).exists():
            self.cycle(quarter, State.PAST)
        return factories.make_observation(series, quarter, value, self.people[Who.ANALYST].user)

    def acts(self):
        return [(each.act, each.object, each.old, each.new) for each in AuditEntry.objects.order_by("number")]

    def definitions(self, series):
        return list(Definition.objects.filter(series=series).values_list("from_quarter", "text", "reason"))
