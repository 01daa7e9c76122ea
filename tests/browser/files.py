"""Files that the browser tests import into the demonstration's contract."""

from playwright.sync_api import Page

from .steps import CONTRACT

IMPORT = f"{CONTRACT}/import/"
# Three new values, one that changes a past quarter, one out of scale, and two rows that cannot be read.
RETURN = (
    b"measure,series,period,value,numerator,denominator,status,note\r\n"
    b"A2,A2,Q3 2018/19,91,,,provisional,\r\n"
    b"E1,E1,November 2018,1850,,,,\r\n"
    b"E1,E1,December 2018,18500,,,,\r\n"
    b"FO1,FO1,Q1 2018/19,,15,19,,Counted again\r\n"
    b"A3,A3,Q3 2018/19,not yet,,,,\r\n"
    b"Z9,Z9,Q3 2018/19,4,,,,\r\n"
)
PLAIN = b"series,period,value\r\nA2,Q3 2018/19,91\r\nE1,November 2018,1850\r\n"
ASKING = b"series,period,value\r\nA2,01/07/2018,91\r\n"
UNKNOWN = b"which,when,how much\r\nA2,Q3 2018/19,91\r\n"
WIDE = b"series,October 2018,November 2018\r\nE1,1850,1860\r\n"


def send(page: Page, content: bytes = RETURN, name: str = "return.csv") -> None:
    """Choose the file and have it read."""
    page.goto(IMPORT)
    page.get_by_label("CSV or Excel file").set_input_files({"name": name, "mimeType": "text/csv", "buffer": content})
    page.get_by_role("button", name="Read the file").click()
    page.wait_for_url(lambda url: not url.endswith("/import/"))


def confirm(page: Page, content: bytes = PLAIN, name: str = "return.csv") -> None:
    send(page, content, name)
    page.get_by_role("button", name="Import ").click()
    page.get_by_text("imported from").wait_for()


def drop(page: Page, content: bytes, name: str) -> None:
    """As a file manager would drop it onto the form."""
    handle = page.evaluate_handle(
        """([text, name]) => {
          const dropped = new DataTransfer()
          dropped.items.add(new File([text], name, { type: "text/csv" }))
          return dropped
        }""",
        [content.decode(), name],
    )
    form = page.locator("form[data-upload]")
    for event in ("dragenter", "dragover", "drop"):
        form.dispatch_event(event, {"dataTransfer": handle})
