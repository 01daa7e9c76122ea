"""Bytes to text: which encoding a text file is in. Pure: no Django."""

from __future__ import annotations

import codecs
import re

from .cells import Unreadable
from .issues import Code

# Longer marks first: the one of UTF-32 begins with that of UTF-16.
MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# Two or three bytes that make one letter in UTF-8, and two or three odd ones in Windows-1252.
TWO_BYTES = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}")
# What no table in text holds. A vertical tab or form feed may stand for a line break inside a cell.
CONTROL = re.compile(r"[\x01-\x08\x0e-\x1f\x7f]")
DOS_END = "\x1a"
# Of a text in UTF-16, this share of the bytes at odd or at even places is null.
CLEAR = 0.6
LOOKED_AT = 4_000

SAVE_ANEW = "Save the file anew as “CSV UTF-8”, or as an Excel workbook."


def decode(content: bytes) -> tuple[str, str]:
    """The text without byte order mark, and a sentence about its encoding where that had to be assumed ("" else).

    Unreadable for bytes that no encoding explains, and for null and control characters.
    """
    text, told = _decode(content)
    text = text.removesuffix(DOS_END)
    if "\0" in text:
        line = line_at(text, text.index("\0"))
        raise Unreadable(
            f"Line {line:,} holds a null character, which no table in text does. {SAVE_ANEW}",
            Code.NULL_CHARACTER,
        )
    if found := CONTROL.search(text):
        raise Unreadable(
            f"Line {line_at(text, found.start()):,} holds a control character: this is no table in text. {SAVE_ANEW}",
            Code.CONTROL_CHARACTER,
        )
    return text, told


def line_at(text: str, index: int) -> int:
    """The number of the line, from 1, in which the index stands."""
    before = text[:index]
    return 1 + before.count("\n") + before.count("\r") - before.count("\r\n")


def _decode(content: bytes) -> tuple[str, str]:
    for mark, encoding in MARKS:
        if content.startswith(mark):
            return _strictly(content, encoding), ""
    if encoding := _unmarked_utf16(content):
        return _strictly(content, encoding), "The file does not say its encoding; it was read as UTF-16."
    try:
        return content.decode("utf-8"), ""
    except UnicodeDecodeError:
        pass
    if TWO_BYTES.search(content):
        raise Unreadable(f"The file is in UTF-8 in some places and not in others. {SAVE_ANEW}", Code.ENCODING)
    return _strictly(content, "cp1252"), (
        "The file is not in UTF-8; it was read as Windows-1252, as older programs write it. "
        "Check accents, dashes and pound signs in names and notes."
    )


def _strictly(content: bytes, encoding: str) -> str:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        line = 1 + content[: error.start].count(b"\n")
        raise Unreadable(
            f"About line {line:,} the file holds bytes that are no letters in any encoding known here. {SAVE_ANEW}",
            Code.ENCODING,
        ) from error


def _unmarked_utf16(content: bytes) -> str:
    """The encoding where every other byte is null and hardly any of the rest, as in western text; "" else."""
    start = content[:LOOKED_AT]
    pairs = len(start) // 2
    if not pairs or len(content) % 2:
        return ""
    first, second = start[0::2].count(0) / pairs, start[1::2].count(0) / pairs
    if second >= CLEAR and not first:
        return "utf-16-le"
    if first >= CLEAR and not second:
        return "utf-16-be"
    return ""
