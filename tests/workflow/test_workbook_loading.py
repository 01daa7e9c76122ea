"""A contract made of its workbook: equal to the one it was written from, all or nothing, and only where it may be."""

import dataclasses
import datetime
import io

import pytest
from django.core.management import call_command
from django.db import transaction

from accounts.denial import Denied, Stale
from accounts.models import AuditEntry, Contract, Organisation
from accounts.roles import Party, Who
from measures.committee import add_committee_date
from measures.models import CommitteeDate, Cycle, Definition, Measure, Series, Target
from measures.quarters import Quarter
from measures.states import State
from tests import demonstration, factories
from tests.contractbooks import EXAMPLE, read, told, with_contract, with_measures
from tests.factories import NOW, Q2
from tests.statements import just_before
from workflow.contract_books import holding, loading, planning, writing
from workflow.contract_books.shapes import CommitteeRow, DefinitionRow

pytestmark = pytest.mark.django_db

SHA = "0" * 64
# Keys, people, times and what counts how often a row was changed.
APART = {
    *("id", "contract", "contract_id", "measure", "series", "version", "last_benchmark_version"),
    *("proposed_by", "agreed_by", "agreed_at", "closed_by", "withdrawal_by", "withdrawn_by"),
    *("is_demonstration", "commissioner", "provider"),
}


@pytest.fixture
def administrator():
    return factories.make_user("Administrator", is_staff=True)


def load(book, by, now=NOW):
    plan = planning.plan(book)
    assert plan.issues == ()
    return loading.load_contract(by=by, book=book, digest=plan.digest, sha256=SHA, now=now)


def columns(row):
    return {field.name: getattr(row, field.name) for field in row._meta.concrete_fields if field.name not in APART}


def everything(contract):
    """Every column of the set-up, by what a reader would call each row."""
    measures = Measure.objects.filter(contract=contract).order_by("position")
    series = Series.objects.filter(measure__contract=contract).order_by("measure__position", "position")
    within = {"series__measure__contract": contract}
    return {
        "contract": columns(contract),
        "organisations": [columns(contract.organisation(party)) for party in Party],
        "sections": list(dict.fromkeys(measure.section for measure in measures)),
        "measures": [columns(measure) for measure in measures],
        "series": [(one.measure.code, columns(one)) for one in series],
        "definitions": [
            (row.series.code, columns(row))
            for row in Definition.objects.filter(**within).order_by("series__code", "from_quarter")
        ],
        "targets": [
            (row.series.code, columns(row))
            for row in Target.objects.filter(**within).order_by("series__code", "from_quarter")
        ],
        "committee dates": [
            (row.quarter, row.on) for row in CommitteeDate.objects.filter(contract=contract).order_by("quarter")
        ],
    }


def written_and_forgotten(make):
    """What `make` made, column by column, and its workbook; the rows themselves are taken back."""
    with transaction.atomic():
        contract = make()
        found, content = everything(contract), writing.workbook(holding.book_of(contract))
        transaction.set_rollback(True)
    assert not Contract.objects.exists()
    return found, content


@pytest.mark.parametrize("slug", ["childrens-services", "housing-repairs"])
def test_the_demonstration_rebuilt_from_its_workbook_is_equal(slug):
    def make():
        call_command("load_demo", stdout=io.StringIO())
        return Contract.objects.get(slug=slug)

    expected, content = written_and_forgotten(make)
    found = read(content)
    assert told(found) == []
    made = load(found.book, factories.make_user("Administrator", is_staff=True))
    assert made.slug == slug
    rebuilt = everything(Contract.objects.get(pk=made.pk))
    for part, rows in expected.items():
        assert rebuilt[part] == rows, part
    assert {part: len(rows) for part, rows in rebuilt.items()} == COUNTS[slug]


PARTS = ("contract", "organisations", "sections", "measures", "series", "definitions", "targets", "committee dates")
COUNTS = {
    "childrens-services": dict(zip(PARTS, (6, 2, 4, 11, 17, 17, 9, 0), strict=True)),
    "housing-repairs": dict(zip(PARTS, (6, 2, 4, 8, 9, 9, 8, 0), strict=True)),
}


