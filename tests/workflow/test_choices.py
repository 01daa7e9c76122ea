import pytest
from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st

from measures.quarters import Quarter
from measures.rating import Status
from measures.rows import COUNTED
from measures.terms import Kind
from tests.rows import card, measure, rated, series
from workflow.choices import Chip, Option, Switcher, View
from workflow.tiles import tiles

RED, AMBER, GREEN = rated("B8", 70), rated("A8", 87, section="Visits"), rated("A2", 95, section="Visits")
MISSED = rated("A4", 60, tolerance=None, section="Visits")
VOLUMETRIC = measure("E1", series(1898, unit="count", polarity="neutral"), kind=Kind.VOLUMETRIC, section="Contacts")
AREA = rated("A1", 89, area_reason="Above target twice.", section="Visits")
VOLUMETRIC_AREA = measure(
    "E34", series(1677, unit="count", polarity="neutral"), kind=Kind.VOLUMETRIC, area_reason="Why"
)


def of(query):
    return View.of(QueryDict(query))


def shown(view, *rows):
    """Titles of the groups with the codes in each."""
    return [
        (group.title, [tile.row.code for tile in group.members])
        for group in view.groups(tiles(card(*rows), {}, {}, str))
    ]


class TestReading:
    @pytest.mark.parametrize(
        "query", ["", "show=", "show=blue", "view=list", "sort=name", "show=missed", "other=1", "show=RED"]
    )
    def test_what_is_not_known_is_left_out(self, query):
        assert of(query) == View()

    def test_what_is_known_among_it_stays(self):
        assert of("show=red,blue,,green&view=table&sort=concern") == View(
            frozenset({Status.RED, Status.GREEN}), True, True
        )

    def test_the_last_of_two_counts(self):
        assert of("show=red&show=amber").show == {Status.AMBER}

    @given(st.sets(st.sampled_from(COUNTED)), st.booleans(), st.booleans())
    def test_an_address_says_what_was_chosen(self, show, as_table, concern_first):
        view = View(frozenset(show), as_table, concern_first)
        assert of(view.url.removeprefix("?")) == view

    @given(st.text())
    def test_any_text_is_taken(self, text):
        assert View.of({"show": text, "view": text, "sort": text}).show <= set(COUNTED)


class TestAddresses:
    def test_the_plain_page(self):
        assert (View().url, View().everything_url) == ("?", "?")

    def test_the_order_is_always_the_same(self):
        assert of("sort=concern&view=table&show=green,red").url == "?show=red,green&view=table&sort=concern"

    def test_everything_keeps_layout_and_order(self):
        assert of("show=red&view=table&sort=concern").everything_url == "?view=table&sort=concern"

    def test_layouts(self):
        assert of("show=red").layouts() == [
            Option("Tiles", "?show=red", True),
            Option("Table", "?show=red&view=table", False),
        ]
        assert [option.current for option in of("view=table").layouts()] == [False, True]

    def test_orders(self):
        assert of("view=table").orders() == [
            Option("By section", "?view=table", True),
            Option("By concern", "?view=table&sort=concern", False),
        ]
        assert [option.current for option in of("sort=concern").orders()] == [False, True]


class TestChips:
    CARD = card(RED, AMBER, GREEN, MISSED, VOLUMETRIC)

    def test_counts_with_the_address_that_adds_each(self):
        assert View().chips(self.CARD) == [
            Chip("red", "Off target", 1, "?show=red", False),
            Chip("amber", "Within tolerance", 1, "?show=amber", False),
            Chip("green", "On target", 1, "?show=green", False),
            Chip("none", "Not rated", 2, "?show=none", False),
        ]

    def test_a_chosen_one_leads_back(self):
        chips = of("show=red,green&sort=concern").chips(self.CARD)
        assert [(chip.url, chip.current) for chip in chips] == [
            ("?show=green&sort=concern", True),
            ("?show=red,amber,green&sort=concern", False),
            ("?show=red&sort=concern", True),
            ("?show=red,green,none&sort=concern", False),
        ]

    @given(st.sets(st.sampled_from(COUNTED)), st.sampled_from(COUNTED))
    def test_twice_is_as_before(self, show, toggled):
        view = View(frozenset(show))

        def click(view):
            [chip] = [chip for chip in view.chips(self.CARD) if chip.status == toggled]
            return of(chip.url.removeprefix("?"))

        assert click(click(view)) == view
        assert click(view).show == show ^ {toggled}


