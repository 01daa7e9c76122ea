"""A measure's own cell: its code and title, then what is printed of its figures. Pure: no Django."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from measures.terms import Kind

from .figures import KEY, Printed, Unclear, codes_at_start, is_none, one_figure, trailing, values_of
from .shapes import PaperCode, PaperValue

LONGEST_LINE = 500
REMEDY = "Correct the measure’s cell in the file and choose it again, or enter the figure afterwards."
_KIND = re.compile(r"\b(volumetric|contractual|local)(?:\s+measures?\b|\s*$)", re.IGNORECASE)


@dataclass(frozen=True)
class Finding:
    """Something not understood, as an issue words it. `is_left`: a figure is left out for it."""

    code: PaperCode
    read: str
    why: str
    remedy: str = REMEDY
    is_left: bool = True


@dataclass
class OwnCell:
    """`quarter` is the label beside the values; `said` holds every figure as printed until it is read."""

    title: list[str] = field(default_factory=list)
    kind: Kind | None = None
    quarter: str = ""
    values: tuple[PaperValue, ...] = ()
    target: Printed | None = None
    tolerance: Printed | None = None
    findings: list[Finding] = field(default_factory=list)
    # (quarter, figures)
    said_values: list[tuple[str, str]] = field(default_factory=list)
    said_targets: list[str] = field(default_factory=list)
    said_tolerances: list[str] = field(default_factory=list)

    @property
    def has_facts(self) -> bool:
        return bool(self.said_values or self.said_targets or self.said_tolerances)


def is_fact(line: str) -> bool:
    """Whether a line brings a figure or says of what kind the measure is."""
    return len(line) <= LONGEST_LINE and bool(KEY.search(line) or trailing(line) or _KIND.search(line))


def read(lines: Sequence[str], codes: int) -> OwnCell:
    """The lines of a cell that starts with so many codes."""
    cell = OwnCell()
    for index, line in enumerate(lines):
        text = " ".join(line.split())
        if index == 0:
            text = codes_at_start(text)[1]
        if len(text) > LONGEST_LINE:
            _words(text, cell)
        else:
            _line(text, cell)
    _read_values(cell, codes)
    cell.target = _one(cell, "target", cell.said_targets)
    cell.tolerance = _one(cell, "tolerance", cell.said_tolerances)
    if cell.tolerance and not cell.target:
        why = "A tolerance stands there without a target, and means nothing alone."
        cell.findings.append(Finding(PaperCode.TOLERANCE_ALONE, cell.said_tolerances[0], why))
        cell.tolerance = None
    return cell


def _line(text: str, cell: OwnCell) -> None:
    """One line cut at what can hold a figure."""
    keys = list(KEY.finditer(text))
    ends = [*(key.start() for key in keys), len(text)]
    _prose(text[: ends[0]], cell)
    for key, end in zip(keys, ends[1:], strict=True):
        said = text[key.end() : end].strip()
        if key["quarter"]:
            cell.said_values.append((key["quarter"], said))
        else:
            (cell.said_targets if key["target"] else cell.said_tolerances).append(said)


def _prose(text: str, cell: OwnCell) -> None:
    kind = _KIND.search(text)
    if kind:
        cell.kind = cell.kind or Kind(kind[1].lower())
        text = f"{text[: kind.start()]} {text[kind.end() :]}"
    words = text.strip()
    found = trailing(words)
    _words(words[: found.start] if found else words, cell)
    if found:
        cell.said_values.append((found.quarter, found.figures))


def _words(text: str, cell: OwnCell) -> None:
    """Before the first figure they are the title."""
    words = " ".join(text.split()).strip(" ,;|–-")
    if words and not cell.has_facts:
        cell.title.append(words)
    elif words:
        why, remedy = "It was not understood and is left out.", "Nothing is to be done if it says nothing that counts."
        cell.findings.append(Finding(PaperCode.LEFT_OVER, words, why, remedy, is_left=False))


def _read_values(cell: OwnCell, codes: int) -> None:
    if not cell.said_values:
        why = "No value stands in this measure’s cell, such as “Q2 = 27%” or “1898 (Q2 average)”."
        cell.findings.append(Finding(PaperCode.NO_VALUE, " ".join(cell.title), why))
        return
    label, text = cell.said_values[0]
    cell.quarter = " ".join(label.upper().split())
    if len(cell.said_values) > 1:
        read = ", ".join(f"{each} = {figure}" for each, figure in cell.said_values)
        why = "More than one value stands in the cell: which of them is meant is not certain."
        cell.findings.append(Finding(PaperCode.SEVERAL_VALUES, read, why))
        return
    try:
        cell.values, disagree = values_of(text, codes)
    except Unclear as unclear:
        kind = PaperCode.VALUES_AND_CODES if codes > 1 else PaperCode.NOT_A_VALUE
        code = PaperCode.SPACED_NUMBER if unclear.spaced else kind
        cell.findings.append(Finding(code, f"{cell.quarter} = {text}", unclear.why))
        return
    if disagree:
        why = "The counts beside the value do not give it. The value is brought in without them."
        cell.findings.append(Finding(PaperCode.COUNTS_DISAGREE, text, why, is_left=False))


def _one(cell: OwnCell, name: str, texts: Sequence[str]) -> Printed | None:
    """The target or tolerance; None where the cell has none, or says “n/a”, or is not understood."""
    said = [text for text in texts if not is_none(text)]
    if not said:
        return None
    if len(said) > 1:
        why = f"More than one {name} stands in the cell."
        cell.findings.append(Finding(PaperCode.NOT_A_TARGET, "; ".join(said), why))
        return None
    try:
        return one_figure(said[0])
    except Unclear as unclear:
        why = f"The {name} was not understood. {unclear.why}"
        cell.findings.append(Finding(PaperCode.NOT_A_TARGET, said[0], why))
        return None
