"""Quantiles of the normal and gamma distributions, to about 12 digits. Pure: no Django."""

from __future__ import annotations

from functools import lru_cache
from math import exp, lgamma, log, sqrt
from statistics import NormalDist

SMALLEST_TERM = 1e-17
PRECISION = 1e-13
# Next to nought, where the logarithms below would end; and the largest power that a float holds.
TINY = 1e-300
LARGEST_POWER = 700.0


@lru_cache(maxsize=64)
def z_of(confidence: float) -> float:
    """How many standard deviations hold that share on both sides: 1.959964 for 0.95. ValueError unless 0 to 1."""
    return -NormalDist().inv_cdf(tail(confidence))


def tail(confidence: float) -> float:
    """The share that lies beyond one end: 0.025 for 0.95. ValueError unless `confidence` lies between 0 and 1."""
    if not 0 < confidence < 1:
        raise ValueError(f"The confidence is a share between 0 and 1, such as 0.95, not {confidence}.")
    return (1 - confidence) / 2


@lru_cache(maxsize=1024)
def gamma_quantile(share: float, shape: float) -> float:
    """Where the gamma distribution of scale 1 reaches `share`, between 0 and 1; half a chi-square quantile of twice
    the shape in degrees of freedom.

    Newton's steps on the distribution, kept between two ends that close in on the answer, so that none can escape.
    """
    # No share that a float can tell from 1 lies further out than this.
    low, high = 0.0, shape + 10 * sqrt(shape) + 40
    at = shape
    while high - low > max(PRECISION * high, TINY):
        excess = gamma_share(at, shape) - share
        low, high = (low, at) if excess > 0 else (at, high)
        slope = _density(at, shape)
        step = at - excess / slope if slope else high
        if abs(step - at) <= PRECISION * at:
            return step
        at = step if low < step < high else (low + high) / 2
    return at


def gamma_share(at: float, shape: float) -> float:
    """The regularised lower incomplete gamma function, by the series in Abramowitz and Stegun 6.5.29 (DLMF 8.11.4):
    every term is positive, so nothing cancels."""
    term = total = 1 / shape
    above = shape
    while term > SMALLEST_TERM * total:
        above += 1
        term *= at / above
        total += term
    return total * exp(shape * log(at) - at - lgamma(shape))


def _density(at: float, shape: float) -> float:
    return exp(min(LARGEST_POWER, (shape - 1) * log(at) - at - lgamma(shape)))
