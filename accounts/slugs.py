"""Parts of web addresses that are made from a title or a code. Pure: no Django."""

from __future__ import annotations

import re
import unicodedata


def slug_of(text: str, longest: int) -> str:
    """Small letters, digits and hyphens: “e34-35” for “E34/35”, “st-marys” for “St. Mary's”. Empty where nothing of the
    text is left; what is one already stays as it is."""
    plain = unicodedata.normalize("NFKD", text.replace("'", "")).encode("ascii", "ignore").decode()
    return "-".join(re.findall("[a-z0-9]+", plain.lower()))[:longest].strip("-")
