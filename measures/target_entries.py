"""What a new target of a series may hold, checked field by field, and from which quarter it may start. Pure: no Django.

The form asks `problems` while it is filled in, the write function again, and once more when the other party agrees.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from .entries import Bounds
from .event_entries import length_problem
from .quarters import Quarter
from .rating import Polarity
from .readings import Aim, in_force
from .states import LASTING, State
from .target_problems import range_problem, target_problems
from .terms import Kind

LONGEST_REASON = 500
NO_REASON = "Say why: both parties read it, and it stays beside the target."
NO_TARGET = "Enter the target."
VOLUMETRIC = "{code} is of a volumetric measure, which explains the others and takes no target."
NEUTRAL = "Neither way is better for {code}, so that its values are not rated and it takes no target."
HISTORY_STANDS = "Old quarters never change colour."
# How many quarters a form offers.
OFFERED = 8


@dataclass(frozen=True)
class TargetEntry:
    """One proposal as it is typed. Without a tolerance, what misses the target is not rated."""

    from_quarter: Quarter
    target: Decimal | None
    tolerance: Decimal | None
    reason: str


@dataclass(frozen=True)
class Shown:
    """What a page showed of a target on which an answer is asked: the answer repeats it. `at` is when that was
    proposed, None where nothing was."""

    from_quarter: Quarter
    target: Decimal | None
    tolerance: Decimal | None
    at: datetime | None

    @property
    def fields(self) -> dict[str, str]:
        """As a form carries it."""
        return {
            "from_quarter": self.from_quarter.code,
            "target": _typed(self.target),
            "tolerance": _typed(self.tolerance),
            "at": self.at.isoformat() if self.at else "",
        }

    @classmethod
    def of(cls, fields: Mapping[str, str]) -> Shown | None:
        """None for what no form of ours carried, which nothing equals."""
        texts = {name: fields.get(name, "") for name in ("from_quarter", "target", "tolerance", "at")}
        try:
            target, tolerance = (_number(texts[name]) for name in ("target", "tolerance"))
            return cls(Quarter.parse(texts["from_quarter"]), target, tolerance, datetime.fromisoformat(texts["at"]))
        except (ValueError, ArithmeticError):
            return None


def _number(text: str) -> Decimal | None:
    number = Decimal(text) if text else None
    if number is not None and not number.is_finite():
        raise ValueError(f"{text} is no number that a target can be")
    return number


def _typed(number: Decimal | None) -> str:
    return "" if number is None else f"{number.normalize():f}"


@dataclass(frozen=True)
class Ground:
    """What a target of one series is held against: `aims` are those agreed, oldest first, `states` the contract's
    quarters with where they stand."""

    code: str
    kind: Kind
    polarity: Polarity
    bounds: Bounds
    first: Quarter
    last: Quarter | None
    aims: tuple[Aim, ...]
    states: Mapping[Quarter, State]

    @property
    def untargeted(self) -> str:
        """Why the series takes no target at all; empty where it does."""
        if self.kind is Kind.VOLUMETRIC:
            return VOLUMETRIC.format(code=self.code)
        return NEUTRAL.format(code=self.code) if self.polarity is Polarity.NEUTRAL else ""

    @property
    def fixed(self) -> list[Quarter]:
        return sorted(quarter for quarter, state in self.states.items() if state in LASTING)

    @property
    def earliest(self) -> Quarter | None:
        """The first quarter that a new target may start in; None where the series ended before it."""
        fixed = self.fixed
        start = max(self.first, fixed[-1].next) if fixed else self.first
        return None if self.last and start > self.last else start

    def offered(self, now: Quarter) -> list[Quarter]:
        """The quarters that a form offers, the earliest first: those that run, `now` among them, and some to come.
        Where a target starts already there is room for no other."""
        if self.earliest is None:
            return []
        taken = {aim.from_quarter for aim in self.aims}
        latest = max(self.earliest, now).shift(OFFERED - 1)
        found, quarter = [], self.earliest
        while quarter <= latest and (self.last is None or quarter <= self.last):
            if quarter not in taken:
                found.append(quarter)
            quarter = quarter.next
        return found

    def rated_by(self, aim: Aim) -> list[Quarter]:
        """The quarters, no longer to change, that this one of `aims` rates."""
        until = next((one.from_quarter for one in self.aims if one.from_quarter > aim.from_quarter), None)
        return [q for q in self.fixed if aim.from_quarter <= q and (until is None or q < until)]


def problems(entry: TargetEntry, ground: Ground) -> dict[str, str]:
    """Messages by field: target, tolerance, from_quarter, reason; empty where it may be proposed."""
    if ground.untargeted:
        return {"target": ground.untargeted}
    found = _number_problems(entry, ground)
    if message := quarter_problem(entry.from_quarter, ground):
        found["from_quarter"] = message
    elif not found and _is_held(entry, ground):
        found["target"] = f"This is what is in force in {entry.from_quarter.label} already. Change the target or the"
        found["target"] += " tolerance."
    if message := length_problem(entry.reason, LONGEST_REASON, NO_REASON):
        found["reason"] = message
    return found


def quarter_problem(quarter: Quarter, ground: Ground) -> str:
    """Why no new target may start there; empty where one may."""
    earliest = ground.earliest
    if ground.last and (earliest is None or quarter > ground.last):
        return f"{ground.code} ended with {ground.last.label}: its targets do not change any more."
    if earliest is not None and quarter < earliest:
        if quarter < ground.first:
            return f"{ground.code} starts with {ground.first.label}: choose {earliest.label} or later."
        return f"{HISTORY_STANDS} The earliest quarter that a new target can start in is {earliest.label}."
    if any(aim.from_quarter == quarter for aim in ground.aims):
        return (
            f"{ground.code} has a target that starts in {quarter.label} already. Choose another quarter, or propose to "
            "withdraw that one first."
        )
    return ""


def withdrawal_problem(aim: Aim, ground: Ground) -> str:
    """Why this one of `ground.aims` may not be withdrawn; empty where it may."""
    rated = ground.rated_by(aim)
    if not rated:
        return ""
    which = rated[0].label if len(rated) == 1 else f"{rated[0].label} to {rated[-1].label}"
    verb = "is" if len(rated) == 1 else "are"
    stays = f"{which} {verb} rated by this target, and {HISTORY_STANDS[0].lower()}{HISTORY_STANDS[1:]}"
    if ground.earliest is None:
        return stays
    return f"{stays} Propose a new target from {ground.earliest.label} on instead."


def _number_problems(entry: TargetEntry, ground: Ground) -> dict[str, str]:
    found = {} if entry.target is not None else {"target": NO_TARGET}
    for name, number in (("target", entry.target), ("tolerance", entry.tolerance)):
        if number is not None and (message := range_problem(number, ground.bounds.highest)):
            found[name] = message
    return found or target_problems(ground.polarity, ground.bounds, entry.target, entry.tolerance)


def _is_held(entry: TargetEntry, ground: Ground) -> bool:
    aim = in_force(ground.aims, entry.from_quarter)
    return aim is not None and (aim.target, aim.tolerance) == (entry.target, entry.tolerance)


def without(aims: Sequence[Aim], from_quarter: Quarter) -> tuple[Aim, ...]:
    """The same without the one that starts there."""
    return tuple(aim for aim in aims if aim.from_quarter != from_quarter)
