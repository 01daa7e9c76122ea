"""Text that a spreadsheet takes for text, and the way back. Pure: no Django.

A text that begins like a formula gets an apostrophe before it; so does a later line of it that does, because a program
that splits a file at line ends takes it for a cell of its own. Where an apostrophe stands there already one more is
put, so that `meant` gives back exactly what `inert` was given.
"""

from __future__ import annotations

import re
from collections.abc import Callable

MARK = "'"
# Also after spaces or in full width.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
LINE_END = re.compile(r"(\r\n|\r|\n)")


def inert(text: str) -> str:
    """The text with an apostrophe wherever a spreadsheet would take it for a formula."""
    return _marked(_later_lines(text, _marked))


def meant(text: str) -> str:
    """The text that `inert` was given; one without such apostrophes stays as it is."""
    return _later_lines(_unmarked(text), _unmarked)


def _marked(text: str) -> str:
    return MARK + text if _is_like_a_formula(text) else text


def _unmarked(text: str) -> str:
    return text[1:] if text.startswith(MARK) and _is_like_a_formula(text) else text


def _is_like_a_formula(text: str) -> bool:
    bare = text.lstrip(MARK)
    return bare.startswith(FORMULA) or bare.lstrip().startswith(FORMULA)


def _later_lines(text: str, change: Callable[[str], str]) -> str:
    # Every second part is the line end itself.
    parts = LINE_END.split(text)
    return "".join(change(part) if index and not index % 2 else part for index, part in enumerate(parts))
