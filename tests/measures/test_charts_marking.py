"""Points are told apart by shape, filling and stroke, so in grey print and by whoever sees few colours."""

import re
from datetime import date
from decimal import Decimal
from itertools import product
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from measures.charts.marking import CORNERS, OUTLINES, look, path
from measures.charts.parts import Point
from measures.charts.plotly import PAPER, figure
from measures.charts.svg import WIDE, dot_class, svg
from tests.measures.charts_samples import quarter_point, trend

KINDS = list(product(OUTLINES, (False, True), (False, True), (False, True)))
CSS = Path(__file__).parents[2].joinpath("static/css/chart.css").read_text(encoding="utf-8")


def point(signal, provisional, illustrative):
    return Point(date.min, "", "", Decimal(1), signal=signal, provisional=provisional, illustrative=illustrative)


def found(signal, provisional, illustrative, latest, many=False):
    return look(point(signal, provisional, illustrative), latest, many)


@pytest.mark.parametrize("many", [False, True])
def test_each_combination_has_a_signature_of_its_own(many):
    signatures = {found(*kind, many=many).signature: kind for kind in KINDS}
    assert len(signatures) == len(KINDS) == 32


def test_the_signature_knows_no_colour_and_no_size():
    improvement, concern = found("improvement", False, False, False), found("concern", False, False, False)
    assert improvement.signature == (("star", False), True, (0.0, False, False))
    assert concern.signature == (("square", False), True, (0.0, False, False))
    assert found("", False, False, False).signature == found("", False, False, False, many=True).signature


def test_in_the_svg_too_each_combination_differs_by_more_than_colour():
    """By the markup: the path's own shape, and the classes without those that only choose a colour."""
    drawn = set()
    for signal, provisional, illustrative, latest in KINDS:
        one = quarter_point(2, "60", signal=signal, provisional=provisional, illustrative=illustrative)
        other = quarter_point(3 if not latest else 1, "70")
        root = ET.fromstring(svg(trend([one, other] if not latest else [other, one]), WIDE, "x"))
        groups = [g for g in root if (g.get("class") or "").startswith("dot")]
        group = groups[0 if not latest else -1]
        css = " ".join(name for name in group.get("class").split() if name not in ("imp", "con", "neu"))
        (shape,) = list(group)[:1] if not latest else list(group)[-1:]
        drawn.add((shape.tag, re.sub(r"[\d.]+", "n", shape.get("d") or ""), css))
    assert len(drawn) == 32


def test_in_plotly_too_each_combination_differs_by_more_than_colour():
    looks = set()
    for signal, provisional, illustrative, latest in KINDS:
        one = quarter_point(2, "60", signal=signal, provisional=provisional, illustrative=illustrative)
        other = quarter_point(1 if latest else 3, "70")
        chart = trend([other, one] if latest else [one, other])
        marker, at = figure(chart)["data"][-2]["marker"], -1 if latest else 0
        hollow = marker["color"][at] == "var(--chart-card)"
        ring = marker["line"]
        ringed = not hollow and ring["color"][at] != marker["color"][at]
        looks.add((marker["symbol"][at], hollow, ring["width"][at], ring["dash"][at], ringed))
    assert len(looks) == 32


def test_no_outline_is_one_of_a_rating_badge():
    """Those are a circle (which every chart's plain point is), a triangle and a diamond."""
    assert set(OUTLINES.values()) == {"circle", "star", "square", "cross"}


@pytest.mark.parametrize(("outline", "corners"), [("star", 10), ("square", 4), ("cross", 12)])
def test_outlines_have_their_corners(outline, corners):
    assert len(CORNERS[outline]) == corners
    assert len(set(CORNERS[outline])) == corners


def test_a_path_stands_at_its_place():
    square = found("concern", False, False, False)
    assert (square.radius, path(square, 100, 50)) == (5.0, "M105 55 95 55 95 45 105 45Z")
    dotted = found("concern", True, False, False)
    assert path(dotted, 100, 50) == "M105 55 95 55 95 45 105 45ZM100 50.5l.5-.5-.5-.5-.5.5Z"


def test_latest_is_larger_and_many_are_smaller():
    assert [found("", False, False, latest).radius for latest in (False, True)] == [4.0, 6.0]
    assert [found("concern", False, False, latest).radius for latest in (False, True)] == [5.0, 7.0]
    assert found("", False, False, False, many=True).radius == 3.0
    assert found("", False, False, True).sized(0.5).radius == 3.0


def test_every_class_of_a_dot_has_its_rule():
    names = {name for kind in KINDS for name in dot_class(found(*kind)).split()}
    assert names == {"dot", "s", "ill", "imp", "con", "neu", "end"}
    assert [name for name in names if not re.search(rf"\.chart [^{{]*\.{name}\b[^{{]*\{{", CSS)] == []


def colours(css):
    return dict(re.findall(r"--([\w-]+):\s*(#[0-9a-f]{6})\b", css))


TOKENS = Path(__file__).parents[2].joinpath("static/css/tokens.css").read_text(encoding="utf-8")
LIGHT = colours(TOKENS.split("@media", 1)[0])
DARK = LIGHT | colours(TOKENS.split("@media", 1)[1])
SIGNALS = ("improvement", "concern", "change")


def linear(colour):
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    return [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]


def contrast(one, other):
    lights = [sum(f * p for f, p in zip((0.2126, 0.7152, 0.0722), linear(c), strict=True)) for c in (one, other)]
    return (max(lights) + 0.05) / (min(lights) + 0.05)


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("ground", ["card", "band", "limit-bg"])
@pytest.mark.parametrize("shape", [*SIGNALS, "limit"])
def test_signals_and_limits_stand_out_on_every_ground(theme, ground, shape):
    assert contrast(theme[shape], theme[ground]) >= 3


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_names_stand_out_on_the_ground_between_limits(theme):
    assert contrast(theme["mut"], theme["limit-bg"]) >= 4.5


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_no_signal_has_the_colour_of_a_rating(theme):
    def apart(one, other):
        return sum((a - b) ** 2 for a, b in zip(linear(one), linear(other), strict=True)) ** 0.5

    close = [(s, r) for s in SIGNALS for r in ("red", "amber", "green") if apart(theme[s], theme[r]) < 0.15]
    assert close == []


def test_a_downloaded_picture_has_the_light_colours():
    names = {"ink": "series", "muted": "mut", "grid": "line", "benchmark": "acc", "area": "limit-bg"}
    held = {key.removeprefix("var(--chart-").rstrip(")"): colour for key, colour in PAPER.items()}
    assert held == {name: LIGHT[names.get(name, name)] for name in held}
