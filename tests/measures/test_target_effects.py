"""Ratings under one target and under another, quarter by quarter."""

from dataclasses import replace
from decimal import Decimal

import pytest

from measures.entries import Status as Held
from measures.numbers import Unit
from measures.quarters import Quarter
from measures.rating import Polarity, Status
from measures.readings import Aim, Reading, Scale
from measures.target_effects import Ask, always, answer, bound_text, effects, until_next
from measures.terms import Basis

Q2 = Quarter.parse("Q2 2018/19")
D = Decimal
SCALE = Scale(Unit.PERCENT, 0, Polarity.HIGHER, "cases", "case")
LOWER = replace(SCALE, polarity=Polarity.LOWER)


def aim(quarter, target, tolerance=None):
    return Aim(quarter, D(target), tolerance and D(tolerance), Basis.CONTRACT, Basis.CONTRACT)


def reading(quarter, value, **changes):
    return Reading(quarter, value and D(value), status=Held.FINAL if value else None, **changes)


FIXED = {Q2.shift(-back) for back in range(1, 9)}
NOW = (aim(Q2.shift(-8), "90", "85"),)
# Red, amber, green, nothing, green only by rounding.
READINGS = [
    reading(Q2.shift(-4), "78"),
    reading(Q2.shift(-3), "86", illustrative=True),
    reading(Q2.shift(-2), "92"),
    reading(Q2.shift(-1), None),
    reading(Q2, "84.5"),
]


def table(found):
    return [(each.quarter.label, each.value, each.stands.status, each.other.status, each.counts) for each in found]


def test_a_proposal_from_the_running_quarter():
    proposed = aim(Q2, "80", "75")
    found = effects(READINGS, SCALE, NOW, always(proposed, READINGS), first=Q2, fixed=FIXED)
    assert table(found) == [
        ("Q2 2017/18", "78%", Status.RED, Status.AMBER, False),
        ("Q3 2017/18", "86%", Status.AMBER, Status.GREEN, False),
        ("Q4 2017/18", "92%", Status.GREEN, Status.GREEN, False),
        # 84.5 is printed and rated as 85.
        ("Q2 2018/19", "85%", Status.AMBER, Status.GREEN, True),
    ]
    assert [each.words(Ask.PROPOSED) for each in found] == [
        "Would have differed; does not change",
        "Would have differed; does not change",
        "Does not change",
        "Changes",
    ]
    assert [each.marks for each in found] == [(), ("i",), (), ()]
    assert {(each.target, each.tolerance) for each in found} == {("90%", "85%")}
    assert answer(found, Ask.PROPOSED) == (
        "Q2 2018/19 changes from “Within tolerance” to “On target” under the proposed target. "
        "2 of 3 old quarters would have been rated otherwise; old ratings do not change."
    )


def test_where_lower_is_better():
    found = effects([reading(Q2, "24")], LOWER, (aim(Q2, "22", "28"),), (aim(Q2, "25", "28"),), first=Q2)
    assert table(found) == [("Q2 2018/19", "24%", Status.AMBER, Status.GREEN, True)]


def test_a_proposal_for_a_quarter_to_come():
    proposed = aim(Q2.next, "90", "80")
    found = effects(READINGS, SCALE, NOW, always(proposed, READINGS), first=Q2.next, fixed=FIXED)
    assert [each.counts for each in found] == [False] * 4
    assert [each.words(Ask.PROPOSED) for each in found] == [
        *["Does not change"] * 3,
        "Does not change: the target starts later",
    ]
    assert answer(found, Ask.PROPOSED) == (
        "No rating that stands today changes. None of 3 old quarters would have been rated otherwise; old ratings do "
        "not change. Q2 2018/19 does not change: the target starts later."
    )


