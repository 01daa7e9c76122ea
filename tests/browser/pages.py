"""Every page that can be opened, by whom, and what must happen before it shows what is meant. The tests of
accessibility and the screenshots go through this one list."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from re import Pattern

from playwright.sync_api import Locator, Page, expect

from accounts.demo import PASSWORD
from perfmon import public_pages
from tests.accounts.signing import code
from tests.contractbooks import EXAMPLE
from tests.papers import TWIN
from workflow.contract_books import writing

from . import files, steps
from .files import IMPORT
from .steps import Q1, Q2, Q3, Q4, SignIn

BENCHMARKS = "/c/childrens-services/benchmarks/"
PEOPLE = "/c/childrens-services/people/"
RESET, FACTOR = "/accounts/password/reset/", "/accounts/second-factor/"
PARTIES = ("officer", "analyst", "council-director", "trust-director")
ROLES = (*PARTIES, "administrator")
CONTACTS, PROCEEDINGS = "Contacts into children's social care", "Care proceedings on track to complete within 26 weeks"

PAPERS = "/c/earlier-papers/import/"
WORKBOOK = "/set-up/workbook/"
CONTRACT_SET_UP = "/c/childrens-services/set-up/"


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


def confirm(page: Page) -> None:
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Confirm").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Set up a second factor")


def give_a_wrong_code(page: Page) -> None:
    confirm(page)
    page.get_by_label("Code").fill("12")
    page.get_by_role("button", name="Turn on").click()
    expect(page.get_by_role("alert")).to_be_visible()


def set_up_a_factor(page: Page) -> None:
    confirm(page)
    secret = page.locator("b.key").inner_text().replace(" ", "")
    page.get_by_label("Code").fill(code(secret))
    page.get_by_role("button", name="Turn on").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Keep these recovery codes")


def with_a_factor(path: str) -> Callable[[Page], None]:
    def go(page: Page) -> None:
        set_up_a_factor(page)
        page.goto(FACTOR + path)

    return go


def sign_in_with_a_factor(page: Page) -> None:
    set_up_a_factor(page)
    page.context.clear_cookies()
    page.goto("/accounts/sign-in/")
    page.get_by_label("E-mail address").fill("officer@dmbc.example")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Enter your code")


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


def of_a_member(name: str) -> Callable[[Page], None]:
    """From the contract's people to a page about the first of them."""

    def go(page: Page) -> None:
        page.get_by_role("link", name=name).first.click()
        page.wait_for_url("**/people/*/**")

    return go


def first_person(page: Page) -> None:
    page.get_by_role("row").nth(1).get_by_role("link").first.click()
    page.wait_for_url("**/people/*/")


def make_a_contract(page: Page) -> None:
    """To its page of steps: two are done."""
    page.get_by_label("Title").fill("Street lighting")
    for party, short_name in (("commissioner", "EXA"), ("provider", "EXB")):
        page.locator(f"[name={party}_name]").fill(f"The example {party}")
        page.locator(f"[name={party}_short_name]").fill(short_name)
    page.get_by_role("button", name="Make the contract").click()
    page.wait_for_url("**/street-lighting/set-up/")


def add_a_day(page: Page) -> None:
    page.get_by_label("Quarter").fill("Q2 2018/19")
    page.get_by_label("The committee’s day").fill("2018-12-12")
    page.get_by_role("button", name="Add the day").click()
    expect(page.get_by_role("rowheader", name="Q2 2018/19")).to_be_visible()


def remove_a_day(page: Page) -> None:
    add_a_day(page)
    page.get_by_role("link", name="Remove the day of Q2 2018/19").click()
    page.wait_for_url("**/remove/")


def make_a_link(page: Page) -> None:
    page.get_by_role("link", name="Olivia Marsh").click()
    page.get_by_role("button", name=re.compile("Make a link|Show the link")).click()
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Confirm").click()
    page.wait_for_url("**/link/")


def follow_a_link(page: Page) -> None:
    """Still signed in as somebody else, which the page says, and with a password that will not do."""
    make_a_link(page)
    page.goto(page.locator("code").inner_text())
    page.get_by_label("Password", exact=True).fill("short")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("alert")).to_be_visible()


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


