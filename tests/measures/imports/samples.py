"""A small contract and files as they come, for tests of reading and planning: no database."""

import datetime
from decimal import Decimal

from measures.derivation import Derivation
from measures.entries import Bounds, Status
from measures.imports.cells import Book, Cell, Row, Sheet
from measures.imports.guessing import guess
from measures.imports.plan import Held, Known, Place
from measures.imports.planning import plan
from measures.numbers import Unit
from measures.quarters import Quarter
from measures.terms import Frequency, Origin

FIRST = Quarter(2015, 2)
Q1, Q2 = Quarter(2018, 1), Quarter(2018, 2)
JULY, AUGUST, SEPTEMBER = Q2.months


def known(
    id, measure, code, name, *, title="", unit="percent", decimals=0, derivation="entered", usual=(), **fields
) -> Known:
    """Typed by month unless its quarter is entered."""
    way, one = Derivation(derivation), Unit(unit)
    bounds = Bounds(one, fields.pop("maximum", None), decimals, way is Derivation.POOLED_RATIO)
    frequency = Frequency.QUARTER if way is Derivation.ENTERED else Frequency.MONTH
    defaults = {"first_quarter": FIRST, "last_quarter": None}
    return Known(
        id=id,
        measure_code=measure,
        measure_title=title or name,
        code=code,
        name=name,
        frequency=frequency,
        bounds=bounds,
        usual=tuple(map(Decimal, usual)),
        derivation=way,
        **{**defaults, **fields},
    )


A1 = known(1, "A1", "A1", "Re-referrals", derivation="pooled_ratio", title="Re-referrals within 12 months")
A2 = known(2, "A2", "A2", "Assessments in time", title="Single assessments completed in time")
A4 = known(3, "A4", "A4", "All children due a visit", title="Children seen in time")
CIC = known(4, "A4", "CiC", "Children in care", derivation="snapshot_end", title="Children seen in time")
E1 = known(5, "E1", "E1", "Contacts a month", unit="count", derivation="mean_of_months")
E34 = known(6, "E34/35", "E34", "Children in need", unit="count", derivation="mean_of_months", title="Need")
E35 = known(7, "E34/35", "E35", "Rate of children in need", unit="rate_per_10000", title="Need")
CONTRACT = (A1, A2, A4, CIC, E1, E34, E35)


class Anywhere(dict):
    """Every quarter takes values."""

    def __missing__(self, quarter):
        return Place()


def cell(content) -> Cell:
    """A text as in CSV; an int or Decimal as a number of a workbook, a date as a date."""
    if isinstance(content, Cell):
        return content
    if isinstance(content, (int, Decimal)):
        return Cell(text=str(content), number=Decimal(content))
    if isinstance(content, datetime.date):
        return Cell(text=content.isoformat(), day=content)
    return Cell(text=(content or "").strip())


def sheet(*rows, name="", hidden=False) -> Sheet:
    """Rows are numbered from 1; those without any content are left out, as a reader leaves them out."""
    made = [Row(number, tuple(map(cell, row))) for number, row in enumerate(rows, 1)]
    return Sheet(name, tuple(row for row in made if any(not each.is_empty for each in row.cells)), hidden)


def book(*rows, name="") -> Book:
    return Book((sheet(*rows, name=name),))


def held(value=None, *, counts=(None, None), status="final", note="", origin=Origin.ENTERED, version=1) -> Held:
    numerator, denominator = (None if count is None else Decimal(count) for count in counts)
    number = None if value is None else Decimal(str(value))
    return Held(number, numerator, denominator, Status(status), note, origin, version)


def planned(*rows, name="", series=CONTRACT, holding=None, places=None, answers=None):
    """The plan of a file as it is guessed."""
    found = book(*rows, name=name)
    mapping = guess(found, series)
    if answers:
        mapping.answers.update(answers)
    return plan(found, mapping, known=series, held=holding or {}, places=places or Anywhere(), source="file")


def items(found):
    """(series id, period's code, value as text, kind) of each item."""
    return [
        (one.series, one.period.code, None if one.entry.value is None else str(one.entry.value), one.kind.value)
        for one in found.items
    ]


def codes(found):
    """(row, code, column) of each issue."""
    return [(one.row, str(one.code), one.column) for one in found.issues]
