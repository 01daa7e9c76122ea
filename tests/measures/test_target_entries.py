"""What a proposed target may hold and from when: a table of examples for each field."""

import datetime
from decimal import Decimal

import pytest

from measures.entries import Bounds
from measures.numbers import Unit
from measures.quarters import Quarter
from measures.rating import Polarity
from measures.readings import Aim
from measures.states import LASTING, State
from measures.target_entries import (
    NO_REASON,
    NO_TARGET,
    Ground,
    Shown,
    TargetEntry,
    problems,
    withdrawal_problem,
    without,
)
from measures.terms import Basis, Kind

Q2 = Quarter.parse("Q2 2018/19")
D = Decimal
EARLIEST = "Old quarters never change colour. The earliest quarter that a new target can start in is Q2 2018/19."


def aim(quarter, target="90", tolerance="85"):
    return Aim(quarter, D(target), tolerance and D(tolerance), Basis.CONTRACT, Basis.CONTRACT)


FIRST = aim(Q2.shift(-12))


def ground(**changes):
    """B8 since three years, 90% and 85%; all quarters before Q2 past, Q2 in commentary, Q3 open."""
    states = {Q2.shift(-back): State.PAST for back in range(1, 13)} | {Q2: State.COMMENTARY, Q2.next: State.OPEN}
    defaults = {
        "code": "B8",
        "kind": Kind.CONTRACTUAL,
        "polarity": Polarity.HIGHER,
        "bounds": Bounds(Unit.PERCENT),
        "first": Q2.shift(-12),
        "last": None,
        "aims": (FIRST,),
        "states": states,
    }
    return Ground(**{**defaults, **changes})


def entry(**changes):
    typed = {"from_quarter": Q2, "target": D(80), "tolerance": D(75), "reason": "The contract was varied."}
    return TargetEntry(**{**typed, **changes})


def test_what_may_be_proposed():
    assert problems(entry(), ground()) == {}
    assert problems(entry(tolerance=None), ground()) == {}
    assert problems(entry(target=D(90), tolerance=D(80)), ground()) == {}
    assert problems(entry(target=D(75), tolerance=D(80)), ground(polarity=Polarity.LOWER)) == {}


HELD = "This is what is in force in Q2 2018/19 already. Change the target or the tolerance."
WRONG_SIDE = (
    "Higher is better, so the tolerance cannot be above the target. Enter a tolerance at or below the target, or mend "
    "the target."
)


@pytest.mark.parametrize(
    ("typed", "held", "found"),
    [
        ({"target": None, "tolerance": None}, {}, {"target": NO_TARGET}),
        ({"target": D(101)}, {}, {"target": "Enter 100 or less."}),
        ({"target": D(-1)}, {}, {"target": "Enter 0 or more: this cannot be negative."}),
        ({"target": D("NaN")}, {}, {"target": "Enter a number."}),
        ({"tolerance": D(101)}, {}, {"tolerance": "Enter 100 or less."}),
        ({"target": D(1200)}, {"bounds": Bounds(Unit.COUNT, D(1000))}, {"target": "Enter 1,000 or less."}),
        ({"tolerance": D(81)}, {}, {"tolerance": WRONG_SIDE}),
        ({"target": D(90), "tolerance": D(85)}, {}, {"target": HELD}),
        ({"reason": ""}, {}, {"reason": NO_REASON}),
        ({"reason": "x" * 501}, {}, {"reason": "Use 500 characters or fewer; this has 501."}),
        ({"from_quarter": Q2.previous}, {}, {"from_quarter": EARLIEST}),
        ({"target": D(101), "reason": ""}, {}, {"target": "Enter 100 or less.", "reason": NO_REASON}),
        (
            {"from_quarter": Q2.shift(-13)},
            {"states": {}},
            {"from_quarter": "B8 starts with Q2 2015/16: choose Q2 2015/16 or later."},
        ),
        (
            {},
            {"last": Q2.previous},
            {"from_quarter": "B8 ended with Q1 2018/19: its targets do not change any more."},
        ),
        (
            {},
            {"aims": (FIRST, aim(Q2, "88"))},
            {
                "from_quarter": "B8 has a target that starts in Q2 2018/19 already. Choose another quarter, or propose "
                "to withdraw that one first."
            },
        ),
        (
            {},
            {"polarity": Polarity.NEUTRAL},
            {"target": "Neither way is better for B8, so that its values are not rated and it takes no target."},
        ),
        (
            {},
            {"kind": Kind.VOLUMETRIC},
            {"target": "B8 is of a volumetric measure, which explains the others and takes no target."},
        ),
    ],
)
def test_what_may_not(typed, held, found):
    assert problems(entry(**typed), ground(**held)) == found


