"""Reading the demonstration's scorecard page as people read it: groups, tiles, chips, notices, the answer."""

import re

from tests import demonstration
from tests.markup import parse


def page(query="", key="officer", quarter="2018-Q2"):
    response = demonstration.client_of(key).get(f"/c/childrens-services/{quarter}/{query}")
    assert response.status_code == 200
    return parse(response.text)


def groups(found):
    """(title, codes) of each section, in tiles or in the table, which names no group that is alone."""
    if found.all("table"):
        bodies = found.one("table").all("tbody")
        return [
            (
                "".join(title.text for title in body.all("th", scope="rowgroup")),
                [code_of(row.text) for row in body.all("th", scope="row")],
            )
            for body in bodies
        ]
    sections = [section for section in found.one("main").all("section") if section.all("article")]
    return [
        (own_text(section.one("h2")), [code_of_tile(tile) for tile in section.all("article")]) for section in sections
    ]


def own_text(node):
    """Without what stands in elements of its own, such as a note."""
    return " ".join("".join(child for child in node.children if isinstance(child, str)).split())


def code_of(text):
    return text.split()[0]


def code_of_tile(tile):
    return tile.one("span", class_="code").text


def tile(found, code):
    [one] = [tile for tile in found.all("article") if code_of_tile(tile) == code]
    return one


def notices(found):
    return [node.text for node in found.all("div", class_="notice")]


def chips(found):
    [listed] = [node for node in found.all("ul") if node.attrs.get("aria-label") == "Show by rating"]
    return [(link.text, link.attrs["href"], link.attrs.get("aria-current")) for link in listed.all("a")]


def answer(found):
    """The summary, marks aside."""
    [node] = found.all("p", class_="answer")
    text = re.sub(r"\s*\[i\]", "", node.text)
    return re.sub(r"\s+([.;,])", r"\1", text)
