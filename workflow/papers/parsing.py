"""From the rows of an old paper to its measures. Pure: no Django.

A figure counts only where the measure's own cell names it ("Q2 = 27%", "Target: 22%", "1898 (Q2 average)"); what stands
in the two texts is words. What is not understood becomes an issue with its row, never a guess.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from measures.imports.cells import Unreadable
from measures.imports.issues import Issue
from measures.terms import Kind

from . import own_cell
from .blocks import Blocks, is_ended, join, lines_of, text_of
from .figures import codes_at_start
from .shapes import (
    COMMENT,
    MEASURE,
    RESPONSE,
    Listed,
    Paper,
    PaperCode,
    PaperFile,
    PaperMeasure,
    PaperRow,
    refused,
    warning,
)

# A text this short may well be a note without a full stop, such as "n/a".
SHORT_TEXT = 40
# Of a measure's own cell.
MOST_LINES = 100
_CONTINUED = re.compile(r"\(?\s*cont(?:inued|inuing|'d|’d|d|\.)?\s*\.?\s*\)?", re.IGNORECASE)
_HEADING = re.compile(
    r"areas?\s+(?:of|for)\b|volumetric\b|contractual\b|non-contractual\b|local measures\b", re.IGNORECASE
)


@dataclass
class _Gathered:
    """The rows of one measure, joined so far."""

    row: PaperRow
    codes: tuple[str, ...]
    heading: str
    cells: list[Blocks]


def parse(paper: PaperFile) -> Paper:
    """Unreadable where no row starts with a measure's code."""
    issues = list(paper.issues)
    gathered = _gather(paper, issues)
    if not gathered:
        raise Unreadable(
            "No measure was found: the first column should start with its code, as in “A1 Re-referrals”. "
            "Check that this is the paper you meant.",
            PaperCode.NO_CODES,
        )
    for one in gathered:
        if len(lines_of(one.cells[MEASURE])) > MOST_LINES:
            said = f"The first column holds more than {MOST_LINES} lines for {one.codes[0]}: those are no figures."
            raise Unreadable(said, PaperCode.TOO_LARGE)
    measures = []
    for one in _once(gathered, paper.header, issues):
        measure, found = _measure(one, paper.header)
        measures.append(measure)
        issues += found
    order = {(row.sheet, row.number): index for index, row in enumerate(paper.rows)}
    issues.sort(key=lambda issue: order.get((issue.sheet, issue.row), len(order)))
    return Paper(
        header=paper.header,
        measures=tuple(measures),
        lists=lists_of(paper.outside),
        outside=paper.outside,
        issues=tuple(issues),
        told=paper.told,
    )


def may_belong(row: PaperRow) -> bool:
    """Whether the first row of a table without a header can be the paper's next row: it starts with a code, goes on
    with the row above, or brings that measure's figures."""
    lines = lines_of(row.cells[MEASURE])
    return not lines or bool(codes_at_start(lines[0])[0]) or any(own_cell.is_fact(line) for line in lines)


def is_heading(line: str) -> bool:
    """ "AREAS FOR IMPROVEMENT", "Volumetric measures": a line that names a group of measures."""
    return len(line) <= 100 and (_HEADING.match(line) is not None or (line.isupper() and len(line) > 3))


def lists_of(lines: Iterable[str]) -> tuple[Listed, ...]:
    """The headings before the table with the titles below each."""
    found: list[tuple[str, list[str]]] = []
    for line in lines:
        if is_heading(line):
            found.append((line, []))
        elif found:
            found[-1][1].append(line)
    return tuple(Listed(heading, tuple(titles)) for heading, titles in found)


