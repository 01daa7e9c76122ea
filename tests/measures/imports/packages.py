"""Workbooks built by hand, part by part, so that anything about them can be wrong."""

import io
import struct
import zipfile
from collections.abc import Mapping
from xml.sax.saxutils import escape, quoteattr

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'

TYPES = "[Content_Types].xml"
ROOT = "_rels/.rels"
WORKBOOK = "xl/workbook.xml"
RELATIONS = "xl/_rels/workbook.xml.rels"
SHEET = "xl/worksheets/sheet1.xml"
STRINGS = "xl/sharedStrings.xml"
STYLES = "xl/styles.xml"
DEFAULT = '<Default Extension="xml" ContentType="application/xml"/>'

Parts = dict[str, str | bytes]


def relation(number: int, kind: str, target: str, more: str = "") -> str:
    return f'<Relationship Id="rId{number}" Type="{OFFICE}/{kind}" Target="{target}" {more}/>'


def relations(*rows: str) -> str:
    return f'{XML}<Relationships xmlns="{PACKAGE}/relationships">{"".join(rows)}</Relationships>'


def cell(place: str, value: object = None, *, kind: str = "", style: int = 0, formula: str | None = None) -> str:
    """`value` None leaves the element out; kind "" is a number."""
    attributes = (
        (f' r="{place}"' if place else "") + (f' s="{style}"' if style else "") + (f' t="{kind}"' if kind else "")
    )
    inner = f"<f>{escape(formula)}</f>" if formula is not None else ""
    inner += f"<v>{escape(str(value))}</v>" if value is not None else ""
    return f"<c{attributes}>{inner}</c>"


def text(place: str, value: str) -> str:
    return f'<c r="{place}" t="inlineStr"><is><t xml:space="preserve">{escape(value)}</t></is></c>'


def row(number: int, *cells: str, more: str = "") -> str:
    return f'<row r="{number}" {more}>{"".join(cells)}</row>'


HEADER = row(1, text("A1", "series"), text("B1", "period"), text("C1", "value"))


def line(number: int, value: str) -> str:
    """A row of the series A1 and Q2 2018/19, with this cell for its value."""
    return row(number, text(f"A{number}", "A1"), text(f"B{number}", "Q2 2018/19"), value)


def sheet(*rows: str, before: str = "", after: str = "") -> str:
    data = "".join(rows)
    return f'{XML}<worksheet xmlns="{MAIN}" xmlns:r="{OFFICE}">{before}<sheetData>{data}</sheetData>{after}</worksheet>'


def strings(*items: str) -> str:
    """Items are the markup inside each shared string."""
    return f'{XML}<sst xmlns="{MAIN}">{"".join(f"<si>{item}</si>" for item in items)}</sst>'


def styles(*formats: str | int) -> str:
    """A style for each number format, from style 1 on; a number is one that is built in."""
    codes = [each for each in formats if isinstance(each, str)]
    own = {code: 164 + index for index, code in enumerate(codes)}
    defined = "".join(f'<numFmt numFmtId="{number}" formatCode={quoteattr(code)}/>' for code, number in own.items())
    used = "".join(f'<xf numFmtId="{own[each] if isinstance(each, str) else each}"/>' for each in (0, *formats))
    return (
        f'{XML}<styleSheet xmlns="{MAIN}"><numFmts>{defined}</numFmts>'
        f'<cellStyleXfs><xf numFmtId="14"/></cellStyleXfs><cellXfs>{used}</cellXfs>'
        f'<dxfs><dxf><numFmt numFmtId="164" formatCode="0%"/></dxf></dxfs></styleSheet>'
    )


def workbook_xml(sheets: Mapping[str, str], *, before: str = "", after: str = "") -> str:
    """`sheets` are names to more attributes."""
    listed = "".join(
        f'<sheet name={quoteattr(name)} sheetId="{number}" r:id="rId{number}" {more}/>'
        for number, (name, more) in enumerate(sheets.items(), start=1)
    )
    return f'{XML}<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}">{before}<sheets>{listed}</sheets>{after}</workbook>'


def parts(*sheets: str, shared: str = "", formats: str = "", **others: str | bytes) -> Parts:
    """The parts of a sound workbook with sheets named S1, S2 and so on; `others` replace parts by their variable's
    name here, as in `WORKBOOK=...`."""
    numbered = {f"S{number}": each for number, each in enumerate(sheets, start=1)}
    rows = [relation(number, "worksheet", f"worksheets/sheet{number}.xml") for number in range(1, len(sheets) + 1)]
    made: Parts = {
        TYPES: f'{XML}<Types xmlns="{PACKAGE}/content-types">{DEFAULT}</Types>',
        ROOT: relations(relation(1, "officeDocument", "xl/workbook.xml")),
        WORKBOOK: workbook_xml(dict.fromkeys(numbered, "")),
    }
    for number, each in enumerate(numbered.values(), start=1):
        made[f"xl/worksheets/sheet{number}.xml"] = each
    if shared:
        made[STRINGS] = shared
        rows.append(relation(90, "sharedStrings", "sharedStrings.xml"))
    if formats:
        made[STYLES] = formats
        rows.append(relation(91, "styles", "styles.xml"))
    made[RELATIONS] = relations(*rows)
    return made | {globals()[name]: value for name, value in others.items()}


def packed(of: Mapping[str, str | bytes], *, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, content in of.items():
            archive.writestr(zipfile.ZipInfo(name), content, method)
    return out.getvalue()


def book(*rows: str, before: str = "", after: str = "", shared: str = "", formats: str = "", **others) -> bytes:
    """A workbook with one sheet, S1."""
    return packed(parts(sheet(*rows, before=before, after=after), shared=shared, formats=formats, **others))


def entries(*names_and_contents: tuple[str, bytes]) -> bytes:
    """A zip file with exactly these entries, whatever their names; zipfile itself would warn of a name given twice."""
    body, directory = bytearray(), bytearray()
    for name, content in names_and_contents:
        raw = name.encode()
        crc = zipfile.crc32(content)
        sizes = struct.pack("<IIIHH", crc, len(content), len(content), len(raw), 0)
        head = struct.pack("<HHHHH", 20, 0x800, 0, 0, 33)
        directory += b"PK\x01\x02" + struct.pack("<H", 20) + head + sizes
        directory += struct.pack("<HHHII", 0, 0, 0, 0, len(body)) + raw
        body += b"PK\x03\x04" + head + sizes + raw + content
    count = len(names_and_contents)
    counts = struct.pack("<HHHHIIH", 0, 0, min(count, 0xFFFF), min(count, 0xFFFF), len(directory), len(body), 0)
    return bytes(body + directory) + b"PK\x05\x06" + counts


def with_declared_size(archive: bytes, name: str, size: int) -> bytes:
    """The archive with another unpacked size written down for one entry, in both places."""
    out = bytearray(archive)
    raw = name.encode()
    for mark, size_at, name_at in ((b"PK\x03\x04", 22, 30), (b"PK\x01\x02", 24, 46)):
        at = -1
        while (at := out.find(mark, at + 1)) >= 0:
            if out[at + name_at : at + name_at + len(raw)] == raw:
                out[at + size_at : at + size_at + 4] = struct.pack("<I", size)
    return bytes(out)
