"""The editor on a bad network: slow, late, out of order, failing, gone."""

import re

import pytest
from playwright.sync_api import Page, expect

from .desk import (
    KEPT,
    MEASURE,
    OFFLINE,
    SAVED,
    editor_of,
    heard,
    open_desk,
    press_save,
    problem_of,
    state_of,
    type_at_end,
)

pytestmark = pytest.mark.browser

HALF_A_MINUTE = 31_000


def said(page: Page) -> list[str]:
    return [re.sub(r"\d\d:\d\d", "14:32", words) for words in heard(page)]


def test_without_a_connection_the_text_stays_and_is_sent_later(desk, store, watch):
    watch.expect("ERR_INTERNET_DISCONNECTED")
    version = store.pane("version")[0]
    desk.context.set_offline(True)
    type_at_end(desk, " Written offline.")
    expect(state_of(desk)).to_have_text(OFFLINE, timeout=5_000)
    expect(problem_of(desk)).to_contain_text(f"{OFFLINE}. {KEPT}")
    # Two more tries in vain are not told again.
    desk.wait_for_timeout(6_500)
    assert said(desk) == [f"{OFFLINE}. {KEPT}"]
    assert store.pane("version")[0] == version
    desk.context.set_offline(False)
    expect(state_of(desk)).to_have_text(SAVED, timeout=10_000)
    expect(problem_of(desk)).to_be_hidden()
    assert said(desk) == [f"{OFFLINE}. {KEPT}", "Saved 14:32"]
    assert "Written offline." in store.pane("draft")[0]


def test_a_lost_answer_is_no_conflict_and_no_refusal(desk, store, watch):
    watch.expect("ERR_FAILED")
    version = store.pane("version")[0]

    def lose(route):
        route.fetch()
        route.abort()

    desk.route("**/save/", lose, times=2)
    type_at_end(desk, " First.")
    expect(state_of(desk)).to_have_text(OFFLINE, timeout=5_000)
    desk.keyboard.type(" Second.")
    expect(state_of(desk)).to_have_text(SAVED, timeout=15_000)
    assert "First. Second." in store.pane("draft")[0]
    assert store.pane("version")[0] == version + 2
    assert store.one("SELECT count(*) FROM commentary_paneversion WHERE kind = 'refused'") == (0,)
    expect(desk.get_by_role("dialog")).to_have_count(0)


def lose_answers(page: Page, number: int) -> None:
    """The server stores these texts, and the page does not hear of it."""

    def lose(route):
        route.fetch()
        route.abort()

    page.route("**/save/", lose, times=number)
    type_at_end(page, " First.")
    for _ in range(number):
        press_save(page)
        expect(state_of(page)).to_have_text(OFFLINE, timeout=5_000)
        page.wait_for_timeout(200)
    type_at_end(page, " Second.")


# After three tries of one text the text on the page goes instead, and what is held is found to be the first.
@pytest.mark.parametrize("lost", [1, 3])
class TestAfterALostAnswer:
    def test_a_release_takes_the_whole_text(self, desk, store, watch, lost):
        watch.expect("ERR_FAILED", "status of 409")
        lose_answers(desk, lost)
        desk.get_by_role("button", name="Release to DCST").click()
        expect(desk.get_by_text("Released. DCST can read the text now.")).to_be_visible()
        assert "First. Second." in store.pane("released")[0]

    def test_a_link_saves_the_whole_text_and_leads_on(self, desk, store, watch, lost):
        watch.expect("ERR_FAILED", "status of 409")
        lose_answers(desk, lost)
        desk.get_by_role("navigation", name="Breadcrumb").get_by_role("link").first.click()
        desk.wait_for_url("**/2018-Q2/")
        assert "First. Second." in store.pane("draft")[0]


def test_a_release_that_could_not_save_says_so(desk, store, watch):
    watch.expect("ERR_INTERNET_DISCONNECTED")
    desk.context.set_offline(True)
    type_at_end(desk, " Unsaved.")
    desk.get_by_role("button", name="Release to DCST").click()
    told = f"{OFFLINE}. Nothing was released. {KEPT}"
    expect(problem_of(desk)).to_contain_text(told)
    assert said(desk)[-1] == told
    # Nor is it released later, when the text is saved by itself.
    desk.context.set_offline(False)
    expect(state_of(desk)).to_have_text(SAVED, timeout=10_000)
    assert store.pane("released") == (None,)
    desk.context.set_offline(True)
    type_at_end(desk, " More.")
    press_save(desk)
    expect(problem_of(desk)).to_contain_text(f"{OFFLINE}. {KEPT}")


