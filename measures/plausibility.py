"""What looks odd in a quarter's values: told to the analyst beside the row, and never in the way of a save.

Pure: no Django. Each function returns nothing where there is nothing to tell.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from statistics import median

from .expectation import Expected
from .numbers import Unit, number_text, round_half_up, value_text

FACTORS = (10, 100, 1000)
FEWEST_FOR_SCALE = 3
# A value is "about 10 times" another between 5 and 20 times.
LEEWAY = 2
PER = 10_000
EVERYBODY = 100
MAY_NOT_SHARE = "a number and its rate may not share a definition"


class Doubt(StrEnum):
    RANGE = "range"
    SCALE = "scale"
    POPULATION = "population"
    COMPUTED = "computed"
    SUBGROUPS = "subgroups"
    SAME = "same"


@dataclass(frozen=True)
class Caution:
    kind: Doubt
    sentence: str


@dataclass(frozen=True)
class Figure:
    """One value as held or typed, with what is needed to print it. `period` is its label: "August 2018"."""

    period: str
    value: Decimal
    unit: Unit
    decimals: int
    numerator: Decimal | None = None
    denominator: Decimal | None = None

    @property
    def has_counts(self) -> bool:
        return self.numerator is not None and self.denominator is not None

    @property
    def text(self) -> str:
        return value_text(self.value, self.unit, self.decimals)

    @property
    def own_text(self) -> str:
        """With two digits that count, where the series' decimals would hide them: "0.85%", not "1%"."""
        needed = max(self.decimals, 1 - self.value.adjusted()) if self.value else self.decimals
        places = max(self.decimals, -_exponent(round_half_up(self.value, min(needed, 6))))
        return value_text(self.value, self.unit, places)

    @property
    def cohort(self) -> str:
        return _of(self.numerator, self.denominator) if self.has_counts else ""


@dataclass(frozen=True)
class Pair:
    """A number of one quarter and its rate per 10,000, with the codes of their series."""

    number_code: str
    number: Decimal
    rate_code: str
    rate: Figure

    @property
    def population(self) -> tuple[Fraction, Fraction] | None:
        """The least and the greatest that the two imply: a printed rate stands for all that round to it. None for a
        rate that may be 0."""
        rate = Fraction(self.rate.value)
        half = Fraction(1, 2 * 10 ** max(self.rate.decimals, -_exponent(self.rate.value)))
        if rate <= half:
            return None
        return PER * Fraction(self.number) / (rate + half), PER * Fraction(self.number) / (rate - half)

    @property
    def implied(self) -> str:
        """ "42,348"; only where the rate is not 0."""
        return f"{round(PER * Fraction(self.number) / Fraction(self.rate.value)):,}"

    @property
    def codes(self) -> str:
        return f"{self.number_code} and {self.rate_code}"

    @property
    def told(self) -> str:
        """ "1,677 at 396 per 10,000"."""
        return f"{number_text(self.number, 0)} at {self.rate.text}"

    def differs(self, other: Pair) -> bool:
        """Whether the two imply populations that no rounding brings together."""
        own, theirs = self.population, other.population
        return own is not None and theirs is not None and (own[1] < theirs[0] or theirs[1] < own[0])


def pairs_of(beside: Sequence[tuple[str, Unit, Figure | None]]) -> list[Pair]:
    """Each rate of a measure with the one number beside it. `beside` are its series but for subgroups: code, unit and
    figure, None for one that is not held."""
    numbers = [(code, figure) for code, unit, figure in beside if unit is Unit.COUNT]
    if len(numbers) != 1:
        return []
    code, number = numbers[0]
    if number is None:
        return []
    rates = [(each, figure) for each, unit, figure in beside if unit is Unit.RATE and figure is not None]
    return [Pair(code, number.value, each, figure) for each, figure in rates]


def beyond_usual(figures: Iterable[Figure], expected: Expected | None) -> list[Caution]:
    """One sentence for all of a series' periods."""
    if expected is None:
        return []
    beyond = [figure for figure in figures if not expected.holds(figure.value)]
    if not beyond:
        return []
    *others, last = [f"{figure.period} ({figure.text})" for figure in beyond]
    told = f"{', '.join(others)} and {last} are" if others else f"{beyond[0].period}: {beyond[0].text} is"
    return [Caution(Doubt.RANGE, f"{told} outside the usual {expected.text}.")]


def other_scale(figure: Figure, past: Sequence[Decimal]) -> list[Caution]:
    """A value beyond its whole past that comes near it once moved by one, two or three places: 0.85 against 85."""
    if len(past) < FEWEST_FOR_SCALE or not figure.value:
        return []
    usual = median(past)
    if not usual or min(past) <= figure.value <= max(past):
        return []
    ratio = Fraction(figure.value) / Fraction(usual)
    for factor in FACTORS:
        for times, word in ((1 / ratio, "smaller"), (ratio, "greater")):
            if factor / LEEWAY <= times <= factor * LEEWAY:
                told = value_text(usual, figure.unit, figure.decimals)
                sentence = f"{figure.own_text} is about {factor:,} times {word} than usual ({told})."
                moved = figure.value * factor if word == "smaller" else figure.value / factor
                return [Caution(Doubt.SCALE, f"{figure.period}: {sentence}{_meant(figure, moved)}")]
    return []


