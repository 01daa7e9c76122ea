from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from measures.charts.description import Break, Line, Mark, Point, build, merged, runs
from measures.charts.parts import drawn_limits
from tests.measures.charts_samples import b8, limits, neighbours, quarter_point, quarters, step, trend


def test_at_most_13_quarters_are_shown():
    assert [p.label for p in trend(quarters(["60"] * 15)).points][0::12] == ["Q4 2015/16", "Q4 2018/19"]


def test_at_most_36_months_are_shown():
    points = [Point(date(2015 + i // 12, i % 12 + 1, 28), str(i), str(i), Decimal(i)) for i in range(40)]
    chart = build(title="", subject="", unit="count", frequency="month", points=points)
    assert (len(chart.points), chart.points[0].label) == (36, "4")


def test_a_chart_needs_points_and_a_known_frequency():
    with pytest.raises(ValueError, match="at least one point"):
        trend([])
    with pytest.raises(ValueError, match="quarters or months, not 'week'"):
        build(title="", subject="", unit="count", frequency="week", points=quarters(["1"]))


def test_what_lies_outside_the_dates_shown_is_left_out():
    chart = trend(
        quarters(["60", "61"]),
        steps=[step("10", None, end=date(2015, 9, 29)), step("70", None), step("5", None, start=date(2016, 1, 1))],
        benchmarks=neighbours(("England", "3")),
        breaks=[Break(date(2015, 9, 30), "a"), Break(date(2015, 10, 1), "b"), Break(date(2016, 1, 1), "c")],
    )
    assert [str(s.target) for s in chart.steps] == ["70"]
    assert chart.benchmarks == ()
    assert [b.text for b in chart.breaks] == ["b"]
    assert str(chart.axis.low) == "50"


def test_neighbouring_steps_that_agree_become_one():
    first = step("90", "85", end=date(2016, 3, 31))
    second = step("90", "85", start=date(2016, 4, 1), end=date(2017, 3, 31))
    apart = step("90", "85", start=date(2017, 4, 3), end=date(2018, 3, 31))
    other = step("80", "75", start=date(2018, 4, 1))
    assert [(s.start, s.end) for s in merged([first, second, apart, other])] == [
        (date(2015, 4, 1), date(2017, 3, 31)),
        (date(2017, 4, 3), date(2018, 3, 31)),
        (date(2018, 4, 1), date(2030, 3, 31)),
    ]


def labels_of(points, breaks=()):
    return [(lighter, [p.short for p in run]) for lighter, run in runs(points, breaks, "quarter")]


def test_a_missing_value_interrupts_the_line():
    assert labels_of(quarters(["1", "2", None, "4", "5"])) == [
        (False, ["Q2 15/16", "Q3 15/16"]),
        (False, ["Q1 16/17", "Q2 16/17"]),
    ]


def test_a_period_left_out_interrupts_the_line():
    points = quarters(["1", "2", "3", "4"])
    assert labels_of([points[0], points[1], points[3]]) == [(False, ["Q2 15/16", "Q3 15/16"])]


def test_a_new_definition_interrupts_the_line():
    points = quarters(["1", "2", "3", "4"])
    assert labels_of(points, [Break(date(2016, 1, 1), "")]) == [
        (False, ["Q2 15/16", "Q3 15/16"]),
        (False, ["Q4 15/16", "Q1 16/17"]),
    ]


def test_the_line_to_and_from_an_illustrative_point_is_lighter():
    points = [*quarters(["1", "2"], illustrative=True), quarter_point(3, "3"), quarter_point(4, "4")]
    assert labels_of(points) == [
        (True, ["Q2 15/16", "Q3 15/16", "Q4 15/16"]),
        (False, ["Q4 15/16", "Q1 16/17"]),
    ]


def test_marks_and_breaks_are_numbered_in_order_of_time():
    chart = trend(
        quarters(["60"] * 6),
        breaks=[Break(date(2016, 4, 1), "Counts all children")],
        marks=[Mark(date(2016, 8, 2), "note", "b"), Mark(date(2016, 1, 1), "rebase", "a")],
    )
    assert [(m.number, m.kind, m.text) for m in chart.marks] == [
        (1, "rebase", "a"),
        (2, "break", "Counts all children"),
        (3, "note", "b"),
    ]


def test_a_recorded_break_interrupts_the_line_and_speaks_for_a_definition_of_the_same_day():
    day = date(2016, 1, 1)
    chart = trend(quarters(["1", "2", "3"]), breaks=[Break(day, "old")], marks=[Mark(day, "break", "new")])
    assert chart.breaks == (Break(day, "new"),)
    assert [(m.kind, m.text) for m in chart.marks] == [("break", "new")]
    assert labels_of(chart.points, chart.breaks) == [(False, ["Q2 15/16", "Q3 15/16"])]


def test_marks_outside_the_dates_shown_are_left_out():
    days = [date(2015, 6, 1), date(2015, 8, 1), date(2015, 9, 30), date(2016, 3, 31), date(2016, 4, 1)]
    points = quarters(["60"] * 3)
    assert [m.at for m in trend(points, marks=[Mark(day, "note", "") for day in days]).marks] == days[1:4]
    assert [m.at for m in trend(points, marks=[Mark(day, "rebase", "") for day in days]).marks] == [days[3]]


def test_limits_outside_the_dates_shown_are_left_out():
    parts = [
        limits(date(2014, 4, 1), date(2015, 9, 29), "50", "40", "60"),
        limits(date(2015, 7, 1), date(2016, 3, 31), "60", "50", "70"),
        limits(date(2016, 4, 1), date(2016, 9, 30), "70", "60", "80"),
    ]
    assert trend(quarters(["60"] * 3), limits=parts).limits == (parts[1],)


@pytest.mark.parametrize(
    ("values", "unit", "lower", "upper", "drawn"),
    [
        (["60", "61"], "percent", "-4", "104", ("0", "100")),
        (["60", "61"], "percent", "4", "96", ("4", "96")),
        (["60", "61"], "count", "-4", "104", ("0", "104")),
        (["-3", "61"], "count", "-4", "104", ("-4", "104")),
        (["60", "110"], "percent", "-4", "124", ("0", "124")),
    ],
)
def test_limits_are_cut_for_drawing_only_to_what_can_be(values, unit, lower, upper, drawn):
    part = limits(date(2015, 4, 1), date(2018, 9, 30), "50", lower, upper)
    chart = trend(quarters(values), unit=unit, limits=[part])
    (seen,) = drawn_limits(chart)
    assert (str(seen.lower), str(seen.upper)) == drawn
    assert chart.limits == (part,)


def test_the_axis_covers_limits_and_whiskers():
    plain = quarters(["90", "92"])
    assert trend(plain).axis.low == 80
    wide = limits(date(2015, 4, 1), date(2018, 9, 30), "90", "48", "104")
    assert (trend(plain, limits=[wide]).axis.low, trend(plain, limits=[wide]).axis.high) == (0, 100)
    whiskered = [replace(plain[0], low=Decimal(54), high=Decimal(99)), plain[1]]
    assert trend(whiskered).axis.low == 0
    counted = [replace(plain[0], high=Decimal(640)), plain[1]]
    assert trend(counted, unit="count").axis.high == 800


@pytest.mark.parametrize(
    ("start", "end", "long", "short"),
    [
        (date(2017, 4, 1), date(2018, 3, 31), "2017/18 (close)", "17/18 (close)"),
        (date(1999, 4, 1), date(2000, 3, 31), "1999/00 (close)", "99/00 (close)"),
        (date(2018, 7, 1), date(2018, 9, 30), "Q2 2018/19 (close)", "Q2 18/19 (close)"),
        (date(2018, 1, 1), date(2018, 12, 31), "to 31 December 2018 (close)", "to 31 December 2018 (close)"),
    ],
)
def test_a_benchmark_keeps_its_period_and_comparability(start, end, long, short):
    line = Line("England", start, end, Decimal(20), "20%", comparability="close")
    assert (line.when(), line.when(short=True), line.name) == (long, short, f"England {long}")
    assert replace(line, comparability="").name == f"England {long.removesuffix(' (close)')}"


def test_a_chart_spans_its_points():
    assert (b8().since, b8().until) == (date(2015, 9, 30), date(2018, 9, 30))
