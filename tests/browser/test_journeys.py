"""What each person comes to do, from the sign-in to the end, with a mouse. By keyboard alone: test_keyboard."""

import csv
import re
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from accounts.demo import PASSWORD

from . import steps
from .pages import CONTACTS, PROCEEDINGS
from .steps import Q1, Q2, Q3

pytestmark = pytest.mark.browser

CHART = "[data-chart]"
BOX = f"""() => {{
  const box = document.querySelector("{CHART}").getBoundingClientRect()
  return [box.x, box.y, box.width, box.height, document.documentElement.scrollHeight]
}}"""


def state(page: Page, party: str) -> Locator:
    return page.locator(f"#pane-{party}-state")


def period(page: Page, label: str) -> Locator:
    return page.get_by_role("region", name=label, exact=True)


def enter(page: Page, label: str, value: str, reason: str = "") -> None:
    one = period(page, label)
    one.get_by_label("Value").fill(value)
    if reason:
        one.get_by_label("Reason for the change").fill(reason)
    one.get_by_role("button", name=f"Save {label}").click()


def to_off_target(page: Page) -> None:
    page.get_by_role("link", name="Q2 2018/19").click()
    chip = page.get_by_role("list", name="Show by rating").get_by_role("link", name="Off target")
    told = int(chip.locator("b").inner_text())
    chip.click()
    expect(chip).to_have_attribute("aria-current", "true")
    expect(page.locator("article.tile")).to_have_count(told)


class TestOfficer:
    def test_reads_the_figures_and_writes_the_response_beside_them(self, as_role):
        page = as_role("officer")
        to_off_target(page)
        page.get_by_role("link", name=PROCEEDINGS).click()
        chart = page.locator(CHART)
        expect(chart).to_be_in_viewport(ratio=1)
        for party in ("commissioner", "provider"):
            first = steps.pane(page, party).locator(".text").locator("h3, p, li").locator("visible=true").first
            expect(first).to_be_in_viewport(ratio=1)

        text = steps.editor(page)
        text.click()
        page.keyboard.press("Control+End")
        for line in range(40):
            page.keyboard.press("Enter")
            page.keyboard.insert_text(f"Line {line} of a long response.")
        expect(text.get_by_text("Line 39 of")).to_be_in_viewport()
        assert page.evaluate("scrollY") > 300
        expect(chart).to_be_in_viewport(ratio=1)
        expect(state(page, "commissioner")).to_contain_text("Draft, saved", timeout=10_000)

        page.get_by_role("button", name="Release to DCST").click()
        expect(page.get_by_text("Released. DCST can read the text now.")).to_be_visible()

    def test_is_read_by_the_other_party_only_after_the_release(self, as_role):
        writer, reader = as_role("officer"), as_role("analyst")
        for page in (writer, reader):
            page.goto(f"{Q2}/m/b8/")
        steps.write(writer, " Not for DCST yet.")
        expect(state(writer, "commissioner")).to_contain_text("Draft, saved", timeout=10_000)

        reader.reload()
        response = steps.pane(reader, "commissioner")
        words = r"^\s*DMBC response\s*Q1 2018/19 text of the DMBC response\s*Not yet released\s*$"
        expect(response).to_have_text(re.compile(words))
        assert "Not for DCST yet" not in reader.content()

        writer.get_by_role("button", name="Release to DCST").click()
        expect(writer.get_by_text("Released. DCST can read the text now.")).to_be_visible()
        reader.reload()
        expect(response).to_contain_text("Not for DCST yet.")
        expect(state(reader, "commissioner")).to_contain_text("Released")

    @pytest.mark.parametrize(("measure", "panels"), [("a1", 1), ("e34-35", 2)])
    def test_sees_the_chart_come_alive_without_a_jump(self, as_role, measure, panels):
        page = as_role("officer")
        held = []
        page.route("**/plotly.min.*.js", lambda route: held.append(route))
        page.goto(f"{Q2}/m/{measure}/", wait_until="domcontentloaded")
        page.evaluate("document.fonts.ready")
        steps.editor(page)
        page.evaluate("scrollTo(0, 0)")
        page.wait_for_timeout(300)
        before = page.evaluate(BOX)
        assert held, "Plotly was not asked for"
        held[0].continue_()
        expect(page.locator(f"{CHART}.chart-drawn")).to_have_count(panels, timeout=20_000)
        assert page.evaluate(BOX) == before

    def test_in_two_sessions_loses_neither_text(self, as_role, watch):
        watch.expect("status of 409")
        first, second = as_role("officer"), as_role("officer")
        for page in (first, second):
            page.goto(f"{Q2}/m/a4/")
            steps.editor(page)
        for page, words in ((first, " From the first."), (second, " From the second.")):
            steps.write(page, words)
            if page is first:
                expect(state(page, "commissioner")).to_contain_text("Draft, saved", timeout=10_000)
        second.keyboard.press("Control+s")
        choice = second.get_by_role("dialog", name="Two texts: choose")
        expect(choice).to_be_visible(timeout=10_000)
        expect(choice).to_contain_text("Olivia Marsh saved this text")
        expect(choice.get_by_role("group", name="Your text")).to_contain_text("From the second.")
        expect(choice.get_by_role("group", name="The saved text")).to_contain_text("From the first.")
        choice.get_by_role("button", name="Keep mine").click()
        expect(state(second, "commissioner")).to_contain_text("Draft, saved", timeout=10_000)
        first.reload()
        expect(steps.editor(first)).to_contain_text("From the second.")


