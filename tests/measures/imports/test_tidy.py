"""The department's open data as benchmarks: columns, filters, areas, periods, symbols, neighbours, changes."""

from datetime import date
from decimal import Decimal

import pytest

from measures.imports import tidy
from measures.imports.issues import Question
from measures.imports.plan import Kind
from measures.imports.reading import read
from measures.imports.tidy import Choice
from measures.imports.tidy_file import Area, Filter, Level, tidy_file
from measures.quarters import Quarter, Year
from measures.terms import BenchmarkScope, Comparability, Statistic
from tests.measures.imports.tidy_files import (
    COUNCILS,
    HEADER,
    NORTH,
    RATE,
    REFERRALS,
    choice,
    content,
    entry,
    figures,
    holding,
    line,
    opened,
    planned,
    wrong,
)

DONCASTER, BARNSLEY, ROTHERHAM, WAKEFIELD = COUNCILS
ALL = tuple(COUNCILS)
HERE = {"areas": ("E92000001", NORTH[0], DONCASTER)}
OF_NEIGHBOURS = {"areas": (), "neighbours": ALL, "statistic": Statistic.MEAN}


class TestColumns:
    def test_what_each_is(self):
        file = opened(line(), line(DONCASTER, count="c", category="Under 1"), line(NORTH[0]))
        assert file.indicators == ("referral_count", "repeat_percent")
        assert file.filters == (Filter("category", ("Total", "Under 1")),)
        assert file.areas == (
            Area(Level.NATIONAL, "E92000001", "England"),
            Area(Level.REGIONAL, *NORTH),
            Area(Level.AUTHORITY, DONCASTER, "Doncaster"),
        )
        assert file.lacks == ()

    @pytest.mark.parametrize("seed", range(8))
    @pytest.mark.parametrize("bom", [True, False])
    def test_in_any_order_with_or_without_a_byte_order_mark(self, seed, bom):
        lines = [line(), line(NORTH[0], "22.9"), line(DONCASTER, "25.5", count="c")]
        plan = planned(*lines, options={"shuffle": seed, "bom": bom}, **HERE)
        assert figures(plan) == [
            ("England", "2017/18", "21.9"),
            ("Yorkshire and The Humber", "2017/18", "22.9"),
            ("Doncaster", "2017/18", "25.5"),
        ]
        assert (plan.issues, plan.asked, plan.missing) == ((), (), ())

    def test_headers_in_capitals(self):
        loud = {name.upper(): text for name, text in line().items()}
        assert figures(planned(loud, options={"header": [name.upper() for name in HEADER]})) == [
            ("England", "2017/18", "21.9")
        ]

    def test_a_column_of_symbols_alone_is_no_indicator(self):
        file = opened(line(percent="x"), line(DONCASTER, "z"))
        assert file.indicators == ("referral_count",)

    def test_an_empty_column_is_nothing(self):
        file = opened(line(percent=""))
        assert (file.indicators, [one.name for one in file.filters]) == (("referral_count",), ["category"])

    def test_columns_of_other_areas_are_no_filters(self):
        file = opened(line(pcon_name="x", lad_code="y"), header=[*HEADER, "pcon_name", "lad_code"])
        assert [one.name for one in file.filters] == ["category"]

    @pytest.mark.parametrize("name", ["time_period", "time_identifier", "geographic_level"])
    def test_what_must_be_there(self, name):
        book = read("data.csv", content(line(), header=[one for one in HEADER if one != name]))
        assert (
            f"There is no column “{name}”. Download the file once more, with all its columns."
            in tidy_file(book, "", 1).lacks
        )

    def test_two_columns_of_one_name(self):
        file = opened(line(), header=[*HEADER, "category"])
        assert file.lacks == ("Two columns are headed “category”. Rename or remove one of them.",)
        assert planned(line(), options={"header": [*HEADER, "category"]}).missing == file.lacks

    def test_rows_of_schools_are_counted_and_not_read(self):
        plan = planned(line(), line(geographic_level="School"), line(geographic_level="Ward"))
        assert figures(plan) == [("England", "2017/18", "21.9")]
        assert plan.told == ("Rows of other areas, such as schools, are not read: 2.",)

    def test_no_row_of_an_area(self):
        file = opened(line(geographic_level="School"))
        assert file.lacks == (
            "No row stands for a country, a region or a local authority. Choose a file that has some.",
        )

    def test_an_authority_without_code_goes_by_its_name(self):
        file = opened(line(DONCASTER, new_la_code="z"), line(BARNSLEY, new_la_code=""))
        assert [(one.key, one.name) for one in file.areas] == [("barnsley", "Barnsley"), ("doncaster", "Doncaster")]

    def test_one_code_under_two_names_is_one_area(self):
        file = opened(line(NORTH[0]), line(NORTH[0], region_name="Yorkshire and the Humber", period="201617"))
        assert file.areas == (Area(Level.REGIONAL, *NORTH),)


