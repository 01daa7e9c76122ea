"""Two administrators with the same set-up page open: what one of them did is never lost without a word."""

import pytest

from measures.catalogue_definitions import add_definition, correct_definition
from measures.catalogue_series import change_series
from measures.models import Definition, Measure, Series
from tests.markup import parse
from tests.measures.set_up_desk import FIRST, Q2, Q3, Desk
from tests.measures.set_up_pages import (
    B8,
    BASE,
    FIGURE,
    address,
    conflicts,
    hidden,
    of_series,
    page,
    problems,
    said,
    signed_in,
)
from workflow.measure_set_up import change_measure

MEASURE = {**B8, "first_quarter": FIRST.label, "slug": "b8"}
SERIES = {**FIGURE, "code": "B8", "name": "Mine", "first_quarter": FIRST.label}
ADD = {"text": "Cases closed.", "reason": "New guidance"}


@pytest.fixture
def desk(db):
    return Desk()


@pytest.fixture
def client(desk):
    return signed_in(desk)


@pytest.fixture
def series(desk):
    return desk.measure().series.get()


def theirs(desk, series):
    """What a colleague saves meanwhile."""
    change_measure(**desk.by, measure=series.measure, version=1, title="Theirs")
    change_series(**desk.by, series=series, version=1, name="Theirs")


class TestAfterAMistake:
    """A page that comes back with a mistake knows no more of what is held than it did when it was opened."""

    def test_a_measure(self, desk, client, series):
        path = address(rest="change/")
        sent = hidden(client.get(path))
        theirs(desk, series)
        refused = client.post(path, {**sent, **MEASURE, "title": ""})
        assert problems(refused) == [("#id_title", "Enter the title.")]
        assert (sent["version"], hidden(refused)) == ("1", sent)
        response = client.post(path, {**hidden(refused), **MEASURE, "title": "Mine"})
        assert (response.status_code, conflicts(response)["Title"]) == (409, ["Theirs", "Mine"])
        assert Measure.objects.get().title == "Theirs"
        assert hidden(response)["version"] == "2"
        response = client.post(path, {**hidden(response), **MEASURE, "title": "Mine"})
        assert said(client, response) == ["B8 Mine was saved."]

    def test_a_series(self, desk, client, series):
        path = of_series("change")
        sent = hidden(client.get(path))
        theirs(desk, series)
        refused = client.post(path, {**sent, **SERIES, "code": ""})
        assert problems(refused) == [("#id_code", "Enter the code.")]
        assert (sent["version"], hidden(refused)) == ("1", sent)
        response = client.post(path, {**hidden(refused), **SERIES})
        assert (response.status_code, conflicts(response)["Name on charts and tables"]) == (409, ["Theirs", "Mine"])
        assert Series.objects.get().name == "Theirs"
        response = client.post(path, {**hidden(response), **SERIES})
        assert said(client, response) == ["B8 Mine was saved."]

    @pytest.mark.parametrize(
        ("of", "body", "status"),
        [
            (lambda: address(rest="retire/"), {}, 409),
            # That a headline does not end comes first.
            (lambda: of_series("end"), {}, 422),
            (lambda: of_series("new"), {**FIGURE, "code": "B8", "name": "Mine"}, 409),
        ],
    )
    def test_when_something_ends(self, desk, client, series, of, body, status):
        sent = hidden(client.get(of()))
        theirs(desk, series)
        refused = client.post(of(), {**sent, **body, "last_quarter": "soon"})
        assert problems(refused) == [("#id_last_quarter", "Write the quarter as Q2 2018/19.")]
        assert (sent["version"], hidden(refused)) == ("1", sent)
        response = client.post(of(), {**hidden(refused), **body, "last_quarter": "Q4 2018/19"})
        assert response.status_code == status
        assert (Measure.objects.get().last_quarter, Series.objects.get().last_quarter) == (None, None)

    def test_a_definition(self, desk, client, series):
        path = of_series("definitions/correct")
        sent = hidden(client.get(path))
        correct_definition(**desk.by, definition=series.definitions.get(), version=1, text="Theirs.", reason="")
        refused = client.post(path, {**sent, "text": ""})
        assert (refused.status_code, sent["version"], hidden(refused)) == (422, "1", sent)
        response = client.post(path, {**hidden(refused), "text": "Mine."})
        assert (response.status_code, conflicts(response)) == (409, {"How it is counted": ["Theirs.", "Mine."]})
        assert Definition.objects.get().text == "Theirs."
        assert said(client, client.post(path, {**hidden(response), "text": "Mine."})) == [
            "The definition of B8 was saved."
        ]

    def test_a_section(self, desk, client, series):
        path = address(rest="section/")
        assert client.post(path, {"section": "Court work", "name": "Courts"}).status_code == 302
        refused = client.post(path, {"section": "Court work", "name": ""})
        assert (refused.status_code, hidden(refused)["section"]) == (422, "Court work")
        response = client.post(path, {**hidden(refused), "name": "Law"})
        assert (response.status_code, hidden(response)["section"]) == (409, "Courts")
        assert Measure.objects.get().section == "Courts"

    def test_what_is_no_version_is_only_text(self, client, series):
        refused = client.post(address(rest="change/"), {**MEASURE, "title": "", "version": '"><b>{{ form }}'})
        assert hidden(refused)["version"] == '"><b>{{ form }}'


