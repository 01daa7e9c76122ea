"""Any contract that is in order, written as a workbook and read again: nothing is lost, nothing is added."""

import datetime
import os
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from measures.derivation import Derivation
from measures.entries import TAKE_COUNTS, Bounds
from measures.numbers import Unit
from measures.quarters import Quarter
from measures.rating import Polarity
from measures.terms import Basis, Kind, SeriesRole, Window
from tests.contractbooks import read
from workflow.contract_books import building, writing
from workflow.contract_books.columns import SHEETS
from workflow.contract_books.shapes import (
    CommitteeRow,
    ContractBook,
    ContractRow,
    DefinitionRow,
    MeasureRow,
    SeriesRow,
    TargetRow,
)

SETS = 500 if os.environ.get("PERFMON_TEST_FULL") else 20
# A cell keeps no space around its text, and a line has single ones.
SIGNS = st.characters(exclude_categories=["Cs", "Cc", "Zs", "Zl", "Zp"])
STARTS = st.sampled_from(["", "", "", "=", "+", "-", "@", "'", "_x0041_", "<", "&", '"'])
WORDS = st.lists(st.text(SIGNS, min_size=1, max_size=6), min_size=1, max_size=3).map(" ".join)
LINE = st.builds(lambda start, words: f"{start}{words}"[:20].strip(), STARTS, WORDS).filter(
    lambda text: text == " ".join(text.split()) and text
)
LINES = st.lists(LINE, min_size=1, max_size=3).map("\n".join)
OR_EMPTY = st.one_of(st.just(""), LINES)
QUARTERS = st.builds(Quarter, st.integers(1990, 2090), st.integers(1, 4))
SLUGS = st.from_regex(r"[a-z][a-z0-9]{0,5}(-[a-z0-9]{1,5})?", fullmatch=True)


def chosen(words):
    return st.sampled_from([str(word) for word in words])


@st.composite
def contracts(draw):
    names = draw(st.lists(LINE, min_size=4, max_size=4, unique_by=str.casefold))
    values = draw(st.integers(1, 300))
    return ContractRow(
        title=draw(LINE),
        slug=draw(SLUGS),
        commissioner=names[0],
        commissioner_short=names[1],
        provider=names[2],
        provider_short=names[3],
        values_due_days=values,
        commentary_due_days=draw(st.integers(values, 300)),
        small_cohort=draw(st.integers(5, 1000)),
        requires_second_factor=draw(st.booleans()),
    )


@st.composite
def committees(draw):
    quarters = draw(st.lists(QUARTERS, max_size=3, unique=True))
    return tuple(
        CommitteeRow(quarter, quarter.end + datetime.timedelta(draw(st.integers(1, 360)))) for quarter in quarters
    )


@st.composite
def spans(draw, first):
    """(first, last) quarters, each span after the one before; the last may go on."""
    found = []
    for _ in range(draw(st.integers(1, 3))):
        last = first.shift(draw(st.integers(0, 6)))
        found.append((first, last))
        first = last.next
    if draw(st.booleans()):
        found[-1] = (found[-1][0], None)
    return found


@st.composite
def numbers(draw, decimals, low=0, high=10**8):
    return (
        Decimal(draw(st.integers(low, high))).scaleb(-decimals) if decimals else Decimal(draw(st.integers(low, high)))
    )


@st.composite
def one_series(draw, measure, code, role, first, last):
    unit = draw(st.sampled_from(list(Unit)))
    ways = [way for way in Derivation if way is not Derivation.POOLED_RATIO or unit in TAKE_COUNTS]
    return SeriesRow(
        measure=measure,
        code=code,
        name=draw(LINE),
        role=role,
        unit=unit.value,
        decimals=draw(st.integers(0, 6)),
        polarity=draw(chosen(Polarity)),
        derivation=draw(chosen(ways)),
        window=draw(chosen(Window)),
        maximum=draw(st.none() | numbers(6, low=1)),
        counted=draw(st.just("") | LINE),
        counted_one=draw(st.just("") | LINE),
        first_quarter=first,
        last_quarter=last,
    )


