from datetime import date
from decimal import Decimal

import pytest

from measures.charts.description import Break, Point, build, cohort_text, merged, runs
from tests.measures.charts_samples import b8, fo1, neighbours, quarter_point, quarters, step, trend


def test_the_summary_tells_first_last_target_and_what_is_not_real():
    assert b8().summary == (
        "B8 fell from 90% in Q2 2015/16 to 70% in Q2 2018/19; target 90%, tolerance 85%. "
        "12 of 13 points are illustrative. The axis starts at 50%."
    )


def test_the_summary_counts_gaps():
    assert fo1().summary == (
        "B8 was 84% in both Q2 2015/16 and Q2 2018/19; target 90%, tolerance 80%. "
        "3 of 13 quarters have no value. The axis starts at 50%."
    )


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        (["20", "60"], "B8 rose from 20% in Q2 2015/16 to 60% in Q3 2015/16."),
        (["20", "60", None], "B8 rose from 20% in Q2 2015/16 to 60% in Q3 2015/16. 1 of 3 quarters has no value."),
        ([None, "60"], "B8 was 60% in Q3 2015/16. 1 of 2 quarters has no value. The axis starts at 50%."),
        ([None, None], "B8 has no values from Q2 2015/16 to Q3 2015/16. 2 of 2 quarters have no value."),
    ],
)
def test_the_summary_of_short_histories(values, sentence):
    assert trend(quarters(values)).summary == sentence


def test_one_illustrative_point_is_singular():
    chart = trend([quarter_point(1, "20", illustrative=True), quarter_point(2, "60")], steps=[step("50", None)])
    assert chart.summary == (
        "B8 rose from 20% in Q2 2015/16 to 60% in Q3 2015/16; target 50%. 1 of 2 points is illustrative."
    )


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


@pytest.mark.parametrize(
    ("numerator", "denominator", "text"),
    [
        (147, 210, "147 of 210"),
        (Decimal("1214.000000"), Decimal(1641), "1,214 of 1,641"),
        (Decimal("12.50"), 100, "12.5 of 100"),
        (None, 210, ""),
        (147, None, ""),
    ],
)
def test_cohort_text(numerator, denominator, text):
    assert cohort_text(quarter_point(1, "70", numerator=numerator, denominator=denominator)) == text
