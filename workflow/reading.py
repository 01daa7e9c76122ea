"""All texts of a quarter on one page: what a director reads, and what is missing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.urls import reverse

from accounts.roles import Party
from commentary import panes
from commentary.panes import PaneView, is_required
from measures import scorecard
from measures.pages import Place
from measures.rows import MeasureRow, Scorecard
from measures.states import State

from . import measure_page as page
from .choices import Option, View
from .tiles import Marked

SHOWN = ("all", "missing", "mine")


@dataclass(frozen=True)
class Text:
    """One party's text on a measure. Whether it is missing is what both parties know: that none is released."""

    pane: PaneView
    is_required: bool

    @property
    def is_missing(self) -> bool:
        return self.is_required and self.is_asked_for and not self.pane.is_released

    @property
    def is_asked_for(self) -> bool:
        """A past quarter asked for nothing, and so did a quarter opened before there was the measure."""
        return not (self.pane.is_past or self.pane.is_missing)


@dataclass(frozen=True)
class Entry:
    """A measure as it is read: its figure in brief and both texts. `absent` says why there is no figure."""

    row: MeasureRow
    url: str
    rating: page.Badge | None
    headline: page.Headline | None
    target: Marked | None
    tolerance: Marked | None
    absent: str
    texts: tuple[Text, Text]

    @property
    def anchor(self) -> str:
        return f"m-{self.row.slug}"

    def is_missing_from(self, party: Party | None) -> bool:
        """None is either party."""
        return any(text.is_missing for text in self.texts if party in (None, text.pane.party))


@dataclass(frozen=True)
class Group:
    title: str
    entries: Sequence[Entry]


@dataclass(frozen=True)
class Owed:
    """What one party has still to release."""

    name: str
    entries: Sequence[tuple[MeasureRow, str]]


@dataclass(frozen=True)
class Reading:
    card: Scorecard
    answer: str
    owed: Sequence[Owed]
    groups: Sequence[Group]
    filters: Sequence[Option]


def read(place: Place, chosen: str) -> Reading:
    """`chosen` is one of SHOWN; anything else is all. Five queries beside the place's own."""
    card = scorecard.build(place.cycle, place.viewer, place.cycles, whole=False)
    before = panes.cycle_before(place.cycles, place.cycle.quarter)
    texts = panes.pairs(place.cycle, [row.id for row in card.rows], place.viewer, before)
    entries = [_entry(row, card, place, texts[row.id]) for row in card.rows]
    own = place.viewer.party
    # A past quarter asked for nothing, and an administrator owes nothing.
    may_choose = place.cycle.state != State.PAST and own is not None
    show = chosen if may_choose and chosen in SHOWN else "all"
    kept = [each for each in entries if show == "all" or each.is_missing_from(own if show == "mine" else None)]
    name = place.viewer.organisation_name
    labels = {"all": "All", "missing": "Missing", "mine": f"Missing from {name}"}
    return Reading(
        card=card,
        answer=_answer(place, entries),
        owed=[_owed(entries, party, place) for party in Party],
        groups=[Group(group.title, group.tiles) for group in View().groups(kept)],
        filters=[Option(labels[each], f"?show={each}", each == show) for each in SHOWN] if may_choose else [],
    )


def _entry(row: MeasureRow, card: Scorecard, place: Place, pair: tuple[PaneView, PaneView]) -> Entry:
    series, visible = row.headline, card.figures_visible
    target, tolerance = page.aims(series) if series else (None, None)
    commissioner, provider = (Text(pane, is_required(pane.party, row.kind)) for pane in pair)
    return Entry(
        row=row,
        url=reverse("measure", kwargs={**place.address, "measure": row.slug}),
        rating=page.badge(row, series, visible=visible) if series else None,
        headline=page.headline(series, visible=visible) if series else None,
        target=target,
        tolerance=tolerance,
        absent="" if series else "No series in this quarter",
        texts=(commissioner, provider),
    )


def _owed(entries: Sequence[Entry], party: Party, place: Place) -> Owed:
    name = place.viewer.contract.organisation(party).short_name
    found = [(each.row, f"{each.url}#pane-{party}") for each in entries if each.is_missing_from(party)]
    return Owed(name, found)


def _answer(place: Place, entries: Sequence[Entry]) -> str:
    if place.cycle.state == State.PAST:
        return _past(entries)
    counts = {party: _counted(entries, party) for party in Party}
    return answer(counts)


def _counted(entries: Sequence[Entry], party: Party) -> tuple[int, int]:
    """(missing, required)"""
    texts = [text for each in entries for text in each.texts if text.pane.party == party]
    wanted = [text for text in texts if text.is_required and text.is_asked_for]
    return sum(text.is_missing for text in wanted), len(wanted)


def answer(counts: Mapping[Party, tuple[int, int]]) -> str:
    """The page in one sentence, from (missing, required) of each party."""
    nouns = {Party.COMMISSIONER: ("response", "responses"), Party.PROVIDER: ("required comment", "required comments")}
    asked = {party: count for party, count in counts.items() if count[1]}
    if not asked:
        return "No text is asked for in this quarter."
    missing = [_missing(*count, *nouns[party]) for party, count in asked.items() if count[0]]
    whole = [_whole(count[1], *nouns[party]) for party, count in asked.items() if not count[0]]
    plural = {True: "is", False: "are"}
    said = []
    if missing:
        last = next(count[0] for count in reversed(asked.values()) if count[0])
        said.append(f"{' and '.join(missing)} {plural[last == 1 and len(missing) == 1]} missing")
    if whole:
        only = len(whole) == 1 and whole[0].startswith("the one")
        said.append(f"{' and '.join(whole)} {plural[only]} released")
    sentence = "; ".join(said)
    return f"{sentence[0].upper()}{sentence[1:]}."


def _missing(missing: int, required: int, one: str, many: str) -> str:
    return f"{missing} of {required} {one if required == 1 else many}"


def _whole(required: int, one: str, many: str) -> str:
    return f"the one {one}" if required == 1 else f"all {required} {many}"


def _past(entries: Sequence[Entry]) -> str:
    held = sum(any(text.pane.is_released for text in each.texts) for each in entries)
    if not held:
        return "No texts were brought in for this past quarter."
    return f"A past quarter: texts were brought in for {held} of {len(entries)} measures."
