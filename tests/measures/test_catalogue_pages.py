"""The catalogue and the definition sheets: what stands on them, for whom, how much of it, in how many queries."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.roles import Who
from measures.catalogue_list import first_sentence
from measures.models import Definition
from measures.quarters import Quarter
from measures.states import State
from tests import factories
from tests.factories import Q2
from tests.markup import parse
from tests.measures.target_desk import D, Desk

LIST = "/c/childrens-services/measures/"
MEMBERS = [who for who in Who if who is not Who.ADMINISTRATOR]


class Room(Desk):
    def __init__(self):
        super().__init__()
        self.measure.owner, self.measure.source = "Head of legal services", "Case tracker"
        self.measure.why_it_matters = "A child should not wait."
        self.measure.save()
        self.define("Cases forecast to finish in 26 weeks. Of all open cases.")

    def define(self, text, quarter=None, series=None, reason=""):
        series = series or self.series
        quarter = quarter or series.first_quarter
        return Definition.objects.create(series=series, from_quarter=quarter, text=text, reason=reason)

    def page(self, path=LIST, who=Who.OFFICER, status=200):
        response = self.client(who).get(path)
        assert response.status_code == status
        return parse(response.text)


@pytest.fixture
def room(db, settings):
    settings.TODAY = datetime.date(2018, 11, 11)
    return Room()


def sections(page):
    """Of each: its heading, and its rows as texts."""
    return [
        (
            section.one("h2").text,
            [[cell.text for cell in row.walk() if cell.tag in ("th", "td")] for row in section.one("tbody").all("tr")],
        )
        for section in page.all("section", class_="catalogue-section")
    ]


def cards(page):
    return {card.one("h2").text: card.text for card in page.all("section", class_="sheet-card")}


B8 = [
    "B8 Measure B8 Cases forecast to finish in 26 weeks.",
    "Percentage higher is better",
    "90%",
    "85%",
    "Head of legal services Case tracker",
]


class TestCatalogue:
    @pytest.mark.parametrize("who", Who)
    def test_everybody_of_the_contract_reads_it(self, room, who):
        page = room.page(who=who)
        assert page.one("p", class_="answer").text == "1 measure in 1 section."
        assert sections(page) == [("Court work 1", [B8])]
        assert page.one("nav", class_="nav").one("a", aria_current="page").text == "Measures"

    def test_a_stranger_does_not_know_it(self, room):
        _, people = room.elsewhere()
        room.people["stranger"] = people[Who.ANALYST]
        room.page(who="stranger", status=404)
        room.page(f"{LIST}b8/", who="stranger", status=404)

    def test_by_section_in_the_order_of_the_paper_those_retired_apart(self, room):
        factories.make_measure(room.contract, "C1", section="Care", title="Moves")
        factories.make_measure(room.contract, "B9", title="Delay")
        factories.make_measure(room.contract, "B1", position=0, section="Care", title="Visits", last_quarter=Q2)
        later = factories.make_measure(room.contract, "D1", section="Care", title="Later", first_quarter=Q2.shift(3))
        series = factories.make_series(later)
        room.define("Counted then.", series=series)
        room.define("Counted later still.", Q2.shift(4), series=series)
        factories.make_target(series, room.people[Who.OFFICER].user, D(70), D(60))
        factories.make_target(series, room.people[Who.OFFICER].user, D(80), D(60), Q2.shift(4))
        page = room.page()
        assert page.one("p", class_="answer").text == "5 measures in 2 sections, 1 of them retired."
        assert [(heading, [row[0] for row in rows]) for heading, rows in sections(page)] == [
            (
                "Care 2",
                ["C1 Moves No definition is held.", "D1 Later Counted then. Starts with Q1 2019/20"],
            ),
            ("Court work 2", [B8[0], "B9 Delay No definition is held."]),
            ("Retired 1", ["B1 Visits No definition is held. Care · last reported for Q2 2018/19"]),
        ]
        assert [row[1:] for row in sections(page)[0][1]] == [
            ["", "none", "none", ""],
            ["Percentage higher is better", "70%", "60%", ""],
        ]

    def test_the_target_is_that_of_today(self, room):
        room.agreed()
        room.agreed(from_quarter=Q2.shift(2), target=D(60), tolerance=None)
        assert sections(room.page())[0][1][0][2:4] == ["75%", "70%"]
        factories.make_target(room.series, room.people[Who.OFFICER].user, D(55), None, Q2.next)
        assert sections(room.page())[0][1][0][2:4] == ["55%", "none"]

    def test_a_proposal_is_no_target(self, room):
        room.propose()
        assert sections(room.page())[0][1][0][2:4] == ["90%", "85%"]

    @pytest.mark.parametrize(
        ("text", "codes"),
        [
            ("b8", ["B8"]),
            ("COURT 26 weeks", ["B8"]),
            ("legal", ["B8"]),
            ("tracker", ["B8"]),
            ("young people", ["C1"]),
            ("measure", ["B8", "C1"]),
            ("B8 young", []),
        ],
    )
    def test_every_word_must_stand_somewhere(self, room, text, codes):
        other = factories.make_measure(room.contract, "C1", section="Care")
        factories.make_series(other, code="C1a", name="Young people moved")
        page = room.page(f"{LIST}?q={text.replace(' ', '+')}")
        assert [row[0].split()[0] for _, rows in sections(page) for row in rows] == codes
        assert page.one("input", id="q").attrs["value"] == text
        if not codes:
            assert "Nothing found" in page.text

    def test_none_yet(self, room):
        contract = factories.make_contract("leisure", "Borough", "Leisure Trust")
        room.people = factories.make_members(contract)
        for who in Who:
            page = room.page("/c/leisure/measures/", who)
            assert "No measures yet" in page.text
            ways = [node.attrs["href"] for node in page.one("main").all("a")]
            assert ways == (["/c/leisure/set-up/measures/"] if who is Who.ADMINISTRATOR else [])

    def test_three_hundred_of_them_come_in_pages(self, room):
        for number in range(299):
            factories.make_measure(room.contract, f"M{number:03}", section=f"Section {number // 30}")
        page = room.page()
        assert page.one("p", class_="answer").text == "300 measures in 11 sections."
        assert sum(len(rows) for _, rows in sections(page)) == 50
        assert "1 to 50 of 300" in page.text
        last = room.page(f"{LIST}?page=6")
        assert "251 to 300 of 300" in last.text
        assert sum(len(rows) for _, rows in sections(last)) == 50

    @pytest.mark.parametrize("count", [1, 3])
    @pytest.mark.parametrize(("who", "queries"), [(Who.OFFICER, 7), (Who.ANALYST, 8), (Who.ADMINISTRATOR, 8)])
    def test_as_many_queries_however_many_there_are(self, room, count, who, queries):
        for number in range(count):
            measure = factories.make_measure(room.contract, f"M{number}")
            for part in range(count):
                series = factories.make_series(measure, code=f"M{number}{part}", role="subgroup")
                factories.make_target(series, room.people[Who.OFFICER].user, 90)
                room.define("Counted.", series=series)
        client = room.client(who)
        with CaptureQueriesContext(connection) as captured:
            client.get(LIST)
        assert len(captured) == queries


class TestSheet:
    SHEET = f"{LIST}b8/"

    @pytest.mark.parametrize("who", Who)
    def test_what_why_and_how(self, room, who):
        page = room.page(self.SHEET, who)
        assert page.one("h1").text == "Measure B8"
        assert page.one("p", class_="answer").text == (
            "Higher is better. In Q3 2018/19 the target is 90%, the tolerance 85%, in force since Q1 2015/16."
        )
        found = cards(page)
        assert found["The measure"] == (
            "The measure What is measured Cases forecast to finish in 26 weeks. Of all open cases. "
            "Why it matters A child should not wait. Source Case tracker Owner Head of legal services "
            "Reported From Q1 2015/16 on"
        )
        counted = found["How it is counted Headline: carries the rating"]
        for said in (
            "Unit Percentage. A share of cases: the numerator counts some of them, the denominator all.",
            "The quarter’s figure Typed once a quarter, as it stands.",
            "Which way is better Higher is better.",
            "Rounded once, half up, to a whole number, and rated as printed: 89.5% counts as 90%.",
            "On target at 90% or more. Within tolerance below 90%, down to and including 85%. Off target below 85%.",
            "Q1 2015/16 target 90%, tolerance 85% In force Came with set-up: Administrator of childrens-services",
        ):
            assert said in counted

    def test_of_a_measure_to_come(self, room):
        later = factories.make_measure(room.contract, "D1", first_quarter=Q2.shift(3))
        series = factories.make_series(later)
        room.define("Counted then.", series=series)
        page = room.page(f"{LIST}d1/")
        start = "Higher is better. No target will be in force in Q1 2019/20: values are not rated."
        assert page.one("p", class_="answer").text == start
        factories.make_target(series, room.people[Who.OFFICER].user, D(70), D(60))
        factories.make_target(series, room.people[Who.OFFICER].user, D(80), D(60), Q2.shift(4))
        page = room.page(f"{LIST}d1/")
        assert page.one("p", class_="answer").text == (
            "Higher is better. It starts with Q1 2019/20: the target is 70% then, the tolerance 60%."
        )
        counted = cards(page)["How it is counted Headline: carries the rating"]
        assert "On target at 70% or more." in counted
        assert "Q1 2019/20 target 70%, tolerance 60% Agreed, starts in Q1 2019/20" in counted
        assert "Q2 2019/20 target 80%, tolerance 60% Agreed, starts in Q2 2019/20" in counted
        assert "What is measured Counted then." in cards(page)["The measure"]

    @pytest.mark.parametrize("state", State)
    def test_no_figure_of_a_quarter_stands_on_it(self, room, state):
        factories.make_observation(room.series, Q2.next, D("61.7"), room.people[Who.ANALYST].user)
        room.move(state)
        for who in Who:
            text = room.page(self.SHEET, who).text
            assert [value for value in ("61.7", "62%", "70%", "92%") if value in text] == []

    @pytest.mark.parametrize(
        ("state", "members", "administrator"),
        [
            (State.PAST, "2018-Q2", "2018-Q2"),
            (State.OPEN, "2018-Q1", "2018-Q1"),
            (State.SUBMITTED, "2018-Q1", "2018-Q1"),
            (State.COMMENTARY, "2018-Q2", "2018-Q1"),
            (State.PUBLISHED, "2018-Q2", "2018-Q1"),
        ],
    )
    def test_the_way_to_the_latest_quarter_that_may_be_opened(self, room, state, members, administrator):
        room.move(state)
        for who in Who:
            ways = [node.attrs["href"] for node in room.page(self.SHEET, who).one("main").all("a")]
            quarter = administrator if who is Who.ADMINISTRATOR else members
            assert [way for way in ways if "/m/b8/" in way] == [f"/c/childrens-services/{quarter}/m/b8/"]

    def test_and_back_from_there(self, room):
        page = room.page("/c/childrens-services/2018-Q2/m/b8/")
        ways = {node.attrs["href"] for node in page.one("section", aria_labelledby="about-title").all("a")}
        assert {self.SHEET, f"{self.SHEET}targets/?series={room.series.pk}"} <= ways

    def test_definitions_with_their_breaks(self, room):
        room.define("Cases closed.", Quarter.parse("Q1 2017/18"), reason="New guidance.")
        room.define("Cases closed and appeals.", Q2.shift(4), reason="The next law.")
        text = cards(room.page(self.SHEET))["How it is counted Headline: carries the rating"]
        assert text.endswith(
            "Definitions From Q2 2019/20 A break on the chart: nothing before it is compared with anything after "
            "Cases closed and appeals. The next law. "
            "From Q1 2017/18 In force A break on the chart: nothing before it is compared with anything after "
            "Cases closed. New guidance. "
            "From Q1 2015/16 Cases forecast to finish in 26 weeks. Of all open cases."
        )

    def test_ended_series_come_last(self, room):
        factories.make_series(room.measure, code="B8", name="Old way", last_quarter=Quarter(2015, 4))
        factories.make_series(room.measure, code="B8n", name="Numbers", role="pair", unit="count", polarity="neutral")
        assert list(cards(room.page(self.SHEET))) == [
            "The measure",
            "How it is counted Headline: carries the rating",
            "B8n Numbers Pair: stands beside the headline, as a rate beside a number",
            "B8 Old way Headline: carries the rating · Q1 2015/16 to Q4 2015/16",
        ]

    def test_events_that_change_the_reading_and_no_others(self, room):
        by = room.people[Who.OFFICER].user
        for kind, day in (("note", Q2.start), ("break", Q2.start), ("rebase", Q2.next.start)):
            factories.make_event(room.series, day, by, kind, f"A {kind}")
        gone = {"withdrawn_at": factories.NOW, "withdrawn_by": by, "withdrawn_reason": "Wrong."}
        factories.make_event(room.series, Q2.previous.start, by, "break", "Withdrawn", **gone)
        said = {who: room.page(self.SHEET, who).text for who in Who}
        for who in MEMBERS:
            assert ("A break" in said[who], "A rebase" in said[who]) == (True, True)
        # Of quarters that are not past an administrator sees no page, nor what was recorded on it.
        assert ("A break" in said[Who.ADMINISTRATOR], "A rebase" in said[Who.ADMINISTRATOR]) == (False, False)
        assert [who for who in Who if "A note" in said[who] or "Withdrawn" in said[who]] == []

    def test_benchmarks_of_the_latest_period(self, room):
        factories.make_benchmark(room.series)
        factories.make_benchmark(room.series, period=Quarter(2015, 1))
        assert "England 21.9%, 2017/18 Close, not the same. DfE, Children in need 2018" in room.page(self.SHEET).text
        assert "1 earlier benchmarks of B8" in room.page(self.SHEET).text

    def test_a_proposal_that_waits(self, room):
        room.propose()
        sentence = "B8: DMBC proposes a target of 75%, tolerance 70%, from Q2 2018/19 on."
        for who in Who:
            notice = room.page(self.SHEET, who).one("div", class_="sheet-waiting").text
            assert notice == f"{sentence} {'Answer it' if who is Who.PROVIDER_DIRECTOR else 'See the proposal'}"

    def test_a_withdrawal_that_waits(self, room):
        room.withdraw(room.agreed())
        notice = room.page(self.SHEET).one("div", class_="sheet-waiting").text
        assert notice == "B8: DCST proposes to withdraw the target from Q2 2018/19. See the proposal"

    def test_a_measure_without_series(self, room):
        factories.make_measure(room.contract, "Z1", last_quarter=Q2)
        page = room.page(f"{LIST}z1/")
        assert page.one("p", class_="answer").text == "Nothing is counted for this measure yet: it has no series."
        assert "Why it matters Nothing is written down yet." in page.text
        assert "From Q1 2015/16 to Q2 2018/19, when it was retired" in page.text
        room.page(f"{LIST}z1/targets/", status=404)

    def test_of_another_contract(self, room):
        room.elsewhere()
        room.page("/c/leisure/measures/l1/", status=404)
        room.page(f"{LIST}l1/", status=404)

    @pytest.mark.parametrize("count", [1, 3])
    @pytest.mark.parametrize(("who", "queries"), [(Who.OFFICER, 11), (Who.ANALYST, 12), (Who.ADMINISTRATOR, 12)])
    def test_as_many_queries_however_much_there_is(self, room, count, who, queries):
        by = room.people[Who.OFFICER].user
        for number in range(count):
            series = factories.make_series(room.measure, code=f"S{number}", role="subgroup")
            for each in range(count):
                row = room.agreed(series=series, from_quarter=Q2.shift(each), target=D(75 - each))
                room.refuse(room.withdraw(row, Who.OFFICER))
                room.define(f"Way {each}", Q2.shift(each), series=series)
                factories.make_benchmark(series, f"England {each}")
                factories.make_event(series, Q2.shift(-each).start, by, "break", f"Break {each}")
        client = room.client(who)
        with CaptureQueriesContext(connection) as captured:
            response = client.get(self.SHEET)
        assert len(response.context["sheet"].every) == count + 1
        assert len(captured) == queries


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("", ""),
        ("Cases closed", "Cases closed."),
        ("Cases closed. And more.", "Cases closed."),
        ("Cases of 2.5 days or more. All.", "Cases of 2.5 days or more."),
        ("First\nSecond", "First."),
        ("word " * 40, "word " * 31 + "word …"),
    ],
)
def test_the_first_sentence_of_a_definition(text, line):
    assert first_sentence(text) == line
