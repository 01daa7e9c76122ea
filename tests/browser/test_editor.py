"""The panes' editor, from the first key to the release."""

import re
import sqlite3
from contextlib import closing

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser

MEASURE = "/c/childrens-services/2018-Q2/m/b8/"
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
SAVED = re.compile(r"^Draft, saved \d\d:\d\d\. Only DMBC can see this$")


class Store:
    """What the database holds."""

    def __init__(self, path):
        self.path = path

    def one(self, sql):
        with closing(sqlite3.connect(self.path, timeout=20)) as database:
            return database.execute(sql).fetchone()

    def pane(self, columns):
        return self.one(
            f"SELECT {columns} FROM commentary_pane p JOIN measures_measure m ON m.id = p.measure_id "
            f"JOIN measures_cycle c ON c.id = p.cycle_id "
            f"WHERE m.slug = 'b8' AND c.quarter = '2018-07-01' AND p.party = 'commissioner'"
        )


@pytest.fixture
def store(server, site):
    return Store(server.database)


@pytest.fixture
def desk(as_role):
    """The officer at B8, the editor there."""
    page = as_role("officer")
    page.goto(MEASURE)
    editor_of(page)
    return page


def editor_of(page: Page):
    """The editor once it has come."""
    box = page.get_by_role("textbox", name="DMBC response")
    expect(box).to_be_visible(timeout=10_000)
    return box


def state_of(page: Page, party: str = "commissioner"):
    return page.locator(f"#pane-{party}-state")


def type_at_end(page: Page, text: str) -> None:
    editor_of(page).click()
    page.keyboard.press("Control+End")
    page.keyboard.type(text)


def test_what_is_typed_is_saved_by_itself(desk, store):
    version = store.pane("version")[0]
    type_at_end(desk, " Two spaces  stay & so do <tags>.")
    expect(state_of(desk)).to_have_text("Not saved yet")
    expect(state_of(desk)).to_have_text(SAVED, timeout=5_000)
    draft, now, released = store.pane("draft, version, released")
    assert "Two spaces  stay &amp; so do &lt;tags&gt;." in draft
    assert (now, released) == (version + 1, None)
    assert desk.locator("[data-said]").text_content().startswith("Saved ")


def test_saving_by_keyboard_and_by_button(desk, store):
    version = store.pane("version")[0]
    type_at_end(desk, " One.")
    desk.keyboard.press("Control+s")
    expect(state_of(desk)).to_have_text(SAVED)
    desk.keyboard.type(" Two.")
    desk.get_by_role("button", name="Save", exact=True).click()
    expect(state_of(desk)).to_have_text(SAVED)
    assert store.pane("version")[0] == version + 2


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


def test_without_a_connection_the_text_stays_and_is_sent_later(desk, store, watch):
    watch.expect("ERR_INTERNET_DISCONNECTED")
    version = store.pane("version")[0]
    desk.context.set_offline(True)
    type_at_end(desk, " Written offline.")
    expect(state_of(desk)).to_have_text("Not saved", timeout=5_000)
    expect(desk.get_by_text("Not saved: the server cannot be reached.").first).to_be_visible()
    expect(editor_of(desk)).to_contain_text("Written offline.")
    assert store.pane("version")[0] == version
    desk.context.set_offline(False)
    expect(state_of(desk)).to_have_text(SAVED, timeout=10_000)
    expect(desk.locator("[data-problem]")).to_be_hidden()
    assert "Written offline." in store.pane("draft")[0]


def test_a_lost_answer_is_no_conflict(desk, store, watch):
    watch.expect("ERR_FAILED", "status of 409")
    version = store.pane("version")[0]

    def lose(route):
        route.fetch()
        route.abort()

    desk.route("**/save/", lose, times=1)
    type_at_end(desk, " First.")
    expect(state_of(desk)).to_have_text("Not saved", timeout=5_000)
    desk.keyboard.type(" Second.")
    expect(state_of(desk)).to_have_text(SAVED, timeout=10_000)
    assert "First. Second." in store.pane("draft")[0]
    assert store.pane("version")[0] == version + 2
    expect(desk.get_by_role("dialog")).to_have_count(0)


def test_a_server_that_fails_is_asked_again(desk, store, watch):
    watch.expect("status of 503", "answer: 503")
    desk.route("**/save/", lambda route: route.fulfill(status=503, body="down"), times=1)
    type_at_end(desk, " Kept.")
    expect(desk.get_by_text("the next try is in 2 seconds").first).to_be_visible(timeout=5_000)
    expect(state_of(desk)).to_have_text(SAVED, timeout=10_000)
    assert "Kept." in store.pane("draft")[0]


