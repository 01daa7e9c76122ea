"""Every constraint of the database, broken once: the database itself refuses, whatever the code above it does."""

import datetime
import re
from decimal import Decimal

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, models, transaction

from accounts.models import AuditEntry, Contract, Membership, Organisation, User
from accounts.roles import Who
from commentary.models import Pane, PaneVersion
from measures.models import (
    AreaForImprovement,
    Benchmark,
    CommitteeDate,
    Cycle,
    Definition,
    ImportBatch,
    ImportChange,
    ImportMapping,
    Measure,
    Observation,
    Series,
    SeriesEvent,
    Target,
)
from measures.quarters import Quarter
from tests import factories
from tests.factories import NOW, Q2
from workflow.models import Transition

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("constraints")]

OURS = ("accounts", "measures", "commentary", "workflow")
MODELS = [model for model in apps.get_models() if model._meta.app_label in OURS]
CONSTRAINTS = {each.name: (model, each) for model in MODELS for each in model._meta.constraints}
UNIQUE_FIELDS = {
    f"{model.__name__}.{field.name}": model
    for model in MODELS
    for field in model._meta.fields
    if field.unique and not field.primary_key
}


class Rows:
    """One valid row of every table; `copy` makes another one with some columns changed."""

    def __init__(self) -> None:
        self.contract = factories.make_contract()
        self.people = factories.make_members(self.contract)
        self.user = self.people[Who.OFFICER].user
        self.other_user = factories.make_user("Another")
        measure = factories.make_measure(self.contract)
        series = factories.make_series(measure)
        cycle = factories.open_cycle(self.contract, self.people[Who.OFFICER])
        stamp = {"by": self.user, "at": NOW}
        self.rows = {
            Organisation: self.contract.commissioner,
            User: self.user,
            Contract: self.contract,
            Membership: Membership.objects.get(user=self.user),
            AuditEntry: AuditEntry.objects.first(),
            Measure: measure,
            Series: series,
            Definition: Definition.objects.create(series=series, from_quarter=Q2, text="Cases on track"),
            Target: factories.make_target(series, self.user, 90, 85),
            Cycle: cycle,
            CommitteeDate: CommitteeDate.objects.create(
                contract=self.contract, quarter=Q2, on=datetime.date(2018, 12, 12)
            ),
            Observation: Observation.objects.create(
                series=series, period_kind="quarter", start=Q2.start, value=70, status="final", origin="entered",
                **stamp,
            ),
            ImportBatch: ImportBatch.objects.create(
                contract=self.contract, by=self.user, uploaded_at=NOW, filename="figures.csv", sha256="0" * 64, size=1,
                content=b"1",
            ),
            ImportMapping: ImportMapping.objects.create(
                contract=self.contract, fingerprint="0" * 64, mapping={}, **stamp
            ),
            Benchmark: Benchmark.objects.create(
                series=series, comparator="England", period_kind="year", start=datetime.date(2017, 4, 1), value=20,
                source="DfE", edition="2018", comparability="same",
            ),
            SeriesEvent: factories.make_event(series, Q2.start, self.user, kind="rebase"),
            AreaForImprovement: AreaForImprovement.objects.create(cycle=cycle, measure=measure, reason="Low", **stamp),
            Pane: Pane.objects.get(cycle=cycle, party="provider"),
            Transition: Transition.objects.first(),
        }  # fmt: skip
        batch = self.rows[ImportBatch]
        self.rows[ImportChange] = batch.changes.create(
            series=series, period_kind="quarter", start=Q2.start, new={}, version=1
        )
        pane = self.rows[Pane]
        self.rows[PaneVersion] = PaneVersion.objects.create(pane=pane, version=1, kind="saved", is_open=True, **stamp)

    def copy(self, model, **changes):
        """A second row like the first: what must be unique is new, unless it is among the changes."""
        row = model.objects.get(pk=self.rows[model].pk)
        row.pk = None
        for name, value in {**FRESH[model](self), **changes}.items():
            setattr(row, name, value)
        row.save(force_insert=True)
        return row