@st.composite
def definitions(draw, series):
    last = series.last_quarter or series.first_quarter.shift(8)
    later = [series.first_quarter.shift(n) for n in (1, 3) if series.first_quarter.shift(n) <= last]
    quarters = [series.first_quarter, *draw(st.lists(st.sampled_from(later), unique=True) if later else st.just([]))]
    return [
        DefinitionRow(*series.key, quarter, draw(LINES), draw(LINES if place else OR_EMPTY))
        for place, quarter in enumerate(sorted(quarters))
    ]


@st.composite
def targets(draw, series):
    if series.polarity == Polarity.NEUTRAL:
        return []
    highest = min(int(Bounds(Unit(series.unit), series.maximum).highest * 10**series.decimals), 10**8)
    found = []
    for shift in draw(st.lists(st.integers(-2, 6), max_size=2, unique=True)):
        pair = sorted(
            draw(st.tuples(*[numbers(series.decimals, high=highest)] * 2)), reverse=series.polarity == Polarity.HIGHER
        )
        target, tolerance = draw(st.sampled_from([(pair[0], pair[1]), (pair[0], None), (None, None)]))
        bases = draw(chosen(Basis)), draw(chosen(Basis))
        quarter = series.first_quarter.shift(shift)
        found.append(TargetRow(*series.key, quarter, target, tolerance, *bases, draw(OR_EMPTY)))
    return found


@st.composite
def books(draw):
    codes = draw(st.lists(LINE, min_size=1, max_size=3, unique_by=str.casefold))
    slugs = draw(st.lists(SLUGS, min_size=3, max_size=3, unique=True))
    measures, series = [], []
    for code, slug in zip(codes, slugs, strict=False):
        first = draw(QUARTERS)
        headlines = draw(spans(first))
        start, end = headlines[-1]
        # A measure ends no later than its last headline.
        last = draw(st.none() | st.integers(0, 9).map(start.shift))
        last = end if last is None or (end is not None and end < last) else last
        measures.append(
            MeasureRow(
                code=code,
                slug=slug,
                title=draw(LINE),
                section=draw(LINE),
                kind=draw(chosen(Kind)),
                first_quarter=first,
                last_quarter=last,
                why_it_matters=draw(OR_EMPTY),
                owner=draw(st.just("") | LINE),
                source=draw(st.just("") | LINE),
            )
        )
        roles = [SeriesRole.HEADLINE.value, *draw(st.lists(chosen([SeriesRole.PAIR, SeriesRole.SUBGROUP]), max_size=1))]
        named = draw(st.lists(LINE, min_size=2, max_size=2, unique_by=str.casefold))
        for role, name in zip(roles, named, strict=False):
            own = headlines if role == SeriesRole.HEADLINE else draw(spans(first))
            within = [span for span in own if last is None or span[0] <= last]
            series += [draw(one_series(code, name, role, *span)) for span in within]
    rated = {one.code for one in measures if one.kind != Kind.VOLUMETRIC}
    return ContractBook(
        contract=draw(contracts()),
        committee_dates=draw(committees()),
        measures=tuple(measures),
        series=tuple(series),
        definitions=tuple(row for one in series for row in draw(definitions(one))),
        targets=tuple(row for one in series if one.measure in rated for row in draw(targets(one))),
    )


@given(books())
@settings(max_examples=SETS)
def test_a_workbook_gives_back_what_it_was_made_of(book):
    found = read(writing.workbook(book))
    assert found.refused == []
    assert found.book == book
    assert {name: len(numbers) for name, numbers in found.places.items()} == {
        shape.name: len(building.rows_of(book, shape)) for shape in SHEETS
    }


@given(books())
@settings(max_examples=SETS)
def test_what_a_preview_carries_is_the_same_book(book):
    assert building.from_json(building.as_json(book)) == book
