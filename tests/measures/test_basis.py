"""What process limits stand on, as it is said beside the chart."""

from dataclasses import replace

import pytest

from measures.basis import CHANGED, Basis, basis_of
from measures.overlays import Switches
from measures.terms import Frequency
from measures.track import Track
from tests.rows import series

QUARTER, MONTH = Frequency.QUARTER, Frequency.MONTH
Q2_2015 = 8062
ON = Switches()


def row_of(count, *, frequency=QUARTER, first=Q2_2015, made=False, values=None, **fields):
    held = tuple(float(70 + 3 * (number % 3)) for number in range(count)) if values is None else values
    return series(70, track=Track(frequency, first, held, made), **fields)


def test_from_which_periods():
    assert basis_of(row_of(13), QUARTER, ON) == Basis(("Process limits from 13 quarters, Q2 2015/16 to Q2 2018/19.",))
    assert basis_of(row_of(13, made=True), QUARTER, ON).sentences == (
        "Process limits from 13 quarters, Q2 2015/16 to Q2 2018/19 [i].",
    )


def test_a_gap_is_no_value():
    values = (70.0, 73.0, None, *(float(70 + 3 * (number % 3)) for number in range(12)))
    assert basis_of(row_of(0, values=values), QUARTER, ON).sentences[0].startswith("Process limits from 14 quarters, ")


STEADY = tuple(float(70 + number % 2) for number in range(14))


@pytest.mark.parametrize(
    ("values", "said"),
    [
        (STEADY, ""),
        # Seven below the mean and the eighth outside the limits: 5 of 15, no more than a third.
        ((*STEADY, 77.0), ""),
        ((*STEADY[:12], 99.0, 70.0, 71.0), " 13 of them are signals: "),
        ((*STEADY, *(90.0,) * 4), " All of them are signals: "),
    ],
)
def test_more_than_a_third_of_signals_says_what_they_may_mean(values, said):
    [sentence] = basis_of(row_of(0, values=values), QUARTER, ON).sentences
    assert sentence.partition(".")[2] == (f"{said}{CHANGED}" if said else "")


def test_limits_on_trial():
    assert basis_of(row_of(9), QUARTER, ON).sentences == (
        "Trial process limits from 9 quarters, Q2 2015/16 to Q2 2017/18: with fewer than 13 they still move with each "
        "value.",
    )


def test_limits_of_other_periods_than_those_shown():
    months = row_of(39, frequency=MONTH, first=24186)
    assert basis_of(months, QUARTER, ON) == Basis(("Process limits are computed on its 39 months.",), MONTH)
    assert basis_of(months, MONTH, ON).sentences == ("Process limits from 39 months, July 2015 to September 2018.",)
    assert basis_of(row_of(13), MONTH, ON) == Basis(("Process limits are computed on its 13 quarters.",), QUARTER)


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        (row_of(5), "No process limits: only 5 values are held; limits need 8."),
        (row_of(0, values=(70.0,) * 9), "No process limits: all 9 values are the same, so nothing can be told apart."),
        (
            row_of(13, window="year_to_date"),
            "No process limits: each value adds to the one before it until the year ends, so neighbours share what "
            "they count: limits and runs would mean nothing.",
        ),
    ],
)
def test_why_there_are_none(row, sentence):
    assert basis_of(row, QUARTER, ON) == Basis((sentence,))


def test_each_part_of_a_series_that_was_set_anew():
    row = row_of(16)
    row = replace(row, restarts=(row.track.period(13).start,))
    assert basis_of(row, QUARTER, ON).sentences == (
        "Process limits from 13 quarters, Q2 2015/16 to Q2 2018/19.",
        "No process limits for Q3 2018/19 to Q1 2019/20: only 3 values are held; limits need 8.",
    )


def test_screened_limits_say_so():
    assert basis_of(row_of(13), QUARTER, Switches(screen=True)).sentences == (
        "Process limits from 13 quarters, Q2 2015/16 to Q2 2018/19, unusual changes left out.",
    )


def test_nothing_where_there_is_nothing_to_say():
    assert basis_of(row_of(13), QUARTER, Switches(limits=False)) == Basis()
    assert basis_of(row_of(1), QUARTER, ON) == Basis()
