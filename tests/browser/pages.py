"""Every page that can be opened, by whom, and what must happen before it shows what is meant. The tests of
accessibility and the screenshots go through this one list."""

from collections.abc import Callable
from dataclasses import dataclass
from re import Pattern

from playwright.sync_api import Locator, Page, expect

from tests.papers import TWIN

from . import files, steps
from .files import IMPORT
from .steps import Q1, Q2, Q3, Q4, SignIn

BENCHMARKS = "/c/childrens-services/benchmarks/"
PARTIES = ("officer", "analyst", "council-director", "trust-director")
ROLES = (*PARTIES, "administrator")
CONTACTS, PROCEEDINGS = "Contacts into children's social care", "Care proceedings on track to complete within 26 weeks"

PAPERS = "/c/earlier-papers/import/"


@dataclass(frozen=True)
class Shown:
    """`role` is "" for a visitor; `before` changes the data, `then` changes the page; `status` is the address's own.
    `writes`: it holds an editor or a grid where other roles read."""

    name: str
    role: str
    path: str
    then: Callable[[Page], None] | None = None
    before: Callable[[SignIn], None] | None = None
    status: int = 200
    writes: bool = False

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


def box(page: Page, label: str | Pattern[str]) -> Locator:
    """A box of the entry grid by its name, such as "E1 Contacts a month, value, October 2018"."""
    return page.get_by_label(label, exact=True)


def row(page: Page, name: str) -> Locator:
    """The row of the entry grid of a series by code and name, with what is said below it left out."""
    return (
        page.locator("tr.line")
        .filter(has=page.locator(f"[aria-label^='{name}']"))
        .or_(page.locator("table.reading tr.line").filter(has_text=name.split()[0]))
        .first
    )


def work_in_the_grid(page: Page) -> None:
    """A row refused, one with warnings and open notes, one that somebody else saved first, a block that did not fit."""
    box(page, "A2 Assessments in time, value, Q3 2018/19").fill("many")
    page.keyboard.press("Enter")
    expect(row(page, "A2")).to_contain_text("Not saved")
    other = page.context.new_page()
    other.goto(page.url)
    for window, value in ((other, "81"), (page, "84")):
        box(window, "FO1 Young offenders in education, employment or training, value, Q3 2018/19").fill(value)
        window.keyboard.press("Control+s")
        expect(row(window, "FO1")).to_contain_text("aved")
        window.wait_for_timeout(500)
    other.close()
    expect(page.locator("[data-moved]")).to_be_visible()
    box(page, "E1 Contacts a month, value, November 2018").fill("19.5")
    page.keyboard.press("F2")


def to_correct(page: Page) -> None:
    """From the measure page of a past quarter to the form."""
    page.get_by_role("link", name="Correct this value").click()
    page.wait_for_url("**/entry/*/")


def correct(page: Page) -> None:
    """And to the history of the figure once it is corrected."""
    to_correct(page)
    period = page.locator("section.period").first
    period.get_by_label("Numerator").fill("15")
    period.get_by_label("Reason").fill("A college place was confirmed late.")
    period.get_by_role("button").click()
    page.get_by_role("link", name="History", exact=True).click()
    page.wait_for_url("**/history/**")


def send_nothing(button: str) -> Callable[[Page], None]:
    def press(page: Page) -> None:
        page.get_by_role("button", name=button).click()
        expect(page.get_by_role("alert")).to_be_visible()

    return press


def benchmark(page: Page) -> None:
    """From the list to the form of its first figure."""
    page.get_by_role("link", name="Change England").first.click()
    page.wait_for_url("**/benchmarks/*/")


def change_a_benchmark_twice(page: Page) -> None:
    """The same benchmark from two windows: the second is told."""
    benchmark(page)
    other = page.context.new_page()
    other.goto(page.url)
    for window, value in ((other, "22.4"), (page, "23.1")):
        window.get_by_label("Value").fill(value)
        window.get_by_role("button", name="Save").click()
    other.close()
    expect(page.get_by_role("alert")).to_contain_text("was not saved")


def remove_a_benchmark(page: Page) -> None:
    benchmark(page)
    page.get_by_role("link", name="Remove this benchmark").click()
    page.wait_for_url("**/remove/")


