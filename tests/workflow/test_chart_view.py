from itertools import product

import pytest
from django.http import QueryDict

from measures.terms import Frequency
from workflow.chart_view import SWITCHES, ChartView


def view(query=""):
    return ChartView.of(QueryDict(query))


def test_usually_everything_is_shown_by_quarters_and_nothing_is_screened():
    assert view() == ChartView()
    plain = ChartView()
    assert (plain.series, plain.frequency) == (None, Frequency.QUARTER)
    assert {name: getattr(plain, name) for name in SWITCHES} == {
        "limits": True,
        "screen": False,
        "interval": True,
        "benchmarks": True,
        "target": True,
    }


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("series=B8&by=month", ChartView("B8", Frequency.MONTH)),
        ("limits=off", ChartView(limits=False)),
        ("screen=on", ChartView(screen=True)),
        ("interval=off&benchmarks=off&target=off", ChartView(interval=False, benchmarks=False, target=False)),
        # Without limits there is nothing to screen.
        ("limits=off&screen=on", ChartView(limits=False)),
    ],
)
def test_what_an_address_asks_for(query, expected):
    assert view(query) == expected


@pytest.mark.parametrize(
    "query", ["by=week", "by=MONTH", "limits=", "limits=no", "screen=1", "target=OFF", "colour=red", "limits=on"]
)
def test_what_it_does_not_know_is_as_usual(query):
    assert view(query) == ChartView()


def test_what_is_usual_is_left_out_of_the_address():
    assert ChartView().url() == "?"
    assert view("by=quarter&limits=on&screen=off&interval=on&benchmarks=on&target=on").url() == "?"
    everything = "series=C%26N&by=month&screen=on&interval=off&benchmarks=off&target=off"
    assert view(everything).url() == "?" + everything
    assert view("limits=off").url() == "?limits=off"


def test_an_address_with_changes():
    seen = view("by=month&benchmarks=off")
    assert seen.url(target=False) == "?by=month&benchmarks=off&target=off"
    assert seen.url(benchmarks=True, frequency=Frequency.QUARTER) == "?"
    assert seen.url(series="B9") == "?series=B9&by=month&benchmarks=off"
    assert view("screen=on").url(limits=False) == "?limits=off"
    assert seen == view("by=month&benchmarks=off")


def test_a_change_that_is_none_is_an_error():
    with pytest.raises(TypeError):
        ChartView().url(limit=False)


@pytest.mark.parametrize("frequency", Frequency)
def test_every_view_comes_back_from_its_address(frequency):
    for shown in product((True, False), repeat=len(SWITCHES)):
        seen = ChartView("E 1/2", frequency).but(**dict(zip(SWITCHES, shown, strict=True)))
        assert view(seen.url().removeprefix("?")) == seen
