"""Files that mean harm, or that were damaged on their way: bombs, markup that fetches, archives that lie."""

import random
import zipfile
import zlib
from collections.abc import Iterator

from measures.imports.issues import Code
from tests.measures.imports.corpus_sheets import LINE, ROW, TOP, one_sheet
from tests.measures.imports.expected import Content, CorpusFile, Refusal
from tests.measures.imports.packages import (
    HEADER,
    MAIN,
    OFFICE,
    PACKAGE,
    RELATIONS,
    ROOT,
    SHEET,
    STRINGS,
    STYLES,
    TYPES,
    WORKBOOK,
    XML,
    Parts,
    book,
    cell,
    entries,
    packed,
    parts,
    relation,
    relations,
    row,
    sheet,
    strings,
    styles,
    with_declared_size,
)

SOUND = one_sheet(TOP, LINE)
DAMAGED = Refusal(Code.DAMAGED)
FORBIDDEN = Refusal(Code.FORBIDDEN_MARKUP)
BESIDE = {
    "docProps/core.xml": f'{XML}<cp:coreProperties xmlns:cp="{PACKAGE}/metadata/core-properties"/>',
    "docProps/app.xml": f"{XML}<Properties/>",
    "xl/theme/theme1.xml": f"{XML}<theme/>",
    "xl/drawings/vmlDrawing1.vml": "<xml/>",
    "xl/worksheets/_rels/sheet1.xml.rels": relations(
        relation(1, "hyperlink", "http://127.0.0.1:9/", 'TargetMode="External"')
    ),
    "customXml/item1.xml": "<item/>",
    "xl/unnamed": "<item/>",
}


def everything() -> Parts:
    """A sound workbook with every part that could hold markup."""
    return parts(sheet(HEADER, ROW), shared=strings("<t>a</t>"), formats=styles(9)) | BESIDE


def files(canary: str) -> Iterator[CorpusFile]:
    for about, content, expected in (
        *_markup(canary),
        *_outside(canary),
        *_bombs(),
        *_archives(),
        *_damaged(),
        *_kinds(),
    ):
        yield CorpusFile("figures.xlsx", content, expected, f"xlsx: {about}")


def after_declaration(part: str | bytes, inserted: str) -> str:
    declaration = XML if str(part).startswith(XML) else ""
    return declaration + inserted + str(part)[len(declaration) :]


def _markup(canary: str):
    declarations = {
        "a document type": "<!DOCTYPE a>",
        "an outside document type": f'<!DOCTYPE a SYSTEM "{canary}">',
        "a file as entity": '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]>',
        "an address as entity": f'<!DOCTYPE a [<!ENTITY % b SYSTEM "{canary}"> %b;]>',
        "entities in entities": '<!DOCTYPE a [<!ENTITY b "ha"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">]>',
    }
    sound = everything()
    for name, part in sound.items():
        for about, declared in declarations.items():
            yield f"{about} in {name}", packed(sound | {name: after_declaration(part, declared)}), FORBIDDEN
        utf16 = after_declaration(part, "<!DOCTYPE a>").replace("UTF-8", "UTF-16").encode("utf-16")
        yield f"a document type in UTF-16 in {name}", packed(sound | {name: utf16}), FORBIDDEN
    late = f"{XML}<!-- {'x' * 200_000} --><!DOCTYPE a>"
    yield "a document type after a long remark", packed(sound | {SHEET: late + "<worksheet/>"}), Refusal(Code.RATIO)
    for about, text in (("UTF-32", "utf-32"), ("UTF-7", "utf-7"), ("EBCDIC", "cp037")):
        hidden = f'<?xml version="1.0" encoding="{about}"?><!DOCTYPE a><worksheet/>'.encode(text)
        yield f"a document type in {about}", packed(sound | {SHEET: hidden}), DAMAGED
    unknown = sheet(HEADER, ROW).replace("UTF-8", "no-such-encoding")
    yield "an encoding that there is not", packed(sound | {SHEET: unknown}), DAMAGED
    wide = sheet(HEADER, ROW).replace("UTF-8", "shift_jis")
    yield "an encoding that is not read", packed(sound | {SHEET: wide}), DAMAGED


