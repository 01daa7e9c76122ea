"""A measure on the scorecard, every text ready to print: tiles and table render the same object. No Django."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from accounts.roles import Party
from measures.chances import chance_of
from measures.charts.spark import sparkline
from measures.derivation import Derivation
from measures.numbers import Unit, number_text
from measures.plotting import breaks_of, dot_of, steps_of
from measures.rating import Polarity, Status
from measures.readings import UNIT_WORDS, Reading
from measures.rows import MeasureRow, Scorecard, SeriesRow
from measures.stats.spc import Assurance, Variation
from measures.stats.words import TELL_WORDS
from measures.travel import Direction

STRIP_QUARTERS = 8
# (kind, icon, words) of what the latest value says of the process; high and low are told apart by the icon.
SIGNALS = {
    Variation.COMMON: ("common", "wave", "Everyday variation"),
    Variation.IMPROVEMENT_HIGH: ("improvement", "signal-high", "Signal of improvement"),
    Variation.IMPROVEMENT_LOW: ("improvement", "signal-low", "Signal of improvement"),
    Variation.CONCERN_HIGH: ("concern", "signal-high", "Signal of concern"),
    Variation.CONCERN_LOW: ("concern", "signal-low", "Signal of concern"),
    Variation.NEUTRAL_HIGH: ("neutral", "signal-high", "Signal of a rise"),
    Variation.NEUTRAL_LOW: ("neutral", "signal-low", "Signal of a fall"),
}
ASSURED = {
    Assurance.PASS: "meets the target reliably",
    Assurance.FAIL: "usually misses the target",
    Assurance.HIT_OR_MISS: "meets the target at times",
}
ARROWS = {
    Direction.IMPROVED: "up",
    Direction.WORSENED: "down",
    Direction.NO_CHANGE: "level",
    Direction.HIGHER: "higher",
    Direction.LOWER: "lower",
}


@dataclass(frozen=True)
class Marked:
    """A text with the letters of the bracketed symbols beside it; `value` is its figure alone, for a table."""

    text: str
    marks: tuple[str, ...] = ()
    value: str = ""


@dataclass(frozen=True)
class Cell:
    """One quarter of the rating strip; `status` empty where the quarter is not rated."""

    quarter: str
    status: str
    word: str


@dataclass(frozen=True)
class PartyMark:
    name: str
    released: bool


@dataclass(frozen=True)
class Signal:
    """What the process limits say of the latest value. `kind` is the colour's name, `icon` the shape."""

    kind: str
    icon: str
    text: str
    marks: tuple[str, ...] = ()


@dataclass(frozen=True)
class Tile:
    """`tell` says beside the cohort whether chance could have decided the rating."""

    row: MeasureRow
    url: str
    word: str
    parties: tuple[PartyMark, ...]
    number: str = ""
    unit: str = ""
    marks: tuple[str, ...] = ()
    absent: str = ""
    target: Marked | None = None
    tolerance: Marked | None = None
    beside: tuple[Marked, ...] = ()
    direction: str = ""
    travel: Marked = Marked("")
    strip: tuple[Cell, ...] = ()
    strip_marks: tuple[str, ...] = ()
    cohort: str = ""
    tell: str = ""
    signal: Signal | None = None
    spark: str = ""

    @property
    def status(self) -> str:
        return self.row.status

    @property
    def arrow(self) -> str:
        """The icon of the direction of travel; empty where there is none to show."""
        return ARROWS[Direction(self.direction)] if self.direction else ""


def tiles(
    card: Scorecard,
    released: Mapping[int, Mapping[Party, bool]],
    names: Mapping[Party, str],
    address: Callable[[str], str],
) -> list[Tile]:
    """`released` by measure id; a measure without panes, as in a past quarter, carries no marks. `address` makes the
    one of a measure's page from its slug."""
    return [_tile(row, card, released.get(row.id, {}), names, address(row.slug)) for row in card.rows]