def add_no_benchmark(page: Page) -> None:
    page.get_by_role("link", name="Add a benchmark").first.click()
    page.get_by_role("button", name="Add benchmark").click()
    expect(page.get_by_role("alert")).to_be_visible()


def withdraw_an_event(page: Page) -> None:
    page.get_by_role("link", name="Withdraw").first.click()
    page.wait_for_url("**/withdraw/")


OPEN_DATA = (
    "time_period,time_identifier,geographic_level,country_code,country_name,la_name,new_la_code,category,percent\n"
    "201718,Financial year,National,E92000001,England,,,Total,22.5\n"
    "201718,Financial year,National,E92000001,England,,,Under 1,30\n"
    "201617,Financial year,National,E92000001,England,,,Total,c\n"
    "2016,Calendar year,National,E92000001,England,,,Total,20\n"
)


def bring_open_data(page: Page) -> None:
    file = {"name": "data.csv", "mimeType": "text/csv", "buffer": OPEN_DATA.encode()}
    page.locator("input[type=file]").set_input_files(file)
    page.get_by_role("button", name="Read the file").click()
    page.wait_for_url("**/benchmarks/")


def preview_open_data(page: Page) -> None:
    bring_open_data(page)
    page.get_by_label("percent").select_option(label="A1 Re-referrals")
    page.get_by_label("Source").fill("DfE")
    page.get_by_label("Edition").fill("Children in need 2018")
    page.get_by_role("button", name="Show the preview").click()
    page.wait_for_url("**/benchmarks/preview/")


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
    page.keyboard.press("Control+s")
    expect(page.get_by_role("dialog")).to_be_visible(timeout=10_000)


def clash_and_look_back(page: Page) -> None:
    """And to the history, where the text that was refused is the latest."""
    clash(page)
    page.locator("[data-take-theirs]").click()
    page.get_by_role("link", name="History of the DMBC response").click()
    expect(page.get_by_role("heading", level=2, name="Not saved: somebody saved first")).to_be_visible()


def ask_to_restore(page: Page) -> None:
    clash_and_look_back(page)
    page.get_by_role("link", name="Restore this text").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Restore this text as the draft?")


