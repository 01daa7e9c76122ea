"""The measure page's chart: when Plotly comes, the way through the points, and links that show what the sender saw."""

import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from . import steps
from .steps import Q2

pytestmark = pytest.mark.browser

A1, B8, FO1 = (f"{Q2}/m/{slug}/" for slug in ("a1", "b8", "fo1"))
# A browser that never has a moment to spare.
BUSY = "window.requestIdleCallback = () => 0"
# The page has not loaded until this picture has.
SLOW_PICTURE = """document.addEventListener("DOMContentLoaded", () => {
  const picture = new Image()
  picture.src = "/slow.svg"
  document.body.append(picture)
})"""
# Where everything around the chart lies, and every point of the drawing that is seen.
PLACES = """() => {
  const box = e => { const r = e.getBoundingClientRect(); return [r.x, r.y + scrollY, r.width, r.height] }
  const middle = e => { const [x, y, w, h] = box(e); return [x + w / 2, y + h / 2] }
  const frame = document.querySelector("[data-chart]")
  const drawn = frame.classList.contains("chart-drawn")
  const svg = [...frame.querySelectorAll("svg.chart")].find(e => getComputedStyle(e).display !== "none")
  const points = drawn ? frame.querySelectorAll(".chart-layer .points path.point") : svg.querySelectorAll(".dot > *")
  return {
    around: [frame, ...document.querySelectorAll(".switches, .fact, .pane, .below .card")].map(box),
    points: [...points].map(middle).sort((a, b) => a[0] - b[0]),
  }
}"""


def plotly_requests(page):
    found = []
    page.on("request", lambda request: "plotly.min" in request.url and found.append(request.url))
    return found


def chart(page):
    return page.locator("[data-chart]")


def drawn(page):
    return expect(page.locator("[data-chart].chart-drawn")).to_have_count(1, timeout=20_000)


def furthest(one, other):
    flat = [[number for place in each["around"] + each["points"] for number in place] for each in (one, other)]
    return max(abs(a - b) for a, b in zip(*flat, strict=True))


def test_plotly_comes_at_the_first_contact_and_nothing_moves(as_role):
    page = as_role("council-director")
    page.add_init_script(BUSY)
    asked = plotly_requests(page)
    page.goto(FO1, wait_until="networkidle")
    expect(chart(page)).to_have_attribute("role", "application")
    assert asked == []
    before = page.evaluate(PLACES)
    assert len(before["points"]) >= 10
    chart(page).hover()
    drawn(page)
    assert len(asked) == 1
    assert furthest(before, page.evaluate(PLACES)) < 1


def test_plotly_comes_only_to_a_chart_and_only_when_it_is_on_the_screen(as_role):
    page = as_role("council-director", viewport={"width": 390, "height": 300})
    asked = plotly_requests(page)
    page.goto(f"{Q2}/", wait_until="networkidle")
    assert page.locator("[src*=plotly], [href*=plotly], [src*='js/chart']").count() == 0
    page.goto(B8, wait_until="networkidle")
    assert asked == []
    chart(page).scroll_into_view_if_needed()
    drawn(page)
    assert len(asked) == 1


def test_a_large_screen_needs_no_contact_but_the_page_comes_first(as_role):
    page = as_role("council-director")
    asked, held = plotly_requests(page), []
    page.add_init_script(SLOW_PICTURE)
    page.route("**/slow.svg", lambda route: held.append(route))
    page.goto(B8, wait_until="domcontentloaded")
    expect(chart(page)).to_have_attribute("role", "application")
    page.wait_for_timeout(1000)
    assert asked == []
    held[0].fulfill(content_type="image/svg+xml", body="<svg xmlns='http://www.w3.org/2000/svg'/>")
    drawn(page)
    assert len(asked) == 1


@pytest.mark.parametrize("query", ["", "?by=month"])
def test_the_points_are_gone_through_by_keyboard(as_role, query):
    page = as_role("council-director")
    page.add_init_script(BUSY)
    page.goto(B8 + query)
    stops = json.loads(page.locator("#trend-figure").text_content())["walk"]
    assert len(stops) == (36 if query else 13)
    told, keys, mark = page.locator("[data-walk-told]"), page.locator("[data-walk-keys]"), page.locator(".chart-mark")
    expect(told).to_have_attribute("role", "status")
    expect(chart(page)).to_have_accessible_name(page.locator("svg.chart-wide title").text_content())
    expect(chart(page)).to_have_accessible_description(keys.text_content())
    expect(keys).to_be_hidden()
    asked = []
    page.locator(".tools a", has_text="CSV").focus()
    page.keyboard.press("Tab")
    expect(chart(page)).to_be_focused()
    expect(keys).to_be_visible()

    place = page.evaluate(PLACES)
    # Once before Plotly has drawn, for it comes with the focus, and once after.
    for _ in range(2):
        for key, stop in (("ArrowLeft", -1), ("ArrowLeft", -2), ("ArrowRight", -1), ("Home", 0), ("ArrowLeft", 0),
                          ("ArrowRight", 1), ("End", -1), ("ArrowRight", -1)):  # fmt: skip
            page.keyboard.press(key)
            expect(told).to_have_text(stops[stop])
            ring = mark.locator("circle").bounding_box()
            x, y = place["points"][stop]
            assert abs(ring["x"] + ring["width"] / 2 - x) < 1
            assert abs(ring["y"] + ring["height"] / 2 + page.evaluate("scrollY") - y) < 1
        expect(keys).to_be_hidden()
        page.keyboard.press("Escape")
        expect(told).to_have_text("")
        expect(mark).to_have_count(0)
        expect(chart(page)).to_be_focused()
        drawn(page)
        page.on("request", lambda request: asked.append(request.url))
    assert asked == []
    assert page.evaluate(PLACES)["around"] == place["around"]
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Tab")
    expect(mark).to_have_count(0)


