"""The rows of the entry grid: their past, what is usual, what looks odd, and how many queries they take."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.roles import Who
from measures import grid
from measures.entries import Entry, Status
from measures.models import Definition
from measures.quarters import Quarter
from measures.states import State
from tests import factories
from tests.factories import Q2
from tests.markup import parse
from tests.measures.entry_desk import LIST
from tests.measures.grid_desk import GridDesk, part

JULY, AUGUST, SEPTEMBER = Q2.months
EARLY = Quarter.parse("Q1 2016/17")


@pytest.fixture
def desk(db):
    return GridDesk()


def past(desk, series, *numbers, first=None, **fields):
    """Values of the periods right before Q2 2018/19, oldest first; None for a gap."""
    last = series.periods(Q2)[0]
    for back, number in enumerate(reversed(numbers), start=1):
        if number is not None:
            factories.make_observation(series, last.shift(-back), number, desk.people[Who.ANALYST].user, **fields)


def row(desk, series, typed=None):
    return grid.build(grid.read(desk.cycle), typed and {series.pk: typed}).row(series.pk)


def sentences(row):
    return [caution.sentence for caution in row.cautions]


class TestPast:
    def test_the_last_four_oldest_first_without_their_unit(self, desk):
        past(desk, desk.series, 70, 71, "71.5", 72)
        factories.make_observation(
            desk.series, Q2.shift(-5), None, desk.people[Who.ANALYST].user, status="not_available"
        )
        assert row(desk, desk.series).recent == [
            ("Q2 2017/18", "70"),
            ("Q3 2017/18", "71"),
            ("Q4 2017/18", "72"),
            ("Q1 2018/19", "72"),
        ]

    def test_a_missing_one_by_its_symbol(self, desk):
        factories.make_observation(desk.series, Q2.previous, None, desk.people[Who.ANALYST].user, status="suppressed")
        assert row(desk, desk.series).recent == [("Q1 2018/19", "[c]")]

    def test_months_of_a_monthly_series(self, desk):
        series = desk.monthly()
        past(desk, series, 1700, 1800)
        factories.make_observation(
            series, Q2.previous, 1750, desk.people[Who.ANALYST].user, origin="derived", months_present=2
        )
        assert row(desk, series).recent == [("May 2018", "1,700"), ("June 2018", "1,800")]

    def test_what_is_usual_comes_of_the_latest_eight(self, desk):
        past(desk, desk.series, 5, 5, 70, 72, 74, 72, 74, 76, 74, 72)
        # median 73, every moving range 2
        assert row(desk, desk.series).expected.text == "67 to 79%"

    def test_what_was_counted_otherwise_is_not_compared(self, desk):
        past(desk, desk.series, 20, 22, 20, 22, 20, 70, 72, 70)
        Definition.objects.create(series=desk.series, from_quarter=EARLY, text="All.")
        assert row(desk, desk.series).expected.text == "16 to 28%"
        Definition.objects.create(series=desk.series, from_quarter=Q2.shift(-3), text="Some.")
        assert row(desk, desk.series).expected is None

    @pytest.mark.parametrize("window", ["rolling_12m", "year_to_date"])
    def test_windows_over_several_periods_have_no_usual_range(self, desk, window):
        series = factories.make_series(desk.measure, role="pair", code="R", window=window)
        past(desk, series, 70, 72, 74, 72, 74, 76)
        assert row(desk, series).expected is None

    def test_no_moving_range_crosses_a_gap(self, desk):
        past(desk, desk.series, 10, 12, 14, None, 34, 36)
        assert row(desk, desk.series).expected.text == "8 to 20%"


class TestCautions:
    def test_of_periods_as_held(self, desk):
        series = desk.monthly()
        past(desk, series, 1800, 1810, 1800, 1810, 1800)
        for month, value in ((JULY, 1800), (AUGUST, 18), (SEPTEMBER, 1900)):
            desk.hold(Entry(Decimal(value)), series=series, period=month)
        assert sentences(row(desk, series)) == [
            "August 2018: 18 is about 100 times smaller than usual (1,800). Did you mean 1,800?",
            "September 2018: 1,900 is outside the usual 1,769 to 1,831.",
            "July 2018: 1,800 is the same figure as in June 2018.",
        ]

    def test_of_what_is_typed_and_not_saved(self, desk):
        past(desk, desk.series, 80, 82, 80, 82, 84)
        assert sentences(row(desk, desk.series)) == []
        built = row(desk, desk.series, {Q2: Entry(Decimal("0.81"))})
        assert sentences(built) == ["Q2 2018/19: 0.81% is about 100 times smaller than usual (82%). Did you mean 81%?"]
        assert built.line.quarter.row.pk is None

    def test_numbers_and_rates_of_the_public_report(self, desk):
        found = {}
        for code, number, rate in (("E34/35", 1677, 396), ("E18/19", 589, 89)):
            measure = factories.make_measure(desk.contract, code)
            for part_code, unit, value in ((code[:3], "count", number), (f"E{code[-2:]}", "rate_per_10000", rate)):
                series = factories.make_series(
                    measure, code=part_code, unit=unit, role="headline" if unit == "count" else "pair"
                )
                desk.hold(Entry(Decimal(value)), series=series)
                found[part_code] = series
        told = {code: sentences(row(desk, series)) for code, series in found.items()}
        assert told == {
            "E34": [],
            "E35": [
                "E34 and E35 imply a population of 42,348, E18 and E19 one of 66,180: "
                "a number and its rate may not share a definition."
            ],
            "E18": [],
            "E19": [
                "E18 and E19 imply a population of 66,180, E34 and E35 one of 42,348: "
                "a number and its rate may not share a definition."
            ],
        }
        desk.hold(Entry(numerator=Decimal(1702), denominator=Decimal(42975)), series=found["E35"], version=1)
        assert sentences(row(desk, found["E35"]))[0] == "Q2 2018/19: E35 counts 1,702, E34 is 1,677."

    def test_two_numbers_beside_a_rate_are_no_pair(self, desk):
        for code in ("N1", "N2"):
            desk.hold(
                Entry(Decimal(5)), series=factories.make_series(desk.measure, code=code, unit="count", role="pair")
            )
        rate = factories.make_series(desk.measure, code="R", unit="rate_per_10000", role="pair")
        desk.hold(Entry(numerator=Decimal(9), denominator=Decimal(99)), series=rate)
        assert sentences(row(desk, rate)) == []

    def test_subgroups_once_all_are_there(self, desk):
        one, other = (factories.make_series(desk.measure, role="subgroup", code=code) for code in ("CIC", "CPP"))
        desk.hold(Entry(numerator=Decimal(74), denominator=Decimal(100)))
        desk.hold(Entry(numerator=Decimal(40), denominator=Decimal(50)), series=one)
        assert sentences(row(desk, desk.series)) == []
        desk.hold(Entry(numerator=Decimal(34), denominator=Decimal(49)), series=other)
        assert sentences(row(desk, desk.series)) == ["Q2 2018/19: the subgroups add up to 74 of 99, B8 is 74 of 100."]
        desk.hold(Entry(status=Status.NOT_AVAILABLE), series=other, version=1)
        assert sentences(row(desk, desk.series)) == []


class TestOverlay:
    def test_the_quarter_follows_and_nothing_is_stored(self, desk):
        series = desk.monthly()
        desk.hold(Entry(Decimal(1800)), series=series, period=JULY)
        built = row(desk, series, {AUGUST: Entry(Decimal(1900)), SEPTEMBER: Entry(Decimal(2000))})
        assert (built.line.quarter.text, built.how) == ("1,900", "mean of months")
        assert row(desk, series).how == "mean of months, 1 of 3"

    def test_months_that_give_nothing_leave_no_quarter(self, desk):
        series = desk.monthly(unit="percent", derivation="pooled_ratio")
        desk.hold(Entry(numerator=Decimal(1), denominator=Decimal(2)), series=series, period=JULY)
        built = row(desk, series, {JULY: Entry(Decimal(50))})
        assert (built.line.quarter.row, built.how) == (None, "months pooled")

    def test_the_version_and_revision_are_those_of_what_is_held(self, desk):
        desk.hold(Entry(Decimal(70)))
        desk.hold(Entry(Decimal(71)), version=1)
        built = row(desk, desk.series, {Q2: Entry(Decimal(72))})
        assert (built.slots[0].version, built.slots[0].texts.value, built.slots[0].cell.text) == (2, "71", "72%")


class TestPage:
    def rows(self, page):
        return [[cell.text for cell in line.children if hasattr(cell, "tag")] for line in page.all("tr", class_="line")]

    def test_what_is_held_and_what_is_missing(self, desk):
        series = desk.monthly()
        factories.make_observation(series, JULY, 1800, desk.people[Who.ANALYST].user, illustrative=True)
        desk.hold(Entry(status=Status.NOT_AVAILABLE), series=series, period=AUGUST)
        desk.hold(Entry(numerator=Decimal(147), denominator=Decimal(210), status=Status.PROVISIONAL))
        page = desk.page(who=Who.PROVIDER_DIRECTOR)
        assert [cell.text for cell in page.one("thead").all("th")] == [
            *("Measure", "Jul 18", "Aug 18", "Sep 18", "Q2 2018/19", "Last four", "State")
        ]
        assert page.one("tr", class_="group").text == "B8 Proceedings on track"
        assert self.rows(page) == [
            [
                "B8 Proceedings on track",
                "Entered by quarter",
                "Q2 2018/19 70% [p] 147 of 210",
                "None held",
                "Held",
            ],
            [
                "E1 Contacts",
                "Jul 18 1,800 [i]",
                "Aug 18 Not available [x]",
                "Sep 18 – Missing",
                "Q2 2018/19 1,800 [i] [p] mean of months, 1 of 3",
                "None held",
                "2 of 3 held",
            ],
        ]
        assert part(page, "complete") == "3 of 4 values held; E1 September missing."

    def test_an_analyst_has_links_to_the_long_form_and_the_day_it_is_due(self, desk):
        series = desk.monthly()
        page = desk.page()
        links = [link.attrs["href"] for line in page.all("tr", class_="line") for link in line.one("th").all("a")]
        assert links == [desk.address(), desk.address(series)]
        assert part(page, "complete") == "None of 4 values held yet. Due 31 October 2018."

    def test_a_measure_with_one_series_is_one_row_by_its_own_name(self, desk):
        page = desk.page()
        assert page.all("tr", class_="group") == []
        assert page.one("tr", class_="line").one("th").text == "B8 Proceedings on track"

    def test_series_and_measures_outside_the_quarter_are_not_asked_for(self, desk):
        factories.make_series(desk.measure, role="pair", code="OLD", last_quarter=Q2.previous)
        factories.make_series(desk.measure, role="pair", code="NEW", first_quarter=Q2.next)
        factories.make_series(factories.make_measure(desk.contract, "A9", last_quarter=Q2.previous))
        later = factories.make_measure(desk.contract, "A10", first_quarter=Q2.next)
        factories.make_series(later, first_quarter=Q2)
        assert len(self.rows(desk.page())) == 1

    def test_no_measures(self, desk):
        elsewhere = GridDesk("leisure", commissioner="LC", provider="LT")
        elsewhere.series.delete()
        page = parse(elsewhere.client().get(LIST.replace("childrens-services", "leisure")).text)
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

    def test_a_past_quarter_says_that_both_parties_read_it(self, desk):
        factories.in_state(desk.cycle, State.PAST)
        assert desk.page().one("div", class_="notice").text.startswith("Both parties read these values.")
        assert "Due" not in part(desk.page(), "complete")

    def test_the_quarters_beside_it(self, desk):
        factories.in_state(desk.cycle, State.COMMENTARY)
        factories.open_cycle(desk.contract, desk.people[Who.OFFICER], Q2.next)
        factories.make_cycle(desk.contract, Q2.previous)
        links = desk.page().one("nav", aria_label="Previous and next quarter").all("a")
        assert [(link.text, link.attrs["href"]) for link in links] == [
            ("‹ Previous quarter: Q1 2018/19", "/c/childrens-services/2018-Q1/entry/"),
            ("Next quarter: Q3 2018/19 ›", "/c/childrens-services/2018-Q3/entry/"),
        ]


class TestQueries:
    """Literal numbers, the same with 1 and 3 of everything below a contract. Reading the page: test_queries."""

    @pytest.fixture(params=[1, 3])
    def busy(self, request, desk):
        many = request.param
        for number in range(many):
            measure = factories.make_measure(desk.contract, f"M{number}")
            for each in range(many):
                series = factories.make_series(
                    measure,
                    code=f"M{number}-{each}",
                    role="pair",
                    derivation="mean_of_months",
                    frequency="month",
                    unit="count",
                )
                Definition.objects.create(series=series, from_quarter=EARLY, text="One.")
                past(desk, series, *range(5, 5 + many))
                for month in Q2.months[:many]:
                    desk.hold(Entry(Decimal(5), note="A note"), series=series, period=month)
        self.series = series
        return desk

    def count(self, send):
        with CaptureQueriesContext(connection) as queries:
            assert send().status_code == 200
        return len(queries)

    def test_reading(self, busy):
        with CaptureQueriesContext(connection) as queries:
            built = grid.build(grid.read(busy.cycle))
        assert len(queries) == 3
        assert [row.slots[0].cell.row.by.name for row in built.rows[1:]] == ["Analyst of childrens-services"] * (
            len(built.rows) - 1
        )
        assert len(queries) == 3

    def test_checking_writes_nothing(self, busy):
        client = busy.client()
        client.get(LIST)
        cells = {JULY: {"value": "8", "version": 1}}
        assert self.count(lambda: busy.send(cells, self.series, client=client, check="1")) == 7


@pytest.mark.parametrize(
    ("entry", "stands"),
    [
        (None, True),
        (Entry(Decimal("84.5")), True),
        (Entry(Decimal(84), status=Status.PROVISIONAL), False),
        (Entry(status=Status.NOT_AVAILABLE), False),
    ],
)
def test_the_unit_stands_behind_a_number_alone(desk, entry, stands):
    if entry:
        desk.hold(entry)
    [sign] = desk.page().all("span", class_="sign")
    assert (sign.text, "hidden" not in sign.attrs) == ("%", stands)
