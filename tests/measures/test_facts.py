from dataclasses import replace

import pytest

from measures.entries import Status
from measures.facts import NO_COUNTS
from measures.facts import facts as told
from measures.terms import SeriesRole
from tests.rows import aim, before, series

B8 = {"aims": [aim(90, 85)]}


def facts(row):
    return list(told(row).held)


class TestTheDemonstration:
    """What the paper of Q2 2018/19 says in figures, as the system says it."""

    def test_b8(self):
        row = series(80, 78, 70, **B8, now={"counts": (147, 210)})
        assert told(row) == (
            (
                "70% (147 of 210 cases).",
                "20 points below the target of 90% and below the tolerance of 85%.",
                "Third quarter in a row below target.",
                "8 points worse than Q1 2018/19, worse for the second quarter in a row.",
                "42 more of 210 would meet 90%.",
            ),
            ("Clearly below the target and the tolerance: the 95% interval is 63.5 to 75.8%.", NO_COUNTS),
        )
        assert told(row).has_interval

    def test_no_word_on_counts_where_nothing_changed_or_no_counts_are_taken(self):
        assert told(series(70, 70, **B8)).signals == ()
        assert told(series(70, 71, **B8)).signals == (NO_COUNTS,)
        assert told(series(70, 71, unit="days")).signals == ()

    def test_fo1_prints_one_decimal_more_where_the_printed_values_would_mislead(self):
        nouns = {"counted": "young people", "counted_one": "young person"}
        row = series("73.684211", "84.210526", aims=[aim(90, 80)], now={"counts": (16, 19)}, **nouns)
        row = before(row, counts=(14, 19))
        assert told(row) == (
            (
                "84% (16 of 19 young people).",
                "6 points below the target of 90% and within the tolerance of 80%.",
                "Second quarter in a row below target.",
                "10.5 points better than Q1 2018/19.",
                "2 more of 19 would meet 90%.",
                "Each young person moves this by 5.3 points; 90% exactly is not attainable at 19.",
            ),
            (
                "Being below the target could be chance: the 95% interval is 62.4 to 94.5%.",
                "The change from Q1 2018/19 could be chance: its 95% interval is 15.6 points worse to 35.2 points "
                "better.",
            ),
        )

    def test_a1_hides_illustrative_counts_and_what_follows_from_them(self):
        row = series(
            26, 27, polarity="lower", aims=[aim(22, 28)], now={"counts": (346, 1281), "counts_illustrative": True}
        )
        assert facts(row) == [
            "27%.",
            "5 points above the target of 22% and within the tolerance of 28%.",
            "Second quarter in a row above target.",
            "1 point worse than Q1 2018/19.",
        ]
        assert told(row).signals == (NO_COUNTS,)
        assert not told(row).has_interval

    def test_e1(self):
        row = series(1861, 1898, unit="count", polarity="neutral", counted="contacts a month")
        assert facts(row) == ["1,898 contacts a month.", "2.0% higher than Q1 2018/19."]

    def test_a_rate(self):
        row = series(402, 396, unit="rate_per_10000", polarity="neutral")
        assert facts(row) == ["396 per 10,000.", "1.5% lower than Q1 2018/19."]


