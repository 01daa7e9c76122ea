"""One series over time: the chart's points, steps, lines and breaks, with what is hidden left out."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.roles import Who
from measures import scorecard
from measures.benchmark_entries import period_words
from measures.charts.drawing import draw
from measures.charts.shapes import WIDE
from measures.models import Benchmark, Definition
from measures.quarters import Month, Quarter, Year
from measures.states import State
from measures.terms import Frequency
from measures.trend import Comparison, DefinitionRow, trend
from tests import factories
from tests.factories import Q2, make_cycle, make_measure, make_observation, make_series, make_target

Q1 = Q2.previous
SEPTEMBER = Month(2018, 9)


class Room:
    """B8, monthly, the value at the quarter's end; held for Q4 2017/18, not for Q1, held for Q2."""

    def __init__(self):
        self.contract = factories.make_contract()
        self.people = factories.make_members(self.contract)
        self.by = self.people[Who.ANALYST].user
        self.measure = make_measure(self.contract, title="Proceedings on track")
        self.series = make_series(
            self.measure, frequency="month", derivation="snapshot_end", name="Proceedings on track"
        )
        make_cycle(self.contract, Q1.previous)
        self.middle = make_cycle(self.contract, Q1)
        self.cycle = make_cycle(self.contract, Q2, State.COMMENTARY)

    def hold(self, period, value, **fields):
        return make_observation(self.series, period, value, self.by, **fields)

    def trend(self, frequency=Frequency.QUARTER, who=Who.ANALYST):
        card = scorecard.build(self.cycle, self.people[who])
        row = card.rows[0]
        return trend(row, row.headline, frequency, card.visible)

    def define(self, quarter, text, reason=""):
        return Definition.objects.create(series=self.series, from_quarter=quarter, text=text, reason=reason)

    def benchmark(self, comparator="England", year=2017, **fields):
        defaults = {
            "value": "21.9",
            "source": "DfE",
            "edition": "LAIT file of 2026",
            "comparability": "close",
            "position": Benchmark.objects.count(),
        }
        return Benchmark.objects.create(
            series=self.series,
            comparator=comparator,
            **{**defaults, "period_kind": "year", "start": Year(year).start, **fields},
        )


@pytest.fixture
def room(db):
    return Room()


def drawn(shown):
    return [(point.label, None if point.value is None else int(point.value)) for point in shown.chart.points]


