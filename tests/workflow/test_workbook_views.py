"""The pages of a contract's workbook: upload, preview, confirmation; the template and what is held."""

import dataclasses
import io
import os
from html import unescape

import openpyxl
import pytest
from django.core import signing
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.denial import Invalid
from accounts.models import AuditEntry, Contract, Organisation, User
from accounts.roles import Who
from accounts.set_up_pages import NEEDED
from measures.models import CommitteeDate, Definition, Measure, Series, Target
from tests import factories
from tests.contractbooks import EXAMPLE, changed, long_sheet, read, with_contract, with_measures
from tests.markup import parse
from tests.papers import PaperDesk
from workflow import workbook_views
from workflow.contract_books import building, holding, planning, writing
from workflow.contract_books.columns import MEASURES, SHEETS

pytestmark = pytest.mark.django_db
PAGE = "/set-up/workbook/"
MANY = 300 if os.environ.get("PERFMON_TEST_FULL") else 60
MODELS = (Contract, Organisation, Measure, Series, Definition, Target, CommitteeDate, AuditEntry, User)


@pytest.fixture
def administrator():
    return factories.make_user("Administrator", is_staff=True)


@pytest.fixture
def client(administrator):
    return signed_in(administrator)


def signed_in(user):
    client = Client()
    client.force_login(user)
    return client


def upload(client, content, name="lighting.xlsx"):
    return client.post(PAGE, {"file": SimpleUploadedFile(name, content)})


def counted():
    return [model.objects.count() for model in MODELS]


def carried(response):
    return parse(response.text).one("input", name="carried").attrs["value"]


# Upload and preview


def test_the_page_offers_the_template_and_takes_a_file(client):
    page = parse(client.get(PAGE).text)
    assert page.one("h1").text == "A contract from a workbook"
    field = page.one("input", type="file")
    assert (field.attrs["name"], field.attrs["accept"]) == ("file", ".xlsx")
    assert page.one("label", for_=field.attrs["id"]).text == "Excel workbook of a contract"
    assert "/set-up/workbook/template.xlsx" in [link.attrs["href"] for link in page.one("main").all("a")]


def test_a_preview_shows_what_would_be_made_and_stores_nothing(client):
    client.get(PAGE)
    before = counted()
    response = upload(client, writing.workbook(EXAMPLE))
    page = parse(response.text)
    assert response.status_code == 200
    assert page.one("p", class_="answer").text == (
        "Makes the contract Street lighting: 1 measure, 1 series, 1 definition, 1 target and 1 committee date."
    )
    assert [[cell.text for cell in row.children if not isinstance(cell, str)]
            for row in page.one("table", class_="workbook-plan").one("tbody").all("tr")] == [
        ["L1 Lamps repaired in time Contractual, from Q1 2018/19",
         "L1 Repaired within five days Headline, percentage", "95%, tolerance 90%"]
    ]  # fmt: skip
    facts = page.one("dl", class_="workbook-facts")
    assert [(term.text, said.text) for term, said in zip(facts.all("dt"), facts.all("dd"), strict=True)] == [
        ("Commissioner", "Northford Borough Council (Northford BC) new"),
        ("Provider", "Northford Lighting Company (NLC) new"),
        ("Address", "/c/street-lighting/"),
        ("Due after the quarter’s end", "values 31 days, commentary 47 days"),
        ("Small cohort", "fewer than 30"),
        ("Second factor", "not required"),
    ]
    assert page.one("ul", class_="workbook-dates").text == "Q1 2018/19: 12 September 2018"
    assert counted() == before


def test_every_issue_stands_on_the_page_and_nothing_can_be_confirmed(client):
    response = upload(client, changed({"Measures!E2": "sometimes", "Targets!E2": "<b>95</b>", "Budget": "x"}))
    assert response.status_code == 422
    page = parse(response.text)
    assert page.one("title").text == "Error: Preview of lighting.xlsx · perfmon"
    assert page.one("p", class_="answer").text == "Nothing can be stored yet: 2 things are to mend in the file first."
    assert page.all("input", name="carried") == []
    refused, warned = page.all("table", class_="issues")
    assert [row.all("th")[0].text for row in refused.one("tbody").all("tr")] == ["Measures, row 2", "Targets, row 2"]
    assert [row.all("th")[0].text for row in warned.one("tbody").all("tr")] == ["Budget"]
    assert "“&lt;b&gt;95&lt;/b&gt;” is not a number." in response.text
    assert page.one("input", type="file")
    assert Contract.objects.count() == 0


