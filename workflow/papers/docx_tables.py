"""The tables of a Word document, row by row and cell by cell, as a reader of the printed paper sees them.

The document's own markup is walked, because python-docx's view of a cell leaves out what stands in tracked insertions
and content controls, and repeats what stands in merged cells.
"""

from __future__ import annotations

import io
from collections.abc import Iterator

import docx
from docx.document import Document
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement

from measures.imports import archive
from measures.imports.cells import Unreadable

from .blocks import LISTS, Block, Blocks, Run, inline
from .shapes import PaperCode

Table = list[list[Blocks]]

NOT_WORD = "The file is not a Word document that can be read. Save it as .docx in Word and choose it again."
DOCUMENT = "word/document.xml"
MOST_BYTES = 5_000_000
TOO_LARGE = (
    f"The document’s text is larger than {MOST_BYTES // 1_000_000} MB. "
    "Split the paper and bring the parts in one after the other."
)
TRACKED = "The document holds tracked changes: insertions are read, deletions are left out."

# Struck out, moved away, or the second of two drawings of one thing.
_GONE = frozenset(
    {qn("w:del"), qn("w:moveFrom"), "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"}
)
_TABLE, _ROW, _CELL, _PARAGRAPH = qn("w:tbl"), qn("w:tr"), qn("w:tc"), qn("w:p")


def tables_of(content: bytes) -> tuple[list[Table], list[str], list[str]]:
    """The tables in order, the lines of text outside of them, and what a reader should know. Unreadable for what is
    no Word document, or too large, packed or protected."""
    parts = archive.check(content, what="document")
    if DOCUMENT in parts.names and parts.content.getinfo(DOCUMENT).file_size > MOST_BYTES:
        raise Unreadable(TOO_LARGE, PaperCode.TOO_LARGE)
    try:
        document = docx.Document(io.BytesIO(content))
    except Exception as error:
        # python-docx and lxml raise many kinds for a broken document; each means the same to the reader.
        raise Unreadable(NOT_WORD, PaperCode.NOT_A_PAPER) from error
    return _read(document)


def _read(document: Document) -> tuple[list[Table], list[str], list[str]]:
    body = document.element.find(qn("w:body"))
    if body is None:
        raise Unreadable(NOT_WORD, PaperCode.NOT_A_PAPER)
    numbering = _Numbering(document)
    tables, outside = [], []
    for element in _within(body, frozenset({_TABLE, _PARAGRAPH})):
        if element.tag == _TABLE:
            tables.append([_row(row, numbering) for row in _within(element, frozenset({_ROW})) if not _is_gone(row)])
        else:
            outside += [line.strip() for line in _plain(element).split("\n") if line.strip()]
    told = [TRACKED] if next(body.iter(qn("w:ins"), qn("w:del")), None) is not None else []
    return tables, outside, told


def _within(element: BaseOxmlElement, wanted: frozenset[str]) -> Iterator[BaseOxmlElement]:
    """The nearest descendants of these kinds, whatever wraps them; nothing inside one that was found."""
    for child in element:
        if child.tag in _GONE:
            continue
        if child.tag in wanted:
            yield child
        else:
            yield from _within(child, wanted)


def _is_gone(row: BaseOxmlElement) -> bool:
    properties = row.find(qn("w:trPr"))
    return properties is not None and properties.find(qn("w:del")) is not None


def _row(row: BaseOxmlElement, numbering: _Numbering) -> list[Blocks]:
    return [_cell(cell, numbering) for cell in _within(row, frozenset({_CELL}))]


def _cell(cell: BaseOxmlElement, numbering: _Numbering) -> Blocks:
    """Paragraphs with those of tables inside the cell. One that continues a merged cell above is empty."""
    properties = cell.find(qn("w:tcPr"))
    merge = properties.find(qn("w:vMerge")) if properties is not None else None
    if merge is not None and merge.get(qn("w:val")) != "restart":
        return ()
    found: list[Block] = []
    for paragraph in _paragraphs(cell):
        part = inline(_runs(paragraph))
        if not part:
            continue
        tag = numbering.tag_of(paragraph)
        if tag in LISTS and found and found[-1].tag == tag:
            found[-1] = Block(tag, (*found[-1].parts, part))
        else:
            found.append(Block(tag, (part,)))
    return tuple(found)


