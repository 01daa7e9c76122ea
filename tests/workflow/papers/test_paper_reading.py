"""Files as rows: text in its encodings, Word documents as printed, and what is refused."""

import io
import re
import zipfile

import docx
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from measures.imports.cells import Unreadable
from tests.papers import HEADER, TWIN, docx_of, row, saved, table
from workflow.papers import reading
from workflow.papers.blocks import markup
from workflow.papers.shapes import PaperCode


def cells(paper):
    return [tuple(markup(cell) for cell in each.cells) for each in paper.rows]


A1 = row("A1 Returns Q2 = 27%", "<p>One.</p>", "<p>Two.</p>")
READ = ("<p>A1 Returns Q2 = 27%</p>", "<p>One.</p>", "<p>Two.</p>")


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le"])
def test_encodings(encoding):
    content = TWIN.read_text(encoding="utf-8").encode(encoding)
    paper, twin = reading.read("a.txt", content), reading.read("a.txt", TWIN.read_bytes())
    assert (paper.rows, paper.outside) == (twin.rows, twin.outside)


def test_an_encoding_that_is_assumed_is_told():
    paper = reading.read("a.txt", table(row("A1 Q2 = 5", "“Done”.")).decode().encode("cp1252"))
    assert cells(paper)[0][1] == "<p>“Done”.</p>"
    assert len(paper.told) == 1


@pytest.mark.parametrize("end", ["\r\n", "\r"])
def test_ends_of_lines(end):
    assert cells(reading.read("a.txt", table(A1, A1).replace(b"\n", end.encode()))) == [READ, READ]


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ('"<p class=""x"">One.</p>"', "<p>One.</p>"),
        ("\"He said, 'no'.\"", "<p>He said, 'no'.</p>"),
        ('"One" and "two"', '<p>"One" and "two"</p>'),
        ('"', '<p>"</p>'),
    ],
)
def test_cells_as_a_spreadsheet_quotes_them(cell, expected):
    assert cells(reading.read("a.txt", table(row("A1 Q2 = 5", cell))))[0][1] == expected


def test_tabs_at_the_ends_of_lines():
    assert cells(reading.read("a.txt", table((*A1, "", " "), ("", "", "")))) == [READ]


def test_tables_before_the_paper_s_own_are_outside():
    paper = reading.read("a.txt", b"Quarter\tQ2\n" + table(A1))
    assert (paper.outside, cells(paper)) == (("Quarter Q2",), [READ])


@pytest.mark.parametrize(
    ("header", "is_one"),
    [
        (("Measure", "Council response", "Trust comments"), True),
        (("MEASURE AND PERFORMANCE", "Response of the council", "Commentary"), True),
        (("Measure", "Owner", "Due"), False),
        (("A1 Measure", "Response", "Comment"), False),
        (("Measure", "Response", "Comment", "Date"), False),
    ],
)
def test_headers(header, is_one):
    assert reading.is_header([reading.html_blocks(cell) for cell in header]) is is_one


# Word documents


def document(*rows):
    made = docx.Document()
    table = made.add_table(rows=0, cols=3)
    for texts in (HEADER, *rows):
        for cell, text in zip(table.add_row().cells, texts, strict=True):
            cell.text = text.removeprefix("<p>").removesuffix("</p>")
    return made, table


def read_docx(made):
    return reading.read("a.docx", saved(made))


def plain(paper):
    return [tuple(markup(cell) for cell in each.cells) for each in paper.rows]


def xml(text):
    return parse_xml(re.sub(r"^<w:\w+", lambda tag: f"{tag[0]} {nsdecls('w')}", text))


def test_rows_are_named_by_table_and_row():
    paper = reading.read("a.docx", docx_of([[HEADER, A1], [row("", "<p>More.</p>")]]))
    assert [(each.sheet, each.number) for each in paper.rows] == [("table 1", 2), ("table 2", 1)]


def test_lists_headings_and_emphasis():
    made, table = document(row("A1"))
    cell = table.rows[1].cells[1]
    cell.add_paragraph("Story", style="Heading 2")
    cell.add_paragraph("one", style="List Bullet")
    cell.add_paragraph("two", style="List Bullet")
    cell.add_paragraph("first", style="List Number")
    last = cell.add_paragraph("plain ")
    last.add_run("bold").bold = True
    last.add_run(" and ")
    last.add_run("slanted").italic = True
    assert plain(read_docx(made))[0][1] == (
        "<h3>Story</h3><ul><li>one</li><li>two</li></ul><ol><li>first</li></ol>"
        "<p>plain <strong>bold</strong> and <em>slanted</em></p>"
    )


