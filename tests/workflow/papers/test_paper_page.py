"""The page of an old paper: the preview in three columns, what is asked, the confirmation, and who may see it."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts.roles import Who
from measures.models import ImportBatch, Measure, Observation
from measures.states import State
from tests import factories
from tests.factories import Q2
from tests.markup import parse
from tests.papers import TWIN, PaperDesk, row, table
from workflow.paper_forms import PaperForm

Q1, Q3 = Q2.previous, Q2.next


class Pages:
    def __init__(self, papers):
        self.papers = papers

    def client(self, who=Who.ADMINISTRATOR):
        client = Client()
        client.force_login(self.papers.people[who].user)
        return client

    def path(self, batch):
        return f"/c/{batch.contract.slug}/import/{batch.pk}/paper/"

    def get(self, batch, who=Who.ADMINISTRATOR):
        return self.client(who).get(self.path(batch))

    def post(self, batch, who=Who.ADMINISTRATOR, **said):
        return self.client(who).post(self.path(batch), said)

    def said(self, batch, **changed):
        """Everything that the twin's page asks for, as a browser would send it."""
        form = self.get(batch).context["form"]
        start = {name: form[name].value() or "" for name in form.fields}
        polarities = {"m1_polarity": "higher", "m2_polarity": "higher", "m3_polarity": "higher"}
        return {**start, **polarities, **changed}


@pytest.fixture
def pages(papers):
    return Pages(papers)


def main(response):
    return parse(response.text).one("main")


def card(response, code):
    return main(response).one("section", aria_labelledby=f"measure-{code.lower().replace('/', '')}")


class TestPreview:
    def test_what_would_be_brought_in_comes_first(self, papers, pages):
        page = main(pages.get(papers.upload()))
        assert page.one("h1").text == "Old paper of Q2 2018/19 nothing is stored yet"
        answer = page.one("p", class_="answer").text
        assert answer == "7 new measures, 9 values, 4 targets, 12 texts to bring into Q2 2018/19."

    def test_a_measure_stands_in_the_paper_s_three_columns(self, papers, pages):
        found = card(pages.get(papers.upload()), "A1")
        own, response, comment = (node for node in found.children if not isinstance(node, str))
        assert own.one("h2").text == "Children referred again in the last 12 months"
        assert [item.text for item in own.all("li")] == ["27% new", "Target 22%, tolerance 28% new"]
        assert (response.one("h3").text, comment.one("h3").text) == ("DMBC response new", "DCST comment new")
        assert [len(response.all("p")), len(response.all("li"))] == [6, 2]
        assert comment.one("p").text.startswith("The share went up a little")

    def test_a_pair_and_a_text_that_is_not_there(self, papers, pages):
        found = card(pages.get(papers.upload()), "E34/35")
        assert [item.text for item in found.all("li")] == ["1,677 E34 new", "396 per 10,000 E35 new"]
        assert "The paper has no text here." in found.text

    def test_what_is_to_look_at(self, papers, pages):
        rows = main(pages.get(papers.upload())).one("table", class_="issues").one("tbody").all("tr")
        assert [row.one("th").text for row in rows] == ["Line 26", "Line 31"]

    def test_areas_for_improvement_are_told(self, papers, pages):
        told = main(pages.get(papers.upload())).one("div", class_="told").text
        assert told.startswith("The paper lists as areas for improvement: Children who come back within a year;")

    def test_only_what_the_paper_leaves_open_is_asked(self, papers, pages):
        form = pages.get(papers.upload()).context["form"]
        assert list(form.fields) == [
            "digest",
            "quarter",
            *(f"m{place}_{name}" for place in range(4) for name in ("section", "polarity")),
            "m4_title",
        ]
        assert form["m4_title"].value() == "Contacts made with children's services"
        assert [form[f"m{place}_polarity"].value() for place in range(4)] == ["lower", None, None, None]
        assert [value for value, _ in form.fields["m1_polarity"].choices] == ["higher", "lower"]

    def test_the_quarters_to_choose_from(self, papers, pages):
        factories.open_cycle(papers.contract, papers.people[Who.OFFICER], Q3)
        form = pages.get(papers.upload()).context["form"]
        codes = [code for code, _ in form.fields["quarter"].choices]
        assert codes[:3] == ["", "2018-Q2", "2017-Q2"]
        assert form["quarter"].value() == "2018-Q2"

    def test_without_a_quarter_in_the_file(self, papers, pages):
        batch = papers.upload(name="paper.txt")
        response = pages.get(batch)
        page = main(response)
        assert response.context["form"]["quarter"].value() == ""
        assert page.one("h1").text == "Old paper nothing is stored yet"
        assert [button.text for button in page.one("form", class_="paper-form").all("button")] == [
            "Compare with what is held"
        ]
        assert page.all("span", class_="stand") == []

    def test_a_paper_that_cannot_be_read(self, papers, pages):
        batch = papers.upload(table(row("<p>Returns</p>", "Words.")))
        response = pages.get(batch)
        assert response.status_code == 200
        assert "No measure was found" in main(response).text
        assert pages.post(batch).status_code == 200
        assert [form.attrs["action"] for form in main(response).all("form")] == [
            f"/c/{papers.contract.slug}/import/{batch.pk}/discard/"
        ]

    def test_hostile_words_are_words(self, papers, pages):
        batch = papers.upload(table(row("A9 &lt;script&gt;x&lt;/script&gt; Q2 = 5", "<img src=x onerror=y>&lt;b&gt;")))
        text = pages.get(batch).text
        assert "<script>x" not in text
        assert "onerror" not in text
        assert "&lt;b&gt;" in text


