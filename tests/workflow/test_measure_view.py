"""The measure page and its figures as people get them, on the demonstration."""

import json

import pytest

from measures.stats.words import COMPLETE_COUNTS
from tests import demonstration
from tests.measure_reading import address, facts, figure, link, options, page, rows

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("measure-view")]

CYCLE = "/c/childrens-services/2018-Q2/"
MONTHS_B8 = [
    ("September 2018", "70%", "147 of 210"),
    ("August 2018", "73% [i]", "147 of 202"),
    ("July 2018", "75% [i]", "149 of 198"),
]


class TestHeadline:
    def test_b8(self, demo):
        found = page("b8")
        assert found.one("h1").text == "Care proceedings on track to complete within 26 weeks"
        assert found.one("p", class_="eyebrow").text == "B8 · contractual · higher is better"
        headline = found.one("div", class_="headline").text
        assert headline.startswith("70 %")
        assert "Off target" in headline
        assert "Target 90% tolerance 85% [i]" in headline
        assert "147 of 210 cases" in headline

    def test_illustrative_counts_are_not_shown_and_the_page_says_so(self, demo):
        found = page("a1")
        headline = found.one("div", class_="headline").text
        assert headline.startswith("27 %")
        assert " of " not in headline
        assert "Counts behind this value are illustrative and not shown." in found.text

    def test_a_volumetric_pair(self, demo):
        found = page("e34-35")
        assert "1,677 " in found.one("div", class_="headline").text + " "
        assert "Volumetric" in found.one("div", class_="headline").text
        rate = page("e34-35", "?series=E35")
        assert rate.one("div", class_="headline").text.startswith("396 per 10,000")

    def test_a_subgroup_has_no_rating_of_its_own(self, demo):
        found = page("a4", "?series=CiN")
        assert found.one("div", class_="headline").text.startswith("66 %")
        assert found.one("div", class_="headline").all("span", class_="rag") == []


class TestFacts:
    @pytest.mark.parametrize(
        ("slug", "held", "signals"),
        [
            (
                "b8",
                [
                    "70% (147 of 210 cases).",
                    "20 points below the target of 90% and below the tolerance of 85% [i].",
                    "Sixth quarter in a row below target [i].",
                    "8 points worse than Q1 2018/19 [i], worse for the sixth quarter in a row [i].",
                    "42 more of 210 would meet 90%.",
                ],
                [
                    "Clearly below the target and the tolerance: the 95% interval is 63.5 to 75.8%.",
                    "The change from Q1 2018/19 could be chance: "
                    "its 95% interval is 16.6 points worse to 0.4 points better [i].",
                    "September 2018 is a signal of concern, low: outside the process limits [i].",
                    "The target lies beyond the process limits: whatever one month shows, the process as it is usually "
                    "misses it [i].",
                    COMPLETE_COUNTS,
                ],
            ),
            (
                "fo1",
                [
                    "84% (16 of 19 young people).",
                    "6 points below the target of 90% and within the tolerance of 80% [i].",
                    "Fifth quarter in a row below target [i].",
                    "10.5 points better than Q1 2018/19, better for the second quarter in a row.",
                    "2 more of 19 would meet 90%.",
                    "Each young person moves this by 5.3 points; 90% exactly is not attainable at 19.",
                ],
                [
                    "Being below the target could be chance: the 95% interval is 62.4 to 94.5%.",
                    "The change from Q1 2018/19 could be chance: "
                    "its 95% interval is 15.6 points worse to 35.2 points better.",
                    "Q2 2018/19 is everyday variation, by the limits of 13 quarters [i].",
                    "The target lies between the process limits: whatever one quarter shows, the process as it is "
                    "meets it in some quarters and misses it in others [i].",
                    COMPLETE_COUNTS,
                ],
            ),
            (
                "e1",
                [
                    "1,898 contacts a month.",
                    "2.0% higher than Q1 2018/19 [i], higher for the fourth quarter in a row [i].",
                ],
                ["September 2018 is a signal of change, high: outside the process limits [i]."],
            ),
        ],
    )
    def test_what_the_system_writes(self, demo, slug, held, signals):
        found = page(slug)
        assert facts(found) == held
        assert facts(found, "Chance and signals") == signals

    @pytest.mark.parametrize("key", ["officer", "council-director"])
    def test_none_while_the_figures_are_hidden(self, demo, key):
        found = page("e1", key=key, quarter="2018-Q3")
        assert facts(found) == []
        assert "DCST has not submitted its values for Q3 2018/19 yet." in found.one("main").text
        assert "Not submitted yet" in found.one("div", class_="headline").text

    def test_the_provider_reads_them_in_the_open_quarter(self, demo):
        found = page("e1", key="analyst", quarter="2018-Q3")
        assert "Derived from 1 of 3 months." in facts(found)
        assert "not submitted" not in found.one("main").text


