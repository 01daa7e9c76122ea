"""The import pages: what each shows to whom, what a bad request gets, and the way from a file to its undoing."""

import datetime
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.denial import Stale, WrongState
from accounts.roles import Who
from measures.entries import Entry
from measures.imports import batches, preview
from measures.imports.kinds import LARGEST_FILE
from measures.models import ImportBatch
from measures.states import State
from measures.terms import BatchState
from tests import factories
from tests.factories import NOW, Q2
from tests.markup import parse
from tests.measures.imports.office import BASE, NEW, Q1, b8, e1, table, values

MEMBERS = tuple(Who)
MIXED = table(
    b8("Q4 2017/18", "66"), b8("Q1 2018/19", "68"), b8("Q2 2018/19", "70"), e1("July 2018", "101"), b8("Q9", "1")
)


def page(response, status=200):
    assert response.status_code == status, response.text[:500]
    return parse(response.text)


def send(client, content=NEW, name="figures.csv"):
    return client.post(BASE, {"file": SimpleUploadedFile(name, content)})


def table_of(tree, heading):
    """Rows of the table under a heading, cell by cell, without the header and what only a phone shows."""
    [section] = [each for each in tree.all("section") if each.all("h2") and each.all("h2")[0].text.startswith(heading)]
    return [
        [said(cell) for cell in row.children if not isinstance(cell, str)] for row in section.one("tbody").all("tr")
    ]


def said(cell):
    text = cell.text
    for small in cell.all("small"):
        text = text.removesuffix(small.text).strip()
    return text


def just_before(words, act):
    """Does something once, right before the first SELECT that holds the words, as somebody else's request would."""
    waiting = [act]

    def execute(run, sql, params, many, context):
        if waiting and sql.startswith("SELECT") and words in sql:
            waiting.pop()()
        return run(sql, params, many, context)

    return execute


def error_of(tree):
    return tree.one("div", role="alert").text


class TestList:
    def test_without_any_batch_it_says_what_will_stand_there(self, office):
        tree = page(office.client().get(BASE))
        assert tree.one("h1").text == "Import"
        assert tree.one("div", class_="empty-state").one("h2").text == "No file yet"
        assert tree.all("table") == []
        links = [link.attrs["href"] for link in tree.one("ul", class_="starts").all("a")]
        assert links == [f"{BASE}template.xlsx", f"{BASE}template.csv", "/c/childrens-services/figures.csv"]

    def test_one_batch(self, office):
        office.bring()
        tree = page(office.client().get(BASE))
        [row] = table_of(tree, "Imports so far")
        assert row == ["figures.csv", "Imported", "3 new", "Analyst of childrens-services", "2 November 2018, 14:32"]

    def test_every_state(self, office):
        first = office.bring()
        office.undo(first)
        office.upload(name="second.csv", now=NOW + datetime.timedelta(minutes=1))
        rows = table_of(page(office.client().get(BASE)), "Imports so far")
        assert [row[:3] for row in rows] == [
            ["second.csv", "Not confirmed", "nothing stored yet"],
            ["figures.csv", "Undone", "3 new"],
        ]

    def test_twenty_five_to_a_page(self, office):
        for number in range(26):
            office.upload(name=f"{number}.csv", now=NOW + datetime.timedelta(minutes=number))
        client = office.client()
        first, second = page(client.get(BASE)), page(client.get(f"{BASE}?page=2"))
        assert [row[0] for row in table_of(first, "Imports")] == [f"{number}.csv" for number in range(25, 0, -1)]
        assert [row[0] for row in table_of(second, "Imports")] == ["0.csv"]
        assert first.one("nav", aria_label="Pages").text == "Page 1 of 2 Next ›"
        assert page(client.get(f"{BASE}?page=none")).one("nav", aria_label="Pages").text == "Page 1 of 2 Next ›"

    @pytest.mark.parametrize("count", [1, 3])
    def test_the_number_of_queries_is_fixed(self, office, count):
        for _ in range(count):
            office.upload()
        client = office.client()
        client.get(BASE)
        with CaptureQueriesContext(connection) as queries:
            client.get(BASE)
        # Session, user, membership; how many batches there are, and one page of them; the menu's open quarter.
        assert len(queries) == 6

    def test_each_party_sees_its_own(self, office):
        office.upload(name="theirs.csv")
        office.upload(table(b8("Q1 2018/19", "68")), Who.ADMINISTRATOR, name="admin.csv")
        seen = {}
        for who in MEMBERS:
            tree = page(office.client(who).get(BASE))
            seen[who] = [link.text for link in tree.all("a", class_="file")]
        assert seen == {
            Who.OFFICER: [],
            Who.ANALYST: ["theirs.csv"],
            Who.COMMISSIONER_DIRECTOR: [],
            Who.PROVIDER_DIRECTOR: ["theirs.csv"],
            Who.ADMINISTRATOR: ["admin.csv"],
        }

    @pytest.mark.parametrize("who", [Who.COMMISSIONER_DIRECTOR, Who.PROVIDER_DIRECTOR])
    def test_directors_have_no_way_in(self, office, who):
        tree = page(office.client(who).get(BASE))
        assert (tree.one("h1").text, tree.one("main").all("form")) == ("Imports", [])
        assert send(office.client(who)).status_code == 403

    def test_the_menu_leads_there(self, office):
        tree = page(office.client().get("/c/childrens-services/2018-Q2/"))
        items = {link.text: link.attrs["href"] for link in tree.one("nav", aria_label="Main").all("a")}
        assert items["Import"] == BASE
        nav = page(office.client().get(BASE)).one("nav", aria_label="Main")
        assert [(link.text, link.attrs.get("aria-current")) for link in nav.all("a")][:5] == [
            ("Scorecard", None),
            ("Enter values", None),
            ("Measures", None),
            ("Benchmarks", None),
            ("Import", "page"),
        ]


