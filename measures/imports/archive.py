"""Limits of zip-based files (workbooks and Word documents), counted before anything in them is parsed. Pure: no
Django."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

from . import markup
from .cells import Unreadable
from .issues import Code
from .markup import damaged

MOST_BYTES = 50_000_000
MOST_RATIO = 100
MOST_PARTS = 1_000
# Every element becomes an object when it is read: a file of nothing but tags is as heavy as a much larger one.
MOST_TAGS = 6_000_000
# A part this small may be packed as tightly as it likes.
FREE_BYTES = 100_000
CHUNK = 64 * 1024

START = b"PK\x03\x04"
ENTRY = b"PK\x01\x02"
XML_ENDINGS = (".xml", ".rels", ".vml")
ENCRYPTED = 0x1
PACKED = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
# What zipfile and zlib raise for files that break their own rules, each seen with a file of the tests' corpus or its
# mutations. The bytes are in memory, so that an OSError is a seek to a place that the file lies about, never a disk.
BROKEN = (zipfile.BadZipFile, NotImplementedError, EOFError, OSError, ValueError, struct.error, zlib.error)


@dataclass(frozen=True)
class Archive:
    """A zip file within the limits. `names` are its parts' names, as they are written."""

    content: zipfile.ZipFile
    names: frozenset[str]

    def chunks(self, name: str) -> Iterator[bytes]:
        """One part, piece by piece; KeyError for a name that is not there."""
        with self.content.open(name) as part:
            while piece := part.read(CHUNK):
                yield piece

    def read(self, name: str) -> bytes:
        return b"".join(self.chunks(name))


def check(content: bytes, *, what: str, most_tags: int = MOST_TAGS) -> Archive:
    """The archive, once all of it was counted and inflated within the limits; `what` names it: “workbook”.

    Unreadable for what is too large, too tightly packed, protected or damaged, and for a document type in any XML
    part. Nothing is kept in memory but the content itself.
    """
    # Every entry has one; counted before zipfile builds an object for each.
    if content.count(ENTRY) > MOST_PARTS:
        raise Unreadable(
            f"The {what} has more than {MOST_PARTS:,} parts. "
            "Leave out pictures, charts and sheets that hold no figures.",
            Code.PARTS,
        )
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
        entries = archive.infolist()
        _check_names(entries)
        unpacked = tags = 0
        for entry in entries:
            size, found = _inflate(archive, entry, what=what, before=unpacked)
            unpacked, tags = unpacked + size, tags + found
            if tags > most_tags:
                raise _too_large(what)
    except BROKEN as error:
        raise damaged("it cannot be unpacked") from error
    return Archive(archive, frozenset(entry.filename for entry in entries))


def _check_names(entries: list[zipfile.ZipInfo]) -> None:
    # Office takes names that differ in case alone for the same.
    names = [entry.orig_filename.casefold() for entry in entries]
    if len(set(names)) < len(names):
        raise Unreadable(
            "The file holds two parts of the same name, so it is not certain what it says. "
            "Save it anew in the program that made it.",
            Code.PART_NAMES,
        )
    for name in names:
        if "\0" in name or "\\" in name or name.startswith("/") or ".." in name.split("/"):
            raise Unreadable(
                "The file holds a part whose name leads out of it. Save it anew in the program that made it.",
                Code.PART_NAMES,
            )


def _inflate(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, *, what: str, before: int) -> tuple[int, int]:
    """The size of the part and its number of tags, counted piece by piece so that a declared size is not believed."""
    if entry.flag_bits & ENCRYPTED:
        raise Unreadable(
            f"The {what} is protected by a password. Take the password off and choose it again.", Code.PASSWORD
        )
    if entry.compress_type not in PACKED:
        raise damaged("it is packed in a way that its program does not use")
    most = MOST_RATIO * entry.compress_size + FREE_BYTES
    size, tags, check = 0, 0, None
    with archive.open(entry) as part:
        while piece := part.read(CHUNK):
            if not size and _is_xml(entry.filename, piece):
                check = markup.StartCheck(entry.filename)
            size += len(piece)
            if before + size > MOST_BYTES:
                raise _too_large(what)
            if size > most:
                raise _too_tight(what)
            if check:
                check.feed(piece)
                tags += piece.count(b"<")
    if size != entry.file_size:
        raise damaged(f"its part “{entry.filename}” is not as large as it says")
    if check:
        check.feed(b"")
    return size, tags


def _is_xml(name: str, start: bytes) -> bool:
    """By its name, or because it starts like markup in any encoding: what a reader would parse, whatever its name."""
    return name.lower().endswith(XML_ENDINGS) or start[:64].lstrip(b"\xef\xbb\xbf\xff\xfe\0\t\r\n ").startswith(b"<")


def _too_large(what: str) -> Unreadable:
    return Unreadable(
        f"The {what} holds more than is read at once ({MOST_BYTES // 1_000_000} MB when unpacked). "
        "Leave out pictures and sheets that are not needed, or split it.",
        Code.UNPACKED_SIZE,
    )


def _too_tight(what: str) -> Unreadable:
    return Unreadable(
        f"The {what} is packed more than {MOST_RATIO} times smaller than what it holds. "
        "Leave out pictures and empty rows that are only formatted, and save it anew.",
        Code.RATIO,
    )