# What makes a copied row valid.
FRESH = {
    Organisation: lambda rows: {"name": "Borough", "short_name": "BC"},
    User: lambda rows: {"email": "new@example.org"},
    Contract: lambda rows: {"slug": "leisure"},
    Membership: lambda rows: {"user": rows.other_user},
    AuditEntry: lambda rows: {"number": 999},
    Measure: lambda rows: {"code": "C1", "slug": "c1"},
    Series: lambda rows: {"code": "C1", "role": "pair"},
    Definition: lambda rows: {"from_quarter": Q2.next},
    Target: lambda rows: {"from_quarter": Q2.next},
    Cycle: lambda rows: {"quarter": Q2.next},
    CommitteeDate: lambda rows: {"quarter": Q2.next},
    Observation: lambda rows: {"start": Q2.next.start},
    Benchmark: lambda rows: {"comparator": "Neighbours"},
    ImportBatch: lambda rows: {},
    ImportChange: lambda rows: {"start": Q2.next.start},
    ImportMapping: lambda rows: {"fingerprint": "1" * 64},
    SeriesEvent: lambda rows: {"at": Q2.next.start},
    AreaForImprovement: lambda rows: {"measure": factories.make_measure(rows.contract, "C2")},
    Pane: lambda rows: {"measure": factories.make_measure(rows.contract, "C3")},
    PaneVersion: lambda rows: {"is_open": False},
    Transition: lambda rows: {},
}

EARLIER = Quarter(2010, 1)


def confirmed(**changes):
    """The columns of a batch that was confirmed, but for the changes."""
    return lambda rows: {
        "state": "confirmed",
        "content": None,
        "confirmed_by": rows.user,
        "confirmed_at": NOW,
        **changes,
    }


def withdrawn(rows, **changes):
    return {"withdrawn_at": NOW, "withdrawn_by": rows.user, "withdrawn_reason": "Wrong", **changes}


def proposed(rows, **changes):
    """The columns of a target that waits for the other party."""
    return {"agreed_at": None, "proposed_at": NOW, "proposed_party": "provider", "reason": "Too low", **changes}


def twice(rows):
    rows.copy(Target, **proposed(rows))
    return {}


def withdrawal(rows, **changes):
    asked = {"withdrawal_by": rows.user, "withdrawal_at": NOW, "withdrawal_party": "provider"}
    return {**asked, "withdrawal_reason": "A slip", "from_quarter": EARLIER, **changes}


