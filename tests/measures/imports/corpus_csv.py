"""Text files: encodings, line ends, delimiters, quotes, awkward shapes and names."""

import codecs
import itertools
from collections.abc import Iterator

from measures.imports.issues import Code
from tests.measures.imports.expected import Content, CorpusFile, Refusal, cells, one_sheet, text_rows

HEADER = ("series", "period", "value")
TABLE = (HEADER, ("A1", "Q2 2018/19", "27"), ("café", "Jul–Sep 2018", "£5"), ("B8", "Q2 2018/19", ""))
CP1252 = "Windows-1252"
UTF16 = "UTF-16"
TOLD = {",": (), ";": ("semicolons",), "\t": ("tabs",)}
ENCODINGS = {
    "UTF-8": ("utf-8", b"", ()),
    "UTF-8 with mark": ("utf-8", codecs.BOM_UTF8, ()),
    "UTF-16 LE with mark": ("utf-16-le", codecs.BOM_UTF16_LE, ()),
    "UTF-16 BE with mark": ("utf-16-be", codecs.BOM_UTF16_BE, ()),
    "UTF-16 LE": ("utf-16-le", b"", (UTF16,)),
    "UTF-16 BE": ("utf-16-be", b"", (UTF16,)),
    "UTF-32 with mark": ("utf-32-le", codecs.BOM_UTF32_LE, ()),
    "cp1252": ("cp1252", b"", (CP1252,)),
}
LINE_ENDS = {"CRLF": ["\r\n"], "LF": ["\n"], "CR": ["\r"], "mixed": ["\r\n", "\n", "\r"]}


def files() -> Iterator[CorpusFile]:
    yield from _encodings()
    for about, content, expected in (*_shapes(), *_quotes(), *_delimiters(), *_refused(), *_contents()):
        made = content if isinstance(content, bytes) else content.encode()
        yield CorpusFile("figures.csv", made, expected, f"csv: {about}")
    yield from _other_kinds()
    yield from _names()


def _encodings() -> Iterator[CorpusFile]:
    for (about, (encoding, mark, told)), (ends, marks), delimiter in itertools.product(
        ENCODINGS.items(), LINE_ENDS.items(), TOLD
    ):
        text = "".join(delimiter.join(row) + end for row, end in zip(TABLE, itertools.cycle(marks), strict=False))
        expected = one_sheet(*(row[:2] if not row[2] else row for row in TABLE), told=(*told, *TOLD[delimiter]))
        named = {",": "commas", ";": "semicolons", "\t": "tabs"}[delimiter]
        yield CorpusFile("figures.csv", mark + text.encode(encoding), expected, f"csv: {about}, {ends}, {named}")


def _shapes():
    """(about, content, expected)"""
    yield "more cells than the header", "a,b\n1,2,3\n", one_sheet(("a", "b"), ("1", "2", "3"))
    yield "fewer cells than the header", "a,b,c\n1\n", one_sheet(("a", "b", "c"), ("1",))
    yield "empty cells at the end", "a,b,,,\n1,2,,,\n", one_sheet(("a", "b"), ("1", "2"))
    yield "blank lines", "\n\na,b\n\n1,2\n\n", Content({"": ((3, cells("a", "b")), (5, cells("1", "2")))})
    yield "rows of delimiters alone", "a,b\n,\n1,2\n , \n", Content({"": ((1, cells("a", "b")), (3, cells("1", "2")))})
    yield "no end of the last line", "a,b\n1,2", one_sheet(("a", "b"), ("1", "2"))
    yield "a header alone", "a,b,c\n", one_sheet(("a", "b", "c"))
    yield "one column", "series\nA1\nB8\n", one_sheet(("series",), ("A1",), ("B8",))
    yield "one cell", "a", one_sheet(("a",))
    yield "the header twice", "a,b\na,b\n1,2\n", one_sheet(("a", "b"), ("a", "b"), ("1", "2"))
    yield "a column twice", "a,a\n1,2\n", one_sheet(("a", "a"), ("1", "2"))
    yield "a key twice", "a,b\nA1,1\nA1,2\n", one_sheet(("a", "b"), ("A1", "1"), ("A1", "2"))
    yield "a column without name", "a,,b\n1,2,3\n", one_sheet(("a", None, "b"), ("1", "2", "3"))
    yield "a totals row", "a,b\nA1,1\nTotal,1\n", one_sheet(("a", "b"), ("A1", "1"), ("Total", "1"))
    yield (
        "a title above the header",
        "Figures\n\na,b\n1,2\n",
        Content({"": ((1, cells("Figures")), (3, cells("a", "b")), (4, cells("1", "2")))}),
    )
    yield "spaces around cells", " a ,\tb\n 1\u00a0,\u20032\n", one_sheet(("a", "b"), ("1", "2"))
    yield "200 columns", ",".join("x" * 200) + "\n", one_sheet(tuple("x" * 200))
    yield "201 columns", ",".join("x" * 201) + "\n", Refusal(Code.COLUMNS, "Line 1 has 201 columns")
    yield "201 columns, the last empty", ",".join("x" * 200) + ",\n", one_sheet(tuple("x" * 200))
    yield (
        "100,000 delimiters in a row",
        "a,b\n" + "," * 100_000 + "\n1,2\n",
        Content({"": ((1, cells("a", "b")), (3, cells("1", "2")))}),
    )
    yield "5,000 rows", "a,b\n" + "1,2\n" * 5000, one_sheet(("a", "b"), *[("1", "2")] * 5000)
    yield "5,001 rows", "a,b\n" + "1,2\n" * 5001, Refusal(Code.ROWS, "more than 5,000 rows")
    yield "a million rows", "a,b\n" + "1,2\n" * 1_000_000, Refusal(Code.ROWS, "import_values")
    yield (
        "100,000 blank lines",
        "a,b\n" + "\n" * 100_000 + "1,2\n",
        Content({"": ((1, cells("a", "b")), (100_002, cells("1", "2")))}),
    )


