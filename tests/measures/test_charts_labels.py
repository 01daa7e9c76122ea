from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from measures.charts.description import Line, build
from measures.charts.drawing import draw
from measures.charts.edges import spread
from measures.charts.labels import Writer, shortened
from measures.charts.placing import Rect, Room
from measures.charts.shapes import NARROW, WIDE
from tests.measures.charts_samples import (
    EVERY,
    a1,
    cohort,
    limits,
    month_point,
    months,
    neighbours,
    quarters,
    signals,
    trend,
)


def boxes(chart, shape):
    drawing = draw(chart, shape)
    writer = Writer(drawing.shape, drawing.scale, (), (), (), ())
    return [(text.text, writer.rect(text)) for text in drawing.texts]


def crowded(chart):
    """As many long benchmarks as a chart may have, each with a comparability."""
    names = ("Statistical neighbours (mean)", "Yorkshire and The Humber", "England", "Doncaster", "Sheffield")
    lines = [
        replace(line, comparability="close", value=line.value - 4 * i, text=f"{line.value - 4 * i}%")
        for i, line in enumerate(neighbours(*((name, "82.5") for name in names)))
    ]
    return replace(chart, benchmarks=tuple(lines))


@pytest.mark.parametrize("shape", [WIDE, NARROW], ids=["wide", "narrow"])
@pytest.mark.parametrize("chart", [*EVERY.values(), lambda: crowded(signals())], ids=[*EVERY, "crowded"])
def test_no_text_lies_on_another_and_all_are_on_the_picture(chart, shape):
    held = boxes(chart(), shape)
    assert [(a, b) for (a, one), (b, other) in combinations(held, 2) if one.meets(other)] == []
    picture = Rect(-3, -1, shape.width + 6, shape.height + 2)
    assert [text for text, box in held if not box.inside(picture)] == []


@pytest.mark.parametrize("name", ["b8", "fo1", "a1", "signals", "cohort", "contacts"])
def test_no_text_lies_on_the_line(name):
    drawing = draw(EVERY[name](), WIDE)
    line = Room(Rect(-1000, -1000, 3000, 3000))
    for run in drawing.runs:
        for start, end in zip(run.places, run.places[1:], strict=False):
            line.add_line(*start, *end)
    assert [text for text, box in boxes(EVERY[name](), WIDE) if line.crowding(box)] == []


@pytest.mark.parametrize("shape", [WIDE, NARROW], ids=["wide", "narrow"])
@pytest.mark.parametrize("name", ["b8", "fo1", "a1", "signals", "cohort", "contacts"])
def test_no_text_lies_on_a_point(name, shape):
    drawing = draw(EVERY[name](), shape)
    marks = [(dot.x, dot.y) for dot in drawing.dots]
    assert [text for text, box in boxes(EVERY[name](), shape) if any(box.holds(x, y) for x, y in marks)] == []


def names(chart, shape):
    return [text.text for text in draw(chart, shape).texts if text.kind == "label"]


def test_a_long_benchmark_name_is_shortened_but_not_its_year_comparability_and_value():
    assert "Yorkshi\u2026 17/18 22.9%" in names(a1(), NARROW)
    close = replace(a1(), benchmarks=tuple(replace(line, comparability="close") for line in a1().benchmarks))
    assert [text for text in names(close, WIDE) if text.endswith("2017/18 (close) 22.9%")] != []
    assert [text for text in names(close, NARROW) if text.endswith("17/18 (close) 22.9%")] != []


def test_where_a_name_would_be_cut_to_nothing_it_takes_a_row_of_its_own():
    held = names(signals(), NARROW)
    assert held[2:] == ["Statistica\u2026 (mean)", "17/18 (same) 79%", "England", "17/18 (close) 82%"]