class TestUpload:
    def test_it_leads_to_the_preview(self, office):
        response = send(office.client())
        batch = ImportBatch.objects.get()
        assert (response.status_code, response["Location"]) == (302, f"{BASE}{batch.pk}/preview/")
        assert values() == {}

    def test_without_a_file(self, office):
        tree = page(office.client().post(BASE, {}), 422)
        assert error_of(tree) == "The file was not read Choose a file first."

    @pytest.mark.parametrize(
        ("name", "content", "words"),
        [
            ("figures.csv", b"", "The file is empty"),
            ("figures.xlsx", b"PK\x03\x04 but no more", "The file was not read"),
            ("figures.pdf", b"%PDF-1.7 ...", "The file was not read"),
        ],
    )
    def test_a_file_that_cannot_be_read(self, office, name, content, words):
        tree = page(send(office.client(), content, name), 422)
        assert words in error_of(tree)
        assert ImportBatch.objects.count() == 0

    def test_a_file_that_is_a_little_too_large(self, office):
        tree = page(send(office.client(), b"a" * (LARGEST_FILE + 1)), 413)
        assert "larger than 10 MB" in error_of(tree)

    def test_a_body_that_is_much_too_large_is_refused_before_it_is_read(self, office):
        client = office.client()
        body = SimpleUploadedFile("figures.csv", b"a" * (LARGEST_FILE + 200_000))
        tree = page(client.post(BASE, {"file": body}), 413)
        assert tree.one("h1").text == "This file is too large"

    def test_an_officer_is_told_who_brings_in_values(self, office):
        tree = page(send(office.client(Who.OFFICER)), 422)
        assert "Officers import benchmarks only." in error_of(tree)
        assert ImportBatch.objects.count() == 0

    def test_open_data_comes_in_as_benchmarks(self, office):
        header = b"time_period,time_identifier,geographic_level,country_name,rate\r\n"
        response = send(office.client(), header + b"201718,Financial year,National,England,5\r\n")
        batch = ImportBatch.objects.get()
        assert (batch.kind, response["Location"]) == ("benchmarks", f"{BASE}{batch.pk}/benchmarks/")


