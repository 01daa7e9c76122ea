"""Cuts the installed Inter typeface down to what pages use: `python -m perfmon.fonts`.

Writes static/fonts/inter.woff2 and static/css/font.css below the build folder, where the static finder looks.
Upright, weights 400 to 700, Latin letters and the signs that the program prints.
"""

import hashlib
import io
import logging
import os
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont
from fontTools.varLib import instancer

from perfmon.finders import package_file

SOURCE = ("fontpkg_inter", "files/Inter[opsz,wght].ttf")
# Basic Latin, Latin-1, Latin Extended-A, and: dashes, quotes, bullet, ellipsis, minus, arrows, comparison, shapes.
CHARACTERS = [
    *range(0x20, 0x7F),
    *range(0xA0, 0x180),
    *(ord(c) for c in "‐‑–—‘’‚“”„•…′″€−≈≠≤≥×÷←↑→↓↗↘■□▲△▼▽◆◇●○✓✗"),
]
RULE = """@font-face {
  font-family: "Inter";
  src: url("../fonts/inter.woff2") format("woff2");
  font-weight: 400 700;
  font-style: normal;
  font-display: swap;
}
"""


def small_font(source: Path) -> bytes:
    """The cut-down typeface as WOFF2."""
    font = TTFont(source)
    font = instancer.instantiateVariableFont(font, {"opsz": 14, "wght": (400, 700)})
    # Subsetting what the instancer returns fails until it has been saved and read again.
    between = io.BytesIO()
    font.save(between)
    between.seek(0)
    font = TTFont(between)
    options = subset.Options()
    options.flavor = "woff2"
    options.layout_features = ["kern", "liga", "calt", "ccmp", "locl", "mark", "mkmk", "tnum", "case"]
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=CHARACTERS)
    cutter.subset(font)
    font.flavor = "woff2"
    out = io.BytesIO()
    font.save(out)
    return out.getvalue()


def build(folder: Path) -> bool:
    """Build into `folder` unless it holds the same already. Returns whether anything was built."""
    source = package_file(*SOURCE)
    mark = hashlib.sha256(source.read_bytes() + Path(__file__).read_bytes()).hexdigest()
    font, rule, stamp = folder / "fonts" / "inter.woff2", folder / "css" / "font.css", folder / "font.stamp"
    if font.is_file() and rule.is_file() and stamp.is_file() and stamp.read_text() == mark:
        return False
    for path in (font, rule):
        path.parent.mkdir(parents=True, exist_ok=True)
    write(font, small_font(source))
    write(rule, RULE.encode())
    write(stamp, mark.encode())
    return True


def write(path: Path, data: bytes) -> None:
    """All of it or nothing: a page may be served from the folder meanwhile."""
    partial = path.with_name(path.name + ".part")
    partial.write_bytes(data)
    os.replace(partial, path)


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "perfmon.settings")
    from django.conf import settings

    logging.getLogger("fontTools").setLevel(logging.ERROR)
    build(settings.BUILD_DIR / "static")


if __name__ == "__main__":
    main()
