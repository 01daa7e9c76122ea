"""Series and readings of them that the tests of limits and rules share."""

from measures.rating import Polarity

HIGHER, LOWER, NEUTRAL = Polarity.HIGHER, Polarity.LOWER, Polarity.NEUTRAL
# vignettes/deviations.Rmd of NHSRplotthedots
DEVIATIONS = (1, 2, 1, 2, 10, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1)
# tests/testthat/_snaps/ptd_spc_standard.md of NHSRplotthedots: twenty draws of R's rnorm after set.seed(123)
DRAWS = (
    *(-0.56047565, -0.23017749, 1.55870831, 0.07050839, 0.12928774, 1.71506499, 0.46091621, -1.26506123),
    *(-0.68685285, -0.44566197, 1.22408180, 0.35981383, 0.40077145, 0.11068272, -0.55584113, 1.78691314),
    *(0.49785048, -1.96661716, 0.70135590, -0.47279141),
)
# Ups and downs around 10: mean 10, mean moving range 2, limits 4.68 and 15.32, near limits 6.45 and 13.55.
EVEN = (9, 11) * 10
# Its limits lie far outside 0 and 10.
WIDE = (0, 10) * 8


def causes(result):
    """By index, of the points that have any."""
    return {index: list(point.causes) for index, point in enumerate(result.points) if point.causes}


def variations(result):
    return {index: point.variation for index, point in enumerate(result.points) if point.causes}