def _tile(
    row: MeasureRow, card: Scorecard, released: Mapping[Party, bool], names: Mapping[Party, str], url: str
) -> Tile:
    parties = tuple(PartyMark(names[party], released[party]) for party in Party if party in released)
    headline = row.headline
    if headline is None:
        return Tile(row, url, "No series", parties, absent="No series in this quarter")
    now = headline.now
    return Tile(
        row=row,
        url=url,
        word=_word(row, card),
        number="" if now.value is None else number_text(now.value, headline.scale.decimals),
        unit=UNIT_WORDS[headline.scale.unit],
        marks=now.marks,
        absent=_absent(headline, card) if now.value is None else "",
        target=aim_text(headline, "target"),
        tolerance=aim_text(headline, "tolerance"),
        beside=_beside(row),
        direction=headline.travel.direction if headline.travel else "",
        travel=_travel(headline),
        strip=_strip(headline) if not row.is_volumetric else (),
        strip_marks=("i",) if any(reading.illustrative for reading in headline.history[-STRIP_QUARTERS:]) else (),
        cohort="" if now.counts_illustrative else now.cohort(),
        tell=_tell(headline),
        signal=signal_of(headline),
        spark=_spark(headline),
        parties=parties,
    )


def _tell(row: SeriesRow) -> str:
    found = chance_of(row)
    return TELL_WORDS[found.tell] if found else ""


def signal_of(row: SeriesRow) -> Signal | None:
    """None without limits, and where the latest value is not this quarter's."""
    if row.variation is None:
        return None
    kind, icon, text = SIGNALS[row.variation]
    if row.assurance:
        text = f"{text}, {ASSURED[row.assurance]}"
    return Signal(kind, icon, text, ("i",) if row.track.illustrative else ())


def _word(row: MeasureRow, card: Scorecard) -> str:
    if row.is_volumetric:
        return "Volumetric"
    if not card.figures_visible:
        return "Not submitted"
    return row.status.words


def _absent(row: SeriesRow, card: Scorecard) -> str:
    return row.now.text(row.scale) if card.figures_visible else "Not submitted yet"


def aim_text(row: SeriesRow, name: str) -> Marked | None:
    """ "target 90%" with its mark, `name` being "target" or "tolerance"; None where none is in force."""
    value = getattr(row.aim, name) if row.aim else None
    if value is None or row.aim is None:
        return None
    mark = row.aim.target_mark if name == "target" else row.aim.tolerance_mark
    text = row.scale.text(value)
    return Marked(f"{name} {text}", (mark,) if mark else (), text)


def _beside(row: MeasureRow) -> tuple[Marked, ...]:
    """What a count counts, and the pair beside it: "children", "396 per 10,000"."""
    headline = row.headline
    found = []
    # A measure of an old paper is counted without a word for what.
    if headline and headline.scale.unit is Unit.COUNT and headline.scale.counted:
        # With a pair beside it the line is full; the measure page says how the quarter is derived.
        is_mean = headline.derivation == Derivation.MEAN_OF_MONTHS and not row.pairs
        mean = ", mean of the months" if is_mean else ""
        found.append(Marked(f"{headline.scale.counted}{mean}"))
    for pair in row.pairs:
        if pair.now.status is not None:
            found.append(Marked(pair.now.text(pair.scale), pair.now.marks))
    return tuple(found)


def _travel(row: SeriesRow) -> Marked:
    reference = row.before.period.label
    if row.now.quarter in row.breaks:
        return Marked("New definition: not compared")
    if row.travel is None:
        return Marked("" if row.now.value is None else f"No value for {reference} to compare with")
    joiner = "from" if row.travel.text == "no change" else "than"
    text = f"{row.travel.text} {joiner} {reference}"
    return Marked(text[0].upper() + text[1:], ("i",) if row.before.illustrative else ())


def _strip(row: SeriesRow) -> tuple[Cell, ...]:
    return tuple(_cell(row, reading) for reading in row.history[-STRIP_QUARTERS:])


def _cell(row: SeriesRow, reading: Reading) -> Cell:
    rating = row.rating_of(reading)
    if rating.status is Status.NONE:
        return Cell(reading.period.label, "", "no value" if reading.value is None else "not rated")
    return Cell(reading.period.label, rating.status, rating.status.words.lower())


def _spark(row: SeriesRow) -> str:
    points = [dot_of(reading) for reading in row.history if reading.quarter >= row.first_quarter]
    steps = [] if row.scale.polarity is Polarity.NEUTRAL else steps_of(row)
    return sparkline(points, steps, unit=row.scale.unit, breaks=breaks_of(row))
