"""Paragraphs and lists: how a text goes on over a page break, and how cells of HTML are read."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflow.papers.blocks import Block, Run, inline, join, lines_of, markup, text_of
from workflow.papers.markup_cells import blocks_of
from workflow.papers.reading import html_blocks


def p(*texts):
    return tuple(Block("p", (text,)) for text in texts)


def ul(*items):
    return (Block("ul", items),)


@pytest.mark.parametrize(
    ("above", "below", "expected"),
    [
        (p("We have a"), p("plan."), "<p>We have a plan.</p>"),
        (p("We spoke with"), p("Doncaster."), "<p>We spoke with Doncaster.</p>"),
        (p("It grew by"), p("15% at least."), "<p>It grew by 15% at least.</p>"),
        (p("Done."), p("Next."), "<p>Done.</p><p>Next.</p>"),
        (p("He said 'done.'"), p("Next."), "<p>He said 'done.'</p><p>Next.</p>"),
        (p("for two reasons:-"), p("One."), "<p>for two reasons:-</p><p>One.</p>"),
        (p("of agencies, e.g."), p("the police."), "<p>of agencies, e.g. the police.</p>"),
        (p("a re-"), p("referral."), "<p>a re-referral.</p>"),
        (p("a plan -"), p("and more."), "<p>a plan - and more.</p>"),
        (p("a plan"), p(", and more."), "<p>a plan, and more.</p>"),
        (p("a <em>new</em>"), p("<strong>plan</strong> now."), "<p>a <em>new</em> <strong>plan</strong> now.</p>"),
        (p("<strong>What is next</strong>"), p("A plan."), "<p><strong>What is next</strong></p><p>A plan.</p>"),
        (p("What for"), (Block("h3", ("Next",)),), "<p>What for</p><h3>Next</h3>"),
        (p("First.", "We have a"), p("plan.", "Last."), "<p>First.</p><p>We have a plan.</p><p>Last.</p>"),
        (ul("one;", "two;"), ul("three."), "<ul><li>one;</li><li>two;</li><li>three.</li></ul>"),
        (ul("one", "two of"), ul("them", "three"), "<ul><li>one</li><li>two of them</li><li>three</li></ul>"),
        (ul("one", "Two"), ul("Three"), "<ul><li>one</li><li>Two</li><li>Three</li></ul>"),
        (ul("one", "two of"), p("them.", "Next."), "<ul><li>one</li><li>two of them.</li></ul><p>Next.</p>"),
        (ul("one", "two"), p("Next."), "<ul><li>one</li><li>two</li></ul><p>Next.</p>"),
        (ul("one"), (Block("ol", ("first",)),), "<ul><li>one</li></ul><ol><li>first</li></ol>"),
        ((), p("plan."), "<p>plan.</p>"),
        (p("We have a"), (), "<p>We have a</p>"),
    ],
)
def test_a_text_goes_on_over_a_page_break(above, below, expected):
    assert markup(join(above, below)) == expected


@given(st.lists(st.text("abc.,- ", min_size=1, max_size=8).filter(str.strip), max_size=5), st.integers(0, 5))
def test_joining_loses_no_word(texts, place):
    blocks = p(*(text.strip() for text in texts))
    joined = join(blocks[:place], blocks[place:])
    assert "".join(lines_of(joined)).replace(" ", "") == "".join(lines_of(blocks)).replace(" ", "")


@pytest.mark.parametrize(
    ("runs", "expected"),
    [
        ([Run("foo "), Run("bar ", ("strong",)), Run(" baz")], "foo <strong>bar</strong> baz"),
        ([Run("re"), Run("fer", ("em",)), Run("ral")], "re<em>fer</em>ral"),
        ([Run("a", ("em",)), Run(" ", ()), Run("b", ("em",))], "<em>a b</em>"),
        ([Run("a", ("em",)), Run(" "), Run("b", ("strong",))], "<em>a</em> <strong>b</strong>"),
        ([Run(" a\u00a0\t b ")], "a b"),
        ([Run("a \n "), Run(" b")], "a<br>b"),
        ([Run("\na\n")], "a"),
        ([Run("a < b & c")], "a &lt; b &amp; c"),
        ([Run("here", ("<https://a.example/?x=1&y=2>",))], '<a href="https://a.example/?x=1&amp;y=2">here</a>'),
        ([Run(" ")], ""),
        ([], ""),
    ],
)
def test_runs_as_markup(runs, expected):
    assert inline(runs) == expected


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("plain text", "<p>plain text</p>"),
        ("<p>a</p> <p>b", "<p>a</p><p>b</p>"),
        ("<p>a<br/>b</p>", "<p>a<br>b</p>"),
        ("<p>a <b>b</b> <i class='x'>c</i></p>", "<p>a <strong>b</strong> <em>c</em></p>"),
        ("<div>a</div><div>b</div>", "<p>a</p><p>b</p>"),
        ("<h1>a</h1><h3>b</h3>c", "<p>a</p><h3>b</h3><p>c</p>"),
        ("<ul style='x'> > one; > two; <p>after</p>", "<ul><li>one;</li><li>two;</li></ul><p>after</p>"),
        ("<ul>• one • two</ul>x", "<ul><li>one</li><li>two</li></ul><p>x</p>"),
        ("<ul><li>a</li><li><p>b</p><p>c</p></li></ul>", "<ul><li>a</li><li>b<br>c</li></ul>"),
        ("<ol><li>a<ul><li>b</li></ul></li><li>c</li></ol>d", "<ol><li>a</li><li>b</li><li>c</li></ol><p>d</p>"),
        ("<ul><p>a</p></ul>", "<p>a</p>"),
        ("<ul></ul>", ""),
        ("a > b", "<p>a &gt; b</p>"),
        ("<a href='https://a.example'>x</a><a>y</a>", '<p><a href="https://a.example">x</a>y</p>'),
        ("<a href='javascript:alert(1)'>x</a>", "<p>x</p>"),
        ("<script>alert(1)</script><p onclick='x'>a</p><img src=x onerror=y>", "<p>a</p>"),
        ("&lt;b&gt; and &amp;", "<p>&lt;b&gt; and &amp;</p>"),
        ("</p></strong>a", "<p>a</p>"),
        ("", ""),
    ],
)
def test_cells_of_html(cell, expected):
    assert markup(html_blocks(cell)) == expected


def test_the_words_of_a_part():
    assert text_of("a <em>b</em> &amp;<br>c") == "a b &\nc"
    assert lines_of((*p("a<br>b"), *ul("c", "d"))) == ["a", "b", "c", "d"]


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<strong>a<em>b</strong>c</em>", "<p><strong>a</strong><strong><em>b</em></strong><em>c</em></p>"),
        ("<span>a</span></em>", "<p>a</p>"),
        ("<ul><li>a", "<ul><li>a</li></ul>"),
    ],
)
def test_markup_that_the_sanitiser_would_have_mended(html, expected):
    assert markup(blocks_of(html)) == expected
