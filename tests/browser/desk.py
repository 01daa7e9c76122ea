"""The officer at the commissioner's pane of one measure: what the tests of the editor share."""

import re
import sqlite3
from contextlib import closing

from playwright.sync_api import Locator, Page, expect

MEASURE = "/c/childrens-services/2018-Q2/m/b8/"
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
SAVED = re.compile(r"^Draft, saved \d\d:\d\d\. Only DMBC can see this$")
OFFLINE = "Not saved: no connection, still trying"
KEPT = "Your text is kept on this page."

# What a screen reader hears, the state line and where the focus is, from the first key on.
LISTEN = """() => {
  const heard = window.heard = [], states = window.states = [], focus = window.focusLog = []
  const of = (place, list) => new MutationObserver(() => list.push(place.textContent.replace(/\\u00a0/g, "")))
    .observe(place, {childList: true, characterData: true, subtree: true})
  of(document.querySelector("[data-said]"), heard)
  of(document.querySelector("#pane-commissioner-state"), states)
  document.addEventListener("focusout", () => setTimeout(() => {
    if (document.activeElement === document.body) focus.push("lost")
  }))
}"""


COLLEAGUE = "colleague@dmbc.example"


class Store:
    """What the database holds."""

    def __init__(self, path):
        self.path = path

    def rows(self, sql):
        with closing(sqlite3.connect(self.path, timeout=20)) as database:
            return database.execute(sql).fetchall()

    def one(self, sql):
        return self.rows(sql)[0]

    def run(self, sql):
        with closing(sqlite3.connect(self.path, timeout=20)) as database:
            database.execute(sql)
            database.commit()

    def add_colleague(self):
        """A second officer with the first one's password."""
        self.run(
            "INSERT INTO accounts_user "
            "(password, last_login, email, name, is_staff, is_active, date_joined, sessions_ended, version) "
            f"SELECT password, NULL, '{COLLEAGUE}', 'Colin League', 0, 1, date_joined, 0, 1 FROM accounts_user "
            "WHERE email = 'officer@dmbc.example'"
        )
        self.run(
            "INSERT INTO accounts_membership (user_id, contract_id, party, role) "
            f"SELECT c.id, m.contract_id, m.party, m.role FROM accounts_user c, accounts_membership m "
            f"JOIN accounts_user o ON o.id = m.user_id "
            f"WHERE c.email = '{COLLEAGUE}' AND o.email = 'officer@dmbc.example'"
        )

    def pane(self, columns):
        return self.one(
            f"SELECT {columns} FROM commentary_pane p WHERE p.party = 'commissioner' "
            "AND p.measure_id IN (SELECT id FROM measures_measure WHERE slug = 'b8') "
            "AND p.cycle_id IN (SELECT id FROM measures_cycle WHERE quarter = '2018-07-01')"
        )

    def kept(self):
        """Every text that the history of the pane holds."""
        pane = self.pane("p.id")[0]
        return [text for (text,) in self.rows(f"SELECT text FROM commentary_paneversion WHERE pane_id = {pane}")]


def editor_of(page: Page) -> Locator:
    """The editor once it has come."""
    box = page.get_by_role("textbox", name="DMBC response")
    expect(box).to_be_visible(timeout=10_000)
    return box


def open_desk(page: Page) -> Page:
    page.goto(MEASURE)
    editor_of(page)
    page.evaluate(LISTEN)
    return page


def state_of(page: Page, party: str = "commissioner") -> Locator:
    return page.locator(f"#pane-{party}-state")


def problem_of(page: Page) -> Locator:
    return page.locator("[data-problem]")


def type_at_end(page: Page, text: str) -> None:
    editor_of(page).click()
    page.keyboard.press("Control+End")
    page.keyboard.type(text)


def heard(page: Page) -> list[str]:
    return page.evaluate("heard")


def press_save(page: Page) -> None:
    page.get_by_role("button", name="Save", exact=True).click()
