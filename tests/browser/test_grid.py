"""The entry grid in a browser: keyboard, paste, two people at once, a lost connection, and no script at all."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from .pages import box, row
from .steps import Q1, Q3
from .test_keyboard import has_focus, tab_to

pytestmark = pytest.mark.browser

ENTRY = f"{Q3}/entry/"
A1, A2, A3 = "A1 Re-referrals", "A2 Assessments in time", "A3 Audits requires improvement or better"
E1, E34, E35 = "E1 Contacts a month", "E34 Children in need", "E35 Rate of children in need"
FO1 = "FO1 Young offenders in education, employment or training"
PASTE = """text => {
  const clipboardData = new DataTransfer()
  clipboardData.setData("text/plain", text)
  document.activeElement.dispatchEvent(new ClipboardEvent("paste", {clipboardData, bubbles: true, cancelable: true}))
}"""


def grid(as_role, path: str = ENTRY, role: str = "analyst", **options) -> Page:
    page = as_role(role, **options)
    page.goto(path)
    return page


def state(page: Page, name: str) -> Locator:
    return row(page, name).locator("[data-state]")


def told(page: Page) -> Locator:
    return page.locator("[data-said]")


class TestKeyboard:
    def test_a_row_from_the_first_box_to_the_saved_quarter(self, as_role):
        page = grid(as_role)
        first = box(page, f"{A1}, numerator, October 2018")
        tab_to(page, first)
        for text in ("121", "450", "122", "451", "123", "449"):
            page.keyboard.type(text)
            page.keyboard.press("ArrowRight")
        expect(state(page, A1)).to_have_text("Changed, not saved yet")
        expect(row(page, A1)).to_contain_text("366 of 1,350")
        page.keyboard.press("Enter")
        expect(state(page, A1)).to_have_text(re.compile(r"^Saved \d\d:\d\d$"))
        expect(row(page, A1)).to_contain_text("Held")
        expect(told(page)).to_have_text(re.compile(r"^A1: Saved \d\d:\d\d\. ?"))
        expect(box(page, f"{A2}, denominator, Q3 2018/19")).to_be_focused()
        page.reload()
        expect(first).to_have_value("121")
        expect(row(page, A1)).to_contain_text("366 of 1,350")

    def test_arrows_move_from_the_end_of_the_text_only(self, as_role):
        page = grid(as_role)
        november = box(page, f"{E1}, value, November 2018")
        november.fill("19")
        page.keyboard.press("ArrowLeft")
        expect(november).to_be_focused()
        page.keyboard.press("Home")
        page.keyboard.press("ArrowLeft")
        expect(box(page, f"{E1}, value, October 2018")).to_be_focused()
        # The whole text is marked on arrival: either arrow goes on, a letter replaces it.
        page.keyboard.press("ArrowRight")
        expect(november).to_be_focused()
        page.keyboard.press("ArrowDown")
        expect(box(page, f"{E34}, value, November 2018")).to_be_focused()
        page.keyboard.press("ArrowDown")
        expect(box(page, f"{E35}, value, Q3 2018/19")).to_be_focused()
        page.keyboard.press("ArrowUp")
        page.keyboard.press("Shift+Enter")
        expect(box(page, re.compile(f"^{E1}, value, "))).to_have_count(3)
        assert page.evaluate("document.activeElement.getAttribute('aria-label')").startswith(E1)

    def test_escape_puts_back_what_was_last_saved(self, as_role):
        page = grid(as_role)
        october = box(page, f"{E1}, value, October 2018")
        held = october.input_value()
        october.fill("5")
        expect(state(page, E1)).to_have_text("Changed, not saved yet")
        page.keyboard.press("Escape")
        expect(october).to_have_value(held)
        expect(state(page, E1)).to_have_text("")

    def test_control_s_saves_and_the_focus_stays(self, as_role):
        page = grid(as_role)
        november = box(page, f"{E1}, value, November 2018")
        november.fill("1,900")
        page.keyboard.press("Control+s")
        expect(state(page, E1)).to_contain_text("Saved")
        expect(november).to_be_focused()
        expect(november).to_have_value("1,900")

    @pytest.mark.parametrize("key", ["F2", "Alt+n"])
    def test_notes_open_and_close(self, as_role, key):
        page = grid(as_role)
        november = box(page, f"{E1}, value, November 2018")
        november.fill("1900")
        page.keyboard.press(key)
        note = box(page, "E1 Contacts a month, Note, November 2018")
        expect(note).to_be_focused()
        page.keyboard.type("One week is an estimate.")
        page.keyboard.press(key)
        expect(november).to_be_focused()
        expect(note).to_be_hidden()
        page.keyboard.press("Enter")
        expect(state(page, E1)).to_contain_text("Saved")
        expect(row(page, E1).get_by_role("link", name="1 note of E1")).to_have_attribute("aria-expanded", "false")

    def test_a_refused_row_says_why_at_the_box_and_keeps_the_text(self, as_role, watch):
        watch.expect("status of 422")
        page = grid(as_role)
        value = box(page, f"{A2}, value, Q3 2018/19")
        expect(row(page, A2).locator(".sign")).to_have_text("%")
        value.fill("many")
        page.keyboard.press("Enter")
        expect(state(page, A2)).to_have_text("Not saved: 1 thing to mend")
        expect(value).to_have_value("many")
        expect(value).to_have_attribute("aria-invalid", "true")
        expect(value).to_have_accessible_description("Error: Enter a number in digits, such as 1,898.")
        expect(told(page)).to_have_text("A2 not saved: 1 thing to mend")
        value.fill("90%")
        expect(row(page, A2).locator(".sign")).to_be_hidden()
        page.keyboard.press("Enter")
        expect(state(page, A2)).to_contain_text("Saved")
        expect(value).not_to_have_attribute("aria-invalid", "true")
        expect(value).to_have_value("90")
        expect(row(page, A2).locator(".sign")).to_be_visible()

    def test_symbols_and_warnings(self, as_role):
        page = grid(as_role)
        value = box(page, f"{A2}, value, Q3 2018/19")
        value.fill("0.9 p")
        expect(row(page, A2).locator(".sign")).to_be_hidden()
        expect(page.get_by_role("list", name="To check in A2")).to_have_text(
            re.compile(r"Q3 2018/19: 0\.9% is about 100 times smaller than usual \(\d\d%\)\. Did you mean 90%\?")
        )
        value.fill("90 p")
        expect(page.get_by_role("list", name="To check in A2")).to_have_count(0)
        page.keyboard.press("Enter")
        expect(row(page, A2)).to_contain_text("[p]")
        box(page, f"{A3}, value, Q3 2018/19").fill("x")
        page.keyboard.press("Enter")
        expect(row(page, A3)).to_contain_text("Not available [x]")
        expect(row(page, A3)).to_contain_text("Held")


class TestPaste:
    def test_a_block_of_values(self, as_role):
        page = grid(as_role)
        box(page, f"{E1}, value, October 2018").focus()
        page.evaluate(PASTE, "1,900\t1,950\t1,925\t1,925\r\n1,650\t\t1,660\r\n\t\t\t396\r\n")
        expect(page.locator("[data-told-words]")).to_have_text(
            "6 cells filled in 3 rows: E1, E34, E35. 1 cell not filled, since no box is there: 1,925 (E1)."
        )
        expect(state(page, E35)).to_contain_text("Saved")
        expect(state(page, E34)).to_contain_text("Saved")
        expect(state(page, E1)).to_have_text("Changed, not saved yet")
        expect(box(page, f"{E34}, value, November 2018")).to_have_value("")
        page.keyboard.press("Tab")
        box(page, f"{A1}, numerator, October 2018").focus()
        expect(state(page, E1)).to_contain_text("Saved")
        page.get_by_role("button", name="Close").click()
        expect(page.locator("[data-told-words]")).to_be_hidden()
        page.reload()
        expect(box(page, f"{E1}, value, December 2018")).to_have_value("1925")
        expect(box(page, f"{E35}, value, Q3 2018/19")).to_have_value("396")

    def test_a_block_of_counts_goes_past_the_values(self, as_role):
        page = grid(as_role)
        name = "CiC Children in care"
        box(page, f"{name}, numerator, October 2018").focus()
        page.evaluate(PASTE, "80\t100\t81\t100\t82\t100\n83\t100\n")
        expect(page.locator("[data-told-words]")).to_have_text("8 cells filled in 2 rows: CiC, CPP.")
        expect(box(page, f"{name}, denominator, December 2018")).to_have_value("100")
        expect(box(page, f"{name}, value, October 2018")).to_have_value("")
        expect(row(page, name)).to_contain_text("82 of 100")

    def test_one_cell_is_an_ordinary_paste(self, as_role):
        page = grid(as_role)
        page.context.grant_permissions(["clipboard-read", "clipboard-write"])
        page.evaluate("navigator.clipboard.writeText('1,900\\n')")
        november = box(page, f"{E1}, value, November 2018")
        november.focus()
        page.keyboard.press("Control+v")
        expect(november).to_have_value("1,900")
        expect(page.locator("[data-told-words]")).to_be_hidden()

    def test_below_the_last_row(self, as_role):
        page = grid(as_role)
        box(page, "E19 Rate of children in care, value, Q3 2018/19").focus()
        page.evaluate(PASTE, "89\n90\n")
        expect(page.locator("[data-told-words]")).to_have_text(
            "1 cell filled in 1 row: E19. 1 cell not filled, since no box is there: 90 (below the last row)."
        )


class TestTwoPeople:
    def conflict(self, as_role) -> tuple[Page, Page, Locator]:
        first, second = grid(as_role), grid(as_role)
        for page, text in ((first, "81"), (second, "84")):
            box(page, f"{FO1}, value, Q3 2018/19").fill(text)
            page.keyboard.press("Control+s")
            if page is first:
                expect(state(first, FO1)).to_contain_text("Saved")
        clash = second.locator("[data-moved]")
        expect(state(second, FO1)).to_have_text("Not saved: somebody else saved here first")
        expect(clash).to_contain_text("Held now: 81%, saved by")
        expect(clash).to_contain_text("You typed: 84%")
        return first, second, clash

    def test_the_second_is_told_and_keeps_theirs(self, as_role, watch):
        watch.expect("status of 409")
        first, second, clash = self.conflict(as_role)
        clash.get_by_role("button", name="Keep mine").click()
        expect(state(second, FO1)).to_contain_text("Saved")
        first.reload()
        expect(box(first, f"{FO1}, value, Q3 2018/19")).to_have_value("84")

    def test_or_takes_what_is_held(self, as_role, watch):
        watch.expect("status of 409")
        first, second, clash = self.conflict(as_role)
        clash.get_by_role("button", name="Take theirs").click()
        value = box(second, f"{FO1}, value, Q3 2018/19")
        expect(value).to_have_value("81")
        expect(value).to_be_focused()
        expect(second.locator("[data-moved]")).to_have_count(0)
        value.fill("82")
        second.keyboard.press("Enter")
        expect(state(second, FO1)).to_contain_text("Saved")

    def test_different_months_of_one_row_do_not_meet(self, as_role):
        first, second = grid(as_role), grid(as_role)
        for page, month in ((first, "November"), (second, "December")):
            box(page, f"{E1}, value, {month} 2018").fill("1900")
            page.keyboard.press("Control+s")
            expect(state(page, E1)).to_contain_text("Saved")
        expect(row(second, E1)).to_contain_text("Held")


class TestTrouble:
    def test_offline_keeps_the_text_and_goes_with_the_next_change(self, as_role, watch):
        watch.expect("ERR_INTERNET_DISCONNECTED")
        page = grid(as_role)
        november = box(page, f"{E1}, value, November 2018")
        page.context.set_offline(True)
        november.fill("1900")
        page.keyboard.press("Enter")
        expect(state(page, E1)).to_have_text("Not saved: the server cannot be reached.")
        expect(november).to_have_value("1900")
        expect(row(page, E1).get_by_role("button", name="Retry E1")).to_be_visible()
        page.context.set_offline(False)
        box(page, f"{A2}, value, Q3 2018/19").fill("90")
        page.keyboard.press("Enter")
        expect(state(page, A2)).to_contain_text("Saved")
        expect(state(page, E1)).to_contain_text("Saved")

    def test_retry(self, as_role, watch):
        watch.expect("status of 503", "answer: 503")
        page = grid(as_role)
        page.route("**/row/", lambda route: route.fulfill(status=503, body="no"))
        box(page, f"{A2}, value, Q3 2018/19").fill("90")
        page.keyboard.press("Control+s")
        expect(state(page, A2)).to_have_text("Not saved: the server could not answer.")
        page.unroute("**/row/")
        sent = []
        page.on("request", lambda request: sent.append(request.url) if request.url.endswith("/row/") else None)
        page.get_by_role("button", name="Retry A2").click()
        expect(state(page, A2)).to_contain_text("Saved")
        assert len(sent) == 1
        expect(box(page, f"{A2}, value, Q3 2018/19")).to_be_focused()
        expect(page.get_by_role("button", name="Retry A2")).to_be_hidden()

    def test_signed_out_and_in_again_in_another_tab(self, as_role, watch):
        watch.expect("status of 401", "status of 403")
        page = grid(as_role)
        page.context.clear_cookies()
        box(page, f"{A2}, value, Q3 2018/19").fill("90")
        page.keyboard.press("Control+s")
        expect(state(page, A2)).to_have_text("Not saved: you are signed out. Sign in in another tab, then press Retry.")
        other = page.context.new_page()
        other.goto("/accounts/sign-in/")
        other.locator("button[name=account][value=analyst]").click()
        other.wait_for_url("**/")
        page.get_by_role("button", name="Retry A2").click()
        expect(state(page, A2)).to_contain_text("Saved")

    def test_submitted_meanwhile(self, as_role, watch):
        watch.expect("status of 409")
        page, other = grid(as_role), as_role("analyst")
        other.goto(f"{Q3}/submit/")
        other.get_by_role("button", name="Submit values").click()
        value = box(page, f"{A2}, value, Q3 2018/19")
        value.fill("90")
        page.keyboard.press("Control+s")
        expect(state(page, A2)).to_have_text(
            "Not saved: you can enter values while a quarter is open. Q3 2018/19 is submitted."
        )
        expect(value).to_have_value("90")

    def test_leaving_with_something_unsaved_asks_first(self, as_role):
        page = grid(as_role)
        value = box(page, f"{A2}, value, Q3 2018/19")
        value.click()
        page.keyboard.type("90")
        asked = []
        page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
        page.close(run_before_unload=True)
        page.wait_for_timeout(500)
        assert asked == ["beforeunload"]

    def test_submit_saves_first(self, as_role):
        page = grid(as_role)
        value = box(page, f"{A2}, value, Q3 2018/19")
        value.click()
        page.keyboard.type("90")
        page.get_by_role("link", name="Submit values").click()
        page.wait_for_url("**/submit/")
        expect(page.get_by_role("main")).to_contain_text("3 of 35 values held")


class TestReasons:
    def test_a_past_value_is_corrected_with_its_reason(self, as_role, watch):
        watch.expect("status of 422")
        page = grid(as_role, f"{Q1}/entry/")
        value = box(page, f"{A2}, value, Q1 2018/19")
        value.fill("89")
        reason = box(page, f"Reason for the change of {A2}")
        expect(reason).to_be_visible()
        page.keyboard.press("Control+s")
        expect(state(page, A2)).to_have_text("Not saved: 1 thing to mend")
        expect(reason).to_have_accessible_description(re.compile("^Error: Say why the value changes"))
        reason.fill("One was counted twice.")
        page.keyboard.press("Control+s")
        expect(state(page, A2)).to_contain_text("Saved")
        expect(row(page, A2)).to_contain_text("[r]")
        expect(reason).to_have_value("")


class TestWithoutScript:
    def test_a_row_is_a_form(self, as_role, watch):
        watch.expect("status of 422")
        page = grid(as_role, java_script_enabled=False)
        expect(page.get_by_text("Without JavaScript each row is saved by its own button.")).to_be_visible()
        value = box(page, f"{A2}, value, Q3 2018/19")
        for typed, told in (("many", "A2 was not saved: 1 thing to mend."), ("90", "Saved")):
            value.fill(typed)
            page.get_by_role("button", name="Save A2").click()
            expect(page.get_by_role("main")).to_contain_text(told)
            expect(value).to_have_value(typed)
        expect(row(page, A2)).to_contain_text("Held")

    def test_notes_open_by_their_link(self, as_role):
        page = grid(as_role, java_script_enabled=False)
        note = box(page, f"{A2}, Note, Q3 2018/19")
        expect(note).to_be_hidden()
        row(page, A2).get_by_role("link", name="Notes of A2").click()
        note.fill("A late one.")
        box(page, f"{A2}, value, Q3 2018/19").fill("90")
        page.get_by_role("button", name="Save A2").click()
        expect(row(page, A2).get_by_role("link", name="1 note of A2")).to_be_visible()


def test_a_director_reads_the_same_rows_without_a_box(as_role):
    page = grid(as_role, role="trust-director")
    expect(page.get_by_role("textbox")).to_have_count(0)
    expect(row(page, E1)).to_contain_text("1,941")
    assert not has_focus(page.get_by_role("table"))


@pytest.mark.parametrize("width", [1440, 1280, 1249, 1248, 768, 390, 320])
def test_nothing_is_wider_than_the_window(as_role, width):
    page = grid(as_role, viewport={"width": width, "height": 900})
    assert page.evaluate("document.scrollingElement.scrollWidth") <= width
