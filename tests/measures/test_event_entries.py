"""What an event may hold, where it may stand, and its words."""

import datetime
from dataclasses import replace

import pytest

from measures.event_entries import (
    EFFECTS,
    KIND_WORDS,
    NO_REASON,
    NO_TEXT,
    Event,
    EventEntry,
    Span,
    Withdrawal,
    answer,
    held_already,
    problems,
)
from measures.quarters import Month, Quarter
from measures.terms import EventKind, Frequency

DAY = datetime.date
Q2 = Quarter(2018, 2)
HELD = frozenset({Q2.shift(-3), Q2.shift(-1), Q2})
SPAN = Span("B8", Frequency.QUARTER, Q2.shift(-3), None, HELD, DAY(2018, 11, 11), Q2)
MONTHLY = replace(SPAN, frequency=Frequency.MONTH)
NOTE = EventEntry(DAY(2018, 8, 14), EventKind.NOTE, "A new system", "It counts anew.")


def at(*day, kind=EventKind.NOTE, span=SPAN):
    return problems(replace(NOTE, at=DAY(*day), kind=kind), span).get("at", "")


def event(**fields):
    now = datetime.datetime(2018, 11, 2, tzinfo=datetime.UTC)
    defaults = {"id": 1, "recorded_at": now, "by": "A", "at": NOTE.at, "kind": NOTE.kind, "text": "B", "reason": "C"}
    return Event(**{**defaults, **fields})


def test_one_in_order_has_no_problem():
    assert problems(NOTE, SPAN) == {}


@pytest.mark.parametrize("kind", EventKind)
def test_every_kind_has_words_and_says_what_it_does(kind):
    assert KIND_WORDS[kind]
    assert EFFECTS[kind].endswith(".")
    assert event(kind=kind).words == KIND_WORDS[kind]
    assert event(kind=kind).effect == EFFECTS[kind]


class TestWhere:
    @pytest.mark.parametrize("day", [(2017, 10, 1), (2018, 4, 1), (2018, 9, 30)])
    def test_first_and_last_days(self, day):
        assert at(*day) == ""

    @pytest.mark.parametrize(
        ("day", "span", "says"),
        [
            ((2017, 9, 30), SPAN, "B8 starts with Q3 2017/18: choose a day from 1 October 2017 on."),
            ((1, 1, 1), SPAN, "B8 starts with Q3 2017/18: choose a day from 1 October 2017 on."),
            ((2018, 1, 1), SPAN, "Q4 2017/18 is not held here: choose a day in a quarter that is."),
            ((2018, 10, 1), SPAN, "Choose a day up to 30 September 2018: the page of Q2 2018/19 ends there."),
            (
                (2018, 10, 1),
                replace(SPAN, shown=None),
                "Q3 2018/19 is not held here: choose a day in a quarter that is.",
            ),
            ((2018, 11, 12), SPAN, "Choose a day up to today, 11 November 2018: this one is still to come."),
            ((9999, 12, 31), SPAN, "Choose a day up to today, 11 November 2018: this one is still to come."),
            (
                (2018, 7, 1),
                replace(SPAN, last=Q2.previous),
                "B8 ended with Q1 2018/19: choose a day up to 30 June 2018.",
            ),
        ],
    )
    def test_outside(self, day, span, says):
        assert at(*day, span=span) == says

    def test_today_itself(self):
        span = replace(SPAN, held=HELD | {Q2.next}, shown=Q2.next)
        assert at(2018, 11, 11, span=span) == ""

    @pytest.mark.parametrize("kind", [EventKind.BREAK, EventKind.REBASE])
    def test_the_others_start_a_period(self, kind):
        assert at(2018, 7, 1, kind=kind) == ""
        assert at(2018, 8, 1, kind=kind) == f"Choose the first day of a quarter: a {kind} starts with one."
        assert at(2018, 8, 1, kind=kind, span=MONTHLY) == ""
        assert at(2018, 8, 2, kind=kind, span=MONTHLY) == f"Choose the first day of a month: a {kind} starts with one."

    def test_the_periods_offered_are_those_that_may_start_one(self):
        assert SPAN.periods == [Q2, Q2.previous, Q2.shift(-3)]
        open_too = replace(MONTHLY, held=HELD | {Q2.next}, shown=Q2.next)
        assert open_too.periods[:3] == [Month(2018, 11), Month(2018, 10), Month(2018, 9)]
        for span in (SPAN, MONTHLY, open_too, replace(MONTHLY, last=Q2.previous), replace(MONTHLY, shown=Q2.previous)):
            assert {at(*period.start.timetuple()[:3], kind=EventKind.BREAK, span=span) for period in span.periods} == {
                ""
            }
        assert replace(MONTHLY, shown=Q2.previous).periods[0] == Month(2018, 6)
        assert replace(MONTHLY, last=Q2.previous).periods[0] == Month(2018, 6)

    def test_the_last_day_that_may_be_chosen(self):
        assert SPAN.latest == DAY(2018, 9, 30)
        assert replace(SPAN, shown=None).latest == DAY(2018, 11, 11)
        assert replace(SPAN, last=Q2.previous).latest == DAY(2018, 6, 30)


class TestTexts:
    @pytest.mark.parametrize(("name", "longest", "missing"), [("text", 120, NO_TEXT), ("reason", 500, NO_REASON)])
    def test_some_and_not_too_much(self, name, longest, missing):
        assert problems(replace(NOTE, **{name: ""}), SPAN) == {name: missing}
        assert problems(replace(NOTE, **{name: "x" * longest}), SPAN) == {}
        assert problems(replace(NOTE, **{name: "x" * (longest + 1)}), SPAN) == {
            name: f"Use {longest} characters or fewer; this has {longest + 1}."
        }

    def test_every_problem_at_once(self):
        assert set(problems(EventEntry(DAY(2000, 1, 1), EventKind.NOTE, "", ""), SPAN)) == {"at", "text", "reason"}


def test_what_stands_there_already():
    assert held_already(NOTE, SPAN, EventKind.NOTE) == "B8 has this note for 14 August 2018 already."
    started = replace(NOTE, at=DAY(2018, 7, 1), kind=EventKind.BREAK)
    assert held_already(started, SPAN, EventKind.REBASE) == (
        "B8 has a rebase from Q2 2018/19 already: its limits start again there. Withdraw it first."
    )
    assert "from July 2018 already" in held_already(started, MONTHLY, EventKind.REBASE)


def test_when_it_was():
    assert event().when(Frequency.MONTH) == "14 August 2018"
    start = event(at=DAY(2018, 7, 1), kind=EventKind.REBASE)
    assert [start.when(frequency) for frequency in Frequency] == ["from July 2018", "from Q2 2018/19"]


def test_the_answer():
    standing, gone = event(), event(withdrawn=Withdrawal("B", event().recorded_at, "Wrong"))
    assert answer([], "B8", Q2) == ""
    assert answer([standing], "B8", Q2) == "1 event stands on the chart of B8 up to Q2 2018/19."
    assert answer([standing, gone, standing], "B8", Q2) == (
        "2 events stand on the chart of B8 up to Q2 2018/19; 1 was withdrawn."
    )
    assert answer([gone, gone], "B8", Q2) == "No event stands on the chart of B8 up to Q2 2018/19; 2 were withdrawn."
