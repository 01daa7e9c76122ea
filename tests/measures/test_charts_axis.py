from decimal import Decimal

import pytest

from measures.charts.axis import axis_for


def ends(values, unit):
    axis = axis_for([Decimal(value) for value in values], unit)
    return str(axis.low), str(axis.high), len(axis.ticks) - 1, axis.note


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (["70", "91"], ("50", "100", 5, "axis starts at 50%")),
        (["55", "91"], ("50", "100", 5, "axis starts at 50%")),
        (["54.9", "91"], ("0", "100", 5, "")),
        (["85", "100"], ("80", "100", 4, "axis starts at 80%")),
        (["84.9", "100"], ("50", "100", 5, "axis starts at 50%")),
        (["20.5", "28"], ("0", "50", 5, "axis ends at 50%")),
        (["20.5", "40"], ("0", "50", 5, "axis ends at 50%")),
        (["20.5", "40.1"], ("0", "100", 5, "")),
        (["3", "16"], ("0", "20", 4, "axis ends at 20%")),
        (["3", "8"], ("0", "10", 5, "axis ends at 10%")),
        ([], ("0", "100", 5, "")),
        (["90", "112"], ("0", "150", 3, "")),
        (["-3", "8"], ("-5", "10", 3, "")),
    ],
)
def test_a_percentage_shows_0_to_100_or_says_that_it_does_not(values, expected):
    assert ends(values, "percent") == expected


def test_a_cut_axis_says_at_which_end():
    assert axis_for([Decimal(70)], "percent").cut_below
    assert not axis_for([Decimal(70)], "percent").cut_above
    assert axis_for([Decimal(22)], "percent").cut_above
    assert axis_for([Decimal(22)], "percent").broken
    assert not axis_for([Decimal(22), Decimal(70)], "percent").broken


@pytest.mark.parametrize(
    ("values", "unit", "expected"),
    [
        (["1502", "1898"], "count", ("0", "2000", 4, "")),
        (["589"], "count", ("0", "600", 3, "")),
        (["3"], "count", ("0", "3", 3, "")),
        (["0"], "count", ("0", "1", 1, "")),
        ([], "count", ("0", "1", 1, "")),
        (["396", "451.4"], "rate_per_10000", ("0", "600", 3, "")),
        (["0.9"], "rate_per_10000", ("0.0", "1.0", 2, "")),
        (["22"], "days", ("0", "30", 3, "")),
    ],
)
def test_counts_rates_and_days_start_at_zero(values, unit, expected):
    assert ends(values, unit) == expected


def test_ticks_are_printed_with_their_sign_and_separator():
    assert axis_for([Decimal(1898)], "count").texts == ("0", "500", "1,000", "1,500", "2,000")
    assert axis_for([Decimal(70)], "percent").texts == ("50%", "60%", "70%", "80%", "90%", "100%")
    assert axis_for([Decimal(-3), Decimal(8)], "percent").texts == ("\u22125%", "0%", "5%", "10%")


def test_the_unit_stands_above_an_axis_of_plain_numbers():
    assert axis_for([Decimal(396)], "rate_per_10000").caption == "per 10,000"
    assert axis_for([Decimal(22)], "days").caption == "days"
    assert axis_for([Decimal(22)], "count").caption == ""