def _gather(paper: PaperFile, issues: list[Issue]) -> list[_Gathered]:
    """Rows joined into measures: one without a code of its own goes on with the measure above."""
    found: list[_Gathered] = []
    heading = ""
    for row in paper.rows:
        lines = lines_of(row.cells[MEASURE])
        codes, rest = codes_at_start(lines[0]) if lines else ((), "")
        is_alone = bool(lines) and not row.cells[RESPONSE] and not row.cells[COMMENT]
        if is_alone and not codes and is_heading(" ".join(lines)):
            heading = " ".join(lines)
        elif codes and not (found and found[-1].codes == codes and _CONTINUED.fullmatch(rest)):
            found.append(_Gathered(row, codes, heading, list(row.cells)))
        elif found:
            cells = (_without_code(row.cells[MEASURE]) if codes else row.cells[MEASURE], *row.cells[1:])
            found[-1].cells = [join(above, below) for above, below in zip(found[-1].cells, cells, strict=True)]
        elif any(row.cells):
            issues.append(
                refused(
                    PaperCode.BEFORE_FIRST_CODE,
                    row,
                    paper.header[MEASURE],
                    read=" ".join(lines),
                    why="No measure’s code stands in this row or above it.",
                    remedy="Start the row with the measure’s code, such as A1, and choose the file again.",
                )
            )
    return found


def _without_code(cell: Blocks) -> Blocks:
    """The cell of a row that only repeats its measure's code, as "A4 (continued)" does."""
    return cell[1:]


def _once(gathered: Sequence[_Gathered], header: Sequence[str], issues: list[Issue]) -> list[_Gathered]:
    """Without the measures whose code stands twice: which of the two is meant cannot be known."""
    every = [code for one in gathered for code in one.codes]
    kept = []
    for one in gathered:
        twice = [code for code in one.codes if every.count(code) > 1]
        if not twice:
            kept.append(one)
            continue
        issues.append(
            refused(
                PaperCode.CODE_TWICE,
                one.row,
                header[MEASURE],
                read=lines_of(one.cells[MEASURE])[0],
                why=f"{twice[0]} heads more than one row of the paper, so it is not certain which is meant.",
                remedy="Keep one of the rows, or mark the later one “continued”, and choose the file again.",
            )
        )
    return kept


def _measure(one: _Gathered, header: Sequence[str]) -> tuple[PaperMeasure, list[Issue]]:
    cell = own_cell.read(lines_of(one.cells[MEASURE]), len(one.codes))
    issues = [_issue(found, one.row, header[MEASURE]) for found in cell.findings]
    aims = [each for each in (cell.target, cell.tolerance) if each]
    measure = PaperMeasure(
        sheet=one.row.sheet,
        row=one.row.number,
        codes=one.codes,
        title=" ".join(cell.title),
        kind=cell.kind or (Kind.CONTRACTUAL if cell.target else None),
        quarter=cell.quarter,
        values=cell.values,
        target=cell.target.number if cell.target else None,
        tolerance=cell.tolerance.number if cell.tolerance else None,
        aim_unit=next((each.unit for each in aims if each.unit), None),
        aim_decimals=max([each.decimals for each in aims], default=0),
        response=one.cells[RESPONSE],
        comment=one.cells[COMMENT],
        heading=one.heading,
    )
    return measure, [*issues, *_cut_off(one, header)]


def _issue(found: own_cell.Finding, row: PaperRow, column: str) -> Issue:
    make = refused if found.is_left else warning
    return make(found.code, row, column, read=found.read, why=found.why, remedy=found.remedy)


def _cut_off(one: _Gathered, header: Sequence[str]) -> list[Issue]:
    found = []
    for column in (RESPONSE, COMMENT):
        blocks = one.cells[column]
        last = blocks[-1].parts[-1] if blocks and blocks[-1].tag == "p" else ""
        words = text_of(last)
        if len(words) > SHORT_TEXT and not is_ended(last):
            found.append(
                warning(
                    PaperCode.CUT_OFF,
                    one.row,
                    header[column],
                    read="…" + words[-60:],
                    why="The text ends without a full stop: the paper may have lost its end.",
                    remedy="Compare it with the printed paper. It is brought in as it stands.",
                )
            )
    return found
