"""Reading the demonstration's measure pages as people read them: facts, tables, the chart's data, links."""

import json

from tests import demonstration
from tests.markup import parse


def address(slug, query="", quarter="2018-Q2"):
    return f"/c/childrens-services/{quarter}/m/{slug}/{query}"


def page(slug, query="", key="officer", quarter="2018-Q2"):
    response = demonstration.client_of(key).get(address(slug, query, quarter))
    assert response.status_code == 200
    return parse(response.text)


def rows(found, title="Figures"):
    """Cells of the table under a heading, as texts, and its column heads."""
    [heading] = [node for node in found.all("h2") if node.text.startswith(title)]
    [section] = [node for node in found.all("div", aria_labelledby=heading.attrs["id"]) if node.all("table")]
    lines = section.one("tbody").all("tr")
    return [head.text for head in section.one("thead").all("th")], [
        [cell.text for cell in line.children if not isinstance(cell, str)] for line in lines
    ]


def facts(found, title="Facts"):
    """The sentences under a heading; none where the page has no such heading."""
    heads = [node for node in found.all("h2") if node.text == title]
    parts = [node for head in heads for node in found.all("section", aria_labelledby=head.attrs["id"])]
    return [line.text for part in parts for line in part.all("li")]


def figure(found, name="trend-figure"):
    return json.loads("".join(found.one("script", id=name).children))


def link(found, text):
    [one] = [node for node in found.all("a") if node.text == text]
    return one.attrs["href"]


def options(found, label):
    groups = [node for node in found.all("div", role="group") if node.attrs.get("aria-label") == label]
    return [
        (one.text, one.attrs.get("href"), one.attrs.get("aria-current")) for group in groups for one in group.all("a")
    ]