def same_as_before(figure: Figure, before: Figure | None) -> list[Caution]:
    """`before` is the period right before it; None where nothing is held of that."""
    if before is None or not figure.value or _parts(figure) != _parts(before):
        return []
    told = f"{figure.text} ({figure.cohort})" if figure.has_counts else figure.text
    return [Caution(Doubt.SAME, f"{figure.period}: {told} is the same figure as in {before.period}.")]


def not_what_counts_give(figure: Figure, typed: Decimal | None) -> list[Caution]:
    """`figure` as the counts give it, against the value typed beside them, at the decimals of the latter."""
    if typed is None or not figure.has_counts:
        return []
    places = max(0, -_exponent(typed))
    if round_half_up(figure.value, places) == typed:
        return []
    given = value_text(figure.value, figure.unit, max(places, figure.decimals))
    told = value_text(typed, figure.unit, places)
    return [Caution(Doubt.COMPUTED, f"{figure.period}: {told} was typed, {figure.cohort} is {given}. That is kept.")]


def populations_apart(pair: Pair, others: Iterable[Pair]) -> list[Caution]:
    """A pair against the others of its quarter: those whose number and rate imply another population."""
    found = []
    for other in others:
        if pair.differs(other):
            told = f"{pair.codes} imply a population of {pair.implied}, {other.codes} one of {other.implied}"
            found.append(Caution(Doubt.POPULATION, f"{told}: {MAY_NOT_SHARE}."))
    return found


def differing(pairs: Sequence[Pair], others: Sequence[Pair]) -> list[Pair]:
    """Those of `pairs` that imply another population than one of the `others`, then the others that they differ from;
    empty where all may share one."""
    apart = [pair for pair in pairs if any(pair.differs(other) for other in others)]
    return [*apart, *(other for other in others if any(pair.differs(other) for pair in apart))]


def populations_told(apart: Sequence[Pair]) -> str:
    """What `differing` found, for a reader of the figures."""
    first, *more = apart
    told = "; ".join(f"{pair.told} implies {pair.implied}" for pair in more)
    return f"{first.told} implies a population of {first.implied}; {told}: {MAY_NOT_SHARE}"


def numerator_apart(pair: Pair) -> list[Caution]:
    """A rate that holds its own counts, against the number beside it."""
    numerator = pair.rate.numerator
    if numerator is None or round_half_up(numerator, 0) == round_half_up(pair.number, 0):
        return []
    told = f"{pair.rate_code} counts {number_text(numerator, 0)}, {pair.number_code} is {number_text(pair.number, 0)}."
    return [Caution(Doubt.POPULATION, f"{pair.rate.period}: {told}")]


def subgroups_apart(headline: Figure, subgroups: Sequence[Figure], code: str) -> list[Caution]:
    """The whole against its parts, where every part is there: sums of counts, else the span of the parts."""
    if not subgroups:
        return []
    if headline.unit is Unit.COUNT and all(part.unit is Unit.COUNT for part in subgroups):
        total = sum((part.value for part in subgroups), Decimal(0))
        if round_half_up(total, headline.decimals) == round_half_up(headline.value, headline.decimals):
            return []
        parts = number_text(total, headline.decimals)
        return _apart(f"{headline.period}: the subgroups add up to {parts}, {code} is {headline.text}.")
    if headline.has_counts and all(part.has_counts for part in subgroups):
        numerator = sum((part.numerator for part in subgroups if part.numerator is not None), Decimal(0))
        denominator = sum((part.denominator for part in subgroups if part.denominator is not None), Decimal(0))
        if (numerator, denominator) == (headline.numerator, headline.denominator):
            return []
        parts = _of(numerator, denominator)
        return _apart(f"{headline.period}: the subgroups add up to {parts}, {code} is {headline.cohort}.")
    if any(part.unit is not headline.unit for part in subgroups):
        return []
    places = headline.decimals
    values = [round_half_up(part.value, places) for part in subgroups]
    if min(values) <= round_half_up(headline.value, places) <= max(values):
        return []
    span = Expected(min(values), max(values), headline.unit, places)
    return _apart(f"{headline.period}: {code} is {headline.text}, outside its subgroups’ {span.text}.")


def _meant(figure: Figure, value: Decimal) -> str:
    """Nothing where counts give the value, since nobody knows which of them is meant, nor of more than everybody."""
    if figure.has_counts or (figure.unit is Unit.PERCENT and value > EVERYBODY):
        return ""
    return f" Did you mean {replace(figure, value=value).own_text}?"


def _apart(sentence: str) -> list[Caution]:
    return [Caution(Doubt.SUBGROUPS, sentence)]


def _of(numerator: Decimal | None, denominator: Decimal | None) -> str:
    return f"{number_text(numerator or 0, 0)} of {number_text(denominator or 0, 0)}"


def _parts(figure: Figure) -> tuple[Decimal | None, Decimal | None, Decimal | None]:
    return figure.value, figure.numerator, figure.denominator


def _exponent(number: Decimal) -> int:
    """Of the last digit that counts: -1 for 0.50."""
    exponent = number.normalize().as_tuple().exponent
    return exponent if isinstance(exponent, int) else 0
