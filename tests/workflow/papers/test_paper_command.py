"""`manage.py import_report`: what it prints, what it asks for, how it ends."""

import io

import pytest
from django.core.management import CommandError, call_command

from accounts.roles import Who
from measures.imports import batches
from measures.models import ImportBatch, Measure, Observation, Series
from tests import factories
from tests.factories import Q2
from tests.papers import PAPERS, TWIN, docx_of, row, table, twin_docx

POLARITIES = ("--polarity", "A4=higher", "--polarity", "B8=higher", "--polarity", "FO1=higher")
Q2_GIVEN = ("--quarter", "2018-Q2")


@pytest.fixture
def run(papers, tmp_path):
    def run(*options, content=None, name="q2-2018-19-twin.txt", contract="earlier-papers"):
        file = tmp_path / name
        file.write_bytes(TWIN.read_bytes() if content is None else content)
        out = io.StringIO()
        call_command("import_report", str(file), "--contract", contract, *options, stdout=out)
        return out.getvalue().splitlines()

    return run


@pytest.mark.parametrize("path", PAPERS)
def test_a_paper_is_brought_in(run, path):
    lines = run(*POLARITIES, content=path.read_bytes())
    assert lines[0] == "Q2 2018/19: 7 new measures, 9 values, 4 targets, 12 texts."
    assert lines[-1] == f"Brought into Q2 2018/19 as batch {ImportBatch.objects.get().pk}."
    assert (Measure.objects.count(), Observation.objects.count()) == (7, 9)
    assert sum(line.startswith("! line") for line in lines) == 2


def test_a_word_document_is_brought_in(run):
    run(*POLARITIES, content=twin_docx(), name="Q2 2018-19.docx")
    assert Observation.objects.count() == 9


def test_what_it_shows_of_a_measure(run):
    lines = run(*POLARITIES)
    start = lines.index(
        "A1 Children referred again in the last 12 months: new measure, section Contractual measures, polarity lower"
    )
    assert lines[start + 1 : start + 3] == ["  A1: 27%, new", "  target 22%, tolerance 28%, new"]
    assert lines[start + 3].startswith("  response, ")


def test_a_dry_run_stores_nothing(run):
    assert run(*POLARITIES, "--dry-run")[0].startswith("Q2 2018/19: 7 new measures")
    assert (Measure.objects.count(), ImportBatch.objects.count()) == (0, 0)


def test_what_is_lacking_is_said_exactly(run):
    with pytest.raises(CommandError) as refused:
        run("--polarity", "A4=higher", "--section", "B8= ", "--title", "E1=")
    assert str(refused.value).splitlines() == [
        "Nothing was brought in.",
        "Give B8 a section. --section B8=TEXT",
        "Choose for B8 which way is better. --polarity B8=higher|lower|neutral",
        "Choose for FO1 which way is better. --polarity FO1=higher|lower|neutral",
        "Give E1 a title. --title E1=TEXT",
    ]
    assert ImportBatch.objects.count() == 0


def test_what_was_said_is_held(run):
    run(*POLARITIES, "--section", "A1=Front door", "--title", "E1=Calls = contacts", "--polarity", "A1=lower")
    assert Measure.objects.get(code="A1").section == "Front door"
    assert Measure.objects.get(code="E1").title == "Calls = contacts"


def test_a_measure_of_no_kind(run):
    content = table(row("A9 Visits Q2 = 5"))
    with pytest.raises(CommandError, match="--kind A9=contractual"):
        run("--polarity", "A9=neutral", content=content)
    run("--kind", "A9=local", "--polarity", "A9=neutral", content=content)
    assert (Measure.objects.get().kind, Series.objects.get().polarity) == ("local", "neutral")


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--polarity", "A4"), "--polarity A4: write CODE=POLARITY, a code being one of A1, A4"),
        (("--polarity", "Z9=higher"), "--polarity Z9=higher: write CODE=POLARITY"),
        (("--polarity", "A4=up"), "--polarity A4=up: use higher|lower|neutral."),
        (("--quarter", "Q2"), "Write it like 2018-Q2."),
        (("--quarter", "2018-Q1"), "The paper’s values are those of Q2."),
        (("--quarter", "2100-Q2"), "old papers are brought into past quarters only"),
        (("--by", "nobody@example.org"), "No administrator has the e-mail address nobody@example.org."),
        (("--by", "officer.of.earlier-papers@example.org"), "No administrator has the e-mail address officer"),
    ],
)
def test_options_that_cannot_be(run, options, said):
    with pytest.raises(CommandError) as refused:
        run(*options)
    assert said in str(refused.value)
    assert ImportBatch.objects.count() == 0


