"""The pages of entry: what they show, and how many queries they take."""

import datetime
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.roles import Who
from measures.catalogue import add_series
from measures.entries import Entry, Status
from measures.models import Definition, Observation
from measures.quarters import Quarter
from measures.states import State
from tests import factories
from tests.factories import NOW, Q2
from tests.markup import parse
from tests.measures.entry_desk import LIST


class TestList:
    def rows(self, page):
        return [
            [" ".join(cell.text.split()) for cell in row.children if hasattr(cell, "tag")] for row in page.all("tr")
        ]

    def test_what_is_held_and_what_is_missing(self, desk):
        series = desk.monthly()
        factories.make_observation(series, Q2.months[0], 1800, desk.people[Who.ANALYST].user, illustrative=True)
        desk.hold(Entry(status=Status.NOT_AVAILABLE), series=series, period=Q2.months[1])
        desk.hold(Entry(numerator=Decimal(147), denominator=Decimal(210), status=Status.PROVISIONAL))
        page = desk.page()
        assert self.rows(page) == [
            ["Measure", "Jul 18", "Aug 18", "Sep 18", "Q2 2018/19", "State"],
            ["B8 Proceedings on track"],
            ["B8 Proceedings on track Held", *["Entered by quarter"] * 3, "70% [p] 147 of 210", "Held"],
            [
                "E1 Contacts 2 of 3 held",
                "1,800 [i]",
                "Not available [x]",
                "– Missing",
                "1,800 [i] [p] derived: mean of months, 1 of 3 months",
                "2 of 3 held",
            ],
        ]
        assert page.one("p", class_="answer").text == ("3 of 4 values held; E1 September missing. Due 31 October 2018.")
        links = [link.attrs["href"] for link in page.one("tbody").all("a")]
        assert links == [desk.address(), desk.address(series)]

    def test_a_measure_with_one_series_is_one_row(self, desk):
        assert self.rows(desk.page())[1:] == [
            ["B8 Proceedings on track Missing", *["Entered by quarter"] * 3, "– Missing", "Missing"]
        ]

    def test_series_and_measures_outside_the_quarter_are_not_asked_for(self, desk):
        factories.make_series(desk.measure, role="pair", code="OLD", last_quarter=Q2.previous)
        factories.make_series(desk.measure, role="pair", code="NEW", first_quarter=Q2.next)
        ended = factories.make_measure(desk.contract, "A9", last_quarter=Q2.previous)
        factories.make_series(ended)
        later = factories.make_measure(desk.contract, "A10", first_quarter=Q2.next)
        factories.make_series(later, first_quarter=Q2)
        assert len(self.rows(desk.page())) == 2

    def test_no_measures(self, db):
        contract = factories.make_contract()
        people = factories.make_members(contract)
        factories.open_cycle(contract, people[Who.OFFICER])
        client = Client()
        client.force_login(people[Who.ANALYST].user)
        page = parse(client.get(LIST).text)
        assert page.one("p", class_="answer").text == "No value is due in this quarter."
        assert page.one("div", class_="empty-state").one("h2").text == "No measures yet"

    def test_a_quarter_sent_back_says_that_reasons_are_needed(self, desk):
        desk.cycle.submitted_once = True
        desk.cycle.save()
        notice = desk.page().one("div", class_="notice")
        assert notice.text.startswith("These values were submitted before and sent back")
        assert notice.one("a").attrs["href"] == "/c/childrens-services/2018-Q2/"
        factories.in_state(desk.cycle, State.SUBMITTED)
        assert "sent back" not in desk.page().one("div", class_="notice").text

    def test_the_quarters_beside_it(self, desk):
        factories.in_state(desk.cycle, State.COMMENTARY)
        factories.open_cycle(desk.contract, desk.people[Who.OFFICER], Q2.next)
        links = desk.page().one("nav", aria_label="Previous and next quarter").all("a")
        assert [(link.text, link.attrs["href"]) for link in links] == [
            ("Next quarter: Q3 2018/19 ›", "/c/childrens-services/2018-Q3/entry/")
        ]


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

    def test_the_list(self, busy):
        assert self.count(busy.client(), LIST) == 6

    def test_a_series(self, busy):
        assert self.count(busy.client(), busy.address(self.series)) == 8
