from dataclasses import replace
from datetime import date, timedelta
from xml.etree import ElementTree as ET

import pytest

from measures.charts.aligning import aligned
from measures.charts.description import Break, build
from measures.charts.drawing import draw
from measures.charts.multiples import SMALL, multiples
from measures.charts.panels import panels
from measures.charts.shapes import WIDE
from tests.measures.charts_samples import (
    contacts,
    limits,
    month_point,
    months,
    quarter_point,
    quarters,
    signals,
    step,
    trend,
)

NS = "{http://www.w3.org/2000/svg}"


def group(name, values, first=1, **parts):
    points = quarters(values, first=first)
    return build(title=name, subject=name, unit="percent", frequency="quarter", points=points, **parts)


def groups():
    return [
        group("In care", ["60", "62", "70"], steps=[step("65", "60")], breaks=[Break(date(2016, 1, 1), "")]),
        group("In need", ["91"], first=3),
        group("Leaving care", ["88", "92", None], steps=[step("90", "85")]),
    ]


def svgs(charts):
    return [ET.fromstring(one.svg) for one in multiples(charts, "groups")]


def texts(root, css):
    return [text.text for part in root if part.get("class") == css for text in part]


def test_each_has_its_name_its_latest_value_and_its_own_target():
    found = multiples(groups(), "groups")
    assert [(one.name, one.latest, one.period, one.target) for one in found] == [
        ("In care", "70%", "Q4 2015/16", "target 65%"),
        ("In need", "91%", "Q4 2015/16", ""),
        ("Leaving care", "[x]", "Q4 2015/16", "target 90%"),
    ]
    assert [len([e for e in root if e.get("class") == "tgt"]) for root in svgs(groups())] == [1, 0, 1]
    assert texts(svgs(groups())[0], "lb") == ["target 65%"]


def test_each_has_the_marks_of_its_value_and_of_its_target():
    aim = replace(step("65", "60"), target_text="target 65% [i]")
    points = [*quarters(["60"]), quarter_point(2, "70", illustrative=True, provisional=True, revised=True)]
    made, plain = multiples([trend(points, steps=[aim]), groups()[1]], "groups")
    assert (made.target, made.marks, made.target_marks) == ("target 65%", ("i", "p", "r"), ("i",))
    assert (plain.marks, plain.target_marks) == ((), ())


def test_all_share_one_scale_and_one_time_axis():
    roots = svgs(groups())
    assert {tuple(texts(root, "ax")[:2]) for root in roots} == {("50%", "100%")}
    last = [[circle.get("cx") for group in root if group.get("class") == "dot" for circle in group] for root in roots]
    assert last[0] == last[1]
    assert {root.get("viewBox") for root in roots} == {f"0 0 {SMALL.width} {SMALL.height}"}


def test_each_is_an_image_named_by_what_it_shows():
    found = multiples([signals(), groups()[0]], "groups")
    root = ET.fromstring(found[0].svg)
    assert (root.get("role"), root.get("aria-labelledby")) == ("img", "groups-1-title")
    assert root.find(NS + "title").text == found[0].summary
    assert "Trend fell from 90% in Q2 2015/16 to 70% in Q2 2018/19" in found[0].summary
    # Neither is drawn so small.
    assert "England" not in found[0].summary
    assert "Process limits" not in found[0].summary


def test_a_new_definition_is_a_line_without_a_number():
    root = svgs(groups())[0]
    assert len([e for e in root if e.get("class") == "mk brk"]) == 1
    assert [e for e in root if e.get("class") in ("badge", "num")] == []


def test_charts_without_a_common_scale_are_refused():
    with pytest.raises(ValueError, match="one unit and one frequency"):
        multiples([signals(), contacts()], "x")
    with pytest.raises(ValueError, match="one unit and one frequency"):
        multiples([signals(), months()], "x")
    assert multiples([], "x") == ()


def test_aligned_charts_span_the_dates_of_all():
    long, short = aligned([group("a", ["1"] * 5), group("b", ["1"], first=2)])
    assert (long.since, long.until) == (short.since, short.until) == (date(2015, 9, 30), date(2016, 9, 30))
    at = short.points[0].at
    assert draw(long, WIDE).scale.x(at) == draw(short, WIDE).scale.x(at)
    assert aligned([]) == []


def pair():
    rate = replace(contacts(), title="Contacts per 10,000", points=contacts().points[3:], limits=())
    return [contacts(), rate]


def test_panels_stand_over_each_other_day_by_day():
    upper, foot = panels(pair(), "pair")
    for name in ("wide", "narrow"):
        at = [panel.figure["places"][name][-1][0] for panel in (upper, foot)]
        assert at[0] == at[1]
        first = upper.figure["places"][name][3][0]
        assert first == foot.figure["places"][name][0][0]
    assert (upper.figure["layout"]["margin"]["r"], upper.css) == (foot.figure["layout"]["margin"]["r"], "panel-upper")


def test_each_panel_has_its_own_axis_caption_and_alternative():
    upper, foot = panels(pair(), "pair")
    roots = [ET.fromstring(panel.wide) for panel in (upper, foot)]
    assert [texts(root, "cap") for root in roots] == [["Contacts"], ["Contacts per 10,000"]]
    assert [root.get("aria-labelledby") for root in roots] == ["pair-1-wide-title", "pair-2-wide-title"]
    periods = [[text for text in texts(root, "ax") if text.startswith("Q")] for root in roots]
    assert periods == [[], ["Q2 16/17", "Q2 17/18", "Q2 18/19"]]
    assert texts(roots[0], "ax")[:2] == ["0", "500"]


def test_panels_of_different_frequencies_are_refused():
    with pytest.raises(ValueError, match="one frequency"):
        panels([signals(), months()], "x")


def test_a_short_history_names_its_last_period_only():
    (root,) = svgs([trend([quarter_point(1, "60")])])
    assert texts(root, "ax") == ["50%", "100%", "Q2 15/16"]
    (root,) = svgs([build(title="a", subject="a", unit="percent", frequency="month", points=[month_point(0, "60")])])
    assert texts(root, "ax")[-1] == "Oct 15"


def test_a_group_without_a_target_has_none_to_name():
    (one,) = multiples([trend(quarters(["60", "61"]), steps=[step(None, None)])], "x")
    assert one.target == ""


def test_nothing_of_a_panel_stretches_over_quarters_where_only_the_other_goes_on():
    held = [limits(date(2015, 7, 1), date(2017, 12, 31), "60", "50", "70")]
    shorter = trend(quarters(["60"] * 9, first=1), limits=[replace(held[0], end=date(2017, 9, 30))])
    number = trend(quarters(["60"] * 13, first=0), limits=held)
    alone, (_, beside) = draw(shorter, WIDE), aligned([number, shorter])
    drawn = draw(beside, WIDE)
    area, x = drawn.areas[0], drawn.scale.x
    assert (alone.areas[0].x, alone.areas[0].x + alone.areas[0].width) == (alone.scale.plot.x, alone.scale.right)
    ends = x(beside.points[0].at - timedelta(days=46)), x(beside.points[-1].at + timedelta(days=46))
    assert (area.x, round(area.x + area.width, 1)) == ends
    assert {(s.x1, s.x2) for s in drawn.strokes if s.kind in ("mean", "limit")} == {ends}
    value = [text for text in drawn.texts if text.kind == "value"][0]
    assert abs(value.x - drawn.dots[-1].x) < 30
    assert [text.text for text in alone.texts if text.kind == "edge"] == ["upper 70%", "mean 60%", "lower 50%"]
    assert [text.text for text in drawn.texts if text.kind == "edge"] == []
