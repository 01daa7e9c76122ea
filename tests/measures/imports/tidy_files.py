"""Files in the department's open data layout, made row by row."""

import csv
import io
import random
from datetime import date
from decimal import Decimal

from measures.benchmark_entries import BenchmarkEntry
from measures.entries import Bounds
from measures.imports import reading, tidy
from measures.imports.guessing import guess
from measures.imports.mapping import Layout
from measures.imports.tidy import Choice, HeldBenchmark
from measures.imports.tidy_file import tidy_file
from measures.numbers import Unit
from measures.quarters import Year
from measures.terms import BenchmarkScope, Comparability

TODAY = date(2018, 11, 2)
REFERRALS, RATE = 1, 7
BOUNDS = {REFERRALS: Bounds(Unit.PERCENT), RATE: Bounds(Unit.RATE)}
GEOGRAPHY = (
    "time_period time_identifier geographic_level country_code country_name region_code region_name old_la_code "
    "la_name new_la_code"
).split()
HEADER = [*GEOGRAPHY, "category", "referral_count", "repeat_percent"]
NORTH = ("E12000003", "Yorkshire and The Humber")
COUNCILS = {
    "E08000017": "Doncaster",
    "E08000016": "Barnsley",
    "E08000018": "Rotherham",
    "E08000036": "Wakefield",
}
ENGLAND = {"geographic_level": "National", "country_code": "E92000001", "country_name": "England"}


def area(code=None, **fields):
    """The columns of an authority, of the region, or of the country."""
    if code is None:
        return ENGLAND | fields
    region = dict(zip(("region_code", "region_name"), NORTH, strict=True))
    if code == NORTH[0]:
        return {**ENGLAND, **region, "geographic_level": "Regional", **fields}
    council = {"old_la_code": "371", "la_name": COUNCILS[code], "new_la_code": code}
    return {**ENGLAND, **region, **council, "geographic_level": "Local authority", **fields}


def line(code=None, percent="21.9", count="1200", period="201718", kind="Financial year", category="Total", **more):
    return area(code) | {
        "time_period": period,
        "time_identifier": kind,
        "category": category,
        "referral_count": count,
        "repeat_percent": percent,
        **more,
    }


def content(*lines, header=HEADER, shuffle=None, bom=False, encoding="utf-8"):
    """The lines as CSV; `shuffle` is the seed by which the columns are put into another order."""
    names = list(header)
    if shuffle is not None:
        random.Random(shuffle).shuffle(names)
    out = io.StringIO()
    writer = csv.DictWriter(out, names, extrasaction="ignore", restval="")
    writer.writeheader()
    writer.writerows(lines)
    return (b"\xef\xbb\xbf" if bom else b"") + out.getvalue().encode(encoding)


def mapped(data):
    """(book, mapping) as an upload reads the file at first."""
    book = reading.read("data.csv", data)
    mapping = guess(book, ())
    assert mapping.layout is Layout.TIDY
    return book, mapping


def opened(*lines, **options):
    book, mapping = mapped(content(*lines, **options))
    return tidy_file(book, mapping.sheet, mapping.header_row)


def choice(**fields) -> Choice:
    """England's share of repeated referrals."""
    defaults = {
        "series": {"repeat_percent": REFERRALS},
        "filters": {},
        "areas": ("E92000001",),
        "source": "DfE",
        "edition": "Children in need 2018",
    }
    return Choice(**{**defaults, **fields})


def planned(*lines, held=None, answers=None, today=TODAY, options=None, **fields):
    file = opened(*lines, **(options or {}))
    return tidy.plan(
        file, choice(**fields), bounds=BOUNDS, held=held or {}, answers=answers or {}, today=today, source="one"
    )


def entry(value="21.9", comparator="England", **fields) -> BenchmarkEntry:
    defaults = {
        "period": Year(2017),
        "scope": BenchmarkScope.NATIONAL,
        "comparability": Comparability.CLOSE,
        "source": "DfE",
        "edition": "Children in need 2018",
        "method": "Column repeat_percent",
    }
    return BenchmarkEntry(comparator=comparator, value=Decimal(value), **{**defaults, **fields})


def holding(one: BenchmarkEntry, version=1, series=REFERRALS):
    return {(series, one.comparator.casefold(), one.period): HeldBenchmark(one, version)}


def figures(plan):
    """(comparator, period, value) of each item."""
    return [(one.entry.comparator, one.entry.period.label, str(one.entry.value)) for one in plan.items]


def wrong(plan):
    """(row, code, why) of each issue."""
    return [(one.row, one.code, one.why) for one in plan.issues]