class TestAnalyst:
    def test_enters_values_and_is_told_the_quarter(self, as_role):
        page = as_role("analyst")
        page.get_by_role("link", name="Q3 2018/19").click()
        page.get_by_role("link", name="Enter values").click()
        page.get_by_role("link", name=CONTACTS, exact=True).click()
        told = page.get_by_role("main")
        enter(page, "October 2018", "1,900")
        expect(told).to_contain_text("October 2018 saved: 1,900")
        enter(page, "November 2018", "2000")
        enter(page, "December 2018", "1801")
        expect(told).to_contain_text("December 2018 saved: 1,801. Q3 2018/19: 1,900 (derived: mean of months")
        page.get_by_role("link", name="Values for Q3 2018/19").click()
        row = page.get_by_role("row").filter(has=page.get_by_role("link", name=CONTACTS, exact=True))
        expect(row).to_contain_text("Held")
        expect(row.locator("td.quarter")).to_contain_text("1,900")

    def test_keeps_what_was_typed_wrongly_and_reads_why_at_the_field(self, as_role, watch):
        watch.expect("status of 422")
        page = as_role("analyst")
        page.goto(f"{Q3}/entry/")
        page.get_by_role("link", name=PROCEEDINGS, exact=True).click()
        october = period(page, "October 2018")
        october.get_by_label("Numerator").fill("150")
        october.get_by_label("Denominator").fill("nineteen")
        october.get_by_role("button", name="Save October 2018").click()
        field = period(page, "October 2018").get_by_label("Denominator")
        expect(field).to_have_value("nineteen")
        expect(field).to_have_attribute("aria-invalid", "true")
        expect(field).to_have_accessible_description(re.compile("Enter a number in digits, such as 1,898."))
        expect(period(page, "October 2018").get_by_label("Numerator")).to_have_value("150")
        expect(page.get_by_role("alert")).to_contain_text("October 2018 was not saved")
        page.get_by_role("alert").get_by_role("link").click()
        expect(field).to_be_focused()
        field.fill("200")
        expect(page.get_by_role("main")).to_contain_text("150 of 200 is 75%")
        period(page, "October 2018").get_by_role("button", name="Save October 2018").click()
        expect(page.get_by_role("main")).to_contain_text("October 2018 saved: 75%")

    def test_submits_is_sent_back_revises_and_is_accepted(self, as_role, watch):
        watch.expect("status of 422")
        analyst, officer = as_role("analyst"), as_role("officer")
        analyst.goto(f"{Q3}/entry/")
        analyst.get_by_role("link", name=CONTACTS, exact=True).click()
        form = analyst.url
        enter(analyst, "October 2018", "1900")
        self.submit(analyst)

        officer.goto(f"{Q3}/")
        officer.get_by_role("link", name="Send values back").click()
        officer.get_by_label("Reason").fill("October counts one week twice.")
        officer.get_by_role("button", name="Send values back").click()
        expect(officer.get_by_text("Values for Q3 2018/19 sent back to DCST.")).to_be_visible()

        analyst.goto(f"{Q3}/")
        notice = analyst.locator(".notice.problem")
        expect(notice).to_contain_text("Values sent back by Olivia Marsh")
        expect(notice).to_contain_text("October counts one week twice.")
        analyst.goto(form)
        enter(analyst, "October 2018", "1850")
        reason = period(analyst, "October 2018").get_by_label("Reason for the change")
        expect(reason).to_have_accessible_description(re.compile("Say why the value changes"))
        expect(period(analyst, "October 2018").get_by_label("Value")).to_have_value("1850")
        enter(analyst, "October 2018", "1850", "One week was counted twice.")
        expect(analyst.get_by_role("main")).to_contain_text("October 2018 saved: 1,850")
        self.submit(analyst)

        officer.goto(f"{Q3}/")
        officer.get_by_role("link", name="Accept values").click()
        officer.get_by_role("button", name="Accept values").click()
        expect(officer.get_by_text("Values for Q3 2018/19 accepted. Commentary is open.")).to_be_visible()
        expect(officer.locator("[aria-current=step]")).to_contain_text("Commentary")

    def submit(self, page: Page) -> None:
        page.goto(f"{Q3}/")
        page.get_by_role("link", name="Submit values").click()
        page.get_by_role("button", name="Submit values").click()
        expect(page.get_by_text("Values for Q3 2018/19 submitted. DMBC sees them now.")).to_be_visible()


