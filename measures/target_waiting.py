"""What waits for a director to agree or refuse, for the landing page."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q

from accounts.roles import Party, Who
from accounts.viewer import Viewer

from .models import Target
from .scorecard import scale_of
from .target_effects import bound_text
from .target_rows import aim_of, waiting_party

DIRECTORS = frozenset({Who.COMMISSIONER_DIRECTOR, Who.PROVIDER_DIRECTOR})
PROPOSED = Q(agreed_at__isnull=True, closed_at__isnull=True)
TO_WITHDRAW = Q(withdrawal_at__isnull=False, withdrawn_at__isnull=True)


@dataclass(frozen=True)
class ToAnswer:
    """One line of the landing page: "B8: DMBC proposes a target of 92%, tolerance 86%, from Q3 2018/19"."""

    measure: str
    series: int
    sentence: str


def to_answer(viewers: Iterable[Viewer]) -> dict[int, list[ToAnswer]]:
    """By contract what waits for this person, a director, to agree or refuse. One query; none for who is a director
    nowhere."""
    directing = {viewer.contract.pk: viewer for viewer in viewers if viewer.who in DIRECTORS}
    if not directing:
        return {}
    rows = Target.objects.filter(PROPOSED | TO_WITHDRAW, series__measure__contract__in=directing)
    rows = rows.select_related("series__measure")
    found: dict[int, list[ToAnswer]] = {}
    for row in rows.order_by("series__measure__position", "series__position", "pk"):
        viewer = directing[row.series.measure.contract_id]
        party = waiting_party(row)
        proposer = row.withdrawal_by_id if row.agreed_at else row.proposed_by_id
        if party is viewer.party or proposer == viewer.user.pk:
            continue
        line = ToAnswer(row.series.measure.slug, row.series_id, _asks(row, viewer, party))
        found.setdefault(viewer.contract.pk, []).append(line)
    return found


def _asks(row: Target, viewer: Viewer, party: Party) -> str:
    scale, aim = scale_of(row.series), aim_of(row)
    tolerance = bound_text(aim, "tolerance", scale)
    figures = f"{bound_text(aim, 'target', scale) or 'none'}{f', tolerance {tolerance},' if tolerance else ''}"
    who = viewer.contract.organisation(party).short_name
    what = f"a target of {figures}" if not row.agreed_at else f"to withdraw the target of {figures}"
    return f"{row.series.code}: {who} proposes {what} from {row.from_quarter.label}"
