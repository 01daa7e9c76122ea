"""The long form of one series: what it shows, and how many queries it takes."""

import datetime
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.roles import Who
from measures.catalogue import add_series
from measures.entries import Entry
from measures.models import Definition, Observation
from measures.quarters import Quarter
from tests import factories
from tests.factories import NOW, Q2


class TestSeriesPage:
    def test_definition_and_the_last_four_values(self, desk):
        early = Quarter.parse("Q1 2017/18")
        for back, quarter in enumerate([early.shift(n) for n in range(5)]):
            Observation.objects.create(
                series=desk.series,
                period_kind="quarter",
                start=quarter.start,
                value=70 + back,
                numerator=70 + back,
                denominator=100,
                status="final",
                origin="imported",
                illustrative=back == 4,
                by=desk.people[Who.ANALYST].user,
                at=NOW,
            )
        Definition.objects.create(series=desk.series, from_quarter=early, text="All of <them>.")
        Definition.objects.create(series=desk.series, from_quarter=Q2.next, text="Later.")
        page = desk.page(desk.address())
        table = page.one("table", class_="earlier")
        assert [
            [cell.text for cell in row.children if hasattr(cell, "tag")] for row in table.one("tbody").all("tr")
        ] == [
            ["Q1 2018/19", "74% [i]", "74 of 100"],
            ["Q4 2017/18", "73%", "73 of 100"],
            ["Q3 2017/18", "72%", "72 of 100"],
            ["Q2 2017/18", "71%", "71 of 100"],
        ]
        assert [card.text for card in page.one("aside").all("section")][1] == "How it is counted All of <them>."

    def test_one_form_for_each_month_with_its_own_names(self, desk):
        series = desk.monthly()
        page = desk.page(desk.address(series))
        forms = [form for form in page.all("form") if form.all("input", name="period")]
        assert [form.one("input", name="period").attrs["value"] for form in forms] == ["2018-07", "2018-08", "2018-09"]
        assert [form.one("button").text for form in forms] == [
            "Save July 2018",
            "Save August 2018",
            "Save September 2018",
        ]
        assert [form.attrs["action"] for form in forms] == [desk.address(series)] * 3
        ids = [node.attrs["id"] for node in page.walk() if "id" in node.attrs]
        assert len(ids) == len(set(ids))
        assert page.all("input", name="numerator") == []
        assert page.one("aside").all("section")[0].text == "Q2 2018/19 No value yet Derived: mean of months."

    @pytest.mark.parametrize(
        ("fields", "hint"),
        [
            ({}, "0 to 100, shown whole."),
            ({"decimals": 1}, "0 to 100, shown to 1 decimal."),
            ({"unit": "rate_per_10000", "decimals": 2}, "Shown to 2 decimals."),
            ({"unit": "count"}, "A whole number."),
            ({"maximum": Decimal("50.5")}, "0 to 50.5, shown whole."),
        ],
    )
    def test_what_may_be_typed_is_said(self, desk, fields, hint):
        series = factories.make_series(desk.measure, role="pair", code="X", **fields)
        assert desk.page(desk.address(series)).one("div", id="id_2018-Q2_value_helptext").text == hint

    def test_the_series_beside_it(self, desk):
        series = desk.monthly()
        pager = desk.page(desk.address()).one("nav", aria_label="Previous and next series")
        assert [link.attrs["href"] for link in pager.all("a")] == [desk.address(series)]


class TestQueries:
    """Literal numbers, the same with 1 and 3 of everything below a contract."""

    @pytest.fixture(params=[1, 3])
    def busy(self, request, desk):
        many = request.param
        for number in range(many):
            measure = factories.make_measure(desk.contract, f"M{number}")
            for each in range(many):
                series = add_series(
                    by=desk.people[Who.ADMINISTRATOR],
                    measure=measure,
                    definition="One.",
                    now=NOW,
                    code=f"M{number}-{each}",
                    name="Contacts",
                    role="pair",
                    unit="percent",
                    polarity="higher",
                    derivation="pooled_ratio",
                    frequency="month",
                    counted="cases",
                    counted_one="case",
                    first_quarter=measure.first_quarter,
                )
                for later in range(many - 1):
                    quarter = Q2.shift(-later)
                    Definition.objects.create(series=series, from_quarter=quarter, text="Another.")
                for month in Q2.months[:many]:
                    desk.hold(Entry(numerator=Decimal(1), denominator=Decimal(2)), series=series, period=month)
                for back in range(1, many + 1):
                    Observation.objects.create(
                        series=series,
                        period_kind="month",
                        start=Q2.months[0].shift(-back).start,
                        value=50,
                        status="final",
                        origin="imported",
                        by=desk.people[Who.ANALYST].user,
                        at=NOW + datetime.timedelta(days=back),
                    )
        self.series = series
        return desk

    def count(self, client, path):
        client.get(path)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert client.get(path).status_code == 200
        return len(queries)

    def test_a_series(self, busy):
        assert self.count(busy.client(), busy.address(self.series)) == 8
