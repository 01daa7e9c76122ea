"""What another target does, or would have done, to the ratings of a series, quarter by quarter. Pure: no Django.

Both ratings are `rating.rate`'s: the rule is the scorecard's own.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum

from .quarters import Quarter
from .rating import Rating, rate
from .readings import Aim, Reading, Scale, in_force


class Ask(StrEnum):
    """Which question the second column of ratings answers."""

    PROPOSED = "under the proposed target"
    WITHDRAWN = "once it is withdrawn"
    BEFORE = "under the target before"


class Place(StrEnum):
    """Where a quarter lies from what the other target would rate: within it, among those whose ratings do not change
    any more, before its start, or after the last quarter before the next target."""

    WITHIN = "within"
    OLD = "old"
    BEFORE = "before"
    AFTER = "after"


# What is said of a quarter that runs and is not rated by the other target: of its rating, and why.
WHY_NOT = {Place.BEFORE: "the target starts later", Place.AFTER: "another target counts by then"}


@dataclass(frozen=True)
class Effect:
    """One quarter with a value: as it is rated, and as the other target rates it, or would have."""

    quarter: Quarter
    value: str
    marks: tuple[str, ...]
    target: str
    tolerance: str
    stands: Rating
    other: Rating
    place: Place

    @property
    def counts(self) -> bool:
        return self.place is Place.WITHIN

    @property
    def differs(self) -> bool:
        return self.stands.status is not self.other.status

    def words(self, ask: Ask) -> str:
        """What becomes of the quarter's rating."""
        if ask is Ask.BEFORE:
            return "Differs" if self.differs else "The same"
        if self.counts:
            return "Changes" if self.differs else "Stays the same"
        if self.place in WHY_NOT:
            return f"Does not change: {WHY_NOT[self.place]}"
        return "Would have differed; does not change" if self.differs else "Does not change"


def effects(
    readings: Sequence[Reading],
    scale: Scale,
    aims: Sequence[Aim],
    others: Sequence[Aim],
    *,
    first: Quarter,
    last: Quarter | None = None,
    fixed: Collection[Quarter] = (),
) -> tuple[Effect, ...]:
    """Of the readings that hold a value, in their order. `aims` are those agreed, `others` what they are compared with,
    both oldest first; the others count from `first` to `last`, None for no end, but not where ratings are `fixed`."""
    found = []
    for reading in readings:
        if reading.value is None:
            continue
        quarter = reading.quarter
        aim = in_force(aims, quarter)
        found.append(
            Effect(
                quarter=quarter,
                value=reading.text(scale),
                marks=reading.marks,
                target=bound_text(aim, "target", scale),
                tolerance=bound_text(aim, "tolerance", scale),
                stands=_rating(reading, aim, scale),
                other=_rating(reading, in_force(others, quarter), scale),
                place=_place(quarter, first, last, fixed),
            )
        )
    return tuple(found)


def _place(quarter: Quarter, first: Quarter, last: Quarter | None, fixed: Collection[Quarter]) -> Place:
    if quarter in fixed:
        return Place.OLD
    if quarter < first:
        return Place.BEFORE
    return Place.AFTER if last is not None and quarter > last else Place.WITHIN


def always(aim: Aim, readings: Sequence[Reading]) -> tuple[Aim, ...]:
    """The aim as if it had been in force in each of the quarters."""
    start = min([aim.from_quarter, *(reading.quarter for reading in readings)])
    return (Aim(start, aim.target, aim.tolerance, aim.target_basis, aim.tolerance_basis, aim.reason),)


def until_next(aims: Sequence[Aim], first: Quarter) -> Quarter | None:
    """The last quarter of a target that starts in `first`, where another follows."""
    following = next((aim.from_quarter for aim in aims if aim.from_quarter > first), None)
    return None if following is None else following.previous


def bound_text(aim: Aim | None, name: str, scale: Scale) -> str:
    """The target or the tolerance as printed; empty where none is in force."""
    number = getattr(aim, name) if aim else None
    return "" if number is None else scale.text(number)


def _rating(reading: Reading, aim: Aim | None, scale: Scale) -> Rating:
    return rate(
        reading.value, aim.target if aim else None, aim.tolerance if aim else None, scale.polarity, scale.decimals
    )


def answer(found: Sequence[Effect], ask: Ask) -> str:
    """What the table says, in a sentence or two."""
    if not found:
        return "No figure is held that you may see: there is nothing to compare yet."
    if ask is Ask.BEFORE:
        return f"{_how_many(found)} otherwise {ask}."
    at = {place: [each for each in found if each.place is place] for place in Place}
    said = [_changes(at[Place.WITHIN], ask)]
    if old := at[Place.OLD]:
        said.append(f"{_how_many(old, 'old ')} otherwise; old ratings do not change.")
    said += [f"{_named(at[place])} not change: {why}." for place, why in WHY_NOT.items() if at[place]]
    return " ".join(said)


def _changes(running: Sequence[Effect], ask: Ask) -> str:
    """ "Q2 2018/19 changes from “Off target” to “Within tolerance” under the proposed target."."""
    changed = [
        f"{each.quarter.label} changes from “{each.stands.status.words}” to “{each.other.status.words}”"
        for each in running
        if each.differs
    ]
    return f"{'; '.join(changed)} {ask}." if changed else "No rating that stands today changes."


def _named(found: Sequence[Effect]) -> str:
    """ "Q2 2018/19 and Q3 2018/19 do"."""
    *others, last = [each.quarter.label for each in found]
    return f"{', '.join(others)} and {last} do" if others else f"{last} does"


def _how_many(found: Sequence[Effect], which: str = "") -> str:
    """ "2 of 12 old quarters would have been rated"."""
    differing = sum(each.differs for each in found)
    if len(found) == 1:
        return f"{found[0].quarter.label} would {'' if differing else 'not '}have been rated"
    return f"{differing or 'None'} of {len(found)} {which}quarters would have been rated"