def test_a_narrow_chart_draws_no_more_benchmarks_than_it_can_name():
    chart = crowded(signals())
    drawn = [[s.kind for s in draw(chart, shape).strokes].count("benchmark") for shape in (WIDE, NARROW)]
    assert drawn == [5, 3]
    held = " ".join(names(chart, NARROW))
    assert [name for name in ("82.5%", "78.5%", "74.5%", "70.5%") if name in held] == ["82.5%", "78.5%", "74.5%"]


def test_benchmarks_all_above_the_line():
    chart = trend(quarters(["20"] * 13), benchmarks=neighbours(("England", "45")))
    assert [stroke.kind for stroke in draw(chart, WIDE).strokes].count("leader") == 1


def test_a_shortened_name_keeps_its_words_in_brackets():
    assert shortened("Statistical neighbours (mean)", 19) == "Statistical\u2026 (mean)"
    assert shortened("Statistical neighbours", 12) == "Statistical\u2026"
    assert shortened("England", 7) == "England"


def edge(chart, shape):
    return {text.text: text for text in draw(chart, shape).texts if text.kind in ("edge", "value")}


def test_the_latest_value_keeps_its_height_and_the_limits_give_way():
    chart = months()
    placed, scale = edge(chart, WIDE), draw(chart, WIDE).scale
    assert placed["65%"].y == scale.y(Decimal(65))
    assert placed["mean 66.4%"].y < scale.y(Decimal("66.4")) - 3
    assert placed["upper 75.6%"].y == scale.y(Decimal("75.6"))
    assert {text.x for text in placed.values()} == {scale.right + 7}


def test_a_name_pushed_away_from_its_limit_is_led_to_it():
    scale = draw(months(), WIDE).scale
    ends = [(s.x1, s.y1) for s in draw(months(), WIDE).strokes if s.kind == "leader"]
    assert ends == [(scale.right, scale.y(Decimal("66.4")))]


def test_a_narrow_chart_writes_a_limit_in_two_rows():
    rows = [text.text for text in draw(cohort(), NARROW).texts if text.kind == "edge"]
    assert rows == ["upper", "108.3%", "mean", "77.9%", "lower", "52.1%"]


def test_an_earlier_segment_is_named_on_its_mean_where_there_is_room():
    early = limits(date(2015, 7, 1), date(2016, 12, 31), "60", "55", "65")
    chart = trend(quarters(["60"] * 6 + ["90"] * 7), limits=[early])
    assert [text.text for text in draw(chart, WIDE).texts if text.kind == "edge"] == []
    chart = trend(quarters(["70", "50"] * 3 + ["90"] * 7), limits=[replace(early, mean=Decimal(25), mean_text="25%")])
    assert [text.text for text in draw(chart, WIDE).texts if text.kind == "edge"] == ["mean 25%"]


items = st.lists(st.tuples(st.floats(0, 260), st.floats(10, 34)), min_size=1, max_size=4).map(sorted)


@given(items, st.integers(0, 3))
def test_spread_items_never_lie_on_each_other_and_stay_inside(wanted, fixed):
    places = spread(wanted, min(fixed, len(wanted) - 1), 2, 260)
    assert all(
        below - above >= (one[1] + other[1]) / 2 - 1e-9
        for (above, one), (below, other) in zip(
            zip(places, wanted, strict=True), list(zip(places, wanted, strict=True))[1:], strict=False
        )
    )
    assert places[0] - wanted[0][1] / 2 >= 2 - 1e-9
    assert places[-1] + wanted[-1][1] / 2 <= 260 + 1e-9


def test_spread_leaves_what_has_room_where_it_is():
    assert spread([(20, 10), (60, 10), (100, 10)], 1, 2, 200) == [20, 60, 100]
    assert spread([(55, 10), (60, 10), (62, 10)], 1, 2, 200) == [50, 60, 70]


