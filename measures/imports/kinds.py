"""What an uploaded file is called and what it looks like, before anything of it is read. Pure: no Django."""

from __future__ import annotations

import re
import unicodedata

LARGEST_FILE = 10 * 1024 * 1024
LONGEST_NAME = 200
UNNAMED = "unnamed file"
TOO_LARGE = "The file is larger than 10 MB. Leave out sheets and pictures that hold no figures, or split it."
EMPTY = "The file is empty. Choose another one."
# Control characters, and those that turn the direction of writing: neither belongs in a name that is shown.
UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
WORD_DOCUMENT = b"word/document.xml"
ZIP = b"PK"
# Enough to see a table's first rows.
LOOKED_AT = 100_000
MARKUP = re.compile(rb"<(?:p|br|b|strong|em|i|u|div|span|ul|ol|li|table|tr|td)(?:\s[^<>]*)?/?>", re.IGNORECASE)
# The heads of a paper's three columns, for one without any markup.
HEADS = re.compile(
    rb"measure[^\t\r\n]{0,60}\t[^\t\r\n]{0,60}(?:response|comment)[^\t\r\n]{0,60}\t[^\t\r\n]{0,60}(?:response|comment)",
    re.IGNORECASE,
)


def safe_name(name: str) -> str:
    """The base name, fit to be shown, stored and sent back; never empty."""
    base = re.split(r"[/\\]", name)[-1]
    seen = "".join(letter for letter in base if unicodedata.category(letter) not in UNSEEN).strip()
    if len(seen) > LONGEST_NAME:
        stem, dot, suffix = seen.rpartition(".")
        kept = dot + suffix if stem and len(suffix) <= 10 else ""
        seen = seen[: LONGEST_NAME - len(kept)].rstrip() + kept
    return UNNAMED if seen in ("", ".", "..") else seen


def is_paper(name: str, content: bytes) -> bool:
    """Whether this is an old committee paper rather than a list of figures: a Word document, or tab-separated text
    with HTML in its cells or the heads of a paper's columns."""
    if content.startswith(ZIP):
        return name.lower().endswith(".docx") or WORD_DOCUMENT in content
    start = content[:LOOKED_AT]
    if name.lower().endswith(".docx"):
        return True
    return b"\t" in start and (MARKUP.search(start) is not None or HEADS.search(start) is not None)
