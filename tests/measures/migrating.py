"""Rows of an earlier version, and what a migration makes of them. Run by a process of its own, on a new database."""

import json
from datetime import date

from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from tests.factories import NOW, Q2

BEFORE = ("measures", "0002_imports_and_benchmark_scope")


def run() -> None:
    """Prints the benchmarks, last versions and replaced versions after the latest migration, as JSON."""
    call_command("migrate", *BEFORE, verbosity=0)
    _make(MigrationExecutor(connection).loader.project_state([BEFORE]).apps.get_model)
    # There, back, and there again.
    for target in ([], BEFORE, []):
        call_command("migrate", *(target or ["measures"]), verbosity=0)
    apps = MigrationExecutor(connection).loader.project_state().apps
    fields = {
        "Benchmark": ("comparator", "scope", "version"),
        "Series": ("code", "last_benchmark_version"),
        "ImportChange": ("version", "replaced"),
    }
    found = {
        name: list(apps.get_model("measures", name).objects.order_by("pk").values_list(*columns))
        for name, columns in fields.items()
    }
    print(json.dumps(found))


def _make(model) -> None:
    sides = [model("accounts", "Organisation").objects.create(name=name, short_name=name) for name in ("A", "B")]
    contract = model("accounts", "Contract").objects.create(
        slug="c", title="C", commissioner=sides[0], provider=sides[1]
    )
    user = model("accounts", "User").objects.create(email="a@example.org", name="A")
    measure = model("measures", "Measure").objects.create(
        contract=contract, code="B8", slug="b8", title="B8", section="S", kind="contractual", position=1,
        first_quarter=Q2,
    )  # fmt: skip
    series = model("measures", "Series").objects.create(
        measure=measure, code="B8", name="B8", role="headline", unit="percent", polarity="higher",
        derivation="entered", frequency="quarter", counted="cases", counted_one="case", first_quarter=Q2,
    )  # fmt: skip
    for comparator in ("England", "ENGLAND", "Wales"):
        model("measures", "Benchmark").objects.create(
            series=series, comparator=comparator, period_kind="year", start=date(2017, 4, 1), value=20, source="DfE",
            edition="2018", comparability="same", version=4,
        )  # fmt: skip
    batch = model("measures", "ImportBatch").objects.create(
        contract=contract, kind="values", state="confirmed", by=user, uploaded_at=NOW, filename="a.csv",
        sha256="0" * 64, size=1, confirmed_by=user, confirmed_at=NOW,
    )  # fmt: skip
    for month, old in ((7, None), (8, {"value": "1"})):
        model("measures", "ImportChange").objects.create(
            batch=batch, series=series, period_kind="month", start=date(2018, month, 1), old=old, new={}, version=3
        )