@pytest.mark.parametrize(("number", "tag"), [("1", "ul"), ("2", "ol"), ("9", "ul"), ("0", "p")])
def test_lists_by_their_own_numbering(number, tag):
    made, table = document(row("A1", "one"))
    root = made.part.numbering_part.element
    for element in list(root):
        root.remove(element)
    for own, form in (("1", "bullet"), ("2", "decimal")):
        root.append(
            xml(
                f'<w:abstractNum w:abstractNumId="{own}">'
                f'<w:lvl w:ilvl="0"><w:numFmt w:val="{form}"/></w:lvl></w:abstractNum>'
            )
        )
    for own in ("1", "2"):
        root.append(xml(f'<w:num w:numId="{own}"><w:abstractNumId w:val="{own}"/></w:num>'))
    root.append(xml('<w:num w:numId="8"/>'))
    paragraph = table.rows[1].cells[1].paragraphs[0]._p
    paragraph.get_or_add_pPr().append(xml(f'<w:numPr><w:numId w:val="{number}"/></w:numPr>'))
    expected = "<p>one</p>" if tag == "p" else f"<{tag}><li>one</li></{tag}>"
    assert plain(read_docx(made))[0][1] == expected


def test_tracked_changes_are_read_as_they_would_be_accepted():
    made, table = document(row("A1", "We "))
    paragraph = table.rows[1].cells[1].paragraphs[0]._p
    paragraph.append(xml("<w:ins><w:r><w:t>have a plan</w:t></w:r></w:ins>"))
    paragraph.append(xml("<w:del><w:r><w:delText>had none</w:delText></w:r></w:del>"))
    gone = table.add_row()
    gone.cells[1].text = "A row that was deleted."
    gone._tr.get_or_add_trPr().append(xml("<w:del/>"))
    paper = read_docx(made)
    assert plain(paper) == [("<p>A1</p>", "<p>We have a plan</p>", "")]
    assert paper.told == ("The document holds tracked changes: insertions are read, deletions are left out.",)


def test_content_controls_hidden_words_and_breaks():
    made, table = document(row("A1", ""))
    paragraph = table.rows[1].cells[1].paragraphs[0]
    paragraph._p.append(xml("<w:sdt><w:sdtContent><w:r><w:t>Inside</w:t></w:r></w:sdtContent></w:sdt>"))
    hidden = paragraph.add_run(" unseen")
    hidden.font.hidden = True
    paragraph.add_run(" here\tand").add_break()
    paragraph.add_run("below")
    assert plain(read_docx(made))[0][1] == "<p>Inside here and<br>below</p>"


def test_a_cell_merged_over_two_rows_is_read_once():
    made, table = document(row("A1 Q2 = 5", "One."), row("", "Two."))
    table.cell(1, 0).merge(table.cell(2, 0))
    assert [cells[0] for cells in plain(read_docx(made))] == ["<p>A1 Q2 = 5</p>", ""]


def test_a_heading_across_the_table_and_a_row_of_two_cells():
    made, table = document(row("VOLUMETRIC"), row("A1", "x"), row("B2 Q2 = 5"))
    table.cell(1, 0).merge(table.cell(1, 2))
    table.cell(2, 1).merge(table.cell(2, 2))
    paper = read_docx(made)
    assert plain(paper) == [("<p>VOLUMETRIC</p>", "", ""), ("<p>B2 Q2 = 5</p>", "", "")]
    assert [(issue.code, issue.row) for issue in paper.issues] == [(PaperCode.COLUMNS_OF_ROW, 3)]


def test_a_table_inside_a_cell():
    made, table = document(row("A1", "One."))
    inner = table.rows[1].cells[1].add_table(1, 1)
    inner.cell(0, 0).text = "Two."
    assert plain(read_docx(made))[0][1] == "<p>One.</p><p>Two.</p>"