def _quotes():
    yield "quoted delimiters", 'a,b\n"1,898",2\n', one_sheet(("a", "b"), ("1,898", "2"))
    yield "quoted quotes", 'a,b\n"say ""so""",2\n', one_sheet(("a", "b"), ('say "so"', "2"))
    yield "a quote inside a cell", 'a,b\n5" pipe,2\n', one_sheet(("a", "b"), ('5" pipe', "2"))
    for ends, mark in (("LF", "\n"), ("CRLF", "\r\n"), ("CR", "\r")):
        yield (
            f"a line end in a quoted cell, {ends}",
            f'a,b{mark}"1{mark}x",2{mark}3,4{mark}',
            Content({"": ((1, cells("a", "b")), (2, cells(f"1{mark}x", "2")), (4, cells("3", "4")))}),
        )
    yield "everything quoted", '"a","b"\n"1","2"\n', one_sheet(("a", "b"), ("1", "2"))
    yield "a quote never closed", 'a,b\n1,2\n"3,4\n5,6\n', Refusal(Code.QUOTES, "line 3")
    yield "a quote never closed on the last line", 'a,b\n1,"2', Refusal(Code.QUOTES, "line 2")
    yield "a quote closed rows later", 'a,b\n"1,2\n3,"4"\n', Refusal(Code.QUOTES, "line 2")
    yield "text after a closing quote", 'a,b\n"1"x,2\n', Refusal(Code.QUOTES, "line 2")
    yield "a space after a closing quote", 'a,b\n"1" ,2\n', Refusal(Code.QUOTES, "line 2")
    yield "a quote never closed in the header", '"a,b\n1,2\n', Refusal(Code.QUOTES, "line 1")
    yield "nothing but quotes", '"' * 9, Refusal(Code.QUOTES, "line 1")
    yield "a quote never closed over 200,000 characters", 'a,b\n"' + "1,2\n" * 50_000, Refusal(Code.LONG_CELL, "line 2")


