"""Writers in bad weather, by a fixed seed: nothing typed is lost, and "Saved" is never shown for unsaved text."""

import os
import random
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from .desk import SAVED, Store, editor_of, heard, open_desk, press_save, state_of, type_at_end

pytestmark = pytest.mark.browser

FULL = bool(os.environ.get("PERFMON_TEST_FULL"))
PAGES, STORMS = (20, 10) if FULL else (2, 2)
PAIRS = range(20 if FULL else 2)
STORM = (Path(__file__).parent / "storm.js").read_text()
FAILING, SLOWEST = 0.3, 3_000  # share of saves, ms each way
PATIENCE = 30_000  # ms, as in static/js/pane-sending.js; the pages' clocks are ours, and nobody waits for it


def into_the_storm(page: Page, seed: int) -> Page:
    page.clock.install()
    open_desk(page)
    page.evaluate(STORM, {"seed": seed, "fail": FAILING, "slow": SLOWEST, "patience": PATIENCE})
    return page


def wait_for_calm(page: Page) -> None:
    """The weather clears, and the editor gets there by itself."""
    page.evaluate("weather.isBad = false")
    for _ in range(40):
        page.clock.run_for(10_000)
        page.wait_for_timeout(100)
        if SAVED.match(state_of(page).inner_text()) and page.evaluate("weather.inFlight + weather.late") == 0:
            return
    pytest.fail(f"never saved: {state_of(page).inner_text()}")


def live(page: Page, chance: random.Random, name: str) -> list[str]:
    """Types some words, goes offline and back, presses Save, waits; returns the words."""
    typed = []
    for number in range(chance.randint(4, 8)):
        word = f"{name}x{number}y"
        page.keyboard.type(f" {word}")
        typed.append(word)
        act = chance.random()
        if act < 0.2:
            page.keyboard.press("Control+s")
        elif act < 0.3:
            page.context.set_offline(True)
            page.clock.run_for(chance.randint(100, 9_000))
            page.context.set_offline(False)
        elif act < 0.4:
            # Away and back again: what is on the page is what it was.
            page.keyboard.press("Backspace")
            page.clock.run_for(chance.randint(0, 3_000))
            page.keyboard.type("y")
        page.clock.run_for(chance.choice([0, 200, 1_600, 4_000, 35_000]))
    return typed


@pytest.mark.parametrize("seed", range(PAGES))
def test_one_writer_loses_nothing(as_role, store, watch, seed):
    watch.expect("ERR_INTERNET_DISCONNECTED", r"status of 409")
    page = into_the_storm(as_role("officer"), seed)
    type_at_end(page, "")
    for storm in range(STORMS):
        weather(page, store, random.Random(f"{seed} {storm}"), f"r{seed}s{storm}")
    assert page.evaluate("focusLog") == []
    assert page.evaluate("weather.overtaken") > 0
    said = heard(page)
    assert [words for words in said if not re.match(r"Saved \d\d:\d\d$|Not saved: ", words)] == []


def weather(page: Page, store: Store, chance: random.Random, name: str) -> None:
    page.evaluate("weather.isBad = true")
    typed = live(page, chance, name)
    words = re.compile(rf"{name}x\d+y")
    # However the weather was: what the page says of it is true at each moment, and nothing takes the focus.
    assert page.evaluate("weather.wrong") == []
    expect(editor_of(page)).to_be_focused()
    assert words.findall(editor_of(page).inner_text()) == typed
    wait_for_calm(page)
    assert page.evaluate("weather.wrong") == []
    assert page.evaluate("weather.most") == 1
    assert words.findall(store.pane("draft")[0]) == typed
    assert store.pane("draft")[0] == page.evaluate("weather.stored")
    assert page.get_by_role("dialog").count() == 0
    assert heard(page)[-1].startswith("Saved ")


@pytest.mark.parametrize("seed", PAIRS)
def test_two_tabs_lose_nothing(as_role, store, watch, seed):
    """Each word that was typed is in the pane or in its history, whichever way the two texts are settled."""
    watch.expect("ERR_INTERNET_DISCONNECTED", r"status of 409")
    chance = random.Random(1_000 + seed)
    first = into_the_storm(as_role("officer"), seed)
    second = into_the_storm(first.context.new_page(), seed + 500)
    typed = []
    for turn in range(3):
        for name, page in (("a", first), ("b", second)):
            page.bring_to_front()
            type_at_end(page, f" {name}{turn}z")
            typed.append(f"{name}{turn}z")
            page.clock.run_for(chance.choice([200, 4_000, 10_000]))
            page.evaluate("weather.isBad = false")
            settle(page, chance)
            page.evaluate("weather.isBad = true")
    kept = " ".join([store.pane("draft")[0], *store.kept()])
    assert [word for word in typed if word not in kept] == []


def settle(page: Page, chance: random.Random) -> None:
    for _ in range(40):
        if page.get_by_role("dialog").count():
            name = chance.choice(["Keep mine (replace)", "Take theirs", "Edit together"])
            page.get_by_role("dialog").get_by_role("button", name=name).click()
        elif SAVED.match(state_of(page).inner_text()) and page.evaluate("weather.inFlight") == 0:
            return
        elif page.evaluate("weather.inFlight") == 0:
            press_save(page)
        page.clock.run_for(5_000)
        page.wait_for_timeout(100)
    pytest.fail(f"never saved: {state_of(page).inner_text()}")
