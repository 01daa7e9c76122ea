import re
from dataclasses import replace
from datetime import date
from decimal import Decimal
from xml.etree import ElementTree as ET

import pytest

from measures.charts.description import Break, Limits, Line, Mark, Point, build
from measures.charts.drawing import draw
from measures.charts.shapes import NARROW, WIDE
from measures.charts.svg import svg
from tests.measures.charts_samples import (
    EVERY,
    a1,
    b8,
    cohort,
    fo1,
    limits,
    months,
    quarter_point,
    quarters,
    signals,
    step,
    trend,
)

NS = "{http://www.w3.org/2000/svg}"


def parsed(chart, shape=WIDE):
    return ET.fromstring(svg(chart, shape, "b8"))


def having(root, css):
    return [e for e in root.iter() if e.get("class") == css]


def points(root, css):
    """The points of every group of a class: neighbours that look alike share one."""
    return [child for group in having(root, css) for child in group]


def texts(root, css=None):
    held = root.iter(NS + "text") if css is None else points(root, css)
    return [e.text for e in held]


def strokes(root, css):
    """The pieces of the one path that holds all strokes of a kind."""
    return [piece for e in having(root, css) for piece in re.findall(r"M[^M]+", e.get("d"))]


def test_the_svg_is_an_image_named_by_its_summary():
    root = parsed(b8())
    title = root.find(NS + "title")
    assert (root.get("role"), root.get("aria-labelledby")) == ("img", "b8-wide-title")
    assert (title.get("id"), title.text) == ("b8-wide-title", b8().summary)
    assert root.get("viewBox") == "0 0 520 290"


@pytest.mark.parametrize("shape", [WIDE, NARROW])
def test_no_style_attribute_anywhere(shape):
    for chart in EVERY.values():
        assert [e.tag for e in parsed(chart(), shape).iter() if e.get("style") is not None] == []


def test_markup_in_a_text_stays_text():
    point = quarter_point(1, "60")
    chart = build(title="", subject="</svg><script>", unit="percent", frequency="quarter", points=[point])
    assert "<script>" not in svg(chart, WIDE, "x")
    assert ET.fromstring(svg(chart, WIDE, "x")).find(NS + "title").text.startswith("</svg><script> was 60%")


def test_markup_in_any_text_of_the_drawing_stays_text():
    evil = "<script>x</script>&"
    one = replace(quarter_point(1, "60", symbol=evil), value=None, short=evil)
    chart = build(
        title="",
        subject="",
        unit="percent",
        frequency="quarter",
        points=[
            one,
            replace(quarter_point(2, "60"), text=evil, short=evil),
            quarter_point(3, "61"),
            quarter_point(4, "6"),
        ],
        steps=[replace(step("90", "85"), target_text=evil, tolerance_text=evil)],
        benchmarks=[Line(evil, date(2015, 7, 1), date(2016, 6, 30), Decimal(20), evil, comparability=evil)],
        limits=[Limits(date(2015, 4, 1), date(2016, 9, 30), *[Decimal(40)] * 3, False, *[evil] * 3)],
        marks=[Mark(date(2015, 12, 1), "note", evil), Mark(date(2016, 1, 1), "break", evil)],
        caption=evil,
    )
    for shape in (WIDE, NARROW):
        markup = svg(chart, shape, 'x"><script>')
        assert "<script" not in markup
        root = ET.fromstring(markup)
        assert [text for text in texts(root, "cap") + texts(root, "lb gap") if text != evil] == []
        assert len([text for text in texts(root) if evil[:6] in text]) >= 8


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


def test_a_gap_is_a_gap_with_its_symbol_above_the_numbered_marks():
    root = parsed(fo1())
    assert texts(root, "lb gap") == ["[x]", "[x]", "[x]"]
    assert {e.get("y") for e in points(root, "lb gap")} == {"239.2"}
    assert [len(e.get("points").split()) for e in having(root, "ln")] == [2, 6]
    assert points(parsed(trend(quarters(["60", None]))), "lb gap")[0].get("y") == "247.7"


