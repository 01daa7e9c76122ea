"""Papers to measures: the twin (and the real paper, where there is one) exactly, then what rows and cells may say."""

import pytest

from measures.imports.cells import Unreadable
from measures.imports.issues import Severity
from tests.papers import (
    HEADER,
    MEASURES,
    PAPERS,
    SEAMS,
    SHAPES,
    TWIN,
    docx_of,
    measures_of,
    row,
    seam,
    shape,
    table,
    twin_docx,
    words,
)
from workflow.papers import parsing, reading
from workflow.papers.blocks import markup
from workflow.papers.shapes import PaperCode


def parsed(content, name="paper.txt"):
    return parsing.parse(reading.read(name, content))


def found(paper):
    return [(issue.code, issue.row, issue.severity) for issue in paper.issues]


REFUSED, WARNING = Severity.REFUSED, Severity.WARNING


@pytest.mark.parametrize("path", PAPERS)
class TestPaper:
    def test_measures_values_and_targets(self, path):
        paper = parsed(path.read_bytes())
        assert measures_of(paper) == MEASURES
        assert sum(len(one.values) for one in paper.measures) == 9
        assert {value.decimals for one in paper.measures for value in one.values} == {0}
        assert {one.quarter for one in paper.measures} == {"Q2"}

    def test_the_blocks_of_both_texts(self, path):
        paper = parsed(path.read_bytes())
        assert {one.code: (shape(one.response), shape(one.comment)) for one in paper.measures} == SHAPES

    @pytest.mark.parametrize(("code", "column", "above", "below"), SEAMS)
    def test_sentences_cut_by_a_page_break_are_whole(self, path, code, column, above, below):
        [one] = [each for each in parsed(path.read_bytes()).measures if each.code == code]
        blocks = one.response if column == 1 else one.comment
        assert seam(path, column, above, below) in words(blocks)

    def test_no_space_is_doubled_or_lost_anywhere(self, path):
        texts = [part for one in parsed(path.read_bytes()).measures for part in words(one.response + one.comment)]
        assert [text for text in texts if "  " in text or text != text.strip()] == []

    def test_the_titles(self, path):
        titles = {one.code: one.title for one in parsed(path.read_bytes()).measures}
        assert [code for code, title in titles.items() if not title] == ["E1"]
        assert titles["B8"].endswith("within 26 weeks")
        assert "Q2" not in "".join(titles.values())

    def test_what_is_to_look_at(self, path):
        """Two responses end in the middle of a sentence, in the paper itself."""
        assert found(parsed(path.read_bytes())) == [
            (PaperCode.CUT_OFF, 26, WARNING),
            (PaperCode.CUT_OFF, 31, WARNING),
        ]

    def test_styles_are_gone(self, path):
        paper = parsed(path.read_bytes())
        html = "".join(markup(one.response) + markup(one.comment) for one in paper.measures)
        assert "style" not in html
        assert "&gt;" not in html

    def test_the_headings_before_the_table(self, path):
        lists = parsed(path.read_bytes()).lists
        assert [len(each.titles) for each in lists] == [0, 2, 2]
        assert [each.heading.split()[0] for each in lists] == ["Areas", "AREAS", "Volumetric"]


def test_a_word_document_gives_the_same():
    paper, twin = parsed(twin_docx(), "twin.docx"), parsed(TWIN.read_bytes())
    assert measures_of(paper) == MEASURES
    assert [(one.title, one.response, one.comment) for one in paper.measures] == [
        (one.title, one.response, one.comment) for one in twin.measures
    ]
    assert (paper.lists, paper.header, paper.told) == (twin.lists, HEADER, ())
    assert [(issue.sheet, issue.row, issue.column) for issue in paper.issues] == [
        ("table 1", 2, "DMBC Response"),
        ("table 2", 3, "DMBC Response"),
    ]