class TestConfirm:
    def test_all_of_it_is_brought_in(self, papers, pages):
        batch = papers.upload()
        response = pages.post(batch, **pages.said(batch))
        assert (response.status_code, response["Location"]) == (302, f"/c/{papers.contract.slug}/import/{batch.pk}/")
        assert Observation.objects.count() == 9
        assert Measure.objects.get(code="E1").title == "Contacts made with children's services"
        batch_page = pages.client().get(response["Location"])
        assert "7 new measures, 9 values, 4 targets, 12 texts" in batch_page.text

    def test_what_is_missing_is_named_at_its_field(self, papers, pages):
        batch = papers.upload()
        response = pages.post(batch, **pages.said(batch, m1_polarity="", m4_title=" ", m2_section=""))
        assert response.status_code == 422
        links = {link.text: link.attrs["href"] for link in main(response).one("div", class_="error-summary").all("a")}
        assert links == {
            "Choose for A4 which way is better.": "#id_m1_polarity_0",
            "Give B8 a section.": "#id_m2_section",
            "Give E1 a title.": "#id_m4_title",
        }
        assert Measure.objects.count() == 0

    def test_a_tolerance_on_the_wrong_side(self, papers, pages):
        batch = papers.upload()
        form = pages.post(batch, **pages.said(batch, m0_polarity="higher")).context["form"]
        assert form.errors == {"m0_polarity": ["A1: Where higher is better, the tolerance cannot be above the target."]}

    def test_without_a_quarter(self, papers, pages):
        batch = papers.upload()
        response = pages.post(batch, **pages.said(batch, quarter=""))
        assert (response.status_code, response.context["form"].errors["quarter"]) == (
            422,
            ["Choose the quarter of this paper."],
        )

    @pytest.mark.parametrize("quarter", ["2018-Q1", "2100-Q2", "nonsense"])
    def test_a_quarter_that_is_not_offered(self, papers, pages, quarter):
        batch = papers.upload()
        assert pages.post(batch, **pages.said(batch, quarter=quarter)).status_code == 422

    def test_another_quarter_than_the_preview_s_is_looked_at_first(self, papers, pages):
        batch = papers.upload()
        response = pages.post(batch, **pages.said(batch, quarter="2017-Q2", m4_title="Calls"))
        page = main(response)
        assert (response.status_code, Measure.objects.count()) == (200, 0)
        assert page.one("h1").text.startswith("Old paper of Q2 2017/18")
        assert "Compared with what Q2 2017/18 holds. Nothing is stored yet" in page.text
        form = response.context["form"]
        assert (form["m4_title"].value(), form["m1_polarity"].value()) == ("Calls", "higher")
        assert page.all("div", class_="error-summary") == []
        again = {name: form[name].value() or "" for name in form.fields}
        assert pages.post(batch, **again).status_code == 302
        assert Observation.objects.first().period.code == "2017-Q2"

    def test_what_changed_meanwhile_is_looked_at_first(self, papers, pages):
        batch = papers.upload()
        said = pages.said(batch)
        papers.load()
        response = pages.post(batch, **said)
        assert response.status_code == 200
        assert card(response, "A1").all("span", class_="new") == []

    def meanwhile(self, monkeypatch, change):
        """Something that happens after the form was looked at and before the paper is written."""

        def is_valid(form):
            found = real(form)
            change()
            return found

        real = PaperForm.is_valid
        monkeypatch.setattr(PaperForm, "is_valid", is_valid)

    def test_what_changes_at_the_last_moment_is_looked_at_first(self, papers, pages, monkeypatch):
        batch = papers.upload()
        said = pages.said(batch)
        self.meanwhile(monkeypatch, lambda: papers.load())
        response = pages.post(batch, **said)
        assert response.status_code == 409
        assert "What is held has changed since you opened this preview." in main(response).text
        assert Observation.objects.count() == 9

    def test_a_quarter_opened_at_the_last_moment(self, papers, pages, monkeypatch):
        batch = papers.upload()
        said = pages.said(batch)
        self.meanwhile(monkeypatch, lambda: factories.make_cycle(papers.contract, Q2, State.OPEN))
        response = pages.post(batch, **said)
        assert response.status_code == 422
        assert "Choose a quarter before Q2 2018/19" in main(response).one("div", class_="error-summary").text
        assert Measure.objects.count() == 0

    def test_the_same_paper_again_brings_nothing(self, papers, pages):
        papers.load()
        batch = papers.upload()
        page = main(pages.get(batch))
        assert page.one("p", class_="answer").text == "Nothing new to bring into Q2 2018/19. 25 held already."
        response = pages.post(batch, **pages.said(batch))
        assert (response.status_code, ImportBatch.objects.get(pk=batch.pk).state) == (200, "uploaded")
        assert "Nothing was stored" in main(response).text

    def test_what_differs_is_shown_beside_what_is_held(self, papers, pages):
        papers.load()
        Observation.objects.filter(series__code="A1").update(value=30)
        Measure.objects.get(code="A1").panes.filter(party="provider").update(released="<p>Held.</p>")
        response = pages.get(papers.upload())
        assert (
            main(response)
            .one("p", class_="answer")
            .text.endswith("23 held already. 2 differ from what is held, which stays.")
        )
        found = card(response, "A1")
        assert found.all("li")[0].text == "27% held: 30%, which stays"
        assert found.one("details").text == "What is held Held."

    def test_a_measure_that_will_start_earlier(self, papers, pages):
        papers.load()
        batch = papers.upload(table(row("A1 Returns Q1 = 25%")), "q1-2018-19.txt")
        assert "It starts in Q2 2018/19 here, and will start in Q1 2018/19." in card(pages.get(batch), "A1").text


