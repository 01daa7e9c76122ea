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
from .choices import Group, Option, View
from .tiles import Marked

SHOWN = ("all", "missing", "mine")
# Before, nobody may release a text yet; a past quarter asked for nothing.
ASKING = frozenset({State.COMMENTARY, State.AGREED, State.PUBLISHED})


@dataclass(frozen=True)
class PaneText:
    """One party's text on a measure. `is_asked_for`: the quarter asks for texts, and was opened when there was the
    measure. Whether it is missing is what both parties know: that none is released."""

    pane: PaneView
    is_required: bool
    is_asked_for: bool

    @property
    def is_wanted(self) -> bool:
        return self.is_required and self.is_asked_for

    @property
    def is_missing(self) -> bool:
        return self.is_wanted and not self.pane.is_released


@dataclass(frozen=True)
class MeasureTexts:
    """A measure as it is read: its figure in brief and both texts. `absent` says why there is no figure."""

    row: MeasureRow
    url: str
    rating: page.Badge | None
    headline: page.Headline | None
    target: Marked | None
    tolerance: Marked | None
    absent: str
    texts: tuple[PaneText, PaneText]

    @property
    def anchor(self) -> str:
        return f"m-{self.row.slug}"

    def is_missing_from(self, *parties: Party) -> bool:
        return any(text.is_missing for text in self.texts if text.pane.party in parties)


@dataclass(frozen=True)
class Owed:
    """What one party has still to release."""

    name: str
    links: Sequence[tuple[MeasureRow, str]]


@dataclass(frozen=True)
class Reading:
    """`nothing` says why no measure is left of what was chosen."""

    card: Scorecard
    answer: str
    owed: Sequence[Owed]
    groups: Sequence[Group[MeasureTexts]]
    filters: Sequence[Option]
    nothing: str


def read(place: Place, chosen: str) -> Reading:
    """`chosen` is one of SHOWN; anything else is all. Five queries beside the place's own."""
    card = scorecard.build(place.cycle, place.viewer, place.cycles, whole=False)
    before = panes.cycle_before(place.cycles, place.cycle.quarter)
    texts = panes.pairs(place.cycle, [row.id for row in card.rows], place.viewer, before)
    measures = [_texts(row, card, place, texts[row.id]) for row in card.rows]
    own = place.viewer.party
    # An administrator owes nothing.
    may_choose = own is not None and bool(_wanted(measures, *Party))
    show = chosen if may_choose and chosen in SHOWN else "all"
    asked = (own,) if own and show == "mine" else tuple(Party)
    kept = [each for each in measures if show == "all" or each.is_missing_from(*asked)]
    name = place.viewer.organisation_name
    labels = {"all": "All", "missing": "Missing", "mine": f"Missing from {name}"}
    return Reading(
        card=card,
        answer=_answer(place, measures),
        owed=[_owed(measures, party, place) for party in Party],
        groups=View().groups(kept),
        filters=[Option(labels[each], f"?show={each}", each == show) for each in SHOWN] if may_choose else [],
        nothing=_nothing(name if show == "mine" else "", is_asked=bool(_wanted(measures, *asked))),
    )


def _texts(row: MeasureRow, card: Scorecard, place: Place, pair: tuple[PaneView, PaneView]) -> MeasureTexts:
    series, visible = row.headline, card.figures_visible
    target, tolerance = page.aims(series) if series else (None, None)
    is_asking = place.cycle.state in ASKING
    commissioner, provider = (
        PaneText(pane, is_required(pane.party, row.kind), is_asking and not pane.is_missing) for pane in pair
    )
    return MeasureTexts(
        row=row,
        url=reverse("measure", kwargs={**place.address, "measure": row.slug}),
        rating=page.badge(row, series, visible=visible) if series else None,
        headline=page.headline(series, visible=visible) if series else None,
        target=target,
        tolerance=tolerance,
        absent="" if series else "No series in this quarter",
        texts=(commissioner, provider),
    )


def _wanted(measures: Sequence[MeasureTexts], *parties: Party) -> list[PaneText]:
    return [text for each in measures for text in each.texts if text.is_wanted and text.pane.party in parties]


def _owed(measures: Sequence[MeasureTexts], party: Party, place: Place) -> Owed:
    name = place.viewer.contract.organisation(party).short_name
    found = [(each.row, f"{each.url}#pane-{party}") for each in measures if each.is_missing_from(party)]
    return Owed(name, found)


def _nothing(name: str, *, is_asked: bool) -> str:
    """`name` is the party whose missing texts were chosen, "" for both."""
    if not is_asked:
        return f"No text is asked of {name} in this quarter."
    return f"{name} has released every text asked of it." if name else "Every text that is asked for is released."


def _answer(place: Place, measures: Sequence[MeasureTexts]) -> str:
    state = State(place.cycle.state)
    if state is State.PAST:
        return _past(measures)
    if state not in ASKING:
        label = place.cycle.quarter.label
        stands = (
            f"{label} is open"
            if state is State.OPEN
            else f"the values of {label} are submitted and wait to be accepted"
        )
        return f"Commentary is not asked for yet: {stands}."
    counts = {}
    for party in Party:
        wanted = _wanted(measures, party)
        counts[party] = sum(text.is_missing for text in wanted), len(wanted)
    return answer(counts)


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


def _past(measures: Sequence[MeasureTexts]) -> str:
    held = sum(any(text.pane.is_released for text in each.texts) for each in measures)
    if not held:
        return "No texts were brought in for this past quarter."
    return f"A past quarter: texts were brought in for {held} of {len(measures)} measures."
