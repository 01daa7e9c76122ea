"""Imports over one another, undone the latest first: each finds its own figures again, and nothing that a person saved
is ever taken away."""

from decimal import Decimal

import pytest

from measures.entries import Entry
from measures.models import Benchmark, ImportChange
from measures.quarters import Month, Year
from tests.measures.imports.office import b8, e1, table, values
from tests.measures.imports.test_benchmark_batches import Room
from tests.measures.imports.tidy_files import content, line

WHY = "Once more."


class Draft:
    """In the open quarter, which was never submitted, rows change in place."""

    QUARTER, MONTH = "Q2 2018/19", "July 2018"
    CODES = ("2018-Q2", "2018-07", "2018-Q2")


class Past:
    """In a past quarter each change is a revision."""

    QUARTER, MONTH = "Q1 2018/19", "April 2018"
    CODES = ("2018-Q1", "2018-04", "2018-Q1")


@pytest.fixture(params=[Draft, Past])
def time(request):
    return request.param


def file(time, quarter, month):
    return table(b8(time.QUARTER, str(quarter)), e1(time.MONTH, str(month)))


def held(time, quarter, month):
    """What stands there once such a file is in; the month gives its own quarter."""
    own, code, derived = time.CODES
    return {("B8", own): quarter, ("E1", code): month, ("E1", derived): month}


def bring(office, time, *figures):
    return [office.bring(file(time, *each), reason=WHY) for each in figures]


def test_two_over_the_same_cells(office, time):
    first, second = bring(office, time, (70, 101), (71, 102))
    assert office.undo(second, reason=WHY).left == []
    assert values() == held(time, 70, 101)
    assert office.undo(first, reason=WHY).left == []
    assert values() == {}


def test_three_over_the_same_cells(office, time):
    batches = bring(office, time, (70, 101), (71, 102), (72, 103))
    for batch, expected in zip(reversed(batches), [held(time, 71, 102), held(time, 70, 101), {}], strict=True):
        assert office.undo(batch, reason=WHY).left == []
        assert values() == expected


def test_over_what_a_person_typed(office, time):
    period = Month(2018, 7) if time is Draft else Month(2018, 4)
    office.hold_past(90, series=office.months, period=period)
    for batch in reversed(bring(office, time, (70, 101), (71, 102))):
        assert office.undo(batch, reason=WHY).left == []
    own, code, derived = time.CODES
    assert values() == {("E1", code): 90, ("E1", derived): 90}


def test_one_more_import_after_an_undoing(office, time):
    first, second = bring(office, time, (70, 101), (71, 102))
    office.undo(second, reason=WHY)
    [third] = bring(office, time, (72, 103))
    for batch in (third, first):
        assert office.undo(batch, reason=WHY).left == []
    assert values() == {}


def test_only_the_cells_that_both_hold(office):
    first = office.bring(table(b8("Q2 2018/19", "70"), e1("July 2018", "101")))
    second = office.bring(table(b8("Q2 2018/19", "71"), e1("August 2018", "102")))
    for batch in (second, first):
        assert office.undo(batch).left == []
    assert values() == {}


def test_the_earlier_one_alone_is_left_to_the_later(office, time):
    first, second = bring(office, time, (70, 101), (71, 102))
    assert [one["code"] for one in office.undo(first, reason=WHY).left] == ["B8", "E1"]
    assert values() == held(time, 71, 102)
    assert office.undo(second, reason=WHY).left == []
    assert values() == held(time, 70, 101)


class TestAPersonInBetween:
    FIRST, SECOND = table(b8("Q2 2018/19", "70")), table(b8("Q2 2018/19", "71"))

    def test_what_was_saved_between_two_imports_stays(self, office):
        first = office.bring(self.FIRST)
        office.hold(Entry(value=Decimal(75)), version=1)
        office.undo(office.bring(self.SECOND))
        assert values() == {("B8", "2018-Q2"): 75}
        assert len(office.undo(first).left) == 1
        assert values() == {("B8", "2018-Q2"): 75}

    def test_even_if_it_is_the_first_import_s_figure(self, office):
        first = office.bring(self.FIRST)
        office.hold(Entry(value=Decimal(75)), version=1)
        office.hold(Entry(value=Decimal(70)), version=2)
        office.undo(office.bring(self.SECOND))
        assert len(office.undo(first).left) == 1
        assert values() == {("B8", "2018-Q2"): 70}

    def test_what_was_saved_over_the_second_stays(self, office):
        first, second = office.bring(self.FIRST), office.bring(self.SECOND)
        # It has the version that undoing the second import would have given.
        office.hold(Entry(value=Decimal(75)), version=2)
        assert len(office.undo(second).left) == 1
        assert len(office.undo(first).left) == 1
        assert values() == {("B8", "2018-Q2"): 75}


def test_what_each_took_the_place_of_is_kept(office):
    office.hold(Entry(value=Decimal(60)))
    bring(office, Draft, (70, 101), (71, 102))
    kept = ImportChange.objects.order_by("pk").values_list("series__code", "version", "replaced")
    assert list(kept) == [("B8", 2, 1), ("E1", 1, 0), ("B8", 3, 2), ("E1", 2, 1)]


def test_benchmarks(db):
    room = Room()
    batches = [room.bring(content(line(percent=percent))) for percent in ("20", "21", "22")]
    for batch, percent in zip(reversed(batches), [21, 20, None], strict=True):
        assert room.undo(batch).left == []
        rows = Benchmark.objects.filter(start=Year(2017).start).values_list("value", flat=True)
        assert list(rows) == ([] if percent is None else [percent])