def test_no_column_is_left_out_of_the_comparison():
    compared = {
        model.__name__: {field.name for field in model._meta.concrete_fields} - APART
        for model in (Contract, Measure, Series, Definition, Target)
    }
    assert compared == {
        "Contract": {
            *("slug", "title", "values_due_days", "commentary_due_days", "small_cohort", "requires_second_factor")
        },
        "Measure": {
            *("code", "slug", "title", "section", "kind", "position", "first_quarter", "last_quarter"),
            *("why_it_matters", "owner", "source"),
        },
        "Series": {
            *("code", "name", "role", "position", "unit", "decimals", "polarity", "derivation", "window", "frequency"),
            *("maximum", "counted", "counted_one", "first_quarter", "last_quarter"),
        },
        "Definition": {"from_quarter", "text", "reason"},
        "Target": {
            *("from_quarter", "target", "tolerance", "target_basis", "tolerance_basis", "reason"),
            *("proposed_party", "proposed_at", "closed_at", "closed_reason"),
            *("withdrawal_party", "withdrawal_at", "withdrawal_reason", "withdrawn_at"),
        },
    }


# What is made


def test_every_row_of_the_example(administrator):
    made = load(EXAMPLE, administrator)
    assert holding.book_of(made) == EXAMPLE
    target = Target.objects.get()
    assert (target.proposed_by, target.agreed_by, target.agreed_at) == (administrator, None, NOW)
    assert (target.proposed_party, target.proposed_at) == ("", None)
    assert Series.objects.get().frequency == "month"
    assert not made.is_demonstration
    assert list(Cycle.objects.all()) == []


def test_each_row_stands_in_the_chain_and_the_file_last(administrator):
    made = load(EXAMPLE, administrator)
    entries = list(AuditEntry.objects.filter(contract=made).order_by("number"))
    assert [(entry.act, entry.object) for entry in entries] == [
        ("create contract", "street-lighting"),
        ("add committee date", "2018-Q1"),
        ("add measure", "L1"),
        ("add series", "L1 L1"),
        ("set first target", "L1 2018-Q1"),
        ("load workbook", "street-lighting"),
    ]
    assert entries[-1].new == {
        "sha256": SHA, "measures": 1, "series": 1, "definitions": 1, "targets": 1, "committee dates": 1,
    }  # fmt: skip
    assert {entry.by for entry in entries} == {administrator}


def test_ended_series_later_definitions_and_reasons_come_back(administrator):
    series = EXAMPLE.series[0]
    end, start = Quarter(2018, 4), Quarter(2019, 1)
    ended = dataclasses.replace(series, last_quarter=end)
    again = dataclasses.replace(series, first_quarter=start, decimals=1)
    key = (series.measure, series.code, series.first_quarter)
    book = dataclasses.replace(
        EXAMPLE,
        series=(ended, again),
        definitions=(
            DefinitionRow(*key, series.first_quarter, "All lamps.", "Agreed at the start."),
            DefinitionRow(*key, Quarter(2018, 3), "Lamps of streets.", "Parks have their own contract."),
            DefinitionRow(*again.key, start, "Lamps,\nand poles.", ""),
        ),
    )
    made = load(book, administrator)
    assert holding.book_of(made) == book
    assert read(writing.workbook(book)).book == book
    assert [(row.series.first_quarter, row.reason) for row in Definition.objects.order_by("pk")] == [
        (series.first_quarter, "Agreed at the start."),
        (series.first_quarter, "Parks have their own contract."),
        (start, ""),
    ]


def test_an_organisation_that_is_held_is_taken(administrator):
    held = Organisation.objects.create(name=EXAMPLE.contract.provider, short_name=EXAMPLE.contract.provider_short)
    plan = planning.plan(EXAMPLE)
    assert plan.organisations == [
        ("Northford Borough Council (Northford BC)", "new"),
        ("Northford Lighting Company (NLC)", "held already"),
    ]
    assert load(EXAMPLE, administrator).provider == held
    assert Organisation.objects.count() == 2


