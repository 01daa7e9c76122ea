"""The officer's and the analyst's work with the keyboard alone. Wherever the focus goes it must be seen."""

import pytest
from playwright.sync_api import Locator, Page, expect

from .pages import PROCEEDINGS

pytestmark = pytest.mark.browser

# What has the focus, whether a ring is drawn (on it or, for the editor, around it), and whether it lies on top.
FOCUS = """() => {
  const at = document.activeElement
  // After the last place of the page the focus is the browser's own.
  if (at === document.body) return null
  const ringed = e => {
    const s = getComputedStyle(e)
    return (s.outlineStyle !== "none" && parseFloat(s.outlineWidth) >= 2) || s.boxShadow !== "none"
  }
  const box = at.getBoundingClientRect()
  const places = [[.5, .5], [.1, .5], [.9, .5], [.5, .1], [.5, .9]].map(([x, y]) =>
    document.elementFromPoint(box.x + box.width * x, box.y + Math.min(box.height, innerHeight) * y))
  return {
    what: at.outerHTML.slice(0, 120),
    ringed: ringed(at) || ringed(at.parentElement) || ringed(at.parentElement.parentElement),
    seen: places.some(e => e && (at.contains(e) || e.contains(at) && e !== document.body && e.tagName !== "MAIN")),
  }
}"""
LONGEST_WAY = 90


def has_focus(target: Locator) -> bool:
    return target.count() == 1 and target.evaluate("e => e === document.activeElement")


def tab_to(page: Page, target: Locator) -> None:
    """Presses Tab until `target` has the focus."""
    target.wait_for()
    way = []
    for _ in range(LONGEST_WAY):
        page.keyboard.press("Tab")
        focus = page.evaluate(FOCUS)
        if focus is None:
            continue
        way.append(focus["what"])
        assert focus["ringed"], f"no ring around {focus['what']}"
        assert focus["seen"], f"hidden: {focus['what']}"
        if has_focus(target):
            return
    pytest.fail(f"{target} is not reached:\n" + "\n".join(way))


def follow(page: Page, name: str) -> None:
    tab_to(page, page.get_by_role("link", name=name, exact=True))
    with page.expect_navigation():
        page.keyboard.press("Enter")


def sign_in(page: Page, key: str) -> None:
    page.goto("/accounts/sign-in/")
    tab_to(page, page.locator(f"button[name=account][value={key}]"))
    page.keyboard.press("Enter")
    page.wait_for_url("**/")


def test_the_skip_link_leads_to_the_content(as_role):
    page = as_role("officer")
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Skip to the content")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport(ratio=1)
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.querySelector('main').contains(document.activeElement)")


def test_menus_open_and_close(as_role):
    page = as_role("officer")
    menu = page.locator(".user-menu summary")
    tab_to(page, menu)
    page.keyboard.press("Enter")
    change = page.get_by_role("link", name="Your account")
    tab_to(page, change)
    page.keyboard.press("Escape")
    expect(change).to_be_hidden()
    expect(menu).to_be_focused()


def test_an_officer_writes_and_releases_a_response(visitor):
    page = visitor()
    sign_in(page, "officer")
    follow(page, "Q2 2018/19")
    chip = page.get_by_role("list", name="Show by rating").get_by_role("link", name="Off target")
    tab_to(page, chip)
    page.keyboard.press("Enter")
    expect(chip).to_have_attribute("aria-current", "true")
    follow(page, PROCEEDINGS)

    text = page.get_by_role("textbox", name="DMBC response")
    expect(text).to_be_visible(timeout=20_000)
    tab_to(page, page.get_by_role("button", name="Bold"))
    tab_to(page, text)
    page.keyboard.press("Control+End")
    page.keyboard.type(" By keyboard.")
    expect(page.locator("#pane-commissioner-state")).to_contain_text("Draft, saved", timeout=10_000)
    page.keyboard.press("Tab")
    assert not has_focus(text)
    page.keyboard.press("Shift+Tab")
    expect(text).to_be_focused()
    tab_to(page, page.get_by_role("button", name="Release to DCST"))
    page.keyboard.press("Enter")
    expect(page.get_by_text("Released. DCST can read the text now.")).to_be_visible()


def test_an_analyst_enters_a_value_and_submits(visitor, watch):
    watch.expect("status of 422")
    page = visitor()
    sign_in(page, "analyst")
    follow(page, "Q3 2018/19")
    follow(page, "Enter values")
    # The long form of one series; the grid itself: test_grid.
    follow(page, "Single assessments completed in time")
    period = page.get_by_role("region", name="Q3 2018/19", exact=True)
    value = period.get_by_label("Or the value alone")
    tab_to(page, value)
    page.keyboard.type("many")
    page.keyboard.press("Enter")
    # After a refusal the focus is at the summary; its link leads to the field, which keeps what was typed.
    problem = page.get_by_role("alert").get_by_role("link")
    tab_to(page, problem)
    page.keyboard.press("Enter")
    expect(value).to_be_focused()
    expect(value).to_have_value("many")
    page.keyboard.press("Control+a")
    page.keyboard.type("90")
    page.keyboard.press("Enter")
    expect(page.get_by_role("main")).to_contain_text("Q3 2018/19 saved: 90%")

    follow(page, "Scorecard")
    follow(page, "Submit values")
    tab_to(page, page.get_by_role("button", name="Submit values"))
    page.keyboard.press("Enter")
    expect(page.get_by_text("Values for Q3 2018/19 submitted. DMBC sees them now.")).to_be_visible()
