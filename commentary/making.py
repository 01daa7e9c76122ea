"""Making the panes of a quarter, and taking back those that nobody wrote in."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from django.db import transaction
from django.db.models import Q

from accounts.denial import NotKnown, WrongState
from accounts.roles import Party
from accounts.viewer import Viewer
from measures.models import Cycle, Measure
from measures.policies import check_standing
from measures.quarters import Quarter
from measures.rights import Act

from .models import Pane


@transaction.atomic
def make_panes(*, by: Viewer, act: Act, cycles: Sequence[Cycle], measures: Sequence[Measure]) -> list[Pane]:
    """Both parties' panes of each measure in each cycle, as far as there are none; returns those made. Part of `act`,
    whose own function audits it. Denied unless the viewer may do that, NotKnown for what is of another contract."""
    check_standing(act, by)
    if any(each.contract_id != by.contract.pk for each in (*cycles, *measures)):
        raise NotKnown()
    held = set(
        Pane.objects.filter(cycle__in=[cycle.pk for cycle in cycles], measure__in=[each.pk for each in measures])
        .order_by()
        .values_list("cycle_id", "measure_id", "party")
    )
    return Pane.objects.bulk_create(
        Pane(measure=measure, cycle=cycle, party=party)
        for cycle in cycles
        for measure in measures
        for party in Party
        if (cycle.pk, measure.pk, str(party)) not in held
    )


@transaction.atomic
def remove_empty_panes(*, by: Viewer, measure: Measure) -> int:
    """Those of a measure that is deleted; returns how many. WrongState where somebody wrote in one."""
    check_standing(Act.SET_UP, by)
    if measure.contract_id != by.contract.pk:
        raise NotKnown()
    if quarters_with_text([measure.pk]):
        raise WrongState(f"{measure.code} has texts.")
    _, by_model = Pane.objects.filter(measure=measure).delete()
    return by_model.get(Pane._meta.label, 0)


def quarters_with_text(measure_ids: Collection[int]) -> dict[int, set[Quarter]]:
    """Measure id -> the quarters in which a party wrote anything on it, released or not. One query."""
    written = Q(version__gt=0) | Q(released__isnull=False) | Q(versions__isnull=False)
    rows = Pane.objects.filter(written, measure__in=list(measure_ids)).order_by()
    found: dict[int, set[Quarter]] = {}
    for measure, quarter in rows.values_list("measure_id", "cycle__quarter").distinct():
        found.setdefault(measure, set()).add(quarter)
    return found
