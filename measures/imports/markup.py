"""XML read as a stream, without anything that could make it grow or fetch. Pure: no Django."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any
from xml.parsers import expat

from .cells import Unreadable
from .issues import Code

Start = Callable[[dict[str, str]], None]
End = Callable[[], None]
# Hostile files can have any number of names; sound ones have few.
MOST_NAMES = 1_000


class _Forbidden(Exception):
    """A document type was declared."""


def walk(
    chunks: Iterable[bytes],
    *,
    part: str,
    start: Mapping[str, Start],
    end: Mapping[str, End] | None = None,
    text: Callable[[str], None] | None = None,
) -> None:
    """Call through one XML part what is given for the names of its elements; a prefix before a name does not count.
    Attributes come with theirs (see `attribute`).

    Unreadable for a part that declares a document type or is not well formed; `part` is its name.
    """
    parser = _parser()
    starts, ends = _ByName(start), _ByName(end or {})

    def on_start(name: str, attributes: dict[str, str]) -> None:
        if called := starts[name]:
            called(attributes)

    def on_end(name: str) -> None:
        if called := ends[name]:
            called()

    parser.StartElementHandler = on_start
    if end:
        parser.EndElementHandler = on_end
    if text:
        parser.CharacterDataHandler = text
    for chunk in chunks:
        _parse(parser, chunk, part)
    _parse(parser, b"", part)


def attribute(attributes: Mapping[str, str], name: str) -> str | None:
    """An attribute whose prefix is up to the file, as in `r:id`."""
    return next((value for key, value in attributes.items() if key.rpartition(":")[2] == name), None)


class _ByName(dict[str, Any]):
    """What to call for each name as it is written, found once: a sheet has few names and many elements."""

    def __init__(self, plain: Mapping[str, Start] | Mapping[str, End]) -> None:
        super().__init__()
        self.plain = plain

    def __missing__(self, name: str) -> Start | End | None:
        called = self.plain.get(name.rpartition(":")[2])
        if len(self) < MOST_NAMES:
            self[name] = called
        return called


class StartCheck:
    """Takes a part piece by piece, up to its first element: a document type could only stand before that.

    Unreadable from `feed` for a document type, and for what is not well formed so far; `feed(b"")` ends the part. What
    comes later is left to whoever reads the part.
    """

    def __init__(self, part: str) -> None:
        self.part, self.passed = part, False
        self.parser = _parser()
        self.parser.StartElementHandler = self._first_element

    def _first_element(self, name: str, attributes: dict[str, str]) -> None:
        self.passed = True

    def feed(self, piece: bytes) -> None:
        if self.passed:
            return
        try:
            _parse(self.parser, piece, self.part)
        except Unreadable:
            if not self.passed:
                raise


def _parser() -> expat.XMLParserType:
    parser = expat.ParserCreate()
    parser.buffer_text = True

    def forbid(*declaration: object) -> None:
        raise _Forbidden

    parser.StartDoctypeDeclHandler = forbid
    return parser


def _parse(parser: expat.XMLParserType, piece: bytes, part: str) -> None:
    """An empty piece is the end."""
    try:
        parser.Parse(piece, not piece)
    except _Forbidden:
        raise Unreadable(
            f"The part “{part}” of the file declares a document type, which spreadsheets and documents never do. "
            "Save the file anew in the program that made it, or copy its figures into a new one.",
            Code.FORBIDDEN_MARKUP,
        ) from None
    # LookupError and ValueError: an encoding that is not known, or that the parser cannot take.
    except (expat.ExpatError, LookupError, ValueError) as error:
        raise damaged(f"its part “{part}” is not well formed") from error


def damaged(why: str) -> Unreadable:
    return Unreadable(
        f"The file is damaged: {why}. Open it in the program that made it, save it anew, and choose it again.",
        Code.DAMAGED,
    )