def _paragraphs(element: BaseOxmlElement) -> Iterator[BaseOxmlElement]:
    """All of them, those of text boxes and tables inside after the one that holds them."""
    for child in element:
        if child.tag in _GONE:
            continue
        if child.tag == _PARAGRAPH:
            yield child
        yield from _paragraphs(child)


def _plain(paragraph: BaseOxmlElement) -> str:
    return "".join(run.text for run in _runs(paragraph))


def _runs(paragraph: BaseOxmlElement) -> list[Run]:
    found = []
    for run in _within(paragraph, frozenset({qn("w:r"), _PARAGRAPH})):
        # A paragraph inside this one stands in a text box and comes by itself.
        if run.tag == _PARAGRAPH:
            continue
        properties = run.find(qn("w:rPr"))
        if _is_on(properties, "w:vanish"):
            continue
        marks = tuple(mark for mark, name in (("strong", "w:b"), ("em", "w:i")) if _is_on(properties, name))
        found.append(Run("".join(_text(run)), marks))
    return found


def _text(run: BaseOxmlElement) -> Iterator[str]:
    for child in run.iter():
        if child.tag == qn("w:t"):
            yield child.text or ""
        elif child.tag in (qn("w:br"), qn("w:cr")):
            yield "\n"
        elif child.tag == qn("w:tab"):
            yield " "
        elif child.tag == qn("w:noBreakHyphen"):
            yield "-"
        elif child.tag == _PARAGRAPH:
            return


def _is_on(properties: BaseOxmlElement | None, name: str) -> bool:
    element = properties.find(qn(name)) if properties is not None else None
    return element is not None and element.get(qn("w:val")) not in ("0", "false", "off", "none")


class _Numbering:
    """Which paragraphs are items of lists, or headings, by their own numbering or their style's."""

    def __init__(self, document: Document) -> None:
        styles = [style.element for style in document.styles]
        self._names = {style.get(qn("w:styleId")): _name(style).lower() for style in styles}
        self._listed = {style.get(qn("w:styleId")) for style in styles if _number_of(style) not in (None, "0")}
        self._formats = _formats(document)

    def tag_of(self, paragraph: BaseOxmlElement) -> str:
        """ "p", "h3", "ul" or "ol"."""
        properties = paragraph.find(qn("w:pPr"))
        style = properties.find(qn("w:pStyle")) if properties is not None else None
        known = style.get(qn("w:val")) if style is not None else None
        name = self._names.get(known, "")
        number = _number_of(paragraph)
        if number == "0":
            return "p"
        if number is not None:
            return "ul" if self._formats.get(number, "bullet") == "bullet" else "ol"
        if name.startswith("list number"):
            return "ol"
        if name.startswith("list bullet") or known in self._listed:
            return "ul"
        return "h3" if name.startswith("heading") else "p"


def _name(style: BaseOxmlElement) -> str:
    name = style.find(qn("w:name"))
    return name.get(qn("w:val"), "") if name is not None else ""


def _number_of(element: BaseOxmlElement) -> str | None:
    """The list that the paragraph or style belongs to; "0" where it is taken out of one."""
    found = element.find(f"{qn('w:pPr')}/{qn('w:numPr')}/{qn('w:numId')}")
    return found.get(qn("w:val")) if found is not None else None


def _formats(document: Document) -> dict[str, str]:
    """Number of a list -> "bullet", "decimal" ..., as its first level has it."""
    try:
        root = document.part.numbering_part.element
    except (KeyError, NotImplementedError):
        # A document without lists: python-docx finds no such part, and cannot make one.
        return {}
    levels = {}
    for abstract in root.findall(qn("w:abstractNum")):
        form = abstract.find(f"{qn('w:lvl')}/{qn('w:numFmt')}")
        levels[abstract.get(qn("w:abstractNumId"))] = form.get(qn("w:val")) if form is not None else "bullet"
    found = {}
    for number in root.findall(qn("w:num")):
        abstract = number.find(qn("w:abstractNumId"))
        if abstract is not None:
            found[number.get(qn("w:numId"))] = levels.get(abstract.get(qn("w:val")), "bullet")
    return found