class TestFilters:
    LINES = (line(category="Total"), line(category="Under 1", percent="30"), line(category="1 to 4", percent="40"))

    def test_the_value_chosen(self):
        plan = planned(*self.LINES, filters={"category": "under  1"})
        assert figures(plan) == [("England", "2017/18", "30")]
        assert plan.items[0].entry.method == "Column repeat_percent, category: under  1"

    def test_none_chosen(self):
        plan = planned(*self.LINES)
        assert plan.items == ()
        assert wrong(plan) == [
            (row, "duplicate", "3 rows are left for England, 2017/18; they differ in “category”.") for row in (2, 3, 4)
        ]
        assert {one.remedy for one in plan.issues} == {"Choose one value of “category”."}
        assert plan.issues[0].column == "K “category”"
        assert plan.refused == {("", 2), ("", 3), ("", 4)}

    def test_only_where_it_is_needed(self):
        plan = planned(*self.LINES, line(DONCASTER, "25.5"), areas=("E92000001", DONCASTER))
        assert figures(plan) == [("Doncaster", "2017/18", "25.5")]

    def test_two_filters_are_both_named(self):
        lines = [line(sex=sex, category=name) for sex in ("Girl", "Boy") for name in ("Total", "Under 1")]
        plan = planned(*lines, options={"header": [*HEADER, "sex"]})
        assert {one.remedy for one in plan.issues} == {"Choose one value of “category” and “sex”."}
        plan = planned(*lines, options={"header": [*HEADER, "sex"]}, filters={"sex": "Boy"})
        assert {one.why for one in plan.issues} == {"2 rows are left for England, 2017/18; they differ in “category”."}

    def test_rows_that_no_filter_tells_apart(self):
        plan = planned(line(), line(percent="30"))
        assert plan.items == ()
        assert wrong(plan)[0] == (
            2,
            "duplicate",
            "England, 2017/18 stands in the file 2 times, also in row 3, with the same filter values.",
        )

    def test_a_value_that_is_not_there_leaves_nothing(self):
        assert planned(*self.LINES, filters={"category": "Over 90"}).items == ()

    def test_the_value_for_everybody_is_proposed(self):
        assert tidy.guess(opened(*self.LINES)).filters == {"category": "Total"}
        two = tidy.guess(opened(line(category="All girls"), line(category="All boys")))
        assert two.filters == {}
        assert tidy.guess(opened(line(category="Referrals"))).filters == {"category": "Referrals"}

    def test_the_country_is_proposed(self):
        assert tidy.guess(opened(line(), line(DONCASTER))).areas == ("E92000001",)
        wales = line(country_code="W92000004", country_name="Wales")
        assert tidy.guess(opened(line(), wales)).areas == ()


