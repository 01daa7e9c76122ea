"""Hostile texts on the pages that show texts, in a real browser, with the page's policy and without it: no script
runs, no other host is asked, no dialog opens.

The corpus is held twice: cleaned, all of it in one pane and its history, as saves would have left it; and as it is,
one text in each pane and all of them in one pane and its history, as if it had come into the database past the
sanitiser.
"""

import sqlite3
from contextlib import closing
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from commentary.sanitising import clean, shown
from tests.commentary.hostile import HOSTILE

from . import steps

pytestmark = pytest.mark.browser

MEASURE = f"{steps.Q2}/m/b8/"
HISTORY = f"{MEASURE}pane/commissioner/history/"
RESTORE = f"{MEASURE}pane/commissioner/restore/"
LAST = f"{steps.Q3}/m/b8/pane/commissioner/last/"
SENTINEL = "Nothing else happened."
CLEANED = "".join(f"<p>{number} begins.</p>{clean(text)}" for number, text in enumerate(HOSTILE)) + f"<p>{SENTINEL}</p>"
# The same without every third text, so that there are differences to mark.
EARLIER = "".join(f"<p>{number} began.</p>{clean(text)}" for number, text in enumerate(HOSTILE) if number % 3)
# What every element of a text would have to bear: nothing is there to run it, unless something came through.
PROVOKE = """() => {
  const types = ["mouseover", "mousemove", "pointerover", "focus", "toggle", "animationstart", "error", "load"]
  for (const each of document.querySelectorAll("main .text *")) {
    for (const type of types) each.dispatchEvent(new Event(type))
  }
}"""
# Tags and attributes inside texts. Our own marks of differences and of what is carried over stand there too, and what
# the editor puts where its caret would have no place.
FOUND = """() => [...new Set([...document.querySelectorAll("main .text *")]
  .filter((each) => !each.closest("svg, img.ProseMirror-separator:not([src])"))
  .flatMap((each) => [each.localName, ...each.getAttributeNames().map((name) => `${each.localName} ${name}`)]))]"""
OWN = {"div", "section", "label", "textarea", "svg", "span", "ins", "del", "noscript"}
TEXT = {"p", "strong", "em", "h3", "h4", "h5", "h6", "ul", "ol", "li", "br", "a", "a href", "a rel", "ol start"}
# The read view sets headings lower; the editor writes these out of the list's own kind.
TEXT |= {"ol data-type", "ol style", "ol type"}


class Lookout:
    """What a page did that no text may bring about."""

    def __init__(self, page: Page, site: str) -> None:
        self.page, self.done = page, []
        host = urlsplit(site).netloc
        page.on("request", lambda request: urlsplit(request.url).netloc in (host, "") or self.done.append(request.url))
        page.on("dialog", lambda dialog: (self.done.append(dialog.message), dialog.dismiss()))
        page.on("popup", lambda popup: self.done.append(popup.url))

    def at(self, path: str) -> list[str]:
        """Opens the page, provokes what may sleep in it, prints it, and says what is wrong."""
        assert self.page.goto(path).status == 200
        if self.page.locator("form[data-pane]").count():
            steps.editor(self.page)
        shown = self.page.locator("main").inner_text()
        wrong = [] if SENTINEL in shown else [f"{path} does not show the texts"]
        self.page.evaluate(PROVOKE)
        self.page.emulate_media(media="print")
        self.page.wait_for_timeout(200)
        self.page.emulate_media(media="screen")
        return wrong + self.wrong(path)

    def wrong(self, where: str) -> list[str]:
        found = {each for each in self.page.evaluate(FOUND) if each.split()[0] not in OWN} - TEXT
        wrong = [f"{where} has {each}" for each in sorted(found) if each.split()[-1] not in ("class", "target")]
        if self.page.evaluate("'hit' in window") or len(self.page.frames) > 1:
            wrong.append(f"{where} ran something")
        wrong += [f"{where} asked {each}" for each in self.done]
        self.done.clear()
        return wrong


@pytest.fixture
def write(server, site):
    """Runs SQL statements, and returns the rows of the last one."""

    def run(sql: str, *values) -> list[tuple]:
        with closing(sqlite3.connect(server.database, timeout=20)) as database:
            rows = database.execute(sql, values).fetchall()
            database.commit()
            return rows

    return run


