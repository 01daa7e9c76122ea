"""What looks odd in a figure that would be written: told, and written once somebody has looked. Pure: no Django."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal

from .. import plausibility
from ..expectation import Expected, expected
from ..numbers import round_half_up, value_text
from ..plausibility import FACTORS, FEWEST_FOR_SCALE, LEEWAY, Caution, Doubt, Figure
from .findings import RowCode
from .issues import Refused
from .line import Key, Line, decimals_of
from .plan import Known

# Values of the same file beside which one is put where little is held yet.
BESIDE = 12
LEAST_JUMP = min(FACTORS) // LEEWAY
CODES = {
    Doubt.SCALE: (RowCode.SCALE_JUMP, "Check the unit and the decimal point: the figure is imported as it is."),
    Doubt.RANGE: (RowCode.OUTSIDE_USUAL, "Check the figure: it is imported as it is."),
}
MADE_UP = Refused(
    RowCode.ILLUSTRATIVE,
    "The file marks this figure as illustrative, which is made up. Imported, it counts as a real one.",
    "Take the row out unless the figure is real.",
)


class Doubts:
    """Compares each line with the past of its series, or with the rest of the file where there is little past."""

    def __init__(self, lines: Iterable[Line]) -> None:
        by_series: dict[int, list[Line]] = defaultdict(list)
        for line in lines:
            if not line.is_derived and line.entry.value is not None:
                by_series[line.series.id].append(line)
        self.beside: dict[Key, tuple[Decimal, ...]] = {}
        for ones in by_series.values():
            if len(ones[0].series.usual) < FEWEST_FOR_SCALE:
                self.beside.update(_neighbours(sorted(ones, key=lambda one: one.period.start)))
        self.expected: dict[int, Expected | None] = {}

    def of(self, line: Line) -> Iterator[Refused]:
        """What to warn of."""
        if line.illustrative:
            yield MADE_UP
        if disagreeing := _disagreeing(line):
            yield disagreeing
        for caution in self._cautions(line):
            code, remedy = CODES[caution.kind]
            yield Refused(code, caution.sentence, remedy)

    def _cautions(self, line: Line) -> list[Caution]:
        entry, bounds = line.entry, line.series.bounds
        if entry.value is None:
            return []
        figure = Figure(
            line.period.label, entry.value, bounds.unit, bounds.decimals, entry.numerator, entry.denominator
        )
        past = self.beside.get(line.key, line.series.usual)
        scale = plausibility.other_scale(figure, past) if _may_jump(entry.value, past) else []
        usual = self._expected(line.series)
        if scale or usual is None or usual.low <= entry.value <= usual.high:
            return scale
        return plausibility.beyond_usual([figure], usual)

    def _expected(self, series: Known) -> Expected | None:
        if series.id not in self.expected:
            bounds = series.bounds
            self.expected[series.id] = expected(
                series.usual, unit=bounds.unit, decimals=bounds.decimals, highest=bounds.highest
            )
        return self.expected[series.id]


def _disagreeing(line: Line) -> Refused | None:
    """A value beside counts that give another one at the decimals that it is written with."""
    typed, computed = line.typed, line.entry.value
    if typed is None or computed is None or round_half_up(computed, decimals_of(typed)) == typed:
        return None
    bounds = line.series.bounds
    shown = value_text(computed, bounds.unit, max(bounds.decimals, decimals_of(typed)))
    counts = f"{line.entry.numerator:f} of {line.entry.denominator:f}"
    return Refused(
        RowCode.COUNTS_DISAGREE,
        f"The value is {value_text(typed, bounds.unit, decimals_of(typed))}, and {counts} is {shown}.",
        "Check all three: what the counts give is what is stored.",
    )


def _may_jump(value: Decimal, past: Sequence[Decimal]) -> bool:
    """Whether the value is far enough from all of the past to be looked at more closely, which takes its time."""
    return not past or not max(past) < value * LEAST_JUMP or not value < min(past) * LEAST_JUMP


def _neighbours(lines: Sequence[Line]) -> Iterator[tuple[Key, tuple[Decimal, ...]]]:
    """Of each line the values before it, or those after it where it is among the first; `lines` in order of time."""
    values = [line.entry.value for line in lines if line.entry.value is not None]
    for index, line in enumerate(lines):
        before = values[max(0, index - BESIDE) : index]
        after = values[index + 1 : index + 1 + BESIDE]
        yield line.key, tuple(before if len(before) >= FEWEST_FOR_SCALE else [*before, *after])
