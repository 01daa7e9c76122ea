"""What the browser tests do more than once."""

from collections.abc import Callable

from playwright.sync_api import Locator, Page, expect

CONTRACT = "/c/childrens-services"
# Q2 is in commentary, Q3 is open and without values, Q1 is past.
Q1, Q2, Q3, Q4 = (f"{CONTRACT}/2018-Q{number}" for number in (1, 2, 3, 4))
Q4 = f"{CONTRACT}/open/2018-Q4"
SignIn = Callable[..., Page]


def settle(page: Page) -> None:
    """Until charts are drawn and editors have arrived."""
    charts = page.locator("[data-chart]").all()
    for chart in charts:
        chart.scroll_into_view_if_needed()
    expect(page.locator("[data-chart].chart-drawn")).to_have_count(len(charts), timeout=20_000)
    if page.locator("form[data-pane]").count():
        editor(page)


def pane(page: Page, party: str) -> Locator:
    """The pane of "commissioner" or "provider"."""
    return page.locator(f"section.pane[aria-labelledby=pane-{party}]")


def editor(page: Page) -> Locator:
    """The text of the pane that may be written, once the editor has taken it over."""
    text = page.locator("form[data-pane] .ProseMirror[contenteditable=true]")
    page.locator("form[data-pane]").scroll_into_view_if_needed()
    expect(text).to_have_attribute("role", "textbox", timeout=20_000)
    return text


def write(page: Page, words: str) -> None:
    """At the end of the pane that may be written."""
    editor(page).click()
    page.keyboard.press("Control+End")
    page.keyboard.insert_text(words)


def open_last_text(page: Page) -> None:
    for button in page.get_by_role("button", name="Q2 2018/19 text").all():
        button.click()
    expect(page.locator(".last-place:visible")).to_have_count(2)


def start_from_last(page: Page) -> None:
    page.get_by_role("button", name="Start from Q2 2018/19").click()
    expect(page.get_by_text("Carried over from Q2 2018/19")).to_be_visible()


def submit(as_role: SignIn) -> None:
    """The analyst submits Q3 as it is."""
    page = as_role("analyst")
    page.goto(f"{Q3}/submit/")
    page.get_by_role("button", name="Submit values").click()
    expect(page.locator("#messages")).to_contain_text("submitted")
    page.context.close()


def send_back(as_role: SignIn, reason: str = "E1 for October counts a week twice.") -> None:
    submit(as_role)
    page = as_role("officer")
    page.goto(f"{Q3}/send-back/")
    page.get_by_label("Reason").fill(reason)
    page.get_by_role("button", name="Send values back").click()
    expect(page.locator("#messages")).to_contain_text("sent back")
    page.context.close()
