"""Dated definitions: a new one draws a break, the wording of the latest is mended."""

import pytest

from accounts.denial import Denied, NotKnown, Stale
from accounts.roles import Who
from measures.catalogue_definitions import add_definition, correct_definition
from measures.models import Definition
from measures.recording import Invalid
from measures.states import State
from tests import factories
from tests.measures.set_up_desk import FIRST, Q1, Q2, Q3, Desk

NEW = {"text": "Cases closed in time.", "reason": "New guidance"}


@pytest.fixture
def desk(db):
    return Desk()


@pytest.fixture
def series(desk):
    return desk.measure().series.get()


def test_it_counts_from_a_quarter_with_its_reason(desk, series):
    add_definition(**desk.by, series=series, from_quarter=Q2, **NEW)
    assert desk.definitions(series) == [(FIRST, "Cases on track.", ""), (Q2, *NEW.values())]
    assert desk.acts()[-1] == ("add definition", "B8 B8 2018-Q2", None, {"text": NEW["text"]})


@pytest.mark.parametrize(
    ("quarter", "message"),
    [
        (FIRST, "B8 begins in Q1 2017/18 with its first definition. Begin later, or mend its wording."),
        (Q3, "A definition counts from Q3 2018/19 already. Mend its wording, or begin in another quarter."),
        (Q1, "Q1 2018/19 is published, and what stands in it does not change. Begin with Q2 2018/19 or later."),
    ],
)
def test_from_where_it_may_not(desk, series, quarter, message):
    add_definition(**desk.by, series=series, from_quarter=Q3, **NEW)
    desk.cycle(Q1, State.PUBLISHED)
    with pytest.raises(Invalid) as raised:
        add_definition(**desk.by, series=series, from_quarter=quarter, text="Cases closed.", reason="Newer guidance")
    assert raised.value.errors == {"from_quarter": message}
    assert len(desk.definitions(series)) == 2


def test_a_past_quarter_is_free_until_one_was_opened(desk, series):
    desk.cycle(Q1, State.PAST)
    made = add_definition(**desk.by, series=series, from_quarter=Q1, **NEW)
    made.delete()
    desk.cycle(Q2, State.OPEN)
    with pytest.raises(Invalid) as raised:
        add_definition(**desk.by, series=series, from_quarter=Q1, **NEW)
    assert raised.value.errors == {
        "from_quarter": "Q1 2018/19 is a past quarter, and what stands in it does not change. "
        "Begin with Q2 2018/19 or later."
    }
    assert add_definition(**desk.by, series=series, from_quarter=Q2, **NEW).from_quarter == Q2


def test_what_the_latest_says_already(desk, series):
    series.definitions.update(text="Cases\non track.")
    with pytest.raises(Invalid) as raised:
        add_definition(**desk.by, series=series, from_quarter=Q2, text=" Cases\r\non track. ", reason="New")
    assert raised.value.errors == {"text": "This is how it is counted already. Write what is different, or cancel."}


def test_what_is_missing(desk, series):
    with pytest.raises(Invalid) as raised:
        add_definition(**desk.by, series=series, from_quarter=Q2, text=" ", reason="")
    assert raised.value.errors == {
        "text": "Say what is counted, and of what.",
        "reason": "Say why it is counted differently: the chart shows it where the line is cut.",
    }


class TestCorrect:
    def correct(self, desk, row, **fields):
        given = {"text": "Cases on track, of all.", "reason": "", "version": row.version, **fields}
        return correct_definition(**desk.by, definition=row, **given)

    def test_the_wording_of_the_first_needs_no_reason(self, desk, series):
        made = self.correct(desk, series.definitions.get())
        assert (made.text, made.version) == ("Cases on track, of all.", 2)
        assert desk.acts()[-1] == (
            *("correct definition", "B8 B8 2017-Q1"),
            {"text": "Cases on track."},
            {"text": "Cases on track, of all."},
        )

    def test_stale(self, desk, series):
        row = series.definitions.get()
        self.correct(desk, row)
        with pytest.raises(Stale):
            self.correct(desk, row, text="Mine")
        assert desk.definitions(series)[0][1] == "Cases on track, of all."

    def test_the_latest_alone_and_its_reason_stays(self, desk, series):
        first = series.definitions.get()
        latest = add_definition(**desk.by, series=series, from_quarter=Q2, **NEW)
        with pytest.raises(Stale):
            self.correct(desk, first)
        assert desk.definitions(series) == [(FIRST, "Cases on track.", ""), (Q2, *NEW.values())]
        with pytest.raises(Invalid) as raised:
            self.correct(desk, latest)
        assert list(raised.value.errors) == ["reason"]

    def test_of_another_contract_or_gone(self, desk, series):
        row = series.definitions.get()
        other = factories.make_series(factories.make_measure(factories.make_contract("leisure", "L", "M"), "L1"))
        Definition.objects.filter(pk=row.pk).update(series=other)
        with pytest.raises(NotKnown):
            self.correct(desk, row)
        Definition.objects.all().delete()
        with pytest.raises(NotKnown):
            self.correct(desk, Definition(pk=row.pk))

    def test_by_an_administrator_alone(self, desk, series):
        desk.by["by"] = desk.people[Who.OFFICER]
        with pytest.raises(Denied):
            self.correct(desk, series.definitions.get())
        with pytest.raises(Denied):
            add_definition(**desk.by, series=series, from_quarter=Q2, **NEW)
