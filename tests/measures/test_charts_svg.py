from dataclasses import replace
from datetime import date
from decimal import Decimal
from itertools import combinations
from xml.etree import ElementTree as ET

import pytest

from measures.charts.description import Break, Line, Point, build
from measures.charts.drawing import draw
from measures.charts.labels import Writer
from measures.charts.placing import Rect, Room
from measures.charts.shapes import NARROW, WIDE
from measures.charts.svg import svg
from tests.measures.charts_samples import a1, b8, fo1, neighbours, quarter_point, quarters, step, trend

NS = "{http://www.w3.org/2000/svg}"


def parsed(chart, shape=WIDE):
    return ET.fromstring(svg(chart, shape, "b8"))


def having(root, css, tag="*"):
    return [e for e in root.iter(NS + tag if tag != "*" else "*") if e.get("class") == css]


def texts(root):
    return [e.text for e in root.iter(NS + "text")]


def test_the_svg_is_an_image_named_by_its_summary():
    root = parsed(b8())
    title = root.find(NS + "title")
    assert (root.get("role"), root.get("aria-labelledby")) == ("img", "b8-wide-title")
    assert (title.get("id"), title.text) == ("b8-wide-title", b8().summary)
    assert root.get("viewBox") == "0 0 520 290"


@pytest.mark.parametrize("shape", [WIDE, NARROW])
def test_no_style_attribute_anywhere(shape):
    for chart in (b8(), fo1(), a1()):
        assert [e.tag for e in parsed(chart, shape).iter() if e.get("style") is not None] == []


def test_markup_in_a_text_stays_text():
    point = quarter_point(1, "60")
    chart = build(title="", subject="</svg><script>", unit="percent", frequency="quarter", points=[point])
    assert "<script>" not in svg(chart, WIDE, "x")
    assert ET.fromstring(svg(chart, WIDE, "x")).find(NS + "title").text.startswith("</svg><script> was 60%")


def test_points_stand_at_their_dates_and_values():
    scale = draw(trend(quarters(["50", "75", "100"])), WIDE).scale
    assert [scale.x(date(2015, 9, 30)), scale.x(date(2016, 3, 31))] == [63.1, 454.9]
    assert [scale.y(Decimal(50)), scale.y(Decimal(75)), scale.y(Decimal(100))] == [140.0, 84.0, 28.0]


def test_dates_outside_are_drawn_at_the_edge():
    scale = draw(trend(quarters(["50", "75", "100"])), WIDE).scale
    assert [scale.x(date(2001, 1, 1)), scale.x(date(2031, 1, 1))] == [46.0, 472.0]


def test_ticks_carry_their_year_and_narrow_has_fewer():
    def named(chart, shape):
        return [t.text for t in draw(chart, shape).texts if t.kind == "axis" and t.anchor == "middle"]

    nine = trend(quarters(["60"] * 9, first=5))
    assert named(b8(), WIDE) == ["Q2 15/16", "Q2 16/17", "Q2 17/18", "Q2 18/19"]
    assert named(nine, WIDE) == ["Q2 16/17", "Q4 16/17", "Q2 17/18", "Q4 17/18", "Q2 18/19"]
    assert named(b8(), NARROW) == ["Q2 16/17", "Q2 18/19"]


def test_where_no_two_names_fit_the_last_one_stays():
    points = [replace(point, short=f"a very long name of {point.short}") for point in quarters(["60"] * 13)]
    names = [t.text for t in draw(trend(points), NARROW).texts if t.anchor == "middle"]
    assert names == ["a very long name of Q2 18/19"]


def test_a_gap_is_a_gap_with_its_symbol_at_the_foot():
    root = parsed(fo1())
    assert [e.text for e in having(root, "lb gap")] == ["[x]", "[x]", "[x]"]
    assert {e.get("y") for e in having(root, "lb gap")} == {"247.7"}
    assert [len(e.get("points").split()) for e in having(root, "ln")] == [2, 6]


