import pytest
from hypothesis import given
from hypothesis import strategies as st

from commentary.sanitising import DEEPEST, LONGEST, TooLarge, clean, has_more_than_headings, has_words

LINK = '<a href="{}" rel="noopener noreferrer">x</a>'
NO_LINK = '<a rel="noopener noreferrer">x</a>'


def test_what_the_editor_offers_is_kept_as_it_is():
    text = (
        "<h3>The story behind the data</h3><p>Fell <strong>again</strong>, <em>as expected</em>.<br>Next line.</p>"
        '<ul><li><p>one</p></li></ul><ol start="3"><li><p>three</p></li></ol><p>1 &lt; 2 &amp; 3</p>'
    )
    assert clean(text) == text


@pytest.mark.parametrize(
    ("raw", "stored"),
    [
        ("<p>a</p><script>alert(1)</script>", "<p>a</p>"),
        ('<p onclick="alert(1)" style="color:red" class="x" id="y" title="t" lang="fr">a</p>', "<p>a</p>"),
        ("<p>a<img src=x onerror=alert(1)></p>", "<p>a</p>"),
        ("<svg><style><img src=x onerror=alert(1)></style></svg>a", "a"),
        ("<style>p{background:url(//h/x)}</style><p>a</p>", "<p>a</p>"),
        ("<p>a<!-- [if mso]><script>1</script><![endif] --></p>", "<p>a</p>"),
        ('<iframe src="https://h.uk"></iframe><p>a</p>', "<p>a</p>"),
        ('<form action="/c/"><button>a</button></form>', "a"),
        ('<table><tr><td colspan="99999999">a</td></tr></table>', "a"),
        ("<math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>a", ""),
        ("<h1>a</h1><h4>b</h4>", "ab"),
        ("<p>a\0b</p>", "<p>ab</p>"),
        ("<p>a\ud800b</p>", "<p>a?b</p>"),
        ('<ol start="1;x" type="a" data-type="z"><li>a</li></ol>', "<ol><li>a</li></ol>"),
    ],
)
def test_what_is_not_in_the_schema_goes(raw, stored):
    assert clean(raw) == stored


@pytest.mark.parametrize(
    "address",
    [
        "https://www.gov.uk/guidance?a=1#b",
        "http://h.uk",
        "HTTPS://H.UK/",
        "mailto:someone@example.org",
        "mailto:someone@example.org?subject=B8",
    ],
)
def test_whole_addresses_stay(address):
    assert clean(LINK.format(address)) == LINK.format(address)


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "java\nscript:alert(1)",
        " javascript:alert(1)",
        "&#106;avascript:alert(1)",
        "data:text/html,<script>1</script>",
        "vbscript:x",
        "file:///etc/passwd",
        "ftp://h.uk",
        "//h.uk/x",
        r"\\h\share",
        r"https:\\h.uk",
        r"https://h.uk\x",
        "https:/h.uk",
        "https:h.uk",
        "https://",
        "https:///h.uk",
        "https://h.uk/\nx",
        "/accounts/logout/",
        "accounts",
        "?next=x",
        "#main",
        "mailto:",
        "",
    ],
)
def test_other_addresses_go_and_their_words_stay(address):
    assert clean(f'<a href="{address}" target="_blank" ping="https://h.uk">x</a>') == NO_LINK


@pytest.mark.parametrize(
    "raw", ["", "  ", "<p></p>", "<p> </p><p><br></p>", "<p>&nbsp;\u200b</p>", "<ul><li><p></p></li></ul>", "<h3></h3>"]
)
def test_a_text_without_words_is_no_text(raw):
    assert clean(raw) == ""
    assert not has_words(raw)


@pytest.mark.parametrize(
    ("raw", "more"),
    [
        ("<h3>Update</h3><h3>Next</h3>", False),
        ("<h3>Update</h3><p>&nbsp;</p>", False),
        ("<h3>Update</h3><p>Steady.</p><h3>Next</h3>", True),
        ("<p>Steady.</p>", True),
        ("<ul><li><p>One</p></li></ul>", True),
        ("", False),
    ],
)
def test_headings_alone_are_not_a_text_to_release(raw, more):
    assert has_more_than_headings(clean(raw)) is more


def test_a_text_of_60_kb_is_refused_with_its_length():
    with pytest.raises(TooLarge) as error:
        clean("<p>" + "a" * 60_000 + "</p>")
    assert error.value.sentence == (
        "The text is 60,007 characters long, formatting included. At most 50,000 can be stored."
    )


def test_the_longest_text_is_kept():
    text = "<p>" + "a" * (LONGEST - 7) + "</p>"
    assert clean(text) == text


def test_a_text_that_grows_over_the_limit_is_refused():
    with pytest.raises(TooLarge, match=r"200,007 characters"):
        clean("<p>" + "&" * 40_000 + "</p>")


def nested(levels: int) -> str:
    """Lists inside lists: `levels` elements deep with the paragraph in the innermost item."""
    return "<ul><li>" * (levels // 2) + "x" + "</li></ul>" * (levels // 2)


def test_nesting_up_to_the_limit_is_kept():
    assert clean(nested(DEEPEST)) == nested(DEEPEST)


@pytest.mark.parametrize("levels", [DEEPEST + 2, 500])
def test_deeper_nesting_is_refused(levels):
    with pytest.raises(TooLarge) as error:
        clean(nested(levels))
    assert error.value.sentence == (f"Lists and formatting are {levels} levels deep. At most 20 can be stored.")


def test_line_breaks_are_no_levels():
    assert clean("<p>" + "a<br>" * 50 + "</p>") == "<p>" + "a<br>" * 50 + "</p>"


PIECES = st.sampled_from(
    ["<p>", "</p>", "<ul>", "<li>", "</li>", "</ul>", "<strong>", "</strong>", "<em>", "<h3>", "</h3>", "<b>", "<br>"]
    + ["<a href='https://h.uk'>", "<a href='//h'>", "</a>", "<script>", "</script>", "<svg>", "<style>", "<!--", "-->"]
    + ["<table>", "<td>", "&lt;", "&", "<", ">", '"', "'", "words", " ", "\n", "\0", "<math>", "<template>", "</"]
)


def test_a_heading_inside_another_is_parted():
    # Cleaned once, the bold tag between the two is gone and they stand inside one another.
    assert clean("<h3><b>One<h3>Two") == "<h3>One</h3><h3>Two</h3>"


@given(st.lists(PIECES, max_size=30).map("".join) | st.text(max_size=60))
def test_cleaning_twice_is_cleaning_once(raw):
    try:
        once = clean(raw)
    except TooLarge:
        return
    assert clean(once) == once
