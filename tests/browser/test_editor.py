"""The panes' editor, from the first key to the release."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from .desk import KEPT, MEASURE, RULES, SAVED, editor_of, heard, open_desk, problem_of, state_of, type_at_end

pytestmark = pytest.mark.browser


def test_what_is_typed_is_saved_by_itself(desk, store):
    version = store.pane("version")[0]
    type_at_end(desk, " Two spaces  stay & so do <tags>.")
    expect(state_of(desk)).to_have_text("Not saved yet")
    expect(state_of(desk)).to_have_text(SAVED, timeout=5_000)
    draft, now, released = store.pane("draft, version, released")
    assert "Two spaces  stay &amp; so do &lt;tags&gt;." in draft
    assert (now, released) == (version + 1, None)
    assert [re.sub(r"\d\d:\d\d", "14:32", words) for words in heard(desk)] == ["Saved 14:32"]


def test_saving_by_keyboard_and_by_button(desk, store):
    version = store.pane("version")[0]
    type_at_end(desk, " One.")
    desk.keyboard.press("Control+s")
    expect(state_of(desk)).to_have_text(SAVED)
    desk.keyboard.type(" Two.")
    desk.get_by_role("button", name="Save", exact=True).click()
    expect(state_of(desk)).to_have_text(SAVED)
    assert store.pane("version")[0] == version + 2


def test_saved_is_said_once_and_again_only_to_who_asks(desk):
    for words in (" One.", " Two.", " Three."):
        type_at_end(desk, words)
        expect(state_of(desk)).to_have_text("Not saved yet")
        expect(state_of(desk)).to_have_text(SAVED, timeout=5_000)
    said = heard(desk)
    assert len(said) == len(set(said))
    desk.keyboard.press("Control+s")
    desk.wait_for_function("count => heard.length > count", arg=len(said))


def test_a_text_typed_back_to_what_is_saved_needs_no_save(desk, store):
    before, version = state_of(desk).inner_text(), store.pane("version")[0]
    type_at_end(desk, "x")
    expect(state_of(desk)).to_have_text("Not saved yet")
    desk.keyboard.press("Backspace")
    expect(state_of(desk)).to_have_text(before)
    desk.wait_for_timeout(2_000)
    assert store.pane("version")[0] == version


def test_who_types_without_a_pause_is_saved_all_the_same(desk, store):
    editor_of(desk).click()
    desk.keyboard.press("Control+End")
    version = store.pane("version")[0]
    for _ in range(24):
        desk.keyboard.type("and ")
        desk.wait_for_timeout(450)
    assert store.pane("version")[0] > version


class TestWordCount:
    def test_it_starts_as_the_server_counts_and_follows_without_a_word(self, desk):
        words = desk.locator("[data-words]")
        text = editor_of(desk).inner_text()
        expect(words).to_have_text(f"{len(text.split())} words")
        type_at_end(desk, " three more words")
        expect(words).to_have_text(f"{len(text.split()) + 3} words")
        desk.keyboard.press("Control+a")
        desk.keyboard.type("Half")
        desk.keyboard.press("Control+b")
        desk.keyboard.type("bold")
        expect(words).to_have_text("1 word")
        assert all(said.startswith("Saved") for said in heard(desk))
        assert words.evaluate("e => e.closest('[aria-live], [role=status], [role=alert]')") is None
        expect(state_of(desk)).to_have_text(SAVED, timeout=5_000)
        desk.reload()
        expect(words).to_have_text("1 word")


def test_printed_the_panes_are_their_texts(desk):
    type_at_end(desk, " On paper.")
    expect(state_of(desk)).to_have_text(SAVED, timeout=5_000)
    desk.emulate_media(media="print")
    shown = desk.locator("section.pane").first
    for hidden in (".toolbar", "footer", ".problem", "button", "[data-words]", ".advice"):
        expect(shown.locator(hidden).locator("visible=true")).to_have_count(0)
    expect(editor_of(desk)).to_contain_text("On paper.")
    assert shown.locator(".ProseMirror").evaluate("e => e.scrollHeight <= e.clientHeight + 1")


def test_save_and_release_are_in_sight_however_long_the_text_is(desk):
    """The bar stands over the end of the window, and never over the line that is written."""
    desk.set_viewport_size({"width": 1280, "height": 620})
    text = editor_of(desk)
    text.fill("")
    for number in range(40):
        desk.keyboard.insert_text(f"Line {number}.")
        desk.keyboard.press("Enter")
    desk.keyboard.insert_text("The last line.")
    release = desk.get_by_role("button", name="Release to DCST", exact=True)
    assert in_sight(release)
    last = text.get_by_text("The last line.")
    bar = desk.locator(".pane-form > footer:visible").first
    assert bottom(last) <= top(bar)
    text.get_by_text("Line 12.").scroll_into_view_if_needed()
    assert in_sight(release)


def in_sight(place):
    return place.evaluate("e => { const b = e.getBoundingClientRect(); return b.top >= 0 && b.bottom <= innerHeight }")


def top(place):
    return place.bounding_box()["y"]


def bottom(place):
    box = place.bounding_box()
    return box["y"] + box["height"]


def test_the_text_stays_where_it_is_whatever_is_said_of_it(desk, watch):
    watch.expect("ERR_INTERNET_DISCONNECTED")
    line = editor_of(desk).locator("h3").last
    type_at_end(desk, " Here.")
    before = line.bounding_box()
    desk.context.set_offline(True)
    desk.keyboard.type(" More.")
    expect(problem_of(desk)).to_be_visible(timeout=5_000)
    assert line.bounding_box() == before
    expect(editor_of(desk)).to_be_focused()
    desk.context.set_offline(False)
    expect(state_of(desk)).to_have_text(SAVED, timeout=10_000)
    assert line.bounding_box() == before
    expect(editor_of(desk)).to_be_focused()
    assert desk.evaluate("focusLog") == []


def test_nothing_moves_when_the_editor_comes(as_role):
    page = as_role("officer")
    held = []
    page.route(re.compile("/configurable[.0-9a-f]*js"), lambda route: held.append(route))
    page.goto(MEASURE)
    pane = page.locator("section.pane").first
    line = pane.get_by_role("heading", name="What is happening next")
    page.wait_for_timeout(800)
    before = (line.bounding_box(), pane.bounding_box())
    held[0].continue_()
    editor_of(page)
    assert (line.bounding_box(), pane.bounding_box()) == before


def test_an_editor_that_did_not_come_is_asked_for_again(as_role, watch):
    watch.expect("ERR_FAILED")
    page = as_role("officer")
    page.route(re.compile("/configurable[.0-9a-f]*js"), lambda route: route.abort(), times=1)
    page.goto(MEASURE)
    told = page.get_by_text("The editor could not be loaded. Press in the text to try again, or reload the page.")
    told, said = told.and_(page.locator("[data-problem] p")), page.locator("[data-said]")
    expect(told).to_be_visible(timeout=10_000)
    expect(said).to_have_text(told.inner_text())
    # Nothing can be copied yet.
    expect(page.get_by_role("button", name="Copy my text")).to_have_count(0)
    page.locator("section.pane .text").first.click()
    expect(told).to_be_hidden(timeout=10_000)
    editor_of(page)
    expect(said).to_have_text("")


def test_a_release_saves_first_and_shows_it_to_the_other_party(desk, store):
    type_at_end(desk, " Last words.")
    desk.get_by_role("button", name="Release to DCST").click()
    expect(desk.get_by_text("Released. DCST can read the text now.")).to_be_visible()
    assert "Last words." in store.pane("released")[0]
    expect(state_of(desk)).to_have_text(re.compile(r"^Released \d+ \w+ \d{4} by "))
    editor_of(desk)
    expect(desk.get_by_role("button", name="Release changes to DCST")).to_be_disabled()
    type_at_end(desk, " More.")
    expect(state_of(desk)).to_have_text(re.compile(r"^Draft, saved .*DCST reads the text released "), timeout=5_000)
    expect(desk.get_by_role("button", name="Release changes to DCST")).to_be_enabled()
    desk.get_by_role("button", name="Withdraw").click()
    expect(desk.get_by_text("Withdrawn. DCST can no longer read the text; your draft is unchanged.")).to_be_visible()
    assert store.pane("released") == (None,)


def test_a_text_of_60_kb_is_refused_before_it_is_sent_and_kept(desk, store):
    version = store.pane("version")[0]
    editor_of(desk).click()
    desk.evaluate(
        "document.querySelector('.ProseMirror').editor.commands.insertContent('word '.repeat(12000))",
    )
    expect(problem_of(desk)).to_contain_text("At most 50,000 can be stored.", timeout=5_000)
    assert len(editor_of(desk).inner_text()) > 59_000
    assert store.pane("version")[0] == version


def test_a_text_over_the_limit_is_told_once_and_counted_in_sight(as_role):
    page = as_role("officer")
    page.clock.install()
    open_desk(page)
    editor_of(page).click()
    page.evaluate("document.querySelector('.ProseMirror').editor.commands.insertContent('word '.repeat(12000))")
    page.clock.run_for(2_000)
    first = problem_of(page).inner_text()
    for _ in range(15):
        page.keyboard.type("a")
        page.clock.run_for(1_000)
    assert problem_of(page).inner_text() != first
    told = "Not saved: the text is too long. At most 50,000 characters can be stored, formatting included."
    assert heard(page) == [f"{told} {KEPT}"]


def test_lists_from_word_become_lists(desk, watch):
    # The page's policy refuses the styles that Word pastes.
    watch.expect("Applying inline style", "policy style-src")
    word = (
        "<p class=MsoNormal>Before</p>"
        "<p class=MsoListParagraph style='mso-list:l0 level1 lfo1'><span style='mso-list:Ignore'>· </span>one</p>"
        "<p class=MsoListParagraph style='mso-list:l0 level1 lfo1'><span style='mso-list:Ignore'>· </span>two</p>"
        "<p style='mso-hide:all;display:none'>hidden</p><script>1</script>"
    )
    editor_of(desk).click()
    desk.keyboard.press("Control+a")
    desk.evaluate(
        """html => {
          const clipboardData = new DataTransfer()
          clipboardData.setData("text/html", html)
          const paste = new ClipboardEvent("paste", {clipboardData, bubbles: true, cancelable: true})
          document.activeElement.dispatchEvent(paste)
        }""",
        word,
    )
    expect(editor_of(desk).locator("ul > li")).to_have_text(["one", "two"])
    expect(editor_of(desk)).not_to_contain_text("hidden")


def test_the_two_headings_are_offered_until_they_are_there(desk):
    editor_of(desk).click()
    desk.keyboard.press("Control+a")
    desk.keyboard.press("Delete")
    offer = desk.get_by_role("button", name="Add headings")
    offer.click()
    expect(editor_of(desk).locator("h3")).to_have_text(["The story behind the data", "What is happening next"])
    expect(offer).to_be_hidden()
    desk.keyboard.type("Under the first")
    expect(editor_of(desk).locator("h3 + p").first).to_have_text("Under the first")


def test_links_are_whole_addresses(desk):
    editor_of(desk).click()
    desk.keyboard.press("Control+a")
    desk.keyboard.press("Control+k")
    address = desk.get_by_role("textbox", name="Address")
    address.fill("javascript:alert(1)")
    desk.keyboard.press("Enter")
    expect(desk.get_by_text("This is not a whole address.")).to_be_visible()
    address.fill("www.gov.uk/guidance")
    desk.keyboard.press("Enter")
    expect(editor_of(desk).locator("a").first).to_have_attribute("href", "https://www.gov.uk/guidance")
    expect(desk.get_by_role("button", name="Link", exact=True)).to_have_attribute("aria-pressed", "true")


def test_tab_leaves_the_editor_even_out_of_a_list(desk):
    editor_of(desk).click()
    desk.keyboard.press("Control+End")
    desk.get_by_role("button", name="List with bullets").click()
    desk.keyboard.press("Tab")
    expect(desk.get_by_role("button", name="Save", exact=True)).to_be_focused()
    desk.keyboard.press("Shift+Tab")
    expect(editor_of(desk)).to_be_focused()


@pytest.mark.parametrize("width", [320, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_accessibility_rule_is_broken(desk, width, scheme):
    desk.set_viewport_size({"width": width, "height": 900})
    desk.emulate_media(color_scheme=scheme)
    found = Axe().run(desk, context=".pane", options=RULES).response["violations"]
    assert [(rule["id"], [node["html"] for node in rule["nodes"]]) for rule in found] == []
    assert desk.evaluate("document.documentElement.scrollWidth") <= width


def test_the_other_party_reads_not_yet_released_and_nothing_more(as_role):
    page = as_role("analyst")
    page.goto(MEASURE)
    assert state_of(page).inner_text() == "Not yet released"
    assert page.locator("section.pane").first.locator(".text, form, footer, .again").all_inner_texts() == [""]


def test_without_javascript_the_text_can_be_read(as_role):
    page = as_role("officer", java_script_enabled=False)
    page.goto(MEASURE)
    pane = page.locator("section.pane").first
    expect(pane.get_by_role("heading", name="What is happening next")).to_be_visible()
    assert "Writing needs JavaScript" in pane.inner_text()
    expect(pane.get_by_role("button", name="Save", exact=True)).to_be_disabled()
