"""A contract from its workbook: an administrator's way from the template to the set-up page."""

import io

import openpyxl
import pytest
from playwright.sync_api import Page, expect

from tests.contractbooks import EXAMPLE, with_contract
from workflow.contract_books import writing

from .pages import WORKBOOK

pytestmark = pytest.mark.browser
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def bring(page: Page, content: bytes) -> None:
    page.get_by_label("Excel workbook of a contract").set_input_files(
        {"name": "lighting.xlsx", "mimeType": XLSX, "buffer": content}
    )
    page.get_by_role("button", name="Read the workbook").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Preview")


def spoilt(content: bytes) -> bytes:
    workbook = openpyxl.load_workbook(io.BytesIO(content))
    workbook["Measures"]["E2"] = "sometimes"
    workbook["Targets"]["E2"] = "about 95"
    out = io.BytesIO()
    workbook.save(out)
    return out.getvalue()


def test_a_workbook_is_mended_previewed_and_made(as_role, watch):
    watch.expect(r"status of (404|422) ")
    page = as_role("administrator")
    page.get_by_role("link", name="Contracts, organisations and people").click()
    page.get_by_role("link", name="From a workbook").click()
    with page.expect_download() as template:
        page.get_by_role("link", name="Excel template").click()
    assert openpyxl.load_workbook(io.BytesIO(template.value.path().read_bytes())).sheetnames[0] == "Contract"

    content = writing.workbook(with_contract(EXAMPLE, slug="lamps"))
    bring(page, spoilt(content))
    expect(page.locator(".answer")).to_have_text("Nothing can be stored yet: 2 things are to mend in the file first.")
    expect(page.get_by_role("cell", name="sometimes", exact=True)).to_be_visible()
    expect(page.get_by_role("cell", name="about 95", exact=True)).to_be_visible()
    expect(page.get_by_role("button", name="Make this contract")).to_have_count(0)

    bring(page, content)
    expect(page.locator(".answer")).to_contain_text("Makes the contract Street lighting: 1 measure,")
    page.get_by_role("button", name="Make this contract").click()
    page.wait_for_url("**/c/lamps/set-up/")
    expect(page.get_by_role("status").first).to_contain_text("Street lighting was set up from lighting.xlsx")
    assert as_role("housing-officer").goto("/c/lamps/").status == 404

    # The same file once more: told, and nothing to confirm.
    page.goto(WORKBOOK)
    bring(page, content)
    expect(page.locator(".answer")).to_have_text("Nothing can be stored yet: one thing is to mend in the file first.")
    expect(page.get_by_role("button", name="Make this contract")).to_have_count(0)
