"""Two write one pane: the second to save sees both texts and loses nothing."""

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from accounts.demo import PASSWORD

from .desk import COLLEAGUE, RULES, SAVED, editor_of, heard, open_desk, press_save, problem_of, state_of, type_at_end

pytestmark = pytest.mark.browser


def dialog_of(page: Page):
    return page.get_by_role("dialog", name="Two texts: choose")


def press(page: Page, name: str) -> None:
    dialog_of(page).get_by_role("button", name=name).click()


@pytest.fixture
def colleague(store, visitor) -> Callable[[str], None]:
    """Saves a few words in the same pane."""
    store.add_colleague()
    page = visitor()
    page.goto("/accounts/sign-in/")
    page.get_by_label("E-mail address").fill(COLLEAGUE)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url("**/")

    def save(words: str) -> None:
        open_desk(page)
        type_at_end(page, words)
        page.keyboard.press("Control+s")
        expect(state_of(page)).to_have_text(SAVED)

    return save


@pytest.fixture
def clash(desk, colleague, watch) -> Page:
    """A colleague has saved; the officer asks for a save too."""
    watch.expect("status of 409")
    colleague(" From the colleague.")
    desk.bring_to_front()
    type_at_end(desk, " From this desk.")
    desk.keyboard.press("Control+s")
    expect(dialog_of(desk)).to_be_visible()
    return desk


def test_both_texts_are_shown_and_what_differs_is_marked(clash):
    mine, theirs = clash.get_by_role("group", name="Your text"), clash.get_by_role("group", name="The saved text")
    expect(mine).to_contain_text("From this desk.")
    expect(theirs).to_contain_text("From the colleague.")
    assert "this desk" in " ".join(mine.locator("ins, del").all_inner_texts())
    assert "colleague" in " ".join(theirs.locator("ins, del").all_inner_texts())
    expect(dialog_of(clash)).to_contain_text("By Colin League, saved ")
    assert Axe().run(clash, options=RULES).response["violations"] == []


def test_mine_replaces_theirs_which_the_history_keeps(clash, store):
    press(clash, "Keep mine (replace)")
    expect(state_of(clash)).to_have_text(SAVED)
    assert "From this desk." in store.pane("draft")[0]
    assert any("From the colleague." in text for text in store.kept())
    expect(editor_of(clash)).to_be_focused()


def test_theirs_is_taken_and_mine_is_kept_in_the_history(clash, store):
    version = store.pane("version")[0]
    press(clash, "Take theirs")
    expect(editor_of(clash)).to_contain_text("From the colleague.")
    expect(editor_of(clash)).not_to_contain_text("From this desk.")
    expect(state_of(clash)).to_have_text(SAVED)
    clash.wait_for_timeout(2_500)
    assert store.pane("version")[0] == version
    assert any("From this desk." in text for text in store.kept())
    expect(editor_of(clash)).to_be_focused()


def test_both_are_edited_together(clash, store):
    press(clash, "Edit together")
    expect(editor_of(clash)).to_contain_text("From the colleague.")
    expect(editor_of(clash)).to_contain_text("From this desk.")
    expect(state_of(clash)).to_have_text(SAVED)
    advice = clash.locator("[data-advice]")
    expect(advice).to_contain_text("Both texts are in the editor now.")
    expect(editor_of(clash)).to_be_focused()
    draft = store.pane("draft")[0]
    assert "From this desk." in draft
    assert "From the colleague." in draft
    advice.get_by_role("button", name="Done").click()
    expect(advice).to_be_hidden()
    expect(editor_of(clash)).to_be_focused()


def test_deciding_later_loses_nothing_and_compares_what_is_there_then(clash, store, colleague):
    press(clash, "Decide later")
    expect(state_of(clash)).to_have_text("Not saved")
    expect(editor_of(clash)).to_be_focused()
    clash.keyboard.type(" More.")
    clash.wait_for_timeout(2_500)
    assert "From the colleague." in store.pane("draft")[0]
    colleague(" And once more.")
    clash.bring_to_front()
    clash.get_by_role("button", name="Compare the two texts").click()
    expect(clash.get_by_role("group", name="Your text")).to_contain_text("From this desk. More.")
    expect(clash.get_by_role("group", name="The saved text")).to_contain_text("And once more.")
    press(clash, "Keep mine (replace)")
    expect(state_of(clash)).to_have_text(SAVED)
    assert "From this desk. More." in store.pane("draft")[0]
    expect(editor_of(clash)).to_be_focused()
    assert clash.evaluate("focusLog") == []


def test_a_third_save_in_between_is_compared_again(clash, store, colleague):
    colleague(" A third.")
    clash.bring_to_front()
    press(clash, "Keep mine (replace)")
    expect(clash.get_by_role("group", name="The saved text")).to_contain_text("A third.")
    assert "A third." in store.pane("draft")[0]
    press(clash, "Take theirs")
    expect(editor_of(clash)).to_contain_text("A third.")