class TestAreas:
    def test_what_each_stands_for(self):
        plan = planned(line(), line(NORTH[0]), line(DONCASTER), line(BARNSLEY), **HERE)
        assert [(one.entry.comparator, one.entry.scope) for one in plan.items] == [
            ("England", BenchmarkScope.NATIONAL),
            ("Yorkshire and The Humber", BenchmarkScope.REGIONAL),
            ("Doncaster", BenchmarkScope.OTHER),
        ]
        assert [one.row for one in plan.items] == [2, 3, 4]

    def test_what_is_chosen_is_written_to_each(self):
        plan = planned(
            line(),
            comparability=Comparability.NOT_COMPARABLE,
            published_on=date(2018, 10, 25),
            note="A year’s figure",
            source="ONS",
            edition="First",
        )
        assert [one.entry for one in plan.items] == [
            entry(
                comparability=Comparability.NOT_COMPARABLE,
                published_on=date(2018, 10, 25),
                note="A year’s figure",
                source="ONS",
                edition="First",
            )
        ]

    def test_two_areas_of_one_name(self):
        other = line(DONCASTER, new_la_code="E99", percent="30")
        plan = planned(line(DONCASTER), other, areas=(DONCASTER, "E99"))
        assert plan.items == ()
        assert [(row, code) for row, code, _ in wrong(plan)] == [(2, "duplicate"), (3, "duplicate")]
        assert plan.issues[0].why == "Doncaster, 2017/18 comes from 2 areas of that name."


class TestPeriods:
    @pytest.mark.parametrize(
        ("text", "kind", "period"),
        [
            ("201718", "Financial year", Year(2017)),
            ("2017-18", "financial  YEAR", Year(2017)),
            ("201819", "Financial year Q2", Quarter(2018, 2)),
            ("201718", "Financial year Q4", Quarter(2017, 4)),
            ("201718", "Reporting year", Year(2017)),
        ],
    )
    def test_financial_years_and_their_quarters(self, text, kind, period):
        [item] = planned(line(period=text, kind=kind)).items
        assert item.entry.period == period

    @pytest.mark.parametrize(
        ("text", "kind"),
        [
            ("201718", "Academic year"),
            ("2018", "Calendar year"),
            ("201718", "Tax year"),
            ("201718", "Autumn term"),
            ("2018", "January"),
            ("2018", "Week 4"),
            ("201819", "Financial year Q1-Q2"),
        ],
    )
    def test_nothing_is_moved_from_another_kind_of_year(self, text, kind):
        plan = planned(line(period=text, kind=kind))
        assert plan.items == ()
        assert [(row, code) for row, code, _ in wrong(plan)] == [(2, "other_year")]
        assert plan.issues[0].read == f"{text} {kind}"

    @pytest.mark.parametrize("text", ["201719", "20178", "", "soon"])
    def test_what_is_no_year(self, text):
        plan = planned(line(period=text))
        assert (plan.items, len(plan.issues)) == ((), 1)

    def test_no_kind_of_period(self):
        plan = planned(line(kind=""))
        assert wrong(plan) == [(2, "other_year", "The row does not say what kind of period 201718 is.")]

    @pytest.mark.parametrize("kind", ["Reporting year", "Financial year"])
    def test_a_single_year_is_asked_about(self, kind):
        lines = [line(period="2018", kind=kind), line(period="2017", kind=kind)]
        plan = planned(*lines)
        assert (plan.items, plan.issues) == ((), ())
        [asked] = plan.asked
        assert (asked.question, asked.count) == (Question.YEAR_END, 2)
        assert asked.sentence == (
            f"Periods such as “2018 {kind}” in row 2 name one year. Which financial year is meant in this file?"
        )
        assert [choice.value for choice in asked.choices] == ["ends", "starts", "other"]

    @pytest.mark.parametrize(("answer", "label"), [("ends", "2016/17"), ("starts", "2017/18")])
    def test_and_read_by_the_answer(self, answer, label):
        plan = planned(line(period="2017", kind="Reporting year"), answers={Question.YEAR_END: answer})
        assert figures(plan) == [("England", label, "21.9")]
        assert plan.asked == ()

    @pytest.mark.parametrize(("text", "answer"), [("0000", "ends"), ("9999", "starts")])
    def test_a_single_year_beyond_the_calendar(self, text, answer):
        plan = planned(line(period=text, kind="Reporting year"), answers={Question.YEAR_END: answer})
        assert [(row, code) for row, code, _ in wrong(plan)] == [(2, "far_year")]

    def test_another_year_is_refused(self):
        plan = planned(line(period="2017", kind="Reporting year"), answers={Question.YEAR_END: "other"})
        assert wrong(plan) == [
            (2, "other_year", "“2017 Reporting year” is neither a financial year nor one of its quarters.")
        ]

    def test_one_that_is_not_over(self):
        plan = planned(line(period="201819"))
        assert wrong(plan) == [(2, "not_possible", "England, 2018/19 is not possible.")]
        assert plan.issues[0].remedy == "2018/19 is not over yet, so that nobody can hold its figure."

    def test_rows_that_are_not_wanted_are_not_read(self):
        plan = planned(
            line(),
            line(DONCASTER, period="soon"),
            line(period="soon", category="Under 1"),
            filters={"category": "Total"},
        )
        assert (figures(plan), plan.issues) == ([("England", "2017/18", "21.9")], ())


