"""Last quarter's text beside a pane, and beginning with it."""

import re

import pytest
from playwright.sync_api import expect

from . import steps
from .steps import Q2, Q3

pytestmark = pytest.mark.browser

SAVED = re.compile(r"^Draft, saved \d\d:\d\d")
RELEASED = "The share rose a little and stays within tolerance"


@pytest.fixture
def desk(as_role):
    """The analyst at A1 in Q3, which is open, the editor there; Q2 has a released comment."""
    page = as_role("analyst")
    page.goto(f"{Q3}/m/a1/")
    steps.editor(page)
    return page


def place_of_text(page):
    """How far below the top of its pane the text begins."""
    return steps.editor(page).bounding_box()["y"] - steps.pane(page, "provider").bounding_box()["y"]


def test_it_opens_in_place_and_closes(desk):
    pane = steps.pane(desk, "provider")
    button = pane.get_by_role("button", name="Q2 2018/19 text of the DCST comment")
    place = pane.get_by_role("region", name="DCST comment, Q2 2018/19")
    steps.write(desk, "Typed before.")
    button.focus()
    desk.keyboard.press("Enter")
    expect(place).to_contain_text(RELEASED)
    expect(place).to_contain_text("Released")
    expect(button).to_be_focused()
    expect(button).to_have_attribute("aria-expanded", "true")
    expect(pane.locator("[data-last-said]")).to_have_text("DCST comment, Q2 2018/19 is open below.")
    # Nothing that was typed is lost, and the other pane stays as it was.
    expect(steps.editor(desk)).to_have_text("Typed before.")
    expect(steps.pane(desk, "commissioner").locator(".last-place")).to_be_hidden()
    place.get_by_role("button", name="Close").focus()
    desk.keyboard.press("Escape")
    expect(place).to_be_hidden()
    expect(button).to_be_focused()
    expect(button).to_have_attribute("aria-expanded", "false")
    expect(pane.locator("[data-last-said]")).to_have_text("DCST comment, Q2 2018/19 is closed.")
    desk.keyboard.press("Space")
    expect(place).to_be_visible()
    place.get_by_role("button", name="Close").click()
    expect(place).to_be_hidden()
    expect(button).to_be_focused()


def test_while_it_is_on_its_way_it_says_so_and_is_asked_for_once(desk):
    asked = []
    desk.route("**/last/", lambda route: asked.append(route))
    pane = steps.pane(desk, "provider")
    button = pane.get_by_role("button", name="Q2 2018/19 text of the DCST comment")
    button.click()
    expect(pane.locator("[data-last-said]")).to_have_text("Opening")
    expect(button).to_have_attribute("aria-busy", "true")
    button.click()
    desk.wait_for_timeout(300)
    assert len(asked) == 1
    asked[0].continue_()
    expect(pane.get_by_role("region", name="DCST comment, Q2 2018/19")).to_contain_text(RELEASED)
    expect(button).to_have_attribute("aria-busy", "false")


def test_without_an_answer_it_says_so_and_leads_to_the_page(desk, watch):
    watch.expect("net::ERR_FAILED", r"console error: Failed to load resource")
    desk.route("**/last/", lambda route: route.abort())
    pane = steps.pane(desk, "commissioner")
    pane.get_by_role("button", name="Q2 2018/19 text").click()
    expect(pane.locator("[data-last-said]")).to_have_text("The text could not be loaded.")
    way = pane.get_by_role("link", name="Open it on a page of its own")
    expect(way).to_have_attribute("href", re.compile("/2018-Q3/m/a1/pane/commissioner/last/$"))


def test_starting_from_it_and_changing_it(desk):
    pane = steps.pane(desk, "provider")
    pane.get_by_role("button", name="Start from Q2 2018/19").click()
    expect(desk.get_by_role("status").filter(has_text="The Q2 2018/19 text is your draft now")).to_be_visible()
    expect(steps.editor(desk)).to_contain_text(RELEASED)
    carried = pane.get_by_text("Carried over from Q2 2018/19: not changed yet")
    count = pane.locator("[data-repeats-count]")
    expect(carried).to_be_visible()
    expect(count).to_be_hidden()
    before = place_of_text(desk)
    steps.write(desk, " And more of it this time.")
    expect(carried).to_be_hidden()
    expect(count).to_have_text("6 paragraphs are")
    expect(desk.locator("#pane-provider-state")).to_have_text(SAVED, timeout=10_000)
    assert place_of_text(desk) == before, "the text moved under its writer"
    steps.editor(desk).click()
    desk.keyboard.press("Control+Home")
    desk.keyboard.insert_text("New: ")
    expect(count).to_have_text("5 paragraphs are")
    desk.keyboard.press("Control+z")
    expect(count).to_have_text("6 paragraphs are")
    expect(desk.locator("#pane-provider-state")).to_have_text(SAVED, timeout=10_000)
    desk.reload()
    expect(count).to_have_text("6 paragraphs are")


def test_the_start_goes_when_something_is_written(desk):
    start = desk.get_by_role("button", name="Start from Q2 2018/19")
    expect(start).to_be_visible()
    steps.write(desk, "A")
    expect(start).to_be_hidden()
    desk.keyboard.press("Backspace")
    expect(start).to_be_visible()


def test_without_javascript_it_is_a_page(as_role):
    page = as_role("analyst", java_script_enabled=False)
    page.goto(f"{Q3}/m/a1/")
    steps.pane(page, "provider").get_by_role("link", name="Q2 2018/19 text").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("DCST comment in Q2 2018/19")
    expect(page.locator("[data-last-text]")).to_contain_text(RELEASED)
    page.get_by_role("button", name="Start Q3 2018/19 from this text").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Re-referrals in the last 12 months")
    expect(steps.pane(page, "provider")).to_contain_text("Carried over from Q2 2018/19: not changed yet")


def test_a_way_from_the_commentary_to_a_pane_that_is_missing(as_role):
    page = as_role("council-director")
    page.goto(f"{Q2}/commentary/")
    page.get_by_role("region", name="Missing from DCST").get_by_role("link", name="A8").click()
    page.wait_for_url("**/m/a8/#pane-provider")