def test_mine_replaces_theirs_even_where_it_is_the_text_first_loaded(clash, store):
    press(clash, "Decide later")
    while "From this desk." in editor_of(clash).inner_text():
        clash.keyboard.press("Control+z")
    clash.get_by_role("button", name="Compare the two texts").click()
    expect(clash.get_by_role("group", name="Your text")).not_to_contain_text("From this desk.")
    press(clash, "Keep mine (replace)")
    expect(state_of(clash)).to_have_text(SAVED)
    assert "From the colleague." not in store.pane("draft")[0]


def test_nothing_is_released_while_two_texts_wait(clash, store):
    press(clash, "Decide later")
    clash.get_by_role("button", name="Release to DCST").click()
    expect(dialog_of(clash)).to_contain_text("Both texts are kept: choose. Nothing was released.")
    expect(problem_of(clash)).to_contain_text("Nothing was released.")
    assert store.pane("released") == (None,)


def test_no_dialog_opens_under_who_types(desk, colleague, watch):
    watch.expect("status of 409")
    colleague(" From the colleague.")
    desk.bring_to_front()
    type_at_end(desk, " From this desk.")
    expect(problem_of(desk)).to_contain_text("Both texts are kept: choose.", timeout=5_000)
    desk.keyboard.type(" On and on.")
    desk.wait_for_timeout(2_000)
    expect(editor_of(desk)).to_contain_text("From this desk. On and on.")
    expect(dialog_of(desk)).to_have_count(0)
    assert len([words for words in heard(desk) if "Both texts are kept" in words]) == 1
    desk.get_by_role("button", name="Compare the two texts").focus()
    desk.keyboard.press("Enter")
    expect(clash_title(desk)).to_be_focused()
    desk.keyboard.press("Escape")
    expect(desk.get_by_role("button", name="Compare the two texts")).to_be_focused()


def clash_title(page: Page):
    return page.get_by_role("heading", name="Two texts: choose")


def test_mine_can_be_copied_without_the_marks(clash):
    clash.context.grant_permissions(["clipboard-read", "clipboard-write"])
    press(clash, "Copy mine")
    expect(dialog_of(clash)).to_contain_text("Your text is on the clipboard.")
    assert "From this desk." in clash.evaluate("navigator.clipboard.readText()")


def test_without_a_clipboard_it_is_selected_on_the_page_without_the_marks(clash):
    clash.evaluate("Object.defineProperty(navigator, 'clipboard', {value: undefined})")
    press(clash, "Copy mine")
    expect(dialog_of(clash)).to_have_count(0)
    expect(editor_of(clash)).to_be_focused()
    selected = clash.evaluate("getSelection().toString()")
    assert selected.split() == editor_of(clash).inner_text().split()
    assert "Only in this text" not in selected
    assert heard(clash)[-1] == "Your text is selected: press Ctrl+C to copy it."
    expect(problem_of(clash)).to_be_visible()


def test_texts_that_differ_in_spaces_alone_are_said_to(desk, colleague, watch):
    watch.expect("status of 409")
    colleague(" One more.")
    desk.bring_to_front()
    type_at_end(desk, " One  more.")
    press_save(desk)
    expect(dialog_of(desk).get_by_text("The two differ only in spaces or empty lines.")).to_be_visible()
    expect(dialog_of(desk).get_by_text("Words that differ are")).to_be_hidden()
    expect(dialog_of(desk).locator("[data-mine]").locator("ins, del")).to_have_count(0)


def test_the_marks_of_one_style_sheet_hold_in_the_dialog(clash):
    """Words with another look are dotted, here as in the history."""
    mark = clash.get_by_role("group", name="Your text").locator("ins, del").first
    mark.evaluate("element => element.classList.add('form')")
    assert mark.evaluate("element => getComputedStyle(element).textDecorationStyle") == "dotted"


def test_two_tabs_of_one_person_are_two_people(desk, store, watch):
    watch.expect("status of 409")
    other = desk.context.new_page()
    open_desk(other)
    type_at_end(other, " From the other tab.")
    other.keyboard.press("Control+s")
    expect(state_of(other)).to_have_text(SAVED)
    desk.bring_to_front()
    type_at_end(desk, " From this tab.")
    press_save(desk)
    expect(dialog_of(desk)).to_be_visible()
    assert "From the other tab." in store.pane("draft")[0]
    press(desk, "Take theirs")
    expect(desk.get_by_role("button", name="Save", exact=True)).to_be_focused()


@pytest.mark.parametrize("width", [390, 320])
def test_the_dialog_fits_a_phone_and_its_choices_are_reached(clash, width):
    clash.set_viewport_size({"width": width, "height": 700})
    assert dialog_of(clash).evaluate("e => e.scrollWidth <= e.clientWidth")
    for name in ("Keep mine (replace)", "Copy mine", "Take theirs", "Edit together", "Decide later"):
        button = dialog_of(clash).get_by_role("button", name=name)
        button.focus()
        expect(button).to_be_in_viewport(ratio=1)