# Name of the constraint -> the columns of a copied row that break it and nothing else; more than one way is a list.
BROKEN = {
    "contract_two_organisations": lambda rows: {"provider": rows.contract.commissioner},
    "contract_commentary_after_values": {"values_due_days": 48},
    "contract_small_cohort_in_reason": [{"small_cohort": 4}, {"small_cohort": 1001}],
    "committee_date_once_a_quarter": {"quarter": Q2},
    "membership_one_per_contract": lambda rows: {"user": rows.user},
    "membership_role_fits_party": [
        {"role": "analyst"},
        {"party": "provider"},
        {"party": "nobody", "role": "director"},
        {"role": "clerk"},
    ],
    "audit_entry_one_chain": {"number": 1},
    "measure_code_once": {"code": "B8"},
    "measure_slug_once": {"slug": "b8"},
    "measure_quarters_in_order": {"last_quarter": EARLIER},
    "measure_kind_known": {"kind": "other"},
    "series_code_once": {"code": "B8"},
    "series_one_open_headline": {"role": "headline"},
    "series_quarters_in_order": {"last_quarter": EARLIER},
    "series_role_known": {"role": "other"},
    "series_unit_known": {"unit": "other"},
    "series_polarity_known": {"polarity": "other"},
    "series_derivation_known": {"derivation": "other", "frequency": "month"},
    "series_decimals_at_most_six": {"decimals": 7},
    "series_frequency_known": {"frequency": "week"},
    "series_window_known": {"window": "other"},
    "series_months_are_derived": [{"frequency": "month"}, {"derivation": "sum"}],
    "definition_once_a_quarter": {"from_quarter": Q2},
    "target_one_in_force": lambda rows: {"from_quarter": rows.rows[Target].from_quarter},
    "target_before_tolerance": {"target": None},
    "target_one_proposal": lambda rows: proposed(rows, from_quarter=EARLIER) | twice(rows),
    "target_closed_never_agreed": [
        lambda rows: {"closed_at": NOW, "closed_by": rows.user},
        lambda rows: proposed(rows, closed_at=NOW),
        lambda rows: proposed(rows, closed_by=rows.user),
    ],
    "target_withdrawal_whole": [
        lambda rows: withdrawal(rows, withdrawal_by=None),
        lambda rows: withdrawal(rows, withdrawal_at=None),
        lambda rows: withdrawal(rows, withdrawal_party=""),
        lambda rows: withdrawal(rows, withdrawal_party="nobody"),
        lambda rows: withdrawal(rows, withdrawal_reason=""),
        lambda rows: proposed(rows) | withdrawal(rows),
    ],
    "target_withdrawn_after_two": [
        {"withdrawn_at": NOW},
        lambda rows: {"withdrawn_by": rows.user},
        lambda rows: {"withdrawn_by": rows.user, "withdrawn_at": NOW},
        lambda rows: withdrawal(rows, withdrawn_at=NOW),
    ],
    "target_set_up_or_proposed": [
        {"agreed_at": None},
        {"proposed_at": NOW},
        {"proposed_party": "provider"},
        lambda rows: {"agreed_by": rows.user},
        lambda rows: proposed(rows, reason=""),
        lambda rows: proposed(rows, proposed_party="nobody"),
    ],
    "target_bases_known": [{"target_basis": "other"}, {"tolerance_basis": "other"}],
    "cycle_once_a_quarter": {"quarter": Q2},
    "cycle_state_known": {"state": "other"},
    "cycle_dates_unless_past": [
        {"values_due": None},
        {"commentary_due": None},
        {"values_due": None, "commentary_due": None},
        {"commentary_due": datetime.date(2018, 9, 30)},
        {"state": "past"},
        {"state": "past", "values_due": None},
    ],
    "observation_one_current": {"start": Q2.start, "revision": 2},
    "observation_revision_once": {"start": Q2.start, "is_current": False},
    "observation_value_or_reason": [
        {"value": None},
        {"status": "suppressed"},
        {"status": "other"},
        {"value": None, "status": "other"},
    ],
    "observation_counts_together": [
        {"numerator": 1},
        {"denominator": 1},
        {"numerator": 0, "denominator": 0},
        {"numerator": 1, "denominator": -1},
        {"numerator": 1, "denominator": 2, "value": None, "status": "suppressed"},
    ],
    "observation_months_present_if_derived": [
        {"months_present": 3},
        {"origin": "derived"},
        {"origin": "derived", "months_present": 4},
        {"origin": "derived", "months_present": 3, "period_kind": "month"},
    ],
    "observation_origin_known": {"origin": "other"},
    "observation_kind_known": {"period_kind": "week"},
    "benchmark_once_a_period": [{"comparator": "England"}, {"comparator": "ENGLAND"}],
    "benchmark_comparability_known": {"comparability": "other"},
    "benchmark_scope_known": {"scope": "galactic"},
    "benchmark_statistic_of_neighbours": [
        {"scope": "statistical_neighbours"},
        {"scope": "statistical_neighbours", "statistic": "mode"},
        {"statistic": "mean"},
    ],
    "batch_kind_known": {"kind": "other"},
    "batch_state_known": confirmed(state="other"),
    "batch_file_until_confirmed": [
        {"content": None},
        {"state": "confirmed", "content": None},
        confirmed(state="uploaded"),
        confirmed(content=b"1"),
    ],
    "batch_confirmed_by_somebody": [confirmed(confirmed_by=None), lambda rows: {"confirmed_by": rows.user}],
    "batch_undone_by_somebody": [
        confirmed(state="undone"),
        confirmed(state="undone", undone_at=NOW),
        confirmed(undone_at=NOW),
        lambda rows: {"undone_by": rows.user},
    ],
    "import_change_once": {"start": Q2.start},
    "import_mapping_once_a_shape": {"fingerprint": "0" * 64},
    "event_kind_known": {"kind": "party"},
    "event_limits_start_once": [{"at": Q2.start}, {"at": Q2.start, "kind": "break"}],
    "event_note_once": lambda rows: {
        "at": factories.make_event(rows.rows[Series], Q2.end, rows.user).at,
        "kind": "note",
    },
    "event_says_what_and_why": [{"text": ""}, {"reason": ""}],
    "event_withdrawn_whole": [
        {"withdrawn_at": NOW},
        {"withdrawn_reason": "Wrong"},
        lambda rows: {"withdrawn_by": rows.user},
        lambda rows: withdrawn(rows, withdrawn_reason=""),
        lambda rows: withdrawn(rows, withdrawn_by=None),
        lambda rows: withdrawn(rows, withdrawn_at=None),
    ],
    "area_once_a_cycle": lambda rows: {"measure": rows.rows[Measure]},
    "pane_one_for_each_party": lambda rows: {"measure": rows.rows[Measure]},
    "pane_party_known": {"party": "nobody"},
    "pane_released_whole": [
        {"released": "A text"},
        {"released_version": 1},
        {"released_at": NOW},
        {"released": "A text", "released_version": 1},
        {"released": "A text", "released_at": NOW},
    ],
    "pane_saved_has_time": [{"version": 1}, {"saved_at": NOW}],
    "pane_version_one_open": {"is_open": True},
    "pane_version_only_saves_stay_open": lambda rows: {
        "is_open": True,
        "kind": "refused",
        "pane": Pane.objects.get(cycle=rows.rows[Cycle], party="commissioner"),
    },
    "pane_version_only_saves_restore": lambda rows: {"kind": "refused", "restored_from": rows.rows[PaneVersion]},
    "transition_to_known_state": [{"to_state": "past"}, {"to_state": "other"}],
}
CASES = [
    (name, index) for name, broken in BROKEN.items() for index in range(len(broken) if isinstance(broken, list) else 1)
]


