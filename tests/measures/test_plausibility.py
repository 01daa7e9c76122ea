"""Warnings about a quarter's values: exact sentences, and silence where there is nothing to tell."""

from decimal import Decimal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from measures.expectation import Expected
from measures.numbers import Unit
from measures.plausibility import (
    Caution,
    Doubt,
    Figure,
    Pair,
    beyond_usual,
    not_what_counts_give,
    numerator_apart,
    other_scale,
    populations_apart,
    same_as_before,
    subgroups_apart,
)


def figure(value, counts=None, *, period="August 2018", unit=Unit.PERCENT, decimals=0):
    numerator, denominator = [Decimal(each) for each in counts] if counts else (None, None)
    return Figure(period, Decimal(str(value)), unit, decimals, numerator, denominator)


def count(value, **more):
    return figure(value, unit=Unit.COUNT, **more)


class TestUsualRange:
    USUAL = Expected(Decimal(62), Decimal(81), Unit.PERCENT, 0)

    def test_one_value_beyond_it(self):
        assert beyond_usual([figure(95)], self.USUAL) == [
            Caution(Doubt.RANGE, "August 2018: 95% is outside the usual 62 to 81%.")
        ]

    def test_several_in_one_sentence(self):
        found = beyond_usual(
            [figure(61, period="July 2018"), figure(70), figure(95, period="September 2018")], self.USUAL
        )
        assert [one.sentence for one in found] == [
            "July 2018 (61%) and September 2018 (95%) are outside the usual 62 to 81%."
        ]
        found = beyond_usual([figure(each, period=str(each)) for each in (1, 2, 3)], self.USUAL)
        assert [one.sentence for one in found] == ["1 (1%), 2 (2%) and 3 (3%) are outside the usual 62 to 81%."]

    def test_nothing_within_it_or_without_it(self):
        assert beyond_usual([figure(62), figure("81.4")], self.USUAL) == []
        assert beyond_usual([figure(5)], None) == []


class TestScale:
    PAST = [Decimal(each) for each in (84, 85, 86)]

    @pytest.mark.parametrize(
        ("value", "told"),
        [
            ("0.85", "0.85% is about 100 times smaller than usual (85%). Did you mean 85%?"),
            ("0.846154", "0.85% is about 100 times smaller than usual (85%). Did you mean 85%?"),
            ("8.5", "8.5% is about 10 times smaller than usual (85%). Did you mean 85%?"),
            ("8", "8% is about 10 times smaller than usual (85%). Did you mean 80%?"),
            ("0.08", "0.08% is about 1,000 times smaller than usual (85%). Did you mean 80%?"),
            ("850", "850% is about 10 times greater than usual (85%). Did you mean 85%?"),
            ("8500", "8,500% is about 100 times greater than usual (85%). Did you mean 85%?"),
            ("85000", "85,000% is about 1,000 times greater than usual (85%). Did you mean 85%?"),
        ],
    )
    def test_ten_hundred_and_thousand_times_both_ways(self, value, told):
        assert other_scale(figure(value), self.PAST) == [Caution(Doubt.SCALE, f"August 2018: {told}")]

    @pytest.mark.parametrize(
        "one",
        [figure("12"), figure("8.5", (17, 200))],
        ids=["beyond 100%", "counts"],
    )
    def test_what_nobody_can_have_meant_is_not_asked(self, one):
        [caution] = other_scale(one, self.PAST)
        assert caution.sentence.endswith("is about 10 times smaller than usual (85%).")

    @pytest.mark.parametrize("value", ["85", "60", "40", "20", "0", "0.01", "255"])
    def test_other_values(self, value):
        assert other_scale(figure(value), self.PAST) == []

    def test_a_value_of_its_own_past_is_on_its_scale(self):
        assert other_scale(figure("9"), [*self.PAST, Decimal(9)]) == []

    def test_too_short_a_past_and_one_of_noughts(self):
        assert other_scale(figure("0.85"), self.PAST[:2]) == []
        assert other_scale(figure("5"), [Decimal(0)] * 5) == []

    @given(st.integers(1, 10_000), st.sampled_from([10, 100, 1000]))
    def test_a_moved_point_is_found(self, usual, factor):
        for moved, word in ((Decimal(usual) / factor, "smaller"), (Decimal(usual) * factor, "greater")):
            [caution] = other_scale(count(moved), [Decimal(usual)] * 3)
            assert f"about {factor:,} times {word} than usual" in caution.sentence


class TestSameFigure:
    def test_value_and_counts(self):
        before = figure(70, (147, 210), period="July 2018")
        assert same_as_before(figure(70, (147, 210)), before) == [
            Caution(Doubt.SAME, "August 2018: 70% (147 of 210) is the same figure as in July 2018.")
        ]
        assert same_as_before(figure(70, (154, 220)), before) == []

    def test_a_value_alone(self):
        assert [one.sentence for one in same_as_before(count(1898), count(1898, period="July 2018"))] == [
            "August 2018: 1,898 is the same figure as in July 2018."
        ]

    def test_nothing_before_and_nought(self):
        assert same_as_before(count(1898), None) == []
        assert same_as_before(count(0), count(0)) == []


