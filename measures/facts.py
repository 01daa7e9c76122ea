"""The neutral line that the system writes under a chart. Pure: no Django."""

from __future__ import annotations

from .derivation import Derivation
from .numbers import Unit, difference_text
from .rating import Polarity, Status
from .readings import Aim
from .rows import SeriesRow
from .summary import ordinal, people_short
from .terms import SeriesRole
from .travel import Direction

MOVES = {
    Direction.IMPROVED: "better",
    Direction.WORSENED: "worse",
    Direction.HIGHER: "higher",
    Direction.LOWER: "lower",
}


def facts(row: SeriesRow) -> list[str]:
    """Sentences: the value with its cohort, the target, the change with its reference, the cases to target."""
    if row.now.value is None:
        return [f"{row.now.text(row.scale)} for {row.now.period.label}.", *_target(row)]
    found = [_value(row), *_target(row), *_change(row), *_cases(row)]
    # A value at the quarter's end needs no other month.
    if row.now.months_present not in (None, 3) and row.derivation != Derivation.SNAPSHOT_END:
        found.append(f"Derived from {row.now.months_present} of 3 months.")
    return found


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


def _cases(row: SeriesRow) -> list[str]:
    short = people_short(row)
    if not short or row.rating.status not in (Status.RED, Status.AMBER, Status.MISSED):
        return []
    more = "more" if row.scale.polarity is Polarity.HIGHER else "fewer"
    noun = row.scale.counted_one if short == 1 else row.scale.counted
    return [f"{short:,} {more} {noun} would have met the target."]