class TestMapping:
    UNKNOWN = table(["B8", "Q2 2018/19", "70", "71"], header=["which", "when", "first", "second"])

    def at(self, office, content):
        batch = office.upload(content)
        return f"{BASE}{batch.pk}/mapping/", batch

    def test_what_is_missing_is_said_in_words(self, office):
        address, batch = self.at(office, table(["70", "x"], header=["value", "other"]))
        client = office.client()
        preview = client.get(f"{BASE}{batch.pk}/preview/")
        assert (preview.status_code, preview["Location"]) == (302, address)
        tree = page(client.get(address))
        assert "Choose the column that names the measure or the series." in tree.one("div", class_="answer").text
        selects = {select.attrs["name"]: select for select in tree.all("select")}
        assert [option.text for option in selects["column_value"].all("option")] == [
            "Not in this file",
            "A: value",
            "B: other",
        ]

    def test_examples_stand_beside_each_column(self, office):
        address, _ = self.at(office, table(*[b8(f"Q2 201{year}/1{year + 1}", f"7{year}") for year in range(4, 9)]))
        tree = page(office.client().get(address))
        [hint] = [node for node in tree.all("div", class_="hint") if "column_value" in node.attrs["id"]]
        assert hint.text == "Such as “74”, “75”, “76”."

    def test_columns_can_be_chosen(self, office):
        address, batch = self.at(office, table(["B8", "Q2 2018/19", "70", "71"], header=["series", "period", "x", "y"]))
        fields = {"sheet": "0", "header_row": "1", "layout": "long", "column_series": "0", "column_period": "1"}
        response = office.client().post(address, {**fields, "column_value": "3", "preview": "1"})
        assert (response.status_code, response["Location"]) == (302, f"{BASE}{batch.pk}/preview/")
        office.confirm(batch)
        assert values() == {("B8", "2018-Q2"): 71}

    def test_read_again_stays_on_the_page(self, office):
        address, _ = self.at(office, NEW)
        fields = {"sheet": "0", "header_row": "1", "layout": "long", "column_series": "1", "column_period": "2"}
        response = office.client().post(address, {**fields, "again": "1"})
        assert (response.status_code, response["Location"]) == (302, address)
        assert "Choose the column that holds the value" in page(office.client().get(address)).text

    def test_another_header_row_is_guessed_anew(self, office):
        content = table(
            ["", "", "", ""], ["series", "period", "value", ""], ["B8", "Q2 2018/19", "70", ""], header=["Title"]
        )
        address, batch = self.at(office, content)
        client = office.client()
        client.post(address, {"sheet": "0", "header_row": "1", "layout": "long", "again": "1"})
        client.post(address, {"sheet": "0", "header_row": "3", "layout": "long", "again": "1"})
        batch.refresh_from_db()
        assert (batch.mapping["header_row"], batch.mapping["columns"]) == (3, {"series": 0, "period": 1, "value": 2})

    @pytest.mark.parametrize(
        "fields",
        [
            {},
            {"sheet": "7", "header_row": "1", "layout": "long"},
            {"sheet": "0", "header_row": "none", "layout": "long"},
            {"sheet": "0", "header_row": "1", "layout": "tidy"},
            {"sheet": "0", "header_row": "1", "layout": "long", "column_value": "99"},
            {"sheet": "0", "header_row": "99999999999", "layout": "long"},
        ],
    )
    def test_what_was_never_offered_is_refused(self, office, fields):
        address, batch = self.at(office, NEW)
        kept = batch.mapping
        page(office.client().post(address, fields), 422)
        batch.refresh_from_db()
        assert batch.mapping == kept

    def test_a_question_is_asked_with_its_choices_and_can_be_answered_otherwise(self, office):
        address, batch = self.at(office, table(b8("01/04/2018", "70")))
        client = office.client()
        tree = page(client.get(address))
        radios = tree.all("input", type="radio")
        name, choices = radios[0].attrs["name"], [node.attrs["value"] for node in radios]
        assert len(choices) >= 2
        mapping = {"sheet": "0", "header_row": "1", "layout": "long"}
        mapping |= {f"column_{meaning}": str(index) for meaning, index in batch.mapping["columns"].items()}
        client.post(address, {**mapping, name: choices[0], "again": "1"})
        tree = page(client.get(address))
        checked = [node.attrs["value"] for node in tree.all("input", type="radio") if "checked" in node.attrs]
        assert checked == [choices[0]]

    def test_a_remembered_mapping_is_said(self, office):
        office.bring()
        address, _ = self.at(office, NEW)
        assert (
            "Read as last time, by Analyst of childrens-services on 2 November 2018."
            in page(office.client().get(address)).text
        )


