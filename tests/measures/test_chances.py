"""What chance could have done to a value, a change and a run off target, as the facts line says it."""

from dataclasses import replace

import pytest

from measures.chances import counts_of
from measures.facts import NO_COUNTS, UNSCREENED, facts
from measures.terms import Frequency
from measures.track import Track, place_of
from tests.rows import Q2, aim, before, series

B8 = {"aims": [aim(90, 85)]}


def signals(row):
    return list(facts(row).signals)


class TestChance:
    def test_met_for_certain_and_perhaps(self):
        row = series(99, **B8, now={"counts": (99, 100)})
        assert signals(row)[0] == "The target is clearly met: the 95% interval is 94.6 to 99.8%."
        row = series(92, **B8, now={"counts": (92, 100)})
        assert signals(row)[0] == "Meeting the target could be chance: the 95% interval is 85.0 to 95.9%."

    def test_too_few(self):
        row = series(75, **B8, now={"counts": (3, 4)})
        assert signals(row)[0] == "4 cases are too few to say whether being below the target is chance."

    def test_a_change_that_is_clear(self):
        row = before(series(85, 70, **B8, now={"counts": (147, 210)}), counts=(170, 200))
        assert facts(row).held[-2] == "15 points worse than Q1 2018/19."
        assert signals(row)[-1] == (
            "The change from Q1 2018/19 is clear of chance: its 95% interval is 6.9 to 22.8 points worse."
        )

    def test_no_interval_where_nothing_changed_as_printed(self):
        row = before(series(70, 70, **B8, now={"counts": (147, 210)}), counts=(140, 200))
        assert [one for one in signals(row) if "The change" in one] == []

    @pytest.mark.parametrize("hidden", ["now", "before", "both"])
    def test_counts_made_for_a_demonstration_say_nothing(self, hidden):
        row = before(series(85, 70, **B8, now={"counts": (147, 210)}), counts=(170, 200))
        if hidden in ("now", "both"):
            row = replace(row, history=(*row.history[:-1], row.now._replace(counts_illustrative=True)))
        if hidden in ("before", "both"):
            row = replace(row, history=(*row.history[:-2], row.before._replace(counts_illustrative=True), row.now))
        said = " ".join(signals(row))
        assert "The change" not in said
        assert ("interval" in said) == (hidden == "before")

    def test_values_made_for_a_demonstration_are_marked(self):
        row = before(series(85, 70, **B8, now={"counts": (147, 210)}), counts=(170, 200), illustrative=True)
        assert signals(row)[-1] == (
            "The change from Q1 2018/19 is clear of chance: its 95% interval is 6.9 to 22.8 points worse [i]."
        )
        row = series(70, **B8, now={"counts": (147, 210), "illustrative": True})
        assert signals(row)[0].endswith("the 95% interval is 63.5 to 75.8% [i].")

    @pytest.mark.parametrize("window", ["rolling_12m", "year_to_date"])
    def test_windows_that_overlap_have_no_interval_of_change(self, window):
        row = before(series(85, 70, **B8, window=window, now={"counts": (147, 210)}), counts=(170, 200))
        assert "The change" not in " ".join(signals(row))

    def test_not_across_a_new_definition(self):
        row = before(series(85, 70, **B8, breaks=(Q2,), now={"counts": (147, 210)}), counts=(170, 200))
        assert "The change" not in " ".join(signals(row))

    def test_not_where_rounding_decides_or_the_counts_are_of_something_else(self):
        row = series("89.690722", **B8, now={"counts": (8_969_072, 10_000_000)})
        assert row.rating.rounding_decides
        assert "interval" not in " ".join(signals(row))
        row = series(95, **B8, now={"counts": (147, 210)})
        assert "interval" not in " ".join(signals(row))

    def test_no_change_of_counts_that_do_not_give_the_values(self):
        # The value rose while its counts fell.
        row = before(series(70, 74, **B8, now={"counts": (140, 210)}), counts=(147, 210))
        assert signals(row) == [NO_COUNTS]
        row = before(series(75, 70, **B8, now={"counts": (147, 210)}), counts=(147, 210))
        assert "The change" not in " ".join(signals(row))

    @pytest.mark.parametrize(
        ("value", "counts", "decimals", "is_given"),
        [
            ("84", (16, 19), 0, True),
            ("84.210526", (16, 19), 1, True),
            ("84", (16, 19), 1, False),
            ("85", (16, 19), 0, False),
            ("84", (16, 0), 0, False),
            ("84", (None, 19), 0, False),
            (None, (16, 19), 0, False),
        ],
    )
    def test_counts_give_the_value_as_printed(self, value, counts, decimals, is_given):
        row = series(value, decimals=decimals, now={"counts": counts})
        assert counts_of(row.now, row.scale) == (counts if is_given else None)

    def test_a_rate(self):
        row = series(89, unit="rate_per_10000", polarity="lower", aims=[aim(80, 85)], now={"counts": (589, 66180)})
        assert signals(row)[-1] == (
            "Clearly above the target, while being above the tolerance could be chance: "
            "the 95% interval is 82.0 to 96.5 per 10,000."
        )


