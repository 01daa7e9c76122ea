"""What the statistics say, sentence by sentence."""

from decimal import Decimal

import pytest

from measures.numbers import Unit
from measures.rating import Polarity
from measures.stats.chance import Change, Tell, against
from measures.stats.rules import Cause
from measures.stats.spc import Assurance, Variation, xmr
from measures.stats.words import (
    ASSURANCE_WORDS,
    CAUSE_WORDS,
    COMPLETE_COUNTS,
    TELL_WORDS,
    VARIATION_WORDS,
    against_target,
    cases_to_go,
    change_by_chance,
    change_interval,
    each_case,
    interval_text,
    quarters_off_target,
    signals,
)
from measures.terms import Frequency
from tests.rows import scale

HIGHER, LOWER, NEUTRAL = Polarity.HIGHER, Polarity.LOWER, Polarity.NEUTRAL
YOUNG = scale(counted="young people", counted_one="young person")
LOWER_SCALE = scale(polarity="lower")
CHILDREN = scale("rate_per_10000", polarity="lower", counted="children", counted_one="child")
EVEN = (9, 11) * 10


def test_every_verdict_has_words():
    assert TELL_WORDS == {
        Tell.CLEAR: "target: clear of chance",
        Tell.CHANCE: "target: could be chance",
        Tell.FEW: "too few to say",
    }
    for words, members in ((CAUSE_WORDS, Cause), (VARIATION_WORDS, Variation), (ASSURANCE_WORDS, Assurance)):
        assert set(words) == set(members)
    assert COMPLETE_COUNTS == "The counts are complete: an interval says how far chance alone could have moved them."


@pytest.mark.parametrize(
    ("short", "cohort", "polarity", "sentence"),
    [
        (2, 19, HIGHER, "2 more of 19 would meet 90%"),
        (1, Decimal(19), HIGHER, "1 more of 19 would meet 90%"),
        (3, 100, LOWER, "3 fewer of 100 would meet 90%"),
        (4000, 10_000, HIGHER, "4,000 more of 10,000 would meet 90%"),
    ],
)
def test_cases_to_go(short, cohort, polarity, sentence):
    assert cases_to_go(short, cohort, "90%", polarity) == sentence


@pytest.mark.parametrize(
    ("cohort", "target", "sentence"),
    [
        (19, 90, "Each young person moves this by 5.3 points; 90% exactly is not attainable at 19."),
        (20, 90, "Each young person moves this by 5 points."),
        (
            Decimal(20),
            Decimal("92.5"),
            "Each young person moves this by 5 points; 92.5% exactly is not attainable at 20.",
        ),
        (8, 75, "Each young person moves this by 12.5 points."),
        (100, 90, "Each young person moves this by 1 point."),
        (2, 90, "Each young person moves this by 50 points; 90% exactly is not attainable at 2."),
        (1, 90, ""),
        (Decimal("18.5"), 90, ""),
    ],
)
def test_each_case(cohort, target, sentence):
    assert each_case(YOUNG, cohort, target, f"{target}%") == sentence


def test_each_case_without_a_noun():
    assert each_case(scale(counted="", counted_one=""), 20, 90, "90%") == "Each case moves this by 5 points."