def test_what_is_held_here_is_told_as_well(client, administrator):
    confirm(client, EXAMPLE)
    response = upload(client, writing.workbook(EXAMPLE))
    assert response.status_code == 422
    assert "Street lighting has this address, and holds 1 measure already." in unescape(response.text)


@pytest.mark.parametrize(("name", "content", "status", "words"), [
    ("contract.csv", b"Title\nRoads\n", 422, "This is a text file. A contract comes in as an Excel workbook (.xlsx)"),
    ("contract.xlsx", b"PK\x03\x04 and then nothing", 422, "The file is damaged"),
    ("contract.pdf", b"%PDF-1.7", 422, "This is a PDF, not a table."),
    ("contract.csv", b"Title\nRoads\n" + b"x\n" * 5_000, 422, "This is a text file. A contract comes in as an Excel"),
    ("contract.xlsx", b"x" * (10 * 1024 * 1024 + 1), 413, "The file is larger than 10 MB. Leave out pictures, and"),
    ("contract.xlsx", b"", 422, "The file is empty."),
], ids=["text", "damaged", "pdf", "long text", "large", "empty"])  # fmt: skip
def test_a_file_that_is_no_workbook_is_told_at_its_field(client, name, content, status, words):
    response = upload(client, content, name)
    assert response.status_code == status
    assert words in unescape(response.text)
    assert parse(response.text).one("title").text == "Error: A contract from a workbook · perfmon"


def test_without_a_file_the_field_says_so(client):
    response = client.post(PAGE, {})
    assert response.status_code == 422
    assert "Choose a file first." in response.text


# Confirmation


def confirm(client, book, name="lighting.xlsx"):
    return client.post(PAGE, {"carried": carried(upload(client, writing.workbook(book), name))})


def test_confirming_makes_it_and_leads_to_its_set_up(client, administrator):
    response = confirm(client, EXAMPLE)
    assert (response.status_code, response["Location"]) == (302, "/c/street-lighting/set-up/")
    assert holding.book_of(Contract.objects.get()) == EXAMPLE
    page = parse(client.get(response["Location"]).text)
    said = "Street lighting was set up from lighting.xlsx: 1 measure, 1 series, 1 definition, 1 target and 1 committee"
    assert said in page.one("main").text
    entry = AuditEntry.objects.get(act="load workbook")
    assert (entry.by, len(entry.new["sha256"])) == (administrator, 64)


def test_confirming_twice_makes_one(client):
    said = carried(upload(client, writing.workbook(EXAMPLE)))
    assert client.post(PAGE, {"carried": said}).status_code == 302
    before = counted()
    response = client.post(PAGE, {"carried": said})
    assert response.status_code == 409
    assert "Something changed here after you saw the preview." in response.text
    assert "holds 1 measure already" in response.text
    assert parse(response.text).all("input", name="carried") == []
    assert counted() == before


def test_a_harmless_change_shows_the_new_preview_to_confirm(client):
    said = carried(upload(client, writing.workbook(EXAMPLE)))
    Organisation.objects.create(name="Northford Lighting Company", short_name="NLC")
    response = client.post(PAGE, {"carried": said})
    assert response.status_code == 409
    assert "Northford Lighting Company (NLC) held already" in parse(response.text).one("main").text
    assert Contract.objects.count() == 0
    assert client.post(PAGE, {"carried": carried(response)}).status_code == 302
    assert Contract.objects.count() == 1