def panes_of(write, *, measure: str = "") -> list[int]:
    """Ids of the panes of Q2, the commissioner's first."""
    only = f" AND m.slug = '{measure}'" if measure else ""
    rows = write(
        "SELECT p.id FROM commentary_pane p JOIN measures_measure m ON m.id = p.measure_id "
        "JOIN measures_cycle c ON c.id = p.cycle_id JOIN accounts_contract k ON k.id = c.contract_id "
        f"WHERE c.quarter = '2018-07-01' AND k.slug = 'childrens-services'{only} ORDER BY p.party, p.id"
    )
    return [number for (number,) in rows]


def hold(write, pane: int, *, draft: str, released: str) -> None:
    write(
        "UPDATE commentary_pane SET draft = ?, released = ?, version = 4, released_version = 3, "
        "saved_at = '2018-11-02 14:32:00', released_at = '2018-11-02 14:30:00', "
        "saved_by_id = (SELECT id FROM accounts_user WHERE email = 'officer@dmbc.example') WHERE id = ?",
        draft,
        released,
        pane,
    )


def keep(write, pane: int, *versions: tuple[str, str]) -> None:
    """The history of a pane: (kind, text), the oldest first."""
    write("DELETE FROM commentary_paneversion WHERE pane_id = ?", pane)
    for number, (kind, text) in enumerate(versions, 1):
        write(
            "INSERT INTO commentary_paneversion (pane_id, version, kind, text, by_id, at, is_open) "
            "VALUES (?, ?, ?, ?, (SELECT id FROM accounts_user WHERE email = 'officer@dmbc.example'), ?, 0)",
            *(pane, number, kind, text, f"2018-11-02 {10 + number // 60}:{number % 60:02}:00"),
        )


def storable(text: str) -> str:
    return text.encode("utf-8", "replace").decode().replace("\0", "")


@pytest.mark.parametrize("bypass", [False, True], ids=["policy", "no-policy"])
def test_cleaned_texts_do_nothing_on_any_page(as_role, site, write, bypass):
    pane = panes_of(write, measure="b8")[0]
    hold(write, pane, draft=CLEANED, released=CLEANED)
    keep(write, pane, ("saved", EARLIER), ("refused", EARLIER), ("saved", CLEANED), ("released", CLEANED))
    latest = write("SELECT max(id) FROM commentary_paneversion WHERE pane_id = ?", pane)[0][0]
    wrong = []
    officer = Lookout(as_role("officer", bypass_csp=bypass), site)
    pages = [
        MEASURE,
        f"{steps.Q2}/commentary/",
        f"{HISTORY}?version={latest - 1}",
        f"{HISTORY}?version={latest}&with=none",
    ]
    pages += [f"{HISTORY}?version={latest}&with={latest - 3}", f"{RESTORE}?source={latest - 1}"]
    pages += [LAST]
    for path in pages:
        wrong += officer.at(path)
    reader = Lookout(as_role("analyst", bypass_csp=bypass), site)
    for path in (MEASURE, f"{steps.Q2}/commentary/"):
        wrong += reader.at(path)
    assert wrong == []


@pytest.mark.parametrize("bypass", [False, True], ids=["policy", "no-policy"])
def test_texts_that_came_past_the_sanitiser_do_nothing(as_role, site, write, bypass):
    panes = panes_of(write)
    director = Lookout(as_role("trust-director", bypass_csp=bypass), site)
    wrong = []
    texts = [storable(text) for text in HOSTILE]
    room = len(panes) - 1
    for start in range(0, len(texts), room):
        for pane, text in zip(panes[1:], texts[start : start + room], strict=False):
            hold(write, pane, draft=text, released=text)
        hold(write, panes[0], draft=SENTINEL, released=f"<p>{SENTINEL}</p>")
        wrong += director.at(f"{steps.Q2}/commentary/")
    assert wrong == []


def side_by_side() -> tuple[str, list[str]]:
    """The texts in one, and those that cannot be in it: they take what follows into themselves, or out of sight."""
    whole, apart = f"<p>{SENTINEL}</p>", []
    for text in (storable(each) for each in HOSTILE):
        if shown(f"{whole}{text}<p>{SENTINEL}</p>").endswith(f"<p>{SENTINEL}</p>"):
            whole += text
        else:
            apart.append(f"<p>{SENTINEL}</p>{text}")
    return whole, apart