@pytest.mark.parametrize(
    ("counts", "aims", "scaling", "sentence"),
    [
        ((16, 19), (90, 80), YOUNG, "Being below the target could be chance: the 95% interval is 62.4 to 94.5%."),
        (
            (147, 210),
            (90, 85),
            YOUNG,
            "Clearly below the target and the tolerance: the 95% interval is 63.5 to 75.8%.",
        ),
        (
            (79, 100),
            (90, 80),
            YOUNG,
            "Clearly below the target, while being below the tolerance could be chance: "
            "the 95% interval is 70.0 to 85.8%.",
        ),
        ((850, 1000), (90, 80), YOUNG, "Clearly below the target: the 95% interval is 82.7 to 87.1%."),
        (
            (60, 100),
            (22, 28),
            LOWER_SCALE,
            "Clearly above the target and the tolerance: the 95% interval is 50.2 to 69.1%.",
        ),
        (
            (27, 100),
            (22, 28),
            LOWER_SCALE,
            "Being above the target could be chance: the 95% interval is 19.3 to 36.4%.",
        ),
        ((99, 100), (90, None), YOUNG, "The target is clearly met: the 95% interval is 94.6 to 99.8%."),
        ((92, 100), (90, None), YOUNG, "Meeting the target could be chance: the 95% interval is 85.0 to 95.9%."),
        ((1, 1), (90, None), YOUNG, "1 young person is too few to say whether meeting the target is chance."),
        ((3, 4), (90, None), YOUNG, "4 young people are too few to say whether being below the target is chance."),
        (
            (589, 66180),
            (80, 85),
            CHILDREN,
            "Clearly above the target, while being above the tolerance could be chance: "
            "the 95% interval is 82.0 to 96.5 per 10,000.",
        ),
        ((1, 66180), (1, None), CHILDREN, "1 child is too few to say whether meeting the target is chance."),
        (
            (3, 4),
            (90, None),
            scale(counted="", counted_one=""),
            "4 cases are too few to say whether being below the target is chance.",
        ),
    ],
)
def test_against_the_target(counts, aims, scaling, sentence):
    found = against(*counts, *aims, polarity=scaling.polarity, unit=scaling.unit)
    assert against_target(found, scaling) == sentence


@pytest.mark.parametrize(
    ("low", "high", "polarity", "text"),
    [
        (-15.64, 35.24, HIGHER, "15.6 points worse to 35.2 points better"),
        (-15.64, 35.24, LOWER, "15.6 points better to 35.2 points worse"),
        (-15.64, 35.24, NEUTRAL, "15.6 points lower to 35.2 points higher"),
        (-22.8, -6.94, HIGHER, "6.9 to 22.8 points worse"),
        (6.94, 22.8, HIGHER, "6.9 to 22.8 points better"),
        (6.94, 22.8, LOWER, "6.9 to 22.8 points worse"),
        (-22.8, -6.94, NEUTRAL, "6.9 to 22.8 points lower"),
        # as printed, an end may be none
        (0.04, 3, HIGHER, "no change to 3.0 points better"),
        (-3, -0.04, HIGHER, "3.0 points worse to no change"),
        (-0.04, 0.04, HIGHER, "no change to no change"),
        (-0.06, 1e-9, HIGHER, "0.1 points worse to no change"),
        # half up, as everywhere
        (-1.25, 1.25, HIGHER, "1.3 points worse to 1.3 points better"),
    ],
)
def test_the_interval_of_a_change(low, high, polarity, text):
    assert change_interval(Change(Tell.CHANCE, low, high), polarity) == text


@pytest.mark.parametrize(
    ("tell", "sentence"),
    [
        (Tell.CLEAR, "The change from Q1 2018/19 is clear of chance: its 95% interval is 6.9 to 22.8 points worse."),
        (Tell.CHANCE, "The change from Q1 2018/19 could be chance: its 95% interval is 6.9 to 22.8 points worse."),
        (
            Tell.FEW,
            "The cases are too few to say whether the change from Q1 2018/19 is chance: "
            "its 95% interval is 6.9 to 22.8 points worse.",
        ),
    ],
)
def test_a_change(tell, sentence):
    assert change_by_chance(Change(tell, -22.8, -6.94), HIGHER, "Q1 2018/19") == sentence


def test_marks_follow_the_figures():
    """What rests on figures made for a demonstration says so."""
    found = against(16, 19, 90, polarity=HIGHER, unit=Unit.PERCENT)
    assert against_target(found, YOUNG, " [i]").endswith("the 95% interval is 62.4 to 94.5% [i].")
    few = against(3, 4, 90, polarity=HIGHER, unit=Unit.PERCENT)
    assert against_target(few, YOUNG, " [i]").endswith("being below the target is chance [i].")
    assert change_by_chance(Change(Tell.CLEAR, -22.8, -6.94), HIGHER, "Q1 2018/19", " [i]").endswith(
        "6.9 to 22.8 points worse [i]."
    )
    assert quarters_off_target(3, HIGHER, mark=" [i]") == "Third quarter in a row below target [i]."
    assert quarters_off_target(13, LOWER, whole=True, mark=" [i]") == "All 13 quarters shown are above target [i]."