def test_the_symbol_given_is_the_one_shown():
    chart = trend([quarter_point(1, "60"), quarter_point(2, None, symbol="[c]")])
    assert texts(parsed(chart), "lb gap") == ["[c]"]


def test_the_latest_point_is_solid_larger_and_labelled():
    root = parsed(b8())
    (last,) = points(root, "dot")
    assert last.get("r") == "6"
    assert texts(root, "vl") == ["70%"]
    assert {e.get("r") for e in points(root, "dot s ill")} == {"4"}
    assert (len(having(root, "dot s ill")), len(points(root, "dot s ill"))) == (1, 12)
    assert (len(having(root, "ln soft")), len(having(root, "ln"))) == (1, 0)


def test_a_missing_latest_value_leaves_no_point_standing_out():
    root = parsed(trend(quarters(["60", "61", None])))
    assert (points(root, "dot"), having(root, "vl")) == ([], [])
    assert len(points(root, "dot s")) == 2


def test_no_value_at_all():
    root = parsed(trend(quarters([None, None]), benchmarks=[]))
    assert (having(root, "dot"), having(root, "vl"), having(root, "ln")) == ([], [], [])
    assert texts(root, "lb gap") == ["[x]", "[x]"]


def test_a_quarter_of_which_nothing_is_held_has_no_symbol():
    last = quarter_point(3, None, symbol="")
    root = parsed(trend([*quarters(["60", None]), last], benchmarks=[]))
    assert texts(root, "lb gap") == ["[x]"]


def test_benchmarks_stand_without_values():
    line = Line("England", date(2015, 7, 1), date(2015, 12, 31), Decimal("21.9"), "21.9%")
    root = parsed(trend(quarters([None, None]), benchmarks=[line]))
    assert "England to 31 December 2015 21.9%" in texts(root)


def test_a_provisional_point_has_a_dot_in_its_middle():
    root = parsed(fo1())
    (ring,) = [e for e in points(root, "dot s") if e.tag == NS + "path"]
    assert ring.get("d") == "M426.7 144.5A5 5 0 1 1 416.7 144.5A5 5 0 1 1 426.7 144.5ZM421.7 145l.5-.5-.5-.5-.5.5Z"


def test_an_illustrative_latest_point_stays_hollow_and_its_ring_is_heavier():
    assert [e.get("r") for e in points(parsed(trend(quarters(["60"], illustrative=True))), "dot s ill end")] == ["6"]