class TestTable:
    def test_quarters(self, demo):
        heads, lines = rows(page("b8"))
        assert heads == ["Period", "Value", "Of", "Target", "Tolerance", "Rating"]
        assert len(lines) == 13
        assert lines[:2] == [
            ["Q2 2018/19", "70%", "147 of 210", "90%", "85% [i]", "Off target"],
            ["Q1 2018/19", "78% [i]", "151 of 193", "90%", "85% [i]", "Off target"],
        ]
        assert lines[-1][0] == "Q2 2015/16"

    def test_months(self, demo):
        heads, lines = rows(page("b8", "?by=month"))
        assert heads == ["Period", "Value", "Of", "Target", "Tolerance", "Note"]
        assert len(lines) == 39
        assert [tuple(line[:3]) for line in lines[:3]] == MONTHS_B8
        assert [line[-1] for line in lines if line[0] == "September 2017"] == [
            "The 163 cases stand in the paper; the share on track is illustrative"
        ]

    def test_a_gap_says_why(self, demo):
        _, lines = rows(page("b13"))
        [gap] = [line for line in lines if line[0] == "Q4 2016/17"]
        assert gap[1].startswith("Not available [x]")

    def test_a_series_without_target(self, demo):
        heads, lines = rows(page("e34-35"))
        assert heads[:2] == ["Period", "Value"]
        assert "Target" not in heads
        assert lines[0][:2] == ["Q2 2018/19", "1,677"]


class TestSeries:
    def test_five_series_to_choose_from(self, demo):
        assert options(page("a4", "?series=CiN"), "Series") == [
            ("A4", "?#chart", None),
            ("CiC", "?series=CiC#chart", None),
            ("CPP", "?series=CPP#chart", None),
            ("DUAL", "?series=DUAL#chart", None),
            ("CiN", "?series=CiN#chart", "true"),
        ]

    def test_one_series_is_no_choice(self, demo):
        assert options(page("b8"), "Series") == []

    def test_quarters_or_months(self, demo):
        assert options(page("b8", "?by=month"), "Period") == [
            ("Quarters", "?#chart", None),
            ("Months", "?by=month#chart", "true"),
        ]
        assert options(page("fo1"), "Period") == []

    @pytest.mark.parametrize("end", ["", "figures.csv"])
    def test_an_unknown_one_is_404(self, demo, end):
        response = demonstration.client_of("officer").get(f"{address('a4')}{end}?series=XX")
        assert response.status_code == 404
        assert "A4 has no series of that name in this quarter." in response.text

    @pytest.mark.parametrize("end", ["", "figures.csv"])
    def test_an_unknown_measure_is_404(self, demo, end):
        response = demonstration.client_of("officer").get(f"{address('zz9')}{end}")
        assert response.status_code == 404
        assert "Q2 2018/19 has no such measure." in response.text


class TestSwitches:
    def test_what_is_shown_can_be_switched_off_and_on_again(self, demo):
        shown = options(page("a1"), "Show")
        assert ("Benchmarks : shown, hide", "?benchmarks=off#chart", None) in shown
        assert ("Target : shown, hide", "?target=off#chart", None) in shown
        hidden = options(page("a1", "?benchmarks=off"), "Show")
        assert ("Benchmarks : hidden, show", "?#chart", None) in hidden
        assert ("Target : shown, hide", "?benchmarks=off&target=off#chart", None) in hidden
        assert [node.text for node in page("a1", "?benchmarks=off").all("a", class_="on")] == [
            label for label, _, _ in hidden if "shown" in label
        ]

    def test_series_and_period_keep_them(self, demo):
        assert ("CiC", "?series=CiC&target=off#chart", None) in options(page("a4", "?target=off"), "Series")
        assert options(page("b8", "?by=month&target=off"), "Period") == [
            ("Quarters", "?target=off#chart", None),
            ("Months", "?by=month&target=off#chart", "true"),
        ]

    def test_they_lead_to_the_chart(self, demo):
        assert page("b8").one("div", id="chart").all("div", class_="chart-frame")

    def test_a_series_without_anything_to_switch_has_none(self, demo):
        assert not any(label.startswith("Benchmarks") for label, _, _ in options(page("fo1"), "Show"))


