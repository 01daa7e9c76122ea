"""The rating rule in words, with a measure's own numbers; each sentence is held against the rule itself."""

from decimal import Decimal

import pytest

from measures.numbers import Unit
from measures.quarters import Quarter
from measures.rating import Polarity, rate
from measures.readings import Aim, Scale
from measures.rule_words import counted, rounding, rule
from measures.terms import Basis

Q1 = Quarter.parse("Q1 2018/19")


def scale(polarity=Polarity.HIGHER, decimals=0, unit=Unit.PERCENT):
    return Scale(unit, decimals, polarity, "cases", "case")


def aim(target, tolerance=None):
    numbers = [None if each is None else Decimal(each) for each in (target, tolerance)]
    return Aim(Q1, *numbers, Basis.CONTRACT, Basis.CONTRACT)


def test_where_higher_is_better():
    assert rule(aim("90", "85"), scale()) == [
        "On target at 90% or more.",
        "Within tolerance below 90%, down to and including 85%.",
        "Off target below 85%.",
        "A value on the boundary belongs to the better side: 90% is on target, 85% is within tolerance.",
    ]


def test_where_lower_is_better():
    assert rule(aim("22", "28"), scale(Polarity.LOWER)) == [
        "On target at 22% or less.",
        "Within tolerance above 22%, up to and including 28%.",
        "Off target above 28%.",
        "A value on the boundary belongs to the better side: 22% is on target, 28% is within tolerance.",
    ]


@pytest.mark.parametrize(
    ("polarity", "sentences"),
    [
        (
            Polarity.HIGHER,
            [
                "On target at 90.0% or more.",
                "Below 90.0% it is not on target, and not rated: no tolerance is set.",
            ],
        ),
        (
            Polarity.LOWER,
            [
                "On target at 90.0% or less.",
                "Above 90.0% it is not on target, and not rated: no tolerance is set.",
            ],
        ),
    ],
)
def test_without_a_tolerance(polarity, sentences):
    assert rule(aim("90"), scale(polarity, 1)) == sentences


def test_where_the_tolerance_is_the_target():
    assert rule(aim("5", "5"), scale(Polarity.LOWER)) == [
        "On target at 5% or less.",
        "Off target above 5%: the tolerance is the target itself.",
        "A value on the boundary belongs to the better side: 5% is on target.",
    ]


def test_what_is_not_rated():
    assert rule(aim("90"), scale(Polarity.NEUTRAL)) == ["Not rated: neither way is better."]
    assert rule(None, scale()) == rule(aim(None), scale()) == ["Not rated: no target is set."]


@pytest.mark.parametrize(
    ("polarity", "target", "decimals", "example"),
    [
        (Polarity.HIGHER, "90", 0, "a whole number, and rated as printed: 89.5% counts as 90%."),
        (Polarity.HIGHER, "90", 1, "1 decimal, and rated as printed: 89.95% counts as 90.0%."),
        (Polarity.LOWER, "22.25", 2, "2 decimals, and rated as printed: 22.255% counts as 22.26%."),
        (Polarity.HIGHER, "0", 0, "a whole number, and rated as printed: 0.5% counts as 1%."),
    ],
)
def test_the_rounding_with_an_example_that_the_rule_confirms(polarity, target, decimals, example):
    assert rounding(aim(target), scale(polarity, decimals)) == f"Rounded once, half up, to {example}"
    typed, read = [part.rstrip("%.") for part in example.rpartition(": ")[2].split("% counts as ")]
    assert rate(typed, read, None, Polarity.HIGHER, decimals).status == "green"
    assert rate(typed, read, None, Polarity.LOWER, decimals).status == "green"


def test_the_rounding_of_what_is_not_rated():
    assert rounding(None, scale()) == "Rounded once, half up, to a whole number, and rated as printed."
    assert rounding(aim("90"), scale(Polarity.NEUTRAL)) == "Rounded once, half up, to a whole number."


@pytest.mark.parametrize(
    ("unit", "words"),
    [
        (Unit.PERCENT, "A share of cases: the numerator counts some of them, the denominator all."),
        (Unit.RATE, "Cases for each 10,000 people."),
        (Unit.COUNT, "Cases."),
        (Unit.DAYS, "Cases."),
    ],
)
def test_what_is_counted(unit, words):
    assert counted(scale(unit=unit)) == words


def test_nothing_is_said_to_be_counted():
    assert counted(Scale(Unit.COUNT, 0, Polarity.HIGHER, "", "")) == ""