@pytest.mark.parametrize(
    ("status", "headers", "told"),
    [
        (503, {}, "the server could not answer"),
        (502, {"content-type": "text/html"}, "the server could not answer"),
        (429, {"retry-after": "3"}, "the server has too much to do"),
        (200, {"content-type": "text/html"}, "no connection"),
    ],
)
def test_a_server_that_fails_is_asked_again(desk, store, watch, status, headers, told):
    watch.expect(f"status of {status}", f"answer: {status}")
    desk.route("**/save/", lambda route: route.fulfill(status=status, headers=headers, body="down"), times=1)
    type_at_end(desk, " Kept.")
    expect(state_of(desk)).to_have_text(f"Not saved: {told}, still trying", timeout=5_000)
    expect(state_of(desk)).to_have_text(SAVED, timeout=10_000)
    assert "Kept." in store.pane("draft")[0]
    assert said(desk) == [f"Not saved: {told}, still trying. {KEPT}", "Saved 14:32"]


def test_typing_on_does_not_hurry_a_server_in_trouble(desk, watch):
    watch.expect("status of 429")
    asked = []

    def refuse(route):
        asked.append(1)
        route.fulfill(status=429, headers={"retry-after": "60"}, body="")

    desk.route("**/save/", refuse)
    type_at_end(desk, " One.")
    expect(problem_of(desk)).to_be_visible(timeout=5_000)
    for _ in range(3):
        desk.keyboard.type(" more")
        desk.wait_for_timeout(1_700)
    assert len(asked) == 1
    press_save(desk)
    desk.wait_for_timeout(300)
    assert len(asked) == 2


def test_one_save_at_a_time_and_none_overtakes_another(desk, store):
    waiting, most = [], []

    def hold(route):
        waiting.append(route)
        most.append(len(waiting))

    desk.route("**/save/", hold)
    for words in (" One.", " Two.", " Three."):
        type_at_end(desk, words)
        desk.keyboard.press("Control+s")
        desk.wait_for_timeout(300)
        assert not state_of(desk).inner_text().startswith("Draft")
    for _ in range(3):
        waiting.pop().continue_()
        desk.wait_for_timeout(1_000)
        if not waiting:
            break
    expect(state_of(desk)).to_have_text(SAVED)
    assert max(most) == 1
    assert "One. Two. Three." in store.pane("draft")[0]


def test_no_answer_in_half_a_minute_is_told_and_a_late_arrival_does_no_harm(as_role, store, watch):
    watch.expect("ERR_FAILED", "status of 409")
    page = as_role("officer")
    page.clock.install()
    open_desk(page)
    late = []
    page.route("**/save/", lambda route: late.append(route), times=1)
    type_at_end(page, " First.")
    page.clock.run_for(2_000)
    expect(state_of(page)).to_have_text("Saving")
    page.clock.run_for(HALF_A_MINUTE)
    expect(state_of(page)).to_have_text("Not saved: no answer from the server, still trying")
    page.keyboard.type(" Second.")
    page.clock.run_for(4_000)
    page.clock.run_for(4_000)
    expect(state_of(page)).to_have_text(SAVED)
    draft, version = store.pane("draft, version")
    assert "First. Second." in draft
    # The browser has given it up; the server gets it only now.
    assert late[0].fetch().status == 409
    assert store.pane("draft, version") == (draft, version)