class TestFigures:
    @pytest.mark.parametrize(
        ("symbol", "words"),
        [
            ("c", "c, confidential"),
            ("x", "x, not available"),
            ("z", "z, not applicable"),
            ("k", "k, rounds to zero"),
            ("low", "low, rounds to zero"),
            ("u", "u, low reliability"),
            (":", ":, not available"),
            ("..", ".., not available"),
            ("[c]", "[c], confidential"),
            ("", "empty"),
        ],
    )
    def test_a_symbol_is_told_and_never_a_number(self, symbol, words):
        plan = planned(line(), line(percent=symbol, period="201617"))
        assert figures(plan) == [("England", "2017/18", "21.9")]
        assert plan.issues == ()
        shown = symbol or "empty"
        assert plan.told == (f"Without a figure, left out: 1 ({words}: 1), such as England 2016/17 ({shown}).",)

    def test_many_symbols_with_three_examples(self):
        lines = [line(percent=text, period=f"20{year}{year + 1}") for year, text in enumerate("ccxcx", start=11)]
        assert planned(line(), *lines).told == (
            "Without a figure, left out: 5 (c, confidential: 3; x, not available: 2), such as England 2011/12 (c), "
            "England 2012/13 (c), England 2013/14 (x).",
        )

    def test_zero_is_a_figure(self):
        assert figures(planned(line(percent="0"), line(percent="0.0", period="201617"))) == [
            ("England", "2017/18", "0"),
            ("England", "2016/17", "0"),
        ]

    @pytest.mark.parametrize("text", ["lots", "-3", "21,9,0", "1e3", "120"])
    def test_what_cannot_be_a_percentage(self, text):
        plan = planned(line(percent=text), line(percent="20", period="201617"), line(percent="x", period="201516"))
        # One text among figures makes the column no indicator for the form; a choice kept from before still names it.
        assert figures(plan) == [("England", "2016/17", "20")]
        assert [row for row, _, _ in wrong(plan)] == [2]

    def test_shares_are_asked_about(self):
        plan = planned(line(percent="0.219"), line(percent="0.205", period="201617"))
        assert (plan.items, [one.question for one in plan.asked]) == ((), [Question.SHARES])
        plan = planned(line(percent="0.219"), answers={Question.SHARES: "times_100"})
        assert figures(plan) == [("England", "2017/18", "21.9")]

    def test_two_indicators_for_two_series(self):
        plan = planned(line(count="345.4"), series={"repeat_percent": REFERRALS, "referral_count": RATE})
        assert [(one.series, str(one.entry.value), one.entry.method) for one in plan.items] == [
            (REFERRALS, "21.9", "Column repeat_percent"),
            (RATE, "345.4", "Column referral_count"),
        ]


