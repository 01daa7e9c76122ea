"""The session nears its end while somebody types: they are warned, stay, or sign in again; their text stays."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, Route, expect

from accounts.demo import PASSWORD

from .desk import RULES, press_save, type_at_end
from .pages import Q2

pytestmark = pytest.mark.browser
SESSION = "**/accounts/session/"
TYPED = "A new system since August."


@pytest.fixture
def form(as_role) -> Page:
    """A form half filled in, on a page whose clock the test moves."""
    page = as_role("officer")
    page.clock.install()
    page.goto(f"{Q2}/m/b8/events/")
    reason(page).fill(TYPED)
    return page


def reason(page: Page):
    return page.get_by_label("Reason", exact=False).first


def warning(page: Page):
    return page.get_by_role("region", name="Your session")


def nearly_over(page: Page, seconds: int = 125, latest: int = 9_000) -> None:
    """What the server says when it is asked, until somebody stays."""

    stayed = []

    def answer(route: Route) -> None:
        if route.request.method == "POST":
            stayed.append(True)
        if stayed:
            route.continue_()
        else:
            route.fulfill(json=route.fetch().json() | {"seconds": seconds, "latest": latest})

    page.route(SESSION, answer)


def test_the_warning_keeps_the_text_and_staying_ends_it(form):
    nearly_over(form)
    reason(form).focus()
    form.clock.fast_forward("27:30")
    expect(warning(form)).to_be_visible()
    expect(warning(form)).to_contain_text("You will be signed out in 2 minutes")
    expect(form.locator("[data-session-heard]")).to_contain_text("You will be signed out in 2 minutes")
    expect(form.locator("[data-session-heard]")).to_have_attribute("role", "status")
    expect(reason(form)).to_be_focused()
    assert Axe().run(form, options=RULES).response["violations"] == []
    warning(form).get_by_role("button", name="Stay signed in").click()
    expect(warning(form)).to_be_hidden()
    expect(reason(form)).to_have_value(TYPED)
    expect(form).not_to_have_title(re.compile("Signed out"))


def test_nothing_is_said_where_the_session_goes_on(form):
    """Another tab, or a save of this page, prolonged it."""
    with form.expect_response(SESSION):
        form.clock.fast_forward("27:30")
    form.wait_for_timeout(300)
    expect(warning(form)).to_be_hidden()
    # And the question comes again before the new end.
    with form.expect_response(SESSION):
        form.clock.fast_forward("27:30")


def test_the_last_minutes_of_twelve_hours_cannot_be_put_off(form):
    nearly_over(form, seconds=125, latest=125)
    form.clock.fast_forward("27:30")
    expect(warning(form)).to_contain_text("twelve hours after you signed in. Save what you are doing.")
    expect(warning(form).get_by_role("button", name="Stay signed in")).to_be_hidden()


def test_a_warning_that_was_closed_stays_closed(form):
    nearly_over(form)
    form.clock.fast_forward("27:30")
    warning(form).get_by_role("button", name="Close").click()
    with form.expect_response(SESSION):
        form.clock.fast_forward("00:21")
    form.wait_for_timeout(300)
    expect(warning(form)).to_be_hidden()


def test_signed_out_the_text_stays_and_goes_on_after_signing_in_elsewhere(form, watch):
    watch.expect("status of (401|422)")
    form.context.clear_cookies()
    form.clock.fast_forward("27:30")
    expect(warning(form)).to_contain_text("You are signed out. What you typed is still on this page")
    with form.context.expect_page() as opened:
        warning(form).get_by_role("link", name="Sign in in a new tab").click()
    opened.value.locator("button[name=account][value=officer]").click()
    opened.value.wait_for_url("**/")
    opened.value.close()
    form.bring_to_front()
    with form.expect_response(SESSION):
        form.clock.fast_forward("00:21")
    expect(warning(form)).to_be_hidden()
    expect(reason(form)).to_have_value(TYPED)
    # The form is good again: what is missing is said at its field, and nothing typed is lost.
    form.get_by_role("button", name="Record event").click()
    expect(form.get_by_role("alert")).to_be_visible()
    expect(reason(form)).to_have_value(TYPED)


def test_somebody_else_who_signed_in_is_named_as_such(form, watch):
    other = form.context.new_page()
    other.goto("/")
    other.locator(".user-menu summary").click()
    other.get_by_role("button", name="Sign out").click()
    other.goto("/accounts/sign-in/")
    other.locator("button[name=account][value=analyst]").click()
    other.wait_for_url("**/")
    other.close()
    form.clock.fast_forward("27:30")
    expect(warning(form)).to_contain_text("Somebody else is signed in in this browser.")
    expect(reason(form)).to_have_value(TYPED)


def test_without_a_script_a_form_sent_too_late_gives_the_text_back(as_role, watch):
    watch.expect("status of 401")
    page = as_role("officer", java_script_enabled=False)
    page.goto(f"{Q2}/m/b8/events/")
    reason(page).fill(TYPED)
    page.context.clear_cookies(name="sessionid")
    page.get_by_role("button", name="Record event").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("You are signed out")
    expect(page.get_by_label("What you typed")).to_have_value(TYPED)


def test_beside_an_unsaved_text_one_is_told_that_a_code_is_asked_for(desk, store, watch):
    watch.expect("status of (401|403)")
    (officer,) = store.one("SELECT id FROM accounts_user WHERE email = 'officer@dmbc.example'")
    store.run(
        "INSERT INTO mfa_authenticator (user_id, type, data, created_at) "
        f"VALUES ({officer}, 'totp', '{{\"secret\": \"x\"}}', '2018-11-01')"
    )
    desk.context.clear_cookies()
    type_at_end(desk, " After the session.")
    press_save(desk)
    dialog = desk.get_by_role("dialog", name="Sign in to save your text")
    dialog.get_by_label("Password").fill(PASSWORD)
    dialog.get_by_label("Password").press("Enter")
    expect(dialog).to_contain_text("A code is asked for as well. Choose Cancel, then “Sign in in a new tab”")
    dialog.get_by_role("button", name="Cancel").click()
    with desk.expect_popup() as opened:
        desk.get_by_role("link", name="Sign in in a new tab").click()
    expect(opened.value.get_by_role("heading", level=1)).to_have_text("Enter your code")