def _delimiters():
    semicolons, tabs = ("semicolons",), ("tabs",)
    yield (
        "decimal commas between semicolons",
        "a;b\n1;27,5\n2;3,5\n",
        one_sheet(("a", "b"), ("1", "27,5"), ("2", "3,5"), told=semicolons),
    )
    yield "semicolons in notes", "a,b\n1,x; y\n2,z; w\n", one_sheet(("a", "b"), ("1", "x; y"), ("2", "z; w"))
    yield (
        "commas between tabs",
        "a\tb\n1,898\t2\n1,899\t3\n",
        one_sheet(("a", "b"), ("1,898", "2"), ("1,899", "3"), told=tabs),
    )
    yield (
        "semicolons in notes of ragged rows",
        "a,b,c\n1,2;x\n1,2,3;y\n",
        one_sheet(("a", "b", "c"), ("1", "2;x"), ("1", "2", "3;y")),
    )
    yield (
        "a title above semicolons",
        "Figures\na;b\n1;2\n",
        one_sheet(("Figures",), ("a", "b"), ("1", "2"), told=semicolons),
    )
    yield "commas or semicolons", "a,b;c\n1,2;3\n", Refusal(Code.DELIMITER, "commas and by semicolons")
    yield "commas or tabs", "a,b\tc\n1,2\t3\n", Refusal(Code.DELIMITER, "commas and by tabs")
    for mark, told in TOLD.items():
        yield (
            f"Excel's hint with {told or 'commas'}",
            f"sep={mark}\r\na{mark}b\r\n1{mark}2\r\n",
            Content({"": text_rows(("a", "b"), ("1", "2"), first=2)}, told),
        )
    yield "a quoted hint", '"sep=;"\na;b\n', Content({"": text_rows(("a", "b"), first=2)}, semicolons)
    yield "vertical bars", "a|b\n1|2\n", one_sheet(("a|b",), ("1|2",))


def _refused():
    yield "nothing", b"", Refusal(Code.EMPTY_FILE, "empty")
    yield "spaces and lines", b" \r\n\t\r\n ", Refusal(Code.EMPTY_FILE, "empty")
    yield "a mark alone", codecs.BOM_UTF8, Refusal(Code.EMPTY_FILE, "no cells")
    yield "a mark of UTF-16 alone", codecs.BOM_UTF16_LE, Refusal(Code.EMPTY_FILE, "no cells")
    yield "delimiters alone", b",,,\n,,,\n", Refusal(Code.EMPTY_FILE, "no cells")
    yield "spaces in UTF-16", " \r\n ".encode("utf-16"), Refusal(Code.EMPTY_FILE, "no cells")
    for about, content, line in (
        ("in a cell", b"a,b\n1,2\n3\0,4\n", 3),
        ("at the start", b"\0a,b\n1,2\n", 1),
        ("at the end", b"a,b\n1,2\n\0", 3),
        ("between CR", b"a,b\r1,2\r3,\0\r", 3),
        ("in UTF-16", "a,b\n1,\0\n".encode("utf-16"), 2),
    ):
        yield f"a null character {about}", content, Refusal(Code.NULL_CHARACTER, f"Line {line} ")
    yield "null characters alone", b"\0" * 1000, Refusal(Code.NULL_CHARACTER)
    for sign in "\x01\x07\x08\x0e\x1b\x1f\x7f":
        yield f"control character {ord(sign)}", f"a,b\n1{sign},2\n", Refusal(Code.CONTROL_CHARACTER, "Line 2 ")
    yield "bytes that cp1252 has not", b"a,b\n\x81,2\n", Refusal(Code.ENCODING, "line 2")
    yield "UTF-8 and cp1252", "a,b\ncafé,".encode() + "café\n".encode("cp1252"), Refusal(Code.ENCODING, "some places")
    yield "UTF-8 cut in a letter", "a,b\ncafé,1\ncaf\u00e9".encode()[:-1], Refusal(Code.ENCODING, "some places")
    yield "UTF-16 cut in a letter", "a,b\n1,2".encode("utf-16") + b"x", Refusal(Code.ENCODING)
    yield "half a pair in UTF-16", codecs.BOM_UTF16_LE + b"a\0\x00\xd8b\0", Refusal(Code.ENCODING)
    yield "UTF-32 cut", codecs.BOM_UTF32_LE + b"a\0\0", Refusal(Code.ENCODING)
    yield "random bytes", bytes(range(256)), Refusal(Code.ENCODING)
    yield "a cell one too long", "a,b\n" + "x" * 32_768 + ",2\n", Refusal(Code.LONG_CELL, "line 2")
    yield "a cell of a megabyte", "a,b\n" + "x" * 1_000_000 + ",2\n", Refusal(Code.LONG_CELL, "line 2")


