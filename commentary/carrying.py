"""Beginning a quarter's text with the one of the quarter before."""

from __future__ import annotations

import datetime

from django.db import transaction

from accounts.denial import NotKnown
from accounts.roles import Party
from accounts.viewer import Viewer
from measures.models import Cycle
from measures.policies import check_may
from measures.recording import Invalid
from measures.rights import WRITE_PANE

from . import panes
from .drafting import StalePane, save
from .models import Pane


@transaction.atomic
def start_from_last(*, by: Viewer, pane: Pane, version: int, now: datetime.datetime) -> Pane:
    """Save last quarter's text as the draft: the released one, or the party's own draft where none was released.

    Copying what is there already changes nothing. Raises Denied and its kin, Invalid when the draft holds a text or
    there is none to copy, TooLarge, and StalePane when the empty draft is no longer `version`.
    """
    # Locked as for every save, so that nothing is written between the look and the copy.
    cycle = Cycle.objects.select_for_update().get(pk=pane.cycle_id)
    if cycle.contract_id != by.contract.pk:
        raise NotKnown()
    check_may(WRITE_PANE[Party(pane.party)], by, cycle)
    quarter, text = cycle.quarter.previous.label, _last_text(by, cycle, pane)
    if not text:
        raise Invalid({"text": f"Nothing was written in {quarter}, so there is nothing to start from."})
    held = Pane.objects.select_related("saved_by").get(pk=pane.pk)
    if held.draft and held.draft != text:
        raise Invalid({"text": f"Nothing was copied: the draft already holds a text, and {quarter} would replace it."})
    if not held.draft and held.version != version:
        raise StalePane("Nothing was copied. The draft was written and emptied after you opened it: try again.", held)
    return save(by=by, pane=pane, text=text, version=version, now=now)


def _last_text(by: Viewer, cycle: Cycle, pane: Pane) -> str:
    last = panes.cycle_before(Cycle.objects.filter(contract=by.contract), cycle.quarter)
    both = panes.pair(cycle, pane.measure, by, last)
    mine = next(view for view in both if view.party == pane.party)
    return (mine.last.html or "") if mine.last else ""
