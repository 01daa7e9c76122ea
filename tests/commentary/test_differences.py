import random
import re
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from commentary.alignment import aligned, gaps
from commentary.differences import MINE, THEIRS, Compared, compare, together
from commentary.sanitising import clean

HIDDEN = re.compile(r'<span class="visually-hidden">[^<]*</span>')
MARK = re.compile(r"</?(?:ins|del)(?: class=\"form\")?>")


def unlabelled(html):
    return HIDDEN.sub("", html)


def labels(html):
    return [label.removesuffix(": ") for label in re.findall(r'hidden">([^<]*)</span>', html)]


def words(html):
    return re.findall(r"[\w&;]+", re.sub(r"<[^>]*>", " ", html))


# (what it shows, old, new, old marked, new marked)
EXAMPLES = [
    ("equal", "<p>One two.</p>", "<p>One two.</p>", "<p>One two.</p>", "<p>One two.</p>"),
    ("both empty", "", "", "", ""),
    ("a first text", "", "<p>One two.</p>", "", "<p><ins>One two.</ins></p>"),
    ("emptied", "<p>One two.</p>", "", "<p><del>One two.</del></p>", ""),
    (
        "a word changed",
        "<p>The rate rose in March again.</p>",
        "<p>The rate fell in March again.</p>",
        "<p>The rate <del>rose</del> in March again.</p>",
        "<p>The rate <ins>fell</ins> in March again.</p>",
    ),
    (
        "figures are words",
        "<p>We reached 69.5% out of 1,898 in 2017/18.</p>",
        "<p>We reached 70% out of 1,899 in 2017/18.</p>",
        "<p>We reached <del>69.5%</del> out of <del>1,898</del> in 2017/18.</p>",
        "<p>We reached <ins>70%</ins> out of <ins>1,899</ins> in 2017/18.</p>",
    ),
    (
        "words that follow one another are one mark",
        "<p>We expect this to end.</p>",
        "<p>We now all expect this to end.</p>",
        "<p>We expect this to end.</p>",
        "<p>We <ins>now all</ins> expect this to end.</p>",
    ),
    (
        "a short word between changes is changed too",
        "<p>Here stand fourteen of nineteen children.</p>",
        "<p>Here stand eleven of twenty children.</p>",
        "<p>Here stand <del>fourteen of nineteen</del> children.</p>",
        "<p>Here stand <ins>eleven of twenty</ins> children.</p>",
    ),
    (
        "a list item added",
        "<ul><li><p>One</p></li><li><p>Two</p></li></ul>",
        "<ul><li><p>One</p></li><li><p>New</p></li><li><p>Two</p></li></ul>",
        "<ul><li><p>One</p></li><li><p>Two</p></li></ul>",
        "<ul><li><p>One</p></li><li><p><ins>New</ins></p></li><li><p>Two</p></li></ul>",
    ),
    (
        "a paragraph replaced by one of other words",
        "<p>One</p><p>Old words here</p><p>End</p>",
        "<p>One</p><p>Another sentence stands</p><p>End</p>",
        "<p>One</p><p><del>Old words here</del></p><p>End</p>",
        "<p>One</p><p><ins>Another sentence stands</ins></p><p>End</p>",
    ),
    (
        "bold added",
        "<p>One two three</p>",
        "<p>One <strong>two</strong> three</p>",
        '<p>One <del class="form">two</del> three</p>',
        '<p>One <strong><ins class="form">two</ins></strong> three</p>',
    ),
    (
        "a link led elsewhere",
        '<p><a href="https://a.org" rel="noopener noreferrer">One</a></p>',
        '<p><a href="https://b.org" rel="noopener noreferrer">One</a></p>',
        '<p><a href="https://a.org" rel="noopener noreferrer"><del class="form">One</del></a></p>',
        '<p><a href="https://b.org" rel="noopener noreferrer"><ins class="form">One</ins></a></p>',
    ),
    (
        "a paragraph made a heading",
        "<p>One two</p>",
        "<h3>One two</h3>",
        '<p><del class="form">One two</del></p>',
        '<h3><ins class="form">One two</ins></h3>',
    ),
    (
        "a line broken",
        "<p>One two three</p>",
        "<p>One two<br>three</p>",
        "<p>One two three</p>",
        "<p>One two<ins><br></ins>three</p>",
    ),
    (
        "across bold a mark is begun again",
        "<p>A word</p>",
        "<p>A word <em>and</em> more</p>",
        "<p>A word</p>",
        "<p>A word <em><ins>and</ins></em> <ins>more</ins></p>",
    ),
    (
        "escaped text stays escaped",
        "<p>A &lt;b&gt; here</p>",
        "<p>A &lt;i&gt; here</p>",
        "<p>A &lt;<del>b</del>&gt; here</p>",
        "<p>A &lt;<ins>i</ins>&gt; here</p>",
    ),
    ("text outside of any block", "One two", "One too", "One <del>two</del>", "One <ins>too</ins>"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "left", "right"), [row[1:] for row in EXAMPLES], ids=[r[0] for r in EXAMPLES])