A1 = "<p>A1 Returns</p><p>Q2 = 27%</p><p>Target: 22% Tolerance: 28%</p>"


class TestRows:
    def test_one_without_a_code_goes_on_with_the_row_above(self):
        paper = parsed(table(row(A1, "<p>We have a</p>"), row("", "<p>plan.</p><p>More.</p>", "<p>Late.</p>")))
        [one] = paper.measures
        assert (markup(one.response), markup(one.comment)) == ("<p>We have a plan.</p><p>More.</p>", "<p>Late.</p>")

    def test_a_measure_s_own_cell_goes_on_too(self):
        [one] = parsed(table(row("A1 Returns within"), row("a year"), row("Q2 = 27% Target: 22%"))).measures
        assert (one.title, str(one.values[0].number), one.target) == ("Returns within a year", "27", 22)

    @pytest.mark.parametrize("again", ["A1 (continued)", "A1 cont.", "A1 (cont’d)"])
    def test_a_code_repeated_as_continued(self, again):
        paper = parsed(table(row(A1, "<p>We have a</p>"), row(again, "<p>plan.</p>")))
        assert [(one.code, markup(one.response)) for one in paper.measures] == [("A1", "<p>We have a plan.</p>")]
        assert found(paper) == []

    def test_a_code_that_heads_two_rows_is_left_out(self):
        paper = parsed(table(row(A1), row("B2 Other Q2 = 5 days"), row("A1 Returns Q2 = 30%")))
        assert [one.code for one in paper.measures] == ["B2"]
        assert found(paper) == [(PaperCode.CODE_TWICE, 2, REFUSED), (PaperCode.CODE_TWICE, 4, REFUSED)]

    def test_a_row_before_any_code(self):
        paper = parsed(table(row("<p></p>"), row("Notes", "<p>Words.</p>"), row(A1)))
        assert (found(paper), len(paper.measures)) == ([(PaperCode.BEFORE_FIRST_CODE, 3, REFUSED)], 1)

    def test_a_heading_across_the_table(self):
        paper = parsed(table(row("CONTRACTUAL MEASURES"), row(A1), row("Volumetric measures"), row("E1 C 5 (Q2)")))
        assert [(one.code, one.title, one.heading) for one in paper.measures] == [
            ("A1", "Returns", "CONTRACTUAL MEASURES"),
            ("E1", "C", "Volumetric measures"),
        ]

    def test_the_header_repeated_on_every_page(self):
        paper = parsed(table(row(A1, "<p>We have a</p>"), HEADER, row("", "<p>plan.</p>")))
        assert markup(paper.measures[0].response) == "<p>We have a plan.</p>"

    def test_a_line_between_the_rows_is_told(self):
        paper = parsed(table(row(A1)) + b"\nPage 2\n" + table(row("B2 Other Q2 = 5"), header=None))
        assert found(paper) == [(PaperCode.OUTSIDE_TABLE, 3, WARNING)]
        assert len(paper.measures) == 2

    def test_a_row_with_a_cell_too_many(self):
        paper = parsed(table((*row(A1), "more"), row("B2 Other Q2 = 5")))
        assert (found(paper), [one.code for one in paper.measures]) == (
            [(PaperCode.COLUMNS_OF_ROW, 2, REFUSED)],
            ["B2"],
        )

    def test_a_last_cell_lost_with_the_spaces_at_the_end_of_its_line(self):
        [one] = parsed(table((A1, "<p>Words.</p>"))).measures
        assert (markup(one.response), one.comment) == ("<p>Words.</p>", ())

    def test_figures_in_texts_are_words(self):
        [one] = parsed(table(row("A1 Returns Q2 = 27%", "<p>Q2 = 99% Target: 1%</p>", "<p>Q1 = 5%</p>"))).measures
        assert ([str(value.number) for value in one.values], one.target) == (["27"], None)


