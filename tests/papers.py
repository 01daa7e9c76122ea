"""Old papers for tests: a twin of a real one in our own words, the same as a Word document, and what both must give."""

import html
import io
import os
import re
from pathlib import Path

import docx
import pytest
from django.apps import apps

from accounts.roles import Who
from measures.imports import batches
from measures.quarters import Quarter
from measures.rating import Polarity
from tests import factories
from tests.factories import NOW, Q2
from workflow.papers import comparing, loading, reading
from workflow.papers.blocks import LISTS, text_of
from workflow.papers.plans import Choice, Choices

TWIN = Path(__file__).parent / "workflow" / "papers" / "files" / "twin.txt"
TWIN_NAME = "q2-2018-19-twin.txt"
OURS = ("accounts", "measures", "commentary", "workflow")
HEADER = ("Measure and performance", "DMBC Response", "DCST Comment")
# A paper whose texts are not ours to keep, laid out as the twin is: tested where somebody has it, and not elsewhere.
SEED = os.environ.get("PERFMON_SEED_REPORT", "")
PAPERS = [
    pytest.param(TWIN, id="twin"),
    pytest.param(Path(SEED), id="seed", marks=pytest.mark.skipif(not SEED, reason="PERFMON_SEED_REPORT names no file")),
]

# Code, series, kind, values with their units, target, tolerance.
MEASURES = [
    ("A1", ("A1",), "contractual", [("27", "percent")], 22, 28),
    ("A4", ("A4",), "contractual", [("74", "percent")], 80, None),
    ("B8", ("B8",), "contractual", [("70", "percent")], 90, None),
    ("FO1", ("FO1",), "contractual", [("84", "percent")], 90, None),
    ("E1", ("E1",), "volumetric", [("1898", "count")], None, None),
    ("E34/35", ("E34", "E35"), "volumetric", [("1677", "count"), ("396", "rate_per_10000")], None, None),
    ("E18/19", ("E18", "E19"), "volumetric", [("589", "count"), ("89", "rate_per_10000")], None, None),
]
# Of each measure the kinds of blocks of both texts; a list with its number of items.
SHAPES = {
    "A1": ("p p ul2 p p p p", "p"),
    "A4": ("p p p", "p"),
    "B8": ("p", "p p"),
    "FO1": ("p p", "p"),
    "E1": ("p p p p p p p", "p"),
    "E34/35": ("p", ""),
    "E18/19": ("p", ""),
}
# Code, column, the lines of the file above and below a page break that cuts a sentence.
SEAMS = [("A4", 2, 27, 29), ("FO1", 1, 31, 33), ("FO1", 2, 31, 33), ("E1", 1, 34, 36)]


SAID = {
    "A1": Choice(section="Front door", polarity=Polarity.LOWER),
    "A4": Choice(section="Front door", polarity=Polarity.HIGHER),
    "B8": Choice(section="Court work", polarity=Polarity.HIGHER),
    "FO1": Choice(section="Youth justice", polarity=Polarity.HIGHER),
    "E1": Choice(title="Contacts"),
}


class PaperDesk:
    """An empty contract, its people, and an administrator who brings papers in."""

    def __init__(self, slug="earlier-papers"):
        self.contract = factories.make_contract(slug)
        self.people = factories.make_members(self.contract)
        self.admin = self.people[Who.ADMINISTRATOR]

    def upload(self, content=None, name=TWIN_NAME, by=None):
        content = TWIN.read_bytes() if content is None else content
        return batches.upload(by=by or self.admin, name=name, content=content, now=NOW)

    def plan(self, batch, quarter: Quarter | None = Q2):
        paper = loading.paper_of(batch)
        return comparing.compare(paper, self.contract, quarter, source=batch.sha256)

    def load(self, batch=None, *, quarter=Q2, said=None, digest="", by=None):
        choices = Choices(quarter, SAID if said is None else said, digest)
        return loading.load_paper(by=by or self.admin, batch=batch or self.upload(), choices=choices, now=NOW)


def measures_of(paper):
    return [
        (
            one.code,
            one.codes,
            one.kind,
            [(str(value.number), value.unit) for value in one.values],
            one.target,
            one.tolerance,
        )
        for one in paper.measures
    ]


def shape(blocks):
    return " ".join(block.tag + (str(len(block.parts)) if block.tag in LISTS else "") for block in blocks)


def seam(path, column, above, below):
    """The whole sentence that the page break cut in two, as the file's own paragraphs give it."""
    lines = path.read_text(encoding="utf-8").split("\n")
    paragraphs = [re.findall("<p>(.*?)</p>", lines[number - 1].split("\t")[column]) for number in (above, below)]
    end, start = paragraphs[0][-1], paragraphs[1][0]
    return f"{html.unescape(end).strip()} {html.unescape(start).strip()}"


def words(blocks):
    return [text_of(part) for block in blocks for part in block.parts]


def table(*rows, header=HEADER):
    """A text file of these rows, each of three cells."""
    lines = [header, *rows] if header else rows
    return "\n".join("\t".join(cells) for cells in lines).encode()


def row(own, response="", comment=""):
    """One row; what stands in its first cell is a paragraph, by which an upload knows the file for a paper."""
    return (own if own.startswith("<") or not own else f"<p>{own}</p>"), response, comment


def saved(document):
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def write_cell(cell, blocks):
    """Blocks into a cell of a Word document, lists by Word's own style."""
    cell.paragraphs[0]._p.getparent().remove(cell.paragraphs[0]._p)
    for block in blocks:
        for part in block.parts:
            style = "List Bullet" if block.tag in LISTS else None
            paragraph = cell.add_paragraph(style=style)
            for piece in re.split(r"(<em>.*?</em>)", part):
                run = paragraph.add_run(text_of(piece))
                run.italic = piece.startswith("<em>") or None
    if not blocks:
        cell.add_paragraph()


def docx_of(tables, outside=()):
    """A Word document; `tables` are lists of rows of three cells of blocks, or of HTML."""
    document = docx.Document()
    for line in outside:
        document.add_paragraph(line)
    for rows in tables:
        made = document.add_table(rows=0, cols=3)
        for cells in rows:
            for cell, content in zip(made.add_row().cells, cells, strict=True):
                write_cell(cell, reading.html_blocks(content) if isinstance(content, str) else content)
        document.add_paragraph()
    return saved(document)


def twin_docx():
    """The twin as a Word document: a new table at each page break, the second without a header of its own."""
    lines = [line.split("\t") for line in TWIN.read_text(encoding="utf-8").split("\n")]
    outside = [line[0] for line in lines if len(line) == 1 and line[0]]
    rows = [line for line in lines if len(line) == 3]
    header, a1, a4, a4_more, b8, fo1, fo1_more, e1, e1_more, e34, e18 = rows
    pages = [[header, a1, a4], [a4_more, b8, fo1], [header, fo1_more, e1], [header, e1_more, e34, e18]]
    return docx_of(pages, outside)


def counted():
    """How many rows there are of each kind."""
    models = [model for model in apps.get_models() if model._meta.app_label in OURS]
    return {model.__name__: model.objects.count() for model in models}


def grown(before):
    """The kinds of rows that came or went since, with how many."""
    return {name: count - before[name] for name, count in counted().items() if count != before[name]}