def test_the_least_crowded_place_is_taken_where_none_is_free():
    room = Room(Rect(0, 0, 100, 100), texts=[Rect(0, 0, 50, 50)])
    room.add_line(80, 10, 80, 10)
    assert room.place([[Rect(10, 10, 10, 10)], [Rect(70, 5, 20, 10)], [Rect(5, 5, 10, 10)]]) == 1
    assert room.place([[Rect(60, 60, 10, 10)], [Rect(0, 60, 10, 10)]]) == 0
    assert room.place([[Rect(60, 60, 10, 10)], [Rect(0, 60, 10, 10)]]) == 1
    assert room.crowding(Rect(95, 95, 10, 1)) == 500
    assert Room(Rect(0, 0, 9, 9), marks=[Rect(0, 0, 2, 2)]).crowding(Rect(1, 1, 2, 2)) == 100
    with pytest.raises(ValueError, match="No place"):
        room.place([])


def test_what_can_be_left_out_may_cross_a_line_if_it_may_be_so_crowded():
    room = Room(Rect(0, 0, 100, 100), marks=[Rect(0, 0, 50, 50)])
    room.add_line(80, 80, 80, 80)
    assert room.place_below(100, [[Rect(10, 10, 10, 10)]]) is None
    assert room.place_below(100, [[Rect(10, 10, 10, 10)], [Rect(75, 75, 10, 10)]]) == 1


def test_other_places_are_looked_at_only_where_every_first_one_is_on_a_text_or_outside():
    room = Room(Rect(0, 0, 100, 100), texts=[Rect(0, 0, 50, 50)])
    room.add_line(80, 80, 80, 80)
    on_text, on_line, free = [Rect(10, 10, 10, 10)], [Rect(75, 75, 10, 10)], [Rect(0, 60, 10, 10)]
    assert room.place([on_text, on_line], [free]) == 1
    assert room.place([on_text, on_line], [free]) == 2


def test_a_place_that_is_not_free_is_not_taken_by_what_can_be_left_out():
    room = Room(Rect(0, 0, 100, 100), texts=[Rect(0, 0, 50, 50)])
    assert room.place_below(1, [[Rect(10, 10, 10, 10)]]) is None
    assert room.place_below(1, [[Rect(10, 10, 10, 10)], [Rect(60, 10, 10, 10)]]) == 1
    assert room.place_below(1, [[Rect(60, 10, 10, 10)]]) is None


@given(
    st.lists(st.tuples(*[st.floats(0, 100)] * 4), max_size=6),
    st.tuples(st.floats(0, 90), st.floats(0, 90), st.floats(1, 40), st.floats(1, 20)),
)
def test_lines_are_counted_as_if_every_dot_were_looked_at(lines, box):
    rect, room, dots = Rect(*box), Room(Rect(-1, -1, 999, 999)), []
    for line in lines:
        room.add_line(*line)
        dots += [(x, y) for column in room.columns.values() for y, x in column]
        dots = [(x, y) for column in room.columns.values() for y, x in column]
    assert room.crowding(rect) == sum(rect.holds(x, y) for x, y in dots)


def test_a_year_has_a_place_for_every_day():
    day = date(2017, 4, 1)
    line = Line("England", day, day + timedelta(days=364), Decimal(82), "82%")
    assert line.when() == "2017/18"


def gaps(symbols, shape):
    points = [month_point(0, "60"), *(month_point(i, None, symbol=s) for i, s in enumerate(symbols, 1))]
    chart = build(title="", subject="", unit="percent", frequency="month", points=[*points, month_point(35, "60")])
    return [(text.text, text.y) for text in draw(chart, shape).texts if text.kind == "gap"]


def test_gaps_that_would_touch_share_a_symbol_and_another_one_stands_higher():
    foot = draw(trend(quarters(["60"])), WIDE).scale.bottom - 9
    assert gaps(["[x]"] * 5, WIDE) == [("[x]", foot)]
    assert gaps(["[x]", "[c]", "[c]"], WIDE) == [("[x]", foot), ("[c]", foot - 15.6)]
