"""The answer in words: what a director reads first. Pure: no Django."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from .derivation import cases_to_target
from .numbers import Unit
from .rating import Status
from .rows import MeasureRow, Scorecard, SeriesRow
from .travel import Direction

NUMBER_WORDS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
RATED = (Status.RED, Status.AMBER, Status.GREEN)
# A shortfall of this many people or fewer is said in people: a percentage hides how few they are.
FEW = 5


@dataclass(frozen=True)
class Piece:
    """A stretch of the sentence; `strong` is the code of the measure it names."""

    text: str
    strong: bool = False


def number_word(number: int) -> str:
    return NUMBER_WORDS[number] if number < len(NUMBER_WORDS) else str(number)


def summary(card: Scorecard) -> tuple[Piece, ...]:
    """At most three sentences; follows the data. Empty where the viewer sees no figures or none is rated."""
    rated = [row for row in card.rows if row.status in RATED]
    if not card.figures_visible or not rated:
        return ()
    sentences = [_on_target(rated), _off_target(rated), _missed_by_few(rated)]
    pieces: list[Piece] = []
    for sentence in filter(None, sentences):
        pieces += [Piece(" "), *sentence] if pieces else sentence
    return tuple(pieces)


def _on_target(rated: Sequence[MeasureRow]) -> list[Piece]:
    met = sum(row.status is Status.GREEN for row in rated)
    if len(rated) == 1:
        return [Piece(f"The one rated measure is {'on' if met else 'not on'} target.")]
    if met == len(rated):
        return [Piece(f"All {len(rated)} rated measures are on target.")]
    count = "None" if met == 0 else str(met)
    return [Piece(f"{count} of {len(rated)} rated measures {'is' if met < 2 else 'are'} on target.")]


def _off_target(rated: Sequence[MeasureRow]) -> list[Piece]:
    off = sorted((row for row in rated if row.status is Status.RED), key=_shortfall, reverse=True)
    if not off:
        return []
    pieces = _joined([row.code for row in off])
    verb = "is" if len(off) == 1 else "are"
    worst = off[0].headline
    assert worst is not None and worst.aim is not None and worst.aim.target is not None
    value, target = worst.now.text(worst.scale), worst.scale.text(worst.aim.target)
    falling = _losing(worst)
    if len(off) == 1:
        detail = f" {verb} off target, at {value} against {target}{falling}."
        return [*pieces, Piece(detail)]
    return [*pieces, Piece(f" {verb} off target; "), Piece(off[0].code, True), Piece(f" is furthest, at {value} against {target}{falling}.")]


def _losing(row: SeriesRow) -> str:
    moves, direction = row.run
    if direction is not Direction.WORSENED or moves < 2:
        return ""
    return f" and worse for the {ordinal(moves)} quarter in a row"


def _missed_by_few(rated: Sequence[MeasureRow]) -> list[Piece]:
    for row in rated:
        short = people_short(row.headline) if row.headline and row.status in (Status.RED, Status.AMBER) else None
        if row.headline and short and short <= FEW:
            scale = row.headline.scale
            noun = scale.counted_one if short == 1 else scale.counted
            return [Piece(row.code, True), Piece(f" missed its target by {number_word(short)} {noun}.")]
    return []


def people_short(row: SeriesRow) -> int | None:
    """How many cases the other way would have met the target; None without a cohort of its own to count."""
    if row.aim is None or row.scale.unit is not Unit.PERCENT or row.now.counts_illustrative:
        return None
    return cases_to_target(row.now.numerator, row.now.denominator, row.aim.target, row.scale.polarity)


def _shortfall(row: MeasureRow) -> float:
    """Distance from target relative to it, so that units do not matter. For order only, never printed."""
    headline = row.headline
    if headline is None or headline.aim is None or headline.aim.target is None or headline.now.value is None:
        return 0.0
    return float(abs(headline.now.value - headline.aim.target) / (abs(headline.aim.target) or 1))


def by_concern(rows: Sequence[MeasureRow]) -> list[MeasureRow]:
    """Furthest off target first, volumetric ones last; the contract's order breaks ties."""
    rank = {Status.RED: 0, Status.MISSED: 1, Status.AMBER: 2, Status.GREEN: 3, Status.NONE: 4}
    return sorted(rows, key=lambda row: (rank[row.status], -_shortfall(row) if row.status in RATED[:2] else 0))


def ordinal(number: int) -> str:
    words = {1: "first", 2: "second", 3: "third", 4: "fourth", 5: "fifth", 6: "sixth", 7: "seventh", 8: "eighth"}
    return words.get(number) or f"{number}{_suffix(number)}"


def _suffix(number: int) -> str:
    if 10 <= number % 100 <= 20:
        return "th"
    return {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")


def _joined(codes: Sequence[str]) -> list[Piece]:
    pieces: list[Piece] = []
    for index, code in enumerate(codes):
        if index:
            pieces.append(Piece(" and " if index == len(codes) - 1 else ", "))
        pieces.append(Piece(code, True))
    return pieces
