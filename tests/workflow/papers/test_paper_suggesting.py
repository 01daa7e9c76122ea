"""What a paper lets one suppose, and codes as papers write them."""

import pytest

from measures.quarters import Quarter
from measures.rating import Polarity
from perfmon.setup.place import ROOT
from tests.factories import Q2
from tests.papers import PAPERS, TWIN, row, table
from workflow.papers import parsing, reading, suggesting
from workflow.papers.figures import codes_at_start
from workflow.papers.holding import quarters_to_choose
from workflow.papers.shapes import PaperCode

DOCUMENT = ROOT / "docs" / "papers.md"


@pytest.mark.parametrize(
    ("text", "quarters"),
    [
        ("q2-2018-19-report.txt", [Q2]),
        ("Q2 2018/19", [Q2]),
        ("2018/19 Q2", [Q2]),
        ("paper 2018-Q2.docx", [Q2]),
        ("Q2_201819", [Q2]),
        ("201819 Q2", [Q2]),
        ("Quarter 2 2018-2019", [Q2]),
        ("Q2 2018", []),
        ("Q2", []),
        ("Q2 2018/20", []),
        ("faq2 2018-19", []),
        ("Q5 2018/19", []),
        ("Q2 2018/19 and Q1 2018/19", [Q2.previous, Q2]),
    ],
)
def test_quarters_in_a_text(text, quarters):
    assert sorted(suggesting.quarters_in(text)) == quarters


def paper_of(*rows, before=""):
    return parsing.parse(reading.read("a.txt", before.encode() + table(*rows)))


@pytest.mark.parametrize(
    ("name", "before", "label", "expected"),
    [
        ("q2-2018-19.txt", "", "Q2", Q2),
        ("paper.txt", "Quarter 2 2018/19\n", "Q2", Q2),
        ("paper.txt", "", "Q2 2018/19", Q2),
        ("paper.txt", "", "Q2", None),
        ("q1-2018-19.txt", "", "Q2", None),
        ("q2-2018-19.txt", "Quarter 2 2017/18\n", "Q2", None),
    ],
)
def test_the_quarter_of_a_paper(name, before, label, expected):
    assert suggesting.quarter_of(name, paper_of(row(f"A1 T {label} = 5"), before=before)) == expected


def test_no_quarter_where_the_values_name_two():
    paper = paper_of(row("A1 T Q1 = 5"), row("A2 T Q2 = 5"))
    assert suggesting.numbers_stated(paper) == {1, 2}
    assert suggesting.quarter_of("q2-2018-19.txt", paper) is None


@pytest.mark.parametrize(
    ("aims", "expected"),
    [
        ("Target: 22% Tolerance: 28%", Polarity.LOWER),
        ("Target: 80% Tolerance: 75%", Polarity.HIGHER),
        ("Target: 80% Tolerance: 80%", None),
        ("Target: 80%", None),
        ("", None),
    ],
)
def test_polarity(aims, expected):
    assert suggesting.polarity_of(paper_of(row(f"A1 T Q2 = 5% {aims}")).measures[0]) == expected


@pytest.mark.parametrize("path", PAPERS)
def test_the_paper_s_own_lists(path):
    paper = parsing.parse(reading.read(path.name, path.read_bytes()))
    titles = {one.code: suggesting.title_of(one, paper) for one in paper.measures}
    assert titles["E1"] == paper.lists[2].titles[0]
    assert all(titles[one.code] == one.title for one in paper.measures if one.title)
    assert suggesting.areas_of(paper) == list(paper.lists[1].titles)
    assert {suggesting.section_of(one, paper) for one in paper.measures} == {
        suggesting.CONTRACTUAL,
        suggesting.VOLUMETRIC,
    }


E1, E2 = row("E1<br>Volumetric measure<br>5 (Q2)"), row("E2<br>Volumetric measure<br>5 (Q2)")


