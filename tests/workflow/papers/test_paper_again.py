"""The record of an old paper: what it brought in, what undoing it takes back, and a confirmation that is clicked
twice."""

import pytest
from django.test import Client

from accounts.denial import WrongState
from accounts.roles import Who
from commentary.models import Pane
from measures.imports import batches
from measures.imports.brought import Brought
from measures.models import Cycle, ImportBatch, Measure, Observation, Target
from tests import factories
from tests.factories import NOW, Q2
from tests.markup import parse
from tests.papers import row, table
from tests.statements import just_before
from workflow.papers import loading
from workflow.papers.plans import Choice

CODES = ("A1", "A4", "B8", "FO1", "E1", "E34/35", "E18/19")


@pytest.fixture
def client(papers):
    client = Client()
    client.force_login(papers.people[Who.ADMINISTRATOR].user)
    return client


def address(batch, page=""):
    return f"/c/earlier-papers/import/{batch.pk}/{page}"


def main(response, status=200):
    assert response.status_code == status
    return parse(response.text).one("main")


def listed(tree):
    section = tree.one("section", aria_labelledby="brought-title")
    return [(line.one("dt").text, line.one("dd").text) for line in section.one("dl").all("div")]


class TestRecord:
    def test_codes_are_kept_and_no_words(self, papers):
        batch = papers.load()
        assert ImportBatch.objects.get(pk=batch.pk).brought == Brought(
            measures=CODES,
            targets=("A1", "A4", "B8", "FO1"),
            responses=CODES,
            comments=CODES[:5],
        )
        assert set(batch.mapping) == {"quarter", "left_out", "brought"}

    def test_only_what_was_new(self, papers):
        measure = factories.make_measure(papers.contract, "A1", first_quarter=Q2.next)
        factories.make_series(measure, polarity="lower", first_quarter=Q2.next)
        batch = papers.load()
        assert (batch.brought.measures, batch.brought.earlier) == (CODES[1:], ("A1",))
        again = papers.load(said={})
        assert (again.brought, again.brought.words) == (Brought(), "")

    def test_the_batch_page_lists_it(self, papers, client):
        batch = papers.load()
        tree = main(client.get(address(batch)))
        assert listed(tree) == [
            ("New measures", "7: A1, A4, B8, FO1, E1, E34/35, E18/19"),
            ("First targets", "4: A1, A4, B8, FO1"),
            ("Texts of DMBC", "7: A1, A4, B8, FO1, E1, E34/35, E18/19"),
            ("Texts of DCST", "5: A1, A4, B8, FO1, E1"),
        ]
        assert tree.one("h2", id="changes-title").text == "Values 9"

    @pytest.mark.parametrize(
        ("brought", "words"),
        [
            (Brought(), ""),
            (Brought(targets=("A1",)), "1 target"),
            (Brought(measures=("A1",), comments=("A1", "A2")), "1 new measure and 2 texts"),
            (
                Brought(("A1",), ("A2", "A3"), ("A1", "A2"), ("A1",), ("A2",)),
                "1 new measure, 2 earlier starts, 2 targets and 2 texts",
            ),
        ],
    )
    def test_in_words(self, brought, words):
        assert brought.words == words
        assert Brought.from_json(brought.as_json()) == brought


class TestUndo:
    def test_the_page_says_what_goes_and_what_stays(self, papers, client):
        words = main(client.get(address(papers.load(), "undo/"))).one("div", class_="prose").text
        assert "9 values go." in words
        assert (
            "Values alone are taken back. What else the paper brought in stays, as does its quarter: "
            "7 new measures, 4 targets and 12 texts." in words
        )

    def test_that_is_what_happens(self, papers, client):
        batch = papers.load()
        assert client.post(address(batch, "undo/"), {"reason": "Wrong quarter."}).status_code == 302
        assert not Observation.objects.filter(is_current=True).exists()
        held = (Measure, Target, Pane, Cycle)
        assert [model.objects.count() for model in held] == [7, 4, 12, 1]
        tree = main(client.get(address(batch)))
        answer = tree.one("p", class_="answer").text
        assert answer.endswith(
            "Its values are taken back. What it brought besides values is still here: "
            "7 new measures, 4 targets and 12 texts."
        )
        assert len(listed(tree)) == 4

    def test_the_same_paper_can_come_again(self, papers):
        batches.undo(by=papers.admin, batch=papers.load(), now=NOW, reason="Once more.")
        batch = papers.load(said={})
        assert (batch.counts["new"], batch.brought) == (9, Brought())
        assert Observation.objects.filter(is_current=True).count() == 9

    def test_a_paper_of_texts_alone_has_nothing_to_undo(self, papers, client):
        papers.load()
        content = table(row("A8 Visits", "New words."))
        said = {"A8": Choice(section="S", kind="local", polarity="neutral")}
        batch = papers.load(papers.upload(content, "q1-2018-19.txt"), quarter=Q2.previous, said=said)
        assert (batch.counts["new"], batch.brought.words) == (0, "1 new measure and 1 text")
        assert main(client.get(address(batch))).all("p", class_="page-acts") == []
        assert "No value goes." in main(client.get(address(batch, "undo/"))).text


class TestTwice:
    """Wherever the first click is done while the second is on its way, the second leads to what the first made."""

    @pytest.mark.parametrize(
        "before",
        [
            # The file is read; what is held is read; the transaction begins.
            'SELECT "measures_importbatch"."content"',
            'FROM "measures_measure"',
            "SAVEPOINT",
        ],
        ids=["file", "held", "transaction"],
    )
    def test_both_lead_to_the_batch(self, papers, client, before):
        batch = papers.upload()
        form = client.get(address(batch, "paper/")).context["form"]
        said = {name: form[name].value() or "" for name in form.fields}
        said |= {f"m{place}_polarity": "higher" for place in (1, 2, 3)}
        with just_before(before, lambda: papers.load(batch)):
            response = client.post(address(batch, "paper/"), said)
        assert (response.status_code, response["Location"]) == (302, address(batch))
        assert (ImportBatch.objects.get().state, Observation.objects.count()) == ("confirmed", 9)

    def test_a_paper_that_is_gone_is_not_an_empty_one(self, papers):
        batch = papers.load()
        with pytest.raises(WrongState, match="imported this file or threw it away just now"):
            loading.paper_of(batch)

    def test_thrown_away_meanwhile(self, papers, client, monkeypatch):
        batch = papers.upload()
        real = loading.paper_of
        monkeypatch.setattr(loading, "paper_of", lambda each: (ImportBatch.objects.all().delete(), real(each))[1])
        assert client.post(address(batch, "paper/"), {"quarter": "2018-Q2"}).status_code == 404
