"""What a benchmark may hold, how its period is read, its words."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from measures import benchmark_entries as entries
from measures.benchmark_entries import BenchmarkEntry, as_data, from_data, problems, read_period
from measures.entries import Bounds
from measures.numbers import Unit
from measures.quarters import Quarter, Year
from measures.terms import BenchmarkScope, Comparability, Statistic

TODAY = date(2018, 11, 2)
PERCENT = Bounds(Unit.PERCENT)
ENGLAND = BenchmarkEntry(
    comparator="England",
    period=Year(2017),
    value=Decimal("21.9"),
    scope=BenchmarkScope.NATIONAL,
    comparability=Comparability.CLOSE,
    source="DfE",
    edition="Children in need 2018",
)
NEIGHBOURS = replace(ENGLAND, scope=BenchmarkScope.STATISTICAL_NEIGHBOURS, statistic=Statistic.MEDIAN)
NO_PERIOD = "Write a financial year such as 2017/18, or a quarter such as Q2 2018/19."


def found(bounds=PERCENT, entry=ENGLAND, **fields):
    return problems(replace(entry, **fields), bounds, today=TODAY)


class TestPeriods:
    @pytest.mark.parametrize("text", ["2017/18", " 2017-18 ", "2017/2018", "2017-2018", "201718"])
    def test_a_financial_year(self, text):
        assert read_period(text) == Year(2017)

    def test_the_turn_of_a_century(self):
        assert read_period("1999/00") == Year(1999)

    @pytest.mark.parametrize("text", ["Q2 2018/19", "2018-Q2"])
    def test_a_quarter(self, text):
        assert read_period(text) == Quarter(2018, 2)

    @pytest.mark.parametrize(
        "text", ["", "2018", "2017/19", "2017/17", "2017/2019", "2018/2017", "17/18", "Q2", "Q5 2018/19", "0000/01"]
    )
    def test_anything_else(self, text):
        with pytest.raises(ValueError, match=f"^{NO_PERIOD}$"):
            read_period(text)

    @pytest.mark.parametrize(
        ("period", "words"), [(Year(2017), "year to 31 March 2018"), (Quarter(2018, 2), "Q2 2018/19")]
    )
    def test_in_words(self, period, words):
        assert entries.period_words(period) == words


class TestProblems:
    def test_none(self):
        assert found() == {}
        assert found(entry=NEIGHBOURS) == {}

    @pytest.mark.parametrize(
        ("name", "message"),
        [
            ("comparator", "Name whose figure this is, such as England."),
            ("source", "Say who published the figure, such as DfE."),
            ("edition", "Say which release or table it stands in."),
        ],
    )
    def test_what_must_be_there(self, name, message):
        assert found(**{name: " "}) == {name: message}

    @pytest.mark.parametrize(
        ("name", "most"), [("comparator", 80), ("source", 120), ("edition", 200), ("method", 200), ("note", 300)]
    )
    def test_the_length_of_a_text(self, name, most):
        assert found(**{name: "x" * most}) == {}
        assert found(**{name: "x" * (most + 1)}) == {name: f"Use {most} characters or fewer; this has {most + 1}."}
        assert found(**{name: "a\0b"}) == {name: "Take out the null character: it cannot be stored."}

    def test_method_and_note_may_be_empty(self):
        assert found(method="", note="") == {}

    @pytest.mark.parametrize(
        ("value", "message"),
        [
            ("100.5", "Enter 100 or less."),
            ("-1", "Enter 0 or more: this cannot be negative."),
            ("0.1234567", "Enter at most 6 decimal places."),
            ("NaN", "Enter a number."),
            ("Infinity", "Enter a number."),
        ],
    )
    def test_the_value_is_within_the_bounds_of_the_series(self, value, message):
        assert found(value=Decimal(value)) == {"value": message}

    def test_the_maximum_of_the_series_counts(self):
        assert found(Bounds(Unit.PERCENT, maximum=Decimal(150)), value=Decimal(150)) == {}

    @pytest.mark.parametrize("bounds", [Bounds(Unit.COUNT), Bounds(Unit.PERCENT, needs_counts=True)])
    def test_a_mean_need_not_be_whole_and_no_counts_are_asked(self, bounds):
        assert found(bounds, value=Decimal("12.5")) == {}

    def test_mean_or_median_of_neighbours(self):
        assert found(entry=NEIGHBOURS, statistic=None) == {
            "statistic": "Say whether this is the mean or the median of the neighbours."
        }

    @pytest.mark.parametrize("scope", sorted(set(BenchmarkScope) - {BenchmarkScope.STATISTICAL_NEIGHBOURS}))
    def test_and_of_nobody_else(self, scope):
        assert found(scope=scope, statistic=Statistic.MEAN) == {
            "statistic": "Leave this empty: only statistical neighbours have a mean or a median."
        }

    @pytest.mark.parametrize("period", [Year(2018), Quarter(2018, 3)])
    def test_a_period_that_is_not_over(self, period):
        assert found(period=period) == {
            "period": f"{period.label} is not over yet, so that nobody can hold its figure."
        }
        assert found(period=Quarter(2018, 2)) == {}

    def test_the_day_of_publication(self):
        early = {"published_on": "Enter a day after 31 March 2018, when 2017/18 ended."}
        assert found(published_on=date(2018, 3, 31)) == early
        assert found(published_on=date(2018, 4, 1)) == found(published_on=TODAY) == {}
        assert found(published_on=date(2018, 11, 3)) == {"published_on": "Enter a day that is not in the future."}

    def test_all_at_once(self):
        assert set(found(source="", value=Decimal(-1), statistic=Statistic.MEAN, period=Year(2018))) == {
            *("source", "value", "statistic", "period")
        }


class TestData:
    @pytest.mark.parametrize(
        "entry",
        [
            ENGLAND,
            replace(NEIGHBOURS, published_on=date(2018, 10, 25), method="Of ten", note="A year", value=Decimal(400)),
            replace(ENGLAND, period=Quarter(2018, 2)),
        ],
    )
    def test_there_and_back(self, entry):
        assert from_data(as_data(entry)) == entry

    def test_as_json_holds_it(self):
        assert as_data(replace(NEIGHBOURS, value=Decimal("400.000000"), published_on=date(2018, 10, 25))) == {
            "comparator": "England",
            "period": "2017",
            "value": "400",
            "scope": "statistical_neighbours",
            "statistic": "median",
            "comparability": "close",
            "source": "DfE",
            "edition": "Children in need 2018",
            "published_on": "2018-10-25",
            "method": "",
            "note": "",
        }


class TestWords:
    def test_every_closed_list_has_words(self):
        assert set(entries.SCOPE_WORDS) == set(BenchmarkScope)
        assert set(entries.STATISTIC_WORDS) == set(Statistic)
        assert set(entries.COMPARABILITY_WORDS) == set(Comparability)

    @pytest.mark.parametrize(
        ("statistic", "words"),
        [("", "England"), (None, "England"), ("mean", "England (mean)"), ("median", "England (median)")],
    )
    def test_whose_figure(self, statistic, words):
        assert entries.comparator_words("England", statistic) == words

    def test_the_country_first_others_last(self):
        assert sorted(BenchmarkScope, key=entries.scope_rank) == [
            *("national", "regional", "statistical_neighbours", "other")
        ]

    def test_the_source(self):
        assert entries.source_words("DfE", "LAIT", None) == "DfE, LAIT"
        assert entries.source_words("DfE", "LAIT", date(2018, 12, 6)) == "DfE, LAIT, published 6 December 2018"

    @pytest.mark.parametrize(
        ("value", "unit", "decimals", "words"),
        [
            ("90", "percent", 0, "90.0%"),
            ("90.125", "percent", 2, "90.13%"),
            ("345.4", "rate_per_10000", 0, "345.4 per 10,000"),
            ("12000", "count", 0, "12,000"),
            ("12000.5", "count", 0, "12,000.5"),
            ("33", "days", 0, "33.0 days"),
        ],
    )
    def test_the_value(self, value, unit, decimals, words):
        assert entries.value_words(Decimal(value), Unit(unit), decimals) == words
