"""What the mapping and preview pages say of a file, and what they stop at."""

import datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.roles import Who
from measures.imports import batches, preview
from measures.models import ImportBatch
from measures.terms import BatchState
from tests.factories import NOW
from tests.markup import parse
from tests.measures.imports.office import BASE, NEW, b8, e1, table, values

PERIODS = [f"Q{number} {year}/{year + 1 - 2000}" for year in range(2016, 2066) for number in (1, 2, 3, 4)]


def page(response, status=200):
    assert response.status_code == status, response.text[:500]
    return parse(response.text)


def send(client, content=NEW):
    return client.post(BASE, {"file": SimpleUploadedFile("figures.csv", content)})


def rows_of(tree, key):
    return tree.one("section", id=key).one("tbody").all("tr")


class TestPreview:
    def test_the_changes_that_need_the_reason_are_marked_and_counted(self, office):
        office.hold_past(60)
        batch = office.upload(table(b8("Q1 2018/19", "68"), b8("Q2 2018/19", "70"), e1("July 2018", "101")))
        tree = page(office.client().get(f"{BASE}{batch.pk}/preview/"))
        [changed] = rows_of(tree, "changed")
        assert changed.one("small", class_="needs-reason").text == "reason needed"
        assert [row.all("small", class_="needs-reason") for row in rows_of(tree, "new")] == [[], []]
        hint = tree.one("div", id="id_reason_helptext").text
        assert hint == "For the value marked “reason needed”. Both parties can read it beside the old value."

    def test_a_note_stands_below_its_figure(self, office):
        office.hold_past(60, note="First count")
        batch = office.upload(table(b8("Q1 2018/19", "68", "", "", "", "Counted again")))
        [row] = rows_of(page(office.client().get(f"{BASE}{batch.pk}/preview/")), "changed")
        notes = [note.text for note in row.all("small", class_="value-note")]
        assert notes == ["Note: First count", "Note: Counted again"]

    def test_what_is_wrong_and_what_is_to_be_checked_are_headed_differently(self, office):
        rows = [e1(f"{month} 2018", "100") for month in ("April", "May", "June", "July", "August")]
        batch = office.upload(table(*rows, e1("September 2018", "10000"), b8("Q2 2018/19", "seventy")))
        tree = page(office.client().get(f"{BASE}{batch.pk}/preview/"))
        heads = {key: tree.one("section", id=key).all("th", scope="col")[-1].text for key in ("refused", "warned")}
        assert heads == {"refused": "What is wrong, and how to mend it", "warned": "What to check"}


class TestMapping:
    UNREAD = table(
        ["B8", "Q2 2018/19", "70", "7", "10"], header=["measure", "period", "Ist", "numerator", "denominator"]
    )

    def test_a_column_of_numbers_beside_counts_stops_the_way_to_the_preview(self, office):
        client = office.client()
        shown = client.get(send(client, self.UNREAD)["Location"])
        batch = ImportBatch.objects.get()
        address = f"{BASE}{batch.pk}/mapping/"
        assert (shown.status_code, shown["Location"]) == (302, address)
        tree = page(client.get(address))
        assert tree.one("div", class_="answer").text.startswith("Column C “Ist” holds numbers that are not read yet.")
        assert tree.one("div", id="id_column_value_helptext").text == "Not chosen yet: C “Ist”?"
        columns = {"measure": 0, "period": 1, "numerator": 3, "denominator": 4}
        typed = {"sheet": "0", "header_row": "1", "layout": "long"}
        typed |= {f"column_{name}": str(index) for name, index in columns.items()}
        answered = client.post(address, {**typed, "column_value": "", "preview": "1"})
        page(client.get(answered["Location"]))
        office.confirm(batch)
        assert values() == {("B8", "2018-Q2"): 70}

    def test_examples_differ_from_one_another(self, office):
        batch = office.upload(table(e1("April 2018", "1"), e1("May 2018", "1"), e1("June 2018", "2")))
        tree = page(office.client().get(f"{BASE}{batch.pk}/mapping/"))
        hints = {hint.attrs["id"].split("_")[2]: hint.text for hint in tree.all("div", class_="hint")}
        assert (hints["series"], hints["value"]) == ("Such as “E1”.", "Such as “1”, “2”.")
        assert hints["identifier"].startswith("Only where the year stands in one column")

    def test_a_wide_file_has_columns_for_names_and_periods_alone(self, office):
        batch = office.upload(table(["E1", "1", "2"], header=["series", "April 2018", "May 2018"]))
        tree = page(office.client().get(f"{BASE}{batch.pk}/mapping/"))
        names = [select.attrs["name"] for select in tree.all("select")]
        assert names == ["sheet", "layout", "column_measure", "column_series"]


