"""Text 4.5:1 and graphics 3:1, computed from the tokens in both themes."""

import re
from pathlib import Path

import pytest
from django.conf import settings

TOKENS = (Path(settings.BASE_DIR) / "static/css/tokens.css").read_text()
LIGHT_PART, DARK_PART = TOKENS.split("@media", 1)


def colours(css: str) -> dict[str, str]:
    return dict(re.findall(r"--([\w-]+):\s*(#[0-9a-f]{6})\b", css))


LIGHT = colours(LIGHT_PART)
DARK = LIGHT | colours(DARK_PART)
RATINGS = ["red", "amber", "green", "none"]
TEXT = (
    [(text, ground) for text in ("ink", "mut", "acc", "acc-strong") for ground in ("bg", "card", "sunk", "acc-bg")]
    + [(rating, ground) for rating in RATINGS for ground in (f"{rating}-bg", "card", "bg")]
    + [("ink", f"{rating}-bg") for rating in RATINGS]
    + [("on-acc", "acc"), ("on-acc", "acc-strong"), ("focus-edge", "focus"), ("mut", "card")]
)
GRAPHICS = [("edge", ground) for ground in ("bg", "card", "sunk")] + [
    ("series", "band"),
    ("mut", "band"),
    ("acc", "line"),
]


def luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def test_contrast_of_black_on_white():
    assert round(contrast("#000000", "#ffffff"), 6) == 21


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize(("text", "ground"), TEXT)
def test_text_stands_out(theme, text, ground):
    assert contrast(theme[text], theme[ground]) >= 4.5


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize(("shape", "ground"), GRAPHICS)
def test_shapes_stand_out(theme, shape, ground):
    assert contrast(theme[shape], theme[ground]) >= 3


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("ground", ["bg", "card", "sunk", "acc", "acc-bg", "red-bg", "amber-bg", "green-bg"])
def test_focus_ring_shows_on_every_ground(theme, ground):
    assert max(contrast(theme["focus"], theme[ground]), contrast(theme["focus-edge"], theme[ground])) >= 3


def test_colours_are_written_in_tokens_only():
    files = [
        p
        for p in (Path(settings.BASE_DIR) / "static/css").glob("*.css")
        if p.name in {"base.css", "layout.css", "components.css", "forms.css", "scorecard.css", "measure.css"}
    ]
    assert len(files) == 6
    assert [p.name for p in files if re.search(r"#[0-9a-fA-F]{3,8}\b|rgb\(|hsl\(", p.read_text())] == []
