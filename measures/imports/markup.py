"""XML read as a stream, without anything that could make it grow or fetch. Pure: no Django."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from xml.parsers import expat

from .cells import Unreadable
from .issues import Code

Start = Callable[[str, dict[str, str]], None]


class _Forbidden(Exception):
    """A document type was declared."""


def walk(
    chunks: Iterable[bytes],
    *,
    part: str,
    start: Start | None = None,
    end: Callable[[str], None] | None = None,
    text: Callable[[str], None] | None = None,
) -> None:
    """Call the handlers through one XML part. Element and attribute names come without their namespaces.

    Unreadable for a part that declares a document type or is not well formed; `part` is its name.
    """
    parser = _parser()
    if start is not None:
        parser.StartElementHandler = _plain_names(start)
    if end is not None:
        parser.EndElementHandler = lambda name: end(name.rpartition(" ")[2])
    if text is not None:
        parser.CharacterDataHandler = text
    for chunk in chunks:
        _parse(parser, chunk, part)
    _parse(parser, b"", part)


class StartCheck:
    """Takes a part piece by piece, up to its first element: a document type could only stand before that.

    Unreadable from `feed` for a document type, and for what is not well formed so far; `feed(b"")` ends the part.
    """

    def __init__(self, part: str) -> None:
        self.part, self.passed = part, False
        self.parser = _parser()
        self.parser.StartElementHandler = self._first_element

    def _first_element(self, name: str, attributes: dict[str, str]) -> None:
        self.passed = True

    def feed(self, piece: bytes) -> None:
        if not self.passed:
            _parse(self.parser, piece, self.part)


def _parser() -> expat.XMLParserType:
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True

    def forbid(*declaration: object) -> None:
        raise _Forbidden

    parser.StartDoctypeDeclHandler = forbid
    return parser


def _plain_names(start: Start) -> Start:
    # Few names repeat many times; nearly all attributes have no namespace.
    plain: dict[str, str] = {}

    def called(name: str, attributes: dict[str, str]) -> None:
        short = plain.get(name) or plain.setdefault(name, name.rpartition(" ")[2])
        if any(" " in key for key in attributes):
            attributes = {key.rpartition(" ")[2]: value for key, value in attributes.items()}
        start(short, attributes)

    return called


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
