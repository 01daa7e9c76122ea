"""The session ends while somebody writes: they sign in on the page, and nothing goes under another name."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from accounts.demo import PASSWORD

from .desk import COLLEAGUE, KEPT, RULES, SAVED, editor_of, heard, press_save, problem_of, state_of, type_at_end

pytestmark = pytest.mark.browser


@pytest.fixture
def out(desk, watch) -> Page:
    """Signed out in mid-sentence."""
    watch.expect("status of (401|403)")
    desk.context.clear_cookies()
    type_at_end(desk, " After the session.")
    expect(state_of(desk)).to_have_text("Not saved: you are signed out", timeout=5_000)
    return desk


def dialog_of(page: Page):
    return page.get_by_role("dialog", name="Sign in to save your text")


def sign_in(page: Page, password: str = PASSWORD, email: str = "") -> None:
    if email:
        dialog_of(page).get_by_label("E-mail address").fill(email)
    dialog_of(page).get_by_label("Password").fill(password)
    dialog_of(page).get_by_label("Password").press("Enter")


def test_it_is_told_once_and_takes_no_focus_from_who_types(out):
    out.keyboard.type(" Typing on.")
    out.wait_for_timeout(2_500)
    expect(editor_of(out)).to_be_focused()
    expect(editor_of(out)).to_contain_text("After the session. Typing on.")
    assert heard(out) == [f"Not saved: you are signed out. {KEPT}"]
    expect(dialog_of(out)).to_have_count(0)


def test_signing_in_on_the_page_saves_the_text(out, store):
    out.get_by_role("button", name="Sign in here").click()
    expect(dialog_of(out).get_by_label("Password")).to_be_focused()
    expect(dialog_of(out).get_by_label("E-mail address")).to_have_value("officer@dmbc.example")
    out.wait_for_load_state("networkidle")
    expect(dialog_of(out)).not_to_contain_text("signs out")
    sign_in(out)
    expect(state_of(out)).to_have_text(SAVED, timeout=10_000)
    expect(dialog_of(out)).to_have_count(0)
    expect(editor_of(out)).to_be_focused()
    assert out.locator("[data-sign-in-password]").input_value() == ""
    assert "After the session." in store.pane("draft")[0]
    out.keyboard.type(" And on.")
    expect(state_of(out)).to_have_text("Not saved yet")
    expect(state_of(out)).to_have_text(SAVED, timeout=5_000)
    out.get_by_role("button", name="Release to DCST").click()
    expect(out.get_by_text("Released. DCST can read the text now.")).to_be_visible()


def test_a_session_that_the_server_ended_is_no_different(desk, store, watch):
    watch.expect("status of 401")
    store.run("DELETE FROM django_session")
    type_at_end(desk, " Two hours later.")
    desk.keyboard.press("Control+s")
    # Who asks for the save is asked back at once.
    expect(dialog_of(desk)).to_be_visible(timeout=5_000)
    sign_in(desk)
    expect(state_of(desk)).to_have_text(SAVED, timeout=10_000)
    expect(editor_of(desk)).to_be_focused()
    assert "Two hours later." in store.pane("draft")[0]


def test_a_wrong_password_is_told_and_not_kept(out):
    press_save(out)
    sign_in(out, "not the password")
    expect(dialog_of(out)).to_contain_text("The e-mail address or the password is not right.")
    password = dialog_of(out).get_by_label("Password")
    expect(password).to_have_value("")
    expect(password).to_be_focused()
    expect(password).to_have_attribute("aria-invalid", "true")
    assert Axe().run(out, options=RULES).response["violations"] == []
    sign_in(out, "")
    expect(dialog_of(out)).to_contain_text("This field is required.")
    sign_in(out)
    expect(state_of(out)).to_have_text(SAVED, timeout=10_000)


def test_too_many_tries_are_told(out, watch):
    watch.expect("status of 429")
    press_save(out)
    told = dialog_of(out).get_by_text("Too many tries. Wait 15 minutes, then try again.")
    for number in range(11):
        sign_in(out, f"wrong {number}")
        expect(dialog_of(out).locator("[data-sign-in-told]")).to_have_text(re.compile("not right|Too many"))
        if told.count():
            break
    expect(told).to_be_visible()
    expect(editor_of(out)).to_contain_text("After the session.")


def test_a_lost_connection_is_told(out, watch):
    watch.expect("ERR_INTERNET_DISCONNECTED")
    out.get_by_role("button", name="Sign in here").click()
    out.context.set_offline(True)
    sign_in(out)
    expect(dialog_of(out)).to_contain_text("The server cannot be reached. Try again.")
    out.context.set_offline(False)
    sign_in(out)
    expect(state_of(out)).to_have_text(SAVED, timeout=10_000)


@pytest.mark.parametrize(
    ("email", "name"),
    [
        (COLLEAGUE, "Colin League"),
        ("director@dmbc.example", None),
        ("analyst@dcst.example", None),
        ("admin@perfmon.example", None),
    ],
)
def test_nothing_is_saved_as_somebody_else(out, store, watch, email, name):
    watch.expect("status of (403|404)")
    store.add_colleague()
    before = store.pane("draft, version")
    press_save(out)
    sign_in(out, email=email)
    expect(dialog_of(out)).to_contain_text("is signed in now, and nothing is saved under another name.", timeout=10_000)
    if name:
        expect(dialog_of(out)).to_contain_text(name)
    expect(dialog_of(out).get_by_role("button", name="Copy my text")).to_be_visible()
    dialog_of(out).get_by_role("button", name="Cancel").click()
    out.keyboard.press("Control+s")
    expect(problem_of(out)).to_contain_text("nothing is saved under another name.", timeout=5_000)
    assert store.pane("draft, version") == before
    # The right person takes the place of the wrong one.
    if dialog_of(out).count() == 0:
        out.get_by_role("button", name="Sign in here").click()
    sign_in(out, email="officer@dmbc.example")
    expect(state_of(out)).to_have_text(SAVED, timeout=10_000)
    draft, version = store.pane("draft, version")
    assert "After the session." in draft
    assert version == before[1] + 1
    assert store.pane("saved_by_id") == store.one("SELECT id FROM accounts_user WHERE email = 'officer@dmbc.example'")


def test_somebody_else_in_another_tab_is_noticed_at_the_next_save(desk, store, watch):
    watch.expect("status of 403")
    before = store.pane("draft, version")
    other = desk.context.new_page()
    other.goto("/")
    other.locator(".user-menu summary").click()
    other.get_by_role("button", name="Sign out").click()
    other.goto("/accounts/sign-in/")
    other.locator("button[name=account][value=council-director]").click()
    other.wait_for_url("**/")
    desk.bring_to_front()
    type_at_end(desk, " Whose?")
    expect(problem_of(desk)).to_contain_text("nothing is saved under another name.", timeout=5_000)
    assert store.pane("draft, version") == before
    desk.context.grant_permissions(["clipboard-read", "clipboard-write"])
    desk.get_by_role("button", name="Copy my text").click()
    desk.wait_for_function("heard.at(-1) === 'Your text is on the clipboard.'")
    assert "Whose?" in desk.evaluate("navigator.clipboard.readText()")


def test_who_would_be_signed_out_is_named_before(out, store, watch):
    watch.expect("status of (403|404)")
    store.add_colleague()
    press_save(out)
    sign_in(out, email=COLLEAGUE)
    expect(dialog_of(out)).to_contain_text("Colin League is signed in now", timeout=10_000)
    dialog_of(out).get_by_role("button", name="Cancel").click()
    out.get_by_role("button", name="Sign in here").click()
    expect(dialog_of(out).locator("[data-sign-in-told]")).to_have_text("Signing in here signs out Colin League.")
    expect(dialog_of(out).get_by_label("Password")).to_be_focused()


def test_without_a_clipboard_the_text_is_selected_on_the_page(out):
    out.evaluate("Object.defineProperty(navigator, 'clipboard', {value: undefined})")
    press_save(out)
    sign_in(out, "not the password")
    dialog_of(out).get_by_role("button", name="Copy my text").click()
    expect(dialog_of(out)).to_have_count(0)
    assert "After the session." in out.evaluate("getSelection().toString()")
    assert heard(out)[-1] == "Your text is selected: press Ctrl+C to copy it."


def test_one_may_sign_in_in_a_new_tab_instead(out, store):
    with out.context.expect_page() as opened:
        out.get_by_role("link", name="Sign in in a new tab").click()
    opened.value.locator("button[name=account][value=officer]").click()
    opened.value.wait_for_url("**/")
    out.bring_to_front()
    press_save(out)
    expect(state_of(out)).to_have_text(SAVED, timeout=5_000)
    assert "After the session." in store.pane("draft")[0]


def test_escape_closes_and_gives_the_focus_back(out):
    button = out.get_by_role("button", name="Sign in here")
    button.focus()
    out.keyboard.press("Enter")
    expect(dialog_of(out)).to_be_visible()
    out.keyboard.press("Escape")
    expect(dialog_of(out)).to_have_count(0)
    expect(button).to_be_focused()
