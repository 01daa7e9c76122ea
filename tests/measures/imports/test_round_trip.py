"""Our own export, imported again: nothing changes, and what was written is what was held."""

import io
import os
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from measures.derivation import Part, derive, value_of
from measures.entries import WITH_VALUE, Entry, Status, held_value, problems
from measures.figures_csv import write
from measures.imports.guessing import guess, missing
from measures.imports.plan import Held
from measures.imports.planning import plan
from measures.imports.reading import read
from measures.quarters import Month, Quarter
from measures.rating import Polarity
from measures.readings import Reading, Scale
from measures.rows import SeriesRow
from measures.terms import Frequency, Origin, SeriesRole
from tests.measures.imports.formulas import FORMULAS
from tests.measures.imports.samples import CONTRACT, Anywhere, codes, known
from tests.rows import aim

# Of everything that the contract holds, exported and imported again; more of them with `test --full`.
SETS = 1000 if os.environ.get("PERFMON_TEST_FULL") else 25
QUARTERS = [Quarter(2018, 1), Quarter(2018, 2)]
NOTE_BODY = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=60)
NOTES = st.builds(
    lambda start, body, more: f"{start}{body}{more}".strip(" ").rstrip(),
    st.sampled_from(["", "", "=", "+", "-", "@", "\t", "'", "'=", "＝", '"', ";", ","]),
    NOTE_BODY.map(str.strip),
    st.sampled_from(["", "", "\nsecond line", "\r\n=1+1", "\n'-x", "\n\nend"]),
)
PERCENT = st.decimals(0, 100, places=6)
WHOLE = st.integers(0, 999_999_999).map(Decimal)
COUNTS = st.integers(1, 5000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


def entries(series):
    """Anything that may be typed for one period of the series."""
    numbers = WHOLE if series.bounds.unit == "count" else PERCENT
    valued = st.sampled_from(sorted(WITH_VALUE))
    alone = st.builds(Entry, value=numbers, status=valued, note=NOTES)
    counted = st.builds(
        lambda counts, status, note: Entry(None, Decimal(counts[0]), Decimal(counts[1]), status, note),
        *(COUNTS, valued, NOTES),
    )
    none = st.builds(Entry, status=st.sampled_from(sorted(set(Status) - WITH_VALUE)), note=NOTES)
    kinds = [none] + ([counted] if series.bounds.takes_counts else []) + ([] if series.bounds.needs_counts else [alone])
    return st.one_of(*kinds).filter(lambda entry: not problems(entry, series.bounds))


def periods(series):
    return [month for quarter in QUARTERS for month in quarter.months] if is_monthly(series) else QUARTERS


def is_monthly(series):
    return series.frequency is Frequency.MONTH


CONTENT = st.fixed_dictionaries(
    {(series.id, period): st.none() | entries(series) for series in CONTRACT for period in periods(series)}
)


def observed(entry, bounds, origin=Origin.ENTERED) -> Held:
    value = held_value(entry, bounds)
    return Held(value, entry.numerator, entry.denominator, entry.status, entry.note, origin, 1)


def holding(content, series=CONTRACT):
    """What the writing part would hold: the entries, and the quarters derived from them."""
    bounds = {one.id: one.bounds for one in series}
    held = {key: observed(entry, bounds[key[0]]) for key, entry in content.items() if entry}
    for one in filter(is_monthly, series):
        for quarter in QUARTERS:
            months = [held.get((one.id, month)) for month in quarter.months]
            parts = [month and Part(month.value, month.numerator, month.denominator) for month in months]
            found = derive(one.derivation, parts, one.bounds.unit)
            reasons = [month.status for month in months if month and month.status not in WITH_VALUE]
            if found:
                status = Status.PROVISIONAL if found.provisional else Status.FINAL
                entry = Entry(found.value, found.numerator, found.denominator, status)
                held[one.id, quarter] = Held(*vars(entry).values(), Origin.DERIVED, 1)
            elif reasons:
                held[one.id, quarter] = Held(None, None, None, reasons[-1], "", Origin.DERIVED, 1)
    return held


def row(one) -> SeriesRow:
    return SeriesRow(
        id=one.id,
        code=one.code,
        name=one.name,
        role=SeriesRole.HEADLINE,
        scale=Scale(one.bounds.unit, one.bounds.decimals, Polarity.HIGHER, "cases", "case"),
        derivation=one.derivation.value,
        frequency=one.frequency,
        window="period",
        first_quarter=one.first_quarter,
        history=(),
        aims=(aim(90, 85),),
    )


def export(held, series=CONTRACT) -> str:
    """With an empty line for each period of which nothing is held, as the measure's own export has."""
    out = io.StringIO(newline="")
    rows = []
    for one in series:
        every = [*periods(one), *QUARTERS] if is_monthly(one) else periods(one)
        found = [(period, held.get((one.id, period))) for period in every]
        readings = [
            Reading(period, each.value, each.numerator, each.denominator, each.status, note=each.note)
            if each
            else Reading(period)
            for period, each in found
        ]
        rows.append((one.measure_code, row(one), readings))
    write(out, rows)
    return out.getvalue()


def planned(text, held, series=CONTRACT):
    book = read("figures.csv", text.encode("utf-8-sig"))
    mapping = guess(book, series)
    assert missing(mapping) == []
    return plan(book, mapping, known=series, held=held, places=Anywhere(), source="")


@settings(max_examples=SETS)
@given(CONTENT)
def test_into_the_contract_it_came_from_nothing_changes(content):
    held = holding(content)
    found = planned(export(held), held)
    assert (codes(found), found.asked) == ([], ())
    assert {item.kind.value for item in found.items} <= {"unchanged"}
    assert len(found.items) == len(held)


@settings(max_examples=SETS)
@given(CONTENT)
def test_into_an_empty_contract_it_brings_the_same(content):
    held = holding(content)
    first = export(held)
    found = planned(first, {})
    refused = [issue for issue in found.issues if issue.severity == "refused"]
    assert (refused, found.asked) == ([], ())
    brought = {(item.series, item.period): item.entry for item in found.items}
    assert {key for key, one in held.items() if one.origin is not Origin.DERIVED} == set(brought)
    assert export(holding(brought)) == first


@pytest.mark.parametrize("text", FORMULAS)
def test_formulas_are_inert_in_the_file_and_come_back(text):
    series = tuple(known(number, f"M{number}", f"S{number}", f"{text} {number}") for number in (1, 2))
    note = text.rstrip()
    held = {(1, QUARTERS[0]): observed(Entry(Decimal(-5) + 10, note=note), series[0].bounds)}
    written = export(held, series)
    for cell in cells_of(written):
        for line in cell.splitlines():
            assert not line.lstrip().startswith(tuple("=+-@＝＋－＠"))
    found = planned(written, {}, series)
    [item] = found.items
    assert item.entry.note.strip() == note.strip()
    assert export({(1, QUARTERS[0]): observed(item.entry, series[0].bounds)}, series) == written


def cells_of(text):
    import csv

    return [cell for line in csv.reader(io.StringIO(text, newline="")) for cell in line]


@pytest.mark.parametrize("code", ["=A1", "-5 band", "@home", "'=A1", "+1"])
def test_codes_that_look_like_formulas_are_found_again(code):
    series = (known(1, code, code, code), known(2, "M2", "M2", "Other"))
    held = {(1, QUARTERS[0]): observed(Entry(Decimal(5)), series[0].bounds)}
    [item] = planned(export(held, series), {}, series).items
    assert item.series == 1


def test_a_figure_that_is_not_rounded_comes_back_with_all_its_digits():
    series = CONTRACT[1]
    value = value_of(148, 210, series.bounds.unit)
    held = {(2, QUARTERS[0]): Held(value, Decimal(148), Decimal(210), Status.FINAL, "", Origin.ENTERED, 1)}
    assert '"70.47619","percent","148","210","final"' in export(held)
    assert [item.kind.value for item in planned(export(held), held).items] == ["unchanged"]


def test_months_and_their_quarter_are_told_apart():
    assert periods(CONTRACT[0])[0] == Month(2018, 4)
    held = holding({(5, month): Entry(Decimal(10)) for month in QUARTERS[1].months})
    assert held[5, QUARTERS[1]].value == 10
    found = planned(export(held), {})
    assert [item.period.code for item in found.items] == ["2018-07", "2018-08", "2018-09"]
    assert found.told == (
        "Left out, without a value or a status: 34 rows.",
        "Quarters that agree with their months in this file, from which they will be derived: 1.",
    )