def test_what_is_marked(old, new, left, right):
    found = compare(old, new)
    assert (unlabelled(found.old), unlabelled(found.new)) == (left, right)
    assert found.changed is (old != new)


@pytest.mark.parametrize(
    ("old", "new", "sentence", "of_old", "of_new"),
    [
        ("<p>One</p>", "<p>One</p>", "Nothing changed", [], []),
        ("<p>A b c</p>", "<p>A b d e</p>", "2 words added, 1 word removed", ["Changed"], ["Changed"]),
        ("", "<p>One</p><p>Two</p>", "2 words added", [], ["Added", "Added"]),
        ("<h3>One two</h3>", "", "2 words removed", ["Removed"], []),
        ("<p>A b</p>", "<p>A <em>b</em></p>", "Only the formatting changed", *[["Formatting changed"]] * 2),
        (
            "<p>A b c</p>",
            "<p>A <em>b</em> c d</p>",
            "1 word added, formatting changed",
            ["Formatting changed"],
            ["Changed"],
        ),
        ("<p>A b</p>", "<p>A  b</p><p></p>", "Only spaces or empty lines changed", [], []),
        ("<p>A b.</p>", "<p>A b!</p>", "Only the punctuation changed", ["Changed"], ["Changed"]),
    ],
)  # fmt: skip
def test_what_is_said(old, new, sentence, of_old, of_new):
    found = compare(old, new)
    assert found.sentence == sentence
    assert (labels(found.old), labels(found.new)) == (of_old, of_new)


def test_two_texts_side_by_side_are_neither_old_nor_new():
    found = compare("<p>Theirs</p><p>Both a</p>", "<p>Mine</p><p>Both b</p>", (THEIRS, MINE))
    assert labels(found.old) == labels(found.new) == ["Only in this text", "Differs"]


def test_what_is_no_known_tag_comes_back_as_text():
    found = compare("<p>a</p><script>x</script>", '<img src=x onerror="y">')
    assert "<script" not in found.old
    assert "<img" not in found.new
    assert "&lt;" in found.old
    assert "&lt;" in found.new


TOGETHER = [
    ("equal", "<p>One. Two.</p>", "<p>One. Two.</p>", "<p>One. Two.</p>"),
    ("one empty", "", "<p>One.</p>", "<p>One.</p>"),
    ("the other empty", "<p>One.</p>", "", "<p>One.</p>"),
    ("both went on", "<p>Both of us. Theirs.</p>", "<p>Both of us. Mine.</p>", "<p>Both of us. Theirs. Mine.</p>"),
    (
        "a sentence changed in the middle",
        "<p>A one. B theirs two. C three.</p>",
        "<p>A one. B mine two. C three.</p>",
        "<p>A one. B theirs two. B mine two. C three.</p>",
    ),
    ("paragraphs with nothing in common", "<p>One</p>", "<p>Two</p>", "<p>One</p><p>Two</p>"),
    (
        "a list that both lengthened",
        "<ul><li><p>A</p></li><li><p>B</p></li></ul>",
        "<ul><li><p>A</p></li><li><p>C</p></li></ul>",
        "<ul><li><p>A</p></li><li><p>B</p></li><li><p>C</p></li></ul>",
    ),
    (
        "a list item before the first",
        "<ul><li><p>A</p></li></ul>",
        "<ul><li><p>C</p></li><li><p>A</p></li></ul>",
        "<ul><li><p>C</p></li><li><p>A</p></li></ul>",
    ),
    ("a heading made of a paragraph", "<p>A b</p>", "<h3>A b</h3>", "<p>A b</p><h3>A b</h3>"),
    (
        "bold in one of them",
        "<p>A b. C.</p>",
        "<p>A <strong>b</strong>. C.</p>",
        "<p>A b. A <strong>b</strong>. C.</p>",
    ),
    ("bare text is parted", "one two", "three four", "one two three four"),
]


@pytest.mark.parametrize(("theirs", "mine", "both"), [row[1:] for row in TOGETHER], ids=[row[0] for row in TOGETHER])
def test_both_in_one(theirs, mine, both):
    assert together(theirs, mine) == both


