"""Audit entries and transitions cannot be changed in the database, by the ORM or by SQL."""

import pytest
from django.db import IntegrityError, connection, transaction

from accounts.models import AuditEntry
from accounts.roles import Who
from tests import factories
from workflow.models import Transition

pytestmark = pytest.mark.django_db

IMMUTABLE = [AuditEntry, Transition]
TABLES = ["accounts_auditentry", "workflow_transition"]
COLUMN = {AuditEntry: "reason", Transition: "reason"}


@pytest.fixture
def opened():
    contract = factories.make_contract()
    people = factories.make_members(contract)
    factories.make_measure(contract)
    return factories.open_cycle(contract, people[Who.OFFICER])


def run(sql, *params):
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.rowcount


def through_instance(model):
    row = model.objects.get()
    row.reason = "another"
    row.save()


def through_bulk_update(model):
    row = model.objects.get()
    row.reason = "another"
    model.objects.bulk_update([row], ["reason"])


def table(model):
    return model._meta.db_table


CHANGES = {
    "queryset update": lambda model: model.objects.update(reason="another"),
    "update to the same": lambda model: model.objects.update(reason=""),
    "instance save": through_instance,
    "bulk_update": through_bulk_update,
    "queryset delete": lambda model: model.objects.all().delete(),
    "instance delete": lambda model: model.objects.get().delete(),
    "raw delete of the queryset": lambda model: model.objects.all()._raw_delete("default"),
    "SQL update": lambda model: run(f"UPDATE {table(model)} SET reason = %s", "another"),
    "SQL update of the key": lambda model: run(f"UPDATE {table(model)} SET id = id + 1"),
    "SQL delete": lambda model: run(f"DELETE FROM {table(model)}"),
    "SQL delete of one": lambda model: run(f"DELETE FROM {table(model)} WHERE id = %s", model.objects.get().pk),
}


@pytest.mark.parametrize("way", CHANGES)
@pytest.mark.parametrize("model", IMMUTABLE)
def test_the_database_refuses_a_change(opened, model, way):
    before = list(model.objects.values())
    with pytest.raises(IntegrityError, match=f"{table(model)} rows are immutable"), transaction.atomic():
        CHANGES[way](model)
    assert list(model.objects.values()) == before


@pytest.mark.parametrize("model", IMMUTABLE)
def test_a_row_cannot_be_written_over(opened, model):
    """Inserting in place of a row is a deletion that needs no DELETE."""
    before = list(model.objects.values())
    columns = [field.column for field in model._meta.fields]
    others = ", ".join("'another'" if column == COLUMN[model] else column for column in columns)
    select = f"({', '.join(columns)}) SELECT {others} FROM {table(model)}"
    sql = {
        "sqlite": f"INSERT OR REPLACE INTO {table(model)} {select}",
        "postgresql": f"INSERT INTO {table(model)} {select} ON CONFLICT (id) DO UPDATE SET reason = excluded.reason",
    }
    with pytest.raises(IntegrityError, match=f"{table(model)} rows are immutable"), transaction.atomic():
        run(sql[connection.vendor])
    assert list(model.objects.values()) == before


# There is no statement to refuse on SQLite; `test_a_row_cannot_be_written_over` covers its own way round a DELETE.
@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="SQLite has no TRUNCATE")
@pytest.mark.parametrize("model", IMMUTABLE)
def test_a_table_cannot_be_emptied(opened, model):
    # PostgreSQL empties no table at all while checks are put off.
    connection.check_constraints()
    with pytest.raises(IntegrityError, match=f"{table(model)} rows are immutable"), transaction.atomic():
        run(f"TRUNCATE {table(model)}")
    assert model.objects.count() == 1


@pytest.mark.parametrize("model", IMMUTABLE)
def test_rows_can_be_added(opened, model):
    row = model.objects.get()
    row.pk, row.number = None, 2
    row.save(force_insert=True)
    assert model.objects.count() == 2


def triggers():
    """(table, name) of every trigger in the database that is not the database's own."""
    sql = {
        "sqlite": "SELECT tbl_name, name FROM sqlite_master WHERE type = 'trigger'",
        "postgresql": "SELECT tgrelid::regclass::text, tgname FROM pg_trigger "
        "WHERE NOT tgisinternal AND tgenabled <> 'D'",
    }
    with connection.cursor() as cursor:
        cursor.execute(sql[connection.vendor])
        return sorted(cursor.fetchall())


def test_the_triggers_after_all_migrations():
    verbs = {"sqlite": ["update", "delete"], "postgresql": ["update", "delete", "truncate"]}[connection.vendor]
    assert triggers() == sorted((name, f"immutable_{name}_{verb}") for name in TABLES for verb in verbs)
