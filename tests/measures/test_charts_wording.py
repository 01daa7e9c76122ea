from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from measures.charts.description import Break, Line, Mark
from measures.charts.phrases import cohort_text, listed, printed, spans
from measures.charts.wording import walk
from tests.measures.charts_samples import (
    b8,
    cohort,
    contacts,
    fo1,
    limits,
    months,
    quarter_point,
    quarters,
    signals,
    step,
    trend,
)


def sentences(chart):
    """Split at the full stops that end a sentence, not at those within figures."""
    return chart.summary.rstrip(".").split(". ")


def said(chart, opening):
    return [sentence for sentence in sentences(chart) if sentence.startswith(opening)]


def test_a_whole_summary():
    assert sentences(signals()) == [
        "B8 fell from 90% in Q2 2015/16 to 70% in Q2 2018/19; target 90%, tolerance 85%",
        "Highest 92% in Q4 2015/16, lowest 70% in Q2 2018/19",
        "The target was met in 5 of 13 quarters, last in Q3 2016/17",
        "The 95% interval of Q2 2018/19 is 63.5 to 75.8%",
        "Process limits: mean 85.2%, from 76.4% to 94.1%",
        "1 of 13 points is a signal of improvement: Q4 2015/16 (seven above the mean)",
        "4 of 13 points are signals of concern: Q3 2017/18 to Q1 2018/19 (seven below the mean); "
        "Q2 2018/19 (below the lower limit)",
        "Marks: 1, event, 3 November 2017: Legal team restructure agreed",
        "70% in Q2 2018/19 is below England 2017/18 (close) at 82% and Statistical neighbours (mean) "
        "2017/18 (same) at 79%",
        "The axis starts at 50%",
    ]


def test_a_summary_of_months_with_everything():
    assert sentences(months()) == [
        "B8 fell from 75% in October 2015 to 65% in September 2018; target 80%, tolerance 75%",
        "Highest 89% in May 2017, lowest 62% in August 2018",
        "Up to March 2017: target 90%, tolerance 85%",
        "The target was met in 2 of the 35 months with a value, last in June 2017",
        "Process limits from October 2015 to November 2017: mean 80.1%, from 68.2% to 92.0%",
        "Trial process limits from December 2017 to September 2018: mean 66.4%, from 57.1% to 75.6%",
        "2 of 35 points are signals of improvement: July 2018 and September 2018 (above the upper limit)",
        "4 of 35 points are signals of concern: August 2017 to November 2017 (below the lower limit)",
        "Marks: 1, new definition, 1 April 2016: Counts all children; 2, event, 3 November 2017: Restructure; "
        "3, event, 20 November 2017: Inspection by the regulator; "
        "4, limits computed anew, 1 December 2017: New service model; 5, event, 9 May 2018: New court",
        "1 of 36 months has no value: August 2016",
        "5 of 36 points are illustrative",
        "1 of 36 points is provisional: August 2018",
        "The axis starts at 50%",
    ]


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        (["20", "60"], "B8 rose from 20% in Q2 2015/16 to 60% in Q3 2015/16."),
        (["60", "20"], "B8 fell from 60% in Q2 2015/16 to 20% in Q3 2015/16."),
        (["20", "20"], "B8 was 20% in both Q2 2015/16 and Q3 2015/16. The axis ends at 50%."),
        (
            ["20", "60", None],
            "B8 rose from 20% in Q2 2015/16 to 60% in Q3 2015/16. 1 of 3 quarters has no value: Q4 2015/16.",
        ),
        (
            [None, "60"],
            "B8 was 60% in Q3 2015/16. 1 of 2 quarters has no value: Q2 2015/16. The axis starts at 50%.",
        ),
        ([None, None], "B8 has no values from Q2 2015/16 to Q3 2015/16. 2 of 2 quarters have no value."),
    ],
)
def test_the_summary_of_short_histories(values, sentence):
    assert trend(quarters(values)).summary == sentence


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (["20", "60"], []),
        (["60", "60", "60"], []),
        (["60", "20", "40"], ["Highest 60% in Q2 2015/16, lowest 20% in Q3 2015/16"]),
        (
            ["60", "20", "60", "20", "60", "20", "20"],
            ["Highest 60% in Q2 2015/16, Q4 2015/16 and Q2 2016/17, lowest 20% in 4 quarters, last in Q4 2016/17"],
        ),
    ],
)
def test_highest_and_lowest(values, expected):
    assert said(trend(quarters(values)), "Highest") == expected


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (["91"], "The target was met"),
        (["89"], "The target was not met"),
        (["91", "90"], "The target was met in both quarters"),
        (["91", "90", "95"], "The target was met in all 3 quarters"),
        (["89", "70"], "The target was met in neither of the 2 quarters"),
        (["89", "70", "80"], "The target was met in none of 3 quarters"),
        (["89", "70", "80", None], "The target was met in none of the 3 quarters with a value"),
        (["91", "70", "80"], "The target was met in 1 of 3 quarters, last in Q2 2015/16"),
        (["70", "80", "91"], "The target was met in 1 of 3 quarters, last in Q4 2015/16"),
        (["70", "90", "91"], "The target was met in 2 of 3 quarters, in each since Q3 2015/16"),
        (["70", None, "91"], "The target was met in 1 of the 2 quarters with a value, last in Q4 2015/16"),
        (["91", None, "91"], "The target was met in both quarters with a value"),
    ],
)
def test_how_often_the_target_was_met_and_since_when(values, expected):
    assert said(trend(quarters(values), steps=[step("90", "85")]), "The target") == [expected]