def test_only_what_is_in_force_is_written(administrator):
    made = load(EXAMPLE, administrator)
    people = factories.make_members(made)
    factories.propose_target(Series.objects.get(), people[Who.OFFICER], 96, 91, Q2)
    assert Target.objects.count() == 2
    assert holding.book_of(made) == EXAMPLE


# Where it may not be


def test_others_may_not(administrator):
    plan = planning.plan(EXAMPLE)
    officer = factories.make_members(factories.make_contract())[Who.OFFICER].user
    with pytest.raises(Denied, match="Only an administrator"):
        loading.load_contract(by=officer, book=EXAMPLE, digest=plan.digest, sha256=SHA, now=NOW)
    assert Measure.objects.count() == 0


def lines(plan):
    return [f"{each.sheet} {each.row} {each.column} [{each.read}] {each.why} | {each.remedy}" for each in plan.issues]


def test_a_contract_that_holds_measures_is_not_touched(administrator):
    load(EXAMPLE, administrator)
    before = everything(Contract.objects.get())
    plan = planning.plan(EXAMPLE)
    assert lines(plan) == [
        "Contract 2 Address [street-lighting] Street lighting has this address, and holds 1 measure already. | "
        "Write another address for another contract, or change its measures on its set-up pages."
    ]
    with pytest.raises(Stale):
        loading.load_contract(by=administrator, book=EXAMPLE, digest=plan.digest, sha256=SHA, now=NOW)
    assert everything(Contract.objects.get()) == before


def empty_contract(**changes):
    sides = {
        "commissioner": Organisation.objects.create(name="Northford Borough Council", short_name="Northford BC"),
        "provider": Organisation.objects.create(name="Northford Lighting Company", short_name="NLC"),
    }
    return Contract.objects.create(**{"slug": "street-lighting", "title": "Street lighting", **sides, **changes})


def test_an_empty_contract_is_filled_with_its_settings(administrator):
    held = empty_contract(title="Lights", small_cohort=10)
    book = with_contract(requires_second_factor=True)
    plan = planning.plan(book)
    assert plan.answer == (
        "Fills the contract Street lighting: 1 measure, 1 series, 1 definition, 1 target and 1 committee date"
    )
    assert plan.changes == (
        "Title: Lights until now, Street lighting then.",
        "Small cohort: 10 until now, 30 then.",
        "Second factor: no until now, yes then.",
    )
    made = load(book, administrator)
    assert made.pk == held.pk
    assert holding.book_of(made) == book
    assert AuditEntry.objects.get(act="change contract").old == {
        "title": "Lights", "small_cohort": 10, "requires_second_factor": False,
    }  # fmt: skip


def test_a_contract_with_past_quarters_alone_is_filled_and_what_changes_is_named(administrator):
    """Those quarters hold no measure yet, so that nothing in them reads otherwise than before."""
    held = empty_contract(small_cohort=100)
    factories.make_cycle(held, Q2, State.PAST)
    plan = planning.plan(EXAMPLE)
    assert (plan.issues, plan.changes) == ((), ("Small cohort: 100 until now, 30 then.",))
    assert load(EXAMPLE, administrator).small_cohort == 30


def test_a_committee_day_that_is_held_stays_and_another_is_refused(administrator):
    held = empty_contract()
    viewer = factories.make_members(held)[Who.ADMINISTRATOR]
    same = EXAMPLE.committee_dates[0]
    add_committee_date(by=viewer, quarter=same.quarter, on=same.on, now=NOW)
    book = dataclasses.replace(EXAMPLE, committee_dates=(same, CommitteeRow(Q2, datetime.date(2018, 12, 12))))
    add_committee_date(by=viewer, quarter=Q2, on=datetime.date(2018, 12, 5), now=NOW)
    assert lines(planning.plan(book, {"Committee dates": (3, 7)})) == [
        "Committee dates 7 Committee day [2018-12-12] Street lighting holds 5 December 2018 as the day of Q2 2018/19. "
        "| Write that day, or change it on the contract’s set-up page first."
    ]
    made = load(EXAMPLE, administrator)
    assert [row.quarter for row in CommitteeDate.objects.filter(contract=made)] == [same.quarter, Q2]