class TestQuarters:
    def test_from_the_first_to_the_last_that_holds_anything(self, room):
        room.hold(Q1.previous, 80)
        room.hold(Q2, 70)
        shown = room.trend()
        assert drawn(shown) == [("Q4 2017/18", 80), ("Q1 2018/19", None), ("Q2 2018/19", 70)]
        assert (shown.frequency, shown.chart.frequency, shown.chart.unit) == ("quarter", "quarter", "percent")

    def test_the_table_has_every_quarter_of_the_series(self, room):
        room.hold(Q2, 70)
        assert [reading.period for reading in room.trend().readings] == [Q2.shift(back) for back in range(-12, 1)]
        room.series.first_quarter = Q1
        room.series.save()
        assert [reading.period for reading in room.trend().readings] == [Q1, Q2]

    def test_a_missing_value_with_its_reason_is_a_point(self, room):
        room.hold(Q1, None, status="not_available")
        room.hold(Q2, 70)
        shown = room.trend()
        assert [(point.value, point.symbol) for point in shown.chart.points] == [(None, "[x]"), (Decimal(70), "")]

    def test_no_chart_without_any_figure(self, room):
        shown = room.trend()
        assert (shown.chart, shown.illustrative, len(shown.readings)) == (None, 0, 13)

    def test_an_old_value_does_not_pass_for_the_latest(self, room):
        room.hold(Q1, 80)
        assert drawn(room.trend()) == [("Q1 2018/19", 80), ("Q2 2018/19", None)]
        assert [dot.last for dot in draw(room.trend().chart, WIDE).dots] == [False]
        room.define(Q1, "Some children")
        room.define(Q2, "All children", "Counts all")
        assert [mark.text for mark in room.trend().chart.marks] == ["Counts all"]
        assert "1 of 2 quarters has no value: Q2 2018/19." in room.trend().chart.summary

    def test_hidden_quarters_are_neither_drawn_nor_called_empty(self, room):
        room.hold(Q1.previous, 80)
        room.hold(Q2, 70)
        factories.in_state(room.cycle, State.OPEN)
        assert drawn(room.trend(who=Who.OFFICER)) == [("Q4 2017/18", 80), ("Q1 2018/19", None)]
        assert drawn(room.trend(who=Who.ANALYST))[-1] == ("Q2 2018/19", 70)

    def test_the_title_names_a_series_that_is_not_its_measure(self, room):
        room.hold(Q2, 70)
        assert room.trend().chart.title == "B8 Proceedings on track"
        assert room.trend().chart.summary.startswith("B8 was 70% in Q2 2018/19")
        room.series.name, room.series.code = "Young people", "YP"
        room.series.save()
        assert room.trend().chart.title == "B8 Proceedings on track: Young people"
        assert room.trend().chart.summary.startswith("Young people was 70%")

    def test_how_many_are_illustrative(self, room):
        room.hold(Q1, 78, illustrative=True)
        room.hold(Q2, 70)
        assert room.trend().illustrative == 1

    def test_targets_are_steps(self, room):
        room.hold(Q1.previous, 80)
        room.hold(Q2, 70)
        make_target(room.series, room.by, 60, 50)
        make_target(room.series, room.by, 90, 85, from_quarter=Q2)
        assert [(step.start, step.end, int(step.target)) for step in room.trend().chart.steps] == [
            (date(2015, 4, 1), date(2018, 6, 30), 60),
            (date(2018, 7, 1), date(2018, 9, 30), 90),
        ]


class TestMonths:
    def test_every_month_of_thirteen_quarters(self, room):
        room.hold(SEPTEMBER, 70, counts=(147, 210))
        shown = room.trend(Frequency.MONTH)
        assert [reading.period for reading in shown.readings] == [SEPTEMBER.shift(back) for back in range(-38, 1)]
        assert (shown.frequency, shown.chart.frequency) == ("month", "month")
        assert [(p.label, p.numerator, p.denominator) for p in shown.chart.points] == [("September 2018", 147, 210)]

    def test_none_before_the_series_begins(self, room):
        room.hold(Month(2018, 3), 75)
        room.hold(SEPTEMBER, 70)
        room.series.first_quarter = Q1
        room.series.save()
        shown = room.trend(Frequency.MONTH)
        assert [reading.period for reading in shown.readings] == [*Q1.months, *Q2.months]
        assert drawn(shown) == [("September 2018", 70)]

    def test_a_month_left_out_is_a_gap(self, room):
        room.hold(SEPTEMBER.shift(-2), 75)
        room.hold(SEPTEMBER, 70)
        assert drawn(room.trend(Frequency.MONTH)) == [("July 2018", 75), ("August 2018", None), ("September 2018", 70)]

    def test_months_of_hidden_quarters_are_hidden_whoever_asks(self, room):
        for back in range(6):
            room.hold(SEPTEMBER.shift(-back), 70 + back)
        factories.in_state(room.cycle, State.OPEN)
        shown = room.trend(Frequency.MONTH, Who.OFFICER)
        assert drawn(shown) == [("April 2018", 75), ("May 2018", 74), ("June 2018", 73)]
        assert [reading.value for reading in shown.readings[-3:]] == [None, None, None]
        assert len(drawn(room.trend(Frequency.MONTH, Who.ANALYST))) == 6

    def test_months_after_the_quarter_do_not_show(self, room):
        room.hold(SEPTEMBER, 70)
        room.hold(SEPTEMBER.shift(1), 60)
        make_cycle(room.contract, Q2.next, State.COMMENTARY)
        assert drawn(room.trend(Frequency.MONTH)) == [("September 2018", 70)]

    def test_current_rows_only(self, room):
        room.hold(SEPTEMBER, 65, is_current=False, revision=1)
        room.hold(SEPTEMBER, 70, revision=2)
        shown = room.trend(Frequency.MONTH)
        assert drawn(shown) == [("September 2018", 70)]
        assert shown.readings[-1].revised


