"""The answer in words: what a director reads first. Pure: no Django."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from .chances import chance_of, counts_of
from .derivation import cases_to_target
from .numbers import Unit
from .ordinals import number_word, ordinal
from .rating import Polarity, Status
from .rows import MeasureRow, Scorecard, SeriesRow
from .stats.chance import Tell
from .stats.spc import Variation
from .travel import Direction, Run

RATED = (Status.RED, Status.AMBER, Status.GREEN)
OFF = (Status.RED, Status.MISSED, Status.AMBER)
# What chance could have done, after a comma.
CHANCES = {Tell.CHANCE: "which could be chance", Tell.FEW: "too few cases to say whether by chance"}
SIGNALS = {
    Variation.CONCERN_HIGH: "concern",
    Variation.CONCERN_LOW: "concern",
    Variation.IMPROVEMENT_HIGH: "improvement",
    Variation.IMPROVEMENT_LOW: "improvement",
}
# A shortfall of this many people or fewer is said in people: a percentage hides how few they are.
FEW = 5


@dataclass(frozen=True)
class Piece:
    """A stretch of the sentence; `strong` where it is a measure's code, `marks` the letters of the symbols after it."""

    text: str
    strong: bool = False
    marks: tuple[str, ...] = ()


def summary(card: Scorecard) -> tuple[Piece, ...]:
    """At most four sentences; follows the data. Empty where the viewer sees no figures of the quarter."""
    rated = [row for row in card.rows if row.status in RATED]
    if not card.figures_visible:
        return ()
    if not rated:
        return (Piece(f"No measure can be rated for {card.quarter.label} yet."),)
    off = sorted((row for row in rated if row.status is Status.RED), key=_shortfall, reverse=True)
    rest = [row for row in rated if row not in off[:1]]
    sentences = [_on_target(rated), _off_target(off), _missed_by_few(rest), _signals(card.rows)]
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


def _off_target(off: Sequence[MeasureRow]) -> list[Piece]:
    """`off`: the red ones, furthest first."""
    if not off:
        return []
    pieces = _joined([row.code for row in off])
    verb = "is" if len(off) == 1 else "are"
    if len(off) == 1:
        return [*pieces, Piece(f" {verb} off target, at "), *_described(off[0])]
    furthest = [Piece(off[0].code, True), Piece(" is furthest, at "), *_described(off[0])]
    return [*pieces, Piece(f" {verb} off target; "), *furthest]


def _described(row: MeasureRow) -> list[Piece]:
    """ "70% against 90%, clearly below tolerance and worse for the second quarter in a row."."""
    return [*_against(row), *_told(row), *_losing(row), Piece(".")]


def _told(row: MeasureRow) -> list[Piece]:
    """Whether chance could have put the value there; nothing without counts."""
    found = chance_of(row.headline) if row.headline else None
    if found is None or row.headline is None:
        return []
    if found.tell is not Tell.CLEAR:
        return [Piece(f", {CHANCES[found.tell]}")]
    side = "below" if row.headline.scale.polarity is Polarity.HIGHER else "above"
    level = "tolerance" if found.tolerance is Tell.CLEAR else "target"
    return [Piece(f", clearly {side} {level}")]


def _against(row: MeasureRow) -> list[Piece]:
    """ "70% against 90%"."""
    headline = row.headline
    if headline is None or headline.aim is None or headline.aim.target is None:
        return []
    target = headline.scale.text(headline.aim.target)
    return [
        Piece(headline.now.text(headline.scale), marks=_i(headline.now.illustrative)),
        Piece(f" against {target}", marks=_i(headline.aim.target_mark)),
    ]


def _losing(row: MeasureRow) -> list[Piece]:
    moves, direction = row.headline.run if row.headline else Run(0, None)
    if row.headline is None or direction is not Direction.WORSENED or moves < 2:
        return []
    text = f" and worse for the {ordinal(moves)} quarter in a row"
    return [Piece(text, marks=_i(row.headline.run_is_illustrative))]


def _i(illustrative: object) -> tuple[str, ...]:
    return ("i",) if illustrative else ()


def _missed_by_few(rated: Sequence[MeasureRow]) -> list[Piece]:
    """Of the measures that no sentence has described yet."""
    for row in rated:
        short = people_short(row.headline) if row.headline and row.status in (Status.RED, Status.AMBER) else None
        if row.headline and short and short <= FEW:
            scale = row.headline.scale
            noun = (scale.counted_one or "case") if short == 1 else (scale.counted or "cases")
            mark = _i(row.headline.aim.target_mark) if row.headline.aim else ()
            by_chance = chance_of(row.headline)
            told = f", {CHANCES[by_chance.tell]}" if by_chance and by_chance.tell in CHANCES else ""
            missed = Piece(f" missed its target by {number_word(short)} {noun}", marks=mark)
            return [Piece(row.code, True), missed, Piece(f"{told}.")]
    return []


def _signals(rows: Sequence[MeasureRow]) -> list[Piece]:
    """The measures whose latest value is no everyday variation, by what it says. Of those without better and worse the
    tiles tell."""
    found: dict[str, list[str]] = {word: [] for word in SIGNALS.values()}
    made = False
    for row in rows:
        variation = row.headline.variation if row.headline else None
        if row.headline and variation in SIGNALS:
            found[SIGNALS[variation]].append(row.code)
            made = made or row.headline.track.illustrative
    pieces: list[Piece] = []
    for word, codes in found.items():
        if codes:
            verb = "shows" if len(codes) == 1 else "show"
            pieces += [*([Piece("; ")] if pieces else []), *_joined(codes), Piece(f" {verb} a signal of {word}")]
    return [*pieces, Piece("", marks=_i(made)), Piece(".")] if pieces else []


def people_short(row: SeriesRow) -> int | None:
    """How many cases the other way would have met the target; None without a cohort of its own to count."""
    counts = counts_of(row.now, row.scale)
    if row.aim is None or row.scale.unit is not Unit.PERCENT or counts is None:
        return None
    return cases_to_target(*counts, row.aim.target, row.scale.polarity)


def _shortfall(row: MeasureRow) -> float:
    """Distance from target relative to it, so that units do not matter. For order only, never printed."""
    headline = row.headline
    if headline is None or headline.gap is None or headline.aim is None or headline.aim.target is None:
        return 0.0
    return float(abs(headline.gap) / (abs(headline.aim.target) or 1))


def by_concern(rows: Sequence[MeasureRow]) -> list[MeasureRow]:
    """Furthest off target first, volumetric ones last; the contract's order breaks ties."""
    rank = {Status.RED: 0, Status.MISSED: 1, Status.AMBER: 2, Status.GREEN: 3, Status.NONE: 4}
    return sorted(rows, key=lambda row: (rank[row.status], -_shortfall(row) if row.status in OFF else 0))


def _joined(codes: Sequence[str]) -> list[Piece]:
    pieces: list[Piece] = []
    for index, code in enumerate(codes):
        if index:
            pieces.append(Piece(" and " if index == len(codes) - 1 else ", "))
        pieces.append(Piece(code, True))
    return pieces
