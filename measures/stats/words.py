"""What the statistics say, sentence by sentence. Pure: no Django.

Neutral: what is held and what chance could have done, never what somebody should do. Both parties read the same words.
Texts of figures ("90%", "90% [i]") arrive ready to print.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from ..numbers import Unit, difference_text, fraction_half_up, number_text
from ..ordinals import ordinal
from ..rating import Polarity
from ..readings import UNIT_WORDS, Scale
from ..terms import Frequency
from .chance import Against, Change, Number, Tell, is_attainable, points_a_case
from .limits import FEWEST, SETTLED
from .rules import Cause
from .spc import Assurance, Variation, Xmr

# Beside a cohort, on a tile.
TELL_WORDS = {
    Tell.CLEAR: "target: clear of chance",
    Tell.CHANCE: "target: could be chance",
    Tell.FEW: "too few to say",
}
# Said once on a page that shows intervals.
COMPLETE_COUNTS = "The counts are complete: an interval says how far chance alone could have moved them."
CAUSE_WORDS = {
    Cause.OUTSIDE: "outside the process limits",
    Cause.TREND: "one of seven or more in a row that move the same way",
    Cause.TWO_OF_THREE: "one of two in three that lie far out on the same side",
    Cause.SHIFT: "one of seven or more in a row on the same side of the mean",
}
VARIATION_WORDS = {
    Variation.COMMON: "everyday variation",
    Variation.IMPROVEMENT_HIGH: "a signal of improvement, high",
    Variation.IMPROVEMENT_LOW: "a signal of improvement, low",
    Variation.CONCERN_HIGH: "a signal of concern, high",
    Variation.CONCERN_LOW: "a signal of concern, low",
    Variation.NEUTRAL_HIGH: "a signal of change, high",
    Variation.NEUTRAL_LOW: "a signal of change, low",
}
ASSURANCE_WORDS = {
    Assurance.PASS: "as it is usually meets it",
    Assurance.FAIL: "as it is usually misses it",
    Assurance.HIT_OR_MISS: "as it is meets it in some {period}s and misses it in others",
}
INTERVAL_DECIMALS = 1


def cases_to_go(short: int, cohort: Number, target: str, polarity: Polarity) -> str:
    """ "2 more of 19 would meet 90%"."""
    more = "more" if polarity is Polarity.HIGHER else "fewer"
    return f"{short:,} {more} of {number_text(cohort, 0)} would meet {target}"


def each_case(scale: Scale, cohort: Number, target: Number, target_text: str) -> str:
    """How much one case moves a percentage, and whether the target lies between two of them; empty for fewer than two
    cases, and for a cohort that is no whole number."""
    if cohort < 2 or cohort != int(cohort):
        return ""
    step = points_a_case(cohort)
    points = difference_text(fraction_half_up(step, 1), Unit.PERCENT, 0 if step.denominator == 1 else 1)
    sentence = f"Each {_one(scale)} moves this by {points}"
    if is_attainable(target, cohort):
        return f"{sentence}."
    return f"{sentence}; {target_text} exactly is not attainable at {number_text(cohort, 0)}."


def against_target(found: Against, scale: Scale, mark: str = "") -> str:
    """Whether chance could have put the value on its side of the target, with its interval; `mark` (" [i]") follows
    the figures."""
    if found.tell is Tell.FEW:
        return f"{_too_few(found, scale)} whether {_being(found, scale)} is chance{mark}."
    interval = f"the 95% interval is {interval_text(found.low, found.high, scale.unit)}{mark}."
    if found.tell is Tell.CHANCE:
        being = _being(found, scale)
        return f"{being[0].upper()}{being[1:]} could be chance: {interval}"
    if found.met:
        return f"The target is clearly met: {interval}"
    side = _missed_side(scale)
    if found.tolerance is None:
        return f"Clearly {side} the target: {interval}"
    if found.tolerance is Tell.CLEAR:
        return f"Clearly {side} the target and the tolerance: {interval}"
    return f"Clearly {side} the target, while being {side} the tolerance could be chance: {interval}"


def change_by_chance(found: Change, polarity: Polarity, reference: str, mark: str = "") -> str:
    """Whether chance could have made the change from the reference ("Q1 2018/19"), with its interval."""
    interval = f"its 95% interval is {change_interval(found, polarity)}{mark}"
    if found.tell is Tell.CLEAR:
        return f"The change from {reference} is clear of chance: {interval}."
    if found.tell is Tell.CHANCE:
        return f"The change from {reference} could be chance: {interval}."
    return f"The cases are too few to say whether the change from {reference} is chance: {interval}."


def change_interval(found: Change, polarity: Polarity) -> str:
    """ "2.1 to 13.0 points worse", "15.6 points worse to 35.2 points better"."""
    low, high = _printed(found.low), _printed(found.high)
    ways = [_way(end, polarity) for end in (low, high)]
    if ways[0] == ways[1] and ways[0]:
        near, far = sorted((abs(low), abs(high)))
        return f"{number_text(near, INTERVAL_DECIMALS)} to {_points(far)} {ways[0]}"
    return " to ".join(
        f"{_points(end)} {way}" if way else "no change" for end, way in zip((low, high), ways, strict=True)
    )


def interval_text(low: float, high: float, unit: Unit) -> str:
    """ "63.5 to 75.8%", "82.0 to 96.5 per 10,000"."""
    ends = [number_text(_printed(end), INTERVAL_DECIMALS) for end in (low, high)]
    return f"{' to '.join(ends)}{UNIT_WORDS[unit]}"


def quarters_off_target(count: int, polarity: Polarity, *, whole: bool = False, mark: str = "") -> str:
    """ "Third quarter in a row below target."; empty below two. `whole`: they are all that are shown, and how long it
    was so before is not known here."""
    if count < 2:
        return ""
    side = "below" if polarity is Polarity.HIGHER else "above"
    if whole:
        return f"All {count} quarters shown are {side} target{mark}."
    rank = ordinal(count)
    return f"{rank[0].upper()}{rank[1:]} quarter in a row {side} target{mark}."


def signals(found: Xmr, latest: str, frequency: Frequency) -> list[str]:
    """What the process limits say of the latest value, `latest` being its period, and of the target."""
    last = found.segments[-1]
    held = f"{last.count} {frequency}{'' if last.count == 1 else 's'}"
    if last.limits is None and last.count >= FEWEST:
        return [last.refusal]
    if last.limits is None:
        return [f"Since the process limits were last set anew, {held} {_are(last.count)} held: too few for limits yet."]
    if found.variation is None:
        return [f"The process limits are on trial: {held} are held, and a verdict needs {SETTLED}."]
    verdict = f"{latest} is {VARIATION_WORDS[found.variation]}"
    if reasons := found.points[found.latest].reasons:
        sentences = [f"{verdict}: {CAUSE_WORDS[reasons[0]]}."]
    else:
        sentences = [f"{verdict}, by the limits of {held}."]
    if found.assurance is not None:
        meets = ASSURANCE_WORDS[found.assurance].format(period=frequency)
        where = "between" if found.assurance is Assurance.HIT_OR_MISS else "beyond"
        sentences.append(
            f"The target lies {where} the process limits: whatever one {frequency} shows, the process {meets}."
        )
    return sentences


def _being(found: Against, scale: Scale) -> str:
    return "meeting the target" if found.met else f"being {_missed_side(scale)} the target"


def _missed_side(scale: Scale) -> str:
    return "below" if scale.polarity is Polarity.HIGHER else "above"


def _too_few(found: Against, scale: Scale) -> str:
    cases = found.numerator if scale.unit is Unit.RATE else found.denominator
    if cases == 1:
        return f"1 {_one(scale)} is too few to say"
    return f"{number_text(cases, 0)} {scale.counted or 'cases'} are too few to say"


def _one(scale: Scale) -> str:
    return scale.counted_one or "case"


def _are(number: int) -> str:
    return "is" if number == 1 else "are"


def _printed(end: float) -> Decimal:
    """As the reader sees it, so that an end that prints as nought is said to be none."""
    number = Decimal(repr(end))
    return fraction_half_up(Fraction(number), INTERVAL_DECIMALS)


def _way(end: Decimal, polarity: Polarity) -> str:
    if not end:
        return ""
    if polarity is Polarity.NEUTRAL:
        return "higher" if end > 0 else "lower"
    return "better" if (end > 0) is (polarity is Polarity.HIGHER) else "worse"


def _points(end: Decimal) -> str:
    return difference_text(end, Unit.PERCENT, INTERVAL_DECIMALS)