def test_a_target_of_only_some_periods():
    chart = trend(quarters(["91", "70", "80"]), steps=[step("90", "85", start=date(2015, 10, 1))])
    assert said(chart, "The target") == ["The target was met in neither of the 2 quarters with a value and a target"]


@pytest.mark.parametrize(
    ("target", "tolerance", "polarity", "expected"),
    [
        ("22", "28", "", ["The target was met in 1 of 2 quarters, last in Q2 2015/16"]),
        ("22", None, "lower", ["The target was met in 1 of 2 quarters, last in Q2 2015/16"]),
        ("22", None, "higher", ["The target was met in 1 of 2 quarters, last in Q3 2015/16"]),
        ("22", None, "", []),
        ("22", "22", "", []),
        ("22", "28", "neutral", []),
    ],
)
def test_which_side_of_a_target_meets_it(target, tolerance, polarity, expected):
    chart = trend(quarters(["20", "24"]), steps=[step(target, tolerance)], polarity=polarity)
    assert said(chart, "The target") == expected


def test_the_value_as_printed_is_what_meets_a_target():
    points = [replace(point, value=point.value - Decimal("0.04")) for point in quarters(["90.0", "89.9"])]
    chart = trend(points, steps=[step("90", "85")])
    assert said(chart, "The target") == ["The target was met in 1 of 2 quarters, last in Q2 2015/16"]
    assert [sentence.split(": ")[1] for sentence in walk(chart)] == ["90.0%, at target 90%", "89.9%, below target 90%"]


def test_figures_are_read_as_printed():
    texts = ("1,898", "\u22125.2", "396 per 10,000", "no figure")
    points = [replace(quarter_point(i, "7"), text=text) for i, text in enumerate(texts, 1)]
    assert [printed(point) for point in points] == [Decimal(1898), Decimal("-5.2"), Decimal(396), Decimal(7)]


def test_a_target_that_ended_is_said_to_have_ended():
    chart = trend(quarters(["91", "70", "80"]), steps=[step("90", "85", end=date(2015, 12, 31))])
    assert sentences(chart)[0] == "B8 fell from 91% in Q2 2015/16 to 80% in Q4 2015/16"
    assert said(chart, "Up to") == ["Up to Q3 2015/16: target 90%, tolerance 85%"]


def test_limits_that_are_cut_for_drawing_say_so():
    assert said(cohort(), "An upper") == ["An upper limit above 100% is drawn at 100%"]
    low = limits(date(2015, 4, 1), date(2018, 9, 30), "1.2", "-2.1", "4.5", sign=" per 10,000")
    chart = trend(quarters(["1", "2"]), unit="rate_per_10000", limits=[low])
    assert said(chart, "A lower") == ["A lower limit below 0 per 10,000 is drawn at 0 per 10,000"]
    assert said(signals(), "An upper") + said(signals(), "A lower") == []


def test_limits_without_words_are_printed_from_their_numbers():
    bare = replace(
        limits(date(2015, 4, 1), date(2018, 9, 30), "60.25", "50", "70.5"), mean_text="", lower_text="", upper_text=""
    )
    assert said(trend(quarters(["60", "61"]), limits=[bare]), "Process") == [
        "Process limits: mean 60.3%, from 50.0% to 70.5%"
    ]


def test_that_no_point_is_a_signal_is_said_only_with_limits():
    assert said(cohort(), "No point") == ["No point is a signal"]
    assert said(b8(), "No point") == []


def test_neutral_signals_are_changes_and_a_reason_may_be_missing():
    assert said(contacts(), "5 of 13") == [
        "5 of 13 points are signals of change: Q2 2017/18 to Q2 2018/19 (seven above the mean)"
    ]
    chart = trend([replace(quarter_point(1, "60"), signal="neutral")])
    assert said(chart, "1 of 1") == ["1 of 1 point is a signal of change: Q2 2015/16"]
    assert walk(chart) == ("Q2 2015/16: 60%, signal of change",)


