"""The order of the paper: every move keeps each measure in one place."""

import pytest

from accounts.denial import Denied, NotKnown, Stale
from accounts.roles import Who
from measures import catalogue_order as write
from measures.catalogue_order import Step, in_sections
from measures.models import Measure
from measures.recording import Invalid
from tests import factories
from tests.measures.set_up_desk import Desk


@pytest.fixture
def desk(db):
    desk = Desk()
    # As they were added: two sections that lie in each other.
    for code, section in [("A1", "Visits"), ("B1", "Court"), ("A2", "Visits"), ("B2", "Court"), ("A3", "Visits")]:
        factories.make_measure(desk.contract, code, section=section)
    return desk


def order():
    found = in_sections(Measure.objects.order_by("position", "code"))
    return {name: [row.code for row in rows] for name, rows in found.items()}


def positions():
    return list(Measure.objects.order_by("position").values_list("position", flat=True))


def row(code):
    return Measure.objects.get(code=code)


@pytest.mark.parametrize(
    ("code", "to", "place", "visits"),
    [
        ("A3", Step.UP, 2, ["A1", "A3", "A2"]),
        ("A1", Step.DOWN, 2, ["A2", "A1", "A3"]),
        ("A1", Step.UP, 1, ["A1", "A2", "A3"]),
        ("A3", 1, 1, ["A3", "A1", "A2"]),
        ("A1", 99, 3, ["A2", "A3", "A1"]),
    ],
)
def test_a_measure_moves_within_its_section(desk, code, to, place, visits):
    assert write.move_measure(**desk.by, measure=row(code), to=to) == place
    assert order() == {"Visits": visits, "Court": ["B1", "B2"]}
    assert positions() == [1, 2, 3, 4, 5]
    assert desk.acts() == [("move measure", code, None, {"section": "Visits", "place": place})]


@pytest.mark.parametrize(("to", "place"), [(Step.UP, 1), (1, 1), (Step.DOWN, 2)])
def test_a_section_moves_with_all_its_measures(desk, to, place):
    assert write.move_section(**desk.by, section="Court", to=to) == place
    sections = ["Court", "Visits"] if place == 1 else ["Visits", "Court"]
    assert list(order()) == sections
    assert order()["Visits"] == ["A1", "A2", "A3"]
    assert positions() == [1, 2, 3, 4, 5]


def test_moves_of_two_people_follow_each_other(desk):
    seen = row("A3")
    write.move_measure(**desk.by, measure=row("A1"), to=3)
    write.move_measure(**desk.by, measure=seen, to=1)
    assert order()["Visits"] == ["A3", "A2", "A1"]
    assert positions() == [1, 2, 3, 4, 5]


def test_a_section_is_renamed_everywhere(desk):
    assert write.rename_section(**desk.by, section="Court", name="  Court   work ") == "Court work"
    assert order() == {"Visits": ["A1", "A2", "A3"], "Court work": ["B1", "B2"]}
    # Who had one of them open is told.
    assert {row.code: row.version for row in Measure.objects.all()} == {"A1": 1, "A2": 1, "A3": 1, "B1": 2, "B2": 2}
    assert desk.acts() == [("rename section", "Court", {"section": "Court"}, {"section": "Court work"})]
    with pytest.raises(Stale):
        write.rename_section(**desk.by, section="Court", name="Other")


@pytest.mark.parametrize(
    ("name", "message"),
    [
        (" ", "Enter the section’s name."),
        ("x" * 81, "Use 80 characters or fewer; this has 81."),
        ("visits", "There is a section Visits already. Put each measure into it on the measure’s own page."),
    ],
)
def test_a_name_that_will_not_do(desk, name, message):
    with pytest.raises(Invalid) as raised:
        write.rename_section(**desk.by, section="Court", name=name)
    assert raised.value.errors == {"name": message}


def test_a_name_in_other_capitals(desk):
    assert write.rename_section(**desk.by, section="Court", name="COURT") == "COURT"


def test_series_move_within_their_measure(desk):
    measure = row("A1")
    one, two = factories.make_series(measure), factories.make_series(measure, code="S", role="pair")
    assert write.move_series(**desk.by, series=two, to=Step.UP) == 1
    assert list(measure.series.order_by("position")) == [two, one]
    assert write.move_series(**desk.by, series=two, to=2) == 2
    assert list(measure.series.order_by("position")) == [one, two]


def test_only_an_administrator_of_this_contract(desk):
    other = factories.make_measure(factories.make_contract("leisure", "Borough", "Leisure"))
    with pytest.raises(NotKnown):
        write.move_measure(**desk.by, measure=other, to=1)
    with pytest.raises(NotKnown):
        write.move_section(**desk.by, section="Nowhere", to=1)
    desk.by["by"] = desk.people[Who.OFFICER]
    for act in (
        lambda: write.move_measure(**desk.by, measure=row("A1"), to=1),
        lambda: write.move_section(**desk.by, section="Court", to=1),
        lambda: write.rename_section(**desk.by, section="Court", name="Law"),
    ):
        with pytest.raises(Denied):
            act()