@pytest.fixture(scope="module")
def rows(module_rows):
    return Rows()


def test_each_constraint_has_a_case():
    assert set(BROKEN) == set(CONSTRAINTS)


@pytest.mark.parametrize("model", MODELS, ids=[model.__name__ for model in MODELS])
def test_a_row_that_breaks_nothing_is_let_in(rows, model):
    assert rows.copy(model).pk != rows.rows[model].pk


@pytest.mark.parametrize(("name", "index"), CASES, ids=[f"{name}-{index}" for name, index in CASES])
def test_the_database_refuses(rows, name, index):
    model, constraint = CONSTRAINTS[name]
    broken = BROKEN[name][index] if isinstance(BROKEN[name], list) else BROKEN[name]
    with transaction.atomic():
        changes = broken(rows) if callable(broken) else broken
        with pytest.raises(IntegrityError) as refused, transaction.atomic():
            rows.copy(model, **changes)
    assert_named(refused.value, model, constraint)


def assert_named(error, model, constraint):
    """PostgreSQL names every constraint; SQLite names checks, and of what must be unique the columns or, where one is
    computed, the index."""
    if connection.vendor == "postgresql":
        assert error.__cause__.diag.constraint_name == constraint.name
    elif isinstance(constraint, models.CheckConstraint):
        assert str(error) == f"CHECK constraint failed: {constraint.name}"
    elif constraint.expressions:
        assert str(error) == f"UNIQUE constraint failed: index '{constraint.name}'"
    else:
        columns = [model._meta.get_field(field).column for field in constraint.fields]
        assert str(error) == "UNIQUE constraint failed: " + ", ".join(f"{model._meta.db_table}.{c}" for c in columns)


@pytest.mark.parametrize("name", UNIQUE_FIELDS)
def test_a_unique_column_holds_a_value_once(rows, name):
    model, field = UNIQUE_FIELDS[name], name.partition(".")[2]
    with pytest.raises(IntegrityError, match=re.compile("unique", re.IGNORECASE)), transaction.atomic():
        rows.copy(model, **{field: getattr(rows.rows[model], field)})


def test_the_unique_columns_are_these():
    assert set(UNIQUE_FIELDS) == {"User.email", "Organisation.name", "Organisation.short_name", "Contract.slug"}


def test_past_revisions_and_withdrawn_targets_do_not_count_as_current(rows):
    rows.copy(Observation, start=Q2.start, revision=2, is_current=False)
    same = {"from_quarter": rows.rows[Target].from_quarter}
    rows.copy(Target, **withdrawal(rows, withdrawn_at=NOW, withdrawn_by=rows.user, **same))
    rows.copy(Target, **proposed(rows, **same))
    rows.copy(Target, **proposed(rows, closed_at=NOW, closed_by=rows.user, **same))
    rows.copy(Series, role="headline", last_quarter=Q2)


def test_withdrawn_events_make_room_and_notes_stand_beside_others(rows):
    rows.copy(SeriesEvent, at=Q2.start, **withdrawn(rows))
    rows.copy(SeriesEvent, at=Q2.start, kind="note")
    rows.copy(SeriesEvent, at=Q2.start, kind="note", text="Another")
    rows.copy(SeriesEvent, at=Q2.start, kind="note", **withdrawn(rows))


@pytest.mark.parametrize("model", MODELS, ids=[model.__name__ for model in MODELS])
def test_every_reference_is_a_foreign_key_in_the_database(model):
    with connection.cursor() as cursor:
        held = connection.introspection.get_constraints(cursor, model._meta.db_table).values()
    found = {tuple(each["columns"]): each["foreign_key"][0] for each in held if each["foreign_key"]}
    keys = [field for field in model._meta.fields if isinstance(field, models.ForeignKey)]
    assert found == {(key.column,): key.related_model._meta.db_table for key in keys}


def test_a_row_that_others_refer_to_cannot_be_deleted_by_hand(rows):
    with pytest.raises(IntegrityError), transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM measures_series WHERE id = %s", [rows.rows[Series].pk])
        # PostgreSQL checks now; SQLite would at the end of the transaction.
        connection.check_constraints()
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_a_number_keeps_its_six_places(rows):
    copied = rows.copy(Observation, value=Decimal("84.210526"))
    assert Observation.objects.get(pk=copied.pk).value == Decimal("84.210526")
