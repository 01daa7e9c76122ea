"""The pair check beside the chart: the rule is the grid's own, tested in test_plausibility."""

from measures.pair_check import populations_note
from measures.terms import SeriesRole
from tests.rows import measure, series

MAY_NOT = "a number and its rate may not share a definition"


def pair(codes, number, rate, **fields):
    return measure(
        "/".join(codes),
        series(number, code=codes[0], unit="count", polarity="neutral", now=fields.get("now")),
        pairs=(
            series(
                rate,
                code=codes[1],
                unit="rate_per_10000",
                polarity="neutral",
                role=SeriesRole.PAIR,
                now=fields.get("rate_now"),
            ),
        ),
    )


NEED = pair(("E34", "E35"), 1677, 396)
CARE = pair(("E18", "E19"), 589, 89)


def test_the_public_report():
    assert populations_note(NEED, [NEED, CARE]) == (
        f"1,677 at 396 per 10,000 implies a population of 42,348; 589 at 89 per 10,000 implies 66,180: {MAY_NOT}."
    )
    assert populations_note(CARE, [NEED, CARE]).startswith("589 at 89 per 10,000 implies a population of 66,180; 1,677")


def test_one_population():
    other = pair(("E18", "E19"), 1677, 396)
    assert populations_note(NEED, [NEED, other]) == ""


def test_of_three_only_those_that_differ_are_named():
    third = pair(("X1", "X2"), 3354, 792)
    said = populations_note(CARE, [NEED, CARE, third])
    assert said.count("implies") == 3
    assert "3,354" not in populations_note(NEED, [NEED, CARE, third])


def test_what_was_made_for_a_demonstration_is_marked():
    made = pair(("E18", "E19"), 589, 89, now={"illustrative": True})
    assert populations_note(NEED, [NEED, made]).endswith(f"{MAY_NOT} [i].")
    apart = pair(("X1", "X2"), 1677, 396, now={"illustrative": True})
    assert populations_note(NEED, [NEED, CARE, apart]).endswith(f"{MAY_NOT}.")


def test_nothing_to_compare():
    assert populations_note(NEED, [NEED]) == ""
    hidden = measure("E34", series(code="E34", unit="count"), pairs=(series(code="E35", unit="rate_per_10000"),))
    assert populations_note(hidden, [hidden, CARE]) == ""
    assert populations_note(measure("M", None), [measure("M", None), CARE]) == ""
    two = measure("T", NEED.headline, pairs=(NEED.headline, *NEED.pairs))
    assert populations_note(two, [two, CARE]) == ""


class TestOfARateThatHoldsItsOwnCounts:
    def test_says_where_its_numerator_is_not_the_number(self):
        counted = pair(("E34", "E35"), 1677, 396, rate_now={"counts": (1702, 42975)})
        assert populations_note(counted, [counted]) == "Q2 2018/19: E35 counts 1,702, E34 is 1,677."
        both = populations_note(counted, [counted, CARE])
        assert both.startswith("Q2 2018/19: E35 counts 1,702, E34 is 1,677. 1,677 at 396 per 10,000 implies")

    def test_is_silent_where_it_is_and_where_the_counts_are_made_up(self):
        for held in ({"counts": (1677, 42348)}, {"counts": (1702, 42975), "counts_illustrative": True}):
            counted = pair(("E34", "E35"), 1677, 396, rate_now=held)
            assert populations_note(counted, [counted]) == ""

    def test_marks_a_figure_made_for_a_demonstration(self):
        made = pair(("E34", "E35"), 1677, 396, rate_now={"counts": (1702, 42975), "illustrative": True})
        assert populations_note(made, [made]) == "Q2 2018/19: E35 counts 1,702, E34 is 1,677 [i]."