def test_a_quarter_that_the_file_does_not_name(run):
    with pytest.raises(CommandError, match="Give it: --quarter 2018-Q2"):
        run(*POLARITIES, name="paper.txt")
    run(*POLARITIES, *Q2_GIVEN, name="paper.txt")
    assert Observation.objects.first().period == Q2


def test_who_does_it(run, papers):
    factories.make_user("Second", is_staff=True)
    with pytest.raises(CommandError, match="There are 2 administrators. Say who does it: --by EMAIL"):
        run(*POLARITIES)
    run(*POLARITIES, "--by", "Second@example.org")
    assert ImportBatch.objects.get().by.name == "Second"


def test_a_contract_that_is_not_there(run):
    with pytest.raises(CommandError, match="There is no contract elsewhere."):
        run(contract="elsewhere")


def test_the_same_paper_twice(run):
    run(*POLARITIES)
    lines = run()
    assert (lines[0], lines[-1]) == ("Q2 2018/19: Nothing new.", "There is nothing to bring in.")
    assert "  A1: 27%, held already" in lines
    assert ImportBatch.objects.count() == 1


def test_what_differs_and_what_is_left_out(run):
    run(*POLARITIES)
    Observation.objects.filter(series__code="A1").update(value=30)
    Measure.objects.get(code="A1").panes.filter(party="provider").update(released="<p>Held.</p>")
    lines = run()
    assert "  A1: 27%, held: 30%, which stays" in lines
    assert sum(line.endswith("another text is held, which stays") for line in lines) == 1


def test_it_ends_with_3_where_something_is_left_out(run):
    content = table(row("A8 Visits Q2 = about 5% Target: 4%"), row("A9 T Q2 = 7 Target: 8"))
    with pytest.raises(SystemExit) as ended:
        run("--polarity", "A8=lower", "--polarity", "A9=lower", content=content)
    assert ended.value.code == 3
    assert [str(row.value.normalize()) for row in Observation.objects.all()] == ["7"]


@pytest.mark.parametrize(
    ("content", "name", "said"),
    [
        (b"", "q2-2018-19.txt", "The file is empty."),
        (b"series,period,value\nA1,Q2 2018/19,5\n", "a.csv", "This is no old committee paper."),
        (table(row("<p>Returns</p>", "x")), "q2-2018-19.txt", "No measure was found"),
        (docx_of([]), "q2-2018-19.docx", "There is no table in the file."),
        (b"PK\x03\x04", "q2-2018-19.docx", "The file"),
    ],
)
def test_files_that_are_no_papers(run, content, name, said):
    with pytest.raises(CommandError) as refused:
        run(content=content, name=name)
    assert said in str(refused.value)


def test_a_file_that_is_not_there(run, tmp_path):
    with pytest.raises(CommandError, match="cannot be read: No such file"):
        call_command("import_report", str(tmp_path / "none.txt"), "--contract", "earlier-papers")


def test_a_quarter_opened_meanwhile(run, papers, monkeypatch):
    def upload(**given):
        factories.open_cycle(papers.contract, papers.people[Who.OFFICER])
        return real(**given)

    real = batches.upload
    monkeypatch.setattr(batches, "upload", upload)
    with pytest.raises(CommandError, match="Choose a quarter before Q2 2018/19"):
        run(*POLARITIES)
    assert (ImportBatch.objects.count(), Measure.objects.count()) == (0, 0)


@pytest.mark.parametrize("failure", [ZeroDivisionError, KeyboardInterrupt])
def test_a_failure_leaves_no_batch(run, monkeypatch, failure):
    def fail(*_):
        raise failure

    monkeypatch.setattr("workflow.papers.loading._keep", fail)
    with pytest.raises(failure):
        run(*POLARITIES)
    assert (ImportBatch.objects.count(), Measure.objects.count()) == (0, 0)