class TestBenchmarks:
    def test_drawn_at_their_own_year(self, room):
        room.hold(Q1.previous, 80)
        room.benchmark()
        [line] = room.trend().chart.benchmarks
        assert (line.label, line.start, line.end) == ("England", date(2017, 4, 1), date(2018, 3, 31))
        assert (line.value, line.text, line.source) == (Decimal("21.9"), "21.9%", "DfE, LAIT file of 2026")

    @pytest.mark.parametrize(
        ("comparability", "is_drawn"), [("same", True), ("close", True), ("not_comparable", False)]
    )
    def test_what_does_not_compare_is_listed_and_not_drawn(self, room, comparability, is_drawn):
        room.hold(Q1.previous, 80)
        room.benchmark(comparability=comparability)
        shown = room.trend()
        assert bool(shown.chart.benchmarks) is is_drawn
        assert len(shown.comparisons) == 1

    def test_ready_to_print(self, room):
        made = room.benchmark(
            "Statistical neighbours",
            value="90",
            scope="statistical_neighbours",
            statistic="median",
            method="Ten authorities",
            note="One date",
            comparability="not_comparable",
            published_on=date(2018, 12, 6),
        )
        assert room.trend().comparisons == (
            Comparison(
                comparator="Statistical neighbours (median)",
                period=Year(2017),
                text="90.0%",
                source="DfE",
                edition="LAIT file of 2026",
                method="Ten authorities",
                comparability="Not comparable, so not drawn",
                note="One date",
                published_on=date(2018, 12, 6),
                id=made.pk,
            ),
        )

    def test_more_decimals_where_the_series_has_them(self, room):
        room.series.decimals = 2
        room.series.save()
        room.benchmark(value="90.125")
        assert room.trend().comparisons[0].text == "90.13%"

    def test_one_of_a_later_year_is_not_known_yet(self, room):
        room.benchmark(year=2017)
        room.benchmark(year=2018)
        assert [comparison.period for comparison in room.trend().comparisons] == [Year(2017)]

    def test_the_chart_says_mean_or_median(self, room):
        room.hold(Q1.previous, 80)
        room.benchmark("Statistical neighbours", scope="statistical_neighbours", statistic="mean")
        assert [line.label for line in room.trend().chart.benchmarks] == ["Statistical neighbours (mean)"]

    def test_one_of_a_quarter_is_drawn_over_it(self, room):
        room.hold(Q1.previous, 80)
        room.benchmark(period_kind="quarter", start=Q1.previous.start)
        shown = room.trend()
        [line] = shown.chart.benchmarks
        assert (line.start, line.end) == (date(2018, 1, 1), date(2018, 3, 31))
        assert [one.period for one in shown.comparisons] == [Q1.previous]

    def test_of_each_comparator_the_latest_is_drawn(self, room):
        room.hold(Q1.previous, 80)
        room.benchmark(year=2016)
        room.benchmark(year=2017)
        room.benchmark("Wales", year=2016, scope="national")
        room.benchmark("Barnsley", year=2017, comparability="not_comparable")
        shown = room.trend()
        assert [(line.label, line.start.year) for line in shown.chart.benchmarks] == [("England", 2017)]
        assert (len(shown.comparisons), shown.undrawn) == (4, 1)
        # Wales had its last figure before the first point.
        make_cycle(room.contract, Quarter(2016, 2))
        room.hold(Quarter(2016, 2), 75)
        lines = room.trend().chart.benchmarks
        assert [(line.label, line.start.year) for line in lines] == [("Wales", 2016), ("England", 2017)]

    def test_five_of_many_are_drawn_the_country_first(self, room):
        room.hold(Q1.previous, 80)
        for number in range(7):
            room.benchmark(f"Council {number}", scope="other", position=0)
        room.benchmark("Neighbours", scope="statistical_neighbours", statistic="mean")
        room.benchmark("England", scope="national")
        shown = room.trend()
        assert [line.label for line in shown.chart.benchmarks] == [
            *("England", "Neighbours (mean)", "Council 0", "Council 1", "Council 2")
        ]
        assert (len(shown.comparisons), shown.undrawn) == (9, 4)

    def test_their_order(self, room):
        room.benchmark("Barnsley", scope="other", position=1)
        room.benchmark("Wakefield", scope="other", position=0)
        room.benchmark("Rotherham", scope="other", position=1)
        room.benchmark("Neighbours", scope="statistical_neighbours", statistic="mean", position=0)
        room.benchmark("Yorkshire", scope="regional", position=0)
        room.benchmark("England", scope="national", position=9)
        room.benchmark("England", year=2016, scope="national", position=0)
        assert [(one.period.label, one.comparator) for one in room.trend().comparisons] == [
            ("2017/18", "England"),
            ("2017/18", "Yorkshire"),
            ("2017/18", "Neighbours (mean)"),
            ("2017/18", "Wakefield"),
            ("2017/18", "Barnsley"),
            ("2017/18", "Rotherham"),
            ("2016/17", "England"),
        ]


