"""Rows of the entry grid as tests read them."""

from measures.quarters import Month, Quarter
from tests.markup import Node, parse
from tests.measures.entry_desk import LIST, Desk

JSON = {"Accept": "application/json"}


class GridDesk(Desk):
    def row_address(self, series=None):
        return f"{LIST}{(series or self.series).pk}/row/"

    def fields(self, cells, reason=None):
        """POST fields of {period: {field: text, "version": number}}; what is not named is empty, the version 0."""
        found = {} if reason is None else {"reason": reason}
        for period, texts in cells.items():
            texts = {"version": 0, **texts}
            found |= {f"{period.code}-{name}": text for name, text in texts.items()}
        return found

    def send(self, cells, series=None, *, client=None, reason=None, script=True, **more):
        """One row; by script unless told otherwise."""
        fields = {**self.fields(cells, reason), **more}
        headers = JSON if script else {}
        return (client or self.client()).post(self.row_address(series), fields, headers=headers)

    def answer(self, response) -> Node:
        return parse(response.json()["html"])


def box(page: Node, series, period: Month | Quarter, name: str) -> Node:
    [found] = [node for node in page.walk() if node.attrs.get("id") == f"box-{series.pk}-{period.code}-{name}"]
    return found


def text_in(page: Node, series, period, name: str) -> str:
    node = box(page, series, period, name)
    return node.text if node.tag == "textarea" else node.attrs["value"]


def version(page: Node, series, period) -> str:
    line = page.one("tr", id=f"row-{series.pk}")
    return line.one("input", name=f"{period.code}-version").attrs["value"]


def message(page: Node, series, period, name: str) -> str:
    """At the box, which itself refers to it; empty where there is none."""
    node = box(page, series, period, name)
    found = [each for each in page.walk() if each.attrs.get("id") == f"{node.attrs['id']}-error"]
    assert bool(found) == (node.attrs.get("aria-invalid") == "true")
    if not found:
        return ""
    assert node.attrs["aria-describedby"] == found[0].attrs["id"]
    return found[0].text.removeprefix("Error: ")


def part(page: Node, name: str) -> str:
    [found] = [node for node in page.walk() if node.attrs.get("id") == name]
    return found.text


def cautions(page: Node, series) -> list[str]:
    [said] = [node for node in page.walk() if node.attrs.get("id") == f"said-{series.pk}"]
    return [item.text for item in said.all("li")]
