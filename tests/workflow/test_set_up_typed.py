"""What is typed on the set-up pages is held as a workbook brings it back: its quarters, its lines and its spaces."""

import pytest

from accounts.models import AuditEntry
from measures.imports.period_texts import FIRST_YEAR, LAST_YEAR
from measures.models import Definition, Measure, Series
from measures.quarters import TYPED_YEARS
from tests import contractbooks
from tests.measures.set_up_desk import FIRST, Desk
from tests.measures.set_up_pages import (
    B8,
    BASE,
    FIGURE,
    address,
    hidden,
    of_series,
    page,
    problems,
    said,
    signed_in,
)
from workflow.contract_books import holding, writing

TOO_FAR = "Enter a quarter from 1990 to 2099."
NO_CONTROL = "Take out the control character: no file could carry it."
FAR = ["Q4 9998/99", "Q1 0218/19", "Q4 1989/90", "Q1 2100/01"]


@pytest.fixture
def desk(db):
    return Desk()


@pytest.fixture
def client(desk):
    return signed_in(desk)


class TestQuarters:
    @pytest.mark.parametrize("quarter", FAR)
    @pytest.mark.parametrize(
        ("of", "body"),
        [
            (lambda: address(rest="retire/"), {}),
            (lambda: of_series("end"), {}),
            (lambda: of_series("new"), {**FIGURE, "code": "B8", "name": "New"}),
        ],
    )
    def test_when_something_ends(self, desk, client, of, body, quarter):
        desk.measure()
        response = client.post(of(), {**body, "version": "1", "last_quarter": quarter})
        assert (response.status_code, problems(response)) == (422, [("#id_last_quarter", TOO_FAR)])
        assert (Measure.objects.get().last_quarter, Series.objects.get().last_quarter) == (None, None)

    @pytest.mark.parametrize("quarter", FAR)
    def test_when_something_begins(self, desk, client, quarter):
        assert problems(client.post(BASE + "add/", {**B8, "first_quarter": quarter})) == [
            ("#id_first_quarter", TOO_FAR)
        ]
        desk.measure()
        body = {"from_quarter": quarter, "text": "Others.", "reason": "New guidance"}
        assert problems(client.post(of_series("definitions/add"), body)) == [("#id_from_quarter", TOO_FAR)]
        assert problems(client.post(of_series("target"), {"from_quarter": quarter, "target": "90"})) == [
            ("#id_from_quarter", TOO_FAR)
        ]

    @pytest.mark.parametrize("quarter", ["Q1 1990/91", "Q4 2099/00"])
    def test_the_first_and_the_last_that_may_be_typed(self, desk, client, quarter):
        response = client.post(BASE + "add/", {**B8, "target": "", "tolerance": "", "first_quarter": quarter})
        assert said(client, response) == ["B8 Proceedings on track was added."]
        body = {**FIGURE, "code": "B8", "name": "New", "version": "1", "last_quarter": "Q4 2099/00"}
        response = client.post(of_series("new"), {**body, "unit": "days", "polarity": "lower"})
        assert said(client, response) == ["B8 New starts in Q1 2100/01."]
        found = contractbooks.read(writing.workbook(holding.book_of(Measure.objects.get().contract)))
        assert contractbooks.told(found) == []

    def test_they_are_inside_those_that_a_file_may_name(self):
        """With one to spare on either side: what takes the place of another begins in the next."""
        assert FIRST_YEAR < TYPED_YEARS[0] < TYPED_YEARS[-1] < LAST_YEAR


