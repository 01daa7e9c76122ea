"""What a workbook holds, read from its XML alone: no library that may interpret it."""

import io
import re
import zipfile
from xml.etree import ElementTree

NAMESPACE = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def part(content: bytes, name: str) -> ElementTree.Element:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return ElementTree.fromstring(archive.read(name))


def sheet(content: bytes, number: int = 1) -> ElementTree.Element:
    return part(content, f"xl/worksheets/sheet{number}.xml")


def strings(content: bytes) -> list[str]:
    """The table of shared strings."""
    items = part(content, "xl/sharedStrings.xml").iter(f"{NAMESPACE}si")
    return ["".join(text.text or "" for text in item.iter(f"{NAMESPACE}t")) for item in items]


def cells(content: bytes, number: int = 1) -> dict[str, tuple[str, str]]:
    """Reference to (type, text) of every cell that holds anything; type "s" is a string."""
    shared = strings(content)
    found = {}
    for cell in sheet(content, number).iter(f"{NAMESPACE}c"):
        value = cell.find(f"{NAMESPACE}v")
        if value is not None:
            kind = cell.get("t", "n")
            found[cell.get("r")] = (kind, shared[int(value.text)] if kind == "s" else value.text)
    return found


def formulas(content: bytes) -> list[str]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        sheets = [name for name in archive.namelist() if re.match(r"xl/worksheets/sheet\d+\.xml", name)]
        return [name for name in sheets if b"<f>" in archive.read(name) or b"<f " in archive.read(name)]


def links(content: bytes) -> list[str]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return [name for name in archive.namelist() if "worksheets/_rels" in name or "externalLinks" in name]