@pytest.mark.parametrize(
    ("before", "rows", "expected"),
    [
        ("Volumetric\nContacts\n", [E1], "Contacts"),
        ("Volumetric\nContacts\nOthers\n", [E1], ""),
        ("Volumetric\nContacts\n", [E1, E2], ""),
        ("Contractual\nContacts\n", [E1], ""),
        ("", [E1], ""),
        ("Volumetric\nContacts\n", [row("E1 Calls<br>5 (Q2)")], "Calls"),
    ],
)
def test_the_title_of_a_volumetric_measure(before, rows, expected):
    paper = paper_of(*rows, before=before)
    assert suggesting.title_of(paper.measures[0], paper) == expected


@pytest.mark.parametrize(
    ("before", "rows", "expected"),
    [
        ("CONTRACTUAL MEASURES OF THE FRONT DOOR\nReturns\n", [], "Contractual measures of the front door"),
        ("Areas of concern\nReturns\n", [], suggesting.CONTRACTUAL),
        ("", [row("CHILDREN IN CARE")], "Children in care"),
        ("", [row("Areas for improvement")], suggesting.CONTRACTUAL),
    ],
)
def test_sections(before, rows, expected):
    paper = paper_of(*rows, row("A1 Returns Q2 = 5% Target: 4%"), before=before)
    assert suggesting.section_of(paper.measures[0], paper) == expected


@pytest.mark.parametrize(
    ("line", "codes", "rest"),
    [
        ("A1 Returns", ["A1"], "Returns"),
        ("FO1", ["FO1"], ""),
        ("A1: Returns", ["A1"], "Returns"),
        ("A1a Returns", ["A1a"], "Returns"),
        ("E34 and 35", ["E34", "E35"], ""),
        ("E34/35 Number", ["E34", "E35"], "Number"),
        ("E34 & E35", ["E34", "E35"], ""),
        ("E1, 2 and 3 Number", ["E1", "E2", "E3"], "Number"),
        ("E34-36 Number", ["E34", "E35", "E36"], "Number"),
        ("E34 to E36", ["E34", "E35", "E36"], ""),
        ("E34 and F1 Number", ["E34", "F1"], "Number"),
        ("E34-30 Number", ["E34"], "30 Number"),
        ("E1-50 Number", ["E1"], "50 Number"),
        ("E34 and 34 Number", ["E34"], "and 34 Number"),
        ("A1 - 12 months", ["A1"], "12 months"),
        ("A1 and the rest", ["A1"], "and the rest"),
        ("Q2 = 27%", [], "Q2 = 27%"),
        ("Q2 2018/19 = 27%", [], "Q2 2018/19 = 27%"),
        ("a1 Returns", [], "a1 Returns"),
        ("COVID19 Returns", [], "COVID19 Returns"),
        ("A1000 Returns", [], "A1000 Returns"),
        ("", [], ""),
    ],
)
def test_codes(line, codes, rest):
    assert codes_at_start(line) == (tuple(codes), rest)


def test_a_quarter_that_the_list_offers():
    limit = Quarter.parse("Q3 2018/19")
    assert quarters_to_choose(limit, set())[:2] == [Q2, Q2.previous]
    assert quarters_to_choose(limit, {2})[:2] == [Q2, Q2.same_quarter_last_year]
    assert {each.number for each in quarters_to_choose(limit, {2})} == {2}
    assert len(quarters_to_choose(limit, {1, 2})) == 100


def test_the_twin_has_a_name_for_its_quarter():
    paper = parsing.parse(reading.read(TWIN.name, TWIN.read_bytes()))
    assert suggesting.quarter_of("q2-2018-19-report.txt", paper) == Q2
    assert suggesting.quarter_of(TWIN.name, paper) is None


@pytest.mark.parametrize("code", PaperCode)
def test_every_code_is_explained(code):
    assert f"`{code}`" in DOCUMENT.read_text(encoding="utf-8")
