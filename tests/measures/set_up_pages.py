"""The set-up pages in a client's hands: what is typed, where, and what comes back."""

from django.test import Client

from accounts.roles import Who
from measures.models import Series
from tests.markup import parse

BASE = "/c/childrens-services/set-up/measures/"
FIGURE = {
    "unit": "percent",
    "decimals": "0",
    "polarity": "higher",
    "derivation": "entered",
    "window": "period",
    "counted": "cases",
    "counted_one": "case",
    "definition": "Cases on track, of all cases.",
}
B8 = {
    "code": "B8",
    "title": "Proceedings on track",
    "section": "Court work",
    "kind": "contractual",
    "first_quarter": "q2 2018/19",
    **FIGURE,
    "target": "90%",
    "tolerance": "85",
}


def signed_in(desk, who=Who.ADMINISTRATOR):
    client = Client()
    client.force_login(desk.people[who].user)
    return client


def page(client, path):
    response = client.get(path)
    assert response.status_code == 200
    return parse(response.text).one("main")


def said(client, response):
    """What the page that a POST leads to says on top."""
    assert response.status_code == 302, problems(response)
    main = parse(client.get(response["Location"].partition("#")[0]).text).one("main")
    return [node.text for node in main.walk() if "done" in node.attrs.get("class", "").split()]


def problems(response):
    """The links of the error summary: where each leads and what it says."""
    main = parse(response.text).one("main")
    summary = [node for node in main.all("div") if "error-summary" in node.attrs.get("class", "")]
    return [(link.attrs["href"], link.text) for node in summary for link in node.all("a")]


def address(code="b8", rest=""):
    return f"{BASE}m/{code}/{rest}"


def of_series(name, series=None):
    series = series or Series.objects.get()
    return f"{BASE}m/{series.measure.slug}/series/{series.pk}/{name}/"


def hidden(response):
    """What the form of a page sends along, by name."""
    inputs = parse(response.text).one("main").one("form").all("input", type="hidden")
    found = {node.attrs["name"]: node.attrs["value"] for node in inputs}
    # Another one on each page.
    del found["csrfmiddlewaretoken"]
    return found


def conflicts(response):
    """The rows of what differs: what is held now, and what was typed."""
    rows = parse(response.text).one("main").all("tr")
    return {row.one("th").text: [cell.text for cell in row.all("td")] for row in rows if row.all("td")}
