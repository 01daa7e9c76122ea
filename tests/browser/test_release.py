"""A text that may name a child on its way to the other party. Every person in it is invented."""

import pytest
from playwright.sync_api import Page, expect

from . import steps
from .desk import MEASURE
from .steps import SignIn

pytestmark = pytest.mark.browser

SENTENCE = " The one exception is Kayleigh, aged 15, who waited for a bed."


def release(page: Page) -> None:
    page.get_by_role("button", name="Release to DCST", exact=True).click()


def ask(page: Page) -> None:
    steps.write(page, SENTENCE)
    release(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Check before release")
    expect(page.locator("mark")).to_have_text("Kayleigh, aged 15")


def test_warned_and_gone_back_the_text_is_still_there(desk, store):
    ask(desk)
    assert "Kayleigh, aged 15" in store.pane("draft")[0]
    assert store.pane("released") == (None,)
    desk.get_by_role("link", name="Go back and change the text").click()
    desk.wait_for_url(f"**{MEASURE}#pane-commissioner")
    text = steps.editor(desk)
    expect(text).to_contain_text(SENTENCE.strip())
    text.fill("Beds")  # in the heading that stood first
    release(desk)
    expect(desk.locator("#messages")).to_contain_text("There are headings and no text yet.")
    steps.editor(desk).click()
    desk.keyboard.press("Control+End")
    desk.keyboard.press("Enter")
    desk.keyboard.insert_text("One young person waited for a bed.")
    release(desk)
    expect(desk.locator("#messages")).to_have_text("Released. DCST can read the text now.")
    released = store.pane("released")[0]
    assert ("One young person waited for a bed." in released, "Kayleigh" in released) == (True, False)


def test_loaded_again_it_asks_again(desk, store):
    ask(desk)
    desk.reload()
    expect(desk.locator("mark")).to_have_text("Kayleigh, aged 15")
    assert store.pane("released") == (None,)


def test_the_browsers_way_back_keeps_the_text_too(desk):
    ask(desk)
    desk.go_back()
    expect(steps.editor(desk)).to_contain_text(SENTENCE.strip())
    steps.write(desk, " More.")
    release(desk)
    expect(desk.locator("blockquote")).to_contain_text("bed. More.")


def test_warned_and_released_anyway_the_other_party_reads_it(desk, as_role: SignIn, store):
    ask(desk)
    analyst = as_role("analyst")
    analyst.goto(MEASURE)
    expect(steps.pane(analyst, "commissioner")).to_contain_text("Not yet released")
    expect(analyst.locator("main")).not_to_contain_text("Kayleigh")
    desk.get_by_role("button", name="Release to DCST anyway").click()
    expect(desk.locator("#messages")).to_have_text("Released. DCST can read the text now.")
    analyst.reload()
    expect(steps.pane(analyst, "commissioner")).to_contain_text("Kayleigh, aged 15, who waited")
    assert "Kayleigh" in store.pane("released")[0]


def test_by_keyboard_alone_the_way_back_comes_first(desk):
    ask(desk)
    stops = []
    for _ in range(30):
        desk.keyboard.press("Tab")
        stops.append(desk.evaluate("document.activeElement.textContent.trim()"))
        if stops[-1] == "Release to DCST anyway":
            break
    assert stops[-2:] == ["Go back and change the text", "Release to DCST anyway"]
    desk.keyboard.press("Enter")
    expect(desk.locator("#messages")).to_have_text("Released. DCST can read the text now.")


def test_without_javascript(as_role: SignIn, store):
    store.run(
        "UPDATE commentary_pane SET draft = '<p>Kayleigh, aged 15, waited.</p>' WHERE party = 'commissioner' AND "
        "measure_id = (SELECT id FROM measures_measure WHERE slug = 'b8') AND released IS NULL AND version > 0"
    )
    page = as_role("officer", java_script_enabled=False)
    page.goto(MEASURE)
    release(page)
    expect(page.locator("mark")).to_have_text("Kayleigh, aged 15")
    page.get_by_role("button", name="Release to DCST anyway").click()
    expect(page.locator("#messages")).to_have_text("Released. DCST can read the text now.")
    assert store.pane("released") == ("<p>Kayleigh, aged 15, waited.</p>",)


def test_what_is_not_released_is_read_on_screen_and_not_printed(desk):
    """The paper goes to people who may not read a draft."""
    desk.goto("/c/childrens-services/2018-Q2/commentary/")
    own, theirs = (desk.locator(f"section[aria-labelledby=m-b8-{party}]") for party in ("commissioner", "provider"))
    note = own.get_by_text("Not released. Drafts do not print.")
    expect(own.locator(".text")).to_be_visible()
    expect(note).to_be_hidden()
    desk.emulate_media(media="print")
    expect(own.locator(".text")).to_be_hidden()
    expect(own.locator(".state")).to_be_hidden()
    expect(note).to_be_visible()
    expect(theirs.locator(".text")).to_be_visible()