class TestPreview:
    def test_the_answer_comes_first_and_every_row_has_its_section(self, office):
        office.hold_past(60)
        office.hold(Entry(value=Decimal(70)))
        batch = office.upload(MIXED)
        tree = page(office.client().get(f"{BASE}{batch.pk}/preview/"))
        assert tree.one("p", class_="answer").text == "2 new values, 1 changed, 1 unchanged, 1 row refused."
        assert table_of(tree, "Changed") == [["B8 Proceedings on track", "Q1 2018/19", "60%", "68%", "Row 3"]]
        assert table_of(tree, "New") == [
            ["B8 Proceedings on track", "Q4 2017/18", "66%", "Row 2"],
            ["E1 Contacts", "July 2018", "101", "Row 5"],
        ]
        assert table_of(tree, "Unchanged") == [["B8 Proceedings on track", "Q2 2018/19", "70%", "Row 4"]]
        [refused] = table_of(tree, "Refused")
        assert refused[0] == "Row 6"
        assert "Q9" in refused[2]
        buttons = [button.text for button in tree.one("aside").all("button")]
        assert buttons == ["Import 3 values", "Throw the file away"]
        assert [field.attrs["name"] for field in tree.one("aside").all("textarea")] == ["reason"]

    def test_two_hundred_rows_of_a_kind_are_shown(self, office):
        rows = [b8(f"Q{number % 4 + 1} {2015 + number // 4}/{16 + number // 4}", "x") for number in range(4)]
        batch = office.upload(table(*(rows * 60)))
        tree = page(office.client().get(f"{BASE}{batch.pk}/preview/"))
        assert len(table_of(tree, "Refused")) == 200
        assert "The first 200 of" in tree.one("section", id="refused").text

    def test_nothing_to_import(self, office):
        office.hold(Entry(value=Decimal(70)))
        batch = office.upload(table(b8("Q2 2018/19", "70")))
        tree = page(office.client().get(f"{BASE}{batch.pk}/preview/"))
        assert "There is nothing to import" in tree.one("aside").text
        assert [button.text for button in tree.one("aside").all("button")] == ["Throw the file away"]

    def test_confirmed_it_leads_to_the_batch(self, office):
        batch = office.upload()
        client = office.client()
        digest = office.seen(batch).plan.digest
        response = client.post(f"{BASE}{batch.pk}/preview/", {"digest": digest})
        assert (response.status_code, response["Location"]) == (302, f"{BASE}{batch.pk}/")
        tree = page(client.get(response["Location"]))
        assert tree.one("div", id="messages").text == "3 values imported from figures.csv."
        # Asked for again, by a double click or the way back: the same page, and nothing more.
        again = client.post(f"{BASE}{batch.pk}/preview/", {"digest": digest})
        assert (again.status_code, again["Location"]) == (302, f"{BASE}{batch.pk}/")
        assert client.get(f"{BASE}{batch.pk}/mapping/")["Location"] == f"{BASE}{batch.pk}/"

    def test_what_moved_is_told_with_a_preview_that_can_be_confirmed(self, office):
        batch = office.upload()
        client = office.client()
        digest = office.seen(batch).plan.digest
        office.hold(Entry(value=Decimal(60)))
        response = client.post(f"{BASE}{batch.pk}/preview/", {"digest": digest})
        tree = page(response, Stale.status)
        assert "What is held has changed since you opened this preview." in error_of(tree)
        assert table_of(tree, "Changed")[0][2:4] == ["60%", "70%"]
        fresh = tree.one("input", name="digest").attrs["value"]
        assert fresh != digest
        assert client.post(f"{BASE}{batch.pk}/preview/", {"digest": fresh}).status_code == 302

    def test_a_file_confirmed_by_the_other_click_leads_to_the_batch(self, office):
        batch = office.upload()
        client, digest = office.client(), office.seen(batch).plan.digest
        with connection.execute_wrapper(just_before('"content"', lambda: office.confirm(batch, digest=digest))):
            response = client.post(f"{BASE}{batch.pk}/preview/", {"digest": digest})
        assert (response.status_code, response["Location"]) == (302, f"{BASE}{batch.pk}/")
        assert batch.changes.count() == 3

    def test_a_file_thrown_away_while_its_preview_was_built_is_told(self, office):
        batch = office.upload()
        batches.discard(by=office.by(), batch=batch)
        with pytest.raises(WrongState, match="Somebody imported this file or threw it away just now."):
            preview.book_of(batch)

    @pytest.mark.parametrize("number", ["0", "99999999999999999999999999"])
    def test_a_number_that_no_batch_has(self, office, number):
        for what in ("", "mapping/", "preview/", "undo/", "refused.xlsx"):
            assert office.client().get(f"{BASE}{number}/{what}").status_code == 404

    @pytest.mark.parametrize("digest", ["", "x", "0" * 64, "\u202e"])
    def test_a_digest_of_nothing_imports_nothing(self, office, digest):
        batch = office.upload()
        assert office.client().post(f"{BASE}{batch.pk}/preview/", {"digest": digest}).status_code == 409
        assert values() == {}

    def test_a_missing_reason_is_asked_for_at_its_field(self, office):
        office.hold_past(60)
        batch = office.upload(table(b8("Q1 2018/19", "68")))
        client, address = office.client(), f"{BASE}{batch.pk}/preview/"
        digest = office.seen(batch).plan.digest
        tree = page(client.post(address, {"digest": digest}), 422)
        assert error_of(tree).startswith("Nothing was imported")
        assert tree.one("p", id="id_reason_error").text != ""
        assert client.post(address, {"digest": digest, "reason": "Counted twice."}).status_code == 302
        assert values() == {("B8", "2018-Q1"): 68}

    def test_a_file_imported_before_is_told(self, office):
        office.bring()
        batch = office.upload()
        tree = page(office.client().get(f"{BASE}{batch.pk}/preview/"))
        assert "This file was imported on 2 November 2018 by Analyst of childrens-services." in tree.one("main").text

    def test_thrown_away(self, office):
        batch = office.upload()
        client = office.client()
        assert client.post(f"{BASE}{batch.pk}/discard/")["Location"] == BASE
        assert ImportBatch.objects.count() == 0
        assert client.get(f"{BASE}{batch.pk}/preview/").status_code == 404
        assert client.post(f"{BASE}{batch.pk}/discard/").status_code == 404


