"""The neutral lines that the system writes under a chart. Pure: no Django."""

from __future__ import annotations

from typing import NamedTuple

from .chances import OFF, chance_of, change_of, off_target
from .derivation import Derivation
from .entries import TAKE_COUNTS
from .numbers import Unit, difference_text
from .ordinals import ordinal
from .rating import Polarity, Status
from .readings import Aim
from .rows import SeriesRow
from .stats.words import against_target, cases_to_go, change_by_chance, each_case, quarters_off_target, signals
from .summary import people_short
from .terms import SeriesRole
from .travel import Direction

# Beside a chart whose limits leave unusual changes out.
UNSCREENED = "These sentences go by the limits with nothing left out."
NO_COUNTS = "Without counts that give the values of both quarters it cannot be said whether the change could be chance."
MOVES = {
    Direction.IMPROVED: "better",
    Direction.WORSENED: "worse",
    Direction.HIGHER: "higher",
    Direction.LOWER: "lower",
}


class Facts(NamedTuple):
    """Sentences: `held`, the value with its cohort, the target, the change, the cases to target; `signals`, what
    chance could have done to value and change, and what the process limits say."""

    held: tuple[str, ...]
    signals: tuple[str, ...] = ()

    @property
    def has_interval(self) -> bool:
        return any("95% interval" in sentence for sentence in self.signals)


def facts(row: SeriesRow, *, screened: bool = False) -> Facts:
    """`screened`: the chart beside them draws limits that leave unusual changes out; these sentences never do."""
    if row.now.value is None:
        return Facts((f"{row.now.text(row.scale)} for {row.now.period.label}.", *_target(row)))
    return Facts(
        held=(_value(row), *_target(row), *_off(row), *_change(row), *_cases(row), *_months(row)),
        signals=(*_chance(row), *_change_by_chance(row), *_process(row, screened=screened)),
    )


def _months(row: SeriesRow) -> list[str]:
    # A value at the quarter's end needs no other month.
    if row.now.months_present in (None, 3) or row.derivation == Derivation.SNAPSHOT_END:
        return []
    return [f"Derived from {row.now.months_present} of 3 months."]


def _i(illustrative: object) -> str:
    """The mark beside a figure that was made for a demonstration."""
    return " [i]" if illustrative else ""


def _value(row: SeriesRow) -> str:
    value = f"{row.now.text(row.scale)}{_i(row.now.illustrative)}"
    cohort = "" if row.now.counts_illustrative else row.now.cohort(counted=row.scale.counted)
    if cohort:
        return f"{value} ({cohort})."
    if row.scale.unit is not Unit.COUNT:
        return f"{value}."
    counted = row.scale.counted_one if row.now.value == 1 else row.scale.counted
    return f"{value} {counted}".rstrip() + "."


def _target(row: SeriesRow) -> list[str]:
    if row.scale.polarity is Polarity.NEUTRAL:
        return []
    aim = row.aim
    if aim is None or aim.target is None:
        # Pairs and subgroups carry no target of their own.
        return ["No target is set."] if row.role is SeriesRole.HEADLINE else []
    target = f"{row.scale.text(aim.target)}{_i(aim.target_mark)}"
    if row.gap is None:
        return [f"The target is {target}."]
    if row.rating.status is Status.GREEN:
        return [f"The target of {target} is met."]
    gap = difference_text(row.gap, row.scale.unit, row.scale.decimals)
    return [f"{gap} {_side(row)} the target of {target}{_against_tolerance(row, aim)}."]


def _side(row: SeriesRow) -> str:
    return "below" if row.scale.polarity is Polarity.HIGHER else "above"


def _against_tolerance(row: SeriesRow, aim: Aim) -> str:
    if aim.tolerance is None:
        return "; no tolerance is set"
    where = "within" if row.rating.status is Status.AMBER else f"{_side(row)}"
    return f" and {where} the tolerance of {row.scale.text(aim.tolerance)}{_i(aim.tolerance_mark)}"


def _change(row: SeriesRow) -> list[str]:
    reference = row.before.period.label
    if row.now.quarter in row.breaks:
        return [f"A new definition counts from {row.now.period.label}, so it is not compared with {reference}."]
    if row.travel is None:
        return [f"No value is held for {reference} to compare with."]
    if row.travel.direction is Direction.NO_CHANGE:
        return [f"No change from {reference}{_i(row.before.illustrative)}."]
    text = row.travel.text[0].upper() + row.travel.text[1:]
    moves, direction = row.run
    sentence = f"{text} than {reference}{_i(row.before.illustrative)}"
    if direction and moves > 1:
        sentence += f", {MOVES[direction]} for the {ordinal(moves)} quarter in a row{_i(row.run_is_illustrative)}"
    return [f"{sentence}."]


def _off(row: SeriesRow) -> list[str]:
    found = off_target(row)
    mark = _i(found.illustrative)
    sentence = quarters_off_target(found.quarters, row.scale.polarity, whole=found.whole, mark=mark)
    return [sentence] if sentence else []


def _chance(row: SeriesRow) -> list[str]:
    found = chance_of(row)
    return [against_target(found, row.scale, _i(row.now.illustrative))] if found else []


def _lacks_counts(row: SeriesRow) -> bool:
    """Whether there is a change that counts would tell from chance."""
    if row.travel is None or row.travel.direction is Direction.NO_CHANGE:
        return False
    return row.scale.unit in TAKE_COUNTS and row.now.quarter not in row.breaks


def _change_by_chance(row: SeriesRow) -> list[str]:
    found = change_of(row)
    if found is None and _lacks_counts(row):
        return [NO_COUNTS]
    mark = _i(row.now.illustrative or row.before.illustrative)
    return [change_by_chance(found, row.scale.polarity, row.before.period.label, mark)] if found else []


def _cases(row: SeriesRow) -> list[str]:
    """How far the target is in cases, and in a small cohort how much one of them moves."""
    short, cohort, aim = people_short(row), row.now.denominator, row.aim
    if short is None or cohort is None or aim is None or aim.target is None:
        return []
    target = f"{row.scale.text(aim.target)}{_i(aim.target_mark)}"
    found = [f"{cases_to_go(short, cohort, target, row.scale.polarity)}."] if short and row.rating.status in OFF else []
    step = each_case(row.scale, cohort, aim.target, target) if cohort < row.small_cohort else ""
    return [*found, step] if step else found


def _process(row: SeriesRow, *, screened: bool) -> list[str]:
    """Of the latest value. Why there are no limits stands beside the chart: `measures.basis`."""
    if row.process.xmr is None:
        return []
    latest = row.track.period(row.process.xmr.latest).label
    mark = _i(row.track.illustrative)
    found = [f"{sentence[:-1]}{mark}." for sentence in signals(row.process.xmr, latest, row.track.frequency)]
    return [*found, UNSCREENED] if screened else found