class TestAnotherDefinition:
    """The address names the series alone: which definition was opened comes with the form."""

    def test_it_is_not_the_one_that_was_opened(self, desk, client, series):
        path = of_series("definitions/correct")
        add_definition(**desk.by, series=series, from_quarter=Q2, **ADD)
        sent = hidden(client.get(path))
        add_definition(**desk.by, series=series, from_quarter=Q3, text="Theirs.", reason="Newer guidance")
        body = {"text": "Mine.", "reason": "New guidance"}
        response = client.post(path, {**sent, **body})
        assert response.status_code == 409
        assert conflicts(response) == {
            "How it is counted": ["Theirs.", "Mine."],
            "Why it is counted differently": ["Newer guidance", "New guidance"],
        }
        text = parse(response.text).one("main").text
        assert "It counts from Q3 2018/19." in text
        assert "It was added after you opened the one before it. Saving again changes this one." in text
        every = [
            (FIRST, "Cases on track.", ""),
            (Q2, "Cases closed.", "New guidance"),
            (Q3, "Theirs.", "Newer guidance"),
        ]
        assert desk.definitions(series) == every
        response = client.post(path, {**hidden(response), **body})
        assert said(client, response) == ["The definition of B8 was saved."]
        assert desk.definitions(series) == [*every[:2], (Q3, "Mine.", "New guidance")]

    def test_the_first_needs_no_reason_though_another_was_added(self, desk, client, series):
        path = of_series("definitions/correct")
        sent = hidden(client.get(path))
        add_definition(**desk.by, series=series, from_quarter=Q2, **ADD)
        response = client.post(path, {**sent, "text": "Mine."})
        assert response.status_code == 409
        assert conflicts(response)["How it is counted"] == ["Cases closed.", "Mine."]
        assert 'name="reason"' in response.text
        assert desk.definitions(series)[1] == (Q2, *ADD.values())

    def test_a_page_that_was_only_opened_says_nothing_of_it(self, client, series):
        assert "It was added after" not in page(client, of_series("definitions/correct")).text

    @pytest.mark.parametrize("number", ["", "x", "999999"])
    def test_one_that_is_not_of_the_series(self, client, series, number):
        body = {"text": "Mine.", "version": "1", "definition": number}
        assert client.post(of_series("definitions/correct"), body).status_code == 404
        assert Definition.objects.get().text == "Cases on track."


class TestDelete:
    def test_what_a_colleague_added_does_not_go_with_the_measure(self, desk, client, series):
        path = address(rest="delete/")
        sent = hidden(client.get(path))
        body = {**FIGURE, "role": "subgroup", "code": "CiC", "name": "In care", "first_quarter": FIRST.label}
        assert client.post(address(rest="series/add/"), body).status_code == 302
        response = client.post(path, sent)
        assert response.status_code == 409
        text = parse(response.text).one("main").text
        assert "Nothing was deleted" in text
        assert "It takes along 2 series, 2 definitions and its empty texts." in text
        assert Series.objects.count() == 2
        assert said(client, client.post(path, hidden(response))) == ["B8 Proceedings on track was deleted."]

    def test_nor_with_the_series(self, desk, client, series):
        body = {**FIGURE, "role": "subgroup", "code": "CiC", "name": "In care", "first_quarter": FIRST.label}
        client.post(address(rest="series/add/"), body)
        made = Series.objects.get(code="CiC")
        sent = hidden(client.get(of_series("delete", made)))
        client.post(of_series("target", made), {"target": "80", "from_quarter": FIRST.label})
        response = client.post(of_series("delete", made), sent)
        assert response.status_code == 409
        assert "It takes along 1 definition and 1 target." in parse(response.text).one("main").text
        assert made.targets.count() == 1
        assert said(client, client.post(of_series("delete", made), hidden(response))) == ["CiC In care was deleted."]

    @pytest.mark.parametrize("seen", [{}, {"seen": "0"}])
    def test_without_what_the_page_listed(self, client, series, seen):
        assert client.post(address(rest="delete/"), {"version": "1", **seen}).status_code == 409
        assert client.get(BASE).text.count("Proceedings on track") == 1