class TestDirector:
    def test_finds_what_is_off_target_and_reads_both_texts(self, as_role):
        page = as_role("council-director")
        to_off_target(page)
        codes = page.locator("article.tile .code").all_inner_texts()
        page.get_by_role("group", name="Layout").get_by_role("link", name="Table").click()
        assert page.locator("table.scorecard tbody th[scope=row] .code").all_inner_texts() == codes
        page.get_by_role("link", name="Show all").click()
        page.get_by_role("link", name="Young offenders in education").click()
        for party in ("commissioner", "provider"):
            expect(state(page, party)).to_contain_text("Released")
            assert len(steps.pane(page, party).locator(".text").inner_text()) > 200
        expect(page.locator(".ProseMirror, form[data-pane]")).to_have_count(0)

    def test_reads_of_no_drafts_in_a_past_quarter(self, as_role):
        page = as_role("council-director")
        page.goto(f"{Q1}/m/fo1/")
        for party in ("commissioner", "provider"):
            expect(state(page, party)).not_to_have_text(re.compile("draft|not yet released", re.IGNORECASE))

    def test_takes_the_chart_and_the_figures_away(self, as_role):
        page = as_role("council-director")
        page.goto(f"{Q2}/m/fo1/")
        with page.expect_download() as picture:
            page.get_by_role("button", name="PNG").click()
        assert picture.value.suggested_filename == "fo1-2018-Q2.png"
        assert Path(picture.value.path()).read_bytes().startswith(b"\x89PNG\r\n\x1a\n")
        with page.expect_download() as figures:
            page.get_by_role("link", name="CSV").click()
        assert figures.value.suggested_filename == "childrens-services-fo1-fo1-2018-Q2-quarters.csv"
        lines = Path(figures.value.path()).read_text(encoding="utf-8-sig").splitlines()
        assert lines[0].startswith('"measure","series","name","period","value"')
        row = next(csv.DictReader([lines[0], lines[-1]]))
        assert (row["measure"], row["period"], row["value"]) == ("FO1", "Q2 2018/19", "84.210526")


class TestAdministrator:
    def test_sees_names_and_states_and_looks_after_people(self, as_role, visitor):
        page = as_role("administrator")
        main = page.get_by_role("main")
        expect(main).to_contain_text("Doncaster Children's Services Trust to Doncaster Council")
        expect(main).to_contain_text("Q2 2018/19")
        expect(main.get_by_role("link", name="Q2 2018/19", exact=True)).to_have_count(0)
        main.get_by_role("link", name="Contracts, organisations and people").click()
        main.get_by_role("link", name="Children's services", exact=True).click()
        main.get_by_role("link", name="People of the contract").click()
        main.get_by_role("link", name="Invite somebody").click()
        page.get_by_label("E-mail address").fill("new.person@dmbc.example")
        page.get_by_label("Name").fill("New Person")
        page.get_by_label("Analyst of DCST").check()
        page.get_by_role("button", name="Invite", exact=True).click()
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Confirm").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Link for New Person")

        newcomer = visitor()
        newcomer.goto(page.locator("code").inner_text())
        for box in ("Password", "Password again"):
            newcomer.get_by_label(box, exact=True).fill("four words in a row")
        newcomer.get_by_role("button", name="Sign in", exact=True).click()
        expect(newcomer.get_by_role("heading", level=1)).to_have_text("Your contracts")
        expect(newcomer.get_by_role("main")).to_contain_text("Children's services")
        expect(newcomer.get_by_role("main")).not_to_contain_text("Housing repairs")

    def test_is_told_why_the_running_quarter_stays_closed(self, as_role, watch):
        watch.expect("status of 403")
        page = as_role("administrator")
        assert page.goto(f"{Q2}/").status == 403
        expect(page.get_by_role("main")).to_contain_text("Administrators look after people and set-up")
        assert page.goto(f"{Q1}/").status == 200