def ask_before_release(page: Page) -> None:
    """A text that may tell who a child is; nobody is meant."""
    steps.write(page, " One is Kayleigh, aged 15, of 14 Thorncliffe Road, DN4 8QT. See Mosaic ID 884213.")
    page.get_by_role("button", name="Release to DCST", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Check before release")


def every_role(name: str, path: str, roles: tuple[str, ...] = PARTIES, writers: str = "") -> list[Shown]:
    return [Shown(name, role, path, writes=role in writers.split()) for role in roles]


def with_file(content: bytes) -> Callable[[Page], None]:
    return lambda page: files.send(page, content)


def with_batch(*, undoing: bool = False) -> Callable[[Page], None]:
    def go(page: Page) -> None:
        files.confirm(page)
        if undoing:
            page.get_by_role("link", name="Undo the import").click()
            page.wait_for_url("**/undo/")

    return go


def with_paper(content: bytes, *, confirm: bool = False) -> Callable[[Page], None]:
    """From the import page of the contract for old papers to the paper's own."""

    def go(page: Page) -> None:
        paper = {"name": "q2-2018-19.txt", "mimeType": "text/plain", "buffer": content}
        page.locator("input[type=file]").set_input_files(paper)
        page.get_by_role("button", name="Read the file").click()
        page.wait_for_url("**/paper/")
        if confirm:
            page.get_by_role("button", name="Bring in").click()
            expect(page.get_by_role("alert")).to_be_visible()

    return go


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
    *every_role("measure-months", f"{Q2}/m/b8/?by=month", writers="officer analyst"),
    *every_role("measure-subgroups", f"{Q2}/m/a4/", ("officer", "trust-director"), writers="officer"),
    *every_role("measure-volumetric", f"{Q2}/m/e34-35/", ("analyst", "council-director"), writers="analyst"),
    *every_role("measure-open", f"{Q3}/m/a1/", writers="analyst"),
    *every_role("measure-past", f"{Q1}/m/fo1/", ROLES),
    *every_role("commentary", f"{Q2}/commentary/"),
    Shown("commentary-missing", "analyst", f"{Q2}/commentary/?show=missing"),
    Shown("commentary-past", "administrator", f"{Q1}/commentary/"),
    Shown("last-text", "analyst", f"{Q3}/m/a1/pane/provider/last/"),
    Shown("measure-last-text", "analyst", f"{Q3}/m/a1/", then=steps.open_last_text),
    Shown("measure-carried-over", "analyst", f"{Q3}/m/a1/", then=steps.start_from_last),
    Shown("measure-conflict", "officer", f"{Q2}/m/a4/", then=clash),
    Shown("pane-history", "council-director", f"{Q2}/m/b8/pane/commissioner/history/"),
    Shown("pane-history-none", "analyst", f"{Q3}/m/b8/pane/provider/history/"),
    Shown("pane-history-refused", "officer", f"{Q2}/m/a4/", then=clash_and_look_back),
    Shown("pane-restore", "officer", f"{Q2}/m/a4/", then=ask_to_restore),
    Shown("release-check", "officer", f"{Q2}/m/b8/", then=ask_before_release),
    *every_role("events", f"{Q2}/m/b8/events/", ("analyst", "council-director")),
    Shown("events-past", "administrator", f"{Q1}/m/b8/events/"),
    Shown("events-none", "officer", f"{Q2}/m/a4/events/?series=CPP"),
    Shown("event-error", "officer", f"{Q2}/m/b8/events/", then=send_nothing("Record event")),
    Shown("event-withdraw", "trust-director", f"{Q2}/m/b8/events/", then=withdraw_an_event),
    *every_role("benchmarks", BENCHMARKS, ("officer", "trust-director", "administrator")),
    Shown("benchmark-form", "analyst", BENCHMARKS, then=benchmark),
    Shown("benchmark-error", "analyst", BENCHMARKS, then=add_no_benchmark),
    Shown("benchmark-conflict", "officer", BENCHMARKS, then=change_a_benchmark_twice),
    Shown("benchmark-remove", "officer", BENCHMARKS, then=remove_a_benchmark),
    Shown("import-benchmarks", "officer", IMPORT, then=bring_open_data),
    Shown("import-benchmarks-preview", "officer", IMPORT, then=preview_open_data),
    *every_role("entry", f"{Q3}/entry/", ("analyst", "trust-director"), writers="analyst"),
    Shown("entry-closed", "analyst", f"{Q2}/entry/"),
    Shown("entry-past", "analyst", f"{Q1}/entry/"),
    Shown("entry-worked", "analyst", f"{Q3}/entry/", then=work_in_the_grid),
    Shown("entry-sent-back", "analyst", f"{Q3}/entry/", before=steps.send_back),
    Shown("entry-form", "analyst", f"{Q3}/entry/", then=series(CONTACTS)),
    Shown("entry-form-error", "analyst", f"{Q3}/entry/", then=series(PROCEEDINGS, type_nonsense)),
    Shown("entry-form-conflict", "analyst", f"{Q3}/entry/", then=series(CONTACTS, type_over_another)),
    Shown("entry-form-sent-back", "analyst", f"{Q3}/entry/", before=steps.send_back, then=series(CONTACTS)),
    Shown("entry-form-past", "analyst", f"{Q1}/m/fo1/", then=to_correct),
    Shown("figure-history", "analyst", f"{Q1}/m/fo1/", then=correct),
    Shown("scorecard-sent-back", "analyst", f"{Q3}/", before=steps.send_back),
    *every_role("import-none", IMPORT, ROLES),
    Shown("import-some", "analyst", IMPORT, then=lambda page: (files.confirm(page), page.goto(IMPORT))),
    Shown("import-nothing-sent", "analyst", IMPORT, then=send_nothing("Read the file")),
    Shown("import-preview", "analyst", IMPORT, then=with_file(files.RETURN)),
    Shown("import-question", "analyst", IMPORT, then=with_file(files.ASKING)),
    Shown("import-mapping", "analyst", IMPORT, then=with_file(files.UNKNOWN)),
    Shown("import-batch", "analyst", IMPORT, then=with_batch()),
    Shown("import-undo", "analyst", IMPORT, then=with_batch(undoing=True)),
    Shown("paper", "administrator", PAPERS, then=with_paper(TWIN.read_bytes())),
    Shown("paper-error", "administrator", PAPERS, then=with_paper(TWIN.read_bytes(), confirm=True)),
    Shown("paper-unreadable", "administrator", PAPERS, then=with_paper(b"Measure\tResponse\tComment\nNone\tx\ty\n")),
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