def test_signed_out_one_signs_in_elsewhere_and_saves(desk, store, watch):
    watch.expect("status of 403")
    desk.context.clear_cookies()
    type_at_end(desk, " After the session.")
    link = desk.get_by_role("link", name="Sign in in a new tab")
    expect(link).to_be_visible(timeout=5_000)
    expect(editor_of(desk)).to_contain_text("After the session.")
    with desk.context.expect_page() as opened:
        link.click()
    opened.value.locator("button[name=account][value=officer]").click()
    opened.value.wait_for_url("**/")
    desk.get_by_role("button", name="Save", exact=True).click()
    expect(state_of(desk)).to_have_text(SAVED, timeout=5_000)
    assert "After the session." in store.pane("draft")[0]


class TestTwoAtOnce:
    @pytest.fixture
    def clash(self, desk, watch):
        """Another tab has saved; this one tries to."""
        watch.expect("status of 409")
        other = desk.context.new_page()
        other.goto(MEASURE)
        type_at_end(other, " From the other tab.")
        other.keyboard.press("Control+s")
        expect(state_of(other)).to_have_text(SAVED)
        desk.bring_to_front()
        type_at_end(desk, " From this tab.")
        desk.keyboard.press("Control+s")
        expect(desk.get_by_role("dialog", name="Two texts: choose")).to_be_visible()
        return desk

    def test_both_texts_are_shown(self, clash):
        expect(clash.get_by_role("group", name="Your text")).to_contain_text("From this tab.")
        expect(clash.get_by_role("group", name="The saved text")).to_contain_text("From the other tab.")
        assert Axe().run(clash, options=RULES).response["violations"] == []

    def test_mine_replaces_theirs(self, clash, store):
        clash.get_by_role("button", name="Keep mine (replace)").click()
        expect(state_of(clash)).to_have_text(SAVED)
        assert "From this tab." in store.pane("draft")[0]
        kept = store.one("SELECT count(*) FROM commentary_paneversion WHERE kind = 'refused'")
        assert kept == (1,)

    def test_theirs_is_taken(self, clash, store):
        version = store.pane("version")[0]
        clash.get_by_role("button", name="Take theirs").click()
        expect(editor_of(clash)).to_contain_text("From the other tab.")
        expect(editor_of(clash)).not_to_contain_text("From this tab.")
        expect(state_of(clash)).to_have_text(SAVED)
        clash.wait_for_timeout(2_500)
        assert store.pane("version")[0] == version

    def test_deciding_later_loses_nothing(self, clash, store):
        clash.get_by_role("button", name="Decide later").click()
        expect(state_of(clash)).to_have_text("Not saved")
        clash.keyboard.type(" More.")
        clash.wait_for_timeout(2_500)
        assert "From the other tab." in store.pane("draft")[0]
        clash.get_by_role("button", name="Compare the two texts").click()
        expect(clash.get_by_role("group", name="Your text")).to_contain_text("From this tab.")
        clash.get_by_role("button", name="Keep mine (replace)").click()
        expect(state_of(clash)).to_have_text(SAVED)

    def test_mine_replaces_theirs_even_where_it_is_the_text_first_loaded(self, clash, store):
        clash.get_by_role("button", name="Decide later").click()
        while "From this tab." in editor_of(clash).inner_text():
            clash.keyboard.press("Control+z")
        clash.get_by_role("button", name="Compare the two texts").click()
        expect(clash.get_by_role("group", name="Your text")).not_to_contain_text("From this tab.")
        clash.get_by_role("button", name="Keep mine (replace)").click()
        expect(state_of(clash)).to_have_text(SAVED)
        assert "From the other tab." not in store.pane("draft")[0]
        clash.get_by_role("button", name="Release to DCST").click()
        expect(clash.get_by_text("Released. DCST can read the text now.")).to_be_visible()
        assert "From the other tab." not in store.pane("released")[0]


def test_an_editor_that_did_not_come_is_asked_for_again(as_role, watch):
    watch.expect("ERR_FAILED")
    page = as_role("officer")
    page.route(re.compile("/configurable[.0-9a-f]*js"), lambda route: route.abort(), times=1)
    page.goto(MEASURE)
    told = page.get_by_text("The editor could not be loaded. Press in the text to try again, or reload the page.")
    expect(told).to_be_visible(timeout=10_000)
    page.locator("section.pane .text").first.click()
    expect(told).to_be_hidden(timeout=10_000)
    editor_of(page)


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
    expect(desk.locator("[data-problem]")).to_contain_text("At most 50,000 can be stored.", timeout=5_000)
    assert len(editor_of(desk).inner_text()) > 59_000
    assert store.pane("version")[0] == version


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
    assert page.locator("section.pane").first.inner_text().split() == "DMBC response Not yet released".split()


def test_without_javascript_the_text_can_be_read(as_role):
    page = as_role("officer", java_script_enabled=False)
    page.goto(MEASURE)
    pane = page.locator("section.pane").first
    expect(pane.get_by_role("heading", name="What is happening next")).to_be_visible()
    assert "Writing needs JavaScript" in pane.inner_text()
    expect(pane.get_by_role("button", name="Save", exact=True)).to_be_disabled()
