"""A contract whose targets are changed: B8 rated 90% and 85% since three years, five quarters of values, everybody."""

import datetime
from decimal import Decimal

from django.test import Client

from accounts.models import AuditEntry
from accounts.roles import Who
from measures.models import Target
from measures.states import State
from measures.target_changes import agree, propose_target, propose_withdrawal, refuse, take_back
from measures.target_entries import TargetEntry
from measures.target_rows import shown_of
from tests import factories
from tests.factories import NOW, Q2

D = Decimal
LATER = NOW + datetime.timedelta(hours=1)
VALUES = (78, 80, 86, 92, 70)


class Desk:
    """Four past quarters; Q2 2018/19 is in commentary, Q3 open. Who proposes is an officer, who answers DCST's."""

    def __init__(self):
        self.contract = factories.make_contract()
        self.people = factories.make_members(self.contract)
        self.measure = factories.make_measure(self.contract)
        self.series = factories.make_series(self.measure)
        self.first = factories.make_target(self.series, self.people[Who.ADMINISTRATOR].user, D(90), D(85))
        by = self.people[Who.ANALYST].user
        for back, value in zip(range(4, -1, -1), VALUES, strict=True):
            factories.make_observation(self.series, Q2.shift(-back), D(value), by)
            factories.make_cycle(self.contract, Q2.shift(-back), State.PAST if back else State.COMMENTARY)
        factories.make_cycle(self.contract, Q2.next, State.OPEN)

    def cycle(self, quarter=Q2):
        return self.contract.cycles.get(quarter=quarter)

    def move(self, state, quarter=Q2):
        factories.in_state(self.cycle(quarter), state)

    def propose(self, who=Who.OFFICER, **changes):
        typed = {"from_quarter": Q2, "target": D(75), "tolerance": D(70), "reason": "The contract was varied."}
        series = changes.pop("series", self.series)
        return propose_target(by=self.people[who], series=series, entry=TargetEntry(**{**typed, **changes}), now=NOW)

    def agree(self, row, who=Who.PROVIDER_DIRECTOR, **changes):
        return agree(by=self.people[who], target=row, **{"shown": shown_of(row), "now": LATER, **changes})

    def agreed(self, **changes):
        return self.agree(self.propose(**changes))

    def refuse(self, row, who=Who.PROVIDER_DIRECTOR, reason="Not without more staff.", **changes):
        return refuse(
            by=self.people[who], target=row, reason=reason, **{"shown": shown_of(row), "now": LATER, **changes}
        )

    def take_back(self, row, who=Who.OFFICER, **changes):
        return take_back(by=self.people[who], target=row, **{"shown": shown_of(row), "now": LATER, **changes})

    def withdraw(self, row, who=Who.PROVIDER_DIRECTOR, reason="Agreed by mistake."):
        return propose_withdrawal(by=self.people[who], target=row, reason=reason, now=LATER)

    def entries(self):
        """Of the audit chain, since the desk was made."""
        return [
            (entry.act, entry.by, entry.object, entry.old, entry.new, entry.reason)
            for entry in AuditEntry.objects.filter(contract=self.contract, act__contains="target").order_by("number")
        ]

    def rows(self):
        return list(Target.objects.order_by("pk").values())

    def elsewhere(self):
        contract = factories.make_contract("leisure", "Borough", "Leisure Trust")
        people = factories.make_members(contract)
        series = factories.make_series(factories.make_measure(contract, "L1"))
        return factories.make_target(series, people[Who.OFFICER].user, 90, 85, Q2.next), people

    def client(self, who):
        client = Client()
        client.force_login(self.people[who].user)
        # The first page starts the session's clock, which is a write.
        client.get("/")
        return client