leaf = st.lists(
    st.sampled_from(["one", "two", "three", "70%", "1,898", "it’s", "&amp;", "&lt;x&gt;", ".", "!", "<br>", " ", "  "])
    | st.sampled_from(["one", "two", "x y"]).map("<strong>{}</strong>".format)
    | st.sampled_from(["two. three", "z"]).map("<em>a<strong>{}</strong></em>".format)
    | st.sampled_from(["https://a.org", "mailto:a@b.org"]).map(
        lambda href: f'<a href="{href}" rel="noopener noreferrer">one two</a>'
    ),
    max_size=8,
).map(" ".join)  # fmt: skip
item = leaf.map("<li><p>{}</p></li>".format)
nested = st.tuples(leaf, st.lists(item, min_size=1, max_size=3).map("".join)).map(
    lambda parts: f"<li><p>{parts[0]}</p><ol>{parts[1]}</ol></li>"
)
block = (
    leaf.map("<p>{}</p>".format)
    | leaf.map("<h3>{}</h3>".format)
    | st.lists(item | nested, min_size=1, max_size=3).map(lambda items: f"<ul>{''.join(items)}</ul>")
    | st.lists(item, min_size=1, max_size=3).map(lambda items: f'<ol start="3">{"".join(items)}</ol>')
    | leaf
)
texts = st.lists(block, max_size=6).map(lambda blocks: clean("".join(blocks)))


@given(texts, texts)
@settings(max_examples=300)
def test_without_the_marks_both_texts_are_what_they_were(old, new):
    found = compare(old, new)
    assert MARK.sub("", unlabelled(found.old)) == old
    assert MARK.sub("", unlabelled(found.new)) == new
    assert "<ins" not in found.old
    assert "<del" not in found.new
    # What is not marked as another word is in both: the same words in the same order.
    kept = [
        re.sub(rf"<{tag}>.*?</{tag}>", " ", unlabelled(html)) for tag, html in (("del", found.old), ("ins", found.new))
    ]
    assert words(kept[0]) == words(kept[1])


@given(texts)
def test_a_text_does_not_differ_from_itself(text):
    assert compare(text, text) == Compared(text, text, changed=False)
    assert words(together(text, text)) == words(text)


@given(texts, texts)
@settings(max_examples=300)
def test_both_in_one_holds_every_word_of_both_and_can_be_stored(theirs, mine):
    both = together(theirs, mine)
    assert clean(both) == both
    for text in (theirs, mine):
        for word in set(words(text)):
            assert words(both).count(word) >= words(text).count(word)


@given(st.lists(st.integers(0, 4), max_size=30), st.lists(st.integers(0, 4), max_size=30))
def test_the_alignment_is_a_longest_one(a, b):
    pairs = aligned(a, b)
    assert all(a[i] == b[j] for i, j in pairs)
    assert pairs == sorted(set(pairs))
    assert all(one[0] < two[0] and one[1] < two[1] for one, two in zip(pairs, pairs[1:], strict=False))
    assert len(pairs) == longest(a, b)
    missing = [len(here) + len(there) for here, there in gaps(pairs, len(a), len(b))]
    assert sum(missing) + 2 * len(pairs) == len(a) + len(b)


def longest(a, b):
    row = [0] * (len(b) + 1)
    for item in a:
        last, row = row, [0]
        for j, other in enumerate(b):
            row.append(last[j] + 1 if item == other else max(last[j + 1], row[j]))
    return row[-1]


CHANCE = random.Random(5)
HUGE = {
    "nothing in common": ["".join(f"{letter}{i} " for i in range(7_000)) for letter in "ab"],
    "words of one letter": [" ".join(CHANCE.choices("abcdefgh", k=24_000)) for _ in "ab"],
    "words of five letters": [" ".join(CHANCE.choices(["start", "ended", "while"], k=8_000)) for _ in "ab"],
    "paragraphs": ["".join(f"<p>{letter}{i} x</p>" for i in range(3_500)) for letter in "ab"],
    "a paragraph for each letter": ["".join(f"<p>{x}</p>" for x in CHANCE.choices("abcdefgh", k=6_000)) for _ in "ab"],
    "line breaks": ["<br>" * 12_000, "x<br>" * 9_900],
}


@pytest.mark.parametrize("name", HUGE)
def test_time_is_bounded(name):
    """A second on an idle machine; what is not bounded takes minutes. Processor time, so that others' work is none."""
    old, new = HUGE[name]
    start = time.process_time()
    found = compare(old, new)
    both = together(old, new)
    assert time.process_time() - start < 4
    assert found.changed
    assert set(words(new)) - set(words(both)) == set()