class TestScreened:
    """The chart may leave unusual changes out of its limits, these sentences do not."""

    VALUES = (80.0, 82.0) * 7

    def row(self):
        first = place_of(Q2.shift(1 - len(self.VALUES)).start, Frequency.QUARTER)
        return series(82, track=Track(Frequency.QUARTER, first, self.VALUES))

    def test_is_said_after_what_the_limits_say(self):
        plain = facts(self.row()).signals
        assert plain
        assert UNSCREENED not in plain
        assert facts(self.row(), screened=True).signals == (*plain, UNSCREENED)
        assert UNSCREENED == "These sentences go by the limits with nothing left out."

    def test_not_where_they_say_nothing(self):
        row = series(92, **B8, now={"counts": (92, 100)})
        assert facts(row, screened=True) == facts(row)


class TestOffTarget:
    @pytest.mark.parametrize(
        ("values", "sentence"),
        [
            ((70,), None),
            ((95, 70), None),
            ((70, 71), "Second quarter in a row below target."),
            ((70, 95, 70, 72, 71), "Third quarter in a row below target."),
            ((70, None, 70, 71), "Second quarter in a row below target."),
            ((70, 70, 95), None),
            ((70,) * 12, "12th quarter in a row below target."),
            ((70,) * 13, "All 13 quarters shown are below target."),
        ],
    )
    def test_counts_back_from_this_quarter(self, values, sentence):
        said = [one for one in facts(series(*values, **B8)).held if one.endswith("target.") and "quarter" in one]
        assert said == ([sentence] if sentence else [])

    def test_each_quarter_against_its_own_target(self):
        aims = [aim(60, 50), aim(90, 85, from_quarter=Q2.previous)]
        assert facts(series(70, 70, 71, aims=aims)).held[2] == "Second quarter in a row below target."

    def test_without_a_tolerance_too(self):
        assert facts(series(70, 71, aims=[aim(90)])).held[2] == "Second quarter in a row below target."

    def test_a_new_definition_starts_anew(self):
        row = series(70, 70, 70, 71, **B8, breaks=(Q2.previous,))
        assert facts(row).held[2] == "Second quarter in a row below target."

    def test_marked_where_an_earlier_value_or_a_target_is_illustrative(self):
        row = before(series(70, 71, **B8), illustrative=True)
        assert facts(row).held[2] == "Second quarter in a row below target [i]."
        row = series(70, 71, aims=[aim(90, 85, target_basis="illustrative")])
        assert facts(row).held[2] == "Second quarter in a row below target [i]."
        row = series(70, 71, **B8, now={"illustrative": True})
        assert facts(row).held[2] == "Second quarter in a row below target."
