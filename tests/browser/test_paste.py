"""What other programs put on the clipboard, pasted into a pane with the keyboard.

The clipboards in the folder beside this file are written by hand in the shape that these programs produce. The
manifest says for each what arrives, which words a reader saw and that go all the same ("gone": marks of lists and
footnotes, comments, deletions), and whether hidden text is reported.
"""

import json
import re
from collections import Counter
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from commentary.sanitising import clean

from . import steps

pytestmark = pytest.mark.browser

FOLDER = Path(__file__).parent / "clipboards"
MANIFEST = json.loads((FOLDER / "manifest.json").read_text())
MEASURE = f"{steps.Q2}/m/b8/"
WORD = re.compile(r"[^\s|;]+")
# The names of people, places on somebody's disk, and what no text has.
TRACES = re.compile(r"nobody|file:|msohtml|appdata|\\\\|server/share|mso-|style=|class=|<img|data:|docs-internal", re.I)
# What the editor and the sanitiser add of their own.
OWN = re.compile(r' rel="noopener noreferrer"| data-type="decimal"')
HIDDEN = "Hidden text was left out."


class Clipboard:
    """A page of another program, from which Ctrl+C takes what is put into it."""

    def __init__(self, context: BrowserContext) -> None:
        self.page = context.new_page()
        self.page.evaluate(
            """() => document.addEventListener("copy", (event) => {
              for (const [type, text] of Object.entries(window.held)) event.clipboardData.setData(type, text)
              event.preventDefault()
            })"""
        )

    def take(self, held: dict[str, str]) -> None:
        self.page.bring_to_front()
        self.page.evaluate("held => { window.held = held }", held)
        self.page.keyboard.press("Control+c")


@pytest.fixture
def desk(as_role, watch):
    """The officer at B8, the editor there, and a clipboard to paste from."""
    # The parser says so of every style and handler that it leaves aside.
    watch.expect("Applying inline style", "policy style-src", "inline event handler", "policy script-src-attr")
    page = as_role("officer")
    page.goto(MEASURE)
    steps.editor(page)
    return page, Clipboard(page.context)


def held(name: str) -> dict[str, str]:
    text = (FOLDER / name).read_bytes().decode()
    return {"text/html": text} if name.endswith(".html") else {"text/plain": text}


def paste(page: Page, clipboard: Clipboard, content: dict[str, str]) -> str:
    """The text of the pane with this instead of what was in it."""
    clipboard.take(content)
    page.bring_to_front()
    steps.editor(page).click()
    page.keyboard.press("Control+a")
    page.keyboard.press("Control+v")
    return text_of(page)


def text_of(page: Page) -> str:
    return OWN.sub("", page.locator("form[data-pane] textarea").input_value())


def words_in(text: str) -> Counter:
    return Counter(WORD.findall(text.replace("³", "3")))


def seen_words(page: Page, name: str) -> Counter:
    """What a reader of the source sees, by the browser's own reading of it, without what goes all the same."""
    content = held(name)
    if "text/html" in content:
        page.set_content(content["text/html"])
    text = page.inner_text("body") if "text/html" in content else content["text/plain"]
    for gone in MANIFEST[name]["gone"]:
        # Marks of lists stand by themselves; others may be glued to a word.
        pattern = rf"(?<!\S){re.escape(gone)}(?!\S)" if len(gone) < 3 else re.escape(gone)
        text, found = re.subn(pattern, "", text, count=1)
        assert found, f"{name} shows no {gone}"
    return words_in(text)


def test_what_is_pasted_arrives_as_text_headings_lists_and_lines(desk, context):
    page, clipboard = desk
    reader = context.new_page()
    reader.route("**/*", lambda route: route.abort())
    told = page.locator("[data-pasted]")
    wrong = []
    for name, wanted in MANIFEST.items():
        got = paste(page, clipboard, held(name))
        if got != "".join(wanted["arrives"]):
            wrong.append((name, "arrives", got))
        lost = seen_words(reader, name) - words_in(steps.editor(page).inner_text())
        said = HIDDEN if wanted["hidden"] else ""
        wrong += [(name, "lost", sorted(lost))] if lost else []
        wrong += [(name, "told", told.inner_text())] if told.inner_text() != said else []
        wrong += [(name, "traces", TRACES.findall(got))] if TRACES.search(got) else []
        wrong += [(name, "stored", clean(got))] if OWN.sub("", clean(got)) != got else []
    assert wrong == []


def test_words_go_into_the_sentence_and_what_is_cut_here_comes_back_as_it_was(desk):
    page, clipboard = desk
    paste(page, clipboard, {"text/html": "<p>One two.</p><ul><li>three</li></ul>"})
    page.keyboard.press("Control+Home")
    for _ in range(4):
        page.keyboard.press("ArrowRight")
    clipboard.take(held("web-words.html"))
    page.bring_to_front()
    page.keyboard.press("Control+v")
    whole = "<p>One only <strong>a few</strong> wordstwo.</p><ul><li><p>three</p></li></ul>"
    assert text_of(page) == whole
    page.keyboard.press("Control+a")
    page.keyboard.press("Control+x")
    assert "three" not in text_of(page)
    page.keyboard.press("Control+v")
    assert text_of(page) == whole


def test_what_was_left_out_is_said_until_something_else_is_done(desk):
    page, clipboard = desk
    told = page.locator("[data-pasted]")

    def leave_out() -> None:
        paste(page, clipboard, held("word-hidden.html"))
        expect(told).to_have_text(HIDDEN)

    leave_out()
    page.emulate_media(media="print")
    expect(told).to_be_hidden()
    page.emulate_media(media="screen")
    # The save that comes by itself leaves it to be read.
    expect(page.locator("#pane-commissioner-state")).to_contain_text("Draft, saved", timeout=10_000)
    expect(told).to_have_text(HIDDEN)
    page.keyboard.type("a")
    expect(told).to_have_text("")
    leave_out()
    page.keyboard.press("Control+s")
    expect(told).to_have_text("")
    leave_out()
    page.keyboard.press("Control+a")
    page.keyboard.press("Control+x")
    expect(told).to_have_text(HIDDEN)
    page.keyboard.press("Control+v")
    expect(told).to_have_text("")


def test_every_clipboard_is_in_the_manifest():
    assert sorted(MANIFEST) == sorted(path.name for path in FOLDER.iterdir() if path.suffix in {".html", ".txt"})
    assert len(MANIFEST) >= 16