class TestBatch:
    def test_who_when_and_what(self, office):
        office.hold(Entry(value=Decimal(60)))
        batch = office.bring()
        tree = page(office.client().get(f"{BASE}{batch.pk}/"))
        assert tree.one("p", class_="answer").text == "2 new, 1 changed."
        facts = {row.one("dt").text: row.one("dd").text for row in tree.one("dl", class_="batch").all("div")}
        assert facts["Confirmed"] == "by Analyst of childrens-services on 2 November 2018, 14:32"
        assert batch.sha256 in facts["File"]
        assert table_of(tree, "What changed") == [
            ["B8 Proceedings on track", "Q2 2018/19", "60%", "70%"],
            ["E1 Contacts", "July 2018", "nothing held", "101"],
            ["E1 Contacts", "August 2018", "nothing held", "102"],
        ]
        assert [link.text for link in tree.one("p", class_="page-acts").all("a")] == ["Undo the import"]

    @pytest.mark.parametrize("count", [1, 3])
    def test_the_number_of_queries_is_fixed(self, office, count):
        batch = office.bring(
            table(*[e1(month, "100") for month in ("July 2018", "August 2018", "September 2018")][:count])
        )
        client = office.client()
        client.get(BASE)
        with CaptureQueriesContext(connection) as queries:
            client.get(f"{BASE}{batch.pk}/")
        # Session, user, membership, batch; how many changes there are, and one page of them; the menu's open quarter.
        assert (len(queries), batch.changes.count()) == (7, count)

    def test_a_director_of_the_party_reads_it(self, office):
        batch = office.bring()
        client = office.client(Who.PROVIDER_DIRECTOR)
        tree = page(client.get(f"{BASE}{batch.pk}/"))
        assert tree.all("p", class_="page-acts") == []
        assert client.get(f"{BASE}{batch.pk}/undo/").status_code == 403
        waiting = office.upload()
        assert "waits for its confirmation" in page(client.get(f"{BASE}{waiting.pk}/")).text
        assert client.get(f"{BASE}{waiting.pk}/preview/").status_code == 403

    @pytest.mark.parametrize("what", ["", "mapping/", "preview/", "undo/", "refused.xlsx"])
    @pytest.mark.parametrize("who", [Who.OFFICER, Who.ADMINISTRATOR])
    def test_the_other_party_does_not_know_it(self, office, who, what):
        batch = office.upload()
        assert office.client(who).get(f"{BASE}{batch.pk}/{what}").status_code == 404

    def test_nor_does_another_contract(self, office):
        batch = office.upload()
        other = factories.make_contract("leisure", "Borough", "Leisure Trust")
        office.by().user.memberships.create(contract=other, party="provider", role="analyst")
        client = office.client()
        for what in ("", "mapping/", "preview/", "undo/", "refused.xlsx"):
            assert client.get(f"/c/leisure/import/{batch.pk}/{what}").status_code == 404
        assert client.post(f"/c/leisure/import/{batch.pk}/discard/").status_code == 404
        assert client.post(f"/c/leisure/import/{batch.pk}/preview/", {"digest": "x"}).status_code == 404
        assert ImportBatch.objects.get().state == BatchState.UPLOADED

    def test_refused_rows_come_as_a_spreadsheet(self, office):
        batch = office.upload(MIXED)
        for each in (batch, office.confirm(batch)):
            response = office.client().get(f"{BASE}{each.pk}/refused.xlsx")
            assert response.status_code == 200
            assert response["Content-Disposition"] == f'attachment; filename="refused-rows-{batch.pk}.xlsx"'
            assert response.content.startswith(b"PK")


