import json
from dataclasses import replace
from datetime import date

import pytest

from measures.charts.description import Mark
from measures.charts.drawing import draw
from measures.charts.plotly import PAPER, figure, hover_text
from measures.charts.shapes import NARROW, WIDE
from measures.charts.wording import walk
from tests.measures.charts_samples import (
    EVERY,
    a1,
    b8,
    cohort,
    fo1,
    months,
    quarter_point,
    quarters,
    signals,
    step,
    trend,
)


def resolved(part):
    """As chart.js does: each custom property replaced by a colour or a font."""
    text = json.dumps(part)
    for name in PAPER:
        text = text.replace(name, "#123456")
    return json.loads(text.replace("var(--chart-font)", "Inter"))


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("chart", EVERY.values(), ids=EVERY)
@pytest.mark.parametrize("layout", ["layout", "narrow"])
def test_plotly_accepts_the_figure(chart, layout):
    graph_objects = pytest.importorskip("plotly.graph_objects")
    held = figure(chart())
    graph_objects.Figure({"data": resolved(held["data"]), "layout": resolved(held[layout])})


def test_the_plot_is_the_same_rectangle_as_in_the_svg():
    held = figure(b8())
    for name, shape in (("layout", WIDE), ("narrow", NARROW)):
        layout = held[name]
        margin = layout["margin"]
        assert (layout["width"], layout["height"]) == (shape.width, shape.height)
        assert [margin[side] for side in "lrtb"] == [shape.left, shape.right, shape.top, shape.bottom]
    assert held["sizes"] == {"wide": [520, 290], "narrow": [300, 260]}


def test_the_axes_are_those_of_the_svg():
    layout = figure(b8())["layout"]
    scale = draw(b8(), WIDE).scale
    assert layout["xaxis"]["range"] == [scale.first.isoformat(), scale.last.isoformat()] == ["2015-08-12", "2018-11-18"]
    assert layout["yaxis"]["range"] == [50.0, 100.0]
    assert layout["xaxis"]["ticktext"] == ["Q2 15/16", "Q2 16/17", "Q2 17/18", "Q2 18/19"]
    assert layout["yaxis"]["ticktext"] == ["50%", "60%", "70%", "80%", "90%", "100%"]
    assert (layout["xaxis"]["fixedrange"], layout["yaxis"]["fixedrange"], layout["dragmode"]) == (True, True, False)


def test_nothing_can_be_sent_away():
    config = figure(b8())["config"]
    assert (config["showSendToCloud"], config["plotlyServerURL"]) == (False, "")
    assert (config["displaylogo"], config["displayModeBar"]) == (False, False)


def hover(point, **parts):
    return hover_text(point, trend([point], **parts))


def test_hover_says_what_the_walk_says_one_thing_under_another():
    plain = quarter_point(13, "70", numerator=147, denominator=210, rating="Off target")
    assert hover(plain) == "Q2 2018/19<br>70%<br>147 of 210<br>Off target"
    assert hover(plain, steps=[step("90", "85")]) == (
        "Q2 2018/19<br>70%<br>147 of 210<br>Below target 90% (off target)"
    )
    marked = quarter_point(13, "70", illustrative=True, provisional=True, signal="concern", signal_text="too low")
    assert hover(marked) == "Q2 2018/19<br>70%<br>Signal of concern: too low<br>Provisional<br>Illustrative"
    assert hover(quarter_point(13, None)) == "Q2 2018/19<br>No value<br>Not available [x]"
    assert hover(quarter_point(13, None, symbol="")) == "Q2 2018/19<br>No value yet"
    assert hover(quarter_point(13, None, symbol="[c]")) == "Q2 2018/19<br>No value<br>Suppressed [c]"


def test_hover_breaks_long_lines_which_plotly_does_not():
    """Before they are escaped, so that no entity is cut."""
    point = quarter_point(13, "70", signal="concern", signal_text="one of seven or more in a row & on the same side")
    lines = hover(point).split("<br>")[2:]
    assert lines == ["Signal of concern: one of seven or more in a", "row &amp; on the same side"]


def test_markup_is_escaped():
    point = quarter_point(13, "70", rating='<a href="https://example.org">x</a>')
    assert hover(point).endswith("&lt;a href=&quot;https://example.org&quot;&gt;x&lt;/a&gt;")


def test_labels_and_texts_on_the_chart_are_escaped_too():
    point = replace(quarter_point(13, "70"), label="<b>one</b>", short="<b>two</b>")
    assert hover(point) == "&lt;b&gt;one&lt;/b&gt;<br>70%"
    assert hover(replace(point, value=None, symbol="<i>")).endswith("No value<br>&lt;i&gt;")
    assert "&lt;b&gt;two&lt;/b&gt;" in [held["text"] for held in figure(trend([point]))["layout"]["annotations"]]