class TestTarget:
    def test_met(self):
        assert facts(series(95, **B8))[1] == "The target of 90% is met."

    def test_met_as_printed(self):
        assert facts(series("89.5", **B8))[:2] == ["90%.", "The target of 90% is met."]

    def test_none_set(self):
        assert facts(series(70))[1] == "No target is set."
        assert facts(series(70, aims=[aim(None)]))[1] == "No target is set."

    @pytest.mark.parametrize("role", [SeriesRole.PAIR, SeriesRole.SUBGROUP])
    def test_beside_the_headline_a_missing_target_is_no_news(self, role):
        assert facts(series(70, role=role)) == ["70%.", "No value is held for Q1 2018/19 to compare with."]

    def test_no_tolerance(self):
        assert facts(series(70, aims=[aim(90)]))[1] == "20 points below the target of 90%; no tolerance is set."

    def test_on_the_tolerance_is_within_it(self):
        assert facts(series(85, **B8))[1] == "5 points below the target of 90% and within the tolerance of 85%."

    def test_lower_and_off(self):
        row = series(30, polarity="lower", aims=[aim(22, 28)])
        assert facts(row)[1] == "8 points above the target of 22% and above the tolerance of 28%."

    def test_lower_without_tolerance(self):
        row = series(30, polarity="lower", aims=[aim(22)])
        assert facts(row)[1] == "8 points above the target of 22%; no tolerance is set."

    def test_neutral_says_nothing_of_targets(self):
        row = series(30, polarity="neutral", aims=[aim(22)])
        assert facts(row) == ["30%.", "No value is held for Q1 2018/19 to compare with."]

    def test_the_gap_is_that_of_the_printed_figures(self):
        # 69.5 is printed as 70: 15 from 85, not 15.5 rounded to 16.
        assert facts(series("69.5", aims=[aim(85, 80)]))[:2] == [
            "70%.",
            "15 points below the target of 85% and below the tolerance of 80%.",
        ]

    @pytest.mark.parametrize(
        ("unit", "value", "sentence"),
        [
            ("days", 21, "1 day above the target of 20 days and within the tolerance of 22 days."),
            ("days", 25, "5 days above the target of 20 days and above the tolerance of 22 days."),
            ("count", 1250, "1,230 above the target of 20 and above the tolerance of 22."),
            (
                "rate_per_10000",
                25,
                "5 per 10,000 above the target of 20 per 10,000 and above the tolerance of 22 per 10,000.",
            ),
        ],
    )
    def test_units(self, unit, value, sentence):
        assert facts(series(value, unit=unit, polarity="lower", aims=[aim(20, 22)]))[1] == sentence


class TestValue:
    def test_a_count_names_what_is_counted(self):
        assert facts(series(1, unit="count", polarity="neutral"))[0] == "1 case."
        assert facts(series(0, unit="count", polarity="neutral"))[0] == "0 cases."
        assert facts(series(5, unit="count", polarity="neutral", counted="", counted_one=""))[0] == "5."

    def test_a_count_with_a_cohort_says_it_once(self):
        assert (
            facts(series(16, unit="count", polarity="neutral", now={"counts": (16, 19)}))[0] == "16 (16 of 19 cases)."
        )

    def test_days(self):
        assert facts(series(1, unit="days", polarity="neutral"))[0] == "1 day."

    @pytest.mark.parametrize(
        ("now", "sentence"),
        [
            ({}, "No value yet for Q2 2018/19."),
            ({"status": Status.NOT_AVAILABLE}, "Not available [x] for Q2 2018/19."),
            ({"status": Status.NOT_APPLICABLE}, "Not applicable [z] for Q2 2018/19."),
            ({"status": Status.SUPPRESSED}, "Suppressed [c] for Q2 2018/19."),
        ],
    )
    def test_a_missing_value_says_why_and_names_the_target_alone(self, now, sentence):
        assert facts(series(78, None, **B8, now=now)) == [sentence, "The target is 90%."]
        assert facts(series(78, None, now=now)) == [sentence, "No target is set."]
        assert facts(series(78, None, polarity="neutral", now=now)) == [sentence]


class TestChange:
    def test_no_change(self):
        assert facts(series(70, 70, **B8))[-1] == "No change from Q1 2018/19."

    def test_no_change_where_both_print_the_same(self):
        assert facts(series("70.4", "69.6", **B8))[-1] == "No change from Q1 2018/19."

    def test_no_previous_value(self):
        assert facts(series(60, None, 70, **B8))[2] == "No value is held for Q1 2018/19 to compare with."

    def test_a_first_move_is_no_run(self):
        assert facts(series(None, 60, 70, **B8))[-1] == "10 points better than Q1 2018/19."

    @pytest.mark.parametrize(
        ("polarity", "values", "sentence"),
        [
            ("higher", (60, 65, 70), "5 points better than Q1 2018/19, better for the second quarter in a row."),
            ("lower", (60, 65, 70), "5 points worse than Q1 2018/19, worse for the second quarter in a row."),
            ("lower", (70, 65, 60), "5 points better than Q1 2018/19, better for the second quarter in a row."),
            ("neutral", (55, 60, 65, 70), "5 points higher than Q1 2018/19, higher for the third quarter in a row."),
            ("neutral", (70, 65, 60), "5 points lower than Q1 2018/19, lower for the second quarter in a row."),
        ],
    )
    def test_runs(self, polarity, values, sentence):
        assert facts(series(*values, polarity=polarity))[-1] == sentence

    def test_from_nought_a_count_changes_by_itself(self):
        assert facts(series(0, 5, unit="count", polarity="neutral"))[1] == "5 higher than Q1 2018/19."