class TestDefinitions:
    def test_none(self, room):
        assert (room.trend().definitions, room.trend().definition) == ((), None)

    def test_the_latest_is_in_force_and_later_ones_are_not_yet(self, room):
        first = Quarter(2015, 1)
        room.define(first, "Cases on track.")
        room.define(Q1, "Open cases on track.", "The court counts anew")
        room.define(Q2.next, "Closed cases.", "National")
        shown = room.trend()
        assert shown.definitions == (
            DefinitionRow(first, "Cases on track.", ""),
            DefinitionRow(Q1, "Open cases on track.", "The court counts anew"),
        )
        assert shown.definition == shown.definitions[1]

    def test_the_first_is_none_wherever_it_begins(self, room):
        room.hold(Q1.previous, 80)
        room.hold(Q2, 70)
        room.define(Q1, "Cases on track.")
        assert room.trend().chart.breaks == ()

    def test_each_but_the_first_is_a_break(self, room):
        room.hold(Q1.previous, 80)
        room.hold(Q2, 70)
        room.define(Q1.previous, "Cases on track.")
        room.define(Q1, "Open cases.", "The court counts anew")
        room.define(Q2, "Open cases on track.")
        assert [(b.at, b.text) for b in room.trend().chart.breaks] == [
            (date(2018, 4, 1), "The court counts anew"),
            (date(2018, 7, 1), "New definition"),
        ]


@pytest.mark.parametrize("frequency", Frequency)
@pytest.mark.parametrize("number", [1, 3])
def test_queries(room, number, frequency):
    for index in range(number):
        room.hold(SEPTEMBER.shift(-index), 70)
        room.benchmark(f"Neighbour {index}")
        room.define(Q2.shift(-index), "Text")
    card = scorecard.build(room.cycle, room.people[Who.ANALYST])
    with CaptureQueriesContext(connection) as queries:
        trend(card.rows[0], card.rows[0].headline, frequency, card.visible)
    # Observations, definitions, events, benchmarks.
    assert len(queries) == 4


@pytest.mark.parametrize(
    ("period", "words"),
    [(Year(2017), "year to 31 March 2018"), (Q2, "Q2 2018/19"), (SEPTEMBER, "September 2018")],
)
def test_period_words(period, words):
    assert period_words(period) == words