def _outside(canary: str):
    """What points out of the file is left alone, and the figures are read."""
    include = f'<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="{canary}" parse="text"/>'
    yield "everything in place", packed(everything()), SOUND
    for name in (SHEET, STRINGS, STYLES, WORKBOOK, ROOT, TYPES):
        part = str(everything()[name])
        ending = part.rindex("</")
        yield f"an inclusion in {name}", packed(everything() | {name: part[:ending] + include + part[ending:]}), SOUND
    styled = after_declaration(sheet(HEADER, ROW), f'<?xml-stylesheet href="{canary}" type="text/xsl"?>')
    # Not packed, so that the address can be seen in it.
    yield "a stylesheet from outside", packed(everything() | {SHEET: styled}, method=zipfile.ZIP_STORED), SOUND
    instance = "http://www.w3.org/2001/XMLSchema-instance"
    schema = f'<worksheet xmlns:i="{instance}" i:schemaLocation="{canary} {canary}" '
    located = sheet(HEADER, ROW).replace("<worksheet ", schema)
    yield "a schema from outside", packed(everything() | {SHEET: located}), SOUND
    for kind in ("externalLink", "oleObject", "hyperlink", "image", "attachedTemplate"):
        more = relation(5, kind, canary, 'TargetMode="External"')
        rows = relation(1, "worksheet", "worksheets/sheet1.xml")
        yield f"outside: {kind}", packed(everything() | {RELATIONS: relations(rows, more)}), SOUND
    away = relations(relation(1, "worksheet", canary, 'TargetMode="External"'))
    yield "a sheet from outside", packed(everything() | {RELATIONS: away}), DAMAGED
    yield (
        "a sheet at an address",
        packed(everything() | {RELATIONS: relations(relation(1, "worksheet", canary))}),
        DAMAGED,
    )
    up = relations(relation(1, "worksheet", "../../../../etc/passwd"))
    yield "a sheet from a folder above", packed(everything() | {RELATIONS: up}), DAMAGED
    root = relations(relation(1, "officeDocument", canary, 'TargetMode="External"'))
    yield "a workbook from outside", packed(everything() | {ROOT: root}), DAMAGED
    strings_away = relations(relation(1, "worksheet", "worksheets/sheet1.xml"),
                             relation(2, "sharedStrings", canary, 'TargetMode="External"'))  # fmt: skip
    yield "texts from outside", packed(everything() | {RELATIONS: strings_away}), SOUND


def _bombs():
    sound = parts(sheet(HEADER, ROW))
    size, ratio, many = (Refusal(each) for each in (Code.UNPACKED_SIZE, Code.RATIO, Code.PARTS))
    noise = random.Random(1).randbytes(600_000)
    yield "60 MB of nothing", packed(sound | {"xl/media/a.bin": bytes(60_000_000)}), ratio
    sparse = b"".join(noise[each : each + 100] + bytes(1_500) for each in range(0, len(noise), 100))
    yield "six parts of 9 MB", packed(sound | {f"xl/media/{each}.bin": sparse for each in range(6)}), size
    yield "a part packed 1,000 times", packed(sound | {"xl/media/a.bin": bytes(10_000_000)}), ratio
    yield "a packed part beside noise", packed(sound | {"a.bin": noise, "b.bin": bytes(10_000_000)}), ratio
    yield "a sheet of spaces", book(HEADER, ROW, after=" " * 20_000_000), ratio
    yield "60 MB that say they are 1,000", with_declared_size(
        packed(sound | {"xl/media/a.bin": bytes(60_000_000)}), "xl/media/a.bin", 1_000), DAMAGED  # fmt: skip
    yield (
        "a little that says it is 4 GB",
        with_declared_size(packed(sound | {"a.bin": b"x"}), "a.bin", 2**32 - 2),
        DAMAGED,
    )
    yield (
        "a little that says it is 40 MB",
        with_declared_size(packed(sound | {"a.bin": b"x"}), "a.bin", 40_000_000),
        DAMAGED,
    )
    yield "1,001 parts", packed(sound | {f"a{each}": "" for each in range(1_000)}), many
    yield "1,000 parts", packed(sound | {f"a{each}": "" for each in range(1_000 - len(sound))}), SOUND
    yield "100,000 parts", entries(*[(str(each), b"") for each in range(100_000)]), many
    inner = packed({"a": bytes(90_000)})
    yield "archives in archives", packed(sound | {f"xl/embeddings/{each}.zip": inner for each in range(20)}), SOUND
    yield "six million tags", packed(sound | {SHEET: f"<b>{'<a/>' * 6_000_001}</b>"}, method=zipfile.ZIP_STORED), size
    deep = "<a>" * 200_000 + "</a>" * 200_000
    yield "200,000 tags inside each other", packed(sound | {SHEET: deep}, method=zipfile.ZIP_STORED), Refusal(
        Code.EMPTY_FILE)  # fmt: skip
    yield "100,000 sheets", packed(sound | {WORKBOOK: _many_sheets(100_000)}, method=zipfile.ZIP_STORED), DAMAGED
    wide = " ".join(f'a{each}="1"' for each in range(50_000))
    yield "50,000 attributes", book(HEADER, ROW.replace("<row ", f"<row {wide} ", 1)), SOUND
    twice = ROW.replace("<row ", '<row ht="1" ht="2" ', 1)
    yield "an attribute twice", book(HEADER, twice), DAMAGED