class TestWhoSeesIt:
    @pytest.mark.parametrize("who", [who for who in Who if who is not Who.ADMINISTRATOR])
    def test_members_do_not(self, papers, pages, who):
        batch = papers.upload()
        for response in (pages.get(batch, who), pages.post(batch, who, quarter="2018-Q2")):
            assert response.status_code == 403
            assert "Only an administrator may" in response.text

    def test_strangers_do_not_know_of_it(self, papers, pages):
        batch = PaperDesk("elsewhere").upload()
        assert pages.get(batch, Who.ANALYST).status_code == 404
        client = pages.client()
        assert client.get(f"/c/{papers.contract.slug}/import/{batch.pk}/paper/").status_code == 404

    def test_a_file_of_values_is_no_paper(self, papers, pages):
        batch = papers.upload()
        ImportBatch.objects.update(kind="values")
        assert pages.get(batch).status_code == 404

    def test_a_paper_that_was_brought_in_leads_to_its_record(self, papers, pages):
        batch = papers.load()
        response = pages.get(batch)
        assert (response.status_code, response["Location"]) == (302, f"/c/{papers.contract.slug}/import/{batch.pk}/")

    def test_the_upload_page_leads_to_it(self, papers, pages):
        file = SimpleUploadedFile("q2-2018-19-twin.txt", TWIN.read_bytes())
        response = pages.client().post(f"/c/{papers.contract.slug}/import/", {"file": file})
        batch = ImportBatch.objects.get()
        assert (response.status_code, response["Location"], batch.kind) == (302, pages.path(batch), "paper")


@pytest.mark.parametrize(("who", "offered"), [(Who.ADMINISTRATOR, 1), (Who.OFFICER, 0), (Who.ANALYST, 0)])
def test_the_landing_page_leads_administrators_to_it(pages, who, offered):
    links = [link.attrs["href"] for link in main(pages.client(who).get("/")).all("a") if "old papers" in link.text]
    assert links == ["/c/earlier-papers/import/"] * offered
