"""An uploaded file to a book of cells. What it is is decided by its content; its name only helps to explain."""

from __future__ import annotations

from . import archive, csv_files, excel_files
from .archive import Archive
from .cells import Book, Unreadable
from .issues import Code

MOST_ROWS = 5_000
# Of a wide sheet: twice what a long one may hold in as many rows. To preview or confirm them takes seconds.
MOST_VALUES = 10_000
TEXT_NAMES = frozenset({"csv", "txt", "tsv", "tab"})
WORKBOOK_NAMES = frozenset({"xlsx", "xlsm", "xltx", "xltm"})
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
OLE_PASSWORD = "EncryptedPackage".encode("utf-16-le")
# How other kinds of files begin.
OTHERS = (
    (b"%PDF", "a PDF"),
    (b"{\\rtf", "a rich text document"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"\x1f\x8b", "a packed archive"),
    (b"7z\xbc\xaf", "a packed archive"),
    (b"Rar!", "a packed archive"),
    (b"PK\x05\x06", "an empty archive"),
    (b"PK\x07\x08", "an archive in several pieces"),
)
MARKUP = (b"<!doctype", b"<html", b"<?xml", b"<table")
REMEDY = "Save the table as an Excel workbook (.xlsx) or as “CSV UTF-8”, and choose that."


def read(name: str, content: bytes, *, most_rows: int | None = MOST_ROWS) -> Book:
    """The sheets that hold anything. Unreadable with the sentence to show. `most_rows` None: the command, which takes
    any number of rows and of values."""
    ending = name.rpartition(".")[2].lower()
    if not content.strip():
        raise Unreadable("The file is empty. Choose the one that holds the figures.", Code.EMPTY_FILE)
    if content.startswith(archive.START):
        book = _workbook(archive.check(content, what="workbook"), most_rows=most_rows)
        told = "The name ends as that of a text file, but this is a workbook and was read as one."
        is_other = ending in TEXT_NAMES
    else:
        _refuse_others(content)
        book = csv_files.read(content, most_rows=most_rows)
        told = "The name ends as that of a workbook, but this is a text file and was read as one."
        is_other = ending in WORKBOOK_NAMES
    if not book.sheets:
        raise Unreadable(
            "The file holds no cells with anything in them. Fill it in, save it, and choose it again.", Code.EMPTY_FILE
        )
    most_values = None if most_rows is None else MOST_VALUES
    return Book(book.sheets, (told, *book.told) if is_other else book.told, most_values)


def _workbook(file: Archive, *, most_rows: int | None) -> Book:
    if "word/document.xml" in file.names:
        raise Unreadable(
            "This is a Word document. Figures are read from workbooks and CSV files; an old committee paper is read "
            "by an administrator.",
            Code.WORD_DOCUMENT,
        )
    if "xl/workbook.bin" in file.names:
        raise Unreadable(f"This is a binary workbook (.xlsb). {REMEDY}", Code.OLD_FORMAT)
    if "mimetype" in file.names or "content.xml" in file.names:
        raise Unreadable(f"This is an OpenDocument file (.ods). {REMEDY}", Code.OLD_FORMAT)
    if "_rels/.rels" not in file.names:
        raise Unreadable(f"This is a packed archive, not a workbook. {REMEDY}", Code.NOT_A_TABLE)
    return excel_files.read(file, most_rows=most_rows)


def _refuse_others(content: bytes) -> None:
    if content.startswith(OLE):
        if OLE_PASSWORD in content:
            raise Unreadable(
                "The workbook is protected by a password. Take the password off and choose it again.", Code.PASSWORD
            )
        raise Unreadable(f"This is a file of an older Office version (.xls, .doc). {REMEDY}", Code.OLD_FORMAT)
    for start, what in OTHERS:
        if content.startswith(start):
            raise Unreadable(f"This is {what}, not a table. {REMEDY}", Code.NOT_A_TABLE)
    if content[:200].lstrip(b"\xef\xbb\xbf\t\r\n ").lower().startswith(MARKUP):
        raise Unreadable(f"This is a web page or another file of markup, not a table. {REMEDY}", Code.NOT_A_TABLE)
