"""Reading, filtering and entering values need no script; writing a text does, and says so."""

import re

import pytest
from playwright.sync_api import expect

from . import steps
from .pages import CONTACTS, PROCEEDINGS
from .steps import Q2, Q3

pytestmark = pytest.mark.browser


def test_scorecard_and_filters(as_role):
    page = as_role("council-director", java_script_enabled=False)
    page.goto(f"{Q2}/")
    tiles = page.locator("article.tile")
    everything = tiles.count()
    chip = page.get_by_role("list", name="Show by rating").get_by_role("link", name="Off target")
    told = int(chip.locator("b").inner_text())
    chip.click()
    expect(tiles).to_have_count(told)
    assert 0 < told < everything
    page.get_by_role("group", name="Layout").get_by_role("link", name="Table").click()
    expect(page.locator("table.scorecard tbody th[scope=row]")).to_have_count(told)
    page.locator("nav.switcher summary").click()
    page.get_by_role("link", name="Q2 2017/18").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Q2 2017/18")


def test_measure_page_shows_chart_table_and_texts_and_says_what_writing_needs(as_role):
    page = as_role("officer", java_script_enabled=False)
    page.goto(f"{Q2}/")
    page.get_by_role("link", name=PROCEEDINGS).click()
    expect(page.locator(".chart-frame svg.chart").locator("visible=true")).to_have_count(1)
    expect(page.get_by_role("button", name="PNG")).to_have_count(0)
    expect(page.get_by_role("region", name="Figures").get_by_role("row").nth(1)).to_contain_text("Q2 2018/19")
    response = steps.pane(page, "commissioner")
    expect(response.get_by_role("paragraph").filter(has_text="Results worsened")).to_be_visible()
    expect(response.get_by_text(re.compile("Writing needs JavaScript"))).to_be_visible()
    with page.expect_download() as figures:
        page.get_by_role("link", name="CSV").click()
    assert figures.value.suggested_filename.endswith(".csv")


def test_values_can_be_entered(as_role, watch):
    watch.expect("status of 422")
    page = as_role("analyst", java_script_enabled=False)
    page.goto(f"{Q3}/entry/")
    page.get_by_role("link", name=CONTACTS, exact=True).click()
    for typed, told in (("many", "Enter a number in digits"), ("1900", "October 2018 saved: 1,900")):
        october = page.get_by_role("region", name="October 2018", exact=True)
        october.get_by_label("Value").fill(typed)
        october.get_by_role("button", name="Save October 2018").click()
        expect(page.get_by_role("main")).to_contain_text(told)