def test_decimals_are_those_that_are_printed():
    assert set(problems(entry(target=D("80.5")), ground())) == {"target"}
    assert problems(entry(target=D("80.5")), ground(bounds=Bounds(Unit.PERCENT, decimals=1))) == {}


@pytest.mark.parametrize("state", State)
def test_the_earliest_quarter_follows_the_last_that_is_fixed(state):
    later = ground(states={Q2: state})
    assert later.earliest == (Q2.next if state in (State.PAST, State.AGREED, State.PUBLISHED) else Q2.shift(-12))
    assert (state in LASTING) is (later.earliest == Q2.next)


def test_a_quarter_that_is_fixed_fixes_those_before_it():
    """Quarters are not signed in order always: what starts in the earlier one would recolour the later one."""
    assert ground(states={Q2: State.COMMENTARY, Q2.next: State.AGREED}).earliest == Q2.shift(2)


def test_the_quarters_that_a_form_offers():
    assert ground().offered(Q2.next) == [Q2.shift(each) for each in range(9)]
    assert ground(last=Q2.next).offered(Q2.next) == [Q2, Q2.next]
    assert ground(last=Q2.previous).offered(Q2.next) == []
    assert ground(aims=(FIRST, aim(Q2.next))).offered(Q2)[:2] == [Q2, Q2.shift(2)]


def test_a_target_that_rates_old_quarters_is_not_withdrawn():
    assert withdrawal_problem(FIRST, ground()) == (
        "Q2 2015/16 to Q1 2018/19 are rated by this target, and old quarters never change colour. "
        "Propose a new target from Q2 2018/19 on instead."
    )
    assert withdrawal_problem(aim(Q2.previous), ground(aims=(FIRST, aim(Q2.previous)))) == (
        "Q1 2018/19 is rated by this target, and old quarters never change colour. "
        "Propose a new target from Q2 2018/19 on instead."
    )
    assert withdrawal_problem(FIRST, ground(last=Q2.previous)) == (
        "Q2 2015/16 to Q1 2018/19 are rated by this target, and old quarters never change colour."
    )


def test_one_that_rates_none_may_be():
    running, replaced = aim(Q2), aim(Q2.shift(-1))
    assert withdrawal_problem(running, ground(aims=(FIRST, running))) == ""
    # Between two that start in the same old quarters nothing is rated by the first.
    states = {Q2.shift(-2): State.PAST, Q2: State.PAST}
    assert withdrawal_problem(replaced, ground(aims=(FIRST, replaced, running), states=states)) == ""


def test_the_others_stay():
    assert without((FIRST, aim(Q2)), Q2) == (FIRST,)


class TestShown:
    AT = datetime.datetime(2018, 11, 2, 14, 32, 5, 123456, tzinfo=datetime.UTC)

    @pytest.mark.parametrize("shown", [Shown(Q2, D(90), D("85.5"), AT), Shown(Q2, D(1000), None, AT)])
    def test_it_comes_back_as_it_went(self, shown):
        assert Shown.of(shown.fields) == shown

    def test_as_a_form_carries_it(self):
        assert Shown(Q2, D("90.000000"), None, self.AT).fields == {
            "from_quarter": "2018-Q2",
            "target": "90",
            "tolerance": "",
            "at": "2018-11-02T14:32:05.123456+00:00",
        }
        assert Shown(Q2, None, None, None).fields["at"] == ""

    @pytest.mark.parametrize(
        "changes",
        [
            {"from_quarter": ""},
            {"target": "many"},
            {"at": ""},
            {"at": "yesterday"},
            {"tolerance": "8,5"},
            {"target": "sNaN"},
            {"tolerance": "NaN"},
            {"target": "-Infinity"},
        ],
    )
    def test_what_no_form_of_ours_carried(self, changes):
        fields = Shown(Q2, D(90), D(85), self.AT).fields
        assert Shown.of({**fields, **changes}) is None
        assert Shown.of({}) is None
