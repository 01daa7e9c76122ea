"""What stands around the drawings of the measure page, on the demonstration: keys, marks, limits, panels, groups."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from measures.facts import UNSCREENED
from tests import demonstration
from tests.measure_reading import address, facts, figure, link, options, page

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("measure-view")]

ILLUSTRATIVE = "[i] illustrative: made for this demonstration"


def items(found, label):
    return [line.text for part in found.all("ul", aria_label=label) for line in part.all("li")]


def notes(found):
    return [node.text for node in found.one("div", id="chart").all("p", class_="chart-note")]


def frames(found):
    return [node.attrs["data-chart"] for node in found.all("div", class_="chart-frame")]


class TestKeys:
    def test_only_what_the_chart_shows(self, demo):
        assert items(page("b8"), "Key") == [ILLUSTRATIVE]
        assert items(page("a4"), "Key") == [
            "signal of improvement",
            "signal of concern",
            ILLUSTRATIVE,
            "process limits and mean",
        ]
        assert "process limits and mean" not in items(page("a4", "?limits=off"), "Key")

    def test_marks_are_listed_with_their_numbers(self, demo):
        assert items(page("b8"), "Marks on the chart") == [
            "1 1: Event, 16 April 2018: The court hears care cases on fewer days a week (illustrative)."
        ]
        assert items(page("fo1"), "Marks on the chart") == []

    def test_the_way_to_the_events_of_the_series(self, demo):
        found = page("a4", "?series=CiN")
        assert link(found, "Events") == f"{address('a4')}events/?series=CiN"
        assert link(found, "Record an event") == f"{address('a4')}events/?series=CiN#record"

    def test_who_may_not_record_one_finds_the_list_alone(self, demo):
        found = page("b8", key="administrator", quarter="2018-Q1")
        assert link(found, "Events") == f"{address('b8', quarter='2018-Q1')}events/?series=B8"
        assert [node for node in found.all("a") if node.text == "Record an event"] == []


ALL = (
    "All of them are signals: the process itself may have changed, and limits set anew from the change on would show "
    "what is usual since."
)


class TestLimits:
    def test_on_months_while_quarters_are_shown(self, demo):
        found = page("b8")
        assert notes(found) == ["Process limits are computed on its 39 months [i]. Show months"]
        assert link(found, "Show months") == "?by=month#chart"

    def test_where_they_are_drawn(self, demo):
        months = "Process limits from 39 months, July 2015 to September 2018 [i]. "
        assert notes(page("b8", "?by=month")) == [months + ALL]
        quarters = "Process limits from 13 quarters, Q2 2015/16 to Q2 2018/19 [i]. "
        assert notes(page("fo1")) == [quarters + ALL.replace("All", "12")]
        assert notes(page("fo1", "?limits=off")) == []

    def test_screened_ones_are_not_those_of_the_sentences(self, demo):
        said = [UNSCREENED in facts(page("b8", query), "Chance and signals") for query in ("?by=month", "?screen=on")]
        assert said == [False, False]
        assert UNSCREENED in facts(page("b8", "?by=month&screen=on"), "Chance and signals")


class TestPanels:
    def test_the_number_above_its_rate(self, demo):
        for query in ("", "?series=E35"):
            found = page("e34-35", query)
            assert frames(found) == ["trend-figure-1", "trend-figure-2"]
            number, rate = (figure(found, name) for name in frames(found))
            assert (number["title"], rate["title"]) == (
                "E34/35 Number and rate of children in need: Children in need",
                "E34/35 Number and rate of children in need: Rate of children in need",
            )
            assert number["layout"]["xaxis"]["range"] == rate["layout"]["xaxis"]["range"]
            assert number["layout"]["margin"]["r"] == rate["layout"]["margin"]["r"]

    def test_the_picture_is_the_chosen_series_alone_with_its_periods(self, demo):
        found = page("e34-35")
        picture = figure(found, "trend-picture")
        assert picture["title"] == figure(found, "trend-figure-1")["title"]
        assert "Q2 18/19" in [one["text"] for one in picture["layout"]["annotations"]]
        assert figure(page("e34-35", "?series=E35"), "trend-picture")["title"].endswith("Rate of children in need")
        assert [node for node in page("b8").all("script") if node.attrs.get("id") == "trend-picture"] == []

    def test_the_number_alone_by_months_which_its_rate_is_not_held_by(self, demo):
        assert frames(page("e34-35", "?by=month")) == ["trend-figure"]

    def test_each_is_named_in_the_switcher_and_beside_its_limits(self, demo):
        found = page("e34-35", "?series=E35")
        assert options(found, "Series") == [("E34", "?#chart", None), ("E35", "?series=E35#chart", "true")]
        assert notes(found)[:2] == [
            "E34. Process limits are computed on its 39 months [i]. Show months",
            "E35. Process limits from 13 quarters, Q2 2015/16 to Q2 2018/19 [i]. " + ALL,
        ]
        assert link(found, "Show months") == "?by=month#chart"

    def test_what_either_shows_can_be_switched_off(self, demo):
        shown = ["Limits : shown, hide", "Screened limits : hidden, show", "Benchmarks : shown, hide"]
        assert [label for label, _, _ in options(page("e34-35"), "Show")] == shown
        assert "process limits and mean" not in items(page("e34-35", "?limits=off"), "Key")

    def test_populations_that_do_not_agree(self, demo):
        may_not = "a number and its rate may not share a definition."
        assert notes(page("e34-35"))[-1] == (
            f"1,677 at 396 per 10,000 implies a population of 42,348; 589 at 89 per 10,000 implies 66,180: {may_not}"
        )
        assert notes(page("e18-19"))[-1] == (
            f"589 at 89 per 10,000 implies a population of 66,180; 1,677 at 396 per 10,000 implies 42,348: {may_not}"
        )

    def test_as_many_queries_as_one_series_takes(self, demo):
        client = demonstration.client_of("council-director")
        client.get(address("b8"))
        counts = []
        for slug in ("fo1", "e34-35", "a4"):
            with CaptureQueriesContext(
                connection,
            ) as asked:
                client.get(address(slug))
            counts.append(len(asked))
        assert len(set(counts)) == 1
        assert counts[0] <= 14


class TestGroups:
    def groups(self, found):
        return [
            (node.one("a").text, node.one("a").attrs["href"], node.one("span").text)
            for part in found.all("ul", class_="multiples")
            for node in part.all("figcaption")
        ]

    def test_each_with_its_latest_value_leads_to_its_series(self, demo):
        assert self.groups(page("a4")) == [
            ("Children in care", "?series=CiC#chart", "80%"),
            ("Child protection plan", "?series=CPP#chart", "83%"),
            ("Dual registered", "?series=DUAL#chart", "76%"),
            ("Children in need", "?series=CiN#chart", "66%"),
        ]
        assert self.groups(page("b8")) == []

    def test_an_older_value_has_its_period_and_an_illustrative_one_its_mark(self, demo):
        assert [told for _, _, told in self.groups(page("a4", quarter="2018-Q3"))] == [
            f"Q2 2018/19 {latest}" for latest in ("80%", "83%", "76%", "66%")
        ]
        [mark, *_] = page("a4", quarter="2016-Q2").one("ul", class_="multiples").all("abbr")
        assert "i" in mark.text

    def test_a_link_keeps_what_was_chosen(self, demo):
        assert self.groups(page("a4", "?target=off"))[0][1] == "?series=CiC&target=off#chart"

    def test_they_stand_on_one_scale_and_plotly_never_draws_them(self, demo):
        found = page("a4")
        [part] = found.all("ul", class_="multiples")
        drawn = part.all("svg")
        assert len(drawn) == 4
        scales = [tuple(text.text for text in svg.all("text") if text.text.endswith("%"))[:2] for svg in drawn]
        assert len(set(scales)) == 1
        assert frames(found) == ["trend-figure"]
