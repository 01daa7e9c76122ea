"""The words of the entry sheet, from rows that are never saved."""

import pytest

from measures.entry_sheet import Sheet, line_of
from measures.models import Observation, Series
from tests.factories import Q2

JULY, AUGUST, SEPTEMBER = Q2.months


def line(code, *held, derivation="entered", **quarter):
    """A series with these periods held."""
    series = Series(
        code=code,
        unit="count",
        polarity="neutral",
        derivation=derivation,
        frequency="quarter" if derivation == "entered" else "month",
    )
    rows = {period: Observation(value=5, status="final", version=3) for period in held}
    if quarter:
        rows[Q2] = Observation(status="final", **quarter)
    return line_of(series, Q2, rows)


def monthly(code, *held):
    return line(code, *held, derivation="mean_of_months")


@pytest.mark.parametrize(
    ("lines", "sentence"),
    [
        ([], "No value is due in this quarter."),
        ([monthly("E1"), line("A2")], "None of 4 values held yet."),
        ([monthly("E1", *Q2.months), line("A2", Q2)], "All 4 values held."),
        ([monthly("E18"), line("A2", Q2)], "1 of 4 values held; E18 July to September missing."),
        ([monthly("E18", JULY), line("A2", Q2)], "2 of 4 values held; E18 August and September missing."),
        ([monthly("E18", AUGUST)], "1 of 3 values held; E18 July and September missing."),
        ([monthly("E18", JULY, AUGUST)], "2 of 3 values held; E18 September missing."),
        (
            [monthly("E18", JULY, AUGUST), line("A2"), line("A3")],
            "2 of 5 values held; E18 September, A2 Q2 2018/19 and A3 Q2 2018/19 missing.",
        ),
        (
            [monthly("E18", JULY, AUGUST), line("A2"), line("A3"), line("A8")],
            "2 of 6 values held; values of 4 series missing.",
        ),
    ],
)
def test_completeness_in_words(lines, sentence):
    assert Sheet(Q2, tuple(lines)).completeness == sentence


@pytest.mark.parametrize(
    ("held", "state"),
    [((), "Missing"), ((JULY,), "1 of 3 held"), ((JULY, SEPTEMBER), "2 of 3 held"), (Q2.months, "Held")],
)
def test_the_state_of_a_series(held, state):
    assert monthly("E1", *held).state == state


@pytest.mark.parametrize(
    ("derivation", "words"),
    [
        ("sum", "derived: sum of months, 2 of 3 months"),
        ("mean_of_months", "derived: mean of months, 2 of 3 months"),
        ("pooled_ratio", "derived: months pooled, 2 of 3 months"),
        ("snapshot_end", "derived: last month"),
        ("entered", ""),
    ],
)
def test_how_a_quarter_is_derived(derivation, words):
    assert line("E1", derivation=derivation, value=5, months_present=2).derived == words


def test_what_is_not_derived_yet_has_no_count_of_months():
    assert monthly("E1").derived == "derived: mean of months"


def test_the_version_of_a_period():
    assert [cell.version for cell in monthly("E1", AUGUST).typed] == [0, 3, 0]