class TestUndo:
    def test_the_page_says_what_will_happen(self, office):
        office.hold(Entry(value=Decimal(60)))
        batch = office.bring()
        tree = page(office.client().get(f"{BASE}{batch.pk}/undo/"))
        assert "2 values go and 1 value is set back to what was held." in tree.one("div", class_="prose").text
        assert tree.one("main").all("textarea") == []
        response = office.client().post(f"{BASE}{batch.pk}/undo/")
        assert (response.status_code, response["Location"]) == (302, f"{BASE}{batch.pk}/")
        assert values() == {("B8", "2018-Q2"): 60}
        tree = page(office.client().get(response["Location"]))
        assert tree.one("p", class_="answer").text.startswith("Undone by Analyst of childrens-services on")
        assert tree.all("p", class_="page-acts") == []

    def test_a_reason_is_asked_for_where_others_may_have_read(self, office):
        batch = office.bring(table(b8("Q1 2018/19", "68")))
        client = office.client()
        tree = page(client.post(f"{BASE}{batch.pk}/undo/", {"reason": " "}), 422)
        assert "Say why the import is undone." in error_of(tree)
        assert client.post(f"{BASE}{batch.pk}/undo/", {"reason": "Wrong file."}).status_code == 302
        assert values() == {}

    def test_a_frozen_quarter_is_told_instead(self, office):
        batch = office.bring()
        office.state(State.COMMENTARY, once=True)
        client = office.client()
        tree = page(client.get(f"{BASE}{batch.pk}/undo/"))
        assert "It cannot be undone now." in tree.one("div", class_="notice").text
        assert tree.one("main").all("form") == []
        assert client.post(f"{BASE}{batch.pk}/undo/", {"reason": "Wrong file."}).status_code == 409

    def test_cells_left_are_named(self, office):
        batch = office.bring()
        office.hold(Entry(value=Decimal(75)), version=1)
        office.undo(batch)
        tree = page(office.client().get(f"{BASE}{batch.pk}/"))
        assert tree.one("ul", class_="left-list").text == "B8 Proceedings on track, Q2 2018/19"
        assert "but for 1 value that was changed since" in tree.one("p", class_="answer").text

    def test_undone_twice_leads_to_the_batch(self, office):
        batch = office.bring()
        office.undo(batch)
        response = office.client().post(f"{BASE}{batch.pk}/undo/")
        assert (response.status_code, response["Location"]) == (302, f"{BASE}{batch.pk}/")