def with_workbook(content: bytes) -> Callable[[Page], None]:
    """From the upload of a contract's workbook to its preview."""

    def go(page: Page) -> None:
        book = {"name": "lighting.xlsx", "mimeType": "application/octet-stream", "buffer": content}
        page.locator("input[type=file]").set_input_files(book)
        page.get_by_role("button", name="Read the workbook").click()
        expect(page.get_by_role("heading", level=1)).to_contain_text("Preview")

    return go


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
    *(Shown(name, "", path) for name, path in (("help", "/help/"), ("words", "/help/words/"))),
    *(Shown(f"help-{role.address}", "", f"/help/{role.address}/") for role in public_pages.ROLES),
    *(Shown(name, "", f"/{name}/") for name in ("accessibility", "privacy", "cookies", "about")),
    Shown("help-signed-in", "analyst", "/help/analyst/"),
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
    *every_role("members", PEOPLE, ROLES),
    Shown("member-invite-error", "administrator", f"{PEOPLE}invite/", then=send_nothing("Invite")),
    Shown("member", "administrator", PEOPLE, then=of_a_member("Change role of")),
    Shown("member-remove", "administrator", PEOPLE, then=of_a_member("Take off")),
    Shown("people", "administrator", "/set-up/people/"),
    Shown("people-none", "administrator", "/set-up/people/?q=nobody"),
    Shown("people-administrator", "administrator", "/set-up/people/administrator/"),
    Shown("person", "administrator", "/set-up/people/", then=first_person),
    Shown("person-link", "administrator", "/set-up/people/", then=make_a_link),
    Shown("invitation", "administrator", "/set-up/people/", then=follow_a_link),
    Shown("set-up", "administrator", "/set-up/"),
    Shown("set-up-none", "administrator", "/set-up/?q=nothing"),
    Shown("organisations", "administrator", "/set-up/organisations/"),
    Shown("organisation-error", "administrator", "/set-up/organisations/add/", then=send_nothing("Add organisation")),
    Shown("contract-add-error", "administrator", "/set-up/contracts/add/", then=send_nothing("Make the contract")),
    Shown("contract-steps", "administrator", "/set-up/contracts/add/", then=make_a_contract),
    Shown("contract-set-up", "administrator", CONTRACT_SET_UP),
    Shown("contract-change", "administrator", f"{CONTRACT_SET_UP}change/"),
    Shown("committee-error", "administrator", f"{CONTRACT_SET_UP}committee-dates/", then=send_nothing("Add the day")),
    Shown("committee-dates", "administrator", f"{CONTRACT_SET_UP}committee-dates/", then=add_a_day),
    Shown("committee-remove", "administrator", f"{CONTRACT_SET_UP}committee-dates/", then=remove_a_day),
    Shown("set-up-measures", "administrator", f"{CONTRACT_SET_UP}measures/"),
    Shown("set-up-order", "administrator", f"{CONTRACT_SET_UP}measures/order/"),
    Shown("set-up-measure", "administrator", f"{CONTRACT_SET_UP}measures/m/b8/"),
    Shown(
        "set-up-measure-error",
        "administrator",
        f"{CONTRACT_SET_UP}measures/add/",
        then=send_nothing("Add the measure"),
    ),
    *every_role("catalogue", "/c/childrens-services/measures/", ("analyst", "administrator")),
    Shown("definition-sheet", "analyst", "/c/childrens-services/measures/b8/"),
    Shown("invitation-over", "", "/accounts/invitation/MTA/open/", status=404),
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
    *every_role("scorecard-housing", "/c/housing-repairs/2018-Q2/", ("housing-officer", "company-director")),
    Shown("measure-housing", "housing-analyst", "/c/housing-repairs/2018-Q2/m/r4/", writes=True),
    Shown("workbook", "administrator", WORKBOOK),
    Shown("workbook-nothing-sent", "administrator", WORKBOOK, then=send_nothing("Read the workbook")),
    Shown("workbook-preview", "administrator", WORKBOOK, then=with_workbook(writing.workbook(EXAMPLE))),
    Shown("workbook-refused", "administrator", WORKBOOK, then=with_workbook(writing.template(EXAMPLE))),
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
    *every_role("account", "/accounts/", ("officer", "administrator")),
    Shown("reset", "", RESET),
    Shown("reset-error", "", RESET, then=send_nothing("Send me a link")),
    Shown("reset-sent", "", f"{RESET}sent/"),
    Shown("reset-refused", "", f"{RESET}new/"),
    Shown("second-factor", "officer", FACTOR),
    Shown("second-factor-asked", "officer", f"{FACTOR}?next=/c/childrens-services/"),
    Shown("confirm", "officer", f"{FACTOR}set-up/"),
    Shown("second-factor-set-up", "officer", f"{FACTOR}set-up/", then=confirm),
    Shown("second-factor-error", "officer", f"{FACTOR}set-up/", then=give_a_wrong_code),
    Shown("recovery-codes", "officer", f"{FACTOR}set-up/", then=set_up_a_factor),
    Shown("second-factor-on", "officer", f"{FACTOR}set-up/", then=with_a_factor("")),
    Shown("second-factor-off", "officer", f"{FACTOR}set-up/", then=with_a_factor("turn-off/")),
    Shown("recovery-codes-new", "officer", f"{FACTOR}set-up/", then=with_a_factor("recovery-codes/new/")),
    Shown("sign-in-code", "officer", f"{FACTOR}set-up/", then=sign_in_with_a_factor),
]
