from xml.etree import ElementTree as ET

from measures.charts.legend import keys, mark_keys, mark_words, shape_words
from tests.measures.charts_samples import b8, cohort, contacts, months, quarters, signals, trend

NS = "{http://www.w3.org/2000/svg}"


def words(chart):
    return [key.words for key in keys(chart)]


def test_only_what_the_chart_shows_is_explained():
    assert keys(trend(quarters(["60", "61"]))) == ()
    assert words(b8()) == ["[i] illustrative: made for this demonstration"]
    assert words(signals()) == [
        "signal of improvement",
        "signal of concern",
        "process limits and mean",
        "95% interval",
    ]
    assert words(contacts()) == ["signal of change, neither better nor worse", "process limits and mean"]
    assert words(cohort()) == ["process limits and mean", "95% interval"]
    assert words(months()) == [
        "signal of improvement",
        "signal of concern",
        "provisional",
        "[i] illustrative: made for this demonstration",
        "process limits and mean",
        "trial limits, from few points",
    ]


def test_limits_that_are_all_trial_are_called_so():
    chart = trend(quarters(["60"] * 13))
    trial = months().limits[1:]
    assert [key.words for key in keys(trend(quarters(["60"] * 13), limits=trial))] == ["trial limits, from few points"]
    assert keys(chart) == ()


def test_swatches_are_hidden_pictures_of_the_marks_themselves():
    star = ET.fromstring(keys(signals())[0].svg)
    assert (star.get("aria-hidden"), star.get("class"), star.get("width")) == ("true", "chart key", "24")
    assert [(group.get("class"), len(group)) for group in star] == [("dot imp", 1)]
    classes = [[part.get("class") for part in ET.fromstring(key.svg)] for key in keys(months())]
    assert classes == [
        ["dot imp"],
        ["dot con"],
        ["dot s"],
        ["dot s ill"],
        ["area", "lim", "mean"],
        ["lim trial", "mean trial"],
    ]


def test_marks_have_badge_number_and_kind():
    found = mark_keys(months())
    assert [(key.words, mark.text) for key, mark in found] == [
        ("new definition", "Counts all children"),
        ("event", "Restructure"),
        ("event", "Inspection by the regulator"),
        ("limits computed anew", "New service model"),
        ("event", "New court"),
    ]
    assert [ET.fromstring(key.svg).find(NS + "text").text for key, _ in found] == ["1", "2", "3", "4", "5"]


def test_words_for_a_picture_without_a_key():
    assert shape_words(contacts()) == "Cross: change. Lines with shade between: process limits and mean"
    assert shape_words(cohort()) == "Lines with shade between: process limits and mean. Bars: 95% interval"
    assert shape_words(trend(quarters(["60"] * 13), limits=months().limits[1:])) == (
        "Dotted lines: trial limits, from few points"
    )
    assert shape_words(trend(quarters(["60"]))) == ""
    assert mark_words(signals()) == ["1, event, 3 November 2017: Legal team restructure agreed"]
