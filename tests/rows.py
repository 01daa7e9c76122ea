"""Rows of the read model built by hand, for tests of pure rules: no database."""

from dataclasses import replace
from decimal import Decimal

from measures.entries import Status as Held
from measures.numbers import Unit
from measures.quarters import Quarter
from measures.rating import Polarity
from measures.readings import Aim, Reading, Scale
from measures.rows import MeasureRow, Scorecard, SeriesRow
from measures.scorecard import HISTORY
from measures.states import State
from measures.terms import Basis, Frequency, Kind, SeriesRole

Q1, Q2 = Quarter(2018, 1), Quarter(2018, 2)
FIRST = Q2.shift(1 - HISTORY)


def scale(unit="percent", decimals=0, polarity="higher", counted="cases", counted_one="case") -> Scale:
    return Scale(Unit(unit), decimals, Polarity(polarity), counted, counted_one)


def reading(value=None, period=Q2, **fields) -> Reading:
    """Final where there is a value; `counts` is (numerator, denominator). Without value or status nothing is held."""
    counts = fields.pop("counts", (None, None))
    numerator, denominator = (None if count is None else Decimal(count) for count in counts)
    held = None if value is None else Decimal(str(value))
    status = fields.pop("status", Held.FINAL if value is not None else None)
    return Reading(period, held, numerator, denominator, status, **fields)


def aim(
    target, tolerance=None, from_quarter=FIRST, target_basis="contract", tolerance_basis="contract", reason=""
) -> Aim:
    goal, bound = (None if number is None else Decimal(str(number)) for number in (target, tolerance))
    return Aim(from_quarter, goal, bound, Basis(target_basis), Basis(tolerance_basis), reason)


def series(*values, aims=(), now=None, quarter=Q2, **fields) -> SeriesRow:
    """`values` are the last quarters up to `quarter`, None for a gap; `now` adds to the last one's reading."""
    scaling = {
        name: fields.pop(name) for name in ("unit", "decimals", "polarity", "counted", "counted_one") if name in fields
    }
    periods = [quarter.shift(back) for back in range(1 - HISTORY, 1)]
    padded = [None] * (HISTORY - len(values)) + list(values)
    readings = [reading(value, period) for value, period in zip(padded, periods, strict=True)]
    if now is not None:
        readings[-1] = reading(values[-1] if values else None, quarter, **now)
    defaults = {
        "id": 1,
        "code": "B8",
        "name": "Measure B8",
        "role": SeriesRole.HEADLINE,
        "derivation": "entered",
        "frequency": Frequency.QUARTER,
        "window": "period",
        "first_quarter": Quarter(2015, 1),
    }
    return SeriesRow(**{**defaults, **fields}, scale=scale(**scaling), history=tuple(readings), aims=tuple(aims))


def before(row: SeriesRow, **fields) -> SeriesRow:
    """The row with more held of the quarter before: `fields` are those of `reading`."""
    earlier = reading(row.before.value, row.before.period, **fields)
    return replace(row, history=(*row.history[:-2], earlier, row.now))


def measure(code="B8", headline=None, **fields) -> MeasureRow:
    defaults = {
        "id": sum(code.encode()),
        "slug": code.lower(),
        "title": f"Measure {code}",
        "section": "Court work",
        "kind": Kind.CONTRACTUAL,
        "why_it_matters": "",
        "owner": "",
        "source": "",
        "area_reason": None,
        "pairs": (),
        "subgroups": (),
    }
    return MeasureRow(code=code, headline=headline, **{**defaults, **fields})


def rated(code, value, target=90, tolerance=85, **fields) -> MeasureRow:
    """A measure whose headline holds `value` alone, against the target; `fields` are those of `series`."""
    of_measure = {name: fields.pop(name) for name in ("section", "kind", "area_reason", "pairs") if name in fields}
    return measure(code, series(value, aims=[aim(target, tolerance)], code=code, **fields), **of_measure)


def card(*rows, visible=True, state=State.COMMENTARY, quarter=Q2) -> Scorecard:
    return Scorecard(quarter, state, frozenset({quarter} if visible else ()), tuple(rows))
