"""Reading panes. Who sees which text is decided here and nowhere else."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property

from django.utils import timezone

from accounts.denial import NotKnown
from accounts.roles import Party
from accounts.viewer import Viewer
from measures.models import Cycle, Measure
from measures.policies import is_allowed, refusal
from measures.quarters import Quarter
from measures.rights import RELEASE_PANE, RIGHTS, WRITE_PANE, Act
from measures.states import State
from measures.terms import Kind

from . import earlier
from .models import Pane
from .times import clock, day

NOUN = {Party.COMMISSIONER: "response", Party.PROVIDER: "comment"}
OFFERED_HEADINGS = {Party.COMMISSIONER: ("The story behind the data", "What is happening next"), Party.PROVIDER: ()}


@dataclass(frozen=True)
class PaneView:
    """One pane as one viewer sees it.

    `html` is the draft for its own party and the released text for others, None where there is nothing they may see.
    For others all that tells of a draft (`version`, `saved_at`, `saved_by_name`, `has_unreleased_changes`) is empty.
    `released_by_name` is "" for an imported text. `is_missing`: the cycle was opened before there was this measure, so
    there is nothing to write in. `why_not` tells the pane's own writer what the quarter's state forbids just now, and
    the whole of the own party that the pane is missing. `last` is the pane of the quarter before with what the viewer
    may read of it: the released text, or the own party's draft where none was released.
    """

    party: Party
    short_name: str
    other_name: str
    heading: str
    is_own: bool
    html: str | None
    is_released: bool
    released_at: datetime.datetime | None
    released_by_name: str
    offered_headings: tuple[str, ...] = ()
    released: str | None = None
    quarter: str = ""
    last: PaneView | None = None
    is_past: bool = False
    is_missing: bool = False
    has_unreleased_changes: bool = False
    version: int = 0
    released_version: int | None = None
    saved_at: datetime.datetime | None = None
    saved_by_name: str = ""
    can_write: bool = False
    can_release: bool = False
    can_withdraw: bool = False
    why_not: str = ""

    @property
    def has_offered_headings(self) -> bool:
        return all(heading in (self.html or "") for heading in self.offered_headings)

    @property
    def audience(self) -> str:
        """Who reads what, for the pane's own party."""
        if self.is_released:
            return f"{self.other_name} reads the text released {day(self.released_at)}"
        return f"Only {self.short_name} can see this"

    @property
    def state(self) -> str:
        return state_words(self, timezone.now())

    @property
    def is_draft(self) -> bool:
        """Whether what is shown has not been released as it stands."""
        return self.is_own and not self.is_past and (self.has_unreleased_changes or not self.is_released)

    @cached_property
    def compared_with(self) -> str:
        """Last quarter's text. What both parties read is compared with what both could read then, and a draft also
        with a draft."""
        is_known = self.last is not None and (self.last.is_released or self.is_draft)
        return (self.last.html or "") if self.last and is_known else ""

    @cached_property
    def is_carried_over(self) -> bool:
        """Whether the text is last quarter's, word for word."""
        return earlier.has_same_words(self.html or "", self.compared_with)

    @cached_property
    def repeats(self) -> list[earlier.Block]:
        return earlier.repeated(self.html or "", self.compared_with)

    @cached_property
    def could_repeat(self) -> list[tuple[earlier.Block, bool]]:
        """What of last quarter's text would be marked, and whether it stands in this text."""
        here = {block.words for block in self.repeats}
        found = {block.words: block for block in earlier.blocks(self.compared_with) if block.is_long}
        return [(block, words in here) for words, block in found.items()]

    @property
    def count_repeats(self) -> str:
        count = sum(is_here for _, is_here in self.could_repeat)
        return "1 paragraph is" if count == 1 else f"{count} paragraphs are"

    @property
    def can_start(self) -> bool:
        """Whether there is a text of last quarter's to begin with and nothing is written yet."""
        return self.can_write and not self.html and bool(self.last and self.last.html)


def state_words(view: PaneView, now: datetime.datetime) -> str:
    """Where a text stands."""
    if view.has_unreleased_changes:
        return f"Draft, saved {clock(view.saved_at, now)}. {view.audience}"
    if view.is_released:
        released = day(view.released_at)
        return f"Released {released} by {view.released_by_name}" if view.released_by_name else f"Imported {released}"
    if view.is_past:
        return "No text was brought in for this quarter"
    if view.is_missing:
        return "No commentary in this quarter"
    if not view.is_own:
        return "Not yet released"
    if view.saved_at:
        return f"Draft, saved {clock(view.saved_at, now)}. {view.audience}"
    return f"Nothing written yet. Only {view.short_name} sees a draft"


def pane_at(viewer: Viewer, quarter: Quarter, measure: str, party: str) -> Pane:
    """The pane of an address, with its measure and cycle. NotKnown unless all of it fits together in the viewer's
    contract. Whether the viewer may read or write it is for the caller to ask."""
    rows = Pane.objects.select_related("measure", "cycle").filter(
        cycle__contract=viewer.contract, cycle__quarter=quarter, measure__contract=viewer.contract
    )
    pane = rows.filter(measure__slug=measure, party=party).first()
    if pane is None:
        raise NotKnown()
    return pane


def other_name(viewer: Viewer, party: str) -> str:
    """Who reads what this party of the viewer's contract releases."""
    return viewer.contract.organisation(Party(party).other).short_name


