"""The parts of a workbook beside its sheets: which sheets it has, its texts and number formats. Pure: no Django."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from . import markup
from .archive import Archive
from .encodings import CONTROL
from .markup import damaged

TRUE = ("1", "true", "on")
ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
# How a digit looks above the line, as a reader sees it.
ABOVE = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
LOOKS = {"superscript": "raised", "subscript": "lowered"}
UNSEEN = "a control character"
UNSEEN_SIGNS = re.compile(rf"\0|{CONTROL.pattern}")


@dataclass(frozen=True)
class Text:
    """`odd` says what makes the text no plain one, such as “85 with a raised 1”."""

    text: str
    odd: str = ""


@dataclass(frozen=True)
class SheetPart:
    name: str
    part: str
    hidden: bool


@dataclass
class Parts:
    """`formats` are the number format of each cell style, `codes` those that the workbook defines itself.
    `recalculates`: its values are not up to date, says the program that wrote it."""

    sheets: list[SheetPart] = field(default_factory=list)
    from_1904: bool = False
    recalculates: bool = False
    texts: list[Text] = field(default_factory=list)
    formats: list[int] = field(default_factory=list)
    codes: dict[int, str] = field(default_factory=dict)


class Runs:
    """Gathers a text of several runs, as shared and inline strings hold it."""

    def __init__(self) -> None:
        self.pieces: list[tuple[str, str]] = []
        self.look, self.is_open, self.is_phonetic = "", False, False

    def starts(self) -> dict[str, markup.Start]:
        return {"t": self._open, "rPh": self._start_phonetic, "vertAlign": self._align, "strike": self._strike}

    def ends(self) -> dict[str, markup.End]:
        return {"t": self._close, "rPh": self._end_phonetic, "r": self._end_run}

    def _open(self, attributes: Mapping[str, str]) -> None:
        self.is_open = not self.is_phonetic

    def _close(self) -> None:
        self.is_open = False

    def _start_phonetic(self, attributes: Mapping[str, str]) -> None:
        self.is_phonetic = True

    def _end_phonetic(self) -> None:
        self.is_phonetic = False

    def _align(self, attributes: Mapping[str, str]) -> None:
        self.look = LOOKS.get(attributes.get("val", ""), self.look)

    def _strike(self, attributes: Mapping[str, str]) -> None:
        if attributes.get("val", "1") in TRUE:
            self.look = "struck-out"

    def _end_run(self) -> None:
        self.look = ""

    def add(self, text: str) -> None:
        if self.is_open:
            self.pieces.append((text, self.look))

    def take(self) -> Text:
        """What was gathered; begins anew."""
        pieces, self.pieces = self.pieces, []
        found = plain("".join(_shown(piece, look) for piece, look in pieces))
        base = "".join(piece for piece, look in pieces if not look).strip()
        odd = [(piece.strip(), look) for piece, look in pieces if look and piece.strip()]
        # A raised letter beside words is a footnote; beside a digit it would change a figure, a period or a code.
        if odd and not found.odd and any(sign.isdigit() for sign in base):
            return Text(found.text, " and ".join([f"{base} with a {look} {piece}" for piece, look in odd]))
        struck = [piece for piece, look in odd if look == "struck-out"]
        return Text(found.text, f"a struck-out {struck[0]}") if struck and not found.odd else found


def _shown(piece: str, look: str) -> str:
    return piece.translate(ABOVE) if look == "raised" else piece


def plain(text: str) -> Text:
    """The text with Excel's own escapes undone; a control character that one of them stands for is not kept."""
    text = ESCAPED.sub(_unescaped, text) if "_x" in text else text
    if not UNSEEN_SIGNS.search(text):
        return Text(text)
    return Text(UNSEEN_SIGNS.sub("\N{REPLACEMENT CHARACTER}", text), UNSEEN)


def _unescaped(found: re.Match[str]) -> str:
    code = int(found[1], 16)
    return found[0] if 0xD800 <= code <= 0xDFFF else chr(code)


