"""Static files that come from packages or are built: found, compressed, and never missing."""

import brotli
import pytest
from django.contrib.staticfiles import finders
from fontTools.ttLib import TTFont

from perfmon import fonts
from perfmon.finders import PackageFileFinder, files, package_file
from perfmon.setup import library
from perfmon.storage import FastCompressor


def listed() -> dict[str, str]:
    return {f"{s.prefix}/{name}": s.path(name) for name, s in PackageFileFinder().list([])}


def test_chart_library_comes_out_of_its_package(settings, tmp_path):
    settings.BUILD_DIR = tmp_path
    path = finders.find("vendor/plotly.min.js")
    assert path.endswith("plotly/package_data/plotly.min.js")
    assert listed()["vendor/plotly.min.js"] == path
    assert PackageFileFinder().find("vendor/other.js") == []
    assert PackageFileFinder().find("vendor/plotly.min.js", find_all=True) == [path]


def test_chart_library_comes_in_its_small_form_where_that_was_built(settings, tmp_path):
    settings.BUILD_DIR = tmp_path
    small = tmp_path / library.BUILT
    small.parent.mkdir(parents=True)
    small.write_text("small")
    assert finders.find("vendor/plotly.min.js") == str(small)
    assert listed()["vendor/plotly.min.js"] == str(small)


def test_package_that_is_not_installed_is_named():
    with pytest.raises(FileNotFoundError, match="The package no_such_package is not installed"):
        package_file("no_such_package", "a.js")


def test_without_the_typeface_its_style_sheet_is_there_and_asks_for_nothing(settings, tmp_path):
    settings.BUILD_DIR = tmp_path
    assert set(listed()) == {"vendor/plotly.min.js", "css/font.css"}
    assert "url(" not in files()["css/font.css"].read_text()


def test_half_a_typeface_is_none(settings, tmp_path):
    settings.BUILD_DIR = tmp_path
    (tmp_path / "static" / "css").mkdir(parents=True)
    (tmp_path / "static" / "css" / "font.css").write_text(fonts.RULE)
    assert "url(" not in files()["css/font.css"].read_text()


def test_typeface_is_small_variable_and_built_once(settings, tmp_path):
    settings.BUILD_DIR = tmp_path
    assert fonts.build(tmp_path / "static") is True
    assert fonts.build(tmp_path / "static") is False
    found = files()
    assert found["css/font.css"].read_text() == fonts.RULE
    assert found["fonts/inter.woff2"].stat().st_size < 40_000
    font = TTFont(found["fonts/inter.woff2"])
    assert font.flavor == "woff2"
    assert [(axis.axisTag, axis.minValue, axis.maxValue) for axis in font["fvar"].axes] == [("wght", 400, 700)]
    assert {ord(sign) for sign in "Aé£%–’−×≥▲▼"} <= set(font.getBestCmap())


@pytest.mark.parametrize("size", [1000, 600_000])
def test_compression_keeps_every_byte(size):
    data = (b"measure,value\n" * size)[:size]
    small = FastCompressor.compress_brotli(data)
    assert brotli.decompress(small) == data
    assert len(small) < size / 10
