import pytest
from django.template import Context, Template

from measures.templatetags.marks import WORDS, marks
from tests.markup import parse
from tests.rows import reading


def rendered(letters):
    return Template("{% load marks %}70%{% marks letters %}").render(Context({"letters": letters}))


def test_every_letter_has_its_words():
    assert WORDS == {
        "i": "illustrative",
        "p": "provisional",
        "r": "revised",
        "x": "not available",
        "c": "suppressed",
        "z": "not applicable",
    }


def test_none():
    assert rendered(()) == "70%"


def test_each_follows_after_a_space():
    assert rendered(reading(70, illustrative=True, revised=True).marks) == (
        '70% <abbr class="mark" title="illustrative">[i]</abbr> <abbr class="mark" title="revised">[r]</abbr>'
    )


def test_a_single_letter_is_one_mark_and_an_empty_text_none():
    assert parse(rendered("i")).one("abbr").text == "[i]"
    assert rendered("") == "70%"


def test_with_an_address_the_mark_of_a_revision_leads_there():
    text = Template("{% load marks %}70%{% marks 'pr' history %}").render(Context({"history": "/c/x/?a=1&b=2"}))
    assert text == (
        '70% <abbr class="mark" title="provisional">[p]</abbr> <a class="revised" href="/c/x/?a=1&amp;b=2">'
        '<abbr class="mark" title="revised">[r]</abbr><span class="visually-hidden"> history</span></a>'
    )


def test_a_letter_without_meaning_is_an_error():
    with pytest.raises(KeyError):
        marks(["q"])


class TestDrawing:
    def render(self, text):
        return Template("{% load charts %}{{ text|drawing }}").render(Context({"text": text}))

    def test_a_drawing_stands_as_it_is(self):
        assert self.render('<svg class="spark"/>') == '<svg class="spark"/>'
        assert self.render("") == ""

    def test_nothing_else_does(self):
        with pytest.raises(ValueError, match="Only a drawing"):
            self.render("<script>alert(1)</script>")
