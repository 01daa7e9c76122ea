import pytest
from django.http import QueryDict

from accounts.denial import NotKnown
from measures.terms import Frequency, SeriesRole
from tests.rows import aim, measure, series
from workflow.chart_view import SWITCHES, ChartView
from workflow.choices import Option
from workflow.measure_choice import (
    SWITCH_WORDS,
    Choice,
    choice_of,
    frequency_options,
    frequency_url,
    series_options,
    switch_options,
)

HEAD = series(74, code="A4", name="All children", aims=[aim(80, 75)])
PAIR = series(80, code="CiC", name="Children in care", role=SeriesRole.PAIR, frequency=Frequency.MONTH)
PART = series(66, code="C&N", name="Children in need", role=SeriesRole.SUBGROUP)
ROW = measure("A4", HEAD, pairs=(PAIR,), subgroups=(PART,), section="Visits")
EVERY = tuple(SWITCHES)


def choice(query="", row=ROW):
    return choice_of(row, QueryDict(query))


class TestChoice:
    @pytest.mark.parametrize(
        ("query", "expected"),
        [
            ("", Choice(HEAD, ChartView())),
            ("series=A4", Choice(HEAD, ChartView())),
            ("series=CiC", Choice(PAIR, ChartView("CiC"))),
            ("series=CiC&by=month", Choice(PAIR, ChartView("CiC", Frequency.MONTH))),
            ("series=CiC&by=week", Choice(PAIR, ChartView("CiC"))),
            # Months of a quarterly series are its quarters.
            ("by=month", Choice(HEAD, ChartView())),
            ("series=C%26N&target=off", Choice(PART, ChartView("C&N", target=False))),
        ],
    )
    def test_what_the_address_asks_for(self, query, expected):
        assert choice(query) == expected

    @pytest.mark.parametrize("query", ["series=", "series=A5", "series=a4", "series=A4%20"])
    def test_an_unknown_series_is_not_known(self, query):
        with pytest.raises(NotKnown, match=r"^A4 has no series of that name in this quarter\.$"):
            choice(query)

    def test_a_measure_without_series_has_no_choice(self):
        assert choice(row=measure("F")) is None
        assert choice("series=A4", row=measure("F")) is None

    def test_without_headline_the_first_pair(self):
        chosen = choice(row=measure("F", pairs=(PAIR,)))
        assert (chosen.row, chosen.url) == (PAIR, "?")

    def test_its_address_comes_back_to_it(self):
        for query in ("", "series=CiC&by=month", "series=C%26N", "limits=off&target=off"):
            chosen = choice(query)
            assert choice(chosen.url.removeprefix("?")) == chosen
        assert choice("series=C%26N").url == "?series=C%26N"


class TestOptions:
    def test_several_series_by_their_codes(self):
        # The months stay where a series has them, and so does every switch.
        assert series_options(ROW, choice("series=CiC&by=month&limits=off")) == [
            Option("A4", "?limits=off#chart", False),
            Option("CiC", "?series=CiC&by=month&limits=off#chart", True),
            Option("C&N", "?series=C%26N&limits=off#chart", False),
        ]

    def test_two_series_by_their_names(self):
        row = measure("A4", HEAD, subgroups=(PART,))
        names = ["All children", "Children in need"]
        assert [option.label for option in series_options(row, choice(row=row))] == names

    def test_the_two_of_a_pair_by_their_codes_which_stand_above_their_drawings(self):
        row = measure("A4", HEAD, pairs=(PAIR,))
        assert [option.label for option in series_options(row, choice(row=row))] == ["A4", "CiC"]

    def test_the_way_to_other_periods_of_another_series(self):
        shown = choice("series=CiC&limits=off")
        assert frequency_url(ROW, PART, Frequency.QUARTER, shown) == "?series=C%26N&limits=off#chart"
        assert frequency_url(ROW, HEAD, Frequency.MONTH, shown) == "?by=month&limits=off#chart"

    def test_one_series_is_no_choice(self):
        assert series_options(measure("A4", HEAD), choice()) == []

    def test_quarters_and_months(self):
        assert frequency_options(choice("series=CiC&by=month&screen=on")) == [
            Option("Quarters", "?series=CiC&screen=on#chart", False),
            Option("Months", "?series=CiC&by=month&screen=on#chart", True),
        ]
        assert frequency_options(choice()) == []


class TestSwitches:
    def test_each_turns_itself_and_leaves_the_others(self):
        assert switch_options(ChartView("B8", Frequency.MONTH, target=False), EVERY) == [
            Option("Limits", "?series=B8&by=month&limits=off&target=off#chart", True),
            Option("Screened limits", "?series=B8&by=month&screen=on&target=off#chart", False),
            Option("Intervals", "?series=B8&by=month&interval=off&target=off#chart", True),
            Option("Benchmarks", "?series=B8&by=month&benchmarks=off&target=off#chart", True),
            Option("Target", "?series=B8&by=month#chart", False),
        ]

    def test_screening_needs_limits(self):
        shown = switch_options(ChartView(limits=False), EVERY)
        assert [option.label for option in shown] == ["Limits", "Intervals", "Benchmarks", "Target"]
        assert [option.current for option in shown] == [False, True, True, True]

    def test_what_the_series_has_nothing_of_is_not_offered(self):
        assert switch_options(ChartView(), ()) == []
        assert switch_options(ChartView(), {"target"}) == [Option("Target", "?target=off#chart", True)]

    def test_every_switch_has_its_word(self):
        assert SWITCH_WORDS.keys() == SWITCHES.keys()
