"""The history of one figure: every revision of one series and period, and what each did to the one before."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.db.models import OuterRef, Subquery
from django.utils import timezone

from accounts.models import Contract, Membership, User
from accounts.roles import Party

from .entries import Status as Held
from .models import ImportChange, Observation, kind_of
from .quarters import Month, Quarter, date_words
from .rating import Polarity, Status, rate
from .readings import Aim, Reading, Scale, in_force
from .scorecard import reading_of
from .terms import BatchState, Origin
from .travel import travel

RATING_WORDS = {
    Status.GREEN: "green",
    Status.AMBER: "amber",
    Status.RED: "red",
    Status.MISSED: "not on target, tolerance not set",
    Status.NONE: "not rated",
}
ORIGIN_WORDS = {Origin.ENTERED: "Entered", Origin.IMPORTED: "Imported", Origin.DERIVED: "Derived from its months"}
FIRST, AGAIN = "First value", "Entered again"
CORRECTION, UPDATE, SET_BACK = "Correction", "Update of a provisional value", "Set back"


@dataclass(frozen=True)
class Stamp:
    """Who did something to the figure, and when. `who` is name and organisation: "A. Rahman, DCST"."""

    who: str
    at: datetime.datetime

    @property
    def day(self) -> str:
        return date_words(timezone.localdate(self.at))


@dataclass(frozen=True)
class Revision:
    """One version of the figure, ready to print, and how it differs from the one before it.

    `change` is the size of it ("8 points worse"), empty where one of the two has no value. `rating` and `rating_before`
    are None for a month and where the series has no target. `withdrawn` is set where undoing an import took the figure
    back and put nothing in its place. `restores` is the number of an earlier revision whose figures these are again, 0
    for none.
    """

    number: int
    reading: Reading
    scale: Scale
    kind: str
    change: str
    rating_before: Status | None
    rating: Status | None
    origin: str
    saved: Stamp
    reason: str
    is_current: bool
    is_last: bool
    withdrawn: Stamp | None = None
    restores: int = 0

    @property
    def is_withdrawn(self) -> bool:
        """Whether it was held, and nothing took its place."""
        return not self.is_current and (self.withdrawn is not None or self.is_last)

    @property
    def figures(self) -> tuple:
        """What makes it another figure than the one before; a note does not."""
        reading = self.reading
        counts = reading.numerator, reading.denominator, reading.months_present
        return reading.value, *counts, reading.status, reading.illustrative

    @property
    def text(self) -> str:
        return self.reading.text(self.scale)

    @property
    def marks(self) -> tuple[str, ...]:
        """Without [r]: here every figure but the first is revised."""
        return tuple(letter for letter in self.reading.marks if letter != "r")

    @property
    def cohort(self) -> str:
        return "" if self.reading.counts_illustrative else self.reading.cohort(counted=self.scale.counted)

    @property
    def effect(self) -> str:
        """What the change did to the rating: "amber before, green now"."""
        if self.rating is None or self.rating_before is None:
            return ""
        now = RATING_WORDS[self.rating]
        return f"{now} as before" if self.rating is self.rating_before else f"{self._before} before, {now} now"

    @property
    def _before(self) -> str:
        return RATING_WORDS[self.rating_before] if self.rating_before else ""


@dataclass(frozen=True)
class History:
    """`revisions` run from the oldest to the newest; none where nothing was ever held."""

    period: Quarter | Month
    revisions: tuple[Revision, ...]

    @property
    def is_withdrawn(self) -> bool:
        """Whether there was a figure and nothing is held any more."""
        return bool(self.revisions) and not any(revision.is_current for revision in self.revisions)

    @property
    def sentence(self) -> str:
        """What the last revision did; empty where the figure held is the first one.

        "Revised on 3 November 2018 from 27% to 26% by A. Rahman, DCST: a late return. Rating: amber before, green now."
        "Changed to 26% on 3 November 2018 and set back to 27% on 5 November 2018 by A. Rahman, DCST: the wrong file."
        """
        if len(self.revisions) < 2 or self.is_withdrawn:
            return ""
        before, now = self.revisions[-2:]
        reason = f": {now.reason.rstrip('.')}" if now.reason else ""
        by = f"by {now.saved.who}{reason}."
        if now.restores:
            return f"Changed{self._detour} and set back to {now.text} on {now.saved.day} {by}"
        rating = f" Rating: {now.effect}." if now.effect else ""
        if before.text == now.text:
            return f"Revised on {now.saved.day} {by} It reads {now.text} as before.{rating}"
        return f"Revised on {now.saved.day} from {before.text} to {now.text} {by}{rating}"

    @property
    def mark(self) -> str:
        """What [r] beside the figure means."""
        return "changed and set back" if self.revisions and self.revisions[-1].restores else "revised"

    @property
    def _detour(self) -> str:
        """What the figure was before it was set back: " to 26% on 3 November 2018"."""
        *_, now = self.revisions
        first, *more = [each for each in self.revisions if now.restores < each.number < now.number]
        when = "" if first.saved.day == now.saved.day else f" on {first.saved.day}"
        if not more:
            return f" to {first.text}{when}"
        return f" {len(more) + 1} times{when.replace('on', 'since')}"


def history_of(
    contract: Contract, series_id: int, period: Quarter | Month, *, scale: Scale, aims: Sequence[Aim]
) -> History:
    """Two queries, however many revisions. `aims` are the series' own, oldest first. The caller has checked that the
    viewer may see the period's quarter."""
    rows = (
        Observation.objects.filter(series=series_id, period_kind=kind_of(period), start=period.start)
        .select_related("by")
        .annotate(party=_party("by", contract))
        .order_by("revision")
    )
    withdrawn = _withdrawn(contract, series_id, period)
    found: list[Revision] = []
    for row in rows:
        stamp = _stamp(row.by, row.party, row.at, contract)
        revision = _revision(row, found[-1] if found else None, stamp, withdrawn.get(row.version), scale, aims)
        found.append(_restoring(revision, found))
    if found:
        found[-1] = replace(found[-1], is_last=True)
    return History(period, tuple(found))