def test_a_contract_of_old_papers_is_brought_in_again_under_another_address(client):
    """A paper does not say what is counted, so its series have no word for it."""
    desk = PaperDesk()
    desk.load()
    held = holding.book_of(desk.contract)
    assert {(row.counted, row.counted_one) for row in held.series} == {("", "")}
    workbook = openpyxl.load_workbook(io.BytesIO(client.get("/c/earlier-papers/set-up/workbook/").content))
    assert workbook["Contract"]["B2"].value == "earlier-papers"
    workbook["Contract"]["B2"] = "again"
    out = io.BytesIO()
    workbook.save(out)
    response = upload(client, out.getvalue())
    assert response.status_code == 200
    (warned,) = parse(response.text).all("table", class_="issues")
    assert [row.all("th")[0].text for row in warned.one("tbody").all("tr")] == [
        f"Series, row {number}" for number in range(2, 11)
    ]
    assert client.post(PAGE, {"carried": carried(response)}).status_code == 302
    made = Contract.objects.get(slug="again")
    assert holding.book_of(made) == with_contract(held, slug="again")
    for page in ("", "measures/"):
        assert client.get(f"/c/again/set-up/{page}").status_code == 200


def forged(**said):
    return signing.dumps(said, salt="something else", compress=True)


@pytest.mark.parametrize("what", ["cut", "forged", "somebody else’s", "too old", "empty", "updated"])
def test_a_preview_that_was_not_made_for_one_now_stores_nothing(client, what, monkeypatch):
    said = carried(upload(client, writing.workbook(EXAMPLE)))
    if what == "somebody else’s":
        client = signed_in(factories.make_user("Second", is_staff=True))
    elif what == "too old":
        monkeypatch.setattr(workbook_views, "DAY", -1)
    elif what == "updated":
        more = (*MEASURES.columns, dataclasses.replace(MEASURES.columns[-1], name="unheard"))
        changed = dataclasses.replace(MEASURES, columns=more)
        monkeypatch.setattr(building, "SHEETS", [changed if one is MEASURES else one for one in SHEETS])
    said = {"cut": said[:-1], "forged": forged(by=1), "empty": ""}.get(what, said)
    response = client.post(PAGE, {"carried": said})
    assert response.status_code == 422
    assert "The preview was made over a day ago, before an update, or not by you." in response.text
    assert Contract.objects.count() == 0


@pytest.mark.parametrize("kind", [Invalid, ValueError])
def test_what_only_storing_refuses_is_told_in_its_own_words(client, kind, monkeypatch):
    """No check of the workbook finds it, and nothing has changed here since."""
    said = carried(upload(client, writing.workbook(EXAMPLE)))

    def refuse(**columns):
        raise kind({"target": "Too high."}) if kind is Invalid else kind("Too high.")

    monkeypatch.setattr("measures.catalogue.set_first_target", refuse)
    response = client.post(PAGE, {"carried": said})
    assert response.status_code == 422
    page = parse(response.text)
    assert page.one("div", role="alert").text == (
        "Nothing was stored Too high. Correct it in the file, and choose the file once more."
    )
    assert page.one("input", type="file")
    assert Contract.objects.count() == 0


def test_another_persons_confirmation_is_refused(client):
    said = carried(upload(client, writing.workbook(EXAMPLE)))
    officer = factories.make_members(factories.make_contract())[Who.OFFICER].user
    assert signed_in(officer).post(PAGE, {"carried": said}).status_code == 403
    assert Client().post(PAGE, {"carried": said}).status_code == 302
    assert not Contract.objects.filter(slug="street-lighting").exists()


# Sizes


def test_a_long_contract_is_previewed_and_made(client):
    response = upload(client, writing.workbook(with_measures(MANY)))
    page = parse(response.text)
    assert f"{MANY} measures, {MANY} series, {MANY} definitions, {MANY} targets" in page.one("p", class_="answer").text
    assert len(page.one("table", class_="workbook-plan").all("tbody")) == MANY
    assert len(carried(response)) < MANY * 333
    assert client.post(PAGE, {"carried": carried(response)}).status_code == 302
    assert Measure.objects.count() == MANY


def test_a_preview_shows_the_first_of_many(client, monkeypatch):
    monkeypatch.setattr(planning, "SHOWN", 2)
    monkeypatch.setattr(workbook_views, "SHOWN", 2)
    page = parse(upload(client, writing.workbook(with_measures(4))).text)
    assert len(page.one("table", class_="workbook-plan").all("tbody")) == 2
    assert page.one("h2", id="section-1").text == "Repairs 4"
    assert "And 2 more series, not shown here." in page.one("main").text
    wrong = {f"Measures!E{row}": "sometimes" for row in range(2, 6)} | {"Budget": "Costs"}
    page = parse(upload(client, changed(wrong, with_measures(4))).text)
    assert page.one("p", class_="answer").text == "Nothing can be stored yet: 4 things are to mend in the file first."
    assert [len(table.one("tbody").all("tr")) for table in page.all("table", class_="issues")] == [2, 1]
    assert page.one("h2", id="refused-title").text == "To mend first 4"
    assert "And 2 more, told once these are mended." in page.one("main").text
    assert page.one("main").text.count("more") == 1


