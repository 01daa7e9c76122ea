"""Intervals for proportions, rates and differences of proportions. Pure: no Django.

The figures are complete counts, no samples: an interval speaks of the process behind a count, how far chance alone
could have moved it. Numbers are Decimal, int or float, and may be fractions (the mean of three months' counts).
ValueError says what is wrong with a number, TypeError that it is none.
"""

from __future__ import annotations

from decimal import Decimal
from math import isfinite, sqrt

from .quantiles import gamma_quantile, tail, z_of

Real = Decimal | int | float

CONFIDENCE = 0.95
PER = 10_000
# From this count on Byar's approximation stands for the exact limits, as in PHEindicatormethods.
BYAR_FROM = 10


def wilson(x: Real, n: Real, confidence: float = CONFIDENCE) -> tuple[float, float]:
    """The score interval of x out of n, as proportions from 0 to 1.

    Wilson, "Probable inference, the law of succession, and statistical inference", JASA 22 (1927); method 3 of
    Newcombe, Statistics in Medicine 17 (1998) 857-872.
    """
    count, cohort = _out_of(x, n)
    z = z_of(confidence)
    share = count / cohort
    middle = 2 * count + z * z
    reach = z * sqrt(z * z + 4 * count * (1 - share))
    under = 2 * (cohort + z * z)
    # The ends and the share itself belong to the interval, whatever the rounding of floats.
    low = 0.0 if count == 0 else max(0.0, min(share, (middle - reach) / under))
    high = 1.0 if count == cohort else min(1.0, max(share, (middle + reach) / under))
    return low, high


def byar(x: Real, confidence: float = CONFIDENCE) -> tuple[float, float]:
    """Byar's limits of a count, close to the exact ones: Breslow and Day, "Statistical methods in cancer research",
    volume II (IARC 1987)."""
    count = _count(x)
    z = z_of(confidence)
    high = (count + 1) * (1 - 1 / (9 * (count + 1)) + z / (3 * sqrt(count + 1))) ** 3
    if count == 0:
        return 0.0, high
    # Below about 3 the cube would be that of a number under nought.
    return count * max(0.0, 1 - 1 / (9 * count) - z / (3 * sqrt(count))) ** 3, high


def exact_poisson(x: Real, confidence: float = CONFIDENCE) -> tuple[float, float]:
    """The exact limits of a count, from chi-square quantiles: Garwood, "Fiducial limits for the Poisson distribution",
    Biometrika 28 (1936) 437-442."""
    count = _count(x)
    beyond = tail(confidence)
    low = gamma_quantile(beyond, count) if count else 0.0
    return low, gamma_quantile(1 - beyond, count + 1)


def rate(x: Real, population: Real, confidence: float = CONFIDENCE, per: int = PER) -> tuple[float, float]:
    """The interval of x in a population, `per` 10,000: exact below 10, Byar's from 10 on, as PHEindicatormethods
    (R/Rates.R) and the Fingertips technical guidance have it."""
    people = _number(population, "population")
    if people <= 0:
        raise ValueError("The population must be above 0.")
    low, high = exact_poisson(x, confidence) if _count(x) < BYAR_FROM else byar(x, confidence)
    return low / people * per, high / people * per


def newcombe(x1: Real, n1: Real, x2: Real, n2: Real, confidence: float = CONFIDENCE) -> tuple[float, float]:
    """The interval of x1/n1 minus x2/n2, two cohorts independent of each other, from -1 to 1.

    Hybrid score, method 10 of Newcombe, "Interval estimation for the difference between independent proportions",
    Statistics in Medicine 17 (1998) 873-890.
    """
    low1, high1 = wilson(x1, n1, confidence)
    low2, high2 = wilson(x2, n2, confidence)
    share1, share2 = float(x1) / float(n1), float(x2) / float(n2)
    difference = share1 - share2
    down = sqrt((share1 - low1) ** 2 + (high2 - share2) ** 2)
    up = sqrt((high1 - share1) ** 2 + (share2 - low2) ** 2)
    return max(-1.0, difference - down), min(1.0, difference + up)


def _out_of(x: Real, n: Real) -> tuple[float, float]:
    cohort = _number(n, "denominator")
    if cohort <= 0:
        raise ValueError("The denominator must be above 0.")
    count = _count(x)
    if count > cohort:
        raise ValueError("The numerator cannot be above the denominator.")
    return count, cohort


def _count(x: Real) -> float:
    count = _number(x, "numerator")
    if count < 0:
        raise ValueError("The numerator cannot be below 0.")
    return count


def _number(value: Real, name: str) -> float:
    if isinstance(value, bool) or not isinstance(value, (Decimal, int, float)):
        raise TypeError(f"The {name} is a Decimal, int or float, not {value!r}.")
    try:
        number = float(value)
    except (OverflowError, ValueError):
        number = float("nan")
    if not isfinite(number):
        raise ValueError(f"The {name} is no number that can be counted with.")
    return number
