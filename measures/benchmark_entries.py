"""What a benchmark may hold, checked field by field, its order and its words. Pure: no Django.

Form, import and the demonstration's loader all ask `problems`; the write functions ask it again.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from .entries import Bounds, Entry
from .entries import problems as entry_problems
from .numbers import Unit, value_text
from .quarters import Quarter, Year, date_words
from .terms import BenchmarkScope, Comparability, Statistic

SCOPE_WORDS: Mapping[BenchmarkScope, str] = {
    BenchmarkScope.NATIONAL: "National, such as England",
    BenchmarkScope.REGIONAL: "Region",
    BenchmarkScope.STATISTICAL_NEIGHBOURS: "Statistical neighbours",
    BenchmarkScope.OTHER: "Other, such as one council",
}
STATISTIC_WORDS: Mapping[Statistic, str] = {Statistic.MEAN: "Mean", Statistic.MEDIAN: "Median"}
COMPARABILITY_WORDS: Mapping[Comparability, str] = {
    Comparability.SAME: "Same definition",
    Comparability.CLOSE: "Close, not the same",
    Comparability.NOT_COMPARABLE: "Not comparable, so not drawn",
}
# As many characters as the columns take.
LONGEST = {"comparator": 80, "source": 120, "edition": 200, "method": 200, "note": 300}
REQUIRED = {
    "comparator": "Name whose figure this is, such as England.",
    "source": "Say who published the figure, such as DfE.",
    "edition": "Say which release or table it stands in.",
}
WHICH_STATISTIC = "Say whether this is the mean or the median of the neighbours."
NO_STATISTIC = "Leave this empty: only statistical neighbours have a mean or a median."
NO_PERIOD = "Write a financial year such as 2017/18, or a quarter such as Q2 2018/19."

YEAR = re.compile(r"([0-9]{4})[/-]?((?:[0-9]{2}){1,2})")

Period = Year | Quarter


@dataclass(frozen=True)
class BenchmarkEntry:
    """One comparator's figure as it is typed or read. `statistic` is given exactly for statistical neighbours."""

    comparator: str
    period: Period
    value: Decimal
    scope: BenchmarkScope
    comparability: Comparability
    source: str
    edition: str
    statistic: Statistic | None = None
    published_on: date | None = None
    method: str = ""
    note: str = ""


def scope_rank(scope: str) -> int:
    """Place among the figures of one period: national, regional, statistical neighbours, others."""
    return list(BenchmarkScope).index(BenchmarkScope(scope))


def comparator_words(comparator: str, statistic: str | None) -> str:
    """ "England", "Statistical neighbours (mean)"."""
    return f"{comparator} ({STATISTIC_WORDS[Statistic(statistic)].lower()})" if statistic else comparator


def period_words(period: Period) -> str:
    """The year of a benchmark as people say it: "year to 31 March 2018"."""
    return f"year to {date_words(period.end)}" if isinstance(period, Year) else period.label


def source_words(source: str, edition: str, published_on: date | None) -> str:
    """ "DfE, LAIT file of 2026, published 6 December 2018"."""
    return f"{source}, {edition}" + (f", published {date_words(published_on)}" if published_on else "")


def value_words(value: Decimal, unit: Unit, decimals: int) -> str:
    """With one decimal at least, as the sources print theirs; a whole number of things as it is."""
    is_whole = unit is Unit.COUNT and value == value.to_integral_value()
    return value_text(value, unit, decimals if is_whole else max(decimals, 1))


def read_period(text: str) -> Period:
    """ "2017/18", "2017-18", "2017/2018", "201718" or a quarter; ValueError with the message for every other text. A
    single year such as 2018 is refused: it is read as the year's start by some and as its end by others."""
    text = text.strip()
    if found := YEAR.fullmatch(text):
        start, end = int(found[1]), int(found[2])
        if end == (start + 1 if len(found[2]) == 4 else (start + 1) % 100):
            try:
                return Year(start)
            except ValueError as error:
                raise ValueError(NO_PERIOD) from error
    try:
        return Quarter.parse(text)
    except ValueError as error:
        raise ValueError(NO_PERIOD) from error


def problems(entry: BenchmarkEntry, bounds: Bounds, *, today: date) -> dict[str, str]:
    """Field name to message; empty when the benchmark may be stored."""
    found = _text_problems(entry)
    # The mean of several areas' counts need not be whole, and no quarter is pooled from somebody else's figure.
    loose = replace(bounds, decimals=bounds.decimals or 1, needs_counts=False)
    found |= entry_problems(Entry(value=entry.value), loose)
    is_neighbours = entry.scope is BenchmarkScope.STATISTICAL_NEIGHBOURS
    if is_neighbours != (entry.statistic is not None):
        found["statistic"] = WHICH_STATISTIC if is_neighbours else NO_STATISTIC
    if entry.period.end >= today:
        found["period"] = f"{entry.period.label} is not over yet, so that nobody can hold its figure."
    elif entry.published_on is not None and not entry.period.end < entry.published_on <= today:
        found["published_on"] = (
            f"Enter a day after {date_words(entry.period.end)}, when {entry.period.label} ended."
            if entry.published_on <= entry.period.end
            else "Enter a day that is not in the future."
        )
    return found


def _text_problems(entry: BenchmarkEntry) -> dict[str, str]:
    found = {}
    for name, most in LONGEST.items():
        text = getattr(entry, name)
        if not text.strip() and name in REQUIRED:
            found[name] = REQUIRED[name]
        elif len(text) > most:
            found[name] = f"Use {most} characters or fewer; this has {len(text):,}."
        elif "\0" in text:
            found[name] = "Take out the null character: it cannot be stored."
    return found


def as_data(entry: BenchmarkEntry) -> dict[str, str | None]:
    """As JSON can hold it: periods by their code, numbers as text with no needless zeros."""
    return {
        "comparator": entry.comparator,
        "period": entry.period.code,
        "value": f"{entry.value.normalize():f}",
        "scope": entry.scope.value,
        "statistic": entry.statistic.value if entry.statistic else "",
        "comparability": entry.comparability.value,
        "source": entry.source,
        "edition": entry.edition,
        "published_on": entry.published_on.isoformat() if entry.published_on else None,
        "method": entry.method,
        "note": entry.note,
    }


def from_data(data: Mapping[str, str | None]) -> BenchmarkEntry:
    """The entry that gives `as_data` again."""
    kept = {name: text or "" for name, text in data.items()}
    code = kept["period"]
    return BenchmarkEntry(
        comparator=kept["comparator"],
        period=Quarter.parse(code) if "Q" in code else Year(int(code)),
        value=Decimal(kept["value"]),
        scope=BenchmarkScope(kept["scope"]),
        comparability=Comparability(kept["comparability"]),
        source=kept["source"],
        edition=kept["edition"],
        statistic=Statistic(kept["statistic"]) if kept["statistic"] else None,
        published_on=date.fromisoformat(kept["published_on"]) if kept["published_on"] else None,
        method=kept["method"],
        note=kept["note"],
    )
