"""A file from the drop zone to its undoing, by mouse, by keyboard, and without JavaScript."""

import pytest
from playwright.sync_api import Page, expect

from . import files
from .files import IMPORT
from .steps import Q3

pytestmark = pytest.mark.browser


def answer(page: Page):
    return page.locator("p.answer")


def test_a_dropped_file_is_read_looked_at_imported_and_undone(as_role, watch):
    watch.expect("status of 422")
    page = as_role("analyst")
    page.goto(f"{Q3}/entry/")
    page.get_by_role("link", name="Import", exact=True).click()
    page.wait_for_url(f"**{IMPORT}")
    form = page.locator("form[data-upload]")

    files.drop(page, files.RETURN, "return.csv")
    expect(form.get_by_role("status")).to_contain_text("return.csv, 1 kB. Not sent yet.")
    button = page.get_by_role("button", name="Read the file")
    expect(button).to_be_focused()
    button.click()

    page.wait_for_url("**/preview/")
    expect(answer(page)).to_have_text("3 new values, 1 changed, 2 rows refused.")
    expect(page.locator("#refused tbody tr")).to_have_count(2)
    expect(page.locator("#changed")).to_contain_text("74% (14 of 19)")
    confirm = page.get_by_role("button", name="Import 4 values")
    expect(confirm).to_be_in_viewport()
    confirm.click()
    expect(page.get_by_role("alert")).to_contain_text("Nothing was imported")

    page.get_by_label("I have checked these").check()
    page.get_by_label("Reason for the change").fill("One young person was counted twice.")
    page.get_by_role("button", name="Import 4 values").click()
    expect(page.get_by_role("status").first).to_contain_text("4 values imported from return.csv.")
    expect(answer(page)).to_have_text("3 new, 1 changed, 2 refused.")
    with page.expect_download() as download:
        page.get_by_role("link", name="The rows left out").click()
    assert download.value.suggested_filename.startswith("refused-rows-")

    page.get_by_role("link", name="Undo the import").click()
    page.get_by_label("Reason for the change").fill("The wrong file.")
    page.get_by_role("button", name="Undo the import").click()
    expect(answer(page)).to_contain_text("Undone by")
    page.get_by_role("navigation", name="Breadcrumb").get_by_role("link", name="Import").click()
    expect(page.locator("section.imports tbody tr")).to_have_count(1)
    expect(page.locator("section.imports")).to_contain_text("Undone")


def test_what_can_be_read_in_two_ways_is_asked(as_role):
    page = as_role("analyst")
    files.send(page, files.ASKING)
    page.wait_for_url("**/mapping/")
    expect(answer(page)).to_contain_text("can be read in two ways")
    page.get_by_label("The month", exact=False).first.check()
    page.get_by_role("button", name="Show the preview").click()
    page.wait_for_url("**/preview/")
    page.get_by_role("link", name="Change how the file is read").click()
    expect(page.get_by_label("The month", exact=False).first).to_be_checked()
    page.get_by_role("button", name="Throw the file away").click()
    expect(page.get_by_role("status").first).to_contain_text("is thrown away. Nothing of it was imported.")


def test_columns_are_chosen_by_keyboard_alone(as_role):
    page = as_role("analyst")
    files.send(page, files.UNKNOWN)
    page.wait_for_url("**/mapping/")
    for label, column in (("Series’ code or name", "A: which"), ("Period", "B: when"), ("Value", "C: how much")):
        select = page.get_by_label(label, exact=True)
        select.focus()
        page.keyboard.type(column)
        expect(select).to_have_value(str("ABC".index(column[0])))
    page.get_by_role("button", name="Show the preview").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/preview/")
    expect(answer(page)).to_have_text("1 new value.")
    page.get_by_role("button", name="Import 1 value").focus()
    page.keyboard.press("Enter")
    page.get_by_text("1 value imported").wait_for()
    # The next file of this shape is read without a question.
    files.send(page, files.UNKNOWN.replace(b"91", b"92"))
    page.wait_for_url("**/preview/")
    expect(page.locator("aside.confirm")).to_contain_text("Read as last time, by Adeel Rahman on")


def test_a_file_that_is_too_large_is_told_before_it_is_sent(as_role):
    page = as_role("analyst")
    page.goto(IMPORT)
    large = {"name": "large.csv", "mimeType": "text/csv", "buffer": b"a" * (10 * 1024 * 1024 + 1)}
    page.get_by_label("CSV or Excel file").set_input_files(large)
    expect(page.locator("form[data-upload]").get_by_role("status")).to_contain_text("a file may have up to 10 MB")
    expect(page.get_by_role("button", name="Read the file")).to_be_disabled()
    page.get_by_label("CSV or Excel file").set_input_files(
        {"name": "return.csv", "mimeType": "text/csv", "buffer": files.PLAIN}
    )
    expect(page.get_by_role("button", name="Read the file")).to_be_enabled()


def test_without_javascript_it_works_as_plain_forms(as_role):
    page = as_role("analyst", java_script_enabled=False)
    files.confirm(page)
    expect(answer(page)).to_have_text("2 new.")


def test_a_file_sent_without_a_script_to_check_it_is_refused_in_words(as_role, watch):
    watch.expect("status of 413")
    page = as_role("analyst", java_script_enabled=False)
    page.goto(IMPORT)
    large = {"name": "large.csv", "mimeType": "text/csv", "buffer": b"a" * (12 * 1024 * 1024)}
    page.get_by_label("CSV or Excel file").set_input_files(large)
    page.get_by_role("button", name="Read the file").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("This file is too large")


def test_an_administrator_finds_the_way_from_the_landing_page(as_role):
    page = as_role("administrator")
    page.get_by_role("link", name="Import past quarters or old papers").first.click()
    page.wait_for_url("**/import/")
    expect(page.get_by_role("button", name="Read the file")).to_be_visible()