class TestTypedAgainstCounts:
    @pytest.mark.parametrize("typed", [None, "70", "70.0", "69.8"])
    def test_agrees_at_its_decimals(self, typed):
        value = "69.811321" if typed == "69.8" else "70"
        counts = (37, 53) if typed == "69.8" else (147, 210)
        assert not_what_counts_give(figure(value, counts), typed and Decimal(typed)) == []

    def test_disagrees(self):
        assert not_what_counts_give(figure("69.811321", (37, 53)), Decimal("69.9")) == [
            Caution(Doubt.COMPUTED, "August 2018: 69.9% was typed, 37 of 53 is 69.8%. That is kept.")
        ]
        [caution] = not_what_counts_give(figure(70, (147, 210)), Decimal(71))
        assert caution.sentence == "August 2018: 71% was typed, 147 of 210 is 70%. That is kept."

    def test_without_counts(self):
        assert not_what_counts_give(figure(70), Decimal(71)) == []


def pair(number, rate, codes=("E34", "E35"), decimals=0, counts=None):
    rated = figure(rate, counts, unit=Unit.RATE, decimals=decimals, period="Q2 2018/19")
    return Pair(codes[0], Decimal(number), codes[1], rated)


NEED = pair(1677, 396)
CARE = pair(589, 89, ("E18", "E19"))


class TestPopulations:
    def test_the_public_report(self):
        assert (NEED.implied, CARE.implied) == ("42,348", "66,180")
        assert populations_apart(NEED, [CARE]) == [
            Caution(
                Doubt.POPULATION,
                "E34 and E35 imply a population of 42,348, E18 and E19 one of 66,180: "
                "a number and its rate may not share a definition.",
            )
        ]
        assert len(populations_apart(CARE, [NEED])) == 1

    @pytest.mark.parametrize(
        ("rate", "apart"), [("251", 1), ("252", 0), ("255", 0), ("256", 1), ("251.9", 1), ("252.0", 0), ("252.1", 0)]
    )
    def test_the_rate_as_printed_stands_for_all_that_round_to_it(self, rate, apart):
        # 589 at 88.5 to 89.5 is 65,810 to 66,554; 1677 at 251.5 to 252.5 is 66,416 to 66,680.
        number = pair(1677, rate, decimals=1 if "." in rate else 0)
        assert len(populations_apart(number, [CARE])) == apart

    def test_a_rate_typed_more_exactly_than_the_series_prints_it(self):
        assert len(populations_apart(pair(1677, "251.9"), [CARE])) == 1

    def test_a_rate_of_nought_tells_nothing(self):
        assert populations_apart(pair(0, 0), [CARE]) == []
        assert populations_apart(CARE, [pair(0, 0), pair(3, "0.5")]) == []

    def test_alone(self):
        assert populations_apart(NEED, []) == []

    @given(st.integers(1_000, 500_000), st.integers(1, 50_000), st.integers(1, 50_000))
    def test_two_pairs_of_one_population_never_differ(self, population, one, other):
        pairs = []
        for number in (one, other):
            rate = (Decimal(10_000 * number) / population).quantize(Decimal(1))
            assume(rate > 0)
            pairs.append(pair(number, rate))
        assert populations_apart(pairs[0], pairs[1:]) == []

    def test_a_rate_that_counts_something_else(self):
        assert numerator_apart(pair(1677, 396, counts=(1702, 42975))) == [
            Caution(Doubt.POPULATION, "Q2 2018/19: E35 counts 1,702, E34 is 1,677.")
        ]
        assert numerator_apart(pair("1676.666667", 396, counts=(1677, 42348))) == []
        assert numerator_apart(NEED) == []


class TestSubgroups:
    def sentences(self, headline, *parts):
        found = subgroups_apart(headline, parts, "A4")
        assert all(one.kind is Doubt.SUBGROUPS for one in found)
        return [one.sentence for one in found]

    def test_counts_add_up(self):
        whole = figure(74, (74, 100))
        assert self.sentences(whole, figure(80, (40, 50)), figure(68, (34, 50))) == []
        assert self.sentences(whole, figure(80, (40, 50)), figure(68, (34, 51))) == [
            "August 2018: the subgroups add up to 74 of 101, A4 is 74 of 100."
        ]

    def test_values_without_counts_lie_around_the_whole(self):
        assert self.sentences(figure(74), figure(80), figure("66.4")) == []
        assert self.sentences(figure(81), figure(80), figure("66.4")) == [
            "August 2018: A4 is 81%, outside its subgroups’ 66 to 80%."
        ]
        assert self.sentences(figure("80.4"), figure(80), figure(66)) == []

    def test_counts_on_one_side_only_leave_the_span(self):
        assert self.sentences(figure(90, (90, 100)), figure(80, (40, 50)), figure(66)) == [
            "August 2018: A4 is 90%, outside its subgroups’ 66 to 80%."
        ]

    def test_numbers_add_up(self):
        assert self.sentences(count(1200), count(700), count(500)) == []
        assert self.sentences(count(1200), count(700), count(600)) == [
            "August 2018: the subgroups add up to 1,300, A4 is 1,200."
        ]

    def test_no_subgroups_or_other_units(self):
        assert self.sentences(figure(74)) == []
        assert self.sentences(figure(74), count(3)) == []

    @given(st.lists(st.tuples(st.integers(0, 500), st.integers(0, 500)), min_size=1, max_size=6))
    def test_the_sum_of_parts_is_never_doubted(self, parts):
        counts = [(good, good + bad + 1) for good, bad in parts]
        figures = [figure(100 * good / whole, (good, whole)) for good, whole in counts]
        total = tuple(sum(each) for each in zip(*counts, strict=True))
        assert subgroups_apart(figure(100 * total[0] / total[1], total), figures, "A4") == []


def test_a_caution_is_a_value():
    assert Caution(Doubt.SAME, "A") == Caution(Doubt.SAME, "A")
    assert {doubt.value for doubt in Doubt} == {"range", "scale", "population", "computed", "subgroups", "same"}