def own(text):
    """What one own cell gives: title, kind, quarter, values, target, tolerance, then the issues' kinds."""
    paper = parsed(table(row(text)))
    [one] = paper.measures
    values = [f"{value.number} {value.unit}" for value in one.values]
    kinds = [issue.code.value for issue in paper.issues]
    return one.title, one.kind, one.quarter, values, one.target, one.tolerance, kinds


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("A1 T Q2 = 27%", ("T", None, "Q2", ["27 percent"], None, None, [])),
        ("A1: T. Q2: 27.5 %", ("T.", None, "Q2", ["27.5 percent"], None, None, [])),
        ("A1 T Q2 2018/19 = 27%", ("T", None, "Q2 2018/19", ["27 percent"], None, None, [])),
        ("A1 T Q2 average = 1,898", ("T", None, "Q2", ["1898 count"], None, None, [])),
        ("A1 T 1,898 (Q2 average)", ("T", None, "Q2", ["1898 count"], None, None, [])),
        ("A1 T Q2 = 22 days Target: 20 days", ("T", "contractual", "Q2", ["22 days"], 20, None, [])),
        ("A1 T Target: 80% Q2 = 81%", ("T", "contractual", "Q2", ["81 percent"], 80, None, [])),
        ("A1 T Q2 = 81% Target 80% Tolerance 75%", ("T", "contractual", "Q2", ["81 percent"], 80, 75, [])),
        ("A1 % on target 26 weeks Q2 = 81%", ("% on target 26 weeks", None, "Q2", ["81 percent"], None, None, [])),
        ("A1 T Q2 = 81% Target: n/a", ("T", None, "Q2", ["81 percent"], None, None, [])),
        ("A1 T Q2 = 84% (16/19)", ("T", None, "Q2", ["84 percent"], None, None, [])),
        ("A1 T Local measure Q2 = 8", ("T", "local", "Q2", ["8 count"], None, None, [])),
        ("A1 T", ("T", None, "", [], None, None, ["no_value"])),
        ("A1 T 27%", ("T 27%", None, "", [], None, None, ["no_value"])),
        ("A1 T Q2 = n/a", ("T", None, "Q2", [], None, None, ["not_a_value"])),
        ("A1 T Q2 = about 27%", ("T", None, "Q2", [], None, None, ["not_a_value"])),
        ("A1 T Q2 = 25-27%", ("T", None, "Q2", [], None, None, ["not_a_value"])),
        ("A1 T Q2 = 16/19", ("T", None, "Q2", [], None, None, ["not_a_value"])),
        ("A1 T 1 898 (Q2 average)", ("T", None, "Q2", [], None, None, ["spaced_number"])),
        ("A1 T Q1 = 25% Q2 = 27%", ("T", None, "Q1", [], None, None, ["several_values"])),
        ("A1 T Q2 = 84% (15/19)", ("T", None, "Q2", ["84 percent"], None, None, ["counts_disagree"])),
        ("A1 T Q2 = 27% Target: 15-20%", ("T", None, "Q2", ["27 percent"], None, None, ["not_a_target"])),
        ("A1 T Q2 = 27% Target: 22% Target: 23%", ("T", None, "Q2", ["27 percent"], None, None, ["not_a_target"])),
        ("E34 and 35 T Q2 = 1677 and 396", ("T", None, "Q2", [], None, None, ["values_and_codes"])),
        ("A1 T Q2 = 27% Tolerance: 28%", ("T", None, "Q2", ["27 percent"], None, None, ["tolerance_alone"])),
        ("A1 T Q2 = 27%<br>in all", ("T", None, "Q2", ["27 percent"], None, None, ["left_over"])),
        ("E34 and 35 T 1677 396 (Q2)", ("T", None, "Q2", ["1677 count", "396 rate_per_10000"], None, None, [])),
        ("E34/35 T Q2 = 1677 / 39.6", ("T", None, "Q2", ["1677 count", "39.6 rate_per_10000"], None, None, [])),
        ("E34 & E35 T 1677 / 41% Q2", ("T", None, "Q2", ["1677 count", "41 percent"], None, None, [])),
        ("E34 and 35 T 1677 (Q2 average)", ("T", None, "Q2", [], None, None, ["values_and_codes"])),
        ("E34 and 35 T aged 12 1677 396 (Q2)", ("T aged", None, "Q2", [], None, None, ["values_and_codes"])),
        ("E34 and 35 T 12 396 (Q2)", ("T", None, "Q2", [], None, None, ["spaced_number"])),
        ("E34 to E36 T 1 2 3 (Q2)", ("T", None, "Q2", [], None, None, ["values_and_codes"])),
    ],
)
def test_a_measure_s_own_cell(text, expected):
    assert own(text) == expected