class TestManyValues:
    @pytest.fixture
    def large(self, office):
        """51 rows with 200 columns, one of them for the names."""
        rows = [[f"X{number}", *["70"] * 199] for number in range(51)]
        return office.upload(table(*rows, header=["series", *PERIODS[:199]]))

    def test_they_stop_at_the_mapping_with_figures_and_remedies(self, office, large):
        client = office.client()
        address = f"{BASE}{large.pk}/mapping/"
        assert client.get(f"{BASE}{large.pk}/preview/")["Location"] == address
        lead = page(client.get(address)).one("div", class_="answer").text
        assert "This file holds 10,149 values: 51 rows, and 199 columns headed by a period." in lead
        assert "Untick some of the periods" in lead
        assert "import_values" in lead

    def test_a_confirmation_made_up_writes_nothing(self, office, large):
        digest = office.seen(large).plan.digest
        client = office.client()
        response = client.post(f"{BASE}{large.pk}/preview/", {"digest": "made up"})
        assert (response.status_code, response["Location"]) == (302, f"{BASE}{large.pk}/mapping/")
        assert client.post(f"{BASE}{large.pk}/preview/", {"digest": digest}).status_code == 409
        assert values() == {}

    def test_with_fewer_periods_they_come_in(self, office, large):
        fields = {"sheet": "0", "header_row": "1", "layout": "wide", "column_series": "0", "preview": "1"}
        address = f"{BASE}{large.pk}/mapping/"
        response = office.client().post(address, {**fields, "periods": [str(index) for index in range(1, 151)]})
        assert response["Location"] == f"{BASE}{large.pk}/preview/"
        assert (
            page(office.client().get(response["Location"])).one("p", class_="answer").text.endswith("51 rows refused.")
        )


class TestRoom:
    def test_ten_files_of_a_person_wait_and_the_next_is_told_what_to_do(self, office):
        for _ in range(preview.MOST_WAITING):
            send(office.client())
        tree = page(send(office.client()), 422)
        assert tree.one("div", role="alert").text == (
            "The file was not read 10 of your files wait for their confirmation already, and no more are kept. Confirm "
            "one of those below, or throw it away, then send this one again."
        )
        assert ImportBatch.objects.count() == preview.MOST_WAITING
        # Somebody else's room is their own.
        assert send(office.client(Who.ADMINISTRATOR), table(b8("Q1 2018/19", "68"))).status_code == 302
        batches.discard(by=office.by(), batch=ImportBatch.objects.filter(by=office.by().user)[0])
        assert send(office.client()).status_code == 302

    def test_neither_what_was_confirmed_nor_what_is_about_to_go_takes_room(self, office):
        for _ in range(preview.MOST_WAITING):
            office.upload()
        first, second = ImportBatch.objects.order_by("pk")[:2]
        office.confirm(first)
        since = NOW - batches.KEPT
        preview.check_room(office.by(), since=since)
        office.upload()
        ImportBatch.objects.filter(pk=second.pk).update(uploaded_at=since - datetime.timedelta(seconds=1))
        preview.check_room(office.by(), since=since)


class TestRefusedRows:
    def test_they_are_read_where_they_are_wanted_only(self, office):
        batch = office.bring(table(b8("Q2 2018/19", "70"), b8("Q9", "1")))
        client = office.client()
        for path in (BASE, f"{BASE}{batch.pk}/", f"{BASE}{office.upload().pk}/preview/"):
            with CaptureQueriesContext(connection) as queries:
                assert client.get(path).status_code == 200
            assert not [each["sql"] for each in queries if '"refused"' in each["sql"]]
        tree = page(client.get(f"{BASE}{batch.pk}/"))
        assert [link.text for link in tree.all("a") if "refused.xlsx" in link.attrs["href"]] == [
            "The rows left out, with what is wrong (Excel)"
        ]
        assert client.get(f"{BASE}{batch.pk}/refused.xlsx").status_code == 200

    def test_where_none_was_refused_none_are_offered(self, office):
        batch = office.bring()
        assert batch.state == BatchState.CONFIRMED
        assert "refused.xlsx" not in office.client().get(f"{BASE}{batch.pk}/").text