def _many_sheets(count: int) -> str:
    listed = "".join(f'<sheet name="S{each}" r:id="rId1"/>' for each in range(count))
    return f'{XML}<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>{listed}</sheets></workbook>'


def _archives():
    sound = parts(sheet(HEADER, ROW))
    made = packed(sound)
    rows = [(name, str(part).encode()) for name, part in sound.items()]
    names = Refusal(Code.PART_NAMES)
    yield "nothing packed", packed(sound, method=zipfile.ZIP_STORED), SOUND
    yield "written entry by entry", entries(*rows), SOUND
    yield "a part twice", entries(*rows, (SHEET, sheet(HEADER).encode())), names
    yield "a part twice in other case", entries(*rows, (SHEET.upper(), b"<a/>")), names
    for name in ("../evil.xml", "/etc/passwd", "xl\\evil.xml", "xl/../../evil", "a\0.xml", "..", "\\\\host\\share"):
        yield f"a part named {name!a}", entries(*rows, (name, b"<a/>")), names
    for name in ("xl/", "...", "a..b/c", "x" * 300, "é", "\u202ea"):
        yield f"a harmless part named {name[:20]!a}", entries(*rows, (name, b"")), SOUND
    yield "packed with bzip2", packed(sound, method=zipfile.ZIP_BZIP2), DAMAGED
    yield "packed with lzma", packed(sound, method=zipfile.ZIP_LZMA), DAMAGED
    yield "protected by a password", _with_flag(made, 1), Refusal(Code.PASSWORD)
    yield "patched data", _with_flag(made, 0x20), DAMAGED
    yield "a remark behind the archive", made[:-2] + b"\x05\0hello", SOUND
    yield "more behind the archive", made + bytes(1000), SOUND
    yield "more before the archive", b"x" * 1000 + made, Refusal(Code.ENCODING)
    yield "an empty part of markup", entries(*rows, ("xl/empty.xml", b"")), SOUND
    empty = dict(rows) | {SHEET: b""}
    yield "an empty sheet part", entries(*empty.items()), DAMAGED


def _with_flag(archive: bytes, flag: int) -> bytes:
    """With this bit set in the flags of every entry, in both places."""
    out = bytearray(archive)
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = -1
        while (place := out.find(mark, place + 1)) >= 0:
            out[place + at] |= flag
    return bytes(out)