def test_many_points_are_drawn_smaller():
    many = [Point(date(2016 + i // 12, i % 12 + 1, 28), str(i), f"M{i}", Decimal(i), str(i)) for i in range(30)]
    root = parsed(build(title="", subject="", unit="count", frequency="month", points=many))
    assert {e.get("r") for e in points(root, "dot s")} == {"3"}


def test_signals_have_their_class_and_a_latest_one_its_ring():
    root = parsed(signals())
    assert (len(points(root, "dot imp")), len(points(root, "dot con")), len(points(root, "dot con end"))) == (1, 3, 1)
    assert {e.tag for e in points(root, "dot con")} == {NS + "path"}


def test_a_unit_after_the_number_is_not_repeated_beside_the_point():
    point = Point(date(2018, 9, 30), "Q2 2018/19", "Q2 18/19", Decimal(396), "396 per 10,000")
    root = parsed(build(title="", subject="", unit="rate_per_10000", frequency="quarter", points=[point]))
    assert texts(root, "vl") == ["396"]
    assert texts(root, "lb note") == ["per 10,000"]


def test_a_cut_axis_is_marked_and_said():
    for chart, words in ((b8(), "axis starts at 50%"), (a1(), "axis ends at 50%")):
        root = parsed(chart)
        assert len(having(root, "foot zigzag")) == 1
        assert texts(root, "lb note") == [words]


def test_a_whole_axis_has_no_mark():
    root = parsed(trend(quarters(["10", "90"])))
    assert (having(root, "foot zigzag"), having(root, "foot"), having(root, "lb note")) == ([], [], [])


def test_the_band_lies_between_target_and_tolerance():
    (band,) = having(parsed(b8()), "band")
    assert [band.get(name) for name in ("x", "y", "width", "height")] == ["46", "72.8", "426", "22.4"]


def test_a_target_that_changes_is_a_step():
    root = parsed(fo1())
    assert strokes(root, "tgt") == ["M46 95.2H259.4V72.8H472"]
    assert len(having(root, "band")) == 2


def test_steps_without_target_or_tolerance():
    root = parsed(trend(quarters(["60", "70"]), steps=[step("90", None)]))
    assert (len(strokes(root, "tgt")), having(root, "band")) == (1, [])
    assert texts(root, "lb") == ["target 90%"]
    root = parsed(trend(quarters(["60", "70"]), steps=[step(None, "85")]))
    assert (having(root, "tgt"), having(root, "band"), having(root, "lb")) == ([], [], [])


def test_a_step_without_words_is_drawn_without_them():
    silent = replace(step("90", "85"), target_text="", tolerance_text="")
    root = parsed(trend(quarters(["60", "70"]), steps=[silent]))
    assert (len(strokes(root, "tgt")), having(root, "lb")) == (1, [])


def test_benchmarks_are_drawn_over_their_own_year_and_named_with_it():
    root = parsed(a1())
    assert {(piece.split()[0], piece.split("H")[1]) for piece in strokes(root, "bm")} == {("M259.4", "389.6")}
    assert sorted(texts(root, "lb"))[:4] == [
        "Doncaster 2017/18 25.5%",
        "England 2017/18 21.9%",
        "Neighbours 2017/18 20.5%",
        "Yorkshire and The H\u2026 2017/18 22.9%",
    ]
    assert len(strokes(root, "leader")) == 4


def test_limits_are_lines_around_a_quiet_ground():
    root = parsed(signals())
    assert [len(strokes(root, css)) for css in ("lim", "mean", "lim trial", "mean trial")] == [2, 1, 0, 0]
    (area,) = having(root, "area")
    top, foot = (float(piece.split()[1].split("H")[0]) for piece in strokes(root, "lim"))
    assert [float(area.get(name)) for name in ("y", "height")] == [top, round(foot - top, 1)]
    assert texts(root, "lb edge") == ["upper 94.1%", "mean 85.2%", "lower 76.4%"]


def test_a_trial_segment_has_other_strokes_and_no_ground_and_meets_its_neighbour_half_way():
    root = parsed(months())
    assert [len(strokes(root, css)) for css in ("lim", "mean", "lim trial", "mean trial")] == [2, 1, 2, 1]
    assert len(having(root, "area")) == 1
    scale = draw(months(), WIDE).scale
    half = (scale.x(date(2017, 11, 30)) + scale.x(date(2017, 12, 31))) / 2
    assert float(strokes(root, "mean")[0].split("H")[1]) == pytest.approx(half, abs=0.06)
    assert float(strokes(root, "mean trial")[0].split()[0][1:]) == pytest.approx(half, abs=0.06)


def test_limits_that_cannot_be_are_cut_in_the_drawing_but_not_in_their_name():
    root, scale = parsed(cohort()), draw(cohort(), WIDE).scale
    assert float(strokes(root, "lim")[0].split()[1].split("H")[0]) == scale.y(Decimal(100)) == scale.plot.y
    assert "upper 108.3%" in texts(root, "lb edge")


def test_limits_of_an_earlier_segment_only_leave_the_right_edge_alone():
    chart = replace(months(), limits=months().limits[:1])
    root = parsed(chart)
    assert [text for text in texts(root) if text.startswith(("upper", "lower"))] == []
    assert draw(chart, WIDE).shape.right == WIDE.right < draw(months(), WIDE).shape.right


def test_whiskers_reach_from_low_to_high_with_a_bar_at_either_end():
    scale, pieces = draw(cohort(), WIDE).scale, strokes(parsed(cohort()), "wh")
    assert len(pieces) == 8 * 3
    x, high, low = scale.x(cohort().points[0].at), scale.y(Decimal(89)), scale.y(Decimal(53))
    assert pieces[:3] == [
        f"M{x:g} {high:g}V{low:g}",
        f"M{x - 3.5:g} {high:g}H{x + 3.5:g}",
        f"M{x - 3.5:g} {low:g}H{x + 3.5:g}",
    ]


def test_each_kind_of_mark_has_its_stroke_badge_and_number():
    root = parsed(months())
    assert [len(strokes(root, css)) for css in ("mk brk", "mk note", "mk reb")] == [1, 3, 1]
    assert [(e.tag, len((e.get("points") or "").split())) for e in having(root, "badge")] == [
        (NS + "polygon", 4),
        (NS + "circle", 0),
        (NS + "circle", 0),
        (NS + "polygon", 5),
        (NS + "circle", 0),
    ]
    assert texts(root, "num") == ["1", "2", "3", "4", "5"]


def test_badges_that_would_touch_stand_one_above_another():
    flags = draw(months(), WIDE).flags
    foot = draw(months(), WIDE).scale.bottom
    assert [flag.y for flag in flags] == [foot, foot, foot - 16, foot - 32, foot]


def test_what_begins_anew_stands_between_the_points_that_it_parts_and_a_note_at_its_day():
    scale = draw(fo1(), WIDE).scale
    (flag,) = draw(fo1(), WIDE).flags
    assert scale.x(date(2017, 3, 31)) < flag.x < scale.x(date(2017, 6, 30))
    (flag,) = draw(signals(), WIDE).flags
    assert flag.x == draw(signals(), WIDE).scale.x(date(2017, 11, 3))


def test_a_mark_too_long_for_its_side_says_what_it_is_or_leaves_it_to_its_number():
    many = quarters(["60"] * 13)
    long = "Counts every child known to the service, " * 8
    assert "New definition" in texts(parsed(trend(many, breaks=[Break(date(2017, 4, 1), long)])))
    assert "New limits" in texts(parsed(trend(many, marks=[Mark(date(2017, 4, 1), "rebase", long)])))
    root = parsed(trend(many, marks=[Mark(date(2017, 4, 1), "note", long)]))
    assert (texts(root, "lb"), texts(root, "num")) == ([], ["1"])


def test_the_svg_stays_small():
    sizes = {name: len(svg(chart(), WIDE, name)) for name, chart in EVERY.items()}
    assert {name for name, size in sizes.items() if size > (7000 if name == "months" else 4200)} == set()


@pytest.mark.parametrize("shape", [WIDE, NARROW])
def test_numbers_have_one_decimal_at_most(shape):
    for chart in EVERY.values():
        assert re.findall(r"\d\.\d\d", re.sub(r"<title.*?</title>", "", svg(chart(), shape, "x"))) == []


def test_limits_beside_a_missing_latest_value():
    part = limits(date(2015, 4, 1), date(2016, 3, 31), "60", "50", "70")
    root = parsed(trend(quarters(["60", "61", None]), limits=[part]))
    assert (texts(root, "lb edge"), having(root, "vl")) == (["upper 70%", "mean 60%", "lower 50%"], [])


def test_limits_between_two_points_are_drawn_over_their_own_days():
    part = limits(date(2015, 10, 1), date(2015, 12, 30), "60", "50", "70")
    chart = trend(quarters(["60", "61"]), limits=[part])
    scale = draw(chart, WIDE).scale
    assert strokes(parsed(chart), "mean") == [f"M{scale.x(part.start):g} {scale.y(part.mean):g}H{scale.x(part.end):g}"]
