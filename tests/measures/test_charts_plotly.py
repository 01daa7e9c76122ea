import json
from dataclasses import replace

import pytest

from measures.charts.drawing import draw
from measures.charts.plotly import figure, hover_text
from measures.charts.shapes import NARROW, WIDE
from tests.measures.charts_samples import a1, b8, fo1, quarter_point, quarters, trend


def resolved(part):
    """As chart.js does: each custom property replaced by a colour or a font."""
    text = json.dumps(part)
    for name in ("ink", "muted", "grid", "card", "band", "benchmark"):
        text = text.replace(f"var(--chart-{name})", "#123456")
    return json.loads(text.replace("var(--chart-font)", "Inter"))


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("chart", [b8(), fo1(), a1()], ids=["b8", "fo1", "a1"])
@pytest.mark.parametrize("layout", ["layout", "narrow"])
def test_plotly_accepts_the_figure(chart, layout):
    graph_objects = pytest.importorskip("plotly.graph_objects")
    held = figure(chart)
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


def test_hover_tells_value_cohort_rating_and_kind():
    plain = quarter_point(13, "70", numerator=147, denominator=210, rating="Off target")
    assert hover_text(plain) == "Q2 2018/19<br>70% (147 of 210)<br>Off target"
    marked = quarter_point(13, "70", illustrative=True, provisional=True)
    assert hover_text(marked) == "Q2 2018/19<br>70%<br>Provisional<br>Illustrative"
    assert hover_text(quarter_point(13, None)) == "Q2 2018/19<br>No value [x]"
    assert hover_text(quarter_point(13, None, symbol="[c]")) == "Q2 2018/19<br>No value [c]"


def test_markup_is_escaped():
    point = quarter_point(13, "70", rating='<a href="https://example.org">x</a>')
    assert hover_text(point).endswith("&lt;a href=&quot;https://example.org&quot;&gt;x&lt;/a&gt;")


def test_labels_and_texts_on_the_chart_are_escaped_too():
    point = replace(quarter_point(13, "70"), label="<b>one</b>", short="<b>two</b>")
    assert hover_text(point) == "&lt;b&gt;one&lt;/b&gt;<br>70%"
    assert hover_text(replace(point, value=None, symbol="<i>")) == "&lt;b&gt;one&lt;/b&gt;<br>No value &lt;i&gt;"
    assert "&lt;b&gt;two&lt;/b&gt;" in [held["text"] for held in figure(trend([point]))["layout"]["annotations"]]


def test_no_markup_but_line_breaks():
    assert "<" not in json.dumps(figure(fo1())).replace("<br>", "")


def test_gaps_are_not_joined_and_can_be_asked_about():
    *lines, markers, missing = figure(fo1())["data"]
    assert [len(line["x"]) for line in lines] == [2, 6]
    assert len(markers["x"]) == 10
    assert missing["y"] == [50.0, 50.0, 50.0]
    assert missing["text"][0] == "Q4 2015/16<br>No value [x]"


def test_markers_tell_the_kind_of_point():
    markers = figure(fo1())["data"][-2]["marker"]
    assert markers["symbol"].count("square") == 1
    assert markers["size"][-2:] == [7.0, 12.0]
    assert markers["color"][-2:] == ["var(--chart-card)", "var(--chart-ink)"]
    assert markers["line"]["width"][-2:] == [1.8, 0]


def test_illustrative_points_are_named_for_dashing_and_noted_in_the_picture():
    held = figure(b8())
    assert held["dashed"] == list(range(12))
    assert held["note"] == "Hollow points on the thin line are illustrative"
    assert figure(trend(quarters(["60"])))["note"] == ""
    assert held["data"][0]["line"]["width"] == 1.6
    assert held["data"][-2]["marker"]["line"]["width"][0] == 1.5


def test_band_and_zigzag_are_shapes():
    shapes = figure(b8())["layout"]["shapes"]
    (band,) = [shape for shape in shapes if shape["type"] == "rect"]
    assert [band[name] for name in ("x0", "x1", "y0", "y1")] == [0.0, 1.0, 0.8, 0.7]
    assert len([s for s in shapes if s["y1"] < 0 and s["x0"] != s["x1"]]) == 3


def test_the_figure_is_json():
    assert json.loads(json.dumps(figure(a1()))) == figure(a1())
