"""Percentages that stand in one file both as shares of 1 and as they are: the answer settles what it can."""

import pytest

from tests.measures.imports.samples import book, codes, items, planned

HEAD = ["measure", "period", "value"]
QUARTERS = [f"Q{number} {year}/{year + 1 - 2000}" for year in (2016, 2017, 2018) for number in (1, 2, 3, 4)]


def column(*values, answer=None):
    rows = [["A2", quarter, value] for quarter, value in zip(QUARTERS, values, strict=False)]
    return planned(HEAD, *rows, answers={"shares": answer} if answer else None)


def values(found):
    return [text for _, _, text, _ in items(found)]


def refused(found):
    return [each for each in codes(found) if each[1] == "mixed_shares"]


def test_the_file_s_own_first_example_is_asked_about_with_its_row():
    [asked] = column("85", "0.315", "0.9").asked
    assert asked.sentence == (
        "Figures such as “0.315” in row 3 are below 1 and stand in a series of percentages. What are they?"
    )
    assert [choice.words for choice in asked.choices] == [
        "Shares of 1, and figures above 2 percentages already: 0.315 is 31.5%",
        "Percentages, all of them: 0.315 is 0.315%",
    ]


@pytest.mark.parametrize(("answer", "expected"), [
    ("times_100", ["85", "85", "90.5", "0"]), ("as_they_are", ["0.85", "85", "90.5", "0"]),
])  # fmt: skip
def test_either_answer_settles_what_has_one_reading_under_it(answer, expected):
    found = column("0.85", "85", "90.5", "0", answer=answer)
    assert (values(found), refused(found), found.asked) == (expected, [], ())


def test_beside_percentages_1_is_either_and_refused_with_both_ways_to_write_it():
    found = column("0.85", "1", "85", "1%", "100%", answer="times_100")
    assert values(found) == ["85", "85", "1", "100"]
    [issue] = [each for each in found.issues if each.code == "mixed_shares"]
    assert (issue.row, issue.column, issue.read) == (3, "C “value”", "1")
    assert issue.why == "1 may be the share 100% or the percentage 1%, and this file has shares of 1."
    assert issue.remedy == "Write 100% or 1%, with the sign."
    assert found.refused == {("", 3)}


def test_among_shares_alone_1_is_all_of_it():
    found = column("0.85", "1", "85%", answer="times_100")
    assert (values(found), refused(found)) == (["85", "100", "85"], [])


def test_a_little_above_1_is_refused_under_shares():
    found = column("0.85", "1.05", answer="times_100")
    assert (values(found), refused(found)) == (["85"], [(3, "mixed_shares", "C “value”")])


def test_in_the_wide_layout_only_the_cell_is_left_out():
    found = planned(["Ref", *QUARTERS[:4]], ["A2", "0.85", "1", "85", "0.5"], answers={"shares": "times_100"})
    assert values(found) == ["85", "85", "50"]
    assert refused(found) == [(2, "mixed_shares", f"C “{QUARTERS[1]}”")]


def test_counts_are_no_percentages():
    rows = [["E1", f"{month} 2018", value] for month, value in (("July", "0.5"), ("August", "85"), ("May", "1"))]
    found = planned(HEAD, *rows, answers={"shares": "times_100"})
    assert refused(found) == []


def test_cells_of_a_workbook_are_told_apart_likewise():
    rows = [["A2", quarter, value] for quarter, value in zip(QUARTERS, (1, 85), strict=False)]
    assert book(*rows).sheets[0].rows[0].cells[2].number == 1
    found = planned(HEAD, *rows, ["A2", QUARTERS[2], "0.5"], answers={"shares": "times_100"})
    assert (values(found), refused(found)) == (["85", "50"], [(2, "mixed_shares", "C “value”")])
