"""An analyst with files to import: Q1 2018/19 is past, Q2 2018/19 open, B8 takes quarters and E1 months."""

import csv
import io
from decimal import Decimal

from accounts.models import AuditEntry
from accounts.roles import Who
from measures.imports import batches, preview
from measures.imports.mapping import Mapping
from measures.models import Cycle, ImportBatch, ImportMapping, Observation
from tests import factories
from tests.factories import NOW, Q2
from tests.measures.entry_desk import Desk

Q1 = Q2.previous
HEADER = ["measure", "series", "period", "value", "numerator", "denominator", "status", "note"]
BASE = "/c/childrens-services/import/"


def table(*rows, header=HEADER) -> bytes:
    out = io.StringIO()
    csv.writer(out).writerows([header, *rows])
    return out.getvalue().encode()


def b8(period: str, value: str, *more: str) -> list[str]:
    return ["B8", "B8", period, value, *more]


def e1(period: str, value: str, *more: str) -> list[str]:
    return ["B8", "E1", period, value, *more]


NEW = table(b8("Q2 2018/19", "70"), e1("July 2018", "101"), e1("August 2018", "102"))


class Office(Desk):
    def __init__(self) -> None:
        super().__init__()
        self.past = factories.make_cycle(self.contract, Q1)
        self.months = self.monthly()

    def by(self, who=Who.ANALYST):
        return self.people[who]

    def upload(self, content=NEW, who=Who.ANALYST, name="figures.csv", now=NOW) -> ImportBatch:
        return batches.upload(by=self.by(who), name=name, content=content, now=now)

    def seen(self, batch, who=Who.ANALYST):
        return preview.build(ImportBatch.objects.get(pk=batch.pk), self.by(who), now=NOW)

    def confirm(self, batch, who=Who.ANALYST, **more) -> ImportBatch:
        digest = more.pop("digest", None) or self.seen(batch, who).plan.digest
        return batches.confirm(by=self.by(who), batch=batch, digest=digest, now=NOW, **more)

    def bring(self, content=NEW, who=Who.ANALYST, **more) -> ImportBatch:
        return self.confirm(self.upload(content, who), who, **more)

    def undo(self, batch, who=Who.ANALYST, reason="") -> ImportBatch:
        return batches.undo(by=self.by(who), batch=batch, now=NOW, reason=reason)

    def answer(self, batch, **answers) -> None:
        mapping = Mapping.from_json(batch.mapping | {"answers": answers})
        batches.remap(by=self.by(), batch=batch, mapping=mapping)

    def hold_past(self, value, series=None, period=Q1, **fields) -> Observation:
        return factories.make_observation(series or self.series, period, value, self.by().user, **fields)

    def state(self, state, *, once=False) -> None:
        self.cycle.submitted_once = once
        factories.in_state(self.cycle, state)


def values(current=True) -> dict[tuple[str, str], Decimal | None]:
    """What is held, by series and period."""
    rows = Observation.objects.filter(is_current=current).select_related("series")
    return {(row.series.code, row.period.code): row.value for row in rows}


def counted() -> dict[str, int]:
    """Rows of every table that an import may touch, but for the batches themselves."""
    models = (Observation, Cycle, AuditEntry, ImportMapping)
    return {model.__name__: model.objects.count() for model in models}