@pytest.mark.parametrize(
    ("mark", "words"),
    [
        (Mark(date(2016, 1, 1), "break", ""), "1, new definition, 1 January 2016"),
        (Mark(date(2016, 1, 1), "break", "New definition"), "1, new definition, 1 January 2016"),
        (Mark(date(2016, 1, 1), "rebase", "New team."), "1, limits computed anew, 1 January 2016: New team"),
        (Mark(date(2016, 1, 1), "note", "Move"), "1, event, 1 January 2016: Move"),
    ],
)
def test_each_kind_of_mark(mark, words):
    assert said(trend(quarters(["1", "2", "3"]), marks=[mark]), "Marks") == [f"Marks: {words}"]


def test_benchmarks_on_both_sides_and_level():
    year = (date(2017, 4, 1), date(2018, 3, 31))
    lines = [Line(name, *year, Decimal(v), f"{v}%") for name, v in (("A", "50"), ("B", "70"), ("C", "60"), ("D", "55"))]
    chart = trend(quarters(["50"] * 12 + ["60"]), benchmarks=lines)
    assert said(chart, "60%") == [
        "60% in Q2 2018/19 is above A 2017/18 at 50% and D 2017/18 at 55%; the same as C 2017/18 at 60%; "
        "below B 2017/18 at 70%"
    ]
    nothing = trend(quarters([None] * 13), benchmarks=lines[:1])
    assert said(nothing, "Compared") == ["Compared with: A 2017/18 at 50%"]


def test_kinds_of_point_are_singular_and_plural():
    one = trend([quarter_point(1, "20", illustrative=True), quarter_point(2, "60", provisional=True)])
    assert sentences(one)[1:] == ["1 of 2 points is illustrative", "1 of 2 points is provisional: Q3 2015/16"]
    two = trend(quarters(["20", "60"], illustrative=True, provisional=True))
    assert sentences(two)[1:] == [
        "2 of 2 points are illustrative",
        "2 of 2 points are provisional: Q2 2015/16 and Q3 2015/16",
    ]


def test_gaps_are_named():
    assert said(fo1(), "3 of 13") == ["3 of 13 quarters have no value: Q4 2015/16, Q2 2016/17 and Q3 2016/17"]


def test_the_walk_says_all_that_a_point_shows():
    point = quarter_point(
        12,
        "74",
        numerator=14,
        denominator=19,
        illustrative=True,
        provisional=True,
        low=Decimal("51.21"),
        high=Decimal("88.19"),
        signal="concern",
        signal_text="below the lower limit",
        rating="Off target",
    )
    assert walk(trend([point], steps=[step("90", "85")])) == (
        "Q1 2018/19: 74%, 14 of 19, below target 90% (off target), 95% interval 51.2 to 88.2%, "
        "signal of concern: below the lower limit, provisional, illustrative",
    )


def test_the_walk_names_gaps_and_marks_where_one_passes_them():
    points = [quarter_point(1, "60"), quarter_point(2, None, symbol="[c]"), quarter_point(3, None)]
    points += [quarter_point(4, "61"), quarter_point(5, None, symbol="[z]")]
    chart = trend(
        points,
        breaks=[Break(date(2016, 1, 1), "")],
        marks=[Mark(date(2016, 4, 2), "note", "Move"), Mark(date(2016, 6, 30), "note", "Court")],
    )
    assert walk(chart) == (
        "Q2 2015/16: 60%",
        "Q3 2015/16: no value, suppressed [c]",
        "Q4 2015/16: no value, not available [x], mark 1: new definition",
        "Q1 2016/17: 61%, mark 2: Move, mark 3: Court",
        "Q2 2016/17: no value, not applicable [z]",
    )


def test_a_rating_without_a_target_in_words_stands_alone():
    silent = replace(step("90", "85"), target_text="")
    chart = trend([quarter_point(1, "60", rating="On target")], steps=[silent])
    assert walk(chart) == ("Q2 2015/16: 60%, on target",)


def test_above_below_and_at_a_target():
    chart = trend(quarters(["91", "90", "89"]), steps=[step("90", "85")])
    assert [sentence.rpartition(", ")[2] for sentence in walk(chart)] == [
        "above target 90%",
        "at target 90%",
        "below target 90%",
    ]


def test_spans_and_lists():
    chart = trend(quarters(["1"] * 7))
    first, second, third, _, fifth, sixth, _ = chart.points
    assert spans([first, second, third, fifth, sixth], chart) == "Q2 2015/16 to Q4 2015/16, Q2 2016/17 and Q3 2016/17"
    assert (listed(["a"]), listed(["a", "b"]), listed(["a", "b", "c"])) == ("a", "a and b", "a, b and c")


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