class TestLeaving:
    def asks(self, page: Page) -> list[str]:
        """What the browser asks; answered with "stay"."""
        asked = []
        page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
        return asked

    def test_with_unsaved_text_it_asks_first(self, desk, watch):
        watch.expect("ERR_INTERNET_DISCONNECTED")
        asked = self.asks(desk)
        desk.context.set_offline(True)
        type_at_end(desk, " Unsaved.")
        desk.close(run_before_unload=True)
        desk.wait_for_timeout(500)
        assert asked == ["beforeunload"]
        expect(editor_of(desk)).to_contain_text("Unsaved.")

    def test_with_all_saved_it_does_not_ask(self, desk):
        asked = self.asks(desk)
        type_at_end(desk, " Saved.")
        expect(state_of(desk)).to_have_text(SAVED, timeout=5_000)
        desk.goto("/")
        assert asked == []

    def test_a_link_saves_first_and_then_leads_on(self, desk, store):
        asked = self.asks(desk)
        type_at_end(desk, " On the way out.")
        desk.get_by_role("navigation", name="Breadcrumb").get_by_role("link").first.click()
        desk.wait_for_url("**/2018-Q2/")
        assert "On the way out." in store.pane("draft")[0]
        assert asked == []

    def test_a_link_asks_where_the_text_cannot_be_saved(self, desk, store, watch):
        watch.expect("status of 503", "answer: 503")
        asked = self.asks(desk)
        desk.route("**/save/", lambda route: route.fulfill(status=503, body=""))
        type_at_end(desk, " Stuck.")
        desk.get_by_role("navigation", name="Breadcrumb").get_by_role("link").first.click()
        desk.wait_for_timeout(1_000)
        assert asked == ["beforeunload"]
        expect(editor_of(desk)).to_contain_text("Stuck.")

    def test_nothing_of_the_text_is_in_the_browsers_storage(self, desk):
        type_at_end(desk, " Only here.")
        expect(state_of(desk)).to_have_text(SAVED, timeout=5_000)
        held = desk.evaluate(
            """async () => JSON.stringify([{...localStorage}, {...sessionStorage}, document.cookie,
              await caches.keys(), await indexedDB.databases(), history.state])"""
        )
        assert held == '[{},{},"",[],[],null]'


class TestComingBack:
    def save_elsewhere(self, page: Page, words: str) -> None:
        other = page.context.new_page()
        open_desk(other)
        type_at_end(other, words)
        other.keyboard.press("Control+s")
        expect(state_of(other)).to_have_text(SAVED)
        other.close()
        page.bring_to_front()

    def return_from_cache(self, page: Page) -> None:
        page.evaluate("dispatchEvent(new PageTransitionEvent('pageshow', {persisted: true}))")

    def test_the_back_button_shows_the_newer_text_and_overwrites_nothing(self, desk, store):
        desk.goto("/")
        self.save_elsewhere(desk, " Newer.")
        desk.go_back()
        expect(editor_of(desk)).to_contain_text("Newer.")
        type_at_end(desk, " On top.")
        expect(state_of(desk)).to_have_text(SAVED, timeout=5_000)
        assert "Newer. On top." in store.pane("draft")[0]

    def test_a_page_kept_by_the_browser_brings_itself_up_to_date(self, desk, store):
        self.save_elsewhere(desk, " Newer.")
        expect(editor_of(desk)).not_to_contain_text("Newer.")
        version = store.pane("version")[0]
        self.return_from_cache(desk)
        expect(editor_of(desk)).to_contain_text("Newer.")
        expect(state_of(desk)).to_have_text(SAVED)
        expect(desk.get_by_text("The newer text is shown.").locator("visible=true").first).to_be_visible()
        type_at_end(desk, " On top.")
        expect(state_of(desk)).to_have_text(SAVED, timeout=5_000)
        assert store.pane("version")[0] == version + 1
        assert "Newer. On top." in store.pane("draft")[0]

    def test_a_page_kept_with_unsaved_text_is_told_of_the_newer_one(self, desk, store, watch):
        watch.expect("status of (409|503)", "answer: 503")
        desk.route("**/save/", lambda route: route.fulfill(status=503, body=""), times=1)
        self.save_elsewhere(desk, " Newer.")
        type_at_end(desk, " Mine.")
        expect(problem_of(desk)).to_be_visible(timeout=5_000)
        self.return_from_cache(desk)
        expect(problem_of(desk)).to_contain_text("Both texts are kept: choose.", timeout=5_000)
        expect(editor_of(desk)).to_contain_text("Mine.")
        assert "Newer." in store.pane("draft")[0]


def test_the_page_asks_nobody_but_its_own_server(desk):
    asked = []
    desk.on("request", lambda request: asked.append(request.url))
    desk.goto(MEASURE)
    editor_of(desk)
    base = desk.url.removesuffix(MEASURE)
    assert asked
    assert [url for url in asked if not url.startswith((base, "data:", "blob:"))] == []
