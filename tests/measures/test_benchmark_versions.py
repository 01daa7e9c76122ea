"""No version of a benchmark is used twice, whatever became of it; and one comparator is one, whatever its capitals."""

from dataclasses import replace
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from accounts.denial import Stale
from measures.benchmarks import BenchmarkSetBack
from measures.models import Benchmark
from measures.quarters import Year
from measures.recording import Invalid
from tests.factories import make_benchmark
from tests.measures.test_benchmarks import ENGLAND, NEIGHBOURS, Room

WALES = replace(ENGLAND, comparator="Wales")


@pytest.fixture
def room(db):
    return Room()


def versions():
    return dict(Benchmark.objects.values_list("comparator", "version"))


class TestVersions:
    def test_removed_and_added_again(self, room):
        row = room.add()
        room.change(row, replace(ENGLAND, value=Decimal(30)))
        room.remove(row, version=2)
        assert room.add().version == 3

    def test_removed_and_brought_by_a_file(self, room):
        row = room.add()
        room.change(row, replace(ENGLAND, value=Decimal(30)))
        room.remove(row, version=2)
        [written] = room.write(room.line())
        assert (written.version, versions()) == (3, {"England": 3})
        # Who saw the removed one cannot write over this one.
        with pytest.raises(Stale):
            room.write(room.line(replace(ENGLAND, value=Decimal(40)), version=2))

    def test_undone_and_added_again(self, room):
        [written] = room.write(room.line())
        back = BenchmarkSetBack(room.series, "England", Year(2017), None, written.version)
        room.set_back(back)
        assert room.add().version == 2

    def test_renamed_and_added_again(self, room):
        room.change(room.add(), WALES)
        room.add()
        assert versions() == {"Wales": 2, "England": 2}

    def test_renamed_to_one_that_was_removed(self, room):
        wales = room.add(WALES)
        for version in range(1, 5):
            room.change(wales, replace(WALES, value=Decimal(version)), version)
        room.remove(wales, version=5)
        assert room.change(room.add(), WALES, version=6).version == 7
        assert versions() == {"Wales": 7}

    def test_new_capitals_are_no_new_name(self, room):
        room.change(room.add(), replace(ENGLAND, comparator="ENGLAND"))
        assert versions() == {"ENGLAND": 2}
        assert room.add(WALES).version == 1

    def test_other_series_count_for_themselves(self, room):
        room.remove(room.add())
        other = room.series.measure.series.create(
            code="B9", name="Other", role="pair", unit="percent", polarity="higher", derivation="entered",
            frequency="quarter", counted="cases", counted_one="case", first_quarter=room.series.first_quarter,
        )  # fmt: skip
        assert (room.add(series=other).version, room.add().version) == (1, 2)

    def test_what_is_gone_lowers_nothing(self, room):
        first, second = room.add(), room.add(NEIGHBOURS)
        for version in (1, 2):
            room.change(first, replace(ENGLAND, value=Decimal(version)), version)
        room.remove(first, version=3)
        room.remove(second)
        assert room.add().version == 4


class TestNames:
    @pytest.mark.parametrize(("held", "typed"), [("England", "ENGLAND"), ("Ynys Môn", "YNYS MÔN")])
    def test_a_form_says_which_field(self, room, held, typed):
        room.add(replace(ENGLAND, comparator=held))
        with pytest.raises(Invalid) as refused:
            room.add(replace(ENGLAND, comparator=typed))
        assert refused.value.errors == {"comparator": f"B8 has a figure of {typed} for 2017/18 already. Change it."}

    def test_the_database_refuses_too(self, room):
        make_benchmark(room.series)
        with pytest.raises(IntegrityError), transaction.atomic():
            make_benchmark(room.series, "eNGLAND")

    def test_two_lines_of_a_file(self, room):
        with pytest.raises(Stale, match="^Somebody else added one of these"):
            room.write(room.line(), room.line(replace(ENGLAND, comparator="ENGLAND")))
        assert versions() == {}