def test_a_quarter_that_was_opened_without_measures_is_refused(administrator):
    held = empty_contract()
    factories.make_cycle(held, Q2.previous, State.PAST)
    assert planning.plan(EXAMPLE).issues == ()
    factories.make_cycle(held, Q2, State.OPEN)
    assert lines(planning.plan(EXAMPLE, {"Contract": (3,)})) == [
        "Contract 3 Address [street-lighting] Street lighting has this address, and its Q2 2018/19 was opened without "
        "measures. | Add its measures by hand, on its set-up pages."
    ]


def test_other_organisations_than_the_contracts_are_refused(administrator):
    empty_contract(provider=Organisation.objects.create(name="Other", short_name="O"))
    (line,) = lines(planning.plan(EXAMPLE))
    assert line == (
        "Contract 2 Provider [Northford Lighting Company] Street lighting has the provider Other (O). | "
        "Write both its names here, or change the contract’s organisation on its set-up page first."
    )


@pytest.mark.parametrize(("name", "short", "column", "read"), [
    ("Northford Borough Council", "NBC", "Commissioner’s short name", "Northford BC"),
    ("NORTHFORD borough council", "Northford BC", "Commissioner’s short name", "Northford BC"),
    ("Northford", "northford bc", "Commissioner", "Northford Borough Council"),
])  # fmt: skip
def test_an_organisation_held_under_one_name_alone_is_refused(name, short, column, read):
    Organisation.objects.create(name=name, short_name=short)
    assert lines(planning.plan(EXAMPLE)) == [
        f"Contract 2 {column} [{read}] {name} is held here with the short name {short}. | "
        "Write both names as they are held, or others for another organisation."
    ]


# All or nothing


def test_a_failure_half_way_leaves_nothing(administrator, monkeypatch):
    calls = []

    def fail(**columns):
        calls.append(columns)
        raise ZeroDivisionError

    monkeypatch.setattr("measures.catalogue.set_first_target", fail)
    with pytest.raises(ZeroDivisionError):
        load(EXAMPLE, administrator)
    assert len(calls) == 1
    assert [model.objects.count() for model in (Contract, Organisation, Measure, Series, AuditEntry)] == [0] * 5


def test_who_loses_the_race_for_the_address_is_told_and_leaves_nothing(administrator):
    plan = planning.plan(EXAMPLE)

    def take():
        sides = [Organisation.objects.create(name=name, short_name=name) for name in "AB"]
        Contract.objects.create(slug="street-lighting", title="First", commissioner=sides[0], provider=sides[1])

    with just_before('INSERT INTO "accounts_contract"', take), pytest.raises(Stale, match="Something changed here"):
        loading.load_contract(by=administrator, book=EXAMPLE, digest=plan.digest, sha256=SHA, now=NOW)
    assert Measure.objects.count() == 0


def test_what_changed_since_the_preview_is_noticed(administrator):
    plan = planning.plan(EXAMPLE)
    Organisation.objects.create(name="Northford Borough Council", short_name="Northford BC")
    assert planning.plan(EXAMPLE).issues == ()
    with pytest.raises(Stale, match="Something changed here after you saw the preview"):
        loading.load_contract(by=administrator, book=EXAMPLE, digest=plan.digest, sha256=SHA, now=NOW)
    assert Contract.objects.count() == 0


# Sizes


def test_a_plan_asks_the_same_few_questions_of_any_contract(administrator, django_assert_num_queries):
    with django_assert_num_queries(3):
        planning.plan(EXAMPLE)
    with django_assert_num_queries(3):
        planning.plan(with_measures(300))


def test_a_held_contract_is_written_with_the_same_queries(administrator, django_assert_num_queries):
    one = load(EXAMPLE, administrator)
    three = load(dataclasses.replace(with_contract(with_measures(3), slug="three")), administrator)
    for contract in (one, three):
        contract = Contract.objects.select_related("commissioner", "provider").get(pk=contract.pk)
        with django_assert_num_queries(5):
            holding.book_of(contract)


def test_the_demonstrations_second_contract_has_nothing_to_do_with_the_tests_first():
    assert demonstration.load().slug == "childrens-services"
    assert not Contract.objects.filter(slug="housing-repairs").exists()