class TestGroups:
    EVERY = (RED, AREA, GREEN, VOLUMETRIC, AMBER, VOLUMETRIC_AREA, MISSED)

    def test_areas_then_sections_then_volumetric(self):
        assert shown(View(), *self.EVERY) == [
            ("Areas for improvement", ["A1", "E34"]),
            ("Court work", ["B8"]),
            ("Visits", ["A2", "A8", "A4"]),
            ("Volumetric", ["E1"]),
        ]

    def test_empty_groups_are_left_out(self):
        assert shown(View(), GREEN) == [("Visits", ["A2"])]
        assert shown(View(), VOLUMETRIC) == [("Volumetric", ["E1"])]
        assert shown(View()) == []

    def test_notes_say_what_a_group_is(self):
        groups = View().groups(tiles(card(*self.EVERY), {}, {}, str))
        assert [group.note for group in groups] == [
            "chosen by the commissioner",
            "",
            "",
            "no target: they explain the others",
        ]

    def test_a_group_fills_at_most_four_columns(self):
        rows = [rated(f"M{index}", 70) for index in range(5)]
        assert [View().groups(tiles(card(*rows[:n]), {}, {}, str))[0].width for n in (1, 3, 4, 5)] == [1, 3, 4, 4]

    @pytest.mark.parametrize(
        ("query", "codes"),
        [
            ("show=red", [["B8"]]),
            ("show=none", [["E34"], ["A4"], ["E1"]]),
            ("show=amber,green", [["A1"], ["A2", "A8"]]),
            ("show=red,amber,green,none", [["A1", "E34"], ["B8"], ["A2", "A8", "A4"], ["E1"]]),
        ],
    )
    def test_a_filter_shows_only_those(self, query, codes):
        assert [group for _, group in shown(of(query), *self.EVERY)] == codes

    def test_a_filter_that_nothing_passes(self):
        assert shown(of("show=green"), RED) == []
        assert shown(of("show=green&sort=concern"), RED) == []

    def test_by_concern_is_one_group(self):
        assert shown(of("sort=concern"), *self.EVERY) == [("By concern", ["B8", "A4", "A8", "A1", "A2", "E1", "E34"])]

    def test_by_concern_and_filtered(self):
        assert shown(of("sort=concern&show=amber,red"), *self.EVERY) == [("By concern", ["B8", "A8", "A1"])]

    @given(st.permutations(EVERY), st.sets(st.sampled_from(COUNTED)), st.booleans())
    def test_nothing_is_lost_or_shown_twice(self, rows, show, concern_first):
        groups = shown(View(frozenset(show), False, concern_first), *rows)
        codes = [code for _, group in groups for code in group]
        chips = {chip.status: chip.count for chip in View().chips(card(*rows))}
        assert len(codes) == len(set(codes)) == sum(chips[status] for status in (show or COUNTED))


class TestSwitcher:
    Q2 = Quarter(2018, 2)

    def of(self, *quarters):
        return Switcher.of(self.Q2, quarters, lambda quarter: f"/{quarter.code}/")

    def test_all_of_them_latest_first(self):
        assert self.of(self.Q2, self.Q2.next, self.Q2.previous) == Switcher(
            previous=Option("Q1 2018/19", "/2018-Q1/"),
            current="Q2 2018/19",
            next=Option("Q3 2018/19", "/2018-Q3/"),
            all=[
                Option("Q3 2018/19", "/2018-Q3/", False),
                Option("Q2 2018/19", "/2018-Q2/", True),
                Option("Q1 2018/19", "/2018-Q1/", False),
            ],
        )

    def test_no_neighbours(self):
        alone = self.of(self.Q2, self.Q2.shift(2), self.Q2.shift(-2))
        assert (alone.previous, alone.next) == (None, None)
        assert [option.label for option in alone.all] == ["Q4 2018/19", "Q2 2018/19", "Q4 2017/18"]
