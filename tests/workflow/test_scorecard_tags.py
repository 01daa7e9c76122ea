"""The pieces of a tile that the table shows too."""

import pytest
from django.template import Context, Template

from accounts.templatetags.icons import ICONS
from tests.markup import parse
from tests.rows import measure
from workflow.templatetags.scorecard import party, signal, travel
from workflow.tiles import ARROWS, ASSURED, SIGNALS, Marked, PartyMark, Signal, Tile

NASTY = '<b>"&'


def tile(**fields):
    return Tile(measure("B8"), "/m/b8/", "Off target", (), **fields)


class TestTravel:
    def test_direction_and_reference(self):
        made = travel(tile(direction="worsened", travel=Marked("8 points worse than Q1 2018/19")))
        drawn = parse(made).one("p")
        assert (drawn.attrs["class"], drawn.text) == ("travel travel-worsened", "8 points worse than Q1 2018/19")
        assert ICONS["down"] in made

    @pytest.mark.parametrize("direction", ARROWS)
    def test_every_direction_has_its_icon(self, direction):
        assert ICONS[ARROWS[direction]] in travel(tile(direction=direction))

    def test_without_direction(self):
        made = parse(travel(tile(travel=Marked("New definition: not compared")))).one("p")
        assert (made.attrs["class"], made.text) == ("travel travel-none", "New definition: not compared")
        assert made.all("svg") == []

    def test_marks_follow_the_text(self):
        made = parse(travel(tile(direction="improved", travel=Marked("Better", ("i",))))).one("p")
        assert made.text == "Better [i]"
        assert made.one("abbr").attrs["title"] == "illustrative"

    def test_texts_are_escaped(self):
        assert parse(travel(tile(travel=Marked(NASTY)))).one("p").text == NASTY


class TestSignal:
    def test_words_shape_and_colour(self):
        made = signal(Signal("concern", "signal-low", "Signal of concern, meets the target at times"))
        drawn = parse(made).one("p")
        assert (drawn.attrs["class"], drawn.text) == (
            "signal signal-concern",
            "Signal of concern, meets the target at times",
        )
        assert ICONS["signal-low"] in made
        assert drawn.all("abbr") == []

    @pytest.mark.parametrize("given", SIGNALS.values())
    def test_every_signal_has_a_shape(self, given):
        assert ICONS[given[1]] in signal(Signal(*given))

    def test_marks_follow_the_text(self):
        assert parse(signal(Signal("common", "wave", "Everyday variation", ("i",)))).one("p").text == (
            "Everyday variation [i]"
        )

    def test_texts_are_escaped(self):
        assert parse(signal(Signal("common", "wave", NASTY))).one("p").text == NASTY

    def test_shapes_and_words_tell_signals_apart_without_colour(self):
        assert len({(icon, words) for _, icon, words in SIGNALS.values()}) == len(SIGNALS)
        assert len(set(ASSURED.values())) == len(ASSURED)


class TestParty:
    @pytest.mark.parametrize(
        ("released", "classes", "icon", "said"),
        [(True, "party released", "done", "released"), (False, "party", "open", "not yet released")],
    )
    def test_released_or_not(self, released, classes, icon, said):
        made = party(PartyMark("DCST", released))
        drawn, hidden = parse(made).all("span")
        assert (drawn.attrs["class"], hidden.attrs["class"], hidden.text) == (classes, "visually-hidden", f": {said}")
        assert made.startswith(f'<span class="{classes}">{ICONS[icon]}DCST<span')

    def test_names_are_escaped(self):
        assert parse(party(PartyMark(NASTY, True))).all("span")[0].text.startswith(NASTY)


def test_in_a_template():
    given = {
        "tile": tile(travel=Marked(NASTY)),
        "signal": Signal("common", "wave", NASTY),
        "mark": PartyMark("A", True),
    }
    made = Template("{% load scorecard %}{% travel tile %}{% signal signal %}{% party mark %}").render(Context(given))
    assert made == travel(given["tile"]) + signal(given["signal"]) + party(given["mark"])