def test_the_symbol_given_is_the_one_shown():
    chart = trend([quarter_point(1, "60"), quarter_point(2, None, symbol="[c]")])
    assert [e.text for e in having(parsed(chart), "lb gap")] == ["[c]"]


def test_the_latest_point_is_solid_larger_and_labelled():
    root = parsed(b8())
    (last,) = having(root, "dot")
    assert last.get("r") == "6"
    assert [e.text for e in having(root, "vl")] == ["70%"]
    assert {e.get("r") for e in having(root, "dot s ill")} == {"4"}
    assert len(having(root, "dot s ill")) == 12
    assert (len(having(root, "ln soft")), len(having(root, "ln"))) == (1, 0)


def test_a_missing_latest_value_leaves_no_point_standing_out():
    root = parsed(trend(quarters(["60", "61", None])))
    assert (having(root, "dot"), having(root, "vl")) == ([], [])
    assert len(having(root, "dot s")) == 2


def test_no_value_at_all():
    root = parsed(trend(quarters([None, None]), benchmarks=[]))
    assert (having(root, "dot"), having(root, "vl"), having(root, "ln")) == ([], [], [])
    assert [e.text for e in having(root, "lb gap")] == ["[x]", "[x]"]


def test_benchmarks_stand_without_values():
    line = Line("England", date(2015, 7, 1), date(2015, 12, 31), Decimal("21.9"), "21.9%")
    assert "England 21.9%" in texts(parsed(trend(quarters([None, None]), benchmarks=[line])))


def test_provisional_points_are_hollow_squares():
    assert len(having(parsed(fo1()), "dot s", "rect")) == 1


def test_an_illustrative_latest_point_stays_hollow():
    assert [e.get("r") for e in having(parsed(trend(quarters(["60"], illustrative=True))), "dot s ill")] == ["6"]