def test_what_people_wrote_about_marks_is_escaped():
    marks = [Mark(date(2015, 12, 1), "note", "<i>Move</i>")]
    held = figure(trend(quarters(["60", "61", "62"]), marks=marks))
    assert held["notes"] == ["1, event, 1 December 2015: &lt;i&gt;Move&lt;/i&gt;"]
    assert "&lt;i&gt;Move&lt;/i&gt;" in [text["text"] for text in held["layout"]["annotations"]]
    assert "<i>" not in json.dumps({name: part for name, part in held.items() if name != "walk"})


def test_no_markup_but_line_breaks():
    assert "<" not in json.dumps(figure(fo1())).replace("<br>", "")


def test_gaps_are_not_joined_and_can_be_asked_about():
    *lines, markers, missing = figure(fo1())["data"]
    assert [len(line["x"]) for line in lines] == [2, 6]
    assert len(markers["x"]) == 10
    assert missing["y"] == [50.0, 50.0, 50.0]
    assert missing["text"][0] == "Q4 2015/16<br>No value<br>Not available [x]"


def test_markers_tell_the_kind_of_point():
    markers = figure(fo1())["data"][-2]["marker"]
    assert markers["symbol"][-2:] == ["circle-dot", "circle"]
    assert set(markers["symbol"][:-2]) == {"circle"}
    assert markers["size"][-3:] == [8.0, 10.0, 12.0]
    assert markers["color"][-2:] == ["var(--chart-card)", "var(--chart-ink)"]
    assert markers["line"]["width"][-2:] == [1.8, 0]


def test_markers_tell_signals():
    markers = figure(signals())["data"][-2]["marker"]
    assert [markers["symbol"][i] for i in (1, 2, 9, 12)] == ["circle", "star", "square", "square"]
    assert [markers["color"][i] for i in (2, 9)] == ["var(--chart-improvement)", "var(--chart-concern)"]
    assert (markers["line"]["width"][9], markers["line"]["width"][12]) == (0, 1.8)
    assert markers["line"]["color"][12] == "var(--chart-ink)"


def test_illustrative_points_are_dashed_and_noted_in_the_picture():
    held = figure(b8())
    assert held["data"][-2]["marker"]["line"]["dash"] == ["2.2px,1.4px"] * 12 + ["solid"]
    assert held["note"] == "Dashed: illustrative"
    assert figure(trend(quarters(["60"])))["note"] == ""
    assert figure(months())["note"] == (
        "Star: improvement. Square: concern. Dotted: provisional. Dashed: illustrative. "
        "Lines with shade between: process limits and mean. Dotted lines: trial limits, from few points"
    )
    assert held["data"][0]["line"]["width"] == 1.6
    assert held["data"][-2]["marker"]["line"]["width"][0] == 1.5


def test_the_walk_and_its_places_are_those_of_the_svg():
    held = figure(fo1())
    assert held["walk"] == list(walk(fo1()))
    for name, shape in (("wide", WIDE), ("narrow", NARROW)):
        drawing = draw(fo1(), shape)
        places = held["places"][name]
        dots = {(dot.x, dot.y) for dot in drawing.dots}
        assert {tuple(place) for place in places} - dots == {
            (drawing.scale.x(point.at), drawing.scale.bottom) for point in fo1().points if point.value is None
        }
        assert len(places) == len(held["walk"]) == 13


def test_band_and_zigzag_are_shapes():
    shapes = figure(b8())["layout"]["shapes"]
    (band,) = [shape for shape in shapes if shape["type"] == "rect"]
    assert [band[name] for name in ("x0", "x1", "y0", "y1")] == [0.0, 1.0, 0.8, 0.7]
    assert shapes[-1]["path"] == "M0,0L0,-0.00446L-0.01174,-0.01339L0.01174,-0.03125L0,-0.04018L0,-0.04911"


def test_each_kind_of_stroke_is_one_path_with_its_dashes():
    shapes = figure(months())["layout"]["shapes"]
    dashes = [shape["line"].get("dash") for shape in shapes if shape["type"] == "path" and "fillcolor" not in shape]
    # Grid, ticks, limits, mean, trial limits and mean, notes, break, rebase, target, leaders, foot and its zigzag.
    assert dashes == [
        *(None, None, None, None, "1px,3px", "1px,3px", None),
        *("2px,3px", "8px,3px,2px,3px", "5px,4px", "1px,2px", None, None),
    ]
    badges = [shape["type"] for shape in shapes if shape.get("fillcolor") == "var(--chart-card)"]
    assert badges == ["path", "circle", "circle", "path", "circle"]
    assert [text["text"] for text in figure(months())["layout"]["annotations"][-5:]] == ["1", "2", "3", "4", "5"]


def test_whiskers_are_one_path():
    shapes = figure(cohort())["layout"]["shapes"]
    assert max(shape["path"].count("M") for shape in shapes if shape["type"] == "path") == 24


@pytest.mark.parametrize("chart", EVERY.values(), ids=EVERY)
def test_only_what_the_basic_bundle_draws(chart):
    assert {trace["type"] for trace in figure(chart())["data"]} == {"scatter"}


def test_the_figure_is_json():
    assert json.loads(json.dumps(figure(a1()))) == figure(a1())
