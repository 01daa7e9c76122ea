"""Bringing texts of old papers into past quarters: read by both parties from then on, and drafted by nobody here."""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction

from accounts import audit
from accounts.denial import NotKnown
from accounts.roles import Party
from accounts.viewer import Viewer
from measures.models import Cycle, Measure
from measures.policies import check_may, check_standing
from measures.rights import Act

from .models import Pane, PaneVersion, VersionKind
from .sanitising import clean

FIRST = 1


@dataclass(frozen=True)
class Text:
    """One party's text on one measure, as HTML."""

    measure: Measure
    party: Party
    html: str


@transaction.atomic
def bring_in(*, by: Viewer, cycle: Cycle, texts: Sequence[Text], now: datetime.datetime) -> list[Pane]:
    """Hold these texts as released, by nobody in particular, where none is held. Returns the panes made.

    A text that is held stays as it is, whatever is given. Raises Denied unless an administrator brings them into a
    past quarter, NotKnown for a quarter or measure of another contract, sanitising.TooLarge.
    """
    check_standing(Act.SET_UP, by)
    cycle = Cycle.objects.select_for_update().get(pk=cycle.pk)
    if cycle.contract_id != by.contract.pk or any(text.measure.contract_id != by.contract.pk for text in texts):
        raise NotKnown()
    check_may(Act.LOAD_HISTORY, by, cycle)
    held = set(Pane.objects.filter(cycle=cycle).order_by().values_list("measure_id", "party"))
    cleaned = {(text.measure.pk, text.party): (text, clean(text.html)) for text in texts}
    new = [(text, html) for key, (text, html) in cleaned.items() if html and key not in held]
    panes = Pane.objects.bulk_create(_pane(text, html, cycle, now) for text, html in new)
    PaneVersion.objects.bulk_create(
        PaneVersion(
            pane=pane,
            version=FIRST,
            kind=VersionKind.SAVED,
            text=pane.released,
            by=by.user,
            at=now,
        )
        for pane in panes
    )
    if panes:
        _audit(by, cycle, panes, now)
    return panes


def _pane(text: Text, html: str, cycle: Cycle, now: datetime.datetime) -> Pane:
    return Pane(
        measure=text.measure,
        cycle=cycle,
        party=text.party,
        draft=html,
        version=FIRST,
        saved_at=now,
        released=html,
        released_version=FIRST,
        released_at=now,
    )


def _audit(by: Viewer, cycle: Cycle, panes: Sequence[Pane], now: datetime.datetime) -> None:
    """One entry, with what proves each text."""
    new = {
        f"{pane.measure.code} {pane.party}": {"sha256": hashlib.sha256(pane.released.encode()).hexdigest()}
        for pane in panes
    }
    audit.append(
        contract_id=by.contract.pk, by=by.user, now=now, act="import texts", object=cycle.quarter.code, new=new
    )