class TestDownloads:
    def test_the_export_holds_what_the_viewer_may_see(self, office):
        office.hold_past(60)
        office.hold(Entry(value=Decimal(70)))
        seen = {}
        for who in MEMBERS:
            response = office.client(who).get("/c/childrens-services/figures.csv")
            assert response.status_code == 200
            assert response["Content-Disposition"].startswith('attachment; filename="childrens-services-figures')
            seen[who] = [quarter for quarter in ("Q1 2018/19", "Q2 2018/19") if quarter in response.text]
        both, past = ["Q1 2018/19", "Q2 2018/19"], ["Q1 2018/19"]
        assert seen == {
            Who.OFFICER: past,
            Who.ANALYST: both,
            Who.COMMISSIONER_DIRECTOR: past,
            Who.PROVIDER_DIRECTOR: both,
            Who.ADMINISTRATOR: past,
        }

    def test_the_export_comes_back_and_changes_nothing(self, office):
        office.hold_past(60, note="=1+1")
        office.hold(Entry(value=Decimal(70)))
        office.bring(table(e1("July 2018", "101")))
        exported = office.client().get("/c/childrens-services/figures.csv").content
        plan = office.seen(office.upload(exported)).plan
        assert {item.kind.value for item in plan.items} == {"unchanged"}
        assert (plan.refused, plan.asked) == (frozenset(), ())

    @pytest.mark.parametrize("kind", ["csv", "xlsx"])
    def test_the_template_comes_back_and_is_understood(self, office, kind):
        response = office.client().get(f"{BASE}template.{kind}")
        assert response.status_code == 200
        assert "2018-Q2" in response["Content-Disposition"]
        seen = office.seen(office.upload(response.content, name=f"template.{kind}"))
        assert (seen.missing, seen.plan.items, seen.plan.refused) == ([], (), frozenset())

    def test_a_template_of_another_quarter(self, office):
        response = office.client().get(f"{BASE}template.csv?quarter=2018-Q1")
        assert "2018-Q1" in response["Content-Disposition"]
        assert "April 2018" in response.text
        assert office.client().get(f"{BASE}template.csv?quarter=never").status_code == 404

    @pytest.mark.parametrize("who", [Who.COMMISSIONER_DIRECTOR, Who.PROVIDER_DIRECTOR])
    def test_directors_have_no_template(self, office, who):
        assert office.client(who).get(f"{BASE}template.xlsx").status_code == 403


assert Q1.next == Q2