def read(archive: Archive) -> Parts:
    """Unreadable for a workbook whose parts do not fit together."""
    workbook = _target(archive, "", "officeDocument")
    if workbook is None:
        raise damaged("it does not say which of its parts is the workbook")
    parts = Parts()
    relations = _relations(archive, workbook)
    _read_workbook(archive, workbook, relations, parts)
    if texts := _of_kind(relations, "sharedStrings"):
        _read_texts(archive, texts, parts)
    if styles := _of_kind(relations, "styles"):
        _read_styles(archive, styles, parts)
    return parts


def _target(archive: Archive, part: str, kind: str) -> str | None:
    return _of_kind(_relations(archive, part), kind)


def _of_kind(relations: Mapping[str, tuple[str, str]], kind: str) -> str | None:
    return next((target for each, target in relations.values() if each == kind), None)


def _relations(archive: Archive, part: str) -> dict[str, tuple[str, str]]:
    """Identifier to kind and part. Targets outside the file are left out: nothing is ever fetched."""
    folder, name = posixpath.split(part)
    found: dict[str, tuple[str, str]] = {}

    def start(attributes: dict[str, str]) -> None:
        if attributes.get("TargetMode") != "External":
            target = posixpath.normpath(posixpath.join("/", folder, attributes.get("Target", "")))
            kind = attributes.get("Type", "").rpartition("/")[2]
            found[attributes.get("Id", "")] = (kind, target.lstrip("/"))

    where = posixpath.join(folder, "_rels", f"{name}.rels")
    if where in archive.names:
        markup.walk(archive.chunks(where), part=where, start={"Relationship": start})
    return found


def _read_workbook(archive: Archive, part: str, relations: Mapping[str, tuple[str, str]], parts: Parts) -> None:
    def properties(attributes: dict[str, str]) -> None:
        parts.from_1904 = attributes.get("date1904") in TRUE

    def calculation(attributes: dict[str, str]) -> None:
        parts.recalculates = attributes.get("fullCalcOnLoad") in TRUE

    def sheet(attributes: dict[str, str]) -> None:
        name = attributes.get("name", "")
        kind, target = relations.get(markup.attribute(attributes, "id") or "", ("", ""))
        if not target:
            raise damaged(f"its sheet “{name}” is not in it")
        if kind == "worksheet":
            parts.sheets.append(SheetPart(name, target, attributes.get("state", "visible") != "visible"))

    start = {"workbookPr": properties, "calcPr": calculation, "sheet": sheet}
    markup.walk(chunks(archive, part), part=part, start=start)
    for what in ({sheet.part for sheet in parts.sheets}, {sheet.name for sheet in parts.sheets}):
        if len(what) < len(parts.sheets):
            raise damaged("two of its sheets are the same")


def chunks(archive: Archive, part: str) -> Iterator[bytes]:
    """As `Archive.chunks`, with a sentence for a part that is not there."""
    if part not in archive.names:
        raise damaged(f"its part “{part}” is missing")
    return archive.chunks(part)


def _read_texts(archive: Archive, part: str, parts: Parts) -> None:
    runs = Runs()

    def end() -> None:
        parts.texts.append(runs.take())

    markup.walk(chunks(archive, part), part=part, start=runs.starts(), end={**runs.ends(), "si": end}, text=runs.add)


def _read_styles(archive: Archive, part: str, parts: Parts) -> None:
    # Conditional formatting has formats of its own, which change no cell's.
    inside = ""

    def enter(name: str) -> markup.Start:
        def called(attributes: dict[str, str]) -> None:
            nonlocal inside
            inside = name

        return called

    def leave() -> None:
        nonlocal inside
        inside = ""

    def code(attributes: dict[str, str]) -> None:
        if inside == "numFmts":
            parts.codes[_whole(attributes.get("numFmtId"))] = attributes.get("formatCode", "")

    def style(attributes: dict[str, str]) -> None:
        if inside == "cellXfs":
            parts.formats.append(_whole(attributes.get("numFmtId", "0")))

    groups = ("numFmts", "cellXfs")
    start = {**{name: enter(name) for name in groups}, "numFmt": code, "xf": style}
    markup.walk(chunks(archive, part), part=part, start=start, end=dict.fromkeys(groups, leave))


def _whole(text: str | None) -> int:
    if text is None or not text.isdecimal():
        raise damaged("a number format has no number")
    return int(text)