def test_counts_beside_a_value():
    [value] = parsed(table(row("A1 T Q2 = 84% (16 of the 19)"))).measures[0].values
    assert (value.numerator, value.denominator, value.decimals) == (16, 19, 0)


def test_a_line_too_long_to_be_figures_is_title_or_left_over():
    long = "word " * 150
    assert own(f"A1 {long}<br>Q2 = 5")[0] == long.strip()
    assert own(f"A1 T<br>Q2 = 5<br>{long}")[-1] == ["left_over"]


def test_an_issue_names_place_reading_reason_and_remedy():
    [issue] = parsed(table(row("A1 T Q2 = about 27%"))).issues
    assert (issue.sheet, issue.row, issue.column, issue.read) == ("", 2, "Measure and performance", "Q2 = about 27%")
    assert issue.why == "It is not one figure."
    assert issue.remedy.startswith("Correct the measure’s cell")


NO_CODES = "No measure was found: the first column should start with its code"


@pytest.mark.parametrize(
    ("content", "code", "said"),
    [
        (b"", PaperCode.EMPTY_PAPER, "The file is empty."),
        (b" \r\n\t\n", PaperCode.EMPTY_PAPER, "The file is empty."),
        (b"Minutes of a meeting.\nNothing else.", PaperCode.NO_TABLE, "There is no table in the file."),
        (b"a\tb\tc\n1\t2\t3", PaperCode.NO_TABLE, "No table with these heads was found."),
        (table(("A1", "Words."), header=HEADER[:2]), PaperCode.TWO_COLUMNS, "The table has two columns."),
        (table(row("Returns", "Words.")), PaperCode.NO_CODES, NO_CODES),
        (table(row("Q2 = 27%", "Words.")), PaperCode.NO_CODES, NO_CODES),
        (docx_of([]), PaperCode.NO_TABLE, "There is no table in the file."),
        (docx_of([[HEADER, row("Returns", "Words.")]]), PaperCode.NO_CODES, NO_CODES),
    ],
)
def test_what_is_no_paper(content, code, said):
    with pytest.raises(Unreadable) as refused:
        parsed(content)
    assert refused.value.code == code
    assert refused.value.sentence.startswith(said)


def test_too_many_rows(monkeypatch):
    monkeypatch.setattr(reading, "MOST_ROWS", 2)
    assert len(parsed(table(row(A1), row("", "Words."))).measures) == 1
    with pytest.raises(Unreadable) as refused:
        parsed(table(row(A1), row("", "Words."), row("", "Words.")))
    assert refused.value.code == PaperCode.TOO_MANY_ROWS


@pytest.mark.parametrize(
    "content",
    [
        b"x\n" * 500_001,
        table(row("A1 T Q2 = 5", "word " * 20_001)),
        table(row("A1 T Q2 = 5", "<b>x</b>" * 1_501)),
        table(row("A1 T Q2 = 5" + "<br>x" * 101)),
    ],
)
def test_more_than_a_paper_holds(content):
    with pytest.raises(Unreadable) as refused:
        parsed(content)
    assert refused.value.code == PaperCode.TOO_LARGE