@pytest.mark.parametrize("bypass", [False, True], ids=["policy", "no-policy"])
def test_nor_do_they_in_a_pane_and_its_history(as_role, site, write, bypass, watch):
    # The parser says so of every style and handler that it leaves aside.
    watch.expect("^console error: (Applying|Executing) inline", "^console error: policy", "document's base URI")
    whole, apart = side_by_side()
    assert len(apart) < 20
    pane = panes_of(write, measure="b8")[0]
    hold(write, pane, draft=whole, released=whole)
    keep(write, pane, *(("saved", text) for text in (*apart, f"<p>{SENTINEL}</p>", whole)))
    first, latest = write("SELECT min(id), max(id) FROM commentary_paneversion WHERE pane_id = ?", pane)[0]
    # Each page shows one and the one before it.
    pages = [f"{HISTORY}?version={version}" for version in range(first + 1, first + len(apart), 2)]
    pages += [HISTORY, f"{HISTORY}?version={latest}&with=none", f"{RESTORE}?source={latest - 1}"]
    lookout = Lookout(as_role("officer", bypass_csp=bypass), site)
    wrong = [each for path in (*pages, MEASURE, LAST) for each in lookout.at(path)]
    reader = Lookout(as_role("analyst", bypass_csp=bypass), site)
    wrong += [each for path in (MEASURE, LAST) for each in reader.at(path)]
    assert wrong == []


@pytest.mark.parametrize("bypass", [False, True], ids=["policy", "no-policy"])
def test_two_texts_to_choose_from_do_nothing(as_role, site, write, bypass, watch):
    watch.expect("status of 409", "^console error: (Applying|Executing) inline", "^console error: policy")
    watch.expect("document's base URI")
    whole, _ = side_by_side()
    page = as_role("officer", bypass_csp=bypass)
    lookout = Lookout(page, site)
    page.goto(MEASURE)
    steps.editor(page)
    hold(write, panes_of(write, measure="b8")[0], draft=f"{whole}<p>Theirs.</p>", released=whole)
    # As it is, past the editor.
    page.evaluate(
        """text => {
          const real = window.fetch
          window.fetch = (address, options) => {
            if (options?.body?.has("text")) options.body.set("text", text)
            return real(address, options)
          }
        }""",
        f"<p>Mine.</p>{whole}",
    )
    steps.write(page, " More.")
    page.keyboard.press("Control+s")
    dialog = page.get_by_role("dialog", name="Two texts: choose")
    expect(dialog).to_be_visible()
    for name in ("Your text", "The saved text"):
        expect(dialog.get_by_role("group", name=name)).to_contain_text(SENTINEL)
    assert dialog.locator("ins, del").count() > 0
    page.evaluate(PROVOKE)
    page.wait_for_timeout(200)
    wrong = lookout.wrong("the dialog")
    dialog.get_by_role("button", name="Edit together").click()
    expect(steps.editor(page)).to_contain_text("Theirs.")
    page.evaluate(PROVOKE)
    page.wait_for_timeout(200)
    assert wrong + lookout.wrong("both in the editor") == []


@pytest.mark.parametrize("bypass", [False, True], ids=["policy", "no-policy"])
def test_pasted_texts_do_nothing(as_role, site, bypass, watch):
    # The parser says so of every style and handler that it leaves aside.
    watch.expect("^console error: (Applying|Executing) inline", "^console error: policy", "document's base URI")
    page = as_role("officer", bypass_csp=bypass)
    page.goto(MEASURE)
    box = steps.editor(page)
    box.click()
    lookout = Lookout(page, site)
    page.evaluate(
        """texts => {
          const { editor } = document.querySelector(".ProseMirror")
          const wrapped = texts.map(text => `<p>Before</p>${text}<p>After</p>`)
          for (const html of [...texts, ...wrapped]) {
            editor.commands.selectAll()
            const clipboardData = new DataTransfer()
            clipboardData.setData("text/html", html)
            editor.view.dom.dispatchEvent(new ClipboardEvent("paste", {clipboardData, bubbles: true, cancelable: true}))
            editor.commands.setContent(html)
          }
        }""",
        [storable(text) for text in HOSTILE],
    )
    page.evaluate(PROVOKE)
    page.wait_for_timeout(300)
    assert lookout.wrong("the editor") == []


def test_the_lookout_sees_what_is_alive(new_context, site):
    page = new_context(bypass_csp=True).new_page()
    page.route("**/*", lambda route: route.fulfill(status=204, body=""))
    lookout = Lookout(page, site)
    alive = 0
    for text in HOSTILE:
        page.set_content(f"<main><div class=text>{storable(text)}</div></main>")
        page.evaluate(PROVOKE)
        alive += bool(lookout.wrong("the page"))
        page.evaluate("() => { delete window.hit }")
    assert alive > 100
