"""What a paper lets one suppose where it does not say: offered, and always chosen by a person. Pure: no Django."""

from __future__ import annotations

import re
from collections.abc import Iterable

from measures.quarters import Quarter
from measures.rating import Polarity
from measures.terms import Kind

from .shapes import Paper, PaperMeasure

_FIRST = r"(?<!\d)(?P<first>20\d\d)"
_LAST = r"(?P<last>(?:20)?\d\d)(?!\d)"
_BETWEEN = r"[\s_/–-]*"
_NUMBER = r"(?:Q|quarter[\s_-]*)(?P<number>[1-4])(?!\d)"
_QUARTERS = (
    # "Q2 2018/19", "quarter-2-2018-19", "Q2_201819"
    re.compile(rf"(?<![A-Za-z]){_NUMBER}{_BETWEEN}{_FIRST}{_BETWEEN}{_LAST}", re.IGNORECASE),
    # "2018/19 Q2"
    re.compile(rf"{_FIRST}{_BETWEEN}{_LAST}{_BETWEEN}{_NUMBER}", re.IGNORECASE),
    # "2018-Q2", as this program writes it
    re.compile(rf"{_FIRST}-{_NUMBER}", re.IGNORECASE),
)
_AREAS = re.compile(r"areas?\s+(?:of|for)\b", re.IGNORECASE)
_VOLUMETRIC = re.compile(r"volumetric\b", re.IGNORECASE)
CONTRACTUAL = "Contractual measures"
VOLUMETRIC = "Volumetric measures"
LONGEST_SECTION = 80


def quarters_in(text: str) -> set[Quarter]:
    """Every quarter that the text names with its year; "Q2" alone and "Q2 2018" name none."""
    found = set()
    for pattern in _QUARTERS:
        for match in pattern.finditer(text):
            year, last = int(match["first"]), match.groupdict().get("last")
            if last is None or int(last[-2:]) == (year + 1) % 100:
                found.add(Quarter(year, int(match["number"])))
    return found


def numbers_stated(paper: Paper) -> set[int]:
    """The quarters' numbers that stand beside the paper's values."""
    return {int(measure.quarter[1]) for measure in paper.measures if measure.quarter}


def quarter_of(name: str, paper: Paper) -> Quarter | None:
    """The one quarter that the file's name, the lines outside its table and its values' labels name; None where they
    name several, or none, or another than the values."""
    stated = numbers_stated(paper)
    if len(stated) > 1:
        return None
    texts: Iterable[str] = (name, *paper.outside, *paper.header, *(measure.quarter for measure in paper.measures))
    found = set().union(*(quarters_in(text) for text in texts))
    if len(found) != 1:
        return None
    quarter = found.pop()
    return quarter if not stated or quarter.number in stated else None


def polarity_of(measure: PaperMeasure) -> Polarity | None:
    """Where target and tolerance are both printed and differ, the tolerance stands on the worse side."""
    if measure.target is None or measure.tolerance is None or measure.target == measure.tolerance:
        return None
    return Polarity.LOWER if measure.tolerance > measure.target else Polarity.HIGHER


def title_of(measure: PaperMeasure, paper: Paper) -> str:
    """For a volumetric measure without a title: the one title listed as volumetric that no other measure carries,
    where no other such measure wants one too."""
    if measure.title or measure.kind is not Kind.VOLUMETRIC:
        return measure.title
    untitled = [one for one in paper.measures if one.kind is Kind.VOLUMETRIC and not one.title]
    taken = {_folded(one.title) for one in paper.measures}
    free = [
        title
        for each in paper.lists
        if _VOLUMETRIC.match(each.heading)
        for title in each.titles
        if _folded(title) not in taken
    ]
    return free[0] if len(untitled) == len(free) == 1 else ""


def section_of(measure: PaperMeasure, paper: Paper) -> str:
    """The heading above the measure in the table, or the one that lists its title; else what its kind is called.
    "Areas for improvement" is a choice of one quarter, no section."""
    if measure.kind is Kind.VOLUMETRIC:
        return VOLUMETRIC
    listed = [each.heading for each in paper.lists if _folded(measure.title) in map(_folded, each.titles)]
    for heading in (measure.heading, *listed):
        if heading and not _AREAS.match(heading) and not _VOLUMETRIC.match(heading):
            return (heading.capitalize() if heading.isupper() else heading)[:LONGEST_SECTION]
    return CONTRACTUAL


def areas_of(paper: Paper) -> list[str]:
    """What the paper lists as areas for improvement."""
    return [title for each in paper.lists if _AREAS.match(each.heading) for title in each.titles]


def _folded(text: str) -> str:
    return " ".join(text.casefold().split())
