"""Texts of an earlier version, and what a migration makes of them. Run by a process of its own, on a new database."""

import json
from datetime import timedelta

from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from tests.factories import NOW, Q2

BEFORE = ("commentary", "0001_initial")


def run() -> None:
    """Prints the record of each pane after the latest migration, as JSON."""
    call_command("migrate", *BEFORE, verbosity=0)
    _make(MigrationExecutor(connection).loader.project_state([BEFORE]).apps.get_model)
    # There, back, and there again.
    for target in ([], BEFORE, []):
        call_command("migrate", *(target or ["commentary"]), verbosity=0)
    rows = MigrationExecutor(connection).loader.project_state().apps.get_model("commentary", "PaneVersion").objects
    columns = ("pane__party", "version", "kind", "text", "by__name", "is_open", "begun_at", "restored_from")
    assert all(at == NOW for at in rows.filter(kind="released").values_list("at", flat=True))
    print(json.dumps([list(row) for row in rows.order_by("pane_id", "pk").values_list(*columns)]))


def _make(model) -> None:
    """One quarter with a text released and written on, and one drafted alone; a past one with a text brought in."""
    sides = [model("accounts", "Organisation").objects.create(name=name, short_name=name) for name in ("A", "B")]
    contract = model("accounts", "Contract").objects.create(
        slug="c", title="C", commissioner=sides[0], provider=sides[1]
    )
    writer, releaser = (
        model("accounts", "User").objects.create(email=f"{name}@example.org", name=name) for name in ("w", "r")
    )
    measure = model("measures", "Measure").objects.create(
        contract=contract, code="B8", slug="b8", title="B8", section="S", kind="contractual", position=1,
        first_quarter=Q2,
    )  # fmt: skip
    past, opened = (
        model("measures", "Cycle").objects.create(contract=contract, quarter=quarter, state=state, **dates)
        for quarter, state, dates in (
            (Q2.previous, "past", {}),
            (Q2, "commentary", {"values_due": Q2.end, "commentary_due": Q2.next.start}),
        )
    )
    released = {"released": "One", "released_version": 1, "released_at": NOW}
    for cycle, party, version, fields in (
        (past, "commissioner", 1, released),
        (opened, "commissioner", 2, {**released, "released_by": releaser}),
        (opened, "provider", 1, {}),
    ):
        pane = model("commentary", "Pane").objects.create(
            measure=measure, cycle=cycle, party=party, draft="Two", version=version, saved_at=NOW, **fields
        )
        rows = model("commentary", "PaneVersion").objects
        for number in range(1, version + 1):
            stamp = {"released_at": NOW} if fields and number == 1 else {}
            rows.create(
                pane=pane, version=number, kind="saved", text=("One", "Two")[number - 1], by=writer,
                at=NOW - timedelta(minutes=5 - number), is_open=number == version and cycle is opened, **stamp,
            )  # fmt: skip