def _damaged():
    made = packed(everything())
    for tenth in range(1, 20):
        yield f"cut at {tenth * 5}%", made[: len(made) * tenth // 20], DAMAGED
    yield "its first bytes alone", made[:4], DAMAGED
    stored = packed(everything(), method=zipfile.ZIP_STORED)
    for name in everything():
        at = stored.index(name.encode()) + len(name) + 3
        flipped = stored[:at] + bytes([stored[at] ^ 1]) + stored[at + 1 :]
        yield f"one bit of {name} turned", flipped, DAMAGED
    for name in (ROOT, WORKBOOK, RELATIONS, SHEET):
        without = {each: part for each, part in everything().items() if each != name}
        expected = Refusal(Code.NOT_A_TABLE) if name == ROOT else DAMAGED
        yield f"without {name}", packed(without), expected
    for name in (STRINGS, STYLES):
        yield f"without {name}", packed({each: part for each, part in everything().items() if each != name}), DAMAGED
    for name, part in everything().items():
        for about, broken in (
            ("cut", str(part)[:-3]),
            ("not markup", "figures"),
            ("with a control character", f"{part}\x01"),
        ):
            is_read = name in (ROOT, WORKBOOK, RELATIONS, SHEET, STRINGS, STYLES)
            # A part that is not read has only to begin soundly, where it looks like markup at all.
            begins = about == "with a control character" or (about == "cut" and "</" in str(part))
            harmless = not is_read and (begins or (about == "not markup" and name == "xl/unnamed"))
            yield f"{name} {about}", packed(everything() | {name: broken}), SOUND if harmless else DAMAGED
    yield "a sheet that ends early", book(HEADER, '<row r="2"><c r="A2"><v>1'), DAMAGED
    yield "another root element", packed(everything() | {SHEET: "<html/>"}), Refusal(Code.EMPTY_FILE)
    yield (
        "a sheet without identifier",
        packed(everything() | {WORKBOOK: str(everything()[WORKBOOK]).replace("r:id", "id2")}),
        DAMAGED,
    )
    yield (
        "a style without number",
        packed(everything() | {STYLES: styles(9).replace('numFmtId="9"', 'numFmtId="x"')}),
        DAMAGED,
    )


def _kinds():
    sound = parts(sheet(HEADER, ROW))
    for about, types in (
        ("of a document", '<Override PartName="/xl/workbook.xml" ContentType="application/msword"/>'),
        (
            "with macros",
            '<Override PartName="/xl/workbook.xml" ContentType="application/vnd.ms-excel.sheet.macroEnabled"/>',
        ),
        ("of nothing", ""),
    ):
        made = packed(sound | {TYPES: f'{XML}<Types xmlns="{PACKAGE}/content-types">{types}</Types>'})
        yield f"content types {about}", made, SOUND
    yield "no content types", packed({name: part for name, part in sound.items() if name != TYPES}), SOUND
    yield "macros", packed(sound | {"xl/vbaProject.bin": b"\xd0\xcf\x11\xe0" + bytes(100)}), SOUND
    yield "a Word document", packed(sound | {"word/document.xml": "<document/>"}), Refusal(Code.WORD_DOCUMENT)
    yield "a binary workbook", packed(sound | {"xl/workbook.bin": b"\x83\1"}), Refusal(Code.OLD_FORMAT, ".xlsb")
    opened = {"mimetype": "application/vnd.oasis.opendocument.spreadsheet", "content.xml": "<a/>"}
    yield "an OpenDocument file", packed(opened), Refusal(Code.OLD_FORMAT, ".ods")
    yield "an archive of figures", packed({"figures.csv": "a,b\n1,2\n"}), Refusal(Code.NOT_A_TABLE, "archive")
    yield "an empty archive", packed({}), Refusal(Code.NOT_A_TABLE, "empty archive")
    yield "an archive in pieces", b"PK\x07\x08" + packed(sound), Refusal(Code.NOT_A_TABLE, "pieces")
    yield "compressed alone", zlib.compress(b"a,b\n1,2\n" * 100), Refusal(Code.ENCODING)
    yield "a million cells that are only formatted", _formatted(), Content({"S1": (TOP, LINE)})


def _formatted() -> bytes:
    blank = "".join(row(each, *[cell("", style=0)] * 200) for each in range(3, 5_003))
    return packed(parts(sheet(HEADER, ROW, blank)), method=zipfile.ZIP_STORED)