def test_intervals():
    assert interval_text(63.488, 75.793, Unit.PERCENT) == "63.5 to 75.8%"
    assert interval_text(0.0, 100.0, Unit.PERCENT) == "0.0 to 100.0%"
    assert interval_text(981.956, 1096.487, Unit.RATE) == "982.0 to 1,096.5 per 10,000"


@pytest.mark.parametrize(
    ("count", "polarity", "whole", "sentence"),
    [
        (0, HIGHER, False, ""),
        (1, HIGHER, False, ""),
        (1, HIGHER, True, ""),
        (2, HIGHER, False, "Second quarter in a row below target."),
        (3, HIGHER, False, "Third quarter in a row below target."),
        (3, LOWER, False, "Third quarter in a row above target."),
        (11, LOWER, False, "11th quarter in a row above target."),
        (13, HIGHER, True, "All 13 quarters shown are below target."),
    ],
)
def test_quarters_off_target(count, polarity, whole, sentence):
    assert quarters_off_target(count, polarity, whole=whole) == sentence


@pytest.mark.parametrize(
    ("values", "arguments", "sentences"),
    [
        (
            EVEN[:12],
            {},
            ["The process limits are on trial: 12 months are held, and a verdict needs 13."],
        ),
        (EVEN, {}, ["September 2018 is everyday variation, by the limits of 20 months."]),
        (
            [*EVEN, 30],
            {"target": 4},
            [
                "September 2018 is a signal of improvement, high: outside the process limits.",
                "The target lies between the process limits: whatever one month shows, the process as it is meets it "
                "in some months and misses it in others.",
            ],
        ),
        (
            [*EVEN, 9, *[11.5, 12.5] * 4],
            {"target": 20, "polarity": LOWER},
            [
                "September 2018 is a signal of concern, high: "
                "one of seven or more in a row on the same side of the mean.",
                "The target lies beyond the process limits: whatever one month shows, the process as it is usually "
                "meets it.",
            ],
        ),
        (
            [*EVEN, *EVEN, 20, 20, 11, 11, 11, 20, 20],
            {"target": 90, "polarity": HIGHER},
            [
                # Of three causes the one that stands first.
                "September 2018 is a signal of improvement, high: outside the process limits.",
                "The target lies beyond the process limits: whatever one month shows, the process as it is usually "
                "misses it.",
            ],
        ),
        (
            # Below the lower limit and at the end of a rise: the better of the two is said, and why.
            [*[80, 81] * 10, *range(50, 58)],
            {},
            ["September 2018 is a signal of improvement, high: one of seven or more in a row that move the same way."],
        ),
        (
            [*[80, 81] * 10, *range(50, 58)],
            {"polarity": LOWER},
            ["September 2018 is a signal of improvement, low: outside the process limits."],
        ),
        (
            [*[80, 81] * 10, *range(50, 58)],
            {"polarity": NEUTRAL},
            ["September 2018 is a signal of change, low: outside the process limits."],
        ),
        (
            [*EVEN, *[70] * 14],
            {"starts": [20]},
            ["All 14 values are the same, so nothing can be told apart."],
        ),
        (
            [*EVEN, 9],
            {"starts": [20]},
            ["Since the process limits were last set anew, 1 month is held: too few for limits yet."],
        ),
        (
            [*EVEN, None],
            {"starts": [20]},
            ["Since the process limits were last set anew, 0 months are held: too few for limits yet."],
        ),
    ],
)
def test_signals(values, arguments, sentences):
    found = xmr(values, **{"polarity": HIGHER, **arguments})
    assert signals(found, "September 2018", Frequency.MONTH) == sentences