def _contents():
    """What stands in cells is kept as it is, whatever it means later."""
    yield "the longest cell", "a,b\n" + "x" * 32_767 + ",2\n", one_sheet(("a", "b"), ("x" * 32_767, "2"))
    yield "the end of file of old systems", "a,b\n1,2\n\x1a", one_sheet(("a", "b"), ("1", "2"))
    yield "a vertical tab", "a,b\n1\x0b2,3\n", one_sheet(("a", "b"), ("1\x0b2", "3"))
    yield "a replacement character", "a,b\n1\ufffd,2\n", one_sheet(("a", "b"), ("1\ufffd", "2"))
    for text in (
        *("NaN", "inf", "-Infinity", "-5%", "1e5", "1E+400", "0x1F", "1.234.567", "²", "½", "١٢", "１２", "−5", "(5)"),
        *("=1+1", "+1", "-1+2", "@SUM(A1)", "=cmd|' /C calc'!A0", "＝1+1", "'=1+1", "#N/A", "#DIV/0!", "TRUE"),
        *(
            "\u202e72",
            "A\u200b1",
            "😀",
            "a\u0301",
            "<script>alert(1)</script>",
            "{{ 7*7 }}",
            "%s%n",
            "../../etc/passwd",
        ),
        *("[x]", "[c]", "..", "n/a", "74 [p]", "27 %", "01/02/2018", "31/02/2018", "2018/19", "99999999999999999999"),
    ):
        yield f"“{text}”", f"a,b\n1,{text}\n", one_sheet(("a", "b"), ("1", text))
    yield "JSON", '{"a": 1, "b": 2}', one_sheet(('{"a": 1', '"b": 2}'))


def _other_kinds() -> Iterator[CorpusFile]:
    old = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)
    kinds = [
        ("a PDF", b"%PDF-1.7\n%\xe2\xe3", Refusal(Code.NOT_A_TABLE, "PDF")),
        ("rich text", b"{\\rtf1\\ansi a,b}", Refusal(Code.NOT_A_TABLE, "rich text")),
        ("PNG", b"\x89PNG\r\n\x1a\n\0\0", Refusal(Code.NOT_A_TABLE, "picture")),
        ("JPEG", b"\xff\xd8\xff\xe0\0\x10JFIF", Refusal(Code.NOT_A_TABLE, "picture")),
        ("GIF", b"GIF89a\1\0\1\0", Refusal(Code.NOT_A_TABLE, "picture")),
        ("gzip", b"\x1f\x8b\x08\0\0\0\0\0", Refusal(Code.NOT_A_TABLE, "archive")),
        ("7z", b"7z\xbc\xaf\x27\x1c\0\4", Refusal(Code.NOT_A_TABLE, "archive")),
        ("rar", b"Rar!\x1a\x07\x01\0", Refusal(Code.NOT_A_TABLE, "archive")),
        ("a web page", b"\r\n<HTML><table><tr><td>1</td>", Refusal(Code.NOT_A_TABLE, "web page")),
        ("a document type", b"<!DOCTYPE html><p>1,2", Refusal(Code.NOT_A_TABLE, "web page")),
        ("XML of 2003", b'\xef\xbb\xbf<?xml version="1.0"?><Workbook/>', Refusal(Code.NOT_A_TABLE, "markup")),
        ("XML with an entity", b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>',
         Refusal(Code.NOT_A_TABLE)),
        ("an old workbook", old + "Workbook".encode("utf-16-le"), Refusal(Code.OLD_FORMAT, ".xls")),
        ("a workbook with a password", old + "EncryptedPackage".encode("utf-16-le"), Refusal(Code.PASSWORD)),
    ]  # fmt: skip
    for about, content, expected in kinds:
        for name in ("figures.csv", "figures.xls"):
            yield CorpusFile(name, content, expected, f"not a table: {about} as {name}")


def _names() -> Iterator[CorpusFile]:
    content, expected = b"a,b\n1,2\n", (("a", "b"), ("1", "2"))
    for name in (
        *("../../etc/passwd", "..\\..\\boot.csv", "a\r\nSet-Cookie: x=1.csv", "\u202evsc.figures", "x" * 300 + ".csv"),
        *("", ".", "..", "CON.csv", "a\0b.csv", "figures", "FIGURES.CSV", '";drop.csv', "<b>.csv", "figures.csv.exe"),
    ):
        yield CorpusFile(name, content, one_sheet(*expected), f"name: {name[:30]!a}")
    for name in ("figures.xlsx", "FIGURES.XLSM", "../\r\nfigures.xlsx"):
        yield CorpusFile(name, content, one_sheet(*expected, told=("name ends",)), f"name: text as {name!a}")
