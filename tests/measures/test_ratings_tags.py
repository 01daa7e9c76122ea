"""A rating as badge and in a strip: word, shape and colour, every text escaped."""

import pytest
from django.template import Context, Template

from accounts.templatetags.icons import ICONS
from measures.rating import Status
from measures.templatetags.ratings import rag, strip
from tests.markup import parse
from workflow.tiles import Cell

NASTY = '<b>"&'


class TestBadge:
    def test_word_shape_and_colour(self):
        assert rag("red", "Off target") == f'<span class="rag rag-red">{ICONS["red"]}Off target</span>'

    def test_a_reason_is_its_title(self):
        made = parse(rag("none", "Not rated", NASTY)).one("span")
        assert (made.attrs["title"], made.text) == (NASTY, "Not rated")

    def test_a_plain_one(self):
        assert parse(rag("green", "On target", extra="plain")).one("span").attrs["class"] == "rag rag-green plain"

    def test_texts_are_escaped(self):
        assert parse(rag("red", NASTY)).one("span").text == NASTY

    @pytest.mark.parametrize("status", Status)
    def test_every_status_has_a_shape_of_its_own(self, status):
        assert ICONS[status] in rag(status, "Word")
        assert len({ICONS[each] for each in Status}) == len(Status)

    def test_a_status_without_a_shape_is_an_error(self):
        with pytest.raises(KeyError):
            rag("purple", "Word")

    def test_in_a_template(self):
        made = Template('{% load ratings %}{% rag "red" word extra="plain" %}').render(Context({"word": NASTY}))
        assert made == rag("red", NASTY, extra="plain")


class TestStrip:
    CELLS = (Cell("Q1 2018/19", "green", "on target"), Cell("Q2 2018/19", "", "no value"))

    def test_one_item_a_quarter_oldest_first(self):
        [listed] = parse(strip(self.CELLS)).all("ul")
        assert (listed.attrs["class"], listed.attrs["aria-label"]) == ("strip", "Rating of the last eight quarters")
        assert [(one.attrs["class"], one.attrs["title"], one.text) for one in listed.all("li")] == [
            ("rag-green", "Q1 2018/19: on target", "Q1 2018/19: on target"),
            ("gap", "Q2 2018/19: no value", "Q2 2018/19: no value"),
        ]

    def test_a_gap_has_no_shape(self):
        rated, gap = parse(strip(self.CELLS)).all("li")
        assert (len(rated.all("svg")), len(gap.all("svg"))) == (1, 0)
        assert ICONS["green"] in strip(self.CELLS)

    def test_a_label_of_its_own(self):
        assert parse(strip((), NASTY)).one("ul").attrs["aria-label"] == NASTY

    def test_texts_are_escaped(self):
        [one] = parse(strip([Cell(NASTY, "red", NASTY)])).all("li")
        assert (one.attrs["title"], one.text) == (f"{NASTY}: {NASTY}", f"{NASTY}: {NASTY}")

    def test_cells_that_differ_in_one_thing_are_drawn_apart(self):
        cells = [Cell(quarter, status, word) for quarter in "AB" for status in ("red", "green") for word in "CD"]
        items = parse(strip(cells)).all("li")
        assert len({(one.attrs["class"], one.text) for one in items}) == 8
