"""An analyst at the entry pages of one quarter."""

from django.test import Client

from accounts.roles import Who
from measures.recording import record
from tests import factories
from tests.factories import NOW, Q2
from tests.markup import parse

LIST = "/c/childrens-services/2018-Q2/entry/"
NBSP = "\N{NO-BREAK SPACE}"


class Desk:
    """A contract with B8: a quarterly percentage and, where asked for, monthly ones; Q2 2018/19 is open."""

    def __init__(self, slug="childrens-services", **names):
        self.contract = factories.make_contract(slug, **names)
        self.people = factories.make_members(self.contract)
        self.measure = factories.make_measure(self.contract, title="Proceedings on track")
        self.series = factories.make_series(self.measure)
        self.cycle = factories.open_cycle(self.contract, self.people[Who.OFFICER])

    def monthly(self, **fields):
        defaults = {"role": "pair", "code": "E1", "name": "Contacts", "unit": "count", "polarity": "neutral"}
        return factories.make_series(
            self.measure, **{**defaults, "frequency": "month", "derivation": "mean_of_months", **fields}
        )

    def hold(self, entry, *, series=None, period=Q2, version=0, **rest):
        return record(
            by=self.people[Who.ANALYST],
            cycle=self.cycle,
            series=series or self.series,
            period=period,
            entry=entry,
            version=version,
            now=NOW,
            **rest,
        )

    def client(self, who=Who.ANALYST):
        client = Client()
        client.force_login(self.people[who].user)
        return client

    def address(self, series=None):
        return f"{LIST}{(series or self.series).pk}/"

    def page(self, path=LIST, who=Who.ANALYST):
        response = self.client(who).get(path)
        assert response.status_code == 200
        return parse(response.text)

    def post(self, series=None, client=None, **typed):
        data = {"period": "2018-Q2", "version": "0", "status": "final", "note": "", **typed}
        return (client or self.client()).post(self.address(series), data)


def field_message(page, code, name):
    """The message at a field, which the field itself refers to."""
    [control] = [node for node in page.walk() if node.attrs.get("id") == f"id_{code}_{name}"]
    message = page.one("p", id=f"id_{code}_{name}_error")
    assert control.attrs["aria-invalid"] == "true"
    assert message.attrs["id"] in control.attrs["aria-describedby"].split()
    return message.text.removeprefix("Error: ")
