"""What the header words of a figures file usually mean. Pure: no Django."""

from __future__ import annotations

import re

from ..figures_csv import HEADER
from .cells import Cell
from .mapping import Field

# Of each field: words that say it outright, then those that often mean it. A column of the first kind wins; two of the
# same kind are not told apart.
WORDS: dict[Field, tuple[str, str]] = {
    Field.MEASURE: (
        "measure; measure code; measure ref; measure reference",
        "indicator; indicator code; indicator ref; indicator reference; kpi; kpi code; kpi ref; kpi no; pi; pi code;"
        " pi ref; ref; ref no; reference; code; performance indicator; performance measure; measure title;"
        " measure name; indicator title; indicator name; indicator description; kpi name; kpi title; description;"
        " title; metric",
    ),
    Field.SERIES: (
        "series; series code",
        "series name; name; line; breakdown; subgroup; sub group; sub measure; sub indicator; group; cohort; component",
    ),
    Field.PERIOD: (
        "period; time period; reporting period",
        "quarter; month; qtr; date; quarter end; quarter ending; month end; month ending; period end; period ending;"
        " as at; reporting quarter; reporting month; year and quarter; financial quarter; time; when",
    ),
    Field.IDENTIFIER: ("time identifier; period identifier", ""),
    Field.VALUE: (
        "value",
        "actual; actuals; result; results; outturn; out turn; performance; figure; percentage; per cent; percent;"
        " %; score; actual value; current value; current performance; reported value; actual performance",
    ),
    Field.NUMERATOR: ("numerator", "num; numerator value; numerator count; nominator; part; number achieved"),
    Field.DENOMINATOR: (
        "denominator",
        "den; denom; denominator value; denominator count; base; out of; cohort size; total cases; population",
    ),
    Field.STATUS: ("status", "data status; value status; symbol; symbols; marker; flag; data quality; shorthand"),
    Field.NOTE: (
        "note; notes",
        "comment; comments; remark; remarks; footnote; footnotes; commentary; data note; data notes; caveat; caveats",
    ),
}
TIDY = frozenset({"time_period", "geographic_level"})
OWN_HEADER = frozenset(HEADER)
ISSUE = "Issue"
# What our own files hold besides, which an import has no use for.
OWN_EXTRAS = OWN_HEADER | {ISSUE.casefold(), "unit"}


def folded(text: str) -> str:
    """Case and every run of spaces put aside: how codes, names and headers are compared."""
    return " ".join(text.split()).casefold()


def word(text: str) -> str:
    """A header as it stands in `WORDS`: without what stands in brackets, without signs and line ends."""
    plain = re.sub(r"\(.*?\)|\[.*?\]", " ", text)
    kept = folded(re.sub(r"[^\w%]+|_", " ", plain)).removeprefix("the ")
    return (kept if kept == "%" else kept.replace("%", "").strip()) or folded(text)


def _columns(kind: int) -> dict[str, Field]:
    return {one.strip(): field for field, words in WORDS.items() for one in words[kind].split(";") if one.strip()}


EXACT, LIKELY = _columns(0), _columns(1)


def meaning(cell: Cell) -> tuple[Field, int] | None:
    """The field that a header cell names, and 0 where it says so outright, 1 where it is likely."""
    found = word(cell.text)
    if found in EXACT:
        return EXACT[found], 0
    return (LIKELY[found], 1) if found in LIKELY else None