def pair(cycle: Cycle, measure: Measure, viewer: Viewer, last: Cycle | None = None) -> tuple[PaneView, PaneView]:
    """The commissioner's pane and the provider's, with those of the quarter before where it is given. One query."""
    return pairs(cycle, [measure.pk], viewer, last)[measure.pk]


def pairs(
    cycle: Cycle, measure_ids: Iterable[int], viewer: Viewer, last: Cycle | None = None
) -> dict[int, tuple[PaneView, PaneView]]:
    """The same for several measures, by id. One query."""
    wanted, cycles = list(measure_ids), [each for each in (cycle, last) if each]
    rows = Pane.objects.filter(cycle__in=[each.pk for each in cycles], measure__in=wanted)
    held = {
        (pane.cycle_id, pane.measure_id, pane.party): pane
        for pane in rows.select_related("released_by", "saved_by").order_by()
    }

    def view(measure_id: int, party: Party) -> PaneView:
        now, *before = (
            _view(held.get((each.pk, measure_id, party)) or Pane(party=party), each, viewer) for each in cycles
        )
        return replace(now, last=_as_read_later(before[0])) if before else now

    return {
        measure_id: (view(measure_id, Party.COMMISSIONER), view(measure_id, Party.PROVIDER)) for measure_id in wanted
    }


def cycle_before(cycles: Iterable[Cycle], quarter: Quarter) -> Cycle | None:
    """The cycle of the quarter before, of all those of a contract."""
    return next((cycle for cycle in cycles if cycle.quarter == quarter.previous), None)


def marks(cycle: Cycle) -> dict[int, dict[Party, bool]]:
    """Measure id -> party -> whether its text is released, as both parties may know. One query."""
    found: dict[int, dict[Party, bool]] = {}
    rows = Pane.objects.filter(cycle=cycle).order_by().values_list("measure_id", "party", "released_version")
    for measure_id, party, released_version in rows:
        found.setdefault(measure_id, {})[Party(party)] = released_version is not None
    return found


def is_required(party: Party, kind: Kind) -> bool:
    """Whether the cycle waits for this text: the provider's on a volumetric measure is optional."""
    return party is Party.COMMISSIONER or kind is not Kind.VOLUMETRIC


def waiting_by_cycle(cycle_ids: Iterable[int]) -> dict[int, frozenset[Party]]:
    """Cycle id -> the parties with a required text still to release; absent where there is none. One query."""
    rows = (
        Pane.objects.filter(cycle__in=list(cycle_ids), released__isnull=True)
        .order_by()
        .values_list("cycle_id", "party", "measure__kind")
        .distinct()
    )
    found: dict[int, set[Party]] = {}
    for cycle_id, party, kind in rows:
        if is_required(Party(party), Kind(kind)):
            found.setdefault(cycle_id, set()).add(Party(party))
    return {cycle_id: frozenset(parties) for cycle_id, parties in found.items()}


def _view(pane: Pane, cycle: Cycle, viewer: Viewer) -> PaneView:
    party = Party(pane.party)
    is_own = viewer.party == party
    # An administrator reads nothing before it is past.
    is_released = pane.released is not None and is_allowed(Act.SEE_CYCLE, viewer, cycle)
    contract = viewer.contract
    seen_by_all = {
        "party": party,
        "short_name": contract.organisation(party).short_name,
        "other_name": other_name(viewer, party),
        "heading": f"{contract.organisation(party).short_name} {NOUN[party]}",
        "is_own": is_own,
        "html": pane.released if is_released else None,
        "released": pane.released if is_released else None,
        "quarter": cycle.quarter.label,
        "is_released": is_released,
        "released_at": pane.released_at if is_released else None,
        "released_by_name": pane.released_by.name if is_released and pane.released_by else "",
        "offered_headings": OFFERED_HEADINGS[party],
        "is_past": cycle.state == State.PAST,
        "is_missing": pane.pk is None and cycle.state != State.PAST,
    }
    # In a past quarter there is no draft: its own party too reads the text that was brought in.
    if not is_own or cycle.state == State.PAST:
        return PaneView(**seen_by_all)
    return PaneView(**{**seen_by_all, "html": pane.draft, **_own(pane, party, cycle, viewer)})


def _as_read_later(view: PaneView) -> PaneView:
    """A pane of an earlier quarter: what was released counts, whatever its own party drafted afterwards."""
    return replace(view, html=view.released, has_unreleased_changes=False) if view.is_released else view


def _own(pane: Pane, party: Party, cycle: Cycle, viewer: Viewer) -> dict:
    """What only the pane's own party knows of it, and may do."""
    if pane.pk is None:
        opened = f"after {cycle.quarter.label} was opened"
        return {"why_not": f"This measure was added {opened}, so it has no commentary in this quarter."}
    write, release = WRITE_PANE[party], RELEASE_PANE[party]
    can_release = is_allowed(release, viewer, cycle)
    is_current = pane.released_version == pane.version
    is_writer = viewer.who in RIGHTS[write]
    return {
        "has_unreleased_changes": pane.released is not None and not is_current,
        "version": pane.version,
        "released_version": pane.released_version,
        "saved_at": pane.saved_at,
        "saved_by_name": pane.saved_by.name if pane.saved_by else "",
        "can_write": is_allowed(write, viewer, cycle),
        "can_release": can_release and not is_current,
        "can_withdraw": can_release and pane.released is not None,
        "why_not": (refusal(write, viewer, cycle) or refusal(release, viewer, cycle)) if is_writer else "",
    }