class TestChart:
    def test_it_comes_as_svg_with_its_words_and_as_data(self, demo):
        found = page("b8")
        drawn = [svg for svg in found.all("svg") if svg.attrs.get("role") == "img"]
        assert drawn
        assert "B8 fell from 91% in Q2 2015/16 to 70% in Q2 2018/19" in found.text
        points = [trace for trace in figure(found)["data"] if trace.get("mode") == "markers" and trace["x"]]
        assert any(trace["y"][-1] == 70.0 and trace["x"][-1] == "2018-09-30" for trace in points)

    def test_no_month_of_an_open_quarter_reaches_the_commissioner(self, demo):
        """Neither drawn, nor in the data for the chart, nor in the table."""
        theirs = page("e1", "?by=month", key="officer", quarter="2018-Q3")
        mine = page("e1", "?by=month", key="analyst", quarter="2018-Q3")
        assert "2018-10-31" in json.dumps(figure(mine))
        assert "2018-10-31" not in json.dumps(figure(theirs))
        assert [stop.split(":")[0] for stop in figure(mine)["walk"][-3:]] == [
            "October 2018",
            "November 2018",
            "December 2018",
        ]
        assert "October 2018" not in json.dumps(figure(theirs))
        [october] = [line for line in rows(theirs)[1] if line[0] == "October 2018"]
        assert october[1] == "No value yet"
        assert [line[1] for line in rows(mine)[1] if line[0] == "October 2018"] != ["No value yet"]


class TestAbout:
    def test_definition_and_what_belongs_to_the_measure(self, demo):
        terms = {pair.one("dt").text: pair.one("dd").text for pair in page("b8").all("dl")[0].all("div")}
        assert terms["Quarter’s value"] == "The value at the end of its last month."
        assert terms["Definition"]
        assert terms["Why it matters"]
        assert terms["Area for improvement"].startswith("Yes. Fewer proceedings are on track")

    @pytest.mark.parametrize(
        ("key", "slug", "text"),
        [
            ("officer", "b8", "Remove it from the areas"),
            ("officer", "a2", "Make it one"),
            ("analyst", "b8", None),
            ("council-director", "b8", None),
        ],
    )
    def test_only_the_officer_changes_the_areas(self, demo, key, slug, text):
        links = [node for node in page(slug, key=key).all("a") if node.attrs.get("href", "").endswith("/area/")]
        assert [(node.text, node.attrs["href"]) for node in links] == (
            [(text, f"{address(slug)}area/")] if text else []
        )

    def test_benchmarks(self, demo):
        heads, lines = rows(page("a1", key="council-director"), "Benchmarks")
        assert heads == ["Comparator", "Period", "Value", "Source and method", "Comparability"]
        assert [line[:3] for line in lines] == [
            ["England", "Year to 31 March 2018", "21.9%"],
            ["Yorkshire and The Humber", "Year to 31 March 2018", "22.9%"],
            ["Statistical neighbours (mean)", "Year to 31 March 2018", "20.5%"],
            ["Doncaster", "Year to 31 March 2018", "25.5%"],
        ]
        assert lines[0][3:] == [
            "DfE, LAIT file of 2026 Published figure for the year to 31 March 2018",
            "Close, not the same A year's figure beside a quarter's",
        ]

    def test_who_may_change_a_benchmark_finds_the_way(self, demo):
        heads, lines = rows(page("a1", key="analyst"), "Benchmarks")
        assert (heads[-1], lines[2][-1]) == ("Change", "Change Statistical neighbours (mean), year to 31 March 2018")

    def test_england_s_first_release_is_named(self, demo):
        _, lines = rows(page("e34-35", "?series=E35"), "Benchmarks")
        [england] = [line for line in lines if line[0] == "England"]
        assert england[2] == "345.4 per 10,000"
        assert "341.0" in england[4]


class TestWays:
    def test_previous_and_next_follow_the_scorecard(self, demo):
        found = page("b8")
        assert [node.attrs["href"] for node in found.all("a", rel="prev") + found.all("a", rel="next")] == [
            address("a1"),
            address("e1"),
        ]
        first, last = page("a1"), page("e18-19")
        assert (first.all("a", rel="prev"), last.all("a", rel="next")) == ([], [])

    def test_back_to_the_scorecard(self, demo):
        assert link(page("b8"), "Q2 2018/19") == CYCLE

    def test_the_title_names_measure_and_quarter(self, demo):
        head = page("b8").one("head")
        assert head.one("title").text.startswith("B8 Care proceedings on track to complete within 26 weeks, Q2 2018/19")


class TestPanes:
    def pane(self, found, party):
        return found.one("section", aria_labelledby=f"pane-{party}")

    def test_commissioner_first_then_provider(self, demo):
        panes = [node.attrs["aria-labelledby"] for node in page("b8").all("section", class_="pane")]
        assert panes == ["pane-commissioner", "pane-provider"]

    def test_an_unreleased_text_is_not_yet_released_and_nothing_more(self, demo):
        text = self.pane(page("b8", key="analyst"), "commissioner").text
        assert text == "DMBC response Q1 2018/19 text of the DMBC response Not yet released"

    def test_the_own_party_s_director_reads_the_draft(self, demo):
        text = self.pane(page("b8", key="council-director"), "commissioner").text
        assert "a local measure" in text

    def test_a_released_text_is_read_by_the_other(self, demo):
        assert "29%" in self.pane(page("a1", key="officer"), "provider").text