class TestNeighbours:
    def of(self, *percents, **fields):
        lines = [line(code, percent) for code, percent in zip(ALL, percents, strict=True)]
        return planned(*lines, **{**OF_NEIGHBOURS, **fields})

    def test_the_mean(self):
        [item] = self.of("20", "21", "22.5", "30").items
        assert item.entry == entry(
            "23.375",
            "Statistical neighbours",
            scope=BenchmarkScope.STATISTICAL_NEIGHBOURS,
            statistic=Statistic.MEAN,
            method="Mean of 4 of 4 authorities. Column repeat_percent",
        )
        assert item.row == 2

    @pytest.mark.parametrize(
        ("percents", "value"), [(("20", "21", "22.5", "30"), "21.75"), (("20", "x", "22.5", "30"), "22.5")]
    )
    def test_the_median(self, percents, value):
        [item] = self.of(*percents, statistic=Statistic.MEDIAN).items
        assert str(item.entry.value) == value
        assert item.entry.statistic is Statistic.MEDIAN
        assert item.entry.method.startswith("Median of ")

    def test_missing_ones_are_left_out_and_the_number_used_is_printed(self):
        plan = self.of("20", "c", "", "30")
        [item] = plan.items
        assert (item.entry.value, item.entry.method) == (25, "Mean of 2 of 4 authorities. Column repeat_percent")
        assert plan.told == (
            "Without a figure, left out: 2 (c, confidential: 1; empty: 1), such as Barnsley 2017/18 (c), "
            "Rotherham 2017/18 (empty).",
        )

    def test_one_that_is_not_in_the_file_that_year(self):
        plan = planned(
            line(DONCASTER, "20"),
            line(BARNSLEY, "30", period="201617"),
            **{**OF_NEIGHBOURS, "neighbours": (DONCASTER, BARNSLEY)},
        )
        assert [(one.entry.period.label, str(one.entry.value), one.entry.method[:26]) for one in plan.items] == [
            ("2017/18", "20", "Mean of 1 of 2 authorities"),
            ("2016/17", "30", "Mean of 1 of 2 authorities"),
        ]

    def test_nothing_of_nobody(self):
        assert self.of("c", "c", "x", "z").items == ()

    def test_thirds_are_held_to_six_decimals(self):
        [item] = self.of("20", "20", "21", "x").items
        assert str(item.entry.value) == "20.333333"

    def test_a_figure_that_cannot_be_read_spoils_the_mean(self):
        plan = self.of("20", "lots", "22", "30")
        assert plan.items == ()
        assert [(row, code) for row, code, _ in wrong(plan)] == [(2, "not_possible"), (3, "not_a_number")]
        assert plan.issues[0].why == "The figure of Barnsley for 2017/18 cannot be used."

    def test_as_do_two_rows_of_one_authority(self):
        plan = planned(*[line(code, "20") for code in ALL], line(BARNSLEY, "90"), **OF_NEIGHBOURS)
        assert plan.items == ()
        assert plan.issues[0].why == "The figure of Barnsley for 2017/18 cannot be used."

    def test_beside_single_areas(self):
        plan = planned(
            line(),
            line(DONCASTER, "20"),
            line(BARNSLEY, "30"),
            areas=("E92000001", DONCASTER),
            neighbours=(DONCASTER, BARNSLEY),
            statistic=Statistic.MEAN,
        )
        assert figures(plan) == [
            ("England", "2017/18", "21.9"),
            ("Doncaster", "2017/18", "20"),
            ("Statistical neighbours", "2017/18", "25"),
        ]


class TestAgainstWhatIsHeld:
    def test_new_changed_and_unchanged(self):
        held = holding(entry("21.9")) | holding(entry("20", period=Year(2016)), version=3)
        plan = planned(line(), line(period="201617"), line(period="201516"), held=held)
        assert [(one.entry.period.label, one.kind, one.old and one.old.version) for one in plan.items] == [
            ("2017/18", Kind.UNCHANGED, 1),
            ("2016/17", Kind.CHANGED, 3),
            ("2015/16", Kind.NEW, None),
        ]
        assert [len(plan.of(kind)) for kind in (Kind.NEW, Kind.CHANGED, Kind.UNCHANGED)] == [1, 1, 1]

    @pytest.mark.parametrize(
        "fields", [{"source": "ONS"}, {"note": "n"}, {"method": "By hand"}, {"scope": BenchmarkScope.OTHER}]
    )
    def test_another_source_is_a_change(self, fields):
        [item] = planned(line(), held=holding(entry(**fields))).items
        assert item.kind is Kind.CHANGED

    def test_the_name_that_is_held_stays(self):
        [item] = planned(line(), held=holding(entry(comparator="ENGLAND"))).items
        assert (item.kind, item.entry.comparator) == (Kind.UNCHANGED, "ENGLAND")

    def test_of_another_series_nothing_is_held(self):
        [item] = planned(line(), held=holding(entry(), series=RATE)).items
        assert item.kind is Kind.NEW


