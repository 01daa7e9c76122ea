"""Every page for every role that may open it: no violation found by axe, and no sideways scrolling at 320 pixels. axe
judges the narrow and the dark look for the first role in the list that writes there and the first that reads: that
takes most of the time."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from .pages import PAGES, Shown

pytestmark = pytest.mark.browser

LOOKS = [(1280, "light"), (320, "light"), (1280, "dark")]
AXE = Axe()
OPTIONS = """{
  resultTypes: ["violations"],
  preload: false,
  runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
  rules: {"target-size": {enabled: true}},
}"""
# Only what scrolls by itself, is named and can be reached by keyboard may be wider than the page.
WIDEST = "document.scrollingElement.scrollWidth"
WRITING = "form[data-pane], table[data-grid]"

# Colours that are still changing are judged by where they end.
STILL = "() => Promise.allSettled(document.getAnimations().map(animation => animation.finished))"


def violations(page: Page) -> list[str]:
    found = page.evaluate(f"axe.run({OPTIONS})")["violations"]
    return [f"{rule['id']}: {node['target']} {node['failureSummary']}" for rule in found for node in rule["nodes"]]


def is_first(shown: Shown) -> bool:
    return shown is next(page for page in PAGES if (page.name, page.writes) == (shown.name, shown.writes))


def settled_width(page: Page, width: int) -> int:
    """A chart draws itself anew for another width a moment after the page has it."""
    for _ in range(50):
        if page.evaluate(WIDEST) <= width:
            break
        page.wait_for_timeout(100)
    return page.evaluate(WIDEST)


@pytest.mark.parametrize("shown", PAGES, ids=lambda shown: shown.id)
def test_page_has_no_violation_and_fits_320_pixels(shown: Shown, visitor, as_role, watch):
    # The browser reports every answer of 400 and above, and these pages are such answers.
    watch.expect(r"status of (403|404|409|422) ")
    page = shown.open(visitor, as_role, viewport={"width": 1280, "height": 900})
    # Or a page would go unjudged that holds more than the first of its name.
    assert is_first(shown) or shown.writes == (page.locator(WRITING).count() > 0)
    page.evaluate(AXE.axe_script)
    found = []
    for look in LOOKS:
        width, scheme = look
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=scheme)
        page.evaluate(STILL)
        if is_first(shown) or look == LOOKS[0]:
            found += [f"{width} {scheme}: {complaint}" for complaint in violations(page)]
        if (widest := settled_width(page, width)) > width:
            found.append(f"{width} {scheme}: the page is {widest} pixels wide")
    assert not found, "\n".join(found)