def _restoring(revision: Revision, before: Sequence[Revision]) -> Revision:
    """As it is, or told as setting back: its figures are those of an earlier one, and were not in between."""
    if not before or before[-1].withdrawn or before[-1].figures == revision.figures:
        return revision
    for one in reversed(before):
        if one.withdrawn:
            break
        if one.figures == revision.figures:
            change = f"back to the figure of revision {one.number}"
            return replace(revision, kind=SET_BACK, change=change, restores=one.number)
    return revision


def _party(user: str, contract: Contract) -> Subquery:
    """The party of the person in the column, in this contract."""
    return Subquery(Membership.objects.filter(contract=contract, user=OuterRef(user)).values("party")[:1])


def _stamp(user: User, party: str | None, at: datetime.datetime, contract: Contract) -> Stamp:
    """Who left the contract, and an administrator, belongs to neither organisation."""
    return Stamp(f"{user.name}, {contract.organisation(Party(party)).short_name}" if party else user.name, at)


def _withdrawn(contract: Contract, series_id: int, period: Quarter | Month) -> dict[int, Stamp]:
    """Where undoing an import took a first value back: by whom and when, by the version that the import had written."""
    changes = ImportChange.objects.filter(
        series=series_id,
        period_kind=kind_of(period),
        start=period.start,
        comparator="",
        old__isnull=True,
        batch__state=BatchState.UNDONE,
    )
    rows = changes.select_related("batch__undone_by").annotate(party=_party("batch__undone_by", contract))
    return {row.version: _stamp(row.batch.undone_by, row.party, row.batch.undone_at, contract) for row in rows}


def _revision(
    row: Observation, before: Revision | None, saved: Stamp, withdrawn: Stamp | None, scale: Scale, aims: Sequence[Aim]
) -> Revision:
    reading = reading_of(row)
    return Revision(
        number=row.revision,
        reading=reading,
        scale=scale,
        kind=_kind(before),
        change=_change(before, reading, scale),
        rating_before=before.rating if before else None,
        rating=_rating(reading, scale, aims),
        origin=ORIGIN_WORDS[Origin(row.origin)],
        saved=saved,
        reason=row.reason,
        is_current=row.is_current,
        is_last=False,
        withdrawn=None if row.is_current else withdrawn,
    )


def _kind(before: Revision | None) -> str:
    if before is None:
        return FIRST
    if before.withdrawn:
        return AGAIN
    return UPDATE if before.reading.status is Held.PROVISIONAL else CORRECTION


def _change(before: Revision | None, reading: Reading, scale: Scale) -> str:
    if before is None:
        return ""
    moved = travel(
        reading.value, before.reading.value, polarity=scale.polarity, unit=scale.unit, decimals=scale.decimals
    )
    return moved.text if moved else ""


def _rating(reading: Reading, scale: Scale, aims: Sequence[Aim]) -> Status | None:
    """Against the target in force in the figure's own quarter; None for what is not rated: a month, a series whose
    polarity is neutral or that has no target."""
    aim = in_force(list(aims), reading.quarter)
    if aim is None or aim.target is None or isinstance(reading.period, Month) or scale.polarity is Polarity.NEUTRAL:
        return None
    return rate(reading.value, aim.target, aim.tolerance, scale.polarity, scale.decimals).status