class TestCases:
    def test_one(self):
        row = series("89.473684", aims=[aim(90, 80)], now={"counts": (17, 19)}, decimals=1)
        assert facts(row)[-2:] == [
            "1 more of 19 would meet 90.0%.",
            "Each case moves this by 5.3 points; 90.0% exactly is not attainable at 19.",
        ]

    def test_lower_asks_for_fewer(self):
        row = series(25, polarity="lower", aims=[aim(22, 24)], now={"counts": (25, 100)})
        assert facts(row)[-1] == "3 fewer of 100 would meet 22%."

    def test_also_where_no_tolerance_is_set(self):
        assert facts(series(70, aims=[aim(90)], now={"counts": (147, 210)}))[-1] == "42 more of 210 would meet 90%."

    def test_thousands(self):
        row = series(50, **B8, now={"counts": (5000, 10000)})
        assert facts(row)[-1] == "4,000 more of 10,000 would meet 90%."

    @pytest.mark.parametrize(("counts", "said"), [((29, 29), True), ((28, 30), False), ((1, 1), False)])
    def test_each_case_of_a_small_cohort_counts_whether_or_not_the_target_is_met(self, counts, said):
        row = series(100 * counts[0] / counts[1], **B8, now={"counts": counts})
        sentence = "Each case moves this by 3.4 points; 90% exactly is not attainable at 29."
        assert (facts(row)[-1] == sentence) is said
        assert any("moves this" in one for one in facts(row)) is said

    @pytest.mark.parametrize(("small", "said"), [(19, False), (20, True), (5, False)])
    def test_a_cohort_is_small_as_the_contract_has_it(self, small, said):
        row = series(84, **B8, now={"counts": (16, 19)}, small_cohort=small)
        assert any("moves this" in one for one in facts(row)) is said

    def test_the_mark_of_the_target(self):
        row = series(84, aims=[aim(90, 80, target_basis="illustrative")], now={"counts": (16, 19)})
        assert facts(row)[-2:] == [
            "2 more of 19 would meet 90% [i].",
            "Each case moves this by 5.3 points; 90% [i] exactly is not attainable at 19.",
        ]

    def test_not_where_it_is_met_as_printed(self):
        row = series("89.690722", **B8, now={"counts": (87, 97)})
        assert facts(row) == [
            "90% (87 of 97 cases).",
            "The target of 90% is met.",
            "No value is held for Q1 2018/19 to compare with.",
        ]


class TestMonths:
    def test_two_of_three(self):
        row = series(70, **B8, derivation="pooled_ratio", now={"months_present": 2})
        assert facts(row)[-1] == "Derived from 2 of 3 months."

    @pytest.mark.parametrize("months", [None, 3])
    def test_nothing_to_say(self, months):
        assert len(facts(series(70, **B8, derivation="pooled_ratio", now={"months_present": months}))) == 3

    def test_a_value_at_the_end_needs_its_last_month_only(self):
        row = series(70, **B8, derivation="snapshot_end", now={"months_present": 1})
        assert facts(row)[-1] == "No value is held for Q1 2018/19 to compare with."


class TestMarks:
    """What was made for a demonstration is marked wherever it is said."""

    def test_the_tolerance_alone(self):
        row = series(70, aims=[aim(90, 85, tolerance_basis="illustrative")])
        assert facts(row)[1] == "20 points below the target of 90% and below the tolerance of 85% [i]."

    def test_a_target_met(self):
        assert facts(series(95, aims=[aim(90, 85, target_basis="illustrative")]))[1] == "The target of 90% [i] is met."

    def test_value_reference_and_run(self):
        row = series(82, 78, 70, now={"illustrative": True})
        earlier = tuple(held._replace(illustrative=held.value is not None) for held in row.history[:-1])
        said = facts(replace(row, history=(*earlier, row.now)))
        assert said[0] == "70% [i]."
        assert said[-1] == "8 points worse than Q1 2018/19 [i], worse for the second quarter in a row [i]."

    def test_a_run_is_marked_only_for_the_quarters_it_compares(self):
        row = series(90, 78, 82, 75, 70)
        earlier = tuple(held._replace(illustrative=held.value in (90, 78)) for held in row.history[:-1])
        said = facts(replace(row, history=(*earlier, row.now)))
        assert said[-1] == "5 points worse than Q1 2018/19, worse for the second quarter in a row."
