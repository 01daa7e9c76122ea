"""Every page that can be opened, by whom, and what must happen before it shows what is meant. The tests of
accessibility and the screenshots go through this one list."""

from collections.abc import Callable
from dataclasses import dataclass

from playwright.sync_api import Page, expect

from . import steps
from .steps import Q1, Q2, Q3, Q4, SignIn

PARTIES = ("officer", "analyst", "council-director", "trust-director")
ROLES = (*PARTIES, "administrator")
CONTACTS, PROCEEDINGS = "Contacts into children's social care", "Care proceedings on track to complete within 26 weeks"


@dataclass(frozen=True)
class Shown:
    """`role` is "" for a visitor; `before` changes the data, `then` changes the page; `status` is the address's own."""

    name: str
    role: str
    path: str
    then: Callable[[Page], None] | None = None
    before: Callable[[SignIn], None] | None = None
    status: int = 200

    @property
    def id(self) -> str:
        return f"{self.name}-{self.role or 'visitor'}"

    def open(self, visitor: SignIn, as_role: SignIn, **options) -> Page:
        if self.before:
            self.before(as_role)
        page = as_role(self.role, **options) if self.role else visitor(**options)
        assert page.goto(self.path).status == self.status
        if self.then:
            self.then(page)
        steps.settle(page)
        return page


def fail_to_sign_in(page: Page) -> None:
    page.get_by_label("E-mail address").fill("nobody@dmbc.example")
    page.get_by_label("Password").fill("not the password")
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("alert")).to_be_visible()


def series(name: str, fill: Callable[[Page], None] | None = None) -> Callable[[Page], None]:
    """From the entry list to a series' form."""

    def go(page: Page) -> None:
        page.get_by_role("link", name=name, exact=True).click()
        page.wait_for_url("**/entry/*/")
        if fill:
            fill(page)

    return go


def type_nonsense(page: Page) -> None:
    period = page.locator("section.period").first
    period.get_by_label("Numerator").fill("20")
    period.get_by_label("Denominator").fill("nineteen")
    period.get_by_role("button").click()
    expect(page.get_by_role("alert")).to_be_visible()


def type_over_another(page: Page) -> None:
    """The same month from two windows: the second is told."""
    other = page.context.new_page()
    other.goto(page.url)
    for window, value in ((other, "100"), (page, "200")):
        period = window.locator("section.period").first
        period.get_by_label("Value").fill(value)
        period.get_by_role("button").click()
    other.close()
    expect(page.get_by_role("alert")).to_contain_text("was not saved")


def send_nothing(button: str) -> Callable[[Page], None]:
    def press(page: Page) -> None:
        page.get_by_role("button", name=button).click()
        expect(page.get_by_role("alert")).to_be_visible()

    return press


def clash(page: Page) -> None:
    """The same pane from two windows: the second sees both texts."""
    other = page.context.new_page()
    other.goto(page.url)
    steps.editor(page)
    steps.write(other, " Theirs.")
    expect(other.locator("#pane-commissioner-state")).to_contain_text("Draft, saved", timeout=10_000)
    other.close()
    page.bring_to_front()
    steps.write(page, " Mine.")
    expect(page.get_by_role("dialog")).to_be_visible(timeout=10_000)


def every_role(name: str, path: str, roles: tuple[str, ...] = PARTIES, **more) -> list[Shown]:
    return [Shown(name, role, path, **more) for role in roles]


PAGES = [
    Shown("sign-in", "", "/accounts/sign-in/"),
    Shown("sign-in-error", "", "/accounts/sign-in/", then=fail_to_sign_in),
    Shown("not-found", "", "/nowhere/", status=404),
    *every_role("home", "/", ROLES),
    *every_role("scorecard", f"{Q2}/"),
    *every_role("scorecard-table", f"{Q2}/?view=table&sort=concern"),
    *every_role("scorecard-open", f"{Q3}/"),
    *every_role("scorecard-filtered-empty", f"{Q3}/?show=green", ("officer",)),
    *every_role("scorecard-past", f"{Q1}/", ROLES),
    *every_role("measure-months", f"{Q2}/m/b8/?by=month"),
    *every_role("measure-subgroups", f"{Q2}/m/a4/", ("officer", "trust-director")),
    *every_role("measure-volumetric", f"{Q2}/m/e34-35/", ("analyst", "council-director")),
    *every_role("measure-open", f"{Q3}/m/a1/"),
    *every_role("measure-past", f"{Q1}/m/fo1/", ROLES),
    Shown("measure-conflict", "officer", f"{Q2}/m/a4/", then=clash),
    *every_role("entry", f"{Q3}/entry/", ("analyst", "trust-director")),
    Shown("entry-closed", "analyst", f"{Q2}/entry/"),
    Shown("entry-sent-back", "analyst", f"{Q3}/entry/", before=steps.send_back),
    Shown("entry-form", "analyst", f"{Q3}/entry/", then=series(CONTACTS)),
    Shown("entry-form-error", "analyst", f"{Q3}/entry/", then=series(PROCEEDINGS, type_nonsense)),
    Shown("entry-form-conflict", "analyst", f"{Q3}/entry/", then=series(CONTACTS, type_over_another)),
    Shown("entry-form-sent-back", "analyst", f"{Q3}/entry/", before=steps.send_back, then=series(CONTACTS)),
    Shown("scorecard-sent-back", "analyst", f"{Q3}/", before=steps.send_back),
    Shown("submit", "analyst", f"{Q3}/submit/"),
    Shown("open", "officer", f"{Q4}/"),
    Shown("scorecard-submitted", "officer", f"{Q3}/", before=steps.submit),
    Shown("accept", "officer", f"{Q3}/accept/", before=steps.submit),
    Shown("send-back", "officer", f"{Q3}/send-back/", before=steps.submit),
    Shown("send-back-error", "officer", f"{Q2}/send-back/", then=send_nothing("Send values back")),
    Shown("area", "officer", f"{Q2}/m/a3/area/"),
    Shown("area-error", "officer", f"{Q2}/m/b8/area/", then=send_nothing("Remove from the areas")),
    Shown("forbidden", "administrator", f"{Q2}/", status=403),
    Shown("not-known", "officer", f"{Q2}/m/none/", status=404),
    Shown("wrong-state", "officer", f"{Q2}/accept/", status=409),
    *every_role("password", "/accounts/password/", ("officer", "administrator")),
    Shown("admin", "administrator", "/admin/"),
    Shown("admin-people", "administrator", "/admin/accounts/user/"),
    Shown("admin-person", "administrator", "/admin/accounts/user/add/"),
]
