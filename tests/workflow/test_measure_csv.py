"""The measure's figures as a file, on the demonstration."""

import csv
import io

import pytest

from tests import demonstration
from tests.measure_reading import address, link, page, rows

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("measure-csv")]


class TestCsv:
    def get(self, slug, query="", key="officer", quarter="2018-Q2"):
        response = demonstration.client_of(key).get(f"{address(slug, quarter=quarter)}figures.csv{query}")
        assert response.status_code == 200
        return response

    def lines(self, *args, **kwargs):
        text = self.get(*args, **kwargs).content.decode()
        assert text.startswith("\ufeff")
        return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline="")))

    def test_a_file_with_a_name(self, demo):
        response = self.get("e34-35", "?series=E35")
        assert response["Content-Type"] == "text/csv; charset=utf-8"
        assert response["Content-Disposition"] == (
            'attachment; filename="childrens-services-e34-35-e35-2018-Q2-quarters.csv"'
        )
        assert 'b8-b8-2018-Q2-months.csv"' in self.get("b8", "?by=month")["Content-Disposition"]

    def test_quarters_oldest_first(self, demo):
        lines = self.lines("b8")
        assert len(lines) == 13
        assert (lines[0]["period"], lines[-1]["period"]) == ("Q2 2015/16", "Q2 2018/19")
        assert lines[-1] == {
            "measure": "B8",
            "series": "B8",
            "name": "Proceedings on track",
            "period": "Q2 2018/19",
            "value": "70",
            "unit": "percent",
            "numerator": "147",
            "denominator": "210",
            "status": "final",
            "target": "90",
            "target basis": "contract",
            "tolerance": "85",
            "tolerance basis": "illustrative",
            "rating": "red",
            "illustrative": "",
            "note": "",
        }

    def test_months(self, demo):
        lines = self.lines("b8", "?by=month")
        assert [(line["period"], line["value"], line["illustrative"]) for line in lines[-2:]] == [
            ("August 2018", "72.772277", "illustrative"),
            ("September 2018", "70", ""),
        ]

    def test_it_holds_what_the_table_holds(self, demo):
        _, table = rows(page("b13"))
        held = [(line["period"], line["value"]) for line in reversed(self.lines("b13"))]
        assert [period for period, _ in held] == [line[0] for line in table]
        # With every digit that is held, which the table rounds.
        assert [value for _, value in held][:2] == ["47.474747", "46.391753"]
        assert dict(held)["Q4 2016/17"] == "[x]"

    def test_the_page_links_to_what_it_shows(self, demo):
        assert link(page("a4", "?series=CiN&by=month"), "CSV") == f"{address('a4')}figures.csv?series=CiN&by=month"
        kept = "?series=CiN&by=month&limits=off&target=off"
        assert link(page("a4", kept), "CSV") == f"{address('a4')}figures.csv{kept}"

    def test_hidden_months_are_empty_in_it(self, demo):
        theirs = self.lines("e1", "?by=month", quarter="2018-Q3")
        mine = self.lines("e1", "?by=month", key="analyst", quarter="2018-Q3")
        october = [next(line for line in lines if line["period"] == "October 2018") for lines in (theirs, mine)]
        assert (october[0]["value"], october[0]["status"]) == ("", "not held")
        assert october[1]["value"] != ""

    def test_illustrative_counts_are_not_in_it(self, demo):
        last = self.lines("a1")[-1]
        assert (last["period"], last["value"], last["numerator"], last["denominator"]) == ("Q2 2018/19", "27", "", "")