class TestMissing:
    @pytest.mark.parametrize(
        ("fields", "sentence"),
        [
            ({"series": {}}, "Choose at least one series that a column gives benchmarks for."),
            ({"series": {"repeat_percent": 99}}, "A series that was chosen is not in this contract. Choose again."),
            (
                {"series": {"repeat_percent": REFERRALS, "referral_count": REFERRALS}},
                "Two columns are chosen for one series. Choose one of them.",
            ),
            ({"series": {"gone": REFERRALS}}, "The file has no column “gone” any more. Choose again."),
            ({"filters": {"gone": "Total"}}, "The file has no column “gone” any more. Choose again."),
            (
                {"areas": ()},
                "Choose whose figures are wanted: the country, a region, authorities or statistical neighbours.",
            ),
            ({"areas": ("W1",)}, "An area that was chosen is not in this file. Choose again."),
            (
                {"neighbours": (DONCASTER,)},
                "Choose statistical neighbours and whether their mean or their median is wanted.",
            ),
            (
                {"statistic": Statistic.MEAN},
                "Choose statistical neighbours and whether their mean or their median is wanted.",
            ),
            ({"source": " "}, "Fill in the source."),
            ({"edition": ""}, "Fill in the edition."),
        ],
    )
    def test_what_is_still_to_be_chosen(self, fields, sentence):
        plan = planned(line(), line(DONCASTER), **fields)
        assert (plan.missing, plan.items, plan.issues) == ((sentence,), (), ())


class TestDigest:
    def test_the_same_plan_has_the_same(self):
        assert planned(line()).digest == planned(line()).digest

    def test_whatever_changes_changes_it(self):
        digests = {
            planned(line()).digest,
            planned(line(percent="22")).digest,
            planned(line(), note="n").digest,
            planned(line(), held=holding(entry())).digest,
            planned(line(), held=holding(entry(), version=2)).digest,
            planned(line(), line()).digest,
            planned(line(), areas=()).digest,
            planned(line(period="2018", kind="Reporting year")).digest,
        }
        assert len(digests) == 8


class TestChoice:
    @pytest.mark.parametrize(
        "chosen",
        [
            Choice({}, {}),
            choice(
                filters={"category": ""},
                neighbours=(DONCASTER, BARNSLEY),
                statistic=Statistic.MEDIAN,
                published_on=date(2018, 10, 25),
                note="n",
            ),
        ],
    )
    def test_kept_and_read_back(self, chosen):
        assert Choice.from_json(chosen.as_json()) == chosen

    def test_nothing_kept(self):
        assert Choice.from_json({}) == Choice({}, {})


def test_many_rows_are_read_once():
    """5,000 rows of 40 columns, as much as a page takes."""
    header = [*HEADER, *(f"indicator_{number}" for number in range(27))]
    more = {f"indicator_{number}": "1.5" for number in range(27)}
    lines = [
        line(code, str(20 + number % 10), period=f"20{year:02}{year + 1:02}", category=f"Group {number}", **more)
        for code in ALL
        for year in range(8, 18)
        for number in range(125)
    ]
    plan = planned(
        *lines, options={"header": header}, filters={"category": "Group 7"}, **{**OF_NEIGHBOURS, "areas": ALL}
    )
    assert len(plan.items) == 50
    assert {one.entry.value for one in plan.items} == {Decimal(27)}
    assert plan.issues == ()