def test_more_than_a_form_carries_is_told(client, monkeypatch):
    monkeypatch.setattr(workbook_views, "MOST_CARRIED", 100)
    response = upload(client, writing.workbook(EXAMPLE))
    assert response.status_code == 422
    assert (
        "This is more than a page can carry. Bring it in with the command load_contract, which takes any number of "
        "rows." in response.text
    )


@pytest.mark.parametrize(("rows", "said"), [
    (5_000, None),
    (5_001, "The sheet “Budget” has more than 5,000 rows below its header. Delete the rows that are not needed, or "
            "bring the workbook in with the command load_contract, which takes any number of rows."),
])  # fmt: skip
def test_a_sheet_with_more_rows_than_a_page_takes_is_told_with_the_way_that_takes_it(client, rows, said):
    response = upload(client, long_sheet(rows))
    if said is None:
        assert response.status_code == 200
        return
    assert response.status_code == 422
    assert said in parse(response.text).one("main").text


def test_a_preview_asks_the_same_questions_of_any_contract(client):
    client.get(PAGE)
    found = []
    for book in (EXAMPLE, with_measures(3)):
        content = writing.workbook(book)
        with CaptureQueriesContext(connection) as queries:
            upload(client, content)
        found.append(len(queries))
    assert found[0] == found[1]


# Files


def test_the_template(client):
    response = client.get("/set-up/workbook/template.xlsx")
    assert response["Content-Disposition"] == 'attachment; filename="contract-template.xlsx"'
    assert openpyxl.load_workbook(io.BytesIO(response.content)).sheetnames[0] == "Contract"


def test_the_contract_as_it_is(client):
    confirm(client, EXAMPLE)
    response = client.get("/c/street-lighting/set-up/workbook/")
    assert response["Content-Disposition"] == 'attachment; filename="street-lighting-contract.xlsx"'
    assert read(response.content).book == EXAMPLE


def test_a_contract_without_anything_is_a_workbook_too(client):
    sides = [Organisation.objects.create(name=name, short_name=name) for name in ("Council", "Company")]
    Contract.objects.create(slug="new", title="New", commissioner=sides[0], provider=sides[1])
    book = openpyxl.load_workbook(io.BytesIO(client.get("/c/new/set-up/workbook/").content))
    assert [cell.value for cell in book["Contract"][2]] == [
        "New", "new", "Council", "Council", "Company", "Company", 31, 47, 30, "No",
    ]  # fmt: skip
    assert book["Measures"].max_row == 1


def test_a_text_that_no_cell_holds_is_told(client):
    confirm(client, EXAMPLE)
    Measure.objects.update(why_it_matters="x" * 32_768)
    response = client.get("/c/street-lighting/set-up/workbook/")
    assert response.status_code == 409
    assert "A text under “Why it matters” is longer than a cell holds" in response.text


def test_a_name_of_a_file_is_shown_as_text(client):
    response = upload(client, writing.workbook(with_contract(title="<i>T</i>")), "<script>.xlsx")
    assert "<script>.xlsx" not in response.text
    assert "<i>T</i>" not in response.text


def test_a_contract_that_asks_for_a_second_factor_is_not_filled_without_one(client):
    client.get(PAGE)
    upload_of = writing.workbook(EXAMPLE)
    shown = carried(upload(client, upload_of))
    row = EXAMPLE.contract
    held = factories.make_contract(row.slug, row.commissioner_short, row.provider_short)
    Contract.objects.filter(pk=held.pk).update(requires_second_factor=True)
    before = counted()
    for response in (upload(client, upload_of), client.post(PAGE, {"carried": shown})):
        assert (response.status_code, NEEDED in response.text) == (403, True)
    assert counted() == before