def switch(page, name, *, shown):
    # A browser may set a space before what only a screen reader says.
    named = re.compile(f"^{name} ?: {'shown, hide' if shown else 'hidden, show'}$")
    return page.get_by_role("group", name="Show", exact=True).get_by_role("link", name=named)


def test_a_switch_is_a_link_that_shows_another_what_one_saw(as_role):
    page = as_role("officer", viewport={"width": 1280, "height": 640})
    page.goto(A1)
    expect(page.locator("svg.chart-wide .tgt")).to_have_count(1)
    page.evaluate("document.querySelector('.left').scrollTop = 120")
    place = switch(page, "Target", shown=True).bounding_box()
    switch(page, "Target", shown=True).click()
    page.wait_for_url("**/m/a1/?target=off#chart")
    # Back where one was, at the same switch, which says how it stands now.
    expect(switch(page, "Target", shown=False)).to_be_focused()
    assert page.evaluate("document.querySelector('.left').scrollTop") == 120
    assert abs(switch(page, "Target", shown=False).bounding_box()["y"] - place["y"]) < 40
    expect(page.locator("svg.chart-wide .tgt")).to_have_count(0)
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**/m/a1/?benchmarks=off&target=off#chart")

    other = as_role("analyst")
    other.goto(page.url)
    for name in ("Benchmarks", "Target"):
        expect(switch(other, name, shown=False)).to_be_visible()
    csv = other.get_by_role("link", name="CSV")
    expect(csv).to_have_attribute("href", f"{A1}figures.csv?benchmarks=off&target=off")
    drawings = [each.locator("svg.chart-wide").evaluate("e => e.outerHTML") for each in (page, other)]
    assert drawings[0] == drawings[1]


def test_without_plotly_the_page_is_whole(as_role, watch):
    watch.expect("ERR_FAILED", "net::ERR_FAILED")
    page = as_role("officer")
    page.route("**/plotly.min*.js", lambda route: route.abort())
    page.goto(B8)
    before = page.evaluate(PLACES)
    chart(page).focus()
    page.keyboard.press("End")
    expect(page.locator("[data-walk-told]")).to_contain_text("Q2 2018/19")
    assert page.evaluate(PLACES) == before
    page.get_by_role("button", name="PNG").click()
    expect(page.locator("[data-chart-said]")).to_have_text("The picture could not be made.")
    steps.editor(page)
    # Once it can be had, the next contact brings it.
    page.unroute("**/plotly.min*.js")
    page.get_by_role("heading", level=1).hover()
    chart(page).hover()
    drawn(page)


def test_the_picture_is_made_without_a_contact_with_the_chart(as_role):
    page = as_role("council-director")
    page.add_init_script(BUSY)
    page.goto(f"{B8}?by=month")
    with page.expect_download() as picture:
        page.get_by_role("button", name="PNG").click()
    data = Path(picture.value.path()).read_bytes()
    assert data.startswith(b"\x89PNG\r\n\x1a\n")
    # Three times the wide shape's 520 by 290, with room for two lines of title, two of shapes and two of marks.
    assert [int.from_bytes(data[at : at + 4], "big") for at in (16, 20)] == [1560, 1242]


def test_two_panels_are_gone_through_and_drawn_each_for_itself(as_role):
    page = as_role("council-director")
    page.goto(f"{Q2}/m/e34-35/")
    number, rate = (page.locator(f"[data-chart=trend-figure-{each}]") for each in (1, 2))
    told = page.locator("[data-walk-told]")
    for frame, start in ((number, "Q2 2018/19: 1,677"), (rate, "Q2 2018/19: 396 per 10,000")):
        frame.focus()
        page.keyboard.press("End")
        expect(told).to_contain_text(start)
        expect(frame.locator(".chart-mark")).to_have_count(1)
        expect(page.locator(".chart-mark")).to_have_count(1)
        expect(frame).to_have_class(re.compile("chart-drawn"))
    with page.expect_download() as picture:
        page.locator("[data-chart-png]").click()
    assert picture.value.suggested_filename == "e34-35-2018-Q2.png"