def test_quarters_that_run_before_it_and_after_the_next():
    running = [reading(Q2.shift(each), "80") for each in range(-1, 5)]
    aims = (*NOW, aim(Q2.shift(3), "70"))
    found = effects(
        running,
        SCALE,
        aims,
        always(aim(Q2.shift(2), "75"), running),
        first=Q2.shift(2),
        last=until_next(aims, Q2.shift(2)),
        fixed=FIXED,
    )
    assert [each.words(Ask.PROPOSED) for each in found] == [
        "Would have differed; does not change",
        *["Does not change: the target starts later"] * 2,
        "Changes",
        *["Does not change: another target counts by then"] * 2,
    ]
    assert answer(found, Ask.PROPOSED) == (
        "Q4 2018/19 changes from “Off target” to “On target” under the proposed target. "
        "Q1 2018/19 would have been rated otherwise; old ratings do not change. "
        "Q2 2018/19 and Q3 2018/19 do not change: the target starts later. "
        "Q1 2019/20 and Q2 2019/20 do not change: another target counts by then."
    )


def test_a_quarter_that_was_agreed_since_it_was_proposed_changes_no_more():
    found = effects(READINGS, SCALE, NOW, always(aim(Q2, "80"), READINGS), first=Q2, fixed={*FIXED, Q2})
    assert found[-1].words(Ask.PROPOSED) == "Would have differed; does not change"


def test_a_target_that_another_follows_counts_until_then():
    aims = (*NOW, aim(Q2, "70", "60"))
    assert until_next(aims, Q2.shift(-3)) == Q2.previous
    assert until_next(aims, Q2) is None
    found = effects(
        READINGS, SCALE, aims, always(aim(Q2.shift(-3), "95", "90"), READINGS), first=Q2.shift(-3), last=Q2.previous
    )
    assert [each.counts for each in found] == [False, True, True, False]


def test_a_withdrawal_shows_what_takes_over():
    aims = (*NOW, aim(Q2, "80", "75"))
    found = effects([READINGS[-1]], SCALE, aims, NOW, first=Q2)
    assert table(found) == [("Q2 2018/19", "85%", Status.GREEN, Status.AMBER, True)]
    assert found[0].words(Ask.WITHDRAWN) == "Changes"
    assert answer(found, Ask.WITHDRAWN) == (
        "Q2 2018/19 changes from “On target” to “Within tolerance” once it is withdrawn."
    )


def test_a_withdrawal_of_the_only_target_leaves_nothing_rated():
    found = effects([READINGS[-1]], SCALE, (aim(Q2, "80"),), (), first=Q2)
    assert [(each.stands.status, each.other.status) for each in found] == [(Status.GREEN, Status.NONE)]
    assert (found[0].target, found[0].tolerance) == ("80%", "")


def test_what_the_target_before_would_have_said():
    aims = (*NOW, aim(Q2.shift(-3), "80", "75"))
    found = effects(READINGS[1:], SCALE, aims, always(NOW[0], READINGS), first=Q2.shift(-3))
    assert [each.words(Ask.BEFORE) for each in found] == ["Differs", "The same", "Differs"]
    assert answer(found, Ask.BEFORE) == ("2 of 3 quarters would have been rated otherwise under the target before.")


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        (["85"], "Q2 2018/19 would have been rated otherwise under the target before."),
        (["95"], "Q2 2018/19 would not have been rated otherwise under the target before."),
    ],
)
def test_one_quarter_is_named(values, sentence):
    aims = (*NOW, aim(Q2, "80", "75"))
    found = effects([reading(Q2, values[0])], SCALE, aims, NOW, first=Q2)
    assert answer(found, Ask.BEFORE) == sentence


@pytest.mark.parametrize("ask", Ask)
def test_without_figures(ask):
    assert answer((), ask) == "No figure is held that you may see: there is nothing to compare yet."


def test_a_rating_that_stays():
    found = effects([reading(Q2, "95")], SCALE, NOW, (aim(Q2, "80"),), first=Q2)
    assert found[0].words(Ask.PROPOSED) == "Stays the same"
    assert answer(found, Ask.PROPOSED) == "No rating that stands today changes."


def test_an_aim_without_numbers_prints_nothing():
    assert bound_text(None, "target", SCALE) == ""
    assert bound_text(aim(Q2, "80"), "tolerance", SCALE) == ""
    assert bound_text(aim(Q2, "80", "75"), "tolerance", SCALE) == "75%"