class TestTexts:
    def change(self, client, **typed):
        """As a browser sends it."""
        path = address(rest="change/")
        form = page(client, path).one("form")
        fields = {node.attrs["name"]: node.attrs.get("value", "") for node in form.all("input")}
        fields |= {node.attrs["name"]: node.text for node in form.all("textarea")}
        return client.post(path, {**fields, "kind": "contractual", **typed})

    def test_a_line_has_single_spaces(self, client):
        typed = {"code": " B  8", "title": "On\ttrack\xa0\u2003now", "section": "Court  work", "owner": "Head\u2028of"}
        client.post(BASE + "add/", {**B8, **typed, "counted": "open  cases"})
        made = Measure.objects.get()
        assert (made.code, made.title, made.section, made.owner) == ("B 8", "On track now", "Court work", "Head of")
        assert (made.series.get().name, made.series.get().counted) == ("On track now", "open cases")

    def test_a_file_brings_back_what_was_typed(self, client):
        typed = {"title": "On  track", "why_it_matters": "One.\r\n\r\nTwo\xa0three.\rFour.", "definition": "A\r\nB"}
        client.post(BASE + "add/", {**B8, **typed})
        found = contractbooks.read(writing.workbook(holding.book_of(Measure.objects.get().contract)))
        assert contractbooks.told(found) == []
        held, [row] = Measure.objects.get(), found.book.measures
        assert (held.title, held.why_it_matters) == ("On track", "One.\n\nTwo\xa0three.\nFour.")
        assert (row.title, row.why_it_matters) == (held.title, held.why_it_matters)
        assert Definition.objects.get().text == found.book.definitions[0].text == "A\nB"

    def test_saving_what_is_held_changes_nothing(self, desk, client):
        desk.measure(why_it_matters="One.\nTwo.", definition="A.\nB.")
        number = AuditEntry.objects.count()
        response = self.change(client, why_it_matters="One.\r\nTwo.", owner="Head of  court work")
        assert said(client, response) == ["B8 Proceedings on track was saved."]
        path = of_series("definitions/correct")
        response = client.post(path, {**hidden(client.get(path)), "text": "A.\r\nB."})
        assert said(client, response) == ["The definition of B8 was saved."]
        assert (Measure.objects.get().version, Definition.objects.get().version) == (1, 1)
        assert AuditEntry.objects.count() == number

    @pytest.mark.parametrize("sign", ["\x0b", "\x0c", "\x1f", "\x7f"])
    def test_control_characters_are_refused(self, client, sign):
        text = f"A{sign}B"
        names = ["code", "title", "section", "owner", "counted", "definition", "why_it_matters", "target_reason"]
        response = client.post(BASE + "add/", {**B8, **dict.fromkeys(names, text)})
        assert response.status_code == 422
        assert sorted(problems(response)) == sorted((f"#id_{name}", NO_CONTROL) for name in names)
        assert Measure.objects.count() == 0

    def test_lines_are_counted_once(self, client):
        longest = "x" * 4_999 + "\r\n" + "y" * 5_000
        assert said(client, client.post(BASE + "add/", {**B8, "definition": longest})) == [
            "B8 Proceedings on track was added."
        ]
        response = client.post(BASE + "add/", {**B8, "code": "B9", "definition": f"{longest}y"})
        assert problems(response) == [("#id_definition", "Use 10000 characters or fewer; this has 10001.")]

    def test_a_name_that_is_cut_ends_with_no_space(self, desk, client):
        title = "x" * 119 + " and more"
        client.post(BASE + "add/", {**B8, "title": title})
        assert Series.objects.get().name == "x" * 119
        assert desk.measure("C1", title=title).series.get().name == "x" * 119


def test_the_way_to_the_targets_of_each_series(desk, client):
    headline = desk.measure().series.get()
    client.post(of_series("target", headline), {"target": "90", "from_quarter": FIRST.label})
    body = {**FIGURE, "role": "subgroup", "code": "CiC", "name": "In care", "first_quarter": FIRST.label}
    client.post(address(rest="series/add/"), {**body, "target": "80"})
    made = Series.objects.get(code="CiC")
    links = {link.text: link.attrs["href"] for link in page(client, address()).all("a")}
    for row in (headline, made):
        path = links[f"Changes of targets of {row.code}"]
        assert path == f"/c/childrens-services/measures/b8/targets/?series={row.pk}"
        assert f"{row.code} " in page(client, path).text
