import pytest
from hypothesis import given
from hypothesis import strategies as st

from commentary import earlier
from commentary.passages import plain
from commentary.sanitising import clean

SIX = "One two three four five six."
FIVE = "One two three four five."
MARK = "[M]"


def texts(html):
    return [(block.tag, block.text) for block in earlier.blocks(html)]


def repeats(html, before):
    return [block.text for block in earlier.repeated(html, before)]


def test_blocks_are_paragraphs_items_and_headings_without_what_is_nested():
    html = "<h3>A</h3><p>b <strong>c</strong><br>d</p><ul><li>e<ul><li><p>f</p></li></ul>g</li></ul>"
    assert texts(html) == [("h3", "A"), ("p", "b c d"), ("li", "e g"), ("li", ""), ("p", "f")]


def test_words_outside_of_blocks_are_a_paragraph():
    assert texts("<strong>a</strong> b<p>c</p>d") == [("p", "a b"), ("p", "c"), ("p", "d")]
    assert texts("") == texts("  ") == []


def test_what_a_text_says_of_tags_is_no_tag():
    assert texts("<p>a &lt;p&gt; b &amp; c</p>") == [("p", "a <p> b & c")]


def test_case_spacing_formatting_and_punctuation_around_words_make_no_difference():
    before = f"<p>{SIX}</p>"
    for now in (
        "<p>one  TWO three<br>four five six</p>",
        "<p>One <strong>two</strong> three <em>fo</em>ur five six!</p>",
        "<ul><li>“One two, three four five six”</li></ul>",
        "<ol><li><p>One two three four five\u200b six.</p></li></ol>",
    ):
        assert len(repeats(now, before)) == 1, now
    assert repeats("<p>It’s one two three four five</p>", "<p>It's one two three four five</p>")


@pytest.mark.parametrize("sign", "\u00ad \u200b \u200f \u202a \u202e \u2060 \u2061 \u2064 \u2066 \u2069 \ufeff".split())
def test_what_nobody_sees_makes_no_difference(sign):
    assert repeats(f"<p>{sign}{SIX}</p>", f"<p>{SIX}</p>")
    assert earlier.has_same_words(f"<p>One {sign}two{sign}</p>", "<p>One two</p>")
    assert earlier.count_words(f"<p>One {sign} two</p>") == 2
    assert clean(f"<p>{sign}</p>") == ""
    assert plain(f"<p>{sign}a{sign}</p>") == "a"


def test_figures_are_told_apart():
    for now, before in (("1.5", "15"), ("70%", "70"), ("−5", "5"), ("5", "6")):
        assert repeats(f"<p>{FIVE} {now}</p>", f"<p>{FIVE} {before}</p>") == [], (now, before)


def test_fewer_than_six_words_and_headings_do_not_count():
    assert repeats(f"<p>{FIVE}</p>", f"<p>{FIVE}</p>") == []
    assert repeats(f"<h3>{SIX}</h3>", f"<h3>{SIX}</h3>") == []
    assert repeats(f"<p>{SIX}</p>", f"<h3>{SIX}</h3>") == []
    assert repeats(f"<p>{SIX}</p>", f"<p>{SIX}</p>") == [SIX]


def test_part_of_a_paragraph_is_no_repetition():
    assert repeats(f"<p>{SIX} Seven.</p>", f"<p>{SIX}</p>") == []
    assert repeats(f"<p>{SIX}</p>", f"<p>{SIX} Seven.</p>") == []


def test_the_beginning_of_a_paragraph():
    assert [block.beginning for block in earlier.blocks(f"<p>{SIX}</p><p>{SIX} Seven.</p>")] == [SIX, f"{SIX} …"]


def test_the_same_words():
    assert earlier.has_same_words(f"<p>{FIVE}</p>", "<p>One <em>two</em>  three</p><p>four five.</p>")
    assert not earlier.has_same_words(f"<p>{FIVE}</p>", f"<p>{FIVE.lower()}</p>")
    assert not earlier.has_same_words(f"<p>{FIVE}</p>", f"<p>{SIX}</p>")
    assert not earlier.has_same_words("", "")
    assert not earlier.has_same_words("<p>a</p>", "")


def test_marks_stand_at_the_beginning_of_what_repeats():
    before = f"<p>{SIX}</p>"
    assert earlier.with_marks(f"<p>New.</p><p>{SIX}</p>", before, MARK) == f"<p>New.</p><p>{MARK}{SIX}</p>"
    nested = f"<ul><li><p>{SIX}</p></li><li>{SIX}<ul><li>b</li></ul></li></ul>"
    marked = f"<ul><li><p>{MARK}{SIX}</p></li><li>{MARK}{SIX}<ul><li>b</li></ul></li></ul>"
    assert earlier.with_marks(nested, before, MARK) == marked
    assert earlier.with_marks(SIX, before, MARK) == f"{MARK}{SIX}"
    assert earlier.with_marks(before, "", MARK) == before


def test_words_are_counted():
    assert earlier.count_words("<h3>A b</h3><p>c <em>d</em>e</p><ul><li>f</li></ul>") == 5
    assert earlier.count_words("") == 0


PIECES = st.sampled_from(
    ["<p>", "</p>", "<ul>", "</ul>", "<li>", "</li>", "<h3>", "</h3>", "<br>", "<strong>", "</strong>"]
    + ["<a href='https://a.b'>", "</a>", "a ", "&lt;p&gt;", "&amp;", " ", "<", ">", f"{SIX} "]
)


@given(st.lists(PIECES, max_size=40).map("".join))
def test_marks_change_nothing_else(html):
    text = clean(html)
    marked = earlier.with_marks(text, f"<p>{SIX}</p>", MARK)
    assert marked.replace(MARK, "") == text
    assert marked.count(MARK) == len(earlier.repeated(text, f"<p>{SIX}</p>"))
    # A mark stands between tags and words, never within one.
    assert clean(marked).replace(MARK, "") == clean(text)


@given(st.lists(PIECES, max_size=40).map("".join))
def test_a_text_is_itself(html):
    text = clean(html)
    assert earlier.has_same_words(text, text) is bool(earlier.count_words(text))
    assert len(earlier.repeated(text, text)) == sum(block.is_long for block in earlier.blocks(text))
