"""Reading a status column: our words and the symbols. Pure: no Django."""

from __future__ import annotations

from ..entries import STATUS_WORDS, SYMBOLS, Status
from .findings import RowCode
from .headings import folded
from .issues import Refused

# As our own export says that nothing is held.
NOT_HELD = "not held"
ALSO = {
    "suppressed": Status.SUPPRESSED,
    "suppressed at source": Status.SUPPRESSED,
    "confidential": Status.SUPPRESSED,
}
EITHER = frozenset({"n/a", "na", "n.a.", "n.a", "-", "none", "missing"})
READ_AS: dict[str, Status] = {
    **{symbol: status for status, symbol in SYMBOLS.items() if symbol},
    **{symbol.strip("[]"): status for status, symbol in SYMBOLS.items() if symbol},
    **{status.replace("_", " "): status for status in Status},
    **{folded(words): status for status, words in STATUS_WORDS.items()},
    **{folded(words.partition("[")[0]): status for status, words in STATUS_WORDS.items()},
    **ALSO,
}
WORDS = "final, provisional [p], not available [x], not applicable [z] or suppressed [c]"


def read_status(text: str) -> Status | None:
    """None where nothing is stated, or that nothing is held. Refused for any other word."""
    plain = folded(text.replace("_", " "))
    if plain in ("", NOT_HELD):
        return None
    if plain in READ_AS:
        return READ_AS[plain]
    if plain in EITHER:
        raise Refused(
            RowCode.STATUS_AMBIGUOUS,
            f"“{text}” does not say whether the value is not available or does not apply.",
            "Write “not available” or “not applicable”.",
        )
    raise Refused(RowCode.STATUS_UNKNOWN, f"“{text}” is no status.", f"Write {WORDS}, or leave the cell empty.")
