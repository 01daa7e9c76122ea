from datetime import date
from xml.etree import ElementTree as ET

from measures.charts.description import Break
from measures.charts.spark import sparkline
from tests.measures.charts_samples import b8, fo1, quarter_point, quarters, step

NS = "{http://www.w3.org/2000/svg}"


def parsed(points, steps=(), **options):
    return ET.fromstring(sparkline(points, steps, unit=options.pop("unit", "percent"), **options))


def having(root, css):
    return [e for e in root.iter() if e.get("class") == css]


def test_it_is_hidden_from_screen_readers_and_150_by_46():
    root = parsed(b8().points, b8().steps)
    names = ("aria-hidden", "viewBox", "width", "height", "style")
    assert [root.get(name) for name in names] == ["true", "0 0 150 46", "150", "46", None]


def test_line_band_target_and_latest_point():
    root = parsed(quarters(["90", "80", "70"]), [step("90", "85")])
    assert having(root, "ln")[0].get("points") == "5,6 75.4,23 145,40"
    (band,) = having(root, "band")
    assert [band.get(name) for name in ("x", "y", "width", "height")] == ["0", "6", "150", "8.5"]
    assert having(root, "tgt")[0].get("y1") == "6"
    (dot,) = having(root, "dot")
    assert [dot.get(name) for name in ("cx", "cy", "r")] == ["145", "40", "3.2"]


def test_illustrative_line_is_lighter_and_an_illustrative_end_hollow():
    root = parsed(quarters(["90", "80"], illustrative=True))
    assert (len(having(root, "ln soft")), len(having(root, "ln"))) == (1, 0)
    assert len(having(root, "dot s ill")) == 1


def test_gaps_are_gaps_and_a_lone_value_still_shows():
    root = parsed(fo1().points, fo1().steps, breaks=fo1().breaks)
    assert [len(e.get("points").split()) for e in having(root, "ln")] == [2, 6]
    assert [e.get("r") for e in having(root, "dot")] == ["1.6", "1.6", "3.2"]


def test_a_lone_illustrative_value_and_a_provisional_end_are_hollow():
    points = [
        quarter_point(1, "60", illustrative=True),
        quarter_point(2, None),
        quarter_point(3, "61", provisional=True),
    ]
    assert [e.get("r") for e in having(parsed(points), "dot s")] == ["1.6", "3.2"]


def test_a_missing_latest_value_has_no_point():
    assert having(parsed(quarters(["60", "61", None])), "dot") == []


def test_a_change_within_rounding_stays_flat():
    root = parsed(quarters(["70.0", "70.1"]))
    assert having(root, "ln")[0].get("points") == "5,23.2 145,22.8"
    root = parsed(quarters(["1000", "1001"]), unit="count")
    assert having(root, "ln")[0].get("points") == "5,23.2 145,22.8"


def test_one_value_stands_at_the_right():
    (dot,) = having(parsed(quarters(["70"])), "dot")
    assert [dot.get("cx"), dot.get("cy")] == ["145", "23"]


def test_nothing_to_show():
    assert sparkline([], unit="percent") == ""
    assert sparkline(quarters([None, None]), unit="percent") == ""


def test_a_step_without_target_or_tolerance():
    root = parsed(quarters(["70", "80"]), [step(None, "60"), step("90", None)])
    assert (having(root, "band"), len(having(root, "tgt"))) == ([], 1)


def test_steps_begin_and_end_where_they_are_in_force():
    early = step("60", None, end=date(2015, 12, 31))
    late = step("80", None, start=date(2016, 1, 1))
    lines = having(parsed(quarters(["70", "75", "80"]), [early, late]), "tgt")
    assert [(e.get("x1"), e.get("x2")) for e in lines] == [("0", "76.1"), ("76.1", "150")]


def test_a_new_definition_interrupts_the_line():
    root = parsed(quarters(["70", "75", "80", "85"]), breaks=[Break(date(2016, 1, 1), "")])
    assert len(having(root, "ln")) == 2
