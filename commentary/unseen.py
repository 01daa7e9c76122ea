"""The characters of a text that nobody sees: soft hyphens, joiners, marks of direction. Pure: no Django."""

from __future__ import annotations

import re

# The inside of a character class.
UNSEEN = r"\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff"
_ANY = re.compile(f"[{UNSEEN}]")


def without_unseen(text: str) -> str:
    return _ANY.sub("", text)
