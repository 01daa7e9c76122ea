"""`manage.py import_values`: the preview as text, what it ends with, and by whom it is done."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError

from accounts.roles import Who
from measures.imports import reading
from measures.imports.cells import Unreadable
from measures.management.commands import import_values
from measures.models import ImportBatch
from measures.terms import BatchState
from tests import factories
from tests.measures.imports.office import NEW, b8, counted, e1, table, values
from tests.statements import just_before

MIXED = table(b8("Q1 2018/19", "68"), b8("Q2 2018/19", "70"), e1("July 2018", "x1"))


@pytest.fixture
def run(office, tmp_path):
    """(what was printed, what it ended with)"""

    def call(content=NEW, *options, name="figures.csv", contract="childrens-services"):
        path = tmp_path / name
        path.write_bytes(content)
        printed = StringIO()
        try:
            call_command("import_values", str(path), "--contract", contract, *options, stdout=printed)
        except SystemExit as ended:
            return printed.getvalue(), ended.code
        return printed.getvalue(), 0

    return call


def test_it_imports_and_says_what(office, run):
    printed, code = run()
    batch = ImportBatch.objects.get()
    assert code == 0
    assert printed.splitlines() == [
        "",
        "New (3)",
        "  Row 2: B8 Proceedings on track, Q2 2018/19: 70%",
        "  Row 3: E1 Contacts, July 2018: 101",
        "  Row 4: E1 Contacts, August 2018: 102",
        "",
        "3 new values.",
        f"3 values imported as batch {batch.pk}.",
    ]
    assert (batch.state, batch.confirmed_by, batch.filename) == (
        BatchState.CONFIRMED,
        office.by().user,
        "figures.csv",
    )
    assert values()["B8", "2018-Q2"] == 70


def test_a_dry_run_stores_nothing_at_all(office, run):
    office.hold_past(60)
    before = counted()
    printed, code = run(MIXED, "--dry-run")
    assert (code, counted(), ImportBatch.objects.count()) == (import_values.SOME_REFUSED, before, 0)
    lines = printed.splitlines()
    assert "Refused (1)" in lines
    assert any(line.startswith("  Row 4, column D “value”: read “x1”.") for line in lines)
    assert "  Row 2: B8 Proceedings on track, Q1 2018/19: 60% becomes 68%" in lines
    assert lines[-1] == "1 new value, 1 changed, 1 row refused."


def test_refused_rows_are_left_out_and_told_by_the_exit_code(office, run):
    assert run(MIXED)[1] == 3
    assert values() == {("B8", "2018-Q1"): 68, ("B8", "2018-Q2"): 70}


def test_a_reason_is_asked_for(office, run):
    office.hold_past(60)
    with pytest.raises(CommandError, match="Say why values change"):
        run(MIXED)
    assert (values(), ImportBatch.objects.count()) == ({("B8", "2018-Q1"): 60}, 0)
    run(MIXED, "--reason", "Counted twice.")
    assert values()["B8", "2018-Q1"] == 68
    assert ImportBatch.objects.get().reason == "Counted twice."


@pytest.mark.parametrize("failure", [DatabaseError, KeyboardInterrupt])
def test_what_stops_it_leaves_no_batch(office, run, failure):
    def fail():
        raise failure

    with just_before('INSERT INTO "measures_importchange"', fail), pytest.raises(failure):
        run()
    assert (values(), ImportBatch.objects.count()) == ({}, 0)


def test_more_rows_than_a_page_takes(office, run):
    content = table(*[["Z9", "Z9", "Q2 2018/19", "1"]] * (reading.MOST_ROWS + 1))
    with pytest.raises(Unreadable, match="5,000"):
        office.upload(content)
    printed, code = run(content, "--dry-run")
    assert (code, printed.splitlines()[-1]) == (3, "No new values, 5,001 rows refused.")
    assert "  Row 5002, column" in printed


def test_an_open_question_is_printed_with_its_choices(office, run):
    content = table(b8("01/04/2018", "70"))
    with pytest.raises(CommandError) as told:
        run(content)
    words = str(told.value)
    assert words.startswith("The file leaves something open:")
    [first, second] = [line.split()[1] for line in words.splitlines() if "--answer" in line]
    assert ImportBatch.objects.count() == 0
    assert first.partition("=")[0] == second.partition("=")[0]
    assert run(content, "--answer", first, "--dry-run")[1] in (0, 3)


@pytest.mark.parametrize("answer", ["nothing", "what=ever", "date_order="])
def test_an_answer_to_nothing_is_told(run, answer):
    with pytest.raises(CommandError, match="is no answer"):
        run(NEW, "--answer", answer)


def test_a_file_that_lacks_columns_is_told(run):
    with pytest.raises(CommandError, match="Choose the column"):
        run(table(["70", "x"], header=["value", "other"]))


def test_figures_out_of_scale_need_an_option(office, run):
    for back in range(6, 0, -1):
        quarter = office.cycle.quarter.shift(-back)
        if back > 1:
            factories.make_cycle(office.contract, quarter)
        office.hold_past(80 + back, period=quarter)
    content = table(b8("Q2 2018/19", "8.5"))
    with pytest.raises(CommandError, match="--accept-warnings"):
        run(content)
    printed, code = run(content, "--dry-run")
    assert code == 0
    assert "To check (1)" in printed
    assert run(content, "--accept-warnings")[1] == 0


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("figures.csv", b"", "empty"),
        ("q2.txt", b"a\tb\n1\t<p>Q2 = 27%</p>\n", "import_report"),
        ("paper.docx", b"PK\x03\x04", "import_report"),
    ],
)
def test_a_file_that_is_no_list_of_figures(run, name, content, words):
    with pytest.raises(CommandError, match=words):
        run(content, name=name)


def test_a_file_that_is_not_there(office, tmp_path):
    with pytest.raises(CommandError, match="cannot be read: No such file"):
        call_command("import_values", str(tmp_path / "none.csv"), "--contract", "childrens-services")


class TestPerson:
    def test_two_analysts_must_be_told_apart(self, office, run):
        second = factories.make_user("Second analyst")
        second.memberships.create(contract=office.contract, party="provider", role="analyst")
        with pytest.raises(CommandError, match="childrens-services has 2 active analysts. Name one with --by."):
            run()
        assert run(NEW, "--by", second.email.upper())[1] == 0
        assert ImportBatch.objects.get().by == second

    def test_one_who_left_is_not_counted(self, office, run):
        second = factories.make_user("Second analyst")
        second.memberships.create(contract=office.contract, party="provider", role="analyst")
        type(second).objects.filter(pk=second.pk).update(is_active=False)
        assert run()[1] == 0
        with pytest.raises(CommandError, match="Nobody signs in as"):
            run(NEW, "--by", second.email)

    def test_an_administrator_brings_in_past_quarters(self, office, run):
        administrator = office.by(Who.ADMINISTRATOR).user
        assert run(MIXED, "--by", administrator.email)[1] == 3
        assert values() == {("B8", "2018-Q1"): 68}
        assert ImportBatch.objects.get().party == ""

    def test_an_officer_is_told(self, office, run):
        with pytest.raises(CommandError, match="Officers import benchmarks only"):
            run(NEW, "--by", office.by(Who.OFFICER).user.email)

    def test_a_stranger_is_told(self, office, run):
        stranger = factories.make_members(factories.make_contract("leisure", "Borough", "Leisure Trust"))[Who.ANALYST]
        with pytest.raises(CommandError, match="has no part in a contract called childrens-services"):
            run(NEW, "--by", stranger.user.email)

    def test_a_contract_that_is_not_there(self, run):
        with pytest.raises(CommandError, match="nowhere has 0 active analysts"):
            run(NEW, contract="nowhere")
