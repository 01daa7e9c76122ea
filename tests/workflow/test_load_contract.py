"""`manage.py load_contract`: the preview as text, the exit code, and nothing stored where something is wrong."""

import io

import pytest
from django.core.management import CommandError, call_command

from accounts.models import AuditEntry, Contract, Organisation
from measures.models import Measure
from tests import factories
from tests.contractbooks import EXAMPLE, changed, long_sheet
from workflow.contract_books import examples, holding, writing

pytestmark = pytest.mark.django_db

PLANNED = [
    "Makes the contract Street lighting: 1 measure, 1 series, 1 definition, 1 target and 1 committee date.",
    "  Northford Borough Council (Northford BC), new",
    "  Northford Lighting Company (NLC), new",
    "  L1 Lamps repaired in time: contractual, from Q1 2018/19",
    "    L1 Repaired within five days: headline, percentage, target 95%, tolerance 90%",
]


@pytest.fixture
def administrator():
    return factories.make_user("Administrator", is_staff=True)


@pytest.fixture
def run(tmp_path):
    def run(content, *options):
        path = tmp_path / "lighting.xlsx"
        path.write_bytes(content)
        out = io.StringIO()
        try:
            call_command("load_contract", str(path), *options, stdout=out)
        except CommandError as error:
            return [*out.getvalue().splitlines(), f"CommandError: {error}", f"exit {error.returncode}"]
        return out.getvalue().splitlines()

    return run


def test_it_makes_the_contract_and_says_what(run, administrator):
    assert run(writing.workbook(EXAMPLE)) == [*PLANNED, "Stored. Its set-up page is /c/street-lighting/set-up/."]
    assert holding.book_of(Contract.objects.get()) == EXAMPLE
    assert AuditEntry.objects.get(act="load workbook").by == administrator


def test_a_dry_run_says_the_same_and_stores_nothing(run, administrator):
    assert run(writing.workbook(EXAMPLE), "--dry-run") == [*PLANNED, "Nothing was stored: this was a dry run."]
    assert [model.objects.count() for model in (Contract, Organisation, Measure, AuditEntry)] == [0] * 4


@pytest.mark.parametrize("options", [(), ("--dry-run",)], ids=["for good", "dry run"])
def test_issues_are_printed_with_their_place_and_end_with_one(run, administrator, options):
    content = changed({"Measures!E2": "sometimes", "Targets!E2": None, "Budget": "Costs"})
    assert run(content, *options) == [
        "! Measures, row 2, Kind: Read “sometimes”. This is not in the list of its column. "
        "Choose one of “Contractual”, “Volumetric”, “Local”.",
        "! Targets, row 2, Target: There is a tolerance and no target. Write the target as well.",
        "? Budget: This sheet is not one of a contract’s workbook, so nothing of it is read. "
        "Leave it, or name it as one of “Contract”, “Committee dates”, “Measures”, “Series”, “Definitions”, “Targets”.",
        "CommandError: Nothing was stored: 2 things to mend first.",
        "exit 1",
    ]
    assert Contract.objects.count() == 0


def test_what_is_held_here_ends_with_one(run, administrator):
    run(writing.workbook(EXAMPLE))
    assert run(writing.workbook(EXAMPLE)) == [
        "! Contract, row 2, Address: Read “street-lighting”. Street lighting has this address, and holds 1 measure "
        "already. Write another address for another contract, or change its measures on its set-up pages.",
        "CommandError: Nothing was stored: 1 thing to mend first.",
        "exit 1",
    ]
    assert Measure.objects.count() == 1


def test_a_warning_alone_stops_nothing(run, administrator):
    lines = run(changed({"Budget": "Costs"}))
    assert (lines[0][:9], lines[-1]) == ("? Budget:", "Stored. Its set-up page is /c/street-lighting/set-up/.")


def test_it_takes_any_number_of_rows(run, administrator):
    lines = run(long_sheet())
    assert (lines[0][:9], lines[-1]) == ("? Budget:", "Stored. Its set-up page is /c/street-lighting/set-up/.")


def test_what_is_told_of_the_file_comes_first(run, administrator):
    assert run(writing.template(examples.BOOK))[0] == "6 example rows were left out."


def test_a_file_that_is_none_ends_with_one(run, administrator, tmp_path):
    assert run(b"Title\nRoads\n")[-1] == "exit 1"
    with pytest.raises(CommandError, match="cannot be read: No such file or directory."):
        call_command("load_contract", str(tmp_path / "nothing.xlsx"))


def test_who_does_it_is_never_guessed(run, administrator):
    content = writing.workbook(EXAMPLE)
    second = factories.make_user("Second", is_staff=True)
    assert run(content)[0] == "CommandError: There are 2 administrators. Say who does it: --by EMAIL"
    officer = factories.make_user("Officer")
    assert run(content, "--by", officer.email)[0] == (
        f"CommandError: No administrator has the e-mail address {officer.email}."
    )
    assert run(content, "--by", second.email.upper())[-1].startswith("Stored.")
    assert AuditEntry.objects.get(act="load workbook").by == second


def test_without_an_administrator_nothing_happens(run):
    assert run(writing.workbook(EXAMPLE))[0] == "CommandError: There are 0 administrators. Say who does it: --by EMAIL"


def test_a_contract_that_is_filled_says_what_changes(run, administrator):
    sides = [
        Organisation.objects.create(name=name, short_name=short)
        for name, short in (("Northford Borough Council", "Northford BC"), ("Northford Lighting Company", "NLC"))
    ]
    Contract.objects.create(slug="street-lighting", title="Lights", commissioner=sides[0], provider=sides[1])
    lines = run(writing.workbook(EXAMPLE))
    assert lines[0].startswith("Fills the contract Street lighting: 1 measure")
    assert lines[1:4] == [
        "  Northford Borough Council (Northford BC), held already",
        "  Northford Lighting Company (NLC), held already",
        "  Title: Lights until now, Street lighting then.",
    ]