def test_a_text_box_is_read_once():
    made, table = document(row("A1", "One."))
    box = "<w:txbxContent><w:p><w:r><w:t>Two.</w:t></w:r></w:p></w:txbxContent>"
    both = f'<mc:Choice Requires="wps">{box}</mc:Choice><mc:Fallback>{box}</mc:Fallback>'
    other = 'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
    run = xml(f"<w:r><mc:AlternateContent {other}>{both}</mc:AlternateContent></w:r>")
    table.rows[1].cells[1].paragraphs[0]._p.append(run)
    assert plain(read_docx(made))[0][1] == "<p>One.</p><p>Two.</p>"


def test_a_paragraph_inside_another_is_read_once():
    made, table = document(row("A1", "One."))
    table.rows[1].cells[1].paragraphs[0]._p.append(
        xml("<w:smartTag><w:p><w:r><w:t>Two.</w:t></w:r></w:p></w:smartTag>")
    )
    assert plain(read_docx(made))[0][1] == "<p>One.</p><p>Two.</p>"


def test_a_hyphen_that_does_not_break():
    made, table = document(row("A1", "re"))
    table.rows[1].cells[1].paragraphs[0]._p.append(xml("<w:r><w:noBreakHyphen/><w:t>refer</w:t></w:r>"))
    assert plain(read_docx(made))[0][1] == "<p>re-refer</p>"


def test_lists_of_a_document_without_numbering():
    made, table = document(row("A1", "one"))
    paragraph = table.rows[1].cells[1].paragraphs[0]._p
    paragraph.get_or_add_pPr().append(xml('<w:numPr><w:numId w:val="7"/></w:numPr>'))
    part = made.part.numbering_part
    made.part.drop_rel(next(key for key, rel in made.part.rels.items() if rel.target_part is part))
    assert plain(read_docx(made))[0][1] == "<ul><li>one</li></ul>"


def test_tables_that_are_not_the_paper_s():
    other = [[row("Owner", "Due", "State"), row("Jo", "May", "Open")]]
    paper = reading.read("a.docx", docx_of([*other, [HEADER, A1], *other, [row("", "<p>More.</p>")]]))
    assert [each.sheet for each in paper.rows] == ["table 2", "table 4"]
    assert paper.told == ("Left out, because not laid out as the paper’s table: table 1, table 3.",)


@pytest.mark.parametrize(
    ("part", "content"),
    [
        ("word/document.xml", b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e "x">]><x>&e;</x>'),
        ("word/settings.xml", b'<!DOCTYPE x SYSTEM "http://a.example/x.dtd"><x/>'),
    ],
)
def test_a_document_type_is_refused(part, content):
    with pytest.raises(Unreadable):
        reading.read("a.docx", _with(part, content))


@pytest.mark.parametrize(
    "content",
    [
        b"PK\x03\x04 and nothing more",
        pytest.param(lambda: _with("word/document.xml", b"<x/>"), id="other markup"),
        pytest.param(lambda: _with("word/document.xml", b"<w:document"), id="broken markup"),
        pytest.param(lambda: _zip({"a.txt": b"x"}), id="no document"),
    ],
)
def test_what_is_no_word_document(content):
    with pytest.raises(Unreadable) as refused:
        reading.read("a.docx", content() if callable(content) else content)
    assert refused.value.sentence.endswith((".", "!"))


def test_a_word_document_without_a_body():
    body = f"<w:document {nsdecls('w')}></w:document>".encode()
    with pytest.raises(Unreadable) as refused:
        reading.read("a.docx", _with("word/document.xml", body))
    assert refused.value.code == PaperCode.NOT_A_PAPER


def test_a_bomb_is_refused_before_it_is_parsed():
    with pytest.raises(Unreadable):
        reading.read("a.docx", _with("word/media/image.bin", b"\0" * 40_000_000))


def _zip(parts):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return file.getvalue()


def _with(name, content):
    """A good document with one part replaced or added."""
    with zipfile.ZipFile(io.BytesIO(docx_of([[HEADER, A1]]))) as archive:
        parts = {each: archive.read(each) for each in archive.namelist()}
    return _zip(parts | {name: content})


def test_a_document_with_more_text_than_a_paper():
    words = " ".join(f"{number:x}" for number in range(900_000)).encode()
    with pytest.raises(Unreadable) as refused:
        reading.read("a.docx", _with("word/document.xml", b"<w>" + words + b"</w>"))
    assert refused.value.code == PaperCode.TOO_LARGE