def test_many_points_are_drawn_smaller():
    points = [Point(date(2016 + i // 12, i % 12 + 1, 28), str(i), f"M{i}", Decimal(i), str(i)) for i in range(30)]
    root = parsed(build(title="", subject="", unit="count", frequency="month", points=points))
    assert {e.get("r") for e in having(root, "dot s")} == {"3"}


def test_a_unit_after_the_number_is_not_repeated_beside_the_point():
    point = Point(date(2018, 9, 30), "Q2 2018/19", "Q2 18/19", Decimal(396), "396 per 10,000")
    root = parsed(build(title="", subject="", unit="rate_per_10000", frequency="quarter", points=[point]))
    assert [e.text for e in having(root, "vl")] == ["396"]
    assert [e.text for e in having(root, "lb note")] == ["per 10,000"]


def test_a_cut_axis_is_marked_and_said():
    for chart, words in ((b8(), "axis starts at 50%"), (a1(), "axis ends at 50%")):
        root = parsed(chart)
        assert len(having(root, "foot zigzag")) == 1
        assert [e.text for e in having(root, "lb note")] == [words]


def test_a_whole_axis_has_no_mark():
    root = parsed(trend(quarters(["10", "90"])))
    assert (having(root, "foot zigzag"), having(root, "foot"), having(root, "lb note")) == ([], [], [])


def test_the_band_lies_between_target_and_tolerance():
    (band,) = having(parsed(b8()), "band")
    assert [band.get(name) for name in ("x", "y", "width", "height")] == ["46", "72.8", "426", "22.4"]


def test_a_target_that_changes_is_a_step():
    root = parsed(fo1())
    lines = [tuple(float(e.get(name)) for name in ("x1", "y1", "x2", "y2")) for e in having(root, "tgt")]
    assert lines == [(46.0, 95.2, 259.4, 95.2), (259.4, 95.2, 259.4, 72.8), (259.4, 72.8, 472.0, 72.8)]
    assert len(having(root, "band")) == 2


def test_steps_without_target_or_tolerance():
    root = parsed(trend(quarters(["60", "70"]), steps=[step("90", None)]))
    assert (len(having(root, "tgt")), having(root, "band")) == (1, [])
    assert [e.text for e in having(root, "lb")] == ["target 90%"]
    root = parsed(trend(quarters(["60", "70"]), steps=[step(None, "85")]))
    assert (having(root, "tgt"), having(root, "band"), having(root, "lb")) == ([], [], [])


def test_a_step_without_words_is_drawn_without_them():
    silent = replace(step("90", "85"), target_text="", tolerance_text="")
    root = parsed(trend(quarters(["60", "70"]), steps=[silent]))
    assert (len(having(root, "tgt")), having(root, "lb")) == (1, [])


def test_benchmarks_are_drawn_over_their_own_year():
    root = parsed(a1())
    assert {(e.get("x1"), e.get("x2")) for e in having(root, "bm")} == {("259.4", "389.6")}
    assert sorted(e.text for e in having(root, "lb"))[:4] == [
        "Doncaster 25.5%",
        "England 21.9%",
        "Neighbours 20.5%",
        "Yorkshire and The Humber 22.9%",
    ]
    assert len(having(root, "leader")) == 4


def test_a_long_benchmark_name_is_shortened_but_not_its_value():
    assert "Yorkshire a\u2026 22.9%" in texts(parsed(a1(), NARROW))


def test_a_break_stands_between_the_points_that_it_parts():
    (line,) = having(parsed(fo1()), "brk")
    scale = draw(fo1(), WIDE).scale
    assert scale.x(date(2017, 3, 31)) < float(line.get("x1")) < scale.x(date(2017, 6, 30))


def test_a_break_text_too_long_for_its_side_says_what_it_is():
    points = quarters(["60"] * 13)
    long = Break(date(2017, 4, 1), "Counts every child known to the service, " * 8)
    assert "New definition" in texts(parsed(trend(points, breaks=[long]), WIDE))


def boxes(chart, shape):
    drawing = draw(chart, shape)
    writer = Writer(shape, drawing.scale, (), (), (), ())
    return [(text.text, writer._rect(text)) for text in drawing.texts]


@pytest.mark.parametrize("shape", [WIDE, NARROW])
@pytest.mark.parametrize("chart", [b8(), a1()], ids=["b8", "a1"])
def test_no_text_lies_on_another(chart, shape):
    clashes = [(a, b) for (a, one), (b, other) in combinations(boxes(chart, shape), 2) if one.meets(other)]
    assert clashes == []


@pytest.mark.parametrize("chart", [b8(), fo1(), a1()], ids=["b8", "fo1", "a1"])
def test_no_text_lies_on_the_line(chart):
    drawing = draw(chart, WIDE)
    line = Room(Rect(0, 0, 0, 0))
    for run in drawing.runs:
        for start, end in zip(run.places, run.places[1:], strict=False):
            line.add_line(*start, *end)
    assert [text for text, box in boxes(chart, WIDE) if any(box.holds(x, y) for x, y in line.dots)] == []


def test_the_least_crowded_place_is_taken_where_none_is_free():
    room = Room(Rect(0, 0, 100, 100), texts=[Rect(0, 0, 50, 50)], dots=[(80.0, 10.0)])
    assert room.place([[Rect(10, 10, 10, 10)], [Rect(70, 5, 20, 10)], [Rect(5, 5, 10, 10)]]) == 1
    assert room.place([[Rect(60, 60, 10, 10)], [Rect(0, 60, 10, 10)]]) == 0
    assert room.place([[Rect(60, 60, 10, 10)], [Rect(0, 60, 10, 10)]]) == 1
    assert room.crowding(Rect(95, 95, 10, 1)) == 500
    assert Room(Rect(0, 0, 9, 9), marks=[Rect(0, 0, 2, 2)]).crowding(Rect(1, 1, 2, 2)) == 25
    with pytest.raises(ValueError, match="No place"):
        room.place([])


def test_benchmarks_all_above_the_line():
    assert len(having(parsed(trend(quarters(["20"] * 13), benchmarks=neighbours(("England", "45")))), "leader")) == 1
