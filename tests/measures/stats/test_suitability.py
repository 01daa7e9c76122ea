"""Which series can have limits, of which periods, and what the page says where they cannot."""

import pytest

from measures.rating import Polarity
from measures.stats.spc import xmr
from measures.stats.suitability import frequency_for, process
from measures.terms import Frequency, Window

VALUES = [9, 11] * 10


@pytest.mark.parametrize("window", [Window.ROLLING_12M, Window.YEAR_TO_DATE])
def test_values_that_overlap_are_refused_in_words(window):
    found = process(VALUES, window=window, polarity=Polarity.HIGHER)
    assert found.xmr is None
    assert (
        found.refusal
        == {
            "rolling_12m": "Each value counts the last twelve months, so neighbours share most of what they count: "
            "limits and runs would mean nothing.",
            "year_to_date": "Each value adds to the one before it until the year ends, so neighbours share what they "
            "count: limits and runs would mean nothing.",
        }[window]
    )


def test_limits_of_a_plain_series():
    found = process([*VALUES, 30], window="period", polarity=Polarity.LOWER, target=8, screen=True, starts=[3])
    assert found.refusal == ""
    assert found.xmr == xmr([*VALUES, 30], polarity=Polarity.LOWER, target=8, screen=True, starts=[3])


@pytest.mark.parametrize(
    ("values", "refusal"),
    [
        ([1, 2, None, 3, 4], "Only 4 values are held; limits need 8."),
        ([70] * 13, "All 13 values are the same, so nothing can be told apart."),
    ],
)
def test_too_short_or_still(values, refusal):
    found = process(values, window=Window.PERIOD, polarity=Polarity.HIGHER)
    assert (found.xmr, found.refusal) == (None, refusal)


def test_a_mistake_of_the_caller_is_no_refusal():
    with pytest.raises(ValueError, match="^Segments start"):
        process(VALUES, window=Window.PERIOD, polarity=Polarity.HIGHER, starts=[0])
    with pytest.raises(ValueError, match="finite"):
        process([*VALUES, float("nan")], window=Window.PERIOD, polarity=Polarity.HIGHER)
    with pytest.raises(ValueError, match="weekly"):
        process(VALUES, window="weekly", polarity=Polarity.HIGHER)


@pytest.mark.parametrize(
    ("months", "frequency"),
    [
        ([], Frequency.QUARTER),
        ([1] * 12 + [None] * 10, Frequency.QUARTER),
        ([1, None] * 13, Frequency.MONTH),
        ([0] * 13, Frequency.MONTH),
    ],
)
def test_months_from_thirteen_on(months, frequency):
    assert frequency_for(months) is frequency
