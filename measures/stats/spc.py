"""Process limits and signals of a series: the XmR chart of NHS Making Data Count. Pure: no Django.

Which values are no everyday variation (`rules`), against which limits (`limits`), and what the latest says of the
process and of its target. Limits move only where a person sets a new start, never by themselves
(NHSRplotthedots#142). They are not clipped to what can be: a drawing may do that.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from functools import cache, cached_property
from math import isfinite
from types import NoneType
from typing import NamedTuple

from ..rating import Polarity
from .limits import FEWEST, SETTLED, Limits, Refused, Segment, segments_of, too_few
from .rules import Cause, Sign, signs

Value = Decimal | int | float
Causes = tuple[Cause, ...]

NO_SEGMENT = f"No part of the series has {FEWEST} values, so no limits can be drawn."


class Variation(StrEnum):
    """What a value says of the process; high and low are the side, or the way of a trend."""

    COMMON = "common"
    IMPROVEMENT_HIGH = "improvement_high"
    IMPROVEMENT_LOW = "improvement_low"
    CONCERN_HIGH = "concern_high"
    CONCERN_LOW = "concern_low"
    NEUTRAL_HIGH = "neutral_high"
    NEUTRAL_LOW = "neutral_low"


COMMON = Variation.COMMON


class Assurance(StrEnum):
    """Whether the process, if nothing changes, meets its target always, never or now and then."""

    PASS = "pass"
    FAIL = "fail"
    HIT_OR_MISS = "hit_or_miss"


class Point(NamedTuple):
    """One value, None for a gap. `causes` in order of precedence; `variation` None at a gap and without limits.

    `reasons` are the causes that point the way of `variation`; all of them where neither way is better.
    """

    value: float | None
    causes: Causes
    variation: Variation | None
    reasons: Causes = ()


@dataclass(frozen=True)
class Xmr:
    """`points` stand for the values one by one. Mean, limits, `trial` and both verdicts are those of the latest
    segment: None while it has too few values of its own. `latest` is the index of the last value held.

    `variation` is that of the latest value, None with fewer than 13 values; so is `assurance`, and without a target.
    `unusual` are the values with any sign, by index: causes, variation and reasons of their point.
    """

    values: tuple[float | None, ...]
    unusual: Mapping[int, tuple[Causes, Variation, Causes]]
    segments: tuple[Segment, ...]
    latest: int
    variation: Variation | None
    assurance: Assurance | None

    # Made when asked for: a tile needs the latest alone, and a scorecard has thousands.
    @cached_property
    def points(self) -> tuple[Point, ...]:
        points = [Point(value, (), None if value is None else COMMON) for value in self.values]
        for segment in self.segments:
            for index in range(segment.start, segment.stop):
                if segment.limits is None:
                    points[index] = Point(self.values[index], (), None)
                elif index in self.unusual:
                    points[index] = Point(self.values[index], *self.unusual[index])
        return tuple(points)

    @property
    def limits(self) -> Limits | None:
        return self.segments[-1].limits

    @property
    def mean(self) -> float | None:
        return self.limits.mean if self.limits else None

    @property
    def upper(self) -> float | None:
        return self.limits.upper if self.limits else None

    @property
    def lower(self) -> float | None:
        return self.limits.lower if self.limits else None

    @property
    def trial(self) -> bool:
        return self.segments[-1].trial


def xmr(
    values: Sequence[Value | None],
    *,
    polarity: Polarity,
    target: Value | None = None,
    screen: bool = False,
    starts: Sequence[int] = (),
) -> Xmr:
    """`values` oldest first; None is a gap, which no moving range and no run crosses. `target` is the latest one.

    `screen` leaves unusual moving ranges out of the limits, as Making Data Count's own tool does not. `starts` are
    the indexes from which the limits are computed anew. Refused, a ValueError with a sentence for the page, below 8
    values and where nothing varies, in every segment; plain ValueError for a number that is not finite.
    """
    polarity = Polarity(polarity)
    *numbers, goal = _numbers([*values, target])
    held = len(numbers) - numbers.count(None)
    if held < FEWEST:
        raise Refused(too_few(held))
    segments = segments_of(numbers, starts, screen)
    if not any(segment.limits for segment in segments):
        raise Refused(NO_SEGMENT if all(segment.count < FEWEST for segment in segments) else segments[-1].refusal)
    unusual = {index: said for segment in segments for index, said in _unusual(numbers, segment, polarity)}
    latest = max(index for index, number in enumerate(numbers) if number is not None)
    last = segments[-1]
    settled = last.limits if last.count >= SETTLED else None
    return Xmr(
        values=tuple(numbers),
        unusual=unusual,
        segments=segments,
        latest=latest,
        variation=(unusual[latest][1] if latest in unusual else COMMON) if settled else None,
        assurance=_assurance(settled, polarity, goal),
    )


def _unusual(
    numbers: Sequence[float | None], segment: Segment, polarity: Polarity
) -> Iterator[tuple[int, tuple[Causes, Variation, Causes]]]:
    if segment.limits is None:
        return
    for index, found in signs(numbers[segment.start : segment.stop], segment.limits).items():
        yield segment.start + index, _said(tuple(found), polarity)


# There are only so many ways for a few signs to meet.
@cache
def _said(found: tuple[Sign, ...], polarity: Polarity) -> tuple[Causes, Variation, Causes]:
    said = _variation(found, polarity)
    is_high = said in (Variation.IMPROVEMENT_HIGH, Variation.CONCERN_HIGH)
    reasons = [sign for sign in found if polarity is Polarity.NEUTRAL or sign[1] is is_high]
    return _causes(found), said, _causes(reasons)


def _causes(found: Sequence[Sign]) -> Causes:
    return tuple(dict.fromkeys(cause for cause, _ in found))


def _variation(found: Sequence[Sign], polarity: Polarity) -> Variation:
    """By the sign that stands first; but where one of them is an improvement, as the Making Data Count tool shows it,
    that is what the value says (NHSRplotthedots#194)."""
    if polarity is Polarity.NEUTRAL:
        return Variation.NEUTRAL_HIGH if found[0][1] else Variation.NEUTRAL_LOW
    if polarity is Polarity.HIGHER:
        return Variation.IMPROVEMENT_HIGH if any(up for _, up in found) else Variation.CONCERN_LOW
    return Variation.CONCERN_HIGH if all(up for _, up in found) else Variation.IMPROVEMENT_LOW


def _assurance(limits: Limits | None, polarity: Polarity, target: float | None) -> Assurance | None:
    """A target on a limit may be hit and may be missed."""
    if limits is None or target is None or polarity is Polarity.NEUTRAL:
        return None
    if limits.lower - limits.slack <= target <= limits.upper + limits.slack:
        return Assurance.HIT_OR_MISS
    is_above = target > limits.upper
    return Assurance.FAIL if is_above is (polarity is Polarity.HIGHER) else Assurance.PASS


def _numbers(values: Sequence[Value | None]) -> list[float | None]:
    """TypeError for what is no number, ValueError for one that is not finite."""
    # Types first, a few of them, rather than value by value: a scorecard asks for thousands.
    for kind in set(map(type, values)):
        if issubclass(kind, bool) or not issubclass(kind, (Decimal, int, float, NoneType)):
            raise TypeError(f"A value is a Decimal, int or float, not a {kind.__name__}.")
    numbers = [None if value is None else float(value) for value in values]
    if not all(map(isfinite, filter(None, numbers))):
        raise ValueError("A value is no finite number.")
    return numbers
